//! Reading one record: now, as of a moment, and as it was known.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::Arc,
};

use leadline_engine::{
    error::FieldError,
    ids::{PropertyId, RecordId},
    ledger::{Entry, Record, Span},
    schema::{Object, Property, Schema},
    spans,
    time::Timestamp,
};
use leadline_store::{
    db::Tx,
    ledger::{change_sets, records, spans as span_rows},
};

use super::{
    use_cases::Selection,
    view::{RecordView, span_views, view, view_at},
};
use crate::service::{ctx::Ctx, definition_log, error::ServiceError};

/// Which moment is asked for, and as it was known when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Moment {
    /// In valid time; now if `None`.
    pub as_of: Option<Timestamp>,
    /// In recorded time; now if `None`.
    pub recorded_as_of: Option<Timestamp>,
}

impl Moment {
    /// Refuses moments to come.
    ///
    /// # Errors
    /// `TIME_IN_FUTURE`.
    pub fn check(&self, now: Timestamp) -> Result<(), ServiceError> {
        ServiceError::if_any(self.errors(now).collect())
    }

    /// What was asked for, by the names that the API gives it.
    pub fn named(&self) -> impl Iterator<Item = (&'static str, Timestamp)> + use<> {
        let times = [("asOf", self.as_of), ("recordedAsOf", self.recorded_as_of)];
        times
            .into_iter()
            .filter_map(|(name, time)| Some((name, time?)))
    }

    /// What is wrong with the moment.
    pub fn errors(&self, now: Timestamp) -> impl Iterator<Item = FieldError> + use<> {
        let late = self.named().filter(move |(_, time)| *time > now);
        late.map(|(name, _)| {
            FieldError::new(
                format!("/{name}"),
                "TIME_IN_FUTURE",
                "must not lie in the future",
            )
        })
    }

    /// The time to look at.
    pub fn time(&self, now: Timestamp) -> Timestamp {
        self.as_of.or(self.recorded_as_of).unwrap_or(now)
    }

    /// The moment at which to look at timelines. What was known at a recorded time is looked at as of then, if nothing else is asked for.
    #[must_use]
    pub fn at(&self, now: Timestamp) -> leadline_timeline::Moment {
        let time = self.time(now);
        if self.is_now() {
            leadline_timeline::Moment::now(time)
        } else {
            leadline_timeline::Moment::as_of(time)
        }
    }

    pub(super) fn is_now(&self) -> bool {
        self.as_of.is_none() && self.recorded_as_of.is_none()
    }
}

/// The object of this name.
///
/// # Errors
/// `NotFound`, also for an archived one.
pub fn find_object<'s>(schema: &'s Schema, name: &str) -> Result<&'s Arc<Object>, ServiceError> {
    schema
        .object(name)
        .filter(|object| !object.archived)
        .ok_or(ServiceError::NotFound)
}

/// Refuses names that are no properties of the object.
///
/// # Errors
/// `UNKNOWN_PROPERTY` for each, at the parameter.
pub fn check_names(object: &Object, parameter: &str, names: &[String]) -> Result<(), ServiceError> {
    let unknown = names.iter().filter(|name| object.property(name).is_none());
    let error = |name| {
        FieldError::new(
            format!("/{parameter}"),
            "UNKNOWN_PROPERTY",
            format!(
                "{} have no property {name:?}",
                object.definition.plural_label
            ),
        )
    };
    ServiceError::if_any(unknown.map(error).collect())
}

/// A record with the values and spans asked for.
///
/// # Errors
/// `NotFound` if it does not exist, or did not at that moment.
pub(super) async fn read(
    tx: &mut Tx,
    ctx: &Ctx,
    object: &Object,
    record: &Record,
    (names, with_history): (Option<&[String]>, &[String]),
    moment: &Moment,
) -> Result<RecordView, ServiceError> {
    if moment.is_now() && with_history.is_empty() {
        return Ok(view(object, record, names));
    }
    let all: Vec<&Arc<Property>> = object.properties.iter().collect();
    let wanted: Vec<&Arc<Property>> = if moment.is_now() {
        all.into_iter()
            .filter(|property| with_history.contains(&property.name))
            .collect()
    } else {
        all
    };
    let entries = entries_of(tx, ctx, object, record, &wanted, moment).await?;
    let names = shown_names(tx, ctx, object, names, moment).await?;
    let names = Some(names.as_slice());
    let until = moment
        .as_of
        .or(moment.recorded_as_of)
        .unwrap_or_else(|| ctx.now());
    let versions: HashSet<i64> = entries
        .values()
        .flatten()
        .map(|entry| entry.began_version)
        .collect();
    let stamps =
        change_sets::stamps(tx, ctx.workspace, record.id, versions.into_iter().collect()).await?;
    let mut shown = match moment.is_now() {
        true => view(object, record, names),
        false => {
            let believed = believed(tx, ctx, object, record, moment).await?;
            let ids = [record.id];
            let last = last_versions(tx, ctx, &ids, moment).await?;
            let last = last.get(&record.id).copied();
            let last = last.unwrap_or((1, record.recorded_at));
            view_at(object, &believed, &entries, last, moment, names)
                .ok_or(ServiceError::NotFound)?
        }
    };
    if !with_history.is_empty() {
        let spans = |name: &String| {
            let entries = entries.get(name).map(Vec::as_slice).unwrap_or_default();
            (
                name.clone(),
                span_views(entries, &stamps, until, moment.as_of.is_some()),
            )
        };
        shown.properties_with_history =
            Some(with_history.iter().map(spans).collect::<BTreeMap<_, _>>());
    }
    Ok(shown)
}

