//! What a report is asked for, checked all at once.

use std::sync::Arc;

use jiff::tz::TimeZone;
use leadline_engine::{
    error::FieldError,
    filter::{Filter, parse_filter_groups},
    ledger::Source,
    schema::{Object, Property, PropertyType, Schema, StageCategory},
    time::{Timestamp, parse_date, parse_time_zone},
    value::Value,
};
use leadline_store::workspaces::Workspace;
use leadline_timeline::{
    Interval,
    reports::{Basis, FunnelBasis, Skipped},
};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use utoipa::ToSchema;

use crate::service::{error::ServiceError, records::Moment, working_hours::WorkingHours};

/// The reports there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ReportKind {
    /// How long values are held.
    TimeInValue,
    /// How far records get.
    Funnel,
    /// How records move.
    Flow,
    /// What became of records by when they entered.
    Cohort,
    /// How many records held each value over time.
    Trend,
    /// How many records hold each value, and what they add up to.
    Snapshot,
    /// What changed between two moments.
    Diff,
}

/// What a report is about. Fields that only some reports take say which: the others refuse them.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = ReportRequest)]
pub struct ReportBody {
    /// The object's name.
    #[schema(example = "leads")]
    pub object: String,
    /// The property whose history is asked about.
    #[schema(example = "stage")]
    pub property: String,
    /// Which records count: an OR of groups, each an AND of filters.
    #[serde(default)]
    #[schema(value_type = Vec<Object>)]
    pub filter_groups: Json,
    /// The range's beginning: a time, or a day of the time zone. All but `snapshot`, which does not look at it, need it.
    #[schema(example = "2026-01-01")]
    pub from: Option<String>,
    /// The range's end, which is out. All but `snapshot` need it.
    #[schema(example = "2026-07-01")]
    pub to: Option<String>,
    /// IANA name; the workspace's own if left out.
    #[schema(example = "Europe/Amsterdam")]
    pub time_zone: Option<String>,
    /// Also answer for each value of this property.
    #[schema(example = "owner")]
    pub group_by: Option<String>,
    /// Visits and moves that came so do not count.
    #[serde(default)]
    #[schema(example = json!(["import"]))]
    pub exclude_sources: Vec<String>,
    /// The moment as of which to answer.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub as_of: Option<Timestamp>,
    /// The moment whose knowledge to answer from.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub recorded_as_of: Option<Timestamp>,
    /// `closed` or `all` (time-in-value); `cohort` or `period` (funnel).
    #[schema(example = "closed")]
    pub basis: Option<String>,
    /// `calendar` or `working` (time-in-value): the workspace's working hours, on the clocks of the time zone.
    #[schema(example = "calendar")]
    pub clock: Option<String>,
    /// The steps (funnel, cohort); the stages that are not lost if left out.
    #[schema(example = json!(["new", "contacted", "qualified", "converted"]))]
    pub stages: Option<Vec<String>>,
    /// `count` or `drop`: what it means to reach a later step without an earlier one (funnel, cohort).
    #[schema(example = "count")]
    pub skipped: Option<String>,
    /// `hour`, `day`, `week`, `month`, `quarter` or `year` (funnel, cohort, trend).
    #[schema(example = "month")]
    pub interval: Option<String>,
    /// The properties to add up (snapshot); all amounts if left out.
    #[schema(example = json!(["amount"]))]
    pub sums: Option<Vec<String>>,
}

/// A report that can be answered.
pub(super) struct Plan {
    pub(super) kind: ReportKind,
    pub(super) property: Arc<Property>,
    pub(super) filter: Filter,
    pub(super) from: Timestamp,
    pub(super) to: Timestamp,
    pub(super) zone: TimeZone,
    pub(super) group_by: Option<Arc<Property>>,
    pub(super) exclude_sources: Vec<Source>,
    pub(super) moment: Moment,
    pub(super) now: Timestamp,
    pub(super) basis: Basis,
    pub(super) funnel_basis: FunnelBasis,
    pub(super) working_hours: Option<leadline_timeline::WorkingHours>,
    pub(super) stages: Vec<Value>,
    pub(super) skipped: Skipped,
    pub(super) interval: Option<Interval>,
    pub(super) sums: Vec<Arc<Property>>,
}

