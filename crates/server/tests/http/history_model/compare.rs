//! Compares all that the server says of a record with the model.

use leadline_engine::time::Timestamp;
use serde_json::{Value, json};

use super::{
    choose::Moment,
    model::{Belief, Model, PROPERTIES},
};
use crate::person::{Answer, Person};

type Compared = Result<(), String>;

/// Tells the first difference.
pub(super) async fn compare(
    ann: &Person,
    id: &str,
    model: &Model,
    moments: &[Moment],
    now: Timestamp,
) -> Compared {
    let path = format!("/objects/leads/{id}");
    let history = ann.get(&format!("{path}/history?limit=1000")).await;
    let ids = change_sets(&history.status(200), model)?;
    let present = ann.get(&with_history(&path, None)).await.status(200);
    record(&present, model.belief(), Timestamp::MAX)?;
    same(
        "version",
        present.at("/version"),
        &json!(model.versions.len()),
    )?;
    same(
        "archived",
        present.at("/archived"),
        &json!(model.belief().is_archived()),
    )?;
    let shown = Shown {
        model,
        ids: &ids,
        now,
    };
    shown.spans(&present, model.belief(), None)?;
    for moment in moments {
        let answer = ann.get(&with_history(&path, Some(moment))).await;
        let belief = match moment.recorded_as_of {
            None => Some(model.belief()),
            Some(time) => known_at(model, time),
        };
        let at = moment.as_of.unwrap_or(Timestamp::MAX);
        let told = format!("{moment:?}");
        match belief.filter(|belief| at >= belief.created_at) {
            None => same(&told, &json!(answer.code), &json!(404))?,
            Some(belief) => {
                same(&told, &json!(answer.code), &json!(200))?;
                record(&answer, belief, at).map_err(|text| format!("{told}: {text}"))?;
                shown
                    .spans(&answer, belief, Some(*moment))
                    .map_err(|text| format!("{told}: {text}"))?;
            }
        }
    }
    differences(ann, &path, model.belief(), moments).await
}

fn with_history(path: &str, moment: Option<&Moment>) -> String {
    let mut path = format!("{path}?propertiesWithHistory={}", PROPERTIES.join(","));
    if let Some(time) = moment.and_then(|moment| moment.as_of) {
        path.push_str(&format!("&asOf={time}"));
    }
    if let Some(time) = moment.and_then(|moment| moment.recorded_as_of) {
        path.push_str(&format!("&recordedAsOf={time}"));
    }
    path
}

fn known_at(model: &Model, time: Timestamp) -> Option<&Belief> {
    let mut known = model
        .versions
        .iter()
        .filter(|version| version.recorded_at <= time);
    known
        .next_back()
        .and_then(|version| version.belief.as_ref())
}

fn record(answer: &Answer, belief: &Belief, at: Timestamp) -> Compared {
    same(
        "createdAt",
        answer.at("/createdAt"),
        &json!(belief.created_at),
    )?;
    for name in PROPERTIES.into_iter().filter(|name| *name != "archived") {
        same(
            name,
            answer.at(&format!("/properties/{name}")),
            &belief.value_at(name, at),
        )?;
    }
    let archived = belief.value_at("archived", at) == json!(true);
    same("archived", answer.at("/archived"), &json!(archived))
}

