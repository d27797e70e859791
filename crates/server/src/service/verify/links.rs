//! Checks links between records: both ends exist, each time a link held has an end or is the last one, and no two overlap. A link's row is all
//! there is of it, so there is no other account to compare it with.

use std::collections::HashMap;

use leadline_engine::{
    ids::{ObjectId, RecordId},
    schema::Schema,
};
use leadline_store::{
    ledger::{associations::Association, ranges::Contents},
    workspaces::Workspace,
};

use super::Finding;

/// Checks the links from the records of a range. How many there are.
pub(super) fn judge(
    workspace: &Workspace,
    schema: &Schema,
    contents: &Contents,
) -> Result<u64, Finding> {
    let records = contents.records.iter();
    let present: HashMap<RecordId, ObjectId> = records
        .map(|record| (record.id, record.object_id))
        .collect();
    let name = |object| {
        schema
            .object_by_id(object)
            .map(|object| object.name.as_str())
    };
    let mut before: Option<&Association> = None;
    for link in &contents.associations {
        let fault = fault_of_ends(link, &present, &contents.linked)
            .or_else(|| fault_of_times(link))
            .or_else(|| before.and_then(|before| fault_between(before, link)));
        if let Some(fault) = fault {
            let other = name(link.to.0).unwrap_or("record");
            let what = format!(
                "link {} to {other} {}, label {:?}: {fault}",
                link.id, link.to.1, link.label
            );
            return Err(Finding {
                object: name(link.from.0).map(Into::into),
                ..Finding::new(workspace, link.from.1, &what)
            });
        }
        before = Some(link);
    }
    Ok(contents.associations.len() as u64)
}

fn fault_of_ends(
    link: &Association,
    present: &HashMap<RecordId, ObjectId>,
    linked: &HashMap<RecordId, ObjectId>,
) -> Option<&'static str> {
    let is_at = |records: &HashMap<RecordId, ObjectId>, (object, id): (ObjectId, RecordId)| {
        records.get(&id) == Some(&object)
    };
    if !is_at(present, link.from) {
        Some("it begins at a record that does not exist")
    } else if !is_at(linked, link.to) {
        Some("it leads to a record that does not exist")
    } else if link.from.1 == link.to.1 {
        Some("it leads to the record where it begins")
    } else {
        None
    }
}

fn fault_of_times(link: &Association) -> Option<&'static str> {
    match (link.unlinked_at, link.unlinked_by) {
        (Some(end), _) if end < link.linked_at => Some("it ended before it was made"),
        (Some(_), None) => Some("it has ended, and nobody ended it"),
        (None, Some(_)) => Some("somebody ended it, and it has not ended"),
        (Some(_), Some(_)) | (None, None) => None,
    }
}

/// What is wrong with two neighbours, in order of their times if they are the same link.
fn fault_between(before: &Association, link: &Association) -> Option<&'static str> {
    let is_same =
        (before.from.1, before.to.1, &before.label) == (link.from.1, link.to.1, &link.label);
    let overlaps = before.unlinked_at.is_none_or(|end| link.linked_at < end);
    (is_same && overlaps).then_some("it was made while the same link held")
}
