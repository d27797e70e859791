//! What a conversion shall do, before anything is written: what follows from the lead, and what there is already.

use std::{collections::HashSet, sync::Arc};

use leadline_engine::{
    error::FieldError,
    ids::{AccountId, RecordId},
    schema::{Object, Property, PropertyType},
    time::Timestamp,
};
use leadline_store::memberships;
use serde_json::{Map, Value as Json, json};

use super::{
    Conversion, LEADS, Part, STAGE, Wish, is_link,
    outcome::{MatchView, PartAction, PartView},
};
use crate::{
    app::App,
    service::{
        ctx::Ctx,
        error::ServiceError,
        records::{self, RecordView, Selection},
        search::{self, Search, schema_and_object},
    },
};

/// Matches that are shown of one property.
const MOST_MATCHES: usize = 5;
/// Domains of addresses that say nothing about where somebody works.
const PUBLIC_MAIL: [&str; 18] = [
    "aol.com",
    "fastmail.com",
    "gmail.com",
    "gmx.at",
    "gmx.ch",
    "gmx.de",
    "gmx.net",
    "googlemail.com",
    "hotmail.com",
    "icloud.com",
    "live.com",
    "mail.com",
    "me.com",
    "outlook.com",
    "proton.me",
    "protonmail.com",
    "web.de",
    "yahoo.com",
];

/// What a conversion shall do.
#[derive(Debug)]
pub(super) struct Plan {
    /// The lead.
    pub(super) lead: RecordId,
    /// Its version, from which the plan follows.
    pub(super) version: i64,
    /// In the order in which they are made.
    pub(super) parts: Vec<Planned>,
    /// Values that the lead gets with its move.
    pub(super) lead_properties: Map<String, Json>,
    /// Since when it is so, if not from now.
    pub(super) valid_from: Option<Timestamp>,
    /// What is wrong on the face of it.
    pub(super) errors: Vec<FieldError>,
}

/// What shall become of a part.
#[derive(Debug)]
pub(super) struct Planned {
    pub(super) part: Part,
    pub(super) what: What,
    /// Of a preview: records that could be linked.
    pub(super) matches: Vec<MatchView>,
    /// Of a preview: what a new record would get, whatever is planned.
    pub(super) derived: Map<String, Json>,
}

/// What shall be done.
#[derive(Debug)]
pub(super) enum What {
    Nothing,
    Existing(RecordId),
    New(Map<String, Json>),
}

impl Plan {
    /// Reads the lead and what matches it: of a preview everything, else only what decides something.
    pub(super) async fn new(
        app: &App,
        ctx: &Ctx,
        id: RecordId,
        conversion: &Conversion,
        is_preview: bool,
    ) -> Result<Self, ServiceError> {
        let (schema, leads) = schema_and_object(app, ctx, LEADS).await?;
        let (record, version) = records::get(app, ctx, LEADS, id, Selection::default()).await?;
        let lead = Lead {
            members: members(app, ctx, &leads, &record).await?,
            object: leads,
            record,
        };
        let mut errors = Vec::new();
        if conversion.lead.contains_key(STAGE) {
            let message = "is set by the conversion";
            errors.push(FieldError::new(
                "/lead/properties/stage",
                "READ_ONLY",
                message,
            ));
        }
        let mut parts = Vec::new();
        for part in Part::ALL {
            let wish = part.wish(conversion);
            let object = schema.object(part.object());
            let Some(object) = object.filter(|object| !object.archived) else {
                if matches!(wish, Wish::Existing(_) | Wish::New(_)) {
                    let message = format!("there are no {} in this workspace", part.object());
                    let at = format!("/{}", part.name());
                    errors.push(FieldError::new(at, "UNKNOWN_OBJECT", message));
                }
                parts.push(Planned::nothing(part));
                continue;
            };
            let matches = if is_preview || matches!(wish, Wish::Derived) {
                lead.matches(app, ctx, part, object).await?
            } else {
                Vec::new()
            };
            let what = match wish {
                Wish::Nothing => What::Nothing,
                Wish::Existing(id) => What::Existing(*id),
                Wish::New(given) => {
                    let mut properties = lead.derived(part, object);
                    properties.extend(given.clone());
                    What::New(properties)
                }
                Wish::Derived => lead.derived_wish(part, object, &matches),
            };
            let (matches, derived) = match is_preview {
                true => (matches, lead.derived(part, object)),
                false => (Vec::new(), Map::new()),
            };
            parts.push(Planned {
                part,
                what,
                matches,
                derived,
            });
        }
        Ok(Self {
            lead: id,
            version,
            parts,
            lead_properties: conversion.lead.clone(),
            valid_from: conversion.valid_from,
            errors,
        })
    }
}

