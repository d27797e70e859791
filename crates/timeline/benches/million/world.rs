//! A million leads with six and a half million stage visits, as a timeline and as the plain vectors that bare loops read.

use std::sync::Arc;

use leadline_engine::{
    ids::PropertyId,
    ledger::Source,
    schema::{Property, PropertyDefinition, PropertyType},
    time::Timestamp,
    value::{Currency, Money, Value},
};
use leadline_timeline::{ColumnBuilder, ObjectTimeline, RowHead};

pub(crate) const LEADS: u64 = 1_000_000;
pub(crate) const STAGES: [&str; 6] = [
    "new",
    "contacted",
    "qualified",
    "proposed",
    "converted",
    "disqualified",
];
pub(crate) const COUNTRIES: u64 = 40;
pub(crate) const OWNERS: u64 = 200;
/// 2024-01-01T00:00:00Z.
pub(crate) const BEGINNING: i64 = 1_704_067_200_000_000;
pub(crate) const DAY: i64 = 86_400_000_000;
/// Two years later.
pub(crate) const NOW: i64 = BEGINNING + 731 * DAY;

/// A sequence of numbers that look random and are the same in every run (splitmix64).
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % limit
    }
}

/// A history in flat vectors: of each lead the entries from its offset to the next one's.
pub(crate) struct Flat<T> {
    pub(crate) offsets: Vec<u32>,
    pub(crate) from: Vec<i64>,
    pub(crate) values: Vec<T>,
}

/// The leads, twice.
pub(crate) struct World {
    pub(crate) timeline: ObjectTimeline,
    pub(crate) stage: Arc<Property>,
    pub(crate) owner: Arc<Property>,
    pub(crate) country: Arc<Property>,
    pub(crate) amount: Arc<Property>,
    /// Four columns.
    pub(crate) texts: Vec<Arc<Property>>,
    pub(crate) created: Vec<i64>,
    /// Numbers of [`STAGES`], plus one.
    pub(crate) stages: Flat<u32>,
    pub(crate) owners: Flat<u32>,
    pub(crate) archived: Flat<u32>,
    pub(crate) countries: Vec<u32>,
    pub(crate) amounts: Vec<i64>,
    /// The four columns' texts in lower case, each ended by a line feed, and where each begins.
    pub(crate) lines: Vec<(String, Vec<usize>)>,
}

pub(crate) fn option(value: &str) -> Value {
    Value::Option(value.to_owned())
}

pub(crate) fn user(n: u64) -> Value {
    Value::User(uuid::Uuid::from_u128(u128::from(n)).into())
}

pub(crate) fn euros(amount: i64) -> Value {
    Value::Money(Money {
        amount: amount.into(),
        currency: Currency::parse("EUR").expect("a code"),
    })
}

