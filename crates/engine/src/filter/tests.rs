//! Filters are read as they are written, and what does not fit is refused.

use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::{Filter, parse_filter_groups};
use crate::{
    ids::{ObjectId, PropertyId},
    schema::{
        ARCHIVED, Object, ObjectRow, Property, PropertyDefinition, PropertyType, Schema,
        builtin_objects,
    },
    time::Timestamp,
};

fn schema() -> Schema {
    let time = Timestamp::default();
    let object =
        |(position, (name, definition, mut properties)): (usize, crate::schema::BuiltinObject)| {
            properties.push((
                ARCHIVED,
                PropertyType::Boolean,
                PropertyDefinition::default(),
            ));
            let row = ObjectRow {
                id: ObjectId::new(),
                name: name.into(),
                definition,
                is_builtin: true,
                archived: false,
                position: position as i32,
                created_at: time,
                updated_at: time,
            };
            let property = |(name, kind, definition): (&str, PropertyType, PropertyDefinition)| {
                Arc::new(Property {
                    id: PropertyId::new(),
                    name: name.into(),
                    kind,
                    definition,
                    is_system: name == ARCHIVED,
                    is_builtin: true,
                    archived: false,
                    position: 0,
                    created_at: time,
                    updated_at: time,
                })
            };
            Arc::new(Object::new(
                row,
                properties.into_iter().map(property).collect(),
            ))
        };
    Schema::new(
        1,
        builtin_objects("EUR")
            .into_iter()
            .enumerate()
            .map(object)
            .collect(),
    )
}

fn parse(object: &str, filters: Json) -> Result<Filter, Vec<crate::error::FieldError>> {
    let schema = schema();
    let object = Arc::clone(schema.object(object).unwrap());
    parse_filter_groups(
        &schema,
        &object,
        &json!([{ "filters": filters }]),
        "/filterGroups",
    )
}

#[test]
fn what_is_written_is_what_was_read() {
    let filters = json!([
        {"property": "name", "operator": "EQ", "value": "Ada"},
        {"property": "name", "operator": "EQ", "value": "Ada", "exact": true},
        {"property": "city", "operator": "NOT_IN", "values": ["Paris", "paris"], "exact": true},
        {"property": "city", "operator": "LEFT", "value": "Pärîs", "from": "2026-01-01T00:00:00Z", "exact": true, "excludeSources": ["import"]},
        {"property": "city", "operator": "TIME_IN_VALUE", "value": "Paris", "exact": true, "excludeSources": ["import"]},
        {"property": "amount", "operator": "GTE", "value": {"amount": "10.50", "currency": "EUR"}},
        {"property": "amount", "operator": "BETWEEN", "from": {"amount": "1.00", "currency": "EUR"}, "to": {"amount": "2.00", "currency": "EUR"}},
        {"property": "stage", "operator": "IN", "values": ["new", "contacted"]},
        {"property": "phone", "operator": "NOT_HAS_PROPERTY"},
        {"property": "company", "operator": "CONTAINS", "value": "ltd"},
        {"property": "created_at", "operator": "LT", "value": "2026-01-01T00:00:00Z"},
        {"property": "archived", "operator": "EQ", "value": true},
        {"property": "stage", "operator": "WAS", "value": null, "at": "2026-01-01T00:00:00Z"},
        {"property": "stage", "operator": "ENTERED", "value": "new", "from": "2026-01-01T00:00:00Z", "to": "2026-02-01T00:00:00Z"},
        {"property": "stage", "operator": "CHANGED", "fromValue": null, "toValue": "new", "from": "2026-01-01T00:00:00Z"},
        {"property": "stage", "operator": "CHANGE_COUNT", "gte": 2},
        {"property": "stage", "operator": "TIME_IN_VALUE", "value": "new", "gte": "PT86400.500000S"},
        {"property": "stage", "operator": "UNCHANGED_FOR", "duration": "PT1209600S"},
        {"property": "stage", "operator": "LEFT", "value": "new", "from": "2026-01-01T00:00:00Z", "excludeSources": ["import", "bulk"]},
        {"property": "stage", "operator": "REACHED", "values": ["new", "converted"], "value": "converted", "from": "2026-01-01T00:00:00Z", "to": "2026-02-01T00:00:00Z"},
        {"property": "stage", "operator": "REACHED", "values": ["new", "converted"], "value": "new", "basis": "period", "skipped": "drop", "excludeSources": ["api"]},
    ]);
    let written = parse("leads", filters.clone()).unwrap().to_json();
    assert_eq!(written, json!([{ "filters": filters }]));
    let linked =
        json!([{"property": "account.industry", "operator": "STARTS_WITH", "value": "retail"}]);
    assert_eq!(
        parse("deals", linked.clone()).unwrap().to_json(),
        json!([{ "filters": linked }])
    );
}

