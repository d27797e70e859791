//! Filters and orders, naively.

use std::cmp::Ordering;

use leadline_engine::{
    filter::{Condition, Filter, Needle, Sort, Subject, Test, TextComparison, TimeRange},
    ids::RecordId,
    text::fold,
    time::Timestamp,
    value::Value,
};
use leadline_timeline::{Entry, Moment};

use super::{Lead, World};

impl World {
    /// The leads that a filter selects, as they were known at the moment, by id.
    pub(crate) fn selected(&self, filter: &Filter, moment: Moment) -> Vec<Lead> {
        let looks_at_archived = filter.groups.iter().flatten().any(
            |c| matches!(&c.subject, Subject::Property(property) if property.name == "archived"),
        );
        let mut found: Vec<Lead> = self
            .leads
            .iter()
            .filter_map(|lead| known(lead, moment))
            .filter(|lead| looks_at_archived || !lead.is_archived(Timestamp::MAX))
            .filter(|lead| self.matches(filter, lead, moment))
            .collect();
        found.sort_by_key(|lead| lead.head.id);
        found
    }

    pub(crate) fn matches(&self, filter: &Filter, lead: &Lead, moment: Moment) -> bool {
        let mut groups = filter.groups.iter();
        filter.groups.is_empty()
            || groups.any(|group| group.iter().all(|c| self.meets(c, lead, moment)))
    }

    fn meets(&self, condition: &Condition, lead: &Lead, moment: Moment) -> bool {
        let Condition { subject, test } = condition;
        match subject {
            Subject::Property(property) => {
                history_or_present(test, lead, &property.name, moment.at)
            }
            Subject::Linked { property, .. } => {
                let account = self.linked_account(lead, moment);
                match account {
                    Some(account) => history_or_present(test, &account, &property.name, moment.at),
                    None => matches!(
                        test.comparison().0,
                        Test::Neq(_) | Test::NotIn(_) | Test::NotHasProperty | Test::Never(_)
                    ),
                }
            }
            Subject::CreatedAt => present(test, Some(&Value::Datetime(lead.head.created_at))),
            Subject::UpdatedAt => present(test, Some(&Value::Datetime(lead.head.updated_at))),
            Subject::CreatedBy => {
                let creator = lead.head.created_by.map(|id| Value::User(id.into()));
                present(test, creator.as_ref())
            }
            Subject::Id => present(test, Some(&Value::Record(lead.head.id))),
        }
    }

    /// The account that a lead links to; known, though nothing is known of it, when it began to exist later.
    fn linked_account(&self, lead: &Lead, moment: Moment) -> Option<Lead> {
        let Some(Value::Record(id)) = lead.at("account", Timestamp::MAX) else {
            return None;
        };
        let account = self.account(id)?;
        let unborn = || Lead::new(id, account.head.created_at);
        Some(known(account, moment).unwrap_or_else(unborn))
    }

    /// What a lead is sorted by.
    pub(crate) fn sort_value(&self, sort: &Sort, lead: &Lead, moment: Moment) -> Option<Value> {
        match &sort.subject {
            Subject::Property(property) => lead.at(&property.name, Timestamp::MAX),
            Subject::Linked { property, .. } => self
                .linked_account(lead, moment)
                .and_then(|account| account.at(&property.name, Timestamp::MAX)),
            Subject::CreatedAt => Some(Value::Datetime(lead.head.created_at)),
            Subject::UpdatedAt => Some(Value::Datetime(lead.head.updated_at)),
            Subject::CreatedBy => lead.head.created_by.map(|id| Value::User(id.into())),
            Subject::Id => Some(Value::Record(lead.head.id)),
        }
    }

    /// The leads' ids in order.
    pub(crate) fn sorted(&self, leads: &[Lead], sorts: &[Sort], moment: Moment) -> Vec<RecordId> {
        let mut leads: Vec<&Lead> = leads.iter().collect();
        leads.sort_by(|a, b| {
            for sort in sorts {
                let values = [a, b].map(|lead| self.sort_value(sort, lead, moment));
                let ordering = match &values {
                    [Some(a), Some(b)] => {
                        let ordering = sort_order(&sort.subject, a, b);
                        if sort.descending {
                            ordering.reverse()
                        } else {
                            ordering
                        }
                    }
                    [a, b] => a.is_none().cmp(&b.is_none()),
                };
                if ordering != Ordering::Equal {
                    return ordering;
                }
            }
            a.head.id.cmp(&b.head.id)
        });
        leads.iter().map(|lead| lead.head.id).collect()
    }
}

