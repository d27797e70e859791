//! What a caller says of a property: a new one, or what to change of one.

use serde_json::Value as Json;

/// A property to make, or what to change of one. What is left out stays as it is; `Some(None)` clears.
#[derive(Debug, Clone, Default)]
pub struct PropertyDraft {
    /// Stable name; only at creation.
    pub name: Option<String>,
    /// The type's name; only at creation.
    pub kind: Option<String>,
    /// The name of the object that a `record` links to; only at creation.
    pub target_object: Option<String>,
    /// Whether a formula was given.
    pub has_formula: bool,
    /// For people.
    pub label: Option<String>,
    /// Heading under which it is shown.
    pub group: Option<Option<String>>,
    /// Help text.
    pub description: Option<Option<String>>,
    /// Whether a record cannot be without it.
    pub required: Option<bool>,
    /// Whether no two records hold the same value.
    pub unique: Option<bool>,
    /// What a new record gets.
    pub default: Option<Option<Json>>,
    /// All options in order. Those left out are archived.
    pub options: Option<Vec<OptionDraft>>,
    /// For amounts given without a currency.
    pub currency: Option<Option<String>>,
    /// `"any"` or a list of `{from, to}`.
    pub transitions: Option<Json>,
    /// Order among the object's properties.
    pub position: Option<i64>,
    /// Whether it is archived.
    pub archived: Option<bool>,
}

/// An option in a draft. What is left out stays as it is for an option that exists; `Some(None)` clears.
#[derive(Debug, Clone, Default)]
pub struct OptionDraft {
    /// The stable name in records.
    pub value: Option<String>,
    /// For people; a new option's value if left out.
    pub label: Option<String>,
    /// A name of the palette or `#rrggbb`.
    pub color: Option<Option<String>>,
    /// Whether it can no longer be chosen.
    pub archived: Option<bool>,
    /// Of a stage: `open`, `won` or `lost`.
    pub category: Option<Option<String>>,
    /// Of a stage: 0 to 100.
    pub probability: Option<Option<Json>>,
    /// Of a stage: ISO 8601.
    pub max_duration: Option<Option<String>>,
    /// Of a stage: names of properties.
    pub required_properties: Option<Option<Vec<String>>>,
}

impl OptionDraft {
    /// What was given that only a stage has: the fields' names in the API.
    pub(super) fn stage_fields(&self) -> impl Iterator<Item = &'static str> {
        let is_given = [
            ("category", matches!(self.category, Some(Some(_)))),
            ("probability", matches!(self.probability, Some(Some(_)))),
            ("maxDuration", matches!(self.max_duration, Some(Some(_)))),
            (
                "requiredProperties",
                matches!(&self.required_properties, Some(Some(names)) if !names.is_empty()),
            ),
        ];
        is_given
            .into_iter()
            .filter(|(_, given)| *given)
            .map(|(name, _)| name)
    }
}
