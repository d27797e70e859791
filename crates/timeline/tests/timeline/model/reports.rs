//! Reports, naively: over leads as they are known at the moment, one at a time.

use std::collections::{BTreeMap, BTreeSet};

use leadline_engine::{
    ledger::Source,
    time::{MICROS_PER_SECOND, Timestamp},
    value::Value,
};
use leadline_timeline::{
    Moment, Window,
    reports::{Basis, FunnelBasis, Skipped},
};

use super::Lead;

/// A value as text, for comparing.
pub(crate) fn show(value: Option<&Value>) -> String {
    leadline_engine::value::optional_json(value).to_string()
}

/// Quantile by sorting.
pub(crate) fn quantile(durations: &[i64], q: f64) -> Option<f64> {
    let mut sorted = durations.to_vec();
    sorted.sort_unstable();
    let place = q * (sorted.len().checked_sub(1)? as f64);
    let (low, high) = (
        sorted[place.floor() as usize],
        sorted[place.ceil() as usize],
    );
    let seconds = low as f64 + (high - low) as f64 * (place - place.floor());
    Some(seconds / MICROS_PER_SECOND as f64)
}

pub(crate) fn mean(durations: &[i64]) -> Option<f64> {
    let total: i64 = durations.iter().sum();
    (!durations.is_empty())
        .then(|| total as f64 / durations.len() as f64 / MICROS_PER_SECOND as f64)
}

/// Whether two figures are the same but for rounding.
pub(crate) fn close(a: Option<f64>, b: Option<f64>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() <= 1e-6 * a.abs().max(1.0),
        (a, b) => a == b,
    }
}

/// One visit of a lead.
struct Visit {
    value: Value,
    start: i64,
    end: Option<i64>,
    source: Source,
}

fn visits(lead: &Lead, name: &str) -> Vec<Visit> {
    let entries = lead.all(name);
    let archiving = lead.all("archived").last();
    let archived_at = archiving
        .filter(|entry| entry.value == Some(Value::Boolean(true)))
        .map(|entry| entry.valid_from.micros());
    let mut visits = Vec::new();
    for (index, entry) in entries.iter().enumerate() {
        let next = entries.get(index + 1).map(|next| next.valid_from.micros());
        if let Some(value) = &entry.value {
            visits.push(Visit {
                value: value.clone(),
                start: entry.valid_from.micros(),
                end: next.or(archived_at),
                source: entry.source,
            });
        }
    }
    visits
}

/// What is known of a value's visits.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Held {
    pub(crate) durations: Vec<i64>,
    pub(crate) records: BTreeSet<String>,
    pub(crate) open: u64,
}

pub(crate) struct Range<'a> {
    pub(crate) from: Timestamp,
    pub(crate) to: Timestamp,
    pub(crate) excluded: &'a [Source],
}

pub(crate) fn time_in_value(
    leads: &[Lead],
    range: &Range<'_>,
    basis: Basis,
    moment: Moment,
) -> BTreeMap<String, Held> {
    let (from, to) = (range.from.micros(), range.to.micros());
    let limit = to.min(moment.at.micros());
    let mut all = BTreeMap::<String, Held>::new();
    for lead in leads {
        for visit in visits(lead, "stage") {
            if range.excluded.contains(&visit.source) || visit.start >= to {
                continue;
            }
            let is_open = visit.end.is_none();
            let end = visit.end.unwrap_or(i64::MAX);
            let counts = match basis {
                Basis::Closed => visit.end.is_some() && from <= end && end < to,
                Basis::All => end > from || visit.start >= from,
            };
            if !counts && !is_open {
                continue;
            }
            let held = all.entry(show(Some(&visit.value))).or_default();
            held.open += u64::from(is_open);
            if counts {
                let end = if basis == Basis::All {
                    end.min(limit)
                } else {
                    end
                };
                held.durations.push((end - visit.start).max(0));
                held.records.insert(lead.head.id.to_string());
            }
        }
    }
    all
}

/// From, to → times in `from`, moves, records.
pub(crate) type Flows = BTreeMap<(String, String), (Vec<i64>, u64, BTreeSet<String>)>;

