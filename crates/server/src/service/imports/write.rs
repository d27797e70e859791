//! Writes one batch, in one unit of work: schema, links, values, the write path, the refused rows, and how far the import is.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    sync::Arc,
};

use leadline_engine::{
    ids::JobId,
    ledger::{Actor, ActorKind, Source},
    schema::{Object, PropertyType, Schema},
    text::fold,
    value::Value,
    write::HistoryRow,
};
use leadline_store::{db::Tx, jobs::ImportError};
use serde_json::Map;

use super::{
    Fault,
    batches::{Group, GroupRow},
    cells::{CellReader, Members, property},
    layout::{CellSource, Layout, Needed},
    links,
    options::ImportKind,
    progress::Counts,
    schema_changes,
    times::Times,
    vendors,
};
use crate::service::{
    ctx::Ctx,
    error::ServiceError,
    records::{Action, Target, Write, apply, find_object},
};

/// All that stays the same from batch to batch.
pub(super) struct Plan {
    pub(super) ctx: Ctx,
    pub(super) job: JobId,
    pub(super) object: String,
    pub(super) layout: Arc<Layout>,
    pub(super) times: Arc<Times>,
    pub(super) members: Members,
    pub(super) decimal_comma: bool,
}

/// What a batch came to.
#[derive(Debug, Clone)]
pub(super) struct Written {
    pub(super) counts: Counts,
    pub(super) errors: Vec<ImportError>,
    /// The schema afterwards.
    pub(super) schema: Arc<Schema>,
}

/// A value in a row: of which property, and what stands there.
struct Given<'r> {
    property: &'r str,
    text: &'r str,
    /// The column, for the file of errors.
    column: Option<&'r str>,
    creates_options: bool,
    creates_records: bool,
}

/// What is written of a group, and of which rows it is made.
struct Draft<'g> {
    write: Write,
    rows: Vec<&'g GroupRow>,
    continues: bool,
}

/// Writes a batch.
pub(super) async fn write(
    tx: &mut Tx,
    plan: &Plan,
    schema: &Arc<Schema>,
    batch: &[Group],
) -> Result<Written, ServiceError> {
    let ctx = &plan.ctx;
    let layout = &*plan.layout;
    // 1. Make the properties that the import needs, and those that rows name.
    let mut schema = schema_changes::hold(tx, ctx, schema).await?;
    schema = schema_changes::add_properties(tx, ctx, schema, &plan.object, &layout.new_properties)
        .await?;
    if let Some(key) = &layout.key {
        schema = schema_changes::index_property(tx, ctx, schema, &plan.object, &key.property.name)
            .await?;
    }
    let named = named_properties(find_object(&schema, &plan.object)?, layout, batch);
    schema = schema_changes::add_properties(tx, ctx, schema, &plan.object, &named).await?;
    // 2. Make the options that rows name.
    let mut reader = CellReader::new(&plan.times, &plan.members, plan.decimal_comma);
    let object = Arc::clone(find_object(&schema, &plan.object)?);
    let wanted = unknown_options(&mut reader, &object, layout, batch);
    if !wanted.is_empty() {
        schema = schema_changes::add_options(tx, ctx, schema, &plan.object, &wanted).await?;
    }
    let object = Arc::clone(find_object(&schema, &plan.object)?);
    if !wanted.is_empty() {
        reader = CellReader::new(&plan.times, &plan.members, plan.decimal_comma);
        unknown_options(&mut reader, &object, layout, batch);
    }
    // 3. Find the records that links name, or make them.
    let (texts, creating) = link_texts(&object, layout, batch);
    schema = links::resolve(tx, plan, schema, &object, (&texts, &creating), &mut reader).await?;
    let object = Arc::clone(find_object(&schema, &plan.object)?);
    // 4. Read the rows.
    let mut outcome = Outcome {
        layout,
        counts: Counts::default(),
        errors: Vec::new(),
        ordinals: HashMap::new(),
        refused: HashSet::new(),
    };
    let mut drafts = Vec::with_capacity(batch.len());
    for group in batch {
        outcome.counts.rows_read += group.rows.len() as u64;
        drafts.extend(draft(plan, &object, &reader, group, &mut outcome));
    }
    // 5. Write them.
    let writes: Vec<Write> = drafts.iter().map(|draft| draft.write.clone()).collect();
    let results = apply(tx, ctx, &schema, &object, &writes).await?;
    for (draft, result) in drafts.iter().zip(results) {
        match result {
            Ok(_) if draft.continues => {}
            Ok(applied) if applied.is_new => outcome.counts.created += 1,
            Ok(applied) if applied.changes > 0 => outcome.counts.updated += 1,
            Ok(_) => outcome.counts.unchanged += 1,
            Err(
                error @ (ServiceError::Unavailable(_)
                | ServiceError::StorageFull
                | ServiceError::Internal(_)),
            ) => return Err(error),
            Err(error) => {
                for row in &draft.rows {
                    outcome.refuse_for(row, &error);
                }
            }
        }
    }
    outcome.counts.refused += outcome.refused.len() as u64;
    let Outcome { counts, errors, .. } = outcome;
    Ok(Written {
        counts,
        errors,
        schema,
    })
}

