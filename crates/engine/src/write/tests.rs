//! What writes do, by example.

use std::sync::Arc;

use super::*;
use crate::{
    ids::ObjectId,
    schema::{ObjectRow, PropertyDefinition, Transition, Transitions, builtin_objects},
};

fn leads() -> Object {
    let (name, definition, mut properties) = builtin_objects("EUR").remove(0);
    properties.push((
        ARCHIVED,
        PropertyType::Boolean,
        PropertyDefinition::default(),
    ));
    let time = Timestamp::default();
    let row = ObjectRow {
        id: ObjectId::new(),
        name: name.into(),
        definition,
        is_builtin: true,
        archived: false,
        position: 0,
        created_at: time,
        updated_at: time,
    };
    let property = |(position, (name, kind, mut definition)): (
        usize,
        (&str, PropertyType, PropertyDefinition),
    )| {
        if name == "stage" {
            let moves = [
                (None, "new"),
                (Some("new"), "contacted"),
                (Some("contacted"), "qualified"),
            ];
            definition.transitions = Transitions::Only(
                moves
                    .map(|(from, to)| Transition {
                        from: from.map(str::to_owned),
                        to: to.into(),
                    })
                    .to_vec(),
            );
        }
        Arc::new(Property {
            id: PropertyId::new(),
            name: name.into(),
            kind,
            definition,
            is_system: name == ARCHIVED,
            is_builtin: true,
            archived: false,
            position: position as i32,
            created_at: time,
            updated_at: time,
        })
    };
    Object::new(
        row,
        properties.into_iter().enumerate().map(property).collect(),
    )
}

fn stamp(now: i64) -> Stamp {
    Stamp {
        now: Timestamp::from_micros(now),
        actor: Actor::SYSTEM,
        source: Source::Api,
        reason: None,
        job_id: None,
        valid_from: None,
    }
}

fn stages(value: &str) -> Draft {
    Draft::from([("stage".to_owned(), Some(Value::Option(value.to_owned())))])
}

fn text(name: &str, value: &str) -> Draft {
    Draft::from([(name.to_owned(), Some(Value::Text(value.to_owned())))])
}

#[test]
fn a_change_closes_the_open_span_and_chains_the_hashes() {
    let object = leads();
    let (mut record, created) =
        create(&object, RecordId::new(), &stages("new"), &stamp(100)).unwrap();
    let written = update(&object, &mut record, &stages("contacted"), &stamp(200))
        .unwrap()
        .unwrap();
    let span = &written.spans[0];
    assert_eq!(
        (
            span.valid_from.micros(),
            span.valid_to.map(Timestamp::micros),
            span.began_version,
            span.ended_version
        ),
        (100, Some(200), 1, Some(2))
    );
    assert_eq!(
        written.change_sets[0].hash,
        written.change_sets[0].hash_after(&created.change_sets[0].hash)
    );
    assert!(
        update(&object, &mut record, &stages("contacted"), &stamp(300))
            .unwrap()
            .is_none()
    );
    assert_eq!(record.version, 2);
}

#[test]
fn recorded_times_increase_when_the_clock_steps_back() {
    let object = leads();
    let (mut record, _) = create(&object, RecordId::new(), &Draft::new(), &stamp(1_000)).unwrap();
    let written = update(&object, &mut record, &text("name", "Ada"), &stamp(10))
        .unwrap()
        .unwrap();
    assert_eq!(written.change_sets[0].recorded_at.micros(), 1_001);
}

#[test]
fn valid_from_must_be_later_than_the_last_change_of_each_property_it_sets() {
    let object = leads();
    let (mut record, _) =
        create(&object, RecordId::new(), &text("name", "Ada"), &stamp(100)).unwrap();
    update(&object, &mut record, &text("name", "Ada Ltd"), &stamp(500)).unwrap();
    let past = |from| Stamp {
        valid_from: Some(Timestamp::from_micros(from)),
        ..stamp(1_000)
    };
    assert!(matches!(
        update(&object, &mut record, &text("name", "B"), &past(500)),
        Err(Refusal::BeforeLastChange { .. })
    ));
    assert!(matches!(
        update(&object, &mut record, &text("city", "B"), &past(99)),
        Err(Refusal::BeforeLastChange { .. })
    ));
    assert!(matches!(
        update(&object, &mut record, &text("city", "B"), &past(1_001)),
        Err(Refusal::InFuture { .. })
    ));
    assert!(
        update(&object, &mut record, &text("city", "B"), &past(300))
            .unwrap()
            .is_some()
    );
}

#[test]
fn a_lifecycle_binds_creation_update_and_correction() {
    let object = leads();
    assert!(matches!(
        create(&object, RecordId::new(), &stages("qualified"), &stamp(100)),
        Err(Refusal::Lifecycle(_))
    ));
    let (mut record, _) = create(&object, RecordId::new(), &stages("new"), &stamp(100)).unwrap();
    let before = record.clone();
    assert!(matches!(
        update(&object, &mut record, &stages("qualified"), &stamp(200)),
        Err(Refusal::Lifecycle(_))
    ));
    let statement = Statement {
        value: Some(Value::Option("qualified".into())),
        valid_from: Timestamp::from_micros(150),
        valid_to: None,
        origin: None,
    };
    let property = object.property("stage").unwrap();
    assert!(matches!(
        correct(
            &object,
            &mut record,
            property,
            &[],
            &[statement],
            &stamp(200)
        ),
        Err(Refusal::Lifecycle(_))
    ));
    assert_eq!(record, before);
}

