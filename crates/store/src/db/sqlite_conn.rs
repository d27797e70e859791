//! One connection to SQLite: how it is opened and how statements run on it, all without waiting.

use std::collections::HashMap;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::types::Value;
use rusqlite::{CachedStatement, Connection, OpenFlags};

use super::dialect::to_sqlite;
use super::{BulkTable, DbError, Param, Row};

/// Prepared statements kept per connection; more than the store has texts.
const STATEMENTS: usize = 256;
/// How long to wait for a lock that a foreign process (a backup, a shell) holds.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Writer,
    Reader,
}

/// A connection with its translated texts.
pub(super) struct SqliteConn {
    conn: Connection,
    /// By address and length: every statement is `'static`, so its address is its identity.
    texts: HashMap<(usize, usize), Arc<str>>,
}

impl SqliteConn {
    pub(super) fn open(path: &Path, role: Role) -> Result<SqliteConn, DbError> {
        let conn = Connection::open_with_flags(
            path,
            OpenFlags::SQLITE_OPEN_READ_WRITE
                | OpenFlags::SQLITE_OPEN_CREATE
                | OpenFlags::SQLITE_OPEN_NO_MUTEX,
        )?;
        conn.busy_timeout(BUSY_TIMEOUT)?;
        // Without this guarantee a statement is prepared again whenever a parameter that the planner compared with a partial index changes.
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        conn.set_prepared_statement_cache_capacity(STATEMENTS);
        conn.execute_batch(match role {
            Role::Writer => {
                "pragma journal_mode = wal;
                 pragma synchronous = full;
                 pragma foreign_keys = on;
                 pragma mmap_size = 0;
                 pragma cache_size = -8000;
                 pragma temp_store = memory;
                 pragma trusted_schema = off;
                 pragma journal_size_limit = 67108864;"
            }
            Role::Reader => {
                "pragma mmap_size = 0;
                 pragma cache_size = -2000;
                 pragma temp_store = memory;
                 pragma trusted_schema = off;
                 pragma query_only = on;"
            }
        })?;
        rusqlite::vtab::array::load_module(&conn)?;
        Ok(SqliteConn {
            conn,
            texts: HashMap::new(),
        })
    }

    pub(super) fn query(
        &mut self,
        sql: &'static str,
        params: &[Param<'_>],
    ) -> Result<Vec<Row>, DbError> {
        let mut statement = self.prepare(sql)?;
        bind(&mut statement, params)?;
        let columns = statement.column_count();
        let mut rows = statement.raw_query();
        let mut out = Vec::new();
        while let Some(row) = rows.next()? {
            let mut cells = Row::sqlite();
            cells.fill(columns, row)?;
            out.push(cells);
        }
        Ok(out)
    }

    pub(super) fn for_each(
        &mut self,
        sql: &'static str,
        params: &[Param<'_>],
        each: &mut (dyn FnMut(&Row) -> Result<(), DbError> + Send),
    ) -> Result<(), DbError> {
        let mut statement = self.prepare(sql)?;
        bind(&mut statement, params)?;
        let columns = statement.column_count();
        let mut rows = statement.raw_query();
        let mut cells = Row::sqlite();
        while let Some(row) = rows.next()? {
            cells.fill(columns, row)?;
            each(&cells)?;
        }
        Ok(())
    }

    pub(super) fn execute(
        &mut self,
        sql: &'static str,
        params: &[Param<'_>],
    ) -> Result<u64, DbError> {
        let mut statement = self.prepare(sql)?;
        bind(&mut statement, params)?;
        Ok(statement.raw_execute()? as u64)
    }

    pub(super) fn execute_many(
        &mut self,
        sql: &'static str,
        rows: &[Vec<Param<'_>>],
    ) -> Result<u64, DbError> {
        execute_each(self.prepare(sql)?, rows)
    }

    pub(super) fn bulk_insert(
        &mut self,
        table: &'static BulkTable,
        rows: &[Vec<Param<'_>>],
    ) -> Result<u64, DbError> {
        let text = match self.texts.get(&identity(table.name)) {
            Some(text) => Arc::clone(text),
            None => {
                let text: Arc<str> = insert_text(table).into();
                self.texts.insert(identity(table.name), Arc::clone(&text));
                text
            }
        };
        execute_each(self.conn.prepare_cached(&text)?, rows)
    }

    pub(super) fn run_script(&mut self, sql: &'static str) -> Result<(), DbError> {
        Ok(self.conn.execute_batch(sql)?)
    }

    /// Runs a statement that controls transactions, in SQLite's own words.
    pub(super) fn control(&mut self, sql: &'static str) -> Result<(), DbError> {
        self.conn.prepare_cached(sql)?.execute([])?;
        Ok(())
    }

    /// Whether no transaction is open; some failures (a full disk) end one.
    pub(super) fn is_idle(&self) -> bool {
        self.conn.is_autocommit()
    }

    /// Rows changed since the connection was opened, undone ones too.
    pub(super) fn changes(&self) -> u64 {
        self.conn.total_changes()
    }

    fn prepare(&mut self, sql: &'static str) -> Result<CachedStatement<'_>, DbError> {
        let text = self
            .texts
            .entry(identity(sql))
            .or_insert_with(|| to_sqlite(sql).into());
        Ok(self.conn.prepare_cached(text)?)
    }
}

fn execute_each(
    mut statement: CachedStatement<'_>,
    rows: &[Vec<Param<'_>>],
) -> Result<u64, DbError> {
    let mut changed = 0;
    for row in rows {
        bind(&mut statement, row)?;
        changed += statement.raw_execute()? as u64;
    }
    Ok(changed)
}

fn bind(statement: &mut CachedStatement<'_>, params: &[Param<'_>]) -> Result<(), DbError> {
    let wanted = statement.parameter_count();
    if wanted != params.len() {
        return Err(rusqlite::Error::InvalidParameterCount(params.len(), wanted).into());
    }
    for (index, param) in params.iter().enumerate() {
        match array(param) {
            Some(values) => statement.raw_bind_parameter(index + 1, values)?,
            None => statement.raw_bind_parameter(index + 1, param)?,
        }
    }
    Ok(())
}

/// The values of an array parameter, as `rarray` takes them.
fn array(param: &Param<'_>) -> Option<Rc<Vec<Value>>> {
    let values = match param {
        Param::Uuids(values) => values
            .iter()
            .map(|it| Value::Blob(it.as_bytes().to_vec()))
            .collect(),
        Param::Texts(values) => values.iter().map(|it| Value::Text(it.clone())).collect(),
        Param::Ints(values) => values.iter().map(|it| Value::Integer(*it)).collect(),
        _ => return None,
    };
    Some(Rc::new(values))
}

fn insert_text(table: &BulkTable) -> String {
    let names: Vec<&str> = table.columns.iter().map(|(name, _)| *name).collect();
    let marks: Vec<String> = (1..=names.len()).map(|n| format!("?{n}")).collect();
    format!(
        "insert into {} ({}) values ({})",
        table.name,
        names.join(", "),
        marks.join(", ")
    )
}

fn identity(text: &'static str) -> (usize, usize) {
    (text.as_ptr() as usize, text.len())
}
