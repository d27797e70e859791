//! Writes the file of an export, page by page, within one snapshot of the database.

use std::{
    collections::HashMap,
    io::{self, BufWriter, Seek, SeekFrom, Write},
    sync::Arc,
};

use leadline_engine::{
    ids::{AccountId, RecordId},
    ledger::{Record, Span},
    schema::{Object, Property},
    spans,
};
use leadline_store::{
    db::Tx,
    ledger::{change_sets, records, spans as span_rows},
    memberships,
};

use super::table::{ExportKind, ExportOptions, HistoryValue, Table};
use crate::{
    app::App,
    service::{
        ctx::Ctx,
        error::ServiceError,
        records::{Selection, find_object, in_use, view_many},
    },
};

/// Records read at once.
const PAGE: i64 = 500;
const MEMBERS_PAGE: i64 = 1_000;

/// Writes an export into a file, which is emptied first. Returns the number of rows.
pub(super) async fn write(
    app: &App,
    ctx: &Ctx,
    options: &ExportOptions,
    only: Option<Arc<Vec<RecordId>>>,
    file: &std::fs::File,
) -> Result<u64, ServiceError> {
    let file = Arc::new(file.try_clone().map_err(disk)?);
    let (app_, ctx, options) = (app.clone(), ctx.clone(), Arc::new(options.clone()));
    app.db
        .snapshot(move |tx| {
            let (app, ctx, options, only, file) = (
                app_.clone(),
                ctx.clone(),
                Arc::clone(&options),
                only.clone(),
                Arc::clone(&file),
            );
            Box::pin(async move {
                let mut file = &*file;
                file.set_len(0)
                    .and_then(|()| file.seek(SeekFrom::Start(0)))
                    .map_err(disk)?;
                let schema = app.schemas.get(tx, ctx.workspace).await?;
                let object = Arc::clone(find_object(&schema, &options.object)?);
                let properties = match &options.properties {
                    Some(names) => named(&object, names)?,
                    None => in_use(tx, &ctx, &object, &options.moment()).await?,
                };
                let members = Arc::new(members(tx, &ctx).await?);
                let mut table = Table::new(
                    BufWriter::new(file),
                    &options,
                    Arc::clone(&object),
                    properties.clone(),
                    members,
                )
                .map_err(disk)?;
                let mut after = None;
                let mut listed = only.as_ref().map(|ids| ids.chunks(PAGE as usize));
                loop {
                    let ids = match &mut listed {
                        Some(chunks) => chunks.next().map(<[RecordId]>::to_vec).unwrap_or_default(),
                        None => {
                            records::ids_after(tx, ctx.workspace, object.id, after, PAGE).await?
                        }
                    };
                    let Some(last) = ids.last() else { break };
                    after = Some(*last);
                    let page = in_order(
                        &ids,
                        records::get_many(tx, ctx.workspace, &object, &ids).await?,
                    );
                    match options.kind {
                        ExportKind::Records => {
                            write_records(tx, &ctx, &object, &options, &page, &mut table).await?
                        }
                        ExportKind::History => {
                            write_histories(
                                tx,
                                &ctx,
                                &object,
                                &options,
                                (&page, &properties),
                                &mut table,
                            )
                            .await?
                        }
                    }
                }
                table.finish().map_err(disk)
            })
        })
        .await
}

/// The properties of these names.
///
/// # Errors
/// If one is unknown.
pub(super) fn named(object: &Object, names: &[String]) -> Result<Vec<Arc<Property>>, ServiceError> {
    let find = |name: &String| {
        object.property(name).cloned().ok_or_else(|| {
            ServiceError::invalid(
                "/properties",
                "UNKNOWN_PROPERTY",
                format!(
                    "{} have no property {name:?}",
                    object.definition.plural_label
                ),
            )
        })
    };
    names.iter().map(find).collect()
}

