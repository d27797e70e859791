//! The distinct values of a column, by type, each with a code; never two codes for one value.

use std::{cmp::Ordering, hash::BuildHasher, sync::OnceLock};

use hashbrown::{DefaultHashBuilder, HashTable};
use jiff::civil::Date;
use leadline_engine::{
    filter::TextComparison,
    schema::PropertyType,
    text::fold,
    time::Timestamp,
    value::{Misfit, Money, Value},
};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::{
    bits::Bits,
    codes::EMPTY,
    ranks::Ranks,
    texts::{Arena, Texts},
};

/// The code of `false`; `true` has the next one. Boolean dictionaries always hold both.
pub(crate) const FALSE: u32 = 1;
/// The code of `true`.
pub(crate) const TRUE: u32 = 2;

/// Distinct values of one type.
#[derive(Debug, Clone)]
pub(crate) struct Dictionary {
    kind: PropertyType,
    values: Values,
    /// Finds the index of a value.
    index: HashTable<u32>,
    hasher: DefaultHashBuilder,
    /// The order of the values, once somebody asked for it.
    ranks: OnceLock<Ranks>,
    /// The order that was given up because many values came since: the next one begins with it.
    stale: Vec<u32>,
}

#[derive(Debug, Clone)]
pub(crate) enum Values {
    Text(Texts),
    Option(Arena),
    Options(Vec<Vec<String>>),
    Number(Vec<Decimal>),
    Money(Vec<Money>),
    Boolean,
    Date(Vec<Date>),
    Datetime(Vec<i64>),
    User(Vec<Uuid>),
    Record(Vec<Uuid>),
}

impl Dictionary {
    pub(crate) fn new(kind: PropertyType) -> Self {
        let values = match kind {
            PropertyType::Text
            | PropertyType::LongText
            | PropertyType::Email
            | PropertyType::Phone
            | PropertyType::Url => Values::Text(Texts::default()),
            PropertyType::Number => Values::Number(Vec::new()),
            PropertyType::Money => Values::Money(Vec::new()),
            PropertyType::Boolean => Values::Boolean,
            PropertyType::Date => Values::Date(Vec::new()),
            PropertyType::Datetime => Values::Datetime(Vec::new()),
            PropertyType::Select | PropertyType::Stage => Values::Option(Arena::default()),
            PropertyType::MultiSelect => Values::Options(Vec::new()),
            PropertyType::User => Values::User(Vec::new()),
            PropertyType::Record => Values::Record(Vec::new()),
        };
        Self {
            kind,
            values,
            index: HashTable::new(),
            hasher: DefaultHashBuilder::default(),
            ranks: OnceLock::new(),
            stale: Vec::new(),
        }
    }

    pub(crate) fn kind(&self) -> PropertyType {
        self.kind
    }

    pub(crate) fn values(&self) -> &Values {
        &self.values
    }

    /// How many distinct values there are.
    pub(crate) fn len(&self) -> usize {
        self.values.len()
    }

    /// The code of a value (or of its absence), which is added when it is new.
    ///
    /// # Errors
    /// If the value is not of the dictionary's type.
    pub(crate) fn intern(&mut self, value: Option<&Value>) -> Result<u32, Misfit> {
        let Some(value) = value else {
            return Ok(EMPTY);
        };
        if !self.values.fits(value) {
            return Err(Misfit {
                expected: self.kind,
            });
        }
        if let Some(code) = self.code(value) {
            return Ok(code);
        }
        let index = self.values.len() as u32;
        self.values.push(value);
        let (values, hasher) = (&self.values, &self.hasher);
        let hash = hash_value(hasher, value);
        self.index
            .insert_unique(hash, index, |&index| values.hash(hasher, index as usize));
        self.rank_new(index + 1);
        Ok(index + 1)
    }

    /// Takes values, each of which is there once, in place of all.
    pub(crate) fn fill(&mut self, values: Values) {
        self.values = values;
        let (values, hasher) = (&self.values, &self.hasher);
        self.index = HashTable::new();
        if matches!(values, Values::Boolean) {
            return;
        }
        self.index
            .reserve(values.len(), |&index| values.hash(hasher, index as usize));
        for index in 0..values.len() as u32 {
            let hash = values.hash(hasher, index as usize);
            self.index
                .insert_unique(hash, index, |&index| values.hash(hasher, index as usize));
        }
    }

    /// Finds a place for a new code in the order, if there is one.
    fn rank_new(&mut self, code: u32) {
        let Some(mut ranks) = self.ranks.take() else {
            return;
        };
        ranks.push(|other| self.compare(other, code));
        if ranks.is_stale() {
            self.stale = ranks.into_order();
        } else {
            self.ranks = OnceLock::from(ranks);
        }
    }

