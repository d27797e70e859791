//! What is asked, and in which words the product is asked it.

use leadline_engine::time::Timestamp;
use serde_json::{Value as Json, json};

use crate::{
    data::{BEGINNING, DAY, END, STAGES, World},
    ledger::country,
    support::client::Request,
};

/// The moment a year before the end.
pub(crate) const YEAR_AGO: i64 = END - 365 * DAY;
/// What the three filters of the list select.
pub(crate) const OPEN_STAGES: [&str; 2] = ["qualified", "proposed"];
pub(crate) const COUNTRY: u32 = 7;
pub(crate) const LEAST_AMOUNT: u32 = 1_000;
/// What is looked for in texts: too short to be taken for a typo of something else.
pub(crate) const NEEDLE: &str = "kalo";
pub(crate) const WORDS: [&str; 2] = [NEEDLE, "oslo"];
/// The stage that the questions on history are about, and when it was entered.
pub(crate) const STAGE: &str = "qualified";
pub(crate) const ENTERED: (i64, i64) = (END - 90 * DAY, END - 60 * DAY);
/// Who is in it at the end for thirty days came before this.
pub(crate) const IN_SINCE: i64 = END - 30 * DAY;
pub(crate) const TREND_DAYS: i64 = 730;
/// Until when the ages on the board are measured.
pub(crate) const BOARD_UNTIL: i64 = END + DAY;
/// Leads of a page, and of a stage on the board.
pub(crate) const PAGE: usize = 50;
pub(crate) const CARDS: usize = 20;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Question {
    Page,
    PageAsOf,
    Contains,
    Words,
    Typo,
    Everywhere,
    Ever,
    Entered,
    TimeInStage,
    Board,
    CountAsOf,
    Trend,
    Flow,
    Times,
    TimesByCountry,
    Funnel,
    Cohort,
    Snapshot,
}

