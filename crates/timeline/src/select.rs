//! Which records a filter selects: its values are looked up in the dictionaries once, then codes are scanned.

use leadline_engine::{
    filter::{Condition, Filter, Subject, Test},
    ids::RecordId,
    ledger::Source,
    schema::Property,
};

use crate::{
    bits::Bits,
    cells::Cells,
    codes::{CodeSet, EMPTY},
    column::Column,
    dictionary::{Dictionary, FALSE, Values},
    history::HistoryQuestion,
    row_set::RowSet,
    view::{QueryError, View},
};

impl View<'_> {
    /// The rows of the records that a filter selects. Archived ones are left out unless the filter looks at `archived`.
    ///
    /// # Errors
    /// If a column or an object that it needs is not loaded.
    pub fn select(&self, filter: &Filter) -> Result<RowSet, QueryError> {
        self.filtered(filter, self.looks_at_archived(filter))
    }

    /// As [`View::select`], with archived records: what reports on history count.
    ///
    /// # Errors
    /// If a column or an object that it needs is not loaded.
    pub fn select_with_archived(&self, filter: &Filter) -> Result<RowSet, QueryError> {
        self.filtered(filter, true)
    }

    /// Of `records`, those with these ids.
    #[must_use]
    pub fn among(&self, records: &RowSet, ids: &[RecordId]) -> RowSet {
        let mut among = Bits::none(self.timeline.len());
        for row in ids.iter().filter_map(|id| self.timeline.row(*id)) {
            if records.contains(row) {
                among.insert(row);
            }
        }
        RowSet(among)
    }

    pub(crate) fn looks_at_archived(&self, filter: &Filter) -> bool {
        filter.groups.iter().flatten().any(|condition| {
            matches!(&condition.subject, Subject::Property(property) if self.is_archived_property(property))
        })
    }

    fn filtered(&self, filter: &Filter, with_archived: bool) -> Result<RowSet, QueryError> {
        let all = Bits::all(self.timeline.len());
        if filter.groups.is_empty() {
            return self.there(all, with_archived).map(RowSet);
        }
        let mut selected = Bits::none(self.timeline.len());
        for group in &filter.groups {
            selected.union(&self.in_group(group, all.clone(), with_archived)?);
        }
        Ok(RowSet(selected))
    }

    /// Of `records`, those that existed at the moment, and were not archived unless those are wanted too.
    fn there(&self, mut records: Bits, with_archived: bool) -> Result<Bits, QueryError> {
        if self.moment.is_as_of {
            records = self.existing(&records);
        }
        if with_archived {
            return Ok(records);
        }
        self.unarchived(records)
    }

    /// What is cheap and leaves little comes first, tests of history come last.
    fn in_group(
        &self,
        group: &[Condition],
        mut left: Bits,
        with_archived: bool,
    ) -> Result<Bits, QueryError> {
        let mut held = Vec::new();
        let (mut others, mut history) = (Vec::new(), Vec::new());
        for condition in group {
            match self.held(condition)? {
                Some(test) => held.push(test),
                None if condition.test.is_on_history() => history.push(condition),
                None => others.push(condition),
            }
        }
        held.sort_by(|(a_column, a), (b_column, b)| {
            let cost = |column, set| self.cost(column, set);
            cost(a_column, a).total_cmp(&cost(b_column, b))
        });
        for (column, set) in held {
            left = self.holding(column, &set, &left);
        }
        for condition in others {
            left = self.passing(condition, &left)?;
        }
        left = self.there(left, with_archived)?;
        for condition in history {
            left = self.passing(condition, &left)?;
        }
        Ok(left)
    }

    /// The codes that a condition on the record's own present accepts; `None` for other conditions.
    fn held(&self, condition: &Condition) -> Result<Option<(&Column, CodeSet)>, QueryError> {
        let Subject::Property(property) = &condition.subject else {
            return Ok(None);
        };
        let column = self.column(property.id)?;
        let Some(mut set) = column.dictionary().passing(&condition.test) else {
            return Ok(None);
        };
        if self.is_archived_property(property) {
            set.empty_is(FALSE);
        }
        Ok(Some((column, set)))
    }

    /// What looking at a column takes for each record that it takes out, guessed.
    fn cost(&self, column: &Column, set: &CodeSet) -> f64 {
        let codes = column.dictionary().len().max(1) as f64;
        let leaves = (set.count() as f64 / codes).min(0.99);
        let reads = if self.moment.is_as_of {
            2.0 + column.mean_entries()
        } else {
            1.0
        };
        reads / (1.0 - leaves)
    }

    /// Of `records`, those that meet the condition.
    fn passing(&self, condition: &Condition, records: &Bits) -> Result<Bits, QueryError> {
        let test = &condition.test;
        match &condition.subject {
            Subject::Property(property) => self.passing_property(property, test, records),
            Subject::Linked {
                link,
                object,
                property,
            } => {
                let other = View::new(self.linked.get(object.id)?, self.moment, self.linked);
                let all = Bits::all(other.timeline.len());
                let passed = other.passing_property(property, test, &all)?;
                let column = self.column(link.id)?;
                let set = links_to(column.dictionary(), &other, &passed, holds_of_nothing(test));
                Ok(self.holding(column, &set, records))
            }
            subject @ (Subject::CreatedAt
            | Subject::UpdatedAt
            | Subject::CreatedBy
            | Subject::Id) => Ok(self.timeline.passing_system(subject, test, records)),
        }
    }

    fn passing_property(
        &self,
        property: &Property,
        test: &Test,
        records: &Bits,
    ) -> Result<Bits, QueryError> {
        let column = self.column(property.id)?;
        let is_archived = self.is_archived_property(property);
        if let Some(mut set) = column.dictionary().passing(test) {
            if is_archived {
                set.empty_is(FALSE);
            }
            return Ok(self.holding(column, &set, records));
        }
        let Some(question) = HistoryQuestion::new(column.dictionary(), test) else {
            return Ok(Bits::none(self.timeline.len()));
        };
        let rows = self.timeline.len();
        let created_at = &self.timeline.rows.created_at;
        let at = self.moment.at.micros();
        if is_archived {
            return Ok(Bits::filled(rows, Some(records), |row| {
                let created_at = created_at[row as usize];
                with_implicit_false(self.cells(column, row), created_at, |cells| {
                    question.holds(cells, created_at, at)
                })
            }));
        }
        let narrowed = question
            .holding()
            .map(|set| self.holding(column, set, records));
        let records = narrowed.as_ref().unwrap_or(records);
        let few = question
            .ever()
            .and_then(|set| set.as_word(column.dictionary().len()));
        let holds =
            |row: u32| question.holds(self.cells(column, row), created_at[row as usize], at);
        Ok(match (few, question.range()) {
            (Some(few), _) => Bits::filled(rows, Some(records), |row| {
                let codes = self.codes(column, row).iter();
                codes.fold(0, |held, &code| held | few >> (code & 63)) & 1 == 1
            }),
            (None, Some((from, to))) => Bits::filled(rows, Some(records), |row| {
                column.zone(row).meets(from, to) && holds(row)
            }),
            (None, None) => Bits::filled(rows, Some(records), holds),
        })
    }

    /// Of `records`, those that hold a code of the set.
    pub(crate) fn holding(&self, column: &Column, set: &CodeSet, records: &Bits) -> Bits {
        let rows = self.timeline.len();
        let few = set.as_word(column.dictionary().len());
        if self.moment.is_as_of {
            let at = self.moment.at.micros();
            return match few {
                Some(few) => Bits::filled(rows, Some(records), |row| {
                    few >> (column.code_at(row, at) & 63) & 1 == 1
                }),
                None => Bits::filled(rows, Some(records), |row| {
                    set.contains(column.code_at(row, at))
                }),
            };
        }
        match few {
            Some(few) => Bits::of_items(column.presents(), records, |code| {
                few >> (code & 63) & 1 == 1
            }),
            None => Bits::of_items(column.presents(), records, |code| set.contains(code)),
        }
    }
}

