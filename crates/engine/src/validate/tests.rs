//! Examples of each type, good and bad.

use std::sync::Arc;

use serde_json::json;

use super::*;
use crate::{
    ids::{ObjectId, PropertyId},
    schema::{ObjectRow, PropertyDefinition, builtin_objects},
    time::Timestamp,
};

fn leads(change: impl Fn(&str, &mut PropertyDefinition)) -> Object {
    let (name, definition, properties) = builtin_objects("EUR").remove(0);
    let time = Timestamp::default();
    let row = ObjectRow {
        id: ObjectId::new(),
        name: name.into(),
        definition,
        is_builtin: true,
        archived: false,
        position: 0,
        created_at: time,
        updated_at: time,
    };
    let property = |(position, (name, kind, mut definition)): (
        usize,
        (&str, PropertyType, PropertyDefinition),
    )| {
        change(name, &mut definition);
        Arc::new(Property {
            id: PropertyId::new(),
            name: name.into(),
            kind,
            definition,
            is_system: false,
            is_builtin: true,
            archived: false,
            position: position as i32,
            created_at: time,
            updated_at: time,
        })
    };
    Object::new(
        row,
        properties.into_iter().enumerate().map(property).collect(),
    )
}

fn codes(errors: &[FieldError]) -> Vec<(&str, &str)> {
    errors
        .iter()
        .map(|error| (error.pointer.as_str(), error.code.as_ref()))
        .collect()
}

#[test]
fn everything_wrong_is_said_at_once() {
    let input = json!({"email": "nobody", "amount": {"amount": "x", "currency": "EUR"}, "colour": "red", "stage": "sold", "owner": 7, "name": "a\u{0}b"});
    let errors = validate_create(&leads(|_, _| ()), input.as_object().unwrap()).unwrap_err();
    let mut codes = codes(&errors);
    codes.sort_unstable();
    assert_eq!(
        codes,
        [
            ("/amount", "INVALID_MONEY"),
            ("/colour", "UNKNOWN_PROPERTY"),
            ("/email", "INVALID_EMAIL"),
            ("/name", "INVALID_TEXT"),
            ("/owner", "INVALID_USER"),
            ("/stage", "INVALID_OPTION")
        ]
    );
}

#[test]
fn a_new_record_gets_its_entry_stage_and_empty_values_are_absent() {
    let input = json!({"name": "Ada Ltd", "email": null, "phone": "", "amount": 12.5});
    let draft = validate_create(&leads(|_, _| ()), input.as_object().unwrap()).unwrap();
    let as_json: Vec<_> = draft
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_ref().unwrap().to_json()))
        .collect();
    assert_eq!(
        as_json,
        [
            ("amount", json!({"amount": "12.50", "currency": "EUR"})),
            ("name", json!("Ada Ltd")),
            ("stage", json!("new"))
        ]
    );
}

#[test]
fn a_required_property_must_be_given_and_cannot_be_cleared() {
    let object = leads(|name, definition| definition.required = name == "email");
    assert_eq!(
        codes(&validate_create(&object, &Map::new()).unwrap_err()),
        [("/email", "REQUIRED")]
    );
    assert_eq!(
        codes(&validate_create(&object, json!({"email": "bad"}).as_object().unwrap()).unwrap_err()),
        [("/email", "INVALID_EMAIL")]
    );
    assert_eq!(
        codes(&validate_update(&object, json!({"email": null}).as_object().unwrap()).unwrap_err()),
        [("/email", "REQUIRED")]
    );
}

#[test]
fn a_number_is_a_number_of_json() {
    let mut property = (**leads(|_, _| ()).property("city").unwrap()).clone();
    property.kind = PropertyType::Number;
    for good in [json!(1), json!(-1.5), json!(1e3)] {
        assert!(parse_value(&property, &good).unwrap().is_some(), "{good}");
    }
    for bad in [
        json!("1"),
        json!("1.5"),
        json!("much"),
        json!(true),
        json!([1]),
    ] {
        assert_eq!(
            parse_value(&property, &bad).unwrap_err().code,
            "INVALID_NUMBER",
            "{bad}"
        );
    }
}

#[test]
fn links_are_web_mail_or_telephone() {
    let mut property = (**leads(|_, _| ()).property("city").unwrap()).clone();
    property.kind = PropertyType::Url;
    for good in [
        "https://example.com/a?b=c",
        "http://localhost:8080",
        "mailto:ada@example.com",
        "tel:+3165550",
    ] {
        assert!(parse_value(&property, &json!(good)).is_ok(), "{good}");
    }
    for bad in [
        "javascript:alert(1)",
        "data:text/html,x",
        "example.com",
        "//example.com",
        "file:///etc/passwd",
        "java\nscript:alert(1)",
        "vbscript:x",
    ] {
        assert!(parse_value(&property, &json!(bad)).is_err(), "{bad}");
    }
}

#[test]
fn addresses_of_mail_are_checked_without_being_pedantic() {
    for good in [
        "ada@example.com",
        "o'neil+crm@sub.example.co.uk",
        "zoë@exämple.org",
    ] {
        assert!(value::is_email(good), "{good}");
    }
    for bad in [
        "ada",
        "@example.com",
        "ada@",
        "ada@example",
        "a b@example.com",
        "ada@@example.com",
        "ada@-x.com",
        ".ada@example.com",
    ] {
        assert!(!value::is_email(bad), "{bad}");
    }
}
