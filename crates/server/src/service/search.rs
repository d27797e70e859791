//! Lists of records: filters, words, order, pages and counts, now or as of a moment; answered from timelines.

use std::{collections::HashMap, sync::Arc};

use leadline_engine::{
    filter::{Filter, Sort, Subject, parse_filter_groups, parse_sorts},
    ids::RecordId,
    ledger::Record,
    schema::{Object, Property, PropertyType, Schema},
    time::Timestamp,
};
use leadline_store::ledger::records as record_rows;
use leadline_timeline::{Cursor, Linked, Moment as At, Page, QueryError, View, needed_columns};
use serde_json::Value as Json;

use super::{
    access::Permission,
    ctx::Ctx,
    error::ServiceError,
    records::{Moment, RecordView, Selection, check_names, find_object, view_many},
    timelines::{Need, Objects},
};
use crate::app::App;

/// What is looked for.
#[derive(Debug, Clone, Default)]
pub struct Search {
    /// An OR of ANDs; `null` for everything.
    pub filter_groups: Json,
    /// Words that must all occur in the record's texts; see [`View::search`].
    pub query: Option<String>,
    /// The order; if `null`, the best answers to the query first, then the newest.
    pub sorts: Json,
    /// What to show of each record.
    pub selection: Selection,
    /// How many.
    pub limit: usize,
    /// After which.
    pub after: Option<Cursor>,
    /// Whether to count all.
    pub count: bool,
}

/// A page of records.
#[derive(Debug)]
pub struct Found {
    /// In order.
    pub records: Vec<RecordView>,
    /// Where the next page begins.
    pub next: Option<Cursor>,
    /// How many there are in all, if that was asked for.
    pub total: Option<u64>,
}

/// Records that match, in order.
///
/// # Errors
/// Everything that is wrong with filters, sorts and names.
pub async fn search(
    app: &App,
    ctx: &Ctx,
    object: &str,
    search: Search,
) -> Result<Found, ServiceError> {
    ctx.require(Permission::ReadRecords)?;
    let (schema, object) = schema_and_object(app, ctx, object).await?;
    let plan = Plan::new(&schema, &object, &search, ctx.now())?;
    let needs = needs(&object, &plan);
    let after = search.after.clone();
    let (limit, count) = (search.limit, search.count);
    let timeline_object = Arc::clone(&object);
    let question = move |objects: &Objects| {
        plan.answer(objects, &timeline_object, limit, after.as_ref(), count)
    };
    let known = search.selection.moment.recorded_as_of;
    let (page, total) = app.timelines.ask(app, ctx, needs, known, question).await?;
    let records = show(app, ctx, &object, page.ids, search.selection).await?;
    Ok(Found {
        records,
        next: page.next,
        total,
    })
}

/// What is wrong with a question; it is not asked.
///
/// # Errors
/// As [`search`].
pub async fn look(app: &App, ctx: &Ctx, object: &str, search: Search) -> Result<(), ServiceError> {
    let (schema, object) = schema_and_object(app, ctx, object).await?;
    Plan::new(&schema, &object, &search, ctx.now()).map(drop)
}

/// The records that match, in no order.
///
/// # Errors
/// Everything that is wrong with the filters.
pub async fn select(
    app: &App,
    ctx: &Ctx,
    object: &str,
    filter_groups: &Json,
    moment: Moment,
) -> Result<Vec<RecordId>, ServiceError> {
    ctx.require(Permission::ReadRecords)?;
    moment.check(ctx.now())?;
    let (schema, object) = schema_and_object(app, ctx, object).await?;
    let filter = parse_filter_groups(&schema, &object, filter_groups, "/filterGroups")
        .map_err(ServiceError::Invalid)?;
    let needs = needs_of(&object, &filter, &[], &[]);
    let at = moment.at(ctx.now());
    let question = move |objects: &Objects| {
        with_view(objects, &object, at, |view| {
            let selected = view.select(&filter).map_err(query_error)?;
            let rows = selected.iter();
            Ok(rows.filter_map(|row| view.timeline.id(row)).collect())
        })
    };
    let known = moment.recorded_as_of;
    app.timelines.ask(app, ctx, needs, known, question).await
}

