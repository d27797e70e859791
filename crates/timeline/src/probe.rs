//! A value prepared to be compared with many: folded once, looked up once.

use std::cmp::Ordering;

use leadline_engine::{
    filter::{Needle, Test, TextComparison},
    schema::Property,
    text::fold,
    value::Value,
};

use crate::{
    bits::Bits,
    codes::CodeSet,
    dictionary::{Dictionary, Values},
    texts::Texts,
    words::{Fit, Word},
};

/// From so many values on their order is worth finding: then comparing is comparing numbers.
const MANY: usize = 1 << 14;

/// A value to compare a dictionary's values with.
#[derive(Debug, Clone)]
pub(crate) enum Probe {
    /// Compared with folded text.
    Folded(String),
    /// Compared as it is.
    Value(Value),
}

impl Probe {
    pub(crate) fn new(value: &Value) -> Self {
        match value {
            Value::Text(text) => Self::Folded(fold(text)),
            other => Self::Value(other.clone()),
        }
    }
}

impl Dictionary {
    /// How the value at a code compares with the probe, as sorts compare; `None` if their types differ.
    #[inline]
    pub(crate) fn compare_probe(&self, code: u32, probe: &Probe) -> Option<Ordering> {
        let index = code as usize - 1;
        Some(match (self.values(), probe) {
            (Values::Text(texts), Probe::Folded(folded)) => {
                texts.folded(index).cmp(folded.as_str())
            }
            (values, Probe::Value(value)) => match (values, value) {
                (Values::Option(arena), Value::Option(option)) => {
                    arena.get(index).cmp(option.as_str())
                }
                (Values::Options(sets), Value::Options(options)) => sets[index].cmp(options),
                (Values::Number(numbers), Value::Number(number)) => numbers[index].cmp(number),
                (Values::Money(amounts), Value::Money(money)) => amounts[index].cmp(money),
                (Values::Boolean, Value::Boolean(flag)) => (index == 1).cmp(flag),
                (Values::Date(dates), Value::Date(date)) => dates[index].cmp(date),
                (Values::Datetime(times), Value::Datetime(time)) => {
                    times[index].cmp(&time.micros())
                }
                (Values::User(ids), Value::User(id)) => ids[index].cmp(&id.uuid()),
                (Values::Record(ids), Value::Record(id)) => ids[index].cmp(&id.uuid()),
                _ => return None,
            },
            (_, Probe::Folded(_)) => return None,
        })
    }

    /// The indexes of values whose comparison with `value` is accepted. Amounts in other currencies do not compare.
    fn ordered(&self, value: &Value, accept: impl Fn(Ordering) -> bool + Sync) -> Bits {
        let probe = Probe::new(value);
        let compares = |code: u32| match (self.values(), value) {
            (Values::Money(amounts), Value::Money(money)) => {
                amounts[code as usize - 1].currency == money.currency
            }
            _ => true,
        };
        let is_ordered =
            |code: u32| compares(code) && self.compare_probe(code, &probe).is_some_and(&accept);
        let fits = self.len() > 0 && self.compare_probe(1, &probe).is_some();
        if self.len() < MANY || !fits {
            return Bits::filled(self.len(), None, |index| is_ordered(index + 1));
        }
        let ranks = self.ranks();
        let order = |code| self.compare_probe(code, &probe).unwrap_or(Ordering::Equal);
        let wanted = ranks.of_value(order);
        Bits::filled(self.len(), None, |index| {
            let code = index + 1;
            match ranks.of(code).cmp(&wanted) {
                Ordering::Equal => is_ordered(code),
                by_rank => accept(by_rank) && compares(code),
            }
        })
    }

    fn any_of(&self, values: &[Value], comparison: TextComparison) -> Bits {
        let mut found = Bits::none(self.len());
        for value in values {
            found.union(&self.equal(value, comparison));
        }
        found
    }

    fn without(&self, bits: &Bits) -> Bits {
        Bits::filled(self.len(), None, |index| !bits.contains(index))
    }

