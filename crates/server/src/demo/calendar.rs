//! When things happen: on weekdays, in working hours, with seasons and growth, over two years until now.

use jiff::{civil::Weekday, tz::TimeZone};
use leadline_engine::time::Timestamp;

use super::dice::Dice;

const DAYS: i64 = 730;
const DAY: i64 = 86_400_000_000;
const HOUR: i64 = DAY / 24;
/// How busy each month is: holidays in summer, little in December.
const MONTHS: [f64; 12] = [
    0.80, 0.95, 1.15, 1.10, 1.05, 1.00, 0.70, 0.55, 1.15, 1.25, 1.15, 0.50,
];
/// Of a weekday's, what comes in on a day of the weekend.
const WEEKEND: f64 = 0.12;
/// The first day's share of the last one's: the team grows.
const FIRST: f64 = 0.55;

/// The two years of the story.
pub(super) struct Calendar {
    beginning: Timestamp,
    now: Timestamp,
    /// Each day with how much begins on it.
    days: Vec<(i64, f64)>,
}

impl Calendar {
    pub(super) fn until(now: Timestamp) -> Self {
        let today = now.micros().div_euclid(DAY) * DAY;
        let beginning = Timestamp::from_micros(today - DAYS * DAY);
        let weight = |day: i64| {
            let date = beginning
                .plus_micros(day * DAY)
                .to_jiff()
                .to_zoned(TimeZone::UTC);
            let growth = FIRST + (1.0 - FIRST) * day as f64 / DAYS as f64;
            let share = if is_weekend(date.weekday()) {
                WEEKEND
            } else {
                1.0
            };
            let season = MONTHS[usize::from(date.month().unsigned_abs()) - 1];
            (day, growth * share * season)
        };
        Self {
            beginning,
            now,
            days: (0..DAYS).map(weight).collect(),
        }
    }

    pub(super) fn beginning(&self) -> Timestamp {
        self.beginning
    }

    pub(super) fn now(&self) -> Timestamp {
        self.now
    }

    /// Some moment of the two years, as likely as the season is busy; seldom at night.
    pub(super) fn any(&self, dice: &mut Dice) -> Timestamp {
        let day = dice.weighted(&self.days);
        let hour = dice.weighted(&[
            (6, 1.0),
            (7, 4.0),
            (8, 9.0),
            (9, 12.0),
            (10, 12.0),
            (11, 9.0),
            (12, 7.0),
            (13, 10.0),
            (14, 11.0),
            (15, 9.0),
            (16, 6.0),
            (18, 2.0),
            (20, 2.0),
            (22, 1.0),
        ]);
        let within = dice.between(0, HOUR);
        self.beginning.plus_micros(day * DAY + hour * HOUR + within)
    }

    /// About that many working days later, at a moment when people work. May lie after now.
    pub(super) fn later(&self, from: Timestamp, days: f64, dice: &mut Dice) -> Timestamp {
        let whole_weeks = (days / 5.0).floor();
        let calendar_days = whole_weeks * 7.0 + (days - whole_weeks * 5.0);
        let raw = from.plus_micros((calendar_days * DAY as f64) as i64);
        self.at_work(raw, dice).max(from.plus_micros(HOUR / 4))
    }

    /// The same moment if people work then; else one of the next working day.
    fn at_work(&self, time: Timestamp, dice: &mut Dice) -> Timestamp {
        let into_day = time.micros().rem_euclid(DAY);
        let mut day = time.micros() - into_day;
        let mut moment = into_day;
        if !(7 * HOUR..16 * HOUR).contains(&into_day) {
            if into_day >= 16 * HOUR {
                day += DAY;
            }
            moment = 7 * HOUR + dice.between(0, 9 * HOUR);
        }
        while is_weekend(weekday(day)) {
            day += DAY;
        }
        Timestamp::from_micros(day + moment)
    }
}

/// Minutes as a step of time.
pub(super) fn minutes(minutes: i64) -> i64 {
    minutes * HOUR / 60
}

/// Days as a step of time.
pub(super) fn days(days: i64) -> i64 {
    days * DAY
}

fn weekday(day: i64) -> Weekday {
    Timestamp::from_micros(day)
        .to_jiff()
        .to_zoned(TimeZone::UTC)
        .weekday()
}

fn is_weekend(weekday: Weekday) -> bool {
    matches!(weekday, Weekday::Saturday | Weekday::Sunday)
}