/// What holds where a report says nothing.
pub(in crate::service) struct Usual {
    /// IANA name of the workspace's zone.
    pub(in crate::service) time_zone: String,
    /// When the workspace's people work.
    pub(in crate::service) working_hours: WorkingHours,
    /// The present.
    pub(in crate::service) now: Timestamp,
}

impl Usual {
    /// What holds in a workspace.
    pub(in crate::service) fn of(
        workspace: &Workspace,
        now: Timestamp,
    ) -> Result<Self, ServiceError> {
        Ok(Self {
            time_zone: workspace.time_zone.clone(),
            working_hours: WorkingHours::of(workspace)?,
            now,
        })
    }
}

/// Checks everything, and says everything that is wrong.
pub(super) fn resolve(
    schema: &Schema,
    object: &Arc<Object>,
    kind: ReportKind,
    body: ReportBody,
    usual: &Usual,
) -> Result<Plan, ServiceError> {
    let now = usual.now;
    let mut check = Check {
        object,
        kind,
        errors: Vec::new(),
    };
    let body = check.own_fields(body);
    let zone = body.time_zone.as_deref().unwrap_or(&usual.time_zone);
    let zone = check.or(
        parse_time_zone(zone)
            .map_err(|error| at("/timeZone", "INVALID_TIME_ZONE", error.to_string())),
        TimeZone::UTC,
    );
    let filter = match parse_filter_groups(schema, object, &body.filter_groups, "/filterGroups") {
        Ok(filter) => filter,
        Err(errors) => {
            check.errors.extend(errors);
            Filter::default()
        }
    };
    check
        .errors
        .extend(filter.times_after(now, "/filterGroups"));
    let moment = Moment {
        as_of: body.as_of,
        recorded_as_of: body.recorded_as_of,
    };
    check.errors.extend(moment.errors(now));
    let property = check.property("/property", &body.property);
    let group_by = body
        .group_by
        .as_deref()
        .and_then(|name| check.property("/groupBy", name));
    let (from, to) = check.range(&body, &zone);
    let stages = check.stages(property.as_ref(), body.stages.as_deref());
    let is_funnel = kind == ReportKind::Funnel;
    let basis = check.choice(
        "/basis",
        body.basis.as_deref().filter(|_| !is_funnel),
        &[("closed", Basis::Closed), ("all", Basis::All)],
    );
    let funnel_basis = check.choice(
        "/basis",
        body.basis.as_deref().filter(|_| is_funnel),
        &[
            ("cohort", FunnelBasis::Cohort),
            ("period", FunnelBasis::Period),
        ],
    );
    let is_working = check.choice(
        "/clock",
        body.clock.as_deref(),
        &[("calendar", false), ("working", true)],
    );
    let skipped = check.choice(
        "/skipped",
        body.skipped.as_deref(),
        &[("count", Skipped::Count), ("drop", Skipped::Drop)],
    );
    let intervals = [
        ("month", Interval::Month),
        ("hour", Interval::Hour),
        ("day", Interval::Day),
        ("week", Interval::Week),
        ("quarter", Interval::Quarter),
        ("year", Interval::Year),
    ];
    let interval = check.choice("/interval", body.interval.as_deref(), &intervals);
    let needs_interval = matches!(kind, ReportKind::Cohort | ReportKind::Trend);
    let exclude_sources = check.sources(&body.exclude_sources);
    let sums = check.sums(body.sums.as_deref());
    ServiceError::if_any(check.errors)?;
    let property =
        property.ok_or_else(|| ServiceError::Internal("a report without a property".into()))?;
    Ok(Plan {
        kind,
        property,
        filter,
        from,
        to,
        working_hours: is_working.then(|| usual.working_hours.clock(&zone)),
        zone,
        group_by,
        exclude_sources,
        moment,
        now,
        basis,
        funnel_basis,
        stages,
        skipped,
        interval: (body.interval.is_some() || needs_interval).then_some(interval),
        sums,
    })
}

