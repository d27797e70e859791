//! What came of a conversion: the records, or everything that forbids it.

use std::borrow::Cow;

use leadline_engine::{error::FieldError, ledger::Record, schema::Object};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use utoipa::ToSchema;

use super::{
    Part,
    plan::{Plan, Planned, What},
};
use crate::{
    http::problem::InputError,
    service::{
        error::ServiceError,
        records::{RecordView, view},
    },
};

/// What came of a conversion, or would.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Conversion)]
#[schema(example = json!({"dryRun": false, "lead": {"id": "0197b3a0-7c1e-7d52-9a41-3f5c8e2b6d10", "object": "leads", "version": 15, "createdAt": "2026-01-30T10:00:00Z", "updatedAt": "2026-02-12T08:01:13Z", "archived": false, "properties": {"name": "Ada Byron", "company": "Ada Ltd", "stage": "converted"}}, "account": {"action": "link", "record": {"id": "0197b3a1-02d7-7b6f-a5e0-6c48d1f9b327", "object": "accounts", "version": 3, "createdAt": "2025-11-03T10:00:00Z", "updatedAt": "2026-01-12T08:01:13Z", "archived": false, "properties": {"name": "Ada Ltd", "domain": "ada.example"}}, "properties": {}, "matches": []}, "contact": {"action": "create", "record": {"id": "0197b3a2-12d7-7b6f-a5e0-6c48d1f9b328", "object": "contacts", "version": 1, "createdAt": "2026-02-12T08:01:13Z", "updatedAt": "2026-02-12T08:01:13Z", "archived": false, "properties": {"first_name": "Ada", "last_name": "Byron"}}, "properties": {"first_name": "Ada", "last_name": "Byron"}, "matches": []}, "deal": {"action": "none", "record": null, "properties": {}, "matches": []}}))]
pub struct ConversionView {
    /// Whether nothing was done.
    pub dry_run: bool,
    /// The lead afterwards; in a dry run as it would be, or as it is where something is wrong.
    pub lead: RecordView,
    /// Where they work.
    pub account: PartView,
    /// The person.
    pub contact: PartView,
    /// What they may buy.
    pub deal: PartView,
    /// Of a dry run: everything for which the conversion would be refused.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<InputError>)]
    pub errors: Vec<FieldError>,
}

/// One part of a conversion.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[schema(as = ConversionPart)]
pub struct PartView {
    /// What is done.
    pub action: PartAction,
    /// The record that was made or linked; `null` for one that a dry run would make.
    pub record: Option<RecordView>,
    /// The values that a new record gets, as they follow from the lead and the request; in a dry run also where none is made.
    #[schema(value_type = std::collections::HashMap<String, serde_json::Value>, example = json!({"last_name": "Byron"}))]
    pub properties: Map<String, Json>,
    /// Of a dry run: records that could be linked, the best first.
    pub matches: Vec<MatchView>,
}

/// What a conversion does with a part.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PartAction {
    /// Makes a record.
    Create,
    /// Takes one that there is.
    Link,
    /// Nothing.
    #[default]
    None,
}

/// A record that matches the lead.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = ConversionMatch)]
pub struct MatchView {
    /// The property whose value is the same.
    #[schema(example = "domain")]
    pub by: String,
    /// The record.
    pub record: RecordView,
}

/// What a conversion has come to so far.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    lead: Option<RecordView>,
    parts: Vec<(Part, PartView)>,
    errors: Vec<FieldError>,
    /// Of the first contradiction with the present.
    conflict: Option<(Cow<'static, str>, String)>,
    is_invalid: bool,
}

impl Outcome {
    /// Nothing yet but what is wrong on the face of it.
    pub(super) fn new(errors: Vec<FieldError>) -> Self {
        Self {
            is_invalid: !errors.is_empty(),
            errors,
            ..Self::default()
        }
    }

    /// Whether nothing forbids it.
    pub(super) fn is_accepted(&self) -> bool {
        self.errors.is_empty()
    }

