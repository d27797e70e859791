//! Typed values: what a property can hold, exact, with one JSON form that the API and the ledger share.

use std::fmt;

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::{Map, Number, Value as Json};

use crate::{
    ids::{AccountId, RecordId},
    schema::PropertyType,
    text::fold,
    time::{Timestamp, parse_date},
};

/// A value that is there. An empty property is `None: Option<Value>`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Value {
    /// `text`, `long_text`, `email`, `phone`, `url`.
    Text(String),
    /// `number`: exact, up to 28 digits, without trailing zeros.
    Number(Decimal),
    /// `money`.
    Money(Money),
    /// `boolean`.
    Boolean(bool),
    /// `date`.
    Date(Date),
    /// `datetime`.
    Datetime(Timestamp),
    /// `select`, `stage`: an option's `value`.
    Option(String),
    /// `multi_select`: options' `value`s, each once, sorted; never empty.
    Options(Vec<String>),
    /// `user`.
    User(AccountId),
    /// `record`: a link.
    Record(RecordId),
}

/// An amount in a currency.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Money {
    /// Exact, without trailing zeros.
    pub amount: Decimal,
    /// ISO 4217.
    pub currency: Currency,
}

/// An ISO 4217 code: three capital letters.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Currency([u8; 3]);

/// A stored value that does not fit its property's type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the stored value is not a {expected}")]
pub struct Misfit {
    /// The type that was expected.
    pub expected: PropertyType,
}

