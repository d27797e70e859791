//! Questions over a million leads with six million stage visits: what a list, an as-of count and each report take.

use std::{hint::black_box, sync::Arc, time::Duration};

use criterion::Criterion;
use jiff::tz::TimeZone;
use leadline_engine::{
    filter::{Condition, Filter, Needle, Sort, Subject, Test},
    ids::PropertyId,
    ledger::Source,
    schema::{Property, PropertyDefinition, PropertyType},
    time::Timestamp,
    value::{Currency, Money, Value},
};
use leadline_timeline::{
    ColumnBuilder, Entry, Interval, Linked, Moment, ObjectTimeline, RecordState, RowHead, View,
    reports::{Basis, Clock, FunnelBasis, FunnelRequest, Report, Skipped},
};

const LEADS: u64 = 1_000_000;
const STAGES: [&str; 6] = [
    "new",
    "contacted",
    "qualified",
    "proposed",
    "converted",
    "disqualified",
];
/// 2024-01-01T00:00:00Z.
const BEGINNING: i64 = 1_704_067_200_000_000;
const DAY: i64 = 86_400_000_000;
/// Two years later.
const NOW: i64 = BEGINNING + 731 * DAY;

/// A sequence of numbers that look random and are the same in every run (splitmix64).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % limit
    }
}

struct World {
    timeline: ObjectTimeline,
    stage: Arc<Property>,
    owner: Arc<Property>,
    country: Arc<Property>,
    amount: Arc<Property>,
    name: Arc<Property>,
}

fn property(name: &str, kind: PropertyType) -> Arc<Property> {
    Arc::new(Property {
        id: PropertyId::new(),
        name: name.to_owned(),
        kind,
        definition: PropertyDefinition::default(),
        is_system: name == "archived",
        is_builtin: true,
        archived: false,
        position: 0,
        created_at: Timestamp::default(),
        updated_at: Timestamp::default(),
    })
}

fn option(value: &str) -> Value {
    Value::Option(value.to_owned())
}

impl World {
    fn new() -> Self {
        let mut numbers = Numbers(7);
        let archived = property("archived", PropertyType::Boolean);
        let mut timeline = ObjectTimeline::new(Arc::clone(&archived));
        let created: Vec<i64> = (0..LEADS)
            .map(|_| BEGINNING + numbers.below((700 * DAY) as u64) as i64)
            .collect();
        for (n, &created) in created.iter().enumerate() {
            timeline.put_head(&head(n as u64, created, 1));
        }
        let mut world = Self {
            timeline,
            stage: property("stage", PropertyType::Stage),
            owner: property("owner", PropertyType::User),
            country: property("country", PropertyType::Select),
            amount: property("amount", PropertyType::Money),
            name: property("name", PropertyType::Text),
        };
        let stages = STAGES.map(option);
        world.load(&Arc::clone(&world.stage), &created, |numbers, put| {
            let mut before = usize::MAX;
            for _ in 0..1 + numbers.below(11) {
                let mut stage = numbers.below(6) as usize;
                if stage == before {
                    stage = (stage + 1) % 6;
                }
                put(&stages[stage], numbers.below((20 * DAY) as u64) as i64);
                before = stage;
            }
        });
        let owners: Vec<Value> = (0..200)
            .map(|n| Value::User(uuid::Uuid::from_u128(n).into()))
            .collect();
        world.load(&Arc::clone(&world.owner), &created, |numbers, put| {
            for _ in 0..1 + numbers.below(3) {
                put(&owners[numbers.below(200) as usize], 30 * DAY);
            }
        });
        let countries: Vec<Value> = (0..40).map(|n| option(&format!("country {n}"))).collect();
        world.load(&Arc::clone(&world.country), &created, |numbers, put| {
            put(&countries[numbers.below(40) as usize], 0);
        });
        let euro = Currency::parse("EUR").expect("a code");
        world.load(&Arc::clone(&world.amount), &created, |numbers, put| {
            let amount = (numbers.below(5_000_000) as i64).into();
            put(
                &Value::Money(Money {
                    amount,
                    currency: euro,
                }),
                0,
            );
        });
        world.load(&Arc::clone(&world.name), &created, |numbers, put| {
            let name = format!("Company {:x} Ltd", numbers.below(u64::MAX));
            put(&Value::Text(name), 0);
        });
        world.load(&archived, &created, |numbers, put| {
            if numbers.below(20) == 0 {
                put(&Value::Boolean(true), 0);
            }
        });
        world
    }

    /// Fills a column: `history` puts values with the time until the next one.
    fn load(
        &mut self,
        property: &Arc<Property>,
        created: &[i64],
        history: impl Fn(&mut Numbers, &mut dyn FnMut(&Value, i64)),
    ) {
        let mut numbers = Numbers(u64::from(property.name.as_bytes()[0]));
        let mut builder = ColumnBuilder::new(property.kind);
        for (row, &created) in created.iter().enumerate() {
            let mut at = created;
            history(&mut numbers, &mut |value, wait| {
                let time = Timestamp::from_micros(at);
                builder
                    .push(row as u32, time, Some(value), Source::Import)
                    .expect("the column's type");
                at = (at + wait).min(NOW - 1);
            });
        }
        self.timeline
            .insert_column(property.id, builder.finish(created.len()));
    }
}

fn head(n: u64, created: i64, version: i64) -> RowHead {
    RowHead {
        id: uuid::Uuid::from_u128(u128::from(n) << 64).into(),
        created_at: Timestamp::from_micros(created),
        updated_at: Timestamp::from_micros(created),
        created_by: None,
        version,
    }
}