/// A lead as it was known at the moment.
pub(crate) fn known(lead: &Lead, moment: Moment) -> Option<Lead> {
    if moment.is_as_of {
        lead.until(moment.at)
    } else {
        Some(lead.clone())
    }
}

fn sort_order(subject: &Subject, a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::Text(a), Value::Text(b)) => fold(a).cmp(&fold(b)),
        (Value::Option(a), Value::Option(b)) => {
            let options = match subject {
                Subject::Property(property) | Subject::Linked { property, .. } => {
                    property.definition.options.as_slice()
                }
                _ => &[],
            };
            let place = |o: &str| options.iter().position(|choice| choice.value == o);
            let rank = |o: &str| place(o).unwrap_or(options.len());
            rank(a).cmp(&rank(b)).then(a.cmp(b))
        }
        _ => a.cmp(b),
    }
}

fn equal(a: &Value, b: &Value, comparison: TextComparison) -> bool {
    match (a, b) {
        (Value::Text(a), Value::Text(b)) if comparison == TextComparison::Folded => {
            fold(a) == fold(b)
        }
        _ => a == b,
    }
}

fn compare(a: &Value, b: &Value) -> Option<Ordering> {
    match (a, b) {
        (Value::Text(a), Value::Text(b)) => Some(fold(a).cmp(&fold(b))),
        (Value::Money(a), Value::Money(b)) if a.currency != b.currency => None,
        _ => Some(a.cmp(b)),
    }
}

fn present(test: &Test, value: Option<&Value>) -> bool {
    let (test, comparison) = test.comparison();
    let equal = |a: &Value, b: &Value| equal(a, b, comparison);
    let Some(value) = value else {
        return matches!(test, Test::Neq(_) | Test::NotIn(_) | Test::NotHasProperty);
    };
    let is =
        |other: &Value, accept: fn(Ordering) -> bool| compare(value, other).is_some_and(accept);
    match test {
        Test::Eq(other) => equal(value, other),
        Test::Neq(other) => !equal(value, other),
        Test::Lt(other) => is(other, Ordering::is_lt),
        Test::Lte(other) => is(other, Ordering::is_le),
        Test::Gt(other) => is(other, Ordering::is_gt),
        Test::Gte(other) => is(other, Ordering::is_ge),
        Test::Between { from, to } => is(from, Ordering::is_ge) && is(to, Ordering::is_lt),
        Test::In(others) => others.iter().any(|other| equal(value, other)),
        Test::NotIn(others) => !others.iter().any(|other| equal(value, other)),
        Test::HasProperty => true,
        Test::NotHasProperty => false,
        Test::Contains(needle) => match (value, needle) {
            (Value::Text(text), Needle::Text(part)) => fold(text).contains(part),
            (Value::Options(options), Needle::Option(option)) => options.contains(option),
            _ => false,
        },
        Test::StartsWith(needle) => match (value, needle) {
            (Value::Text(text), Needle::Text(part)) => fold(text).starts_with(part),
            _ => false,
        },
        _ => panic!("not a test of one moment"),
    }
}

fn history_or_present(test: &Test, lead: &Lead, name: &str, at: Timestamp) -> bool {
    if !test.is_on_history() {
        return present(test, lead.at(name, Timestamp::MAX).as_ref());
    }
    let mut entries = lead.all(name).to_vec();
    if name == "archived"
        && entries
            .first()
            .is_none_or(|e| e.valid_from > lead.head.created_at)
    {
        let source = leadline_engine::ledger::Source::System;
        let value = Some(Value::Boolean(false));
        entries.insert(
            0,
            Entry {
                valid_from: lead.head.created_at,
                value,
                source,
            },
        );
    }
    history(test, lead, &entries, at)
}

