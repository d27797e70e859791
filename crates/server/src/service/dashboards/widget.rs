//! Widgets: a figure or a report on a dashboard, and what may stand in one.

use std::sync::Arc;

use leadline_engine::{
    error::FieldError,
    filter::parse_filter_groups,
    schema::{Object, PropertyType, Schema},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::service::{
    names,
    reports::{LastingReport, ReportKind, ReportShows, Usual, named},
};

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
    pub shows: Option<ReportShows>,
    /// What it asks.
    pub report: LastingReport,
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
        let wrong = match (self.kind.report(), self.report.object(schema)) {
            (Some(kind), _) => self.report.judge(kind, schema, usual),
            (None, Ok(object)) => self.report.judge_figure(self.kind, schema, object, usual),
            (None, Err(error)) => vec![error],
        };
        errors.extend(wrong.into_iter().map(|error| error.under("/report")));
        errors
    }
}

impl LastingReport {
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
}

fn unknown(pointer: &str) -> FieldError {
    FieldError::new(pointer, "UNKNOWN_FIELD", "is not a field of this widget")
}
