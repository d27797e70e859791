//! Hours, days, weeks, months, quarters and years of a time zone, as ranges of instants.

use jiff::{
    ToSpan,
    civil::{Date, Weekday},
    tz::TimeZone,
};
use leadline_engine::time::Timestamp;

use crate::{ruler::Ruler, view::QueryError};

/// The most intervals that a report has.
const LIMIT: usize = 5_000;
/// An hour, in microseconds.
const HOUR: i64 = 3_600_000_000;

/// What a range is cut into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interval {
    /// From each full hour of the zone's clocks to the next one: an hour that is told twice is two, one that is skipped none.
    Hour,
    /// From midnight to midnight, in the time zone: 23 hours on one day of the year, 25 on another.
    Day,
    /// From Monday.
    Week,
    /// From the first.
    Month,
    /// Of three months, from January, April, July or October.
    Quarter,
    /// From January.
    Year,
}

/// `[start, end)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// The first instant that is in.
    pub start: Timestamp,
    /// The first that is out again.
    pub end: Timestamp,
}

/// Each begins where the clocks show a full hour, or where they were changed to another time.
fn hours(from: Timestamp, to: Timestamp, zone: &TimeZone) -> Result<Vec<Window>, QueryError> {
    let mut windows = Vec::new();
    let mut start = from;
    while start < to {
        if windows.len() == LIMIT {
            return Err(QueryError::TooManyIntervals { limit: LIMIT });
        }
        let clock = zone.to_datetime(start.to_jiff()).time();
        let seconds = i64::from(clock.minute()) * 60 + i64::from(clock.second());
        let micros = seconds * 1_000_000 + i64::from(clock.subsec_nanosecond() / 1_000);
        let end = start.plus_micros(HOUR - micros).min(to);
        windows.push(Window { start, end });
        start = end;
    }
    Ok(windows)
}

/// Windows in order that do not overlap, ready to be looked up.
pub(crate) struct Windows<'a> {
    windows: &'a [Window],
    starts: Ruler,
}

impl<'a> Windows<'a> {
    pub(crate) fn new(windows: &'a [Window]) -> Self {
        let starts = windows.iter().map(|window| window.start.micros());
        Self {
            windows,
            starts: Ruler::new(starts.collect()),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.windows.len()
    }

    /// The window that a time is in.
    #[inline]
    pub(crate) fn of(&self, time: i64) -> Option<usize> {
        let begun = self.starts.before(time.saturating_add(1));
        let last = begun.checked_sub(1)?;
        self.has(last, time).then_some(last)
    }

    /// Whether a time is in a window.
    #[inline]
    pub(crate) fn has(&self, window: usize, time: i64) -> bool {
        let Window { start, end } = self.windows[window];
        start.micros() <= time && time < end.micros()
    }
}

impl Interval {
    /// Cuts `[from, to)` into the intervals of a time zone; the first and the last one may be parts.
    ///
    /// # Errors
    /// If there were more than a report can have.
    pub fn windows(
        self,
        from: Timestamp,
        to: Timestamp,
        zone: &TimeZone,
    ) -> Result<Vec<Window>, QueryError> {
        if self == Self::Hour {
            return hours(from, to, zone);
        }
        let mut windows = Vec::new();
        let mut date = self.first_day(zone.to_datetime(from.to_jiff()).date());
        let mut start = from;
        while start < to {
            if windows.len() == LIMIT {
                return Err(QueryError::TooManyIntervals { limit: LIMIT });
            }
            // Beyond the last day that can be told, there is no boundary.
            let next = self.next(date);
            let boundary = next.and_then(|date| {
                Timestamp::from_civil(date.to_datetime(jiff::civil::Time::midnight()), zone).ok()
            });
            let end = boundary.map_or(to, |boundary| boundary.min(to));
            if end > start {
                windows.push(Window { start, end });
                start = end;
            }
            let Some(next) = next else { break };
            date = next;
        }
        Ok(windows)
    }

    fn first_day(self, date: Date) -> Date {
        match self {
            Self::Hour | Self::Day => date,
            Self::Week => {
                let days = i64::from(date.weekday().since(Weekday::Monday));
                date.checked_sub(days.days()).unwrap_or(date)
            }
            Self::Month => date.first_of_month(),
            Self::Quarter => {
                let months = i64::from((date.month() - 1) % 3);
                date.first_of_month()
                    .checked_sub(months.months())
                    .unwrap_or(date)
            }
            Self::Year => date.first_of_year(),
        }
    }

