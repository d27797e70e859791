//! The only way to change records: everything that writes them — one or a thousand at once — goes through [`apply`].

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::Arc,
};

use leadline_engine::{
    error::FieldError,
    ids::{JobId, PropertyId, RecordId},
    ledger::{Actor, ChangeSet, Record, Source, Span},
    lifecycle,
    schema::{Object, Property, Schema},
    spans::{self, Statement},
    time::Timestamp,
    validate::{Draft, validate_create, validate_update},
    value::Value,
    write::{self, HistoryRow, Refusal, Stamp, Written, key_changes},
};
use leadline_store::{
    db::Tx,
    ledger::{change_sets, record_keys, record_keys::Claim, records, spans as span_rows},
};
use serde_json::{Map, Value as Json};

use super::references;
use crate::service::{access::Permission, ctx::Ctx, error::ServiceError};

/// One write of one record.
#[derive(Debug, Clone)]
pub struct Write {
    /// Which record.
    pub target: Target,
    /// What to do with it.
    pub action: Action,
    /// From when it is true, if not from now.
    pub valid_from: Option<Timestamp>,
    /// The versions the caller knows; any other one is refused.
    pub expected_versions: Option<Vec<i64>>,
    /// Who, if not the caller.
    pub actor: Option<Actor>,
    /// How, if not as the caller's requests come.
    pub source: Option<Source>,
    /// Why.
    pub reason: Option<String>,
    /// The job that writes.
    pub job: Option<JobId>,
    /// Whether it makes a version of a known record even if no value differs, because links that belong to the record change with it.
    pub changes_links: bool,
}

/// Which record a write is about.
#[derive(Debug, Clone)]
pub enum Target {
    /// A new one.
    New,
    /// The one with this id.
    Id(RecordId),
    /// The one that holds this value, or a new one.
    Key {
        /// The property that is the key.
        property: Arc<Property>,
        /// Its value.
        value: Value,
    },
}

/// What a write does.
#[derive(Debug, Clone)]
pub enum Action {
    /// Sets properties, as they came from outside; `null` clears.
    Set(Map<String, Json>),
    /// Archives (or brings back).
    Archive(bool),
    /// States what was true of a property at other times.
    Correct {
        /// The property.
        property: Arc<Property>,
        /// What was true.
        statements: Vec<Statement>,
    },
    /// Takes back what the job has stated of a property.
    TakeBack {
        /// The property.
        property: Arc<Property>,
        /// All change sets of the record, in order of version.
        change_sets: Arc<Vec<ChangeSet>>,
        /// Jobs that were taken back before.
        undone: Arc<[JobId]>,
    },
    /// Sets properties to what they were.
    Restore {
        /// When.
        as_of: Timestamp,
        /// Which; all that can be set if `None`.
        properties: Option<Vec<String>>,
    },
    /// States a whole history with times of its own; lifecycles do not bind it.
    History {
        /// The values, in the order of the file.
        rows: Vec<HistoryRow>,
        /// Values that a record gets only if the history begins it.
        if_new: Vec<(String, Value)>,
    },
}

/// What a write did.
#[derive(Debug, Clone)]
pub struct Applied {
    /// The record afterwards.
    pub record: Record,
    /// Whether the write made it.
    pub is_new: bool,
    /// How many change sets it made; 0 if nothing was different.
    pub changes: usize,
}

impl Write {
    /// A write with nothing special about it.
    #[must_use]
    pub fn new(target: Target, action: Action) -> Self {
        Self {
            target,
            action,
            valid_from: None,
            expected_versions: None,
            actor: None,
            source: None,
            reason: None,
            job: None,
            changes_links: false,
        }
    }
}