    /// The codes that pass a test of one moment; `None` for tests of history.
    pub(crate) fn passing(&self, test: &Test) -> Option<CodeSet> {
        let (test, comparison) = test.comparison();
        let (members, has_empty) = match test {
            Test::Eq(value) => (self.equal(value, comparison), false),
            Test::Neq(value) => (self.without(&self.equal(value, comparison)), true),
            Test::Lt(value) => (self.ordered(value, Ordering::is_lt), false),
            Test::Lte(value) => (self.ordered(value, Ordering::is_le), false),
            Test::Gt(value) => (self.ordered(value, Ordering::is_gt), false),
            Test::Gte(value) => (self.ordered(value, Ordering::is_ge), false),
            Test::Between { from, to } => {
                let least = self.ordered(from, Ordering::is_ge);
                let below = self.ordered(to, Ordering::is_lt);
                let both = Bits::filled(self.len(), Some(&least), |i| below.contains(i));
                (both, false)
            }
            Test::In(values) => (self.any_of(values, comparison), false),
            Test::NotIn(values) => (self.without(&self.any_of(values, comparison)), true),
            Test::HasProperty => (Bits::all(self.len()), false),
            Test::NotHasProperty => (Bits::none(self.len()), true),
            Test::Contains(Needle::Text(text)) => (self.with_text(text, Texts::containing), false),
            Test::Contains(Needle::Option(option)) => (self.with_option(option), false),
            Test::StartsWith(Needle::Text(text)) => {
                (self.with_text(text, Texts::starting_with), false)
            }
            Test::StartsWith(Needle::Option(_)) => (Bits::none(self.len()), false),
            Test::Was { .. }
            | Test::Ever(_)
            | Test::Never(_)
            | Test::Entered { .. }
            | Test::Left { .. }
            | Test::Changed { .. }
            | Test::ChangeCount { .. }
            | Test::TimeInValue { .. }
            | Test::TotalTimeInValue { .. }
            | Test::Except { .. }
            | Test::Exact(_)
            | Test::Reached(_)
            | Test::UnchangedFor(_) => return None,
        };
        Some(CodeSet::new(members, has_empty))
    }

    /// The codes of values equal to `value` (`None`: the empty value), as filters compare.
    pub(crate) fn equal_to(&self, value: Option<&Value>, comparison: TextComparison) -> CodeSet {
        match value {
            Some(value) => CodeSet::new(self.equal(value, comparison), false),
            None => CodeSet::empty_value(),
        }
    }

    fn with_text(&self, folded: &str, find: fn(&Texts, &str) -> Bits) -> Bits {
        match self.values() {
            Values::Text(texts) => find(texts, folded),
            _ => Bits::none(self.len()),
        }
    }

    fn with_option(&self, option: &String) -> Bits {
        match self.values() {
            Values::Options(sets) => Bits::filled(sets.len(), None, |index| {
                sets[index as usize].contains(option)
            }),
            _ => Bits::none(self.len()),
        }
    }

    /// How well each text answers a word; `None` when this is no dictionary of texts.
    pub(crate) fn fits(&self, word: &Word<'_>) -> Option<Vec<Fit>> {
        match self.values() {
            Values::Text(texts) => Some(texts.fits(word)),
            _ => None,
        }
    }

    /// Where each code stands in the order of the property's options; options that it does not define come last.
    /// `None` when the values are no single options.
    pub(crate) fn option_ranks(&self, property: &Property) -> Option<Vec<u32>> {
        let Values::Option(arena) = self.values() else {
            return None;
        };
        let rank = |index: usize| option_rank(property, arena.get(index));
        Some(
            std::iter::once(0)
                .chain((0..arena.len()).map(rank))
                .collect(),
        )
    }
}

/// Where an option stands among the property's options.
pub(crate) fn option_rank(property: &Property, option: &str) -> u32 {
    let options = &property.definition.options;
    options
        .iter()
        .position(|choice| choice.value == option)
        .unwrap_or(options.len()) as u32
}
