//! Copies of a SQLite database: taken while it is in use, and put back while it is not.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use super::sqlite::take_lock;
use super::{DbError, private};
use crate::migrations::known_version;

/// Writes a copy of the database as it is at one moment. Other processes may go on to read and write it meanwhile.
///
/// # Errors
/// `Unavailable` when `to` exists or cannot be written, and what SQLite reports.
pub async fn back_up_sqlite(from: PathBuf, to: PathBuf) -> Result<(), DbError> {
    blocking(move || {
        if to.exists() {
            return Err(DbError::Unavailable(format!(
                "{} exists already",
                to.display()
            )));
        }
        let partial = beside(&to, ".partial");
        remove_if_there(&partial)?;
        // SQLite writes into an empty file that is there.
        private::make_file(&partial).map_err(|error| unusable(&to, &error))?;
        let source = open_read_only(&from)?;
        source.execute("vacuum into ?1", [partial.to_string_lossy()])?;
        drop(source);
        check(&partial)?;
        move_durably(&partial, &to)
    })
    .await
}

/// Puts a copy in the place of a database that no process has open; what was there is replaced.
///
/// # Errors
/// `Locked` when the database is open, `Corrupt` when the copy is damaged or none of Leadline's, `NewerSchema` when a newer release made it;
/// the old database is then left as it was.
pub async fn restore_sqlite(from: PathBuf, to: PathBuf) -> Result<(), DbError> {
    blocking(move || {
        let _lock = take_lock(&to)?;
        let partial = beside(&to, ".partial");
        remove_if_there(&partial)?;
        let checked = copy(&from, &partial)
            .map_err(|error| unusable(&from, &error))
            .and_then(|_| check(&partial))
            .and_then(|()| check_origin(&partial, &from));
        // A copy that was taken by hand may have a log of its own, which looking at it left beside it.
        remove_log(&partial)?;
        if let Err(error) = checked {
            remove_if_there(&partial)?;
            return Err(error);
        }
        // The log of the old database must not be applied to the new one.
        remove_log(&to)?;
        move_durably(&partial, &to)
    })
    .await
}

async fn blocking(
    work: impl FnOnce() -> Result<(), DbError> + Send + 'static,
) -> Result<(), DbError> {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or(Err(DbError::Panicked))
}

fn open_read_only(path: &Path) -> Result<Connection, DbError> {
    Ok(Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?)
}

/// Copies what is in a file, and not who may read it.
fn copy(from: &Path, to: &Path) -> io::Result<u64> {
    io::copy(&mut File::open(from)?, &mut private::make_file(to)?)
}

/// Refuses a file that is no sound database.
fn check(path: &Path) -> Result<(), DbError> {
    let verdict: String =
        open_read_only(path)?.query_row("pragma integrity_check(1)", [], |row| row.get(0))?;
    if verdict == "ok" {
        Ok(())
    } else {
        Err(DbError::Corrupt(format!(
            "{} fails SQLite's integrity check",
            path.display()
        )))
    }
}

/// Refuses a database that this release cannot open.
fn check_origin(path: &Path, name: &Path) -> Result<(), DbError> {
    let sql = "select coalesce(max(version), 0) from schema_migration";
    let found: i64 = open_read_only(path)?
        .query_row(sql, [], |row| row.get(0))
        .map_err(|_| DbError::Corrupt(format!("{} is no database of Leadline", name.display())))?;
    let known = known_version();
    if found > known {
        return Err(DbError::NewerSchema { found, known });
    }
    Ok(())
}

/// Gives a complete file its name, so that after a crash there is the whole of it or nothing.
fn move_durably(partial: &Path, to: &Path) -> Result<(), DbError> {
    let moved = || {
        File::open(partial)?.sync_all()?;
        fs::rename(partial, to)?;
        match to.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => File::open(folder)?.sync_all(),
            _ => File::open(".")?.sync_all(),
        }
    };
    moved().map_err(|error| unusable(to, &error))
}

