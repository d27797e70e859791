//! When the entries of neighbouring rows began, so that a question about a time passes over most of them.
//!
//! Records are mostly numbered in the order in which they came, and rest some time after; what neighbours went through lies close together.

/// Rows that share a zone.
const ROWS: usize = 64;
/// Of rows without entries.
const NOTHING: Zone = Zone {
    first: i64::MAX,
    last: i64::MIN,
};

/// The zones of all rows. Never narrower than what the rows hold; wider, after replacements, until it is made anew.
#[derive(Debug, Clone)]
pub(crate) struct Zones(Vec<Zone>);

/// The first and the last time at which an entry began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Zone {
    first: i64,
    last: i64,
}

impl Zones {
    /// From where each row's entries begin (and the last one's end), and the times of all entries.
    pub(crate) fn new(offsets: &[u32], times: &[i64]) -> Self {
        let rows = offsets.len().saturating_sub(1);
        let zones = (0..rows).step_by(ROWS).map(|row| {
            let end = offsets[rows.min(row + ROWS)];
            NOTHING.with(&times[offsets[row] as usize..end as usize])
        });
        Self(zones.collect())
    }

    /// The zone that a row is in.
    #[inline(always)]
    pub(crate) fn of(&self, row: u32) -> Zone {
        self.0.get(row as usize / ROWS).copied().unwrap_or(NOTHING)
    }

    /// Makes sure that a row's zone holds these times.
    pub(crate) fn include(&mut self, row: u32, times: &[i64]) {
        let index = row as usize / ROWS;
        if index >= self.0.len() {
            self.0.resize(index + 1, NOTHING);
        }
        self.0[index] = self.0[index].with(times);
    }

    pub(crate) fn memory_bytes(&self) -> usize {
        self.0.capacity() * size_of::<Zone>()
    }
}

impl Zone {
    fn with(self, times: &[i64]) -> Self {
        times.iter().fold(self, |zone, &time| Self {
            first: zone.first.min(time),
            last: zone.last.max(time),
        })
    }

    /// Whether everything in it began at or before a time.
    #[inline(always)]
    pub(crate) fn is_past(self, at: i64) -> bool {
        self.last <= at
    }

    /// Whether everything in it began after a time.
    #[inline(always)]
    pub(crate) fn is_future(self, at: i64) -> bool {
        self.first > at
    }

    /// Whether something in it may have begun in `[from, to)`.
    #[inline(always)]
    pub(crate) fn meets(self, from: i64, to: i64) -> bool {
        from <= self.last && self.first < to
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_hold_the_times_of_their_rows() {
        // Row 0 has two entries, row 63 one, row 64 none, row 65 one.
        let mut offsets = vec![0, 2];
        offsets.resize(64, 2);
        offsets.extend([3, 3, 4]);
        let mut zones = Zones::new(&offsets, &[5, 9, 2, 40]);
        let [early, late] = [0, 65].map(|row| zones.of(row));
        assert_eq!((early, zones.of(63)), (Zone { first: 2, last: 9 }, early));
        assert_eq!((zones.of(64), late.first, late.last), (late, 40, 40));
        assert!(early.is_past(9) && !early.is_past(8));
        assert!(early.is_future(1) && !early.is_future(2));
        zones.include(65, &[]);
        assert_eq!(zones.of(65), late);
        zones.include(200, &[7, 8]);
        assert_eq!(zones.of(200), Zone { first: 7, last: 8 });
        assert!(zones.of(150).is_past(i64::MIN) && zones.of(150).is_future(1));
    }

    #[test]
    fn zones_meet_the_ranges_that_one_of_their_times_may_be_in() {
        let zone = Zone {
            first: 10,
            last: 20,
        };
        assert!(
            [(i64::MIN, i64::MAX), (20, i64::MAX), (i64::MIN, 11)]
                .iter()
                .all(|&(from, to)| zone.meets(from, to))
        );
        assert!(
            !zone.meets(21, i64::MAX)
                && !zone.meets(i64::MIN, 10)
                && !NOTHING.meets(i64::MIN, i64::MAX)
        );
    }
}