impl Planned {
    fn nothing(part: Part) -> Self {
        Self {
            part,
            what: What::Nothing,
            matches: Vec::new(),
            derived: Map::new(),
        }
    }

    /// As it is shown before anything is done.
    pub(super) fn view(&self) -> PartView {
        let (action, properties) = match &self.what {
            What::Nothing => (PartAction::None, self.derived.clone()),
            What::Existing(_) => (PartAction::Link, self.derived.clone()),
            What::New(properties) => (PartAction::Create, properties.clone()),
        };
        PartView {
            action,
            properties,
            ..PartView::default()
        }
    }
}

/// A lead, and what follows from it.
struct Lead {
    object: Arc<Object>,
    record: RecordView,
    /// Those of its users who are members now: nobody else can own anything.
    members: HashSet<String>,
}

impl Lead {
    fn text(&self, name: &str) -> Option<&str> {
        let text = self.record.properties.get(name)?.as_str()?.trim();
        (!text.is_empty()).then_some(text)
    }

    /// The domain of its address, if that says where somebody works.
    fn domain(&self) -> Option<String> {
        let (_, domain) = self.text("email")?.rsplit_once('@')?;
        let domain = domain.to_lowercase();
        (!PUBLIC_MAIL.contains(&domain.as_str())).then_some(domain)
    }

    /// The values of a new part: those of the lead's properties with the same name and type, and what else its name, company and address say.
    fn derived(&self, part: Part, object: &Object) -> Map<String, Json> {
        let mut values = Map::new();
        for property in object.properties.iter().filter(|own| own.is_settable()) {
            if let Some(value) = self.carried(property)
                && !is_link(object, &property.name)
            {
                values.insert(property.name.clone(), value);
            }
        }
        let (first, last) = self.text("name").map_or((None, None), names_of);
        let company = self.text("company");
        let texts = match part {
            Part::Account => vec![
                ("name", company.map(str::to_owned)),
                ("domain", self.domain()),
            ],
            Part::Contact => vec![("first_name", first), ("last_name", last)],
            Part::Deal => {
                let name = company.or_else(|| self.text("name"));
                vec![("name", name.map(str::to_owned))]
            }
        };
        for (name, text) in texts {
            let is_text = |property: &&Arc<Property>| {
                property.is_settable() && property.kind == PropertyType::Text
            };
            if object.property(name).filter(is_text).is_none() {
                continue;
            }
            match text {
                Some(text) => values.insert(name.to_owned(), Json::String(text)),
                None => values.remove(name),
            };
        }
        values
    }

    /// The lead's value for a property of another object, if it has one that fits.
    fn carried(&self, property: &Property) -> Option<Json> {
        let own = self.object.property(&property.name)?;
        let value = self.record.properties.get(&property.name)?;
        let is_chosen = |value: &Json| {
            let choice = value.as_str().and_then(|value| property.choice(value));
            choice.is_some_and(|choice| !choice.archived)
        };
        let fits = own.kind == property.kind
            && own.is_settable()
            && match property.kind {
                // Each object has stages of its own.
                PropertyType::Stage => false,
                PropertyType::Select => is_chosen(value),
                PropertyType::MultiSelect => value
                    .as_array()
                    .is_some_and(|values| values.iter().all(is_chosen)),
                PropertyType::User => value.as_str().is_some_and(|id| self.members.contains(id)),
                PropertyType::Record => {
                    own.definition.target_object == property.definition.target_object
                }
                PropertyType::Text
                | PropertyType::LongText
                | PropertyType::Number
                | PropertyType::Money
                | PropertyType::Boolean
                | PropertyType::Date
                | PropertyType::Datetime
                | PropertyType::Email
                | PropertyType::Phone
                | PropertyType::Url => true,
            };
        (fits && !value.is_null()).then(|| value.clone())
    }

