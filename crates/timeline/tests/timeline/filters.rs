//! Filters, words, orders and paging against the naive model, on timelines however they came to be.

use crate::model::{
    HOUR, Lead, STAGES, TestSchema, World, built, filters, hour, ids_of, strategies, uuid,
};
use leadline_engine::{
    filter::{Condition, Filter, Test},
    ledger::Source,
    text::fold,
    value::Value,
};
use leadline_timeline::{Cursor, Linked, Moment, QueryError, View, needed_columns};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn every_operator_selects_what_the_model_selects(
        world in strategies::world(),
        groups in strategies::filter(),
        moment in strategies::moment(),
    ) {
        let filter = strategies::resolved(&world.schema, groups);
        let expected: Vec<_> =
            world.selected(&filter, moment).into_iter().map(|lead| lead.head.id).collect();
        for (leads, accounts) in world.timelines() {
            let linked = world.linked(&accounts);
            let view = View::new(&leads, moment, &linked);
            prop_assert_eq!(ids_of(&leads, &view.select(&filter).unwrap()), expected.clone());
        }
    }

    #[test]
    fn pages_put_together_are_the_models_order(
        world in strategies::world(),
        sorts in strategies::sorts(),
        moment in strategies::moment(),
        limit in 1..6_usize,
    ) {
        let sorts = strategies::resolved_sorts(&world.schema, sorts);
        let selected = world.selected(&Filter::default(), moment);
        let expected = world.sorted(&selected, &sorts, moment);
        for (leads, accounts) in world.timelines() {
            let linked = world.linked(&accounts);
            let view = View::new(&leads, moment, &linked);
            let rows = view.select(&Filter::default()).unwrap();
            let (mut found, mut after) = (Vec::new(), None::<Cursor>);
            loop {
                let page = view.top(&rows, &sorts, limit, after.as_ref()).unwrap();
                found.extend(page.ids);
                let Some(next) = page.next else { break };
                let token = serde_json::to_string(&next).unwrap();
                after = Some(serde_json::from_str(&token).unwrap());
            }
            prop_assert_eq!(found, expected.clone());
        }
    }

    #[test]
    fn words_are_found_in_any_of_the_texts(
        world in strategies::world(),
        query in prop::sample::select(vec!["", "ada", "ÁDA ltd", "zoe", "x.org ADA", "nob0dy"]),
        moment in strategies::moment(),
    ) {
        let properties = ["name", "email", "score"].map(|name| world.schema.lead(name));
        let texts = |lead: &Lead| ["name", "email"].map(|name| {
            match lead.at(name, leadline_engine::time::Timestamp::MAX) {
                Some(Value::Text(text)) => fold(&text),
                _ => String::new(),
            }
        });
        let query_folded = fold(query);
        let expected: Vec<_> = world
            .selected(&Filter::default(), moment)
            .into_iter()
            .filter(|lead| query_folded.split(' ').all(|w| texts(lead).iter().any(|t| t.contains(w))))
            .map(|lead| lead.head.id)
            .collect();
        for (leads, _) in world.timelines() {
            let linked = Linked::none();
            let view = View::new(&leads, moment, &linked);
            let rows = view.select(&Filter::default()).unwrap();
            let found = view.search(&rows, query, &properties).unwrap();
            prop_assert_eq!(ids_of(&leads, &found.records), expected.clone());
            prop_assert!((0..leads.len() as u32).all(|row| (found.score(row) > 0) == found.records.contains(row)));
        }
    }

    #[test]
    fn values_and_entries_read_back_as_they_were_given(
        world in strategies::world(),
        moment in strategies::moment(),
    ) {
        for (leads, _) in world.timelines() {
            let linked = Linked::none();
            let view = View::new(&leads, moment, &linked);
            for lead in &world.leads {
                let row = leads.row(lead.head.id).unwrap();
                let known = filters::known(lead, moment);
                prop_assert_eq!(view.exists(lead.head.id), known.is_some());
                let Some(known) = known else { continue };
                for property in &world.schema.leads.properties {
                    let last = leadline_engine::time::Timestamp::MAX;
                    prop_assert_eq!(view.value(row, property).unwrap(), known.at(&property.name, last));
                    prop_assert_eq!(view.entries(row, property).unwrap(), known.all(&property.name));
                }
            }
        }
    }
}

fn condition(schema: &TestSchema, name: &str, test: Test) -> Filter {
    let subject = schema.subject(name);
    Filter {
        groups: vec![vec![Condition { subject, test }]],
    }
}

fn stage(value: &str) -> Option<Value> {
    Some(Value::Option(value.to_owned()))
}

#[test]
fn the_earlier_of_two_tied_values_was_visited_but_is_never_shown() {
    let schema = TestSchema::new();
    let mut lead = Lead::new(uuid(1, 0).into(), hour(0));
    lead.set("stage", hour(0), stage("new"), Source::Import);
    lead.set("stage", hour(5), stage("contacted"), Source::Import);
    lead.set("stage", hour(5), stage("won"), Source::Import);
    let world = World {
        schema,
        leads: vec![lead],
        accounts: vec![],
    };
    let timeline = built(&world.schema.leads, &world.leads, false);
    let linked = Linked::none();
    let contacted = || stage("contacted").unwrap();
    let count = |moment: Moment, test: Test| {
        let filter = condition(&world.schema, "stage", test);
        View::new(&timeline, moment, &linked)
            .select(&filter)
            .unwrap()
            .len()
    };
    assert_eq!(count(Moment::as_of(hour(5)), Test::Eq(contacted())), 0);
    assert_eq!(
        count(Moment::as_of(hour(4)), Test::Eq(stage("new").unwrap())),
        1
    );
    assert_eq!(count(Moment::now(hour(9)), Test::Ever(contacted())), 1);
    let at = Test::Was {
        value: stage("contacted"),
        at: hour(5),
    };
    assert_eq!(count(Moment::now(hour(9)), at), 0);
    let total = Test::TotalTimeInValue {
        value: contacted(),
        gte: None,
        lte: Some(0),
    };
    assert_eq!(count(Moment::now(hour(9)), total), 1);
    let time = Test::TimeInValue {
        value: stage("won").unwrap(),
        gte: Some(4 * HOUR),
        lte: None,
    };
    assert_eq!(count(Moment::now(hour(9)), time), 1);
}

