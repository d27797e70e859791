//! Dates and times as files write them: ISO 8601, or a format such as `MM/DD/YYYY HH:mm`; with an offset, or in a named zone.

use super::date_format::DateFormat;
use jiff::{civil, fmt::strtime::BrokenDownTime, tz::TimeZone};
use leadline_engine::time::{TimeError, Timestamp, parse_time_zone};

/// How a file writes its times.
#[derive(Debug, Clone)]
pub(super) struct Times {
    format: Option<DateFormat>,
    zone: TimeZone,
}

/// What a text says: an instant, or what a clock on the wall shows.
enum Said {
    Instant(Timestamp),
    Local(civil::DateTime),
}

impl Times {
    /// Reads what the options say, which were judged before.
    pub(super) fn new(format: Option<&str>, zone: Option<&str>) -> Result<Self, String> {
        let zone = parse_time_zone(zone.unwrap_or("UTC")).map_err(|error| error.to_string())?;
        Ok(Self {
            format: format.map(DateFormat::parse).transpose()?,
            zone,
        })
    }

    /// An instant. A time that the zone's clocks show twice is the first of the two; one that they skip is moved forward.
    pub(super) fn instant(&self, text: &str) -> Result<Timestamp, String> {
        match self.read(text)? {
            Said::Instant(instant) => Ok(instant),
            Said::Local(local) => {
                Timestamp::from_civil(local, &self.zone).map_err(|error| error.to_string())
            }
        }
    }

    /// A day; a time of day is left out.
    pub(super) fn date(&self, text: &str) -> Result<civil::Date, String> {
        match self.read(text)? {
            Said::Instant(instant) => Ok(instant.to_jiff().to_zoned(self.zone.clone()).date()),
            Said::Local(local) => Ok(local.date()),
        }
    }

    fn read(&self, text: &str) -> Result<Said, String> {
        let text = text.trim();
        if text.len() > 64 {
            return Err("must be a date and time".into());
        }
        match &self.format {
            Some(format) => format.read(text),
            None => read_iso(text),
        }
    }
}

impl DateFormat {
    /// Reads a text in this format. A format without a time of day also takes one behind the date.
    fn read(&self, text: &str) -> Result<Said, String> {
        let bad = || format!("must be a date in the format asked for, not {text:?}");
        let (parsed, used) =
            BrokenDownTime::parse_prefix(&self.pattern, text).map_err(|_| bad())?;
        let rest = text[used..].trim_start_matches([' ', 'T', ',']);
        if let Some(offset) = parsed.offset() {
            let local = parsed.to_datetime().map_err(|_| bad())?;
            let instant = offset.to_timestamp(local).map_err(|_| bad())?;
            return if rest.is_empty() {
                Ok(Said::Instant(Timestamp::from_jiff(instant)))
            } else {
                Err(bad())
            };
        }
        let date = parsed.to_date().map_err(|_| bad())?;
        if !(1..=9999).contains(&date.year()) {
            return Err(bad());
        }
        if self.has_time {
            let local = date.to_datetime(parsed.to_time().map_err(|_| bad())?);
            return match rest {
                "" => Ok(Said::Local(local)),
                offset => {
                    read_iso(&format!("{local}{}", offset.replace("UTC", "Z"))).map_err(|_| bad())
                }
            };
        }
        match rest {
            "" => Ok(Said::Local(date.to_datetime(civil::Time::midnight()))),
            time => read_iso(&format!("{date} {time}")).map_err(|_| bad()),
        }
    }
}

/// ISO 8601 as it is found: `T` or a space, an hour of one digit, `UTC` at the end, or milliseconds since 1970.
fn read_iso(text: &str) -> Result<Said, String> {
    let bad = || "must be a date and time such as 2026-03-01 09:20:00".to_owned();
    if (12..=14).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit()) {
        let millis: i64 = text.parse().map_err(|_| bad())?;
        return Ok(Said::Instant(Timestamp::from_micros(millis * 1000)));
    }
    let mut text = match text
        .strip_suffix("UTC")
        .or_else(|| text.strip_suffix("GMT"))
    {
        Some(start) => format!("{}Z", start.trim_end()),
        None => text.to_owned(),
    };
    let is_one_digit = text.len() > 12
        && matches!(text.as_bytes()[10], b' ' | b'T')
        && text.as_bytes()[11].is_ascii_digit()
        && text.as_bytes()[12] == b':';
    if is_one_digit {
        text.insert(11, '0');
    }
    if let Ok(instant) = Timestamp::parse(&text) {
        return Ok(Said::Instant(instant));
    }
    let local: civil::DateTime = text.parse().map_err(|_| bad())?;
    let is_in_range = (1..=9999).contains(&local.year()) && !text.contains(['[', 'Z', 'z']);
    if is_in_range {
        Ok(Said::Local(local))
    } else {
        Err(bad())
    }
}