    /// Takes note of a part's record, or of why it is refused. That a link to a refused part is missing is no fault of this one.
    pub(super) fn note(
        &mut self,
        part: Part,
        found: Result<Record, ServiceError>,
        unlinked: &[&str],
    ) -> Result<Option<Record>, ServiceError> {
        let at = format!("/{}", part.name());
        let error = match found {
            Ok(record) => return Ok(Some(record)),
            Err(error) => error,
        };
        let begun = self.errors.len();
        self.refuse(&at, error)?;
        let excused: Vec<String> = unlinked
            .iter()
            .map(|name| format!("{at}/properties/{name}"))
            .collect();
        let mut told = 0..self.errors.len();
        self.errors.retain(|error| {
            let is_before = told.next().is_some_and(|place| place < begun);
            is_before || !excused.contains(&error.pointer)
        });
        Ok(None)
    }

    /// Keeps a part's record for the answer.
    pub(super) fn keep(&mut self, planned: &Planned, object: &Object, record: &Record) {
        let shown = PartView {
            record: Some(view(object, record, None)),
            ..planned.view()
        };
        self.parts.push((planned.part, shown));
    }

    /// Keeps the lead as it is afterwards, or takes note of why it cannot move.
    pub(super) fn move_lead(
        &mut self,
        leads: &Object,
        before: &Record,
        moved: Result<Record, ServiceError>,
    ) -> Result<(), ServiceError> {
        let shown = match moved {
            Ok(record) => view(leads, &record, None),
            Err(error) => {
                self.refuse("/lead", error)?;
                view(leads, before, None)
            }
        };
        self.lead = Some(shown);
        Ok(())
    }

    /// The answer; or everything that is wrong.
    pub(super) fn accepted(mut self) -> Result<ConversionView, ServiceError> {
        if self.is_accepted() {
            return self.view();
        }
        match self.conflict.take() {
            Some((code, detail)) if !self.is_invalid => Err(ServiceError::Conflict {
                code,
                detail,
                errors: self.errors,
            }),
            _ => Err(ServiceError::Invalid(self.errors)),
        }
    }

    /// What would be done, and what would forbid it.
    pub(super) fn previewed(mut self, plan: &Plan) -> Result<ConversionView, ServiceError> {
        let errors = std::mem::take(&mut self.errors);
        let shown = self.view()?;
        let part = |part: Part, shown: PartView| {
            let planned = plan.parts.iter().find(|planned| planned.part == part);
            planned.map_or_else(PartView::default, |planned| PartView {
                // One that would be made is not there afterwards.
                record: shown
                    .record
                    .filter(|_| matches!(planned.what, What::Existing(_))),
                matches: planned.matches.clone(),
                ..planned.view()
            })
        };
        Ok(ConversionView {
            dry_run: true,
            account: part(Part::Account, shown.account),
            contact: part(Part::Contact, shown.contact),
            deal: part(Part::Deal, shown.deal),
            errors,
            ..shown
        })
    }

    fn view(mut self) -> Result<ConversionView, ServiceError> {
        let lead = self.lead.take();
        let lead =
            lead.ok_or_else(|| ServiceError::Internal("a conversion without its lead".into()))?;
        let mut take = |part: Part| {
            let place = self.parts.iter().position(|(known, _)| *known == part);
            place.map_or_else(PartView::default, |place| self.parts.swap_remove(place).1)
        };
        let (account, contact, deal) = (take(Part::Account), take(Part::Contact), take(Part::Deal));
        Ok(ConversionView {
            dry_run: false,
            lead,
            account,
            contact,
            deal,
            errors: Vec::new(),
        })
    }

    /// What is wrong with a part is told at its place; what is not about the input ends it all.
    fn refuse(&mut self, at: &str, error: ServiceError) -> Result<(), ServiceError> {
        let errors = match error {
            ServiceError::Invalid(errors) => {
                self.is_invalid = true;
                errors
            }
            ServiceError::Conflict {
                code,
                detail,
                errors,
            } => {
                let whole = FieldError::new("", code.clone(), detail.clone());
                self.conflict.get_or_insert((code, detail));
                if errors.is_empty() {
                    vec![whole]
                } else {
                    errors
                }
            }
            other => return Err(other),
        };
        for error in errors {
            let error = if error.pointer == "/validFrom" {
                error
            } else {
                error.under(at)
            };
            if !self.errors.contains(&error) {
                self.errors.push(error);
            }
        }
        Ok(())
    }
}
