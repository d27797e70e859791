//! Working hours: how much of the time between two instants a team was at work.

use std::collections::BTreeSet;

use jiff::{ToSpan, civil::Date, tz::TimeZone};
use leadline_engine::time::Timestamp;

/// When a team works, week by week.
#[derive(Debug, Clone)]
pub struct WorkingHours {
    /// Whose clocks.
    pub zone: TimeZone,
    /// From Monday: ranges of minutes since midnight, in order, not overlapping; 1440 is the next midnight.
    pub week: [Vec<(u16, u16)>; 7],
    /// Days without work.
    pub holidays: BTreeSet<Date>,
}

/// Working time since a beginning, at any instant between two.
#[derive(Debug)]
pub(crate) struct WorkingClock {
    /// Start, end, and the working time before the start; in order. Microseconds.
    shifts: Vec<(i64, i64, i64)>,
}

impl WorkingClock {
    /// A clock that can be read between two instants.
    pub(crate) fn new(hours: &WorkingHours, from: i64, to: i64) -> Self {
        let day = |micros| {
            hours
                .zone
                .to_datetime(Timestamp::from_micros(micros).to_jiff())
                .date()
        };
        let (mut date, last) = (day(from), day(to));
        let mut shifts = Vec::new();
        let mut worked = 0;
        while date <= last {
            for &(start, end) in hours.shifts_of(date) {
                let (Some(start), Some(end)) =
                    (hours.instant(date, start), hours.instant(date, end))
                else {
                    continue;
                };
                shifts.push((start, end, worked));
                worked += (end - start).max(0);
            }
            let Ok(next) = date.tomorrow() else { break };
            date = next;
        }
        Self { shifts }
    }

    /// Working time between two instants.
    pub(crate) fn between(&self, from: i64, to: i64) -> i64 {
        self.worked_until(to) - self.worked_until(from)
    }

    fn worked_until(&self, at: i64) -> i64 {
        let begun = self.shifts.partition_point(|&(start, ..)| start <= at);
        begun.checked_sub(1).map_or(0, |last| {
            let (start, end, before) = self.shifts[last];
            before + (at.min(end) - start).max(0)
        })
    }
}

impl WorkingHours {
    fn shifts_of(&self, date: Date) -> &[(u16, u16)] {
        if self.holidays.contains(&date) {
            return &[];
        }
        &self.week[date.weekday().to_monday_zero_offset() as usize]
    }

    fn instant(&self, date: Date, minute: u16) -> Option<i64> {
        let midnight = date.to_datetime(jiff::civil::Time::midnight());
        let local = midnight.checked_add(i64::from(minute).minutes()).ok()?;
        Some(Timestamp::from_civil(local, &self.zone).ok()?.micros())
    }
}

#[cfg(test)]
mod tests {
    use leadline_engine::time::parse_time_zone;

    use super::*;

    fn hours() -> WorkingHours {
        let mut week: [Vec<(u16, u16)>; 7] = Default::default();
        for day in week.iter_mut().take(5) {
            *day = vec![(9 * 60, 12 * 60), (13 * 60, 17 * 60)];
        }
        week[6] = vec![(0, 24 * 60)];
        WorkingHours {
            zone: parse_time_zone("Europe/Amsterdam").unwrap(),
            week,
            holidays: BTreeSet::from([jiff::civil::date(2026, 4, 6)]),
        }
    }

    fn minutes(from: &str, to: &str) -> i64 {
        let [from, to] = [from, to].map(|t| Timestamp::parse(t).unwrap().micros());
        WorkingClock::new(&hours(), from, to).between(from, to) / 60_000_000
    }

    #[test]
    fn only_shifts_count() {
        assert_eq!(
            minutes("2026-03-02T08:30:00+01:00", "2026-03-02T09:30:00+01:00"),
            30
        );
        assert_eq!(
            minutes("2026-03-02T11:00:00+01:00", "2026-03-02T14:00:00+01:00"),
            120
        );
        assert_eq!(
            minutes("2026-03-06T16:00:00+01:00", "2026-03-07T16:00:00+01:00"),
            60
        );
        assert_eq!(
            minutes("2026-03-02T18:00:00+01:00", "2026-03-02T19:00:00+01:00"),
            0
        );
    }

    #[test]
    fn holidays_and_changes_of_the_clock_count() {
        assert_eq!(
            minutes("2026-04-06T00:00:00+02:00", "2026-04-07T00:00:00+02:00"),
            0
        );
        assert_eq!(
            minutes("2026-03-29T00:00:00+01:00", "2026-03-30T00:00:00+02:00"),
            23 * 60
        );
    }
}