fn remove_log(database: &Path) -> Result<(), DbError> {
    ["-wal", "-shm"]
        .into_iter()
        .try_for_each(|suffix| remove_if_there(&beside(database, suffix)))
}

fn remove_if_there(path: &Path) -> Result<(), DbError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(unusable(path, &error)),
        _ => Ok(()),
    }
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

fn unusable(path: &Path, error: &std::io::Error) -> DbError {
    DbError::Unavailable(format!("{} cannot be used: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::{Db, DbConfig};
    use crate::testing::TestDatabase;

    async fn has_workspaces(db: &Db) -> bool {
        db.read(|tx| Box::pin(crate::workspaces::any_exists(tx)))
            .await
            .map_err(|error: DbError| error)
            .unwrap()
    }

    #[tokio::test]
    async fn a_copy_is_taken_under_use_and_put_back() {
        let mut test = TestDatabase::sqlite().await;
        let DbConfig::Sqlite { path } = test.config() else {
            unreachable!("it is a SQLite database")
        };
        let copy = path.with_file_name("copy.db");
        back_up_sqlite(path.clone(), copy.clone()).await.unwrap();
        assert!(matches!(
            back_up_sqlite(path.clone(), copy.clone()).await,
            Err(DbError::Unavailable(_))
        ));
        let db = test.db();
        db.write(|tx| {
            Box::pin(async move {
                tx.execute(
                    "insert into workspace (id, name, time_zone, currency, schema_version, created_at, updated_at) values (x'00', 'later', 'UTC', 'EUR', 1, 0, 0)",
                    &[],
                )
                .await
            })
        })
        .await
        .map_err(|error: DbError| error)
        .unwrap();
        assert!(matches!(
            restore_sqlite(copy.clone(), path.clone()).await,
            Err(DbError::Locked { .. })
        ));
        assert!(has_workspaces(&db).await);
        drop(db);
        test.close();
        restore_sqlite(copy, path).await.unwrap();
        let db = Db::open(test.config()).await.unwrap();
        assert_eq!(
            db.schema_version().await,
            Ok(crate::migrations::known_version())
        );
        assert!(!has_workspaces(&db).await);
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn only_the_owner_reads_a_database_and_its_copies() {
        use std::os::unix::fs::PermissionsExt as _;

        let outside = tempfile::tempdir().unwrap();
        let folder = outside.path().join("deep").join("data");
        let path = folder.join("leadline.db");
        let config = || DbConfig::Sqlite { path: path.clone() };
        let db = Db::open(config()).await.unwrap();
        db.migrate().await.unwrap();
        let copy = folder.join("copy.db");
        back_up_sqlite(path.clone(), copy.clone()).await.unwrap();
        let modes = |folder: &Path| {
            let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
            assert_eq!(mode(folder), 0o700);
            let files = fs::read_dir(folder).unwrap();
            let names = files.map(|file| file.unwrap().path());
            let names: Vec<PathBuf> = names
                .inspect(|path| assert_eq!(mode(path), 0o600, "{}", path.display()))
                .collect();
            assert!(names.contains(&path) && names.contains(&copy), "{names:?}");
        };
        modes(&folder);
        drop(db);
        fs::set_permissions(&copy, fs::Permissions::from_mode(0o644)).unwrap();
        restore_sqlite(copy.clone(), path.clone()).await.unwrap();
        fs::set_permissions(&copy, fs::Permissions::from_mode(0o600)).unwrap();
        modes(&folder);
    }

    #[tokio::test]
    async fn a_damaged_copy_is_refused_and_the_database_stays() {
        let mut test = TestDatabase::sqlite().await;
        let DbConfig::Sqlite { path } = test.config() else {
            unreachable!("it is a SQLite database")
        };
        test.close();
        let damaged = path.with_file_name("damaged.db");
        fs::write(
            &damaged,
            "this is no database, but it is long enough to be looked at".repeat(100),
        )
        .unwrap();
        assert!(matches!(
            restore_sqlite(damaged, path).await,
            Err(DbError::Corrupt(_))
        ));
        Db::open(test.config()).await.unwrap();
    }
}
