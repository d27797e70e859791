//! Filters: what `filterGroups` means. A [`Filter`] is resolved against a schema, so whoever evaluates it meets no unknown name or value.

mod parse;
mod write;

use std::sync::Arc;

pub use parse::{parse_filter_groups, parse_sorts};

use crate::{
    error::FieldError,
    ledger::Source,
    schema::{Object, Property},
    time::Timestamp,
    value::Value,
};

/// An OR of groups; a group is an AND of conditions. No groups at all: everything.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// The groups.
    pub groups: Vec<Vec<Condition>>,
}

/// One test of one thing.
#[derive(Debug, Clone)]
pub struct Condition {
    /// What is tested.
    pub subject: Subject,
    /// The test.
    pub test: Test,
}

/// What a condition or a sort looks at.
#[derive(Debug, Clone)]
pub enum Subject {
    /// A property of the record. `archived` is one too.
    Property(Arc<Property>),
    /// A property of the record that a `record` property links to.
    Linked {
        /// The link.
        link: Arc<Property>,
        /// The object at the other end.
        object: Arc<Object>,
        /// The property there.
        property: Arc<Property>,
    },
    /// When the record began to exist; a `Value::Datetime`.
    CreatedAt,
    /// When Leadline last learned something of it; a `Value::Datetime`.
    UpdatedAt,
    /// Who created it; a `Value::User` (the uuid of the actor).
    CreatedBy,
    /// The record's id; a `Value::Record`.
    Id,
}

/// A test. Values fit the subject's type. Text is compared by [`crate::text::fold`], but in [`Test::Exact`]. Times in value are microseconds.
#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    /// Holds this value.
    Eq(Value),
    /// Does not hold this value; true of an empty one.
    Neq(Value),
    /// Is less.
    Lt(Value),
    /// Is less or equal.
    Lte(Value),
    /// Is greater.
    Gt(Value),
    /// Is greater or equal.
    Gte(Value),
    /// Lies in `[from, to)`.
    Between {
        /// The least value that is in.
        from: Value,
        /// The least value that is out again.
        to: Value,
    },
    /// Holds one of these.
    In(Vec<Value>),
    /// Holds none of these; true of an empty one.
    NotIn(Vec<Value>),
    /// Is not empty.
    HasProperty,
    /// Is empty.
    NotHasProperty,
    /// Text contains this (folded); several options contain this one.
    Contains(Needle),
    /// Text starts with this (folded).
    StartsWith(Needle),
    /// Held this value at that time.
    Was {
        /// The value; `None` is empty.
        value: Option<Value>,
        /// When.
        at: Timestamp,
    },
    /// Held this value at some time up to now (or as of).
    Ever(Value),
    /// Never held this value; true of one that was always empty.
    Never(Value),
    /// Began to hold this value in the range.
    Entered {
        /// The value.
        value: Value,
        /// When.
        range: TimeRange,
    },
    /// Ceased to hold this value in the range.
    Left {
        /// The value.
        value: Value,
        /// When.
        range: TimeRange,
    },
    /// Changed in the range; the first value ever set is a change from empty.
    Changed {
        /// From this value (`Some(None)`: from empty), or from any.
        from_value: Option<Option<Value>>,
        /// To this value (`Some(None)`: to empty), or to any.
        to_value: Option<Option<Value>>,
        /// When.
        range: TimeRange,
    },
    /// Changed so many times in the range; the first value is no change.
    ChangeCount {
        /// At least.
        gte: Option<u64>,
        /// At most.
        lte: Option<u64>,
        /// When.
        range: TimeRange,
    },
    /// Holds this value, for so long.
    TimeInValue {
        /// The value.
        value: Value,
        /// At least, microseconds.
        gte: Option<i64>,
        /// At most, microseconds.
        lte: Option<i64>,
    },
    /// Has held this value for so long, all visits together, the present one up to now (or as of).
    TotalTimeInValue {
        /// The value.
        value: Value,
        /// At least, microseconds.
        gte: Option<i64>,
        /// At most, microseconds.
        lte: Option<i64>,
    },
    /// The same, as if visits and moves that came so had not been: for `WAS`, `ENTERED`, `LEFT`, `CHANGED`, `TIME_IN_VALUE` and `REACHED`. The source
    /// of a visit or a move is that of the change that began it.
    Except {
        /// Whose visits and moves do not count.
        sources: Vec<Source>,
        /// The test.
        test: Box<Test>,
    },
    /// The same, with texts compared as they are: case and accents matter.
    Exact(Box<Test>),
    /// Reached a step of a path through values.
    Reached(Reach),
    /// Has not changed for at least so long (microseconds); a property that never was set counts from the record's creation.
    UnchangedFor(i64),
}