/// Refuses filters that do not fit an object.
///
/// # Errors
/// Everything that is wrong with them.
pub async fn check_filter(
    app: &App,
    ctx: &Ctx,
    object: &str,
    filter_groups: &Json,
) -> Result<(), ServiceError> {
    let (schema, object) = schema_and_object(app, ctx, object).await?;
    parse_filter_groups(&schema, &object, filter_groups, "/filterGroups")
        .map(drop)
        .map_err(ServiceError::Invalid)
}

/// The workspace's schema, no older than the request, and the object of this name in it.
///
/// # Errors
/// `NotFound`.
pub async fn schema_and_object(
    app: &App,
    ctx: &Ctx,
    name: &str,
) -> Result<(Arc<Schema>, Arc<Object>), ServiceError> {
    let workspace = ctx.workspace;
    let schema = match app.schemas.cached(workspace, ctx.schema_version) {
        Some(schema) => schema,
        None => {
            let unit_app = app.clone();
            let load = app.db.read(move |tx| {
                let app = unit_app.clone();
                Box::pin(async move { app.schemas.get(tx, workspace).await })
            });
            load.await?
        }
    };
    let object = Arc::clone(find_object(&schema, name)?);
    Ok((schema, object))
}

/// Everything of other objects and of this one that a filter and sorts look at.
#[must_use]
pub fn needs_of(
    object: &Arc<Object>,
    filter: &Filter,
    sorts: &[Sort],
    also: &[Arc<Property>],
) -> Vec<Need> {
    let mut needs: Vec<Need> = vec![(Arc::clone(object), also.to_vec())];
    for needed in needed_columns(filter, sorts) {
        let owner = needed.object.unwrap_or_else(|| Arc::clone(object));
        match needs.iter_mut().find(|(known, _)| known.id == owner.id) {
            Some((_, properties)) => properties.push(needed.property),
            None => needs.push((owner, vec![needed.property])),
        }
    }
    needs
}

/// A question about timelines that could not be answered: what was needed had not been loaded, or a cursor was of another order.
#[must_use]
pub fn query_error(error: QueryError) -> ServiceError {
    match error {
        QueryError::BadCursor => {
            ServiceError::invalid("/after", "INVALID_CURSOR", "is no cursor of this list")
        }
        other => ServiceError::Internal(other.to_string()),
    }
}

struct Plan {
    filter: Filter,
    sorts: Vec<Sort>,
    /// Whether the caller chose the order: else what answers a query best comes first.
    is_sorted: bool,
    query: Option<(String, Vec<Arc<Property>>)>,
    at: At,
}

impl Plan {
    fn new(
        schema: &Schema,
        object: &Arc<Object>,
        search: &Search,
        now: Timestamp,
    ) -> Result<Self, ServiceError> {
        let selection = &search.selection;
        let mut errors = Vec::new();
        let shown = selection.properties.as_deref().unwrap_or_default();
        for checked in [
            selection.moment.check(now),
            check_names(object, "properties", shown),
            check_names(object, "propertiesWithHistory", &selection.with_history),
        ] {
            match checked {
                Err(ServiceError::Invalid(wrong)) => errors.extend(wrong),
                other => other?,
            }
        }
        let filter = parse_filter_groups(schema, object, &search.filter_groups, "/filterGroups")
            .unwrap_or_else(|wrong| {
                errors.extend(wrong);
                Filter::default()
            });
        let mut sorts =
            parse_sorts(schema, object, &search.sorts, "/sorts").unwrap_or_else(|wrong| {
                errors.extend(wrong);
                Vec::new()
            });
        errors.extend(filter.times_after(now, "/filterGroups"));
        ServiceError::if_any(errors)?;
        let is_sorted = !sorts.is_empty();
        if !is_sorted {
            sorts = vec![
                Sort {
                    subject: Subject::CreatedAt,
                    descending: true,
                },
                Sort {
                    subject: Subject::Id,
                    descending: true,
                },
            ];
        }
        let words = search
            .query
            .as_deref()
            .map(str::trim)
            .filter(|words| !words.is_empty());
        let query = words.map(|words| (words.to_owned(), searched(object)));
        let at = search.selection.moment.at(now);
        Ok(Self {
            filter,
            sorts,
            is_sorted,
            query,
            at,
        })
    }

