//! Columns and rows as bytes, for files that make a restart quick. What was read is checked well enough that no damage leads further than to
//! [`Damaged`]; whether it is what was written is for the keeper of the bytes to know.

use std::sync::Arc;

use hashbrown::HashMap;
use jiff::civil::Date;
use leadline_engine::{
    ids::RecordId,
    schema::{Property, PropertyType},
    time::Timestamp,
    value::{Currency, Money},
};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::{
    column::{Column, Flat},
    dictionary::{Dictionary, Values},
    object::{ObjectTimeline, RowHead},
    texts::{Arena, Texts},
};

/// The bytes are not what was once written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the stored timeline is damaged")]
pub struct Damaged;

impl Column {
    /// Appends the column as bytes. What changed since it was loaded is merged in.
    pub fn write(&self, out: &mut Vec<u8>) {
        self.dictionary().write(out);
        let merged;
        let flat = match self.unmerged() {
            Some(flat) => flat,
            None => {
                merged = self.merged();
                &merged
            }
        };
        put(out, &flat.offsets, |it| it.to_le_bytes());
        put(out, &flat.valid_from, |it| it.to_le_bytes());
        put(out, &flat.codes, |it| it.to_le_bytes());
        put(out, &flat.sources, |it| [it]);
    }

    /// The column that was written as these bytes.
    ///
    /// # Errors
    /// If they are not such.
    pub fn read(mut bytes: &[u8]) -> Result<Self, Damaged> {
        let bytes = &mut bytes;
        let dictionary = Dictionary::read(bytes)?;
        let flat = Flat {
            offsets: take(bytes, u32::from_le_bytes)?,
            valid_from: take(bytes, i64::from_le_bytes)?,
            codes: take(bytes, u32::from_le_bytes)?,
            sources: take(bytes, |[it]: [u8; 1]| it)?,
        };
        let entries = flat.valid_from.len();
        let codes = dictionary.len() as u32;
        let is_sound = bytes.is_empty()
            && flat.offsets.first() == Some(&0)
            && flat.offsets.is_sorted()
            && flat.offsets.last().map(|&end| end as usize) == Some(entries)
            && flat.codes.len() == entries
            && flat.sources.len() == entries
            && flat.codes.iter().all(|&code| code <= codes);
        if is_sound {
            Ok(Self::new(dictionary, flat))
        } else {
            Err(Damaged)
        }
    }
}

impl ObjectTimeline {
    /// Appends the records' heads as bytes, in the order of rows.
    pub fn write_rows(&self, out: &mut Vec<u8>) {
        let heads = || (0..self.len() as u32).map(|row| self.rows.head(row));
        let mut creators: Vec<Option<Uuid>> = Vec::new();
        let mut places: HashMap<Option<Uuid>, u32> = HashMap::new();
        let mut of_rows: Vec<u32> = Vec::with_capacity(self.len());
        for head in heads() {
            of_rows.push(*places.entry(head.created_by).or_insert_with(|| {
                creators.push(head.created_by);
                creators.len() as u32 - 1
            }));
        }
        let collected = |of: fn(&RowHead) -> i64| heads().map(|head| of(&head)).collect::<Vec<_>>();
        put(out, &self.rows.ids, |id| id.uuid().into_bytes());
        put(out, &collected(|it| it.created_at.micros()), |it| {
            it.to_le_bytes()
        });
        put(out, &collected(|it| it.updated_at.micros()), |it| {
            it.to_le_bytes()
        });
        put(out, &collected(|it| it.version), |it| it.to_le_bytes());
        put(out, &creators, |it| it.unwrap_or_default().into_bytes());
        put(out, &of_rows, |it| it.to_le_bytes());
    }

    /// The rows that were written as these bytes, without columns. `archived` is the object's system property of that name.
    ///
    /// # Errors
    /// If they are not such.
    pub fn read_rows(mut bytes: &[u8], archived: Arc<Property>) -> Result<Self, Damaged> {
        let bytes = &mut bytes;
        let ids: Vec<Uuid> = take(bytes, Uuid::from_bytes)?;
        let created_at: Vec<i64> = take(bytes, i64::from_le_bytes)?;
        let updated_at: Vec<i64> = take(bytes, i64::from_le_bytes)?;
        let versions: Vec<i64> = take(bytes, i64::from_le_bytes)?;
        let creators: Vec<Uuid> = take(bytes, Uuid::from_bytes)?;
        let of_rows: Vec<u32> = take(bytes, u32::from_le_bytes)?;
        let lengths = [
            created_at.len(),
            updated_at.len(),
            versions.len(),
            of_rows.len(),
        ];
        if !bytes.is_empty() || lengths.iter().any(|length| *length != ids.len()) {
            return Err(Damaged);
        }
        let mut timeline = Self::new(archived);
        for (row, id) in ids.into_iter().enumerate() {
            let creator = creators.get(of_rows[row] as usize).ok_or(Damaged)?;
            let placed = timeline.put_head(&RowHead {
                id: id.into(),
                created_at: Timestamp::from_micros(created_at[row]),
                updated_at: Timestamp::from_micros(updated_at[row]),
                created_by: (!creator.is_nil()).then_some(*creator),
                version: versions[row],
            });
            if placed as usize != row {
                return Err(Damaged);
            }
        }
        Ok(timeline)
    }

    /// The ids of the records, in the order of rows.
    #[must_use]
    pub fn ids(&self) -> &[RecordId] {
        &self.rows.ids
    }
}

