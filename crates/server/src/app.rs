//! The application: what every request shares.

use std::{
    ops::Deref,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use leadline_store::db::{Db, DbError};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::{
    clock::Clock,
    config::{Config, Secret, SignupPolicy},
    service::{
        schemas::SchemaCache, secrets, throttle::Throttle, timelines::Timelines, workspaces,
    },
};

/// What every request shares. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// The parts of the application.
pub struct Parts {
    /// The database.
    pub db: Db,
    /// The settings.
    pub config: Config,
    /// The time of day.
    pub clock: Clock,
    /// The schemas of workspaces in use.
    pub schemas: SchemaCache,
    /// The timelines of workspaces in use.
    pub timelines: Timelines,
    /// How often passwords were tried.
    pub throttle: Throttle,
    /// What the first sign-up from elsewhere than this machine must show.
    pub setup_token: Option<Secret>,
    /// Ends what would never end by itself (event streams, jobs) when the server stops.
    pub stopping: CancellationToken,
    /// Wakes the workers: there is a new job.
    pub jobs: Notify,
    is_ready: AtomicBool,
}

impl App {
    /// Opens and migrates the database, gives older workspaces what they lack, and puts the application together.
    ///
    /// # Errors
    /// If the database cannot be opened or migrated.
    pub async fn open(config: Config, clock: Clock) -> Result<Self, DbError> {
        let db = Db::open(config.database()).await?;
        db.migrate().await?;
        let app = Self::new(db, config, clock);
        workspaces::complete(&app)
            .await
            .map_err(|error| DbError::Other(error.to_string()))?;
        Ok(app)
    }

    /// The application on a database that is open and migrated.
    #[must_use]
    pub fn new(db: Db, config: Config, clock: Clock) -> Self {
        let setup_token = match (config.signup, &config.setup_token) {
            (SignupPolicy::First, None) => Some(secrets::random()),
            (SignupPolicy::First, Some(token)) => Some(token.clone()),
            (SignupPolicy::Open | SignupPolicy::Invite, _) => None,
        };
        Self(Arc::new(Parts {
            schemas: SchemaCache::default(),
            timelines: Timelines::new(config.timeline_memory_bytes()),
            throttle: Throttle::new(clock.clone()),
            stopping: CancellationToken::new(),
            jobs: Notify::new(),
            is_ready: AtomicBool::new(true),
            db,
            config,
            clock,
            setup_token,
        }))
    }

    /// Whether balancers may send requests here.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.is_ready.load(Ordering::Relaxed)
    }

    /// Tells balancers to send no more requests.
    pub fn refuse_new_work(&self) {
        self.is_ready.store(false, Ordering::Relaxed);
    }
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