    /// The order of all values as sorts compare. The first to ask waits until it has been found.
    pub(crate) fn ranks(&self) -> &Ranks {
        if let Some(ranks) = self.ranks.get() {
            return ranks;
        }
        // Not within the cell: this works on all cores, and whoever waits for the cell would keep one of them.
        let ranks = Ranks::new(self.len(), &self.stale, |a, b| self.compare(a, b));
        self.ranks.get_or_init(|| ranks)
    }

    /// The code of exactly this value, if any record ever held it.
    pub(crate) fn code(&self, value: &Value) -> Option<u32> {
        if let Value::Boolean(flag) = value {
            return matches!(self.values, Values::Boolean).then_some(if *flag {
                TRUE
            } else {
                FALSE
            });
        }
        let hash = hash_value(&self.hasher, value);
        let found = self
            .index
            .find(hash, |&index| self.values.equals(index as usize, value));
        found.map(|&index| index + 1)
    }

    /// The value that a code stands for.
    pub(crate) fn value(&self, code: u32) -> Option<Value> {
        let index = code.checked_sub(1)? as usize;
        (index < self.len()).then(|| self.values.get(index))
    }

    /// The indexes of values equal to `value` as filters compare.
    pub(crate) fn equal(&self, value: &Value, comparison: TextComparison) -> Bits {
        if let (Values::Text(texts), Value::Text(text), TextComparison::Folded) =
            (&self.values, value, comparison)
        {
            return texts.equal(&fold(text));
        }
        let mut found = Bits::none(self.len());
        if let Some(code) = self.code(value) {
            found.insert(code - 1);
        }
        found
    }

    /// The order of two values of the dictionary as sorts compare: text folded.
    #[inline]
    pub(crate) fn compare(&self, a: u32, b: u32) -> Ordering {
        let (a, b) = (a as usize - 1, b as usize - 1);
        match &self.values {
            Values::Text(texts) => texts.folded(a).cmp(texts.folded(b)),
            Values::Option(arena) => arena.get(a).cmp(arena.get(b)),
            Values::Options(sets) => sets[a].cmp(&sets[b]),
            Values::Number(numbers) => numbers[a].cmp(&numbers[b]),
            Values::Money(amounts) => amounts[a].cmp(&amounts[b]),
            Values::Boolean => a.cmp(&b),
            Values::Date(dates) => dates[a].cmp(&dates[b]),
            Values::Datetime(times) => times[a].cmp(&times[b]),
            Values::User(ids) | Values::Record(ids) => ids[a].cmp(&ids[b]),
        }
    }

    pub(crate) fn memory_bytes(&self) -> usize {
        self.values.memory_bytes()
            + self.index.capacity() * (size_of::<u32>() + 1)
            + self.ranks.get().map_or(0, Ranks::memory_bytes)
            + self.stale.capacity() * size_of::<u32>()
    }
}

impl Values {
    fn len(&self) -> usize {
        match self {
            Self::Text(texts) => texts.len(),
            Self::Option(arena) => arena.len(),
            Self::Options(sets) => sets.len(),
            Self::Number(numbers) => numbers.len(),
            Self::Money(amounts) => amounts.len(),
            Self::Boolean => 2,
            Self::Date(dates) => dates.len(),
            Self::Datetime(times) => times.len(),
            Self::User(ids) | Self::Record(ids) => ids.len(),
        }
    }

    fn fits(&self, value: &Value) -> bool {
        matches!(
            (self, value),
            (Self::Text(_), Value::Text(_))
                | (Self::Option(_), Value::Option(_))
                | (Self::Options(_), Value::Options(_))
                | (Self::Number(_), Value::Number(_))
                | (Self::Money(_), Value::Money(_))
                | (Self::Boolean, Value::Boolean(_))
                | (Self::Date(_), Value::Date(_))
                | (Self::Datetime(_), Value::Datetime(_))
                | (Self::User(_), Value::User(_))
                | (Self::Record(_), Value::Record(_))
        )
    }

