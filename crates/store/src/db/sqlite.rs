//! SQLite in one process: one thread that writes, a few that read.
//!
//! The writer takes every unit that waits, runs each in a savepoint inside one `begin immediate`
//! transaction, commits once (one fsync) and only then answers each of them: group commit.
//!
//! A unit that reads the latest state runs at once on the thread that asks, on a connection that
//! nobody uses: waking another thread costs several times what a read of some rows does. A unit
//! that needs a snapshot may be long and goes to the reader threads.

use std::fs::{File, TryLockError};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::{self, JoinHandle};

use flume::{Receiver, Sender};
use futures_util::FutureExt;
use parking_lot::Mutex;
use tokio::sync::oneshot;

use super::sqlite_conn::{Role, SqliteConn};
use super::{BoxFuture, DbError, Reading, Tx, private};

/// The first release without a bug that can corrupt a database in WAL mode.
const OLDEST_SQLITE: i32 = 3_051_003;
/// Reader threads: enough that a few long reads leave some for short ones.
const READERS: usize = 4;
/// Units in one commit at most, so that the first does not wait for ever.
const UNITS_PER_COMMIT: usize = 512;

/// A database file that is open.
pub(super) struct Sqlite {
    writer: Option<Sender<WriteJob>>,
    readers: Option<Sender<ReadJob>>,
    /// Connections for short reads, taken and put back.
    idle: Mutex<Vec<Tx>>,
    threads: Vec<JoinHandle<()>>,
    commits: Arc<AtomicU64>,
    _lock: File,
}

/// A unit of work on its way to the writer. It gets the transaction, or the reason why there is none.
type WriteJob = Box<dyn FnOnce(Result<&mut Tx, DbError>) -> Ran + Send>;
type ReadJob = Box<dyn FnOnce(&mut Tx) + Send>;

/// A unit that was run, and how to tell its caller.
struct Ran {
    keep: bool,
    answer: Box<dyn FnOnce(Result<(), DbError>) + Send>,
}

impl Sqlite {
    pub(super) fn open(path: &Path) -> Result<Sqlite, DbError> {
        let linked = rusqlite::version_number();
        if linked < OLDEST_SQLITE {
            return Err(DbError::Other(format!(
                "SQLite {} is linked, at least 3.51.3 is needed",
                rusqlite::version()
            )));
        }
        let lock = take_lock(path)?;
        private::make_file(path).map_err(|error| unusable(path, &error))?;
        let mut writer = Tx::on_sqlite(SqliteConn::open(path, Role::Writer)?);
        let commits = Arc::new(AtomicU64::new(0));
        let (to_writer, writes) = flume::unbounded::<WriteJob>();
        let counter = Arc::clone(&commits);
        let mut threads = vec![spawn("sqlite-writer", move || {
            while let Ok(first) = writes.recv() {
                commit_all_waiting(&mut writer, first, &writes, &counter);
            }
        })?];
        let (to_readers, reads) = flume::unbounded::<ReadJob>();
        for _ in 0..READERS {
            let mut reader = open_reader(path)?;
            let reads = reads.clone();
            threads.push(spawn("sqlite-reader", move || {
                while let Ok(job) = reads.recv() {
                    reader.reset();
                    job(&mut reader);
                }
            })?);
        }
        let idle = (0..READERS).map(|_| open_reader(path));
        Ok(Sqlite {
            writer: Some(to_writer),
            readers: Some(to_readers),
            idle: Mutex::new(idle.collect::<Result<_, _>>()?),
            threads,
            commits,
            _lock: lock,
        })
    }

    pub(super) fn commits(&self) -> u64 {
        self.commits.load(Ordering::Acquire)
    }

    pub(super) async fn write<T, E, F>(&self, unit: F) -> Result<T, E>
    where
        F: for<'t> Fn(&'t mut Tx) -> BoxFuture<'t, Result<T, E>> + Send + Sync + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        let (tell, told) = oneshot::channel();
        let job: WriteJob = Box::new(move |tx| {
            let result = match tx {
                Ok(tx) => run_now(tx, &unit),
                Err(error) => Err(E::from(error)),
            };
            Ran {
                keep: result.is_ok(),
                answer: Box::new(move |committed: Result<(), DbError>| {
                    let answer = match committed {
                        Ok(()) => result,
                        Err(error) => result.and(Err(E::from(error))),
                    };
                    // The caller may have gone away.
                    let _ = tell.send(answer);
                }),
            }
        });
        hand_over(self.writer.as_ref(), job)?;
        told.await.map_err(|_| E::from(closed()))?
    }

    /// Holds no lock while the unit runs, and never waits while it holds a connection.
    pub(super) async fn read<T, E, F>(&self, unit: F, reading: Reading) -> Result<T, E>
    where
        F: for<'t> Fn(&'t mut Tx) -> BoxFuture<'t, Result<T, E>> + Send + Sync + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        if reading == Reading::Latest {
            let idle = self.idle.lock().pop();
            if let Some(mut tx) = idle {
                tx.reset();
                let result = run_now(&mut tx, &unit);
                self.idle.lock().push(tx);
                return result;
            }
        }
        let (tell, told) = oneshot::channel();
        let job: ReadJob = Box::new(move |tx| {
            if tell.is_closed() {
                return;
            }
            let result = match reading {
                Reading::Latest => run_now(tx, &unit),
                Reading::Snapshot => match control(tx, "begin") {
                    Ok(()) => {
                        let result = run_now(tx, &unit);
                        match control(tx, "rollback") {
                            Ok(()) => result,
                            Err(error) => Err(E::from(error)),
                        }
                    }
                    Err(error) => Err(E::from(error)),
                },
            };
            let _ = tell.send(result);
        });
        hand_over(self.readers.as_ref(), job)?;
        told.await.map_err(|_| E::from(closed()))?
    }
}

