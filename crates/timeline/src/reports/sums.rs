//! Exact sums of numbers and amounts.

use leadline_engine::{
    schema::Property,
    value::{Currency, Money, Value, optional_json},
};
use rayon::prelude::*;
use rust_decimal::Decimal;
use serde::Serializer;

use crate::{column::Column, dictionary::Values};

/// A sum, exact.
#[derive(Debug, Clone, PartialEq)]
pub struct Sum {
    /// Of which property.
    pub property: String,
    /// Of amounts: in which currency.
    pub currency: Option<Currency>,
    /// How many records have one.
    pub count: u64,
    /// The sum, as the property's values are written; `None` when it has more digits than a decimal can hold.
    pub sum: Option<Value>,
}

/// Serialises sums, which stand by property, as an object: of amounts a list with one amount a currency, of numbers the number.
///
/// # Errors
/// Those of the serializer.
pub fn sums_by_property<S: Serializer>(sums: &[Sum], serializer: S) -> Result<S::Ok, S::Error> {
    let by_property = sums.chunk_by(|a, b| a.property == b.property);
    serializer.collect_map(by_property.map(|sums| {
        let mut written = sums.iter().map(|sum| optional_json(sum.sum.as_ref()));
        let sum = match sums[0].currency {
            Some(_) => written.collect(),
            None => written.next().unwrap_or_default(),
        };
        (&sums[0].property, sum)
    }))
}

/// Sums by property and currency, in no order.
#[derive(Default)]
struct Sums(Vec<Total>);

struct Total {
    /// An index among the properties that are summed.
    property: usize,
    currency: Option<Currency>,
    count: u64,
    /// By the number of decimals, in units of the last one: integers add up exactly, and no order of them overflows before another.
    parts: Vec<(u32, i128)>,
}

/// A column whose numbers or amounts are added up, each taken apart beforehand: integers of the same unit add up at once.
pub(super) struct Summed<'a> {
    /// An index among the properties that are summed.
    property: usize,
    pub(super) column: &'a Column,
    units: Vec<Unit>,
    /// By the index of a value in the dictionary: the index of its unit, and how many of it. Empty where that is not worth it.
    numbers: Vec<(u32, i64)>,
}

/// The last decimal of a currency's amounts, or of numbers.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Unit {
    currency: Option<Currency>,
    scale: u32,
}

/// What was added up of some columns.
pub(super) struct Running {
    /// Of each column, by unit: of how many records, and how much.
    totals: Vec<Vec<(u64, i128)>>,
    /// What no unit was found for.
    others: Sums,
}

/// Numbers that are too long for their units to be counted here.
const NO_UNIT: u32 = u32::MAX;

impl<'a> Summed<'a> {
    /// For adding up the values that `records` records hold.
    pub(super) fn new(property: usize, column: &'a Column, records: u64) -> Self {
        let dictionary = column.dictionary();
        let mut summed = Self {
            property,
            column,
            units: Vec::new(),
            numbers: Vec::new(),
        };
        if records / 4 < dictionary.len() as u64 {
            return summed;
        }
        let values = dictionary.values();
        let indexes = (0..dictionary.len()).into_par_iter().with_min_len(4096);
        let add = |mut units: Vec<Unit>, unit: Unit| {
            if !units.contains(&unit) {
                units.push(unit);
            }
            units
        };
        let of_index = |index| number(values, index).map(|(unit, _)| unit);
        let units = indexes.clone().filter_map(of_index);
        summed.units = units.fold(Vec::new, add).reduce(Vec::new, |units, others| {
            others.into_iter().fold(units, add)
        });
        let taken_apart = |index| {
            let (unit, number) = number(values, index)?;
            let place = summed.units.iter().position(|other| *other == unit)?;
            Some((place as u32, i64::try_from(number).ok()?))
        };
        let numbers = indexes.map(|index| taken_apart(index).unwrap_or((NO_UNIT, 0)));
        summed.numbers = numbers.collect();
        summed
    }
}

/// A number's unit, and how many of it.
fn number(values: &Values, index: usize) -> Option<(Unit, i128)> {
    let (currency, number) = match values {
        Values::Number(numbers) => (None, numbers[index]),
        Values::Money(amounts) => (Some(amounts[index].currency), amounts[index].amount),
        _ => return None,
    };
    let scale = number.scale();
    Some((Unit { currency, scale }, number.mantissa()))
}