#[test]
fn an_archived_record_is_not_written_and_archiving_is_history() {
    let object = leads();
    let (mut record, _) =
        create(&object, RecordId::new(), &text("name", "Ada"), &stamp(100)).unwrap();
    assert!(
        set_archived(&object, &mut record, false, &stamp(150))
            .unwrap()
            .is_none()
    );
    set_archived(&object, &mut record, true, &stamp(200))
        .unwrap()
        .unwrap();
    assert!(
        set_archived(&object, &mut record, true, &stamp(250))
            .unwrap()
            .is_none()
    );
    assert_eq!(
        update(&object, &mut record, &text("name", "B"), &stamp(300)).unwrap_err(),
        Refusal::Archived
    );
    let written = set_archived(&object, &mut record, false, &stamp(400))
        .unwrap()
        .unwrap();
    assert_eq!(written.spans[0].valid_from.micros(), 200);
    assert!(!record.archived);
}

fn row(time: i64, stage: &str) -> HistoryRow {
    HistoryRow {
        time: Timestamp::from_micros(time),
        actor: None,
        source: None,
        values: vec![("stage".into(), Some(Value::Option(stage.into())))],
    }
}

#[test]
fn a_history_in_any_order_becomes_spans_with_ties_in_the_order_of_the_file() {
    let object = leads();
    let rows = vec![
        row(300, "qualified"),
        row(100, "new"),
        row(300, "converted"),
        row(200, "new"),
        row(250, "contacted"),
    ];
    let (record, written) =
        write_history(&object, RecordId::new(), None, &[], rows, &stamp(1_000)).unwrap();
    let shape: Vec<_> = written
        .spans
        .iter()
        .map(|span| {
            (
                span.valid_from.micros(),
                span.valid_to.unwrap().micros(),
                span.value.clone().unwrap().to_json(),
                span.ordinal,
                span.began_version,
            )
        })
        .collect();
    assert_eq!(
        shape,
        [
            (100, 250, "new".into(), 0, 1),
            (250, 300, "contacted".into(), 0, 2),
            (300, 300, "qualified".into(), 0, 3)
        ]
    );
    let open = record.open_entry("stage").unwrap();
    assert_eq!(
        (
            open.valid_from.micros(),
            open.ordinal,
            open.began_version,
            record.version,
            record.created_at.micros()
        ),
        (300, 1, 4, 4, 100)
    );
    assert_eq!(
        written
            .change_sets
            .iter()
            .map(|set| set.recorded_at.micros())
            .collect::<Vec<_>>(),
        [1_000, 1_001, 1_002, 1_003]
    );
}

#[test]
fn a_later_import_goes_between_what_is_known_and_moves_the_beginning() {
    let object = leads();
    let (record, first) = write_history(
        &object,
        RecordId::new(),
        None,
        &[],
        vec![row(200, "new"), row(400, "qualified")],
        &stamp(1_000),
    )
    .unwrap();
    let (record, second) = write_history(
        &object,
        record.id,
        Some(record),
        &first.spans,
        vec![row(300, "contacted"), row(100, "new")],
        &stamp(2_000),
    )
    .unwrap();
    assert_eq!(record.created_at.micros(), 100);
    assert_eq!(second.superseded.len(), 1);
    let mut spans = first.spans;
    spans[0].superseded_version = Some(record.version);
    spans.extend(second.spans);
    let entries = spans::known_entries(&spans, record.open_entry("stage"));
    assert_eq!(
        entries
            .iter()
            .map(|entry| entry.valid_from.micros())
            .collect::<Vec<_>>(),
        [100, 300, 400]
    );
    let again = write_history(
        &object,
        record.id,
        Some(record.clone()),
        &spans,
        vec![row(300, "contacted"), row(100, "new")],
        &stamp(3_000),
    );
    assert!(again.is_none(), "what is known already changes nothing");
    let known = spans::entries_known_at(&spans, record.open_entry("stage"), 2);
    assert_eq!(
        known
            .iter()
            .map(|entry| entry.valid_from.micros())
            .collect::<Vec<_>>(),
        [200, 400]
    );
}

#[test]
fn the_same_ties_again_say_nothing_new_and_other_ties_do() {
    let object = leads();
    let ties = || {
        vec![
            row(100, "new"),
            row(200, "new"),
            row(200, "contacted"),
            row(200, "qualified"),
        ]
    };
    let (record, first) =
        write_history(&object, RecordId::new(), None, &[], ties(), &stamp(1_000)).unwrap();
    let import = |rows| {
        let known = Some(record.clone());
        write_history(&object, record.id, known, &first.spans, rows, &stamp(2_000))
    };
    assert!(import(ties()).is_none());
    assert!(import(vec![row(200, "qualified"), row(200, "contacted")]).is_some());
    assert!(import(vec![row(200, "contacted")]).is_some());
}
