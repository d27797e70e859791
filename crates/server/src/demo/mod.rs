//! The demonstration workspace: a sales team of five and two years of their work, made by a seeded generator.
//!
//! The same seed gives the same story; its times end with the day on which it is written. Everything goes through the one write path.

mod calendar;
mod customers;
mod dice;
mod doings;
mod leads;
mod people;
mod records;
mod team;

use leadline_engine::ledger::{Actor, ActorKind};
use leadline_store::{accounts as account_store, db::Tx, definitions, workspaces as store};

use self::{calendar::Calendar, dice::Dice, doings::Subject, records::Recorder, team::Team};
use crate::{
    app::App,
    config::Secret,
    service::{ctx::Ctx, error::ServiceError, names::email_key, passwords, secrets, workspaces},
};

/// The owner's login.
pub const EMAIL: &str = "demo@leadline.example";
/// Their password. Everyone knows it, so the demonstration is only written and served on this machine.
pub const PASSWORD: &str = "northwind-demo";
/// The workspace's name.
pub const WORKSPACE: &str = "Northwind Sales";

/// Any number; another one tells another story.
const SEED: u64 = 20_240_229;

/// Writes the demonstration workspace, whole or not at all; `false` if its owner is there already.
///
/// # Errors
/// Those of the database.
pub async fn write(app: &App) -> Result<bool, ServiceError> {
    if exists(app).await? {
        return Ok(false);
    }
    let owner_hash = passwords::hash(&Secret::new(PASSWORD)).await?;
    // The others are there to be seen, and sign in by nobody's password.
    let other_hash = passwords::hash(&secrets::random()).await?;
    let shared = app.clone();
    app.db
        .write(move |tx| {
            let (app, hashes) = (shared.clone(), (owner_hash.clone(), other_hash.clone()));
            Box::pin(async move { tell(tx, &app, hashes).await })
        })
        .await?;
    Ok(true)
}

async fn exists(app: &App) -> Result<bool, ServiceError> {
    app.db
        .read(|tx| {
            Box::pin(async move {
                let owner = account_store::find_by_email(tx, &email_key(EMAIL)).await?;
                Ok(owner.is_some())
            })
        })
        .await
}

async fn tell(tx: &mut Tx, app: &App, hashes: (String, String)) -> Result<(), ServiceError> {
    let calendar = Calendar::until(app.clock.now());
    let mut dice = Dice::new(SEED);
    let team = Team::new(calendar.beginning(), hashes);
    let owner = Actor {
        kind: ActorKind::User,
        id: Some(team.owner().uuid()),
    };
    team.add_accounts(tx).await?;
    let workspace = workspaces::create(tx, WORKSPACE, owner, calendar.beginning()).await?;
    let named = store::Workspace {
        time_zone: "Europe/Amsterdam".into(),
        ..workspace
    };
    store::update(tx, &named).await?;
    team.add_members(tx, named.id).await?;
    let schema = definitions::load(tx, named.id)
        .await?
        .ok_or(ServiceError::NotFound)?;
    let ctx = Ctx::system(named.id, app.clock.clone());
    let mut recorder = Recorder::new(tx, &ctx, &schema);
    let companies = people::companies(&mut dice);
    let products = customers::write_products(&mut recorder, &team, &calendar, &mut dice).await?;
    let leads = leads::write(&mut recorder, &team, &calendar, &companies, &mut dice).await?;
    let cast = customers::Cast {
        companies: &companies,
        leads: &leads,
        products: &products,
        team: &team,
        calendar: &calendar,
    };
    let mut subjects = customers::write(&mut recorder, &cast, &mut dice).await?;
    subjects.extend(leads.iter().map(|lead| Subject {
        object: "leads",
        id: lead.id,
        owner: lead.owner,
        begun: lead.created_at,
    }));
    let mut dice = Dice::new(SEED + 1);
    doings::write(&mut recorder, &team, &calendar, &subjects, &mut dice).await
}
