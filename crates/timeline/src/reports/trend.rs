//! How many records hold each value as time goes by.

use leadline_engine::{
    time::Timestamp,
    value::{Value, optional_json},
};
use serde::{Serialize, Serializer, ser::SerializeMap};

use super::{
    Report, Scan,
    group::{Grouping, Reported, grouped},
    tally::{Shape, Table, split},
};
use crate::{
    cells::Cells,
    codes::EMPTY,
    dictionary::TRUE,
    intervals::Window,
    ruler::Ruler,
    view::{QueryError, View},
};

/// Counts at the ends of intervals.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TrendAnswer {
    /// In order.
    pub intervals: Vec<TrendInterval>,
}

/// Counts at the end of an interval.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TrendInterval {
    /// The moment at which is counted, inclusive as every `asOf`.
    pub end: Timestamp,
    /// How many records hold each value, `None` being empty; those that none holds are left out. As JSON an object whose keys are the
    /// values' texts, the empty text for empty.
    #[serde(serialize_with = "as_object")]
    pub counts: Vec<(Option<Value>, u64)>,
}

impl View<'_> {
    /// How many records exist, are not archived and hold each value at the end of each window ([`crate::Interval::windows`]). Windows that
    /// begin after the view's moment are left out; one that contains it ends there.
    ///
    /// # Errors
    /// If a column is not loaded.
    pub fn trend(
        &self,
        report: &Report<'_>,
        windows: &[Window],
    ) -> Result<Reported<TrendAnswer>, QueryError> {
        let at = self.moment.at;
        let ends: Vec<Timestamp> = windows
            .iter()
            .filter(|window| window.start <= at)
            .map(|window| window.end.min(at))
            .collect();
        grouped(
            self,
            report,
            || answer(&ends, Vec::new()),
            |scan, grouping| {
                let rank = Scan::rank(scan.column, report.property);
                let groups = changes(scan, grouping, &ends).into_iter();
                let answer = |(group, mut values): (u32, Vec<(u64, Changes)>)| {
                    values.sort_by(|(a, _), (b, _)| rank(*a as u32, *b as u32));
                    let dictionary = scan.column.dictionary();
                    let value = |(code, changes)| (dictionary.value(code as u32), changes);
                    (
                        group,
                        answer(&ends, values.into_iter().map(value).collect()),
                    )
                };
                groups.map(answer).collect()
            },
        )
    }
}

/// By how many records a count at each end exceeds the one at the end before.
type Changes = Vec<i64>;

/// Changes of groups and codes, one after the other, each with one more than there are ends.
struct Moves {
    places: Table<usize>,
    all: Changes,
    /// The ends at which the record that is looked at was archived.
    archived: Vec<(usize, usize)>,
}

impl Moves {
    /// Where the changes of a group and code begin.
    #[inline(always)]
    fn place(&mut self, group: u32, code: u32, ends: usize) -> usize {
        let next = self.all.len();
        let all = &mut self.all;
        *self.places.at_or(group, u64::from(code), || {
            all.resize(next + ends + 1, 0);
            next
        })
    }

    /// Counts a record from one end to another, but for those at which it was archived.
    #[inline(always)]
    fn add(&mut self, place: usize, from: usize, to: usize) {
        if self.archived.is_empty() {
            self.all[place + from] += 1;
            self.all[place + to] -= 1;
        } else {
            self.add_parts(place, from, to);
        }
    }

    #[inline(never)]
    fn add_parts(&mut self, place: usize, from: usize, to: usize) {
        for_each_part(from, to, &self.archived, |from, to| {
            self.all[place + from] += 1;
            self.all[place + to] -= 1;
        });
    }

    fn merge(&mut self, other: Self, ends: usize) {
        for ((group, code), from) in other.places.into_entries() {
            let to = self.place(group, code as u32, ends);
            let (total, part) = (
                &mut self.all[to..=to + ends],
                &other.all[from..=from + ends],
            );
            let pairs = total.iter_mut().zip(part);
            pairs.for_each(|(total, change)| *total += change);
        }
    }
}

