//! Snapshot files: columns as they were, with the place in the feed from which to follow them, so that a restart need not read the whole ledger.
//!
//! They are a cache and can be deleted at any time. A file is used only if nothing in it is damaged, this release wrote it, the ledger still holds
//! the history that it was made of, and not much came since. Each column has a file of its own, and so have an object's rows; a column belongs to
//! any rows that begin with those it was written with.

use std::{
    hash::Hasher,
    io::{self, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

use leadline_engine::{
    ids::{ObjectId, PropertyId, RecordId, WorkspaceId},
    schema::{ARCHIVED, Property},
};
use leadline_store::{
    db::{Db, DbError},
    ledger::change_sets,
};
use leadline_timeline::{Column, ObjectTimeline};
use serde::{Deserialize, Serialize};
use twox_hash::XxHash3_64;

use super::{Need, Timelines, workspace::WorkspaceTimelines};
use crate::{app::App, service::error::ServiceError};

/// What a file begins with.
const MAGIC: &[u8; 8] = b"LEADTL01";
/// Folding of texts, say, may differ between releases.
const RELEASE: &str = env!("CARGO_PKG_VERSION");
/// When more than this part of the records, and more than a few, changed since, reading them again is slower than reading all.
const CHANGED_PART: i64 = 8;
const CHANGED_FEW: i64 = 10_000;

/// What a file holds, and of which state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Header {
    release: String,
    workspace: WorkspaceId,
    object: ObjectId,
    /// Whose column; `None`: the rows.
    property: Option<PropertyId>,
    /// From which place in the feed on it is to be followed.
    position: i64,
    /// Which history it was made of.
    mark: String,
    /// Of how many rows, and which.
    rows: usize,
    ids: u64,
}

impl Timelines {
    /// Writes the files of all workspaces, where they are not up to date. What fails is logged: the files are not needed.
    pub async fn write_snapshots(&self, app: &App) {
        let known: Vec<_> = {
            let workspaces = self.workspaces.lock();
            let known = workspaces.iter();
            known.map(|(id, it)| (*id, Arc::clone(it))).collect()
        };
        for (workspace, timelines) in known {
            if let Err(error) = write(app, workspace, &timelines).await {
                tracing::warn!(%workspace, %error, "timelines were not written to files");
            }
        }
    }
}

fn folder(app: &App, workspace: WorkspaceId, object: ObjectId) -> PathBuf {
    let all = app.config.data.join("timelines");
    all.join(workspace.to_string()).join(object.to_string())
}

fn file_name(property: Option<PropertyId>) -> String {
    property.map_or_else(|| "rows".to_owned(), |id| id.to_string())
}

/// The mark of a position, where there is one: without it no file can be trusted.
async fn mark(db: &Db, workspace: WorkspaceId, position: i64) -> Option<String> {
    let marked = db.read(move |tx| Box::pin(change_sets::mark(tx, workspace, position)));
    let marked: Result<String, DbError> = marked.await;
    marked
        .inspect_err(|error| tracing::debug!(%error, "the database does not tell its identity"))
        .ok()
}

/// Writes the files of one workspace.
async fn write(
    app: &App,
    workspace: WorkspaceId,
    timelines: &Arc<WorkspaceTimelines>,
) -> Result<(), ServiceError> {
    // Columns that are loaded meanwhile could be older than the place from which the files say to follow them.
    let _no_loading = timelines.loading.lock().await;
    let Some(position) = timelines.looking.lock().await.position else {
        return Ok(());
    };
    let outdated = outdated(timelines, position, app.config.timeline_snapshot_records);
    if outdated.is_empty() {
        return Ok(());
    }
    let Some(mark) = mark(&app.db, workspace, position).await else {
        return Ok(());
    };
    let (app, timelines) = (app.clone(), Arc::clone(timelines));
    let write = move || {
        for (object, property) in outdated {
            let header = Header {
                release: RELEASE.to_owned(),
                workspace,
                object,
                property,
                position,
                mark: mark.clone(),
                rows: 0,
                ids: 0,
            };
            if let Some(bytes) = bytes(&timelines, header) {
                let folder = folder(&app, workspace, object);
                replace(&folder, &file_name(property), &bytes)?;
                timelines
                    .written
                    .lock()
                    .insert((object, property), position);
            }
        }
        Ok::<_, io::Error>(())
    };
    tokio::task::spawn_blocking(write)
        .await
        .map_err(io::Error::other)
        .flatten()
        .map_err(|error| ServiceError::Internal(error.to_string()))
}

/// What of objects with so many records has no file of this position.
fn outdated(
    timelines: &WorkspaceTimelines,
    position: i64,
    records: usize,
) -> Vec<(ObjectId, Option<PropertyId>)> {
    let objects = timelines.objects.read();
    let written = timelines.written.lock();
    let large = objects.iter().filter(|(_, it)| it.len() >= records.max(1));
    large
        .flat_map(|(object, timeline)| {
            let columns = timeline.loaded_columns().map(Some);
            columns.chain([None]).map(|property| (*object, property))
        })
        .filter(|column| written.get(column) != Some(&position))
        .collect()
}

/// The bytes of a file; `None` if the column was given up meanwhile.
fn bytes(timelines: &WorkspaceTimelines, header: Header) -> Option<Vec<u8>> {
    let objects = timelines.objects.read();
    let timeline = objects.get(&header.object)?;
    let header = Header {
        rows: timeline.len(),
        ids: hash_ids(timeline.ids()),
        ..header
    };
    let text = serde_json::to_vec(&header).ok()?;
    let mut bytes = MAGIC.to_vec();
    bytes.extend_from_slice(&(text.len() as u32).to_le_bytes());
    bytes.extend_from_slice(&text);
    match header.property {
        Some(property) => timeline.column(property)?.write(&mut bytes),
        None => timeline.write_rows(&mut bytes),
    }
    drop(objects);
    let sum = XxHash3_64::oneshot(&bytes);
    bytes.extend_from_slice(&sum.to_le_bytes());
    Some(bytes)
}

/// Puts a file in place of the one of this name. Nobody else may read it: it holds what records hold.
fn replace(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    file.persist(folder.join(name))
        .map_err(|error| error.error)?;
    Ok(())
}

fn hash_ids(ids: &[RecordId]) -> u64 {
    let mut hasher = XxHash3_64::with_seed(0);
    ids.iter().for_each(|id| hasher.write(id.uuid().as_bytes()));
    hasher.finish()
}

/// Takes what files hold of the columns that are needed; says whether there was anything.
pub(super) async fn restore(
    timelines: &Arc<WorkspaceTimelines>,
    app: &App,
    workspace: WorkspaceId,
    need: &Need,
    room: usize,
) -> Result<bool, ServiceError> {
    let folder = folder(app, workspace, need.0.id);
    if !folder.exists() {
        return Ok(false);
    }
    let (shared, wanted) = (Arc::clone(timelines), need.clone());
    let read = move || read_files(&shared, workspace, &wanted, &folder, room);
    let Ok(Some(mut files)) = tokio::task::spawn_blocking(read).await else {
        return Ok(false);
    };
    let mut sound: Vec<(i64, String)> = Vec::new();
    for (position, marked) in files.states() {
        let rows = i64::try_from(files.len).unwrap_or(i64::MAX);
        let most = CHANGED_FEW.max(rows / CHANGED_PART);
        let count = app
            .db
            .read(move |tx| Box::pin(change_sets::count_since(tx, workspace, position, most)));
        let since: i64 = count.await?;
        if since < most && mark(&app.db, workspace, position).await.as_ref() == Some(&marked) {
            sound.push((position, marked));
        }
    }
    files.keep(&sound);
    let Some(since) = files.states().map(|(position, _)| position).min() else {
        return Ok(false);
    };
    let columns = files
        .columns
        .into_iter()
        .map(|(_, column)| column)
        .collect();
    let rows = files.rows.map(|(_, rows)| rows);
    timelines.take(need.0.id, rows, columns, since).await?;
    Ok(true)
}

/// What was read of files.
struct Files {
    /// The rows, if there were none.
    rows: Option<(Header, ObjectTimeline)>,
    /// How many rows there are.
    len: usize,
    columns: Vec<(Header, (PropertyId, Column))>,
}

impl Files {
    /// The positions and marks of what is there, each once.
    fn states(&self) -> impl Iterator<Item = (i64, String)> + use<> {
        let rows = self.rows.iter().map(|(header, _)| header);
        let headers = rows.chain(self.columns.iter().map(|(header, _)| header));
        let states = headers.map(|header| (header.position, header.mark.clone()));
        states
            .collect::<std::collections::BTreeSet<_>>()
            .into_iter()
    }

    /// Drops what is of other states than these; without rows, all.
    fn keep(&mut self, sound: &[(i64, String)]) {
        let is_sound = |header: &Header| {
            let mut states = sound.iter();
            states.any(|(position, mark)| *position == header.position && *mark == header.mark)
        };
        let had_rows = self.rows.is_some();
        self.rows.take_if(|(header, _)| !is_sound(header));
        if had_rows && self.rows.is_none() {
            self.columns.clear();
        }
        self.columns.retain(|(header, _)| is_sound(header));
    }
}

/// Reads the files of columns that are needed, and of the rows if there are none, as far as they are sound and there is room.
fn read_files(
    timelines: &WorkspaceTimelines,
    workspace: WorkspaceId,
    (object, properties): &Need,
    folder: &Path,
    mut room: usize,
) -> Option<Files> {
    let is_of_object =
        |header: &Header| header.workspace == workspace && header.object == object.id;
    let mut rows = None;
    if timelines.rows(object.id) == 0 {
        let (header, payload) = read(&folder.join(file_name(None)), &mut room, is_of_object)?;
        let archived = Arc::clone(object.property(ARCHIVED)?);
        rows = Some((header, ObjectTimeline::read_rows(&payload, archived).ok()?));
    }
    let mut columns = Vec::new();
    for property in properties {
        let is_of_column =
            |header: &Header| is_of_object(header) && header.property == Some(property.id);
        let path = folder.join(file_name(Some(property.id)));
        let Some((header, payload)) = read(&path, &mut room, is_of_column) else {
            continue;
        };
        let is_of_rows = match &rows {
            Some((_, rows)) => belongs(&header, rows),
            None => {
                let objects = timelines.objects.read();
                objects
                    .get(&object.id)
                    .is_some_and(|it| belongs(&header, it))
            }
        };
        if let Some(column) = column(&payload, property).filter(|_| is_of_rows) {
            columns.push((header, (property.id, column)));
        }
    }
    let len = match &rows {
        Some((_, rows)) => rows.len(),
        None => timelines.rows(object.id),
    };
    Some(Files { rows, len, columns })
}

/// Whether a column was written with rows with which these begin.
fn belongs(header: &Header, rows: &ObjectTimeline) -> bool {
    let begin = rows.ids().get(..header.rows);
    begin.is_some_and(|ids| hash_ids(ids) == header.ids)
}

fn column(payload: &[u8], property: &Property) -> Option<Column> {
    let column = Column::read(payload).ok()?;
    (column.kind() == property.kind).then_some(column)
}

/// Reads a file if it is there, fits into the room, is undamaged and is what it should be.
fn read(
    path: &Path,
    room: &mut usize,
    is_right: impl Fn(&Header) -> bool,
) -> Option<(Header, Vec<u8>)> {
    let length = usize::try_from(path.metadata().ok()?.len()).ok()?;
    *room = room.checked_sub(length)?;
    let mut bytes = std::fs::read(path).ok()?;
    let read = parse(&bytes).filter(|(header, _)| header.release == RELEASE && is_right(header));
    if read.is_none() {
        tracing::info!(path = %path.display(), "a file of timelines is damaged or of another release: ignored");
    }
    let (header, payload) = read?;
    bytes.truncate(payload.end);
    bytes.drain(..payload.start);
    Some((header, bytes))
}

/// The header of a file and where its payload is; `None` if anything is damaged.
fn parse(bytes: &[u8]) -> Option<(Header, std::ops::Range<usize>)> {
    let (content, sum) = bytes.split_last_chunk::<8>()?;
    if XxHash3_64::oneshot(content) != u64::from_le_bytes(*sum) {
        return None;
    }
    let rest = content.strip_prefix(MAGIC)?;
    let (length, rest) = rest.split_first_chunk::<4>()?;
    let (header, _) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
    let begin = MAGIC.len() + length.len() + header.len();
    Some((serde_json::from_slice(header).ok()?, begin..content.len()))
}
