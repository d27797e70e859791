//! The same questions as plain loops over the flat columns, on two threads: what the machine needs at least.

use std::ops::Range;

use crate::{
    answers::{Answer, add},
    data::{COUNTRIES, DAY, END, NEVER, STAGES, World},
    ledger::country,
    pages, paths,
    questions::{BOARD_UNTIL, Question, STAGE, TREND_DAYS},
};

const THREADS: usize = 2;
const STAGE_COUNT: usize = STAGES.len();

/// What the loop finds; nothing where there is none.
pub(crate) fn answer(question: Question, world: &World) -> Option<Answer> {
    Some(match question {
        Question::Page
        | Question::PageAsOf
        | Question::Contains
        | Question::Words
        | Question::Everywhere
        | Question::Ever
        | Question::Entered
        | Question::TimeInStage
        | Question::CountAsOf => pages::answer(question, world),
        Question::Typo => return None,
        Question::Board => board(world),
        Question::Trend => trend(world),
        Question::Flow => flow(world),
        Question::Times => times(world, false),
        Question::TimesByCountry => times(world, true),
        Question::Funnel => paths::answer(world, true),
        Question::Cohort => paths::answer(world, false),
        Question::Snapshot => snapshot(world),
    })
}

/// Works on the halves of a range at once.
pub(crate) fn halves<T: Send>(count: usize, work: impl Fn(Range<usize>) -> T + Sync) -> Vec<T> {
    let part = count.div_ceil(THREADS);
    std::thread::scope(|scope| {
        let work = &work;
        let threads: Vec<_> = (0..THREADS)
            .map(|thread| (thread * part).min(count)..((thread + 1) * part).min(count))
            .map(|range| scope.spawn(move || work(range)))
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    })
}

/// The code of the stage that questions on history are about.
pub(crate) fn stage_code() -> u32 {
    STAGES.iter().position(|stage| *stage == STAGE).unwrap() as u32
}

/// Seconds at a quantile, interpolated; reorders the durations.
pub(crate) fn quantile(durations: &mut [i64], percent: usize) -> f64 {
    let Some(last) = durations.len().checked_sub(1) else {
        return f64::NAN;
    };
    let (index, rest) = (last * percent / 100, last * percent % 100);
    let (_, &mut low, above) = durations.select_nth_unstable(index);
    let next = above.iter().copied().min().filter(|_| rest > 0);
    (low as f64 + (next.unwrap_or(low) - low) as f64 * rest as f64 / 100.0) / 1e6
}

/// Joins the lists that the threads made, each of the same length.
pub(crate) fn joined<T>(parts: Vec<Vec<Vec<T>>>) -> Vec<Vec<T>> {
    let mut parts = parts.into_iter();
    let mut all = parts.next().unwrap_or_default();
    for part in parts {
        for (all, mut part) in all.iter_mut().zip(part) {
            all.append(&mut part);
        }
    }
    all
}

fn snapshot(world: &World) -> Answer {
    let parts = halves(world.leads(), |range| {
        let mut sums = [(0_u64, 0_u64); STAGE_COUNT];
        for lead in range.filter(|lead| world.archived[*lead] == NEVER) {
            let sum = &mut sums[world.stage.last(lead) as usize];
            *sum = (sum.0 + 1, sum.1 + u64::from(world.amount.last(lead)));
        }
        sums
    });
    let mut answer = Answer::new();
    for (stage, name) in STAGES.iter().enumerate() {
        let count: u64 = parts.iter().map(|sums| sums[stage].0).sum();
        let sum: u64 = parts.iter().map(|sums| sums[stage].1).sum();
        if count > 0 {
            add(&mut answer, *name, [count as f64, sum as f64]);
        }
    }
    answer
}

fn board(world: &World) -> Answer {
    let mut answer = snapshot(world);
    let ages = halves(world.leads(), |range| {
        let mut ages = vec![Vec::new(); STAGE_COUNT];
        for lead in range.filter(|lead| world.archived[*lead] == NEVER) {
            let (times, codes) = world.stage.of(lead);
            ages[codes[codes.len() - 1] as usize].push(BOARD_UNTIL - times[times.len() - 1]);
        }
        ages
    });
    for (stage, ages) in joined(ages).iter_mut().enumerate() {
        if !ages.is_empty() {
            add(&mut answer, STAGES[stage], [quantile(ages, 50)]);
        }
        let cards = pages::cards(world, stage as u32);
        add(&mut answer, format!("page {}", STAGES[stage]), cards);
    }
    answer
}

