//! Lists: filters on the present and on history, orders, pages and exact counts.

use std::{cmp::Reverse, sync::Arc};

use leadline_engine::{
    filter::{Condition, Filter, Needle, Sort, Subject, Test, TimeRange},
    schema::Property,
    time::Timestamp,
    value::Value,
};
use leadline_timeline::{Linked, Moment, View};

use crate::{
    bare::{count, page},
    measure::Table,
    world::{DAY, Flat, NOW, OWNERS, World, euros, option, user},
};

const YEAR_AGO: i64 = NOW - 365 * DAY;

pub(crate) fn ask(table: &Table, world: &World) {
    counts(table, world);
    pages(table, world);
    texts(table, world);
    histories(table, world);
}

fn now() -> Moment {
    Moment::now(Timestamp::from_micros(NOW))
}

fn year_ago() -> Moment {
    Moment::as_of(Timestamp::from_micros(YEAR_AGO))
}

fn all_of(conditions: Vec<(Subject, Test)>) -> Filter {
    let condition = |(subject, test)| Condition { subject, test };
    Filter {
        groups: vec![conditions.into_iter().map(condition).collect()],
    }
}

fn of(property: &Arc<Property>) -> Subject {
    Subject::Property(Arc::clone(property))
}

fn selected(world: &World, moment: Moment, filter: &Filter) -> u64 {
    let linked = Linked::none();
    View::new(&world.timeline, moment, &linked)
        .select(filter)
        .expect("loaded")
        .len()
}

fn listed(
    world: &World,
    moment: Moment,
    filter: &Filter,
    sorts: &[(&Arc<Property>, bool)],
) -> (u64, Vec<u32>) {
    let linked = Linked::none();
    let view = View::new(&world.timeline, moment, &linked);
    let sort = |&(property, descending): &(&Arc<Property>, bool)| Sort {
        subject: of(property),
        descending,
    };
    let sorts: Vec<Sort> = sorts.iter().map(sort).collect();
    let rows = view.select(filter).expect("loaded");
    let page = view.top(&rows, &sorts, 50, None).expect("loaded");
    (rows.len(), page.rows)
}

impl World {
    fn existed(&self, row: usize) -> bool {
        self.created[row] <= YEAR_AGO
    }

    fn was_archived(&self, row: usize) -> bool {
        Self::at(&self.archived, row, YEAR_AGO) == Some(1)
    }

    fn name(&self, row: usize) -> &str {
        let (text, starts) = &self.lines[0];
        &text[starts[row]..starts[row + 1] - 1]
    }
}

fn counts(table: &Table, world: &World) {
    let qualified = all_of(vec![(of(&world.stage), Test::Eq(option("qualified")))]);
    let was_qualified = |row| {
        World::at(&world.stages, row, YEAR_AGO) == Some(3)
            && world.existed(row)
            && !world.was_archived(row)
    };
    table.line(
        "as-of count of a stage",
        Some(20),
        || selected(world, year_ago(), &qualified),
        || count(was_qualified),
    );
}

fn pages(table: &Table, world: &World) {
    let three = all_of(vec![
        (
            of(&world.stage),
            Test::In(vec![option("qualified"), option("proposed")]),
        ),
        (of(&world.country), Test::Eq(option("country 7"))),
        (of(&world.owner), Test::NotIn(vec![user(0)])),
    ]);
    let wide = all_of(vec![
        (of(&world.stage), Test::Neq(option("disqualified"))),
        (of(&world.amount), Test::Gte(euros(1_000_000))),
        (
            of(&world.owner),
            Test::NotIn((0..OWNERS / 10).map(user).collect()),
        ),
    ]);
    let sorts = [(&world.amount, true), (&world.texts[0], false)];
    let last = |flat: &Flat<u32>, row: usize| flat.values[flat.offsets[row + 1] as usize - 1];
    let is_three = |stage: u32, country: u32, owner: u32| {
        (stage == 3 || stage == 4) && country == 7 && owner != 0
    };
    let is_wide = |stage: u32, amount: i64, owner: u32| {
        stage != 6 && amount >= 1_000_000 && u64::from(owner) >= OWNERS / 10
    };
    let key = |row: usize| (Reverse(world.amounts[row]), world.name(row));
    table.line(
        "three filters, two sorts, page of 50, count",
        Some(6),
        || listed(world, now(), &three, &sorts),
        || {
            page(
                |row| {
                    is_three(
                        last(&world.stages, row),
                        world.countries[row],
                        last(&world.owners, row),
                    ) && !world.is_archived(row)
                },
                key,
            )
        },
    );
    table.line(
        "the same as of a year ago",
        Some(12),
        || listed(world, year_ago(), &three, &sorts),
        || {
            let held = |flat, row| World::at(flat, row, YEAR_AGO).unwrap_or(0);
            page(
                |row| {
                    world.existed(row)
                        && world.countries[row] == 7
                        && is_three(held(&world.stages, row), 7, held(&world.owners, row))
                        && !world.was_archived(row)
                },
                key,
            )
        },
    );
    table.line(
        "three filters that pass half of all, two sorts, page of 50, count",
        Some(6),
        || listed(world, now(), &wide, &sorts),
        || {
            page(
                |row| {
                    is_wide(
                        last(&world.stages, row),
                        world.amounts[row],
                        last(&world.owners, row),
                    ) && !world.is_archived(row)
                },
                key,
            )
        },
    );
    table.line(
        "page of 50 of everything by name",
        None,
        || listed(world, now(), &Filter::default(), &[(&world.texts[0], true)]),
        || {
            page(
                |row| !world.is_archived(row),
                |row| Reverse(world.name(row)),
            )
        },
    );
}

