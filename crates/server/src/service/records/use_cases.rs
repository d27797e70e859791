//! What can be asked of records, each in a unit of work of its own.

use std::{cmp::Reverse, collections::HashMap, sync::Arc};

use leadline_engine::{
    error::FieldError,
    ids::RecordId,
    schema::{Object, Property, Schema},
    spans::{self, Statement},
    time::Timestamp,
    validate::{parse_property, parse_value},
    value::optional_json,
};
use leadline_store::{
    db::{Reading, Tx},
    ledger::{
        change_sets::{self, Page},
        record_keys as keys, records,
    },
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use utoipa::ToSchema;

use super::{
    apply::{self, Action, Applied, Target, Write, apply},
    read::{Moment, believed, check_names, entries_of, find, find_object, read, shown_names},
    view::{BatchError, BatchView, ChangeSetView, ChangeView, RecordView, change_set_view, view},
};
use crate::{
    app::App,
    http::problem::Problem,
    service::{access::Permission, ctx::Ctx, error::ServiceError, record_keys, unit_of_work},
};

/// Most inputs of a batch.
const MAX_BATCH: usize = 1_000;

/// What to show of a record.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// Names of the properties to show; all in use if `None`.
    pub properties: Option<Vec<String>>,
    /// Names of the properties whose spans to show.
    pub with_history: Vec<String>,
    /// When.
    pub moment: Moment,
}

impl Selection {
    /// Whether only the present is wanted.
    #[must_use]
    pub fn is_present(&self) -> bool {
        self.moment.is_now() && self.with_history.is_empty()
    }

    /// How to read it: the present is one statement, history is several, which have to fit each other.
    #[must_use]
    pub fn reading(&self) -> Reading {
        match self.is_present() {
            true => Reading::Latest,
            false => Reading::Snapshot,
        }
    }
}

/// Values to set.
#[derive(Debug, Clone, Default)]
pub struct BatchItem {
    /// Which record, where it is named by its id.
    pub id: Option<RecordId>,
    /// The value of the key, where it is not among the properties.
    pub key: Option<Json>,
    /// The values.
    pub properties: Map<String, Json>,
    /// From when they are true.
    pub valid_from: Option<Timestamp>,
    /// How they come.
    pub source: Option<leadline_engine::ledger::Source>,
    /// The versions the caller knows.
    pub expected_versions: Option<Vec<i64>>,
}

/// What a batch does with its inputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BatchKind {
    /// Makes records.
    Create,
    /// Changes records by id.
    Update,
    /// Changes records by a key, or makes them.
    Upsert,
    /// Archives records by id.
    Archive,
    /// Brings archived records back by id.
    Unarchive,
}

/// Many writes at once.
#[derive(Debug, Clone)]
pub struct Batch {
    /// What to do.
    pub kind: BatchKind,
    /// With what.
    pub inputs: Vec<BatchItem>,
    /// The key of an upsert.
    pub id_property: Option<String>,
}

/// What differs between two moments.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({"from": "2026-01-31T00:00:00Z", "to": "2026-03-01T00:00:00Z", "changes": [{"property": "stage", "from": "new", "to": "qualified"}]}))]
pub struct DiffView {
    /// The earlier (or other) moment.
    #[schema(value_type = String, format = DateTime)]
    pub from: Timestamp,
    /// The later (or one) moment.
    #[schema(value_type = String, format = DateTime)]
    pub to: Timestamp,
    /// The knowledge asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub recorded_as_of: Option<Timestamp>,
    /// Properties that differ, with both values.
    pub changes: Vec<ChangeView>,
}

/// A record at a moment, and its present version.
///
/// # Errors
/// `NotFound`; `Invalid` for unknown properties and moments to come.
pub async fn get(
    app: &App,
    ctx: &Ctx,
    object: &str,
    id: RecordId,
    selection: Selection,
) -> Result<(RecordView, i64), ServiceError> {
    selection.moment.check(ctx.now())?;
    let reading = selection.reading();
    let (app_, ctx, object) = (app.clone(), ctx.clone(), object.to_owned());
    app.db
        .read_as(reading, move |tx| {
            let (app, ctx, object, selection) =
                (app_.clone(), ctx.clone(), object.clone(), selection.clone());
            Box::pin(async move {
                ctx.require(Permission::ReadRecords)?;
                let found = records::find_many(tx, ctx.workspace, &[id]).await?;
                let stored = found.first().ok_or(ServiceError::NotFound)?;
                let version = stored.schema_version;
                let schema = app.schemas.of_version(tx, ctx.workspace, version).await?;
                let object = find_object(&schema, &object)?;
                let record = stored.of(object)?.ok_or(ServiceError::NotFound)?;
                check_names(
                    object,
                    "properties",
                    selection.properties.as_deref().unwrap_or_default(),
                )?;
                check_names(object, "propertiesWithHistory", &selection.with_history)?;
                let shown = read(
                    tx,
                    &ctx,
                    object,
                    &record,
                    (selection.properties.as_deref(), &selection.with_history),
                    &selection.moment,
                )
                .await?;
                Ok((shown, record.version))
            })
        })
        .await
}

