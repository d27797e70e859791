//! Counts and durations by group and key, gathered from records on all cores.

use hashbrown::HashMap;
use rayon::prelude::*;

use super::quantile::{self, Durations};
use crate::bits::Bits;

/// Groups times keys that are looked up in an array; more are hashed.
const DENSE: usize = 1 << 16;
/// No slot.
const NONE: u32 = u32::MAX;

/// A way through a record that meets what is counted.
pub(crate) trait Walk: Sync {
    /// Hands over what a record has to count.
    fn walk(&self, row: u32, met: impl FnMut(Met));
}

/// Something that is counted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Met {
    pub(crate) group: u32,
    pub(crate) key: u64,
    /// Whether it counts as one, and its record too; otherwise it is only open.
    pub(crate) counts: bool,
    pub(crate) is_open: bool,
    /// How long it took, if that is known.
    pub(crate) duration: Option<i64>,
}

/// How many groups and keys there can be.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shape {
    pub(crate) groups: usize,
    pub(crate) keys: usize,
}

/// What was found of a key.
#[derive(Debug)]
pub(crate) struct Figures<const N: usize> {
    pub(crate) count: u64,
    pub(crate) records: u64,
    pub(crate) open: u64,
    /// How many durations are known.
    pub(crate) measured: u64,
    pub(crate) mean: Option<f64>,
    /// At the percents asked for.
    pub(crate) quantiles: [Option<f64>; N],
}

/// Values by group and key.
pub(crate) struct Table<A> {
    slots: Slots,
    entries: Vec<((u32, u64), A)>,
}

enum Slots {
    Dense { keys: usize, slots: Vec<u32> },
    Hashed(HashMap<(u32, u64), u32>),
}

#[derive(Default)]
struct Tally {
    count: u64,
    records: u64,
    open: u64,
    durations: Durations,
    /// The record that was counted last, plus one.
    last: u32,
}

/// What the walks through some records meet, by group; groups and keys are in no order.
pub(crate) fn tally<const N: usize>(
    records: &Bits,
    shape: Shape,
    percents: [usize; N],
    walk: &impl Walk,
) -> Vec<(u32, Vec<(u64, Figures<N>)>)> {
    let entries = gather(records, shape, walk).into_entries();
    let entries = entries.into_par_iter().with_max_len(1);
    let figures = entries.map(|(place, tally)| (place, tally.figures(percents).0));
    split(figures.collect())
}

/// As [`tally`] of keys that are `part * steps + step`, with what all parts of a step give together as part 0, which the walks leave
/// free. No record is met in two parts of a step.
pub(crate) fn tally_parts<const N: usize>(
    records: &Bits,
    shape: Shape,
    steps: usize,
    percents: [usize; N],
    walk: &impl Walk,
) -> Vec<(u32, Vec<(u64, Figures<N>)>)> {
    let mut by_step = HashMap::<(u32, u64), Vec<(u64, Tally)>>::new();
    for ((group, key), tally) in gather(records, shape, walk).into_entries() {
        let step = key % steps as u64;
        by_step.entry((group, step)).or_default().push((key, tally));
    }
    let by_step: Vec<_> = by_step.into_iter().collect();
    let figures = by_step.into_par_iter().with_max_len(1);
    let figures = figures.flat_map_iter(|((group, step), parts)| {
        let mut total = Tally::default();
        let mut figures = Vec::with_capacity(parts.len() + 1);
        for (key, tally) in parts {
            let (of_part, tally) = tally.figures(percents);
            figures.push(((group, key), of_part));
            total.merge(tally);
        }
        figures.push(((group, step), total.figures(percents).0));
        figures
    });
    split(figures.collect())
}

/// What the walks through some records meet.
fn gather(records: &Bits, shape: Shape, walk: &impl Walk) -> Table<Tally> {
    records.par_fold(
        || Table::new(shape),
        |table: &mut Table<Tally>, row| {
            walk.walk(row, |met| table.at(met.group, met.key).add(row, met));
        },
        |table, part| table.merge(part, Tally::merge),
    )
}

/// One list a group.
pub(crate) fn split<V>(entries: Vec<((u32, u64), V)>) -> Vec<(u32, Vec<(u64, V)>)> {
    let mut groups = HashMap::<u32, Vec<(u64, V)>>::new();
    for ((group, key), value) in entries {
        groups.entry(group).or_default().push((key, value));
    }
    groups.into_iter().collect()
}

