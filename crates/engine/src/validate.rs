//! From JSON to values: every property of an input is checked, and all that is wrong is said at once.

mod value;

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

pub use value::{Invalid, is_email, parse_value};

use crate::{
    error::{FieldError, pointer_segment},
    lifecycle,
    schema::{Object, Property, PropertyType},
    value::Value,
};

/// Property values of a write that fit their types: what the write path accepts. `None` clears.
pub type Draft = BTreeMap<String, Option<Value>>;

/// Checks the properties of a new record; adds defaults and the entry stage. Pointers begin at the properties object (`/email`).
///
/// # Errors
/// Everything that is wrong.
pub fn validate_create(
    object: &Object,
    input: &Map<String, Json>,
) -> Result<Draft, Vec<FieldError>> {
    let (mut draft, mut errors) = parse_properties(object, input);
    for property in object
        .properties
        .iter()
        .filter(|property| property.is_settable())
    {
        if draft.get(&property.name).is_some_and(Option::is_some) {
            continue;
        }
        let given_empty = input.contains_key(&property.name);
        let initial = if property.kind == PropertyType::Stage {
            lifecycle::entry_stage(property)
        } else {
            property.default_value()
        };
        match initial {
            Some(value) if !given_empty => {
                draft.insert(property.name.clone(), Some(value));
            }
            _ if property.definition.required && !has_error(&errors, &property.name) => {
                errors.push(required(property))
            }
            _ => {}
        }
    }
    draft.retain(|_, value| value.is_some());
    if errors.is_empty() {
        Ok(draft)
    } else {
        Err(errors)
    }
}

/// Checks the properties of an update. `null` clears; a required property cannot be cleared.
///
/// # Errors
/// Everything that is wrong.
pub fn validate_update(
    object: &Object,
    input: &Map<String, Json>,
) -> Result<Draft, Vec<FieldError>> {
    let (draft, mut errors) = parse_properties(object, input);
    for (name, value) in &draft {
        if value.is_none()
            && let Some(property) = object.property(name)
            && property.definition.required
        {
            errors.push(required(property));
        }
    }
    if errors.is_empty() {
        Ok(draft)
    } else {
        Err(errors)
    }
}

fn parse_properties(object: &Object, input: &Map<String, Json>) -> (Draft, Vec<FieldError>) {
    let mut draft = Draft::new();
    let mut errors = Vec::new();
    for (name, json) in input {
        match parse_property(object, name, json) {
            Ok(value) => {
                draft.insert(name.clone(), value);
            }
            Err(error) => errors.push(error),
        }
    }
    (draft, errors)
}

/// Checks one property of an input.
///
/// # Errors
/// If there is no such property, it cannot be set, or the value does not fit.
pub fn parse_property(
    object: &Object,
    name: &str,
    json: &Json,
) -> Result<Option<Value>, FieldError> {
    let pointer = || format!("/{}", pointer_segment(name));
    let Some(property) = object.property(name) else {
        return Err(FieldError::new(
            pointer(),
            "UNKNOWN_PROPERTY",
            format!(
                "{} have no property of this name",
                object.definition.plural_label
            ),
        ));
    };
    if property.is_system {
        return Err(FieldError::new(
            pointer(),
            "READ_ONLY",
            "is kept by Leadline and cannot be set",
        ));
    }
    if property.archived {
        return Err(FieldError::new(
            pointer(),
            "PROPERTY_ARCHIVED",
            "is archived and cannot be set",
        ));
    }
    parse_value(property, json)
        .map_err(|invalid| FieldError::new(pointer(), invalid.code, invalid.message))
}

fn required(property: &Property) -> FieldError {
    FieldError::new(
        format!("/{}", pointer_segment(&property.name)),
        "REQUIRED",
        format!("{} is required", property.definition.label),
    )
}

fn has_error(errors: &[FieldError], name: &str) -> bool {
    errors
        .iter()
        .any(|error| error.pointer.strip_prefix('/') == Some(name))
}

#[cfg(test)]
mod tests;