/// Creates a record.
///
/// # Errors
/// What is wrong with the values; `Conflict` for moves that the lifecycle does not have and taken unique values.
pub async fn create(
    app: &App,
    ctx: &Ctx,
    object: &str,
    item: BatchItem,
) -> Result<RecordView, ServiceError> {
    let mut write = Write::new(Target::New, Action::Set(item.properties));
    (write.valid_from, write.source) = (item.valid_from, item.source);
    write_one(app, ctx, object, write).await
}

/// Changes a record.
///
/// # Errors
/// As [`create`]; `NotFound`, `Stale`; `Conflict` for archived records and times before the last change.
pub async fn update(
    app: &App,
    ctx: &Ctx,
    object: &str,
    id: RecordId,
    item: BatchItem,
) -> Result<RecordView, ServiceError> {
    let mut write = Write::new(Target::Id(id), Action::Set(item.properties));
    (write.valid_from, write.source, write.expected_versions) =
        (item.valid_from, item.source, item.expected_versions);
    write_one(app, ctx, object, write).await
}

/// Archives a record; archiving an archived one changes nothing.
///
/// # Errors
/// `NotFound`, `Stale`.
pub async fn archive(
    app: &App,
    ctx: &Ctx,
    object: &str,
    id: RecordId,
    expected_versions: Option<Vec<i64>>,
) -> Result<RecordView, ServiceError> {
    let write = Write {
        expected_versions,
        ..Write::new(Target::Id(id), Action::Archive(true))
    };
    write_one(app, ctx, object, write).await
}

/// Brings an archived record back.
///
/// # Errors
/// `NotFound`; `Conflict` if another record took its unique value.
pub async fn unarchive(
    app: &App,
    ctx: &Ctx,
    object: &str,
    id: RecordId,
) -> Result<RecordView, ServiceError> {
    write_one(
        app,
        ctx,
        object,
        Write::new(Target::Id(id), Action::Archive(false)),
    )
    .await
}

/// Sets properties to what they were at a moment, as a new change set.
///
/// # Errors
/// As [`update`]; `Invalid` for moments before the record's creation and to come.
pub async fn restore(
    app: &App,
    ctx: &Ctx,
    object: &str,
    id: RecordId,
    as_of: Timestamp,
    properties: Option<Vec<String>>,
) -> Result<RecordView, ServiceError> {
    Moment {
        as_of: Some(as_of),
        recorded_as_of: None,
    }
    .check(ctx.now())?;
    write_one(
        app,
        ctx,
        object,
        Write::new(Target::Id(id), Action::Restore { as_of, properties }),
    )
    .await
}

/// States what was true of a property at other times. A statement is the value's JSON, from when, and until when.
///
/// # Errors
/// As [`update`].
pub async fn correct(
    app: &App,
    ctx: &Ctx,
    object: &str,
    id: RecordId,
    (property, set): (String, Vec<(Json, Timestamp, Option<Timestamp>)>),
    reason: Option<String>,
) -> Result<RecordView, ServiceError> {
    let (app_, ctx_, object) = (app.clone(), ctx.clone(), object.to_owned());
    unit_of_work::write(app, ctx, move |tx| {
        let (app, ctx, object, property, set, reason) = (
            app_.clone(),
            ctx_.clone(),
            object.clone(),
            property.clone(),
            set.clone(),
            reason.clone(),
        );
        Box::pin(async move {
            let schema = app.schemas.hold(tx, ctx.workspace).await?;
            let object = find_object(&schema, &object)?;
            let action = correction(object, &property, &set)?;
            let write = Write {
                reason,
                ..Write::new(Target::Id(id), action)
            };
            let applied =
                one(apply(tx, &ctx, &schema, object, std::slice::from_ref(&write)).await?)?;
            Ok(view(object, &applied.record, None))
        })
    })
    .await
}

