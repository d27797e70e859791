//! Tests of a record's history, on its entries.

use leadline_engine::{
    filter::{Test, TextComparison, TimeRange},
    time::Timestamp,
    value::Value,
};

use crate::{
    cells::Cells,
    codes::{CodeSet, EMPTY},
    dictionary::Dictionary,
    reports::{Path, Sources},
};

/// A test of history whose values have been looked up, and the sources whose visits and moves it does not see.
pub(crate) struct HistoryQuestion {
    test: HistoryTest,
    excluded: Sources,
}

enum HistoryTest {
    Was {
        set: CodeSet,
        at: i64,
    },
    Ever(CodeSet),
    Never(CodeSet),
    Entered {
        set: CodeSet,
        range: TimeRange,
    },
    Left {
        set: CodeSet,
        range: TimeRange,
    },
    Changed {
        from: Option<CodeSet>,
        to: Option<CodeSet>,
        range: TimeRange,
    },
    ChangeCount {
        gte: u64,
        lte: u64,
        range: TimeRange,
    },
    TimeInValue {
        set: CodeSet,
        gte: i64,
        lte: i64,
    },
    TotalTimeInValue {
        set: CodeSet,
        gte: i64,
        lte: i64,
    },
    Reached {
        path: Path,
        step: usize,
        range: TimeRange,
        is_period: bool,
    },
    UnchangedFor(i64),
}

impl HistoryQuestion {
    /// `None` for a test of one moment.
    pub(crate) fn new(dictionary: &Dictionary, test: &Test) -> Option<Self> {
        let (sources, test) = match test {
            Test::Except { sources, test } => (sources.as_slice(), &**test),
            test => (&[][..], test),
        };
        let excluded = Sources::new(sources);
        let (test, comparison) = test.comparison();
        Some(Self {
            test: HistoryTest::new(dictionary, test, comparison, excluded)?,
            excluded,
        })
    }

    /// The codes of which one must be among a record's, if that is all that is asked.
    pub(crate) fn ever(&self) -> Option<&CodeSet> {
        match &self.test {
            HistoryTest::Ever(set) => Some(set),
            _ => None,
        }
    }

    /// The codes of which one must be held at the moment, whatever else is asked.
    pub(crate) fn holding(&self) -> Option<&CodeSet> {
        match &self.test {
            HistoryTest::TimeInValue { set, .. } => Some(set),
            _ => None,
        }
    }

    /// The range, `[from, to)`, in which an entry must have begun, whatever else is asked.
    pub(crate) fn range(&self) -> Option<(i64, i64)> {
        match &self.test {
            HistoryTest::Entered { range, .. }
            | HistoryTest::Left { range, .. }
            | HistoryTest::Changed { range, .. }
            | HistoryTest::Reached { range, .. } => Some((
                range.from.map_or(i64::MIN, Timestamp::micros),
                range.to.map_or(i64::MAX, Timestamp::micros),
            )),
            _ => None,
        }
    }

    /// Whether it holds of a record's entries, measured at `at`.
    #[inline(always)]
    pub(crate) fn holds(&self, cells: Cells<'_>, created_at: i64, at: i64) -> bool {
        self.test.holds(cells, self.excluded, created_at, at)
    }
}

