//! Links between records, and their history.

use futures_util::future::join_all;
use leadline_server::service::verify;
use serde_json::{Value, json};

use crate::{
    app::{TestApp, at, each_app},
    person::Person,
};

struct Ends {
    lead: String,
    contact: String,
}

impl Ends {
    async fn of(person: &Person) -> Self {
        let lead = json!({"properties": {"name": "Ada Ltd"}});
        let contact = json!({"properties": {"last_name": "Byron"}});
        Self {
            lead: person
                .post("/objects/leads", lead)
                .await
                .status(201)
                .string("/id"),
            contact: person
                .post("/objects/contacts", contact)
                .await
                .status(201)
                .string("/id"),
        }
    }

    fn path(&self) -> String {
        format!("/objects/leads/{}/associations/contacts", self.lead)
    }

    async fn link(&self, person: &Person) -> u16 {
        let body = json!({"id": self.contact, "label": "buyer"});
        person.post(&self.path(), body).await.code
    }

    /// From the other end.
    async fn unlink(&self, person: &Person) -> u16 {
        let (lead, contact) = (&self.lead, &self.contact);
        let path = format!("/objects/contacts/{contact}/associations/leads?id={lead}&label=buyer");
        person.delete(&path).await.code
    }

    /// Since when and until when they were linked.
    async fn times(&self, person: &Person) -> Vec<(Value, Value)> {
        let path = format!("{}?history=true&limit=1000", self.path());
        let links = person.get(&path).await.status(200);
        let links = links.list("/results").iter();
        links
            .map(|link| (link["validFrom"].clone(), link["validTo"].clone()))
            .collect()
    }
}

async fn is_sound(app: &TestApp, links: u64) {
    let verified = verify::verify(&app.app().db, None, &|_, _, _| {})
        .await
        .unwrap();
    assert_eq!(verified.unwrap().links, links);
}

#[tokio::test]
async fn a_link_that_ended_stays_known_also_when_the_clock_steps_back() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let ends = Ends::of(&ann).await;
        let begun = app.now();
        assert_eq!(ends.link(&ann).await, 201);
        app.clock.step_seconds(-3_600);
        assert_eq!(ends.unlink(&ann).await, 204);
        assert_eq!(ends.unlink(&ann).await, 404);
        assert_eq!(ends.link(&ann).await, 201);
        let present = ann.get(&ends.path()).await.status(200);
        assert_eq!(present.list("/results").len(), 1);
        let times = ends.times(&ann).await;
        // It held for a microsecond at least, and was made again when it had ended.
        let ended = json!(at(&begun).plus_micros(1).to_string());
        assert_eq!(times, [(json!(begun), ended.clone()), (ended, Value::Null)]);
        is_sound(&app, 2).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn links_made_and_ended_by_many_at_once_never_overlap() {
    each_app(async |app: TestApp| {
        let ann = app.signup("ann").await;
        let node = app.second_node().await;
        let other = node.as_ref().map_or(ann.clone(), |node| node.person(&ann));
        let ends = Ends::of(&ann).await;
        let acts = (0..40).map(|number| {
            let (ends, person) = (&ends, if number % 2 == 0 { &ann } else { &other });
            async move {
                let code = match number % 4 {
                    0 | 1 => ends.link(person).await,
                    _ => ends.unlink(person).await,
                };
                assert!([201, 204, 404].contains(&code), "{code}");
            }
        });
        join_all(acts).await;
        let times = ends.times(&ann).await;
        is_sound(&app, times.len() as u64).await;
    })
    .await;
}

#[tokio::test]
async fn links_as_of_a_moment_show_nothing_later() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let before = app.clock.now().to_string();
        app.clock.step_seconds(60);
        let ends = Ends::of(&ann).await;
        app.clock.step_seconds(60);
        let without = app.clock.now().to_string();
        app.clock.step_seconds(60);
        assert_eq!(ends.link(&ann).await, 201);
        app.clock.step_seconds(60);
        let linked = app.clock.now().to_string();
        app.clock.step_seconds(60);
        assert_eq!(ends.unlink(&ann).await, 204);
        let ended = app.clock.now().to_string();
        for moment in ["asOf", "recordedAsOf"] {
            for history in [false, true] {
                let path = |at: &str| format!("{}?{moment}={at}&history={history}", ends.path());
                let links = async |at: &str| {
                    let shown = ann.get(&path(at)).await.status(200);
                    assert_eq!(shown.at(&format!("/{moment}")), &json!(at));
                    let links = shown.list("/results").iter();
                    links
                        .map(|link| link["validTo"].clone())
                        .collect::<Vec<_>>()
                };
                assert_eq!(links(&without).await, [] as [Value; 0]);
                assert_eq!(links(&linked).await, [Value::Null]);
                let after = match history {
                    true => vec![json!(ended)],
                    false => vec![],
                };
                assert_eq!(links(&ended).await, after);
                ann.get(&path(&before)).await.status(404);
            }
        }
    })
    .await;
}
