//! Bounds the memory of timelines: the columns that were not asked for longest go first, those of questions in progress stay.

use std::sync::{Arc, atomic::Ordering};

use leadline_engine::ids::{ObjectId, PropertyId};

use super::{Timelines, workspace::WorkspaceTimelines};

/// Room is made down to this part of the budget, so that it is not made for each column again.
const KEPT_TENTHS: usize = 9;

/// A loaded column that nobody is using.
struct Idle {
    last: u64,
    timelines: Arc<WorkspaceTimelines>,
    object: ObjectId,
    property: PropertyId,
    bytes: usize,
}

impl Timelines {
    /// Gives up what was not asked for longest, if all timelines together take more than they may.
    pub(super) fn give_up_beyond_budget(&self) {
        let mut bytes = self.held.load(Ordering::SeqCst);
        metrics::gauge!("leadline_timeline_bytes").set(bytes as f64);
        if bytes <= self.budget {
            return;
        }
        let known: Vec<_> = {
            let workspaces = self.workspaces.lock();
            workspaces.values().map(Arc::clone).collect()
        };
        let mut idle: Vec<Idle> = known.iter().flat_map(idle_columns).collect();
        idle.sort_unstable_by_key(|column| column.last);
        let enough = self.budget / 10 * KEPT_TENTHS;
        for column in idle {
            if bytes <= enough {
                break;
            }
            if column.give_up() {
                bytes = bytes.saturating_sub(column.bytes);
                metrics::counter!("leadline_timeline_columns_given_up_total").increment(1);
            }
        }
        known.iter().for_each(|timelines| timelines.measure());
        drop(known);
        self.forget_empty();
        metrics::gauge!("leadline_timeline_bytes").set(self.held.load(Ordering::SeqCst) as f64);
    }

    /// Forgets workspaces of which nothing is left and that nobody is asking.
    fn forget_empty(&self) {
        let mut workspaces = self.workspaces.lock();
        workspaces.retain(|_, timelines| {
            Arc::strong_count(timelines) > 1 || !timelines.objects.read().is_empty()
        });
    }
}

/// The columns of a workspace that are loaded and not in use. While its timelines are being changed there are none.
fn idle_columns(timelines: &Arc<WorkspaceTimelines>) -> Vec<Idle> {
    let Some(objects) = timelines.objects.try_read() else {
        return Vec::new();
    };
    let uses = timelines.uses.lock();
    let mut idle = Vec::new();
    for (object, timeline) in objects.iter() {
        for property in timeline.loaded_columns() {
            let used = uses.get(&(*object, property)).copied().unwrap_or_default();
            if used.questions == 0 {
                idle.push(Idle {
                    last: used.last,
                    timelines: Arc::clone(timelines),
                    object: *object,
                    property,
                    bytes: timeline.column(property).map_or(0, |it| it.memory_bytes()),
                });
            }
        }
    }
    idle
}

impl Idle {
    /// Drops the column, and with the last one the object's rows; unless a question came or is being answered.
    fn give_up(&self) -> bool {
        let Some(mut objects) = self.timelines.objects.try_write() else {
            return false;
        };
        let uses = self.timelines.uses.lock();
        let column = (self.object, self.property);
        if uses.get(&column).is_some_and(|used| used.questions > 0) {
            return false;
        }
        let Some(timeline) = objects.get_mut(&self.object) else {
            return false;
        };
        self.timelines.loaded.lock().remove(&column);
        timeline.drop_column(self.property);
        let is_needed = uses
            .iter()
            .any(|((object, _), used)| *object == self.object && used.questions > 0);
        if timeline.loaded_columns().next().is_none() && !is_needed {
            objects.remove(&self.object);
        }
        true
    }
}
