//! The reading of filters and sorts, and the search for records by them.

use std::sync::{Arc, LazyLock};

use leadline_engine::{
    filter::{Filter, Sort, parse_filter_groups, parse_sorts},
    ids::{ObjectId, PropertyId, RecordId},
    ledger::Source,
    schema::{
        ARCHIVED, BuiltinObject, Object, ObjectRow, Property, PropertyDefinition, PropertyType,
        Schema, builtin_objects,
    },
    time::Timestamp,
    validate::parse_value,
};
use leadline_timeline::{ColumnBuilder, Cursor, Linked, Moment, ObjectTimeline, RowHead, View};
use serde_json::{Value as Json, json};
use uuid::Uuid;

/// A microsecond of 2026.
const NOW: Timestamp = Timestamp::from_micros(1_780_000_000_123_456);

/// Any JSON is a filter or is refused, with an error that points into it. A filter means the same when it is written and read again, and
/// finds records without failing, whatever its numbers and times.
pub(crate) fn filter_json(input: &[u8]) {
    let Ok(json) = serde_json::from_slice::<Json>(input) else {
        return;
    };
    for name in ["leads", "deals"] {
        let object = WORLD.schema.object(name).expect("it is built in");
        match parse_filter_groups(&WORLD.schema, object, &json, "") {
            Ok(filter) => {
                let written = filter.to_json();
                let again = parse_filter_groups(&WORLD.schema, object, &written, "")
                    .unwrap_or_else(|errors| panic!("{written} is refused: {errors:?}"));
                assert_eq!(again.to_json(), written);
                assert_eq!(WORLD.found(object, &filter), WORLD.found(object, &again));
            }
            Err(errors) => point_into(&json, &errors),
        }
        match parse_sorts(&WORLD.schema, object, &json, "") {
            Ok(sorts) => WORLD.pages(object, &sorts),
            Err(errors) => point_into(&json, &errors),
        }
    }
}

fn point_into(json: &Json, errors: &[leadline_engine::error::FieldError]) {
    assert!(!errors.is_empty(), "refused without a reason");
    for error in errors {
        // The last part may name what is missing.
        let parent = error
            .pointer
            .rsplit_once('/')
            .map_or("", |(parent, _)| parent);
        let grandparent = parent.rsplit_once('/').map_or("", |(parent, _)| parent);
        let is_inside = json.pointer(parent).or(json.pointer(grandparent)).is_some();
        assert!(is_inside, "{} points out of {json}", error.pointer);
    }
}

static WORLD: LazyLock<World> = LazyLock::new(World::new);

/// The built-in objects, with a few records that have lived.
struct World {
    schema: Schema,
    timelines: Vec<(ObjectId, ObjectTimeline)>,
}

impl World {
    fn new() -> Self {
        let objects = builtin_objects("EUR").into_iter();
        let schema = Schema::new(
            1,
            objects.map(|built_in| Arc::new(object(built_in))).collect(),
        );
        let timelines = schema.objects().iter();
        let timelines = timelines
            .map(|object| (object.id, timeline(object)))
            .collect();
        Self { schema, timelines }
    }

