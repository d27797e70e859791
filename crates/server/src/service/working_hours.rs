//! When the people of a workspace work: what may be said, and what reports on the clock `working` make of it.

use std::collections::BTreeSet;

use jiff::tz::TimeZone;
use leadline_engine::{error::FieldError, time::parse_date};
use leadline_store::workspaces::Workspace;
use leadline_timeline::WorkingHours as Clock;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::error::ServiceError;

/// Most shifts of a week.
const MAX_SHIFTS: usize = 70;
/// Most holidays.
const MAX_HOLIDAYS: usize = 2_000;
/// Midnight at the end of a day.
const END_OF_DAY: &str = "24:00";

/// When people work: the shifts of a week, and the days on which there are none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"shifts": [{"day": "monday", "from": "09:00", "to": "12:30"}, {"day": "monday", "from": "13:00", "to": "17:00"}], "holidays": ["2026-12-25"]}))]
pub struct WorkingHours {
    /// At least one; those of a day do not overlap.
    pub shifts: Vec<Shift>,
    /// Days without work.
    #[serde(default)]
    #[schema(value_type = Vec<String>, example = json!(["2026-12-25"]))]
    pub holidays: Vec<String>,
}

/// A stretch of work, the same every week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Shift {
    /// On which day.
    pub day: Weekday,
    /// `HH:MM`, on the clocks of the report's time zone.
    #[schema(example = "09:00")]
    pub from: String,
    /// `HH:MM`, out again; up to `24:00`.
    #[schema(example = "17:00")]
    pub to: String,
}

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each variant is the day of the same name")]
pub enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl Default for WorkingHours {
    /// Monday to Friday, 09:00 to 17:00.
    fn default() -> Self {
        use Weekday::{Friday, Monday, Thursday, Tuesday, Wednesday};
        let shift = |day| Shift {
            day,
            from: "09:00".to_owned(),
            to: "17:00".to_owned(),
        };
        Self {
            shifts: [Monday, Tuesday, Wednesday, Thursday, Friday]
                .map(shift)
                .into(),
            holidays: Vec::new(),
        }
    }
}

impl WorkingHours {
    /// The workspace's own, or the usual ones.
    ///
    /// # Errors
    /// `Internal` when what is kept cannot be read.
    pub fn of(workspace: &Workspace) -> Result<Self, ServiceError> {
        match &workspace.working_hours {
            None => Ok(Self::default()),
            Some(json) => {
                Self::deserialize(json).map_err(|error| ServiceError::Internal(error.to_string()))
            }
        }
    }

    /// In order of day and time, holidays in order and once each; and what is wrong with them.
    pub(super) fn judged(mut self, pointer: &str) -> (Self, Vec<FieldError>) {
        let mut errors = Vec::new();
        for (index, shift) in self.shifts.iter().enumerate() {
            let at = |field: &str| format!("{pointer}/shifts/{index}/{field}");
            let [from, to] = [("from", &shift.from), ("to", &shift.to)].map(|(field, text)| {
                let found = minutes(text).filter(|_| field == "to" || text != END_OF_DAY);
                if found.is_none() {
                    let message = "must be a time of day such as 09:00";
                    errors.push(FieldError::new(at(field), "INVALID_TIME", message));
                }
                found
            });
            if from.zip(to).is_some_and(|(from, to)| from >= to) {
                let message = "must be later than from";
                errors.push(FieldError::new(at("to"), "INVALID_RANGE", message));
            }
        }
        errors.extend(self.wrong_lists(pointer));
        if errors.is_empty() {
            errors.extend(self.overlaps(pointer));
        }
        self.shifts
            .sort_by(|left, right| (left.day, &left.from).cmp(&(right.day, &right.from)));
        self.holidays.sort();
        self.holidays.dedup();
        (self, errors)
    }

    fn wrong_lists(&self, pointer: &str) -> Vec<FieldError> {
        let mut errors = Vec::new();
        let shifts = format!("{pointer}/shifts");
        if self.shifts.is_empty() {
            let message = "must name at least one shift";
            errors.push(FieldError::new(shifts, "REQUIRED", message));
        } else if self.shifts.len() > MAX_SHIFTS {
            let message = format!("must be at most {MAX_SHIFTS} shifts");
            errors.push(FieldError::new(shifts, "TOO_MANY", message));
        }
        if self.holidays.len() > MAX_HOLIDAYS {
            let message = format!("must be at most {MAX_HOLIDAYS} days");
            let holidays = format!("{pointer}/holidays");
            errors.push(FieldError::new(holidays, "TOO_MANY", message));
        }
        for (index, day) in self.holidays.iter().enumerate() {
            if parse_date(day).is_err() {
                let message = "must be a day such as 2026-12-25";
                let holiday = format!("{pointer}/holidays/{index}");
                errors.push(FieldError::new(holiday, "INVALID_DATE", message));
            }
        }
        errors
    }

