//! Hands the story to the write path, in batches.

use leadline_engine::{
    ids::{AccountId, RecordId},
    ledger::{Actor, Source},
    schema::Schema,
    time::Timestamp,
    value::{Currency, Money, Value},
    write::HistoryRow,
};
use leadline_store::{
    db::Tx,
    ledger::associations::{self, Association},
};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::team::user;
use crate::service::{
    attached,
    ctx::Ctx,
    error::ServiceError,
    records::{Action, Target, Write, apply, find_object},
};

/// Records of one batch.
const BATCH: usize = 500;

/// Writes records in the workspace.
pub(super) struct Recorder<'a> {
    tx: &'a mut Tx,
    ctx: &'a Ctx,
    schema: &'a Schema,
}

impl<'a> Recorder<'a> {
    pub(super) fn new(tx: &'a mut Tx, ctx: &'a Ctx, schema: &'a Schema) -> Self {
        Self { tx, ctx, schema }
    }

    pub(super) fn schema(&self) -> &'a Schema {
        self.schema
    }

    /// Applies writes to records of one object; answers which records they were.
    pub(super) async fn write(
        &mut self,
        object: &str,
        writes: &[Write],
    ) -> Result<Vec<RecordId>, ServiceError> {
        let object = find_object(self.schema, object)?;
        let mut ids = Vec::with_capacity(writes.len());
        for batch in writes.chunks(BATCH) {
            for applied in apply(self.tx, self.ctx, self.schema, object, batch).await? {
                ids.push(applied?.record.id);
            }
        }
        Ok(ids)
    }

    /// Links a record with one that it is about.
    pub(super) async fn link(&mut self, link: Link<'_>) -> Result<(), ServiceError> {
        let (from, to) = (
            find_object(self.schema, link.from.0)?,
            find_object(self.schema, link.to.0)?,
        );
        let association = Association {
            id: Uuid::now_v7(),
            from: (from.id, link.from.1),
            to: (to.id, link.to.1),
            label: attached::LABEL.to_owned(),
            linked_at: link.linked_at,
            linked_by: user(link.linked_by),
            unlinked_at: None,
            unlinked_by: None,
        };
        associations::insert(self.tx, self.ctx.workspace, &association).await?;
        Ok(())
    }
}

/// That a record is about another one.
pub(super) struct Link<'a> {
    pub(super) from: (&'a str, RecordId),
    pub(super) to: (&'a str, RecordId),
    pub(super) linked_at: Timestamp,
    pub(super) linked_by: AccountId,
}

/// What happened to one record, told in any order.
#[derive(Default)]
pub(super) struct Biography {
    rows: Vec<HistoryRow>,
}

/// When, by whom and how.
#[derive(Debug, Clone, Copy)]
pub(super) struct Act {
    pub(super) time: Timestamp,
    pub(super) actor: Actor,
    pub(super) source: Source,
}

impl Act {
    /// Someone did it by hand.
    pub(super) fn by(time: Timestamp, who: AccountId) -> Self {
        Self {
            time,
            actor: user(who),
            source: Source::User,
        }
    }

    /// It came in by itself.
    pub(super) fn system(time: Timestamp, source: Source) -> Self {
        Self {
            time,
            actor: Actor::SYSTEM,
            source,
        }
    }
}

impl Biography {
    pub(super) fn tell(&mut self, act: Act, values: Vec<(&str, Value)>) {
        let values = values
            .into_iter()
            .map(|(name, value)| (name.to_owned(), Some(value)))
            .collect();
        self.rows.push(HistoryRow {
            time: act.time,
            actor: Some(act.actor),
            source: Some(act.source),
            values,
        });
    }

    /// The write that makes the record, with what happened until `now`.
    pub(super) fn write(mut self, now: Timestamp) -> Write {
        self.rows.retain(|row| row.time <= now);
        let action = Action::History {
            rows: self.rows,
            if_new: Vec::new(),
        };
        Write::new(Target::New, action)
    }
}

pub(super) fn text(text: impl Into<String>) -> Value {
    Value::Text(text.into())
}

pub(super) fn option(value: &str) -> Value {
    Value::Option(value.to_owned())
}

/// Whole euros.
pub(super) fn euros(amount: i64) -> Value {
    Value::Money(Money {
        amount: Decimal::from(amount),
        currency: Currency::parse("EUR").expect("EUR is three capital letters"),
    })
}