/// Answers the ids of the change sets, by version.
fn change_sets(answer: &Answer, model: &Model) -> Result<Vec<Value>, String> {
    let shown = answer.list("/results");
    same(
        "number of change sets",
        &json!(shown.len()),
        &json!(model.versions.len()),
    )?;
    let mut ids = Vec::new();
    for ((index, version), set) in model.versions.iter().enumerate().zip(shown.iter().rev()) {
        let told = format!("change set {}", index + 1);
        let expected = json!([
            index + 1,
            version.recorded_at,
            version.valid_from,
            version.source
        ]);
        let found = json!([
            set["version"],
            set["recordedAt"],
            set["validFrom"],
            set["source"]
        ]);
        same(&told, &found, &expected)?;
        if let Some(changes) = &version.changes {
            let text =
                |property: &str, from: &Value, to: &Value| format!("{property}: {from} → {to}");
            let mut expected: Vec<String> = changes
                .iter()
                .map(|(property, from, to)| text(property, from, to))
                .collect();
            let found = set["changes"].as_array().unwrap().iter();
            let mut found: Vec<String> = found
                .map(|change| {
                    text(
                        change["property"].as_str().unwrap(),
                        &change["from"],
                        &change["to"],
                    )
                })
                .collect();
            expected.sort();
            found.sort();
            same(&told, &json!(found), &json!(expected))?;
        }
        if index > 0 && version.recorded_at <= model.versions[index - 1].recorded_at {
            return Err(format!("{told} was recorded before the one before it"));
        }
        ids.push(set["id"].clone());
    }
    Ok(ids)
}

/// What spans are compared with.
struct Shown<'m> {
    model: &'m Model,
    ids: &'m [Value],
    now: Timestamp,
}

impl Shown<'_> {
    /// Spans are contiguous, newest first, the last one open, and each is what the model says.
    fn spans(&self, answer: &Answer, belief: &Belief, moment: Option<Moment>) -> Compared {
        let as_of = moment.and_then(|moment| moment.as_of);
        let until = as_of
            .or(moment.and_then(|moment| moment.recorded_as_of))
            .unwrap_or(self.now);
        for property in PROPERTIES {
            let timeline = belief
                .timelines
                .get(property)
                .map(Vec::as_slice)
                .unwrap_or_default();
            let begun: Vec<_> = timeline
                .iter()
                .filter(|entry| as_of.is_none_or(|at| entry.from <= at))
                .collect();
            let span = |(index, entry): (usize, &&super::model::Entry)| {
                let to = begun.get(index + 1).map(|next| next.from);
                let version = &self.model.versions[entry.version - 1];
                let micros = (to.unwrap_or(until).micros() - entry.from.micros()).max(0);
                json!({
                    "value": entry.value, "validFrom": entry.from, "validTo": to, "recordedAt": version.recorded_at,
                    "source": version.source, "changeSet": self.ids[entry.version - 1], "durationSeconds": micros as f64 / 1e6,
                })
            };
            let expected: Vec<Value> = begun.iter().enumerate().map(span).rev().collect();
            let mut found = answer
                .list(&format!("/propertiesWithHistory/{property}"))
                .clone();
            for span in &mut found {
                span.as_object_mut().unwrap().remove("actor");
            }
            same(
                &format!("spans of {property}"),
                &json!(found),
                &json!(expected),
            )?;
        }
        Ok(())
    }
}

async fn differences(ann: &Person, path: &str, belief: &Belief, moments: &[Moment]) -> Compared {
    let (Some(from), Some(to)) = (moments[0].as_of, moments[1].as_of) else {
        return Ok(());
    };
    let answer = ann.get(&format!("{path}/diff?from={from}&to={to}")).await;
    let told = format!("diff from {from} to {to}");
    if from.min(to) < belief.created_at {
        return same(&told, &json!(answer.code), &json!(404));
    }
    let mut expected = Vec::new();
    for name in PROPERTIES {
        let (before, after) = (belief.value_at(name, from), belief.value_at(name, to));
        if before != after {
            expected.push(format!("{name}: {before} → {after}"));
        }
    }
    let text = |change: &Value| {
        format!(
            "{}: {} → {}",
            change["property"].as_str().unwrap(),
            change["from"],
            change["to"]
        )
    };
    let mut found: Vec<String> = answer
        .status(200)
        .list("/changes")
        .iter()
        .map(text)
        .collect();
    expected.sort();
    found.sort();
    same(&told, &json!(found), &json!(expected))
}

fn same(what: &str, found: &Value, expected: &Value) -> Compared {
    if found == expected {
        Ok(())
    } else {
        Err(format!(
            "{what}: the server says\n  {found}\nand the model\n  {expected}"
        ))
    }
}