    fn answer(
        &self,
        objects: &Objects,
        object: &Object,
        limit: usize,
        after: Option<&Cursor>,
        count: bool,
    ) -> Result<(Page, Option<u64>), ServiceError> {
        with_view(objects, object, self.at, |view| {
            let selected = view.select(&self.filter).map_err(query_error)?;
            let Some((words, properties)) = &self.query else {
                let page = view.top(&selected, &self.sorts, limit, after);
                let total = count.then(|| selected.len());
                return Ok((page.map_err(query_error)?, total));
            };
            let matches = view.search(&selected, words, properties);
            let matches = matches.map_err(query_error)?;
            let page = if self.is_sorted {
                view.top(&matches.records, &self.sorts, limit, after)
            } else {
                view.best(&matches, &self.sorts, limit, after)
            };
            let total = count.then(|| matches.records.len());
            Ok((page.map_err(query_error)?, total))
        })
    }
}

/// What `look` sees of an object at a moment.
pub fn with_view<T>(
    objects: &Objects,
    object: &Object,
    at: At,
    look: impl FnOnce(&View<'_>) -> Result<T, ServiceError>,
) -> Result<T, ServiceError> {
    let mut linked = Linked::none();
    for (id, timeline) in objects {
        linked.insert(*id, timeline);
    }
    let timeline = objects
        .get(&object.id)
        .ok_or_else(|| ServiceError::Internal("a timeline was not loaded".into()))?;
    look(&View::new(timeline, at, &linked))
}

fn needs(object: &Arc<Object>, plan: &Plan) -> Vec<Need> {
    let searched = plan
        .query
        .as_ref()
        .map(|(_, properties)| properties.as_slice())
        .unwrap_or_default();
    needs_of(object, &plan.filter, &plan.sorts, searched)
}

/// The properties whose texts `query` looks through, the one that names the record first.
fn searched(object: &Object) -> Vec<Arc<Property>> {
    let is_searched = |property: &&Arc<Property>| {
        property.is_settable() && property.kind.is_text() && property.kind != PropertyType::LongText
    };
    let mut searched: Vec<Arc<Property>> = object
        .properties
        .iter()
        .filter(is_searched)
        .map(Arc::clone)
        .collect();
    searched.sort_by_key(|property| property.name != object.definition.primary_property);
    searched
}

/// The records of a page, read from the ledger.
async fn show(
    app: &App,
    ctx: &Ctx,
    object: &Arc<Object>,
    ids: Vec<RecordId>,
    selection: Selection,
) -> Result<Vec<RecordView>, ServiceError> {
    let (shared, ctx, object, ids) = (app.clone(), ctx.clone(), object.id, Arc::new(ids));
    app.db
        .read_as(selection.reading(), move |tx| {
            let (app, ctx, ids, selection) = (
                shared.clone(),
                ctx.clone(),
                Arc::clone(&ids),
                selection.clone(),
            );
            Box::pin(async move {
                let stored = record_rows::find_many(tx, ctx.workspace, &ids).await?;
                let Some(first) = stored.first() else {
                    return Ok(Vec::new());
                };
                // Records may have values of properties that are younger than the schema of the question.
                let version = first.schema_version;
                let schema = app.schemas.of_version(tx, ctx.workspace, version).await?;
                let object = schema.object_by_id(object).ok_or(ServiceError::NotFound)?;
                let records = stored
                    .iter()
                    .filter_map(|stored| stored.of(object).transpose());
                let mut records: Vec<Record> = records.collect::<Result<_, _>>()?;
                let places: HashMap<RecordId, usize> = ids
                    .iter()
                    .enumerate()
                    .map(|(place, id)| (*id, place))
                    .collect();
                records.sort_by_key(|record| places.get(&record.id).copied());
                view_many(tx, &ctx, object, &records, &selection).await
            })
        })
        .await
}

impl Search {
    /// A plain list of an object's records.
    #[must_use]
    pub fn list(
        selection: Selection,
        limit: usize,
        after: Option<Cursor>,
        archived: Option<bool>,
    ) -> Self {
        let filter_groups = archived.map_or(Json::Null, |archived| {
            serde_json::json!([{ "filters": [{ "property": "archived", "operator": "EQ", "value": archived }] }])
        });
        Self {
            filter_groups,
            selection,
            limit,
            after,
            ..Self::default()
        }
    }

    /// The moment that is asked about.
    #[must_use]
    pub fn moment(&self) -> Moment {
        self.selection.moment
    }
}
