//! What somebody would write by hand for each question: loops over plain vectors, on all cores, nothing but the question asked.

use std::cmp::Reverse;

use rayon::prelude::*;

use crate::world::{BEGINNING, DAY, Flat, LEADS, NOW, STAGES, World};

/// Leads that a task works on.
const CHUNK: usize = 1 << 14;

/// Durations by chunk and key.
pub(crate) type Parts = Vec<Vec<Vec<i64>>>;

/// Runs `each` over the rows of each chunk and gives what the chunks gave.
pub(crate) fn chunks<A: Send>(each: impl Fn(std::ops::Range<usize>) -> A + Sync) -> Vec<A> {
    let leads = LEADS as usize;
    let starts: Vec<usize> = (0..leads).step_by(CHUNK).collect();
    starts
        .par_iter()
        .map(|&start| each(start..(start + CHUNK).min(leads)))
        .collect()
}

pub(crate) fn count(test: impl Fn(usize) -> bool + Sync) -> u64 {
    chunks(|rows| rows.filter(|&row| test(row)).count() as u64)
        .into_iter()
        .sum()
}

/// How many leads pass, and the first 51 in an order.
pub(crate) fn page<K: Ord + Copy + Send>(
    test: impl Fn(usize) -> bool + Sync,
    key: impl Fn(usize) -> K + Sync,
) -> (u64, Vec<u32>) {
    const WANTED: usize = 51;
    let parts = chunks(|rows| {
        let (mut count, mut best, mut worst) = (0_u64, Vec::<(K, u32)>::new(), None);
        for row in rows {
            if test(row) {
                count += 1;
                let item = (key(row), row as u32);
                if worst.is_none_or(|worst| item < worst) {
                    best.push(item);
                    if best.len() == 2 * WANTED {
                        best.sort_unstable();
                        best.truncate(WANTED);
                        worst = best.last().copied();
                    }
                }
            }
        }
        best.sort_unstable();
        best.truncate(WANTED);
        (count, best)
    });
    let count = parts.iter().map(|(count, _)| count).sum();
    let mut best: Vec<(K, u32)> = parts.into_iter().flat_map(|(_, best)| best).collect();
    best.sort_unstable();
    (
        count,
        best.into_iter().take(50).map(|(_, row)| row).collect(),
    )
}

/// Quantiles of values by key, by selection: microseconds, interpolated, rounded.
pub(crate) fn quantiles(parts: Parts, percents: &[usize]) -> Vec<Vec<i64>> {
    let keys = parts.first().map_or(0, Vec::len);
    let each = (0..keys).into_par_iter().map(|key| {
        let mut values: Vec<i64> = parts.iter().flat_map(|part| &part[key]).copied().collect();
        let Some(last) = values.len().checked_sub(1) else {
            return Vec::new();
        };
        let quantile = |&percent: &usize| {
            let (index, rest) = (last * percent / 100, last * percent % 100);
            let (_, &mut low, above) = values.select_nth_unstable(index);
            let next = above
                .iter()
                .copied()
                .min()
                .filter(|_| rest > 0)
                .unwrap_or(low);
            (low as f64 + (next - low) as f64 * rest as f64 / 100.0).round() as i64
        };
        percents.iter().map(quantile).collect()
    });
    each.collect()
}

impl World {
    #[inline]
    pub(crate) fn is_archived(&self, row: usize) -> bool {
        let (from, to) = self.archived.range(row);
        from < to
    }

    /// When a lead was archived, or the end of time.
    #[inline]
    fn archived_at(&self, row: usize) -> i64 {
        let (from, to) = self.archived.range(row);
        if from < to {
            self.archived.from[to - 1]
        } else {
            i64::MAX
        }
    }

    /// The value that a lead held at a time.
    #[inline]
    pub(crate) fn at(flat: &Flat<u32>, row: usize, at: i64) -> Option<u32> {
        let (from, to) = flat.until(row, at);
        (to > from).then(|| flat.values[to - 1])
    }

    /// Durations of visits by `key`, of all leads up to now.
    pub(crate) fn visits(&self, keys: usize, key: impl Fn(usize, u32) -> usize + Sync) -> Parts {
        chunks(|rows| {
            let mut durations = vec![Vec::new(); keys];
            for row in rows {
                let (from, to) = self.stages.range(row);
                let end = self.archived_at(row).min(NOW);
                for index in from..to {
                    let next = if index + 1 < to {
                        self.stages.from[index + 1]
                    } else {
                        end
                    };
                    let key = key(row, self.stages.values[index]);
                    durations[key].push((next - self.stages.from[index]).max(0));
                }
            }
            durations
        })
    }

    /// Counts of moves, and times before them, by from and to.
    pub(crate) fn moves(&self) -> (Vec<u64>, Parts) {
        let keys = 7 * 7;
        let parts = chunks(|rows| {
            let (mut counts, mut durations) = (vec![0_u64; keys], vec![Vec::new(); keys]);
            for row in rows {
                let (from, to) = self.stages.range(row);
                let mut before = 0;
                for index in from..to {
                    let code = self.stages.values[index] as usize;
                    counts[before * 7 + code] += 1;
                    if before > 0 {
                        durations[before * 7 + code]
                            .push(self.stages.from[index] - self.stages.from[index - 1]);
                    }
                    before = code;
                }
            }
            (counts, durations)
        });
        let mut counts = vec![0; keys];
        for (part, _) in &parts {
            counts
                .iter_mut()
                .zip(part)
                .for_each(|(count, part)| *count += part);
        }
        (
            counts,
            parts.into_iter().map(|(_, durations)| durations).collect(),
        )
    }