fn history(test: &Test, lead: &Lead, entries: &[Entry], at: Timestamp) -> bool {
    let (sources, test) = match test {
        Test::Except { sources, test } => (sources.as_slice(), &**test),
        test => (&[][..], test),
    };
    let (test, comparison) = test.comparison();
    let equal = |a: &Value, b: &Value| equal(a, b, comparison);
    let counts = |entry: &Entry| !sources.contains(&entry.source);
    let holds =
        |entry: &Entry, value: &Value| entry.value.as_ref().is_some_and(|v| equal(v, value));
    let same = |a: &Option<Value>, b: &Option<Value>| match (a, b) {
        (Some(a), Some(b)) => equal(a, b),
        (a, b) => a.is_none() && b.is_none(),
    };
    let moves = |range: &TimeRange| {
        let mut moves = Vec::new();
        let mut before = None;
        for entry in entries {
            if range.contains(entry.valid_from) && counts(entry) {
                moves.push((before.clone(), entry.value.clone()));
            }
            before.clone_from(&entry.value);
        }
        moves
    };
    match test {
        Test::Was { value, at } => {
            let mut held = entries.iter().filter(|entry| entry.valid_from <= *at);
            let held = held.next_back();
            lead.head.created_at <= *at
                && held.is_none_or(&counts)
                && same(&held.and_then(|entry| entry.value.clone()), value)
        }
        Test::Ever(value) => entries.iter().any(|entry| holds(entry, value)),
        Test::Never(value) => !entries.iter().any(|entry| holds(entry, value)),
        Test::Entered { value, range } => entries
            .iter()
            .any(|e| holds(e, value) && range.contains(e.valid_from) && counts(e)),
        Test::Left { value, range } => {
            let mut pairs = entries.windows(2);
            pairs.any(|pair| {
                holds(&pair[0], value) && range.contains(pair[1].valid_from) && counts(&pair[0])
            })
        }
        Test::Changed {
            from_value,
            to_value,
            range,
        } => moves(range).iter().any(|(from, to)| {
            from_value.as_ref().is_none_or(|value| same(from, value))
                && to_value.as_ref().is_none_or(|value| same(to, value))
        }),
        Test::ChangeCount { gte, lte, range } => {
            let later = entries.iter().skip(1);
            let count = later.filter(|e| range.contains(e.valid_from)).count() as u64;
            gte.is_none_or(|gte| count >= gte) && lte.is_none_or(|lte| count <= lte)
        }
        Test::TimeInValue { value, gte, lte } => entries.last().is_some_and(|entry| {
            let time = (at.micros() - entry.valid_from.micros()).max(0);
            let fits = gte.is_none_or(|g| time >= g) && lte.is_none_or(|l| time <= l);
            holds(entry, value) && counts(entry) && fits
        }),
        Test::TotalTimeInValue { value, gte, lte } => {
            let mut total = None;
            for (index, entry) in entries.iter().enumerate() {
                if holds(entry, value) {
                    let end = entries.get(index + 1).map_or(at, |next| next.valid_from);
                    let time = (end.micros() - entry.valid_from.micros()).max(0);
                    total = Some(total.unwrap_or(0) + time);
                }
            }
            total.is_some_and(|t| gte.is_none_or(|g| t >= g) && lte.is_none_or(|l| t <= l))
        }
        Test::Reached(reach) => {
            let mut times: Vec<Timestamp> = Vec::new();
            for wanted in 0..=reach.step {
                let since = times.last().copied().unwrap_or(Timestamp::MIN);
                let later = if reach.counts_skipped && wanted > 0 {
                    reach.steps.len()
                } else {
                    wanted + 1
                };
                let mut entries = entries.iter().filter(|entry| {
                    let is_step = reach.steps[wanted..later]
                        .iter()
                        .any(|step| holds(entry, step));
                    let is_in = !reach.is_period || reach.range.contains(entry.valid_from);
                    is_step && is_in && counts(entry) && entry.valid_from >= since
                });
                match entries.next() {
                    Some(entry) => times.push(entry.valid_from),
                    None => return false,
                }
            }
            reach.range.contains(times[0])
        }
        Test::UnchangedFor(duration) => {
            let since = entries
                .last()
                .map_or(lead.head.created_at, |entry| entry.valid_from);
            at.micros() - since.micros() >= *duration
        }
        _ => panic!("not a test of history"),
    }
}
