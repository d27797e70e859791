//! From the text in a cell to a value of its property.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::Arc,
};

use leadline_engine::{
    ids::{AccountId, PropertyId, RecordId},
    schema::{Object, Property, PropertyType},
    text::fold,
    validate::parse_value,
    value::{Value, parse_decimal},
};
use serde_json::{Value as Json, json};

use super::{Fault, times::Times};

/// Longest value that becomes an option, in characters.
const LONGEST_OPTION: usize = 200;

/// The people of a workspace, by what files call them.
#[derive(Debug, Default)]
pub(super) struct Members {
    /// `None` when several have the name.
    by_text: HashMap<String, Option<AccountId>>,
    ids: HashSet<AccountId>,
}

/// What is needed to read the cells of one batch.
pub(super) struct CellReader<'a> {
    pub(super) times: &'a Times,
    pub(super) members: &'a Members,
    /// Whether numbers have a decimal comma.
    pub(super) decimal_comma: bool,
    /// The records that the texts of a link name.
    pub(super) links: HashMap<PropertyId, HashMap<String, Result<RecordId, Fault>>>,
    /// The options that texts name.
    options: HashMap<PropertyId, HashMap<String, Option<String>>>,
}

impl Members {
    /// Adds a member.
    pub(super) fn add(&mut self, id: AccountId, email: &str, name: &str) {
        self.ids.insert(id);
        self.by_text.insert(fold(email), Some(id));
        self.by_text
            .entry(fold(name))
            .and_modify(|known| *known = known.filter(|known| *known == id))
            .or_insert(Some(id));
    }

    /// The member of this id, address or name.
    pub(super) fn find(&self, text: &str) -> Option<AccountId> {
        let by_id = text.trim().parse().ok().filter(|id| self.ids.contains(id));
        by_id.or_else(|| self.by_text.get(&fold(text.trim())).copied().flatten())
    }
}

impl<'a> CellReader<'a> {
    pub(super) fn new(times: &'a Times, members: &'a Members, decimal_comma: bool) -> Self {
        Self {
            times,
            members,
            decimal_comma,
            links: HashMap::new(),
            options: HashMap::new(),
        }
    }

