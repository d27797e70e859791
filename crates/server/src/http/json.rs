//! Strict JSON: objects without duplicate keys, texts without NUL; and all structural errors of a body at once.

use std::{cell::RefCell, fmt};

use leadline_engine::error::{FieldError, pointer_segment};
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Value};

use super::problem::Rejection;

/// As many structural errors are looked for in one body.
const MOST_ERRORS: usize = 50;

/// Reads a body.
///
/// # Errors
/// `MalformedJson` for what is no JSON or has a key twice; `InvalidBody` for fields that are unknown, missing or of the wrong type.
pub(super) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Rejection> {
    let value = parse_value(bytes)?;
    match serde_path_to_error::deserialize::<_, T>(value.clone()) {
        Ok(parsed) => Ok(parsed),
        Err(error) => Err(Rejection::InvalidBody(all_errors::<T>(value, error))),
    }
}

fn parse_value(bytes: &[u8]) -> Result<Value, Rejection> {
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
        Rejection::MalformedJson(format!("the body is no JSON: {}", without_values(&error)))
    })?;
    match problems.into_inner() {
        none if none.is_empty() => Ok(value),
        problems => Err(Rejection::InvalidBody(problems)),
    }
}

/// serde_json quotes keys only in `duplicate key`, which is our own; its syntax errors hold a place and no text of the body.
fn without_values(error: &serde_json::Error) -> String {
    error.to_string()
}

/// Finds one error after another, by taking out of the body what the last one complained about.
fn all_errors<T: DeserializeOwned>(
    mut value: Value,
    first: serde_path_to_error::Error<serde_json::Error>,
) -> Vec<FieldError> {
    let mut errors: Vec<FieldError> = Vec::new();
    let mut next = Some(first);
    while let Some(error) = next.take() {
        let found = describe(&error);
        // The null that stands in for a missing field is of the wrong type, and that is no further error.
        let is_repeated = errors.iter().any(|known| {
            known.pointer == found.pointer
                && (known.code == found.code || known.code == "MISSING_FIELD")
        });
        if is_repeated || errors.len() == MOST_ERRORS {
            break;
        }
        let taken_out = found.code == "UNKNOWN_FIELD" && remove(&mut value, &found.pointer)
            || found.code == "MISSING_FIELD" && insert_null(&mut value, &found.pointer)
            || found.code == "WRONG_TYPE" && remove(&mut value, &found.pointer);
        errors.push(found);
        if taken_out {
            next = serde_path_to_error::deserialize::<_, T>(value.clone()).err();
        }
    }
    // What was taken out for its type is not missing too.
    let wrong: Vec<String> = errors
        .iter()
        .filter(|error| error.code == "WRONG_TYPE")
        .map(|error| error.pointer.clone())
        .collect();
    errors.retain(|error| error.code != "MISSING_FIELD" || !wrong.contains(&error.pointer));
    errors
}

fn describe(error: &serde_path_to_error::Error<serde_json::Error>) -> FieldError {
    let mut pointer = String::new();
    for segment in error.path() {
        match segment {
            serde_path_to_error::Segment::Seq { index } => pointer.push_str(&format!("/{index}")),
            serde_path_to_error::Segment::Map { key } => {
                pointer.push_str(&format!("/{}", pointer_segment(key)))
            }
            serde_path_to_error::Segment::Enum { variant } => {
                pointer.push_str(&format!("/{}", pointer_segment(variant)))
            }
            serde_path_to_error::Segment::Unknown => {}
        }
    }
    let message = error.inner().to_string();
    if let Some(field) = quoted_after(&message, "unknown field ") {
        let own = format!("/{}", pointer_segment(field));
        if !pointer.ends_with(&own) {
            pointer.push_str(&own);
        }
        FieldError::new(pointer, "UNKNOWN_FIELD", "this field is not known here")
    } else if let Some(field) = quoted_after(&message, "missing field ") {
        pointer.push_str(&format!("/{}", pointer_segment(field)));
        FieldError::new(pointer, "MISSING_FIELD", "this field is required")
    } else if let Some(expected) = message
        .starts_with("unknown variant")
        .then(|| message.split_once("expected "))
        .flatten()
    {
        FieldError::new(pointer, "INVALID_VALUE", format!("must be {}", expected.1))
    } else if let Some((found, expected)) = message
        .strip_prefix("invalid type: ")
        .and_then(|rest| rest.rsplit_once(", expected "))
    {
        let kind = found.split([' ', '`']).next().unwrap_or_default();
        FieldError::new(
            pointer,
            "WRONG_TYPE",
            format!("must be {expected}, not {kind}"),
        )
    } else {
        FieldError::new(pointer, "INVALID_VALUE", message)
    }
}