/// The names asked for, or of the properties that are shown when none are.
pub(super) async fn shown_names(
    tx: &mut Tx,
    ctx: &Ctx,
    object: &Object,
    names: Option<&[String]>,
    moment: &Moment,
) -> Result<Vec<String>, ServiceError> {
    if let Some(names) = names {
        return Ok(names.to_vec());
    }
    let shown = in_use(tx, ctx, object, moment).await?;
    let name = |property: Arc<Property>| property.name.clone();
    Ok(shown.into_iter().map(name).collect())
}

/// The properties that are shown when none are asked for: those in use, and those that were at the moment and have been archived since.
///
/// # Errors
/// Those of the database.
pub async fn in_use(
    tx: &mut Tx,
    ctx: &Ctx,
    object: &Object,
    moment: &Moment,
) -> Result<Vec<Arc<Property>>, ServiceError> {
    let is_in_use = |property: &&Arc<Property>| property.is_settable();
    let is_archived = |property: &&Arc<Property>| property.archived && !property.is_system;
    let times = [moment.as_of, moment.recorded_as_of];
    let Some(time) = times.into_iter().flatten().min() else {
        return Ok(object
            .properties
            .iter()
            .filter(is_in_use)
            .cloned()
            .collect());
    };
    let gone = match object
        .properties
        .iter()
        .any(|property| is_archived(&property))
    {
        true => definition_log::archived_at(tx, ctx.workspace, object.id, time).await?,
        false => HashSet::new(),
    };
    let was_in_use = |property: &&Arc<Property>| {
        is_in_use(property) || (is_archived(property) && !gone.contains(&property.id))
    };
    Ok(object
        .properties
        .iter()
        .filter(was_in_use)
        .cloned()
        .collect())
}

/// The last version of each record that is about the moment or an earlier time, and when it was recorded.
async fn last_versions(
    tx: &mut Tx,
    ctx: &Ctx,
    records: &[RecordId],
    moment: &Moment,
) -> Result<HashMap<RecordId, (i64, Timestamp)>, ServiceError> {
    let as_of = moment.as_of.unwrap_or(Timestamp::MAX);
    let known = moment.recorded_as_of.unwrap_or(Timestamp::MAX);
    Ok(change_sets::versions_as_of(tx, ctx.workspace, records, as_of, known).await?)
}

/// The entries of properties of a record, as they were known, by name.
///
/// # Errors
/// `NotFound` if nothing was known of the record then.
pub async fn entries_of(
    tx: &mut Tx,
    ctx: &Ctx,
    object: &Object,
    record: &Record,
    properties: &[&Arc<Property>],
    moment: &Moment,
) -> Result<HashMap<String, Vec<Entry>>, ServiceError> {
    let version = match moment.recorded_as_of {
        Some(time) => Some(
            change_sets::version_at(tx, ctx.workspace, record.id, time)
                .await?
                .ok_or(ServiceError::NotFound)?,
        ),
        None => None,
    };
    let ids: Vec<PropertyId> = properties.iter().map(|property| property.id).collect();
    let mut rows: HashMap<PropertyId, Vec<Span>> = HashMap::new();
    for span in span_rows::list(tx, ctx.workspace, object, record.id, &ids).await? {
        rows.entry(span.property_id).or_default().push(span);
    }
    let entries = |property: &&Arc<Property>| {
        let own = rows
            .get(&property.id)
            .map(Vec::as_slice)
            .unwrap_or_default();
        let open = record.open_entry(&property.name);
        let entries = match version {
            Some(version) => spans::entries_known_at(own, open, version),
            None => spans::known_entries(own, open),
        };
        (property.name.clone(), entries)
    };
    Ok(properties.iter().map(entries).collect())
}