    /// Learns which options the texts of a property name. Returns those that name none.
    pub(super) fn learn_options<'t>(
        &mut self,
        property: &Property,
        texts: impl Iterator<Item = &'t str>,
    ) -> BTreeSet<String> {
        let known = self.options.entry(property.id).or_default();
        let mut unknown = BTreeSet::new();
        for text in texts {
            let parts = if property.kind == PropertyType::MultiSelect {
                list(text)
            } else {
                vec![text.trim().to_owned()]
            };
            for part in parts.into_iter().filter(|part| !part.is_empty()) {
                if !known.get(&part).is_some_and(Option::is_some) {
                    let found = find_option(property, &part);
                    if found.is_none() && part.chars().count() <= LONGEST_OPTION {
                        unknown.insert(part.clone());
                    }
                    known.insert(part, found);
                }
            }
        }
        unknown
    }

    /// The cell as the JSON that the API takes; an empty cell is `null`.
    pub(super) fn json(&self, property: &Property, text: &str) -> Result<Json, Fault> {
        let plain = text.trim();
        if plain.is_empty() {
            return Ok(Json::Null);
        }
        let time = |result: Result<String, String>, code: &'static str| {
            result
                .map(Json::String)
                .map_err(|message| Fault::new(code, message))
        };
        match property.kind {
            PropertyType::Text | PropertyType::LongText => {
                Ok(Json::String(without_guard(text).to_owned()))
            }
            PropertyType::Email | PropertyType::Phone => {
                Ok(Json::String(without_guard(plain).to_owned()))
            }
            PropertyType::Url => Ok(Json::String(with_scheme(without_guard(plain)))),
            PropertyType::Number => Ok(number_json(self.number(plain))),
            PropertyType::Money => Ok(self.money(plain)),
            PropertyType::Boolean => boolean(plain).map(Json::Bool),
            PropertyType::Date => time(
                self.times.date(plain).map(|date| date.to_string()),
                "INVALID_DATE",
            ),
            PropertyType::Datetime => time(
                self.times.instant(plain).map(|time| time.to_string()),
                "INVALID_DATETIME",
            ),
            PropertyType::Select | PropertyType::Stage => {
                self.option(property, plain).map(Json::String)
            }
            PropertyType::MultiSelect => {
                let options = list(plain)
                    .iter()
                    .map(|part| self.option(property, part))
                    .collect::<Result<Vec<_>, _>>()?;
                Ok(json!(options))
            }
            PropertyType::User => match self.members.find(without_guard(plain)) {
                Some(id) => Ok(json!(id.to_string())),
                None => Err(Fault::new(
                    "UNKNOWN_USER",
                    "is no member of this workspace, by name or address",
                )),
            },
            PropertyType::Record => match self
                .links
                .get(&property.id)
                .and_then(|links| links.get(plain))
            {
                Some(Ok(id)) => Ok(json!(id.to_string())),
                Some(Err(fault)) => Err(fault.clone()),
                None => Err(Fault::new("UNKNOWN_RECORD", "names no record")),
            },
        }
    }

    /// The cell as a value of a history. Options that were archived since are taken: what happened, happened.
    pub(super) fn value(&self, property: &Property, text: &str) -> Result<Option<Value>, Fault> {
        let json = self.json(property, text)?;
        match (property.kind, &json) {
            (PropertyType::Select | PropertyType::Stage, Json::String(option)) => {
                Ok(Some(Value::Option(option.clone())))
            }
            _ => parse_value(property, &json)
                .map_err(|invalid| Fault::new(invalid.code, invalid.message)),
        }
    }

    fn option(&self, property: &Property, text: &str) -> Result<String, Fault> {
        let known = self
            .options
            .get(&property.id)
            .and_then(|known| known.get(text))
            .cloned()
            .flatten();
        known
            .or_else(|| find_option(property, text))
            .ok_or_else(|| {
                Fault::new(
                    "INVALID_OPTION",
                    format!("{text:?} is no option of {}", property.definition.label),
                )
            })
    }

    fn number(&self, text: &str) -> String {
        let mut digits: String = text
            .chars()
            .filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\''))
            .collect();
        if self.decimal_comma && digits.contains(',') {
            digits = digits.replace('.', "").replace(',', ".");
        } else if has_thousands(&digits) {
            digits = digits.replace(',', "");
        }
        digits
    }

    /// `1250.00`, `1250.00 EUR`, `EUR 1250.00`, with a currency's own sign or not.
    fn money(&self, text: &str) -> Json {
        let is_code =
            |word: &str| word.len() == 3 && word.bytes().all(|byte| byte.is_ascii_alphabetic());
        let ends = text.rsplit_once(' ').filter(|(_, code)| is_code(code));
        let begins = text
            .split_once(' ')
            .filter(|(code, _)| is_code(code))
            .map(|(code, amount)| (amount, code));
        match ends.or(begins) {
            Some((amount, code)) => json!({"amount": self.number(amount), "currency": code}),
            None => Json::String(self.number(text.trim_matches(['€', '$', '£', '¥', ' ']))),
        }
    }
}

/// Digits as the JSON number that they are; what is no number stays a text, to be refused as a value.
pub(super) fn number_json(digits: String) -> Json {
    match parse_decimal(&digits) {
        Some(number) => Value::Number(number).to_json(),
        None => Json::String(digits),
    }
}

/// Resolves names of properties once.
pub(super) fn property<'o>(object: &'o Object, name: &str) -> Result<&'o Arc<Property>, Fault> {
    object
        .property(name)
        .filter(|property| property.is_settable())
        .ok_or_else(|| {
            Fault::new(
                "UNKNOWN_PROPERTY",
                format!(
                    "{} have no property {name:?} that can be set",
                    object.definition.plural_label
                ),
            )
        })
}