fn trend(world: &World) -> Answer {
    let days = TREND_DAYS as usize;
    let from = END - TREND_DAYS * DAY;
    let day = |time: i64| ((time - from) / DAY).max(0) as usize;
    let parts = halves(world.leads(), |range| {
        let mut moves = vec![[0_i64; STAGE_COUNT]; days + 1];
        for lead in range {
            let (times, codes) = world.stage.of(lead);
            for (index, &code) in codes.iter().enumerate() {
                let end = times
                    .get(index + 1)
                    .copied()
                    .unwrap_or(world.archived[lead]);
                moves[day(times[index])][code as usize] += 1;
                if end != NEVER {
                    moves[day(end)][code as usize] -= 1;
                }
            }
        }
        moves
    });
    let mut answer = Answer::new();
    let mut counts = [0; STAGE_COUNT];
    for day in 0..days {
        for (stage, count) in counts.iter_mut().enumerate() {
            *count += parts.iter().map(|moves| moves[day][stage]).sum::<i64>();
            if *count > 0 {
                add(
                    &mut answer,
                    format!("{day}:{}", STAGES[stage]),
                    [*count as f64],
                );
            }
        }
    }
    answer
}

/// The durations of moves by where they came from (the last place is entries) and went, and of how many leads they are.
fn flow(world: &World) -> Answer {
    let pairs = (STAGE_COUNT + 1) * STAGE_COUNT;
    let parts = halves(world.leads(), |range| {
        let mut found = (vec![Vec::new(); pairs], vec![0_u64; pairs]);
        let mut seen = vec![usize::MAX; pairs];
        for lead in range {
            let (times, codes) = world.stage.of(lead);
            let mut from = (STAGE_COUNT, times[0]);
            for (&time, &code) in times.iter().zip(codes) {
                let pair = from.0 * STAGE_COUNT + code as usize;
                found.0[pair].push(time - from.1);
                found.1[pair] += u64::from(std::mem::replace(&mut seen[pair], lead) != lead);
                from = (code as usize, time);
            }
        }
        found
    });
    let (durations, leads): (Vec<_>, Vec<_>) = parts.into_iter().unzip();
    let mut answer = Answer::new();
    for (pair, durations) in joined(durations).iter_mut().enumerate() {
        if durations.is_empty() {
            continue;
        }
        let from = STAGES.get(pair / STAGE_COUNT);
        let leads: u64 = leads.iter().map(|leads| leads[pair]).sum();
        let count = durations.len() as f64;
        let median = from.map_or(f64::NAN, |_| quantile(durations, 50));
        let key = format!("{}>{}", from.unwrap_or(&""), STAGES[pair % STAGE_COUNT]);
        add(&mut answer, key, [count, leads as f64, median]);
    }
    answer
}

/// Visits of a stage, or of a country's stage.
#[derive(Default, Clone)]
struct Visits {
    durations: Vec<i64>,
    leads: u64,
    open: u64,
    last: usize,
}

fn times(world: &World, by_country: bool) -> Answer {
    let groups = if by_country { COUNTRIES as usize } else { 1 };
    let parts = halves(world.leads(), |range| {
        let mut found = vec![Visits::default(); groups * STAGE_COUNT];
        for lead in range {
            let group = usize::from(by_country) * world.country[lead] as usize * STAGE_COUNT;
            let (times, codes) = world.stage.of(lead);
            for (index, &code) in codes.iter().enumerate() {
                let end = times
                    .get(index + 1)
                    .copied()
                    .unwrap_or(world.archived[lead]);
                let visits = &mut found[group + code as usize];
                visits.durations.push(end.min(END) - times[index]);
                visits.open += u64::from(end == NEVER);
                visits.leads += u64::from(visits.last != lead + 1);
                visits.last = lead + 1;
            }
        }
        found
    });
    let mut answer = Answer::new();
    for place in 0..groups * STAGE_COUNT {
        let (mut durations, mut leads, mut open) = (Vec::new(), 0, 0);
        for part in &parts {
            durations.extend_from_slice(&part[place].durations);
            leads += part[place].leads;
            open += part[place].open;
        }
        if durations.is_empty() {
            continue;
        }
        let total: i128 = durations.iter().map(|&micros| i128::from(micros)).sum();
        let mean = total as f64 / durations.len() as f64 / 1e6;
        let mut key = STAGES[place % STAGE_COUNT].to_owned();
        if by_country {
            key = format!("{}:{key}", country((place / STAGE_COUNT) as u32));
        }
        let counts = [durations.len() as f64, leads as f64, open as f64, mean];
        add(&mut answer, &*key, counts);
        add(
            &mut answer,
            key,
            [50, 75, 90].map(|percent| quantile(&mut durations, percent)),
        );
    }
    answer
}
