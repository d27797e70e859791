//! A handler that does nothing but answer a small JSON: the most that HTTP gives on this machine. In a process of its own, as the server is.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

use axum::{Json, Router, routing::get};
use serde_json::json;

/// The process that serves it.
pub(crate) struct Process {
    pub(crate) address: String,
    child: Child,
}

impl Process {
    pub(crate) fn start() -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .env("BENCH_ROLE", "bare")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut address = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut address)
            .unwrap();
        Self {
            address: address.trim().to_owned(),
            child,
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) async fn serve() {
    let answer = json!({"id": "0197c5e8-0000-7000-8000-000000000000", "object": "leads", "version": 6, "archived": false,
        "properties": {"name": "Ada One", "email": "ada@example.com", "company": "Mill", "stage": "qualified", "city": "Utrecht"}});
    let app = Router::new().route(
        "/",
        get(move || {
            let answer = answer.clone();
            async move { Json(answer) }
        }),
    );
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    println!("{}", listener.local_addr().unwrap());
    axum::serve(listener, app).await.unwrap();
}
