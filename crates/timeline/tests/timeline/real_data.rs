//! The known figures of public data. Skipped where the data is absent: `LEADLINE_SHARED_DATA`, or `../shared/data` beside the repository.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use jiff::tz::TimeZone;
use leadline_engine::{
    filter::{Condition, Filter, Test, TimeRange},
    ledger::Source,
    time::Timestamp,
    value::Value,
};
use leadline_timeline::{
    Interval, Linked, Moment, ObjectTimeline, View,
    reports::{Basis, Clock, Flow, FunnelBasis, FunnelRequest, Report, Skipped, TimeInValueAnswer},
};

use crate::model::{Lead, TestSchema, built, reports::show};

fn data(file: &str) -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = std::env::var_os("LEADLINE_SHARED_DATA").map_or_else(beside, PathBuf::from);
    let path = folder.join(file);
    if !path.exists() {
        println!("skipped: {file} is not there");
        return None;
    }
    Some(path)
}

/// Rows of a file as maps from column to text.
fn rows(path: &Path) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    reader.deserialize().map(Result::unwrap).collect()
}

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn option(value: &str) -> Value {
    Value::Option(value.to_owned())
}

/// Leads from (key, value, time), in any order; of equal times the earlier row comes first.
fn leads(rows: impl IntoIterator<Item = (String, String, Timestamp)>) -> Vec<Lead> {
    let mut histories = BTreeMap::<String, Vec<(Timestamp, String)>>::new();
    for (key, value, time) in rows {
        histories.entry(key).or_default().push((time, value));
    }
    let lead = |(n, mut history): (usize, Vec<(Timestamp, String)>)| {
        history.sort_by_key(|(time, _)| *time);
        let id = uuid::Uuid::from_u128(n as u128).into();
        let mut lead = Lead::new(id, history[0].0);
        for (time, value) in history {
            lead.set("stage", time, Some(option(&value)), Source::Import);
        }
        lead
    };
    histories.into_values().enumerate().map(lead).collect()
}

struct Loaded {
    schema: TestSchema,
    timeline: ObjectTimeline,
}

impl Loaded {
    fn new(leads: &[Lead]) -> Self {
        let schema = TestSchema::new();
        let timeline = built(&schema.leads, leads, true);
        Self { schema, timeline }
    }

    fn ask<T>(&self, moment: Moment, ask: impl Fn(&View<'_>, &Report<'_>) -> T) -> T {
        let linked = Linked::none();
        let view = View::new(&self.timeline, moment, &linked);
        let records = view.select_with_archived(&Filter::default()).unwrap();
        let property = self.schema.lead("stage");
        let report = Report {
            property: &property,
            records: &records,
            from: at("2010-01-01T00:00:00Z"),
            to: at("2026-01-01T00:00:00Z"),
            group_by: None,
            exclude_sources: &[],
        };
        ask(&view, &report)
    }

    fn count(&self, moment: Moment, conditions: Vec<(&str, Test)>) -> u64 {
        let condition = |(name, test): (&str, Test)| Condition {
            subject: self.schema.subject(name),
            test,
        };
        let group = conditions.into_iter().map(condition).collect();
        let filter = Filter {
            groups: vec![group],
        };
        self.ask(moment, |view, _| view.select(&filter).unwrap().len())
    }
}

fn receipt() -> Option<Loaded> {
    let rows = rows(&data("permit-requests/receipt.csv")?);
    let row = |row: BTreeMap<String, String>| {
        let time = Timestamp::parse_local(&row["time:timestamp"], &TimeZone::UTC).unwrap();
        (
            row["case:concept:name"].clone(),
            row["concept:name"].clone(),
            time,
        )
    };
    Some(Loaded::new(&leads(rows.into_iter().map(row))))
}

fn now() -> Moment {
    Moment::now(at("2026-06-01T00:00:00Z"))
}

