//! Funnels and cohorts as plain loops.

use jiff::{ToSpan, civil::date, tz::TimeZone};

use crate::{
    answers::{Answer, add},
    data::{STAGES, World},
    floor::{halves, joined, quantile},
};

/// How many months the data are of.
const MONTHS: i8 = 24;

/// By the month in which leads first were new: how many reached each stage, and the median time from it to the next one (funnel) or from
/// the first one to it (cohort).
pub(crate) fn answer(world: &World, is_funnel: bool) -> Answer {
    let months = beginnings();
    let steps = STAGES.len();
    let parts = halves(world.leads(), |range| {
        let mut durations = vec![Vec::new(); months.len() * steps];
        let mut reached = vec![vec![0_u64]; months.len() * steps];
        let mut times = [0; STAGES.len()];
        for lead in range {
            let count = reach(world, lead, &mut times);
            if count == 0 {
                continue;
            }
            let month = months.partition_point(|(start, _)| *start <= times[0]) - 1;
            for step in 0..count {
                reached[month * steps + step][0] += 1;
                if !is_funnel {
                    durations[month * steps + step].push(times[step] - times[0]);
                } else if step + 1 < count {
                    durations[month * steps + step].push(times[step + 1] - times[step]);
                }
            }
        }
        (durations, reached)
    });
    let (durations, reached): (Vec<_>, Vec<_>) = parts.into_iter().unzip();
    let (mut durations, reached) = (joined(durations), joined(reached));
    let mut answer = Answer::new();
    for (place, counts) in reached.iter().enumerate() {
        let count: u64 = counts.iter().sum();
        if count > 0 {
            let key = format!("{}:{}", months[place / steps].1, STAGES[place % steps]);
            let median = quantile(&mut durations[place], 50);
            add(&mut answer, key, [count as f64, median]);
        }
    }
    answer
}

/// When a lead reached each stage: a later one counts as having passed those before it. How many it reached.
fn reach(world: &World, lead: usize, times: &mut [i64; STAGES.len()]) -> usize {
    let (entered, codes) = world.stage.of(lead);
    let Some(mut index) = codes.iter().position(|&code| code == 0) else {
        return 0;
    };
    for (step, time) in times.iter_mut().enumerate() {
        while codes[index] < step as u32 || (step == 0 && codes[index] != 0) {
            index += 1;
            if index == codes.len() {
                return step;
            }
        }
        *time = entered[index];
    }
    STAGES.len()
}

/// The first moment of each month, and its name.
fn beginnings() -> Vec<(i64, String)> {
    (0..MONTHS)
        .map(|month| {
            let day = date(2024, 1, 1) + i64::from(month).months();
            let start = day.to_zoned(TimeZone::UTC).unwrap().timestamp();
            (start.as_microsecond(), day.strftime("%Y-%m").to_string())
        })
        .collect()
}