struct Check<'a> {
    object: &'a Arc<Object>,
    kind: ReportKind,
    errors: Vec<FieldError>,
}

impl Check<'_> {
    fn or<T>(&mut self, result: Result<T, FieldError>, instead: T) -> T {
        result.unwrap_or_else(|error| {
            self.errors.push(error);
            instead
        })
    }

    /// Refuses what only other reports take, and leaves it out.
    fn own_fields(&mut self, mut body: ReportBody) -> ReportBody {
        use ReportKind::{Cohort, Funnel, Snapshot, TimeInValue, Trend};
        self.only("/basis", &mut body.basis, &[TimeInValue, Funnel]);
        self.only("/clock", &mut body.clock, &[TimeInValue]);
        self.only("/stages", &mut body.stages, &[Funnel, Cohort]);
        self.only("/skipped", &mut body.skipped, &[Funnel, Cohort]);
        self.only("/interval", &mut body.interval, &[Funnel, Cohort, Trend]);
        self.only("/sums", &mut body.sums, &[Snapshot]);
        body
    }

    fn only<T>(&mut self, pointer: &str, field: &mut Option<T>, kinds: &[ReportKind]) {
        if !kinds.contains(&self.kind) && field.take().is_some() {
            let message = "is not a field of this report";
            self.errors.push(at(pointer, "UNKNOWN_FIELD", message));
        }
    }

    fn property(&mut self, pointer: &str, name: &str) -> Option<Arc<Property>> {
        let found = named(self.object, pointer, name);
        found.map_err(|error| self.errors.push(error)).ok()
    }

    fn range(&mut self, body: &ReportBody, zone: &TimeZone) -> (Timestamp, Timestamp) {
        let is_optional = self.kind == ReportKind::Snapshot;
        let end = |pointer: &str, text: &Option<String>, otherwise| {
            let text = match text.as_deref() {
                Some(text) => text,
                None if is_optional => return Ok(otherwise),
                None => return Err(at(pointer, "REQUIRED", "is required: a time or a day")),
            };
            let wrong = |_| {
                at(
                    pointer,
                    "INVALID_TIME",
                    "must be a time such as 2026-03-01T09:20:00Z, or a day such as 2026-03-01",
                )
            };
            match parse_date(text) {
                Ok(day) => Timestamp::from_civil(day.at(0, 0, 0, 0), zone).map_err(wrong),
                Err(_) => Timestamp::parse(text).map_err(wrong),
            }
        };
        let (least, most) = (Timestamp::MIN, Timestamp::MAX);
        let from = self.or(end("/from", &body.from, least), least);
        let to = self.or(end("/to", &body.to, most), most);
        if from > to {
            self.errors
                .push(at("/to", "INVALID_RANGE", "must not be before from"));
        }
        // A state has no range.
        if is_optional {
            return (least, most);
        }
        (from, to)
    }

    fn stages(&mut self, property: Option<&Arc<Property>>, names: Option<&[String]>) -> Vec<Value> {
        if !matches!(self.kind, ReportKind::Funnel | ReportKind::Cohort) {
            return Vec::new();
        }
        let Some(property) = property else {
            return Vec::new();
        };
        if !matches!(property.kind, PropertyType::Stage | PropertyType::Select) {
            self.errors.push(at(
                "/property",
                "INVALID_PROPERTY",
                "must be a stage or a select property: its values are the steps",
            ));
            return Vec::new();
        }
        let is_step = |choice: &&leadline_engine::schema::Choice| {
            !choice.archived
                && choice
                    .stage
                    .as_ref()
                    .is_none_or(|stage| stage.category != StageCategory::Lost)
        };
        let Some(names) = names else {
            return property
                .definition
                .options
                .iter()
                .filter(is_step)
                .map(|choice| Value::Option(choice.value.clone()))
                .collect();
        };
        for (index, name) in names.iter().enumerate() {
            if property.choice(name).is_none() {
                self.errors.push(at(
                    &format!("/stages/{index}"),
                    "INVALID_OPTION",
                    "must be one of the options",
                ));
            }
            if names[..index].contains(name) {
                self.errors.push(at(
                    &format!("/stages/{index}"),
                    "DUPLICATE",
                    "stands there twice",
                ));
            }
        }
        if names.is_empty() {
            self.errors
                .push(at("/stages", "REQUIRED", "must name at least one step"));
        }
        names
            .iter()
            .map(|name| Value::Option(name.clone()))
            .collect()
    }

    /// The first of the choices is taken when nothing is said.
    fn choice<T: Copy>(&mut self, pointer: &str, asked: Option<&str>, choices: &[(&str, T)]) -> T {
        let Some(asked) = asked else {
            return choices[0].1;
        };
        match choices.iter().find(|(name, _)| *name == asked) {
            Some((_, value)) => *value,
            None => {
                let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
                self.errors.push(at(
                    pointer,
                    "INVALID_CHOICE",
                    format!("must be one of {}", names.join(", ")),
                ));
                choices[0].1
            }
        }
    }

    fn sources(&mut self, names: &[String]) -> Vec<Source> {
        let mut sources = Vec::new();
        for (index, name) in names.iter().enumerate() {
            match Source::parse(name) {
                Some(source) => sources.push(source),
                None => self.errors.push(at(
                    &format!("/excludeSources/{index}"),
                    "INVALID_SOURCE",
                    "is no source of changes",
                )),
            }
        }
        sources
    }

    fn sums(&mut self, names: Option<&[String]>) -> Vec<Arc<Property>> {
        if self.kind != ReportKind::Snapshot {
            return Vec::new();
        }
        let (sums, errors) = summed(self.object, names);
        self.errors.extend(errors);
        sums
    }
}

