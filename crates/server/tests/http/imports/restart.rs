//! Imports go on after the server stops in the middle of one.

use serde_json::json;

use super::{counts, ended, stage_history, upload};
use crate::app::{TestApp, each_app};

#[tokio::test(flavor = "multi_thread")]
async fn an_import_goes_on_after_a_restart_and_does_nothing_twice() {
    each_app(async |mut app: TestApp| {
        let ann = app.signup("ann").await;
        let mut file = "case,activity,time\n".to_owned();
        // Large enough for several lanes.
        for lead in 0..4_000 {
            file.push_str(&format!(
                "lead {lead:020},new,2025-01-01\nlead {lead:020},contacted,2025-01-02\n"
            ));
        }
        let queued = upload(&ann, file.as_bytes(), &stage_history(), true)
            .await
            .status(202);
        let path = format!("/imports/{}", queued.string("/id"));
        while ann.get(&path).await.at("/rowsRead").as_u64() == Some(0) {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        app.restart().await;
        let done = ended(&ann, &path).await;
        assert_eq!(
            (done.at("/status"), counts(&done)),
            (&json!("succeeded"), [8_000, 4_000, 0, 0])
        );
        let found = ann
            .post(
                "/objects/leads/search",
                json!({"count": "exact", "limit": 1}),
            )
            .await
            .status(200);
        assert_eq!(found.at("/total/value"), 4_000);
    })
    .await;
}
