//! What leads become: accounts, contacts and deals; and the products that are sold.

use jiff::tz::TimeZone;
use leadline_engine::{ids::RecordId, ledger::Source, time::Timestamp, value::Value};

use super::{
    calendar::{Calendar, days, minutes},
    dice::Dice,
    doings::Subject,
    leads::{Lead, round},
    people::Company,
    records::{Act, Biography, Recorder, euros, option, text},
    team::Team,
};
use crate::service::error::ServiceError;

/// SKU, name, price in euros, description.
const PRODUCTS: [(&str, &str, i64, &str); 12] = [
    (
        "NW-100",
        "Route Planner",
        2_400,
        "Plans deliveries for up to 20 vehicles.",
    ),
    (
        "NW-110",
        "Route Planner Fleet",
        7_900,
        "Plans deliveries for any number of vehicles.",
    ),
    (
        "NW-200",
        "Cold Chain Monitor",
        1_150,
        "Sensors and alarms for refrigerated goods, for one truck.",
    ),
    (
        "NW-210",
        "Cold Chain Gateway",
        390,
        "Connects older sensors.",
    ),
    (
        "NW-300",
        "Warehouse Ledger",
        5_200,
        "Stock, batches and expiry dates for one site.",
    ),
    (
        "NW-310",
        "Warehouse Ledger Multi-site",
        14_500,
        "Stock across sites, with transfers.",
    ),
    (
        "NW-320",
        "Handheld Scanner",
        640,
        "Rugged scanner with two batteries.",
    ),
    (
        "NW-400",
        "Customs Desk",
        3_600,
        "Declarations for imports and exports.",
    ),
    ("NW-500", "Driver App", 18, "For one driver and month."),
    (
        "NW-900",
        "Onboarding",
        2_800,
        "Three days on site with your team.",
    ),
    ("NW-910", "Training day", 950, "For up to eight people."),
    (
        "NW-990",
        "Premium Support",
        4_400,
        "Answers within an hour, all year.",
    ),
];

/// Whom the story is about.
pub(super) struct Cast<'a> {
    pub(super) companies: &'a [Company],
    pub(super) leads: &'a [Lead],
    pub(super) products: &'a [RecordId],
    pub(super) team: &'a Team,
    pub(super) calendar: &'a Calendar,
}

/// Writes the products, whose prices went up once.
pub(super) async fn write_products(
    recorder: &mut Recorder<'_>,
    team: &Team,
    calendar: &Calendar,
    dice: &mut Dice,
) -> Result<Vec<RecordId>, ServiceError> {
    let mut writes = Vec::with_capacity(PRODUCTS.len());
    for (sku, name, price, description) in PRODUCTS {
        let mut biography = Biography::default();
        let begun = calendar.later(calendar.beginning(), dice.around(1.0), dice);
        let values = vec![
            ("sku", text(sku)),
            ("name", text(name)),
            ("price", euros(price)),
            ("description", text(description)),
            ("active", Value::Boolean(true)),
        ];
        biography.tell(Act::by(begun, team.owner()), values);
        let raised = calendar.beginning().plus_micros(days(365));
        let raised = calendar.later(raised, 1.0, dice);
        let price = vec![("price", euros(price + price / 20))];
        biography.tell(
            Act {
                source: Source::Bulk,
                ..Act::by(raised, team.manager())
            },
            price,
        );
        if sku == "NW-210" {
            let retired = calendar.beginning().plus_micros(days(600));
            let active = vec![("active", Value::Boolean(false))];
            biography.tell(Act::by(retired, team.owner()), active);
        }
        writes.push(biography.write(calendar.now()));
    }
    recorder.write("products", &writes).await
}

/// Writes accounts, then their contacts, then the deals with them; answers the deals.
pub(super) async fn write(
    recorder: &mut Recorder<'_>,
    cast: &Cast<'_>,
    dice: &mut Dice,
) -> Result<Vec<Subject>, ServiceError> {
    let accounts = write_accounts(recorder, cast, dice).await?;
    let converted: Vec<&Lead> = cast
        .leads
        .iter()
        .filter(|lead| lead.converted_at.is_some())
        .collect();
    let contacts = write_contacts(recorder, cast, &converted, &accounts, dice).await?;
    write_deals(recorder, cast, &converted, (&accounts, &contacts), dice).await
}

async fn write_accounts(
    recorder: &mut Recorder<'_>,
    cast: &Cast<'_>,
    dice: &mut Dice,
) -> Result<Vec<RecordId>, ServiceError> {
    let mut first_lead: Vec<Option<&Lead>> = vec![None; cast.companies.len()];
    for lead in cast.leads {
        let first = &mut first_lead[lead.company];
        if first.is_none_or(|first| lead.created_at < first.created_at) {
            *first = Some(lead);
        }
    }
    let mut writes = Vec::with_capacity(cast.companies.len());
    for (company, first) in cast.companies.iter().zip(first_lead) {
        let mut biography = Biography::default();
        let owner = first.map_or_else(|| cast.team.seller(dice).id, |lead| lead.owner);
        let begun = first.map_or_else(|| cast.calendar.any(dice), |lead| lead.created_at);
        let values = vec![
            ("name", text(company.name.clone())),
            ("domain", text(company.domain.clone())),
            ("industry", text(company.industry)),
            ("owner", Value::User(owner)),
        ];
        biography.tell(Act::by(begun, owner), values);
        if dice.chance(0.18) {
            let moved = cast.calendar.later(begun, dice.around(90.0), dice);
            let next = cast.team.seller(dice).id;
            let act = Act {
                source: Source::Bulk,
                ..Act::by(moved, cast.team.manager())
            };
            biography.tell(act, vec![("owner", Value::User(next))]);
        }
        writes.push(biography.write(cast.calendar.now()));
    }
    recorder.write("accounts", &writes).await
}