/// A record's change sets, newest first, and the version to go on below if there are more.
///
/// # Errors
/// `NotFound`; `Invalid` for an unknown property.
pub async fn history(
    app: &App,
    ctx: &Ctx,
    object: &str,
    id: RecordId,
    property: Option<String>,
    (below, limit): (Option<i64>, usize),
    moment: Moment,
) -> Result<(Vec<ChangeSetView>, Option<i64>), ServiceError> {
    moment.check(ctx.now())?;
    let (app_, ctx, object) = (app.clone(), ctx.clone(), object.to_owned());
    app.db
        .snapshot(move |tx| {
            let (app, ctx, object, property) =
                (app_.clone(), ctx.clone(), object.clone(), property.clone());
            Box::pin(async move {
                ctx.require(Permission::ReadRecords)?;
                let schema = app.schemas.get(tx, ctx.workspace).await?;
                let object = find_object(&schema, &object)?;
                check_names(object, "property", property.as_slice())?;
                let record = find(tx, &ctx, object, id).await?;
                if moment.as_of.is_some_and(|at| at < record.created_at) {
                    return Err(ServiceError::NotFound);
                }
                let mut shown = Vec::new();
                let mut below = below;
                loop {
                    let page = change_sets::list(
                        tx,
                        ctx.workspace,
                        id,
                        Page {
                            property: property.as_deref(),
                            below_version: below,
                            limit: limit as i64 + 1,
                        },
                    )
                    .await?;
                    let is_last = page.len() <= limit;
                    below = page.last().map(|set| set.version);
                    let is_known = |set: &leadline_engine::ledger::ChangeSet| {
                        moment.recorded_as_of.is_none_or(|at| set.recorded_at <= at)
                    };
                    let view = |set| {
                        let view = change_set_view(&object.name, set);
                        match moment.as_of {
                            Some(at) => view.seen_at(at),
                            None => Some(view),
                        }
                    };
                    shown.extend(page.into_iter().filter(is_known).filter_map(view));
                    if is_last || shown.len() > limit {
                        break;
                    }
                }
                let next = (shown.len() > limit).then(|| shown[limit - 1].version);
                shown.truncate(limit);
                Ok((shown, next))
            })
        })
        .await
}

/// The properties of a record that differ between two moments.
///
/// # Errors
/// `NotFound` if it did not exist at one of them.
pub async fn diff(
    app: &App,
    ctx: &Ctx,
    object: &str,
    id: RecordId,
    (from, to): (Timestamp, Timestamp),
    recorded_as_of: Option<Timestamp>,
) -> Result<DiffView, ServiceError> {
    let moment = Moment {
        as_of: Some(from.max(to)),
        recorded_as_of,
    };
    moment.check(ctx.now())?;
    let (app_, ctx, object) = (app.clone(), ctx.clone(), object.to_owned());
    app.db
        .snapshot(move |tx| {
            let (app, ctx, object) = (app_.clone(), ctx.clone(), object.clone());
            Box::pin(async move {
                ctx.require(Permission::ReadRecords)?;
                let schema = app.schemas.get(tx, ctx.workspace).await?;
                let object = find_object(&schema, &object)?;
                let record = find(tx, &ctx, object, id).await?;
                let record = believed(tx, &ctx, object, &record, &moment).await?;
                if from.min(to) < record.created_at {
                    return Err(ServiceError::NotFound);
                }
                let properties: Vec<&Arc<Property>> = object.properties.iter().collect();
                let entries = entries_of(tx, &ctx, object, &record, &properties, &moment).await?;
                let held = |name: &str, at| {
                    optional_json(
                        spans::entry_at(&entries[name], at).and_then(|entry| entry.value.as_ref()),
                    )
                };
                let change = |property: &&Arc<Property>| {
                    let (from, to) = (held(&property.name, from), held(&property.name, to));
                    (from != to).then(|| ChangeView {
                        property: property.name.clone(),
                        from,
                        to,
                        valid_from: None,
                        valid_to: None,
                    })
                };
                Ok(DiffView {
                    from,
                    to,
                    recorded_as_of,
                    changes: properties.iter().filter_map(change).collect(),
                })
            })
        })
        .await
}

