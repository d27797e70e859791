//! The timelines of one workspace, what of them is in use, and how far they have followed the ledger.

use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
};

use leadline_engine::ids::{ObjectId, PropertyId};
use leadline_timeline::{Column, ObjectTimeline};
use parking_lot::{Mutex, RwLock};

use super::{Need, Objects, apart};
use crate::service::error::ServiceError;

/// The timelines of one workspace, by object.
pub(super) struct WorkspaceTimelines {
    /// Questions hold it while they are answered, so whoever wants to change it may wait for long, and then whoever wants to read it waits as
    /// well: not on the threads of the server.
    pub(super) objects: RwLock<Objects>,
    /// The columns that it has.
    pub(super) loaded: Mutex<HashSet<(ObjectId, PropertyId)>>,
    /// Only one looks at the ledger at a time; the others use what it finds.
    pub(super) looking: tokio::sync::Mutex<Looked>,
    pub(super) looks_begun: AtomicU64,
    /// Only one loads columns at a time; the others wait for them.
    pub(super) loading: tokio::sync::Mutex<()>,
    pub(super) uses: Mutex<HashMap<(ObjectId, PropertyId), Use>>,
    /// Up to which place in the feed the file of a column, or of an object's rows, holds it.
    pub(super) written: Mutex<HashMap<(ObjectId, Option<PropertyId>), i64>>,
    /// How much memory it takes, as last measured.
    bytes: AtomicUsize,
    /// How much all workspaces take together.
    held: Arc<AtomicUsize>,
}

/// The last look at the ledger.
#[derive(Default, Clone, Copy)]
pub(super) struct Looked {
    /// The place in the feed up to which everything is known.
    pub(super) position: Option<i64>,
    /// The database's count of commits before the look, where it has one.
    pub(super) commits: Option<u64>,
    /// The number of the look.
    pub(super) number: u64,
}

/// What is known of a column's use, loaded or not.
#[derive(Default, Clone, Copy)]
pub(super) struct Use {
    /// By how many questions it is being used.
    pub(super) questions: usize,
    /// The number of the last one.
    pub(super) last: u64,
    /// How many bytes it needs at least: what it had taken when its loading was given up.
    pub(super) at_least: usize,
}

/// A question in progress: its columns are not given up.
pub(super) struct Asking {
    pub(super) timelines: Arc<WorkspaceTimelines>,
    columns: Vec<(ObjectId, PropertyId)>,
}

impl Asking {
    pub(super) fn new(timelines: Arc<WorkspaceTimelines>, needs: &[Need], number: u64) -> Self {
        let columns: Vec<_> = needs
            .iter()
            .flat_map(|(object, properties)| {
                properties.iter().map(|property| (object.id, property.id))
            })
            .collect();
        let mut uses = timelines.uses.lock();
        for column in &columns {
            let used = uses.entry(*column).or_default();
            used.questions += 1;
            used.last = used.last.max(number);
        }
        drop(uses);
        Self { timelines, columns }
    }
}

impl Drop for Asking {
    fn drop(&mut self) {
        let mut uses = self.timelines.uses.lock();
        for column in &self.columns {
            if let Some(used) = uses.get_mut(column) {
                used.questions -= 1;
            }
        }
    }
}

impl Drop for WorkspaceTimelines {
    fn drop(&mut self) {
        let bytes = self.bytes.load(Ordering::SeqCst);
        self.held.fetch_sub(bytes, Ordering::SeqCst);
    }
}

impl WorkspaceTimelines {
    /// Nothing yet; `held` counts the memory of all workspaces.
    pub(super) fn new(held: Arc<AtomicUsize>) -> Self {
        Self {
            objects: RwLock::default(),
            loaded: Mutex::default(),
            looking: tokio::sync::Mutex::default(),
            looks_begun: AtomicU64::default(),
            loading: tokio::sync::Mutex::default(),
            uses: Mutex::default(),
            written: Mutex::default(),
            bytes: AtomicUsize::default(),
            held,
        }
    }

