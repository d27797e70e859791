//! The filter of each figure selects exactly the records that the figure counts.

use leadline_engine::{filter::Filter, value::Value};
use leadline_timeline::{
    View, Window,
    drill::{Drill, Step},
    reports::{Basis, Clock, FunnelBasis, FunnelRequest, FunnelStep, Report, Reported, Skipped},
};
use proptest::prelude::*;

use crate::{
    model::{World, hour, strategies},
    reports::{Asked, asked, stages},
};

/// Asks each kind of timeline, and gives `check` each answer with the drill of its group and a way to count what a filter selects.
fn each<T>(
    world: &World,
    name: &str,
    asked: &Asked,
    ask: impl Fn(&View<'_>, &Report<'_>) -> Reported<T>,
    check: impl Fn(&T, &Drill<'_>, &dyn Fn(&Filter) -> u64) -> Result<(), TestCaseError>,
) -> Result<(), TestCaseError> {
    let filter = asked.filter(world);
    let (property, archived) = (world.schema.lead(name), world.schema.lead("archived"));
    let group_by = asked.group_by.map(|name| world.schema.lead(name));
    for (timeline, accounts) in world.timelines() {
        let linked = world.linked(&accounts);
        let view = View::new(&timeline, asked.moment, &linked);
        let records = view.select_with_archived(&filter).unwrap();
        let report = Report {
            property: &property,
            records: &records,
            from: asked.from,
            to: asked.to,
            group_by: group_by.as_deref(),
            exclude_sources: &asked.excluded,
        };
        let drill = Drill {
            filter: &filter,
            property: &property,
            archived: &archived,
            range: Window {
                start: asked.from,
                end: asked.to,
            },
            moment: asked.moment.at,
            exclude_sources: &asked.excluded,
            group: None,
        };
        let answer = ask(&view, &report);
        let count = |filter: &Filter| view.select(filter).unwrap().len();
        check(&answer.total, &drill, &count)?;
        for group in answer.groups.iter().flatten() {
            let by = group_by
                .as_ref()
                .map(|property| (property, group.value.as_ref()));
            check(
                &group.answer,
                &Drill {
                    group: by,
                    ..drill.clone()
                },
                &count,
            )?;
        }
    }
    Ok(())
}

fn ordered() -> impl Strategy<Value = Asked> {
    asked().prop_map(|mut asked| {
        if asked.from >= asked.to {
            asked.to = asked.from.plus_micros(7 * crate::model::HOUR);
        }
        asked
    })
}

/// Of stages, and of texts that differ in case and accents.
fn property() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["stage", "name", "email"])
}