/// What is wrong with inputs, each by itself: what [`batch_write`] would refuse of their values. Nothing is written.
///
/// # Errors
/// `NotFound` for the object.
pub async fn look(
    app: &App,
    ctx: &Ctx,
    object: &str,
    batch: Batch,
) -> Result<Vec<Vec<FieldError>>, ServiceError> {
    check_size(batch.inputs.len())?;
    let (app_, ctx, object, batch) = (app.clone(), ctx.clone(), object.to_owned(), Arc::new(batch));
    app.db
        .read(move |tx| {
            let (app, ctx, object, batch) =
                (app_.clone(), ctx.clone(), object.clone(), batch.clone());
            Box::pin(async move {
                ctx.require(Permission::WriteRecords)?;
                let schema = app.schemas.get(tx, ctx.workspace).await?;
                let object = find_object(&schema, &object)?;
                let mut found = vec![Vec::new(); batch.inputs.len()];
                let mut writes = Vec::new();
                let mut indexes = Vec::new();
                for (index, input) in batch.inputs.iter().enumerate() {
                    match batch_write_of(object, &batch, input) {
                        Ok(write) => {
                            writes.push(write);
                            indexes.push(index);
                        }
                        Err(error) => found[index].extend(error.into_field_errors()),
                    }
                }
                let looked = apply::look(tx, &ctx, &schema, object, &writes).await?;
                for (index, result) in indexes.into_iter().zip(looked) {
                    if let Err(error) = result {
                        found[index].extend(error.into_field_errors());
                    }
                }
                Ok(found)
            })
        })
        .await
}

/// Writes many records; each input is accepted or refused by itself.
///
/// # Errors
/// If the batch as a whole is malformed or not allowed.
pub async fn batch_write(
    app: &App,
    ctx: &Ctx,
    object: &str,
    batch: Batch,
) -> Result<BatchView, ServiceError> {
    check_size(batch.inputs.len())?;
    let (app_, ctx_, object, batch) =
        (app.clone(), ctx.clone(), object.to_owned(), Arc::new(batch));
    unit_of_work::write(app, ctx, move |tx| {
        let (app, ctx, object, batch) = (app_.clone(), ctx_.clone(), object.clone(), batch.clone());
        Box::pin(async move {
            let mut schema = app.schemas.hold(tx, ctx.workspace).await?;
            if let (BatchKind::Upsert, Some(name)) = (batch.kind, batch.id_property.as_deref()) {
                ctx.require(Permission::WriteRecords)?;
                schema = record_keys::make_key(tx, &ctx, schema, &object, name).await?;
            }
            let object = find_object(&schema, &object)?;
            let mut errors: HashMap<usize, ServiceError> = HashMap::new();
            let mut writes = Vec::new();
            let mut indexes = Vec::new();
            for (index, input) in batch.inputs.iter().enumerate() {
                match batch_write_of(object, &batch, input) {
                    Ok(write) => {
                        writes.push(write);
                        indexes.push(index);
                    }
                    Err(error) => {
                        errors.insert(index, error);
                    }
                }
            }
            let mut results = Vec::with_capacity(writes.len());
            for (index, result) in indexes
                .into_iter()
                .zip(apply(tx, &ctx, &schema, object, &writes).await?)
            {
                match result {
                    Ok(applied) => results.push(view(object, &applied.record, None)),
                    Err(error) => {
                        errors.insert(index, error);
                    }
                }
            }
            let mut errors: Vec<BatchError> = errors
                .into_iter()
                .map(|(index, error)| Problem::from(error).into_batch_error(index))
                .collect();
            errors.sort_by_key(|error| error.index);
            Ok(BatchView {
                results,
                errors,
                ..BatchView::default()
            })
        })
    })
    .await
}

