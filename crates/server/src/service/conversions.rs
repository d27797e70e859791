//! Leads that become contacts, accounts and deals: what is made or linked, and the lead's own move, in one unit of work.

mod outcome;
mod plan;

use std::sync::Arc;

use leadline_engine::{
    ids::RecordId,
    ledger::Record,
    schema::{Object, PropertyType, Schema, StageCategory},
    time::Timestamp,
    value::Value,
};
use leadline_store::{
    db::{DbError, Tx},
    ledger::records as rows,
};
use serde_json::{Map, Value as Json};

pub use outcome::{ConversionView, MatchView, PartAction, PartView};

use self::{
    outcome::Outcome,
    plan::{Plan, What},
};
use super::{
    associations,
    ctx::Ctx,
    error::ServiceError,
    records::{Action, Applied, Target, Write, apply, find_object},
    unit_of_work,
};
use crate::app::App;

/// The object whose records are converted.
const LEADS: &str = "leads";
/// The lifecycle that a conversion moves.
const STAGE: &str = "stage";
/// The stage that it moves to, if there is one of this name.
const CONVERTED: &str = "converted";
/// What the links from the lead say.
const LABEL: &str = "converted";

/// What to make of a lead.
#[derive(Debug, Clone, Default)]
pub struct Conversion {
    /// Where they work.
    pub account: Wish,
    /// The person.
    pub contact: Wish,
    /// What they may buy.
    pub deal: Wish,
    /// Values that the lead gets with its move.
    pub lead: Map<String, Json>,
    /// Since when it is so, if not from now.
    pub valid_from: Option<Timestamp>,
}

/// What is wanted of one part of a conversion.
#[derive(Debug, Clone, Default)]
pub enum Wish {
    /// What follows from the lead: the one record that matches, or a new one if there is enough to say of it.
    #[default]
    Derived,
    /// None of it.
    Nothing,
    /// This record.
    Existing(RecordId),
    /// A new one, with these values in place of those that follow from the lead.
    New(Map<String, Json>),
}

/// A part of a conversion, in the order in which they are made: later ones link to earlier ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Account,
    Contact,
    Deal,
}

impl Part {
    const ALL: [Self; 3] = [Self::Account, Self::Contact, Self::Deal];

    /// Its field in a request, and the property by which other parts link to it.
    fn name(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Contact => "contact",
            Self::Deal => "deal",
        }
    }

    fn object(self) -> &'static str {
        match self {
            Self::Account => "accounts",
            Self::Contact => "contacts",
            Self::Deal => "deals",
        }
    }

    fn wish(self, conversion: &Conversion) -> &Wish {
        match self {
            Self::Account => &conversion.account,
            Self::Contact => &conversion.contact,
            Self::Deal => &conversion.deal,
        }
    }
}

/// Converts a lead: makes or links what is wanted, links it with the lead, and moves the lead to its converted stage.
///
/// # Errors
/// `NotFound`; everything that is wrong with the parts; `ALREADY_CONVERTED`; what the lifecycle or unique values forbid. Nothing is changed then.
pub async fn convert(
    app: &App,
    ctx: &Ctx,
    (object, id): (&str, RecordId),
    conversion: &Conversion,
) -> Result<ConversionView, ServiceError> {
    require_leads(object)?;
    if let Some(view) = unit_of_work::repeated(app, ctx).await? {
        return Ok(view);
    }
    loop {
        let plan = Arc::new(Plan::new(app, ctx, id, conversion, false).await?);
        let (app_, ctx_) = (app.clone(), ctx.clone());
        let done = unit_of_work::write(app, ctx, move |tx| {
            let (app, ctx, plan) = (app_.clone(), ctx_.clone(), plan.clone());
            Box::pin(async move { carry_out(tx, &app, &ctx, &plan).await?.accepted() })
        })
        .await;
        match done {
            // The lead changed after it was read: what follows from it may be something else now.
            Err(ServiceError::Stale) => {}
            done => return done,
        }
    }
}