async fn write_contacts(
    recorder: &mut Recorder<'_>,
    cast: &Cast<'_>,
    converted: &[&Lead],
    accounts: &[RecordId],
    dice: &mut Dice,
) -> Result<Vec<RecordId>, ServiceError> {
    let mut writes = Vec::with_capacity(converted.len());
    for lead in converted {
        let Some(begun) = lead.converted_at else {
            continue;
        };
        let mut biography = Biography::default();
        let mut values = vec![
            ("first_name", text(lead.person.first_name)),
            ("last_name", text(lead.person.last_name)),
            ("email", text(lead.person.email.clone())),
            ("account", Value::Record(accounts[lead.company])),
            ("lead", Value::Record(lead.id)),
            ("owner", Value::User(lead.owner)),
            ("stage", option("prospect")),
        ];
        if dice.chance(0.8) {
            values.push(("phone", text(lead.person.phone.clone())));
        }
        biography.tell(Act::by(begun, lead.owner), values);
        let mut time = begun;
        for (stage, wait, probability) in [
            ("engaged", 4.0, 0.85),
            ("customer", 25.0, 0.6),
            ("former", 180.0, 0.15),
        ] {
            if !dice.chance(probability) {
                break;
            }
            time = cast.calendar.later(time, dice.around(wait), dice);
            let stage = vec![("stage", option(stage))];
            biography.tell(Act::by(time, lead.owner), stage);
        }
        writes.push(biography.write(cast.calendar.now()));
    }
    recorder.write("contacts", &writes).await
}

async fn write_deals(
    recorder: &mut Recorder<'_>,
    cast: &Cast<'_>,
    converted: &[&Lead],
    (accounts, contacts): (&[RecordId], &[RecordId]),
    dice: &mut Dice,
) -> Result<Vec<Subject>, ServiceError> {
    let mut writes = Vec::new();
    let mut deals = Vec::new();
    for (lead, contact) in converted.iter().zip(contacts) {
        let Some(converted_at) = lead.converted_at else {
            continue;
        };
        let mut begun = converted_at.plus_micros(minutes(1));
        // Good customers buy again.
        for _ in 0..3 {
            if begun > cast.calendar.now() {
                break;
            }
            let product = dice.between(0, cast.products.len() as i64) as usize;
            let name = format!(
                "{}: {}",
                cast.companies[lead.company].name, PRODUCTS[product].1
            );
            let links = vec![
                ("name", text(name)),
                ("account", Value::Record(accounts[lead.company])),
                ("contact", Value::Record(*contact)),
            ];
            let (biography, ended) = tell_deal(cast, lead, begun, links, dice);
            writes.push(biography.write(cast.calendar.now()));
            deals.push(Subject {
                object: "deals",
                id: RecordId::default(),
                owner: lead.owner,
                begun,
            });
            begun = cast.calendar.later(ended, dice.around(60.0), dice);
            if !dice.chance(0.35) {
                break;
            }
        }
    }
    let ids = recorder.write("deals", &writes).await?;
    for (deal, id) in deals.iter_mut().zip(ids) {
        deal.id = id;
    }
    Ok(deals)
}

fn tell_deal(
    cast: &Cast<'_>,
    lead: &Lead,
    begun: Timestamp,
    links: Vec<(&str, Value)>,
    dice: &mut Dice,
) -> (Biography, Timestamp) {
    let mut biography = Biography::default();
    let mut amount = round(dice.around(lead.amount.max(500) as f64));
    let closing = |time: Timestamp, in_days: i64| {
        let day = time
            .plus_micros(days(in_days))
            .to_jiff()
            .to_zoned(TimeZone::UTC);
        ("close_date", Value::Date(day.date()))
    };
    let mut values = links;
    values.extend([
        ("amount", euros(amount)),
        ("stage", option("prospecting")),
        ("owner", Value::User(lead.owner)),
        closing(begun, dice.between(30, 90)),
    ]);
    biography.tell(Act::by(begun, lead.owner), values);
    let mut time = begun;
    let mut stage = "prospecting";
    for _ in 0..8 {
        let ways: &[(Option<(&str, f64)>, f64)] = match stage {
            "prospecting" => &[
                (Some(("engaging", 5.0)), 80.0),
                (Some(("lost", 12.0)), 12.0),
                (None, 8.0),
            ],
            "engaging" => &[
                (Some(("proposal", 9.0)), 68.0),
                (Some(("lost", 18.0)), 20.0),
                (None, 12.0),
            ],
            "proposal" => &[
                (Some(("won", 11.0)), 54.0),
                (Some(("lost", 16.0)), 26.0),
                (Some(("engaging", 8.0)), 12.0),
                (None, 8.0),
            ],
            _ => break,
        };
        let Some((next, wait)) = dice.weighted(ways) else {
            break;
        };
        time = cast.calendar.later(time, dice.around(wait), dice);
        let mut values = vec![("stage", option(next))];
        if next == "proposal" {
            amount = round(dice.around(amount as f64));
            values.push(("amount", euros(amount)));
        }
        match next {
            "won" | "lost" => values.push(closing(time, 0)),
            _ if dice.chance(0.4) => values.push(closing(time, dice.between(15, 60))),
            _ => {}
        }
        biography.tell(Act::by(time, lead.owner), values);
        stage = next;
    }
    (biography, time)
}