/// Applies writes to records of one object, in order, within a unit of work. A refused write changes nothing, and does not hinder the others.
///
/// The unit of work holds the schema, by `SchemaCache::hold` or by having locked it: else the definitions could change before it is committed.
///
/// # Errors
/// If the caller may not write at all, or the database fails. What is wrong with one write is in its own result.
pub async fn apply(
    tx: &mut Tx,
    ctx: &Ctx,
    schema: &Schema,
    object: &Object,
    writes: &[Write],
) -> Result<Vec<Result<Applied, ServiceError>>, ServiceError> {
    // 1. Authorise.
    ctx.require(Permission::WriteRecords)?;
    if writes.iter().any(|write| {
        matches!(
            write.action,
            Action::Correct { .. } | Action::TakeBack { .. } | Action::History { .. }
        )
    }) {
        ctx.require(Permission::RewriteHistory)?;
    }
    // 2. Find the records, and lock them in order of id.
    let targets = resolve(tx, ctx, object, writes).await?;
    let ids: Vec<RecordId> = targets
        .iter()
        .filter_map(|target| target.as_ref().ok())
        .map(|target| target.id)
        .collect();
    let stored: HashMap<RecordId, Record> = records::lock_many(tx, ctx.workspace, object, &ids)
        .await?
        .into_iter()
        .map(|record| (record.id, record))
        .collect();
    // 3. Load the history that corrections, restores and imports need.
    let history = load_history(tx, ctx, object, writes, &targets).await?;
    // 4. Check that users and records that are linked exist.
    let unknown = references::unknown(tx, ctx, schema, object, writes).await?;

    let mut refused: HashMap<usize, ServiceError> = HashMap::new();
    loop {
        // 5. Decide each write: validate, check the lifecycle, compare, close spans, make change sets. Pure.
        let mut work = Work {
            stored: &stored,
            present: BTreeMap::new(),
            history: history.clone(),
            saved: Written::default(),
            superseded: Vec::new(),
        };
        let mut results = Vec::with_capacity(writes.len());
        let mut last_write = HashMap::new();
        for (index, (write, target)) in writes.iter().zip(&targets).enumerate() {
            let result = match (refused.get(&index), target) {
                (Some(error), _) => Err(error.clone()),
                (None, Err(error)) => Err(error.clone()),
                (None, Ok(found)) => decide(ctx, object, write, found, &unknown, &mut work),
            };
            if let Ok(applied) = &result
                && applied.changes > 0
            {
                last_write.insert(applied.record.id, index);
            }
            results.push(result);
        }
        // 6. Insert new records, and claim keys of indexed properties; a write whose unique key is taken is refused, and the rest decided again without it.
        let conflicts = claim_keys(tx, ctx, object, &stored, &work.present).await?;
        if !conflicts.is_empty() {
            for claim in conflicts {
                if let Some(index) = last_write.get(&claim.record) {
                    refused.insert(*index, unique_conflict(object, claim.property));
                }
            }
            continue;
        }
        // 7. Save the rest: records, spans, change sets.
        save(tx, ctx, &stored, work).await?;
        return Ok(results);
    }
}

/// What is wrong with the values of writes of one object, as far as that can be told without writing: what [`apply`] would refuse of each.
///
/// # Errors
/// If the database fails.
pub(super) async fn look(
    tx: &mut Tx,
    ctx: &Ctx,
    schema: &Schema,
    object: &Object,
    writes: &[Write],
) -> Result<Vec<Result<(), ServiceError>>, ServiceError> {
    let unknown = references::unknown(tx, ctx, schema, object, writes).await?;
    let look = |write: &Write| match (&write.action, &write.target) {
        (Action::Set(input), Target::New) => fitting(
            object,
            write,
            &unknown,
            validate_create(object, input),
            ctx.now(),
        )
        .map(drop),
        (Action::Set(input), Target::Id(_) | Target::Key { .. }) => fitting(
            object,
            write,
            &unknown,
            validate_update(object, input),
            ctx.now(),
        )
        .map(drop),
        _ => Ok(()),
    };
    Ok(writes.iter().map(look).collect())
}

/// A record that a write is about.
struct Found {
    id: RecordId,
    /// Whether it may be made if it does not exist.
    may_begin: bool,
}

/// What the writes have come to so far.
struct Work<'a> {
    stored: &'a HashMap<RecordId, Record>,
    present: BTreeMap<RecordId, Record>,
    history: HashMap<RecordId, Vec<Span>>,
    saved: Written,
    superseded: Vec<(Span, i64)>,
}

