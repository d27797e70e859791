//! Answers for all records and for each value of a property to group by.

use leadline_engine::{
    schema::Property,
    value::{Value, optional_json},
};
use serde::Serialize;
use serde_json::Value as Json;

use super::{Report, Scan};
use crate::{
    codes::EMPTY,
    column::Column,
    view::{QueryError, View},
};

/// An answer for all records, and for each group when there is something to group by.
#[derive(Debug, Clone, PartialEq)]
pub struct Reported<T> {
    /// For all records.
    pub total: T,
    /// For each group that has anything to count, in the order of the groups' values, empty first.
    pub groups: Option<Vec<Group<T>>>,
}

/// An answer for the records of a group.
#[derive(Debug, Clone, PartialEq)]
pub struct Group<T> {
    /// What they hold at the view's moment; `None` is empty.
    pub value: Option<Value>,
    /// For them.
    pub answer: T,
}

impl<T: Serialize> Reported<T> {
    /// The answer's own fields, and `groups`: the same fields for each, and its value as `group`.
    ///
    /// # Errors
    /// Never for the answers of this crate.
    pub fn to_json(&self) -> serde_json::Result<Json> {
        let mut json = serde_json::to_value(&self.total)?;
        if let (Json::Object(fields), Some(groups)) = (&mut json, &self.groups) {
            let groups = groups.iter().map(|group| {
                let mut json = serde_json::to_value(&group.answer)?;
                if let Json::Object(fields) = &mut json {
                    fields.insert("group".into(), optional_json(group.value.as_ref()));
                }
                Ok(json)
            });
            fields.insert(
                "groups".into(),
                Json::Array(groups.collect::<serde_json::Result<_>>()?),
            );
        }
        Ok(json)
    }
}

/// The property that records are grouped by; without one, all are in one group.
#[derive(Clone, Copy)]
pub(crate) struct Grouping<'a> {
    by: Option<(&'a Column, bool)>,
}

impl Grouping<'_> {
    /// All in one group.
    pub(crate) fn none() -> Self {
        Self { by: None }
    }

    /// How many groups there can be.
    pub(crate) fn groups(&self) -> usize {
        self.by
            .map_or(1, |(column, _)| column.dictionary().len() + 1)
    }

    /// The group of a record: a code of the property.
    #[inline]
    pub(crate) fn of(&self, view: &View<'_>, row: u32) -> u32 {
        match self.by {
            Some((column, is_archived)) => match view.code(column, row) {
                EMPTY if is_archived => crate::dictionary::FALSE,
                code => code,
            },
            None => EMPTY,
        }
    }
}

/// Runs a kernel for all records and, when asked, by group. The kernel gives the answers of the groups that it met, by code;
/// `nothing` is the answer when it met none.
pub(crate) fn grouped<T>(
    view: &View<'_>,
    report: &Report<'_>,
    nothing: impl Fn() -> T,
    kernel: impl Fn(&Scan<'_>, Grouping<'_>) -> Vec<(u32, T)>,
) -> Result<Reported<T>, QueryError> {
    let scan = Scan::new(view, report)?;
    let mut all = kernel(&scan, Grouping::none());
    let total = all.pop().map_or_else(nothing, |(_, answer)| answer);
    let groups = match report.group_by {
        Some(property) => Some(by_group(view, &scan, property, kernel)?),
        None => None,
    };
    Ok(Reported { total, groups })
}

fn by_group<T>(
    view: &View<'_>,
    scan: &Scan<'_>,
    property: &Property,
    kernel: impl Fn(&Scan<'_>, Grouping<'_>) -> Vec<(u32, T)>,
) -> Result<Vec<Group<T>>, QueryError> {
    let column = view.column(property.id)?;
    let by = Some((column, view.is_archived_property(property)));
    let mut found = kernel(scan, Grouping { by });
    let rank = Scan::rank(column, property);
    found.sort_by(|(a, _), (b, _)| rank(*a, *b));
    let group = |(code, answer)| Group {
        value: column.dictionary().value(code),
        answer,
    };
    Ok(found.into_iter().map(group).collect())
}