#[test]
fn what_is_not_loaded_is_named_and_needed_columns_prevents_it() {
    let schema = TestSchema::new();
    let world = World {
        schema,
        leads: vec![],
        accounts: vec![],
    };
    let mut timeline = built(&world.schema.leads, &[], false);
    let filter = condition(&world.schema, "account.industry", Test::HasProperty);
    let needed = needed_columns(&filter, &[]);
    let names: Vec<_> = needed
        .iter()
        .map(|n| {
            (
                n.object.as_ref().map(|o| o.name.as_str()),
                n.property.name.as_str(),
            )
        })
        .collect();
    assert_eq!(names, [(None, "account"), (Some("accounts"), "industry")]);
    let linked = Linked::none();
    let moment = Moment::now(hour(0));
    let missing = View::new(&timeline, moment, &linked).select(&filter);
    assert_eq!(
        missing,
        Err(QueryError::MissingObject(world.schema.accounts.id))
    );
    let account = world.schema.lead("account").id;
    timeline.drop_column(account);
    assert!(!timeline.has_column(account));
    let filter = condition(&world.schema, "account", Test::HasProperty);
    let missing = View::new(&timeline, moment, &linked).select(&filter);
    assert_eq!(missing, Err(QueryError::MissingColumn(account)));
}

#[test]
fn a_cursor_of_another_order_is_refused() {
    let schema = TestSchema::new();
    let mut lead = Lead::new(uuid(1, 0).into(), hour(0));
    lead.set("stage", hour(0), stage("new"), Source::Import);
    let timeline = built(&schema.leads, &[lead], false);
    let linked = Linked::none();
    let view = View::new(&timeline, Moment::now(hour(1)), &linked);
    let rows = view.select(&Filter::default()).unwrap();
    let sorts = strategies::resolved_sorts(&schema, vec![("score", true)]);
    for keys in [vec![], vec!["text".into()]] {
        let cursor = Cursor {
            keys,
            id: uuid(1, 0).into(),
        };
        assert_eq!(
            view.top(&rows, &sorts, 1, Some(&cursor)),
            Err(QueryError::BadCursor)
        );
    }
}

#[test]
fn a_cursor_stays_valid_when_its_record_moves_away() {
    let schema = TestSchema::new();
    let mut leads: Vec<Lead> = (0..6)
        .map(|n| Lead::new(uuid(1, n).into(), hour(0)))
        .collect();
    for (n, lead) in leads.iter_mut().enumerate() {
        let score = Value::Number((n as i64).into());
        lead.set("score", hour(0), Some(score), Source::User);
    }
    let mut timeline = built(&schema.leads, &leads, false);
    let linked = Linked::none();
    let sorts = strategies::resolved_sorts(&schema, vec![("score", false)]);
    let page = |timeline: &leadline_timeline::ObjectTimeline, after: Option<&Cursor>| {
        let view = View::new(timeline, Moment::now(hour(9)), &linked);
        let rows = view.select(&Filter::default()).unwrap();
        view.top(&rows, &sorts, 2, after).unwrap()
    };
    let first = page(&timeline, None);
    leads[1].head.version = 2;
    leads[1].set(
        "score",
        hour(1),
        Some(Value::Number(99.into())),
        Source::User,
    );
    timeline
        .replace_record(&leads[1].state(&schema.leads))
        .unwrap();
    let second = page(&timeline, first.next.as_ref());
    assert_eq!(second.ids, [leads[2].head.id, leads[3].head.id]);
}

#[test]
fn a_large_overlay_is_merged_and_reads_the_same() {
    let schema = TestSchema::new();
    let mut timeline = built(&schema.leads, &[], false);
    let mut lead_of = |n: u32, version: i64| {
        let id = uuid::Uuid::from_u128(u128::from(n)).into();
        let mut lead = Lead::new(id, hour(0));
        lead.head.version = version;
        for step in 0..version {
            let value = stage(STAGES[(step % 4) as usize]);
            lead.set("stage", hour(step), value, Source::Api);
        }
        timeline.replace_record(&lead.state(&schema.leads)).unwrap();
    };
    for version in 1..4 {
        for n in 0..5_000 {
            lead_of(n, version);
        }
    }
    let linked = Linked::none();
    let count = |at: i64, value: &str| {
        let filter = condition(&schema, "stage", Test::Eq(stage(value).unwrap()));
        View::new(&timeline, Moment::as_of(hour(at)), &linked)
            .select(&filter)
            .unwrap()
            .len()
    };
    assert_eq!(
        [
            count(0, "new"),
            count(1, "contacted"),
            count(9, "won"),
            count(1, "won")
        ],
        [5_000, 5_000, 5_000, 0]
    );
    assert!(timeline.memory_bytes() > 5_000 * 13 * 3);
}