impl Drop for Sqlite {
    /// Waits for the threads, so that the file is closed and unlocked when this returns.
    fn drop(&mut self) {
        self.writer = None;
        self.readers = None;
        self.idle.lock().clear();
        let own = thread::current().id();
        for thread in self.threads.drain(..) {
            // The last handle may be dropped by a unit's closure, on one of these threads.
            if thread.thread().id() != own {
                let _ = thread.join();
            }
        }
    }
}

/// Runs `first` and all units that wait behind it, commits them together, then answers each.
fn commit_all_waiting(
    tx: &mut Tx,
    first: WriteJob,
    waiting: &Receiver<WriteJob>,
    commits: &AtomicU64,
) {
    if let Err(error) = control(tx, "begin immediate") {
        (first(Err(error.clone())).answer)(Err(error));
        return;
    }
    let before = changes(tx);
    let mut ran = Vec::new();
    let mut next = Some(first);
    while let Some(job) = next {
        let (unit, intact) = run_in_savepoint(tx, job);
        ran.push(unit);
        if let Err(error) = intact {
            // The transaction is gone and with it every unit of this group.
            let _ = control(tx, "rollback");
            return answer_all(ran, &Err(error));
        }
        next = match ran.len() < UNITS_PER_COMMIT {
            true => waiting.try_recv().ok(),
            false => None,
        };
    }
    let wrote = changes(tx) != before;
    let committed = control(tx, "commit");
    match &committed {
        Ok(()) if wrote => {
            commits.fetch_add(1, Ordering::AcqRel);
        }
        Ok(()) => {}
        Err(_) => {
            let _ = control(tx, "rollback");
        }
    }
    answer_all(ran, &committed);
}

/// Runs one unit; also says whether the transaction around it is still open.
fn run_in_savepoint(tx: &mut Tx, job: WriteJob) -> (Ran, Result<(), DbError>) {
    tx.reset();
    if let Err(error) = control(tx, "savepoint unit") {
        return (job(Err(error.clone())), Err(error));
    }
    let ran = job(Ok(tx));
    if tx.sqlite().is_none_or(|conn| conn.is_idle()) {
        let error = DbError::Unavailable("SQLite gave up the transaction".to_owned());
        return (ran, Err(error));
    }
    let undone = match ran.keep {
        true => Ok(()),
        false => control(tx, "rollback to unit"),
    };
    let closed = undone.and_then(|()| control(tx, "release unit"));
    (ran, closed)
}

fn answer_all(ran: Vec<Ran>, committed: &Result<(), DbError>) {
    for unit in ran {
        (unit.answer)(committed.clone());
    }
}

/// Runs a unit to its end on this thread. It must not wait and may panic.
fn run_now<T, E, F>(tx: &mut Tx, unit: &F) -> Result<T, E>
where
    F: for<'t> Fn(&'t mut Tx) -> BoxFuture<'t, Result<T, E>>,
    E: From<DbError>,
{
    match catch_unwind(AssertUnwindSafe(|| unit(tx).now_or_never())) {
        Ok(Some(result)) => tx.judged(result),
        Ok(None) => Err(E::from(DbError::Other(
            "a unit of work waited for something else than its database".to_owned(),
        ))),
        Err(_panic) => Err(E::from(DbError::Panicked)),
    }
}

fn control(tx: &mut Tx, sql: &'static str) -> Result<(), DbError> {
    match tx.sqlite() {
        Some(conn) => conn.control(sql),
        None => Ok(()),
    }
}

fn changes(tx: &mut Tx) -> u64 {
    tx.sqlite().map_or(0, |conn| conn.changes())
}

fn hand_over<J>(to: Option<&Sender<J>>, job: J) -> Result<(), DbError> {
    to.and_then(|sender| sender.send(job).ok())
        .ok_or_else(closed)
}

fn closed() -> DbError {
    DbError::Unavailable("the database is closed".to_owned())
}

fn spawn(name: &str, body: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, DbError> {
    thread::Builder::new()
        .name(name.to_owned())
        .spawn(body)
        .map_err(|_| DbError::Unavailable("no thread could be started".to_owned()))
}

fn open_reader(path: &Path) -> Result<Tx, DbError> {
    Ok(Tx::on_sqlite(SqliteConn::open(path, Role::Reader)?))
}

/// Takes the lock file beside the database for as long as the returned file is open.
pub(super) fn take_lock(path: &Path) -> Result<File, DbError> {
    if let Some(folder) = path.parent() {
        private::make_folder(folder).map_err(|error| unusable(folder, &error))?;
    }
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let name = PathBuf::from(name);
    let file = private::make_file(&name).map_err(|error| unusable(&name, &error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(DbError::Locked {
            path: path.to_owned(),
        }),
        Err(TryLockError::Error(error)) => Err(unusable(&name, &error)),
    }
}

fn unusable(path: &Path, error: &std::io::Error) -> DbError {
    DbError::Unavailable(format!("{} cannot be used: {error}", path.display()))
}
