//! Asks the timelines, and puts the answer together.

use leadline_engine::schema::{Object, Property};
use leadline_timeline::{
    QueryError, RowSet, View, Window,
    reports::{Clock, FunnelRequest, Report, Reported, SnapshotAnswer},
};
use serde_json::{Map, Value as Json, json};

use super::{
    drill::Marks,
    request::{Plan, ReportKind},
};
use crate::service::{
    error::ServiceError,
    search::{query_error, with_view},
    timelines::Objects,
};

/// The answer to a report, with the filter behind each figure.
pub(super) fn answer(
    objects: &Objects,
    object: &Object,
    plan: &Plan,
) -> Result<Json, ServiceError> {
    let mut answer = with_view(objects, object, plan.moment.at(plan.now), |view| {
        of_kind(view, object, plan).map_err(report_error)
    })?;
    if let Json::Object(fields) = &mut answer {
        let times = plan.moment.named();
        fields.extend(times.map(|(name, time)| (name.to_owned(), Json::String(time.to_string()))));
    }
    Ok(answer)
}

/// The rows of the records that a report counts.
pub(super) fn counted(
    objects: &Objects,
    object: &Object,
    plan: &Plan,
) -> Result<Vec<u32>, ServiceError> {
    with_view(objects, object, plan.moment.at(plan.now), |view| {
        let counted = if plan.kind == ReportKind::Diff {
            let diff = view.diff(&plan.property, &plan.filter, plan.from, plan.to);
            diff.map(|diff| vec![diff.entered_rows, diff.left_rows, diff.moved_rows])
        } else {
            records(view, plan).map(|records| vec![records])
        };
        let counted = counted.map_err(query_error)?;
        Ok(counted.iter().flat_map(RowSet::iter).collect())
    })
}

/// The records that a report on a state or on history counts.
fn records(view: &View<'_>, plan: &Plan) -> Result<RowSet, QueryError> {
    match plan.kind {
        // A snapshot is of a state, in which archived records are not; history counts them until they were archived.
        ReportKind::Snapshot => view.select(&plan.filter),
        _ => view.select_with_archived(&plan.filter),
    }
}

fn of_kind(view: &View<'_>, object: &Object, plan: &Plan) -> Result<Json, QueryError> {
    let records = records(view, plan)?;
    let report = Report {
        property: &plan.property,
        records: &records,
        from: plan.from,
        to: plan.to,
        group_by: plan.group_by.as_deref(),
        exclude_sources: &plan.exclude_sources,
    };
    let windows = match plan.interval {
        Some(interval) => Some(interval.windows(plan.from, plan.to, &plan.zone)?),
        None => None,
    };
    let windows_or_none: &[Window] = windows.as_deref().unwrap_or_default();
    let marks = Marks::new(object, plan, windows_or_none);
    let mut json = match plan.kind {
        ReportKind::TimeInValue => {
            let clock = plan
                .working_hours
                .as_ref()
                .map_or(Clock::Calendar, Clock::Working);
            written(&view.time_in_value(&report, plan.basis, clock)?)
        }
        ReportKind::Funnel => {
            let request = FunnelRequest {
                stages: &plan.stages,
                basis: plan.funnel_basis,
                skipped: plan.skipped,
                intervals: windows.as_deref(),
            };
            written(&view.funnel(&report, &request)?)
        }
        ReportKind::Flow => written(&view.flow(&report)?),
        ReportKind::Cohort => {
            written(&view.cohort(&report, &plan.stages, plan.skipped, windows_or_none)?)
        }
        ReportKind::Trend => written(&view.trend(&report, windows_or_none)?),
        ReportKind::Snapshot => {
            let sums: Vec<&Property> = plan.sums.iter().map(|property| &**property).collect();
            by_property(view.snapshot(&report, &sums)?)
        }
        ReportKind::Diff => {
            let diff = view.diff(&plan.property, &plan.filter, plan.from, plan.to)?;
            let ids = |rows: &RowSet| {
                rows.iter()
                    .filter_map(|row| view.timeline.id(row))
                    .collect::<Vec<_>>()
            };
            let mut json = serde_json::to_value(&diff).unwrap_or_default();
            if let Some(marks) = &marks {
                let cells = [
                    ("enteredRecords", ids(&diff.entered_rows)),
                    ("leftRecords", ids(&diff.left_rows)),
                    ("movedRecords", ids(&diff.moved_rows)),
                ];
                marks.mark_diff(&mut json, cells);
            }
            json
        }
    };
    if let Some(marks) = &marks {
        marks.mark(&mut json);
    }
    Ok(json)
}

fn written<T: serde::Serialize>(answer: &Reported<T>) -> Json {
    answer.to_json().unwrap_or_default()
}

/// Sums as an object by property: of amounts a list with one amount a currency, of numbers the number.
fn by_property(answer: Reported<SnapshotAnswer>) -> Json {
    let mut json = written(&answer);
    let mut parts = vec![&mut json];
    while let Some(part) = parts.pop() {
        let Json::Object(fields) = part else { continue };
        for (key, field) in fields.iter_mut() {
            match (key.as_str(), field) {
                ("values", Json::Array(values)) => values.iter_mut().for_each(fold_sums),
                ("groups", Json::Array(groups)) => parts.extend(groups.iter_mut()),
                _ => {}
            }
        }
    }
    json
}

fn fold_sums(value: &mut Json) {
    let Some(sums) = value.get_mut("sums") else {
        return;
    };
    let mut folded = Map::new();
    for sum in sums.as_array().into_iter().flatten() {
        let name = sum["property"].as_str().unwrap_or_default().to_owned();
        if sum.get("currency").is_some() {
            let amounts = folded.entry(name).or_insert_with(|| json!([]));
            if let Json::Array(amounts) = amounts {
                amounts.push(sum["sum"].clone());
            }
        } else {
            folded.insert(name, sum["sum"].clone());
        }
    }
    *sums = Json::Object(folded);
}

fn report_error(error: QueryError) -> ServiceError {
    match error {
        QueryError::TooManyIntervals { limit } => ServiceError::invalid(
            "/interval",
            "TOO_MANY_INTERVALS",
            format!("the range has more than {limit} intervals"),
        ),
        other => query_error(other),
    }
}