fn check_steps(
    steps: &[FunnelStep],
    drill: &Drill<'_>,
    step: Step<'_>,
    count: &dyn Fn(&Filter) -> u64,
) -> Result<(), TestCaseError> {
    for (index, found) in steps.iter().enumerate() {
        let step = Step {
            step: index,
            ..step
        };
        prop_assert_eq!(count(&drill.reached(step)), found.reached);
        let converted = drill.converted(step).map(|filter| count(&filter));
        prop_assert_eq!(converted, found.converted);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn times_in_value_lead_to_their_records(
        world in strategies::world(),
        asked in ordered(),
        is_closed in any::<bool>(),
        name in property(),
    ) {
        let basis = if is_closed { Basis::Closed } else { Basis::All };
        each(
            &world,
            name,
            &asked,
            |view, report| view.time_in_value(report, basis, Clock::Calendar).unwrap(),
            |answer, drill, count| {
                for times in &answer.values {
                    let value = times.value.as_ref().unwrap();
                    prop_assert_eq!(count(&drill.visits(value, basis)), times.records);
                    // A record has one open visit at most.
                    prop_assert_eq!(count(&drill.open_visits(value)), times.open_visits);
                }
                Ok(())
            },
        )?;
    }

    #[test]
    fn flows_lead_to_their_records(world in strategies::world(), asked in ordered(), name in property()) {
        each(
            &world,
            name,
            &asked,
            |view, report| view.flow(report).unwrap(),
            |answer, drill, count| {
                for flow in &answer.flows {
                    let filter = drill.moves(flow.from.as_ref(), flow.to.as_ref());
                    prop_assert_eq!(count(&filter), flow.records);
                }
                Ok(())
            },
        )?;
    }

    #[test]
    fn funnels_and_cohorts_lead_to_their_records(
        world in strategies::world(),
        asked in ordered(),
        stages in stages(),
        (is_cohort, counts_skipped, size) in (any::<bool>(), any::<bool>(), 3..20_i64),
    ) {
        let basis = if is_cohort { FunnelBasis::Cohort } else { FunnelBasis::Period };
        let skipped = if counts_skipped { Skipped::Count } else { Skipped::Drop };
        let windows = asked.windows(size);
        let request = FunnelRequest { stages: &stages, basis, skipped, intervals: Some(&windows) };
        let whole = Window { start: asked.from, end: asked.to };
        let step = Step { stages: &stages, step: 0, basis, skipped, window: whole };
        each(
            &world,
            "stage",
            &asked,
            |view, report| view.funnel(report, &request).unwrap(),
            |answer, drill, count| {
                check_steps(&answer.steps, drill, step, count)?;
                for (interval, &window) in answer.intervals.iter().flatten().zip(&windows) {
                    check_steps(&interval.steps, drill, Step { window, ..step }, count)?;
                }
                Ok(())
            },
        )?;
        let step = Step { basis: FunnelBasis::Cohort, ..step };
        each(
            &world,
            "stage",
            &asked,
            |view, report| view.cohort(report, &stages, skipped, &windows).unwrap(),
            |answer, drill, count| {
                for (cohort, &window) in answer.cohorts.iter().zip(&windows) {
                    for (index, value) in cohort.values.iter().enumerate() {
                        let step = Step { step: index, window, ..step };
                        prop_assert_eq!(count(&drill.reached(step)), value.reached);
                    }
                }
                Ok(())
            },
        )?;
    }

    #[test]
    fn trends_lead_to_their_records(world in strategies::world(), asked in ordered(), name in property()) {
        let windows = asked.windows(5);
        each(
            &world,
            name,
            &asked,
            |view, report| view.trend(report, &windows).unwrap(),
            |answer, drill, count| {
                for interval in &answer.intervals {
                    for (value, counted) in &interval.counts {
                        prop_assert_eq!(count(&drill.held_at(value.as_ref(), interval.end)), *counted);
                    }
                }
                Ok(())
            },
        )?;
    }

    #[test]
    fn snapshots_lead_to_their_records(
        world in strategies::world(),
        asked in ordered(),
        (name, by) in (property(), prop::sample::select(vec!["owner", "name"])),
    ) {
        let (filter, property) = (asked.filter(&world), world.schema.lead(name));
        let (archived, by) = (world.schema.lead("archived"), world.schema.lead(by));
        for (timeline, accounts) in world.timelines() {
            let linked = world.linked(&accounts);
            let view = View::new(&timeline, asked.moment, &linked);
            let records = view.select(&filter).unwrap();
            let report = Report {
                property: &property,
                records: &records,
                from: hour(0),
                to: hour(0),
                group_by: Some(&by),
                exclude_sources: &[],
            };
            let drill = Drill {
                filter: &filter,
                property: &property,
                archived: &archived,
                range: Window { start: hour(0), end: hour(0) },
                moment: asked.moment.at,
                exclude_sources: &[],
                group: None,
            };
            let answer = view.snapshot(&report, &[]).unwrap();
            let groups = answer.groups.iter().flatten();
            let parts = groups.map(|group| (Some((&by, group.value.as_ref())), &group.answer));
            for (group, answer) in parts.chain([(None, &answer.total)]) {
                let drill = Drill { group, ..drill.clone() };
                for held in &answer.values {
                    let value: Option<&Value> = held.value.as_ref();
                    let count = view.select(&drill.holds(value)).unwrap().len();
                    prop_assert_eq!(count, held.count);
                }
            }
        }
    }
}
