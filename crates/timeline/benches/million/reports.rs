//! Reports over all leads and all of their time.

use std::sync::Arc;

use jiff::tz::TimeZone;
use leadline_engine::{
    filter::{Filter, Sort, Subject},
    time::Timestamp,
    value::Value,
};
use leadline_timeline::{
    Interval, Linked, Moment, View,
    reports::{Basis, Clock, FunnelBasis, FunnelRequest, Report, Skipped},
};

use crate::{
    bare::{chunks, quantiles},
    measure::Table,
    world::{BEGINNING, COUNTRIES, NOW, STAGES, World, option},
};

/// Milliseconds, so that the last digit of a number with a fraction does not matter.
type Millis = Option<i64>;

pub(crate) fn ask(table: &Table, world: &World) {
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
    trend(table, world, &view, &report);
    flow(table, world, &view, &report);
    times(table, world, &view, &report);
    funnels(table, world, &view, &report);
    snapshot(table, world, &view, &report);
    board(table, world, &view, &report);
}

fn of_seconds(seconds: Option<f64>) -> Millis {
    seconds.map(|seconds| (seconds * 1e3).round() as i64)
}

fn of_micros(micros: Option<&i64>) -> Millis {
    micros.map(|micros| (*micros as f64 / 1e3).round() as i64)
}

/// The number of a stage, from 1; 0 is empty.
fn code(value: Option<&Value>) -> usize {
    match value {
        Some(Value::Option(stage)) => {
            STAGES
                .iter()
                .position(|other| other == stage)
                .expect("a stage")
                + 1
        }
        _ => 0,
    }
}

fn trend(table: &Table, world: &World, view: &View<'_>, report: &Report<'_>) {
    let windows = |interval: Interval| {
        interval
            .windows(report.from, report.to, &TimeZone::UTC)
            .expect("few")
    };
    let days = windows(Interval::Day);
    table.line(
        "trend of 731 days",
        Some(20),
        || {
            let answer = view.trend(report, &days).expect("loaded").total;
            let last = answer.intervals.iter().map(|interval| {
                interval
                    .counts
                    .iter()
                    .map(|(value, count)| (*count as i64) << code(value.as_ref()))
                    .sum()
            });
            last.collect::<Vec<i64>>()
        },
        || {
            let counts = world.trend();
            (0..731)
                .map(|day| (1..7).map(|code| counts[code * 732 + day] << code).sum())
                .collect()
        },
    );
}

fn flow(table: &Table, world: &World, view: &View<'_>, report: &Report<'_>) {
    table.line(
        "flow with medians",
        Some(20),
        || {
            let flows = view.flow(report).expect("loaded").total.flows;
            let mut flows: Vec<(usize, u64, Millis)> = flows
                .iter()
                .map(|flow| {
                    (
                        code(flow.from.as_ref()) * 7 + code(flow.to.as_ref()),
                        flow.count,
                        of_seconds(flow.median_seconds),
                    )
                })
                .collect();
            flows.sort_unstable();
            flows
        },
        || {
            let (counts, durations) = world.moves();
            let medians = quantiles(durations, &[50]);
            let flows = counts
                .into_iter()
                .zip(medians)
                .enumerate()
                .filter(|(_, (count, _))| *count > 0);
            flows
                .map(|(key, (count, median))| (key, count, of_micros(median.first())))
                .collect()
        },
    );
}

fn times(table: &Table, world: &World, view: &View<'_>, report: &Report<'_>) {
    const PERCENTS: [usize; 3] = [50, 75, 90];
    table.line(
        "time in value with mean, median, p75, p90",
        Some(100),
        || {
            let answer = view
                .time_in_value(report, Basis::All, Clock::Calendar)
                .expect("loaded")
                .total;
            let mut values: Vec<_> = answer
                .values
                .iter()
                .map(|value| {
                    let quantiles = [value.median_seconds, value.p75_seconds, value.p90_seconds];
                    (
                        code(value.value.as_ref()),
                        quantiles.map(of_seconds).to_vec(),
                    )
                })
                .collect();
            values.sort_unstable();
            values
        },
        || {
            let found = quantiles(world.visits(7, |_, code| code as usize), &PERCENTS);
            let found = found.into_iter().enumerate().skip(1);
            found
                .map(|(code, found)| {
                    (
                        code,
                        found.iter().map(|value| of_micros(Some(value))).collect(),
                    )
                })
                .collect()
        },
    );
    let by_country = Report {
        group_by: Some(&world.country),
        ..*report
    };
    table.line(
        "the same by country",
        None,
        || {
            let answer = view
                .time_in_value(&by_country, Basis::All, Clock::Calendar)
                .expect("loaded");
            let medians = answer
                .groups
                .iter()
                .flatten()
                .flat_map(|group| &group.answer.values);
            let mut medians: Vec<Millis> = medians
                .map(|value| of_seconds(value.median_seconds))
                .collect();
            medians.sort_unstable();
            (answer.total.values.len(), medians)
        },
        || {
            let total = quantiles(world.visits(7, |_, code| code as usize), &PERCENTS);
            let keys = COUNTRIES as usize * 7;
            let found = quantiles(
                world.visits(keys, |row, code| {
                    world.countries[row] as usize * 7 + code as usize
                }),
                &PERCENTS,
            );
            let mut medians: Vec<Millis> = found
                .iter()
                .filter(|found| !found.is_empty())
                .map(|found| of_micros(found.first()))
                .collect();
            medians.sort_unstable();
            (total.len() - 1, medians)
        },
    );
}

