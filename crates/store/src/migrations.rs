//! The schema of the database, in numbered steps, and their bookkeeping.
//!
//! A step is the same file name in both folders of `migrations/` and is never edited once released.

use sha2::{Digest, Sha256};

use crate::db::{Db, DbError, Dialect, Tx};
use crate::statements::statements;

/// What [`Db::migrate`] did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Migrated {
    /// The version found; 0 in an empty database.
    pub from: i64,
    /// The version now.
    pub to: i64,
}

/// One step of the schema.
struct Migration {
    version: i64,
    name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

static MIGRATIONS: [Migration; 3] = [
    Migration {
        version: 1,
        name: "0001_ledger",
        sqlite: include_str!("../migrations/sqlite/0001_ledger.sql"),
        postgres: include_str!("../migrations/postgres/0001_ledger.sql"),
    },
    Migration {
        version: 2,
        name: "0002_views",
        sqlite: include_str!("../migrations/sqlite/0002_views.sql"),
        postgres: include_str!("../migrations/postgres/0002_views.sql"),
    },
    Migration {
        version: 3,
        name: "0003_saved_reports",
        sqlite: include_str!("../migrations/sqlite/0003_saved_reports.sql"),
        postgres: include_str!("../migrations/postgres/0003_saved_reports.sql"),
    },
];

/// The schema version that this release works with.
#[must_use]
pub fn known_version() -> i64 {
    MIGRATIONS.last().map_or(0, |last| last.version)
}

/// Changes with any text of any migration; names the databases that tests copy.
#[cfg(any(test, feature = "testing"))]
pub(crate) fn fingerprint() -> String {
    let texts: String = MIGRATIONS
        .iter()
        .flat_map(|it| [it.sqlite, it.postgres])
        .collect();
    hex::encode(&Sha256::digest(texts)[..8])
}

impl Db {
    /// Brings the schema up to date, all or nothing. Of several nodes that start at once one migrates, the others wait for it.
    ///
    /// # Errors
    /// `NewerSchema` when a newer release has migrated the database, `Corrupt` when a step that was applied differs from this release's.
    pub async fn migrate(&self) -> Result<Migrated, DbError> {
        self.write(|tx| Box::pin(migrate(tx))).await
    }

    /// The version of the schema; 0 in an empty database.
    ///
    /// # Errors
    /// `NewerSchema` when it is newer than this release knows.
    pub async fn schema_version(&self) -> Result<i64, DbError> {
        self.read(|tx| {
            Box::pin(async move {
                let found = found_version(tx).await?;
                refuse_newer(found)?;
                Ok(found)
            })
        })
        .await
    }
}

async fn migrate(tx: &mut Tx) -> Result<Migrated, DbError> {
    let statements = statements(tx.dialect());
    if let Some(lock) = statements.lock_migrations {
        tx.run_script(lock).await?;
    }
    let from = found_version(tx).await?;
    refuse_newer(from)?;
    if from == 0 {
        tx.run_script(statements.create_schema_migration).await?;
    }
    compare_applied(tx).await?;
    for migration in MIGRATIONS.iter().filter(|it| it.version > from) {
        tx.run_script(migration.text(tx.dialect())).await?;
        let checksum = migration.checksum(tx.dialect());
        tx.execute(
            statements.insert_schema_migration,
            &[
                migration.version.into(),
                migration.name.into(),
                checksum.into(),
            ],
        )
        .await?;
        tracing::info!(migration = migration.name, "migrated the database");
    }
    if let Some(renumber) = statements.renumber_restored {
        tx.execute(renumber, &[]).await?;
    }
    Ok(Migrated {
        from,
        to: known_version(),
    })
}

async fn found_version(tx: &mut Tx) -> Result<i64, DbError> {
    let exists: bool = tx
        .query_one(statements(tx.dialect()).has_schema_migration, &[])
        .await?
        .get(0)?;
    if !exists {
        return Ok(0);
    }
    tx.query_one(
        "select coalesce(max(version), 0) from schema_migration",
        &[],
    )
    .await?
    .get(0)
}

fn refuse_newer(found: i64) -> Result<(), DbError> {
    let known = known_version();
    if found > known {
        Err(DbError::NewerSchema { found, known })
    } else {
        Ok(())
    }
}

async fn compare_applied(tx: &mut Tx) -> Result<(), DbError> {
    for row in tx
        .query(
            "select version, checksum from schema_migration order by version",
            &[],
        )
        .await?
    {
        let (version, checksum): (i64, String) = (row.get(0)?, row.get(1)?);
        let known = MIGRATIONS
            .iter()
            .find(|it| it.version == version)
            .map(|it| it.checksum(tx.dialect()));
        if known.as_deref() != Some(checksum.as_str()) {
            return Err(DbError::Corrupt(format!(
                "migration {version} was applied with another text than this release has"
            )));
        }
    }
    Ok(())
}

impl Migration {
    fn text(&self, dialect: Dialect) -> &'static str {
        match dialect {
            Dialect::Sqlite => self.sqlite,
            Dialect::Postgres => self.postgres,
        }
    }

