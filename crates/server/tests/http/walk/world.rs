//! A workspace in which there is one of everything, and everything has a name that must not be seen elsewhere.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};

use super::document::{Operation, operations};
use crate::{
    app::TestApp,
    person::{Answer, Person},
};

/// In every text of the workspace.
pub(super) const CANARY: &str = "canary";

/// A workspace with one of everything.
pub(super) struct World {
    /// Its owner.
    pub(super) ann: Person,
    pub(super) lead: String,
    pub(super) contact: String,
    pub(super) deal: String,
    pub(super) product: String,
    item: String,
    activity: String,
    note: String,
    task: String,
    token: String,
    session: String,
    invitation: String,
    import: String,
    export: String,
    view: String,
    dashboard: String,
    saved_report: String,
}

/// An object that only this workspace has.
const THINGS: &str = "canary_things";
const FORM: &str = "--x\r\nContent-Disposition: form-data; name=\"options\"\r\n\r\n{\"object\":\"leads\",\"kind\":\"records\",\"mapping\":[{\"column\":\"name\",\"property\":\"name\"}]}\r\n--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"canary.csv\"\r\nContent-Type: text/csv\r\n\r\nname\r\ncanary import\r\n\r\n--x--\r\n";

impl World {
    pub(super) async fn build(app: &TestApp) -> Self {
        let ann = app.signup("olivia").await;
        let create = async |object: &str, properties: Value| {
            let body = json!({"properties": properties});
            ann.post(&format!("/objects/{object}"), body)
                .await
                .status(201)
                .string("/id")
        };
        let lead = create(
            "leads",
            json!({"name": "canary lead", "email": "canary@example.com", "owner": ann.id}),
        )
        .await;
        let contact = create(
            "contacts",
            json!({"last_name": "canary contact", "lead": lead}),
        )
        .await;
        let deal = create("deals", json!({"name": "canary deal", "contact": contact})).await;
        let product = create("products", json!({"sku": "canary-1", "name": "canary product", "price": {"amount": "5", "currency": "EUR"}})).await;
        app.clock.step_seconds(60);
        let stage = json!({"properties": {"stage": "contacted"}});
        ann.patch(&format!("/objects/leads/{lead}"), stage)
            .await
            .status(200);
        let link = json!({"id": contact, "label": "canary"});
        ann.post(
            &format!("/objects/leads/{lead}/associations/contacts"),
            link,
        )
        .await
        .status(201);
        let item = json!({"product": product, "quantity": 2});
        let item = ann
            .post(&format!("/objects/deals/{deal}/line-items"), item)
            .await
            .status(201);
        let about = json!([{"object": "leads", "id": lead}]);
        let attach = async |path: &str, mut body: Value| {
            body["records"] = about.clone();
            ann.post(path, body).await.status(201).string("/id")
        };
        let call = json!({"kind": "call", "subject": "canary call"});
        let activity = attach("/activities", call).await;
        let note = attach("/notes", json!({"body": "canary note"})).await;
        let task = json!({"title": "canary task", "assignee": ann.id});
        let task = attach("/tasks", task).await;
        let token = ann
            .post("/tokens", json!({"name": "canary token"}))
            .await
            .status(201)
            .string("/id");
        let invitation = json!({"email": "canary2@example.com", "role": "member"});
        let invitation = ann
            .post("/invitations", invitation)
            .await
            .status(201)
            .string("/id");
        let session = ann
            .get("/sessions")
            .await
            .status(200)
            .string("/results/0/id");
        let things = json!({"name": THINGS, "label": "canary"});
        ann.post("/objects", things).await.status(201);
        let secret = json!({"name": "canary_secret", "label": "canary", "type": "text"});
        ann.post(&format!("/objects/{THINGS}/properties"), secret)
            .await
            .status(201);
        let view = json!({"object": THINGS, "name": "canary view", "visibility": "shared"});
        let view = ann.post("/views", view).await.status(201).string("/id");
        let count =
            json!({"kind": "count", "report": {"object": THINGS}, "x": 0, "y": 0, "w": 3, "h": 1});
        let dashboard =
            json!({"name": "canary dashboard", "visibility": "shared", "widgets": [count]});
        let dashboard = ann
            .post("/dashboards", dashboard)
            .await
            .status(201)
            .string("/id");
        let report = json!({"object": "leads", "property": "stage", "period": "90d"});
        let report = json!({"name": "canary report", "kind": "funnel", "report": report, "visibility": "shared"});
        let saved_report = ann
            .post("/saved-reports", report)
            .await
            .status(201)
            .string("/id");
        let import = import(&ann).await;
        let export = ann
            .post("/exports", json!({"object": "leads"}))
            .await
            .status(202)
            .string("/id");
        for job in [format!("/imports/{import}"), format!("/exports/{export}")] {
            while matches!(
                ann.get(&job).await.status(200).string("/status").as_str(),
                "queued" | "running"
            ) {
                tokio::task::yield_now().await;
            }
        }
        app.clock.step_seconds(60);
        Self {
            ann,
            lead,
            contact,
            deal,
            product,
            item: item.string("/id"),
            activity,
            note,
            task,
            token,
            session,
            invitation,
            import,
            export,
            view,
            dashboard,
            saved_report,
        }
    }

