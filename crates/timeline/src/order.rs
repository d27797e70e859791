//! The first records of an order, and those after a cursor: keyset paging that works to any depth.

use std::{cmp::Ordering, sync::Arc};

use leadline_engine::{
    filter::{Sort, Subject},
    ids::RecordId,
    schema::{Property, PropertyType},
    value::{Value, optional_json},
};
use roaring::RoaringBitmap;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{
    bits::Bits,
    codes::EMPTY,
    column::Column,
    dictionary::FALSE,
    object::ObjectTimeline,
    probe::{Probe, option_rank},
    search::Matches,
    view::{QueryError, View},
};

/// The place after a record in an order: what it was sorted by, and its id. Stays valid when the record changes or goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cursor {
    /// The values of the sorts' subjects, as JSON.
    pub keys: Vec<serde_json::Value>,
    /// The record's id.
    pub id: RecordId,
}

/// Some records in order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Page {
    /// Their ids.
    pub ids: Vec<RecordId>,
    /// Their rows, in the same order.
    pub rows: Vec<u32>,
    /// Where the next page begins; `None` on the last one.
    pub next: Option<Cursor>,
}

impl View<'_> {
    /// The first `limit` of `records` after `after` in the order of `sorts`; empty values come last in both directions, the id is the
    /// last key. Options are in the order of their definition. Takes time linear in the number of records.
    ///
    /// # Errors
    /// If a column is not loaded, or the cursor was made by another order.
    pub fn top(
        &self,
        records: &RoaringBitmap,
        sorts: &[Sort],
        limit: usize,
        after: Option<&Cursor>,
    ) -> Result<Page, QueryError> {
        let keys = sorts.iter().map(|sort| Key::new(self, sort));
        self.first(records, keys.collect::<Result<_, _>>()?, limit, after)
    }

    /// As [`View::top`], those that answer a query best first, equals in the order of `sorts`.
    ///
    /// # Errors
    /// As [`View::top`].
    pub fn best(
        &self,
        matches: &Matches,
        sorts: &[Sort],
        limit: usize,
        after: Option<&Cursor>,
    ) -> Result<Page, QueryError> {
        let fit = Key {
            source: KeySource::Fit(matches),
            view: *self,
            descending: true,
            ranks: None,
        };
        let keys = std::iter::once(Ok(fit)).chain(sorts.iter().map(|sort| Key::new(self, sort)));
        self.first(
            &matches.records,
            keys.collect::<Result<_, _>>()?,
            limit,
            after,
        )
    }

    fn first(
        &self,
        records: &RoaringBitmap,
        keys: Vec<Key<'_>>,
        limit: usize,
        after: Option<&Cursor>,
    ) -> Result<Page, QueryError> {
        let ids = &self.timeline.rows.ids;
        let order = Order { keys, ids };
        let after = after.map(|cursor| order.after(cursor)).transpose()?;
        let records = Bits::from_roaring(records, self.timeline.len());
        // One more than asked for tells whether there is a next page.
        let wanted = limit.saturating_add(1);
        let mut best = records.par_fold(
            || Best::new(wanted),
            |best, row| {
                if after
                    .as_ref()
                    .is_none_or(|after| order.is_after(row, after))
                {
                    best.offer(order.item(row), &order);
                }
            },
            |best, part| {
                for item in part.items {
                    best.offer(item, &order);
                }
            },
        );
        best.cut(&order);
        let has_next = best.items.len() > limit;
        best.items.truncate(limit);
        let rows: Vec<u32> = best.items.iter().map(|item| item.row).collect();
        let next = rows
            .last()
            .filter(|_| has_next)
            .map(|&row| order.cursor(row));
        let ids = rows
            .iter()
            .map(|&row| self.timeline.rows.ids[row as usize])
            .collect();
        Ok(Page { ids, rows, next })
    }
}

/// An order of records, with everything looked up that comparing needs.
struct Order<'a> {
    keys: Vec<Key<'a>>,
    ids: &'a [RecordId],
}

/// One key of an order.
struct Key<'a> {
    source: KeySource<'a>,
    view: View<'a>,
    descending: bool,
    /// Of options: where each code stands.
    ranks: Option<Vec<u32>>,
}

