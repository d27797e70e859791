//! What the team did, wrote down and has still to do about leads and deals: activities, notes and tasks.
//!
//! Their dice are their own, so that the rest of the story is the same with and without them.

use leadline_engine::{
    ids::{AccountId, RecordId},
    time::Timestamp,
    value::Value,
};
use rust_decimal::Decimal;

use super::{
    calendar::{Calendar, days, minutes},
    dice::Dice,
    records::{Act, Biography, Link, Recorder, option, text},
    team::Team,
};
use crate::service::error::ServiceError;

/// What is older than this was worked on long ago, and little of that was written down.
const RECENT_DAYS: i64 = 150;
/// About what is older than this, nothing is left to be done.
const FRESH_DAYS: i64 = 45;

/// Subject, what was said, and how it ended.
const CALLS: [(&str, &str, &str); 6] = [
    (
        "Introduction",
        "Plans **routes by hand** today, in a spreadsheet. Wants to see the planner with their own data.",
        "connected",
    ),
    (
        "Questions about the price",
        "Compares us with one other vendor. Asked for a price *per vehicle*.",
        "connected",
    ),
    ("Tried to reach them", "", "no_answer"),
    (
        "Left a message",
        "Asked them to call back this week.",
        "left_message",
    ),
    (
        "Requirements",
        "- two depots\n- 35 vehicles in summer\n- drivers without company phones",
        "connected",
    ),
    (
        "Follow-up",
        "Liked the offer. Has to ask their accountant.",
        "connected",
    ),
];
const MAILS: [(&str, &str); 4] = [
    (
        "Brochure",
        "Sent the brochure and two references from their industry.",
    ),
    ("Offer", "Sent the offer. It is valid for 30 days."),
    ("Thanks for the talk", "Summed up what we agreed on."),
    ("Dates for a demonstration", "Offered three dates."),
];
const MEETINGS: [(&str, &str); 3] = [
    (
        "Demonstration",
        "Showed planner and driver app. They want a trial with **one depot**.",
    ),
    (
        "Visit on site",
        "Saw the loading bay. Barcodes are there already.",
    ),
    (
        "Contract",
        "Went through the contract. Legal asks for a clause about *data location*.",
    ),
];
const NOTES: [&str; 6] = [
    "Decides in **spring**, together with their accountant.",
    "Prefers e-mail. Never before ten in the morning.",
    "Contract with their present vendor ends in *six months*.",
    "Two people decide:\n- the head of logistics\n- the owner",
    "Was recommended by a customer of ours.",
    "Budget is there, time is not: **short trainings**.",
];
const TASKS: [(&str, &str); 7] = [
    ("Call back", "normal"),
    ("Send the offer", "high"),
    ("Prepare the demonstration", "normal"),
    ("Ask for a reference", "low"),
    ("Clarify the data location with legal", "high"),
    ("Send the minutes of the meeting", "normal"),
    ("Check whether they got the brochure", "low"),
];

/// A record that something was done about.
pub(super) struct Subject {
    pub(super) object: &'static str,
    pub(super) id: RecordId,
    pub(super) owner: AccountId,
    pub(super) begun: Timestamp,
}

/// What was done, by object.
#[derive(Default)]
struct Doings<'s> {
    activities: Vec<Doing<'s>>,
    notes: Vec<Doing<'s>>,
    tasks: Vec<Doing<'s>>,
}

/// Something that was done about a record.
struct Doing<'s> {
    begun: Timestamp,
    biography: Biography,
    about: &'s Subject,
}

/// Writes what was done about these records.
pub(super) async fn write(
    recorder: &mut Recorder<'_>,
    team: &Team,
    calendar: &Calendar,
    subjects: &[Subject],
    dice: &mut Dice,
) -> Result<(), ServiceError> {
    let mut doings = Doings::default();
    for subject in subjects {
        doings.tell(subject, team, calendar, dice);
    }
    for (object, doings) in [
        ("activities", doings.activities),
        ("notes", doings.notes),
        ("tasks", doings.tasks),
    ] {
        record(recorder, calendar, object, doings).await?;
    }
    Ok(())
}

async fn record(
    recorder: &mut Recorder<'_>,
    calendar: &Calendar,
    object: &str,
    doings: Vec<Doing<'_>>,
) -> Result<(), ServiceError> {
    let mut writes = Vec::with_capacity(doings.len());
    let mut links = Vec::with_capacity(doings.len());
    for doing in doings {
        writes.push(doing.biography.write(calendar.now()));
        links.push((doing.begun, doing.about));
    }
    let ids = recorder.write(object, &writes).await?;
    for (id, (begun, about)) in ids.into_iter().zip(links) {
        let link = Link {
            from: (object, id),
            to: (about.object, about.id),
            linked_at: begun,
            linked_by: about.owner,
        };
        recorder.link(link).await?;
    }
    Ok(())
}