    /// Sends the world's file once more.
    pub(super) async fn import_again(&self) {
        import(&self.ann).await;
    }

    /// The operation's path with this workspace's ids in it: where it names no record, with the object that only this workspace has.
    pub(super) fn path(&self, operation: &Operation) -> String {
        let object = match &operation.path {
            path if path.contains("line-items") => "deals",
            path if path.contains("{id}") => "leads",
            _ => THINGS,
        };
        self.path_in(operation, object)
    }

    /// The operation's path with this workspace's ids in it, and this object.
    pub(super) fn path_in(&self, operation: &Operation, object: &str) -> String {
        let path = &operation.path;
        let record = if object == "deals" {
            &self.deal
        } else {
            &self.lead
        };
        let id = match path.split('/').nth(1) {
            Some("tokens") => &self.token,
            Some("sessions") => &self.session,
            Some("users") => &self.ann.id,
            Some("invitations") => &self.invitation,
            Some("imports") => &self.import,
            Some("exports") => &self.export,
            Some("activities") => &self.activity,
            Some("notes") => &self.note,
            Some("tasks") => &self.task,
            Some("views") => &self.view,
            Some("dashboards") => &self.dashboard,
            Some("saved-reports") => &self.saved_report,
            _ => record,
        };
        let filled = path
            .replace("{object}", object)
            .replace("{id}", id)
            .replace("{itemId}", &self.item)
            .replace("{toObject}", "contacts")
            .replace("{property}", "canary_secret");
        assert!(
            !filled.contains('{'),
            "say in walk/world.rs what {path} means"
        );
        format!("{filled}{}", operation.required_query(&self.contact))
    }

    /// A body for the operation that names this workspace's things.
    pub(super) fn body(&self, operation: &Operation) -> Option<Value> {
        let inputs = json!({"inputs": [{"id": self.lead, "properties": {"name": "taken"}}]});
        let filter =
            json!([{"filters": [{"property": "owner", "operator": "EQ", "value": self.ann.id}]}]);
        let about = json!([{"object": "leads", "id": self.lead}]);
        Some(match operation.id.as_str() {
            "create_activity" => json!({"kind": "call", "owner": self.ann.id, "records": about}),
            "create_note" => json!({"body": "x", "records": about}),
            "create_task" => json!({"title": "x", "assignee": self.ann.id, "records": about}),
            "update_activity" => json!({"subject": "taken"}),
            "update_note" => json!({"body": "taken"}),
            "update_task" => json!({"title": "taken", "done": true}),
            "create_record" => json!({"properties": {"name": "x", "owner": self.ann.id}}),
            "update_record" => json!({"properties": {"name": "taken"}}),
            "create_records" => {
                json!({"inputs": [{"properties": {"name": "x", "owner": self.ann.id}}]})
            }
            "update_records" | "upsert_records" => inputs,
            "archive_records" | "unarchive_records" | "read_records" => {
                json!({"inputs": [{"id": self.lead}]})
            }
            "create_correction" => {
                json!({"property": "stage", "set": [{"value": "new", "validFrom": "2026-03-01T09:00:30Z"}]})
            }
            "restore_record" => json!({"asOf": "2026-03-01T09:00:30Z"}),
            "convert_lead" => json!({"contact": {"id": self.contact}}),
            "create_association" => json!({"id": self.contact}),
            "search_records" => json!({"filterGroups": filter}),
            "read_board" => json!({"property": "stage", "filterGroups": filter}),
            "create_switch" => json!({"workspaceId": self.ann.workspace}),
            "update_user" => json!({"role": "viewer"}),
            "create_view" => json!({"object": "leads", "name": "x", "filterGroups": filter}),
            "update_view" => json!({"name": "taken", "filterGroups": []}),
            "update_dashboard" => json!({"name": "taken", "widgets": []}),
            "create_saved_report" => {
                let report = json!({"object": "leads", "property": "stage", "filterGroups": filter, "period": "90d"});
                json!({"name": "x", "kind": "funnel", "report": report})
            }
            "update_saved_report" => json!({"name": "taken", "shows": "table"}),
            "update_preferences" => json!({"homeDashboard": self.dashboard}),
            _ => operation.sample(&self.lead)?,
        })
    }