impl Work<'_> {
    fn record(&self, id: RecordId) -> Option<&Record> {
        self.present.get(&id).or_else(|| self.stored.get(&id))
    }

    /// Takes over what a write did.
    fn keep(&mut self, record: Record, written: Written) {
        let version = record.version;
        if let Some(history) = self.history.get_mut(&record.id) {
            for span in history
                .iter_mut()
                .filter(|span| written.superseded.contains(span))
            {
                span.superseded_version = Some(version);
            }
            history.extend(written.spans.iter().cloned());
        }
        // A row that this unit of work appended and now supersedes is not stored yet: it is marked where it waits.
        for span in written.superseded {
            match self.saved.spans.iter_mut().find(|saved| **saved == span) {
                Some(saved) => saved.superseded_version = Some(version),
                None => self.superseded.push((span, version)),
            }
        }
        self.saved.change_sets.extend(written.change_sets);
        self.saved.spans.extend(written.spans);
        self.present.insert(record.id, record);
    }
}

async fn resolve(
    tx: &mut Tx,
    ctx: &Ctx,
    object: &Object,
    writes: &[Write],
) -> Result<Vec<Result<Found, ServiceError>>, ServiceError> {
    let mut wanted: BTreeMap<PropertyId, Vec<String>> = BTreeMap::new();
    for write in writes {
        if let Target::Key { property, value } = &write.target {
            wanted
                .entry(property.id)
                .or_default()
                .extend(value.key(property.kind));
        }
    }
    let mut holders: HashMap<(PropertyId, String), Vec<RecordId>> = HashMap::new();
    for (property, values) in wanted {
        record_keys::lock(tx, ctx.workspace, property, &values).await?;
        for (value, record) in record_keys::find(tx, ctx.workspace, property, values).await? {
            holders.entry((property, value)).or_default().push(record);
        }
    }
    let mut targets = Vec::with_capacity(writes.len());
    for write in writes {
        targets.push(match &write.target {
            Target::New => Ok(Found {
                id: RecordId::new(),
                may_begin: true,
            }),
            Target::Id(id) => Ok(Found {
                id: *id,
                may_begin: false,
            }),
            Target::Key { property, value } => {
                let key = (property.id, value.key(property.kind).unwrap_or_default());
                let found = holders.entry(key).or_insert_with(|| vec![RecordId::new()]);
                match found.as_slice() {
                    [id] => Ok(Found {
                        id: *id,
                        may_begin: true,
                    }),
                    _ => Err(ServiceError::conflict(
                        "KEY_AMBIGUOUS",
                        format!(
                            "several {} hold this {}",
                            object.definition.plural_label.to_lowercase(),
                            property.definition.label.to_lowercase()
                        ),
                    )),
                }
            }
        });
    }
    Ok(targets)
}

async fn load_history(
    tx: &mut Tx,
    ctx: &Ctx,
    object: &Object,
    writes: &[Write],
    targets: &[Result<Found, ServiceError>],
) -> Result<HashMap<RecordId, Vec<Span>>, ServiceError> {
    let mut ids = HashSet::new();
    let mut properties = HashSet::new();
    for (write, target) in writes.iter().zip(targets) {
        let Ok(found) = target else { continue };
        match &write.action {
            Action::Set(_) | Action::Archive(_) => continue,
            Action::Correct { property, .. } | Action::TakeBack { property, .. } => {
                properties.extend([property.id])
            }
            Action::Restore {
                properties: names, ..
            } => {
                let is_meant = |property: &&Arc<Property>| {
                    names
                        .as_ref()
                        .is_none_or(|names| names.contains(&property.name))
                };
                properties.extend(
                    object
                        .properties
                        .iter()
                        .filter(is_meant)
                        .map(|property| property.id),
                );
            }
            Action::History { rows, .. } => {
                let names = rows
                    .iter()
                    .flat_map(|row| &row.values)
                    .filter_map(|(name, _)| object.property(name));
                properties.extend(names.map(|property| property.id));
            }
        }
        ids.insert(found.id);
    }
    let mut history: HashMap<RecordId, Vec<Span>> =
        ids.iter().map(|id| (*id, Vec::new())).collect();
    let (ids, properties): (Vec<_>, Vec<_>) =
        (ids.into_iter().collect(), properties.into_iter().collect());
    for span in span_rows::list_many(tx, ctx.workspace, object, &ids, &properties).await? {
        history.entry(span.record_id).or_default().push(span);
    }
    Ok(history)
}