impl HistoryTest {
    fn new(
        dictionary: &Dictionary,
        test: &Test,
        comparison: TextComparison,
        excluded: Sources,
    ) -> Option<Self> {
        let equal_to = |value: Option<&Value>| dictionary.equal_to(value, comparison);
        let set = |value: &Value| equal_to(Some(value));
        let side =
            |side: &Option<Option<Value>>| side.as_ref().map(|value| equal_to(value.as_ref()));
        Some(match test {
            Test::Was { value, at } => Self::Was {
                set: equal_to(value.as_ref()),
                at: at.micros(),
            },
            Test::Ever(value) => Self::Ever(set(value)),
            Test::Never(value) => Self::Never(set(value)),
            Test::Entered { value, range } => Self::Entered {
                set: set(value),
                range: *range,
            },
            Test::Left { value, range } => Self::Left {
                set: set(value),
                range: *range,
            },
            Test::Changed {
                from_value,
                to_value,
                range,
            } => Self::Changed {
                from: side(from_value),
                to: side(to_value),
                range: *range,
            },
            Test::ChangeCount { gte, lte, range } => Self::ChangeCount {
                gte: gte.unwrap_or(0),
                lte: lte.unwrap_or(u64::MAX),
                range: *range,
            },
            Test::TimeInValue { value, gte, lte } => Self::TimeInValue {
                set: set(value),
                gte: gte.unwrap_or(i64::MIN),
                lte: lte.unwrap_or(i64::MAX),
            },
            Test::TotalTimeInValue { value, gte, lte } => Self::TotalTimeInValue {
                set: set(value),
                gte: gte.unwrap_or(i64::MIN),
                lte: lte.unwrap_or(i64::MAX),
            },
            Test::Reached(reach) => Self::Reached {
                path: Path::new(
                    (dictionary, comparison),
                    &reach.steps,
                    reach.counts_skipped,
                    excluded,
                ),
                step: reach.step,
                range: reach.range,
                is_period: reach.is_period,
            },
            Test::UnchangedFor(duration) => Self::UnchangedFor(*duration),
            Test::Eq(_)
            | Test::Neq(_)
            | Test::Lt(_)
            | Test::Lte(_)
            | Test::Gt(_)
            | Test::Gte(_)
            | Test::Between { .. }
            | Test::In(_)
            | Test::NotIn(_)
            | Test::HasProperty
            | Test::NotHasProperty
            | Test::Contains(_)
            | Test::StartsWith(_)
            | Test::Except { .. }
            | Test::Exact(_) => return None,
        })
    }

    #[inline(always)]
    fn holds(&self, cells: Cells<'_>, excluded: Sources, created_at: i64, at: i64) -> bool {
        let Cells {
            valid_from, codes, ..
        } = cells;
        // Whether the change that began an entry counts.
        let counts = |index: usize| excluded.is_empty() || !excluded.contains(cells.sources[index]);
        match self {
            Self::Was { set, at } => {
                let held = cells.until(*at);
                let is_excluded = held.len() > 0 && !counts(held.len() - 1);
                created_at <= *at && !is_excluded && set.contains(held.last_code())
            }
            Self::Ever(set) => codes.iter().any(|&code| set.contains(code)),
            Self::Never(set) => !codes.iter().any(|&code| set.contains(code)),
            Self::Entered { set, range } => {
                let mut entries = codes.iter().zip(valid_from).enumerate();
                entries.any(|(i, (&code, &time))| {
                    set.contains(code) && is_within(range, time) && counts(i)
                })
            }
            Self::Left { set, range } => (1..cells.len()).any(|i| {
                set.contains(codes[i - 1]) && is_within(range, valid_from[i]) && counts(i - 1)
            }),
            Self::Changed { from, to, range } => (0..cells.len()).any(|i| {
                let before = if i == 0 { EMPTY } else { codes[i - 1] };
                is_within(range, valid_from[i])
                    && counts(i)
                    && from.as_ref().is_none_or(|set| set.contains(before))
                    && to.as_ref().is_none_or(|set| set.contains(codes[i]))
            }),
            Self::ChangeCount { gte, lte, range } => {
                let moves = valid_from.iter().skip(1);
                let count = moves.filter(|&&time| is_within(range, time)).count() as u64;
                (*gte..=*lte).contains(&count)
            }
            Self::TimeInValue { set, gte, lte } => match (codes.last(), valid_from.last()) {
                (Some(&code), Some(&since)) => {
                    set.contains(code)
                        && counts(codes.len() - 1)
                        && (*gte..=*lte).contains(&(at - since).max(0))
                }
                _ => false,
            },
            Self::TotalTimeInValue { set, gte, lte } => {
                let mut visits = (0..cells.len())
                    .filter(|&i| set.contains(codes[i]))
                    .peekable();
                let was_visited = visits.peek().is_some();
                let total: i64 = visits
                    .map(|i| (valid_from.get(i + 1).copied().unwrap_or(at) - valid_from[i]).max(0))
                    .sum();
                was_visited && (*gte..=*lte).contains(&total)
            }
            Self::Reached {
                path,
                step,
                range,
                is_period,
            } => {
                let mut times = path.times(cells, is_period.then_some(range));
                let is_in = times.next().is_some_and(|first| is_within(range, first));
                is_in && (*step == 0 || times.nth(step - 1).is_some())
            }
            Self::UnchangedFor(duration) => {
                at - valid_from.last().copied().unwrap_or(created_at) >= *duration
            }
        }
    }
}

/// Whether a time is in a range.
pub(crate) fn is_within(range: &TimeRange, time: i64) -> bool {
    range.from.is_none_or(|from| from.micros() <= time)
        && range.to.is_none_or(|to| time < to.micros())
}
