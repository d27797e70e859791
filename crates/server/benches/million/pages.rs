//! Lists as plain loops: who matches, how many, and the first of them by amount and name.

use crate::{
    answers::{Answer, add},
    data::{CITIES, NEVER, STAGES, World},
    floor::{halves, stage_code},
    questions::{
        CARDS, COUNTRY, ENTERED, IN_SINCE, LEAST_AMOUNT, NEEDLE, OPEN_STAGES, PAGE, Question,
        WORDS, YEAR_AGO,
    },
};

pub(crate) fn answer(question: Question, world: &World) -> Answer {
    let present = |lead: usize| world.archived[lead] == NEVER;
    let amount = |lead: usize| world.amount.last(lead);
    let stage = stage_code();
    match question {
        Question::PageAsOf => page_as_of(world),
        Question::Contains => {
            let found = holding(world, NEEDLE, false);
            page(world, |lead| present(lead) && found[lead], amount)
        }
        Question::Words => {
            let found = WORDS.map(|word| holding(world, word, true));
            count(world, |lead| {
                present(lead) && found.iter().all(|found| found[lead])
            })
        }
        Question::Everywhere => {
            let found = holding(world, NEEDLE, true);
            count(world, |lead| present(lead) && found[lead])
        }
        Question::Ever => page(
            world,
            |lead| present(lead) && world.stage.of(lead).1.contains(&stage),
            amount,
        ),
        Question::Entered => {
            let (from, to) = ENTERED;
            let entered = |lead: usize| {
                let (times, codes) = world.stage.of(lead);
                let mut entries = times.iter().zip(codes);
                entries.any(|(time, code)| *code == stage && (from..to).contains(time))
            };
            page(world, |lead| present(lead) && entered(lead), amount)
        }
        Question::TimeInStage => {
            let is_long_in = |lead: usize| {
                let (times, codes) = world.stage.of(lead);
                codes[codes.len() - 1] == stage && times[times.len() - 1] <= IN_SINCE
            };
            page(world, |lead| present(lead) && is_long_in(lead), amount)
        }
        Question::CountAsOf => count(world, |lead| {
            existed(world, lead) && world.stage.at(lead, YEAR_AGO) == stage
        }),
        _ => {
            let open = open_stages();
            let is_in = |lead: usize| {
                open.contains(&world.stage.last(lead))
                    && u32::from(world.country[lead]) == COUNTRY
                    && world.amount.last(lead) >= LEAST_AMOUNT
            };
            page(world, |lead| present(lead) && is_in(lead), amount)
        }
    }
}

/// The first leads of a stage.
pub(crate) fn cards(world: &World, stage: u32) -> Vec<f64> {
    let is_in = |lead: usize| world.archived[lead] == NEVER && world.stage.last(lead) == stage;
    let mut found = matching(world, is_in, |lead| world.amount.last(lead));
    first(world, &mut found, CARDS)
}

fn page_as_of(world: &World) -> Answer {
    let open = open_stages();
    let is_in = |lead: usize| {
        existed(world, lead)
            && u32::from(world.country[lead]) == COUNTRY
            && open.contains(&world.stage.at(lead, YEAR_AGO))
            && world.amount.at(lead, YEAR_AGO) >= LEAST_AMOUNT
    };
    page(world, is_in, |lead| world.amount.at(lead, YEAR_AGO))
}

fn existed(world: &World, lead: usize) -> bool {
    world.created[lead] <= YEAR_AGO && world.archived[lead] > YEAR_AGO
}

fn open_stages() -> [u32; 2] {
    OPEN_STAGES.map(|name| STAGES.iter().position(|stage| *stage == name).unwrap() as u32)
}

fn count(world: &World, is_in: impl Fn(usize) -> bool + Sync) -> Answer {
    let parts = halves(world.leads(), |range| {
        range.filter(|lead| is_in(*lead)).count()
    });
    let total: usize = parts.into_iter().sum();
    Answer::from([("total".to_owned(), vec![total as f64])])
}

fn page(
    world: &World,
    is_in: impl Fn(usize) -> bool + Sync,
    amount: impl Fn(usize) -> u32 + Sync,
) -> Answer {
    let mut found = matching(world, is_in, amount);
    let mut answer = Answer::from([("total".to_owned(), vec![found.len() as f64])]);
    add(&mut answer, "page", first(world, &mut found, PAGE));
    answer
}

/// The leads that match, with their amounts.
fn matching(
    world: &World,
    is_in: impl Fn(usize) -> bool + Sync,
    amount: impl Fn(usize) -> u32 + Sync,
) -> Vec<(u32, u32)> {
    halves(world.leads(), |range| {
        range
            .filter(|lead| is_in(*lead))
            .map(|lead| (amount(lead), lead as u32))
            .collect::<Vec<_>>()
    })
    .concat()
}

/// The first of them: the largest amounts, then the names, then the numbers.
fn first(world: &World, found: &mut Vec<(u32, u32)>, limit: usize) -> Vec<f64> {
    let order = |a: &(u32, u32), b: &(u32, u32)| {
        let name = |lead: u32| world.names.get(lead as usize);
        b.0.cmp(&a.0)
            .then_with(|| name(a.1).cmp(name(b.1)))
            .then(a.1.cmp(&b.1))
    };
    if found.len() > limit {
        found.select_nth_unstable_by(limit, order);
        found.truncate(limit);
    }
    found.sort_unstable_by(order);
    found.iter().map(|(_, lead)| f64::from(*lead)).collect()
}

/// Who has the needle in one of four texts, or in the city.
fn holding(world: &World, needle: &str, or_city: bool) -> Vec<bool> {
    let companies = halves(world.companies.len(), |range| {
        world.companies.containing(needle, range.start, range.end)
    })
    .concat();
    let cities = CITIES.map(|city| or_city && city.to_ascii_lowercase().contains(needle));
    halves(world.leads(), |range| {
        let texts = [&world.names, &world.emails, &world.phones];
        let found = texts.map(|texts| texts.containing(needle, range.start, range.end));
        let first = range.start;
        range
            .map(|lead| {
                found.iter().any(|found| found[lead - first])
                    || companies[world.company[lead] as usize]
                    || cities[world.city.last(lead) as usize]
            })
            .collect::<Vec<_>>()
    })
    .concat()
}
