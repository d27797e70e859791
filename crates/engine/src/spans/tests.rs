//! The rules of spans, by example and against a naive model: a function from time to value.

use proptest::prelude::*;

use super::*;

const OWNER_SOURCE: Source = Source::Api;

fn at(micros: i64) -> Timestamp {
    Timestamp::from_micros(micros)
}

fn text(value: &str) -> Option<Value> {
    (!value.is_empty()).then(|| Value::Text(value.into()))
}

fn owner() -> Owner {
    Owner {
        record_id: RecordId::new(),
        property_id: PropertyId::new(),
    }
}

fn entry(from: i64, value: &str, version: i64) -> Entry {
    Entry {
        valid_from: at(from),
        value: text(value),
        began_version: version,
        known_version: version,
        source: OWNER_SOURCE,
        ordinal: 0,
    }
}

fn stated(value: &str, from: i64, to: Option<i64>) -> Statement {
    Statement {
        value: text(value),
        valid_from: at(from),
        valid_to: to.map(at),
        origin: None,
    }
}

fn shape(entries: &[Entry]) -> Vec<(i64, String)> {
    let label = |value: &Option<Value>| {
        value.as_ref().map_or(String::new(), |value| {
            value.to_json().as_str().unwrap().to_owned()
        })
    };
    entries
        .iter()
        .map(|entry| (entry.valid_from.micros(), label(&entry.value)))
        .collect()
}

fn pairs(expected: &[(i64, &str)]) -> Vec<(i64, String)> {
    expected
        .iter()
        .map(|&(from, value)| (from, value.to_owned()))
        .collect()
}

#[test]
fn a_statement_without_an_end_holds_until_the_next_change() {
    let entries = [
        entry(10, "new", 1),
        entry(20, "contacted", 2),
        entry(30, "qualified", 3),
    ];
    let corrected = correct(&entries, &[stated("contacted", 15, None)], 4, OWNER_SOURCE);
    assert_eq!(
        shape(&corrected),
        pairs(&[(10, "new"), (15, "contacted"), (30, "qualified")])
    );
}

#[test]
fn a_statement_with_an_end_lets_go_on_what_held_there() {
    let entries = [entry(10, "new", 1), entry(20, "contacted", 2)];
    let corrected = correct(&entries, &[stated("lost", 12, Some(25))], 3, OWNER_SOURCE);
    assert_eq!(
        shape(&corrected),
        pairs(&[(10, "new"), (12, "lost"), (25, "contacted")])
    );
}

#[test]
fn a_statement_before_the_first_entry_with_an_end_leaves_emptiness() {
    let corrected = correct(
        &[entry(50, "new", 1)],
        &[stated("early", 10, Some(20))],
        2,
        OWNER_SOURCE,
    );
    assert_eq!(
        shape(&corrected),
        pairs(&[(10, "early"), (20, ""), (50, "new")])
    );
}

#[test]
fn to_state_what_is_known_is_no_change() {
    let entries = [entry(10, "a", 1), entry(20, "b", 2), entry(30, "", 3)];
    let same = |statement| correct(&entries, &[statement], 4, OWNER_SOURCE) == entries;
    assert!(same(stated("b", 20, None)));
    assert!(same(stated("b", 20, Some(30))));
    assert!(same(stated("a", 12, Some(15))));
    assert!(same(stated("", 30, None)));
}

#[test]
fn equal_neighbours_become_one_entry_and_ties_are_numbered() {
    let merged = merge(
        &[entry(10, "a", 1)],
        vec![
            entry(20, "b", 2),
            entry(20, "c", 3),
            entry(20, "c", 4),
            entry(30, "c", 5),
        ],
    );
    assert_eq!(shape(&merged), pairs(&[(10, "a"), (20, "b"), (20, "c")]));
    assert_eq!(
        merged.iter().map(|entry| entry.ordinal).collect::<Vec<_>>(),
        [0, 0, 1]
    );
}