impl Currency {
    /// Reads a code; lower case is accepted.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes: [u8; 3] = text.as_bytes().try_into().ok()?;
        bytes
            .iter()
            .all(u8::is_ascii_alphabetic)
            .then(|| Self(bytes.map(|b| b.to_ascii_uppercase())))
    }

    /// The code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("three ASCII letters")
    }

    /// Digits after the decimal point that amounts are written with (ISO 4217's minor unit).
    #[must_use]
    pub fn minor_digits(self) -> u32 {
        match &self.0 {
            b"BIF" | b"CLP" | b"DJF" | b"GNF" | b"ISK" | b"JPY" | b"KMF" | b"KRW" | b"PYG"
            | b"RWF" | b"UGX" | b"UYI" | b"VND" | b"VUV" | b"XAF" | b"XOF" | b"XPF" => 0,
            b"BHD" | b"IQD" | b"JOD" | b"KWD" | b"LYD" | b"OMR" | b"TND" => 3,
            b"CLF" | b"UYW" => 4,
            _ => 2,
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Money {
    /// The amount as the API writes it: at least the currency's minor digits.
    #[must_use]
    pub fn amount_text(&self) -> String {
        let mut amount = self.amount.normalize();
        let digits = self.currency.minor_digits();
        if amount.scale() < digits {
            amount.rescale(digits);
        }
        amount.to_string()
    }
}

/// Reads a decimal exactly: `-12.50`, `1e3`; nothing is rounded.
#[must_use]
pub fn parse_decimal(text: &str) -> Option<Decimal> {
    if text.len() > 64 {
        return None;
    }
    let plain = text.strip_prefix('+').unwrap_or(text);
    let decimal = if plain.contains(['e', 'E']) {
        Decimal::from_scientific(plain).ok()?
    } else {
        Decimal::from_str_exact(plain).ok()?
    };
    Some(decimal.normalize())
}

impl Value {
    /// The JSON form, the same in the API and in the ledger.
    #[must_use]
    pub fn to_json(&self) -> Json {
        match self {
            Self::Text(text) | Self::Option(text) => Json::String(text.clone()),
            Self::Number(number) => decimal_json(*number),
            Self::Money(money) => {
                let mut object = Map::new();
                object.insert("amount".into(), Json::String(money.amount_text()));
                object.insert("currency".into(), Json::String(money.currency.to_string()));
                Json::Object(object)
            }
            Self::Boolean(flag) => Json::Bool(*flag),
            Self::Date(date) => Json::String(date.to_string()),
            Self::Datetime(time) => Json::String(time.to_string()),
            Self::Options(options) => {
                Json::Array(options.iter().cloned().map(Json::String).collect())
            }
            Self::User(id) => Json::String(id.to_string()),
            Self::Record(id) => Json::String(id.to_string()),
        }
    }

    /// Reads the ledger's JSON. `null` is `None`.
    ///
    /// # Errors
    /// If the JSON is no value of the type: the ledger is damaged.
    pub fn from_stored(kind: PropertyType, json: &Json) -> Result<Option<Self>, Misfit> {
        let misfit = || Misfit { expected: kind };
        if json.is_null() {
            return Ok(None);
        }
        let text = || json.as_str().map(str::to_owned).ok_or_else(misfit);
        let value = match kind {
            PropertyType::Text
            | PropertyType::LongText
            | PropertyType::Email
            | PropertyType::Phone
            | PropertyType::Url => Self::Text(text()?),
            PropertyType::Number => Self::Number(
                json.as_number()
                    .and_then(|n| parse_decimal(n.as_str()))
                    .ok_or_else(misfit)?,
            ),
            PropertyType::Money => {
                let amount = json
                    .get("amount")
                    .and_then(Json::as_str)
                    .and_then(parse_decimal)
                    .ok_or_else(misfit)?;
                let currency = json
                    .get("currency")
                    .and_then(Json::as_str)
                    .and_then(Currency::parse)
                    .ok_or_else(misfit)?;
                Self::Money(Money { amount, currency })
            }
            PropertyType::Boolean => Self::Boolean(json.as_bool().ok_or_else(misfit)?),
            PropertyType::Date => Self::Date(parse_date(&text()?).map_err(|_| misfit())?),
            PropertyType::Datetime => {
                Self::Datetime(Timestamp::parse(&text()?).map_err(|_| misfit())?)
            }
            PropertyType::Select | PropertyType::Stage => Self::Option(text()?),
            PropertyType::MultiSelect => {
                let items = json.as_array().ok_or_else(misfit)?;
                Self::Options(
                    items
                        .iter()
                        .map(|item| item.as_str().map(str::to_owned).ok_or_else(misfit))
                        .collect::<Result<_, _>>()?,
                )
            }
            PropertyType::User => Self::User(text()?.parse().map_err(|_| misfit())?),
            PropertyType::Record => Self::Record(text()?.parse().map_err(|_| misfit())?),
        };
        Ok(Some(value))
    }

    /// The form in which two values are the same key: case, accents, and the punctuation of phone numbers do not matter.
    /// `None` for values that cannot be keys (money, booleans, several options, links).
    #[must_use]
    pub fn key(&self, kind: PropertyType) -> Option<String> {
        match self {
            Self::Text(text) => Some(match kind {
                PropertyType::Phone => text
                    .chars()
                    .filter(|c| c.is_ascii_digit() || *c == '+')
                    .collect(),
                _ => fold(text.trim()),
            }),
            Self::Number(number) => Some(number.normalize().to_string()),
            Self::Date(date) => Some(date.to_string()),
            Self::Datetime(time) => Some(time.to_string()),
            Self::Money(_)
            | Self::Boolean(_)
            | Self::Option(_)
            | Self::Options(_)
            | Self::User(_)
            | Self::Record(_) => None,
        }
    }
}

/// A decimal as a JSON number, digit by digit.
#[must_use]
pub fn decimal_json(number: Decimal) -> Json {
    Json::Number(Number::from_string_unchecked(
        number.normalize().to_string(),
    ))
}

/// A value or its absence as JSON.
#[must_use]
pub fn optional_json(value: Option<&Value>) -> Json {
    value.map_or(Json::Null, Value::to_json)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_exact_in_both_directions() {
        let json: Json = serde_json::from_str("12345678901234567890.12345678").unwrap();
        let value = Value::from_stored(PropertyType::Number, &json)
            .unwrap()
            .unwrap();
        assert_eq!(value.to_json().to_string(), "12345678901234567890.12345678");
        assert_eq!(
            Value::Number(parse_decimal("1e3").unwrap())
                .to_json()
                .to_string(),
            "1000"
        );
        assert_eq!(parse_decimal("0.1234567890123456789012345678901"), None);
    }

    #[test]
    fn money_is_written_with_its_minor_digits() {
        let money = |amount: &str, currency: &str| {
            Money {
                amount: parse_decimal(amount).unwrap(),
                currency: Currency::parse(currency).unwrap(),
            }
            .amount_text()
        };
        assert_eq!(money("1250", "EUR"), "1250.00");
        assert_eq!(money("1250.5", "EUR"), "1250.50");
        assert_eq!(money("1250.1234", "EUR"), "1250.1234");
        assert_eq!(money("1250", "JPY"), "1250");
    }

    #[test]
    fn keys_ignore_case_accents_and_phone_punctuation() {
        assert_eq!(
            Value::Text(" Zoë@X.org ".into())
                .key(PropertyType::Email)
                .unwrap(),
            "zoe@x.org"
        );
        assert_eq!(
            Value::Text("+31 (6) 55-50".into())
                .key(PropertyType::Phone)
                .unwrap(),
            "+3165550"
        );
    }
}
