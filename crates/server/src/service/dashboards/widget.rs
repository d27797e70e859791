//! Widgets: a figure or a report on a dashboard, and what may stand in one.

use std::sync::Arc;

use leadline_engine::{
    error::FieldError,
    filter::parse_filter_groups,
    schema::{Object, PropertyType, Schema},
    time::{MICROS_PER_SECOND, Timestamp},
};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::service::{
    names,
    records::find_object,
    reports::{ReportBody, ReportKind, Usual, named, resolve},
};

const DAY_MICROS: i64 = 24 * 60 * 60 * MICROS_PER_SECOND;

/// What a widget shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum WidgetKind {
    /// How many records fit: with a period those that began in it or entered a value in it, beside the period before.
    Count,
    /// What an amount of the records that fit adds up to.
    Sum,
    /// The report of this name, as the others.
    Funnel,
    /// How long values are held.
    TimeInValue,
    /// How records move.
    Flow,
    /// What became of records by when they entered.
    Cohort,
    /// How many records held each value over time.
    Trend,
    /// How many records hold each value.
    Snapshot,
    /// What changed between two moments.
    Diff,
}

/// A stretch of time that goes with the present.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub enum Period {
    /// Seven days up to and with today.
    #[serde(rename = "7d")]
    Days7,
    /// Thirty days up to and with today.
    #[serde(rename = "30d")]
    Days30,
    /// Ninety days up to and with today.
    #[serde(rename = "90d")]
    Days90,
    /// This month and the five before.
    #[serde(rename = "6m")]
    Months6,
    /// This month and the eleven before.
    #[serde(rename = "12m")]
    Months12,
    /// This month.
    #[serde(rename = "month")]
    Month,
    /// This quarter.
    #[serde(rename = "quarter")]
    Quarter,
    /// This year.
    #[serde(rename = "year")]
    Year,
    /// The month before this one.
    #[serde(rename = "lastMonth")]
    LastMonth,
    /// The quarter before this one.
    #[serde(rename = "lastQuarter")]
    LastQuarter,
    /// The year before this one.
    #[serde(rename = "lastYear")]
    LastYear,
}

/// How a report stands on a dashboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WidgetShows {
    /// As a chart, where it has one.
    Chart,
    /// As a table.
    Table,
}

/// What a widget asks: a report as in its own call, with a period that goes with the present in place of `from` and `to`; or the records to
/// count or to add up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WidgetReport {
    /// The object's name.
    #[schema(example = "leads")]
    pub object: String,
    /// The property that is asked about; a count without a value has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "stage")]
    pub property: Option<String>,
    /// Which records.
    #[serde(default)]
    #[schema(value_type = Vec<serde_json::Value>)]
    pub filter_groups: Json,
    /// In place of `from` and `to`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<Period>,
    /// The range's beginning.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The range's end, which is out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// IANA name; the workspace's own if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// Also answer for each value of this property.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group_by: Option<String>,
    /// Visits and moves that came so do not count.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exclude_sources: Vec<String>,
    /// As in the report.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub basis: Option<String>,
    /// As in the report.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clock: Option<String>,
    /// As in the report.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stages: Option<Vec<String>>,
    /// As in the report.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skipped: Option<String>,
    /// As in the report.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interval: Option<String>,
    /// As in the report.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sums: Option<Vec<String>>,
    /// Counts the records that entered this option of the property in the period (count).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

/// A figure or a report on a dashboard. The grid has 12 columns; rows are as many as it takes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Widget {
    /// Its id, unique on the dashboard; made if left out.
    #[serde(default)]
    pub id: Option<Uuid>,
    /// What it shows.
    pub kind: WidgetKind,
    /// In place of the words that the app finds for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// A chart if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shows: Option<WidgetShows>,
    /// What it asks.
    pub report: WidgetReport,
    /// The leftmost column, from 0.
    pub x: u32,
    /// The topmost row, from 0.
    pub y: u32,
    /// Columns, 1 to 12.
    #[schema(example = 6)]
    pub w: u32,
    /// Rows, 1 to 24.
    #[schema(example = 4)]
    pub h: u32,
}

impl WidgetKind {
    fn report(self) -> Option<ReportKind> {
        match self {
            Self::Count | Self::Sum => None,
            Self::Funnel => Some(ReportKind::Funnel),
            Self::TimeInValue => Some(ReportKind::TimeInValue),
            Self::Flow => Some(ReportKind::Flow),
            Self::Cohort => Some(ReportKind::Cohort),
            Self::Trend => Some(ReportKind::Trend),
            Self::Snapshot => Some(ReportKind::Snapshot),
            Self::Diff => Some(ReportKind::Diff),
        }
    }
}

impl Widget {
    /// Whether it asks the same.
    pub(super) fn asks_as(&self, other: &Self) -> bool {
        self.kind == other.kind && self.report == other.report
    }