impl From<TimeError> for super::Fault {
    fn from(error: TimeError) -> Self {
        Self::new("INVALID_TIME", error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(format: Option<&str>, zone: &str, text: &str) -> Result<String, String> {
        Times::new(format, Some(zone))
            .and_then(|times| times.instant(text))
            .map(|time| time.to_string())
    }

    #[test]
    fn iso_times_are_read_with_offsets_and_in_a_zone() {
        for (zone, text, expected) in [
            ("UTC", "2011-10-11 13:45:40.276", "2011-10-11T13:45:40.276Z"),
            (
                "Europe/Amsterdam",
                "2011-10-11 13:45:40.276",
                "2011-10-11T11:45:40.276Z",
            ),
            (
                "Europe/Amsterdam",
                "2010-12-30 14:32:00+01:00",
                "2010-12-30T13:32:00Z",
            ),
            ("UTC", "2021-01-07 6:49:18", "2021-01-07T06:49:18Z"),
            ("UTC", "2018-02-01", "2018-02-01T00:00:00Z"),
            ("UTC", "2021-01-07 06:49:18 UTC", "2021-01-07T06:49:18Z"),
            ("UTC", "1583055600123", "2020-03-01T09:40:00.123Z"),
        ] {
            assert_eq!(read(None, zone, text).unwrap(), expected, "{text}");
        }
    }

    #[test]
    fn formats_put_day_month_and_year_where_the_file_has_them() {
        for (format, text, expected) in [
            ("MM/DD/YYYY", "3/1/2017", "2017-03-01T00:00:00Z"),
            ("MM/DD/YYYY", "10/20/2016 6:05:00", "2016-10-20T06:05:00Z"),
            (
                "DD.MM.YYYY HH:mm",
                "01.03.2017 09:20",
                "2017-03-01T09:20:00Z",
            ),
            ("DD.MM.YYYY", "01.03.2017", "2017-03-01T00:00:00Z"),
            ("%m/%d/%Y", "3/1/2017", "2017-03-01T00:00:00Z"),
            ("mm/dd/yyyy", "03/01/2017", "2017-03-01T00:00:00Z"),
            ("%d.%m.%Y %H:%M", "1.3.2017 9:20", "2017-03-01T09:20:00Z"),
            (
                "%Y-%m-%d %H:%M:%S.%f%z",
                "2017-03-01 09:20:01.5+0200",
                "2017-03-01T07:20:01.5Z",
            ),
            ("dd/mm/yy hh:mm", "01/03/17 21:20", "2017-03-01T21:20:00Z"),
            (
                "YYYY-MM-DD HH:mm:ss.SSS",
                "2017-03-01 09:20:01.123456",
                "2017-03-01T09:20:01.123456Z",
            ),
            (
                "MM/DD/YYYY hh:mm A",
                "03/01/2017 09:20 PM",
                "2017-03-01T21:20:00Z",
            ),
            (
                "YYYY-MM-DDTHH:mm:ssZ",
                "2017-03-01T09:20:01+02:00",
                "2017-03-01T07:20:01Z",
            ),
        ] {
            assert_eq!(
                read(Some(format), "UTC", text).unwrap(),
                expected,
                "{format} {text}"
            );
        }
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in [
            "",
            "soon",
            "2017-13-01",
            "31/02/2017",
            "2017-03-01T09:20:00[Europe/Paris]",
        ] {
            assert!(read(None, "UTC", text).is_err(), "{text}");
            assert!(read(Some("DD/MM/YYYY"), "UTC", text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_local_time_in_the_gap_moves_forward_and_one_shown_twice_is_the_first() {
        assert_eq!(
            read(None, "Europe/Amsterdam", "2011-03-27 02:30:00").unwrap(),
            "2011-03-27T01:30:00Z"
        );
        assert_eq!(
            read(
                Some("DD.MM.YYYY HH:mm"),
                "Europe/Amsterdam",
                "30.10.2011 02:30"
            )
            .unwrap(),
            "2011-10-30T00:30:00Z"
        );
    }
}
