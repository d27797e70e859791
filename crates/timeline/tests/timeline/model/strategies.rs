//! Random worlds, filters and orders: few values and few hours, so that everything meets everything.

use leadline_engine::{
    filter::{Condition, Filter, Needle, Reach, Sort, Subject, Test, TimeRange},
    ids::RecordId,
    ledger::Source,
    schema::PropertyType,
    text::fold,
    value::{Currency, Money, Value, parse_decimal},
};
use leadline_timeline::Moment;
use proptest::prelude::*;

use super::{
    ACCOUNT_PROPERTIES, HOUR, LEAD_PROPERTIES, Lead, STAGES, TestSchema, World, hour, uuid,
};

/// Worlds last so many hours.
pub(crate) const HOURS: i64 = 30;

/// A value of a type, one of five.
pub(crate) fn value(kind: PropertyType, n: u8) -> Value {
    let n = n % 5;
    let texts = ["Ada", "ádá", "Ada Ltd", "Zoë", "bob@x.org"];
    match kind {
        PropertyType::Text
        | PropertyType::LongText
        | PropertyType::Email
        | PropertyType::Phone
        | PropertyType::Url => Value::Text(texts[n as usize].to_owned()),
        PropertyType::Number => {
            Value::Number(parse_decimal(["-1", "0", "2.5", "10", "9.99"][n as usize]).unwrap())
        }
        PropertyType::Money => Value::Money(Money {
            amount: parse_decimal(["5", "12.5", "100", "5", "7"][n as usize]).unwrap(),
            currency: Currency::parse(["EUR", "EUR", "EUR", "USD", "USD"][n as usize]).unwrap(),
        }),
        PropertyType::Boolean => Value::Boolean(n.is_multiple_of(2)),
        PropertyType::Date => Value::Date(jiff::civil::date(2026, 1, 1 + n as i8)),
        PropertyType::Datetime => Value::Datetime(hour(i64::from(n))),
        PropertyType::Select | PropertyType::Stage => {
            Value::Option(STAGES.get(n as usize).unwrap_or(&"gone").to_string())
        }
        PropertyType::MultiSelect => {
            let sets: [&[&str]; 5] = [&["a"], &["b"], &["a", "b"], &["c"], &["a", "c"]];
            Value::Options(sets[n as usize].iter().map(|o| (*o).to_owned()).collect())
        }
        PropertyType::User => Value::User(uuid(2, n).into()),
        PropertyType::Record => Value::Record(account_id(n)),
    }
}

/// Accounts 0 to 3 exist in some worlds, 4 in none.
pub(crate) fn account_id(n: u8) -> RecordId {
    uuid(3, n).into()
}

pub(crate) fn world() -> impl Strategy<Value = World> {
    let leads = prop::collection::vec(record(1, &LEAD_PROPERTIES), 0..14);
    let accounts = prop::collection::vec(record(3, &ACCOUNT_PROPERTIES), 0..4);
    (leads, accounts).prop_map(|(leads, accounts)| World {
        schema: TestSchema::new(),
        leads: numbered(leads, 1),
        accounts: numbered(accounts, 3),
    })
}

fn numbered(mut records: Vec<Lead>, kind: u8) -> Vec<Lead> {
    for (n, record) in records.iter_mut().enumerate() {
        record.head.id = uuid(kind, n as u8).into();
    }
    records
}

type Steps = Vec<(i64, Option<u8>, u8)>;

fn record(
    kind: u8,
    properties: &'static [(&'static str, PropertyType)],
) -> impl Strategy<Value = Lead> {
    let steps = prop::collection::vec(
        (0..6_i64, prop::option::weighted(0.85, 0..5_u8), 0..8_u8),
        0..5,
    );
    let histories = prop::collection::vec(steps, properties.len());
    let archiving = prop::collection::vec(1..12_i64, 0..3);
    let archiving = prop_oneof![2 => Just(Vec::new()), 1 => archiving];
    (0..10_i64, histories, archiving, 0..3_u8).prop_map(
        move |(born, histories, archiving, creator)| {
            let mut lead = Lead::new(uuid(kind, 0).into(), hour(born));
            lead.head.updated_at = hour(born + i64::from(creator) * 3);
            lead.head.created_by = (creator > 0).then(|| uuid(2, creator));
            for ((name, kind), steps) in properties.iter().zip(histories) {
                follow(&mut lead, name, *kind, steps);
            }
            let mut at = born;
            for (turn, wait) in archiving.into_iter().enumerate() {
                at += wait;
                let flag = Some(Value::Boolean(turn.is_multiple_of(2)));
                lead.set("archived", hour(at), flag, Source::User);
            }
            lead
        },
    )
}

