//! The timeline of a record.

use axum::extract::State;
use leadline_engine::{ids::RecordId, time::Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    extract::{Path, Query},
    paging::{Cursor, Paging, limit},
    problem::ProblemBody,
    records::names,
};
use crate::{
    app::App,
    service::{
        activities::ActivityView,
        ctx::Ctx,
        error::ServiceError,
        happenings::{self, Happening, Kind, What},
        notes::NoteView,
        records::{ChangeSetView, Moment},
        tasks::TaskView,
    },
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_record_timeline))
}

#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct TimelineQuery {
    /// Only these kinds, separated by commas: `change`, `activity`, `note`, `task`; all of them if left out.
    #[param(example = "activity,note")]
    kinds: Option<String>,
    /// 1 to 1,000; 100 if left out.
    limit: Option<usize>,
    /// The cursor of the page before.
    after: Option<String>,
    /// Only what was true by then.
    #[param(value_type = Option<String>, format = DateTime)]
    as_of: Option<Timestamp>,
    /// Only what was known by then.
    #[param(value_type = Option<String>, format = DateTime)]
    recorded_as_of: Option<Timestamp>,
}

/// What can happen to a record.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum TimelineKind {
    /// Values changed.
    Change,
    /// Somebody called, wrote or met.
    Activity,
    /// A note was written.
    Note,
    /// Something to do was made out.
    Task,
}

/// Something that happened, under the name of its kind.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Happening)]
struct HappeningView {
    kind: TimelineKind,
    /// When, in valid time.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// What changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    change_set: Option<ChangeSetView>,
    /// Who called, wrote or met.
    #[serde(skip_serializing_if = "Option::is_none")]
    activity: Option<ActivityView>,
    /// What was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<NoteView>,
    /// What is to be done.
    #[serde(skip_serializing_if = "Option::is_none")]
    task: Option<TaskView>,
}

/// A page of what happened, newest first.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"results": [{"kind": "change", "at": "2026-02-11T09:20:00Z", "changeSet": {"id": "0197b3a1-02d7-7b6f-a5e0-6c48d1f9b327", "object": "leads", "recordId": "0197b3a0-7c1e-7d52-9a41-3f5c8e2b6d10", "version": 14, "recordedAt": "2026-02-12T08:01:13Z", "validFrom": "2026-02-11T09:20:00Z", "actor": {"type": "user", "id": "0197b39f-11aa-7c04-8f3e-5b1d2a907c44"}, "source": "user", "changes": [{"property": "stage", "from": "new", "to": "qualified"}]}}], "paging": {"next": {"after": "WyIyMDI2LTAzLTAxIl0"}}}))]
#[serde(rename_all = "camelCase")]
struct Timeline {
    results: Vec<HappeningView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    paging: Option<Paging>,
    /// The moment asked about.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    as_of: Option<Timestamp>,
    /// The knowledge asked about.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    recorded_as_of: Option<Timestamp>,
}

/// What happened to a record, newest first: its changes, and the activities, notes and tasks that are about it.
///
/// Shows in one order, newest first and in pages, how the record changed and what was done, written down and planned about it: activities
/// at the time when they happened, notes and tasks when they were made. As of a moment, nothing later is shown.
#[utoipa::path(get, path = "/objects/{object}/{id}/timeline", tag = "records",
    params(("object" = String, Path, example = "leads"), ("id" = Uuid, Path), TimelineQuery),
    responses(
        (status = 200, description = "A page of what happened", body = Timeline),
        (status = 404, body = ProblemBody, description = "It does not exist"),
        (status = 422, body = ProblemBody, description = "Parameters that do not fit")))]
async fn get_record_timeline(
    State(app): State<App>,
    ctx: Ctx,
    Path((object, id)): Path<(String, Uuid)>,
    Query(query): Query<TimelineQuery>,
) -> Result<axum::Json<Timeline>, ServiceError> {
    let kinds = match &query.kinds {
        Some(list) => names(list)
            .iter()
            .map(|name| kind(name))
            .collect::<Result<_, _>>()?,
        None => Kind::ALL.to_vec(),
    };
    let after = query.after.as_deref().map(Cursor::read).transpose()?;
    let moment = Moment {
        as_of: query.as_of,
        recorded_as_of: query.recorded_as_of,
    };
    let page = (after, limit(query.limit)?);
    let record = (object.as_str(), RecordId::from(id));
    let (found, next) = happenings::list(&app, &ctx, record, &kinds, page, moment).await?;
    Ok(axum::Json(Timeline {
        results: found.into_iter().map(HappeningView::from).collect(),
        paging: next.map(|place| Paging::after(Cursor::write(&place))),
        as_of: moment.as_of,
        recorded_as_of: moment.recorded_as_of,
    }))
}

fn kind(name: &str) -> Result<Kind, ServiceError> {
    match name {
        "change" => Ok(Kind::Change),
        "activity" => Ok(Kind::Activity),
        "note" => Ok(Kind::Note),
        "task" => Ok(Kind::Task),
        _ => Err(ServiceError::invalid(
            "/kinds",
            "UNKNOWN_KIND",
            "must be change, activity, note or task, separated by commas",
        )),
    }
}

impl From<Happening> for HappeningView {
    fn from(happening: Happening) -> Self {
        let mut view = Self {
            kind: TimelineKind::Change,
            at: happening.at,
            change_set: None,
            activity: None,
            note: None,
            task: None,
        };
        match happening.what {
            What::Change(change) => view.change_set = Some(change),
            What::Activity(activity) => {
                (view.kind, view.activity) = (TimelineKind::Activity, Some(activity));
            }
            What::Note(note) => (view.kind, view.note) = (TimelineKind::Note, Some(note)),
            What::Task(task) => (view.kind, view.task) = (TimelineKind::Task, Some(task)),
        }
        view
    }
}