    /// What becomes of a part of which nothing is said.
    fn derived_wish(&self, part: Part, object: &Object, matches: &[MatchView]) -> What {
        let best = matches.first().map(|found| &found.by);
        let is_best = |found: &&MatchView| Some(&found.by) == best;
        let alike: Vec<&MatchView> = matches.iter().filter(is_best).collect();
        if let [only] = alike.as_slice() {
            return What::Existing(RecordId::from(only.record.id));
        }
        let telling: &[&str] = match part {
            Part::Account => &["name"],
            Part::Contact => &["last_name", "email", "phone"],
            Part::Deal => &["name", "amount"],
        };
        let properties = self.derived(part, object);
        if telling.iter().any(|name| properties.contains_key(*name)) {
            What::New(properties)
        } else {
            What::Nothing
        }
    }

    /// Records that are likely the same thing, by the most telling property first.
    async fn matches(
        &self,
        app: &App,
        ctx: &Ctx,
        part: Part,
        object: &Object,
    ) -> Result<Vec<MatchView>, ServiceError> {
        let own = |name: &str| self.text(name).map(str::to_owned);
        let told = match part {
            Part::Account => vec![("domain", self.domain()), ("name", own("company"))],
            Part::Contact => vec![("email", own("email")), ("phone", own("phone"))],
            Part::Deal => Vec::new(),
        };
        let mut matches: Vec<MatchView> = Vec::new();
        for (name, value) in told {
            let property = object
                .property(name)
                .filter(|property| property.is_settable() && property.kind.is_text());
            let (Some(value), Some(_)) = (value, property) else {
                continue;
            };
            let search = Search {
                filter_groups: json!([{"filters": [{"property": name, "operator": "EQ", "value": value}]}]),
                sorts: json!(["created_at"]),
                limit: MOST_MATCHES,
                ..Search::default()
            };
            for record in search::search(app, ctx, &object.name, search)
                .await?
                .records
            {
                if matches.iter().all(|known| known.record.id != record.id) {
                    matches.push(MatchView {
                        by: name.to_owned(),
                        record,
                    });
                }
            }
        }
        Ok(matches)
    }
}

/// First and last name: what comes after the last space is the last name.
fn names_of(name: &str) -> (Option<String>, Option<String>) {
    match name.rsplit_once(char::is_whitespace) {
        Some((first, last)) => (Some(first.trim().to_owned()), Some(last.to_owned())),
        None => (None, Some(name.to_owned())),
    }
}

/// Which of the users that a record names are members now.
async fn members(
    app: &App,
    ctx: &Ctx,
    object: &Object,
    record: &RecordView,
) -> Result<HashSet<String>, ServiceError> {
    let users = object
        .properties
        .iter()
        .filter(|property| property.kind == PropertyType::User);
    let named = users.filter_map(|property| record.properties.get(&property.name)?.as_str());
    let ids: Vec<AccountId> = named.filter_map(|id| id.parse().ok()).collect();
    if ids.is_empty() {
        return Ok(HashSet::new());
    }
    let workspace = ctx.workspace;
    let active: Vec<AccountId> = app
        .db
        .read(move |tx| {
            let ids = ids.clone();
            Box::pin(async move {
                memberships::active_among(tx, workspace, &ids)
                    .await
                    .map_err(ServiceError::from)
            })
        })
        .await?;
    Ok(active.iter().map(ToString::to_string).collect())
}

#[cfg(test)]
mod tests {
    use super::names_of;

    #[test]
    fn a_name_is_split_before_its_last_word() {
        let names = |text| {
            let (first, last) = names_of(text);
            (first.unwrap_or_default(), last.unwrap_or_default())
        };
        assert_eq!(names("Ada King Byron"), ("Ada King".into(), "Byron".into()));
        assert_eq!(names("Ada"), (String::new(), "Ada".into()));
    }
}
