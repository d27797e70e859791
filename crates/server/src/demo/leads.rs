//! The leads: where they come from, who works on them, and how they go through the stages, back again, or nowhere.

use leadline_engine::{
    ids::{AccountId, RecordId},
    ledger::Source,
    spans::Statement,
    time::Timestamp,
    value::Value,
};

use super::{
    calendar::{Calendar, days, minutes},
    dice::Dice,
    people::{Company, Person},
    records::{Act, Biography, Recorder, euros, option, text},
    team::{Seller, Team, user},
};
use crate::service::{
    error::ServiceError,
    records::{Action, Target, Write},
};

const LEADS: usize = 2_000;
/// What an opened lead's amount is like, in euros.
const AMOUNT: f64 = 9_000.0;

/// A lead that became a customer, or did not.
pub(super) struct Lead {
    pub(super) id: RecordId,
    pub(super) company: usize,
    pub(super) person: Person,
    pub(super) owner: AccountId,
    pub(super) amount: i64,
    pub(super) created_at: Timestamp,
    pub(super) converted_at: Option<Timestamp>,
}

/// What becomes of a lead after it was told.
struct Afterwards {
    /// It was qualified at the second time, but said so only at the first.
    qualified: Option<(Timestamp, Timestamp)>,
    archived_at: Option<Timestamp>,
}

/// Writes all leads.
pub(super) async fn write(
    recorder: &mut Recorder<'_>,
    team: &Team,
    calendar: &Calendar,
    companies: &[Company],
    dice: &mut Dice,
) -> Result<Vec<Lead>, ServiceError> {
    let mut leads = Vec::with_capacity(LEADS);
    let mut writes = Vec::with_capacity(LEADS);
    let mut afterwards = Vec::with_capacity(LEADS);
    for _ in 0..LEADS {
        let company = dice.between(0, companies.len() as i64) as usize;
        let told = Telling::new(team, calendar, &companies[company], dice).tell(dice);
        let (biography, lead, after) = told;
        leads.push(Lead { company, ..lead });
        writes.push(biography.write(calendar.now()));
        afterwards.push(after);
    }
    let ids = recorder.write("leads", &writes).await?;
    for (lead, id) in leads.iter_mut().zip(&ids) {
        lead.id = *id;
    }
    let stage = recorder
        .schema()
        .object("leads")
        .and_then(|leads| leads.property("stage"))
        .cloned()
        .ok_or(ServiceError::NotFound)?;
    let mut later = Vec::new();
    for (lead, after) in leads.iter().zip(afterwards) {
        if let Some((_, before)) = after.qualified {
            let action = Action::Correct {
                property: stage.clone(),
                statements: vec![Statement {
                    value: Some(option("qualified")),
                    valid_from: before,
                    valid_to: None,
                    origin: None,
                }],
            };
            later.push(Write {
                actor: Some(user(lead.owner)),
                source: Some(Source::User),
                reason: Some("Qualified on the phone, noted only afterwards".to_owned()),
                ..Write::new(Target::Id(lead.id), action)
            });
        }
        if let Some(archived_at) = after.archived_at {
            later.push(Write {
                actor: Some(user(team.manager())),
                source: Some(Source::Bulk),
                valid_from: Some(archived_at),
                reason: Some("Cold leads put away".to_owned()),
                ..Write::new(Target::Id(lead.id), Action::Archive(true))
            });
        }
    }
    recorder.write("leads", &later).await?;
    Ok(leads)
}

/// A lead while it is told.
struct Telling<'a> {
    team: &'a Team,
    calendar: &'a Calendar,
    company: &'a Company,
    person: Person,
    seller: Seller,
    biography: Biography,
    time: Timestamp,
    amount: i64,
}

impl<'a> Telling<'a> {
    fn new(team: &'a Team, calendar: &'a Calendar, company: &'a Company, dice: &mut Dice) -> Self {
        Self {
            team,
            calendar,
            company,
            person: company.person(dice),
            seller: team.seller(dice),
            biography: Biography::default(),
            time: calendar.any(dice),
            amount: 0,
        }
    }

    fn tell(mut self, dice: &mut Dice) -> (Biography, Lead, Afterwards) {
        let created_at = self.time;
        self.arrive(dice);
        let mut after = Afterwards {
            qualified: None,
            archived_at: None,
        };
        let mut stage = "new";
        let mut contacted_at = None;
        let mut converted_at = None;
        // At most four times round: nobody calls for ever.
        for _ in 0..9 {
            let Some((next, wait)) = next_stage(stage, dice) else {
                break;
            };
            self.time = self
                .calendar
                .later(self.time, dice.around(wait * self.seller.pace), dice);
            if self.time > self.calendar.now() {
                break;
            }
            self.enter(next, dice);
            match next {
                "contacted" => contacted_at = Some(self.time),
                "qualified" => {
                    let middle = contacted_at.map(|from| midway(from, self.time));
                    after.qualified = middle
                        .filter(|_| dice.chance(0.06))
                        .map(|middle| (self.time, middle));
                }
                "converted" => converted_at = Some(self.time),
                _ => {}
            }
            stage = next;
            self.interlude(dice);
        }
        if matches!(stage, "disqualified") && dice.chance(0.3) {
            let archived_at = self.time.plus_micros(days(dice.between(30, 120)));
            after.archived_at = Some(archived_at).filter(|time| *time < self.calendar.now());
        }
        let lead = Lead {
            id: RecordId::default(),
            company: 0,
            person: self.person,
            owner: self.seller.id,
            amount: self.amount,
            created_at,
            converted_at,
        };
        (self.biography, lead, after)
    }

