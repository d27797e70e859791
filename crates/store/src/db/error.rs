//! What can go wrong in a database, without any value of a row or parameter in it.

use std::path::PathBuf;

use rusqlite::ErrorCode;
use rusqlite::ffi;
use tokio_postgres::error::SqlState;

/// A failure of the database. Its text is safe to log: it never holds values.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DbError {
    /// The database cannot be reached or does not answer now; trying again later may work.
    #[error("the database is unavailable: {0}")]
    Unavailable(String),
    /// The disk that holds the database is full.
    #[error("the database's storage is full")]
    StorageFull,
    /// A unique index refused a row.
    #[error("a unique index of table {table} refused a row ({constraint})")]
    UniqueViolation {
        /// The table; the same on both databases.
        table: String,
        /// The constraint's name (PostgreSQL) or its columns (SQLite).
        constraint: String,
    },
    /// A foreign key refused a row.
    #[error("a foreign key refused a row ({constraint})")]
    ForeignKey {
        /// The constraint's name (PostgreSQL), or empty (SQLite does not tell).
        constraint: String,
    },
    /// The database was migrated by a newer release than this one.
    #[error(
        "the database has schema version {found}, this release knows {known}: use a newer release"
    )]
    NewerSchema {
        /// The version in the database.
        found: i64,
        /// The newest version that this release knows.
        known: i64,
    },
    /// Another process has the SQLite file open.
    #[error("{path} is in use by another process: stop it first", path = .path.display())]
    Locked {
        /// The database file.
        path: PathBuf,
    },
    /// The unit met others writing the same rows too many times in a row.
    #[error("the unit of work was given up after meeting concurrent writes {tries} times")]
    Contended {
        /// How often it was run.
        tries: u32,
    },
    /// The database file or a row in it is not what this release writes.
    #[error("the database is damaged: {0}")]
    Corrupt(String),
    /// A unit of work panicked; nothing of it stays.
    #[error("a unit of work panicked")]
    Panicked,
    /// Anything else; a defect of this program rather than of its input.
    #[error("database error: {0}")]
    Other(String),
}

impl DbError {
    /// Whether a unique index of this table refused a row.
    #[must_use]
    pub fn is_unique_violation_of(&self, name: &str) -> bool {
        matches!(self, DbError::UniqueViolation { table, .. } if table == name)
    }

    pub(crate) fn row(detail: impl std::fmt::Display) -> DbError {
        DbError::Corrupt(format!("a row cannot be read: {detail}"))
    }
}

impl From<rusqlite::Error> for DbError {
    fn from(error: rusqlite::Error) -> Self {
        let (code, message) = match &error {
            rusqlite::Error::SqliteFailure(code, message) => (*code, message.as_deref()),
            rusqlite::Error::SqlInputError { error, msg, .. } => (*error, Some(msg.as_str())),
            other => return DbError::Other(without_values(other)),
        };
        let message = message.unwrap_or_default();
        match (code.code, code.extended_code) {
            (
                ErrorCode::ConstraintViolation,
                ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY,
            ) => unique_violation(message),
            (ErrorCode::ConstraintViolation, ffi::SQLITE_CONSTRAINT_FOREIGNKEY) => {
                DbError::ForeignKey {
                    constraint: String::new(),
                }
            }
            (ErrorCode::DiskFull, _) => DbError::StorageFull,
            (ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase, extended) => {
                DbError::Corrupt(format!("SQLite reports code {extended}"))
            }
            (
                ErrorCode::DatabaseBusy
                | ErrorCode::DatabaseLocked
                | ErrorCode::ReadOnly
                | ErrorCode::SystemIoFailure
                | ErrorCode::CannotOpen
                | ErrorCode::OutOfMemory,
                extended,
            ) => DbError::Unavailable(format!(
                "SQLite reports code {extended} ({})",
                ffi::code_to_str(extended)
            )),
            // A message of SQLITE_ERROR speaks of the statement's text, whose values are all bound.
            (ErrorCode::Unknown, extended) => {
                DbError::Other(format!("SQLite reports code {extended}: {message}"))
            }
            (_, extended) => DbError::Other(format!(
                "SQLite reports code {extended} ({}): {message}",
                ffi::code_to_str(extended)
            )),
        }
    }
}

