//! Records: the one write path, and reading the present, the past, and what was known.

mod apply;
mod read;
mod references;
mod use_cases;
mod view;

pub use apply::{Action, Applied, Target, Write, apply};
pub use read::{Moment, check_names, entries_of, find_object, in_use, view_many};
pub use use_cases::{
    Batch, BatchItem, BatchKind, DiffView, Selection, archive, batch_read, batch_write, correct,
    create, diff, get, history, look, restore, unarchive, update,
};
pub(super) use view::actor_view;
pub use view::{
    ActorView, BatchError, BatchView, ChangeSetView, ChangeView, RecordView, SpanView,
    change_set_view, view,
};
