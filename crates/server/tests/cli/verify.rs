//! `verify`.

use leadline_store::{
    db::{Db, DbConfig, DbError},
    testing::TestDatabase,
};

use crate::{binary::Binary, client::Client};

#[tokio::test]
async fn a_database_is_verified_while_a_server_uses_it() {
    let mut databases = vec![TestDatabase::sqlite().await];
    databases.extend(TestDatabase::postgres().await);
    for mut database in databases {
        database.close();
        let binary = Binary::on(&database);
        let server = binary.serve().await;
        let ann = Client::sign_up(&server, "Mill").await;
        for name in ["ada", "bo", "cy"] {
            ann.create_lead(name).await.unwrap();
        }
        let run = binary.run(&["verify"]).await.ok();
        assert!(
            run.out
                .starts_with("sound: 1 workspaces, 3 records, 3 change sets"),
            "{}",
            run.out
        );
        let is_file = matches!(database.config(), DbConfig::Sqlite { .. });
        assert_eq!(
            run.err.contains("is in use: checking a copy"),
            is_file,
            "{}",
            run.err
        );
        ann.create_lead("dee").await.unwrap();
    }
}

#[tokio::test]
async fn the_first_row_that_is_wrong_is_named() {
    let mut databases = vec![TestDatabase::sqlite().await];
    databases.extend(TestDatabase::postgres().await);
    for mut database in databases {
        database.close();
        let binary = Binary::on(&database);
        let server = binary.serve().await;
        let ann = Client::sign_up(&server, "Mill").await;
        let lead = ann.create_lead("ada").await.unwrap();
        server.kill().await;
        let damaged: Result<u64, DbError> = Db::open(database.config())
            .await
            .unwrap()
            .write(|tx| {
                let sql = "update record set updated_at = updated_at + 1";
                Box::pin(async move { tx.execute(sql, &[]).await })
            })
            .await;
        damaged.unwrap();
        let run = binary.run(&["verify"]).await;
        let run = run.fails(
            1,
            &format!("leads {}, version 1", lead["id"].as_str().unwrap()),
        );
        assert!(
            run.err.contains("updated_at") && run.out.is_empty(),
            "{}{}",
            run.out,
            run.err
        );
    }
}

#[tokio::test]
async fn nothing_is_made_where_there_is_nothing_to_verify() {
    let home = tempfile::tempdir().unwrap();
    let binary = Binary::on_folder(home.path());
    binary.run(&["verify"]).await.fails(1, "there is no");
    assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 0);
}
