//! One value of each type, from JSON.

use std::borrow::Cow;

use rust_decimal::Decimal;
use serde_json::Value as Json;
use url::Url;

use crate::{
    schema::{Property, PropertyType},
    text::is_storable,
    time::{Timestamp, parse_date},
    value::{Currency, Money, Value, parse_decimal},
};

/// Longest `text`, `email`, `phone` and `url`, in characters.
const MAX_TEXT: usize = 4_000;
/// Longest `long_text`, in characters.
const MAX_LONG_TEXT: usize = 100_000;

/// Why a value does not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invalid {
    /// Stable code.
    pub code: Cow<'static, str>,
    /// One sentence.
    pub message: String,
}

/// Reads a value of a property. `null`, an empty text and an empty list are empty.
///
/// # Errors
/// If the value does not fit the type, or names no option that can be chosen.
pub fn parse_value(property: &Property, json: &Json) -> Result<Option<Value>, Invalid> {
    match json {
        Json::Null => return Ok(None),
        Json::String(text) if text.is_empty() => return Ok(None),
        Json::Array(items) if items.is_empty() && property.kind == PropertyType::MultiSelect => {
            return Ok(None);
        }
        _ => {}
    }
    let value = match property.kind {
        PropertyType::Text => Value::Text(text(json, "INVALID_TEXT", MAX_TEXT)?),
        PropertyType::LongText => Value::Text(text(json, "INVALID_TEXT", MAX_LONG_TEXT)?),
        PropertyType::Number => Value::Number(number(json)?),
        PropertyType::Money => Value::Money(money(property, json)?),
        PropertyType::Boolean => Value::Boolean(
            json.as_bool()
                .ok_or_else(|| invalid("INVALID_BOOLEAN", "must be true or false"))?,
        ),
        PropertyType::Date => Value::Date(
            parse_date(string(json, "INVALID_DATE")?)
                .map_err(|error| invalid("INVALID_DATE", error.to_string()))?,
        ),
        PropertyType::Datetime => Value::Datetime(
            Timestamp::parse(string(json, "INVALID_DATETIME")?)
                .map_err(|error| invalid("INVALID_DATETIME", error.to_string()))?,
        ),
        PropertyType::Select | PropertyType::Stage => Value::Option(choice(property, json)?),
        PropertyType::MultiSelect => {
            let items = json
                .as_array()
                .ok_or_else(|| invalid("INVALID_OPTION", "must be a list of options"))?;
            let mut options = items
                .iter()
                .map(|item| choice(property, item))
                .collect::<Result<Vec<_>, _>>()?;
            options.sort_unstable();
            options.dedup();
            Value::Options(options)
        }
        PropertyType::User => Value::User(
            string(json, "INVALID_USER")?
                .parse()
                .map_err(|_| invalid("INVALID_USER", "must be the id of a member"))?,
        ),
        PropertyType::Record => Value::Record(
            string(json, "INVALID_RECORD")?
                .parse()
                .map_err(|_| invalid("INVALID_RECORD", "must be the id of a record"))?,
        ),
        PropertyType::Email => Value::Text(email(json)?),
        PropertyType::Phone => Value::Text(phone(json)?),
        PropertyType::Url => Value::Text(link(json)?),
    };
    Ok(Some(value))
}

fn invalid(code: &'static str, message: impl Into<String>) -> Invalid {
    Invalid {
        code: code.into(),
        message: message.into(),
    }
}

fn string<'j>(json: &'j Json, code: &'static str) -> Result<&'j str, Invalid> {
    json.as_str().ok_or_else(|| invalid(code, "must be a text"))
}

fn text(json: &Json, code: &'static str, max: usize) -> Result<String, Invalid> {
    let text = string(json, code)?;
    if !is_storable(text) {
        return Err(invalid(code, "must not contain the character NUL"));
    }
    if text.len() > max && text.chars().count() > max {
        return Err(invalid(
            "TOO_LONG",
            format!("must have at most {max} characters"),
        ));
    }
    Ok(text.to_owned())
}

/// A text that holds digits is a text: what a client meant by it is not guessed.
fn number(json: &Json) -> Result<Decimal, Invalid> {
    match json {
        Json::Number(number) => parse_decimal(number.as_str())
            .ok_or_else(|| invalid("INVALID_NUMBER", "must be a number of at most 28 digits")),
        Json::String(_) => Err(invalid(
            "INVALID_NUMBER",
            "must be a number, not a text that holds one",
        )),
        Json::Null | Json::Bool(_) | Json::Array(_) | Json::Object(_) => {
            Err(invalid("INVALID_NUMBER", "must be a number"))
        }
    }
}

