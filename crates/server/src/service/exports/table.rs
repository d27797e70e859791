//! What an export holds: its options, and records and spans as rows of CSV or lines of JSON.

use std::{
    collections::HashMap,
    io::{self, Write},
    sync::Arc,
};

use leadline_engine::{
    ids::AccountId,
    ledger::{Actor, Entry, Source},
    schema::{Object, Property},
    time::Timestamp,
    value::{Value, optional_json},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};
use utoipa::ToSchema;

use crate::service::{
    imports::guarded,
    records::{Moment, RecordView, Selection},
    search::Search,
};

/// What to export, and how.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExportOptions {
    /// The name of the object.
    #[schema(example = "leads")]
    pub object: String,
    /// Records with their values, or all values that they ever had.
    #[serde(default)]
    pub kind: ExportKind,
    /// How the file is written.
    #[serde(default)]
    pub format: ExportFormat,
    /// Names of properties; all in use if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub properties: Option<Vec<String>>,
    /// Which records: an OR of groups, each an AND of filters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<Object>>)]
    pub filter_groups: Option<Json>,
    /// Words that must all occur in the record's texts, as in a search.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 500)]
    pub query: Option<String>,
    /// The order, as in a search; if left out, the best answers to the query first, and without one the oldest record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<serde_json::Value>>)]
    pub sorts: Option<Json>,
    /// The moment whose state to export; now if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub as_of: Option<Timestamp>,
    /// The moment whose knowledge to export; all that is known now if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub recorded_as_of: Option<Timestamp>,
    /// Whether archived records are exported too.
    #[serde(default)]
    pub archived: bool,
}

impl ExportOptions {
    /// What has to be looked for; `None` for all records.
    #[must_use]
    pub(super) fn search(&self) -> Option<Search> {
        if self.filter_groups.is_none() && self.query.is_none() && self.sorts.is_none() {
            return None;
        }
        let oldest_first = self.query.is_none().then(|| json!(["created_at"]));
        Some(Search {
            filter_groups: self.filter_groups.clone().unwrap_or_default(),
            query: self.query.clone(),
            with_archived: self.archived,
            sorts: self.sorts.clone().or(oldest_first).unwrap_or_default(),
            selection: Selection {
                moment: self.moment(),
                ..Selection::default()
            },
            ..Search::default()
        })
    }

    /// The moment whose state to export.
    #[must_use]
    pub fn moment(&self) -> Moment {
        Moment {
            as_of: self.as_of,
            recorded_as_of: self.recorded_as_of,
        }
    }
}

/// What a row of an export is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExportKind {
    /// A record.
    #[default]
    Records,
    /// One value of one property, from when.
    History,
}

/// How an export is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExportFormat {
    /// Comma-separated, UTF-8, with a header.
    #[default]
    Csv,
    /// One JSON object a line.
    Ndjson,
}

/// The columns of a history, which an import takes as they are.
const HISTORY: [&str; 7] = [
    "object", "id", "property", "value", "time", "user", "source",
];

/// Writes rows.
pub(super) struct Table<W: Write> {
    out: Out<W>,
    object: Arc<Object>,
    properties: Vec<Arc<Property>>,
    members: Arc<HashMap<AccountId, String>>,
    pub(super) rows: u64,
}

enum Out<W: Write> {
    Csv(Box<csv::Writer<W>>),
    Ndjson(W),
}

/// One value of a history.
pub(super) struct HistoryValue<'a> {
    pub(super) record: String,
    pub(super) property: &'a Property,
    pub(super) entry: &'a Entry,
    pub(super) valid_to: Option<Timestamp>,
    pub(super) actor: Option<Actor>,
    pub(super) source: Source,
}

