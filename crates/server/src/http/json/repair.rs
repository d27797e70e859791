//! All structural errors of a body at once: what the last error complained about is put right, and the body read again.

use leadline_engine::error::{FieldError, pointer_segment};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use serde_path_to_error::Segment;

use super::MOST_ERRORS;

/// Bytes of JSON that may be read in looking for more errors of one body.
const MOST_BYTES: usize = 64 << 20;
/// How often a body may be read again, however large or small it is.
const TRIES: std::ops::RangeInclusive<usize> = 16..=800;
/// How often a type is asked what it takes, before everything is tried.
const MOST_HINTS: usize = 3;

type Error = serde_path_to_error::Error<serde_json::Error>;

/// Reads a body of so many bytes; if it does not fit, tells all that is wrong, and reads it with placeholders instead.
pub(super) fn read<T: DeserializeOwned>(
    value: Value,
    length: usize,
) -> (Option<T>, Vec<FieldError>) {
    let tries = (MOST_BYTES / length.max(1)).clamp(*TRIES.start(), *TRIES.end());
    let mut repair = Repair {
        value,
        tries,
        errors: Vec::new(),
    };
    let body = repair.run();
    (body, repair.errors)
}

struct Repair {
    value: Value,
    /// How often it may still be read.
    tries: usize,
    errors: Vec<FieldError>,
}

impl Repair {
    fn run<T: DeserializeOwned>(&mut self) -> Option<T> {
        let mut outcome = self.read::<T>();
        loop {
            let error = match outcome {
                Ok(body) => return Some(body),
                Err(error) => error?,
            };
            let found = describe(&error, &self.value);
            let (pointer, code) = (found.pointer.clone(), found.code.clone());
            self.tell(found);
            if self.errors.len() == MOST_ERRORS {
                return None;
            }
            outcome = match &*code {
                "UNKNOWN_FIELD" if self.remove(&pointer) => self.read(),
                "UNKNOWN_FIELD" => return None,
                _ => self.replace(&pointer, code == "MISSING_FIELD"),
            };
        }
    }

    /// The body; or what is wrong with it, unless it was read too often already.
    fn read<T: DeserializeOwned>(&mut self) -> Result<T, Option<Error>> {
        if self.tries == 0 {
            return Err(None);
        }
        self.tries -= 1;
        serde_path_to_error::deserialize(&self.value).map_err(Some)
    }

    /// What is wrong within something wrong comes from its placeholder.
    fn tell(&mut self, found: FieldError) {
        if !self.errors.iter().any(|known| known.covers(&found)) {
            self.errors.push(found);
        }
    }

    /// Finds something that may stand at the pointer: nothing at all, what the type says that it takes, or one of everything.
    fn replace<T: DeserializeOwned>(
        &mut self,
        pointer: &str,
        is_missing: bool,
    ) -> Result<T, Option<Error>> {
        // What was tried last fits when the next complaint is about something else.
        let is_settled = |outcome: &Result<T, Option<Error>>, value: &Value| match outcome {
            Ok(_) | Err(None) => true,
            Err(Some(error)) => describe(error, value).pointer != pointer,
        };
        if !is_missing && self.remove(pointer) {
            let outcome = self.read();
            if is_settled(&outcome, &self.value) {
                return outcome;
            }
        }
        let mut next = Some(Value::Null);
        let mut hints = 0;
        let mut rest = everything().into_iter();
        while let Some(placeholder) = next.take() {
            if !self.put(pointer, placeholder) {
                break;
            }
            let outcome = self.read();
            if is_settled(&outcome, &self.value) {
                return outcome;
            }
            let hint = match &outcome {
                Err(Some(error)) if hints < MOST_HINTS => hint(&error.inner().to_string()),
                _ => None,
            };
            hints += 1;
            next = hint.or_else(|| rest.next());
        }
        Err(None)
    }

    fn remove(&mut self, pointer: &str) -> bool {
        match parent_of(&mut self.value, pointer) {
            Some((Value::Object(map), last)) => map.shift_remove(&last).is_some(),
            _ => false,
        }
    }

