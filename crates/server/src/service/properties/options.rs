//! Options of `select`, `multi_select` and `stage`: what may stand in them, and how a new list joins the old one.

use std::collections::HashSet;

use leadline_engine::{
    error::FieldError,
    schema::{Choice, Object, PropertyType, Stage, StageCategory},
    time::parse_duration,
};
use serde_json::Value as Json;

use super::draft::OptionDraft;
use crate::service::names;

/// Colours that have a name.
pub const PALETTE: [&str; 13] = [
    "slate", "gray", "blue", "indigo", "violet", "pink", "red", "orange", "yellow", "green",
    "teal", "cyan", "brown",
];

/// Most options of a property.
const MOST_OPTIONS: usize = 2_000;
/// Most characters of an option's value.
const LONGEST_VALUE: usize = 100;

/// The list of options afterwards: those of the draft in its order, then those it leaves out, archived.
pub(super) fn settle(
    object: &Object,
    kind: PropertyType,
    before: &[Choice],
    drafts: Vec<OptionDraft>,
    errors: &mut Vec<FieldError>,
) -> Vec<Choice> {
    if drafts.len() > MOST_OPTIONS {
        errors.push(FieldError::new(
            "/options",
            "TOO_MANY",
            format!("must be at most {MOST_OPTIONS}"),
        ));
        return before.to_vec();
    }
    let mut seen = HashSet::new();
    let mut after = Vec::with_capacity(drafts.len().max(before.len()));
    for (index, draft) in drafts.into_iter().enumerate() {
        let place = format!("/options/{index}");
        let known = before
            .iter()
            .find(|choice| Some(&choice.value) == draft.value.as_ref());
        let mut found = Vec::new();
        let choice = choice(object, kind, known, draft, &mut found);
        if !seen.insert(choice.value.clone()) {
            found.push(FieldError::new(
                "/value",
                "DUPLICATE_OPTION",
                "stands in the list twice",
            ));
        }
        errors.extend(found.into_iter().map(|error| error.under(&place)));
        after.push(choice);
    }
    if after.iter().all(|choice| choice.archived) {
        errors.push(FieldError::new(
            "/options",
            "REQUIRED",
            "must have at least one option that can be chosen",
        ));
    }
    let left_out = before.iter().filter(|choice| !seen.contains(&choice.value));
    after.extend(left_out.map(|choice| Choice {
        archived: true,
        ..choice.clone()
    }));
    after
}

fn choice(
    object: &Object,
    kind: PropertyType,
    known: Option<&Choice>,
    draft: OptionDraft,
    errors: &mut Vec<FieldError>,
) -> Choice {
    let stage = if kind == PropertyType::Stage {
        let before = known.and_then(|choice| choice.stage.clone());
        Some(stage(object, before.unwrap_or_default(), &draft, errors))
    } else {
        errors.extend(draft.stage_fields().map(|field| {
            FieldError::new(
                format!("/{field}"),
                "NOT_APPLICABLE",
                "only options of a stage have it",
            )
        }));
        None
    };
    let value = draft.value.unwrap_or_default();
    errors.extend(judge_value(&value));
    let label = match (draft.label, known) {
        (Some(label), _) => {
            errors.extend(names::judge(&label, "/label"));
            label.trim().to_owned()
        }
        (None, Some(known)) => known.label.clone(),
        (None, None) => value.clone(),
    };
    let color = match draft.color {
        None => known.and_then(|choice| choice.color.clone()),
        Some(None) => None,
        Some(Some(color)) => {
            errors.extend(judge_color(&color));
            Some(color.to_ascii_lowercase())
        }
    };
    Choice {
        value,
        label,
        color,
        archived: draft.archived.unwrap_or(false),
        stage,
    }
}

fn judge_value(value: &str) -> Option<FieldError> {
    if value.trim().is_empty() {
        Some(FieldError::new("/value", "REQUIRED", "must not be empty"))
    } else if value.chars().count() > LONGEST_VALUE {
        Some(FieldError::new(
            "/value",
            "TOO_LONG",
            format!("must have at most {LONGEST_VALUE} characters"),
        ))
    } else if value.chars().any(char::is_control) {
        Some(FieldError::new(
            "/value",
            "INVALID_CHARACTER",
            "must be one line without control characters",
        ))
    } else {
        None
    }
}

fn judge_color(color: &str) -> Option<FieldError> {
    let is_hex = color.strip_prefix('#').is_some_and(|digits| {
        digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
    });
    let is_good = is_hex || PALETTE.contains(&color);
    (!is_good).then(|| {
        FieldError::new(
            "/color",
            "INVALID_COLOR",
            format!("must be #rrggbb or one of {}", PALETTE.join(", ")),
        )
    })
}

fn stage(
    object: &Object,
    mut stage: Stage,
    draft: &OptionDraft,
    errors: &mut Vec<FieldError>,
) -> Stage {
    if let Some(category) = &draft.category {
        match category.as_deref().unwrap_or("open") {
            "open" => stage.category = StageCategory::Open,
            "won" => stage.category = StageCategory::Won,
            "lost" => stage.category = StageCategory::Lost,
            _ => errors.push(FieldError::new(
                "/category",
                "INVALID_CATEGORY",
                "must be open, won or lost",
            )),
        }
    }
    if let Some(probability) = &draft.probability {
        stage.probability = probability.as_ref().and_then(|json| percent(json, errors));
    }
    if let Some(duration) = &draft.max_duration {
        if let Some(text) = duration
            && let Err(error) = parse_duration(text)
        {
            errors.push(FieldError::new(
                "/maxDuration",
                "INVALID_DURATION",
                error.to_string(),
            ));
        }
        stage.max_duration.clone_from(duration);
    }
    if let Some(required) = &draft.required_properties {
        stage.required_properties = required.clone().unwrap_or_default();
        for (index, name) in stage.required_properties.iter().enumerate() {
            let is_known = object
                .property(name)
                .is_some_and(|property| property.is_settable());
            if !is_known {
                errors.push(FieldError::new(
                    format!("/requiredProperties/{index}"),
                    "UNKNOWN_PROPERTY",
                    "must name another property of the object that is not archived",
                ));
            }
        }
    }
    stage
}

fn percent(json: &Json, errors: &mut Vec<FieldError>) -> Option<u8> {
    let percent = json
        .as_u64()
        .and_then(|number| u8::try_from(number).ok())
        .filter(|number| *number <= 100);
    if percent.is_none() {
        errors.push(FieldError::new(
            "/probability",
            "INVALID_PROBABILITY",
            "must be a whole number from 0 to 100",
        ));
    }
    percent
}