fn funnels(table: &Table, world: &World, view: &View<'_>, report: &Report<'_>) {
    let months = Interval::Month
        .windows(report.from, report.to, &TimeZone::UTC)
        .expect("few");
    let starts: Vec<i64> = months.iter().map(|month| month.start.micros()).collect();
    let stages = STAGES.map(option);
    let request = FunnelRequest {
        stages: &stages,
        basis: FunnelBasis::Cohort,
        skipped: Skipped::Count,
        intervals: Some(&months),
    };
    table.line(
        "funnel of six steps by month",
        Some(30),
        || {
            let answer = view.funnel(report, &request).expect("loaded").total;
            let parts = answer
                .intervals
                .iter()
                .flatten()
                .map(|interval| &interval.steps)
                .chain([&answer.steps]);
            parts
                .flatten()
                .map(|step| (step.reached, of_seconds(step.median_seconds)))
                .collect::<Vec<_>>()
        },
        || {
            let to_next = |time: i64, _: i64, next: Option<i64>| next.map(|next| next - time);
            let mut steps = Vec::new();
            for starts in [&starts[..], &starts[..1]] {
                let (counts, durations) = world.funnel(starts, to_next);
                let medians = quantiles(durations, &[50]);
                steps.extend(
                    counts
                        .into_iter()
                        .zip(medians)
                        .map(|(count, median)| (count, of_micros(median.first()))),
                );
            }
            steps
        },
    );
    table.line(
        "cohorts of each month by six values",
        Some(30),
        || {
            let answer = view
                .cohort(report, &stages, Skipped::Count, &months)
                .expect("loaded")
                .total;
            let values = answer.cohorts.iter().flat_map(|cohort| &cohort.values);
            values
                .map(|value| (value.reached, of_seconds(value.median_seconds)))
                .collect::<Vec<_>>()
        },
        || {
            let (counts, durations) = world.funnel(&starts, |time, first, _| Some(time - first));
            let medians = quantiles(durations, &[50]);
            counts
                .into_iter()
                .zip(medians)
                .map(|(count, median)| (count, of_micros(median.first())))
                .collect()
        },
    );
}

fn snapshot(table: &Table, world: &World, view: &View<'_>, report: &Report<'_>) {
    let amount = &*world.amount;
    table.line(
        "snapshot with sums",
        None,
        || {
            let answer = view.snapshot(report, &[amount]).expect("loaded").total;
            let mut values: Vec<_> = answer
                .values
                .iter()
                .map(|held| {
                    let sum = match &held.sums[0].sum {
                        Some(Value::Money(money)) => i64::try_from(money.amount).ok(),
                        _ => None,
                    };
                    (code(held.value.as_ref()), held.count, sum)
                })
                .collect();
            values.sort_unstable();
            values
        },
        || {
            let parts = chunks(|rows| {
                let mut held = [(0_u64, 0_i64); 7];
                for row in rows {
                    let code =
                        world.stages.values[world.stages.offsets[row + 1] as usize - 1] as usize;
                    held[code].0 += 1;
                    held[code].1 += world.amounts[row];
                }
                held
            });
            let total = |code: usize| {
                parts.iter().fold((0, 0), |(count, sum), part| {
                    (count + part[code].0, sum + part[code].1)
                })
            };
            (1..7)
                .map(|code| (code, total(code).0, Some(total(code).1)))
                .collect()
        },
    );
}

fn board(table: &Table, world: &World, view: &View<'_>, report: &Report<'_>) {
    const FIRST: usize = 20;
    let amount = &world.amount;
    let sorts = [Sort {
        subject: Subject::Property(Arc::clone(amount)),
        descending: true,
    }];
    table.line(
        "board: count, sum, median age and first 20 of each stage",
        Some(20),
        || {
            let board = view
                .board(report, &[&**amount], &sorts, FIRST)
                .expect("loaded");
            let mut columns: Vec<_> = board
                .iter()
                .map(|column| {
                    (
                        code(column.value.as_ref()),
                        column.count,
                        of_seconds(column.median_age_seconds),
                        column.first.rows.clone(),
                    )
                })
                .collect();
            columns.sort_unstable();
            columns
        },
        || {
            let (counts, ages, firsts) = world.board(FIRST);
            let medians = quantiles(ages, &[50]);
            (1..7)
                .map(|code| {
                    (
                        code,
                        counts[code],
                        of_micros(medians[code].first()),
                        firsts[code].clone(),
                    )
                })
                .collect()
        },
    );
}
