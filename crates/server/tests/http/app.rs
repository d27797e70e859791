//! A whole server in this process, with a clock that tests move, on a fresh database of each kind.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use leadline_engine::time::Timestamp;
use leadline_server::{
    app::App,
    clock::{Clock, ManualClock},
    config::{self, Config, Overrides, Secret, SignupPolicy},
    http::server::Server,
    service::access::Role,
};
use leadline_store::{
    db::{DbConfig, DbError},
    memberships::{self, Membership},
    testing::TestDatabase,
};
use serde_json::json;
use tokio::{sync::oneshot, task::JoinHandle};

use crate::person::Person;

/// When tests begin.
pub(crate) const BEGINNING: &str = "2026-03-01T09:00:00Z";
/// Everyone's password.
pub(crate) const PASSWORD: &str = "violet kettle drum";

/// Runs a story on a fresh server of each kind: on SQLite, then on PostgreSQL.
pub(crate) async fn each_app(story: impl AsyncFn(TestApp)) {
    story(TestApp::sqlite().await).await;
    if let Some(app) = TestApp::postgres().await {
        story(app).await;
    }
}

/// As [`each_app`], and then on servers that have no room for timelines and read the ledger part by part instead.
pub(crate) async fn each_app_and_without_room(story: impl AsyncFn(TestApp)) {
    each_app(&story).await;
    each_app(async |mut app| {
        app.restart_with(|config| config.timeline_memory_mb = Some(0))
            .await;
        story(app).await;
    })
    .await;
}

/// A server and its database.
pub(crate) struct TestApp {
    /// The time of day, of all its nodes.
    pub(crate) clock: ManualClock,
    database: TestDatabase,
    config: Config,
    node: Option<Node>,
}

impl TestApp {
    /// On a fresh SQLite file.
    pub(crate) async fn sqlite() -> Self {
        Self::on(TestDatabase::sqlite().await).await
    }

    /// On a fresh PostgreSQL database, where there is a server for tests.
    pub(crate) async fn postgres() -> Option<Self> {
        Some(Self::on(TestDatabase::postgres().await?).await)
    }

    async fn on(mut database: TestDatabase) -> Self {
        database.close();
        let config = configure(&database.config());
        let clock = ManualClock::at(at(BEGINNING));
        let node = Node::start(&config, &clock).await;
        Self {
            clock,
            database,
            config,
            node: Some(node),
        }
    }

    /// Stops the server gracefully and starts it again on the same data, at the same address for the people who use it.
    pub(crate) async fn restart(&mut self) {
        self.restart_after(|_| {}).await;
    }

    /// As [`TestApp::restart`]; between, nothing holds the data.
    pub(crate) async fn restart_after(&mut self, between: impl FnOnce(&Config)) {
        let place = match self.node.take() {
            Some(node) => node.stop().await,
            None => Place::default(),
        };
        between(&self.config);
        let node = Node::start(&self.config, &self.clock).await;
        place.set(node.place.get());
        self.node = Some(Node { place, ..node });
    }

    /// As [`TestApp::restart`], with other settings.
    pub(crate) async fn restart_with(&mut self, change: impl FnOnce(&mut Config)) {
        change(&mut self.config);
        self.restart().await;
    }

    /// Another server on the same database; `None` on SQLite, which one process holds.
    pub(crate) async fn second_node(&self) -> Option<Node> {
        match self.database.config() {
            DbConfig::Sqlite { .. } => None,
            DbConfig::Postgres { .. } => Some(Node::start(&self.config, &self.clock).await),
        }
    }

    /// The application itself, for what HTTP does not offer.
    pub(crate) fn app(&self) -> &App {
        &self.node().app
    }

    /// Someone who has not signed in.
    pub(crate) fn visitor(&self) -> Person {
        Person::visitor(self.node().place.clone())
    }

    /// A person who signs up and so owns a workspace of their own.
    pub(crate) async fn signup(&self, name: &str) -> Person {
        let body = json!({
            "workspaceName": format!("{name}'s"), "name": name, "email": format!("{name}@example.com"), "password": PASSWORD,
        });
        let answer = self.visitor().post("/auth/signup", body).await.status(201);
        self.visitor().signed_in(&answer)
    }

