//! What each column of a file is: the options and the header, resolved against the object. Nothing is written here.

use std::sync::Arc;

use leadline_engine::{
    error::FieldError,
    ids::PropertyId,
    schema::{Object, Property, PropertyDefinition, PropertyType, Schema, is_valid_name},
    text::fold,
};

use super::{
    options::{ImportFormat, ImportKind, ImportOptions, MappingEntry, NewProperty},
    vendors,
};

/// Where a history keeps its keys when no property is named.
pub(super) const EXTERNAL_ID: &str = "external_id";

/// What each column is.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    pub(super) kind: ImportKind,
    pub(super) header: Vec<String>,
    pub(super) key: Option<Key>,
    pub(super) parts: Parts,
    pub(super) cells: Vec<Cell>,
    /// Properties to be made when they are missing.
    pub(super) new_properties: Vec<Needed>,
    /// Whether a name in `@property` that is no property makes a text property.
    pub(super) creates_named: bool,
    /// Whether unknown values of a property named in `@property` become options.
    pub(super) creates_named_options: bool,
    /// Whether one cell that does not fit leaves the rest of its row in place: files of other systems cannot be corrected by hand.
    pub(super) is_lenient: bool,
}

/// The column that says which record a row is about, and the property that keeps it.
#[derive(Debug, Clone)]
pub(super) struct Key {
    pub(super) column: usize,
    /// As it is, or as it will be made.
    pub(super) property: Arc<Property>,
}

/// Columns that are parts of a history row.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Parts {
    pub(super) property: Option<usize>,
    pub(super) value: Option<usize>,
    pub(super) time: Option<usize>,
    pub(super) user: Option<usize>,
    pub(super) source: Option<usize>,
}

/// A value of a property in each row.
#[derive(Debug, Clone)]
pub(super) struct Cell {
    pub(super) from: CellSource,
    pub(super) property: String,
    pub(super) creates_options: bool,
    pub(super) creates_records: bool,
}

/// Where a value comes from.
#[derive(Debug, Clone)]
pub(super) enum CellSource {
    Column(usize),
    Constant(String),
}

/// A property that the import needs, and how to make it.
#[derive(Debug, Clone)]
pub(super) struct Needed {
    pub(super) name: String,
    pub(super) kind: PropertyType,
    pub(super) definition: PropertyDefinition,
}

impl Layout {
    /// Resolves the options.
    ///
    /// # Errors
    /// Everything that does not fit together; pointers begin at the options.
    pub(super) fn new(
        options: &ImportOptions,
        header: &[String],
        schema: &Schema,
        object: &Object,
    ) -> Result<Self, Vec<FieldError>> {
        let kind = options.kind();
        let mut entries = options.mapping.clone();
        match options.format {
            Some(ImportFormat::HubspotHistory) => {
                entries.extend(vendors::hubspot(header, object, &options.mapping))
            }
            Some(ImportFormat::SalesforceHistory) => {
                entries.extend(vendors::salesforce(header, object, &options.mapping))
            }
            None if entries.is_empty() => entries = suggested(header, object),
            None => {}
        }
        let mut draft = Draft {
            options,
            header,
            schema,
            object,
            errors: Vec::new(),
            key_column: None,
            parts: Parts::default(),
            cells: Vec::new(),
            needed: Vec::new(),
            named: None,
        };
        for (index, entry) in entries.iter().enumerate() {
            draft.place(index, entry);
        }
        let key = draft.key(kind);
        draft.check_whole(kind, key.as_ref());
        if !draft.errors.is_empty() {
            return Err(draft.errors);
        }
        let Draft {
            parts,
            mut cells,
            needed,
            named,
            ..
        } = draft;
        if let Some(key) = &key {
            let is_key = |cell: &Cell| cell.property == key.property.name;
            match kind {
                // The key of a history has no time of its own: a record gets it when it begins.
                ImportKind::History => cells.retain(|cell| !is_key(cell)),
                ImportKind::Records if !cells.iter().any(is_key) => cells.push(Cell {
                    from: CellSource::Column(key.column),
                    property: key.property.name.clone(),
                    creates_options: false,
                    creates_records: false,
                }),
                ImportKind::Records => {}
            }
        }
        Ok(Self {
            kind,
            header: header.to_vec(),
            key,
            parts,
            cells,
            new_properties: needed,
            creates_named: options.format == Some(ImportFormat::HubspotHistory)
                || named
                    .as_ref()
                    .is_some_and(|entry| matches!(entry.new_property(), Ok(Some(_)))),
            creates_named_options: named
                .as_ref()
                .is_some_and(|entry| entry.creates_options(options)),
            is_lenient: options.format.is_some(),
        })
    }

    /// Whether the import may have to change the schema.
    pub(super) fn changes_schema(&self, object: &Object) -> bool {
        self.creates_named
            || self
                .new_properties
                .iter()
                .any(|needed| object.property(&needed.name).is_none())
    }
}