impl Question {
    pub(crate) const ALL: [Self; 18] = [
        Self::Page,
        Self::PageAsOf,
        Self::Contains,
        Self::Words,
        Self::Typo,
        Self::Everywhere,
        Self::Ever,
        Self::Entered,
        Self::TimeInStage,
        Self::Board,
        Self::CountAsOf,
        Self::Trend,
        Self::Flow,
        Self::Times,
        Self::TimesByCountry,
        Self::Funnel,
        Self::Cohort,
        Self::Snapshot,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Page => "page of 50, 3 filters, 2 sorts, exact count",
            Self::PageAsOf => "the same as of a year ago",
            Self::Contains => "text contains, over 4 properties",
            Self::Words => "query of two words",
            Self::Typo => "query of a word with a typo",
            Self::Everywhere => "search in all objects",
            Self::Ever => "EVER a stage",
            Self::Entered => "ENTERED a stage between",
            Self::TimeInStage => "TIME_IN_VALUE of 30 days",
            Self::Board => "board: 8 requests together",
            Self::CountAsOf => "count of a stage as of a year ago",
            Self::Trend => "trend of 730 days",
            Self::Flow => "flow with medians",
            Self::Times => "time in value, mean, median, p75, p90",
            Self::TimesByCountry => "time in value by country",
            Self::Funnel => "funnel of 6 stages by month",
            Self::Cohort => "cohorts by month",
            Self::Snapshot => "snapshot with sums",
        }
    }

    /// At most so many milliseconds.
    pub(crate) fn aim_ms(self) -> Option<f64> {
        match self {
            Self::Page => Some(6.0),
            Self::PageAsOf => Some(12.0),
            Self::Contains => Some(30.0),
            Self::Ever | Self::Entered | Self::TimeInStage => Some(15.0),
            Self::Board | Self::CountAsOf | Self::Trend | Self::Flow => Some(20.0),
            Self::Times => Some(100.0),
            Self::Funnel | Self::Cohort => Some(30.0),
            Self::Words | Self::Typo | Self::Everywhere | Self::TimesByCountry | Self::Snapshot => {
                None
            }
        }
    }

    /// Whether it is one of those that SQL shall take fifty times as long for.
    pub(crate) fn is_report(self) -> bool {
        matches!(
            self,
            Self::Trend
                | Self::Flow
                | Self::Times
                | Self::TimesByCountry
                | Self::Funnel
                | Self::Cohort
                | Self::Snapshot
        )
    }

    /// The requests, which are sent at once.
    pub(crate) fn requests(self, world: &World, token: &str) -> Vec<Request> {
        let bearer = format!("Bearer {token}");
        let asked: Vec<Request> = match self {
            Self::Everywhere => vec![Request::get(&format!("/api/v1/search?q={NEEDLE}"))],
            Self::Board => board(),
            Self::Page
            | Self::PageAsOf
            | Self::Contains
            | Self::Words
            | Self::Typo
            | Self::Ever
            | Self::Entered
            | Self::TimeInStage
            | Self::CountAsOf => vec![search(&self.search_body(world))],
            Self::Trend => vec![report("trend", &self.report_body())],
            Self::Flow => vec![report("flow", &self.report_body())],
            Self::Times | Self::TimesByCountry => {
                vec![report("time-in-value", &self.report_body())]
            }
            Self::Funnel => vec![report("funnel", &self.report_body())],
            Self::Cohort => vec![report("cohort", &self.report_body())],
            Self::Snapshot => vec![report("snapshot", &self.report_body())],
        };
        asked
            .into_iter()
            .map(|request| request.with(&bearer))
            .collect()
    }

    fn search_body(self, world: &World) -> Json {
        let sorts = json!(["-amount", "name"]);
        let page = |groups: Json| json!({"filterGroups": groups, "sorts": sorts, "limit": PAGE, "count": "exact"});
        let one = |filter: Json| page(json!([{"filters": [filter]}]));
        match self {
            Self::PageAsOf => {
                let mut body = Self::Page.search_body(world);
                body["asOf"] = time(YEAR_AGO).into();
                body
            }
            Self::Contains => {
                let contains = |name| json!({"filters": [{"property": name, "operator": "CONTAINS", "value": NEEDLE}]});
                page(json!(["name", "email", "company", "phone"].map(contains)))
            }
            Self::Words => json!({"query": WORDS.join(" "), "limit": PAGE, "count": "exact"}),
            Self::Typo => json!({"query": mistyped(world), "limit": PAGE, "count": "exact"}),
            Self::Ever => one(json!({"property": "stage", "operator": "EVER", "value": STAGE})),
            Self::Entered => one(
                json!({"property": "stage", "operator": "ENTERED", "value": STAGE, "from": time(ENTERED.0), "to": time(ENTERED.1)}),
            ),
            Self::TimeInStage => {
                // The server measures up to its own present; no lead moved within hours of the limit.
                let seconds = (Timestamp::now().micros() - IN_SINCE) / 1_000_000;
                one(
                    json!({"property": "stage", "operator": "TIME_IN_VALUE", "value": STAGE, "gte": format!("PT{seconds}S")}),
                )
            }
            Self::CountAsOf => json!({
                "filterGroups": [{"filters": [{"property": "stage", "operator": "EQ", "value": STAGE}]}],
                "limit": 1, "count": "exact", "asOf": time(YEAR_AGO),
            }),
            _ => page(json!([{"filters": [
                {"property": "stage", "operator": "IN", "values": OPEN_STAGES},
                {"property": "country", "operator": "EQ", "value": country(COUNTRY)},
                {"property": "amount", "operator": "GTE", "value": {"amount": LEAST_AMOUNT.to_string(), "currency": "EUR"}},
            ]}])),
        }
    }

    fn report_body(self) -> Json {
        let mut body = json!({"object": "leads", "property": "stage", "from": time(BEGINNING), "to": time(END), "timeZone": "UTC"});
        let fields = match self {
            Self::Trend => {
                json!({"from": time(END - TREND_DAYS * DAY), "interval": "day"})
            }
            Self::Times => json!({"basis": "all"}),
            Self::TimesByCountry => json!({"basis": "all", "groupBy": "country"}),
            Self::Funnel | Self::Cohort => json!({"stages": STAGES, "interval": "month"}),
            _ => json!({}),
        };
        for (name, value) in fields.as_object().into_iter().flatten() {
            body[name] = value.clone();
        }
        body
    }
}

/// Counts and sums, ages, and the first leads of each stage: as a browser asks for them.
fn board() -> Vec<Request> {
    let ages = json!({"object": "leads", "property": "stage", "from": time(END), "to": time(BOARD_UNTIL), "basis": "all", "timeZone": "UTC"});
    let mut asked = vec![
        report("snapshot", &json!({"object": "leads", "property": "stage"})),
        report("time-in-value", &ages),
    ];
    asked.extend(STAGES.map(|stage| {
        search(&json!({
            "filterGroups": [{"filters": [{"property": "stage", "operator": "EQ", "value": stage}]}],
            "sorts": ["-amount", "name"], "limit": CARDS,
        }))
    }));
    asked
}

/// A last name with two letters in the wrong order.
pub(crate) fn mistyped(world: &World) -> String {
    let name = world.names.get(0);
    let last = name.rsplit(' ').next().unwrap_or(name);
    let mut letters: Vec<char> = last.chars().collect();
    let middle = (letters.len() / 2..letters.len() - 1)
        .find(|&place| letters[place] != letters[place + 1])
        .unwrap();
    letters.swap(middle, middle + 1);
    letters.into_iter().collect()
}

pub(crate) fn search(body: &Json) -> Request {
    Request::json("POST", "/api/v1/objects/leads/search", &body.to_string())
}

pub(crate) fn report(kind: &str, body: &Json) -> Request {
    Request::json(
        "POST",
        &format!("/api/v1/reports/{kind}"),
        &body.to_string(),
    )
}

fn time(micros: i64) -> String {
    Timestamp::from_micros(micros).to_string()
}