#[test]
fn times_in_the_steps_of_permit_requests_are_known_to_the_microsecond() {
    let Some(receipt) = receipt() else { return };
    assert_eq!(receipt.timeline.len(), 1_434);
    let times = |basis| {
        let ask = |view: &View<'_>, report: &Report<'_>| {
            view.time_in_value(report, basis, Clock::Calendar)
                .unwrap()
                .total
        };
        receipt.ask(now(), ask)
    };
    let (closed, all): (TimeInValueAnswer, TimeInValueAnswer) =
        (times(Basis::Closed), times(Basis::All));
    assert_eq!(all.values.len(), 27);
    assert_eq!(
        all.values.iter().map(|value| value.visits).sum::<u64>(),
        8_571
    );
    let known = [
        (
            "Confirmation of receipt",
            1_434,
            116,
            [76_016.778686, 38.9145, 7_405.125],
        ),
        (
            "T02 Check confirmation of receipt",
            1_368,
            8,
            [44_704.268504, 30.36, 7_778.039_3],
        ),
        (
            "T05 Print and send confirmation of receipt",
            1_300,
            400,
            [259_341.633044, 40.7765, 852_442.591_5],
        ),
        (
            "T06 Determine necessity of stop advice",
            1_410,
            16,
            [44_947.043415, 32.9025, 611.8428],
        ),
        (
            "T10 Determine necessity to stop indication",
            1_283,
            828,
            [208_583.007013, 11_284.974, 523_852.686_8],
        ),
    ];
    for (value, visits, open, figures) in known {
        let of = |answer: &TimeInValueAnswer| {
            let mut values = answer.values.iter();
            values
                .find(|times| times.value == Some(option(value)))
                .unwrap()
                .clone()
        };
        let (closed, all) = (of(&closed), of(&all));
        assert_eq!((all.visits, all.open_visits), (visits, open), "{value}");
        assert_eq!(
            (closed.visits, closed.open_visits),
            (visits - open, open),
            "{value}"
        );
        let found = [
            closed.mean_seconds,
            closed.median_seconds,
            closed.p90_seconds,
        ];
        for (found, known) in found.into_iter().zip(figures) {
            assert!(
                (found.unwrap() - known).abs() < 1e-6,
                "{value}: {found:?}, not {known}"
            );
        }
    }
}

#[test]
fn the_largest_flows_of_permit_requests_are_known() {
    let Some(receipt) = receipt() else { return };
    let flows = receipt.ask(now(), |view, report| view.flow(report).unwrap().total.flows);
    let short = |value: &Option<Value>| match value {
        Some(Value::Option(text)) => text.split(' ').next().unwrap_or_default().to_owned(),
        _ => String::new(),
    };
    let moves = flows.iter().filter(|flow| flow.from.is_some());
    let largest: Vec<(String, String, u64)> = moves
        .take(5)
        .map(|flow: &Flow| (short(&flow.from), short(&flow.to), flow.count))
        .collect();
    let known = [
        ("T04", "T05", 1_177),
        ("T06", "T10", 1_165),
        ("T02", "T04", 1_119),
        ("Confirmation", "T02", 1_079),
        ("T05", "T06", 791),
    ];
    assert_eq!(
        largest,
        known.map(|(from, to, count)| (from.to_owned(), to.to_owned(), count))
    );
    let entries = flows.iter().filter(|flow| flow.from.is_none());
    assert_eq!(entries.map(|flow| flow.count).sum::<u64>(), 1_434);
}

#[test]
fn permit_requests_as_of_june_2011_are_known() {
    let Some(receipt) = receipt() else { return };
    let moment = Moment::as_of(at("2011-06-01T00:00:00Z"));
    let snapshot = receipt.ask(moment, |view, report| {
        view.snapshot(report, &[]).unwrap().total
    });
    let mut counts: Vec<(u64, String)> = snapshot
        .values
        .iter()
        .map(|value| {
            (
                value.count,
                show(value.value.as_ref()).trim_matches('"').to_owned(),
            )
        })
        .collect();
    counts.sort_by(|a, b| b.cmp(a));
    let of = |prefix: &str| {
        counts
            .iter()
            .find(|(_, v)| v.starts_with(prefix))
            .unwrap()
            .0
    };
    let known = [
        ("T10 ", 333),
        ("T05 ", 331),
        ("Confirmation", 59),
        ("T15 ", 22),
        ("T06 ", 6),
        ("T20 ", 5),
        ("T11 ", 3),
        ("T14 ", 3),
        ("T04 ", 2),
        ("T02 ", 1),
        ("T03 ", 1),
        ("T07-5 ", 1),
        ("T13 ", 1),
    ];
    assert_eq!(counts.len(), known.len());
    for (prefix, count) in known {
        assert_eq!(of(prefix), count, "{prefix}");
    }
}