impl Tally {
    #[inline]
    fn add(&mut self, row: u32, met: Met) {
        self.open += u64::from(met.is_open);
        if met.counts {
            self.count += 1;
            self.records += u64::from(self.last != row + 1);
            self.last = row + 1;
        }
        if let Some(duration) = met.duration {
            self.durations.push(duration);
        }
    }

    /// Its figures, and itself again.
    fn figures<const N: usize>(self, percents: [usize; N]) -> (Figures<N>, Self) {
        let mut durations = self.durations.gathered();
        let (measured, mean, quantiles) = quantile::figures(&mut durations, percents);
        let figures = Figures {
            count: self.count,
            records: self.records,
            open: self.open,
            measured,
            mean,
            quantiles,
        };
        let durations = Durations::from(durations);
        (figures, Self { durations, ..self })
    }

    fn merge(&mut self, other: Self) {
        self.count += other.count;
        self.records += other.records;
        self.open += other.open;
        self.durations.merge(other.durations);
    }
}

impl<A> Table<A> {
    pub(crate) fn new(shape: Shape) -> Self {
        let cells = shape.groups.saturating_mul(shape.keys);
        let slots = if cells <= DENSE {
            Slots::Dense {
                keys: shape.keys,
                slots: vec![NONE; cells],
            }
        } else {
            Slots::Hashed(HashMap::new())
        };
        Self {
            slots,
            entries: Vec::new(),
        }
    }

    /// The value of a key, made if it is not there.
    #[inline(always)]
    pub(crate) fn at_or(&mut self, group: u32, key: u64, make: impl FnOnce() -> A) -> &mut A {
        let next = self.entries.len() as u32;
        let slot = self.slots.of(group, key);
        if *slot == NONE {
            *slot = next;
            self.entries.push(((group, key), make()));
        }
        let slot = *slot as usize;
        &mut self.entries[slot].1
    }

    #[inline]
    pub(crate) fn at(&mut self, group: u32, key: u64) -> &mut A
    where
        A: Default,
    {
        self.at_or(group, key, A::default)
    }

    pub(crate) fn merge(&mut self, other: Self, mut add: impl FnMut(&mut A, A)) {
        for ((group, key), value) in other.entries {
            let slot = self.slots.of(group, key);
            if *slot == NONE {
                *slot = self.entries.len() as u32;
                self.entries.push(((group, key), value));
            } else {
                add(&mut self.entries[*slot as usize].1, value);
            }
        }
    }

    /// The values with their groups and keys, in no order.
    pub(crate) fn into_entries(self) -> Vec<((u32, u64), A)> {
        self.entries
    }

    /// One list a group, groups and keys in no order.
    pub(crate) fn into_groups(self) -> Vec<(u32, Vec<(u64, A)>)> {
        split(self.entries)
    }
}

impl Slots {
    #[inline(always)]
    fn of(&mut self, group: u32, key: u64) -> &mut u32 {
        match self {
            Self::Dense { keys, slots } => &mut slots[group as usize * *keys + key as usize],
            Self::Hashed(slots) => hashed(slots, group, key),
        }
    }
}

/// Apart, so that the way to an array stays short.
#[inline(never)]
fn hashed(slots: &mut HashMap<(u32, u64), u32>, group: u32, key: u64) -> &mut u32 {
    slots.entry((group, key)).or_insert(NONE)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn tables_hold_the_same_whether_keys_are_looked_up_or_hashed() {
        let [few, many] = [(10, 7), (100_000, 9)].map(|(groups, keys)| {
            let shape = Shape { groups, keys };
            let mut parts = [1, 2].map(|part: u64| {
                let mut table = Table::<u64>::new(shape);
                for number in 0..200 {
                    *table.at(number % 10, u64::from(number % 7)) += part;
                }
                table
            });
            let [total, part] = &mut parts;
            let part = std::mem::replace(part, Table::new(shape));
            total.merge(part, |total, part| *total += part);
            total.entries.iter().copied().collect::<BTreeMap<_, _>>()
        });
        assert_eq!(few, many);
        assert_eq!(few.values().sum::<u64>(), 600);
    }
}