fn quoted_after<'a>(message: &'a str, prefix: &str) -> Option<&'a str> {
    let rest = message.strip_prefix(prefix)?.strip_prefix('`')?;
    // The field's own name may hold a backtick; what follows it begins with the last one before the list of known fields.
    let end = rest
        .find("`, expected")
        .or_else(|| rest.find("`, there are no fields"))
        .or_else(|| rest.rfind('`'))?;
    Some(&rest[..end])
}

fn parent_of<'v, 'p>(value: &'v mut Value, pointer: &'p str) -> Option<(&'v mut Value, &'p str)> {
    let (parent, last) = pointer.rsplit_once('/')?;
    Some((value.pointer_mut(parent)?, last))
}

fn remove(value: &mut Value, pointer: &str) -> bool {
    match parent_of(value, pointer) {
        Some((Value::Object(map), last)) => map
            .shift_remove(&last.replace("~1", "/").replace("~0", "~"))
            .is_some(),
        _ => false,
    }
}

fn insert_null(value: &mut Value, pointer: &str) -> bool {
    match parent_of(value, pointer) {
        Some((Value::Object(map), last)) => map.insert(last.to_owned(), Value::Null).is_none(),
        _ => false,
    }
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

/// A field that may be absent, null, or set: `Option<Option<T>>` with `#[serde(default, deserialize_with = "present")]`.
///
/// # Errors
/// Those of `T`.
pub(super) fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Body {
        #[expect(dead_code, reason = "only read from JSON")]
        name: String,
        #[expect(dead_code, reason = "only read from JSON")]
        limit: Option<u32>,
        #[serde(default)]
        values: Map<String, Value>,
    }

    fn errors(text: &str) -> Vec<(String, String)> {
        match parse::<Body>(text.as_bytes()) {
            Err(Rejection::InvalidBody(errors)) => errors
                .into_iter()
                .map(|e| (e.pointer, e.code.into_owned()))
                .collect(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn all_structural_errors_are_told_at_once() {
        let found = errors(r#"{"limit": "x", "a/b": 1, "other": 2}"#);
        for expected in [
            ("/limit", "WRONG_TYPE"),
            ("/a~1b", "UNKNOWN_FIELD"),
            ("/other", "UNKNOWN_FIELD"),
            ("/name", "MISSING_FIELD"),
        ] {
            assert!(
                found.contains(&(expected.0.to_owned(), expected.1.to_owned())),
                "{expected:?} in {found:?}"
            );
        }
        assert_eq!(found.len(), 4, "{found:?}");
    }

    #[test]
    fn a_required_field_of_the_wrong_type_is_one_error() {
        assert_eq!(
            errors(r#"{"name": 1}"#),
            [("/name".to_owned(), "WRONG_TYPE".to_owned())]
        );
    }

    #[test]
    fn what_is_no_json_is_malformed() {
        let deep = "[".repeat(100_000);
        for text in [
            "",
            "{",
            "{\"name\":\"\\ud800\"}",
            "{\"name\":\"a\",\"name\":\"b\"}",
            "nul",
            "{} {}",
            &deep,
        ] {
            assert!(
                matches!(
                    parse::<Body>(text.as_bytes()),
                    Err(Rejection::MalformedJson(_))
                ),
                "{text:.40}"
            );
        }
        assert!(matches!(
            parse::<Body>(b"\xff"),
            Err(Rejection::MalformedJson(_))
        ));
    }

    #[test]
    fn nul_is_refused_wherever_it_stands() {
        assert_eq!(
            errors(r#"{"name": "a\u0000b"}"#),
            [("/name".to_owned(), "INVALID_CHARACTER".to_owned())]
        );
        assert_eq!(
            errors(r#"{"name": "a", "values": {"x": ["\u0000"]}}"#),
            [("/values/x/0".to_owned(), "INVALID_CHARACTER".to_owned())]
        );
    }

    #[test]
    fn numbers_keep_all_their_digits() {
        let body: Body =
            parse(br#"{"name": "a", "values": {"n": 12345678901234567890.123456789, "e": 1e400}}"#)
                .unwrap();
        assert_eq!(
            body.values["n"].to_string(),
            "12345678901234567890.123456789"
        );
    }
}