/// `UNIQUE constraint failed: account.email_key, account.x` names the table and its columns.
fn unique_violation(message: &str) -> DbError {
    let constraint = message.rsplit(": ").next().unwrap_or_default().to_owned();
    let table = constraint.split('.').next().unwrap_or_default().to_owned();
    DbError::UniqueViolation { table, constraint }
}

fn without_values(error: &rusqlite::Error) -> String {
    match error {
        rusqlite::Error::InvalidParameterCount(given, wanted) => {
            format!("a statement wants {wanted} parameters and got {given}")
        }
        rusqlite::Error::MultipleStatement => "more than one statement in a text".to_owned(),
        rusqlite::Error::QueryReturnedNoRows => "a query returned no row".to_owned(),
        rusqlite::Error::ExecuteReturnedResults => "execute returned rows: use query".to_owned(),
        _ => "a statement could not be run".to_owned(),
    }
}

impl From<tokio_postgres::Error> for DbError {
    fn from(error: tokio_postgres::Error) -> Self {
        let Some(server) = error.as_db_error() else {
            return match error.is_closed() || is_io(&error) {
                true => DbError::Unavailable("the connection to PostgreSQL was lost".to_owned()),
                false => DbError::Other(format!("PostgreSQL client: {}", client_error(&error))),
            };
        };
        let state = server.code();
        let class = &state.code()[..2];
        let constraint = server.constraint().unwrap_or_default().to_owned();
        match *state {
            SqlState::UNIQUE_VIOLATION => DbError::UniqueViolation {
                table: server.table().unwrap_or_default().to_owned(),
                constraint,
            },
            SqlState::FOREIGN_KEY_VIOLATION => DbError::ForeignKey { constraint },
            SqlState::DISK_FULL => DbError::StorageFull,
            SqlState::READ_ONLY_SQL_TRANSACTION => {
                DbError::Unavailable("PostgreSQL is read-only now".to_owned())
            }
            // Operator intervention, connection trouble, resources: it may work again later.
            _ if matches!(class, "08" | "53" | "57" | "58") => {
                DbError::Unavailable(format!("PostgreSQL reports SQLSTATE {}", state.code()))
            }
            // Corruption, as found by PostgreSQL itself.
            _ if class == "XX" => {
                DbError::Corrupt(format!("PostgreSQL reports SQLSTATE {}", state.code()))
            }
            // Authentication and errors in a statement's text: the message holds no values.
            _ if matches!(class, "28" | "3D" | "42" | "0A" | "25") => DbError::Other(format!(
                "PostgreSQL reports SQLSTATE {}: {}",
                state.code(),
                server.message()
            )),
            _ => DbError::Other(format!(
                "PostgreSQL reports SQLSTATE {} {} {constraint}",
                state.code(),
                server.table().unwrap_or_default(),
            )),
        }
    }
}

/// Whether a transaction that failed so may be run again at once.
pub(super) fn is_retryable(error: &tokio_postgres::Error) -> bool {
    matches!(
        error.code(),
        Some(&SqlState::T_R_SERIALIZATION_FAILURE | &SqlState::T_R_DEADLOCK_DETECTED)
    )
}

fn is_io(error: &tokio_postgres::Error) -> bool {
    std::error::Error::source(error).is_some_and(|source| source.is::<std::io::Error>())
}

/// The kind of a client-side error ("error serializing parameter 3"), without its source, which may
/// quote a value.
fn client_error(error: &tokio_postgres::Error) -> String {
    let text = error.to_string();
    text.split(": ").next().unwrap_or_default().to_owned()
}