/// The record with the beginning that it was known to have at the moment: corrections and imports may since have found an earlier one.
pub(super) async fn believed(
    tx: &mut Tx,
    ctx: &Ctx,
    object: &Object,
    record: &Record,
    moment: &Moment,
) -> Result<Record, ServiceError> {
    let mut believed = record.clone();
    let Some(time) = moment.recorded_as_of else {
        return Ok(believed);
    };
    let version = change_sets::version_at(tx, ctx.workspace, record.id, time)
        .await?
        .ok_or(ServiceError::NotFound)?;
    let first = change_sets::Page {
        property: None,
        below_version: Some(2),
        limit: 1,
    };
    let begun = change_sets::list(tx, ctx.workspace, record.id, first).await?;
    let all: Vec<PropertyId> = object
        .properties
        .iter()
        .map(|property| property.id)
        .collect();
    let rows = span_rows::list(tx, ctx.workspace, object, record.id, &all).await?;
    // Superseded rows count too: a record does not begin later because a value at its beginning proved wrong.
    let known = rows.iter().filter(|span| span.known_version <= version);
    let open = record
        .known_properties()
        .filter_map(|name| record.open_entry(name))
        .filter(|entry| entry.known_version <= version);
    let times = begun
        .iter()
        .map(|set| set.valid_from)
        .chain(known.map(|span| span.valid_from))
        .chain(open.map(|entry| entry.valid_from));
    believed.created_at = times.min().ok_or(ServiceError::NotFound)?;
    Ok(believed)
}

/// A record of the object.
///
/// # Errors
/// `NotFound`.
pub(super) async fn find(
    tx: &mut Tx,
    ctx: &Ctx,
    object: &Object,
    id: RecordId,
) -> Result<Record, ServiceError> {
    records::get(tx, ctx.workspace, object, id)
        .await?
        .ok_or(ServiceError::NotFound)
}

/// Many records with the values and spans asked for, in the order given. Those that did not exist at the moment are left out.
///
/// # Errors
/// `Invalid` for names that are no properties.
pub async fn view_many(
    tx: &mut Tx,
    ctx: &Ctx,
    object: &Object,
    records: &[Record],
    selection: &Selection,
) -> Result<Vec<RecordView>, ServiceError> {
    check_names(
        object,
        "properties",
        selection.properties.as_deref().unwrap_or_default(),
    )?;
    check_names(object, "propertiesWithHistory", &selection.with_history)?;
    let moment = &selection.moment;
    let names = shown_names(tx, ctx, object, selection.properties.as_deref(), moment).await?;
    let names = Some(names.as_slice());
    if selection.is_present() {
        return Ok(records
            .iter()
            .map(|record| view(object, record, names))
            .collect());
    }
    if moment.recorded_as_of.is_some() || !selection.with_history.is_empty() {
        let mut shown = Vec::with_capacity(records.len());
        for record in records {
            match read(
                tx,
                ctx,
                object,
                record,
                (names, &selection.with_history),
                moment,
            )
            .await
            {
                Ok(record) => shown.push(record),
                Err(ServiceError::NotFound) => {}
                Err(error) => return Err(error),
            }
        }
        return Ok(shown);
    }
    let ids: Vec<RecordId> = records.iter().map(|record| record.id).collect();
    let last = last_versions(tx, ctx, &ids, moment).await?;
    let properties: Vec<PropertyId> = object
        .properties
        .iter()
        .map(|property| property.id)
        .collect();
    let mut rows: HashMap<RecordId, Vec<Span>> = HashMap::new();
    for span in span_rows::list_many(tx, ctx.workspace, object, &ids, &properties).await? {
        rows.entry(span.record_id).or_default().push(span);
    }
    let mut shown = Vec::with_capacity(records.len());
    for record in records {
        let own = rows.remove(&record.id).unwrap_or_default();
        let entries = object.properties.iter().map(|property| {
            let spans: Vec<Span> = own
                .iter()
                .filter(|span| span.property_id == property.id)
                .cloned()
                .collect();
            (
                property.name.clone(),
                spans::known_entries(&spans, record.open_entry(&property.name)),
            )
        });
        let last = last.get(&record.id).copied();
        shown.extend(view_at(
            object,
            record,
            &entries.collect(),
            last.unwrap_or((1, record.recorded_at)),
            moment,
            names,
        ));
    }
    Ok(shown)
}
