//! The stream of events: everything committed, in its order, once, to whoever may listen and as long as they may.

use std::{collections::HashSet, time::Duration};

use futures_util::future::join_all;
use leadline_server::service::{access::Role, accounts};
use reqwest::Response;
use serde_json::{Value, json};

use crate::{
    app::{Node, PASSWORD, TestApp, each_app},
    person::Person,
};

/// Longer than anything takes: a test that waits so long has failed.
const PATIENCE: Duration = Duration::from_secs(20);

/// A connection to `/events`.
struct Listening {
    response: Response,
    /// What came and was not read yet.
    buffer: String,
    /// The id that the client would come back with.
    last: String,
}

/// An event with its id.
struct Event {
    id: String,
    set: Value,
}

impl Listening {
    /// Connects, and waits for the place where the stream begins.
    async fn begin(person: &Person, path: &str) -> Self {
        let response = person.open(path).await;
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        let mut listening = Self {
            response,
            buffer: String::new(),
            last: String::new(),
        };
        let first = listening.block().await.unwrap();
        assert!(
            first.starts_with("id:") && !first.contains("data"),
            "{first}"
        );
        listening.last = field(&first, "id").unwrap();
        listening
    }

    /// The next event; `None` when the stream has ended.
    async fn next(&mut self) -> Option<Event> {
        loop {
            let block = self.block().await?;
            // Without data it is a sign of life.
            let Some(data) = field(&block, "data") else {
                continue;
            };
            assert_eq!(field(&block, "event").as_deref(), Some("change"));
            self.last = field(&block, "id").unwrap();
            return Some(Event {
                id: self.last.clone(),
                set: serde_json::from_str(&data).unwrap(),
            });
        }
    }

    async fn next_many(&mut self, count: usize) -> Vec<Event> {
        let mut events = Vec::new();
        while events.len() < count {
            events.push(self.next().await.unwrap());
        }
        events
    }

    /// Expects that nothing more comes and the server ends the stream.
    async fn ended(&mut self, why: &str) {
        if let Some(event) = self.next().await {
            panic!("{why}: the stream went on with {}", event.set);
        }
    }

