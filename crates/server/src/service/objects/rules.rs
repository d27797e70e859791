//! What may stand in an object's definition. Everything that is wrong is said at once.

use leadline_engine::{
    error::FieldError,
    ids::{ObjectId, PropertyId},
    schema::{
        Choice, Object, ObjectDefinition, ObjectRow, Property, PropertyDefinition, PropertyType,
        SYSTEM_NAMES, Schema, Stage, StageCategory, is_valid_name,
    },
    time::Timestamp,
};

use crate::service::{error::ServiceError, names, workspaces::archived_property};

/// The primary property of an object that names none.
const PRIMARY: &str = "name";
/// The property that holds the default lifecycle.
const STAGE: &str = "stage";
/// Most characters of a description.
const LONGEST_DESCRIPTION: usize = 2_000;
/// The greatest position that can be given.
const LAST_POSITION: i64 = 1_000_000;

/// An object to make, or what to change of one. What is left out stays as it is; a description of `Some(None)` is cleared.
#[derive(Debug, Clone, Default)]
pub struct ObjectDraft {
    /// Stable name; only at creation.
    pub name: Option<String>,
    /// For people, one.
    pub label: Option<String>,
    /// For people, many; the label if a new object has none.
    pub plural_label: Option<String>,
    /// The name of the property that titles a record; made with the object.
    pub primary_property: Option<String>,
    /// What it is for.
    pub description: Option<Option<String>>,
    /// Whether a new object gets the property `stage` with a default lifecycle.
    pub with_lifecycle: bool,
    /// Order among the objects.
    pub position: Option<i64>,
    /// Whether it is archived.
    pub archived: Option<bool>,
}

/// A new object and its properties.
pub(super) fn create(
    schema: &Schema,
    draft: ObjectDraft,
    now: Timestamp,
) -> Result<(ObjectRow, Vec<Property>), ServiceError> {
    let mut errors = Vec::new();
    let name = draft.name.unwrap_or_default();
    errors.extend(judge_name(&name, "/name"));
    let label = draft.label.unwrap_or_default();
    errors.extend(names::judge(&label, "/label"));
    let plural_label = draft.plural_label.unwrap_or_else(|| label.clone());
    if plural_label != label {
        errors.extend(names::judge(&plural_label, "/pluralLabel"));
    }
    let primary = draft.primary_property.unwrap_or_else(|| PRIMARY.to_owned());
    errors.extend(judge_name(&primary, "/primaryProperty"));
    if SYSTEM_NAMES.contains(&primary.as_str()) || (draft.with_lifecycle && primary == STAGE) {
        errors.push(reserved("/primaryProperty"));
    }
    let description = text(draft.description.flatten(), "/description", &mut errors);
    ServiceError::if_any(errors)?;
    let position = schema
        .objects()
        .iter()
        .map(|object| object.position.saturating_add(1))
        .max();
    let object = ObjectRow {
        id: ObjectId::new(),
        name,
        definition: ObjectDefinition {
            label: label.trim().to_owned(),
            plural_label: plural_label.trim().to_owned(),
            primary_property: primary.clone(),
            description,
            is_part: false,
        },
        is_builtin: false,
        archived: false,
        position: position.unwrap_or(0),
        created_at: now,
        updated_at: now,
    };
    let mut properties = vec![property(&primary, PropertyType::Text, title(&primary), now)];
    if draft.with_lifecycle {
        properties.push(property(STAGE, PropertyType::Stage, lifecycle(), now));
    }
    for (property, position) in properties.iter_mut().zip(0..) {
        property.position = position;
    }
    properties.push(archived_property(now));
    Ok((object, properties))
}