    fn put(&mut self, pointer: &str, placeholder: Value) -> bool {
        if let Some(place) = self.value.pointer_mut(pointer) {
            *place = placeholder;
            return true;
        }
        match parent_of(&mut self.value, pointer) {
            Some((Value::Object(map), last)) => {
                map.insert(last, placeholder);
                true
            }
            _ => false,
        }
    }
}

/// One of everything that a field may take.
fn everything() -> [Value; 8] {
    [
        json!(""),
        json!("1970-01-01T00:00:00Z"),
        json!("00000000-0000-0000-0000-000000000000"),
        json!("1970-01-01"),
        json!(0),
        json!(false),
        json!([]),
        json!({}),
    ]
}

/// What an error says that it wants instead.
fn hint(message: &str) -> Option<Value> {
    let (_, expected) = message.rsplit_once("expected ")?;
    if message.starts_with("unknown variant") {
        return expected.split('`').nth(1).map(|name| json!(name));
    }
    Some(match in_words(expected).as_str() {
        "an object" => json!({}),
        "an array" => json!([]),
        "a string" => json!(""),
        "true or false" => json!(false),
        "a UUID" => json!("00000000-0000-0000-0000-000000000000"),
        number if number.ends_with("number") || number.ends_with("negative") => json!(0),
        _ => return None,
    })
}

fn describe(error: &Error, body: &Value) -> FieldError {
    let mut pointer = String::new();
    for segment in error.path() {
        match segment {
            Segment::Seq { index } => pointer.push_str(&format!("/{index}")),
            Segment::Map { key } => pointer.push_str(&format!("/{}", pointer_segment(key))),
            Segment::Enum { variant } => {
                pointer.push_str(&format!("/{}", pointer_segment(variant)));
            }
            Segment::Unknown => {}
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
    } else if let Some((code, told)) = wrong_value(&message, body.pointer(&pointer)) {
        FieldError::new(pointer, code, told)
    } else {
        FieldError::new(pointer, "INVALID_VALUE", message)
    }
}

/// Code and sentence for a value of another type or range than the field's.
fn wrong_value(message: &str, found: Option<&Value>) -> Option<(&'static str, String)> {
    if message.starts_with("unknown variant") {
        let (_, names) = message.split_once("expected ")?;
        return Some(("INVALID_VALUE", format!("must be {names}")));
    }
    if message == "invalid number" {
        return Some(("INVALID_VALUE", "is no number that fits here".into()));
    }
    let (_, expected) = message.rsplit_once(", expected ")?;
    let expected = in_words(expected);
    // serde reads an array of the right length as a struct.
    let is_array_for_object = message.starts_with("invalid length ") && expected == "an object";
    if message.starts_with("invalid type: ") || is_array_for_object {
        let found = found.map_or("that", kind);
        Some(("WRONG_TYPE", format!("must be {expected}, not {found}")))
    } else if message.starts_with("invalid value: ") || message.starts_with("invalid length ") {
        Some(("INVALID_VALUE", format!("must be {expected}")))
    } else {
        None
    }
}

/// What a value is, for people who know JSON.
fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

/// What a type expects, for people who know JSON: serde names its own types.
fn in_words(expected: &str) -> String {
    let known = match expected.split(' ').next().unwrap_or_default() {
        "struct" | "map" => "an object",
        "tuple" => "an array",
        "enum" | "string" | "str" | "variant" | "char" => "a string",
        "u8" | "u16" | "u32" | "u64" | "u128" | "usize" => "a whole number that is not negative",
        "i8" | "i16" | "i32" | "i64" | "i128" | "isize" => "a whole number",
        "f32" | "f64" => "a number",
        "unit" => "null",
        _ => match expected {
            "a map" => "an object",
            "a sequence" => "an array",
            "a boolean" => "true or false",
            "a borrowed string" | "a character" => "a string",
            own if own.contains("UUID") => "a UUID",
            own => own,
        },
    };
    known.to_owned()
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

fn parent_of<'v>(value: &'v mut Value, pointer: &str) -> Option<(&'v mut Value, String)> {
    let (parent, last) = pointer.rsplit_once('/')?;
    let last = last.replace("~1", "/").replace("~0", "~");
    Some((value.pointer_mut(parent)?, last))
}