#[test]
fn everything_that_does_not_fit_is_said_with_its_place() {
    let errors = parse(
        "leads",
        json!([
            {"property": "colour", "operator": "EQ", "value": 1},
            {"property": "stage", "operator": "EQ", "value": "sold"},
            {"property": "stage", "operator": "GT", "value": "new"},
            {"property": "name", "operator": "LIKE", "value": "a"},
            {"property": "name", "operator": "EQ", "value": "a", "or": 1},
            {"property": "created_at", "operator": "EVER", "value": "2026-01-01T00:00:00Z"},
            {"property": "stage", "operator": "UNCHANGED_FOR", "duration": "P1M"},
            {"property": "stage", "operator": "ENTERED", "value": "new", "from": "2026-02-01T00:00:00Z", "to": "2026-01-01T00:00:00Z"},
            {"property": "owner.name", "operator": "EQ", "value": "x"},
            7,
            {"property": "stage", "operator": "LEFT", "value": "new", "excludeSources": ["fax"]},
            {"property": "stage", "operator": "EVER", "value": "new", "excludeSources": ["api"]},
            {"property": "stage", "operator": "REACHED", "values": ["new"], "value": "converted"},
            {"property": "stage", "operator": "REACHED", "values": ["new"], "value": "new", "skipped": "maybe"},
            {"property": "name", "operator": "EQ", "value": "a", "exact": "yes"},
            {"property": "name", "operator": "CONTAINS", "value": "a", "exact": true},
        ]),
    )
    .unwrap_err();
    let places: Vec<(&str, &str)> = errors
        .iter()
        .map(|error| (error.pointer.as_str(), error.code.as_ref()))
        .collect();
    assert_eq!(
        places,
        [
            ("/filterGroups/0/filters/0/property", "UNKNOWN_PROPERTY"),
            ("/filterGroups/0/filters/1/value", "INVALID_OPTION"),
            ("/filterGroups/0/filters/2/operator", "INVALID_OPERATOR"),
            ("/filterGroups/0/filters/3/operator", "UNKNOWN_OPERATOR"),
            ("/filterGroups/0/filters/4/or", "UNKNOWN_FIELD"),
            ("/filterGroups/0/filters/5/operator", "INVALID_OPERATOR"),
            ("/filterGroups/0/filters/6/duration", "INVALID_VALUE"),
            ("/filterGroups/0/filters/7/to", "INVALID_VALUE"),
            ("/filterGroups/0/filters/8/property", "UNKNOWN_PROPERTY"),
            ("/filterGroups/0/filters/9", "INVALID_FILTER"),
            ("/filterGroups/0/filters/10/excludeSources", "INVALID_VALUE"),
            ("/filterGroups/0/filters/11/excludeSources", "UNKNOWN_FIELD"),
            ("/filterGroups/0/filters/12/value", "INVALID_VALUE"),
            ("/filterGroups/0/filters/13/skipped", "INVALID_VALUE"),
            ("/filterGroups/0/filters/14/exact", "INVALID_VALUE"),
            ("/filterGroups/0/filters/15/exact", "UNKNOWN_FIELD"),
        ]
    );
}