    /// Of each stage: how many leads are in it, since when, and the first ones by amount.
    pub(crate) fn board(&self, first: usize) -> (Vec<u64>, Parts, Vec<Vec<u32>>) {
        type Column = (u64, i64, Vec<(Reverse<i64>, u32)>);
        let cut = |best: &mut Vec<(Reverse<i64>, u32)>| {
            best.sort_unstable();
            best.truncate(first);
        };
        let parts = chunks(|rows| {
            let (mut ages, mut columns) = (vec![Vec::new(); 7], vec![Column::default(); 7]);
            for row in rows {
                let last = self.stages.offsets[row + 1] as usize - 1;
                let code = self.stages.values[last] as usize;
                let (count, sum, best) = &mut columns[code];
                *count += 1;
                *sum += self.amounts[row];
                ages[code].push(NOW - self.stages.from[last]);
                let item = (Reverse(self.amounts[row]), row as u32);
                if best.len() < first || item < best[first - 1] {
                    best.push(item);
                    if best.len() == first || best.len() > 2 * first {
                        cut(best);
                    }
                }
            }
            (ages, columns)
        });
        let mut total = vec![Column::default(); 7];
        for (_, columns) in &parts {
            for (total, (count, sum, best)) in total.iter_mut().zip(columns) {
                total.0 += count;
                total.1 += sum;
                total.2.extend(best);
            }
        }
        let counts = total.iter().map(|(count, ..)| *count).collect();
        let firsts = total.iter_mut().map(|(_, _, best)| {
            cut(best);
            best.iter().map(|(_, row)| *row).collect()
        });
        let firsts = firsts.collect();
        (
            counts,
            parts.into_iter().map(|(ages, _)| ages).collect(),
            firsts,
        )
    }

    /// How many hold each stage at the end of each day.
    pub(crate) fn trend(&self) -> Vec<i64> {
        const DAYS: usize = 731;
        let parts = chunks(|rows| {
            let mut changes = vec![0_i64; 7 * (DAYS + 1)];
            // The first day's end at or after a time.
            let place = |time: i64| ((time - BEGINNING + DAY - 1) / DAY - 1).max(0) as usize;
            for row in rows {
                let (from, to) = self.stages.range(row);
                let last = place(self.archived_at(row).min(NOW)).min(DAYS);
                let last = if self.is_archived(row) { last } else { DAYS };
                let mut start = place(self.created[row]);
                for index in from..to {
                    let end = if index + 1 < to {
                        place(self.stages.from[index + 1]).min(last)
                    } else {
                        last
                    };
                    if end > start {
                        let code = self.stages.values[index] as usize * (DAYS + 1);
                        changes[code + start] += 1;
                        changes[code + end] -= 1;
                        start = end;
                    }
                }
            }
            changes
        });
        let mut counts = vec![0; 7 * (DAYS + 1)];
        for part in parts {
            counts
                .iter_mut()
                .zip(part)
                .for_each(|(count, part)| *count += part);
        }
        for code in counts.chunks_mut(DAYS + 1) {
            (1..=DAYS).for_each(|day| code[day] += code[day - 1]);
        }
        counts
    }

    /// For each window and step: who reached it, and the times that `measure` makes of the step's time, the first one's and the next one's.
    pub(crate) fn funnel(
        &self,
        starts: &[i64],
        measure: impl Fn(i64, i64, Option<i64>) -> Option<i64> + Sync,
    ) -> (Vec<u64>, Parts) {
        let keys = starts.len() * STAGES.len();
        let parts = chunks(|rows| {
            let (mut counts, mut durations) = (vec![0_u64; keys], vec![Vec::new(); keys]);
            let mut times = [0_i64; STAGES.len()];
            for row in rows {
                let (from, to) = self.stages.range(row);
                let (mut index, mut reached) = (from, 0);
                while index < to && reached < STAGES.len() {
                    let step = self.stages.values[index] as usize - 1;
                    if step == reached || (reached > 0 && step > reached) {
                        times[reached] = self.stages.from[index];
                        reached += 1;
                        // The next step may have been reached by the same entry, or by another one of the same time.
                        while index > from && self.stages.from[index - 1] == times[reached - 1] {
                            index -= 1;
                        }
                    } else {
                        index += 1;
                    }
                }
                if reached == 0 {
                    continue;
                }
                let window = starts.partition_point(|&start| start <= times[0]) - 1;
                for step in 0..reached {
                    let key = window * STAGES.len() + step;
                    counts[key] += 1;
                    let next = (step + 1 < reached).then(|| times[step + 1]);
                    durations[key].extend(measure(times[step], times[0], next));
                }
            }
            (counts, durations)
        });
        let mut counts = vec![0; keys];
        for (part, _) in &parts {
            counts
                .iter_mut()
                .zip(part)
                .for_each(|(count, part)| *count += part);
        }
        (
            counts,
            parts.into_iter().map(|(_, durations)| durations).collect(),
        )
    }

    /// Leads of which a text contains a word.
    pub(crate) fn contains(&self, columns: usize, word: &str) -> u64 {
        let finder = memchr::memmem::Finder::new(word);
        count_rows(chunks(|rows| {
            let mut found = vec![false; rows.len()];
            for (text, starts) in &self.lines[..columns] {
                let text = &text.as_bytes()[..starts[rows.end]];
                let (mut from, mut row) = (starts[rows.start], rows.start);
                while let Some(offset) = finder.find(&text[from..]) {
                    while starts[row + 1] <= from + offset {
                        row += 1;
                    }
                    found[row - rows.start] = true;
                    from = starts[row + 1];
                }
            }
            rows.clone()
                .filter(|&row| found[row - rows.start] && !self.is_archived(row))
                .count() as u64
        }))
    }
}

fn count_rows(parts: Vec<u64>) -> u64 {
    parts.into_iter().sum()
}
