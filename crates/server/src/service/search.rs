//! Lists of records: filters, words, order, pages and counts, now or as of a moment; answered from timelines.

use std::{collections::HashMap, sync::Arc};

use leadline_engine::{
    error::FieldError,
    filter::{Filter, Sort, Subject, parse_filter_groups, parse_sorts},
    ids::{ObjectId, RecordId},
    ledger::Record,
    schema::{Object, Property, PropertyType, Schema},
    time::Timestamp,
};
use leadline_store::ledger::records as record_rows;
use leadline_timeline::{
    Cursor, Linked, Moment as At, Page, QueryError, RowSet, View, needed_columns,
};
use serde_json::Value as Json;

use super::{
    access::Permission,
    ctx::Ctx,
    error::ServiceError,
    records::{Moment, RecordView, Selection, check_names, find_object, view_many},
    timelines::{Need, Needs, Objects, Question},
};
use crate::app::App;

/// Characters of a query at most.
const LONGEST_QUERY: usize = 500;
/// Records of each object that a search in all of them shows when nothing is said, and at most.
const RECORDS_OF_EACH: usize = 5;
const MOST_OF_EACH: usize = 50;

/// What is looked for.
#[derive(Debug, Clone, Default)]
pub struct Search {
    /// An OR of ANDs; `null` for everything.
    pub filter_groups: Json,
    /// Words that must all occur in the record's texts; see [`View::search`].
    pub query: Option<String>,
    /// Only among these records, if it is not looked for in all.
    pub among: Option<Arc<Vec<RecordId>>>,
    /// Whether archived ones are looked for too, also where the filter does not ask about that.
    pub with_archived: bool,
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
    let needs = needs(&object, &plan, &[]);
    let question = PageQuestion {
        plan: Arc::new(plan),
        object: Arc::clone(&object),
        limit: search.limit,
        after: search.after.clone(),
        seen: None,
    };
    let known = search.selection.moment.recorded_as_of;
    let (page, total) = app.timelines.ask(app, ctx, needs, known, question).await?;
    let records = show(app, ctx, &object, page.ids, search.selection).await?;
    Ok(Found {
        records,
        next: page.next,
        total: search.count.then_some(total),
    })
}

/// What is looked for in all objects.
#[derive(Debug, Clone)]
pub struct Everywhere {
    /// Words that must all occur in a record's texts.
    pub query: String,
    /// The objects' names; all in use if `None`.
    pub objects: Option<Vec<String>>,
    /// How many records of each object.
    pub limit: Option<usize>,
    /// The moment that is asked about.
    pub moment: Moment,
}

/// What was found in one object.
#[derive(Debug)]
pub struct FoundIn {
    /// The object's name.
    pub object: String,
    /// How many records there are.
    pub total: u64,
    /// The best of them.
    pub records: Vec<RecordView>,
}

/// Records of all objects that answer a query, by object, best answers first. Parts of other records are found through those and not here.
///
/// # Errors
/// Everything that is wrong with the question.
pub async fn search_everywhere(
    app: &App,
    ctx: &Ctx,
    everywhere: Everywhere,
) -> Result<Vec<FoundIn>, ServiceError> {
    ctx.require(Permission::ReadRecords)?;
    let schema = schema(app, ctx).await?;
    let words = everywhere.query.trim().to_owned();
    let limit = everywhere.limit.unwrap_or(RECORDS_OF_EACH);
    let mut errors: Vec<FieldError> = wrong_query("/q", &words).into_iter().collect();
    if words.is_empty() {
        errors.push(FieldError::new("/q", "REQUIRED", "must hold a word"));
    }
    if !(1..=MOST_OF_EACH).contains(&limit) {
        let allowed = format!("must be 1 to {MOST_OF_EACH}");
        errors.push(FieldError::new("/limit", "INVALID_LIMIT", allowed));
    }
    for name in everywhere.objects.iter().flatten() {
        if find_object(&schema, name).is_err() {
            let unknown = format!("there is no object {name}");
            errors.push(FieldError::new("/objects", "UNKNOWN_OBJECT", unknown));
        }
    }
    if let Err(wrong) = everywhere.moment.check(ctx.now()) {
        errors.extend(wrong.into_field_errors());
    }
    ServiceError::if_any(errors)?;
    let is_meant = |object: &&Arc<Object>| match &everywhere.objects {
        Some(names) => names.contains(&object.name),
        None => !object.archived && !object.definition.is_part,
    };
    let objects: Vec<Arc<Object>> = schema.objects().iter().filter(is_meant).cloned().collect();
    let asked: Vec<Need> = objects
        .iter()
        .map(|object| (Arc::clone(object), searched(object)))
        .collect();
    let needs = Needs {
        asked: asked.clone(),
        linked: Vec::new(),
    };
    let question = BestQuestion {
        asked: Arc::new(asked),
        words,
        limit,
        at: everywhere.moment.at(ctx.now()),
        seen: HashMap::new(),
    };
    let known = everywhere.moment.recorded_as_of;
    let groups = app.timelines.ask(app, ctx, needs, known, question).await?;
    let mut found = Vec::with_capacity(groups.len());
    for Best {
        place, total, ids, ..
    } in groups
    {
        let object = &objects[place];
        let selection = Selection {
            moment: everywhere.moment,
            ..Selection::default()
        };
        found.push(FoundIn {
            object: object.name.clone(),
            total,
            records: show(app, ctx, object, ids, selection).await?,
        });
    }
    Ok(found)
}

