//! Ready-made mappings: the history tables of other systems, as connectors deliver them.

use leadline_engine::{
    schema::{Object, SYSTEM_NAMES},
    text::fold,
};

use super::options::MappingEntry;

/// HubSpot's property history: one row for each value.
pub(super) fn hubspot(
    header: &[String],
    object: &Object,
    given: &[MappingEntry],
) -> Vec<MappingEntry> {
    let mut entries = Entries {
        header,
        given,
        made: Vec::new(),
    };
    let own_id = format!("{}_id", fold(&object.definition.label));
    let is_id = |name: &&String| {
        let name = fold(name);
        name.ends_with("_id") && !name.starts_with("_fivetran") && name != "source_id"
    };
    let key = entries.first(&[&own_id, "object_id", "record_id", "objectid", "id"]);
    if let Some(key) = key.or_else(|| header.iter().find(is_id).cloned()) {
        entries.map(&key, "@key");
    }
    if let Some(time) = entries.first(&["timestamp", "date_entered", "_fivetran_start"]) {
        entries.map(&time, "@time");
    }
    let value = entries.first(&["value"]);
    match (entries.first(&["name", "property", "property_name"]), value) {
        (Some(name), Some(value)) => {
            entries.map(&name, "@property");
            entries.map(&value, "@value");
        }
        // The table of a deal's stages has one property only.
        (None, Some(value)) => entries.map(&value, "stage"),
        _ => {}
    }
    if let Some(source) = entries.first(&["source"]) {
        entries.map(&source, "@source");
    }
    entries.made
}

/// Salesforce rows in history mode: each is a version of the whole record.
pub(super) fn salesforce(
    header: &[String],
    object: &Object,
    given: &[MappingEntry],
) -> Vec<MappingEntry> {
    let mut entries = Entries {
        header,
        given,
        made: Vec::new(),
    };
    for column in header {
        let name = fold(column);
        match name.as_str() {
            "id" => entries.map(column, "@key"),
            "_fivetran_start" => entries.map(column, "@time"),
            "stage_name" if object.property("stage").is_some() => entries.map(column, "stage"),
            name if name.starts_with("_fivetran") || name.is_empty() => {}
            name => {
                let property = property_name(name);
                let is_read_only = object
                    .property(&property)
                    .is_some_and(|property| !property.is_settable());
                if !is_read_only {
                    entries.create(column, &property);
                }
            }
        }
    }
    entries.made
}

/// A name that a property can have, made of any text.
pub(super) fn property_name(text: &str) -> String {
    let plain: String = fold(text)
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
        .take(60)
        .collect();
    let trimmed = plain.trim_matches('_');
    if trimmed.starts_with(|c: char| c.is_ascii_lowercase()) && !SYSTEM_NAMES.contains(&trimmed) {
        trimmed.to_owned()
    } else {
        format!("p_{trimmed}")
    }
}

struct Entries<'a> {
    header: &'a [String],
    given: &'a [MappingEntry],
    made: Vec<MappingEntry>,
}

impl Entries<'_> {
    /// The first of these names that is a column.
    fn first(&self, names: &[&str]) -> Option<String> {
        names.iter().find_map(|name| {
            self.header
                .iter()
                .find(|column| fold(column) == *name)
                .cloned()
        })
    }

    fn map(&mut self, column: &str, property: &str) {
        self.add(column, property, None);
    }

    fn create(&mut self, column: &str, property: &str) {
        self.add(column, property, Some(true.into()));
    }

    /// Adds an entry, unless the caller or an earlier one maps the column or the property.
    fn add(&mut self, column: &str, property: &str, create_property: Option<serde_json::Value>) {
        let is_taken = |entry: &MappingEntry| {
            entry.column.as_deref() == Some(column) || entry.property == property
        };
        if !self.given.iter().chain(&self.made).any(is_taken) {
            self.made.push(MappingEntry {
                column: Some(column.to_owned()),
                property: property.to_owned(),
                create_property,
                ..MappingEntry::default()
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use leadline_engine::schema::is_valid_name;

    use super::property_name;

    #[test]
    fn any_text_makes_a_name() {
        for (text, expected) in [
            ("Deal Stage", "deal_stage"),
            ("7/VuV07HiY+Gu5IUAO6JCw==", "p_7_vuv07hiy_gu5iuao6jcw"),
            ("created_at", "p_created_at"),
            ("Größe", "grosse"),
        ] {
            assert_eq!(property_name(text), expected);
        }
        for text in ["", "===", "\u{1F600}", &"x".repeat(500)] {
            assert!(is_valid_name(&property_name(text)), "{text}");
        }
    }
}