async fn write_records<W: Write>(
    tx: &mut Tx,
    ctx: &Ctx,
    object: &Object,
    options: &ExportOptions,
    page: &[Record],
    table: &mut Table<W>,
) -> Result<(), ServiceError> {
    let selection = Selection {
        properties: options.properties.clone(),
        with_history: Vec::new(),
        moment: options.moment(),
    };
    let shown = view_many(tx, ctx, object, page, &selection).await?;
    for record in shown
        .iter()
        .filter(|record| options.archived || !record.archived)
    {
        table.record(record).map_err(disk)?;
    }
    Ok(())
}

async fn write_histories<W: Write>(
    tx: &mut Tx,
    ctx: &Ctx,
    object: &Object,
    options: &ExportOptions,
    (page, properties): (&[Record], &[Arc<Property>]),
    table: &mut Table<W>,
) -> Result<(), ServiceError> {
    let page: Vec<&Record> = page
        .iter()
        .filter(|record| options.archived || !record.archived)
        .collect();
    let ids: Vec<RecordId> = page.iter().map(|record| record.id).collect();
    let wanted: Vec<_> = properties.iter().map(|property| property.id).collect();
    let mut rows: HashMap<RecordId, Vec<Span>> = HashMap::new();
    for span in span_rows::list_many(tx, ctx.workspace, object, &ids, &wanted).await? {
        rows.entry(span.record_id).or_default().push(span);
    }
    let authors = change_sets::authors(tx, ctx.workspace, &ids).await?;
    for record in page {
        let own = rows.remove(&record.id).unwrap_or_default();
        let version = match options.recorded_as_of {
            Some(time) => {
                let known = change_sets::version_at(tx, ctx.workspace, record.id, time).await?;
                // A record that nobody knew of then has no history.
                Some(known.unwrap_or_default())
            }
            None => None,
        };
        let mut timelines = Vec::new();
        for property in properties {
            let spans: Vec<Span> = own
                .iter()
                .filter(|span| span.property_id == property.id)
                .cloned()
                .collect();
            let open = record.open_entry(&property.name);
            let mut entries = match version {
                Some(version) => spans::entries_known_at(&spans, open, version),
                None => spans::known_entries(&spans, open),
            };
            if let Some(as_of) = options.as_of {
                entries.retain(|entry| entry.valid_from <= as_of);
            }
            timelines.push((property, entries));
        }
        for (property, entries) in &timelines {
            for (index, entry) in entries.iter().enumerate() {
                let author = authors.get(&(record.id, entry.began_version));
                let value = HistoryValue {
                    record: record.id.to_string(),
                    property,
                    entry,
                    valid_to: entries.get(index + 1).map(|next| next.valid_from),
                    actor: author.copied(),
                    source: entry.source,
                };
                table.value(&value).map_err(disk)?;
            }
        }
    }
    Ok(())
}

fn in_order(ids: &[RecordId], found: Vec<Record>) -> Vec<Record> {
    let mut by_id: HashMap<RecordId, Record> = found
        .into_iter()
        .map(|record| (record.id, record))
        .collect();
    ids.iter().filter_map(|id| by_id.remove(id)).collect()
}

async fn members(tx: &mut Tx, ctx: &Ctx) -> Result<HashMap<AccountId, String>, ServiceError> {
    let mut members = HashMap::new();
    let mut after = None;
    loop {
        let page = memberships::list(tx, ctx.workspace, after, MEMBERS_PAGE).await?;
        let Some(last) = page.last() else {
            return Ok(members);
        };
        after = Some(last.membership.account_id);
        members.extend(
            page.into_iter()
                .map(|member| (member.membership.account_id, member.email)),
        );
    }
}

fn disk(error: io::Error) -> ServiceError {
    match error.kind() {
        io::ErrorKind::StorageFull => ServiceError::StorageFull,
        _ => ServiceError::Internal(format!("a temporary file failed: {error}")),
    }
}