    async fn block(&mut self) -> Option<String> {
        loop {
            if let Some((block, rest)) = self.buffer.split_once("\n\n") {
                let (block, rest) = (block.to_owned(), rest.to_owned());
                self.buffer = rest;
                return Some(block);
            }
            let chunk = tokio::time::timeout(PATIENCE, self.response.chunk()).await;
            let chunk = chunk
                .unwrap_or_else(|_| panic!("nothing came, and no end"))
                .unwrap()?;
            self.buffer.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }
}

fn field(block: &str, name: &str) -> Option<String> {
    let line = block.lines().find_map(|line| line.strip_prefix(name));
    line.map(|rest| rest.trim_start_matches(':').trim_start().to_owned())
}

async fn create(person: &Person, name: &str) {
    let lead = json!({"properties": {"name": name}});
    person.post("/objects/leads", lead).await.status(201);
}

fn ids(sets: &[Event]) -> Vec<String> {
    let id = |event: &Event| event.set["id"].as_str().unwrap().to_owned();
    sets.iter().map(id).collect()
}

fn names(sets: &[Event]) -> Vec<&Value> {
    sets.iter()
        .map(|event| &event.set["changes"][0]["to"])
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn events_come_in_the_order_of_commits_and_none_is_missed() {
    each_app(async |app: TestApp| {
        let ann = app.signup("ann").await;
        create(&ann, "before").await;
        let mut listening = Listening::begin(&ann, "/events").await;
        let begun = listening.last.clone();
        let elsewhere = app.second_node().await;
        let writers: Vec<_> = (0..6)
            .map(|writer| {
                let person = match &elsewhere {
                    Some(node) if writer % 2 == 0 => node.person(&ann),
                    _ => ann.clone(),
                };
                tokio::spawn(async move {
                    for number in 0..20 {
                        create(&person, &format!("{writer}.{number}")).await;
                    }
                })
            })
            .collect();
        let events = listening.next_many(120).await;
        for writer in writers {
            writer.await.unwrap();
        }
        let feed = ann
            .get(&format!("/changes?limit=1000&after={begun}"))
            .await
            .status(200);
        let order: Vec<String> = feed
            .list("/results")
            .iter()
            .map(|set| set["id"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(ids(&events), order);
        assert_eq!(order.iter().collect::<HashSet<_>>().len(), 120);
        // What one client wrote one after the other comes one after the other.
        for writer in 0..6 {
            let own = format!("{writer}.");
            let of_writer = |name: &&&Value| name.as_str().unwrap().starts_with(&own);
            let came: Vec<&Value> = names(&events).iter().filter(of_writer).copied().collect();
            let written: Vec<String> = (0..20).map(|number| format!("{own}{number}")).collect();
            assert_eq!(came, written.iter().collect::<Vec<_>>());
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_goes_on_where_its_connection_broke() {
    each_app(async |mut app: TestApp| {
        let ann = app.signup("ann").await;
        // It broke before the first event.
        let first = Listening::begin(&ann, "/events").await;
        let begun = first.last.clone();
        drop(first);
        for number in 0..6 {
            create(&ann, &format!("Lead {number}")).await;
        }
        let returned = ann.with("last-event-id", &begun);
        let mut listening = Listening::begin(&returned, "/events").await;
        let events = listening.next_many(4).await;
        assert_eq!(names(&events), ["Lead 0", "Lead 1", "Lead 2", "Lead 3"]);
        // The server stops gracefully with the stream open, and is back.
        app.restart().await;
        listening.next_many(2).await;
        listening.ended("the server stopped").await;
        // What the client saw last counts, and no parameter that its first request still carries.
        let returned = ann.with("last-event-id", &events[1].id);
        let mut again = Listening::begin(&returned, &format!("/events?after={begun}")).await;
        create(&ann, "Lead 6").await;
        let events = again.next_many(5).await;
        assert_eq!(
            names(&events),
            ["Lead 2", "Lead 3", "Lead 4", "Lead 5", "Lead 6"]
        );
        // A cursor of the feed is a place in the stream.
        let page = ann.get("/changes?limit=5").await.status(200);
        let after = page.string("/paging/next/after");
        let mut from_page = Listening::begin(&ann, &format!("/events?after={after}")).await;
        assert_eq!(names(&from_page.next_many(2).await), ["Lead 5", "Lead 6"]);
        ann.with("last-event-id", "nonsense")
            .get("/events")
            .await
            .problem(422, "INVALID_CURSOR");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_hears_of_another_workspace() {
    each_app(async |app: TestApp| {
        let (ann, eve) = (app.signup("ann").await, app.signup("eve").await);
        let mut listening = Listening::begin(&eve, "/events").await;
        create(&ann, "Ann's").await;
        create(&eve, "Eve's").await;
        assert_eq!(names(&listening.next_many(1).await), ["Eve's"]);
    })
    .await;
}

/// A way to lose the right to listen.
#[derive(Debug, Clone, Copy)]
enum Loss {
    Logout,
    SessionDeleted,
    Switch,
    PasswordChanged,
    PasswordReset,
    Demoted,
    Promoted,
    Disabled,
    TokenDeleted,
    TokenEnded,
    TokensMakerDisabled,
    SessionEnded,
}

impl Loss {
    const ALL: [Self; 12] = [
        Self::Logout,
        Self::SessionDeleted,
        Self::Switch,
        Self::PasswordChanged,
        Self::PasswordReset,
        Self::Demoted,
        Self::Promoted,
        Self::Disabled,
        Self::TokenDeleted,
        Self::TokenEnded,
        Self::TokensMakerDisabled,
        Self::SessionEnded,
    ];

    fn is_by_time(self) -> bool {
        matches!(self, Self::TokenEnded | Self::SessionEnded)
    }

    fn is_of_token(self) -> bool {
        matches!(
            self,
            Self::TokenDeleted | Self::TokenEnded | Self::TokensMakerDisabled
        )
    }
}

/// Bob, a member of Ann's workspace, listens at one node, and loses the right at another where there is one.
struct Revocation<'a> {
    app: &'a TestApp,
    elsewhere: Option<&'a Node>,
    ann: Person,
    bob: Person,
    email: String,
    home: String,
}

impl Revocation<'_> {
    async fn run(&self, loss: Loss) {
        let there = |person: &Person| match self.elsewhere {
            Some(node) => node.person(person),
            None => person.clone(),
        };
        let ends = self.app.clock.now().plus_micros(3_600_000_000).to_string();
        let body = json!({"name": "listen", "scopes": ["read"], "expiresAt": ends});
        let token = self.bob.post("/tokens", body).await.status(201);
        let listener = match loss.is_of_token() {
            true => self.bob.with_token(&token.string("/secret")),
            false => self.bob.clone(),
        };
        let mut listening = Listening::begin(&listener, "/events").await;
        create(&self.ann, "heard").await;
        assert_eq!(names(&listening.next_many(1).await), ["heard"]);
        let (ann, bob) = (there(&self.ann), there(&self.bob));
        let user = format!("/users/{}", self.bob.id);
        match loss {
            Loss::Logout => bob.post("/auth/logout", json!({})).await.status(204),
            Loss::SessionDeleted => {
                let id = bob
                    .get("/sessions")
                    .await
                    .status(200)
                    .string("/results/0/id");
                bob.delete(&format!("/sessions/{id}")).await.status(204)
            }
            Loss::Switch => {
                let home = json!({"workspaceId": self.home});
                bob.post("/auth/switch", home).await.status(200)
            }
            Loss::PasswordChanged => {
                let login = json!({"email": self.email, "password": PASSWORD});
                let other = self
                    .app
                    .visitor()
                    .post("/auth/login", login)
                    .await
                    .status(200);
                let other = there(&self.app.visitor().signed_in(&other));
                let change =
                    json!({"currentPassword": PASSWORD, "newPassword": "a new one to use"});
                other.post("/auth/password", change).await.status(204)
            }
            Loss::PasswordReset => {
                let link = accounts::password_reset_link(self.app.app(), &self.email).await;
                let link = link.unwrap();
                let token = link.split_once("#token=").unwrap().1;
                let confirm = json!({"token": token, "password": "a new one to use"});
                let path = "/auth/password-reset/confirm";
                there(&self.app.visitor())
                    .post(path, confirm)
                    .await
                    .status(202)
            }
            Loss::Demoted => ann
                .patch(&user, json!({"role": "viewer"}))
                .await
                .status(200),
            Loss::Promoted => ann.patch(&user, json!({"role": "admin"})).await.status(200),
            Loss::Disabled | Loss::TokensMakerDisabled => ann
                .patch(&user, json!({"disabled": true}))
                .await
                .status(200),
            Loss::TokenDeleted => {
                let path = format!("/tokens/{}", token.string("/id"));
                bob.delete(&path).await.status(204)
            }
            Loss::TokenEnded => {
                self.app.clock.step_seconds(3_601);
                self.ann.get("/me").await.status(200)
            }
            Loss::SessionEnded => {
                self.app.clock.step_seconds(1_000_001 * 3_600);
                self.ann.get("/me").await
            }
        };
        if !matches!(loss, Loss::SessionEnded) {
            create(&self.ann, "not heard").await;
        }
        listening.ended(&format!("{loss:?}")).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_ends_at_once_when_its_listener_loses_the_right_to_it() {
    each_app(async |app: TestApp| {
        let elsewhere = app.second_node().await;
        let run = async |loss: Loss| {
            let ann = app.signup(&format!("ann{}", loss as u8)).await;
            let name = format!("bob{}", loss as u8);
            let bob = app.signup(&name).await;
            let home = bob.workspace.clone();
            let revocation = Revocation {
                app: &app,
                elsewhere: elsewhere.as_ref(),
                email: format!("{name}@example.com"),
                bob: app.join(bob, &ann, Role::Member).await,
                home,
                ann,
            };
            revocation.run(loss).await;
        };
        let (by_time, at_once): (Vec<Loss>, Vec<Loss>) =
            Loss::ALL.into_iter().partition(|loss| loss.is_by_time());
        join_all(at_once.into_iter().map(&run)).await;
        // The time of day is everybody's.
        for loss in by_time {
            run(loss).await;
        }
    })
    .await;
}
