//! What is asked of an import: the `options` of the API, which the command line builds too.

use leadline_engine::{
    error::FieldError,
    schema::{PropertyType, is_valid_name},
    time::parse_time_zone,
};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use utoipa::ToSchema;

use super::date_format::DateFormat;

/// How a file becomes records or history.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ImportOptions {
    /// The name of the object that the rows belong to.
    #[schema(example = "leads")]
    pub object: String,
    /// Whether a row is a record, or one value at one time. With `format` it is `history`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<ImportKind>,
    /// What each column is. Without it, columns go to the properties that have their name or label.
    #[serde(default)]
    pub mapping: Vec<MappingEntry>,
    /// The property by whose value a row finds its record; without it a history keeps its keys in `external_id`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_property: Option<String>,
    /// How dates are written, in letters (`MM/DD/YYYY`, `dd.mm.yyyy HH:mm`) or as for `strftime` (`%d.%m.%Y %H:%M`); ISO 8601 without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date_format: Option<String>,
    /// The zone of times without an offset, such as `Europe/Amsterdam`; UTC without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// What separates the columns; found out without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delimiter: Option<String>,
    /// `utf-8`, `windows-1252` and other names of the Encoding Standard; found out without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    /// Whether to do everything but keep nothing of it.
    #[serde(default)]
    pub dry_run: bool,
    /// A ready-made mapping.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<ImportFormat>,
    /// Whether values that are no options yet become options at the end of the list. Without it: yes for a history, no for records.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub create_options: Option<bool>,
}

/// What a row of the file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ImportKind {
    /// A record with its present values.
    Records,
    /// Values that became true at a time.
    History,
}

/// A ready-made mapping for the export of another system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ImportFormat {
    /// One row for each value of a property: id, timestamp, name, value, source.
    HubspotHistory,
    /// One row for each version of a whole record, with `_fivetran_start`.
    SalesforceHistory,
}

/// What one column is.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MappingEntry {
    /// The column's name in the header.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "activity")]
    pub column: Option<String>,
    /// Instead of a column: the same value for every row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// A property's name; or `@key`, `@property`, `@value`, `@time`, `@user`, `@source`, the parts of a history row.
    #[schema(example = "stage")]
    pub property: String,
    /// Makes the property if there is none: `true` for a text, or its definition, such as `{"type":"date","label":"Closed"}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub create_property: Option<Json>,
    /// Whether values that are no options of this property yet become options.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub create_options: Option<bool>,
    /// Of a link: whether records that it names and that do not exist are created.
    #[serde(default)]
    pub create_record: bool,
}

/// A property to be made by an import.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct NewProperty {
    pub(super) name: Option<String>,
    #[serde(rename = "type")]
    pub(super) kind: Option<PropertyType>,
    pub(super) label: Option<String>,
    pub(super) group: Option<String>,
    pub(super) description: Option<String>,
    #[serde(default)]
    pub(super) unique: bool,
    pub(super) currency: Option<String>,
    pub(super) target_object: Option<String>,
    #[serde(default)]
    pub(super) options: Vec<NewOption>,
}

/// An option of a property to be made by an import.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct NewOption {
    pub(super) value: String,
    pub(super) label: Option<String>,
    pub(super) color: Option<String>,
}

impl ImportOptions {
    /// What a row is.
    #[must_use]
    pub fn kind(&self) -> ImportKind {
        match (self.kind, self.format) {
            (_, Some(_)) => ImportKind::History,
            (Some(kind), None) => kind,
            (None, None) => ImportKind::Records,
        }
    }