fn texts(table: &Table, world: &World) {
    let contains = |property| (of(property), Test::Contains(Needle::Text("beef".into())));
    let four = Filter {
        groups: world
            .texts
            .iter()
            .flat_map(|property| all_of(vec![contains(property)]).groups)
            .collect(),
    };
    let one = all_of(vec![contains(&world.texts[0])]);
    table.line(
        "text contains, count",
        Some(30),
        || selected(world, now(), &one),
        || world.contains(1, "beef"),
    );
    table.line(
        "any of four texts contains, count",
        Some(30),
        || selected(world, now(), &four),
        || world.contains(4, "beef"),
    );
}

fn histories(table: &Table, world: &World) {
    let stages = &world.stages;
    let value = || option("converted");
    let [from, to] = [YEAR_AGO, YEAR_AGO + 30 * DAY];
    let range = TimeRange {
        from: Some(Timestamp::from_micros(from)),
        to: Some(Timestamp::from_micros(to)),
    };
    let any = |row, test: &dyn Fn(usize) -> bool| {
        let (from, to) = stages.range(row);
        (from..to).any(test) && !world.is_archived(row)
    };
    let ask = |test: Test| {
        let filter = all_of(vec![(of(&world.stage), test)]);
        move || selected(world, now(), &filter)
    };
    table.line(
        "ever held a stage, count",
        Some(15),
        ask(Test::Ever(value())),
        || count(|row| any(row, &|index| stages.values[index] == 5)),
    );
    table.line(
        "entered a stage in a month, count",
        Some(15),
        ask(Test::Entered {
            value: value(),
            range,
        }),
        || {
            count(|row| {
                any(row, &|index| {
                    stages.values[index] == 5 && (from..to).contains(&stages.from[index])
                })
            })
        },
    );
    table.line(
        "in a stage for 30 days, count",
        Some(15),
        ask(Test::TimeInValue {
            value: value(),
            gte: Some(30 * DAY),
            lte: None,
        }),
        || {
            count(|row| {
                let last = stages.offsets[row + 1] as usize - 1;
                stages.values[last] == 5
                    && NOW - stages.from[last] >= 30 * DAY
                    && !world.is_archived(row)
            })
        },
    );
    table.line(
        "30 days in a stage in all, count",
        Some(15),
        ask(Test::TotalTimeInValue { value: value(), gte: Some(30 * DAY), lte: None }),
        || count(|row| {
            let (from, to) = stages.range(row);
            let time = |index: usize| if index + 1 < to { stages.from[index + 1] } else { NOW } - stages.from[index];
            let total: i64 = (from..to).filter(|&index| stages.values[index] == 5).map(time).sum();
            total >= 30 * DAY && !world.is_archived(row)
        }),
    );
    let moved = Test::Changed {
        from_value: None,
        to_value: Some(Some(Value::clone(&value()))),
        range,
    };
    table.line(
        "moved to a stage in a month, count",
        Some(15),
        ask(moved),
        || {
            count(|row| {
                any(row, &|index| {
                    stages.values[index] == 5 && (from..to).contains(&stages.from[index])
                })
            })
        },
    );
}
