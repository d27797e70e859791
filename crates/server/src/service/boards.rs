//! Boards: the records that match, by the value that they hold, with the figures and the first records of each.

use std::{collections::HashMap, sync::Arc};

use leadline_engine::{
    filter::Filter,
    schema::{ARCHIVED, Object, Property, PropertyType, Schema},
    time::Timestamp,
};
use leadline_timeline::{
    Cursor, QueryError, Window,
    drill::Drill,
    reports::{BoardColumn, Report, Sum},
};
use serde_json::Value as Json;

use super::{
    access::Permission,
    ctx::Ctx,
    error::ServiceError,
    records::RecordView,
    reports::{named, summed},
    search::{self, Search, query_error, schema_and_object, show, with_view},
    timelines::{Objects, Question},
};
use crate::app::App;

/// Records of a column that are shown when nothing is said, and at most.
const CARDS: usize = 20;
const MOST_CARDS: usize = 100;

/// What a board is made of.
#[derive(Debug, Clone, Default)]
pub struct Board {
    /// The property whose values are the columns.
    pub property: String,
    /// The properties to add up; all amounts if `None`.
    pub sums: Option<Vec<String>>,
    /// The first so many records of each column.
    pub limit: Option<usize>,
    /// Which records, in which order, and what to show of them; the limit, the cursor and the count do not matter.
    pub search: Search,
}

/// The records that hold a value.
#[derive(Debug)]
pub struct Column {
    /// The value as JSON; `null` is empty.
    pub value: Json,
    /// How many records.
    pub count: u64,
    /// What their numbers and amounts add up to, by property and currency.
    pub sums: Vec<Sum>,
    /// The median time since they came to hold the value.
    pub median_age_seconds: Option<f64>,
    /// The filter that selects them.
    pub filter: Filter,
    /// The first of them.
    pub records: Vec<RecordView>,
    /// Where a search with this filter, the same words and the same order goes on after them.
    pub next: Option<Cursor>,
}

/// The columns that have records, in the order of the property's options, the empty one first.
///
/// # Errors
/// `NotFound` for an unknown object; `Invalid` with everything that does not fit.
pub async fn board(
    app: &App,
    ctx: &Ctx,
    object: &str,
    board: Board,
) -> Result<Vec<Column>, ServiceError> {
    ctx.require(Permission::ReadRecords)?;
    let (schema, object) = schema_and_object(app, ctx, object).await?;
    let plan = Arc::new(Plan::new(&schema, &object, &board, ctx.now())?);
    let also: Vec<_> = plan.sums.iter().chain([&plan.property]).cloned().collect();
    let needs = search::needs(&object, &plan.search, &also);
    let question = BoardQuestion {
        plan: Arc::clone(&plan),
        object: Arc::clone(&object),
    };
    let selection = board.search.selection;
    let known = selection.moment.recorded_as_of;
    let columns = app.timelines.ask(app, ctx, needs, known, question).await?;
    let ids = columns.iter().flat_map(|column| column.first.ids.clone());
    let shown = show(app, ctx, &object, ids.collect(), selection).await?;
    let mut shown: HashMap<_, _> = shown.into_iter().map(|view| (view.id, view)).collect();
    let drill = plan.drill(&object);
    let columns = columns.into_iter().map(|column| {
        let filter = match &drill {
            Some(drill) => drill.holds(column.value.as_ref()),
            None => Filter::default(),
        };
        let ids = column.first.ids.iter();
        Column {
            value: leadline_engine::value::optional_json(column.value.as_ref()),
            count: column.count,
            sums: column.sums,
            median_age_seconds: column.median_age_seconds,
            filter,
            records: ids.filter_map(|id| shown.remove(&id.uuid())).collect(),
            next: column.first.next,
        }
    });
    Ok(columns.collect())
}

struct Plan {
    search: search::Plan,
    property: Arc<Property>,
    sums: Vec<Arc<Property>>,
    limit: usize,
    now: Timestamp,
}

impl Plan {
    fn new(
        schema: &Schema,
        object: &Arc<Object>,
        board: &Board,
        now: Timestamp,
    ) -> Result<Self, ServiceError> {
        let property = match named(object, "/property", &board.property) {
            Ok(property) if has_columns(property.kind) => Ok(property),
            Ok(_) => Err(ServiceError::invalid(
                "/property",
                "INVALID_PROPERTY",
                "must be a stage, a select, a boolean or a user property: its values are the columns",
            )),
            Err(error) => Err(ServiceError::Invalid(vec![error])),
        };
        let (sums, wrong_sums) = summed(object, board.sums.as_deref());
        let sums = ServiceError::if_any(wrong_sums).map(|()| sums);
        let limit = match board.limit.unwrap_or(CARDS) {
            limit @ 0..=MOST_CARDS => Ok(limit),
            _ => Err(ServiceError::invalid(
                "/limit",
                "INVALID_LIMIT",
                format!("must be 0 to {MOST_CARDS}"),
            )),
        };
        let search = search::Plan::new(schema, object, &board.search, now);
        match (property, sums, limit, search) {
            (Ok(property), Ok(sums), Ok(limit), Ok(search)) => Ok(Self {
                search,
                property,
                sums,
                limit,
                now,
            }),
            (property, sums, limit, search) => {
                let wrong = [property.err(), sums.err(), limit.err(), search.err()];
                let wrong = wrong.into_iter().flatten();
                let wrong = wrong.flat_map(ServiceError::into_field_errors).collect();
                Err(ServiceError::Invalid(wrong))
            }
        }
    }

    fn drill<'a>(&'a self, object: &'a Object) -> Option<Drill<'a>> {
        Some(Drill {
            filter: &self.search.filter,
            property: &self.property,
            archived: object.property(ARCHIVED)?,
            range: Window {
                start: Timestamp::MIN,
                end: Timestamp::MAX,
            },
            moment: self.now,
            exclude_sources: &[],
            group: None,
        })
    }
}

/// Whether a property's values are few.
pub(super) fn has_columns(kind: PropertyType) -> bool {
    matches!(
        kind,
        PropertyType::Stage | PropertyType::Select | PropertyType::Boolean | PropertyType::User
    )
}

/// The columns of a board.
#[derive(Clone)]
struct BoardQuestion {
    plan: Arc<Plan>,
    object: Arc<Object>,
}

impl BoardQuestion {
    fn seen<T>(
        &self,
        objects: &Objects,
        look: impl FnOnce(&leadline_timeline::View<'_>) -> Result<T, QueryError>,
    ) -> Result<T, ServiceError> {
        with_view(objects, &self.object, self.plan.search.at, |view| {
            look(view).map_err(query_error)
        })
    }
}

impl Question for BoardQuestion {
    type Answer = Vec<BoardColumn>;

    fn keep(&mut self, _: &Object, part: &Objects) -> Result<Vec<u32>, ServiceError> {
        // Figures depend on every record.
        self.seen(part, |view| {
            Ok(self.plan.search.matching(view)?.iter().collect())
        })
    }

    fn answer(self, objects: &Objects) -> Result<Vec<BoardColumn>, ServiceError> {
        let plan = &self.plan;
        let summed: Vec<&Property> = plan.sums.iter().map(|property| &**property).collect();
        self.seen(objects, |view| {
            let records = plan.search.matching(view)?;
            let report = Report {
                property: &plan.property,
                records: &records,
                from: Timestamp::MIN,
                to: Timestamp::MAX,
                group_by: None,
                exclude_sources: &[],
            };
            view.board(&report, &summed, &plan.search.sorts, plan.limit)
        })
    }
}
