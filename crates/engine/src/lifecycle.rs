//! Lifecycles: which moves between stages are allowed, and what a stage asks for on entry.

use std::collections::BTreeMap;

use crate::{
    schema::{Property, Transitions},
    value::Value,
};

/// A refused move.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The lifecycle has no such move: 409.
    #[error("{property} cannot move from {} to {}", .from.as_deref().unwrap_or("nothing"), .to.as_deref().unwrap_or("nothing"))]
    TransitionNotAllowed {
        /// The stage property's name.
        property: String,
        /// The stage the record is in.
        from: Option<String>,
        /// The stage it should enter.
        to: Option<String>,
        /// The stages it may enter instead.
        allowed: Vec<String>,
    },
    /// The stage needs properties that are empty: 422.
    #[error("{stage} needs {}", .missing.join(", "))]
    RequirementMissing {
        /// The stage property's name.
        property: String,
        /// The stage it should enter.
        stage: String,
        /// Names of the empty properties.
        missing: Vec<String>,
    },
}

/// Whether a record may move from one stage to another; `None` is no stage. A lifecycle that names no entry can be entered anywhere.
///
/// # Errors
/// [`Refusal::TransitionNotAllowed`].
pub fn check_move(
    property: &Property,
    from: Option<&str>,
    to: Option<&str>,
) -> Result<(), Refusal> {
    if from == to || may_move(property, from, to) {
        return Ok(());
    }
    let allowed = property
        .definition
        .options
        .iter()
        .filter(|choice| !choice.archived && may_move(property, from, Some(&choice.value)))
        .map(|choice| choice.value.clone());
    Err(Refusal::TransitionNotAllowed {
        property: property.name.clone(),
        from: from.map(str::to_owned),
        to: to.map(str::to_owned),
        allowed: allowed.collect(),
    })
}

/// Whether a record with these values has what the stage asks for.
///
/// # Errors
/// [`Refusal::RequirementMissing`].
pub fn check_requirements(
    property: &Property,
    to: &str,
    values: &BTreeMap<String, Value>,
) -> Result<(), Refusal> {
    let Some(stage) = property.choice(to).and_then(|choice| choice.stage.as_ref()) else {
        return Ok(());
    };
    let missing: Vec<String> = stage
        .required_properties
        .iter()
        .filter(|name| !values.contains_key(*name))
        .cloned()
        .collect();
    if missing.is_empty() {
        Ok(())
    } else {
        Err(Refusal::RequirementMissing {
            property: property.name.clone(),
            stage: to.to_owned(),
            missing,
        })
    }
}

/// The stage of a new record that states none: the default, or the first stage that may be entered.
#[must_use]
pub fn entry_stage(property: &Property) -> Option<Value> {
    property.default_value().or_else(|| {
        let first = property
            .definition
            .options
            .iter()
            .find(|choice| !choice.archived && may_move(property, None, Some(&choice.value)));
        first.map(|choice| Value::Option(choice.value.clone()))
    })
}

fn may_move(property: &Property, from: Option<&str>, to: Option<&str>) -> bool {
    match &property.definition.transitions {
        Transitions::Any => true,
        Transitions::Only(list) => {
            let entry_is_free =
                from.is_none() && list.iter().all(|transition| transition.from.is_some());
            entry_is_free
                || list.iter().any(|transition| {
                    transition.from.as_deref() == from && Some(transition.to.as_str()) == to
                })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        ids::PropertyId,
        schema::{Choice, PropertyDefinition, PropertyType, Stage, Transition},
        time::Timestamp,
    };

    fn lifecycle(transitions: Transitions) -> Property {
        let choice = |value: &str, required: &[&str]| Choice {
            value: value.into(),
            label: value.into(),
            color: None,
            archived: false,
            stage: Some(Stage {
                required_properties: required.iter().map(|&name| name.to_owned()).collect(),
                ..Stage::default()
            }),
        };
        Property {
            id: PropertyId::new(),
            name: "stage".into(),
            kind: PropertyType::Stage,
            definition: PropertyDefinition {
                options: vec![
                    choice("new", &[]),
                    choice("mql", &["email"]),
                    choice("won", &[]),
                ],
                transitions,
                ..PropertyDefinition::default()
            },
            is_system: false,
            is_builtin: false,
            archived: false,
            position: 0,
            created_at: Timestamp::default(),
            updated_at: Timestamp::default(),
        }
    }

    fn only(list: &[(Option<&str>, &str)]) -> Transitions {
        Transitions::Only(
            list.iter()
                .map(|&(from, to)| Transition {
                    from: from.map(str::to_owned),
                    to: to.to_owned(),
                })
                .collect(),
        )
    }

    #[test]
    fn a_move_that_is_not_listed_is_refused_and_the_refusal_names_what_is_allowed() {
        let property = lifecycle(only(&[(None, "mql"), (Some("mql"), "won")]));
        assert_eq!(entry_stage(&property), Some(Value::Option("mql".into())));
        assert!(check_move(&property, Some("mql"), Some("won")).is_ok());
        let Err(Refusal::TransitionNotAllowed { allowed, .. }) =
            check_move(&property, Some("mql"), Some("new"))
        else {
            panic!("must be refused")
        };
        assert_eq!(allowed, ["won"]);
        assert!(check_move(&property, None, Some("new")).is_err());
    }

    #[test]
    fn a_lifecycle_that_names_no_entry_can_be_entered_anywhere() {
        let property = lifecycle(only(&[(Some("new"), "mql")]));
        assert!(check_move(&property, None, Some("won")).is_ok());
        assert!(check_move(&property, Some("new"), None).is_err());
    }

    #[test]
    fn a_stage_names_what_it_misses() {
        let property = lifecycle(Transitions::Any);
        let refusal = check_requirements(&property, "mql", &BTreeMap::new()).unwrap_err();
        assert_eq!(refusal.to_string(), "mql needs email");
    }
}