    fn arrive(&mut self, dice: &mut Dice) {
        let (origin, source) = dice.weighted(&[
            (("Website", Source::Api), 34.0),
            (("Advertising", Source::Api), 14.0),
            (("Referral", Source::User), 15.0),
            (("Outbound", Source::User), 13.0),
            (("Event", Source::Import), 13.0),
            (("Partner", Source::Api), 8.0),
            (("Other", Source::User), 3.0),
        ]);
        let by_hand = source == Source::User;
        let act = if by_hand {
            Act::by(self.time, self.seller.id)
        } else {
            Act::system(self.time, source)
        };
        let Person {
            first_name,
            last_name,
            email,
            phone,
        } = &self.person;
        let mut values = vec![
            ("name", text(format!("{first_name} {last_name}"))),
            ("email", text(email.clone())),
            ("company", text(self.company.name.clone())),
            ("source", text(origin)),
            ("city", text(self.company.city)),
            ("country", text(self.company.country)),
            ("stage", option("new")),
        ];
        if dice.chance(0.7) {
            values.push(("phone", text(phone.clone())));
        }
        if by_hand {
            values.push(("owner", Value::User(self.seller.id)));
        }
        self.biography.tell(act, values);
        if !by_hand {
            // A rule hands out what comes in by itself, some of it late.
            let wait = if dice.chance(0.85) {
                minutes(dice.between(1, 30))
            } else {
                minutes(dice.between(300, 3_000))
            };
            let act = Act::system(self.time.plus_micros(wait), Source::Automation);
            let owner = vec![("owner", Value::User(self.seller.id))];
            self.biography.tell(act, owner);
            self.time = act.time;
        }
    }

    fn enter(&mut self, stage: &str, dice: &mut Dice) {
        let mut values = vec![("stage", option(stage))];
        if stage == "qualified" && self.amount == 0 {
            self.amount = round(dice.around(AMOUNT * self.company.size));
            values.push(("amount", euros(self.amount)));
        }
        let by_rule = stage == "disqualified" && dice.chance(0.25);
        let act = if by_rule {
            Act::system(self.time, Source::Automation)
        } else {
            Act::by(self.time, self.seller.id)
        };
        self.biography.tell(act, values);
    }

    /// What happens between two stages: another owner, another amount, a number that was missing.
    fn interlude(&mut self, dice: &mut Dice) {
        if dice.chance(0.07) {
            self.time = self.calendar.later(self.time, dice.around(1.5), dice);
            let next = self.team.seller(dice);
            self.seller = next;
            let act = Act {
                source: if dice.chance(0.5) {
                    Source::Bulk
                } else {
                    Source::User
                },
                ..Act::by(self.time, self.team.manager())
            };
            let owner = vec![("owner", Value::User(next.id))];
            self.biography.tell(act, owner);
        }
        if self.amount > 0 && dice.chance(0.3) {
            self.time = self.calendar.later(self.time, dice.around(2.0), dice);
            self.amount = round(dice.around(self.amount as f64));
            let act = Act::by(self.time, self.seller.id);
            let amount = vec![("amount", euros(self.amount))];
            self.biography.tell(act, amount);
        }
        if dice.chance(0.08) {
            self.time = self.calendar.later(self.time, dice.around(0.5), dice);
            let phone = self.company.person(dice).phone;
            let act = Act::by(self.time, self.seller.id);
            self.biography.tell(act, vec![("phone", text(phone))]);
        }
    }
}

/// Where a lead goes next and about how many working days later; `None` if it stays where it is.
fn next_stage(stage: &str, dice: &mut Dice) -> Option<(&'static str, f64)> {
    let ways: &[(Option<(&str, f64)>, f64)] = match stage {
        "new" => &[
            (Some(("contacted", 0.9)), 84.0),
            (Some(("disqualified", 6.0)), 11.0),
            (None, 5.0),
        ],
        "contacted" => &[
            (Some(("qualified", 6.0)), 48.0),
            (Some(("disqualified", 15.0)), 34.0),
            // Tried again from the beginning.
            (Some(("new", 10.0)), 6.0),
            (None, 12.0),
        ],
        "qualified" => &[
            (Some(("converted", 12.0)), 50.0),
            (Some(("contacted", 9.0)), 14.0),
            (Some(("disqualified", 22.0)), 26.0),
            (None, 10.0),
        ],
        // Some come back after months.
        "disqualified" => &[(Some(("contacted", 90.0)), 4.0), (None, 96.0)],
        _ => return None,
    };
    dice.weighted(ways)
}

fn midway(from: Timestamp, to: Timestamp) -> Timestamp {
    Timestamp::from_micros(from.micros() + (to.micros() - from.micros()) / 2)
}

/// People state amounts in hundreds, large ones in thousands.
pub(super) fn round(amount: f64) -> i64 {
    let step = if amount > 20_000.0 { 1_000.0 } else { 100.0 };
    ((amount / step).round().max(1.0) * step) as i64
}
