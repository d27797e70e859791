//! What an import refuses, and how it says so.

use serde_json::{Value, json};

use super::{counts, ended, import, stage_history, upload};
use crate::app::{TestApp, each_app};

#[tokio::test(flavor = "multi_thread")]
async fn bad_rows_are_told_and_good_ones_kept() {
    each_app(async |app: TestApp| {
        let ann = app.signup("ann").await;
        let file = "case,activity,time,note\n\
            a,new,2025-01-01,=1+1\n\
            ,new,2025-01-01,x\n\
            b,new,yesterday,=cmd()\n\
            c,new,2999-01-01,x\n\
            d,new\n\
            e,contacted,2025-01-01,\"two\nlines\"\n";
        let done = import(&ann, file, stage_history()).await;
        assert_eq!(counts(&done), [6, 2, 0, 4]);
        let errors = ann
            .get(&format!("/imports/{}/errors.csv", done.string("/id")))
            .await
            .status(200);
        let lines: Vec<&str> = errors.text.lines().collect();
        assert_eq!(lines[0], "case,activity,time,note,line,code,message,column");
        assert!(
            lines[1].starts_with(",new,2025-01-01,x,3,KEY_MISSING,"),
            "{}",
            errors.text
        );
        assert!(
            lines[2].starts_with("b,new,yesterday,'=cmd(),4,INVALID_TIME,")
                && lines[2].ends_with(",time"),
            "{}",
            errors.text
        );
        assert!(
            lines[3].starts_with("c,new,2999-01-01,x,5,TIME_IN_FUTURE,"),
            "{}",
            errors.text
        );
        assert!(
            lines[4].starts_with("d,new,,,6,WRONG_COLUMN_COUNT,"),
            "{}",
            errors.text
        );
        assert_eq!(lines.len(), 5);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn records_obey_types_and_options() {
    each_app(async |app: TestApp| {
        let ann = app.signup("ann").await;
        let options = json!({"object": "leads", "kind": "records", "mapping": [
            {"column": "name", "property": "name"}, {"column": "mail", "property": "email"}, {"column": "stage", "property": "stage"},
        ]});
        let file = "name,mail,stage\nAda,ada@example.com,New\nBob,bob,Mystery\nCid,cid@example.com,Mystery\n";
        let done = import(&ann, file, options.clone()).await;
        assert_eq!(counts(&done), [3, 1, 0, 2]);
        let errors = ann.get(&format!("/imports/{}/errors.csv", done.string("/id"))).await.status(200);
        assert!(errors.text.contains(",3,INVALID_OPTION,") && errors.text.contains(",4,INVALID_OPTION,"), "{}", errors.text);
        // Asked for, unknown values become options.
        let mut asked = options;
        asked["createOptions"] = json!(true);
        assert_eq!(counts(&import(&ann, file, asked).await), [3, 2, 0, 1]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_can_be_seen_at_once_is_refused_and_leaves_no_job() {
    each_app(async |app: TestApp| {
        let ann = app.signup("ann").await;
        let file: &[u8] = b"case,activity,time\na,new,2025-01-01\n";
        let cases: [(&[u8], &str, Value, &str); 9] = [
            (b"", "/kind", json!("history"), "FILE_EMPTY"),
            (b"PK\x03\x04\0\0", "/kind", json!("history"), "NOT_CSV"),
            (b"a\tb\n1\t2\n", "/kind", json!("history"), "UNKNOWN_COLUMN"),
            (file, "/object", json!("ghosts"), "UNKNOWN_OBJECT"),
            (
                file,
                "/mapping/1/property",
                json!("ghost"),
                "UNKNOWN_PROPERTY",
            ),
            (
                file,
                "/mapping/2/property",
                json!("city"),
                "TIME_NOT_MAPPED",
            ),
            (file, "/mapping/0/property", json!("city"), "KEY_NOT_MAPPED"),
            (file, "/timeZone", json!("Mars/Base"), "INVALID_TIME_ZONE"),
            (file, "/surprise", json!(1), "UNKNOWN_FIELD"),
        ];
        for (file, pointer, value, code) in cases {
            let mut options = stage_history();
            match options.pointer_mut(pointer) {
                Some(place) => *place = value,
                None => options[pointer.trim_start_matches('/')] = value,
            }
            let answer = upload(&ann, file, &options, false).await.status(422);
            let codes: Vec<&Value> = answer
                .at("/errors")
                .as_array()
                .unwrap()
                .iter()
                .map(|error| &error["code"])
                .collect();
            assert!(codes.contains(&&json!(code)), "{code}: {}", answer.text);
        }
        assert_eq!(
            ann.get("/imports").await.status(200).at("/results"),
            &json!([])
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_of_ten_million_bytes_fails_the_import_and_writes_nothing() {
    each_app(async |app: TestApp| {
        let ann = app.signup("ann").await;
        let mut file = b"case,activity,time\na,new,2025-01-01\nb,".to_vec();
        file.resize(10_000_000, b'x');
        let queued = upload(&ann, &file, &stage_history(), true)
            .await
            .status(202);
        let done = ended(&ann, &format!("/imports/{}", queued.string("/id"))).await;
        assert_eq!(
            (done.at("/status"), done.at("/error/code")),
            (&json!("failed"), &json!("ROW_TOO_LONG"))
        );
        assert_eq!(
            ann.get("/objects/leads/records")
                .await
                .status(200)
                .at("/results"),
            &json!([])
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn imports_of_another_workspace_are_not_there() {
    each_app(async |app: TestApp| {
        let (ann, eve) = (app.signup("ann").await, app.signup("eve").await);
        let done = import(
            &ann,
            "case,activity,time\na,new,2025-01-01\n",
            stage_history(),
        )
        .await;
        let path = format!("/imports/{}", done.string("/id"));
        eve.get(&path).await.problem(404, "NOT_FOUND");
        eve.get(&format!("{path}/errors.csv"))
            .await
            .problem(404, "NOT_FOUND");
        eve.post(&format!("{path}/undo"), json!({}))
            .await
            .problem(404, "NOT_FOUND");
        assert_eq!(ended(&ann, &path).await.at("/status"), "succeeded");
        assert_eq!(
            eve.get("/imports").await.status(200).at("/results"),
            &json!([])
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_cell_of_a_wide_row_can_be_wrong() {
    each_app(async |app: TestApp| {
        let ann = app.signup("ann").await;
        let names: Vec<String> = (0..100).map(|column| format!("c{column}")).collect();
        let number = |name: &String| json!({"column": name, "property": name, "createProperty": {"type": "number"}});
        let mapping: Vec<Value> = names.iter().map(number).collect();
        let options = json!({"object": "leads", "kind": "records", "mapping": mapping});
        let file = format!("{}\r\n{}\r\n{}\r\n", names.join(","), vec!["1"; 100].join(","), vec!["x"; 100].join(","));
        let done = import(&ann, file, options).await;
        assert_eq!(counts(&done), [2, 1, 0, 1]);
        let path = format!("/imports/{}/errors.csv", done.string("/id"));
        let errors = ann.get(&path).await.status(200).text;
        assert_eq!(errors.matches(",3,").count(), 100, "{errors}");
    })
    .await;
}
