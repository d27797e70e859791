//! Reports against the naive model, for all records and by group.

use std::{collections::BTreeMap, sync::Arc};

use leadline_engine::{
    filter::{Filter, Test},
    ledger::Source,
    schema::Property,
    time::Timestamp,
    value::Value,
};
use leadline_timeline::{
    Interval, Linked, Moment, View, Window,
    reports::{Basis, Clock, FunnelBasis, FunnelRequest, Group, Report, Reported, Skipped},
};
use proptest::prelude::*;

use crate::model::{
    Lead, STAGES, World,
    filters::known,
    hour,
    reports::{self as naive, Range, close, mean, quantile, show},
    strategies::{self, HOURS, Named},
};

/// A report in words, to be asked of any world.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    filter: Named<Test>,
    pub(crate) moment: Moment,
    pub(crate) from: Timestamp,
    pub(crate) to: Timestamp,
    pub(crate) group_by: Option<&'static str>,
    pub(crate) excluded: Vec<Source>,
}

pub(crate) fn asked() -> impl Strategy<Value = Asked> {
    let group_by = prop::sample::select(vec![
        None,
        Some("owner"),
        Some("score"),
        Some("name"),
        Some("archived"),
    ]);
    let excluded = prop::collection::vec(prop::sample::select(Source::ALL.to_vec()), 0..3);
    let filter = prop_oneof![2 => Just(Vec::new()), 1 => strategies::filter()];
    (
        filter,
        strategies::moment(),
        0..HOURS,
        0..HOURS + 5,
        group_by,
        excluded,
    )
        .prop_map(|(filter, moment, from, to, group_by, excluded)| Asked {
            filter,
            moment,
            from: hour(from),
            to: hour(to),
            group_by,
            excluded,
        })
}

impl Asked {
    pub(crate) fn filter(&self, world: &World) -> Filter {
        strategies::resolved(&world.schema, self.filter.clone())
    }

    fn range(&self) -> Range<'_> {
        Range {
            from: self.from,
            to: self.to,
            excluded: &self.excluded,
        }
    }

    /// The leads that may count, archived ones too.
    fn leads(&self, world: &World) -> Vec<Lead> {
        let filter = self.filter(world);
        let leads = world
            .leads
            .iter()
            .filter_map(|lead| known(lead, self.moment));
        leads
            .filter(|lead| world.matches(&filter, lead, self.moment))
            .collect()
    }

    pub(crate) fn windows(&self, size: i64) -> Vec<Window> {
        let mut windows = Vec::new();
        let mut start = self.from;
        while start < self.to {
            let end = start.plus_micros(size * crate::model::HOUR).min(self.to);
            windows.push(Window { start, end });
            start = end;
        }
        windows
    }
}

/// Asks every kind of timeline that the world can be, and hands each answer, with the leads that it is of, to `check`.
fn each<T>(
    world: &World,
    asked: &Asked,
    ask: impl Fn(&View<'_>, &Report<'_>) -> Reported<T>,
    check: impl Fn(&T, &[Lead]) -> Result<(), TestCaseError>,
) -> Result<(), TestCaseError> {
    let leads = asked.leads(world);
    let property: Arc<Property> = world.schema.lead("stage");
    let group_by = asked.group_by.map(|name| world.schema.lead(name));
    for (timeline, accounts) in world.timelines() {
        let linked = world.linked(&accounts);
        let view = View::new(&timeline, asked.moment, &linked);
        let records = view.select_with_archived(&asked.filter(world)).unwrap();
        prop_assert_eq!(records.len(), leads.len() as u64);
        let report = Report {
            property: &property,
            records: &records,
            from: asked.from,
            to: asked.to,
            group_by: group_by.as_deref(),
            exclude_sources: &asked.excluded,
        };
        let answer = ask(&view, &report);
        check(&answer.total, &leads)?;
        prop_assert_eq!(answer.groups.is_some(), group_by.is_some());
        let mut groups = naive::groups(&leads, asked.group_by);
        for Group { value, answer } in answer.groups.iter().flatten() {
            let leads = groups.remove(&show(value.as_ref()));
            check(answer, &leads.expect("a group of the model"))?;
        }
    }
    Ok(())
}