/// Reads many records, by id or by the value of a key.
///
/// # Errors
/// If the batch as a whole is malformed or not allowed.
pub async fn batch_read(
    app: &App,
    ctx: &Ctx,
    object: &str,
    batch: Batch,
    selection: Selection,
) -> Result<BatchView, ServiceError> {
    check_size(batch.inputs.len())?;
    selection.moment.check(ctx.now())?;
    let (app_, ctx, object, batch) = (app.clone(), ctx.clone(), object.to_owned(), Arc::new(batch));
    app.db
        .snapshot(move |tx| {
            let (app, ctx, object, batch, selection) = (
                app_.clone(),
                ctx.clone(),
                object.clone(),
                batch.clone(),
                selection.clone(),
            );
            Box::pin(async move {
                ctx.require(Permission::ReadRecords)?;
                let schema = app.schemas.get(tx, ctx.workspace).await?;
                let object = find_object(&schema, &object)?;
                check_names(
                    object,
                    "properties",
                    selection.properties.as_deref().unwrap_or_default(),
                )?;
                check_names(object, "propertiesWithHistory", &selection.with_history)?;
                let (names, moment) = (selection.properties.as_deref(), &selection.moment);
                let names = shown_names(tx, &ctx, object, names, moment).await?;
                let ids = ids_of_inputs(tx, &ctx, object, &batch).await?;
                let wanted: Vec<RecordId> = ids.iter().flatten().copied().collect();
                let found: HashMap<RecordId, _> =
                    records::get_many(tx, ctx.workspace, object, &wanted)
                        .await?
                        .into_iter()
                        .map(|record| (record.id, record))
                        .collect();
                let mut shown = BatchView {
                    as_of: moment.as_of,
                    recorded_as_of: moment.recorded_as_of,
                    ..BatchView::default()
                };
                for (index, id) in ids.into_iter().enumerate() {
                    let record = id
                        .and_then(|id| found.get(&id))
                        .ok_or(ServiceError::NotFound);
                    let result = match record {
                        Ok(record) => {
                            read(
                                tx,
                                &ctx,
                                object,
                                record,
                                (Some(&names), &selection.with_history),
                                moment,
                            )
                            .await
                        }
                        Err(error) => Err(error),
                    };
                    match result {
                        Ok(record) => shown.results.push(record),
                        Err(ServiceError::NotFound) => shown
                            .errors
                            .push(Problem::from(ServiceError::NotFound).into_batch_error(index)),
                        Err(error) => return Err(error),
                    }
                }
                Ok(shown)
            })
        })
        .await
}

async fn write_one(
    app: &App,
    ctx: &Ctx,
    object: &str,
    write: Write,
) -> Result<RecordView, ServiceError> {
    let (app_, ctx_, object) = (app.clone(), ctx.clone(), object.to_owned());
    unit_of_work::write(app, ctx, move |tx| {
        let (app, ctx, object, write) = (app_.clone(), ctx_.clone(), object.clone(), write.clone());
        Box::pin(async move {
            let schema: Arc<Schema> = app.schemas.hold(tx, ctx.workspace).await?;
            let object = find_object(&schema, &object)?;
            if let Action::Restore {
                properties: Some(names),
                ..
            } = &write.action
            {
                check_names(object, "properties", names)?;
            }
            let applied =
                one(apply(tx, &ctx, &schema, object, std::slice::from_ref(&write)).await?)?;
            Ok(view(object, &applied.record, None))
        })
    })
    .await
}

fn one(mut results: Vec<Result<Applied, ServiceError>>) -> Result<Applied, ServiceError> {
    results
        .pop()
        .unwrap_or_else(|| Err(ServiceError::Internal("a write without a result".into())))
}

fn correction(
    object: &Object,
    name: &str,
    set: &[(Json, Timestamp, Option<Timestamp>)],
) -> Result<Action, ServiceError> {
    let property = object.property(name).ok_or_else(|| {
        ServiceError::invalid(
            "/property",
            "UNKNOWN_PROPERTY",
            "there is no property of this name",
        )
    })?;
    parse_property(object, name, &Json::Null).map_err(|error| {
        ServiceError::Invalid(vec![FieldError {
            pointer: "/property".into(),
            ..error
        }])
    })?;
    let mut statements = Vec::with_capacity(set.len());
    let mut errors = Vec::new();
    for (index, (value, valid_from, valid_to)) in set.iter().enumerate() {
        match parse_value(property, value) {
            Ok(value) => statements.push(Statement {
                value,
                valid_from: *valid_from,
                valid_to: *valid_to,
                origin: None,
            }),
            Err(invalid) => errors.push(FieldError::new(
                format!("/set/{index}/value"),
                invalid.code,
                invalid.message,
            )),
        }
    }
    if set.is_empty() || set.len() > MAX_BATCH {
        errors.push(FieldError::new(
            "/set",
            "INVALID_LENGTH",
            format!("must hold 1 to {MAX_BATCH} statements"),
        ));
    }
    if errors.is_empty() {
        errors.extend(spans::overlapping(&statements).into_iter().map(|place| {
            FieldError::new(
                format!("/set/{place}"),
                "OVERLAPPING_INTERVALS",
                "begins before another one has ended, or ends after it has begun",
            )
        }));
    }
    ServiceError::if_any(errors)?;
    // One without an end lasts until the next one begins, so that one must be there first.
    let begins_last = statements
        .iter()
        .map(|statement| statement.valid_from)
        .max();
    let is_unended = |statement: &Statement| {
        statement.valid_to.is_none() && Some(statement.valid_from) < begins_last
    };
    if statements.iter().any(is_unended) {
        statements.sort_by_key(|statement| Reverse(statement.valid_from));
    }
    Ok(Action::Correct {
        property: Arc::clone(property),
        statements,
    })
}