    /// Everything that is wrong with the options by themselves.
    #[must_use]
    pub fn judge(&self) -> Vec<FieldError> {
        let mut errors = Vec::new();
        let mut wrong = |pointer: String, code: &'static str, message: String| {
            errors.push(FieldError::new(pointer, code, message))
        };
        if self.kind.is_none() && self.format.is_none() {
            wrong(
                "/kind".into(),
                "MISSING_FIELD",
                "must be records or history".into(),
            );
        }
        if self.kind == Some(ImportKind::Records) && self.format.is_some() {
            wrong(
                "/kind".into(),
                "INVALID_VALUE",
                "is history for every format".into(),
            );
        }
        if let Some(error) = self
            .time_zone
            .as_deref()
            .and_then(|zone| parse_time_zone(zone).err())
        {
            wrong("/timeZone".into(), "INVALID_TIME_ZONE", error.to_string());
        }
        if let Some(message) = self
            .date_format
            .as_deref()
            .and_then(|format| DateFormat::parse(format).err())
        {
            wrong("/dateFormat".into(), "INVALID_DATE_FORMAT", message);
        }
        if self.delimiter.is_some() && self.delimiter_byte().is_none() {
            wrong(
                "/delimiter".into(),
                "INVALID_DELIMITER",
                "must be one ASCII character, or tab".into(),
            );
        }
        if self
            .encoding
            .as_deref()
            .is_some_and(|name| encoding_rs::Encoding::for_label(name.as_bytes()).is_none())
        {
            wrong(
                "/encoding".into(),
                "INVALID_ENCODING",
                "must be a name such as utf-8 or windows-1252".into(),
            );
        }
        for (index, entry) in self.mapping.iter().enumerate() {
            if entry.column.is_some() == entry.value.is_some() {
                wrong(
                    format!("/mapping/{index}"),
                    "INVALID_MAPPING",
                    "needs either a column or a value".into(),
                );
            }
            if let Err(error) = entry.new_property() {
                wrong(
                    format!("/mapping/{index}/createProperty{}", error.pointer),
                    "INVALID_PROPERTY",
                    error.message,
                );
            }
        }
        errors
    }

    /// The delimiter that is asked for.
    pub(super) fn delimiter_byte(&self) -> Option<u8> {
        match self.delimiter.as_deref()? {
            "tab" | "\\t" => Some(b'\t'),
            text => match text.as_bytes() {
                [byte] if byte.is_ascii() && !matches!(byte, b'"' | b'\r' | b'\n' | 0) => {
                    Some(*byte)
                }
                _ => None,
            },
        }
    }
}

impl MappingEntry {
    /// Which property to make if there is none; `None` if none shall be made.
    pub(super) fn new_property(&self) -> Result<Option<NewProperty>, FieldError> {
        let wrong =
            |pointer: &str, message: String| FieldError::new(pointer, "INVALID_PROPERTY", message);
        let property = match &self.create_property {
            None | Some(Json::Null | Json::Bool(false)) => return Ok(None),
            Some(Json::Bool(true)) => NewProperty::default(),
            Some(json @ Json::Object(_)) => {
                serde_path_to_error::deserialize::<_, NewProperty>(json.clone())
                    .map_err(|error| wrong("", format!("at {}: {}", error.path(), error.inner())))?
            }
            Some(_) => {
                return Err(wrong(
                    "",
                    "must be true or the definition of a property".into(),
                ));
            }
        };
        if property
            .name
            .as_ref()
            .is_some_and(|name| *name != self.property)
        {
            return Err(wrong(
                "/name",
                "must be the property that the column is mapped to".into(),
            ));
        }
        if !self.property.starts_with('@') && !is_valid_name(&self.property) {
            return Err(wrong(
                "",
                "the property's name must match [a-z][a-z0-9_]{0,62}".into(),
            ));
        }
        if property.kind == Some(PropertyType::Record) && property.target_object.is_none() {
            return Err(wrong(
                "/targetObject",
                "a link needs the object that it leads to".into(),
            ));
        }
        Ok(Some(property))
    }

    /// Whether unknown values of the property become options.
    pub(super) fn creates_options(&self, options: &ImportOptions) -> bool {
        let is_history = options.kind() == ImportKind::History;
        let asked = self.create_options.or(options.create_options);
        asked.unwrap_or(
            is_history
                || matches!(
                    self.create_property,
                    Some(Json::Bool(true) | Json::Object(_))
                ),
        )
    }
}
