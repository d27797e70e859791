//! Instants and durations: integers of microseconds, RFC 3339 and ISO 8601 at the edges.

use std::{fmt, str::FromStr};

use jiff::{SignedDuration, Span, Timestamp as Instant, civil, tz::TimeZone};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// An instant: microseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(i64);

/// A text that is not a time, a date or a duration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct TimeError(String);

/// Microseconds in a second.
pub const MICROS_PER_SECOND: i64 = 1_000_000;
/// Microseconds in a day of 24 hours.
pub const MICROS_PER_DAY: i64 = 86_400 * MICROS_PER_SECOND;

/// 0001-01-01T00:00:00Z.
const MIN_MICROS: i64 = -62_135_596_800 * MICROS_PER_SECOND;
/// 9999-12-30T22:00:00Z: the last instant that every time zone can show.
const MAX_MICROS: i64 = 253_402_207_200 * MICROS_PER_SECOND;

impl Timestamp {
    /// The earliest instant that can be stated.
    pub const MIN: Self = Self(MIN_MICROS);
    /// The latest instant that can be stated.
    pub const MAX: Self = Self(MAX_MICROS);

    /// From microseconds since 1970.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since 1970.
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// The system clock's present.
    #[must_use]
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the system clock, for the clock in the context"
    )]
    pub fn now() -> Self {
        Self(Instant::now().as_microsecond())
    }

    /// This instant, later by so many microseconds (earlier if negative), within the range that can be stated.
    #[must_use]
    pub fn plus_micros(self, micros: i64) -> Self {
        Self(self.0.saturating_add(micros).clamp(MIN_MICROS, MAX_MICROS))
    }

    /// Seconds from `earlier` to this instant.
    #[must_use]
    pub fn seconds_since(self, earlier: Self) -> f64 {
        (self.0 - earlier.0) as f64 / MICROS_PER_SECOND as f64
    }

    /// As jiff's instant.
    #[must_use]
    pub fn to_jiff(self) -> Instant {
        Instant::from_microsecond(self.0.clamp(MIN_MICROS, MAX_MICROS))
            .expect("clamped to a range that jiff holds")
    }

    /// From jiff's instant, cut to microseconds.
    #[must_use]
    pub fn from_jiff(instant: Instant) -> Self {
        Self(instant.as_microsecond())
    }

    /// Reads a time with an offset (RFC 3339). More than six fractional digits are cut.
    ///
    /// # Errors
    /// If the text is no time, has no offset, or lies outside the years 1 to 9999.
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        let bad = || TimeError("must be a time such as 2026-03-01T09:20:00Z".into());
        if text.len() > 64 || text.contains('[') {
            return Err(bad());
        }
        let instant: Instant = text.parse().map_err(|_| bad())?;
        Self::in_range(instant.as_microsecond())
    }

    /// Reads a local time without an offset in a time zone: `2011-10-11 13:45:40.276`, `T` or a space between. A time that the clock shows
    /// twice (when daylight saving ends) is the first of the two; one that it skips is moved forward by the gap, as RFC 5545 does.
    ///
    /// # Errors
    /// If the text is no local date and time.
    pub fn parse_local(text: &str, zone: &TimeZone) -> Result<Self, TimeError> {
        let bad = || TimeError("must be a date and time such as 2026-03-01 09:20:00".into());
        let local: civil::DateTime = text.parse().map_err(|_| bad())?;
        Self::from_civil(local, zone)
    }

    /// The instant at which clocks in `zone` show `local` (see [`Timestamp::parse_local`] for the ambiguous ones).
    ///
    /// # Errors
    /// Outside the years 1 to 9999.
    pub fn from_civil(local: civil::DateTime, zone: &TimeZone) -> Result<Self, TimeError> {
        let zoned = zone
            .to_ambiguous_zoned(local)
            .compatible()
            .map_err(|_| TimeError("is out of range".into()))?;
        Self::in_range(zoned.timestamp().as_microsecond())
    }

    fn in_range(micros: i64) -> Result<Self, TimeError> {
        if (MIN_MICROS..=MAX_MICROS).contains(&micros) {
            Ok(Self(micros))
        } else {
            Err(TimeError("must lie between the years 1 and 9999".into()))
        }
    }
}

