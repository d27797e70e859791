//! What records are sorted by, as numbers: for each key of an order a rank of each record, the lower the earlier.

use std::{borrow::Cow, cmp::Ordering, sync::Arc};

use leadline_engine::{
    filter::{Sort, Subject},
    schema::{Property, PropertyType},
    value::Value,
};
use rayon::prelude::*;
use rust_decimal::Decimal;

use crate::{
    codes::EMPTY,
    column::Column,
    dictionary::{FALSE, Values},
    object::ObjectTimeline,
    probe::{Probe, option_rank},
    ranks::Ranks,
    search::Matches,
    view::{QueryError, View},
};

/// The rank of what is empty: last in both directions.
const LAST: u64 = u64::MAX;

/// One key of an order, with everything looked up that comparing needs.
pub(crate) struct Key<'a> {
    source: Source<'a>,
    view: View<'a>,
    descending: bool,
}

enum Source<'a> {
    Column(Held<'a>),
    Linked {
        link: &'a Column,
        /// By the code of a link, the code at its other end.
        codes: Vec<u32>,
        held: Held<'a>,
    },
    System(Subject, &'a ObjectTimeline, Ranks),
    /// How well a query is answered.
    Fit(&'a Matches),
}

/// A column's values and their order.
struct Held<'a> {
    column: &'a Column,
    property: Arc<Property>,
    ranks: Cow<'a, Ranks>,
    /// The code of a record without entries.
    empty: u32,
}

impl<'a> Held<'a> {
    fn new(view: &View<'a>, property: &Arc<Property>) -> Result<Self, QueryError> {
        let column = view.column(property.id)?;
        let dictionary = column.dictionary();
        let ranks = match dictionary.option_ranks(property) {
            // The order of options is the property's own.
            Some(options) => Cow::Owned(Ranks::new(dictionary.len(), &[], |a, b| {
                let by_option = options[a as usize].cmp(&options[b as usize]);
                by_option.then_with(|| dictionary.compare(a, b))
            })),
            None => Cow::Borrowed(dictionary.ranks()),
        };
        Ok(Self {
            column,
            property: Arc::clone(property),
            ranks,
            empty: if view.is_archived_property(property) {
                FALSE
            } else {
                EMPTY
            },
        })
    }

    #[inline]
    fn code(&self, view: &View<'_>, row: u32) -> u32 {
        match view.code(self.column, row) {
            EMPTY => self.empty,
            code => code,
        }
    }

    /// How a value compares with a cursor's.
    fn compare_probe(&self, code: u32, probe: &Probe) -> Ordering {
        let by_value = self.column.dictionary().compare_probe(code, probe);
        let by_value = by_value.unwrap_or(Ordering::Equal);
        let (Probe::Value(Value::Option(option)), Values::Option(arena)) =
            (probe, self.column.dictionary().values())
        else {
            return by_value;
        };
        let own = option_rank(&self.property, arena.get(code as usize - 1));
        own.cmp(&option_rank(&self.property, option)).then(by_value)
    }
}

impl<'a> Key<'a> {
    pub(crate) fn new(view: &View<'a>, sort: &Sort) -> Result<Self, QueryError> {
        let source = match &sort.subject {
            Subject::Property(property) => Source::Column(Held::new(view, property)?),
            Subject::Linked {
                link,
                object,
                property,
            } => {
                let other = View::new(view.linked.get(object.id)?, view.moment, view.linked);
                let link = view.column(link.id)?;
                let held = Held::new(&other, property)?;
                Source::Linked {
                    link,
                    codes: far_codes(link, &other, &held),
                    held,
                }
            }
            subject => {
                let creators = match subject {
                    Subject::CreatedBy => view.timeline.rows.creator_ranks(),
                    _ => Ranks::new(0, &[], |a, b| a.cmp(&b)),
                };
                Source::System(subject.clone(), view.timeline, creators)
            }
        };
        Ok(Self {
            source,
            view: *view,
            descending: sort.descending,
        })
    }

    /// Best answers first.
    pub(crate) fn fit(view: &View<'a>, matches: &'a Matches) -> Self {
        Self {
            source: Source::Fit(matches),
            view: *view,
            descending: true,
        }
    }

    pub(crate) fn kind(&self) -> PropertyType {
        match &self.source {
            Source::Column(held) | Source::Linked { held, .. } => held.property.kind,
            Source::System(Subject::CreatedBy, ..) => PropertyType::User,
            Source::System(Subject::Id, ..) => PropertyType::Record,
            Source::System(..) => PropertyType::Datetime,
            Source::Fit(_) => PropertyType::Number,
        }
    }

    /// Where a record stands by this key. Of two with the same rank [`Key::compare_equals`] has the last word.
    #[inline]
    pub(crate) fn rank(&self, row: u32) -> u64 {
        match &self.source {
            Source::Column(held) => self.rank_of_code(held, held.code(&self.view, row)),
            Source::Linked { held, .. } => self.rank_of_code(held, self.code(row)),
            Source::System(subject, timeline, creators) => {
                let rows = &timeline.rows;
                match subject {
                    Subject::UpdatedAt => self.directed(in_order(rows.updated_at[row as usize])),
                    Subject::Id => self.directed(leading(rows.ids[row as usize].uuid())),
                    Subject::CreatedBy => match rows.creator_code(row) {
                        EMPTY => LAST,
                        code => self.directed(u64::from(creators.of(code))),
                    },
                    _ => self.directed(in_order(rows.created_at[row as usize])),
                }
            }
            Source::Fit(matches) => self.directed(u64::from(matches.score(row))),
        }
    }

    /// The code by which a record is compared, of keys that have codes.
    #[inline]
    fn code(&self, row: u32) -> u32 {
        match &self.source {
            Source::Column(held) => held.code(&self.view, row),
            Source::Linked { link, codes, .. } => codes[self.view.code(link, row) as usize],
            Source::System(..) | Source::Fit(_) => EMPTY,
        }
    }

    #[inline]
    fn rank_of_code(&self, held: &Held<'_>, code: u32) -> u64 {
        if code == EMPTY {
            return LAST;
        }
        self.directed(u64::from(held.ranks.of(code)))
    }

    #[inline]
    fn directed(&self, rank: u64) -> u64 {
        if self.descending { !rank } else { rank }
    }

    fn directed_ordering(&self, ordering: Ordering) -> Ordering {
        if self.descending {
            ordering.reverse()
        } else {
            ordering
        }
    }

    /// Compares two records of the same rank.
    pub(crate) fn compare_equals(&self, a: u32, b: u32) -> Ordering {
        match &self.source {
            Source::Column(held) | Source::Linked { held, .. } => {
                let (a, b) = (self.code(a), self.code(b));
                if a == b || a == EMPTY || b == EMPTY || Ranks::is_exact(held.ranks.of(a)) {
                    return Ordering::Equal;
                }
                self.directed_ordering(held.column.dictionary().compare(a, b))
            }
            Source::System(Subject::Id, timeline, _) => {
                let ids = &timeline.rows.ids;
                self.directed_ordering(ids[a as usize].cmp(&ids[b as usize]))
            }
            Source::System(..) | Source::Fit(_) => Ordering::Equal,
        }
    }

    /// The rank of a cursor's value.
    pub(crate) fn rank_of_probe(&self, probe: Option<&Probe>) -> u64 {
        let Some(probe) = probe else { return LAST };
        let rank = match (&self.source, probe) {
            (Source::Column(held) | Source::Linked { held, .. }, probe) => {
                u64::from(held.ranks.of_value(|code| held.compare_probe(code, probe)))
            }
            (Source::System(_, timeline, creators), Probe::Value(value)) => match value {
                Value::Datetime(time) => in_order(time.micros()),
                Value::Record(id) => leading(id.uuid()),
                Value::User(id) => {
                    let creator = |code: u32| timeline.rows.creator(code).cmp(&Some(id.uuid()));
                    u64::from(creators.of_value(creator))
                }
                _ => 0,
            },
            (Source::Fit(_), Probe::Value(Value::Number(score))) => {
                u64::try_from(*score).unwrap_or_default()
            }
            (Source::System(..) | Source::Fit(_), _) => 0,
        };
        self.directed(rank)
    }

    /// Compares a record with a cursor's value of the same rank.
    pub(crate) fn compare_equal_probe(&self, row: u32, probe: Option<&Probe>) -> Ordering {
        let ordering = match (&self.source, probe) {
            (Source::Column(held) | Source::Linked { held, .. }, Some(probe)) => {
                match self.code(row) {
                    EMPTY => Ordering::Equal,
                    code => held.compare_probe(code, probe),
                }
            }
            (Source::System(Subject::Id, timeline, _), Some(Probe::Value(Value::Record(id)))) => {
                timeline.rows.ids[row as usize].cmp(id)
            }
            _ => Ordering::Equal,
        };
        self.directed_ordering(ordering)
    }

    /// What a record is sorted by.
    pub(crate) fn value(&self, row: u32) -> Option<Value> {
        match &self.source {
            Source::Column(held) | Source::Linked { held, .. } => {
                held.column.dictionary().value(self.code(row))
            }
            Source::System(subject, timeline, _) => timeline.system_value(subject, row),
            Source::Fit(matches) => Some(Value::Number(Decimal::from(matches.score(row)))),
        }
    }
}

/// By the code of a link, the code that the record at its other end holds.
fn far_codes(link: &Column, other: &View<'_>, held: &Held<'_>) -> Vec<u32> {
    let Values::Record(ids) = link.dictionary().values() else {
        return vec![EMPTY; link.dictionary().len() + 1];
    };
    let far = ids.par_iter().map(|&id| {
        let row = other.timeline.row(id.into());
        row.map_or(EMPTY, |row| held.code(other, row))
    });
    rayon::iter::once(EMPTY).chain(far).collect()
}

/// Times as numbers without a sign, in the same order.
#[inline]
fn in_order(time: i64) -> u64 {
    time as u64 ^ (1 << 63)
}

#[inline]
fn leading(id: uuid::Uuid) -> u64 {
    id.as_u64_pair().0
}