pub(crate) fn stages() -> impl Strategy<Value = Vec<Value>> {
    let stages: Vec<Value> = STAGES
        .iter()
        .map(|s| Value::Option((*s).to_owned()))
        .collect();
    Just(stages)
        .prop_shuffle()
        .prop_flat_map(|stages| (1..=stages.len()).prop_map(move |count| stages[..count].to_vec()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn times_in_value_are_the_models(
        world in strategies::world(),
        asked in asked(),
        is_closed in any::<bool>(),
    ) {
        let basis = if is_closed { Basis::Closed } else { Basis::All };
        each(
            &world,
            &asked,
            |view, report| view.time_in_value(report, basis, Clock::Calendar).unwrap(),
            |answer, leads| {
                let expected = naive::time_in_value(leads, &asked.range(), basis, asked.moment);
                prop_assert_eq!(answer.values.len(), expected.len());
                for found in &answer.values {
                    let held = &expected[&show(found.value.as_ref())];
                    prop_assert_eq!(found.visits, held.durations.len() as u64);
                    prop_assert_eq!(found.records, held.records.len() as u64);
                    prop_assert_eq!(found.open_visits, held.open);
                    prop_assert!(close(found.mean_seconds, mean(&held.durations)));
                    for (found, q) in [
                        (found.median_seconds, 0.5),
                        (found.p75_seconds, 0.75),
                        (found.p90_seconds, 0.9),
                    ] {
                        prop_assert!(close(found, quantile(&held.durations, q)));
                    }
                }
                Ok(())
            },
        )?;
    }

    #[test]
    fn flows_are_the_models(world in strategies::world(), asked in asked()) {
        each(
            &world,
            &asked,
            |view, report| view.flow(report).unwrap(),
            |answer, leads| {
                let expected = naive::flow(leads, &asked.range());
                prop_assert_eq!(answer.flows.len(), expected.len());
                for flow in &answer.flows {
                    let key = (show(flow.from.as_ref()), show(flow.to.as_ref()));
                    let (durations, count, records) = &expected[&key];
                    prop_assert_eq!(flow.count, *count);
                    prop_assert_eq!(flow.records, records.len() as u64);
                    prop_assert!(close(flow.median_seconds, quantile(durations, 0.5)));
                }
                prop_assert!(answer.flows.is_sorted_by(|a, b| a.count >= b.count));
                Ok(())
            },
        )?;
    }

    #[test]
    fn funnels_are_the_models(
        world in strategies::world(),
        asked in asked(),
        stages in stages(),
        (is_cohort, counts_skipped, size) in (any::<bool>(), any::<bool>(), 3..20_i64),
    ) {
        let basis = if is_cohort { FunnelBasis::Cohort } else { FunnelBasis::Period };
        let skipped = if counts_skipped { Skipped::Count } else { Skipped::Drop };
        let windows = asked.windows(size);
        let request = FunnelRequest { stages: &stages, basis, skipped, intervals: Some(&windows) };
        let whole = Window { start: asked.from, end: asked.to };
        each(
            &world,
            &asked,
            |view, report| view.funnel(report, &request).unwrap(),
            |answer, leads| {
                let intervals = answer.intervals.iter().flatten();
                let parts = intervals.map(|interval| (interval.start, &interval.steps));
                prop_assert_eq!(parts.clone().count(), windows.len());
                let windows = windows.iter().copied().chain([whole]);
                for ((start, found), window) in parts.chain([(whole.start, &answer.steps)]).zip(windows) {
                    prop_assert_eq!(start, window.start);
                    let steps = naive::funnel(leads, &stages, (basis, skipped), window, &asked.excluded);
                    prop_assert_eq!(found.len(), steps.len());
                    for (index, (found, (records, times))) in found.iter().zip(&steps).enumerate() {
                        prop_assert_eq!(found.value.as_ref(), Some(&stages[index]));
                        prop_assert_eq!(found.reached, records.len() as u64);
                        let converted = (index + 1 < stages.len()).then_some(times.len() as u64);
                        prop_assert_eq!(found.converted, converted);
                        prop_assert!(close(found.median_seconds, quantile(times, 0.5)));
                        let rate = converted.filter(|_| !records.is_empty());
                        let rate = rate.map(|converted| converted as f64 / records.len() as f64);
                        prop_assert!(close(found.rate, rate));
                    }
                }
                Ok(())
            },
        )?;
    }

    #[test]
    fn cohorts_are_the_models(
        world in strategies::world(),
        asked in asked(),
        stages in stages(),
        (counts_skipped, size) in (any::<bool>(), 3..20_i64),
    ) {
        let skipped = if counts_skipped { Skipped::Count } else { Skipped::Drop };
        let windows = asked.windows(size);
        each(
            &world,
            &asked,
            |view, report| view.cohort(report, &stages, skipped, &windows).unwrap(),
            |answer, leads| {
                prop_assert_eq!(answer.cohorts.len(), windows.len());
                for (row, window) in answer.cohorts.iter().zip(&windows) {
                    let mut times: Vec<Vec<i64>> = vec![Vec::new(); stages.len()];
                    for lead in leads {
                        let path = naive::path(lead, &stages, skipped, &asked.excluded);
                        let Some(&first) = path.first() else { continue };
                        if window.start <= first && first < window.end {
                            for (times, time) in times.iter_mut().zip(&path) {
                                times.push(time.micros() - first.micros());
                            }
                        }
                    }
                    prop_assert_eq!((row.start, row.size), (window.start, times[0].len() as u64));
                    for (found, times) in row.values.iter().zip(&times) {
                        prop_assert_eq!(found.reached, times.len() as u64);
                        prop_assert!(close(found.median_seconds, quantile(times, 0.5)));
                        prop_assert_eq!(found.rate.is_some(), row.size > 0);
                    }
                }
                Ok(())
            },
        )?;
    }

    #[test]
    fn trends_are_the_models(
        world in strategies::world(),
        asked in asked(),
        size in 1..20_i64,
    ) {
        let windows = asked.windows(size);
        each(
            &world,
            &asked,
            |view, report| view.trend(report, &windows).unwrap(),
            |answer, leads| {
                let at = asked.moment.at;
                let past = windows.iter().filter(|window| window.start <= at);
                let ends: Vec<Timestamp> = past.map(|window| window.end.min(at)).collect();
                prop_assert_eq!(answer.intervals.iter().map(|i| i.end).collect::<Vec<_>>(), ends);
                for interval in &answer.intervals {
                    let counts = interval.counts.iter();
                    let counts: BTreeMap<String, u64> =
                        counts.map(|(value, count)| (show(value.as_ref()), *count)).collect();
                    prop_assert_eq!(counts, naive::counts(leads, interval.end));
                }
                Ok(())
            },
        )?;
    }

    #[test]
    fn snapshots_are_the_models(world in strategies::world(), asked in asked()) {
        let summed = ["amount", "score"].map(|name| world.schema.lead(name));
        each(
            &world,
            &asked,
            |view, report| view.snapshot(report, &[&summed[0], &summed[1]]).unwrap(),
            |answer, leads| {
                let mut held = BTreeMap::<String, Vec<&Lead>>::new();
                for lead in leads {
                    let value = lead.at("stage", Timestamp::MAX);
                    held.entry(show(value.as_ref())).or_default().push(lead);
                }
                prop_assert_eq!(answer.values.len(), held.len());
                for found in &answer.values {
                    let leads = &held[&show(found.value.as_ref())];
                    prop_assert_eq!(found.count, leads.len() as u64);
                    let mut sums = BTreeMap::new();
                    for lead in leads {
                        for name in ["amount", "score"] {
                            let (currency, amount) = match lead.at(name, Timestamp::MAX) {
                                Some(Value::Money(m)) => (Some(m.currency), m.amount),
                                Some(Value::Number(number)) => (None, number),
                                _ => continue,
                            };
                            let (count, sum) =
                                sums.entry((name.to_owned(), currency)).or_insert((0, 0.into()));
                            *count += 1;
                            *sum += amount;
                        }
                    }
                    let found = found.sums.iter().map(|sum| {
                        let amount = match sum.sum.as_ref().unwrap() {
                            Value::Money(money) => money.amount,
                            Value::Number(number) => *number,
                            other => panic!("{other:?} is no sum"),
                        };
                        ((sum.property.clone(), sum.currency), (sum.count, amount))
                    });
                    prop_assert_eq!(found.collect::<BTreeMap<_, _>>(), sums);
                }
                Ok(())
            },
        )?;
    }

    #[test]
    fn boards_are_the_models(
        world in strategies::world(),
        asked in asked(),
        sorts in strategies::sorts(),
        limit in 1..4_usize,
    ) {
        let sorts = strategies::resolved_sorts(&world.schema, sorts);
        let leads = asked.leads(&world);
        let (stage, score) = (world.schema.lead("stage"), world.schema.lead("score"));
        let mut held = BTreeMap::<String, Vec<Lead>>::new();
        for lead in &leads {
            let value = lead.at("stage", Timestamp::MAX);
            held.entry(show(value.as_ref())).or_default().push(lead.clone());
        }
        for (timeline, accounts) in world.timelines() {
            let linked = world.linked(&accounts);
            let view = View::new(&timeline, asked.moment, &linked);
            let records = view.select_with_archived(&asked.filter(&world)).unwrap();
            let report = Report {
                property: &stage,
                records: &records,
                from: asked.from,
                to: asked.to,
                group_by: None,
                exclude_sources: &asked.excluded,
            };
            let board = view.board(&report, &[&score], &sorts, limit).unwrap();
            let snapshot = view.snapshot(&report, &[&score]).unwrap().total;
            prop_assert_eq!(board.len(), held.len());
            for (column, state) in board.iter().zip(&snapshot.values) {
                let leads = &held[&show(column.value.as_ref())];
                prop_assert_eq!((&column.value, column.count), (&state.value, state.count));
                prop_assert_eq!(&column.sums, &state.sums);
                let ages = leads.iter().map(|lead| {
                    let since = lead.all("stage").last().map(|entry| entry.valid_from);
                    let since = since.unwrap_or(lead.head.created_at);
                    (asked.moment.at.micros() - since.micros()).max(0)
                });
                let ages: Vec<i64> = ages.collect();
                prop_assert!(close(column.median_age_seconds, quantile(&ages, 0.5)));
                let mut first = world.sorted(leads, &sorts, asked.moment);
                prop_assert_eq!(column.first.next.is_some(), first.len() > limit);
                first.truncate(limit);
                prop_assert_eq!(&column.first.ids, &first);
            }
        }
    }

    #[test]
    fn diffs_are_the_models(world in strategies::world(), asked in asked()) {
        let filter = asked.filter(&world);
        let property = world.schema.lead("stage");
        let at = |time: Timestamp| Moment::as_of(time.min(asked.moment.at));
        let [old, new] = [asked.from, asked.to].map(|time| world.selected(&filter, at(time)));
        let find = |leads: &[Lead], lead: &Lead| {
            let found = leads.iter().find(|other| other.head.id == lead.head.id);
            found.map(|lead| lead.at("stage", Timestamp::MAX))
        };
        let entered = new.iter().filter(|lead| find(&old, lead).is_none()).count();
        let left = old.iter().filter(|lead| find(&new, lead).is_none()).count();
        let moved = new.iter().filter(|lead| {
            find(&old, lead).is_some_and(|value| value != lead.at("stage", Timestamp::MAX))
        });
        let moved = moved.count();
        for (timeline, accounts) in world.timelines() {
            let linked = world.linked(&accounts);
            let view = View::new(&timeline, asked.moment, &linked);
            let answer = view.diff(&property, &filter, asked.from, asked.to).unwrap();
            prop_assert_eq!(
                [answer.entered, answer.left, answer.moved],
                [entered as u64, left as u64, moved as u64]
            );
            let counted: u64 = answer.moves.iter().map(|flow| flow.count).sum();
            prop_assert_eq!(counted, answer.moved);
            let counted: u64 = answer.entered_values.iter().map(|value| value.count).sum();
            prop_assert_eq!(counted, answer.entered);
        }
    }
}

/// So many that several tasks find a part of them.
#[test]
fn figures_of_many_visits_are_the_models() {
    let schema = crate::model::TestSchema::new();
    let stage = |n: u64| Some(Value::Option(STAGES[n as usize % 3].to_owned()));
    let mut state = 1_u64;
    let mut below = |limit: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 33) % limit
    };
    let lead = |n: u128| {
        let mut lead = Lead::new(uuid::Uuid::from_u128(n << 64 | n).into(), hour(0));
        let mut at = hour(below(9) as i64);
        for step in 0..6 {
            lead.set("stage", at, stage(step + below(2)), Source::User);
            at = at.plus_micros((below(1 << 40) >> below(40)) as i64);
        }
        let score = Value::Number((below(2) as i64).into());
        lead.set("score", hour(0), Some(score), Source::User);
        lead
    };
    let world = World {
        schema,
        leads: (0..7_000).map(lead).collect(),
        accounts: Vec::new(),
    };
    for group_by in [None, Some("score")] {
        let asked = Asked {
            filter: Vec::new(),
            moment: Moment::now(hour(9_000)),
            from: hour(0),
            to: hour(9_000),
            group_by,
            excluded: Vec::new(),
        };
        each(
            &world,
            &asked,
            |view, report| {
                view.time_in_value(report, Basis::All, Clock::Calendar)
                    .unwrap()
            },
            |answer, leads| {
                let expected =
                    naive::time_in_value(leads, &asked.range(), Basis::All, asked.moment);
                for found in &answer.values {
                    let durations = &expected[&show(found.value.as_ref())].durations;
                    prop_assert!(close(found.median_seconds, quantile(durations, 0.5)));
                    prop_assert!(close(found.p75_seconds, quantile(durations, 0.75)));
                    prop_assert!(close(found.p90_seconds, quantile(durations, 0.9)));
                }
                Ok(())
            },
        )
        .unwrap();
        each(
            &world,
            &asked,
            |view, report| view.flow(report).unwrap(),
            |answer, leads| {
                let expected = naive::flow(leads, &asked.range());
                for flow in &answer.flows {
                    let key = (show(flow.from.as_ref()), show(flow.to.as_ref()));
                    prop_assert!(close(flow.median_seconds, quantile(&expected[&key].0, 0.5)));
                }
                Ok(())
            },
        )
        .unwrap();
    }
}