    fn views<T>(&self, object: &Object, look: impl Fn(View<'_>) -> T) -> Vec<T> {
        let mut linked = Linked::none();
        for (id, timeline) in &self.timelines {
            linked.insert(*id, timeline);
        }
        let own = self.timelines.iter().find(|(id, _)| *id == object.id);
        let (_, own) = own.expect("each object has one");
        let moments = [
            Moment::now(NOW),
            Moment::as_of(NOW.plus_micros(-86_400_000_000)),
            Moment::as_of(Timestamp::MIN),
            Moment::now(Timestamp::MAX),
        ];
        let looks = moments.map(|moment| look(View::new(own, moment, &linked)));
        looks.into_iter().collect()
    }

    /// Which records are found at some moments.
    fn found(&self, object: &Object, filter: &Filter) -> Vec<Vec<u32>> {
        self.views(object, |view| {
            let rows = view.select(filter).expect("every column is loaded");
            rows.iter().collect()
        })
    }

    /// Pages put together are all records, each once.
    fn pages(&self, object: &Object, sorts: &[Sort]) {
        self.views(object, |view| {
            let rows = view
                .select(&Filter::default())
                .expect("every column is loaded");
            let (mut seen, mut after) = (Vec::new(), None::<Cursor>);
            loop {
                let page = view
                    .top(&rows, sorts, 1, after.as_ref())
                    .expect("the cursor is its own");
                seen.extend(page.ids);
                let Some(next) = page.next else { break };
                assert!(seen.len() as u64 <= rows.len(), "a page came twice");
                after = Some(next);
            }
            seen.sort();
            seen.dedup();
            assert_eq!(seen.len() as u64, rows.len());
        });
    }
}

fn object((name, definition, mut properties): BuiltinObject) -> Object {
    properties.push((
        ARCHIVED,
        PropertyType::Boolean,
        PropertyDefinition::default(),
    ));
    let row = ObjectRow {
        id: ObjectId::new(),
        name: name.into(),
        definition,
        is_builtin: true,
        archived: false,
        position: 0,
        created_at: NOW,
        updated_at: NOW,
    };
    let property = |(name, kind, definition): (&str, PropertyType, PropertyDefinition)| {
        Arc::new(Property {
            id: PropertyId::new(),
            name: name.into(),
            kind,
            definition,
            is_system: name == ARCHIVED,
            is_builtin: true,
            archived: false,
            position: 0,
            created_at: NOW,
            updated_at: NOW,
        })
    };
    Object::new(row, properties.into_iter().map(property).collect())
}

/// Values of each type, one after the other: how every property of a record went.
fn past(kind: PropertyType) -> Json {
    match kind {
        PropertyType::Text | PropertyType::LongText => json!(["Ada", "Ádá", null, "zoë"]),
        PropertyType::Email => json!(["ada@example.com"]),
        PropertyType::Phone => json!(["+31 6 1234", null]),
        PropertyType::Url => json!(["https://example.com"]),
        PropertyType::Number => json!([0, -7.25, 1e15]),
        PropertyType::Money => {
            json!([{"amount": "1250.50", "currency": "EUR"}, {"amount": "-1", "currency": "USD"}])
        }
        PropertyType::Boolean => json!([true, false]),
        PropertyType::Date => json!(["2026-01-01", "1970-01-01", null]),
        PropertyType::Datetime => json!(["2026-01-01T00:00:00.000001Z"]),
        PropertyType::Select | PropertyType::Stage => {
            json!(["new", "contacted", "new", null, "qualified"])
        }
        PropertyType::MultiSelect => json!([["a", "b"], ["b"]]),
        PropertyType::User | PropertyType::Record => {
            json!([Uuid::from_u128(1), Uuid::from_u128(2), null])
        }
    }
}

fn timeline(object: &Object) -> ObjectTimeline {
    let archived = object.property(ARCHIVED).expect("each object has one");
    let mut timeline = ObjectTimeline::new(Arc::clone(archived));
    for number in 0..4 {
        timeline.put_head(&RowHead {
            id: RecordId::from(Uuid::from_u128(number)),
            created_at: began(number as i64),
            updated_at: NOW,
            created_by: (number % 2 == 0).then_some(Uuid::from_u128(1)),
            version: 1,
        });
    }
    for property in &object.properties {
        let mut builder = ColumnBuilder::new(property.kind);
        // The first record never had a value.
        for row in 1..4 {
            let lived = past(property.kind);
            let values = lived
                .as_array()
                .into_iter()
                .flatten()
                .skip(row as usize - 1);
            for (step, value) in values.enumerate() {
                let Ok(value) = parse_value(property, value) else {
                    continue;
                };
                // The last record's values all became true at one instant.
                let step = if row == 3 { 0 } else { step as i64 };
                let time = began(i64::from(row)).plus_micros(step * 3_600_000_000);
                builder
                    .push(row, time, value.as_ref(), Source::Import)
                    .expect("a value of its property");
            }
        }
        timeline.insert_column(property.id, builder.finish(4));
    }
    timeline
}

/// When records began to exist: days apart, the first one at the beginning of time.
fn began(number: i64) -> Timestamp {
    if number == 0 {
        Timestamp::MIN
    } else {
        NOW.plus_micros((number - 3) * 86_400_000_000)
    }
}