fn funnel_leads() -> Option<Vec<Lead>> {
    let contacts = rows(&data("leads-funnel/marketing_qualified_leads.csv")?);
    let deals = rows(&data("leads-funnel/closed_deals.csv")?);
    let utc = |text: &str| Timestamp::parse_local(text, &TimeZone::UTC).unwrap();
    let contacted = contacts.iter().map(|row| {
        let midnight = format!("{}T00:00:00", row["first_contact_date"]);
        (
            row["mql_id"].clone(),
            "contacted".to_owned(),
            utc(&midnight),
        )
    });
    let won = deals.iter().map(|row| {
        let key = row["mql_id"].clone();
        (key, "won".to_owned(), utc(&row["won_date"]))
    });
    Some(leads(contacted.chain(won)))
}

#[test]
fn won_leads_are_known_by_the_month_of_their_first_contact() {
    let Some(leads) = funnel_leads() else { return };
    let loaded = Loaded::new(&leads);
    assert_eq!(loaded.timeline.len(), 8_000);
    let months = [
        (4, 0),
        (239, 2),
        (386, 9),
        (312, 7),
        (416, 14),
        (445, 18),
        (200, 11),
        (1_141, 152),
        (1_028, 149),
        (1_174, 167),
        (1_352, 183),
        (1_303, 130),
    ];
    let (from, to) = (at("2017-06-01T00:00:00Z"), at("2018-06-01T00:00:00Z"));
    let windows = Interval::Month.windows(from, to, &TimeZone::UTC).unwrap();
    for (window, (contacted, won)) in windows.iter().zip(months) {
        let range = TimeRange {
            from: Some(window.start),
            to: Some(window.end),
        };
        let entered = || {
            (
                "stage",
                Test::Entered {
                    value: option("contacted"),
                    range,
                },
            )
        };
        assert_eq!(loaded.count(now(), vec![entered()]), contacted);
        let ever_won = ("stage", Test::Ever(option("won")));
        assert_eq!(loaded.count(now(), vec![entered(), ever_won]), won);
    }
    // The one that was won before its first contact is visible as what it is: it is contacted now.
    let backwards = |test| loaded.count(now(), vec![("stage", test)]);
    let changed = Test::Changed {
        from_value: Some(Some(option("won"))),
        to_value: Some(Some(option("contacted"))),
        range: TimeRange::default(),
    };
    assert_eq!(backwards(changed), 1);
    assert_eq!(backwards(Test::Eq(option("won"))), 841);

    let stages = [option("contacted"), option("won")];
    let request = FunnelRequest {
        stages: &stages,
        basis: FunnelBasis::Cohort,
        skipped: Skipped::Count,
        intervals: Some(&windows),
    };
    let funnel = loaded.ask(now(), |view, report| {
        view.funnel(report, &request).unwrap().total
    });
    // It reached "won" before, not after, it was contacted.
    assert_eq!(
        (funnel.steps[0].reached, funnel.steps[1].reached),
        (8_000, 841)
    );
    let intervals = funnel.intervals.unwrap();
    let missing: u64 = intervals
        .iter()
        .zip(months)
        .map(|(found, (contacted, won))| {
            assert_eq!(found.steps[0].reached, contacted);
            won - found.steps[1].reached
        })
        .sum();
    assert_eq!(missing, 1);
    let median_days = funnel.steps[0].median_seconds.unwrap() / 86_400.0;
    assert_eq!(format!("{median_days:.2}"), "14.72");
}

#[test]
fn the_median_time_to_won_is_known_with_the_negative_one() {
    let Some(leads) = funnel_leads() else { return };
    let mut days: Vec<f64> = leads
        .iter()
        .filter_map(|lead| {
            let of = |value: &str| {
                let mut entries = lead.all("stage").iter();
                entries
                    .find(|e| e.value == Some(option(value)))
                    .map(|e| e.valid_from)
            };
            Some(of("won")?.seconds_since(of("contacted")?) / 86_400.0)
        })
        .collect();
    days.sort_by(f64::total_cmp);
    assert_eq!(days.len(), 842);
    assert_eq!(format!("{:.2}", days[0]), "-1.18");
    assert_eq!(format!("{:.2}", (days[420] + days[421]) / 2.0), "14.65");
}