pub(crate) fn head(n: u64, created: i64, version: i64) -> RowHead {
    RowHead {
        id: uuid::Uuid::from_u128(u128::from(n) << 64).into(),
        created_at: Timestamp::from_micros(created),
        updated_at: Timestamp::from_micros(created),
        created_by: None,
        version,
    }
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

impl World {
    pub(crate) fn new() -> Self {
        let mut numbers = Numbers(7);
        let archived = property("archived", PropertyType::Boolean);
        let mut timeline = ObjectTimeline::new(Arc::clone(&archived));
        let created: Vec<i64> = (0..LEADS)
            .map(|_| BEGINNING + numbers.below((700 * DAY) as u64) as i64)
            .collect();
        for (n, &created) in created.iter().enumerate() {
            timeline.put_head(&head(n as u64, created, 1));
        }
        let stages = history(&created, |put| {
            let mut before = u32::MAX;
            for _ in 0..1 + numbers.below(11) {
                let mut stage = numbers.below(6) as u32;
                if stage == before {
                    stage = (stage + 1) % 6;
                }
                put(stage + 1, numbers.below((20 * DAY) as u64) as i64);
                before = stage;
            }
        });
        let owners = history(&created, |put| {
            let mut before = u32::MAX;
            for _ in 0..1 + numbers.below(3) {
                let owner = numbers.below(OWNERS) as u32;
                if owner != before {
                    put(owner, 30 * DAY);
                }
                before = owner;
            }
        });
        let archivals = history(&created, |put| {
            if numbers.below(20) == 0 {
                put(0, numbers.below((300 * DAY) as u64) as i64);
                put(1, 0);
            }
        });
        let countries: Vec<u32> = created
            .iter()
            .map(|_| numbers.below(COUNTRIES) as u32)
            .collect();
        let amounts: Vec<i64> = created
            .iter()
            .map(|_| numbers.below(5_000_000) as i64)
            .collect();
        let mut world = Self {
            timeline,
            stage: property("stage", PropertyType::Stage),
            owner: property("owner", PropertyType::User),
            country: property("country", PropertyType::Select),
            amount: property("amount", PropertyType::Money),
            texts: ["name", "email", "company", "city"]
                .map(|name| property(name, PropertyType::Text))
                .to_vec(),
            lines: (0..4).map(|_| lines(&mut numbers)).collect(),
            created,
            stages,
            owners,
            archived: archivals,
            countries,
            amounts,
        };
        world.fill(&archived);
        world
    }

    /// Loads the columns from the vectors.
    fn fill(&mut self, archived: &Arc<Property>) {
        let columns = [
            self.column(archived, &self.archived, |&flag| Value::Boolean(flag == 1)),
            self.column(&self.stage, &self.stages, |&n| {
                option(STAGES[n as usize - 1])
            }),
            self.column(&self.owner, &self.owners, |&n| user(u64::from(n))),
            self.column(&self.country, &self.once(&self.countries), |&n| {
                option(&format!("country {n}"))
            }),
            self.column(&self.amount, &self.once(&self.amounts), |&amount| {
                euros(amount)
            }),
        ];
        let texts = self
            .texts
            .iter()
            .zip(&self.lines)
            .map(|(property, (text, starts))| {
                let lines = starts
                    .windows(2)
                    .map(|pair| text[pair[0]..pair[1] - 1].to_owned());
                self.column(property, &self.once(&lines.collect::<Vec<_>>()), |text| {
                    Value::Text(text.clone())
                })
            });
        let columns: Vec<_> = columns.into_iter().chain(texts).collect();
        for (property, builder) in columns {
            self.timeline
                .insert_column(property, builder.finish(LEADS as usize));
        }
    }

    /// A history of one value, from the beginning on.
    fn once<T: Clone>(&self, values: &[T]) -> Flat<T> {
        Flat {
            offsets: (0..=values.len() as u32).collect(),
            from: self.created.clone(),
            values: values.to_vec(),
        }
    }

    fn column<T>(
        &self,
        property: &Property,
        flat: &Flat<T>,
        value: impl Fn(&T) -> Value,
    ) -> (PropertyId, ColumnBuilder) {
        let mut builder = ColumnBuilder::new(property.kind);
        for row in 0..LEADS as u32 {
            let (from, to) = flat.range(row as usize);
            for index in from..to {
                let time = Timestamp::from_micros(flat.from[index]);
                builder
                    .push(row, time, Some(&value(&flat.values[index])), Source::Import)
                    .expect("the column's type");
            }
        }
        (property.id, builder)
    }
}

impl<T> Flat<T> {
    /// The entries of a lead.
    #[inline]
    pub(crate) fn range(&self, row: usize) -> (usize, usize) {
        (self.offsets[row] as usize, self.offsets[row + 1] as usize)
    }

    /// How many entries of a lead had begun at a time.
    #[inline]
    pub(crate) fn until(&self, row: usize, at: i64) -> (usize, usize) {
        let (from, mut to) = self.range(row);
        while to > from && self.from[to - 1] > at {
            to -= 1;
        }
        (from, to)
    }
}

/// `each` puts the values of the next lead, with the time until the next one.
fn history(created: &[i64], mut each: impl FnMut(&mut dyn FnMut(u32, i64))) -> Flat<u32> {
    let mut flat = Flat {
        offsets: vec![0],
        from: Vec::new(),
        values: Vec::new(),
    };
    for &created in created {
        let mut at = created;
        each(&mut |value, wait| {
            flat.from.push(at);
            flat.values.push(value);
            at = (at + wait).min(NOW - 1);
        });
        flat.offsets.push(flat.from.len() as u32);
    }
    flat
}

fn lines(numbers: &mut Numbers) -> (String, Vec<usize>) {
    let (mut text, mut starts) = (String::new(), vec![0]);
    for _ in 0..LEADS {
        text.push_str(&format!("company {:x} ltd\n", numbers.below(u64::MAX)));
        starts.push(text.len());
    }
    (text, starts)
}