impl<'s> Doings<'s> {
    fn tell(&mut self, about: &'s Subject, team: &Team, calendar: &Calendar, dice: &mut Dice) {
        let age = calendar.now().micros() - about.begun.micros();
        let is_recent = age < days(RECENT_DAYS);
        let count = if is_recent {
            dice.weighted(&[(0, 2.0), (1, 4.0), (2, 3.0), (4, 1.0)])
        } else {
            dice.weighted(&[(0, 6.0), (1, 3.0), (3, 1.0)])
        };
        let mut time = about.begun;
        for _ in 0..count {
            time = calendar.later(time, dice.around(3.0), dice);
            let biography = tell_activity(time, about.owner, dice);
            keep(&mut self.activities, calendar, (time, biography), about);
            if dice.chance(0.35) {
                let written = time.plus_micros(minutes(dice.between(5, 120)));
                let biography = tell_note(written, about.owner, dice);
                keep(&mut self.notes, calendar, (written, biography), about);
            }
        }
        let planned = calendar.later(time, dice.around(0.5), dice);
        if age < days(FRESH_DAYS) {
            if dice.chance(0.3) {
                let assignee = if dice.chance(0.25) {
                    team.owner()
                } else {
                    about.owner
                };
                let biography = tell_open_task((planned, about.owner), assignee, calendar, dice);
                keep(&mut self.tasks, calendar, (planned, biography), about);
            }
        } else if dice.chance(if is_recent { 0.3 } else { 0.1 }) {
            let biography = tell_done_task(planned, about.owner, calendar, dice);
            keep(&mut self.tasks, calendar, (planned, biography), about);
        }
    }
}

/// What has not begun yet is left out.
fn keep<'s>(
    doings: &mut Vec<Doing<'s>>,
    calendar: &Calendar,
    (begun, biography): (Timestamp, Biography),
    about: &'s Subject,
) {
    if begun <= calendar.now() {
        doings.push(Doing {
            begun,
            biography,
            about,
        });
    }
}

fn tell_activity(time: Timestamp, owner: AccountId, dice: &mut Dice) -> Biography {
    let mut values = vec![
        ("occurred_at", Value::Datetime(time)),
        ("owner", Value::User(owner)),
    ];
    let (kind, subject, body, length) =
        match dice.weighted(&[("call", 55.0), ("email", 30.0), ("meeting", 15.0)]) {
            "call" => {
                let (subject, body, outcome) = *dice.pick(&CALLS);
                values.push(("outcome", option(outcome)));
                values.push(("direction", option("outbound")));
                let length = (outcome == "connected").then(|| dice.between(3, 26));
                ("call", subject, body, length)
            }
            "email" => {
                let (subject, body) = *dice.pick(&MAILS);
                values.push(("direction", option("outbound")));
                ("email", subject, body, None)
            }
            _ => {
                let (subject, body) = *dice.pick(&MEETINGS);
                let length = dice.between(2, 6) * 15;
                ("meeting", subject, body, Some(length))
            }
        };
    values.push(("kind", option(kind)));
    values.push(("subject", text(subject)));
    if !body.is_empty() {
        values.push(("body", text(body)));
    }
    if let Some(length) = length {
        values.push(("duration_minutes", Value::Number(Decimal::from(length))));
    }
    told(Act::by(time, owner), values)
}

fn tell_note(time: Timestamp, owner: AccountId, dice: &mut Dice) -> Biography {
    told(
        Act::by(time, owner),
        vec![("body", text(*dice.pick(&NOTES)))],
    )
}

/// A task that is due in these days.
fn tell_open_task(
    (time, owner): (Timestamp, AccountId),
    assignee: AccountId,
    calendar: &Calendar,
    dice: &mut Dice,
) -> Biography {
    let (title, priority) = *dice.pick(&TASKS);
    let from = calendar.now().plus_micros(-days(4));
    let in_days = dice.between(0, 14) as f64;
    let due_at = half_hour(
        calendar
            .later(from, in_days, dice)
            .max(time.plus_micros(minutes(60))),
    );
    let mut values = vec![
        ("title", text(title)),
        ("priority", option(priority)),
        ("assignee", Value::User(assignee)),
        ("due_at", Value::Datetime(due_at)),
    ];
    // Who looks at the demonstration is not met by a reminder.
    if assignee == owner && dice.chance(0.2) {
        let remind_at = due_at.plus_micros(-minutes(60));
        values.push(("remind_at", Value::Datetime(remind_at)));
    }
    told(Act::by(time, owner), values)
}

fn tell_done_task(
    time: Timestamp,
    owner: AccountId,
    calendar: &Calendar,
    dice: &mut Dice,
) -> Biography {
    let (title, priority) = *dice.pick(&TASKS);
    let due_at = half_hour(calendar.later(time, 3.0, dice));
    let done_at = calendar.later(time, dice.around(2.5), dice);
    let values = vec![
        ("title", text(title)),
        ("priority", option(priority)),
        ("assignee", Value::User(owner)),
        ("due_at", Value::Datetime(due_at)),
    ];
    let mut biography = told(Act::by(time, owner), values);
    let done = vec![("done_at", Value::Datetime(done_at))];
    biography.tell(Act::by(done_at, owner), done);
    biography
}

fn told(act: Act, values: Vec<(&str, Value)>) -> Biography {
    let mut biography = Biography::default();
    biography.tell(act, values);
    biography
}

/// People choose such times.
fn half_hour(time: Timestamp) -> Timestamp {
    let step = minutes(30);
    Timestamp::from_micros(time.micros().div_euclid(step) * step)
}