    fn checksum(&self, dialect: Dialect) -> String {
        hex::encode(Sha256::digest(self.text(dialect)))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::testing::{TestDatabase, each_database};

    #[tokio::test]
    async fn a_second_migration_finds_nothing_to_do() {
        each_database(async |db| {
            let again = db.migrate().await.unwrap();
            assert_eq!(
                again,
                Migrated {
                    from: known_version(),
                    to: known_version()
                }
            );
            assert_eq!(db.schema_version().await, Ok(known_version()));
        })
        .await;
    }

    #[tokio::test]
    async fn a_newer_schema_is_refused() {
        each_database(async |db| {
            db.write(|tx| {
                Box::pin(async move {
                    tx.run_script("insert into schema_migration(version, name, checksum, applied_at) values (999, 'x', 'x', 0)").await
                })
            })
            .await
            .unwrap();
            let refused = DbError::NewerSchema { found: 999, known: known_version() };
            assert_eq!(db.migrate().await, Err(refused.clone()));
            assert_eq!(db.schema_version().await, Err(refused));
        })
        .await;
    }

    #[tokio::test]
    async fn of_two_nodes_that_start_at_once_one_migrates() {
        let Some(test) = TestDatabase::unmigrated_postgres().await else {
            return;
        };
        let nodes = [
            test.db(),
            Db::open(test.config()).await.unwrap(),
            test.db(),
            test.db(),
        ];
        let mut from: Vec<i64> = futures_util::future::join_all(nodes.iter().map(Db::migrate))
            .await
            .into_iter()
            .map(|it| it.unwrap().from)
            .collect();
        from.sort_unstable();
        assert_eq!(from, [0, known_version(), known_version(), known_version()]);
    }

    /// One line per column: table, name, kind of type, whether it may be null, place in the primary key.
    async fn columns(db: &Db, sql: &'static str) -> BTreeSet<String> {
        let rows = db
            .read(move |tx| Box::pin(async move { tx.query(sql, &[]).await }))
            .await
            .map_err(|error: DbError| error)
            .unwrap();
        rows.iter()
            .map(|row| row.get::<String>(0).unwrap())
            .collect()
    }

    #[tokio::test]
    async fn both_databases_have_the_same_tables_and_columns() {
        let Some(postgres) = TestDatabase::postgres().await else {
            return;
        };
        let sqlite = TestDatabase::sqlite().await;
        let in_sqlite = columns(
            &sqlite.db(),
            "select t.name || '.' || c.name || ' ' || lower(c.type) || case when c.\"notnull\" = 1 then '' else ' null' end \
             from sqlite_schema t join pragma_table_info(t.name) c where t.type = 'table' and t.name not like 'sqlite%' \
             and (t.name, c.name) <> ('change_set', 'seq')",
        )
        .await;
        let in_postgres = columns(
            &postgres.db(),
            "select (c.table_name || '.' || c.column_name || ' ' || case c.data_type \
                when 'uuid' then 'blob' when 'bytea' then 'blob' when 'jsonb' then 'text' when 'text' then 'text' else 'integer' end \
                || case when c.is_nullable = 'NO' then '' else ' null' end)::text \
             from information_schema.columns c join information_schema.tables t using (table_schema, table_name) \
             where c.table_schema = 'public' and t.table_type = 'BASE TABLE' \
             and (c.table_name, c.column_name) <> ('change_set', 'xid')",
        )
        .await;
        assert!(in_sqlite.len() > 100, "{in_sqlite:?}");
        assert_eq!(in_sqlite, in_postgres);
    }

    #[tokio::test]
    async fn both_databases_have_the_same_unique_keys() {
        let Some(postgres) = TestDatabase::postgres().await else {
            return;
        };
        let sqlite = TestDatabase::sqlite().await;
        let in_sqlite = columns(
            &sqlite.db(),
            "select t.name || '(' || (select group_concat(c.name) from (select name from pragma_index_info(i.name) order by seqno) c) || ')' \
             from sqlite_schema t join pragma_index_list(t.name) i where t.type = 'table' and i.\"unique\" = 1",
        )
        .await;
        let in_postgres = columns(
            &postgres.db(),
            "select (i.indrelid::regclass || '(' || (select string_agg(a.attname, ',' order by k.n) \
                from unnest(i.indkey) with ordinality k(attnum, n) \
                join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum) || ')')::text \
             from pg_index i join pg_class c on c.oid = i.indrelid \
             where c.relnamespace = 'public'::regnamespace and i.indisunique",
        )
        .await;
        let only_rowid = |keys: BTreeSet<String>| -> BTreeSet<String> {
            keys.into_iter()
                .filter(|it| it != "schema_migration(version)")
                .collect()
        };
        assert_eq!(only_rowid(in_sqlite), only_rowid(in_postgres));
    }
}
