//! Taking an import back.

use leadline_server::service::verify;
use serde_json::{Value, json};

use super::{counts, ended, import, stage_history, stages};
use crate::{
    app::{TestApp, each_app},
    person::{Answer, Person},
};

async fn undo(person: &Person, import: &Answer) -> Answer {
    let path = format!("/imports/{}", import.string("/id"));
    person
        .post(&format!("{path}/undo"), json!({}))
        .await
        .status(202);
    let done = ended(person, &path).await;
    assert_eq!(done.at("/status"), "undone", "{}", done.text);
    person
        .post(&format!("{path}/undo"), json!({}))
        .await
        .problem(409, "IMPORT_NOT_UNDOABLE");
    done
}

#[tokio::test(flavor = "multi_thread")]
async fn created_records_are_archived_and_come_again_with_another_import() {
    each_app(async |app: TestApp| {
        let ann = app.signup("ann").await;
        let file = "case,activity,time\na,new,2025-01-01\nb,new,2025-01-01\n";
        let first = import(&ann, file, stage_history()).await;
        undo(&ann, &first).await;
        assert_eq!(
            ann.get("/objects/leads/records")
                .await
                .status(200)
                .at("/results"),
            &json!([])
        );
        let feed = ann.get("/changes").await.status(200);
        let last = feed.at("/results").as_array().unwrap().last().unwrap();
        assert_eq!(
            last["reason"],
            format!("undo of import {}", first.string("/id"))
        );
        assert_eq!(
            counts(&import(&ann, file, stage_history()).await),
            [2, 2, 0, 0]
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_tells_how_far_its_taking_back_is() {
    each_app(async |app: TestApp| {
        let ann = app.signup("ann").await;
        let lead = json!({"properties": {"name": "Ada", "email": "ada@example.com"}});
        ann.post("/objects/leads", lead).await.status(201);
        let columns = ["email", "city"].map(|name| json!({"column": name, "property": name}));
        let options = json!({"object": "leads", "kind": "records", "idProperty": "email", "mapping": columns});
        let file = "email,city\nada@example.com,Gouda\nbob@example.com,Delft\ncid@example.com,Delft\n";
        let done = import(&ann, file, options).await;
        assert_eq!(done.at("/undo"), &Value::Null);
        let path = format!("/imports/{}/undo", done.string("/id"));
        let begun = ann.post(&path, json!({})).await.status(202);
        assert_eq!(
            begun.at("/undo"),
            &json!({"progress": 0.0, "archived": 0, "putBack": 0, "kept": 0})
        );
        let undone = ended(&ann, &format!("/imports/{}", done.string("/id"))).await;
        assert_eq!(
            undone.at("/undo"),
            &json!({"progress": 1.0, "archived": 2, "putBack": 1, "kept": 0})
        );
        assert_eq!(undone.at("/progress"), &json!(1.0));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn entries_of_records_that_were_there_are_taken_out() {
    each_app(async |app: TestApp| {
        let ann = app.signup("ann").await;
        import(&ann, "case,activity,time\na,new,2025-01-01\na,qualified,2025-03-01\n", stage_history()).await;
        let before = stages(&ann, "leads", "a").await;
        let second = import(&ann, "case,activity,time\na,contacted,2025-02-01\na,lost,2025-02-15\na,won,2025-04-01\na,early,2024-01-01\n", stage_history()).await;
        assert_eq!(counts(&second), [4, 0, 1, 0]);
        assert_eq!(stages(&ann, "leads", "a").await.len(), 6);
        undo(&ann, &second).await;
        assert_eq!(stages(&ann, "leads", "a").await, before);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn spans_are_what_they_were_and_what_was_believed_stays_known() {
    each_app(async |app: TestApp| {
        let ann = app.signup("ann").await;
        import(&ann, "case,activity,time\na,new,2024-01-01\na,won,2024-06-01\n", stage_history()).await;
        let found = ann.post("/objects/leads/search", json!({"query": "a"})).await.status(200);
        let path = format!("/objects/leads/{}", found.string("/results/0/id"));
        let shown = format!("{path}?propertiesWithHistory=stage");
        let spans = |answer: Answer| answer.at("/propertiesWithHistory/stage").clone();
        let before = spans(ann.get(&shown).await.status(200));
        app.clock.step_seconds(60);
        // The present changes, ties are added, and what is known from June is known earlier.
        let file = "case,activity,time\na,contacted,2024-02-01\na,lost,2024-02-01\na,won,2024-05-01\na,qualified,2024-07-01\na,proposal,2024-07-01\n";
        let second = import(&ann, file, stage_history()).await;
        assert_eq!(counts(&second), [5, 0, 1, 0]);
        let imported = ann.get(&shown).await.status(200);
        assert_eq!(imported.at("/properties/stage"), "proposal");
        app.clock.step_seconds(60);
        undo(&ann, &second).await;
        app.clock.step_seconds(-120);
        assert_eq!(spans(ann.get(&shown).await.status(200)), before);
        app.clock.step_seconds(120);
        let known = format!("{shown}&recordedAsOf={}", imported.string("/updatedAt"));
        let believed = spans(ann.get(&known).await.status(200));
        assert_eq!(believed.as_array().unwrap().len(), 6);
        assert_eq!(believed[0]["value"], "proposal");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn values_are_put_back_where_they_still_are_what_the_import_set() {
    each_app(async |app: TestApp| {
        let ann = app.signup("ann").await;
        let lead = ann.post("/objects/leads", json!({"properties": {"name": "Ada", "email": "ada@example.com", "city": "Delft"}})).await.status(201);
        let path = format!("/objects/leads/{}", lead.string("/id"));
        let options = json!({"object": "leads", "kind": "records", "idProperty": "email", "mapping": [
            {"column": "email", "property": "email"}, {"column": "city", "property": "city"}, {"column": "country", "property": "country"},
            {"column": "company", "property": "company"},
        ]});
        app.clock.step_seconds(60);
        let done = import(&ann, "email,city,country,company\nada@example.com,Gouda,NL,Ada Ltd\n", options).await;
        assert_eq!(counts(&done), [1, 0, 1, 0]);
        app.clock.step_seconds(60);
        ann.patch(&path, json!({"properties": {"company": "Lovelace"}})).await.status(200);
        undo(&ann, &done).await;
        let lead = ann.get(&path).await.status(200);
        let properties = lead.at("/properties");
        assert_eq!((&properties["city"], &properties["country"], &properties["company"]), (&json!("Delft"), &Value::Null, &json!("Lovelace")));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_import_is_taken_back_whole() {
    const LEADS: u64 = 4_000;
    each_app(async |app: TestApp| {
        let ann = app.signup("ann").await;
        let mut file = "case,activity,time\n".to_owned();
        for lead in 0..LEADS {
            for (month, stage) in ["new", "contacted", "qualified", "contacted", "converted"]
                .iter()
                .enumerate()
            {
                file.push_str(&format!("{lead},{stage},2025-0{}-01\n", month + 1));
            }
        }
        // Half of them were there before, with a past of their own.
        let before = file
            .lines()
            .take(1 + 5 * LEADS as usize / 2)
            .filter(|line| !line.contains("qualified"));
        let before = before.collect::<Vec<_>>().join("\n");
        import(&ann, before, stage_history()).await;
        let sample = stages(&ann, "leads", "1999").await;
        assert_eq!(sample.len(), 3);
        let done = import(&ann, &file, stage_history()).await;
        assert_eq!(counts(&done), [5 * LEADS, LEADS / 2, LEADS / 2, 0]);
        assert_eq!(stages(&ann, "leads", "1999").await.len(), 5);
        undo(&ann, &done).await;
        assert_eq!(stages(&ann, "leads", "1999").await, sample);
        let search = json!({"count": "exact", "limit": 1});
        let found = ann.post("/objects/leads/search", search).await.status(200);
        assert_eq!(found.at("/total/value"), LEADS / 2);
        let verified = verify::verify(&app.app().db, None, &|_, _, _| {})
            .await
            .unwrap();
        assert_eq!(verified.unwrap().records, LEADS);
    })
    .await;
}
