//! `demo`.

use leadline_store::testing::TestDatabase;

use crate::binary::Binary;

#[tokio::test]
async fn the_demonstration_is_sound_and_written_once() {
    let mut databases = vec![TestDatabase::sqlite().await];
    databases.extend(TestDatabase::postgres().await);
    for mut database in databases {
        database.close();
        let binary = Binary::on(&database);
        let first = binary.run(&["demo"]).await.ok();
        assert!(
            first.out.contains(" written") && first.out.contains("Password:"),
            "{}",
            first.out
        );
        let again = binary.run(&["demo"]).await.ok();
        assert!(
            !again.out.contains(" written") && again.out.contains("Login:"),
            "{}",
            again.out
        );
        let verified = binary.run(&["verify"]).await.ok();
        let [workspaces, records, change_sets, ..] = numbers(&verified.out)[..] else {
            panic!("{}", verified.out);
        };
        assert_eq!(workspaces, 1);
        assert!(records > 3_000 && change_sets > 10_000, "{}", verified.out);
    }
}

fn numbers(text: &str) -> Vec<u64> {
    text.split_whitespace()
        .filter_map(|word| word.parse().ok())
        .collect()
}