/// The option with this value; or with this label or value, whatever the case.
fn find_option(property: &Property, text: &str) -> Option<String> {
    if property.choice(text).is_some() {
        return Some(text.to_owned());
    }
    let wanted = fold(text);
    let choices = &property.definition.options;
    let found = choices
        .iter()
        .find(|choice| fold(&choice.label) == wanted)
        .or_else(|| choices.iter().find(|choice| fold(&choice.value) == wanted));
    found.map(|choice| choice.value.clone())
}

/// Several values in one cell: a JSON list, or separated by semicolons or bars.
fn list(text: &str) -> Vec<String> {
    let plain = text.trim();
    if let Ok(Json::Array(items)) = serde_json::from_str(plain) {
        return items
            .iter()
            .filter_map(Json::as_str)
            .map(str::to_owned)
            .collect();
    }
    let separator = if plain.contains(';') { ';' } else { '|' };
    plain
        .split(separator)
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}

fn boolean(text: &str) -> Result<bool, Fault> {
    match fold(text).as_str() {
        "true" | "yes" | "y" | "t" | "1" | "x" => Ok(true),
        "false" | "no" | "n" | "f" | "0" => Ok(false),
        _ => Err(Fault::new("INVALID_BOOLEAN", "must be true or false")),
    }
}

/// `1,234,567.89`: groups of three behind a first of one to three digits.
fn has_thousands(text: &str) -> bool {
    let whole = text
        .split('.')
        .next()
        .unwrap_or_default()
        .trim_start_matches(['-', '+']);
    let mut groups = whole.split(',');
    let is_digits = |group: &str| group.bytes().all(|byte| byte.is_ascii_digit());
    let first = groups.next().unwrap_or_default();
    whole.contains(',')
        && (1..=3).contains(&first.len())
        && is_digits(first)
        && groups.all(|group| group.len() == 3 && is_digits(group))
}

fn with_scheme(text: &str) -> String {
    let has_scheme =
        text.contains("://") || text.starts_with("mailto:") || text.starts_with("tel:");
    let is_host = text
        .split('/')
        .next()
        .is_some_and(|host| host.contains('.') && !host.contains(['@', ' ', ':']));
    if !has_scheme && is_host {
        format!("https://{text}")
    } else {
        text.to_owned()
    }
}

/// Whether a spreadsheet would take a text for a formula.
fn is_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// A text that no spreadsheet takes for a formula: it gets an apostrophe in front. So does one that already looks as if it had one.
pub(in crate::service) fn guarded(text: &str) -> String {
    if is_formula(text.trim_start_matches('\'')) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

/// Takes back what [`guarded`] did.
pub(in crate::service) fn without_guard(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if is_formula(rest.trim_start_matches('\'')) => rest,
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn guarded_texts_come_back(text in "['=+@a-]{0,6}") {
            let shown = guarded(&text);
            prop_assert!(!is_formula(&shown));
            prop_assert_eq!(without_guard(&shown), text);
        }
    }

    #[test]
    fn numbers_are_read_as_people_write_them() {
        let (times, members) = (Times::new(None, None).unwrap(), Members::default());
        let reader = |decimal_comma| CellReader::new(&times, &members, decimal_comma);
        for (text, expected) in [
            ("1,234,567.89", "1234567.89"),
            ("1 234", "1234"),
            ("12.5", "12.5"),
            ("1,5", "1,5"),
        ] {
            assert_eq!(reader(false).number(text), expected);
        }
        for (text, expected) in [("1.234,50", "1234.50"), ("12,5", "12.5"), ("12.5", "12.5")] {
            assert_eq!(reader(true).number(text), expected);
        }
        assert_eq!(
            reader(false).money("1,250.00 EUR"),
            json!({"amount": "1250.00", "currency": "EUR"})
        );
        assert_eq!(reader(false).money("$4,821"), json!("4821"));
    }

    #[test]
    fn a_name_that_two_members_share_names_neither() {
        let mut members = Members::default();
        let (ann, other) = (AccountId::new(), AccountId::new());
        members.add(ann, "ann@example.com", "Ann");
        members.add(other, "other@example.com", "Ann");
        assert_eq!(members.find("ann"), None);
        assert_eq!(members.find("Ann@Example.com "), Some(ann));
    }
}