/// The options on their way to a layout.
struct Draft<'a> {
    options: &'a ImportOptions,
    header: &'a [String],
    schema: &'a Schema,
    object: &'a Object,
    errors: Vec<FieldError>,
    key_column: Option<usize>,
    parts: Parts,
    cells: Vec<Cell>,
    needed: Vec<Needed>,
    named: Option<MappingEntry>,
}

impl Draft<'_> {
    fn refuse(
        &mut self,
        pointer: impl Into<String>,
        code: &'static str,
        message: impl Into<String>,
    ) {
        self.errors.push(FieldError::new(pointer, code, message));
    }

    /// Finds the entry's column and what it is mapped to.
    fn place(&mut self, index: usize, entry: &MappingEntry) {
        let at = |part: &str| format!("/mapping/{index}/{part}");
        let from = match (&entry.column, &entry.value) {
            (Some(name), _) => match column(self.header, name) {
                Ok(column) => CellSource::Column(column),
                Err((code, message)) => return self.refuse(at("column"), code, message),
            },
            (None, value) => CellSource::Constant(value.clone().unwrap_or_default()),
        };
        match entry.property.as_str() {
            part if part.starts_with('@') => match from {
                CellSource::Column(column) => self.place_part(&at("property"), part, column, entry),
                CellSource::Constant(_) => self.refuse(
                    at("value"),
                    "INVALID_MAPPING",
                    "a part of the row must come from a column",
                ),
            },
            name => self.place_cell(&at("property"), name, from, entry),
        }
    }

    fn place_part(&mut self, pointer: &str, part: &str, column: usize, entry: &MappingEntry) {
        let slot = match part {
            "@key" => &mut self.key_column,
            "@property" => {
                self.named = Some(entry.clone());
                &mut self.parts.property
            }
            "@value" => {
                let asks = entry.create_options.is_some() || self.named.is_none();
                if asks {
                    self.named = Some(MappingEntry {
                        create_property: entry.create_property.clone().or_else(|| {
                            self.named
                                .as_ref()
                                .and_then(|known| known.create_property.clone())
                        }),
                        ..entry.clone()
                    });
                }
                &mut self.parts.value
            }
            "@time" => &mut self.parts.time,
            "@user" => &mut self.parts.user,
            "@source" => &mut self.parts.source,
            _ => {
                return self.refuse(
                    pointer,
                    "INVALID_MAPPING",
                    "must be a property or @key, @property, @value, @time, @user, @source",
                );
            }
        };
        if slot.replace(column).is_some() {
            self.refuse(
                pointer,
                "INVALID_MAPPING",
                format!("{part} is mapped twice"),
            );
        }
    }

    fn place_cell(&mut self, pointer: &str, name: &str, from: CellSource, entry: &MappingEntry) {
        if self.cells.iter().any(|cell| cell.property == name) {
            return self.refuse(
                pointer,
                "INVALID_MAPPING",
                format!("{name} is mapped twice"),
            );
        }
        match self.object.property(name) {
            Some(property) if property.is_settable() => {
                let creates_record_in_vain =
                    entry.create_record && property.kind != PropertyType::Record;
                if creates_record_in_vain {
                    self.refuse(
                        pointer,
                        "INVALID_MAPPING",
                        format!("{name} is no link, so createRecord means nothing"),
                    );
                }
            }
            Some(_) => return self.refuse(pointer, "READ_ONLY", format!("{name} cannot be set")),
            None => match entry.new_property() {
                Ok(Some(new)) => self.need(pointer, name, &new, entry.column.as_deref()),
                // The options judge what is wrong with a definition.
                Err(_) => return,
                Ok(None) => {
                    let objects = &self.object.definition.plural_label;
                    let message =
                        format!("{objects} have no property {name:?}; createProperty makes it");
                    return self.refuse(pointer, "UNKNOWN_PROPERTY", message);
                }
            },
        }
        self.cells.push(Cell {
            from,
            property: name.to_owned(),
            creates_options: entry.creates_options(self.options),
            creates_records: entry.create_record,
        });
    }

    fn need(&mut self, pointer: &str, name: &str, new: &NewProperty, column: Option<&str>) {
        if !is_valid_name(name) || leadline_engine::schema::SYSTEM_NAMES.contains(&name) {
            return self.refuse(
                pointer,
                "INVALID_NAME",
                "must match [a-z][a-z0-9_]{0,62} and be no system name",
            );
        }
        let kind = new.kind.unwrap_or(PropertyType::Text);
        if let Some(target) = &new.target_object
            && self
                .schema
                .object(target)
                .is_none_or(|object| object.archived)
        {
            return self.refuse(
                pointer,
                "UNKNOWN_OBJECT",
                format!("there is no object {target:?}"),
            );
        }
        if new.unique && !kind.can_be_key() {
            return self.refuse(
                pointer,
                "INVALID_PROPERTY",
                format!("a {kind} cannot be unique"),
            );
        }
        self.needed.push(Needed {
            name: name.to_owned(),
            kind,
            definition: new.definition(kind, column.unwrap_or(name)),
        });
    }

    /// The key column and the property that keeps it.
    fn key(&mut self, kind: ImportKind) -> Option<Key> {
        let name = self.options.id_property.clone();
        let mapped = name.as_ref().and_then(|name| {
            self.cells.iter().find_map(|cell| match cell.from {
                CellSource::Column(column) if cell.property == *name => Some(column),
                _ => None,
            })
        });
        let Some(column) = self.key_column.or(mapped) else {
            if let Some(name) = name {
                self.refuse(
                    "/idProperty",
                    "NOT_MAPPED",
                    format!("no column is mapped to {name} or @key"),
                );
            } else if kind == ImportKind::History {
                self.refuse(
                    "/mapping",
                    "KEY_NOT_MAPPED",
                    "a history needs a column mapped to @key",
                );
            }
            return None;
        };
        let name = name.unwrap_or_else(|| EXTERNAL_ID.to_owned());
        let known = self.object.property(&name).cloned();
        let property = match (known, self.needed.iter().find(|needed| needed.name == name)) {
            (Some(property), _) => property,
            (None, Some(needed)) => Arc::new(needed.stand_in()),
            (None, None) if name == EXTERNAL_ID => {
                let needed = Needed {
                    name: name.clone(),
                    kind: PropertyType::Text,
                    definition: PropertyDefinition {
                        label: "External ID".into(),
                        unique: true,
                        ..PropertyDefinition::default()
                    },
                };
                self.needed.push(needed.clone());
                Arc::new(needed.stand_in())
            }
            (None, None) => {
                self.refuse(
                    "/idProperty",
                    "UNKNOWN_PROPERTY",
                    format!("there is no property {name:?}"),
                );
                return None;
            }
        };
        if property.kind.can_be_key() && property.is_settable() {
            Some(Key { column, property })
        } else {
            self.refuse(
                "/idProperty",
                "NOT_A_KEY",
                format!("{name} cannot be a key"),
            );
            None
        }
    }

    fn check_whole(&mut self, kind: ImportKind, key: Option<&Key>) {
        let Parts {
            property,
            value,
            time,
            ..
        } = self.parts;
        let has_values = self
            .cells
            .iter()
            .any(|cell| key.is_none_or(|key| key.property.name != cell.property));
        match kind {
            ImportKind::History => {
                if time.is_none() {
                    self.refuse(
                        "/mapping",
                        "TIME_NOT_MAPPED",
                        "a history needs a column mapped to @time",
                    );
                }
                if property.is_some() != value.is_some() {
                    self.refuse(
                        "/mapping",
                        "INVALID_MAPPING",
                        "@property and @value go together",
                    );
                }
                if property.is_none() && !has_values {
                    self.refuse(
                        "/mapping",
                        "VALUE_NOT_MAPPED",
                        "a history needs @property and @value, or a column mapped to a property",
                    );
                }
            }
            ImportKind::Records => {
                if property.is_some() || value.is_some() {
                    self.refuse(
                        "/mapping",
                        "INVALID_MAPPING",
                        "@property and @value are parts of a history",
                    );
                }
                if self.cells.is_empty() && key.is_none() {
                    self.refuse(
                        "/mapping",
                        "VALUE_NOT_MAPPED",
                        "no column is mapped to a property",
                    );
                }
            }
        }
    }
}

