//! The feed: pages of change sets in the order of commits, and the same as a stream of events.

use std::{
    convert::Infallible,
    time::{Duration, Instant},
};

use axum::{
    extract::State,
    http::HeaderMap,
    response::sse::{Event, KeepAlive, Sse},
};
use futures_util::Stream;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    extract::Query,
    paging::{Cursor, Paging, limit},
    problem::ProblemBody,
};
use crate::{
    app::App,
    service::{
        ctx::Ctx,
        error::ServiceError,
        feed::{self, Place},
        records::ChangeSetView,
    },
};

/// How often the feed is looked at for a stream, and whether its caller may still listen.
const TICK: Duration = Duration::from_millis(500);
/// Events read at once.
const PAGE: usize = 500;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_changes))
        .routes(routes!(stream_events))
}

#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct FeedQuery {
    /// 1 to 1,000; 100 if left out.
    limit: Option<usize>,
    /// The cursor of the page before; the beginning if left out.
    after: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct StreamQuery {
    /// A cursor of `/changes` to go on from; from now on if left out.
    after: Option<String>,
}

/// A page of the feed. Its cursor is there whenever it holds something, since the feed never ends: an empty page is the present.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"results": [{"id": "0197b3a1-02d7-7b6f-a5e0-6c48d1f9b327", "object": "leads", "recordId": "0197b3a0-7c1e-7d52-9a41-3f5c8e2b6d10", "version": 14, "recordedAt": "2026-02-12T08:01:13Z", "validFrom": "2026-02-11T09:20:00Z", "actor": {"type": "user", "id": "0197b39f-11aa-7c04-8f3e-5b1d2a907c44"}, "source": "user", "changes": [{"property": "stage", "from": "new", "to": "qualified"}]}], "paging": {"next": {"after": "WyIyMDI2LTAzLTAxIl0"}}}))]
struct Changes {
    results: Vec<ChangeSetView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    paging: Option<Paging>,
}

/// Every change set of the workspace, in the order of commits. Nothing committed late is missed.
///
/// Gives the change sets of all objects exactly once each, in an order that never changes: keep the last cursor and go on from it. A page
/// without results is the present, and the cursor before it stays good.
#[utoipa::path(get, path = "/changes", tag = "feed", params(FeedQuery),
    responses((status = 200, description = "A page of change sets", body = Changes), (status = 422, body = ProblemBody, description = "No cursor of this feed")))]
async fn list_changes(
    State(app): State<App>,
    ctx: Ctx,
    Query(query): Query<FeedQuery>,
) -> Result<axum::Json<Changes>, ServiceError> {
    let after = query
        .after
        .as_deref()
        .map(Cursor::read::<Place>)
        .transpose()?;
    let sets = feed::read(&app, &ctx, after, limit(query.limit)?).await?;
    let paging = sets
        .last()
        .map(|(place, _)| Paging::after(Cursor::write(place)));
    let results = sets.into_iter().map(|(_, set)| set).collect();
    Ok(axum::Json(Changes { results, paging }))
}

/// The feed as server-sent events, each named `change`; `Last-Event-ID` goes on where a connection broke.
///
/// Sends each change set as it is committed, in the same order as `/changes` and with the same cursors as event ids. The stream ends when the
/// session or token does, and when the role changes; after a broken connection the client goes on with `Last-Event-ID` and misses nothing.
#[utoipa::path(get, path = "/events", tag = "feed", params(StreamQuery, ("Last-Event-ID" = Option<String>, Header, description = "The last event seen")),
    responses((status = 200, description = "Change sets as they are committed", content_type = "text/event-stream", body = String, example = json!("id: WyIyMDI2LTAzLTAxIl0\nevent: change\ndata: {\"object\":\"leads\",\"version\":14,…}\n\n")), (status = 422, body = ProblemBody, description = "No cursor of this feed")))]
async fn stream_events(
    State(app): State<App>,
    ctx: Ctx,
    headers: HeaderMap,
    Query(query): Query<StreamQuery>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, ServiceError> {
    let last = headers
        .get("last-event-id")
        .and_then(|value| value.to_str().ok())
        .map(str::to_owned);
    let place = match last.or(query.after) {
        Some(text) => Cursor::read::<Place>(&text)?,
        None => feed::now(&app, &ctx).await?,
    };
    Ok(Sse::new(events(app, ctx, place)).keep_alive(KeepAlive::default()))
}

/// Ends when the server stops, the database fails, or the caller has lost the right to listen: a client comes back with the last event's id.
fn events(app: App, ctx: Ctx, mut place: Place) -> impl Stream<Item = Result<Event, Infallible>> {
    async_stream::stream! {
        // An id alone is no event: it tells the client where to go on from, should the connection break before the first change.
        yield Ok(Event::default().id(Cursor::write(&place)));
        loop {
            let commits = app.db.commits();
            let Ok(sets) = feed::read(&app, &ctx, Some(place), PAGE).await else { return };
            let is_behind = sets.len() == PAGE;
            // Asked after reading: what was committed since the caller lost the right is not among what was read.
            if !may_go_on(&app, &ctx).await {
                return;
            }
            let mut asked = Instant::now();
            for (at, set) in sets {
                // A client that is slow to take a page is asked for again in the middle of it.
                if asked.elapsed() >= TICK {
                    if !may_go_on(&app, &ctx).await {
                        return;
                    }
                    asked = Instant::now();
                }
                place = at;
                let Ok(event) = Event::default().id(Cursor::write(&at)).event("change").json_data(&set) else { return };
                yield Ok(event);
            }
            if is_behind {
                continue;
            }
            loop {
                tokio::select! {
                    () = app.stopping.cancelled() => return,
                    () = tokio::time::sleep(TICK) => {}
                }
                // Where this process sees every commit, the feed is not read while there is none.
                if commits.is_none() || app.db.commits() != commits {
                    break;
                }
                if !may_go_on(&app, &ctx).await {
                    return;
                }
            }
        }
    }
}

async fn may_go_on(app: &App, ctx: &Ctx) -> bool {
    feed::may_go_on(app, ctx).await.unwrap_or(false)
}