/// Whether a test holds of a link that leads nowhere.
fn holds_of_nothing(test: &Test) -> bool {
    let (test, _) = test.comparison();
    matches!(
        test,
        Test::Neq(_) | Test::NotIn(_) | Test::NotHasProperty | Test::Never(_)
    )
}

/// The codes of links to records that are in `passed`; links that lead nowhere are in when `nowhere` is.
fn links_to(links: &Dictionary, other: &View<'_>, passed: &Bits, nowhere: bool) -> CodeSet {
    let members = match links.values() {
        Values::Record(ids) => Bits::filled(ids.len(), None, |index| {
            match other.timeline.row(ids[index as usize].into()) {
                Some(row) => passed.contains(row),
                None => nowhere,
            }
        }),
        _ => Bits::none(0),
    };
    CodeSet::new(members, nowhere)
}

/// Gives `then` the entries of `archived` with the `false` that is not written: a record is not archived from the start.
fn with_implicit_false<T>(
    cells: Cells<'_>,
    created_at: i64,
    then: impl FnOnce(Cells<'_>) -> T,
) -> T {
    if cells
        .valid_from
        .first()
        .is_some_and(|&first| first <= created_at)
    {
        return then(cells);
    }
    let mut valid_from = vec![created_at];
    valid_from.extend_from_slice(cells.valid_from);
    let mut codes = vec![FALSE];
    codes.extend(
        cells
            .codes
            .iter()
            .map(|&code| if code == EMPTY { FALSE } else { code }),
    );
    let mut sources = vec![Source::System.code()];
    sources.extend_from_slice(cells.sources);
    then(Cells {
        valid_from: &valid_from,
        codes: &codes,
        sources: &sources,
    })
}
