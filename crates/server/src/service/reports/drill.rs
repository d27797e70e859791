//! Which filter selects the records behind a figure. Each cell of an answer gets `filterGroups` (and, as of a moment, `asOf`) that the search
//! takes and that select exactly the records counted.

use leadline_engine::{ids::RecordId, time::Timestamp};
use leadline_timeline::reports::Basis;
use serde_json::{Value as Json, json};

use super::request::{Plan, ReportKind};

/// The most records that are named one by one.
const MAX_IDS: usize = 10_000;

/// Marks the cells of an answer.
pub(super) struct Drill<'a> {
    plan: &'a Plan,
    /// The report's own filter.
    groups: Vec<Vec<Json>>,
}

impl<'a> Drill<'a> {
    pub(super) fn new(plan: &'a Plan) -> Self {
        let filters = |group: &Json| group["filters"].as_array().cloned().unwrap_or_default();
        let written = plan.filter.to_json();
        Self {
            plan,
            groups: written
                .as_array()
                .into_iter()
                .flatten()
                .map(filters)
                .collect(),
        }
    }

    /// Marks every cell whose records a filter can select. Sources are no part of filters: without them counted, there is none.
    pub(super) fn mark(&self, answer: &mut Json) {
        if !self.plan.exclude_sources.is_empty() {
            return;
        }
        self.mark_part(answer, None);
    }

    /// Marks what came in, went out and moved between two moments.
    pub(super) fn mark_diff(
        &self,
        answer: &mut Json,
        entered: &[RecordId],
        left: &[RecordId],
        moved: &[RecordId],
    ) {
        let named = |ids: &[RecordId]| {
            let values: Vec<String> = ids.iter().map(ToString::to_string).collect();
            (ids.len() <= MAX_IDS).then(|| {
                vec![vec![
                    json!({"property": "id", "operator": "IN", "values": values}),
                    with_archived(),
                ]]
            })
        };
        let cells = [
            ("enteredRecords", named(entered)),
            ("leftRecords", named(left)),
            ("movedRecords", named(moved)),
        ];
        for (key, groups) in cells {
            if let (Some(groups), Json::Object(fields)) = (groups, &mut *answer) {
                fields.insert(key.into(), json!({ "filterGroups": written(&groups) }));
            }
        }
    }

    fn mark_part(&self, part: &mut Json, group: Option<Json>) {
        let Json::Object(fields) = part else { return };
        for (key, field) in fields.iter_mut() {
            let Json::Array(items) = field else { continue };
            match key.as_str() {
                "groups" => items.iter_mut().for_each(|item| {
                    let group = item.get("group").cloned();
                    self.mark_part(item, group);
                }),
                "values" if self.plan.kind == ReportKind::TimeInValue => {
                    items.iter_mut().for_each(|cell| {
                        self.put(cell, group.as_ref(), |drill, cell| {
                            drill.visits(&cell["value"])
                        })
                    })
                }
                "values" if self.plan.kind == ReportKind::Snapshot => {
                    items.iter_mut().for_each(|cell| {
                        self.put(cell, group.as_ref(), |drill, cell| {
                            vec![vec![drill.holds(&cell["value"])]]
                        })
                    })
                }
                "flows" => items.iter_mut().for_each(|cell| {
                    self.put(cell, group.as_ref(), |drill, cell| {
                        drill.moves(&cell["from"], &cell["to"])
                    })
                }),
                "intervals" if self.plan.kind == ReportKind::Trend => items
                    .iter_mut()
                    .for_each(|interval| self.mark_interval(interval, group.as_ref())),
                _ => {}
            }
        }
    }

    /// A trend's interval has one filter for each value it counts.
    fn mark_interval(&self, interval: &mut Json, group: Option<&Json>) {
        let Some(end) = interval["end"].as_str().map(str::to_owned) else {
            return;
        };
        let values: Vec<String> = interval["counts"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(value, _)| value.clone())
            .collect();
        let cell = |value: &String| {
            let held = if value.is_empty() {
                Json::Null
            } else {
                Json::String(value.clone())
            };
            let groups = vec![vec![
                self.condition("WAS", json!({"value": held, "at": end})),
                json!({"property": "archived", "operator": "WAS", "value": false, "at": end}),
                json!({"property": "created_at", "operator": "LTE", "value": end}),
            ]];
            (value.clone(), self.cell(groups, group))
        };
        let cells: serde_json::Map<String, Json> = values.iter().map(cell).collect();
        interval["cells"] = Json::Object(cells);
    }

