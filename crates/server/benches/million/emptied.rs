//! PostgreSQL before and after: it must be empty, and is left empty.

use tokio_postgres::{Client, NoTls};

use crate::support::server::Database;

/// Refuses a database in which somebody has something.
pub(crate) async fn check(database: &Database) {
    if let Some(client) = connect(database).await {
        let sql = "select count(*) from information_schema.tables where table_schema = 'public'";
        let tables: i64 = client.query_one(sql, &[]).await.unwrap().get(0);
        assert_eq!(tables, 0, "the database is not empty");
    }
}

/// Does what the database itself would have done in the time in which so much is written by people.
pub(crate) async fn settle(database: &Database) {
    if let Some(client) = connect(database).await {
        client.batch_execute("vacuum analyze").await.unwrap();
        client.batch_execute("checkpoint").await.unwrap();
    }
}

/// Removes what was written.
pub(crate) async fn empty(database: &Database) {
    if let Some(client) = connect(database).await {
        let sql = "drop schema public cascade; create schema public";
        client.batch_execute(sql).await.unwrap();
    }
}

async fn connect(database: &Database) -> Option<Client> {
    let url = database.url.as_ref()?;
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    Some(client)
}