#[test]
fn statements_overlap_when_one_begins_before_another_has_ended() {
    let places = |statements: &[(i64, Option<i64>)]| {
        let statements = statements.iter().map(|&(from, to)| stated("a", from, to));
        overlapping(&statements.collect::<Vec<_>>())
    };
    assert!(places(&[(10, Some(20)), (20, Some(30)), (5, Some(10)), (30, None)]).is_empty());
    assert!(places(&[(10, None), (20, None), (5, None)]).is_empty());
    assert_eq!(places(&[(10, Some(20)), (19, None)]), [1]);
    assert_eq!(places(&[(19, None), (10, Some(20))]), [1]);
    assert_eq!(places(&[(10, None), (10, None)]), [1]);
    assert_eq!(
        places(&[(10, Some(50)), (15, Some(20)), (30, None)]),
        [1, 2]
    );
}

/// What a sequence of rewrites leaves in the ledger.
#[derive(Default)]
struct Ledger {
    spans: Vec<Span>,
    open: Option<Entry>,
}

impl Ledger {
    fn apply(&mut self, owner: Owner, entries: &[Entry], version: i64) {
        let rewrite = rewrite(
            owner,
            &self.spans,
            self.open.as_ref(),
            entries,
            version..=version,
        );
        for span in &mut self.spans {
            if rewrite.supersede.contains(span) {
                span.superseded_version = Some(version);
            }
        }
        self.spans.extend(rewrite.append);
        self.open = rewrite.open;
    }

    fn assert_is_sound(&self) {
        let mut keys: Vec<_> = self
            .spans
            .iter()
            .map(|span| (span.valid_from, span.ordinal, span.known_version))
            .collect();
        keys.sort_unstable();
        let count = keys.len();
        keys.dedup();
        assert_eq!(keys.len(), count, "the primary key of spans repeats");
        let mut live: Vec<_> = self
            .spans
            .iter()
            .filter(|span| span.superseded_version.is_none())
            .collect();
        live.sort_by_key(|span| (span.valid_from, span.ordinal));
        for pair in live.windows(2) {
            assert_eq!(pair[0].valid_to, Some(pair[1].valid_from));
            assert_eq!(pair[0].ended_version, Some(pair[1].began_version));
        }
        if let Some(last) = live.last() {
            let open = self
                .open
                .as_ref()
                .expect("an open entry follows the last closed one");
            assert_eq!(last.valid_to, Some(open.valid_from));
        }
    }
}

proptest! {
    #[test]
    fn corrections_and_imports_agree_with_a_function_of_time_and_what_was_known_stays_readable(
        steps in prop::collection::vec((prop::bool::ANY, 0..40i64, prop::option::of(1..20i64), 0..4usize), 1..12)
    ) {
        let names = ["", "a", "b", "c"];
        let owner = owner();
        let mut ledger = Ledger::default();
        let mut believed: Vec<Vec<(i64, String)>> = vec![Vec::new()];
        for (index, (is_correction, from, length, name)) in steps.into_iter().enumerate() {
            let version = index as i64 + 1;
            let entries = known_entries(&ledger.spans, ledger.open.clone());
            let next = if is_correction {
                let statement = stated(names[name], from, length.map(|length| from + length));
                let next = correct(&entries, std::slice::from_ref(&statement), version, OWNER_SOURCE);
                let until = statement.valid_to.map_or_else(|| entries.iter().map(|e| e.valid_from.micros()).find(|&t| t > from).unwrap_or(100), Timestamp::micros);
                for time in -1..100 {
                    let before = entry_at(&entries, at(time)).and_then(|entry| entry.value.clone());
                    let expected = if (from..until).contains(&time) { text(names[name]) } else { before };
                    prop_assert_eq!(entry_at(&next, at(time)).and_then(|entry| entry.value.clone()), expected, "at {}", time);
                }
                next
            } else {
                merge(&entries, vec![entry(from, names[name], version), entry(from, names[(name + 1) % 4], version)])
            };
            ledger.apply(owner, &next, version);
            ledger.assert_is_sound();
            let known = known_entries(&ledger.spans, ledger.open.clone());
            prop_assert_eq!(shape(&known), shape(&next));
            believed.push(shape(&known));
            for (version, expected) in believed.iter().enumerate() {
                let seen = entries_known_at(&ledger.spans, ledger.open.clone(), version as i64);
                prop_assert_eq!(&shape(&seen), expected, "as known at version {}", version);
            }
        }
    }
}
