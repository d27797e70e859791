//! The time of day: the system's, or one that a test steps.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use leadline_engine::time::Timestamp;

/// Where the present comes from.
#[derive(Debug, Clone)]
pub enum Clock {
    /// The system's clock. It may step back.
    System,
    /// A clock that stands still until it is moved.
    Manual(ManualClock),
}

/// A clock that stands still until it is moved; clones show the same time.
#[derive(Debug, Clone)]
pub struct ManualClock(Arc<AtomicI64>);

impl Clock {
    /// The present.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        match self {
            Self::System => Timestamp::now(),
            Self::Manual(clock) => clock.now(),
        }
    }
}

impl ManualClock {
    /// A clock that shows `time`.
    #[must_use]
    pub fn at(time: Timestamp) -> Self {
        Self(Arc::new(AtomicI64::new(time.micros())))
    }

    /// What it shows.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::SeqCst))
    }

    /// Makes it show another time, earlier ones too.
    pub fn set(&self, time: Timestamp) {
        self.0.store(time.micros(), Ordering::SeqCst);
    }

    /// Moves it forward, or back when negative.
    pub fn step_seconds(&self, seconds: i64) {
        self.0.fetch_add(
            seconds * leadline_engine::time::MICROS_PER_SECOND,
            Ordering::SeqCst,
        );
    }
}
