//! Workspaces with people, a token and twenty properties of leads, written through the store before the server starts.

use std::sync::Arc;

use leadline_engine::{
    ids::{AccountId, PropertyId, TokenId, WorkspaceId},
    ledger::{Actor, ActorKind},
    schema::{Choice, Object, Property, PropertyDefinition, PropertyType, Stage},
    time::Timestamp,
};
use leadline_server::service::{
    definition_log, error::ServiceError, names::email_key, secrets, workspaces,
};
use leadline_store::{
    accounts::{self, Account},
    db::{Db, DbConfig, Tx},
    definitions,
    memberships::{self, Membership},
    tokens::{self, ApiToken},
};
use uuid::Uuid;

use crate::{data::BEGINNING, ledger::Tenant, support::server::Database};

/// Properties of leads besides the built-in ten; the first two are filled.
const ADDED: [(&str, PropertyType); 10] = [
    ("score", PropertyType::Number),
    ("segment", PropertyType::Text),
    ("job_title", PropertyType::Text),
    ("website", PropertyType::Url),
    ("employees", PropertyType::Number),
    ("budget", PropertyType::Money),
    ("deadline", PropertyType::Date),
    ("is_partner", PropertyType::Boolean),
    ("remarks", PropertyType::LongText),
    ("called_at", PropertyType::Datetime),
];
/// The stage that the built-in lifecycle does not have, and before which it stands.
const PROPOSED: (&str, &str) = ("proposed", "converted");

/// What a workspace shall have.
#[derive(Clone, Copy)]
pub(crate) struct Plan {
    /// Its place among all workspaces.
    pub(crate) number: usize,
    pub(crate) owners: u32,
    /// Leads of each workspace.
    pub(crate) leads: usize,
}

/// The database, migrated, for filling: PostgreSQL does not look foreign keys up meanwhile, and does not wait for the disk.
pub(crate) async fn open(database: &Database) -> Db {
    let config = match &database.url {
        None => DbConfig::Sqlite {
            path: database.file(),
        },
        Some(url) => DbConfig::Postgres {
            url: format!(
                "{url}{}options=-c%20session_replication_role%3Dreplica%20-c%20synchronous_commit%3Doff",
                if url.contains('?') { '&' } else { '?' }
            ),
            max_connections: 2,
        },
    };
    let db = Db::open(config).await.unwrap();
    db.migrate().await.unwrap();
    db
}

/// Makes a workspace.
pub(crate) async fn make(db: &Db, plan: Plan) -> Tenant {
    let made: Result<Tenant, ServiceError> = db.write(move |tx| Box::pin(make_in(tx, plan))).await;
    made.unwrap()
}

/// The token of a workspace.
pub(crate) fn secret(number: usize) -> String {
    format!("leadline_bench_{number}")
}

async fn make_in(tx: &mut Tx, plan: Plan) -> Result<Tenant, ServiceError> {
    let now = Timestamp::from_micros(BEGINNING);
    let mut people = Vec::with_capacity(plan.owners as usize);
    for number in 0..plan.owners {
        let account = person(plan.number, number, now);
        accounts::insert(tx, &account).await?;
        people.push(account.id);
    }
    let actor = Actor {
        kind: ActorKind::User,
        id: Some(people[0].uuid()),
    };
    let name = format!("Bench {}", plan.number);
    let workspace = workspaces::create(tx, &name, actor, now).await?.id;
    for (number, account) in people.iter().enumerate() {
        let role = if number == 0 { "owner" } else { "member" };
        memberships::insert(tx, &membership(workspace, *account, role, now)).await?;
    }
    let token = token(workspace, people[0], now);
    tokens::insert(tx, &token, &secrets::hash(&secret(plan.number))).await?;
    add_properties(tx, workspace, actor, now).await?;
    Ok(Tenant {
        workspace,
        object: leads(tx, workspace).await?,
        owners: people.into_iter().map(AccountId::uuid).collect(),
        first: plan.number * plan.leads,
    })
}

async fn leads(tx: &mut Tx, workspace: WorkspaceId) -> Result<Arc<Object>, ServiceError> {
    let schema = definitions::load(tx, workspace).await?;
    let schema = schema.ok_or(ServiceError::NotFound)?;
    schema
        .object("leads")
        .map(Arc::clone)
        .ok_or(ServiceError::NotFound)
}

async fn add_properties(
    tx: &mut Tx,
    workspace: WorkspaceId,
    actor: Actor,
    now: Timestamp,
) -> Result<(), ServiceError> {
    let object = leads(tx, workspace).await?;
    let added: Vec<Property> = (100..)
        .zip(ADDED)
        .map(|(position, (name, kind))| Property {
            id: PropertyId::new(),
            name: name.to_owned(),
            kind,
            definition: PropertyDefinition {
                label: name.to_owned(),
                currency: (kind == PropertyType::Money).then(|| "EUR".to_owned()),
                ..PropertyDefinition::default()
            },
            is_system: false,
            is_builtin: false,
            archived: false,
            position,
            created_at: now,
            updated_at: now,
        })
        .collect();
    definitions::insert_properties(tx, workspace, object.id, &added).await?;
    let mut stage = (**object.property("stage").expect("it is built in")).clone();
    let options = &mut stage.definition.options;
    let place = options.iter().position(|option| option.value == PROPOSED.1);
    let proposed = Choice {
        value: PROPOSED.0.to_owned(),
        label: "Proposed".to_owned(),
        color: Some("pink".to_owned()),
        archived: false,
        stage: Some(Stage::default()),
    };
    options.insert(place.expect("it is built in"), proposed);
    definitions::update_property(tx, workspace, &stage).await?;
    let changes: Result<Vec<_>, _> = added
        .iter()
        .chain([&stage])
        .map(|property| definition_log::of_property(object.id, property, actor))
        .collect();
    definitions::append_changes(tx, workspace, &changes?).await?;
    Ok(())
}

fn person(workspace: usize, number: u32, now: Timestamp) -> Account {
    let email = format!("person{number}@bench{workspace}.example");
    Account {
        id: AccountId::from(Uuid::now_v7()),
        email_key: email_key(&email),
        email,
        name: format!("Person {number}"),
        // Nobody signs in.
        password_hash: "-".to_owned(),
        created_at: now,
        updated_at: now,
        disabled_at: None,
    }
}

fn membership(
    workspace_id: WorkspaceId,
    account_id: AccountId,
    role: &str,
    now: Timestamp,
) -> Membership {
    Membership {
        workspace_id,
        account_id,
        role: role.to_owned(),
        created_at: now,
        updated_at: now,
        disabled_at: None,
    }
}

fn token(workspace_id: WorkspaceId, account_id: AccountId, now: Timestamp) -> ApiToken {
    ApiToken {
        id: TokenId::new(),
        workspace_id,
        account_id,
        name: "bench".to_owned(),
        scopes: vec!["read".to_owned(), "write".to_owned()],
        expires_at: None,
        last_used_at: None,
        created_at: now,
    }
}