pub(crate) fn flow(leads: &[Lead], range: &Range<'_>) -> Flows {
    let mut flows = Flows::new();
    for lead in leads {
        let mut before: Option<(Option<Value>, i64)> = None;
        for entry in lead.all("stage") {
            let time = entry.valid_from;
            if range.from <= time && time < range.to && !range.excluded.contains(&entry.source) {
                let from = before.as_ref().and_then(|(value, _)| value.as_ref());
                let flow = flows
                    .entry((show(from), show(entry.value.as_ref())))
                    .or_default();
                flow.1 += 1;
                flow.2.insert(lead.head.id.to_string());
                if let Some((Some(_), since)) = before {
                    flow.0.push(time.micros() - since);
                }
            }
            before = Some((entry.value.clone(), time.micros()));
        }
    }
    flows
}

/// When a lead reached each step of a funnel.
pub(crate) fn path(
    lead: &Lead,
    stages: &[Value],
    skipped: Skipped,
    excluded: &[Source],
) -> Vec<Timestamp> {
    let entries: Vec<(usize, Timestamp)> = lead
        .all("stage")
        .iter()
        .filter(|entry| !excluded.contains(&entry.source))
        .filter_map(|entry| {
            let step = stages
                .iter()
                .position(|s| Some(s) == entry.value.as_ref())?;
            Some((step, entry.valid_from))
        })
        .collect();
    let mut times: Vec<Timestamp> = Vec::new();
    for wanted in 0..stages.len() {
        let since = times.last().copied().unwrap_or(Timestamp::MIN);
        let passes = |step: usize| {
            step == wanted || (wanted > 0 && skipped == Skipped::Count && step > wanted)
        };
        let reached = entries
            .iter()
            .filter(|(step, time)| passes(*step) && *time >= since);
        match reached.map(|(_, time)| *time).min() {
            Some(time) => times.push(time),
            None => break,
        }
    }
    times
}

/// Each step's records and the times to the next step.
pub(crate) type Steps = Vec<(BTreeSet<String>, Vec<i64>)>;

pub(crate) fn funnel(
    leads: &[Lead],
    stages: &[Value],
    (basis, skipped): (FunnelBasis, Skipped),
    window: Window,
    excluded: &[Source],
) -> Steps {
    let is_in = |time: Timestamp| window.start <= time && time < window.end;
    let mut steps: Steps = vec![Default::default(); stages.len()];
    for lead in leads {
        let id = lead.head.id.to_string();
        match basis {
            FunnelBasis::Cohort => {
                let times = path(lead, stages, skipped, excluded);
                if !times.first().is_some_and(|&first| is_in(first)) {
                    continue;
                }
                for (step, time) in times.iter().enumerate() {
                    steps[step].0.insert(id.clone());
                    if let Some(next) = times.get(step + 1) {
                        steps[step].1.push(next.micros() - time.micros());
                    }
                }
            }
            FunnelBasis::Period => {
                let entries = lead.all("stage").iter();
                let entries: Vec<_> = entries
                    .filter(|e| is_in(e.valid_from) && !excluded.contains(&e.source))
                    .collect();
                let first = |stage: Option<&Value>, since: Timestamp| {
                    let mut found = entries.iter().filter(|e| e.valid_from >= since);
                    let stage = stage?;
                    found
                        .find(|e| e.value.as_ref() == Some(stage))
                        .map(|e| e.valid_from)
                };
                for (step, stage) in stages.iter().enumerate() {
                    let Some(time) = first(Some(stage), Timestamp::MIN) else {
                        continue;
                    };
                    steps[step].0.insert(id.clone());
                    if let Some(next) = first(stages.get(step + 1), time) {
                        steps[step].1.push(next.micros() - time.micros());
                    }
                }
            }
        }
    }
    steps
}

/// How many leads hold each value of `stage` at a time.
pub(crate) fn counts(leads: &[Lead], at: Timestamp) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for lead in leads {
        if lead.head.created_at <= at && !lead.is_archived(at) {
            *counts
                .entry(show(lead.at("stage", at).as_ref()))
                .or_default() += 1;
        }
    }
    counts
}

/// The leads of each group.
pub(crate) fn groups(leads: &[Lead], by: Option<&str>) -> BTreeMap<String, Vec<Lead>> {
    let mut groups = BTreeMap::<String, Vec<Lead>>::new();
    for lead in leads {
        let value = by.and_then(|by| lead.at(by, Timestamp::MAX));
        groups
            .entry(show(value.as_ref()))
            .or_default()
            .push(lead.clone());
    }
    groups
}