fn decide(
    ctx: &Ctx,
    object: &Object,
    write: &Write,
    found: &Found,
    unknown: &references::Unknown,
    work: &mut Work<'_>,
) -> Result<Applied, ServiceError> {
    let stamp = Stamp {
        now: ctx.now(),
        actor: write.actor.unwrap_or(ctx.actor),
        source: write.source.unwrap_or(ctx.source),
        reason: write.reason.clone(),
        job_id: write.job,
        valid_from: write.valid_from,
    };
    let known = work.record(found.id).cloned();
    if known.is_none() && !found.may_begin {
        return Err(ServiceError::NotFound);
    }
    if let (Some(expected), Some(record)) = (&write.expected_versions, &known)
        && !expected.contains(&record.version)
    {
        return Err(ServiceError::Stale);
    }
    let is_new = known.is_none();
    let history = work
        .history
        .get(&found.id)
        .map(Vec::as_slice)
        .unwrap_or_default();
    let (record, written) = match (&write.action, known) {
        (Action::Set(input), None) => {
            let draft = fitting(
                object,
                write,
                unknown,
                validate_create(object, input),
                ctx.now(),
            )?;
            let (record, written) =
                write::create(object, found.id, &draft, &stamp).map_err(refusal)?;
            (record, Some(written))
        }
        (Action::Set(input), Some(mut record)) => {
            let now = write::next_recorded_at(&record, ctx.now());
            let draft = fitting(object, write, unknown, validate_update(object, input), now)?;
            let mut written =
                write::update(object, &mut record, &draft, &stamp).map_err(refusal)?;
            if written.is_none() && write.changes_links {
                written = Some(write::touch(&mut record, &stamp));
            }
            (record, written)
        }
        (Action::Archive(archived), Some(mut record)) => {
            let written =
                write::set_archived(object, &mut record, *archived, &stamp).map_err(refusal)?;
            (record, written)
        }
        (
            Action::Correct {
                property,
                statements,
            },
            Some(mut record),
        ) => {
            unknown.check_statements(property, statements)?;
            let own = rows_of(property, history);
            let written = write::correct(object, &mut record, property, &own, statements, &stamp)
                .map_err(refusal)?;
            (record, written)
        }
        (
            Action::TakeBack {
                property,
                change_sets,
                undone,
            },
            Some(mut record),
        ) => {
            let own = rows_of(property, history);
            let past = (own.as_slice(), change_sets.as_slice());
            let written =
                write::take_back(&mut record, property, past, undone, &stamp).map_err(refusal)?;
            (record, written)
        }
        (Action::Restore { as_of, properties }, Some(mut record)) => {
            let draft = restored(object, &record, history, *as_of, properties.as_deref())?;
            let written = write::update(
                object,
                &mut record,
                &draft,
                &Stamp {
                    source: Source::Restore,
                    ..stamp
                },
            )
            .map_err(refusal)?;
            (record, written)
        }
        (Action::History { rows, if_new }, known) => {
            let mut rows = rows.clone();
            if known.is_none()
                && let Some(first) = rows.iter_mut().min_by_key(|row| row.time)
            {
                let absent = if_new
                    .iter()
                    .filter(|(name, _)| !first.values.iter().any(|(given, _)| given == name))
                    .collect::<Vec<_>>();
                first.values.extend(
                    absent
                        .into_iter()
                        .map(|(name, value)| (name.clone(), Some(value.clone()))),
                );
            }
            let before = known.clone();
            match write::write_history(object, found.id, known, history, rows, &stamp) {
                Some((record, written)) => (record, Some(written)),
                None => (before.ok_or(ServiceError::NotFound)?, None),
            }
        }
        (
            Action::Archive(_)
            | Action::Correct { .. }
            | Action::TakeBack { .. }
            | Action::Restore { .. },
            None,
        ) => return Err(ServiceError::NotFound),
    };
    let changes = written
        .as_ref()
        .map_or(0, |written| written.change_sets.len());
    if let Some(written) = written {
        work.keep(record.clone(), written);
    }
    Ok(Applied {
        record,
        is_new,
        changes,
    })
}

