//! Objects whose records are parts of other records: what a deal sells, and what was done, written down or is to be done about a record.

use super::{BuiltinObject, link, money, object, plain};
use crate::schema::{Choice, ObjectDefinition, PropertyDefinition, PropertyType};

/// The products of a deal: parts of it, with a history like everything else.
pub(super) fn line_items(currency: &str) -> BuiltinObject {
    let properties = vec![
        (
            "deal",
            PropertyType::Record,
            required(link("Deal", "deals")),
        ),
        ("product", PropertyType::Record, link("Product", "products")),
        ("name", PropertyType::Text, plain("Name", "About")),
        (
            "quantity",
            PropertyType::Number,
            PropertyDefinition {
                default: Some(1.into()),
                ..plain("Quantity", "About")
            },
        ),
        (
            "unit_price",
            PropertyType::Money,
            money("Unit price", currency),
        ),
        (
            "discount",
            PropertyType::Number,
            PropertyDefinition {
                description: Some("Percent".into()),
                ..plain("Discount", "About")
            },
        ),
    ];
    (
        "line_items",
        part(object("Line item", "Line items", "name")),
        properties,
    )
}

/// What people did with other people: calls, e-mails that were written elsewhere, meetings.
pub(super) fn activities() -> BuiltinObject {
    let kinds = [("call", "Call"), ("email", "Email"), ("meeting", "Meeting")];
    let directions = [("outbound", "Outbound"), ("inbound", "Inbound")];
    let outcomes = [
        ("connected", "Connected"),
        ("left_message", "Left a message"),
        ("no_answer", "No answer"),
    ];
    let properties = vec![
        (
            "kind",
            PropertyType::Select,
            required(choices(plain("Kind", "About"), &kinds)),
        ),
        ("subject", PropertyType::Text, plain("Subject", "About")),
        ("body", PropertyType::LongText, plain("Body", "About")),
        (
            "occurred_at",
            PropertyType::Datetime,
            required(plain("Occurred at", "About")),
        ),
        (
            "duration_minutes",
            PropertyType::Number,
            plain("Duration in minutes", "About"),
        ),
        (
            "direction",
            PropertyType::Select,
            choices(plain("Direction", "About"), &directions),
        ),
        (
            "outcome",
            PropertyType::Select,
            choices(plain("Outcome", "About"), &outcomes),
        ),
        ("owner", PropertyType::User, plain("Owner", "Work")),
    ];
    (
        "activities",
        part(object("Activity", "Activities", "subject")),
        properties,
    )
}

pub(super) fn notes() -> BuiltinObject {
    let properties = vec![(
        "body",
        PropertyType::LongText,
        required(plain("Body", "About")),
    )];
    ("notes", part(object("Note", "Notes", "body")), properties)
}

pub(super) fn tasks() -> BuiltinObject {
    let priorities = [("low", "Low"), ("normal", "Normal"), ("high", "High")];
    let priority = PropertyDefinition {
        default: Some("normal".into()),
        ..choices(plain("Priority", "Work"), &priorities)
    };
    let properties = vec![
        (
            "title",
            PropertyType::Text,
            required(plain("Title", "About")),
        ),
        (
            "description",
            PropertyType::LongText,
            plain("Description", "About"),
        ),
        ("due_at", PropertyType::Datetime, plain("Due at", "Work")),
        ("assignee", PropertyType::User, plain("Assignee", "Work")),
        ("priority", PropertyType::Select, priority),
        ("done_at", PropertyType::Datetime, plain("Done at", "Work")),
        (
            "remind_at",
            PropertyType::Datetime,
            plain("Remind at", "Work"),
        ),
    ];
    ("tasks", part(object("Task", "Tasks", "title")), properties)
}

/// Its records are parts of others.
fn part(definition: ObjectDefinition) -> ObjectDefinition {
    ObjectDefinition {
        is_part: true,
        ..definition
    }
}

fn required(definition: PropertyDefinition) -> PropertyDefinition {
    PropertyDefinition {
        required: true,
        ..definition
    }
}

fn choices(definition: PropertyDefinition, options: &[(&str, &str)]) -> PropertyDefinition {
    let choice = |&(value, label): &(&str, &str)| Choice {
        value: value.into(),
        label: label.into(),
        color: None,
        archived: false,
        stage: None,
    };
    PropertyDefinition {
        options: options.iter().map(choice).collect(),
        ..definition
    }
}
