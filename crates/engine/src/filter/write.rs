//! Writes filters as `filterGroups`: what [`super::parse_filter_groups`] reads.

use serde_json::{Map, Value as Json, json};

use super::{Condition, Filter, Needle, Subject, Test, TimeRange};
use crate::{
    time::{MICROS_PER_SECOND, Timestamp},
    value::{Value, optional_json},
};

impl Filter {
    /// As `filterGroups`.
    #[must_use]
    pub fn to_json(&self) -> Json {
        let group = |conditions: &Vec<Condition>| json!({ "filters": conditions.iter().map(Condition::to_json).collect::<Vec<_>>() });
        Json::Array(self.groups.iter().map(group).collect())
    }

    /// What both this and the other filter select: every group of the one together with every group of the other.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        if self.groups.is_empty() {
            return other.clone();
        }
        if other.groups.is_empty() {
            return self.clone();
        }
        let pairs = self.groups.iter().flat_map(|a| {
            other
                .groups
                .iter()
                .map(move |b| a.iter().chain(b).cloned().collect())
        });
        Self {
            groups: pairs.collect(),
        }
    }
}

impl Subject {
    /// The name in filters and sorts.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Property(property) => property.name.clone(),
            Self::Linked { link, property, .. } => format!("{}.{}", link.name, property.name),
            Self::CreatedAt => "created_at".into(),
            Self::UpdatedAt => "updated_at".into(),
            Self::CreatedBy => "created_by".into(),
            Self::Id => "id".into(),
        }
    }
}

impl Condition {
    /// As one filter of a group.
    #[must_use]
    pub fn to_json(&self) -> Json {
        let mut map = Map::new();
        map.insert("property".into(), self.subject.name().into());
        map.insert("operator".into(), operator(&self.test).into());
        for (key, value) in fields(&self.test) {
            map.insert(key.into(), value);
        }
        Json::Object(map)
    }
}

fn operator(test: &Test) -> &'static str {
    match test {
        Test::Eq(_) => "EQ",
        Test::Neq(_) => "NEQ",
        Test::Lt(_) => "LT",
        Test::Lte(_) => "LTE",
        Test::Gt(_) => "GT",
        Test::Gte(_) => "GTE",
        Test::Between { .. } => "BETWEEN",
        Test::In(_) => "IN",
        Test::NotIn(_) => "NOT_IN",
        Test::HasProperty => "HAS_PROPERTY",
        Test::NotHasProperty => "NOT_HAS_PROPERTY",
        Test::Contains(_) => "CONTAINS",
        Test::StartsWith(_) => "STARTS_WITH",
        Test::Was { .. } => "WAS",
        Test::Ever(_) => "EVER",
        Test::Never(_) => "NEVER",
        Test::Entered { .. } => "ENTERED",
        Test::Left { .. } => "LEFT",
        Test::Changed { .. } => "CHANGED",
        Test::ChangeCount { .. } => "CHANGE_COUNT",
        Test::TimeInValue { .. } => "TIME_IN_VALUE",
        Test::TotalTimeInValue { .. } => "TOTAL_TIME_IN_VALUE",
        Test::Except { test, .. } | Test::Exact(test) => operator(test),
        Test::Reached(_) => "REACHED",
        Test::UnchangedFor(_) => "UNCHANGED_FOR",
    }
}

fn fields(test: &Test) -> Vec<(&'static str, Json)> {
    match test {
        Test::Eq(value)
        | Test::Neq(value)
        | Test::Lt(value)
        | Test::Lte(value)
        | Test::Gt(value)
        | Test::Gte(value)
        | Test::Ever(value)
        | Test::Never(value) => {
            vec![("value", value.to_json())]
        }
        Test::Between { from, to } => vec![("from", from.to_json()), ("to", to.to_json())],
        Test::In(values) | Test::NotIn(values) => {
            vec![("values", values.iter().map(Value::to_json).collect())]
        }
        Test::HasProperty | Test::NotHasProperty => Vec::new(),
        Test::Contains(needle) | Test::StartsWith(needle) => {
            let (Needle::Text(text) | Needle::Option(text)) = needle;
            vec![("value", text.as_str().into())]
        }
        Test::Was { value, at } => vec![
            ("value", optional_json(value.as_ref())),
            ("at", at.to_string().into()),
        ],
        Test::Entered { value, range } | Test::Left { value, range } => {
            with_range(vec![("value", value.to_json())], range)
        }
        Test::Changed {
            from_value,
            to_value,
            range,
        } => {
            let side = |key, value: &Option<Option<Value>>| {
                value
                    .as_ref()
                    .map(|value| (key, optional_json(value.as_ref())))
            };
            with_range(
                side("fromValue", from_value)
                    .into_iter()
                    .chain(side("toValue", to_value))
                    .collect(),
                range,
            )
        }
        Test::ChangeCount { gte, lte, range } => {
            let bound = |key, count: &Option<u64>| count.map(|count| (key, count.into()));
            with_range(
                bound("gte", gte)
                    .into_iter()
                    .chain(bound("lte", lte))
                    .collect(),
                range,
            )
        }
        Test::TimeInValue { value, gte, lte } | Test::TotalTimeInValue { value, gte, lte } => {
            let bound =
                |key, micros: &Option<i64>| micros.map(|micros| (key, duration(micros).into()));
            [
                Some(("value", value.to_json())),
                bound("gte", gte),
                bound("lte", lte),
            ]
            .into_iter()
            .flatten()
            .collect()
        }
        Test::Except { sources, test } => {
            let sources = sources.iter().map(|source| source.as_str()).collect();
            let mut fields = fields(test);
            fields.push(("excludeSources", sources));
            fields
        }
        Test::Exact(test) => {
            let mut fields = fields(test);
            fields.push(("exact", true.into()));
            fields
        }
        Test::Reached(reach) => {
            let steps = reach.steps.iter().map(Value::to_json).collect();
            let step = optional_json(reach.steps.get(reach.step));
            let mut fields = vec![("values", steps), ("value", step)];
            if reach.is_period {
                fields.push(("basis", "period".into()));
            }
            if !reach.counts_skipped {
                fields.push(("skipped", "drop".into()));
            }
            with_range(fields, &reach.range)
        }
        Test::UnchangedFor(micros) => vec![("duration", duration(*micros).into())],
    }
}

fn with_range(
    mut fields: Vec<(&'static str, Json)>,
    range: &TimeRange,
) -> Vec<(&'static str, Json)> {
    let end = |key, time: Option<Timestamp>| time.map(|time| (key, Json::String(time.to_string())));
    fields.extend(end("from", range.from));
    fields.extend(end("to", range.to));
    fields
}

/// ISO 8601, exact to the microsecond.
fn duration(micros: i64) -> String {
    let (seconds, rest) = (micros / MICROS_PER_SECOND, micros % MICROS_PER_SECOND);
    if rest == 0 {
        format!("PT{seconds}S")
    } else {
        format!("PT{seconds}.{rest:06}S")
    }
}
