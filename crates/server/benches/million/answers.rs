//! Answers in one form, so that those of the product, of SQL and of the bare loops can be compared.

use std::collections::BTreeMap;

use leadline_engine::time::Timestamp;
use serde_json::Value as Json;

use crate::{
    data::STAGES,
    ledger::lead_number,
    questions::{BOARD_UNTIL, Question},
};

/// Figures by what they are of: a stage, a move, a month and a stage; `page` has the numbers of leads in order. What is not defined is NaN.
pub(crate) type Answer = BTreeMap<String, Vec<f64>>;

/// Adds figures to those that are there of the same thing.
pub(crate) fn add(
    answer: &mut Answer,
    key: impl Into<String>,
    figures: impl IntoIterator<Item = f64>,
) {
    answer.entry(key.into()).or_default().extend(figures);
}

/// What the product answered, one body for each request.
pub(crate) fn read(question: Question, bodies: &[Json]) -> Answer {
    let mut answer = Answer::new();
    let body = &bodies[0];
    match question {
        Question::Page
        | Question::PageAsOf
        | Question::Contains
        | Question::Ever
        | Question::Entered
        | Question::TimeInStage => read_page(&mut answer, body, true),
        Question::Words | Question::Typo | Question::CountAsOf => {
            read_page(&mut answer, body, false);
        }
        Question::Everywhere => {
            let groups = list(&body["results"]).iter();
            let total: f64 = groups.map(|group| number(&group["total"]["value"])).sum();
            add(&mut answer, "total", [total]);
        }
        Question::Board => read_board(&mut answer, body),
        Question::Trend => read_trend(&mut answer, body),
        Question::Flow => {
            for flow in list(&body["flows"]) {
                let key = format!("{}>{}", text(&flow["from"]), text(&flow["to"]));
                let figures = ["count", "records", "medianSeconds"];
                add(&mut answer, key, figures.map(|name| number(&flow[name])));
            }
        }
        Question::Times => read_times(&mut answer, "", body),
        Question::TimesByCountry => {
            for group in list(&body["groups"]) {
                read_times(&mut answer, &format!("{}:", text(&group["group"])), group);
            }
        }
        Question::Funnel => read_months(&mut answer, &body["intervals"], "steps"),
        Question::Cohort => read_months(&mut answer, &body["cohorts"], "values"),
        Question::Snapshot => read_snapshot(&mut answer, body),
    }
    answer
}

/// Seconds between the moment that a board measures ages at and the one at which its answer is read.
const BETWEEN: f64 = 60.0;

/// Whether two answers say the same: counts exactly, times but for what rounding makes of them.
pub(crate) fn difference(question: Question, one: &Answer, other: &Answer) -> Option<String> {
    let keys = one.keys().chain(other.keys());
    for key in keys {
        let (Some(a), Some(b)) = (one.get(key), other.get(key)) else {
            return Some(format!(
                "{key}: {:?} and {:?}",
                one.get(key),
                other.get(key)
            ));
        };
        let is_age = |index| question == Question::Board && index == 2 && STAGES.contains(&&**key);
        let is_same = |(index, (a, b)): (usize, (&f64, &f64))| {
            let allowed = if is_age(index) {
                BETWEEN
            } else {
                1e-9 * a.abs().max(1.0)
            };
            (a.is_nan() && b.is_nan()) || (a - b).abs() <= allowed
        };
        if a.len() != b.len() || !a.iter().zip(b).enumerate().all(is_same) {
            return Some(format!("{key}: {a:?} and {b:?}"));
        }
    }
    None
}

fn read_page(answer: &mut Answer, body: &Json, with_leads: bool) {
    add(answer, "total", [number(&body["total"]["value"])]);
    if with_leads {
        add(answer, "page", leads(&body["results"]));
    }
}

/// The ages are measured up to the present: here up to when they are in the other answers.
fn read_board(answer: &mut Answer, body: &Json) {
    let later = (Timestamp::now().micros() - BOARD_UNTIL) / 1_000_000;
    for column in list(&body["columns"]) {
        let stage = text(&column["value"]);
        add(answer, &stage, held(column));
        let age = number(&column["medianAgeSeconds"]) - later as f64;
        add(answer, &stage, [age]);
        add(answer, format!("page {stage}"), leads(&column["records"]));
    }
}

fn read_snapshot(answer: &mut Answer, body: &Json) {
    for value in list(&body["values"]) {
        add(answer, text(&value["value"]), held(value));
    }
}

/// How many leads hold a value, and what their amounts add up to.
fn held(value: &Json) -> [f64; 2] {
    let sum = list(&value["sums"]["amount"]).first();
    let sum = sum.map_or(0.0, |sum| text(&sum["amount"]).parse().unwrap());
    [number(&value["count"]), sum]
}

fn read_trend(answer: &mut Answer, body: &Json) {
    for (index, interval) in list(&body["intervals"]).iter().enumerate() {
        for (stage, count) in interval["counts"].as_object().unwrap() {
            add(answer, format!("{index}:{stage}"), [number(count)]);
        }
    }
}

fn read_times(answer: &mut Answer, prefix: &str, body: &Json) {
    let figures = [
        "visits",
        "records",
        "openVisits",
        "meanSeconds",
        "medianSeconds",
        "p75Seconds",
        "p90Seconds",
    ];
    for value in list(&body["values"]) {
        let key = format!("{prefix}{}", text(&value["value"]));
        add(answer, key, figures.map(|name| number(&value[name])));
    }
}

/// How many reached what, by month; what nobody reached is left out.
fn read_months(answer: &mut Answer, months: &Json, steps: &str) {
    for month in list(months) {
        let start = text(&month["start"]);
        for step in list(&month[steps]) {
            let figures = ["reached", "medianSeconds"].map(|name| number(&step[name]));
            if figures[0] > 0.0 {
                add(
                    answer,
                    format!("{}:{}", &start[..7], text(&step["value"])),
                    figures,
                );
            }
        }
    }
}

fn leads(records: &Json) -> impl Iterator<Item = f64> + '_ {
    let number = |lead: &Json| lead_number(&text(&lead["id"])) as f64;
    list(records).iter().map(number)
}

fn list(json: &Json) -> &[Json] {
    json.as_array().map_or(&[], Vec::as_slice)
}

fn text(json: &Json) -> String {
    json.as_str().unwrap_or_default().to_owned()
}

fn number(json: &Json) -> f64 {
    match json {
        Json::Null => f64::NAN,
        other => other.to_string().parse().unwrap(),
    }
}