/// The properties to add up, all amounts if none are named, and what is wrong with the names.
pub(in crate::service) fn summed(
    object: &Object,
    names: Option<&[String]>,
) -> (Vec<Arc<Property>>, Vec<FieldError>) {
    let Some(names) = names else {
        let is_amount = |property: &&Arc<Property>| {
            property.is_settable() && property.kind == PropertyType::Money
        };
        let amounts = object.properties.iter().filter(is_amount);
        return (amounts.map(Arc::clone).collect(), Vec::new());
    };
    let (mut found, mut errors) = (Vec::new(), Vec::new());
    for (index, name) in names.iter().enumerate() {
        let pointer = format!("/sums/{index}");
        match named(object, &pointer, name) {
            Ok(property)
                if !matches!(property.kind, PropertyType::Money | PropertyType::Number) =>
            {
                let message = "must be a number or an amount";
                errors.push(at(&pointer, "INVALID_PROPERTY", message));
            }
            Ok(property) if !found.contains(&property) => found.push(property),
            Ok(_) => errors.push(at(&pointer, "DUPLICATE", "stands there twice")),
            Err(error) => errors.push(error),
        }
    }
    (found, errors)
}

/// The object's property of a name.
pub(in crate::service) fn named(
    object: &Object,
    pointer: &str,
    name: &str,
) -> Result<Arc<Property>, FieldError> {
    let found = object.property(name).map(Arc::clone);
    let plural = &object.definition.plural_label;
    found.ok_or_else(|| {
        let message = format!("{plural} have no property {name:?}");
        at(pointer, "UNKNOWN_PROPERTY", message)
    })
}

fn at(pointer: &str, code: &'static str, message: impl Into<String>) -> FieldError {
    FieldError::new(pointer, code, message)
}
