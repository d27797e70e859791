//! The first records of an order, and those after a cursor: keyset paging that works to any depth.

use std::cmp::Ordering;

use leadline_engine::{
    filter::Sort,
    ids::RecordId,
    value::{Value, optional_json},
};
use serde::{Deserialize, Serialize};

use crate::{
    keys::Key,
    probe::Probe,
    row_set::RowSet,
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
        records: &RowSet,
        sorts: &[Sort],
        limit: usize,
        after: Option<&Cursor>,
    ) -> Result<Page, QueryError> {
        let order = Order::new(self, sorts)?;
        self.first(records, &order, limit, after)
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
        let mut order = Order::new(self, sorts)?;
        order.keys.insert(0, Key::fit(self, matches));
        self.first(&matches.records, &order, limit, after)
    }

    fn first(
        &self,
        records: &RowSet,
        order: &Order<'_>,
        limit: usize,
        after: Option<&Cursor>,
    ) -> Result<Page, QueryError> {
        let after = after.map(|cursor| order.after(cursor)).transpose()?;
        let best = records.0.par_fold(
            || Best::of_page(limit),
            |best, row| {
                let item = order.item(row);
                if best.is_wanted(item)
                    && after
                        .as_ref()
                        .is_none_or(|after| order.is_after(item, after))
                {
                    best.offer(item, order);
                }
            },
            |best, part| best.merge(part, order),
        );
        Ok(best.page(order, limit))
    }
}

/// An order of records.
pub(crate) struct Order<'a> {
    keys: Vec<Key<'a>>,
    ids: &'a [RecordId],
}

/// A record with its rank by the first key, which decides most comparisons.
#[derive(Clone, Copy)]
pub(crate) struct Item {
    first: u64,
    row: u32,
}

/// A cursor, ready to be compared with records: the rank of each key's value, and the value.
struct After {
    keys: Vec<(u64, Option<Probe>)>,
    id: RecordId,
}

/// The best items offered so far, more than wanted, in no order.
pub(crate) struct Best {
    wanted: usize,
    items: Vec<Item>,
    /// The worst that is still wanted, once there are enough.
    worst: Option<Item>,
}

impl Best {
    /// One more than a page has tells whether there is a next one.
    pub(crate) fn of_page(limit: usize) -> Self {
        Self {
            wanted: limit.saturating_add(1),
            items: Vec::new(),
            worst: None,
        }
    }

    /// Whether an item may be among the best, by its first key.
    #[inline]
    fn is_wanted(&self, item: Item) -> bool {
        self.worst.is_none_or(|worst| item.first <= worst.first)
    }

    #[inline]
    pub(crate) fn offer(&mut self, item: Item, order: &Order<'_>) {
        if self.is_wanted(item) {
            self.take(item, order);
        }
    }

    pub(crate) fn merge(&mut self, other: Self, order: &Order<'_>) {
        other
            .items
            .into_iter()
            .for_each(|item| self.offer(item, order));
    }

    /// The page of the best.
    pub(crate) fn page(mut self, order: &Order<'_>, limit: usize) -> Page {
        self.items.sort_unstable_by(|a, b| order.compare(*a, *b));
        let has_next = self.items.len() > limit;
        self.items.truncate(limit);
        let rows: Vec<u32> = self.items.iter().map(|item| item.row).collect();
        let next = rows
            .last()
            .filter(|_| has_next)
            .map(|&row| order.cursor(row));
        let ids = rows.iter().map(|&row| order.ids[row as usize]).collect();
        Page { ids, rows, next }
    }

    fn take(&mut self, item: Item, order: &Order<'_>) {
        if self
            .worst
            .is_some_and(|worst| order.compare(item, worst).is_ge())
        {
            return;
        }
        self.items.push(item);
        if self.items.len() >= self.wanted.saturating_mul(8).max(512) {
            let by_order = |a: &Item, b: &Item| order.compare(*a, *b);
            let (_, worst, _) = self.items.select_nth_unstable_by(self.wanted - 1, by_order);
            self.worst = Some(*worst);
            self.items.truncate(self.wanted);
        }
    }
}

impl<'a> Order<'a> {
    pub(crate) fn new(view: &View<'a>, sorts: &[Sort]) -> Result<Self, QueryError> {
        let keys = sorts.iter().map(|sort| Key::new(view, sort));
        Ok(Self {
            keys: keys.collect::<Result<_, _>>()?,
            ids: &view.timeline.rows.ids,
        })
    }

    #[inline]
    pub(crate) fn item(&self, row: u32) -> Item {
        let first = self.keys.first().map_or(0, |key| key.rank(row));
        Item { first, row }
    }

    fn compare(&self, a: Item, b: Item) -> Ordering {
        if a.first != b.first {
            return a.first.cmp(&b.first);
        }
        for (index, key) in self.keys.iter().enumerate() {
            let by_rank = match index {
                0 => Ordering::Equal,
                _ => key.rank(a.row).cmp(&key.rank(b.row)),
            };
            let ordering = by_rank.then_with(|| key.compare_equals(a.row, b.row));
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
            let probe = value.as_ref().map(Probe::new);
            Ok((key.rank_of_probe(probe.as_ref()), probe))
        });
        Ok(After {
            keys: keys.collect::<Result<_, _>>()?,
            id: cursor.id,
        })
    }

    fn is_after(&self, item: Item, after: &After) -> bool {
        let row = item.row;
        for (index, (key, (rank, probe))) in self.keys.iter().zip(&after.keys).enumerate() {
            let own = if index == 0 {
                item.first
            } else {
                key.rank(row)
            };
            let by_rank = own.cmp(rank);
            match by_rank.then_with(|| key.compare_equal_probe(row, probe.as_ref())) {
                Ordering::Equal => {}
                ordering => return ordering.is_gt(),
            }
        }
        self.ids[row as usize] > after.id
    }

    fn cursor(&self, row: u32) -> Cursor {
        let key = |key: &Key<'_>| optional_json(key.value(row).as_ref());
        Cursor {
            keys: self.keys.iter().map(key).collect(),
            id: self.ids[row as usize],
        }
    }
}
