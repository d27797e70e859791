//! Answers a question for which there is no room: the ledger is read part by part, the question names the records that matter in each, and the answer
//! is made of those. Slow, and in memory that does not grow with the records that do not matter.

use std::sync::Arc;

use leadline_engine::{ids::WorkspaceId, schema::Object};
use leadline_store::{
    db::{DbError, Tx},
    ledger::timelines::Part,
};
use leadline_timeline::ObjectTimeline;

use super::{
    Need, Needs, Objects, Question, apart,
    load::{Read, Rows, empty, read},
};
use crate::{app::App, service::error::ServiceError};

/// Answers from one state of the ledger.
pub(super) async fn answer<Q: Question>(
    app: &App,
    workspace: WorkspaceId,
    needs: Needs,
    question: Q,
    records: i64,
) -> Result<Q::Answer, ServiceError> {
    let needs = Arc::new(needs);
    let gather = app.db.snapshot(move |tx| {
        let (needs, question) = (Arc::clone(&needs), question.clone());
        Box::pin(async move { gather(tx, workspace, &needs, question, records).await })
    });
    let (question, objects): (Q, Objects) = gather.await?;
    apart(move || question.answer(&objects)).await
}

/// The records that matter, and what links lead to.
async fn gather<Q: Question>(
    tx: &mut Tx,
    workspace: WorkspaceId,
    needs: &Needs,
    mut question: Q,
    records: i64,
) -> Result<(Q, Objects), ServiceError> {
    let merged = needs.merged();
    let mut objects = Objects::new();
    for (linked, _) in &needs.linked {
        let need = merged.iter().find(|(object, _)| object.id == linked.id);
        if let Some(need) = need.filter(|_| !objects.contains_key(&linked.id)) {
            let whole = read_part(tx, workspace, need, Part::WHOLE).await?;
            objects.insert(linked.id, whole);
        }
    }
    for (asked, _) in &needs.asked {
        let need = merged.iter().find(|(object, _)| object.id == asked.id);
        // What links to itself is there already.
        if let Some(need) = need.filter(|_| !objects.contains_key(&asked.id)) {
            let mut kept: Option<ObjectTimeline> = None;
            let mut part = Part::BEFORE;
            while let Some(next) = part.next(tx, workspace, asked, records).await? {
                part = next;
                let read = read_part(tx, workspace, need, part).await?;
                let kept = kept.get_or_insert_with(|| read.without_records());
                objects.insert(asked.id, read);
                keep(kept, asked, &mut objects, &mut question)?;
            }
            let kept = match kept {
                Some(kept) => kept,
                None => read_part(tx, workspace, need, Part::BEFORE).await?,
            };
            objects.insert(asked.id, kept);
        }
    }
    Ok((question, objects))
}

/// Puts the records of a part that matter to those of the parts before.
fn keep<Q: Question>(
    kept: &mut ObjectTimeline,
    object: &Object,
    objects: &mut Objects,
    question: &mut Q,
) -> Result<(), ServiceError> {
    let rows = question.keep(object, objects)?;
    if let Some(part) = objects.remove(&object.id) {
        kept.append(&part, &rows)
            .map_err(|misfit| DbError::Corrupt(misfit.to_string()))?;
    }
    Ok(())
}

async fn read_part(
    tx: &mut Tx,
    workspace: WorkspaceId,
    need: &Need,
    part: Part,
) -> Result<ObjectTimeline, DbError> {
    let rows = Rows::New(Box::new(empty(&need.0)?));
    let read = match read(tx, workspace, need, part, rows, usize::MAX).await? {
        Read::Whole(whole) => whole.into_timeline(),
        Read::TooLarge(_) => None,
    };
    read.ok_or_else(|| DbError::Other("a part was not read".to_owned()))
}
