//! What may stand in a property's definition. Everything that is wrong is said at once.

use leadline_engine::{
    error::FieldError,
    ids::PropertyId,
    lifecycle,
    schema::{Object, Property, PropertyDefinition, PropertyType, SYSTEM_NAMES, Schema},
    time::Timestamp,
    validate::parse_value,
    value::{Currency, Value},
};
use serde_json::Value as Json;

use super::{draft::PropertyDraft, options, transitions};
use crate::service::{
    error::ServiceError,
    names,
    objects::{judge_name, judge_position, text},
};

/// The name that the API keeps for computed properties.
const FORMULA: &str = "formula";

/// A new property.
pub(super) fn create(
    schema: &Schema,
    object: &Object,
    draft: PropertyDraft,
    workspace_currency: &str,
    now: Timestamp,
) -> Result<Property, ServiceError> {
    let mut errors = Vec::new();
    let name = draft.name.clone().unwrap_or_default();
    errors.extend(judge_name(&name, "/name"));
    if SYSTEM_NAMES.contains(&name.as_str()) {
        errors.push(FieldError::new(
            "/name",
            "RESERVED_NAME",
            "is a name that Leadline keeps",
        ));
    }
    if draft.label.is_none() {
        errors.push(FieldError::new("/label", "REQUIRED", "must not be empty"));
    }
    let kind = judge_type(&draft, &mut errors);
    let last = object
        .properties
        .iter()
        .filter(|property| !property.is_system)
        .map(|property| property.position.saturating_add(1))
        .max();
    let property = Property {
        id: PropertyId::new(),
        name,
        kind: kind.unwrap_or(PropertyType::Text),
        definition: PropertyDefinition::default(),
        is_system: false,
        is_builtin: false,
        archived: false,
        position: last.unwrap_or(0),
        created_at: now,
        updated_at: now,
    };
    let Some(kind) = kind else {
        texts(property.definition, &draft, &mut errors);
        return Err(ServiceError::Invalid(errors));
    };
    let base = PropertyDefinition {
        indexed: matches!(kind, PropertyType::Email | PropertyType::Phone),
        currency: (kind == PropertyType::Money).then(|| workspace_currency.to_owned()),
        target_object: target(schema, kind, draft.target_object.as_deref(), &mut errors),
        ..PropertyDefinition::default()
    };
    if kind.has_options() && draft.options.as_ref().is_none_or(Vec::is_empty) {
        errors.push(FieldError::new(
            "/options",
            "REQUIRED",
            "this type needs options",
        ));
    }
    let property = settle(
        object,
        Property {
            definition: base,
            ..property
        },
        draft,
        &mut errors,
    );
    ServiceError::if_any(errors)?;
    Ok(property)
}

/// The property afterwards.
pub(super) fn update(
    object: &Object,
    before: &Property,
    draft: PropertyDraft,
) -> Result<Property, ServiceError> {
    if before.is_system {
        return Err(ServiceError::invalid(
            "",
            "READ_ONLY",
            "is kept by Leadline and cannot be changed",
        ));
    }
    let mut errors = Vec::new();
    let same = [
        ("/name", &draft.name, Some(before.name.as_str())),
        ("/type", &draft.kind, Some(before.kind.as_str())),
        (
            "/targetObject",
            &draft.target_object,
            before.definition.target_object.as_deref(),
        ),
    ];
    for (pointer, given, kept) in same {
        if given.is_some() && given.as_deref() != kept {
            errors.push(FieldError::new(
                pointer,
                "IMMUTABLE",
                "cannot be changed once the property exists",
            ));
        }
    }
    let is_emptied = draft.options.as_ref().is_some_and(Vec::is_empty);
    if before.kind.has_options() && is_emptied {
        errors.push(FieldError::new(
            "/options",
            "REQUIRED",
            "must have at least one option that can be chosen",
        ));
    }
    let after = settle(object, before.clone(), draft, &mut errors);
    ServiceError::if_any(errors)?;
    if after.archived && !before.archived {
        check_unused(object, before)?;
    }
    Ok(after)
}

/// Applies the parts of a draft that can change, each after those it depends on.
fn settle(
    object: &Object,
    mut property: Property,
    mut draft: PropertyDraft,
    errors: &mut Vec<FieldError>,
) -> Property {
    let kind = property.kind;
    if draft.has_formula {
        errors.push(no_formulas("/formula"));
    }
    let mut definition = texts(property.definition, &draft, errors);
    definition.required = draft.required.unwrap_or(definition.required);
    if draft.unique == Some(true) && !kind.can_be_key() {
        errors.push(FieldError::new(
            "/unique",
            "UNIQUE_NOT_SUPPORTED",
            format!("values of type {kind} cannot be unique"),
        ));
    }
    definition.unique = draft.unique.unwrap_or(definition.unique);
    // A property that was unique keeps its keys: they still serve upserts.
    definition.indexed |= definition.unique;
    match draft.options.take().filter(|drafts| !drafts.is_empty()) {
        Some(drafts) if kind.has_options() => {
            definition.options = options::settle(object, kind, &definition.options, drafts, errors);
        }
        Some(_) => errors.push(not_applicable("/options", kind)),
        None => {}
    }
    match draft.transitions.take() {
        Some(json) if kind == PropertyType::Stage => {
            definition.transitions = transitions::parse(&json, &definition.options, errors);
        }
        Some(json) if !json.is_null() => errors.push(not_applicable("/transitions", kind)),
        _ => {}
    }
    match draft.currency.take() {
        Some(Some(code)) if kind == PropertyType::Money => match Currency::parse(&code) {
            Some(currency) => definition.currency = Some(currency.to_string()),
            None => errors.push(FieldError::new(
                "/currency",
                "INVALID_CURRENCY",
                "must be an ISO 4217 code such as EUR",
            )),
        },
        Some(Some(_)) => errors.push(not_applicable("/currency", kind)),
        Some(None) | None => {}
    }
    property.definition = definition;
    if let Some(position) = draft.position {
        property.position = judge_position(position, errors);
    }
    property.archived = draft.archived.unwrap_or(property.archived);
    let rests_on = ["/options", "/transitions", "/currency", "/unique"];
    let is_founded = !errors
        .iter()
        .any(|error| rests_on.iter().any(|part| error.pointer.starts_with(part)));
    if is_founded {
        default(&mut property, draft.default, errors);
    }
    property
}