fn follow(lead: &mut Lead, name: &'static str, kind: PropertyType, steps: Steps) {
    let mut at = lead.head.created_at;
    for (wait, n, source) in steps {
        at = at.plus_micros(wait * HOUR);
        let value = n.map(|n| value(kind, n));
        lead.set(
            name,
            at,
            value,
            Source::from_code(i64::from(source)).unwrap(),
        );
    }
}

/// Now is after everything; the past may be any hour.
pub(crate) fn moment() -> impl Strategy<Value = Moment> {
    prop_oneof![
        Just(Moment::now(hour(HOURS))),
        (0..HOURS).prop_map(|at| Moment::as_of(hour(at))),
    ]
}

pub(crate) fn range() -> impl Strategy<Value = TimeRange> {
    let end = prop::option::weighted(0.8, 0..HOURS);
    (end.clone(), end).prop_map(|(from, to)| TimeRange {
        from: from.map(hour),
        to: to.map(hour),
    })
}

fn test(kind: PropertyType) -> BoxedStrategy<Test> {
    (folded(kind), prop::bool::weighted(0.3))
        .prop_map(move |(test, is_exact)| match is_exact && kind.is_text() {
            true => test.exactly(),
            false => test,
        })
        .boxed()
}

fn folded(kind: PropertyType) -> BoxedStrategy<Test> {
    let value = move || (0..5_u8).prop_map(move |n| value(kind, n));
    let values = move || prop::collection::vec(value(), 0..3);
    let maybe = move || prop::option::of(value());
    let time = || prop::option::of((0..12_i64).prop_map(|h| h * HOUR));
    let part = prop_oneof![
        Just("a"),
        Just("A"),
        Just("ada"),
        Just("ZOË"),
        Just(""),
        Just("d")
    ];
    let needle = part.prop_map(move |part| match kind {
        PropertyType::MultiSelect => Needle::Option(part.to_owned()),
        _ => Needle::Text(fold(part)),
    });
    prop_oneof![
        value().prop_map(Test::Eq),
        value().prop_map(Test::Neq),
        value().prop_map(Test::Lt),
        value().prop_map(Test::Lte),
        value().prop_map(Test::Gt),
        value().prop_map(Test::Gte),
        (value(), value()).prop_map(|(from, to)| Test::Between { from, to }),
        values().prop_map(Test::In),
        values().prop_map(Test::NotIn),
        Just(Test::HasProperty),
        Just(Test::NotHasProperty),
        needle.clone().prop_map(Test::Contains),
        needle.prop_map(Test::StartsWith),
        (maybe(), 0..HOURS).prop_map(|(value, at)| Test::Was {
            value,
            at: hour(at)
        }),
        value().prop_map(Test::Ever),
        value().prop_map(Test::Never),
        (value(), range()).prop_map(|(value, range)| Test::Entered { value, range }),
        (value(), range()).prop_map(|(value, range)| Test::Left { value, range }),
        (
            prop::option::of(maybe()),
            prop::option::of(maybe()),
            range()
        )
            .prop_map(|(from_value, to_value, range)| Test::Changed {
                from_value,
                to_value,
                range
            }),
        (
            prop::option::of(0..4_u64),
            prop::option::of(0..4_u64),
            range()
        )
            .prop_map(|(gte, lte, range)| Test::ChangeCount { gte, lte, range }),
        (value(), time(), time()).prop_map(|(value, gte, lte)| Test::TimeInValue {
            value,
            gte,
            lte
        }),
        (value(), time(), time()).prop_map(|(value, gte, lte)| Test::TotalTimeInValue {
            value,
            gte,
            lte
        }),
        (0..12_i64).prop_map(|h| Test::UnchangedFor(h * HOUR)),
        reached(kind),
        (sources(), excludable(kind)).prop_map(|(sources, test)| Test::Except {
            sources,
            test: Box::new(test)
        }),
    ]
    .boxed()
}

