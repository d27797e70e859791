//! Asks the timelines, and puts the answer together.

use leadline_engine::{
    schema::{Object, Property},
    time::Timestamp,
    value::optional_json,
};
use leadline_timeline::{
    Moment, QueryError, RowSet, View, Window,
    reports::{Clock, DiffAnswer, FunnelRequest, Report, Reported},
};
use serde_json::{
    Value as Json, json,
    value::{RawValue, to_raw_value},
};

use super::{
    drill::{DiffPart, MAX_IDS, Marks},
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
) -> Result<Box<RawValue>, ServiceError> {
    with_view(objects, object, plan.moment.at(plan.now), |view| {
        of_kind(view, plan).map_err(report_error)
    })?
    .map_err(|error| ServiceError::Internal(format!("an answer is no JSON: {error}")))
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

fn of_kind(view: &View<'_>, plan: &Plan) -> Result<serde_json::Result<Box<RawValue>>, QueryError> {
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
    let marks = Marks::new(view.timeline.archived_property(), plan, windows_or_none);
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
        ReportKind::Trend => {
            let trend = view.trend(&report, windows_or_none)?;
            return Ok(marks.trend(&trend));
        }
        ReportKind::Snapshot => {
            let sums: Vec<&Property> = plan.sums.iter().map(|property| &**property).collect();
            written(&view.snapshot(&report, &sums)?)
        }
        ReportKind::Diff => {
            let diff = view.diff(&plan.property, &plan.filter, plan.from, plan.to)?;
            let mut json = serde_json::to_value(&diff).unwrap_or_default();
            Marks::mark_diff(&mut json, parts(view, plan, &diff)?);
            json
        }
    };
    marks.mark(&mut json);
    if let Json::Object(fields) = &mut json {
        let times = plan.moment.named();
        fields.extend(times.map(|(name, time)| (name.to_owned(), Json::String(time.to_string()))));
    }
    Ok(to_raw_value(&json))
}

/// The records behind the figures of a comparison.
fn parts(view: &View<'_>, plan: &Plan, diff: &DiffAnswer) -> Result<[DiffPart; 3], QueryError> {
    let as_of = |at: Timestamp| {
        let moment = Moment::as_of(at.min(view.moment.at));
        View::new(view.timeline, moment, view.linked)
    };
    let (before, then) = (as_of(plan.from), as_of(plan.to));
    let held = |view: &View<'_>, row: u32| {
        let value = view.value(row, &plan.property)?;
        Ok::<_, QueryError>(optional_json(value.as_ref()))
    };
    let named = |rows: &RowSet, cell: &dyn Fn(u32) -> Result<Json, QueryError>| {
        if rows.len() > MAX_IDS {
            return Ok(None);
        }
        let named = rows.iter().filter_map(|row| {
            let id = view.timeline.id(row)?;
            Some(cell(row).map(|cell| (id, cell)))
        });
        named.collect::<Result<Vec<_>, _>>().map(Some)
    };
    Ok([
        DiffPart {
            key: "enteredRecords",
            cells: "enteredValues",
            records: named(&diff.entered_rows, &|row| held(&then, row))?,
        },
        DiffPart {
            key: "leftRecords",
            cells: "leftValues",
            records: named(&diff.left_rows, &|row| held(&before, row))?,
        },
        DiffPart {
            key: "movedRecords",
            cells: "moves",
            records: named(&diff.moved_rows, &|row| {
                Ok(json!([held(&before, row)?, held(&then, row)?]))
            })?,
        },
    ])
}

fn written<T: serde::Serialize>(answer: &Reported<T>) -> Json {
    answer.to_json().unwrap_or_default()
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
