//! JSON without what no operation accepts: duplicate keys, texts with NUL.

use std::{cell::RefCell, fmt};

use leadline_engine::error::{FieldError, pointer_segment};
use serde::{
    Deserializer,
    de::{DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Value};

use super::MOST_ERRORS;
use crate::http::problem::Rejection;

/// Reads JSON, and finds the texts that cannot be stored.
///
/// # Errors
/// `MalformedJson` for what is no JSON or has a key twice.
pub(super) fn parse_value(bytes: &[u8]) -> Result<(Value, Vec<FieldError>), Rejection> {
    let text = std::str::from_utf8(bytes)
        .map_err(|_| Rejection::MalformedJson("the body is not UTF-8".into()))?;
    let problems = RefCell::new(Vec::new());
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = Strict {
        pointer: String::new(),
        problems: &problems,
    }
    .deserialize(&mut deserializer)
    .and_then(|value| deserializer.end().map(|()| value))
    .map_err(|error| {
        // serde_json quotes keys only in `duplicate key`, which is our own; its syntax errors hold a place and no text of the body.
        Rejection::MalformedJson(format!("the body is no JSON: {error}"))
    })?;
    Ok((value, problems.into_inner()))
}

/// Reads a value and notes what no operation accepts.
struct Strict<'p> {
    pointer: String,
    problems: &'p RefCell<Vec<FieldError>>,
}

impl Strict<'_> {
    fn below(&self, segment: &str) -> Strict<'_> {
        Strict {
            pointer: format!("{}/{}", self.pointer, pointer_segment(segment)),
            problems: self.problems,
        }
    }

    fn look_at(&self, text: &str) {
        if text.contains('\0') && self.problems.borrow().len() < MOST_ERRORS {
            self.problems.borrow_mut().push(FieldError::new(
                self.pointer.replace('\0', "\u{fffd}"),
                "INVALID_CHARACTER",
                "must not hold the character NUL",
            ));
        }
    }
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

/// serde_json hands a number over as a map with this one key when it keeps all digits.
const NUMBER: &str = "$serde_json::private::Number";

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        self.look_at(value);
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        self.look_at(&value);
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut array = Vec::new();
        while let Some(item) = items.next_element_seed(self.below(&array.len().to_string()))? {
            array.push(item);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            if key == NUMBER && map.is_empty() {
                let digits: String = entries.next_value()?;
                return Ok(Value::Number(
                    serde_json::from_str(&digits).map_err(A::Error::custom)?,
                ));
            }
            let place = self.below(&key);
            place.look_at(&key);
            if map.contains_key(&key) {
                return Err(A::Error::custom("a key stands twice in one object"));
            }
            let value = entries.next_value_seed(place)?;
            map.insert(key, value);
        }
        Ok(Value::Object(map))
    }
}
