//! The objects that a new workspace begins with: data, not code paths.

mod parts;

use super::{Choice, ObjectDefinition, PropertyDefinition, PropertyType, Stage, StageCategory};

/// An object of a new workspace: name, definition, and its properties (name, type, definition) in order.
pub type BuiltinObject = (
    &'static str,
    ObjectDefinition,
    Vec<(&'static str, PropertyType, PropertyDefinition)>,
);

/// The built-in objects, for a workspace whose currency is `currency`.
#[must_use]
pub fn builtin_objects(currency: &str) -> Vec<BuiltinObject> {
    vec![
        leads(currency),
        contacts(),
        accounts(),
        deals(currency),
        products(currency),
        parts::line_items(currency),
        parts::activities(),
        parts::notes(),
        parts::tasks(),
    ]
}

fn leads(currency: &str) -> BuiltinObject {
    let properties = vec![
        ("name", PropertyType::Text, plain("Name", "About")),
        ("email", PropertyType::Email, keyed("Email", "Contact")),
        ("phone", PropertyType::Phone, keyed("Phone", "Contact")),
        ("company", PropertyType::Text, plain("Company", "About")),
        (
            "stage",
            PropertyType::Stage,
            lifecycle(&[
                ("new", "New", "slate", StageCategory::Open, 10),
                ("contacted", "Contacted", "blue", StageCategory::Open, 25),
                ("qualified", "Qualified", "violet", StageCategory::Open, 50),
                ("converted", "Converted", "green", StageCategory::Won, 100),
                (
                    "disqualified",
                    "Disqualified",
                    "red",
                    StageCategory::Lost,
                    0,
                ),
            ]),
        ),
        ("source", PropertyType::Text, plain("Source", "Work")),
        ("owner", PropertyType::User, plain("Owner", "Work")),
        ("amount", PropertyType::Money, money("Amount", currency)),
        ("city", PropertyType::Text, plain("City", "Address")),
        ("country", PropertyType::Text, plain("Country", "Address")),
    ];
    ("leads", object("Lead", "Leads", "name"), properties)
}

fn contacts() -> BuiltinObject {
    let properties = vec![
        (
            "first_name",
            PropertyType::Text,
            plain("First name", "About"),
        ),
        ("last_name", PropertyType::Text, plain("Last name", "About")),
        ("email", PropertyType::Email, keyed("Email", "Contact")),
        ("phone", PropertyType::Phone, keyed("Phone", "Contact")),
        ("account", PropertyType::Record, link("Account", "accounts")),
        ("lead", PropertyType::Record, link("Lead", "leads")),
        ("owner", PropertyType::User, plain("Owner", "Work")),
        (
            "stage",
            PropertyType::Stage,
            lifecycle(&[
                ("prospect", "Prospect", "slate", StageCategory::Open, 10),
                ("engaged", "Engaged", "blue", StageCategory::Open, 40),
                ("customer", "Customer", "green", StageCategory::Won, 100),
                ("former", "Former", "red", StageCategory::Lost, 0),
            ]),
        ),
    ];
    (
        "contacts",
        object("Contact", "Contacts", "last_name"),
        properties,
    )
}

fn accounts() -> BuiltinObject {
    let properties = vec![
        ("name", PropertyType::Text, plain("Name", "About")),
        ("domain", PropertyType::Text, keyed("Domain", "About")),
        ("industry", PropertyType::Text, plain("Industry", "About")),
        ("owner", PropertyType::User, plain("Owner", "Work")),
    ];
    (
        "accounts",
        object("Account", "Accounts", "name"),
        properties,
    )
}

fn deals(currency: &str) -> BuiltinObject {
    let properties = vec![
        ("name", PropertyType::Text, plain("Name", "About")),
        ("account", PropertyType::Record, link("Account", "accounts")),
        ("contact", PropertyType::Record, link("Contact", "contacts")),
        ("amount", PropertyType::Money, money("Amount", currency)),
        (
            "close_date",
            PropertyType::Date,
            plain("Close date", "Work"),
        ),
        (
            "stage",
            PropertyType::Stage,
            lifecycle(&[
                (
                    "prospecting",
                    "Prospecting",
                    "slate",
                    StageCategory::Open,
                    10,
                ),
                ("engaging", "Engaging", "blue", StageCategory::Open, 30),
                ("proposal", "Proposal", "pink", StageCategory::Open, 60),
                ("won", "Won", "green", StageCategory::Won, 100),
                ("lost", "Lost", "red", StageCategory::Lost, 0),
            ]),
        ),
        ("owner", PropertyType::User, plain("Owner", "Work")),
    ];
    ("deals", object("Deal", "Deals", "name"), properties)
}

fn products(currency: &str) -> BuiltinObject {
    let properties = vec![
        (
            "sku",
            PropertyType::Text,
            PropertyDefinition {
                unique: true,
                ..keyed("SKU", "About")
            },
        ),
        ("name", PropertyType::Text, plain("Name", "About")),
        ("price", PropertyType::Money, money("Price", currency)),
        (
            "description",
            PropertyType::LongText,
            plain("Description", "About"),
        ),
        (
            "active",
            PropertyType::Boolean,
            PropertyDefinition {
                default: Some(true.into()),
                ..plain("Active", "About")
            },
        ),
    ];
    (
        "products",
        object("Product", "Products", "name"),
        properties,
    )
}

fn object(label: &str, plural_label: &str, primary_property: &str) -> ObjectDefinition {
    ObjectDefinition {
        label: label.into(),
        plural_label: plural_label.into(),
        primary_property: primary_property.into(),
        description: None,
        is_part: false,
    }
}

fn plain(label: &str, group: &str) -> PropertyDefinition {
    PropertyDefinition {
        label: label.into(),
        group: Some(group.into()),
        ..PropertyDefinition::default()
    }
}

fn keyed(label: &str, group: &str) -> PropertyDefinition {
    PropertyDefinition {
        indexed: true,
        ..plain(label, group)
    }
}

fn money(label: &str, currency: &str) -> PropertyDefinition {
    PropertyDefinition {
        currency: Some(currency.into()),
        ..plain(label, "Work")
    }
}

fn link(label: &str, target: &str) -> PropertyDefinition {
    PropertyDefinition {
        target_object: Some(target.into()),
        ..plain(label, "Links")
    }
}

fn lifecycle(stages: &[(&str, &str, &str, StageCategory, u8)]) -> PropertyDefinition {
    let choice =
        |&(value, label, color, category, probability): &(&str, &str, &str, StageCategory, u8)| {
            Choice {
                value: value.into(),
                label: label.into(),
                color: Some(color.into()),
                archived: false,
                stage: Some(Stage {
                    category,
                    probability: Some(probability),
                    max_duration: None,
                    required_properties: Vec::new(),
                }),
            }
        };
    PropertyDefinition {
        options: stages.iter().map(choice).collect(),
        ..plain("Stage", "Work")
    }
}
