//! Reads `filterGroups` and `sorts` from JSON and resolves them against a schema.

use std::sync::Arc;

use serde_json::{Map, Value as Json};

use super::{Condition, Filter, Needle, Reach, Sort, Subject, Test, TimeRange};
use crate::{
    error::{FieldError, pointer_segment},
    ledger::Source,
    schema::{Object, Property, PropertyType, Schema},
    text::fold,
    time::{Timestamp, parse_date, parse_duration},
    validate::parse_value,
    value::Value,
};

/// Most groups of a filter.
const MAX_GROUPS: usize = 50;
/// Most conditions of a group.
const MAX_CONDITIONS: usize = 100;
/// The field of sources whose visits and moves do not count.
const EXCLUDE: &str = "excludeSources";
/// The field that makes case and accents matter.
const EXACT: &str = "exact";
/// Most values of `IN` and `NOT_IN`.
const MAX_VALUES: usize = 10_000;

/// Reads `filterGroups`: `[{"filters":[{"property","operator",...}]}]`, an OR of ANDs. Pointers begin at `pointer`.
///
/// # Errors
/// Everything that is wrong: shapes, names, operators that the type does not have, values that do not fit.
pub fn parse_filter_groups(
    schema: &Schema,
    object: &Object,
    json: &Json,
    pointer: &str,
) -> Result<Filter, Vec<FieldError>> {
    let mut errors = Vec::new();
    let mut filter = Filter::default();
    let groups = match json {
        Json::Null => return Ok(filter),
        Json::Array(groups) if groups.len() <= MAX_GROUPS => groups,
        _ => {
            return Err(vec![FieldError::new(
                pointer,
                "INVALID_FILTER",
                format!("must be a list of at most {MAX_GROUPS} groups"),
            )]);
        }
    };
    for (index, group) in groups.iter().enumerate() {
        let pointer = format!("{pointer}/{index}");
        let Some(filters) = group_filters(group) else {
            errors.push(FieldError::new(
                pointer,
                "INVALID_FILTER",
                format!("must be {{\"filters\":[...]}} with at most {MAX_CONDITIONS} filters"),
            ));
            continue;
        };
        let mut conditions = Vec::with_capacity(filters.len());
        for (index, condition) in filters.iter().enumerate() {
            match parse_condition(schema, object, condition) {
                Ok(condition) => conditions.push(condition),
                Err(error) => errors.push(error.under(&format!("{pointer}/filters/{index}"))),
            }
        }
        filter.groups.push(conditions);
    }
    if errors.is_empty() {
        Ok(filter)
    } else {
        Err(errors)
    }
}

/// Reads `sorts`: `[{"property":"amount","direction":"descending"}]`; the direction may be left out, or be `asc`, `desc`, `ascending`,
/// `descending` in any case. A text is short for `{"property": text}`, with a leading `-` for descending.
///
/// # Errors
/// Everything that is wrong.
pub fn parse_sorts(
    schema: &Schema,
    object: &Object,
    json: &Json,
    pointer: &str,
) -> Result<Vec<Sort>, Vec<FieldError>> {
    let items = match json {
        Json::Null => return Ok(Vec::new()),
        Json::Array(items) if items.len() <= 10 => items,
        _ => {
            return Err(vec![FieldError::new(
                pointer,
                "INVALID_SORT",
                "must be a list of at most 10 sorts",
            )]);
        }
    };
    let mut errors = Vec::new();
    let mut sorts = Vec::new();
    for (index, item) in items.iter().enumerate() {
        match parse_sort(schema, object, item) {
            Ok(sort) => sorts.push(sort),
            Err(error) => errors.push(error.under(&format!("{pointer}/{index}"))),
        }
    }
    if errors.is_empty() {
        Ok(sorts)
    } else {
        Err(errors)
    }
}