    /// A person who is a member of another's workspace, and signed in to it.
    pub(crate) async fn member(&self, owner: &Person, name: &str, role: Role) -> Person {
        self.join(self.signup(name).await, owner, role).await
    }

    /// The person as a member of another's workspace too, and signed in to it.
    pub(crate) async fn join(&self, person: Person, owner: &Person, role: Role) -> Person {
        let now = self.clock.now();
        let membership = Membership {
            workspace_id: owner.workspace.parse().unwrap(),
            account_id: person.id.parse().unwrap(),
            role: role.as_str().to_owned(),
            created_at: now,
            updated_at: now,
            disabled_at: None,
        };
        let added: Result<(), DbError> = self
            .app()
            .db
            .write(move |tx| {
                let membership = membership.clone();
                Box::pin(async move { memberships::insert(tx, &membership).await })
            })
            .await;
        added.unwrap();
        let answer = person
            .post("/auth/switch", json!({"workspaceId": owner.workspace}))
            .await
            .status(200);
        person.signed_in(&answer)
    }

    /// The present in the API's words.
    pub(crate) fn now(&self) -> String {
        self.clock.now().to_string()
    }

    fn node(&self) -> &Node {
        self.node.as_ref().unwrap()
    }
}

/// A server at work.
pub(crate) struct Node {
    app: App,
    place: Place,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<()>,
}

impl Node {
    async fn start(config: &Config, clock: &ManualClock) -> Self {
        let app = App::open(config.clone(), Clock::Manual(clock.clone()))
            .await
            .unwrap();
        let server = Server::bind(app.clone()).await.unwrap();
        let place = Place::default();
        place.set(server.address());
        let (stop, stopped) = oneshot::channel();
        let serving = tokio::spawn(async move {
            let stopped = async {
                // The test ended without stopping the server.
                let _ = stopped.await;
            };
            server.serve(stopped).await.unwrap();
        });
        Self {
            app,
            place,
            stop,
            serving,
        }
    }

    /// The same person, talking to this node.
    pub(crate) fn person(&self, person: &Person) -> Person {
        person.moved_to(self.place.clone())
    }

    /// Ends when nothing holds the database any more.
    async fn stop(self) -> Place {
        let Self {
            app,
            place,
            stop,
            serving,
        } = self;
        let path = match app.config.database() {
            DbConfig::Sqlite { path } => Some(path),
            DbConfig::Postgres { .. } => None,
        };
        let _ = stop.send(());
        serving.await.unwrap();
        drop(app);
        if let Some(path) = path {
            closed(path).await;
        }
        place
    }
}

/// Where a server listens; people know the place, also after a restart.
#[derive(Clone)]
pub(crate) struct Place(Arc<Mutex<SocketAddr>>);

impl Place {
    pub(crate) fn get(&self) -> SocketAddr {
        *self.0.lock().unwrap()
    }

    fn set(&self, address: SocketAddr) {
        *self.0.lock().unwrap() = address;
    }
}

impl Default for Place {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(SocketAddr::from(([127, 0, 0, 1], 0)))))
    }
}

/// A time, as the API writes it.
pub(crate) fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn configure(database: &DbConfig) -> Config {
    let mut config = config::load(None, &Overrides::default()).unwrap();
    config.listen = SocketAddr::from(([127, 0, 0, 1], 0));
    config.signup = SignupPolicy::Open;
    config.session_idle_hours = 1_000_000;
    config.session_hours = 1_000_000;
    config.stop_delay_ms = 0;
    config.stop_timeout_seconds = 5;
    config.database_connections = 8;
    match database {
        DbConfig::Sqlite { path } => {
            config.database_url = None;
            config.data = path.parent().unwrap().to_owned();
        }
        DbConfig::Postgres { url, .. } => config.database_url = Some(Secret::new(url.as_str())),
    }
    config
}

/// Connections that end after the server did may hold the file a little longer.
async fn closed(path: std::path::PathBuf) {
    use leadline_store::db::Db;
    for _ in 0..1_000 {
        match Db::open(DbConfig::Sqlite { path: path.clone() }).await {
            Err(DbError::Locked { .. }) => {
                tokio::time::sleep(std::time::Duration::from_millis(5)).await
            }
            opened => return drop(opened.unwrap()),
        }
    }
    panic!("the database is still open");
}