#[test]
fn answers_are_written_as_the_api_names_them() {
    let mut lead = Lead::new(crate::model::uuid(1, 0).into(), hour(0));
    let stage = |n: usize| Some(Value::Option(STAGES[n].to_owned()));
    lead.set("stage", hour(0), stage(0), Source::User);
    lead.set("stage", hour(2), stage(1), Source::User);
    let schema = crate::model::TestSchema::new();
    let timeline = crate::model::built(&schema.leads, &[lead], false);
    let linked = Linked::none();
    let view = View::new(&timeline, Moment::now(hour(3)), &linked);
    let records = view.select_with_archived(&Filter::default()).unwrap();
    let (property, owner) = (schema.lead("stage"), schema.lead("owner"));
    let report = Report {
        property: &property,
        records: &records,
        from: hour(0),
        to: hour(24),
        group_by: Some(&owner),
        exclude_sources: &[],
    };
    let closed = view
        .time_in_value(&report, Basis::Closed, Clock::Calendar)
        .unwrap();
    assert_eq!(
        closed.to_json().unwrap().to_string(),
        concat!(
            r#"{"values":[{"value":"new","visits":1,"records":1,"openVisits":0,"meanSeconds":7200.0,"#,
            r#""medianSeconds":7200.0,"p75Seconds":7200.0,"p90Seconds":7200.0},"#,
            r#"{"value":"contacted","visits":0,"records":0,"openVisits":1,"meanSeconds":null,"#,
            r#""medianSeconds":null,"p75Seconds":null,"p90Seconds":null}],"#,
            r#""groups":[{"values":[{"value":"new","visits":1,"records":1,"openVisits":0,"meanSeconds":7200.0,"#,
            r#""medianSeconds":7200.0,"p75Seconds":7200.0,"p90Seconds":7200.0},"#,
            r#"{"value":"contacted","visits":0,"records":0,"openVisits":1,"meanSeconds":null,"#,
            r#""medianSeconds":null,"p75Seconds":null,"p90Seconds":null}],"group":null}]}"#
        )
    );
    let windows = Interval::Day
        .windows(hour(0), hour(24), &jiff::tz::TimeZone::UTC)
        .unwrap();
    let trend = view.trend(&report, &windows).unwrap().total;
    assert_eq!(
        serde_json::to_string(&trend).unwrap(),
        r#"{"intervals":[{"end":"2026-01-01T03:00:00Z","counts":{"contacted":1}}]}"#
    );
}