fn texts(
    mut definition: PropertyDefinition,
    draft: &PropertyDraft,
    errors: &mut Vec<FieldError>,
) -> PropertyDefinition {
    if let Some(label) = &draft.label {
        errors.extend(names::judge(label, "/label"));
        definition.label = label.trim().to_owned();
    }
    if let Some(group) = &draft.group {
        let group = group.as_deref().map(str::trim);
        let group = group.filter(|group| !group.is_empty());
        errors.extend(group.and_then(|group| names::judge(group, "/group")));
        definition.group = group.map(str::to_owned);
    }
    if let Some(description) = &draft.description {
        definition.description = text(description.clone(), "/description", errors);
    }
    definition
}

/// The default must fit the rest of the definition, also when only the rest changes.
fn default(property: &mut Property, given: Option<Option<Json>>, errors: &mut Vec<FieldError>) {
    let is_given = given.is_some();
    let json = given.unwrap_or_else(|| property.definition.default.clone());
    property.definition.default = None;
    let Some(json) = json.filter(|json| !json.is_null()) else {
        return;
    };
    let value = match parse_value(property, &json) {
        Ok(Some(value)) => value,
        Ok(None) => return,
        Err(invalid) if is_given => {
            errors.push(FieldError::new("/default", invalid.code, invalid.message));
            return;
        }
        Err(_) => {
            errors.push(FieldError::new(
                "/options",
                "OPTION_IS_DEFAULT",
                "the default must stay an option that can be chosen; change the default too",
            ));
            return;
        }
    };
    if property.definition.unique {
        let pointer = if is_given { "/default" } else { "/unique" };
        errors.push(FieldError::new(
            pointer,
            "DEFAULT_NOT_UNIQUE",
            "a unique property cannot have a default",
        ));
    }
    if let Value::Option(stage) = &value
        && property.kind == PropertyType::Stage
        && lifecycle::check_move(property, None, Some(stage)).is_err()
    {
        let pointer = if is_given { "/default" } else { "/transitions" };
        errors.push(FieldError::new(
            pointer,
            "DEFAULT_NOT_ENTERABLE",
            "the default must be a stage that a new record may enter",
        ));
    }
    property.definition.default = Some(value.to_json());
}

fn judge_type(draft: &PropertyDraft, errors: &mut Vec<FieldError>) -> Option<PropertyType> {
    let name = draft.kind.as_deref().unwrap_or_default();
    let kind = PropertyType::parse(name);
    if kind.is_none() {
        errors.push(match name {
            FORMULA => no_formulas("/type"),
            "" => FieldError::new("/type", "REQUIRED", "must not be empty"),
            _ => FieldError::new(
                "/type",
                "INVALID_TYPE",
                format!(
                    "must be one of {}",
                    PropertyType::ALL.map(PropertyType::as_str).join(", ")
                ),
            ),
        });
    }
    kind
}

fn target(
    schema: &Schema,
    kind: PropertyType,
    name: Option<&str>,
    errors: &mut Vec<FieldError>,
) -> Option<String> {
    match name {
        Some(_) if kind != PropertyType::Record => {
            errors.push(not_applicable("/targetObject", kind));
        }
        Some(name) if schema.object(name).is_none_or(|object| object.archived) => {
            errors.push(FieldError::new(
                "/targetObject",
                "UNKNOWN_OBJECT",
                "must name an object that is not archived",
            ));
        }
        None if kind == PropertyType::Record => errors.push(FieldError::new(
            "/targetObject",
            "REQUIRED",
            "a link needs the object it leads to",
        )),
        Some(_) | None => {}
    }
    name.map(str::to_owned)
}

/// Refuses to archive what other parts of the definition need.
fn check_unused(object: &Object, property: &Property) -> Result<(), ServiceError> {
    if object.definition.primary_property == property.name {
        return Err(ServiceError::conflict(
            "PRIMARY_PROPERTY",
            format!(
                "{} titles the {}; name another primary property first",
                property.definition.label, object.definition.plural_label
            ),
        ));
    }
    let stages: Vec<&str> = object
        .properties
        .iter()
        .filter(|other| !other.archived)
        .flat_map(|other| &other.definition.options)
        .filter(|choice| !choice.archived)
        .filter(|choice| {
            choice
                .stage
                .as_ref()
                .is_some_and(|stage| stage.required_properties.contains(&property.name))
        })
        .map(|choice| choice.label.as_str())
        .collect();
    if stages.is_empty() {
        Ok(())
    } else {
        Err(ServiceError::conflict(
            "PROPERTY_IN_USE",
            format!(
                "{} is required on entry to {}",
                property.definition.label,
                stages.join(", ")
            ),
        ))
    }
}

fn not_applicable(pointer: &str, kind: PropertyType) -> FieldError {
    FieldError::new(
        pointer,
        "NOT_APPLICABLE",
        format!("properties of type {kind} have none"),
    )
}

fn no_formulas(pointer: &str) -> FieldError {
    FieldError::new(
        pointer,
        "FORMULA_NOT_AVAILABLE",
        "formula properties are not available yet",
    )
}