    /// All that its owner can see of it.
    pub(super) async fn everything(&self) -> Vec<(String, u16, String)> {
        let mut seen = Vec::new();
        let operations: Vec<Operation> = operations().into_iter().filter(Operation::ends).collect();
        let safe = operations.iter().filter(|operation| operation.is_safe());
        let paths = safe.flat_map(|operation| {
            [
                self.path(operation),
                self.path_in(operation, "leads")
                    .replace("canary_secret", "stage"),
            ]
        });
        for path in paths.collect::<BTreeSet<String>>() {
            let answer = self.ann.get(&path).await;
            // That a session or a token was used is no change of what the workspace holds.
            let mut json = answer.json;
            for used in ["lastSeenAt", "lastUsedAt"] {
                for one in json["results"].as_array_mut().into_iter().flatten() {
                    one.as_object_mut().unwrap().remove(used);
                }
            }
            let text = if answer.code < 300 && json.is_null() {
                answer.text
            } else if answer.code < 300 {
                json.to_string()
            } else {
                String::new()
            };
            seen.push((path, answer.code, text));
        }
        for (object, id) in [
            ("leads", &self.lead),
            ("contacts", &self.contact),
            ("deals", &self.deal),
            ("products", &self.product),
        ] {
            let path = format!("/objects/{object}/{id}");
            let with_history = format!("{path}?propertiesWithHistory=stage,owner,archived");
            for path in [path.clone(), format!("{path}/history")]
                .into_iter()
                .chain((object != "products").then_some(with_history))
            {
                let answer = self.ann.get(&path).await;
                seen.push((path, answer.code, answer.text));
            }
        }
        seen
    }

    /// Expects that nothing was changed.
    #[track_caller]
    pub(super) fn is_as_before(
        before: &[(String, u16, String)],
        after: &[(String, u16, String)],
        told: &str,
    ) {
        for (was, is) in before.iter().zip(after) {
            assert_eq!(is, was, "changed by {told}");
        }
    }
}

async fn import(person: &Person) -> String {
    let content_type = "multipart/form-data; boundary=x";
    person
        .send_bytes(Method::POST, "/imports", content_type, Some(FORM.into()))
        .await
        .status(202)
        .string("/id")
}

/// An error tells which request it answers, and nothing of the server's inside.
#[track_caller]
pub(super) fn is_discreet(answer: &Answer) {
    assert!(
        answer.code < 500,
        "{}: {} {}",
        answer.request,
        answer.code,
        answer.text
    );
    if answer.code < 400 {
        return;
    }
    assert_eq!(
        answer.header("content-type"),
        "application/problem+json",
        "{}",
        answer.request
    );
    assert_eq!(answer.string("/requestId"), answer.header("x-request-id"));
    let text = answer.text.to_lowercase();
    for inside in [
        "workspace_id",
        "insert into",
        "sqlite",
        "postgres",
        ".rs:",
        "/tmp/",
        "panicked",
        "backtrace",
    ] {
        assert!(
            !text.contains(inside),
            "{}: {}",
            answer.request,
            answer.text
        );
    }
}