    /// Measures again how much memory it takes.
    pub(super) fn measure(&self) {
        self.measured(&self.objects.read());
    }

    /// Changes the timelines, when no question is being answered, and measures them again.
    pub(super) async fn change(
        self: &Arc<Self>,
        change: impl FnOnce(&mut Objects) -> Result<(), ServiceError> + Send + 'static,
    ) -> Result<(), ServiceError> {
        let timelines = Arc::clone(self);
        apart(move || {
            let mut objects = timelines.objects.write();
            change(&mut objects)?;
            timelines.measured(&objects);
            Ok(())
        })
        .await
    }

    fn measured(&self, objects: &Objects) {
        let bytes = objects.values().map(ObjectTimeline::memory_bytes).sum();
        self.held.fetch_add(bytes, Ordering::SeqCst);
        let before = self.bytes.swap(bytes, Ordering::SeqCst);
        self.held.fetch_sub(before, Ordering::SeqCst);
    }

    /// Takes columns, and the rows if they are new, which are to be followed from a place in the feed on.
    pub(super) async fn take(
        self: &Arc<Self>,
        object: ObjectId,
        rows: Option<ObjectTimeline>,
        columns: Vec<(PropertyId, Column)>,
        since: i64,
    ) -> Result<(), ServiceError> {
        // No look may be under way: it would not see the new columns, and move on.
        let mut looked = self.looking.lock().await;
        let timelines = Arc::clone(self);
        self.change(move |objects| {
            if let Some(rows) = rows {
                objects.insert(object, rows);
            }
            if let Some(timeline) = objects.get_mut(&object) {
                for (property, column) in columns {
                    timeline.insert_column(property, column);
                    timelines.loaded.lock().insert((object, property));
                }
            }
            Ok(())
        })
        .await?;
        *looked = Looked {
            position: Some(looked.position.map_or(since, |known| known.min(since))),
            ..Looked::default()
        };
        Ok(())
    }

    /// How many rows of an object there are.
    pub(super) fn rows(&self, object: ObjectId) -> usize {
        let objects = self.objects.read();
        objects.get(&object).map_or(0, ObjectTimeline::len)
    }

    /// Remembers that columns take so many bytes at least.
    pub(super) fn will_not_fit(&self, (object, properties): &Need, bytes: usize) {
        let mut uses = self.uses.lock();
        if let Some(property) = properties.first() {
            uses.entry((object.id, property.id)).or_default().at_least = bytes;
        }
    }

    /// How many bytes the columns that are needed take at least, with their objects' rows.
    pub(super) fn least_bytes(&self, needs: &[Need]) -> usize {
        let objects = self.objects.read();
        let uses = self.uses.lock();
        let mut bytes = 0;
        for (object, properties) in needs {
            let timeline = objects.get(&object.id);
            bytes += timeline.map_or(0, ObjectTimeline::rows_memory_bytes);
            for property in properties {
                let column = timeline.and_then(|it| it.column(property.id));
                bytes += match column {
                    Some(column) => column.memory_bytes(),
                    None => uses
                        .get(&(object.id, property.id))
                        .map_or(0, |used| used.at_least),
                };
            }
        }
        bytes
    }

    /// What is needed and not loaded.
    pub(super) fn missing(&self, needs: &[Need]) -> Vec<Need> {
        let loaded = self.loaded.lock();
        let of_object = |(object, properties): &Need| {
            let missing = properties
                .iter()
                .filter(|it| !loaded.contains(&(object.id, it.id)))
                .cloned();
            (Arc::clone(object), missing.collect())
        };
        let missing = needs.iter().map(of_object);
        missing
            .filter(|(_, properties): &Need| !properties.is_empty())
            .collect()
    }

    /// The columns of an object that are loaded.
    pub(super) fn loaded_of(&self, object: ObjectId) -> Vec<PropertyId> {
        let loaded = self.loaded.lock();
        let own = loaded.iter().filter(|(owner, _)| *owner == object);
        own.map(|(_, property)| *property).collect()
    }
}