    /// What is wrong with its title and with what it asks. Pointers begin at the widget.
    pub(super) fn judge(&self, schema: &Schema, usual: &Usual) -> Vec<FieldError> {
        let title = self.title.as_deref();
        let mut errors: Vec<_> = title
            .and_then(|title| names::judge(title, "/title"))
            .into_iter()
            .collect();
        let Ok(object) = find_object(schema, &self.report.object) else {
            let message = "must name an object";
            errors.push(FieldError::new("/report/object", "UNKNOWN_OBJECT", message));
            return errors;
        };
        let wrong = match self.kind.report() {
            Some(kind) => self.report.judge_report(schema, object, kind, usual),
            None => self.report.judge_figure(self.kind, schema, object, usual),
        };
        errors.extend(wrong.into_iter().map(|error| error.under("/report")));
        errors
    }
}

impl WidgetReport {
    fn judge_report(
        &self,
        schema: &Schema,
        object: &Arc<Object>,
        kind: ReportKind,
        usual: &Usual,
    ) -> Vec<FieldError> {
        let mut errors = Vec::new();
        if self.value.is_some() {
            errors.push(unknown("/value"));
        }
        let body = match self.period {
            None => self.body(self.from.clone(), self.to.clone()),
            Some(_) => {
                if self.from.is_some() || self.to.is_some() {
                    let message = "cannot stand beside from and to";
                    errors.push(FieldError::new("/period", "AMBIGUOUS_PERIOD", message));
                }
                let day = |back: i64| usual.now.plus_micros(-back * DAY_MICROS).to_string();
                self.body(Some(day(2)), Some(day(1)))
            }
        };
        match resolve(schema, object, kind, body, usual) {
            Ok(_) => {}
            Err(error) => errors.extend(error.into_field_errors()),
        }
        errors
    }

    fn judge_figure(
        &self,
        kind: WidgetKind,
        schema: &Schema,
        object: &Arc<Object>,
        usual: &Usual,
    ) -> Vec<FieldError> {
        let mut errors = self.fields_of_reports();
        match parse_filter_groups(schema, object, &self.filter_groups, "/filterGroups") {
            Ok(filter) => errors.extend(filter.times_after(usual.now, "/filterGroups")),
            Err(wrong) => errors.extend(wrong),
        }
        if kind == WidgetKind::Sum {
            errors.extend(self.period.map(|_| unknown("/period")));
            errors.extend(self.value.as_ref().map(|_| unknown("/value")));
            errors.extend(self.wrong_sum(object));
        } else {
            errors.extend(self.wrong_count(object));
        }
        errors
    }

    /// What only reports take.
    fn fields_of_reports(&self) -> Vec<FieldError> {
        let given = [
            ("/from", self.from.is_some()),
            ("/to", self.to.is_some()),
            ("/timeZone", self.time_zone.is_some()),
            ("/groupBy", self.group_by.is_some()),
            ("/excludeSources", !self.exclude_sources.is_empty()),
            ("/basis", self.basis.is_some()),
            ("/clock", self.clock.is_some()),
            ("/stages", self.stages.is_some()),
            ("/skipped", self.skipped.is_some()),
            ("/interval", self.interval.is_some()),
            ("/sums", self.sums.is_some()),
        ];
        let given = given.into_iter().filter(|(_, is_given)| *is_given);
        given.map(|(pointer, _)| unknown(pointer)).collect()
    }

    fn wrong_sum(&self, object: &Object) -> Option<FieldError> {
        let name = self.property.as_deref().unwrap_or_default();
        match named(object, "/property", name) {
            Ok(property) => {
                let is_amount = property.kind == PropertyType::Money;
                let message = "must be an amount";
                (!is_amount).then(|| FieldError::new("/property", "INVALID_PROPERTY", message))
            }
            Err(error) => Some(error),
        }
    }

    fn wrong_count(&self, object: &Object) -> Option<FieldError> {
        let (Some(name), Some(value)) = (&self.property, &self.value) else {
            let lonely = [("/property", &self.property), ("/value", &self.value)];
            let given = lonely.into_iter().find(|(_, given)| given.is_some());
            let message = "needs the property and its value beside each other";
            return given.map(|(pointer, _)| FieldError::new(pointer, "REQUIRED", message));
        };
        if self.period.is_none() {
            let message = "must say in which time the value was entered";
            return Some(FieldError::new("/period", "REQUIRED", message));
        }
        match named(object, "/property", name) {
            Ok(property) => property.choice(value).is_none().then(|| {
                let message = "must be one of the options of the property";
                FieldError::new("/value", "INVALID_OPTION", message)
            }),
            Err(error) => Some(error),
        }
    }

    fn body(&self, from: Option<String>, to: Option<String>) -> ReportBody {
        ReportBody {
            object: self.object.clone(),
            property: self.property.clone().unwrap_or_default(),
            filter_groups: self.filter_groups.clone(),
            from,
            to,
            time_zone: self.time_zone.clone(),
            group_by: self.group_by.clone(),
            exclude_sources: self.exclude_sources.clone(),
            as_of: None::<Timestamp>,
            recorded_as_of: None,
            basis: self.basis.clone(),
            clock: self.clock.clone(),
            stages: self.stages.clone(),
            skipped: self.skipped.clone(),
            interval: self.interval.clone(),
            sums: self.sums.clone(),
        }
    }
}

fn unknown(pointer: &str) -> FieldError {
    FieldError::new(pointer, "UNKNOWN_FIELD", "is not a field of this widget")
}