impl fmt::Display for Timestamp {
    /// RFC 3339 in UTC; fractional digits only as far as they are needed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.to_jiff())
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Timestamp {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(de::Error::custom)
    }
}

/// Reads an ISO 8601 duration (`P14D`, `PT36H`, `P2W`) as microseconds; a day is 24 hours. Years and months have no fixed length and are refused.
///
/// # Errors
/// If the text is no such duration, is negative, or longer than all time that a [`Timestamp`] can tell.
pub fn parse_duration(text: &str) -> Result<i64, TimeError> {
    let bad =
        || TimeError("must be a duration such as P14D or PT36H, without years and months".into());
    let span: Span = text.parse().map_err(|_| bad())?;
    if !text.trim_start_matches(['+', '-']).starts_with(['P', 'p'])
        || span.get_years() != 0
        || span.get_months() != 0
        || span.is_negative()
    {
        return Err(bad());
    }
    let duration: SignedDuration = span
        .to_duration(jiff::SpanRelativeTo::days_are_24_hours())
        .map_err(|_| bad())?;
    i64::try_from(duration.as_micros())
        .ok()
        .filter(|micros| *micros <= MAX_MICROS - MIN_MICROS)
        .ok_or_else(bad)
}

/// Reads a date, `YYYY-MM-DD`.
///
/// # Errors
/// If the text is no date in the years 1 to 9999.
pub fn parse_date(text: &str) -> Result<civil::Date, TimeError> {
    let bad = || TimeError("must be a date such as 2026-03-01".into());
    if text.len() != 10 {
        return Err(bad());
    }
    let date: civil::Date = text.parse().map_err(|_| bad())?;
    if date.year() < 1 {
        Err(bad())
    } else {
        Ok(date)
    }
}

/// Finds a time zone by its IANA name (`Europe/Amsterdam`).
///
/// # Errors
/// If there is no such zone.
pub fn parse_time_zone(name: &str) -> Result<TimeZone, TimeError> {
    TimeZone::get(name)
        .map_err(|_| TimeError("must be an IANA time zone such as Europe/Amsterdam".into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_keep_microseconds_and_drop_empty_fractions() {
        assert_eq!(
            Timestamp::parse("2026-03-01T10:20:00.123456+01:00")
                .unwrap()
                .to_string(),
            "2026-03-01T09:20:00.123456Z"
        );
        assert_eq!(
            Timestamp::parse("2026-03-01T09:20:00Z")
                .unwrap()
                .to_string(),
            "2026-03-01T09:20:00Z"
        );
        assert_eq!(
            Timestamp::parse("2026-03-01T09:20:00.1Z")
                .unwrap()
                .to_string(),
            "2026-03-01T09:20:00.1Z"
        );
    }

    #[test]
    fn times_without_an_offset_are_refused() {
        for text in [
            "2026-03-01T09:20:00",
            "2026-03-01",
            "now",
            "",
            "2026-13-01T00:00:00Z",
            "2026-03-01T09:20:00+01:00[Europe/Paris]",
        ] {
            assert!(Timestamp::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_local_time_shown_twice_is_the_first_and_a_skipped_one_moves_forward() {
        let zone = parse_time_zone("Europe/Amsterdam").unwrap();
        let at = |text| Timestamp::parse_local(text, &zone).unwrap().to_string();
        assert_eq!(at("2011-10-30 02:30:00"), "2011-10-30T00:30:00Z");
        assert_eq!(at("2011-03-27 02:30:00.276"), "2011-03-27T01:30:00.276Z");
    }

    #[test]
    fn durations_have_fixed_lengths() {
        assert_eq!(parse_duration("P14D").unwrap(), 14 * MICROS_PER_DAY);
        assert_eq!(parse_duration("PT1.5S").unwrap(), 1_500_000);
        for text in [
            "P1M",
            "P1Y",
            "-P1D",
            "14 days",
            "",
            "P1043497WT631107417600S",
        ] {
            assert!(parse_duration(text).is_err(), "{text}");
        }
    }
}