fn group_filters(group: &Json) -> Option<&Vec<Json>> {
    let map = group.as_object()?;
    let filters = map.get("filters")?.as_array()?;
    (map.len() == 1 && filters.len() <= MAX_CONDITIONS).then_some(filters)
}

fn parse_sort(schema: &Schema, object: &Object, json: &Json) -> Result<Sort, FieldError> {
    let bad = || {
        FieldError::new(
            "",
            "INVALID_SORT",
            "must be {\"property\",\"direction\"} with direction ascending or descending",
        )
    };
    match json {
        Json::String(text) => {
            let (name, descending) = text
                .strip_prefix('-')
                .map_or((text.as_str(), false), |name| (name, true));
            Ok(Sort {
                subject: subject(schema, object, name)?,
                descending,
            })
        }
        Json::Object(map) => {
            if let Some(unknown) = map
                .keys()
                .find(|key| !["property", "propertyName", "direction"].contains(&key.as_str()))
            {
                return Err(FieldError::new(
                    format!("/{}", pointer_segment(unknown)),
                    "UNKNOWN_FIELD",
                    "is not a field of a sort",
                ));
            }
            let name = map
                .get("property")
                .or_else(|| map.get("propertyName"))
                .and_then(Json::as_str)
                .ok_or_else(bad)?;
            let direction = map
                .get("direction")
                .map(|direction| direction.as_str().ok_or_else(bad))
                .transpose()?
                .unwrap_or("ascending");
            let descending = match direction.to_ascii_lowercase().as_str() {
                "asc" | "ascending" => false,
                "desc" | "descending" => true,
                _ => return Err(bad()),
            };
            Ok(Sort {
                subject: subject(schema, object, name)?,
                descending,
            })
        }
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::Array(_) => Err(bad()),
    }
}

fn parse_condition(schema: &Schema, object: &Object, json: &Json) -> Result<Condition, FieldError> {
    let map = json.as_object().ok_or_else(|| {
        FieldError::new(
            "",
            "INVALID_FILTER",
            "must be {\"property\",\"operator\",...}",
        )
    })?;
    let required = |key: &str| {
        let text = map.get(key).or_else(|| {
            if key == "property" {
                map.get("propertyName")
            } else {
                None
            }
        });
        text.and_then(Json::as_str).ok_or_else(|| {
            FieldError::new(
                format!("/{key}"),
                "INVALID_FILTER",
                "is required and must be a text",
            )
        })
    };
    let subject =
        subject(schema, object, required("property")?).map_err(|error| error.under("/property"))?;
    let operator = required("operator")?;
    let fields = Fields {
        map,
        subject: &subject,
    };
    let test = fields.test(operator)?;
    Ok(Condition { subject, test })
}

fn subject(schema: &Schema, object: &Object, name: &str) -> Result<Subject, FieldError> {
    let unknown = || {
        FieldError::new(
            "",
            "UNKNOWN_PROPERTY",
            format!(
                "{} have no property {name:?}",
                object.definition.plural_label
            ),
        )
    };
    match name {
        "created_at" | "createdAt" => return Ok(Subject::CreatedAt),
        "updated_at" | "updatedAt" => return Ok(Subject::UpdatedAt),
        "created_by" | "createdBy" => return Ok(Subject::CreatedBy),
        "id" => return Ok(Subject::Id),
        _ => {}
    }
    let Some((link, far)) = name.split_once('.') else {
        return object
            .property(name)
            .map(|property| Subject::Property(Arc::clone(property)))
            .ok_or_else(unknown);
    };
    let link = object
        .property(link)
        .filter(|link| link.kind == PropertyType::Record)
        .ok_or_else(unknown)?;
    let target = link
        .definition
        .target_object
        .as_deref()
        .and_then(|target| schema.object(target))
        .ok_or_else(unknown)?;
    let property = target.property(far).ok_or_else(unknown)?;
    Ok(Subject::Linked {
        link: Arc::clone(link),
        object: Arc::clone(target),
        property: Arc::clone(property),
    })
}

