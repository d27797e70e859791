//! Formats of dates, as people know them from other programs: `MM/DD/YYYY`, `dd.mm.yyyy HH:mm`, `%d.%m.%Y`.

/// A format, in the directives that the reader of times knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DateFormat {
    /// What to read a text with.
    pub(super) pattern: String,
    /// Whether it has a time of day.
    pub(super) has_time: bool,
}

/// A part of a format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Year(&'static str),
    Month(&'static str),
    Day,
    Hour,
    HourOfTwelve,
    Minute,
    Second,
    HalfOfDay,
    Offset(&'static str),
    Weekday(&'static str),
    Text(char),
}

/// What a word of letters may mean.
enum Word {
    Is(Part),
    /// `MM` and `mm`: months, or the minutes behind the hours.
    MonthOrMinute {
        is_upper: bool,
    },
}

impl DateFormat {
    /// Reads a format: in letters (`YYYY`, `YY`, `MM`, `M`, `MMM`, `MMMM`, `DD`, `D`, `HH`, `H`, `hh`, `h`, `mm`, `ss`, `A`, `Z`; years and
    /// days in small letters too), or in the directives of `strftime`.
    pub(super) fn parse(format: &str) -> Result<Self, String> {
        let format = format.trim();
        let parts = if format.contains('%') {
            directives(format)?
        } else {
            letters(format)?
        };
        judge(&parts)?;
        let has_time = parts.iter().any(|part| part.kind() == Kind::Hour);
        // Hours up to 12 say nothing without the half of the day.
        let is_halved = parts.contains(&Part::HalfOfDay);
        let pattern = parts.iter().map(|part| part.directive(is_halved)).collect();
        Ok(Self { pattern, has_time })
    }
}

/// What a part tells; each is told once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Year,
    Month,
    Day,
    Hour,
    Minute,
    Second,
    HalfOfDay,
    Offset,
    Nothing,
}

impl Part {
    fn kind(self) -> Kind {
        match self {
            Self::Year(_) => Kind::Year,
            Self::Month(_) => Kind::Month,
            Self::Day => Kind::Day,
            Self::Hour | Self::HourOfTwelve => Kind::Hour,
            Self::Minute => Kind::Minute,
            Self::Second => Kind::Second,
            Self::HalfOfDay => Kind::HalfOfDay,
            Self::Offset(_) => Kind::Offset,
            Self::Weekday(_) | Self::Text(_) => Kind::Nothing,
        }
    }

    fn directive(self, is_halved: bool) -> String {
        match self {
            Self::Year(directive)
            | Self::Month(directive)
            | Self::Offset(directive)
            | Self::Weekday(directive) => directive.to_owned(),
            Self::Day => "%d".to_owned(),
            Self::HourOfTwelve if is_halved => "%I".to_owned(),
            Self::Hour | Self::HourOfTwelve => "%H".to_owned(),
            Self::Minute => "%M".to_owned(),
            // With a fraction, if the text has one.
            Self::Second => "%S%.f".to_owned(),
            Self::HalfOfDay => "%p".to_owned(),
            Self::Text('%') => "%%".to_owned(),
            Self::Text(text) => text.to_string(),
        }
    }
}

/// Refuses what tells no day, tells a thing twice, or tells minutes without hours.
fn judge(parts: &[Part]) -> Result<(), String> {
    let count = |kind: Kind| parts.iter().filter(|part| part.kind() == kind).count();
    for (kind, name) in [
        (Kind::Year, "the year"),
        (Kind::Month, "the month (minutes are mm behind HH)"),
        (Kind::Day, "the day"),
        (Kind::Hour, "the hour"),
        (Kind::Minute, "the minute"),
        (Kind::Second, "the second"),
        (Kind::HalfOfDay, "morning or afternoon"),
        (Kind::Offset, "the offset"),
    ] {
        if count(kind) > 1 {
            return Err(format!("says {name} twice"));
        }
    }
    if [Kind::Year, Kind::Month, Kind::Day]
        .iter()
        .any(|kind| count(*kind) == 0)
    {
        return Err("must hold year, month and day, such as MM/DD/YYYY".into());
    }
    let (hours, minutes, seconds) = (count(Kind::Hour), count(Kind::Minute), count(Kind::Second));
    if minutes > hours || seconds > minutes || count(Kind::HalfOfDay) > hours {
        return Err("must hold hours before minutes, and minutes before seconds".into());
    }
    Ok(())
}

fn letters(format: &str) -> Result<Vec<Part>, String> {
    const WORDS: [(&str, Word); 22] = [
        ("YYYY", Word::Is(Part::Year("%Y"))),
        ("yyyy", Word::Is(Part::Year("%Y"))),
        ("YY", Word::Is(Part::Year("%y"))),
        ("yy", Word::Is(Part::Year("%y"))),
        ("MMMM", Word::Is(Part::Month("%B"))),
        ("MMM", Word::Is(Part::Month("%b"))),
        ("MM", Word::MonthOrMinute { is_upper: true }),
        ("mm", Word::MonthOrMinute { is_upper: false }),
        ("M", Word::MonthOrMinute { is_upper: true }),
        ("m", Word::MonthOrMinute { is_upper: false }),
        ("DD", Word::Is(Part::Day)),
        ("dd", Word::Is(Part::Day)),
        ("D", Word::Is(Part::Day)),
        ("d", Word::Is(Part::Day)),
        ("HH", Word::Is(Part::Hour)),
        ("H", Word::Is(Part::Hour)),
        ("hh", Word::Is(Part::HourOfTwelve)),
        ("h", Word::Is(Part::HourOfTwelve)),
        ("ss", Word::Is(Part::Second)),
        ("SS", Word::Is(Part::Second)),
        ("A", Word::Is(Part::HalfOfDay)),
        ("a", Word::Is(Part::HalfOfDay)),
    ];
    let mut parts = Vec::new();
    let mut rest = format;
    while let Some(next) = rest.chars().next() {
        // Fractions of a second are read with the seconds.
        if let Some(after) = rest
            .strip_prefix(['.', ','])
            .filter(|after| after.starts_with('S') && parts.last() == Some(&Part::Second))
        {
            rest = after.trim_start_matches('S');
            continue;
        }
        if let Some((word, meaning)) = WORDS.iter().find(|(word, _)| rest.starts_with(word)) {
            parts.push(match meaning {
                Word::Is(part) => *part,
                Word::MonthOrMinute { is_upper } => month_or_minute(&parts, *is_upper, format)?,
            });
            rest = &rest[word.len()..];
            continue;
        }
        rest = &rest[next.len_utf8()..];
        match next {
            'Z' => parts.push(Part::Offset("%:z")),
            'T' => parts.push(Part::Text('T')),
            _ if next.is_alphabetic() => {
                return Err(format!(
                    "{next:?} stands for nothing; use a format such as DD.MM.YYYY HH:mm:ss"
                ));
            }
            _ => parts.push(Part::Text(next)),
        }
    }
    Ok(parts)
}

/// Behind the hours they are minutes; elsewhere `MM` is the month, and `mm` is if no other word is.
fn month_or_minute(before: &[Part], is_upper: bool, format: &str) -> Result<Part, String> {
    let last = before
        .iter()
        .rev()
        .find(|part| !matches!(part, Part::Text(':' | '.')));
    if last.is_some_and(|part| part.kind() == Kind::Hour) {
        return Ok(Part::Minute);
    }
    if !is_upper && format.contains('M') && !has_minutes_in_capitals(format) {
        return Err(
            "mm without hours before it could be months or minutes: write MM for months, and HH:mm for minutes"
                .into(),
        );
    }
    Ok(Part::Month("%m"))
}

fn has_minutes_in_capitals(format: &str) -> bool {
    format.contains("HH:MM") || format.contains("hh:MM")
}

fn directives(format: &str) -> Result<Vec<Part>, String> {
    let mut parts = Vec::new();
    let mut rest = format.chars().peekable();
    while let Some(next) = rest.next() {
        if next != '%' {
            if next.is_alphabetic() && next != 'T' {
                return Err(format!(
                    "holds {next:?} beside %: use either letters or directives such as %d.%m.%Y"
                ));
            }
            parts.push(Part::Text(next));
            continue;
        }
        // Whether numbers are padded matters for writing only.
        while rest
            .next_if(|flag| matches!(flag, '-' | '_' | '0'))
            .is_some()
        {}
        let has_colon = rest.next_if_eq(&':').is_some();
        let has_point = rest.next_if_eq(&'.').is_some();
        let directive = rest.next().unwrap_or(' ');
        let text = |text: &str| text.chars().map(Part::Text).collect::<Vec<_>>();
        let found = match (directive, has_colon, has_point) {
            ('z', true, false) => vec![Part::Offset("%:z")],
            ('f', false, _) => {
                // Read with the seconds, together with the point before it.
                while matches!(parts.last(), Some(Part::Text('.' | ','))) {
                    parts.pop();
                }
                if parts.last() == Some(&Part::Second) {
                    Vec::new()
                } else {
                    return Err("must hold %S before %f".into());
                }
            }
            (_, true, _) | (_, _, true) => return Err(unknown(directive)),
            ('Y', ..) => vec![Part::Year("%Y")],
            ('y', ..) => vec![Part::Year("%y")],
            ('m', ..) => vec![Part::Month("%m")],
            ('b' | 'h', ..) => vec![Part::Month("%b")],
            ('B', ..) => vec![Part::Month("%B")],
            ('d' | 'e', ..) => vec![Part::Day],
            ('H' | 'k', ..) => vec![Part::Hour],
            ('I' | 'l', ..) => vec![Part::HourOfTwelve],
            ('M', ..) => vec![Part::Minute],
            ('S', ..) => vec![Part::Second],
            ('p' | 'P', ..) => vec![Part::HalfOfDay],
            ('z', ..) => vec![Part::Offset("%z")],
            ('a', ..) => vec![Part::Weekday("%a")],
            ('A', ..) => vec![Part::Weekday("%A")],
            ('F', ..) => [
                vec![Part::Year("%Y")],
                text("-"),
                vec![Part::Month("%m")],
                text("-"),
                vec![Part::Day],
            ]
            .concat(),
            ('D', ..) => [
                vec![Part::Month("%m")],
                text("/"),
                vec![Part::Day],
                text("/"),
                vec![Part::Year("%y")],
            ]
            .concat(),
            ('R', ..) => [vec![Part::Hour], text(":"), vec![Part::Minute]].concat(),
            ('T', ..) => [
                vec![Part::Hour],
                text(":"),
                vec![Part::Minute],
                text(":"),
                vec![Part::Second],
            ]
            .concat(),
            ('%', ..) => text("%"),
            _ => return Err(unknown(directive)),
        };
        parts.extend(found);
    }
    Ok(parts)
}

fn unknown(directive: char) -> String {
    format!("%{directive} stands for nothing here; use directives such as %d.%m.%Y %H:%M:%S")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(format: &str) -> String {
        DateFormat::parse(format)
            .unwrap_or_else(|error| panic!("{format}: {error}"))
            .pattern
    }

    #[test]
    fn letters_large_and_small_mean_the_same_where_they_are_clear() {
        for (formats, expected) in [
            (
                &[
                    "MM/DD/YYYY",
                    "mm/dd/yyyy",
                    "M/D/YYYY",
                    "m/d/yyyy",
                    "MM/dd/yyyy",
                ][..],
                "%m/%d/%Y",
            ),
            (
                &["DD.MM.YYYY", "dd.MM.yyyy", "dd.mm.yyyy", "d.M.yyyy"],
                "%d.%m.%Y",
            ),
            (
                &[
                    "DD.MM.YYYY HH:mm",
                    "dd.mm.yyyy hh:mm",
                    "dd.MM.yyyy HH:MM",
                    "dd.mm.yyyy HH:MM",
                ],
                "%d.%m.%Y %H:%M",
            ),
            (
                &[
                    "YYYY-MM-DD HH:mm:ss",
                    "yyyy-mm-dd HH:MM:SS",
                    "yyyy-MM-dd HH:mm:ss.SSS",
                ],
                "%Y-%m-%d %H:%M:%S%.f",
            ),
            (
                &["MM/DD/YYYY hh:mm A", "mm/dd/yyyy h:mm a"],
                "%m/%d/%Y %I:%M %p",
            ),
            (&["D MMM YY", "d MMM yy"], "%d %b %y"),
            (&["YYYY-MM-DDTHH:mm:ssZ"], "%Y-%m-%dT%H:%M:%S%.f%:z"),
        ] {
            for format in formats {
                assert_eq!(pattern(format), expected, "{format}");
            }
        }
    }

    #[test]
    fn directives_of_strftime_are_taken() {
        for (format, expected) in [
            ("%m/%d/%Y", "%m/%d/%Y"),
            ("%d.%m.%Y %H:%M", "%d.%m.%Y %H:%M"),
            ("%F %T", "%Y-%m-%d %H:%M:%S%.f"),
            ("%Y-%m-%dT%H:%M:%S.%f%z", "%Y-%m-%dT%H:%M:%S%.f%z"),
            ("%-d %b %y, %I:%M %p", "%d %b %y, %I:%M %p"),
        ] {
            assert_eq!(pattern(format), expected, "{format}");
        }
    }

    #[test]
    fn what_could_mean_two_things_or_none_is_refused() {
        for format in [
            "",
            "q",
            "MM/DD",
            "mm/yyyy",
            "MM/DD/YYYY mm",
            "MM/dd/mm/yyyy",
            "dd/mm/mm/yyyy",
            "dd/dd/yyyy",
            "yyyy-mm-dd mm:ss",
            "yyyy-mm-dd ss",
            "%Y-%m",
            "%d.%m.%Y %M",
            "%Q-%Y-%m-%d",
            "%d.%m.YYYY",
            "%Y-%m-%d %H %H",
            "%Y-%m-%d %",
            "DD.MM.YYYY A",
        ] {
            assert!(DateFormat::parse(format).is_err(), "{format}");
        }
    }
}