/// A path through values, as the steps of a funnel, and how far it was followed. The first step is reached at its first entry, each other one
/// at the first entry at or after the time at which the one before was reached.
#[derive(Debug, Clone, PartialEq)]
pub struct Reach {
    /// The steps, each once.
    pub steps: Vec<Value>,
    /// Which of them must have been reached: an index.
    pub step: usize,
    /// When the first step was reached; of a period, when all of it happened.
    pub range: TimeRange,
    /// Whether entries outside the range do not count at all.
    pub is_period: bool,
    /// Whether an entry into a later step reaches those before it too.
    pub counts_skipped: bool,
}

/// What `CONTAINS` and `STARTS_WITH` look for.
#[derive(Debug, Clone, PartialEq)]
pub enum Needle {
    /// A folded text.
    Text(String),
    /// An option of a `multi_select`.
    Option(String),
}

/// How texts are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextComparison {
    /// Without case and accents, by [`crate::text::fold`].
    Folded,
    /// As they are.
    Exact,
}

/// `[from, to)`; an absent end is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TimeRange {
    /// The earliest time that is in.
    pub from: Option<Timestamp>,
    /// The earliest time that is out again.
    pub to: Option<Timestamp>,
}

/// One key of an order. Empty values come last in both directions; the id is the last key of every order.
#[derive(Debug, Clone)]
pub struct Sort {
    /// What is compared.
    pub subject: Subject,
    /// Whether the greatest comes first.
    pub descending: bool,
}

impl TimeRange {
    /// Whether a time lies in the range.
    #[must_use]
    pub fn contains(&self, time: Timestamp) -> bool {
        self.from.is_none_or(|from| from <= time) && self.to.is_none_or(|to| time < to)
    }
}

impl Filter {
    /// What looks at a time later than `now`. Pointers begin at `pointer`.
    #[must_use]
    pub fn times_after(&self, now: Timestamp, pointer: &str) -> Vec<FieldError> {
        let conditions = self
            .groups
            .iter()
            .enumerate()
            .flat_map(|(group, conditions)| {
                let place = move |(place, condition)| (group, place, condition);
                conditions.iter().enumerate().map(place)
            });
        let late =
            conditions.filter(|(.., condition)| condition.test.at().is_some_and(|at| at > now));
        late.map(|(group, place, _)| {
            FieldError::new(
                format!("{pointer}/{group}/filters/{place}/at"),
                "TIME_IN_FUTURE",
                "must not lie in the future",
            )
        })
        .collect()
    }
}

impl Test {
    /// The moment that it asks about, if it is one of its own.
    fn at(&self) -> Option<Timestamp> {
        if let Self::Except { test, .. } | Self::Exact(test) = self {
            return test.at();
        }
        if let Self::Was { at, .. } = self {
            return Some(*at);
        }
        None
    }

    /// Whether it looks at more than one moment.
    #[must_use]
    pub fn is_on_history(&self) -> bool {
        match self {
            Self::Eq(_)
            | Self::Neq(_)
            | Self::Lt(_)
            | Self::Lte(_)
            | Self::Gt(_)
            | Self::Gte(_)
            | Self::Between { .. }
            | Self::In(_)
            | Self::NotIn(_)
            | Self::HasProperty
            | Self::NotHasProperty
            | Self::Contains(_)
            | Self::StartsWith(_) => false,
            Self::Was { .. }
            | Self::Ever(_)
            | Self::Never(_)
            | Self::Entered { .. }
            | Self::Left { .. }
            | Self::Changed { .. }
            | Self::ChangeCount { .. }
            | Self::TimeInValue { .. }
            | Self::TotalTimeInValue { .. }
            | Self::Except { .. }
            | Self::Reached(_)
            | Self::UnchangedFor(_) => true,
            Self::Exact(test) => test.is_on_history(),
        }
    }

    /// The same test with texts compared as they are, where it compares whole values at all.
    #[must_use]
    pub fn exactly(self) -> Self {
        match self {
            Self::Eq(_)
            | Self::Neq(_)
            | Self::In(_)
            | Self::NotIn(_)
            | Self::Was { .. }
            | Self::Ever(_)
            | Self::Never(_)
            | Self::Entered { .. }
            | Self::Left { .. }
            | Self::Changed { .. }
            | Self::TimeInValue { .. }
            | Self::TotalTimeInValue { .. }
            | Self::Reached(_) => Self::Exact(Box::new(self)),
            Self::Except { sources, test } => Self::Except {
                sources,
                test: Box::new(test.exactly()),
            },
            Self::Lt(_)
            | Self::Lte(_)
            | Self::Gt(_)
            | Self::Gte(_)
            | Self::Between { .. }
            | Self::HasProperty
            | Self::NotHasProperty
            | Self::Contains(_)
            | Self::StartsWith(_)
            | Self::ChangeCount { .. }
            | Self::Exact(_)
            | Self::UnchangedFor(_) => self,
        }
    }

    /// The test itself and how it compares texts.
    #[must_use]
    pub fn comparison(&self) -> (&Self, TextComparison) {
        match self {
            Self::Exact(test) => (test, TextComparison::Exact),
            test => (test, TextComparison::Folded),
        }
    }
}

#[cfg(test)]
mod tests;
