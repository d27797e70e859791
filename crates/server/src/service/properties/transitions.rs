//! The moves of a lifecycle, from JSON.

use leadline_engine::{
    error::{FieldError, pointer_segment},
    schema::{Choice, Transition, Transitions},
};
use serde_json::{Map, Value as Json};

/// Most moves of a lifecycle.
const MOST_TRANSITIONS: usize = 10_000;

/// Reads `"any"` or a list of `{from, to}`; every stage must be one of the options, archived ones too.
pub(super) fn parse(json: &Json, options: &[Choice], errors: &mut Vec<FieldError>) -> Transitions {
    match json {
        Json::Null => Transitions::Any,
        Json::String(text) if text == "any" => Transitions::Any,
        Json::Array(items) if items.len() <= MOST_TRANSITIONS => {
            let mut only = Vec::with_capacity(items.len());
            for (index, item) in items.iter().enumerate() {
                let mut found = Vec::new();
                let transition = transition(item, options, &mut found);
                let place = format!("/transitions/{index}");
                errors.extend(found.into_iter().map(|error| error.under(&place)));
                if !only.contains(&transition) {
                    only.push(transition);
                }
            }
            Transitions::Only(only)
        }
        _ => {
            errors.push(FieldError::new(
                "/transitions",
                "INVALID_TRANSITIONS",
                "must be \"any\" or a list of {from, to}",
            ));
            Transitions::Any
        }
    }
}

fn transition(item: &Json, options: &[Choice], errors: &mut Vec<FieldError>) -> Transition {
    let nothing = Map::new();
    let fields = item.as_object().unwrap_or_else(|| {
        errors.push(FieldError::new("", "WRONG_TYPE", "must be {from, to}"));
        &nothing
    });
    for name in fields
        .keys()
        .filter(|name| *name != "from" && *name != "to")
    {
        errors.push(FieldError::new(
            format!("/{}", pointer_segment(name)),
            "UNKNOWN_FIELD",
            "this field is not known here",
        ));
    }
    let from = fields.get("from").filter(|from| !from.is_null());
    let from = from.map(|from| stage(from, "/from", options, errors));
    let to = match fields.get("to") {
        Some(to) => stage(to, "/to", options, errors),
        None if item.is_object() => {
            errors.push(FieldError::new(
                "/to",
                "MISSING_FIELD",
                "this field is required",
            ));
            String::new()
        }
        None => String::new(),
    };
    Transition { from, to }
}

fn stage(json: &Json, pointer: &str, options: &[Choice], errors: &mut Vec<FieldError>) -> String {
    let value = json.as_str().unwrap_or_default();
    if !options.iter().any(|choice| choice.value == value) {
        errors.push(FieldError::new(
            pointer,
            "UNKNOWN_STAGE",
            "must be one of the options",
        ));
    }
    value.to_owned()
}
