//! Records, one by one.

use serde_json::json;

use crate::app::each_app;

#[tokio::test]
async fn a_lead_is_created_and_read_back() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let body = json!({"properties": {"name": "Ada Ltd", "email": "Ada@Example.com"}});
        let lead = ann.post("/objects/leads", body).await.status(201);
        assert_eq!(lead.header("etag"), "\"1\"");
        assert_eq!(lead.string("/properties/stage"), "new");
        assert_eq!(lead.string("/createdAt"), app.now());
        let read = ann.get(&lead.path()).await.status(200);
        assert_eq!(read.json, lead.json);
    })
    .await;
}
