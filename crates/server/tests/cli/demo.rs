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
        assert!(
            verified.out.starts_with("sound: 1 workspaces"),
            "{}",
            verified.out
        );
    }
}
