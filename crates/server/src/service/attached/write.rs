//! Makes, changes and archives activities, notes and tasks, with their links, in one unit of work.

use leadline_engine::{
    error::FieldError,
    ids::RecordId,
    schema::{Object, Schema},
    time::Timestamp,
};
use leadline_store::{db::Tx, ledger::records as record_rows};
use serde_json::{Map, Value as Json, json};

use super::{Attached, Kind, LONGEST_TITLE, RecordRef, field, links, object_of, read::require};
use crate::{
    app::App,
    service::{
        ctx::Ctx,
        error::ServiceError,
        records::{self, Action, Moment, Target, Write, actor_view, apply, view},
        unit_of_work,
    },
};

/// When a task was done; empty while it is not.
const DONE_AT: &str = "done_at";

/// What one shall be, or what shall change of it.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    /// Values by the names of properties; null clears.
    pub properties: Map<String, Json>,
    /// What it is about; `None` for no change.
    pub records: Option<Vec<RecordRef>>,
    /// Whether a task is done.
    pub done: Option<bool>,
    /// Since when a new one is so, if that is past.
    pub valid_from: Option<Timestamp>,
    /// The versions the caller knows.
    pub expected_versions: Option<Vec<i64>>,
    /// What is wrong with it on the face of it.
    pub errors: Vec<FieldError>,
}

impl Draft {
    /// Cuts the spaces around a line of text, and refuses one that is too long.
    #[must_use]
    pub fn with_line(mut self, property: &str) -> Self {
        if let Some(Json::String(text)) = self.properties.get_mut(property) {
            *text = text.trim().to_owned();
            if text.chars().count() > LONGEST_TITLE {
                self.errors.push(FieldError::new(
                    format!("/{}", field(property)),
                    "TOO_LONG",
                    format!("must have at most {LONGEST_TITLE} characters"),
                ));
            }
        }
        self
    }

    /// Takes a text of white space only for an empty one.
    #[must_use]
    pub fn with_text(mut self, property: &str) -> Self {
        if let Some(Json::String(text)) = self.properties.get_mut(property)
            && text.trim().is_empty()
        {
            text.clear();
        }
        self
    }
}

/// Makes one.
///
/// # Errors
/// Everything that is wrong with the draft.
pub async fn create(
    app: &App,
    ctx: &Ctx,
    kind: Kind,
    draft: Draft,
) -> Result<Attached, ServiceError> {
    write(app, ctx, kind, Target::New, draft).await
}

/// Changes one.
///
/// # Errors
/// `NotFound`, `Stale`; everything that is wrong with the draft; `Conflict` for an archived one.
pub async fn update(
    app: &App,
    ctx: &Ctx,
    kind: Kind,
    id: RecordId,
    draft: Draft,
) -> Result<Attached, ServiceError> {
    write(app, ctx, kind, Target::Id(id), draft).await
}

/// Archives one. Its history stays, and it can be brought back as any record.
///
/// # Errors
/// `NotFound`, `Stale`.
pub async fn archive(
    app: &App,
    ctx: &Ctx,
    kind: Kind,
    id: RecordId,
    expected_versions: Option<Vec<i64>>,
) -> Result<(), ServiceError> {
    require(app, ctx, kind).await?;
    records::archive(app, ctx, kind.object(), id, expected_versions)
        .await
        .map(drop)
}

async fn write(
    app: &App,
    ctx: &Ctx,
    kind: Kind,
    target: Target,
    draft: Draft,
) -> Result<Attached, ServiceError> {
    let (shared, unit_ctx) = (app.clone(), ctx.clone());
    unit_of_work::write(app, ctx, move |tx| {
        let (app, ctx, target, draft) = (
            shared.clone(),
            unit_ctx.clone(),
            target.clone(),
            draft.clone(),
        );
        Box::pin(async move {
            let schema = app.schemas.hold(tx, ctx.workspace).await?;
            let object = object_of(&schema, kind)?;
            save(tx, &ctx, (&schema, object), target, draft).await
        })
    })
    .await
}

async fn save(
    tx: &mut Tx,
    ctx: &Ctx,
    (schema, object): (&Schema, &Object),
    target: Target,
    draft: Draft,
) -> Result<Attached, ServiceError> {
    let Draft {
        mut properties,
        mut errors,
        ..
    } = draft;
    let ends = match &draft.records {
        Some(named) => Some(links::find(tx, ctx, schema, named, &mut errors).await?),
        None => None,
    };
    if let Some(is_done) = draft.done
        && was_done(tx, ctx, object, &target).await? != is_done
    {
        let done_at = if is_done {
            json!(ctx.now())
        } else {
            Json::Null
        };
        properties.insert(DONE_AT.to_owned(), done_at);
    }
    let changes_links = match (&target, &ends) {
        (Target::Id(id), Some(ends)) => {
            record_rows::lock_many(tx, ctx.workspace, object, &[*id]).await?;
            links::differ(tx, ctx, *id, ends).await?
        }
        _ => false,
    };
    let write = Write {
        valid_from: draft.valid_from,
        expected_versions: draft.expected_versions,
        changes_links,
        ..Write::new(target, Action::Set(properties))
    };
    let applied = apply(tx, ctx, schema, object, std::slice::from_ref(&write)).await?;
    let applied = match applied.into_iter().next() {
        Some(Ok(applied)) if errors.is_empty() => applied,
        Some(Ok(_)) => return Err(ServiceError::Invalid(errors)),
        Some(Err(ServiceError::Invalid(more))) => {
            errors.extend(more.into_iter().map(in_body));
            return Err(ServiceError::Invalid(errors));
        }
        Some(Err(other)) => return Err(other),
        None => return Err(ServiceError::Internal("a write without a result".into())),
    };
    let record = applied.record;
    if let Some(ends) = ends {
        let linked_at = if applied.is_new {
            record.created_at
        } else {
            ctx.now()
        };
        links::replace(tx, ctx, (object, record.id), &ends, linked_at).await?;
    }
    let now = Moment::default();
    let mut about = links::of_records(tx, ctx, schema, &[record.id], &now).await?;
    Ok(Attached {
        created_by: actor_view(record.created_by),
        records: about.remove(&record.id).unwrap_or_default(),
        record: view(object, &record, None),
    })
}

async fn was_done(
    tx: &mut Tx,
    ctx: &Ctx,
    object: &Object,
    target: &Target,
) -> Result<bool, ServiceError> {
    let Target::Id(id) = target else {
        return Ok(false);
    };
    let locked = record_rows::lock_many(tx, ctx.workspace, object, &[*id]).await?;
    Ok(locked
        .first()
        .is_some_and(|record| record.values.contains_key(DONE_AT)))
}

/// An error of a record's property, at the field of the body.
fn in_body(error: FieldError) -> FieldError {
    match error.pointer.strip_prefix("/properties/") {
        Some(property) => FieldError {
            pointer: format!("/{}", field(property)),
            ..error
        },
        None => error,
    }
}