/// What became of the rows so far.
struct Outcome<'l> {
    layout: &'l Layout,
    counts: Counts,
    errors: Vec<ImportError>,
    /// How many of them each line has.
    ordinals: HashMap<u64, i32>,
    refused: HashSet<u64>,
}

impl Outcome<'_> {
    fn refuse(&mut self, row: &GroupRow, fault: &Fault) {
        self.refused.insert(row.row.line);
        self.note(row, fault);
    }

    fn note(&mut self, row: &GroupRow, fault: &Fault) {
        let next = self.ordinals.entry(row.row.line).or_default();
        let ordinal = *next;
        *next += 1;
        self.errors.push(ImportError {
            line: row.row.line as i64,
            ordinal,
            code: fault.code.to_string(),
            message: fault.message.clone(),
            column_name: fault.column.clone(),
            raw: super::errors::raw(&row.row.fields),
        });
    }

    /// Notes why the write path refused what the row is part of.
    fn refuse_for(&mut self, row: &GroupRow, error: &ServiceError) {
        match error {
            ServiceError::Invalid(errors) | ServiceError::Conflict { errors, .. }
                if !errors.is_empty() =>
            {
                for error in errors {
                    let property = error.pointer.rsplit('/').next().unwrap_or_default();
                    let column = self
                        .layout
                        .column_of(property)
                        .unwrap_or(property)
                        .to_owned();
                    self.refuse(
                        row,
                        &Fault::new(error.code.clone(), error.message.clone()).at(&column),
                    );
                }
            }
            ServiceError::Conflict { code, detail, .. } => {
                self.refuse(row, &Fault::new(code.clone(), detail.clone()))
            }
            other => self.refuse(row, &Fault::new("REFUSED", other.to_string())),
        }
    }
}

/// Turns a group into a write; rows that do not fit are noted and left out.
fn draft<'g>(
    plan: &Plan,
    object: &Object,
    reader: &CellReader<'_>,
    group: &'g Group,
    outcome: &mut Outcome<'_>,
) -> Option<Draft<'g>> {
    let layout = &*plan.layout;
    let mut rows: Vec<&GroupRow> = Vec::with_capacity(group.rows.len());
    let mut write = Write {
        job: Some(plan.job),
        ..Write::new(Target::New, Action::Set(Map::new()))
    };
    if let (Some(key), Some(column)) = (&group.key, &layout.key) {
        let property = Arc::clone(object.property(&column.property.name)?);
        write.target = Target::Key {
            property,
            value: key.clone(),
        };
    }
    let mut history = Vec::with_capacity(group.rows.len());
    for row in &group.rows {
        if let Some(fault) = &row.row.fault {
            outcome.refuse(row, fault);
            continue;
        }
        if let Some(time) = row.time.filter(|time| *time > plan.ctx.now()) {
            let column = layout
                .parts
                .time
                .map_or("", |column| &layout.header[column]);
            outcome.refuse(
                row,
                &Fault::new("TIME_IN_FUTURE", format!("{time} lies in the future")).at(column),
            );
            continue;
        }
        let (user, source) = origin(plan, row);
        let given = given(object, layout, row);
        match layout.kind {
            ImportKind::Records => {
                let mut properties = Map::new();
                let faults = read_each(object, given, |property, text| {
                    let json = reader.json(property, text)?;
                    // An empty cell says nothing about the property.
                    if !json.is_null() {
                        properties.insert(property.name.clone(), json);
                    }
                    Ok(())
                });
                if !faults.is_empty() {
                    faults.iter().for_each(|fault| outcome.refuse(row, fault));
                    continue;
                }
                write.action = Action::Set(properties);
                (write.valid_from, write.actor, write.source) = (row.time, user, source);
            }
            ImportKind::History => {
                let mut values: Vec<(String, Option<Value>)> = Vec::new();
                let mut faults = read_each(object, given, |property, text| {
                    values.push((property.name.clone(), reader.value(property, text)?));
                    Ok(())
                });
                faults.extend(
                    layout
                        .parts
                        .property
                        .and_then(|column| unnamed(object, layout, row, column)),
                );
                if !faults.is_empty() && (!layout.is_lenient || values.is_empty()) {
                    faults.iter().for_each(|fault| outcome.refuse(row, fault));
                    continue;
                }
                for fault in &faults {
                    outcome.counts.values_refused += 1;
                    outcome.note(row, fault);
                }
                let Some(time) = row.time else { continue };
                history.push(HistoryRow {
                    time,
                    actor: user,
                    source,
                    values,
                });
            }
        }
        rows.push(row);
    }
    if rows.is_empty() {
        return None;
    }
    if layout.kind == ImportKind::History {
        write.action = Action::History {
            rows: history,
            if_new: if_new(object, layout, group),
        };
    }
    Some(Draft {
        write,
        rows,
        continues: group.continues,
    })
}

