//! `--map`: which column is what, as `column=property,column=property`.

use crate::service::imports::MappingEntry;

/// Reads a mapping. A column whose name holds a comma, an equals sign, a quote or a backslash is written in double quotes, where `\"` and
/// `\\` stand for the character itself; outside of quotes a backslash does the same. A property with `+` at its end is made if there is none,
/// with `+type` as that type.
///
/// # Errors
/// One sentence for a person.
pub(super) fn parse(text: &str) -> Result<Vec<MappingEntry>, String> {
    pairs(text)?
        .into_iter()
        .map(|(column, target)| {
            let (property, create) = match target.split_once('+') {
                Some((property, "")) => (property, Some(true.into())),
                Some((property, kind)) => (property, Some(serde_json::json!({"type": kind}))),
                None => (target.as_str(), None),
            };
            Ok(MappingEntry {
                column: Some(column),
                property: property.to_owned(),
                create_property: create,
                ..MappingEntry::default()
            })
        })
        .collect()
}

/// Reads `property=value`: the same value for every row.
///
/// # Errors
/// One sentence for a person.
pub(super) fn parse_constants(text: &str) -> Result<Vec<MappingEntry>, String> {
    let constant = |(property, value): (String, String)| MappingEntry {
        property,
        value: Some(value),
        ..MappingEntry::default()
    };
    Ok(pairs(text)?.into_iter().map(constant).collect())
}

fn pairs(text: &str) -> Result<Vec<(String, String)>, String> {
    let mut pairs = Vec::new();
    let mut left: Option<String> = None;
    let mut word = String::new();
    let mut is_quoted = false;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => word.push(
                chars
                    .next()
                    .ok_or("a backslash at the end stands for nothing")?,
            ),
            '"' => is_quoted = !is_quoted,
            '=' if !is_quoted && left.is_none() => left = Some(std::mem::take(&mut word)),
            ',' if !is_quoted => pairs.push(pair(left.take(), std::mem::take(&mut word))?),
            c => word.push(c),
        }
    }
    if is_quoted {
        return Err("a quote is not closed".into());
    }
    pairs.push(pair(left, word)?);
    Ok(pairs)
}

fn pair(left: Option<String>, right: String) -> Result<(String, String), String> {
    match left.map(|left| left.trim().to_owned()) {
        Some(left) if !left.is_empty() => Ok((left, right.trim().to_owned())),
        _ => Err(format!("{right:?} is no pair: write column=property")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(text: &str) -> Vec<(String, String)> {
        parse(text)
            .unwrap()
            .into_iter()
            .map(|entry| (entry.column.unwrap(), entry.property))
            .collect()
    }

    #[test]
    fn columns_may_hold_any_character() {
        let pair = |column: &str, property: &str| (column.to_owned(), property.to_owned());
        assert_eq!(
            columns("case:concept:name=@key, concept:name=stage,time:timestamp=@time"),
            [
                pair("case:concept:name", "@key"),
                pair("concept:name", "stage"),
                pair("time:timestamp", "@time")
            ]
        );
        assert_eq!(
            columns(r#""a, b = c"=stage,d\,e=@time,"say \"hi\""=@key"#),
            [
                pair("a, b = c", "stage"),
                pair("d,e", "@time"),
                pair("say \"hi\"", "@key")
            ]
        );
    }

    #[test]
    fn a_plus_makes_the_property() {
        let entries = parse("Origin=origin+,Won=won_on+date").unwrap();
        assert_eq!(entries[0].create_property, Some(true.into()));
        assert_eq!(
            entries[1].create_property,
            Some(serde_json::json!({"type": "date"}))
        );
    }

    #[test]
    fn what_is_no_mapping_is_refused() {
        for text in ["", "stage", "=stage", "\"a=stage", "a=b,,c=d", "a\\"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