impl Dictionary {
    fn write(&self, out: &mut Vec<u8>) {
        put(out, self.kind().as_str().as_bytes(), |it| [it]);
        match self.values() {
            Values::Text(texts) => {
                let (folded, original) = texts.arenas();
                put(out, folded.bytes(), |it| [it]);
                put(out, original.bytes(), |it| [it]);
            }
            Values::Option(arena) => put(out, arena.bytes(), |it| [it]),
            Values::Options(sets) => {
                let mut arena = Arena::default();
                for set in sets {
                    arena.push(&serde_json::to_string(set).unwrap_or_default());
                }
                put(out, arena.bytes(), |it| [it]);
            }
            Values::Number(numbers) => put(out, numbers, |it| it.serialize()),
            Values::Money(amounts) => {
                let mut codes = Vec::with_capacity(amounts.len() * 3);
                for money in amounts {
                    codes.extend_from_slice(money.currency.as_str().as_bytes());
                }
                let numbers: Vec<Decimal> = amounts.iter().map(|money| money.amount).collect();
                put(out, &numbers, |it| it.serialize());
                put(out, &codes, |it| [it]);
            }
            Values::Boolean => {}
            Values::Date(dates) => put(out, dates, |date| {
                let [low, high] = date.year().to_le_bytes();
                [low, high, date.month() as u8, date.day() as u8]
            }),
            Values::Datetime(times) => put(out, times, |it| it.to_le_bytes()),
            Values::User(ids) | Values::Record(ids) => put(out, ids, |it| it.into_bytes()),
        }
    }

    fn read(bytes: &mut &[u8]) -> Result<Self, Damaged> {
        let name = text(bytes)?;
        let kind = PropertyType::ALL
            .into_iter()
            .find(|kind| kind.as_str() == name);
        let mut dictionary = Self::new(kind.ok_or(Damaged)?);
        let values = match dictionary.values() {
            Values::Text(_) => {
                let (folded, original) = (arena(bytes)?, arena(bytes)?);
                Values::Text(Texts::from_arenas(folded, original).ok_or(Damaged)?)
            }
            Values::Option(_) => Values::Option(arena(bytes)?),
            Values::Options(_) => {
                let arena = arena(bytes)?;
                let sets = (0..arena.len()).map(|index| serde_json::from_str(arena.get(index)));
                Values::Options(sets.collect::<Result<_, _>>().map_err(|_| Damaged)?)
            }
            Values::Number(_) => Values::Number(numbers(bytes)?),
            Values::Money(_) => Values::Money(amounts(bytes)?),
            Values::Boolean => Values::Boolean,
            Values::Date(_) => {
                let dates = take(bytes, |[low, high, month, day]: [u8; 4]| {
                    let year = i16::from_le_bytes([low, high]);
                    Date::new(year, month as i8, day as i8).map_err(|_| Damaged)
                })?;
                Values::Date(dates.into_iter().collect::<Result<_, _>>()?)
            }
            Values::Datetime(_) => Values::Datetime(take(bytes, i64::from_le_bytes)?),
            Values::User(_) => Values::User(take(bytes, Uuid::from_bytes)?),
            Values::Record(_) => Values::Record(take(bytes, Uuid::from_bytes)?),
        };
        dictionary.fill(values);
        Ok(dictionary)
    }
}

fn numbers(bytes: &mut &[u8]) -> Result<Vec<Decimal>, Damaged> {
    let numbers = take(bytes, Decimal::deserialize)?;
    let is_sound = |number: &Decimal| number.scale() <= Decimal::MAX_SCALE;
    numbers
        .iter()
        .all(is_sound)
        .then_some(numbers)
        .ok_or(Damaged)
}

fn amounts(bytes: &mut &[u8]) -> Result<Vec<Money>, Damaged> {
    let numbers = numbers(bytes)?;
    let codes = text(bytes)?;
    if codes.len() != numbers.len() * 3 || !codes.is_ascii() {
        return Err(Damaged);
    }
    let amounts = numbers.into_iter().enumerate().map(|(index, amount)| {
        let currency = Currency::parse(&codes[index * 3..index * 3 + 3]).ok_or(Damaged)?;
        Ok(Money { amount, currency })
    });
    amounts.collect()
}

fn arena(bytes: &mut &[u8]) -> Result<Arena, Damaged> {
    Arena::from_text(text(bytes)?).ok_or(Damaged)
}

fn text(bytes: &mut &[u8]) -> Result<String, Damaged> {
    String::from_utf8(take(bytes, |[it]: [u8; 1]| it)?).map_err(|_| Damaged)
}

/// Appends values, their number first.
fn put<T: Clone, const N: usize>(out: &mut Vec<u8>, values: &[T], bytes: impl Fn(T) -> [u8; N]) {
    out.reserve(8 + values.len() * N);
    out.extend_from_slice(&(values.len() as u64).to_le_bytes());
    for value in values {
        out.extend_from_slice(&bytes(value.clone()));
    }
}

/// Takes values that [`put`] wrote from the beginning of `bytes`.
fn take<T, const N: usize>(
    bytes: &mut &[u8],
    value: impl Fn([u8; N]) -> T,
) -> Result<Vec<T>, Damaged> {
    let (count, rest) = bytes.split_first_chunk::<8>().ok_or(Damaged)?;
    let count = usize::try_from(u64::from_le_bytes(*count)).map_err(|_| Damaged)?;
    let length = count.checked_mul(N).ok_or(Damaged)?;
    let (values, rest) = rest.split_at_checked(length).ok_or(Damaged)?;
    *bytes = rest;
    let (values, _) = values.as_chunks::<N>();
    Ok(values.iter().map(|it| value(*it)).collect())
}
