//! Puts beside each figure of an answer the filter that selects the records behind it: `filterGroups` (and, as of a moment, `asOf`), as
//! the search takes them.

use std::{collections::HashMap, sync::Arc};

use leadline_engine::{
    filter::Filter,
    ids::RecordId,
    schema::{Object, Property, PropertyType},
    time::Timestamp,
    value::Value,
};
use leadline_timeline::{
    Window,
    drill::{Drill, Step},
    reports::FunnelBasis,
};
use serde_json::{Map, Value as Json, json};

use super::request::{Plan, ReportKind};

/// The most records that are named one by one.
const MAX_IDS: usize = 10_000;

/// Marks the cells of an answer.
pub(super) struct Marks<'a> {
    plan: &'a Plan,
    archived: &'a Arc<Property>,
    windows: &'a [Window],
}

impl<'a> Marks<'a> {
    /// For the report of a plan; `None` for an object without its system property.
    pub(super) fn new(object: &'a Object, plan: &'a Plan, windows: &'a [Window]) -> Option<Self> {
        let archived = object.property(leadline_engine::schema::ARCHIVED)?;
        Some(Self {
            plan,
            archived,
            windows,
        })
    }

    /// Marks every cell of an answer.
    pub(super) fn mark(&self, answer: &mut Json) {
        self.mark_part(answer, None);
    }

    /// Marks what came in, went out and moved between two moments: by name, where that is not too many.
    pub(super) fn mark_diff(&self, answer: &mut Json, cells: [(&str, Vec<RecordId>); 3]) {
        let Json::Object(fields) = answer else { return };
        for (key, ids) in cells {
            if ids.len() > MAX_IDS {
                continue;
            }
            let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
            let named = json!({"property": "id", "operator": "IN", "values": ids});
            let archived_too =
                json!({"property": "archived", "operator": "IN", "values": [true, false]});
            fields.insert(
                key.to_owned(),
                json!({"filterGroups": [{"filters": [named, archived_too]}]}),
            );
        }
    }

    fn mark_part(&self, part: &mut Json, group: Option<&Json>) {
        let Json::Object(fields) = part else { return };
        let group = self
            .plan
            .group_by
            .as_ref()
            .zip(group)
            .map(|(property, json)| {
                let value = Value::from_stored(property.kind, json).ok().flatten();
                (property, value)
            });
        let drill = self.drill(
            group
                .as_ref()
                .map(|(property, value)| (*property, value.as_ref())),
        );
        let range = drill.range;
        for (key, field) in fields.iter_mut() {
            let Json::Array(items) = field else { continue };
            match (key.as_str(), self.plan.kind) {
                ("groups", _) => items.iter_mut().for_each(|item| {
                    let group = item.get("group").cloned().unwrap_or_default();
                    self.mark_part(item, Some(&group));
                }),
                ("values", ReportKind::TimeInValue) => items
                    .iter_mut()
                    .for_each(|cell| self.mark_visits(cell, &drill)),
                ("values", ReportKind::Snapshot) => items.iter_mut().for_each(|cell| {
                    let filter = drill.holds(self.value(&cell["value"]).as_ref());
                    self.put(cell, "", &filter);
                }),
                ("flows", _) => items.iter_mut().for_each(|cell| {
                    let (from, to) = (self.value(&cell["from"]), self.value(&cell["to"]));
                    let filter = drill.moves(from.as_ref(), to.as_ref());
                    self.put(cell, "", &filter);
                }),
                ("steps", _) => self.mark_steps(items, &drill, range),
                ("intervals", ReportKind::Trend) => {
                    let mut known = HashMap::new();
                    items
                        .iter_mut()
                        .for_each(|interval| self.mark_trend(interval, &drill, &mut known));
                }
                ("intervals", _) => {
                    items
                        .iter_mut()
                        .zip(self.windows)
                        .for_each(|(interval, window)| {
                            if let Json::Array(steps) = &mut interval["steps"] {
                                self.mark_steps(steps, &drill, *window);
                            }
                        })
                }
                ("cohorts", _) => items
                    .iter_mut()
                    .zip(self.windows)
                    .for_each(|(row, window)| {
                        if let Json::Array(values) = &mut row["values"] {
                            self.mark_steps(values, &drill, *window);
                        }
                    }),
                _ => {}
            }
        }
    }