impl Running {
    pub(super) fn new(columns: &[Summed<'_>]) -> Self {
        let totals = columns
            .iter()
            .map(|column| vec![(0, 0); column.units.len()]);
        Self {
            totals: totals.collect(),
            others: Sums::default(),
        }
    }

    /// Adds the value at a code of one of the columns.
    #[inline(always)]
    pub(super) fn add(&mut self, place: usize, column: &Summed<'_>, code: u32) {
        let Some(index) = (code as usize).checked_sub(1) else {
            return;
        };
        match column.numbers.get(index) {
            Some(&(unit, number)) if unit != NO_UNIT => {
                let (count, total) = &mut self.totals[place][unit as usize];
                *count += 1;
                *total += i128::from(number);
            }
            _ => self.add_other(column, index),
        }
    }

    #[inline(never)]
    fn add_other(&mut self, column: &Summed<'_>, index: usize) {
        if let Some((unit, number)) = number(column.column.dictionary().values(), index) {
            self.others.add(column.property, unit, 1, number);
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        for (totals, parts) in self.totals.iter_mut().zip(other.totals) {
            for (total, part) in totals.iter_mut().zip(parts) {
                total.0 += part.0;
                total.1 += part.1;
            }
        }
        self.others.merge(other.others);
    }

    /// The sums by property, in the order asked, and by currency.
    pub(super) fn named(self, columns: &[Summed<'_>], summed: &[&Property]) -> Vec<Sum> {
        let mut sums = self.others;
        for (column, totals) in columns.iter().zip(self.totals) {
            for (unit, (count, total)) in column.units.iter().zip(totals) {
                if count > 0 {
                    sums.add(column.property, *unit, count, total);
                }
            }
        }
        sums.named(summed)
    }
}

impl Sums {
    fn add(&mut self, property: usize, unit: Unit, count: u64, units: i128) {
        let total = self.total(property, unit.currency);
        total.count += count;
        total.add(unit.scale, units);
    }

    fn merge(&mut self, other: Self) {
        for part in other.0 {
            let total = self.total(part.property, part.currency);
            total.count += part.count;
            part.parts
                .into_iter()
                .for_each(|(scale, units)| total.add(scale, units));
        }
    }

    #[inline]
    fn total(&mut self, property: usize, currency: Option<Currency>) -> &mut Total {
        let is_it = |total: &Total| total.property == property && total.currency == currency;
        let index = self.0.iter().position(is_it).unwrap_or_else(|| {
            self.0.push(Total {
                property,
                currency,
                count: 0,
                parts: Vec::new(),
            });
            self.0.len() - 1
        });
        &mut self.0[index]
    }

    fn named(mut self, summed: &[&Property]) -> Vec<Sum> {
        self.0.sort_by_key(|total| (total.property, total.currency));
        let named = self.0.iter().map(|total| Sum {
            property: summed[total.property].name.clone(),
            currency: total.currency,
            count: total.count,
            sum: total.sum().map(|sum| match total.currency {
                Some(currency) => Value::Money(Money {
                    amount: sum,
                    currency,
                }),
                None => Value::Number(sum),
            }),
        });
        named.collect()
    }
}

impl Total {
    #[inline]
    fn add(&mut self, scale: u32, units: i128) {
        match self.parts.iter_mut().find(|(other, _)| *other == scale) {
            Some((_, total)) => *total += units,
            None => self.parts.push((scale, units)),
        }
    }

    /// The sum, unless a decimal cannot hold all of its digits.
    fn sum(&self) -> Option<Decimal> {
        let parts = self
            .parts
            .iter()
            .map(|&(scale, units)| shortest(scale, units));
        let most = parts.clone().map(|(scale, _)| scale).max().unwrap_or(0);
        let mut units =
            parts.map(|(scale, units)| units.checked_mul(10_i128.checked_pow(most - scale)?));
        let units = units.try_fold(0_i128, |total, units| total.checked_add(units?))?;
        let (scale, units) = shortest(most, units);
        Decimal::try_from_i128_with_scale(units, scale).ok()
    }
}

/// The same number without trailing zeros after the point.
fn shortest(mut scale: u32, mut units: i128) -> (u32, i128) {
    while scale > 0 && units % 10 == 0 {
        (scale, units) = (scale - 1, units / 10);
    }
    (scale, units)
}

#[cfg(test)]
mod tests {
    use leadline_engine::value::parse_decimal;

    use super::*;

    fn sum(numbers: &[&str]) -> Option<String> {
        let mut all = Sums::default();
        for number in numbers {
            let mut part = Sums::default();
            let number = parse_decimal(number).unwrap();
            let unit = Unit {
                currency: None,
                scale: number.scale(),
            };
            part.add(0, unit, 1, number.mantissa());
            all.merge(part);
        }
        all.0[0].sum().map(|sum| sum.to_string())
    }

    #[test]
    fn sums_are_exact_or_not_given() {
        assert_eq!(sum(&["0.1", "0.2", "12", "-2.3"]).as_deref(), Some("10"));
        assert_eq!(
            sum(&["0.0000000001", "1000000000000000000"]).unwrap(),
            "1000000000000000000.0000000001"
        );
        let most = "9999999999999999999999999999";
        assert_eq!(
            sum(&[most, most, &format!("-{most}")]).as_deref(),
            Some(most)
        );
        assert_eq!(sum(&[most, "0.0001"]), None);
    }
}