impl Subject {
    /// The type of its values.
    #[must_use]
    pub fn kind(&self) -> PropertyType {
        match self {
            Self::Property(property) | Self::Linked { property, .. } => property.kind,
            Self::CreatedAt | Self::UpdatedAt => PropertyType::Datetime,
            Self::CreatedBy => PropertyType::User,
            Self::Id => PropertyType::Record,
        }
    }

    /// The property whose values are compared, where there is one.
    #[must_use]
    pub fn property(&self) -> Option<&Arc<Property>> {
        match self {
            Self::Property(property) | Self::Linked { property, .. } => Some(property),
            Self::CreatedAt | Self::UpdatedAt | Self::CreatedBy | Self::Id => None,
        }
    }
}

/// The fields of one filter, read as its operator asks for them.
struct Fields<'a> {
    map: &'a Map<String, Json>,
    subject: &'a Subject,
}

impl Fields<'_> {
    fn test(&self, operator: &str) -> Result<Test, FieldError> {
        let kind = self.subject.kind();
        let test = match operator {
            "EQ" => (Test::Eq(self.value("value")?), &["value", EXACT][..]),
            "NEQ" => (Test::Neq(self.value("value")?), &["value", EXACT][..]),
            "LT" => (Test::Lt(self.ordered("value")?), &["value"][..]),
            "LTE" => (Test::Lte(self.ordered("value")?), &["value"][..]),
            "GT" => (Test::Gt(self.ordered("value")?), &["value"][..]),
            "GTE" => (Test::Gte(self.ordered("value")?), &["value"][..]),
            "BETWEEN" if self.map.contains_key("highValue") => (
                Test::Between {
                    from: self.ordered("value")?,
                    to: self.ordered("highValue")?,
                },
                &["value", "highValue"][..],
            ),
            "BETWEEN" => (
                Test::Between {
                    from: self.ordered("from")?,
                    to: self.ordered("to")?,
                },
                &["from", "to"][..],
            ),
            "IN" => (Test::In(self.values()?), &["values", "value", EXACT][..]),
            "NOT_IN" => (Test::NotIn(self.values()?), &["values", "value", EXACT][..]),
            "HAS_PROPERTY" => (Test::HasProperty, &[][..]),
            "NOT_HAS_PROPERTY" => (Test::NotHasProperty, &[][..]),
            "CONTAINS" | "STARTS_WITH" => {
                let needle = self.needle(operator, kind)?;
                (
                    if operator == "CONTAINS" {
                        Test::Contains(needle)
                    } else {
                        Test::StartsWith(needle)
                    },
                    &["value"][..],
                )
            }
            _ => return self.history_test(operator),
        };
        self.finish(test)
    }

    fn history_test(&self, operator: &str) -> Result<Test, FieldError> {
        let test =
            match operator {
                "WAS" => (
                    Test::Was {
                        value: self.optional_value("value")?,
                        at: self.required_time("at")?,
                    },
                    &["value", "at", EXACT, EXCLUDE][..],
                ),
                "EVER" => (Test::Ever(self.value("value")?), &["value", EXACT][..]),
                "NEVER" => (Test::Never(self.value("value")?), &["value", EXACT][..]),
                "ENTERED" => (
                    Test::Entered {
                        value: self.value("value")?,
                        range: self.range()?,
                    },
                    &["value", "from", "to", EXACT, EXCLUDE][..],
                ),
                "LEFT" => (
                    Test::Left {
                        value: self.value("value")?,
                        range: self.range()?,
                    },
                    &["value", "from", "to", EXACT, EXCLUDE][..],
                ),
                "CHANGED" => {
                    let side = |key: &str| {
                        if self.map.contains_key(key) {
                            self.optional_value(key).map(Some)
                        } else {
                            Ok(None)
                        }
                    };
                    (
                        Test::Changed {
                            from_value: side("fromValue")?,
                            to_value: side("toValue")?,
                            range: self.range()?,
                        },
                        &["fromValue", "toValue", "from", "to", EXACT, EXCLUDE][..],
                    )
                }
                "CHANGE_COUNT" => (
                    Test::ChangeCount {
                        gte: self.count("gte")?,
                        lte: self.count("lte")?,
                        range: self.range()?,
                    },
                    &["gte", "lte", "from", "to"][..],
                ),
                "TIME_IN_VALUE" => (
                    Test::TimeInValue {
                        value: self.value("value")?,
                        gte: self.duration("gte")?,
                        lte: self.duration("lte")?,
                    },
                    &["value", "gte", "lte", EXACT, EXCLUDE][..],
                ),
                "TOTAL_TIME_IN_VALUE" => (
                    Test::TotalTimeInValue {
                        value: self.value("value")?,
                        gte: self.duration("gte")?,
                        lte: self.duration("lte")?,
                    },
                    &["value", "gte", "lte", EXACT][..],
                ),
                "REACHED" => (
                    Test::Reached(self.reach()?),
                    &[
                        "values", "value", "from", "to", "basis", "skipped", EXACT, EXCLUDE,
                    ][..],
                ),
                "UNCHANGED_FOR" => (
                    Test::UnchangedFor(self.duration("duration")?.ok_or_else(|| {
                        wrong("/duration", "is required: a duration such as P14D")
                    })?),
                    &["duration"][..],
                ),
                _ => {
                    return Err(FieldError::new(
                        "/operator",
                        "UNKNOWN_OPERATOR",
                        "is not an operator",
                    ));
                }
            };
        if self.subject.property().is_none() {
            return Err(FieldError::new(
                "/operator",
                "INVALID_OPERATOR",
                "looks at history, which only properties have",
            ));
        }
        let test = self.finish(test)?;
        Ok(match self.excluded_sources()? {
            sources if sources.is_empty() => test,
            sources => Test::Except {
                sources,
                test: Box::new(test),
            },
        })
    }

    fn excluded_sources(&self) -> Result<Vec<Source>, FieldError> {
        let Some(json) = self.map.get(EXCLUDE) else {
            return Ok(Vec::new());
        };
        let pointer = format!("/{EXCLUDE}");
        let source = |json: &Json| {
            let source = json.as_str().and_then(Source::parse);
            source.ok_or_else(|| wrong(&pointer, "must be a list of sources"))
        };
        let items = json
            .as_array()
            .ok_or_else(|| wrong(&pointer, "must be a list of sources"))?;
        items.iter().map(source).collect()
    }

    fn reach(&self) -> Result<Reach, FieldError> {
        let steps = match self.map.get("values") {
            Some(_) => self.values()?,
            None => return Err(wrong("/values", "is required: the steps of the path")),
        };
        let value = self.value("value")?;
        let step = steps.iter().position(|step| *step == value);
        Ok(Reach {
            step: step.ok_or_else(|| wrong("/value", "must be one of values"))?,
            steps,
            range: self.range()?,
            is_period: self.one_of("basis", ["cohort", "period"])?,
            counts_skipped: !self.one_of("skipped", ["count", "drop"])?,
        })
    }

    /// Whether the second of two words is given; the first is the default.
    fn one_of(&self, key: &str, words: [&str; 2]) -> Result<bool, FieldError> {
        match self.map.get(key).map(Json::as_str) {
            None => Ok(false),
            Some(Some(word)) if words.contains(&word) => Ok(word == words[1]),
            Some(_) => Err(wrong(
                &format!("/{key}"),
                &format!("must be {} or {}", words[0], words[1]),
            )),
        }
    }

    fn finish(&self, (test, allowed): (Test, &[&str])) -> Result<Test, FieldError> {
        match self.map.keys().find(|key| {
            !["property", "propertyName", "operator"].contains(&key.as_str())
                && !allowed.contains(&key.as_str())
        }) {
            Some(unknown) => Err(FieldError::new(
                format!("/{}", pointer_segment(unknown)),
                "UNKNOWN_FIELD",
                "is not a field of this operator",
            )),
            // All but texts are compared exactly in any case.
            None if self.is_exact()? && self.subject.kind().is_text() => Ok(test.exactly()),
            None => Ok(test),
        }
    }

    fn is_exact(&self) -> Result<bool, FieldError> {
        match self.map.get(EXACT) {
            None => Ok(false),
            Some(Json::Bool(is_exact)) => Ok(*is_exact),
            Some(_) => Err(wrong("/exact", "must be true or false")),
        }
    }

    fn value(&self, key: &str) -> Result<Value, FieldError> {
        self.optional_value(key)?
            .ok_or_else(|| wrong(&format!("/{key}"), "is required"))
    }

    fn optional_value(&self, key: &str) -> Result<Option<Value>, FieldError> {
        let json = self
            .map
            .get(key)
            .ok_or_else(|| wrong(&format!("/{key}"), "is required"))?;
        self.parse(json)
            .map_err(|error| error.under(&format!("/{key}")))
    }

    fn parse(&self, json: &Json) -> Result<Option<Value>, FieldError> {
        if json.is_null() {
            return Ok(None);
        }
        let text = || json.as_str().ok_or_else(|| wrong("", "must be a text"));
        let value = match (self.subject, self.subject.kind()) {
            // A day stands for its midnight in UTC.
            (_, PropertyType::Datetime) => match parse_date(text()?) {
                Ok(date) => Value::Datetime(
                    Timestamp::from_civil(date.at(0, 0, 0, 0), &jiff::tz::TimeZone::UTC)
                        .map_err(|error| wrong("", &error.to_string()))?,
                ),
                Err(_) => Value::Datetime(
                    Timestamp::parse(text()?).map_err(|error| wrong("", &error.to_string()))?,
                ),
            },
            (Subject::CreatedBy, _) => {
                Value::User(text()?.parse().map_err(|_| wrong("", "must be an id"))?)
            }
            (Subject::Id, _) => {
                Value::Record(text()?.parse().map_err(|_| wrong("", "must be an id"))?)
            }
            (Subject::Property(property) | Subject::Linked { property, .. }, kind)
                if kind.has_options() =>
            {
                return filter_choice(property, json);
            }
            // Any text can be compared with, also what could not be stored.
            (Subject::Property(_) | Subject::Linked { .. }, kind) if kind.is_text() => {
                Value::Text(text()?.to_owned())
            }
            (Subject::Property(property) | Subject::Linked { property, .. }, _) => {
                return parse_value(property, json)
                    .map_err(|invalid| FieldError::new("", invalid.code, invalid.message));
            }
            (Subject::CreatedAt | Subject::UpdatedAt, _) => {
                return Err(wrong("", "must be a time"));
            }
        };
        Ok(Some(value))
    }

    fn ordered(&self, key: &str) -> Result<Value, FieldError> {
        match self.subject.kind() {
            PropertyType::Number
            | PropertyType::Money
            | PropertyType::Date
            | PropertyType::Datetime => self.value(key),
            kind if kind.is_text() => self.value(key),
            kind => Err(FieldError::new(
                "/operator",
                "INVALID_OPERATOR",
                format!("does not fit the type {kind}"),
            )),
        }
    }

    fn values(&self) -> Result<Vec<Value>, FieldError> {
        let key = if self.map.contains_key("values") {
            "values"
        } else {
            "value"
        };
        let pointer = format!("/{key}");
        let items = self
            .map
            .get(key)
            .and_then(Json::as_array)
            .ok_or_else(|| wrong(&pointer, "must be a list"))?;
        if items.len() > MAX_VALUES {
            return Err(wrong(
                &pointer,
                &format!("must have at most {MAX_VALUES} values"),
            ));
        }
        let value = |(index, item)| -> Result<Value, FieldError> {
            let parsed = self
                .parse(item)
                .map_err(|error| error.under(&format!("{pointer}/{index}")))?;
            parsed.ok_or_else(|| wrong(&format!("{pointer}/{index}"), "must not be empty"))
        };
        items.iter().enumerate().map(value).collect()
    }

    fn needle(&self, operator: &str, kind: PropertyType) -> Result<Needle, FieldError> {
        let text = self
            .map
            .get("value")
            .and_then(Json::as_str)
            .ok_or_else(|| wrong("/value", "is required and must be a text"))?;
        match kind {
            kind if kind.is_text() => Ok(Needle::Text(fold(text))),
            PropertyType::MultiSelect if operator == "CONTAINS" => {
                Ok(Needle::Option(text.to_owned()))
            }
            kind => Err(FieldError::new(
                "/operator",
                "INVALID_OPERATOR",
                format!("does not fit the type {kind}"),
            )),
        }
    }

    fn range(&self) -> Result<TimeRange, FieldError> {
        let range = TimeRange {
            from: self.time("from")?,
            to: self.time("to")?,
        };
        match range {
            TimeRange {
                from: Some(from),
                to: Some(to),
            } if from > to => Err(wrong("/to", "must not be before from")),
            range => Ok(range),
        }
    }

    fn required_time(&self, key: &str) -> Result<Timestamp, FieldError> {
        self.time(key)?.ok_or_else(|| {
            wrong(
                &format!("/{key}"),
                "is required: a time such as 2026-03-01T09:20:00Z",
            )
        })
    }

    fn time(&self, key: &str) -> Result<Option<Timestamp>, FieldError> {
        let Some(json) = self.map.get(key).filter(|json| !json.is_null()) else {
            return Ok(None);
        };
        let text = json.as_str().ok_or_else(|| {
            wrong(
                &format!("/{key}"),
                "must be a time such as 2026-03-01T09:20:00Z",
            )
        })?;
        Timestamp::parse(text)
            .map(Some)
            .map_err(|error| wrong(&format!("/{key}"), &error.to_string()))
    }

    fn duration(&self, key: &str) -> Result<Option<i64>, FieldError> {
        let Some(json) = self.map.get(key).filter(|json| !json.is_null()) else {
            return Ok(None);
        };
        let text = json
            .as_str()
            .ok_or_else(|| wrong(&format!("/{key}"), "must be a duration such as P14D"))?;
        parse_duration(text)
            .map(Some)
            .map_err(|error| wrong(&format!("/{key}"), &error.to_string()))
    }

    fn count(&self, key: &str) -> Result<Option<u64>, FieldError> {
        let Some(json) = self.map.get(key).filter(|json| !json.is_null()) else {
            return Ok(None);
        };
        json.as_u64()
            .map(Some)
            .ok_or_else(|| wrong(&format!("/{key}"), "must be a whole number from 0"))
    }
}

fn filter_choice(property: &Property, json: &Json) -> Result<Option<Value>, FieldError> {
    let known = |item: &Json| -> Result<String, FieldError> {
        let value = item
            .as_str()
            .ok_or_else(|| wrong("", "must be an option"))?;
        property
            .choice(value)
            .map(|choice| choice.value.clone())
            .ok_or_else(|| FieldError::new("", "INVALID_OPTION", "must be one of the options"))
    };
    if property.kind != PropertyType::MultiSelect {
        return known(json).map(|value| Some(Value::Option(value)));
    }
    let items = match json {
        Json::Array(items) => items.iter().map(known).collect::<Result<Vec<_>, _>>()?,
        single => vec![known(single)?],
    };
    let mut options = items;
    options.sort_unstable();
    options.dedup();
    Ok((!options.is_empty()).then_some(Value::Options(options)))
}

fn wrong(pointer: &str, message: &str) -> FieldError {
    FieldError::new(pointer, "INVALID_VALUE", message)
}