/// What is wrong with a query that somebody typed.
pub(super) fn wrong_query(pointer: &str, query: &str) -> Option<FieldError> {
    let is_long = query.chars().count() > LONGEST_QUERY;
    is_long.then(|| {
        let allowed = format!("must have at most {LONGEST_QUERY} characters");
        FieldError::new(pointer, "TOO_LONG", allowed)
    })
}

fn newest_first() -> Vec<Sort> {
    [Subject::CreatedAt, Subject::Id]
        .map(|subject| Sort {
            subject,
            descending: true,
        })
        .to_vec()
}

/// What is wrong with a question; it is not asked.
///
/// # Errors
/// As [`search`].
pub async fn look(app: &App, ctx: &Ctx, object: &str, search: Search) -> Result<(), ServiceError> {
    let (schema, object) = schema_and_object(app, ctx, object).await?;
    Plan::new(&schema, &object, &search, ctx.now()).map(drop)
}

/// All records that match, in order; `limit`, `after` and `count` are not looked at.
///
/// # Errors
/// As [`search`].
pub async fn select(
    app: &App,
    ctx: &Ctx,
    object: &str,
    search: Search,
) -> Result<Vec<RecordId>, ServiceError> {
    ctx.require(Permission::ReadRecords)?;
    let (schema, object) = schema_and_object(app, ctx, object).await?;
    let plan = Plan::new(&schema, &object, &search, ctx.now())?;
    let needs = needs(&object, &plan, &[]);
    let question = PageQuestion {
        plan: Arc::new(plan),
        object,
        limit: usize::MAX,
        after: None,
        seen: None,
    };
    let known = search.selection.moment.recorded_as_of;
    let (page, _) = app.timelines.ask(app, ctx, needs, known, question).await?;
    Ok(page.ids)
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
    let schema = schema(app, ctx).await?;
    let object = Arc::clone(find_object(&schema, name)?);
    Ok((schema, object))
}

/// The workspace's schema, no older than the request.
///
/// # Errors
/// Those of the database.
pub(super) async fn schema(app: &App, ctx: &Ctx) -> Result<Arc<Schema>, ServiceError> {
    let workspace = ctx.workspace;
    if let Some(schema) = app.schemas.cached(workspace, ctx.schema_version) {
        return Ok(schema);
    }
    let shared = app.clone();
    app.db
        .read(move |tx| {
            let app = shared.clone();
            Box::pin(async move { app.schemas.get(tx, workspace).await })
        })
        .await
}

/// Everything of other objects and of this one that a filter and sorts look at.
#[must_use]
pub fn needs_of(
    object: &Arc<Object>,
    filter: &Filter,
    sorts: &[Sort],
    also: &[Arc<Property>],
) -> Needs {
    let mut asked = also.to_vec();
    let mut linked: Vec<Need> = Vec::new();
    for needed in needed_columns(filter, sorts) {
        let Some(owner) = needed.object else {
            asked.push(needed.property);
            continue;
        };
        match linked.iter_mut().find(|(known, _)| known.id == owner.id) {
            Some((_, properties)) => properties.push(needed.property),
            None => linked.push((owner, vec![needed.property])),
        }
    }
    Needs {
        asked: vec![(Arc::clone(object), asked)],
        linked,
    }
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

/// A search that can be answered.
pub(super) struct Plan {
    pub(super) filter: Filter,
    pub(super) sorts: Vec<Sort>,
    /// Whether the caller chose the order: else what answers a query best comes first.
    is_sorted: bool,
    query: Option<(String, Vec<Arc<Property>>)>,
    among: Option<Arc<Vec<RecordId>>>,
    with_archived: bool,
    pub(super) at: At,
}

impl Plan {
    /// Checks everything, and says everything that is wrong.
    pub(super) fn new(
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
        errors.extend(
            search
                .query
                .as_deref()
                .and_then(|query| wrong_query("/query", query)),
        );
        ServiceError::if_any(errors)?;
        let is_sorted = !sorts.is_empty();
        if !is_sorted {
            sorts = newest_first();
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
            among: search.among.clone(),
            with_archived: search.with_archived,
            at,
        })
    }

    /// What the filter selects of the records that are looked among.
    fn selected(&self, view: &View<'_>) -> Result<RowSet, QueryError> {
        let selected = if self.with_archived {
            view.select_with_archived(&self.filter)?
        } else {
            view.select(&self.filter)?
        };
        Ok(match &self.among {
            Some(ids) => view.among(&selected, ids),
            None => selected,
        })
    }

    /// All that is looked for.
    pub(super) fn matching(&self, view: &View<'_>) -> Result<RowSet, QueryError> {
        let selected = self.selected(view)?;
        match &self.query {
            Some((words, properties)) => Ok(view.search(&selected, words, properties)?.records),
            None => Ok(selected),
        }
    }

    /// A page of what is looked for, and how many there are in all.
    fn page(
        &self,
        view: &View<'_>,
        limit: usize,
        after: Option<&Cursor>,
    ) -> Result<(Page, u64), QueryError> {
        let selected = self.selected(view)?;
        let Some((words, properties)) = &self.query else {
            let page = view.top(&selected, &self.sorts, limit, after)?;
            return Ok((page, selected.len()));
        };
        let matches = view.search(&selected, words, properties)?;
        let page = if self.is_sorted {
            view.top(&matches.records, &self.sorts, limit, after)?
        } else {
            view.best(&matches, &self.sorts, limit, after)?
        };
        Ok((page, matches.records.len()))
    }
}

