//! Commands that are called wrongly, or cannot do what they are asked.

use crate::binary::Binary;

const COMMANDS: [&str; 10] = [
    "serve", "migrate", "import", "export", "demo", "verify", "backup", "restore", "openapi",
    "user",
];

#[tokio::test]
async fn every_command_explains_itself_and_refuses_what_it_does_not_know() {
    let home = tempfile::tempdir().unwrap();
    let binary = Binary::on_folder(&home.path().join("data"));
    let help = binary.run(&["--help"]).await.ok();
    for command in COMMANDS {
        assert!(
            help.out.contains(&format!("  {command}")),
            "{command}: {}",
            help.out
        );
        let own = binary.run(&[command, "--help"]).await.ok();
        assert!(own.out.contains("Usage: leadline"), "{}", own.out);
        binary
            .run(&[command, "--no-such-flag"])
            .await
            .fails(2, "--no-such-flag");
    }
    binary.run(&["--version"]).await.ok();
    binary.run(&["launch"]).await.fails(2, "launch");
    binary.run(&[]).await.fails(2, "Usage");
    binary
        .run(&["serve", "--listen", "nowhere"])
        .await
        .fails(2, "--listen");
    binary
        .run(&[
            "export",
            "--workspace",
            "Mill",
            "--object",
            "leads",
            "--as-of",
            "yesterday",
        ])
        .await
        .fails(2, "--as-of");
    for command in [
        &["backup"][..],
        &["restore"],
        &["import"],
        &["export"],
        &["user"],
        &["user", "create"],
    ] {
        binary.run(command).await.fails(2, "Usage");
    }
    // None of them made anything.
    assert!(!home.path().join("data").exists());
}

#[tokio::test]
async fn what_cannot_be_read_or_reached_is_named() {
    let home = tempfile::tempdir().unwrap();
    let binary = Binary::on_folder(&home.path().join("data"));
    let absent = home.path().join("absent.csv");
    let absent = absent.to_str().unwrap();
    let import = [
        "import",
        "--workspace",
        "Mill",
        "--object",
        "leads",
        "--map",
        "name=name",
        absent,
    ];
    binary
        .run(&import)
        .await
        .fails(1, "there is no workspace \"Mill\"");
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
        .run(&import)
        .await
        .fails(1, "absent.csv cannot be read");
    let strange = [
        "import",
        "--workspace",
        "Mill",
        "--object",
        "leads",
        "--map",
        "name",
        absent,
    ];
    binary.run(&strange).await.fails(2, "--map");
    let export = ["export", "--workspace", "Mill", "--object", "ghosts"];
    binary
        .run(&export)
        .await
        .fails(1, "there is no such object");
    let export = [
        "export",
        "--workspace",
        "Mill",
        "--object",
        "leads",
        "-o",
        "/absent/leads.csv",
    ];
    binary
        .run(&export)
        .await
        .fails(1, "/absent/leads.csv cannot be written");
    binary
        .run(&["verify", "--workspace", "Quarry"])
        .await
        .fails(1, "there is no workspace of this name");
    binary
        .run(&["verify", "--config", absent])
        .await
        .fails(1, "absent.csv");
    let unreachable = "postgres://nobody:secret@127.0.0.1:1/nothing";
    let run = binary.run(&["verify", "--database-url", unreachable]).await;
    let run = run.fails(1, "PostgreSQL cannot be reached");
    assert!(!run.err.contains("secret"), "{}", run.err);
    let server = binary.serve().await;
    let elsewhere = Binary::on_folder(&home.path().join("second"));
    let address = server
        .url
        .trim_start_matches("http://")
        .trim_end_matches("/api/v1");
    elsewhere
        .run(&["serve", "--listen", address])
        .await
        .fails(1, address);
    for command in [&["serve"][..], &["migrate"], &["demo"], &export] {
        binary
            .run(command)
            .await
            .fails(1, "is in use by another process");
    }
}