impl<W: Write> Table<W> {
    /// A table with its header.
    pub(super) fn new(
        out: W,
        options: &ExportOptions,
        object: Arc<Object>,
        properties: Vec<Arc<Property>>,
        members: Arc<HashMap<AccountId, String>>,
    ) -> io::Result<Self> {
        let out = match options.format {
            ExportFormat::Csv => Out::Csv(Box::new(csv::Writer::from_writer(out))),
            ExportFormat::Ndjson => Out::Ndjson(out),
        };
        let mut table = Self {
            out,
            object,
            properties,
            members,
            rows: 0,
        };
        if let Out::Csv(csv) = &mut table.out {
            match options.kind {
                ExportKind::History => csv.write_record(HISTORY)?,
                ExportKind::Records => {
                    let names = table
                        .properties
                        .iter()
                        .map(|property| property.name.as_str());
                    csv.write_record(["id", "created_at", "updated_at"].into_iter().chain(names))?;
                }
            }
        }
        Ok(table)
    }

    /// Adds a record.
    pub(super) fn record(&mut self, record: &RecordView) -> io::Result<()> {
        self.rows += 1;
        match &mut self.out {
            Out::Csv(csv) => {
                let own = [
                    record.id.to_string(),
                    record.created_at.to_string(),
                    record.updated_at.to_string(),
                ];
                let values = self.properties.iter().map(|property| {
                    let json = record.properties.get(&property.name).unwrap_or(&Json::Null);
                    let value = Value::from_stored(property.kind, json).ok().flatten();
                    cell(value.as_ref(), &self.members)
                });
                csv.write_record(own.into_iter().chain(values))?;
                Ok(())
            }
            Out::Ndjson(out) => {
                let line = json!({
                    "object": self.object.name,
                    "id": record.id,
                    "version": record.version,
                    "createdAt": record.created_at,
                    "updatedAt": record.updated_at,
                    "archived": record.archived,
                    "properties": record.properties,
                });
                writeln!(out, "{line}")
            }
        }
    }

    /// Adds a value of a history.
    pub(super) fn value(&mut self, value: &HistoryValue<'_>) -> io::Result<()> {
        self.rows += 1;
        let user = value
            .actor
            .and_then(|actor| actor.id)
            .map(AccountId::from)
            .and_then(|id| self.members.get(&id));
        match &mut self.out {
            Out::Csv(csv) => {
                csv.write_record([
                    self.object.name.as_str(),
                    &value.record,
                    &value.property.name,
                    &cell(value.entry.value.as_ref(), &self.members),
                    &value.entry.valid_from.to_string(),
                    &guarded(user.map_or("", String::as_str)),
                    value.source.as_str(),
                ])?;
                Ok(())
            }
            Out::Ndjson(out) => {
                let mut line = Map::new();
                line.insert("object".into(), json!(self.object.name));
                line.insert("id".into(), json!(value.record));
                line.insert("property".into(), json!(value.property.name));
                line.insert("value".into(), optional_json(value.entry.value.as_ref()));
                line.insert("validFrom".into(), json!(value.entry.valid_from));
                line.insert("validTo".into(), json!(value.valid_to));
                line.insert("user".into(), json!(user));
                line.insert("source".into(), json!(value.source.as_str()));
                writeln!(out, "{}", Json::Object(line))
            }
        }
    }

    /// Ends the file.
    pub(super) fn finish(self) -> io::Result<u64> {
        match self.out {
            Out::Csv(mut csv) => csv.flush()?,
            Out::Ndjson(mut out) => out.flush()?,
        }
        Ok(self.rows)
    }
}

/// A value as an import reads it. Texts that a spreadsheet would run are guarded.
fn cell(value: Option<&Value>, members: &HashMap<AccountId, String>) -> String {
    match value {
        None => String::new(),
        Some(Value::Text(text) | Value::Option(text)) => guarded(text),
        Some(Value::Number(number)) => number.normalize().to_string(),
        Some(Value::Money(money)) => format!("{} {}", money.amount_text(), money.currency),
        Some(Value::Boolean(flag)) => flag.to_string(),
        Some(Value::Date(date)) => date.to_string(),
        Some(Value::Datetime(time)) => time.to_string(),
        Some(Value::Options(options)) => match options
            .iter()
            .any(|option| option.contains([';', '|', '[']) || option.trim() != option)
        {
            true => json!(options).to_string(),
            false => guarded(&options.join(";")),
        },
        Some(Value::User(id)) => members
            .get(id)
            .map_or_else(|| id.to_string(), |email| guarded(email)),
        Some(Value::Record(id)) => id.to_string(),
    }
}