/// The values that a write sets; or everything that is wrong with them.
fn fitting(
    object: &Object,
    write: &Write,
    unknown: &references::Unknown,
    values: Result<Draft, Vec<FieldError>>,
    now: Timestamp,
) -> Result<Draft, ServiceError> {
    let mut errors = Vec::new();
    let draft = values.unwrap_or_else(|wrong| {
        errors.extend(wrong.into_iter().map(|error| error.under("/properties")));
        Draft::new()
    });
    errors.extend(unknown.errors(object, write));
    if write.valid_from.is_some_and(|time| time > now) {
        errors.push(in_future("validFrom"));
    }
    ServiceError::if_any(errors)?;
    Ok(draft)
}

fn rows_of(property: &Property, history: &[Span]) -> Vec<Span> {
    history
        .iter()
        .filter(|span| span.property_id == property.id)
        .cloned()
        .collect()
}

/// What the properties were at a moment, as a draft.
fn restored(
    object: &Object,
    record: &Record,
    history: &[Span],
    as_of: Timestamp,
    names: Option<&[String]>,
) -> Result<Draft, ServiceError> {
    if as_of < record.created_at {
        return Err(ServiceError::invalid(
            "/asOf",
            "AS_OF_BEFORE_CREATION",
            "the record did not exist then",
        ));
    }
    let is_meant = |property: &&Arc<Property>| {
        property.is_settable() && names.is_none_or(|names| names.contains(&property.name))
    };
    let mut draft = Draft::new();
    for property in object.properties.iter().filter(is_meant) {
        let own = rows_of(property, history);
        let entries = spans::known_entries(&own, record.open_entry(&property.name));
        draft.insert(
            property.name.clone(),
            spans::entry_at(&entries, as_of).and_then(|entry| entry.value.clone()),
        );
    }
    Ok(draft)
}

/// Inserts new records, claims and releases keys; if a unique one is taken, everything is put back and the conflicts are returned.
async fn claim_keys(
    tx: &mut Tx,
    ctx: &Ctx,
    object: &Object,
    stored: &HashMap<RecordId, Record>,
    present: &BTreeMap<RecordId, Record>,
) -> Result<Vec<Claim>, ServiceError> {
    let mut claims = Vec::new();
    let mut releases = Vec::new();
    for (id, record) in present {
        let changes = key_changes(object, stored.get(id), record);
        claims.extend(
            changes
                .claim
                .into_iter()
                .map(|(property, value, is_unique)| Claim {
                    property,
                    value,
                    record: *id,
                    is_unique,
                }),
        );
        releases.extend(
            changes
                .release
                .into_iter()
                .map(|(property, value)| (property, value, *id)),
        );
    }
    // Keys refer to rows, so new records get theirs first.
    let begun: Vec<&Record> = present
        .values()
        .filter(|record| !stored.contains_key(&record.id))
        .collect();
    records::insert_many(tx, ctx.workspace, &begun).await?;
    if claims.is_empty() && releases.is_empty() {
        return Ok(Vec::new());
    }
    record_keys::release(tx, ctx.workspace, &releases).await?;
    let conflicts = record_keys::claim(tx, ctx.workspace, &claims).await?;
    if conflicts.is_empty() {
        return Ok(conflicts);
    }
    let made: Vec<_> = claims
        .iter()
        .filter(|claim| !conflicts.contains(claim))
        .map(|claim| (claim.property, claim.value.clone(), claim.record))
        .collect();
    record_keys::release(tx, ctx.workspace, &made).await?;
    let is_unique = |id: PropertyId| {
        object
            .property_by_id(id)
            .is_some_and(|property| property.definition.unique)
    };
    let back: Vec<_> = releases
        .into_iter()
        .map(|(property, value, record)| Claim {
            property,
            value,
            record,
            is_unique: is_unique(property),
        })
        .collect();
    record_keys::claim(tx, ctx.workspace, &back).await?;
    let ids: Vec<RecordId> = begun.iter().map(|record| record.id).collect();
    records::withdraw_many(tx, ctx.workspace, &ids).await?;
    Ok(conflicts)
}