/// A page of an object's records, and how many there are in all.
#[derive(Clone)]
struct PageQuestion {
    plan: Arc<Plan>,
    object: Arc<Object>,
    limit: usize,
    after: Option<Cursor>,
    /// How many there are in the parts that were looked at.
    seen: Option<u64>,
}

impl PageQuestion {
    fn page(&self, objects: &Objects, limit: usize) -> Result<(Page, u64), ServiceError> {
        with_view(objects, &self.object, self.plan.at, |view| {
            let page = self.plan.page(view, limit, self.after.as_ref());
            page.map_err(query_error)
        })
    }
}

impl Question for PageQuestion {
    type Answer = (Page, u64);

    fn keep(&mut self, _: &Object, part: &Objects) -> Result<Vec<u32>, ServiceError> {
        // One more than the page has, which tells that there is a next one.
        let (page, total) = self.page(part, self.limit.saturating_add(1))?;
        *self.seen.get_or_insert(0) += total;
        Ok(page.rows)
    }

    fn answer(self, objects: &Objects) -> Result<(Page, u64), ServiceError> {
        let (page, total) = self.page(objects, self.limit)?;
        Ok((page, self.seen.unwrap_or(total)))
    }
}

/// The records of several objects that answer words best.
#[derive(Clone)]
struct BestQuestion {
    asked: Arc<Vec<Need>>,
    words: String,
    limit: usize,
    at: At,
    /// How many there are in the parts that were looked at, by object.
    seen: HashMap<ObjectId, u64>,
}

/// The records of one object that answer words best.
struct Best {
    /// How well the first one does.
    score: u16,
    /// The object's place among those asked for.
    place: usize,
    /// How many there are.
    total: u64,
    ids: Vec<RecordId>,
    rows: Vec<u32>,
}

impl BestQuestion {
    /// `None` if there is no record.
    fn of_object(&self, place: usize, objects: &Objects) -> Result<Option<Best>, ServiceError> {
        let (object, properties) = &self.asked[place];
        let best = |view: &View<'_>| {
            let all = view.select(&Filter::default())?;
            let matches = view.search(&all, &self.words, properties)?;
            let page = view.best(&matches, &newest_first(), self.limit, None)?;
            let first = page.rows.first().copied();
            Ok(first.map(|first| Best {
                score: matches.score(first),
                place,
                total: matches.records.len(),
                ids: page.ids,
                rows: page.rows,
            }))
        };
        with_view(objects, object, self.at, |view| {
            best(view).map_err(query_error)
        })
    }
}

impl Question for BestQuestion {
    type Answer = Vec<Best>;

    fn keep(&mut self, object: &Object, part: &Objects) -> Result<Vec<u32>, ServiceError> {
        let place = self
            .asked
            .iter()
            .position(|(asked, _)| asked.id == object.id);
        let best = match place {
            Some(place) => self.of_object(place, part)?,
            None => None,
        };
        let Some(best) = best else {
            return Ok(Vec::new());
        };
        *self.seen.entry(object.id).or_default() += best.total;
        Ok(best.rows)
    }

    fn answer(self, objects: &Objects) -> Result<Vec<Best>, ServiceError> {
        let mut all = Vec::new();
        for (place, (object, _)) in self.asked.iter().enumerate() {
            if let Some(mut best) = self.of_object(place, objects)? {
                best.total = self.seen.get(&object.id).copied().unwrap_or(best.total);
                all.push(best);
            }
        }
        all.sort_by_key(|best| (std::cmp::Reverse(best.score), best.place));
        Ok(all)
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

/// What a search looks at, with other properties of the same object.
pub(super) fn needs(object: &Arc<Object>, plan: &Plan, also: &[Arc<Property>]) -> Needs {
    let searched = plan.query.iter().flat_map(|(_, properties)| properties);
    let also: Vec<_> = searched.chain(also).cloned().collect();
    needs_of(object, &plan.filter, &plan.sorts, &also)
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

/// The records of a page, in its order, read from the ledger.
pub(super) async fn show(
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