/// The changes of each group and code.
fn changes(
    scan: &Scan<'_>,
    grouping: Grouping<'_>,
    ends: &[Timestamp],
) -> Vec<(u32, Vec<(u64, Changes)>)> {
    let created_at = &scan.view.timeline.rows.created_at;
    // Something that began at a time shows at the first end that is not before it.
    let ruler = Ruler::new(ends.iter().map(|end| end.micros()).collect());
    let shape = Shape {
        groups: grouping.groups(),
        keys: scan.codes(),
    };
    let touched = scan.archived.touched();
    let first_end = ends.first().map_or(i64::MIN, |end| end.micros());
    let ends = ends.len();
    let found = scan.records.par_fold(
        || Moves {
            places: Table::new(shape),
            all: Vec::new(),
            archived: Vec::new(),
        },
        |moves: &mut Moves, row| {
            let first = ruler.before(created_at[row as usize]);
            if first == ends {
                return;
            }
            let group = grouping.of(&scan.view, row);
            moves.archived.clear();
            if touched.contains(row) {
                archived_parts(scan, row, &ruler, &mut moves.archived);
            }
            let (mut start, mut code) = (first, EMPTY);
            let mut cells = Cells::default();
            if scan.column.zone(row).is_past(first_end) {
                code = scan.view.code(scan.column, row);
            } else {
                cells = scan.view.cells(scan.column, row);
            }
            for (&time, &next) in cells.valid_from.iter().zip(cells.codes) {
                let end = ruler.before(time);
                if end > start {
                    let place = moves.place(group, code, ends);
                    moves.add(place, start, end);
                    start = end;
                }
                code = next;
            }
            if start < ends {
                let place = moves.place(group, code, ends);
                moves.add(place, start, ends);
            }
        },
        |found, part| found.merge(part, ends),
    );
    let entries = found.places.into_entries().into_iter();
    let changes = |(key, from)| (key, found.all[from..=from + ends].to_vec());
    split(entries.map(changes).collect())
}

/// The ends at which a record was archived, as ranges.
#[inline(never)]
fn archived_parts(scan: &Scan<'_>, row: u32, ruler: &Ruler, parts: &mut Vec<(usize, usize)>) {
    let cells = scan.view.cells(scan.archived, row);
    for (index, (&time, &code)) in cells.valid_from.iter().zip(cells.codes).enumerate() {
        if code == TRUE {
            let next = cells.valid_from.get(index + 1);
            let end = next.map_or(usize::MAX, |&next| ruler.before(next));
            parts.push((ruler.before(time), end));
        }
    }
}

/// What is left of a range without some others, which are in order.
#[inline]
fn for_each_part(
    mut from: usize,
    to: usize,
    without: &[(usize, usize)],
    mut part: impl FnMut(usize, usize),
) {
    for &(start, end) in without {
        if from < start.min(to) {
            part(from, start.min(to));
        }
        from = from.max(end);
    }
    if from < to {
        part(from, to);
    }
}

fn answer(ends: &[Timestamp], values: Vec<(Option<Value>, Vec<i64>)>) -> TrendAnswer {
    let mut running = vec![0; values.len()];
    let intervals = ends.iter().enumerate().map(|(index, &end)| {
        let mut counts = Vec::new();
        for (running, (value, changes)) in running.iter_mut().zip(&values) {
            *running += changes[index];
            if *running > 0 {
                counts.push((value.clone(), *running as u64));
            }
        }
        TrendInterval { end, counts }
    });
    TrendAnswer {
        intervals: intervals.collect(),
    }
}

fn as_object<S: Serializer>(
    counts: &[(Option<Value>, u64)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(counts.len()))?;
    for (value, count) in counts {
        map.serialize_entry(&key_of(value.as_ref()), count)?;
    }
    map.end()
}

/// The key of a value in an answer's object: its text, the empty text for empty.
#[must_use]
pub fn key_of(value: Option<&Value>) -> String {
    match optional_json(value) {
        serde_json::Value::Null => String::new(),
        serde_json::Value::String(text) => text,
        other => other.to_string(),
    }
}