impl Needed {
    /// The property, as it will be made.
    pub(super) fn property(
        &self,
        position: i32,
        now: leadline_engine::time::Timestamp,
    ) -> Property {
        Property {
            id: PropertyId::new(),
            name: self.name.clone(),
            kind: self.kind,
            definition: self.definition.clone(),
            is_system: false,
            is_builtin: false,
            archived: false,
            position,
            created_at: now,
            updated_at: now,
        }
    }
}

fn column(header: &[String], name: &str) -> Result<usize, (&'static str, String)> {
    let find = |is_meant: &dyn Fn(&str) -> bool| -> Vec<usize> {
        (0..header.len())
            .filter(|&index| is_meant(&header[index]))
            .collect()
    };
    let mut found = find(&|column| column == name);
    if found.is_empty() {
        found = find(&|column| fold(column) == fold(name.trim()));
    }
    match found.as_slice() {
        [column] => Ok(*column),
        [] => Err((
            "UNKNOWN_COLUMN",
            format!(
                "the file has no column {name:?}; it has {}",
                header.join(", ")
            ),
        )),
        _ => Err((
            "AMBIGUOUS_COLUMN",
            format!("the file has several columns {name:?}"),
        )),
    }
}

/// Columns whose name is the name or the label of a property.
fn suggested(header: &[String], object: &Object) -> Vec<MappingEntry> {
    let mut taken = Vec::new();
    let mut entries = Vec::new();
    for column in header {
        let wanted = fold(column);
        let found = object
            .properties
            .iter()
            .filter(|property| property.is_settable())
            .find(|property| {
                fold(&property.name) == wanted
                    || fold(&property.definition.label) == wanted
                    || property.name == wanted.replace([' ', '-'], "_")
            });
        if let Some(property) = found.filter(|property| !taken.contains(&property.id)) {
            taken.push(property.id);
            entries.push(MappingEntry {
                column: Some(column.clone()),
                property: property.name.clone(),
                ..MappingEntry::default()
            });
        }
    }
    entries
}
