//! Exact sums of numbers and amounts.

use leadline_engine::{
    schema::Property,
    value::{Currency, Money, Value},
};
use rust_decimal::Decimal;
use serde::Serialize;

use super::as_json;

/// A sum, exact.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Sum {
    /// Of which property.
    pub property: String,
    /// Of amounts: in which currency.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_text")]
    pub currency: Option<Currency>,
    /// How many records have one.
    pub count: u64,
    /// The sum, as the property's values are written; `None` when it has more digits than a decimal can hold.
    #[serde(serialize_with = "as_json")]
    pub sum: Option<Value>,
}

/// Sums by property and currency, in no order.
#[derive(Default)]
pub(super) struct Sums(Vec<Total>);

struct Total {
    /// An index among the properties that are summed.
    property: usize,
    currency: Option<Currency>,
    count: u64,
    /// By the number of decimals, in units of the last one: integers add up exactly, and no order of them overflows before another.
    parts: Vec<(u32, i128)>,
}

impl Sums {
    #[inline]
    pub(super) fn add(&mut self, property: usize, currency: Option<Currency>, number: Decimal) {
        let total = self.total(property, currency);
        total.count += 1;
        total.add(number.scale(), number.mantissa());
    }

    pub(super) fn merge(&mut self, other: Self) {
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

    /// The sums by property, in the order asked, and by currency.
    pub(super) fn named(mut self, summed: &[&Property]) -> Vec<Sum> {
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

fn as_text<S: serde::Serializer>(
    currency: &Option<Currency>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    currency
        .map(|currency| currency.to_string())
        .serialize(serializer)
}

#[cfg(test)]
mod tests {
    use leadline_engine::value::parse_decimal;

    use super::*;

    fn sum(numbers: &[&str]) -> Option<String> {
        let mut all = Sums::default();
        for number in numbers {
            let mut part = Sums::default();
            part.add(0, None, parse_decimal(number).unwrap());
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