fn batch_write_of(
    object: &Object,
    batch: &Batch,
    input: &BatchItem,
) -> Result<Write, ServiceError> {
    let by_id = || {
        input
            .id
            .map(Target::Id)
            .ok_or_else(|| ServiceError::invalid("/id", "REQUIRED", "is required"))
    };
    let (target, action) = match batch.kind {
        BatchKind::Create => (Target::New, Action::Set(input.properties.clone())),
        BatchKind::Update => (by_id()?, Action::Set(input.properties.clone())),
        BatchKind::Archive => (by_id()?, Action::Archive(true)),
        BatchKind::Unarchive => (by_id()?, Action::Archive(false)),
        BatchKind::Upsert => {
            let mut properties = input.properties.clone();
            let target = match (&batch.id_property, input.id) {
                (Some(name), None) => {
                    if let Some(key) = &input.key {
                        properties
                            .entry(name.clone())
                            .or_insert_with(|| key.clone());
                    }
                    key_target(object, name, properties.get(name))?
                }
                (None, Some(id)) => Target::Id(id),
                _ => {
                    return Err(ServiceError::invalid(
                        "/id",
                        "REQUIRED",
                        "an upsert goes by idProperty, or by the id of each input",
                    ));
                }
            };
            (target, Action::Set(properties))
        }
    };
    let mut write = Write::new(target, action);
    (write.valid_from, write.source, write.expected_versions) = (
        input.valid_from,
        input.source,
        input.expected_versions.clone(),
    );
    Ok(write)
}

fn key_target(object: &Object, name: &str, json: Option<&Json>) -> Result<Target, ServiceError> {
    let property = object.property(name).ok_or(ServiceError::NotFound)?;
    let value = parse_value(property, json.unwrap_or(&Json::Null)).map_err(|invalid| {
        ServiceError::invalid(format!("/properties/{name}"), invalid.code, invalid.message)
    })?;
    let value = value.ok_or_else(|| {
        ServiceError::invalid(
            format!("/properties/{name}"),
            "REQUIRED",
            "is the key and must not be empty",
        )
    })?;
    Ok(Target::Key {
        property: Arc::clone(property),
        value,
    })
}

async fn ids_of_inputs(
    tx: &mut Tx,
    ctx: &Ctx,
    object: &Object,
    batch: &Batch,
) -> Result<Vec<Option<RecordId>>, ServiceError> {
    let Some(name) = &batch.id_property else {
        return Ok(batch.inputs.iter().map(|input| input.id).collect());
    };
    let property = object
        .property(name)
        .filter(|property| property.is_indexed());
    let property = property.ok_or_else(|| {
        ServiceError::invalid(
            "/idProperty",
            "NOT_A_KEY",
            "is no property that serves as a key",
        )
    })?;
    let keys: Vec<Option<String>> = batch
        .inputs
        .iter()
        .map(|input| {
            parse_value(property, input.key.as_ref().unwrap_or(&Json::Null))
                .ok()
                .flatten()
                .and_then(|value| value.key(property.kind))
        })
        .collect();
    let found = keys::find(
        tx,
        ctx.workspace,
        property.id,
        keys.iter().flatten().cloned().collect(),
    )
    .await?;
    let mut holders: HashMap<String, RecordId> = HashMap::new();
    for (value, record) in found {
        holders.entry(value).or_insert(record);
    }
    Ok(keys
        .into_iter()
        .map(|key| key.and_then(|key| holders.get(&key).copied()))
        .collect())
}

fn check_size(count: usize) -> Result<(), ServiceError> {
    if count <= MAX_BATCH {
        Ok(())
    } else {
        Err(ServiceError::invalid(
            "/inputs",
            "TOO_MANY_INPUTS",
            format!("must hold at most {MAX_BATCH} inputs"),
        ))
    }
}