/// What a record gets that the history begins: its key, and a title.
fn if_new(object: &Object, layout: &Layout, group: &Group) -> Vec<(String, Value)> {
    let (Some(key), Some(column)) = (&group.key, &layout.key) else {
        return Vec::new();
    };
    let mut values = vec![(column.property.name.clone(), key.clone())];
    let title = &object.definition.primary_property;
    let is_free =
        *title != column.property.name && layout.cells.iter().all(|cell| cell.property != *title);
    let is_text = object.property(title).is_some_and(|property| {
        property.is_settable() && property.kind == PropertyType::Text && !property.definition.unique
    });
    let text = match key {
        Value::Text(text) => text.clone(),
        other => other
            .to_json()
            .as_str()
            .map_or_else(|| other.to_json().to_string(), str::to_owned),
    };
    if is_free && is_text {
        values.push((title.clone(), Value::Text(text)));
    }
    values
}

/// Who the row says made the change, and how.
fn origin(plan: &Plan, row: &GroupRow) -> (Option<Actor>, Option<Source>) {
    let cell = |column: Option<usize>| {
        column
            .map(|column| row.row.fields[column].trim())
            .filter(|text| !text.is_empty())
    };
    let user = cell(plan.layout.parts.user).and_then(|text| plan.members.find(text));
    let actor = user.map(|id| Actor {
        kind: ActorKind::User,
        id: Some(id.uuid()),
    });
    let source = cell(plan.layout.parts.source).and_then(|text| Source::parse(&fold(text)));
    (actor, source)
}

/// The values that a row gives.
fn given<'r>(object: &'r Object, layout: &'r Layout, row: &'r GroupRow) -> Vec<Given<'r>> {
    let mut all: Vec<Given<'r>> = layout
        .cells
        .iter()
        .map(|cell| {
            let (text, column) = match &cell.from {
                CellSource::Column(column) => (
                    row.row.fields[*column].as_str(),
                    Some(layout.header[*column].as_str()),
                ),
                CellSource::Constant(text) => (text.as_str(), None),
            };
            Given {
                property: &cell.property,
                text,
                column,
                creates_options: cell.creates_options,
                creates_records: cell.creates_records,
            }
        })
        .collect();
    if let (Some(name), Some(value)) = (layout.parts.property, layout.parts.value)
        && let Some(property) = find_named(object, &row.row.fields[name])
    {
        all.push(Given {
            property,
            text: &row.row.fields[value],
            column: Some(&layout.header[value]),
            creates_options: layout.creates_named_options,
            creates_records: false,
        });
    }
    all
}

/// The property that a text names: by its name, or by its label, which is the name in the file when the import made it.
fn find_named<'o>(object: &'o Object, text: &str) -> Option<&'o str> {
    let text = text.trim();
    let by_label = || {
        object
            .properties
            .iter()
            .find(|property| property.is_settable() && property.definition.label == text)
    };
    object
        .property(text)
        .filter(|property| property.is_settable())
        .or_else(by_label)
        .map(|property| property.name.as_str())
}

fn unnamed(object: &Object, layout: &Layout, row: &GroupRow, column: usize) -> Option<Fault> {
    let text = &row.row.fields[column];
    let fault = || {
        Fault::new(
            "UNKNOWN_PROPERTY",
            format!(
                "{} have no property {text:?}",
                object.definition.plural_label
            ),
        )
        .at(&layout.header[column])
    };
    find_named(object, text).is_none().then(fault)
}