/// What converting the lead would do, what matches, and what is wrong: the same unit of work, undone.
///
/// # Errors
/// `NotFound`; `ALREADY_CONVERTED`.
pub async fn preview(
    app: &App,
    ctx: &Ctx,
    (object, id): (&str, RecordId),
    conversion: &Conversion,
) -> Result<ConversionView, ServiceError> {
    require_leads(object)?;
    loop {
        let plan = Arc::new(Plan::new(app, ctx, id, conversion, true).await?);
        let (app_, ctx_) = (app.clone(), ctx.clone());
        let undone: Result<(), Undone> = app
            .db
            .write(move |tx| {
                let (app, ctx, plan) = (app_.clone(), ctx_.clone(), plan.clone());
                Box::pin(async move {
                    let outcome = carry_out(tx, &app, &ctx, &plan).await?;
                    Err(Undone::Seen(Box::new(outcome.previewed(&plan)?)))
                })
            })
            .await;
        match undone {
            Err(Undone::Seen(view)) => return Ok(*view),
            Err(Undone::Refused(ServiceError::Stale)) => {}
            Err(Undone::Refused(error)) => return Err(error),
            Ok(()) => return Err(ServiceError::Internal("a preview was committed".into())),
        }
    }
}

/// Why the unit of work of a preview ends without a commit.
enum Undone {
    Seen(Box<ConversionView>),
    Refused(ServiceError),
}

impl From<ServiceError> for Undone {
    fn from(error: ServiceError) -> Self {
        Self::Refused(error)
    }
}

impl From<DbError> for Undone {
    fn from(error: DbError) -> Self {
        Self::Refused(error.into())
    }
}

fn require_leads(object: &str) -> Result<(), ServiceError> {
    if object == LEADS {
        Ok(())
    } else {
        Err(ServiceError::NotFound)
    }
}

/// Does what is planned, as far as nothing forbids it: what is refused of one part does not keep what is wrong with the others from being told.
async fn carry_out(
    tx: &mut Tx,
    app: &App,
    ctx: &Ctx,
    plan: &Plan,
) -> Result<Outcome, ServiceError> {
    // 1. Hold the schema and the lead, which must be as it was read.
    let schema = app.schemas.hold(tx, ctx.workspace).await?;
    let leads = find_object(&schema, LEADS)?;
    let locked = rows::lock_many(tx, ctx.workspace, leads, &[plan.lead]).await?;
    let lead = locked.first().ok_or(ServiceError::NotFound)?;
    if lead.version != plan.version {
        return Err(ServiceError::Stale);
    }
    let stage = converted_stage(leads)?;
    require_unconverted(lead, &stage)?;
    // 2. Make or find the parts, each linked to those before it.
    let mut outcome = Outcome::new(plan.errors.clone());
    let mut links = vec![("lead", Some(lead.id))];
    let mut parts = Vec::new();
    for planned in &plan.parts {
        let found = match (&planned.what, schema.object(planned.part.object())) {
            (What::Existing(id), Some(object)) => find_part(tx, ctx, object, *id).await?,
            (What::New(properties), Some(object)) => {
                let properties = linked(object, properties, &links);
                let write = Write {
                    valid_from: plan.valid_from,
                    ..Write::new(Target::New, Action::Set(properties))
                };
                write_one(tx, ctx, (&schema, object), write).await?
            }
            (What::Nothing, _) | (_, None) => continue,
        };
        let unlinked: Vec<&str> = links
            .iter()
            .filter(|(_, id)| id.is_none())
            .map(|(name, _)| *name)
            .collect();
        let record = outcome.note(planned.part, found, &unlinked)?;
        links.push((planned.part.name(), record.as_ref().map(|record| record.id)));
        if let (Some(record), Some(object)) = (record, schema.object(planned.part.object())) {
            parts.push((object.id, record.id));
            outcome.keep(planned, object, &record);
        }
    }
    // 3. Move the lead, and link it with what became of it.
    let mut properties = plan.lead_properties.clone();
    properties.insert(STAGE.to_owned(), Json::String(stage));
    let write = Write {
        valid_from: plan.valid_from,
        ..Write::new(Target::Id(lead.id), Action::Set(properties))
    };
    let moved = write_one(tx, ctx, (&schema, leads), write).await?;
    outcome.move_lead(leads, lead, moved)?;
    if outcome.is_accepted() {
        let at = plan.valid_from.unwrap_or_else(|| ctx.now());
        for part in parts {
            associations::link(tx, ctx, ((leads.id, lead.id), part), (LABEL, at)).await?;
        }
    }
    Ok(outcome)
}