fn excludable(kind: PropertyType) -> impl Strategy<Value = Test> {
    let value = move || (0..5_u8).prop_map(move |n| value(kind, n));
    let side = move || prop::option::of(prop::option::of(value()));
    prop_oneof![
        (value(), 0..HOURS).prop_map(|(value, at)| Test::Was {
            value: Some(value),
            at: hour(at)
        }),
        (value(), range()).prop_map(|(value, range)| Test::Entered { value, range }),
        (value(), range()).prop_map(|(value, range)| Test::Left { value, range }),
        (side(), side(), range()).prop_map(|(from_value, to_value, range)| Test::Changed {
            from_value,
            to_value,
            range
        }),
        value().prop_map(|value| Test::TimeInValue {
            value,
            gte: None,
            lte: None
        }),
        reached(kind),
    ]
}

fn sources() -> impl Strategy<Value = Vec<Source>> {
    prop::collection::vec(prop::sample::select(Source::ALL.to_vec()), 1..4)
}

fn reached(kind: PropertyType) -> impl Strategy<Value = Test> {
    // Text 0 and 1 are equal but for case and accents, and a boolean has two values.
    let numbers = if kind == PropertyType::Boolean {
        vec![0_u8, 1]
    } else {
        vec![1, 2, 3, 4]
    };
    let steps = Just(numbers).prop_shuffle();
    (steps, 0..2_usize, range(), any::<bool>(), any::<bool>()).prop_map(
        move |(steps, step, range, is_period, counts_skipped)| {
            let steps = steps.into_iter().take(3).map(|n| value(kind, n)).collect();
            Test::Reached(Reach {
                steps,
                step,
                range,
                is_period,
                counts_skipped,
            })
        },
    )
}

fn names() -> impl Strategy<Value = (&'static str, PropertyType)> {
    let mut names = LEAD_PROPERTIES.to_vec();
    names.extend([
        ("archived", PropertyType::Boolean),
        ("account.industry", PropertyType::Select),
        ("account.title", PropertyType::Text),
        ("account.archived", PropertyType::Boolean),
        ("created_at", PropertyType::Datetime),
        ("updated_at", PropertyType::Datetime),
        ("created_by", PropertyType::User),
        ("id", PropertyType::Record),
    ]);
    prop::sample::select(names)
}

/// A filter by names, to be resolved against a world's schema.
pub(crate) type Named<T> = Vec<Vec<(&'static str, T)>>;

pub(crate) fn filter() -> impl Strategy<Value = Named<Test>> {
    let condition = names().prop_flat_map(|(name, kind)| {
        let is_property = !["created_at", "updated_at", "created_by", "id"].contains(&name);
        let test = test(kind).prop_filter("only properties have history and text", move |test| {
            let is_text = matches!(test, Test::Contains(_) | Test::StartsWith(_));
            is_property || !(test.is_on_history() || is_text)
        });
        (Just(name), test)
    });
    prop::collection::vec(prop::collection::vec(condition, 1..3), 0..3)
}

pub(crate) fn sorts() -> impl Strategy<Value = Vec<(&'static str, bool)>> {
    prop::collection::vec((names().prop_map(|(name, _)| name), any::<bool>()), 0..3)
}

pub(crate) fn resolved(schema: &TestSchema, groups: Named<Test>) -> Filter {
    let condition = |(name, test): (&str, Test)| Condition {
        subject: schema.subject(name),
        test: with_own_ids(schema.subject(name), test),
    };
    let groups = groups
        .into_iter()
        .map(|group| group.into_iter().map(condition).collect());
    Filter {
        groups: groups.collect(),
    }
}

/// Ids are looked for among the leads', not among the accounts' that links hold.
fn with_own_ids(subject: Subject, test: Test) -> Test {
    let own = |value: Value| match value {
        Value::Record(id) => {
            let mut bytes = *id.as_bytes();
            bytes[0] = 1;
            Value::Record(uuid::Uuid::from_bytes(bytes).into())
        }
        other => other,
    };
    match (subject, test) {
        (Subject::Id, Test::Eq(value)) => Test::Eq(own(value)),
        (Subject::Id, Test::In(values)) => Test::In(values.into_iter().map(own).collect()),
        (Subject::Id, Test::Lt(value)) => Test::Lt(own(value)),
        (Subject::Id, Test::Gte(value)) => Test::Gte(own(value)),
        (_, test) => test,
    }
}

pub(crate) fn resolved_sorts(schema: &TestSchema, sorts: Vec<(&'static str, bool)>) -> Vec<Sort> {
    let sort = |(name, descending): (&str, bool)| Sort {
        subject: schema.subject(name),
        descending,
    };
    sorts.into_iter().map(sort).collect()
}