    /// Appends a value that fits; booleans are there from the beginning.
    fn push(&mut self, value: &Value) {
        match (self, value) {
            (Self::Text(texts), Value::Text(text)) => texts.push(text),
            (Self::Option(arena), Value::Option(option)) => arena.push(option),
            (Self::Options(sets), Value::Options(options)) => sets.push(options.clone()),
            (Self::Number(numbers), Value::Number(number)) => numbers.push(*number),
            (Self::Money(amounts), Value::Money(money)) => amounts.push(money.clone()),
            (Self::Date(dates), Value::Date(date)) => dates.push(*date),
            (Self::Datetime(times), Value::Datetime(time)) => times.push(time.micros()),
            (Self::User(ids), Value::User(id)) => ids.push(id.uuid()),
            (Self::Record(ids), Value::Record(id)) => ids.push(id.uuid()),
            _ => {}
        }
    }

    fn get(&self, index: usize) -> Value {
        match self {
            Self::Text(texts) => Value::Text(texts.get(index).to_owned()),
            Self::Option(arena) => Value::Option(arena.get(index).to_owned()),
            Self::Options(sets) => Value::Options(sets[index].clone()),
            Self::Number(numbers) => Value::Number(numbers[index]),
            Self::Money(amounts) => Value::Money(amounts[index].clone()),
            Self::Boolean => Value::Boolean(index == 1),
            Self::Date(dates) => Value::Date(dates[index]),
            Self::Datetime(times) => Value::Datetime(Timestamp::from_micros(times[index])),
            Self::User(ids) => Value::User(ids[index].into()),
            Self::Record(ids) => Value::Record(ids[index].into()),
        }
    }

    fn equals(&self, index: usize, value: &Value) -> bool {
        match (self, value) {
            (Self::Text(texts), Value::Text(text)) => texts.get(index) == text,
            (Self::Option(arena), Value::Option(option)) => arena.get(index) == option,
            (Self::Options(sets), Value::Options(options)) => sets[index] == *options,
            (Self::Number(numbers), Value::Number(number)) => numbers[index] == *number,
            (Self::Money(amounts), Value::Money(money)) => amounts[index] == *money,
            (Self::Boolean, Value::Boolean(flag)) => (index == 1) == *flag,
            (Self::Date(dates), Value::Date(date)) => dates[index] == *date,
            (Self::Datetime(times), Value::Datetime(time)) => times[index] == time.micros(),
            (Self::User(ids), Value::User(id)) => ids[index] == id.uuid(),
            (Self::Record(ids), Value::Record(id)) => ids[index] == id.uuid(),
            _ => false,
        }
    }

    /// The same as [`hash_value`] of the value at the index.
    fn hash(&self, hasher: &DefaultHashBuilder, index: usize) -> u64 {
        match self {
            Self::Text(texts) => hasher.hash_one(texts.get(index)),
            Self::Option(arena) => hasher.hash_one(arena.get(index)),
            Self::Options(sets) => hasher.hash_one(&sets[index]),
            Self::Number(numbers) => hasher.hash_one(numbers[index]),
            Self::Money(amounts) => hasher.hash_one(&amounts[index]),
            Self::Boolean => hasher.hash_one(index == 1),
            Self::Date(dates) => hasher.hash_one(dates[index]),
            Self::Datetime(times) => hasher.hash_one(times[index]),
            Self::User(ids) | Self::Record(ids) => hasher.hash_one(ids[index]),
        }
    }

    fn memory_bytes(&self) -> usize {
        match self {
            Self::Text(texts) => texts.memory_bytes(),
            Self::Option(arena) => arena.memory_bytes(),
            Self::Options(sets) => sets
                .iter()
                .map(|set| {
                    size_of::<Vec<String>>() + set.iter().map(|o| 24 + o.len()).sum::<usize>()
                })
                .sum(),
            Self::Number(numbers) => numbers.capacity() * size_of::<Decimal>(),
            Self::Money(amounts) => amounts.capacity() * size_of::<Money>(),
            Self::Boolean => 0,
            Self::Date(dates) => dates.capacity() * size_of::<Date>(),
            Self::Datetime(times) => times.capacity() * size_of::<i64>(),
            Self::User(ids) | Self::Record(ids) => ids.capacity() * size_of::<Uuid>(),
        }
    }
}

fn hash_value(hasher: &DefaultHashBuilder, value: &Value) -> u64 {
    match value {
        Value::Text(text) | Value::Option(text) => hasher.hash_one(text.as_str()),
        Value::Options(options) => hasher.hash_one(options),
        Value::Number(number) => hasher.hash_one(number),
        Value::Money(money) => hasher.hash_one(money),
        Value::Boolean(flag) => hasher.hash_one(flag),
        Value::Date(date) => hasher.hash_one(date),
        Value::Datetime(time) => hasher.hash_one(time.micros()),
        Value::User(id) => hasher.hash_one(id.uuid()),
        Value::Record(id) => hasher.hash_one(id.uuid()),
    }
}