/// The stage that a conversion moves to: the one that is called so, or the first that is won.
fn converted_stage(leads: &Object) -> Result<String, ServiceError> {
    let lifecycle = leads
        .property(STAGE)
        .filter(|property| property.is_settable() && property.kind == PropertyType::Stage);
    let stages = lifecycle.into_iter().flat_map(|property| {
        let choices = property.definition.options.iter();
        choices.filter(|choice| !choice.archived)
    });
    let is_won = |category| category == StageCategory::Won;
    let stage = stages
        .clone()
        .find(|choice| choice.value == CONVERTED)
        .or_else(|| {
            stages.into_iter().find(|choice| {
                let stage = choice.stage.as_ref();
                stage.is_some_and(|stage| is_won(stage.category))
            })
        });
    stage.map(|choice| choice.value.clone()).ok_or_else(|| {
        ServiceError::conflict(
            "NO_CONVERTED_STAGE",
            "the lifecycle of leads has no stage for converted ones: none is won",
        )
    })
}

fn require_unconverted(lead: &Record, stage: &str) -> Result<(), ServiceError> {
    let is_converted =
        matches!(lead.values.get(STAGE), Some(Value::Option(present)) if present == stage);
    if is_converted {
        Err(ServiceError::conflict(
            "ALREADY_CONVERTED",
            "the lead is converted already; it can be again once it has left that stage",
        ))
    } else {
        Ok(())
    }
}

async fn find_part(
    tx: &mut Tx,
    ctx: &Ctx,
    object: &Object,
    id: RecordId,
) -> Result<Result<Record, ServiceError>, ServiceError> {
    let record = rows::get(tx, ctx.workspace, object, id).await?;
    Ok(record.filter(|record| !record.archived).ok_or_else(|| {
        let message = format!("is no record of {}", object.name);
        ServiceError::invalid("/id", "UNKNOWN_RECORD", message)
    }))
}

async fn write_one(
    tx: &mut Tx,
    ctx: &Ctx,
    (schema, object): (&Schema, &Object),
    write: Write,
) -> Result<Result<Record, ServiceError>, ServiceError> {
    let results = apply(tx, ctx, schema, object, &[write]).await?;
    let result = results.into_iter().next();
    let result = result.ok_or_else(|| ServiceError::Internal("a write without a result".into()))?;
    Ok(result.map(|Applied { record, .. }| record))
}

/// The values of a new part with the links to those before it; what was given goes before.
fn linked(
    object: &Object,
    properties: &Map<String, Json>,
    links: &[(&'static str, Option<RecordId>)],
) -> Map<String, Json> {
    let mut properties = properties.clone();
    for (name, id) in links {
        if let Some(id) = id
            && is_link(object, name)
        {
            properties
                .entry(*name)
                .or_insert_with(|| Json::String(id.to_string()));
        }
    }
    properties
}

/// Whether the object has a link of this name to the part (or the lead) of this name.
fn is_link(object: &Object, name: &str) -> bool {
    let target = match name {
        "lead" => LEADS,
        "account" => Part::Account.object(),
        "contact" => Part::Contact.object(),
        "deal" => Part::Deal.object(),
        _ => return false,
    };
    object.property(name).is_some_and(|property| {
        property.is_settable()
            && property.kind == PropertyType::Record
            && property.definition.target_object.as_deref() == Some(target)
    })
}