    fn next(self, date: Date) -> Option<Date> {
        let span = match self {
            Self::Hour | Self::Day => 1.day(),
            Self::Week => 1.week(),
            Self::Month => 1.month(),
            Self::Quarter => 3.months(),
            Self::Year => 1.year(),
        };
        date.checked_add(span).ok()
    }
}

#[cfg(test)]
mod tests {
    use leadline_engine::time::parse_time_zone;

    use super::*;

    fn starts(interval: Interval, from: &str, to: &str) -> Vec<String> {
        let zone = parse_time_zone("Europe/Amsterdam").unwrap();
        let [from, to] = [from, to].map(|text| Timestamp::parse(text).unwrap());
        let windows = interval.windows(from, to, &zone).unwrap();
        assert!(windows.windows(2).all(|pair| pair[0].end == pair[1].start));
        assert!(windows.last().is_none_or(|last| last.end == to));
        windows
            .iter()
            .map(|window| window.start.to_string())
            .collect()
    }

    #[test]
    fn days_are_as_long_as_the_zone_makes_them() {
        assert_eq!(
            starts(
                Interval::Day,
                "2026-03-27T23:00:00Z",
                "2026-03-30T22:00:00Z"
            ),
            [
                "2026-03-27T23:00:00Z",
                "2026-03-28T23:00:00Z",
                "2026-03-29T22:00:00Z"
            ]
        );
    }

    #[test]
    fn hours_are_those_that_the_clocks_of_the_zone_show() {
        assert_eq!(
            starts(
                Interval::Hour,
                "2026-03-29T00:20:00Z",
                "2026-03-29T02:30:00Z"
            ),
            [
                "2026-03-29T00:20:00Z",
                "2026-03-29T01:00:00Z",
                "2026-03-29T02:00:00Z"
            ]
        );
        let [spring, autumn] = ["2026-03-29", "2026-10-25"];
        let day = |date: &str, before: i8, after: i8| {
            let [from, to] = [before, after].map(|hours| format!("{date}T00:00:00+0{hours}:00"));
            let to = Timestamp::parse(&to).unwrap().plus_micros(24 * HOUR);
            starts(Interval::Hour, &from, &to.to_string()).len()
        };
        assert_eq!([day(spring, 1, 2), day(autumn, 2, 1)], [23, 25]);
        let zone = parse_time_zone("Australia/Lord_Howe").unwrap();
        let [from, to] = ["2026-04-04T13:00:00Z", "2026-04-05T13:30:00Z"];
        let [from, to] = [from, to].map(|text| Timestamp::parse(text).unwrap());
        let hours = Interval::Hour.windows(from, to, &zone).unwrap();
        let halves = hours
            .iter()
            .filter(|hour| hour.end == hour.start.plus_micros(HOUR / 2));
        assert_eq!((hours.len(), halves.count()), (25, 1));
    }

    #[test]
    fn the_first_and_the_last_interval_are_cut() {
        assert_eq!(
            starts(
                Interval::Month,
                "2026-01-15T12:00:00Z",
                "2026-03-10T00:00:00Z"
            ),
            [
                "2026-01-15T12:00:00Z",
                "2026-01-31T23:00:00Z",
                "2026-02-28T23:00:00Z"
            ]
        );
        assert_eq!(
            starts(
                Interval::Week,
                "2026-01-01T00:00:00Z",
                "2026-01-12T00:00:00Z"
            ),
            [
                "2026-01-01T00:00:00Z",
                "2026-01-04T23:00:00Z",
                "2026-01-11T23:00:00Z"
            ]
        );
        assert_eq!(
            starts(
                Interval::Quarter,
                "2026-02-01T00:00:00Z",
                "2026-08-01T00:00:00Z"
            ),
            [
                "2026-02-01T00:00:00Z",
                "2026-03-31T22:00:00Z",
                "2026-06-30T22:00:00Z"
            ]
        );
        assert_eq!(
            starts(
                Interval::Year,
                "2026-02-01T00:00:00Z",
                "2026-02-01T00:00:00Z"
            )
            .len(),
            0
        );
    }

    #[test]
    fn more_intervals_than_a_report_can_have_are_refused() {
        let windows = Interval::Day.windows(Timestamp::MIN, Timestamp::MAX, &TimeZone::UTC);
        assert_eq!(windows, Err(QueryError::TooManyIntervals { limit: LIMIT }));
        let years =
            Interval::Year.windows(Timestamp::from_micros(0), Timestamp::MAX, &TimeZone::UTC);
        assert!(years.is_err() || !years.unwrap().is_empty());
    }
}
