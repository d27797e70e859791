//! How often passwords may be tried: by account and address, by address, and by account. Buckets that refill, so nobody is locked out for good.

use std::{collections::HashMap, net::IpAddr};

use leadline_engine::time::{MICROS_PER_SECOND, Timestamp};
use parking_lot::Mutex;
use sha2::{Digest, Sha256};

use super::error::ServiceError;
use crate::clock::Clock;

/// Failures of one kind: so many at once, and one more every so many seconds.
struct Limit {
    burst: i64,
    refill_seconds: i64,
}

const ACCOUNT_FROM_ADDRESS: Limit = Limit {
    burst: 5,
    refill_seconds: 30,
};
const ADDRESS: Limit = Limit {
    burst: 30,
    refill_seconds: 3,
};
const ACCOUNT: Limit = Limit {
    burst: 100,
    refill_seconds: 10,
};
/// Keys beyond this number make the idle ones be forgotten.
const MANY: usize = 50_000;

/// Counts failed tries in this process. Unknown accounts are counted like known ones.
pub struct Throttle {
    clock: Clock,
    /// When each bucket will be full again.
    full_at: Mutex<HashMap<[u8; 16], Timestamp>>,
    /// Accounts that signed in from an address: the limit by account does not hold for them, so that others cannot keep a person out.
    known: Mutex<HashMap<[u8; 16], Timestamp>>,
}

impl Throttle {
    /// With no failures yet.
    #[must_use]
    pub fn new(clock: Clock) -> Self {
        Self {
            clock,
            full_at: Mutex::default(),
            known: Mutex::default(),
        }
    }

    /// Counts a try in advance; a success gives it back. So tries at the same time are counted too.
    ///
    /// # Errors
    /// `TooManyRequests`.
    pub fn begin(&self, account: &str, address: IpAddr) -> Result<Try<'_>, ServiceError> {
        let now = self.clock.now();
        let pair = key(&["pair", account, &network(address)]);
        let is_known = self.known.lock().contains_key(&pair);
        let mut limits = vec![
            (pair, &ACCOUNT_FROM_ADDRESS),
            (key(&["address", &network(address)]), &ADDRESS),
        ];
        if !is_known {
            limits.push((key(&["account", account]), &ACCOUNT));
        }
        let mut full_at = self.full_at.lock();
        if full_at.len() > MANY {
            full_at.retain(|_, time| *time > now);
        }
        let waits = limits
            .iter()
            .map(|(key, limit)| limit.wait(full_at.get(key).copied(), now));
        if let Some(wait) = waits.max().filter(|wait| *wait > 0) {
            return Err(ServiceError::TooManyRequests {
                retry_after_seconds: wait.unsigned_abs(),
            });
        }
        for (key, limit) in &limits {
            let from = full_at
                .get(key)
                .copied()
                .filter(|time| *time > now)
                .unwrap_or(now);
            full_at.insert(
                *key,
                from.plus_micros(limit.refill_seconds * MICROS_PER_SECOND),
            );
        }
        Ok(Try {
            throttle: self,
            pair,
            taken: limits,
        })
    }
}

/// A try under way. Dropped without a success, it counts as a failure.
pub struct Try<'a> {
    throttle: &'a Throttle,
    pair: [u8; 16],
    taken: Vec<([u8; 16], &'static Limit)>,
}

impl Try<'_> {
    /// The password was right: the try is given back, and earlier failures of this account from this address are forgotten.
    pub fn succeed(self) {
        let now = self.throttle.clock.now();
        let mut full_at = self.throttle.full_at.lock();
        for (key, limit) in &self.taken {
            if let Some(time) = full_at.get_mut(key) {
                *time = time.plus_micros(-limit.refill_seconds * MICROS_PER_SECOND);
            }
        }
        full_at.remove(&self.pair);
        let mut known = self.throttle.known.lock();
        if known.len() > MANY {
            known.clear();
        }
        known.insert(self.pair, now);
    }
}

impl Limit {
    /// Seconds until a try is allowed; 0 when it is.
    fn wait(&self, full_at: Option<Timestamp>, now: Timestamp) -> i64 {
        let Some(full_at) = full_at.filter(|time| *time > now) else {
            return 0;
        };
        let missing = full_at.micros() - now.micros();
        let step = self.refill_seconds * MICROS_PER_SECOND;
        let too_many = missing - (self.burst - 1) * step;
        if too_many > 0 {
            (too_many + MICROS_PER_SECOND - 1) / MICROS_PER_SECOND
        } else {
            0
        }
    }
}

/// An IPv4 address, or the /64 of an IPv6 one, which is what one customer has.
fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => format!("{:x?}", &address.segments()[..4]),
    }
}

fn key(parts: &[&str]) -> [u8; 16] {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part.as_bytes());
    }
    let hash: [u8; 32] = hasher.finalize().into();
    let mut key = [0; 16];
    key.copy_from_slice(&hash[..16]);
    key
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::ManualClock;

    fn throttle() -> (Throttle, ManualClock) {
        let clock = ManualClock::at(Timestamp::from_micros(0));
        (Throttle::new(Clock::Manual(clock.clone())), clock)
    }

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));
    const THERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(198, 51, 100, 1));

    #[test]
    fn failures_are_slowed_down_and_the_wait_ends() {
        let (throttle, clock) = throttle();
        for _ in 0..5 {
            assert!(throttle.begin("ann", HERE).is_ok());
        }
        let Err(ServiceError::TooManyRequests {
            retry_after_seconds,
        }) = throttle.begin("ann", HERE).map(drop)
        else {
            panic!("allowed")
        };
        assert_eq!(retry_after_seconds, 30);
        assert!(throttle.begin("ann", THERE).is_ok());
        clock.step_seconds(30);
        assert!(throttle.begin("ann", HERE).is_ok());
        assert!(throttle.begin("ann", HERE).is_err());
    }

    #[test]
    fn one_address_cannot_try_many_accounts() {
        let (throttle, _) = throttle();
        let refused = (0..40)
            .filter(|n| throttle.begin(&n.to_string(), HERE).is_err())
            .count();
        assert_eq!(refused, 10);
    }

    #[test]
    fn successes_are_not_counted() {
        let (throttle, _) = throttle();
        for _ in 0..100 {
            throttle.begin("ann", HERE).unwrap().succeed();
        }
    }

    #[test]
    fn strangers_cannot_keep_a_person_out() {
        let (throttle, _) = throttle();
        throttle.begin("ann", HERE).unwrap().succeed();
        for n in 0..200_u8 {
            let _refused =
                throttle.begin("ann", IpAddr::V4(std::net::Ipv4Addr::new(203, 0, 113, n)));
        }
        assert!(throttle.begin("ann", THERE).is_err());
        assert!(throttle.begin("ann", HERE).is_ok());
    }
}
