//! `import` and `export`: what went out comes back.

use std::{fs, path::Path};

use leadline_store::testing::TestDatabase;

use crate::binary::{Binary, Run};

const LEADS: &str = "\
name,email,city,amount,stage
\"Ada, \"\"the\"\" first\",ada@example.com,Delft,1250.50,new
=SUM(A1),bo@example.com,\"Den
Haag\",,contacted
Zoë,zoe@example.com,,7,qualified
";
const PROPERTIES: &str = "name,email,city,amount,stage";

async fn with_owner(database: &TestDatabase) -> Binary {
    let binary = Binary::on(database);
    let create = [
        "user",
        "create",
        "--workspace",
        "Mill",
        "--name",
        "Ann",
        "ann@example.com",
    ];
    binary.run(&create).await.ok();
    binary
}

async fn import(binary: &Binary, kind: &str, map: &str, file: &Path) -> Run {
    let file = file.to_str().unwrap();
    let arguments = [
        "import",
        "--workspace",
        "Mill",
        "--object",
        "leads",
        "--kind",
        kind,
        "--map",
        map,
        file,
    ];
    binary.run(&arguments).await
}

async fn export(binary: &Binary, kind: &str, file: &Path) -> Vec<String> {
    let path = file.to_str().unwrap();
    let arguments = [
        "export",
        "--workspace",
        "Mill",
        "--object",
        "leads",
        "--kind",
        kind,
        "--properties",
        PROPERTIES,
        "-o",
        path,
    ];
    binary.run(&arguments).await.ok();
    // Ids are new in each database, and so is when and by whom a record was made there.
    let mut reader = csv::Reader::from_path(file).unwrap();
    let own = [
        "id",
        "created_at",
        "updated_at",
        "createdAt",
        "updatedAt",
        "archived",
        "user",
        "source",
    ];
    let header = reader.headers().unwrap().clone();
    let keep = |at: &usize| !own.contains(&&header[*at]);
    let kept: Vec<usize> = (0..header.len()).filter(keep).collect();
    let row = |row: csv::StringRecord| {
        kept.iter()
            .map(|at| row[*at].to_owned())
            .collect::<Vec<_>>()
            .join("|")
    };
    let mut rows: Vec<String> = reader
        .records()
        .map(|record| row(record.unwrap()))
        .collect();
    rows.sort();
    rows
}

/// Two empty databases of each kind.
async fn pairs() -> Vec<[TestDatabase; 2]> {
    let mut pairs = vec![[TestDatabase::sqlite().await, TestDatabase::sqlite().await]];
    if let (Some(one), Some(other)) = (
        TestDatabase::postgres().await,
        TestDatabase::postgres().await,
    ) {
        pairs.push([one, other]);
    }
    pairs.iter_mut().flatten().for_each(TestDatabase::close);
    pairs
}

#[tokio::test]
async fn records_come_back_as_they_were() {
    for [here, there] in pairs().await {
        let (here, there) = (with_owner(&here).await, with_owner(&there).await);
        let folder = tempfile::tempdir().unwrap();
        let (file, first, second) = (
            folder.path().join("leads.csv"),
            folder.path().join("first.csv"),
            folder.path().join("second.csv"),
        );
        fs::write(&file, LEADS).unwrap();
        let map = "name=name,email=email,city=city,amount=amount,stage=stage";
        let run = import(&here, "records", map, &file).await.ok();
        assert!(
            run.out.contains("3 rows read, 3 records created"),
            "{}",
            run.out
        );
        let out = export(&here, "records", &first).await;
        assert_eq!(out.len(), 3);
        import(&there, "records", map, &first).await.ok();
        assert_eq!(export(&there, "records", &second).await, out);
        for binary in [here, there] {
            binary.run(&["verify"]).await.ok();
        }
    }
}

#[tokio::test]
async fn a_history_comes_back_as_it_was_and_refused_rows_are_told() {
    let history = "case,activity,city,time\n\
        a,new,,2025-01-01T08:00:00Z\na,contacted,Delft,2025-01-02T08:00:00Z\na,qualified,,2025-02-02T08:00:00Z\nb,new,Gouda,2025-01-01T09:00:00Z\n";
    for [here, there] in pairs().await {
        let (here, there) = (with_owner(&here).await, with_owner(&there).await);
        let folder = tempfile::tempdir().unwrap();
        let (file, first, second) = (
            folder.path().join("log.csv"),
            folder.path().join("first.csv"),
            folder.path().join("second.csv"),
        );
        fs::write(&file, history).unwrap();
        import(
            &here,
            "history",
            "case=@key,activity=stage,city=city,time=@time",
            &file,
        )
        .await
        .ok();
        let out = export(&here, "history", &first).await;
        let map = "id=@key,property=@property,value=@value,time=@time,user=@user,source=@source";
        import(&there, "history", map, &first).await.ok();
        assert_eq!(export(&there, "history", &second).await, out);
        there.run(&["verify"]).await.ok();
        // What is refused is counted, named in a file, and gives an exit code of its own.
        fs::write(&file, format!("{history}a,won,,never\n")).unwrap();
        let (file, errors) = (file.to_str().unwrap(), folder.path().join("errors.csv"));
        let arguments = [
            "import",
            "--workspace",
            "Mill",
            "--object",
            "leads",
            "--kind",
            "history",
            "--map",
            "case=@key,activity=stage,city=city,time=@time",
            "--errors",
            errors.to_str().unwrap(),
            file,
        ];
        let run = here.run(&arguments).await;
        assert_eq!(run.code, 3, "{}{}", run.out, run.err);
        assert!(run.out.contains("1 rows refused"), "{}", run.out);
        assert!(fs::read_to_string(&errors).unwrap().contains("never"));
        here.run(&["verify"]).await.ok();
    }
}

#[tokio::test]
async fn all_objects_go_into_a_folder() {
    for [database, _] in pairs().await {
        let binary = with_owner(&database).await;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("leads.csv");
        fs::write(&file, LEADS).unwrap();
        let map = "name=name,email=email,city=city,amount=amount,stage=stage";
        import(&binary, "records", map, &file).await.ok();
        let out = folder.path().join("out");
        let all = [
            "export",
            "--workspace",
            "Mill",
            "--format",
            "ndjson",
            "--kind",
            "history",
            "--all",
            out.to_str().unwrap(),
        ];
        binary.run(&all).await.ok();
        for object in [
            "leads",
            "contacts",
            "accounts",
            "deals",
            "products",
            "line_items",
            "activities",
            "notes",
            "tasks",
        ] {
            let text = fs::read_to_string(out.join(format!("{object}.ndjson"))).unwrap();
            assert_eq!(text.is_empty(), object != "leads", "{object}");
        }
        let with_object = [&all[..], &["--object", "leads"]].concat();
        binary.run(&with_object).await.fails(2, "--object");
    }
}