    fn mark_visits(&self, cell: &mut Json, drill: &Drill<'_>) {
        let Some(value) = self.value(&cell["value"]) else {
            return;
        };
        self.put(cell, "", &drill.visits(&value, self.plan.basis));
        self.put(cell, "open", &drill.open_visits(&value));
    }

    fn mark_steps(&self, cells: &mut [Json], drill: &Drill<'_>, window: Window) {
        let basis = if self.plan.kind == ReportKind::Funnel {
            self.plan.funnel_basis
        } else {
            FunnelBasis::Cohort
        };
        for (step, cell) in cells.iter_mut().enumerate() {
            let step = Step {
                stages: &self.plan.stages,
                step,
                basis,
                skipped: self.plan.skipped,
                window,
            };
            self.put(cell, "", &drill.reached(step));
            if let Some(converted) = drill
                .converted(step)
                .filter(|_| self.plan.kind == ReportKind::Funnel)
            {
                self.put(cell, "converted", &converted);
            }
        }
    }

    /// A trend's interval has one filter for each value it counts. Those of other intervals differ in the moment alone: the first one of each value
    /// is kept in `known`.
    fn mark_trend(
        &self,
        interval: &mut Json,
        drill: &Drill<'_>,
        known: &mut HashMap<String, Json>,
    ) {
        let Some(end) = interval["end"]
            .as_str()
            .and_then(|text| Timestamp::parse(text).ok())
        else {
            return;
        };
        let moment = interval["end"].clone();
        // What held the value, what was not archived, that archived ones count too, and the group.
        let conditions = 3 + usize::from(drill.group.is_some());
        let mut cells = Map::new();
        for (text, _) in interval["counts"].as_object().into_iter().flatten() {
            if let Some(first) = known.get(text) {
                let mut cell = first.clone();
                replace_moment(&mut cell["filterGroups"], conditions, &moment);
                cells.insert(text.clone(), cell);
                continue;
            }
            // The key of the empty value is the empty text.
            let held = Some(text).filter(|text| !text.is_empty());
            let held = held.and_then(|text| self.value_of_text(text));
            if text.is_empty() || held.is_some() {
                let mut cell = json!({});
                self.put(&mut cell, "", &drill.held_at(held.as_ref(), end));
                known.insert(text.clone(), cell.clone());
                cells.insert(text.clone(), cell);
            }
        }
        interval["cells"] = Json::Object(cells);
    }

    fn put(&self, cell: &mut Json, what: &str, filter: &Filter) {
        let key = if what.is_empty() {
            "filterGroups".to_owned()
        } else {
            format!("{what}FilterGroups")
        };
        cell[key] = filter.to_json();
        for (name, time) in self.plan.moment.named() {
            cell[name] = Json::String(time.to_string());
        }
    }

    fn drill<'d>(&'d self, group: Option<(&'d Arc<Property>, Option<&'d Value>)>) -> Drill<'d> {
        Drill {
            filter: &self.plan.filter,
            property: &self.plan.property,
            archived: self.archived,
            range: Window {
                start: self.plan.from,
                end: self.plan.to,
            },
            moment: self.plan.moment.time(self.plan.now),
            exclude_sources: &self.plan.exclude_sources,
            group,
        }
    }

    fn value(&self, json: &Json) -> Option<Value> {
        Value::from_stored(self.plan.property.kind, json)
            .ok()
            .flatten()
    }

    /// A value by the text that an answer's object has as its key.
    fn value_of_text(&self, text: &str) -> Option<Value> {
        let as_text = self.value(&Json::String(text.to_owned()));
        let is_plain = matches!(
            self.plan.property.kind,
            PropertyType::Number
                | PropertyType::Boolean
                | PropertyType::Money
                | PropertyType::MultiSelect
        );
        if is_plain {
            serde_json::from_str(text)
                .ok()
                .and_then(|json| self.value(&json))
        } else {
            as_text
        }
    }
}

/// Puts another moment into filters of [`Drill::held_at`], whose conditions are the last ones of each group.
fn replace_moment(groups: &mut Json, conditions: usize, moment: &Json) {
    for group in groups.as_array_mut().into_iter().flatten() {
        let filters = group["filters"].as_array_mut().into_iter().flatten();
        for filter in filters.rev().take(conditions) {
            if let Some(at) = filter.get_mut("at") {
                *at = moment.clone();
            }
        }
    }
}
