//! Puts beside each figure of an answer the filter that selects the records behind it: `filterGroups` (and, as of a moment, `asOf`), as
//! the search takes them.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use leadline_engine::{
    filter::Filter,
    ids::RecordId,
    schema::Property,
    time::Timestamp,
    value::{Value, optional_json},
};
use leadline_timeline::{
    Window,
    drill::{Drill, Step},
    reports::{FunnelBasis, Reported, TrendAnswer, TrendInterval, key_of},
};
use serde::Serialize;
use serde_json::{Value as Json, json, value::RawValue};

use super::request::{Plan, ReportKind};

/// The most records that are named one by one.
pub(super) const MAX_IDS: u64 = 10_000;

/// The records that came in, went out or moved.
pub(super) struct DiffPart {
    /// The field that gets the filter of all of them.
    pub(super) key: &'static str,
    /// The field with the cells that they are counted in.
    pub(super) cells: &'static str,
    /// Each with the value of its cell, or with the values before and after; `None` if there are too many.
    pub(super) records: Option<Vec<(RecordId, Json)>>,
}

/// The filter that selects records by name, archived ones too.
fn named(ids: Vec<RecordId>) -> Json {
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    let named = json!({"property": "id", "operator": "IN", "values": ids});
    let archived_too = json!({"property": "archived", "operator": "IN", "values": [true, false]});
    json!([{"filters": [named, archived_too]}])
}

/// Marks the cells of an answer.
pub(super) struct Marks<'a> {
    plan: &'a Plan,
    archived: &'a Arc<Property>,
    windows: &'a [Window],
}

impl<'a> Marks<'a> {
    /// For the report of a plan; `archived` is the object's system property.
    pub(super) fn new(archived: &'a Arc<Property>, plan: &'a Plan, windows: &'a [Window]) -> Self {
        Self {
            plan,
            archived,
            windows,
        }
    }

    /// Marks every cell of an answer.
    pub(super) fn mark(&self, answer: &mut Json) {
        self.mark_part(answer, None);
    }

    /// Marks what came in, went out and moved between two moments, in all and by value: by name, where that is not too many.
    pub(super) fn mark_diff(answer: &mut Json, parts: [DiffPart; 3]) {
        let Json::Object(fields) = answer else { return };
        for DiffPart {
            key,
            cells,
            records,
        } in parts
        {
            let Some(records) = records else { continue };
            let mut by_cell = HashMap::<String, Vec<RecordId>>::new();
            for (id, cell) in &records {
                by_cell.entry(cell.to_string()).or_default().push(*id);
            }
            let listed = fields.get_mut(cells).and_then(Json::as_array_mut);
            for cell in listed.into_iter().flatten() {
                let key = match cell.get("value") {
                    Some(value) => value.clone(),
                    None => json!([cell["from"], cell["to"]]),
                };
                let ids = by_cell.remove(&key.to_string()).unwrap_or_default();
                if let Json::Object(cell) = cell {
                    cell.insert("filterGroups".to_owned(), named(ids));
                }
            }
            let ids = records.into_iter().map(|(id, _)| id).collect();
            fields.insert(key.to_owned(), json!({"filterGroups": named(ids)}));
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

    /// A trend with a filter for each count. There are many, which differ in the moment alone: each value's is written once.
    pub(super) fn trend(
        &self,
        answer: &Reported<TrendAnswer>,
    ) -> serde_json::Result<Box<RawValue>> {
        let groups = answer.groups.as_ref().map(|groups| {
            let groups = groups.iter().map(|group| {
                let by = self.plan.group_by.as_ref();
                let by = by.map(|property| (property, group.value.as_ref()));
                MarkedTrend {
                    group: Some(optional_json(group.value.as_ref())),
                    ..self.trend_part(&group.answer, by)
                }
            });
            groups.collect()
        });
        serde_json::value::to_raw_value(&MarkedTrend {
            groups,
            moment: self.plan.moment.named().collect(),
            ..self.trend_part(&answer.total, None)
        })
    }

    fn trend_part<'t>(
        &self,
        answer: &'t TrendAnswer,
        group: Option<(&Arc<Property>, Option<&Value>)>,
    ) -> MarkedTrend<'t> {
        let drill = self.drill(group);
        let mut known: HashMap<String, CellText> = HashMap::new();
        let intervals = answer.intervals.iter().map(|interval| {
            let cells = interval.counts.iter().map(|(value, _)| {
                let key = key_of(value.as_ref());
                let text = known.entry(key.clone()).or_insert_with(|| {
                    let mut cell = json!({});
                    self.put(&mut cell, "", &drill.held_at(value.as_ref(), interval.end));
                    CellText::new(cell, self.moved_conditions(group.is_some()))
                });
                (key, text.at(interval.end))
            });
            MarkedInterval {
                interval,
                cells: cells.collect(),
            }
        });
        MarkedTrend {
            intervals: intervals.collect(),
            ..MarkedTrend::default()
        }
    }

    /// How many conditions of [`Drill::held_at`], the last ones of each group, name the moment: what held the value, what was not archived, that
    /// archived ones count too, and the group.
    fn moved_conditions(&self, has_group: bool) -> usize {
        3 + usize::from(has_group)
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
}

/// A trend with the filters behind its counts.
#[derive(Serialize, Default)]
struct MarkedTrend<'t> {
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<Json>,
    intervals: Vec<MarkedInterval<'t>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    groups: Option<Vec<MarkedTrend<'t>>>,
    #[serde(flatten)]
    moment: BTreeMap<&'static str, Timestamp>,
}

#[derive(Serialize)]
struct MarkedInterval<'t> {
    #[serde(flatten)]
    interval: &'t TrendInterval,
    cells: BTreeMap<String, Box<RawValue>>,
}

/// A cell as JSON without the moment, which comes between the parts.
struct CellText(Vec<String>);

impl CellText {
    fn new(mut cell: Json, conditions: usize) -> Self {
        let mut mark = String::from("@");
        let text = cell.to_string();
        while text.contains(&mark) {
            mark.push('@');
        }
        replace_moment(&mut cell["filterGroups"], conditions, &json!(mark));
        let text = cell.to_string();
        Self(
            text.split(&format!("\"{mark}\""))
                .map(str::to_owned)
                .collect(),
        )
    }

    fn at(&self, moment: Timestamp) -> Box<RawValue> {
        let text = self.0.join(&format!("\"{moment}\""));
        RawValue::from_string(text).expect("a moment in place of a text")
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