/// Reads each value; returns what is wrong.
fn read_each(
    object: &Object,
    given: Vec<Given<'_>>,
    mut read: impl FnMut(&leadline_engine::schema::Property, &str) -> Result<(), Fault>,
) -> Vec<Fault> {
    let mut faults = Vec::new();
    for Given {
        property: name,
        text,
        column,
        ..
    } in given
    {
        let result = property(object, name).and_then(|property| read(property, text));
        faults.extend(result.err().map(|fault| fault.at(column.unwrap_or(name))));
    }
    faults
}

fn rows(batch: &[Group]) -> impl Iterator<Item = &GroupRow> {
    batch
        .iter()
        .flat_map(|group| &group.rows)
        .filter(|row| row.row.fault.is_none())
}

/// Text properties for names in the rows that are no property yet. Two names never share a property.
fn named_properties(object: &Object, layout: &Layout, batch: &[Group]) -> Vec<Needed> {
    let Some(column) = layout.parts.property.filter(|_| layout.creates_named) else {
        return Vec::new();
    };
    let unknown: BTreeSet<&str> = rows(batch)
        .map(|row| row.row.fields[column].trim())
        .filter(|name| {
            !name.is_empty() && name.chars().count() <= 200 && find_named(object, name).is_none()
        })
        .collect();
    let mut made: Vec<Needed> = Vec::new();
    for label in unknown {
        let plain = vendors::property_name(label);
        let is_free = |name: &String| {
            object.property(name).is_none() && made.iter().all(|needed| needed.name != *name)
        };
        let numbered =
            (2..).map(|number| format!("{}_{number}", plain.chars().take(55).collect::<String>()));
        let name = std::iter::once(plain.clone()).chain(numbered).find(is_free);
        made.extend(name.map(|name| Needed::text(name, label)));
    }
    made
}

/// Values of properties with options that are no option yet, where they may become one. Teaches the reader the others.
fn unknown_options(
    reader: &mut CellReader<'_>,
    object: &Object,
    layout: &Layout,
    batch: &[Group],
) -> BTreeMap<String, BTreeSet<String>> {
    let mut texts: BTreeMap<&str, (BTreeSet<&str>, bool)> = BTreeMap::new();
    for row in rows(batch) {
        for given in given(object, layout, row) {
            let has_options = object
                .property(given.property)
                .is_some_and(|property| property.kind.has_options());
            if has_options && !given.text.trim().is_empty() {
                let (known, creates) = texts.entry(given.property).or_default();
                known.insert(given.text);
                *creates |= given.creates_options;
            }
        }
    }
    let mut wanted = BTreeMap::new();
    for (name, (texts, creates)) in texts {
        let Some(property) = object.property(name) else {
            continue;
        };
        let unknown = reader.learn_options(property, texts.into_iter());
        if creates
            && !unknown.is_empty()
            && property.definition.options.len() < schema_changes::MOST_OPTIONS
        {
            wanted.insert(name.to_owned(), unknown);
        }
    }
    wanted
}

/// The texts of links by property, and the properties whose missing records are created.
fn link_texts(
    object: &Object,
    layout: &Layout,
    batch: &[Group],
) -> (BTreeMap<String, BTreeSet<String>>, BTreeSet<String>) {
    let mut texts: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut creating = BTreeSet::new();
    for row in rows(batch) {
        for given in given(object, layout, row) {
            let is_link = object
                .property(given.property)
                .is_some_and(|property| property.kind == PropertyType::Record);
            let text = given.text.trim();
            if is_link && !text.is_empty() {
                texts
                    .entry(given.property.to_owned())
                    .or_default()
                    .insert(text.to_owned());
                if given.creates_records {
                    creating.insert(given.property.to_owned());
                }
            }
        }
    }
    (texts, creating)
}

impl Layout {
    /// The column that a property's values come from.
    fn column_of(&self, property: &str) -> Option<&str> {
        let cell = self.cells.iter().find(|cell| cell.property == property);
        let from_cell = cell.and_then(|cell| match cell.from {
            CellSource::Column(column) => Some(column),
            CellSource::Constant(_) => None,
        });
        let from_key = || {
            self.key
                .as_ref()
                .filter(|key| key.property.name == property)
                .map(|key| key.column)
        };
        from_cell
            .or_else(from_key)
            .map(|column| self.header[column].as_str())
    }
}