fn group(conditions: Vec<(&Arc<Property>, Test)>) -> Filter {
    let condition = |(property, test): (&Arc<Property>, Test)| Condition {
        subject: Subject::Property(Arc::clone(property)),
        test,
    };
    Filter {
        groups: vec![conditions.into_iter().map(condition).collect()],
    }
}

fn lists(criterion: &mut Criterion, world: &World) {
    let linked = Linked::none();
    let now = Moment::now(Timestamp::from_micros(NOW));
    let past = Moment::as_of(Timestamp::from_micros(NOW - 365 * DAY));
    let three = group(vec![
        (
            &world.stage,
            Test::In(vec![option("qualified"), option("proposed")]),
        ),
        (&world.country, Test::Eq(option("country 7"))),
        (
            &world.owner,
            Test::NotIn(vec![Value::User(uuid::Uuid::nil().into())]),
        ),
    ]);
    let by = |property: &Arc<Property>| {
        vec![Sort {
            subject: Subject::Property(Arc::clone(property)),
            descending: true,
        }]
    };
    let page = |moment: Moment, filter: &Filter, sorts: &[Sort]| {
        let view = View::new(&world.timeline, moment, &linked);
        let rows = view.select(filter).expect("loaded");
        (
            view.top(&rows, sorts, 50, None).expect("loaded"),
            rows.len(),
        )
    };
    let (by_amount, by_name) = (by(&world.amount), by(&world.name));
    let qualified = group(vec![(&world.stage, Test::Eq(option("qualified")))]);
    criterion.bench_function("as-of count of a stage", |b| {
        let view = View::new(&world.timeline, past, &linked);
        b.iter(|| view.select(black_box(&qualified)).expect("loaded").len());
    });
    criterion.bench_function("three filters, sorted page of 50, count", |b| {
        b.iter(|| page(now, black_box(&three), &by_amount));
    });
    criterion.bench_function("the same as of a year ago", |b| {
        b.iter(|| page(past, black_box(&three), &by_amount));
    });
    criterion.bench_function("page of 50 of everything by name", |b| {
        b.iter(|| page(now, black_box(&Filter::default()), &by_name));
    });
    let contains = group(vec![(
        &world.name,
        Test::Contains(Needle::Text("beef".into())),
    )]);
    criterion.bench_function("text contains, page of 50, count", |b| {
        b.iter(|| page(now, black_box(&contains), &by_amount));
    });
    let ever = group(vec![(&world.stage, Test::Ever(option("converted")))]);
    criterion.bench_function("ever held a stage, count", |b| {
        let view = View::new(&world.timeline, now, &linked);
        b.iter(|| view.select(black_box(&ever)).expect("loaded").len());
    });
}

fn reports(criterion: &mut Criterion, world: &World) {
    let linked = Linked::none();
    let view = View::new(
        &world.timeline,
        Moment::now(Timestamp::from_micros(NOW)),
        &linked,
    );
    let records = view
        .select_with_archived(&Filter::default())
        .expect("loaded");
    let report = Report {
        property: &world.stage,
        records: &records,
        from: Timestamp::from_micros(BEGINNING),
        to: Timestamp::from_micros(NOW),
        group_by: None,
        exclude_sources: &[],
    };
    let months = Interval::Month
        .windows(report.from, report.to, &TimeZone::UTC)
        .expect("few");
    criterion.bench_function("time in value with median, p75 and p90", |b| {
        b.iter(|| view.time_in_value(&report, Basis::All, Clock::Calendar));
    });
    criterion.bench_function("trend by month", |b| {
        b.iter(|| view.trend(&report, &months))
    });
    criterion.bench_function("flow with medians", |b| b.iter(|| view.flow(&report)));
    let stages = STAGES.map(option);
    let request = FunnelRequest {
        stages: &stages,
        basis: FunnelBasis::Cohort,
        skipped: Skipped::Count,
        intervals: Some(&months),
    };
    criterion.bench_function("funnel of six steps by month", |b| {
        b.iter(|| view.funnel(&report, &request));
    });
    let by_country = Report {
        group_by: Some(&world.country),
        ..report
    };
    criterion.bench_function("time in value by country", |b| {
        b.iter(|| view.time_in_value(&by_country, Basis::All, Clock::Calendar));
    });
    let amount = &*world.amount;
    criterion.bench_function("snapshot with sums", |b| {
        b.iter(|| view.snapshot(&report, &[amount]));
    });
}

fn writes(criterion: &mut Criterion, world: &mut World) {
    let mut numbers = Numbers(3);
    let mut version = 1;
    criterion.bench_function("replace a record, merges included", |b| {
        b.iter(|| {
            version += 1;
            let entry = |n: i64| Entry {
                valid_from: Timestamp::from_micros(NOW + n),
                value: Some(option(STAGES[(n % 6) as usize])),
                source: Source::Api,
            };
            let state = RecordState {
                head: head(numbers.below(LEADS), BEGINNING, version),
                columns: vec![(world.stage.id, (0..6).map(entry).collect())],
            };
            world.timeline.replace_record(&state).expect("fits")
        });
    });
}

fn main() {
    let mut criterion = Criterion::default()
        .sample_size(10)
        .measurement_time(Duration::from_secs(3))
        .configure_from_args();
    let mut world = World::new();
    println!(
        "{} records, {} MB in memory",
        world.timeline.len(),
        world.timeline.memory_bytes() / 1_000_000
    );
    lists(&mut criterion, &world);
    reports(&mut criterion, &world);
    writes(&mut criterion, &mut world);
    criterion.final_summary();
}