fn decimal(json: &Json) -> Option<Decimal> {
    match json {
        Json::Number(number) => parse_decimal(number.as_str()),
        Json::String(text) => parse_decimal(text.trim()),
        Json::Null | Json::Bool(_) | Json::Array(_) | Json::Object(_) => None,
    }
}

fn money(property: &Property, json: &Json) -> Result<Money, Invalid> {
    let bad = || {
        invalid(
            "INVALID_MONEY",
            "must be an amount and a currency, such as {\"amount\":\"1250.00\",\"currency\":\"EUR\"}",
        )
    };
    let (amount, currency) = match json {
        Json::Object(map) => {
            if map.keys().any(|key| key != "amount" && key != "currency") {
                return Err(bad());
            }
            let currency = match map.get("currency") {
                Some(code) => Some(code.as_str().ok_or_else(bad)?),
                None => None,
            };
            (
                decimal(map.get("amount").ok_or_else(bad)?).ok_or_else(bad)?,
                currency,
            )
        }
        other => (decimal(other).ok_or_else(bad)?, None),
    };
    let code = currency
        .or(property.definition.currency.as_deref())
        .ok_or_else(bad)?;
    let currency = Currency::parse(code)
        .ok_or_else(|| invalid("INVALID_CURRENCY", "must be an ISO 4217 code such as EUR"))?;
    Ok(Money {
        amount: amount.normalize(),
        currency,
    })
}

fn choice(property: &Property, json: &Json) -> Result<String, Invalid> {
    let value = string(json, "INVALID_OPTION")?;
    match property.choice(value) {
        Some(choice) if !choice.archived => Ok(value.to_owned()),
        Some(_) => Err(invalid(
            "OPTION_ARCHIVED",
            format!(
                "{} is archived and can no longer be chosen",
                property
                    .choice(value)
                    .map_or("it", |choice| choice.label.as_str())
            ),
        )),
        None => Err(invalid("INVALID_OPTION", "must be one of the options")),
    }
}

fn email(json: &Json) -> Result<String, Invalid> {
    let address = text(json, "INVALID_EMAIL", MAX_TEXT)?.trim().to_owned();
    if is_email(&address) {
        Ok(address)
    } else {
        Err(invalid(
            "INVALID_EMAIL",
            "must be an address such as ada@example.com",
        ))
    }
}

/// Whether a text can be an address of mail: what RFC 5321 allows, without quoted local parts and address literals.
#[must_use]
pub fn is_email(address: &str) -> bool {
    let Some((local, domain)) = address.rsplit_once('@') else {
        return false;
    };
    let local_ok = (1..=64).contains(&local.len())
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
        && local
            .chars()
            .all(|c| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c));
    let label_ok = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    local_ok && address.len() <= 254 && domain.contains('.') && domain.split('.').all(label_ok)
}

fn phone(json: &Json) -> Result<String, Invalid> {
    let number = text(json, "INVALID_PHONE", 50)?.trim().to_owned();
    let digits = number.chars().filter(char::is_ascii_digit).count();
    let known = number
        .chars()
        .all(|c| c.is_ascii_digit() || "+-–(). /x#,*".contains(c) || c.is_ascii_alphabetic());
    let letters = number.chars().filter(char::is_ascii_alphabetic).count();
    if known && (2..=25).contains(&digits) && letters <= 4 {
        Ok(number)
    } else {
        Err(invalid(
            "INVALID_PHONE",
            "must be a telephone number such as +31 6 5550 1234",
        ))
    }
}

fn link(json: &Json) -> Result<String, Invalid> {
    let bad = || {
        invalid(
            "INVALID_URL",
            "must be a link that begins with https://, http://, mailto: or tel:",
        )
    };
    let address = text(json, "INVALID_URL", MAX_TEXT)?.trim().to_owned();
    let url = Url::parse(&address).map_err(|_| bad())?;
    let has_target = match url.scheme() {
        "http" | "https" => url.host().is_some(),
        "mailto" | "tel" => !url.path().is_empty(),
        _ => false,
    };
    if has_target && !address.chars().any(char::is_control) {
        Ok(address)
    } else {
        Err(bad())
    }
}
