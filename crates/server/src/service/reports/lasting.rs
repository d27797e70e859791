//! Reports that are asked again and again: saved ones and those on dashboards. What they ask lasts, and its period goes with the present.

use std::sync::Arc;

use leadline_engine::{
    error::FieldError,
    schema::{Object, Schema},
    time::{MICROS_PER_SECOND, Timestamp},
};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use utoipa::ToSchema;

use super::request::{ReportBody, ReportKind, Usual, resolve};
use crate::service::records::find_object;

const DAY_MICROS: i64 = 24 * 60 * 60 * MICROS_PER_SECOND;

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

/// How a report is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReportShows {
    /// As a chart, where it has one.
    Chart,
    /// As a table.
    Table,
}

/// What a saved report or a widget asks: a report as in its own call, with a period that goes with the present in place of `from` and `to`;
/// or, of a widget, the records to count or to add up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LastingReport {
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
    /// Counts the records that entered this option of the property in the period (the widget `count`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

impl LastingReport {
    /// The object whose records it is about.
    pub(in crate::service) fn object<'s>(
        &self,
        schema: &'s Schema,
    ) -> Result<&'s Arc<Object>, FieldError> {
        find_object(schema, &self.object)
            .map_err(|_| FieldError::new("/object", "UNKNOWN_OBJECT", "must name an object"))
    }

    /// What is wrong with it as a report. Pointers begin at it.
    pub(in crate::service) fn judge(
        &self,
        kind: ReportKind,
        schema: &Schema,
        usual: &Usual,
    ) -> Vec<FieldError> {
        let object = match self.object(schema) {
            Ok(object) => object,
            Err(error) => return vec![error],
        };
        let mut errors = Vec::new();
        if self.value.is_some() {
            let message = "is not a field of this report";
            errors.push(FieldError::new("/value", "UNKNOWN_FIELD", message));
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