    fn overlaps(&self, pointer: &str) -> Vec<FieldError> {
        let overlaps = |shift: &Shift, other: &Shift| {
            shift.day == other.day && shift.from < other.to && other.from < shift.to
        };
        let shifts = self.shifts.iter().enumerate();
        shifts
            .filter(|(index, shift)| {
                let earlier = &self.shifts[..*index];
                earlier.iter().any(|other| overlaps(shift, other))
            })
            .map(|(index, _)| {
                let pointer = format!("{pointer}/shifts/{index}");
                FieldError::new(pointer, "OVERLAPPING", "overlaps another shift of its day")
            })
            .collect()
    }

    /// As reports count by them, on the clocks of a zone.
    pub(super) fn clock(&self, zone: &TimeZone) -> Clock {
        let mut week: [Vec<(u16, u16)>; 7] = Default::default();
        for shift in &self.shifts {
            if let Some(range) = minutes(&shift.from).zip(minutes(&shift.to)) {
                week[shift.day as usize].push(range);
            }
        }
        week.iter_mut().for_each(|day| day.sort_unstable());
        let holidays = self.holidays.iter();
        let holidays: BTreeSet<_> = holidays.filter_map(|day| parse_date(day).ok()).collect();
        Clock {
            zone: zone.clone(),
            week,
            holidays,
        }
    }
}

/// Minutes since midnight of `HH:MM`.
fn minutes(text: &str) -> Option<u16> {
    let (hour, minute) = text.split_once(':')?;
    let is_number = |part: &str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(hour) || !is_number(minute) {
        return None;
    }
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    let is_time = (hour < 24 && minute < 60) || (hour, minute) == (24, 0);
    is_time.then_some(hour * 60 + minute)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours(shifts: &[(Weekday, &str, &str)], holidays: &[&str]) -> WorkingHours {
        let shift = |(day, from, to): &(Weekday, &str, &str)| Shift {
            day: *day,
            from: (*from).to_owned(),
            to: (*to).to_owned(),
        };
        WorkingHours {
            shifts: shifts.iter().map(shift).collect(),
            holidays: holidays.iter().map(|day| (*day).to_owned()).collect(),
        }
    }

    #[test]
    fn shifts_and_holidays_come_in_order() {
        use Weekday::{Monday, Sunday};
        let said = hours(
            &[
                (Sunday, "10:00", "24:00"),
                (Monday, "13:00", "17:00"),
                (Monday, "09:00", "13:00"),
            ],
            &["2026-12-26", "2026-12-25", "2026-12-26"],
        );
        let (ordered, errors) = said.judged("");
        assert_eq!(errors, []);
        let expected = hours(
            &[
                (Monday, "09:00", "13:00"),
                (Monday, "13:00", "17:00"),
                (Sunday, "10:00", "24:00"),
            ],
            &["2026-12-25", "2026-12-26"],
        );
        assert_eq!(ordered, expected);
        let clock = ordered.clock(&TimeZone::UTC);
        assert_eq!(clock.week[0], [(540, 780), (780, 1020)]);
        assert_eq!(clock.week[6], [(600, 1440)]);
        assert_eq!(clock.holidays.len(), 2);
    }

    #[test]
    fn everything_that_is_wrong_is_said_at_once() {
        use Weekday::{Friday, Monday};
        let said = hours(
            &[
                (Monday, "9:00", "25:00"),
                (Friday, "24:00", "24:00"),
                (Friday, "10:00", "09:00"),
            ],
            &["2026-02-30"],
        );
        let (_, errors) = said.judged("/workingHours");
        let found: Vec<_> = errors
            .iter()
            .map(|error| (error.pointer.as_str(), error.code.as_ref()))
            .collect();
        assert_eq!(
            found,
            [
                ("/workingHours/shifts/0/from", "INVALID_TIME"),
                ("/workingHours/shifts/0/to", "INVALID_TIME"),
                ("/workingHours/shifts/1/from", "INVALID_TIME"),
                ("/workingHours/shifts/2/to", "INVALID_RANGE"),
                ("/workingHours/holidays/0", "INVALID_DATE"),
            ]
        );
        let twice = hours(
            &[(Monday, "09:00", "12:00"), (Monday, "11:59", "13:00")],
            &[],
        );
        let (_, errors) = twice.judged("");
        assert_eq!(errors[0].code, "OVERLAPPING");
        let (_, errors) = hours(&[], &[]).judged("");
        assert_eq!(errors[0].code, "REQUIRED");
    }
}