    fn put(
        &self,
        cell: &mut Json,
        group: Option<&Json>,
        groups: impl Fn(&Self, &Json) -> Vec<Vec<Json>>,
    ) {
        let marked = self.cell(groups(self, cell), group);
        if let (Json::Object(fields), Json::Object(marks)) = (cell, marked) {
            fields.extend(marks);
        }
    }

    fn cell(&self, groups: Vec<Vec<Json>>, group: Option<&Json>) -> Json {
        let grouped = match (group, &self.plan.group_by) {
            (Some(value), Some(property)) => vec![holds(&property.name, value)],
            _ => Vec::new(),
        };
        let own = if self.groups.is_empty() {
            vec![Vec::new()]
        } else {
            self.groups.clone()
        };
        let both: Vec<Vec<Json>> = own
            .iter()
            .flat_map(|a| groups.iter().map(|b| [a.as_slice(), b, &grouped].concat()))
            .collect();
        let mut cell = json!({ "filterGroups": written(&both) });
        if let Some(time) = self.plan.as_of {
            cell["asOf"] = Json::String(time.to_string());
        }
        cell
    }

    /// Records with a visit of a value that counts.
    fn visits(&self, value: &Json) -> Vec<Vec<Json>> {
        let range = self.range();
        match self.plan.basis {
            Basis::Closed => vec![
                vec![
                    self.condition("LEFT", merged(json!({"value": value}), &range)),
                    with_archived(),
                ],
                vec![
                    self.condition("EQ", json!({"value": value})),
                    merged(
                        json!({"property": "archived", "operator": "ENTERED", "value": true}),
                        &range,
                    ),
                    archived_now(),
                ],
            ],
            Basis::All => vec![
                vec![
                    self.condition("WAS", json!({"value": value, "at": time(self.plan.from)})),
                    json!({"property": "archived", "operator": "WAS", "value": false, "at": time(self.plan.from)}),
                ],
                vec![
                    self.condition("ENTERED", merged(json!({"value": value}), &range)),
                    with_archived(),
                ],
            ],
        }
    }

    fn moves(&self, from: &Json, to: &Json) -> Vec<Vec<Json>> {
        vec![vec![
            self.condition(
                "CHANGED",
                merged(json!({"fromValue": from, "toValue": to}), &self.range()),
            ),
            with_archived(),
        ]]
    }

    fn holds(&self, value: &Json) -> Json {
        holds(&self.plan.property.name, value)
    }

    fn condition(&self, operator: &str, fields: Json) -> Json {
        merged(
            json!({"property": self.plan.property.name, "operator": operator}),
            &fields,
        )
    }

    fn range(&self) -> Json {
        json!({"from": time(self.plan.from), "to": time(self.plan.to)})
    }
}

fn holds(property: &str, value: &Json) -> Json {
    match value {
        Json::Null => json!({"property": property, "operator": "NOT_HAS_PROPERTY"}),
        value => json!({"property": property, "operator": "EQ", "value": value}),
    }
}

/// Lets archived records be selected too.
fn with_archived() -> Json {
    json!({"property": "archived", "operator": "IN", "values": [true, false]})
}

fn archived_now() -> Json {
    json!({"property": "archived", "operator": "EQ", "value": true})
}

fn time(time: Timestamp) -> String {
    time.to_string()
}

fn merged(mut condition: Json, fields: &Json) -> Json {
    if let (Json::Object(map), Json::Object(fields)) = (&mut condition, fields) {
        map.extend(
            fields
                .iter()
                .map(|(key, value)| (key.clone(), value.clone())),
        );
    }
    condition
}

fn written(groups: &[Vec<Json>]) -> Json {
    Json::Array(
        groups
            .iter()
            .map(|filters| json!({ "filters": filters }))
            .collect(),
    )
}