/// The object's row afterwards.
pub(super) fn update(
    object: &Object,
    mut row: ObjectRow,
    draft: ObjectDraft,
) -> Result<ObjectRow, ServiceError> {
    let mut errors = Vec::new();
    if draft.name.is_some_and(|name| name != row.name) {
        errors.push(immutable("/name"));
    }
    if let Some(label) = draft.label {
        errors.extend(names::judge(&label, "/label"));
        row.definition.label = label.trim().to_owned();
    }
    if let Some(label) = draft.plural_label {
        errors.extend(names::judge(&label, "/pluralLabel"));
        row.definition.plural_label = label.trim().to_owned();
    }
    if let Some(name) = draft.primary_property {
        let is_title = object
            .property(&name)
            .is_some_and(|property| property.is_settable() && property.kind.is_text());
        if !is_title {
            errors.push(FieldError::new(
                "/primaryProperty",
                "INVALID_PRIMARY_PROPERTY",
                "must name a property of the object that holds text and is not archived",
            ));
        }
        row.definition.primary_property = name;
    }
    if let Some(description) = draft.description {
        row.definition.description = text(description, "/description", &mut errors);
    }
    if let Some(position) = draft.position {
        row.position = judge_position(position, &mut errors);
    }
    row.archived = draft.archived.unwrap_or(row.archived);
    ServiceError::if_any(errors)?;
    Ok(row)
}

/// What is wrong with a stable name; `None` when nothing is.
pub(in crate::service) fn judge_name(name: &str, pointer: &str) -> Option<FieldError> {
    if name.is_empty() {
        Some(FieldError::new(pointer, "REQUIRED", "must not be empty"))
    } else if is_valid_name(name) {
        None
    } else {
        Some(FieldError::new(
            pointer,
            "INVALID_NAME",
            "must begin with a letter a to z and have at most 63 of a to z, 0 to 9 and _",
        ))
    }
}

/// A position that can be kept; 0 and an error for others.
pub(in crate::service) fn judge_position(position: i64, errors: &mut Vec<FieldError>) -> i32 {
    match i32::try_from(position) {
        Ok(small) if (0..=LAST_POSITION).contains(&position) => small,
        _ => {
            errors.push(FieldError::new(
                "/position",
                "INVALID_POSITION",
                format!("must be 0 to {LAST_POSITION}"),
            ));
            0
        }
    }
}

/// A text of many lines that may be absent; one of spaces only is absent.
pub(in crate::service) fn text(
    text: Option<String>,
    pointer: &str,
    errors: &mut Vec<FieldError>,
) -> Option<String> {
    let text = text.filter(|text| !text.trim().is_empty())?;
    if text.chars().count() > LONGEST_DESCRIPTION {
        errors.push(FieldError::new(
            pointer,
            "TOO_LONG",
            format!("must have at most {LONGEST_DESCRIPTION} characters"),
        ));
    }
    Some(text)
}

/// The name belongs to another one, archived or not.
pub(in crate::service) fn name_taken(what: &str) -> ServiceError {
    let message = format!("belongs to {what} already, perhaps to an archived one");
    ServiceError::Conflict {
        code: "NAME_TAKEN".into(),
        detail: format!("the name {message}"),
        errors: vec![FieldError::new("/name", "NAME_TAKEN", message)],
    }
}

fn immutable(pointer: &str) -> FieldError {
    FieldError::new(pointer, "IMMUTABLE", "cannot be changed once it exists")
}

fn reserved(pointer: &str) -> FieldError {
    FieldError::new(pointer, "RESERVED_NAME", "is a name that Leadline keeps")
}

fn property(
    name: &str,
    kind: PropertyType,
    definition: PropertyDefinition,
    now: Timestamp,
) -> Property {
    Property {
        id: PropertyId::new(),
        name: name.to_owned(),
        kind,
        definition,
        is_system: false,
        is_builtin: false,
        archived: false,
        position: 0,
        created_at: now,
        updated_at: now,
    }
}

/// `project_name` is labelled "Project name".
fn title(name: &str) -> PropertyDefinition {
    let mut label = name.replace('_', " ");
    if let Some(first) = label.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    PropertyDefinition {
        label,
        ..PropertyDefinition::default()
    }
}

fn lifecycle() -> PropertyDefinition {
    let stages = [
        ("new", "New", "slate", StageCategory::Open, 10),
        ("active", "Active", "blue", StageCategory::Open, 50),
        ("won", "Won", "green", StageCategory::Won, 100),
        ("lost", "Lost", "red", StageCategory::Lost, 0),
    ];
    let options = stages.map(|(value, label, color, category, probability)| Choice {
        value: value.to_owned(),
        label: label.to_owned(),
        color: Some(color.to_owned()),
        archived: false,
        stage: Some(Stage {
            category,
            probability: Some(probability),
            ..Stage::default()
        }),
    });
    PropertyDefinition {
        options: options.into(),
        ..title(STAGE)
    }
}