enum KeySource<'a> {
    Column {
        column: &'a Column,
        property: Arc<Property>,
        is_archived: bool,
    },
    Linked {
        link: &'a Column,
        other: View<'a>,
        column: &'a Column,
        property: Arc<Property>,
    },
    System(Subject, &'a ObjectTimeline),
    /// How well a query is answered.
    Fit(&'a Matches),
}

/// A record with its first key, which decides most comparisons.
#[derive(Clone, Copy)]
struct Item {
    row: u32,
    first: u64,
}

/// A cursor, ready to be compared with records.
struct After {
    keys: Vec<Option<Probe>>,
    id: RecordId,
}

/// The best items offered so far, at most twice as many as wanted, in no order.
struct Best {
    wanted: usize,
    items: Vec<Item>,
    /// The worst that is still wanted, once there are enough.
    worst: Option<Item>,
}

impl Best {
    fn new(wanted: usize) -> Self {
        Self {
            wanted,
            items: Vec::new(),
            worst: None,
        }
    }

    #[inline]
    fn offer(&mut self, item: Item, order: &Order<'_>) {
        if self
            .worst
            .is_some_and(|worst| order.compare(item, worst).is_ge())
        {
            return;
        }
        self.items.push(item);
        if self.items.len() >= self.wanted.saturating_mul(2).max(64) {
            self.cut(order);
        }
    }

    /// Sorts and drops what is not wanted.
    fn cut(&mut self, order: &Order<'_>) {
        self.items.sort_unstable_by(|a, b| order.compare(*a, *b));
        self.items.truncate(self.wanted);
        if self.items.len() == self.wanted {
            self.worst = self.items.last().copied();
        }
    }
}

impl<'a> Order<'a> {
    fn item(&self, row: u32) -> Item {
        let first = self.keys.first().map_or(0, |key| key.item(row));
        Item { row, first }
    }

    #[inline]
    fn compare(&self, a: Item, b: Item) -> Ordering {
        if let Some((first, rest)) = self.keys.split_first() {
            let mut ordering = first.compare(a.first, b.first);
            for key in rest {
                ordering = ordering.then_with(|| key.compare(key.item(a.row), key.item(b.row)));
            }
            if ordering.is_ne() {
                return ordering;
            }
        }
        self.ids[a.row as usize].cmp(&self.ids[b.row as usize])
    }

    fn after(&self, cursor: &Cursor) -> Result<After, QueryError> {
        if cursor.keys.len() != self.keys.len() {
            return Err(QueryError::BadCursor);
        }
        let keys = self.keys.iter().zip(&cursor.keys).map(|(key, json)| {
            let value = Value::from_stored(key.kind(), json).map_err(|_| QueryError::BadCursor)?;
            Ok(value.as_ref().map(Probe::new))
        });
        Ok(After {
            keys: keys.collect::<Result<_, _>>()?,
            id: cursor.id,
        })
    }

    fn is_after(&self, row: u32, after: &After) -> bool {
        for (key, probe) in self.keys.iter().zip(&after.keys) {
            match key.compare_probe(key.item(row), probe.as_ref()) {
                Ordering::Equal => {}
                ordering => return ordering.is_gt(),
            }
        }
        self.ids[row as usize] > after.id
    }

    fn cursor(&self, row: u32) -> Cursor {
        let key = |key: &Key<'_>| optional_json(key.value(key.item(row)).as_ref());
        Cursor {
            keys: self.keys.iter().map(key).collect(),
            id: self.ids[row as usize],
        }
    }
}

impl<'a> Key<'a> {
    fn new(view: &View<'a>, sort: &Sort) -> Result<Self, QueryError> {
        let source = match &sort.subject {
            Subject::Property(property) => KeySource::Column {
                column: view.column(property.id)?,
                property: Arc::clone(property),
                is_archived: view.is_archived_property(property),
            },
            Subject::Linked {
                link,
                object,
                property,
            } => {
                let other = View::new(view.linked.get(object.id)?, view.moment, view.linked);
                KeySource::Linked {
                    link: view.column(link.id)?,
                    column: other.column(property.id)?,
                    property: Arc::clone(property),
                    other,
                }
            }
            subject => KeySource::System(subject.clone(), view.timeline),
        };
        let ranks = match &source {
            KeySource::Column {
                column, property, ..
            }
            | KeySource::Linked {
                column, property, ..
            } => column.dictionary().option_ranks(property),
            KeySource::System(..) | KeySource::Fit(_) => None,
        };
        Ok(Self {
            source,
            view: *view,
            descending: sort.descending,
            ranks,
        })
    }

    fn kind(&self) -> PropertyType {
        match &self.source {
            KeySource::Column { property, .. } | KeySource::Linked { property, .. } => {
                property.kind
            }
            KeySource::System(Subject::CreatedBy, _) => PropertyType::User,
            KeySource::System(Subject::Id, _) => PropertyType::Record,
            KeySource::System(..) => PropertyType::Datetime,
            KeySource::Fit(_) => PropertyType::Number,
        }
    }

    /// What a record is compared by: a code, or a row of the system's values.
    #[inline]
    fn item(&self, row: u32) -> u64 {
        match &self.source {
            KeySource::Column {
                column,
                is_archived,
                ..
            } => match self.view.code(column, row) {
                EMPTY if *is_archived => u64::from(FALSE),
                code => u64::from(code),
            },
            KeySource::Linked {
                link,
                other,
                column,
                property,
            } => {
                let target = link.dictionary().value(self.view.code(link, row));
                let Some(Value::Record(id)) = target else {
                    return u64::from(EMPTY);
                };
                let Some(row) = other.timeline.row(id) else {
                    return u64::from(EMPTY);
                };
                match other.code(column, row) {
                    EMPTY if other.is_archived_property(property) => u64::from(FALSE),
                    code => u64::from(code),
                }
            }
            KeySource::System(..) => u64::from(row),
            KeySource::Fit(matches) => u64::from(matches.score(row)),
        }
    }

    #[inline]
    fn compare(&self, a: u64, b: u64) -> Ordering {
        if a == b {
            return Ordering::Equal;
        }
        match &self.source {
            KeySource::Column { column, .. } | KeySource::Linked { column, .. } => {
                let (a, b) = (a as u32, b as u32);
                if a == EMPTY || b == EMPTY {
                    return (a == EMPTY).cmp(&(b == EMPTY));
                }
                self.directed(match &self.ranks {
                    Some(ranks) => ranks[a as usize]
                        .cmp(&ranks[b as usize])
                        .then_with(|| column.dictionary().compare(a, b)),
                    None => column.dictionary().compare(a, b),
                })
            }
            KeySource::Fit(_) => self.directed(a.cmp(&b)),
            KeySource::System(subject, timeline) => {
                let (row_a, row_b) = (a as usize, b as usize);
                let rows = &timeline.rows;
                match subject {
                    Subject::CreatedAt => {
                        self.directed(rows.created_at[row_a].cmp(&rows.created_at[row_b]))
                    }
                    Subject::UpdatedAt => {
                        self.directed(rows.updated_at[row_a].cmp(&rows.updated_at[row_b]))
                    }
                    Subject::Id => self.directed(rows.ids[row_a].cmp(&rows.ids[row_b])),
                    _ => self.compare_optional(
                        rows.created_by(a as u32).as_ref(),
                        rows.created_by(b as u32).as_ref(),
                    ),
                }
            }
        }
    }

    /// Compares a record with a cursor's value.
    fn compare_probe(&self, item: u64, probe: Option<&Probe>) -> Ordering {
        let column = match &self.source {
            KeySource::Column { column, .. } | KeySource::Linked { column, .. } => *column,
            KeySource::System(..) | KeySource::Fit(_) => {
                let of_cursor = match probe {
                    Some(Probe::Value(value)) => Some(value),
                    Some(Probe::Folded(_)) | None => None,
                };
                return self.compare_optional(self.value(item).as_ref(), of_cursor);
            }
        };
        let code = item as u32;
        let Some(probe) = probe else {
            return (code == EMPTY).cmp(&true);
        };
        if code == EMPTY {
            return Ordering::Greater;
        }
        let by_value = || {
            let ordering = column.dictionary().compare_probe(code, probe);
            ordering.unwrap_or(Ordering::Equal)
        };
        self.directed(match (&self.ranks, probe) {
            (Some(ranks), Probe::Value(Value::Option(option))) => ranks[code as usize]
                .cmp(&self.rank(option))
                .then_with(by_value),
            _ => by_value(),
        })
    }

    fn rank(&self, option: &str) -> u32 {
        match &self.source {
            KeySource::Column { property, .. } | KeySource::Linked { property, .. } => {
                option_rank(property, option)
            }
            KeySource::System(..) | KeySource::Fit(_) => 0,
        }
    }

    fn value(&self, item: u64) -> Option<Value> {
        match &self.source {
            KeySource::Column { column, .. } | KeySource::Linked { column, .. } => {
                column.dictionary().value(item as u32)
            }
            KeySource::System(subject, timeline) => timeline.system_value(subject, item as u32),
            KeySource::Fit(_) => Some(Value::Number(Decimal::from(item))),
        }
    }

    fn compare_optional<T: Ord>(&self, a: Option<&T>, b: Option<&T>) -> Ordering {
        match (a, b) {
            (Some(a), Some(b)) => self.directed(a.cmp(b)),
            (a, b) => a.is_none().cmp(&b.is_none()),
        }
    }

    #[inline]
    fn directed(&self, ordering: Ordering) -> Ordering {
        if self.descending {
            ordering.reverse()
        } else {
            ordering
        }
    }
}