async fn save(
    tx: &mut Tx,
    ctx: &Ctx,
    stored: &HashMap<RecordId, Record>,
    work: Work<'_>,
) -> Result<(), ServiceError> {
    let Work {
        present,
        mut saved,
        superseded,
        ..
    } = work;
    let known: Vec<&Record> = present
        .values()
        .filter(|record| stored.contains_key(&record.id))
        .collect();
    // What is inserted may wait to travel with what is updated, so it comes first.
    span_rows::insert_many(tx, ctx.workspace, &saved.spans).await?;
    saved
        .change_sets
        .sort_by_key(|set: &ChangeSet| (set.recorded_at, set.id));
    change_sets::append_many(tx, ctx.workspace, &saved.change_sets).await?;
    span_rows::supersede_many(tx, ctx.workspace, &superseded).await?;
    records::update_many(tx, ctx.workspace, &known).await?;
    Ok(())
}

fn unique_conflict(object: &Object, property: PropertyId) -> ServiceError {
    let Some(property) = object.property_by_id(property) else {
        return ServiceError::conflict("UNIQUE_CONFLICT", "a unique value is taken");
    };
    let message = format!(
        "another record has this {}",
        property.definition.label.to_lowercase()
    );
    ServiceError::Conflict {
        code: "UNIQUE_CONFLICT".into(),
        detail: message.clone(),
        errors: vec![FieldError::new(
            format!("/properties/{}", property.name),
            "UNIQUE_CONFLICT",
            message,
        )],
    }
}

fn in_future(field: &str) -> FieldError {
    FieldError::new(
        format!("/{field}"),
        "TIME_IN_FUTURE",
        "must not lie in the future",
    )
}

fn refusal(refusal: Refusal) -> ServiceError {
    let detail = refusal.to_string();
    match refusal {
        Refusal::Archived => ServiceError::conflict("RECORD_ARCHIVED", detail),
        Refusal::InFuture { field } => ServiceError::Invalid(vec![in_future(field)]),
        Refusal::EmptyInterval => ServiceError::invalid("/set", "INVALID_INTERVAL", detail),
        Refusal::BeforeLastChange { property, .. } => ServiceError::Conflict {
            code: "VALID_FROM_BEFORE_LAST_CHANGE".into(),
            errors: vec![FieldError::new(
                format!("/properties/{property}"),
                "VALID_FROM_BEFORE_LAST_CHANGE",
                detail.clone(),
            )],
            detail,
        },
        Refusal::Required { property } => {
            ServiceError::invalid(format!("/properties/{property}"), "REQUIRED", detail)
        }
        Refusal::Damaged { .. } => ServiceError::Internal(detail),
        Refusal::Lifecycle(lifecycle::Refusal::TransitionNotAllowed {
            property, allowed, ..
        }) => {
            let allowed = if allowed.is_empty() {
                "nothing".to_owned()
            } else {
                allowed.join(", ")
            };
            ServiceError::Conflict {
                code: "TRANSITION_NOT_ALLOWED".into(),
                errors: vec![FieldError::new(
                    format!("/properties/{property}"),
                    "TRANSITION_NOT_ALLOWED",
                    format!("may move to {allowed}"),
                )],
                detail,
            }
        }
        Refusal::Lifecycle(lifecycle::Refusal::RequirementMissing { missing, stage, .. }) => {
            ServiceError::Invalid(
                missing
                    .iter()
                    .map(|name| {
                        FieldError::new(
                            format!("/properties/{name}"),
                            "STAGE_REQUIREMENT_MISSING",
                            format!("is required to enter {stage}"),
                        )
                    })
                    .collect(),
            )
        }
    }
}
