//! Views, dashboards, preferences and the settings of a workspace.

use leadline_engine::ids::{AccountId, DashboardId, ObjectId, ViewId, WorkspaceId, kind};
use leadline_engine::schema::{ObjectDefinition, ObjectRow};
use serde_json::json;

use super::{a_workspace, account_of, at, membership_of, unit};
use crate::db::{Db, DbError};
use crate::pages::Placed;
use crate::saved::Saved;
use crate::testing::each_database;
use crate::workspaces::Workspace;
use crate::{accounts, definitions, memberships, preferences, saved, workspaces};

type View = Saved<kind::View>;
type Dashboard = Saved<kind::Dashboard>;

const FIRST: Placed = Placed {
    archived: false,
    after: None,
    limit: 10,
};

async fn another_member(db: &Db, workspace: WorkspaceId) -> AccountId {
    let account = AccountId::new();
    let added: Result<(), DbError> = db
        .write(move |tx| {
            Box::pin(async move {
                accounts::insert(tx, &account_of(account)).await?;
                memberships::insert(tx, &membership_of(workspace, account)).await
            })
        })
        .await;
    added.unwrap();
    account
}

async fn an_object(db: &Db, workspace: WorkspaceId, name: &str) -> ObjectId {
    let object = ObjectRow {
        id: ObjectId::new(),
        name: name.to_owned(),
        definition: ObjectDefinition {
            label: name.to_owned(),
            plural_label: name.to_owned(),
            primary_property: "name".to_owned(),
            description: None,
            is_part: false,
        },
        is_builtin: false,
        archived: false,
        position: 0,
        created_at: at(0),
        updated_at: at(0),
    };
    let id = object.id;
    unit!(db.write, [object], |tx| definitions::insert_object(
        tx, workspace, &object
    ))
    .unwrap();
    id
}

fn view(object_id: ObjectId, owner_id: AccountId, position: i32, is_shared: bool) -> View {
    View {
        id: ViewId::new(),
        object_id: Some(object_id),
        owner_id,
        name: "Large".to_owned(),
        is_shared,
        definition: json!({"kind": "list", "sorts": ["-amount"]}),
        position,
        archived: false,
        version: 1,
        created_at: at(0),
        updated_at: at(0),
    }
}

#[tokio::test]
async fn views_are_read_by_their_owner_or_by_all_in_order() {
    each_database(async |db| {
        let (workspace, ann) = a_workspace(&db).await;
        let (elsewhere, eve) = a_workspace(&db).await;
        let bob = another_member(&db, workspace).await;
        let leads = an_object(&db, workspace, "leads").await;
        let deals = an_object(&db, workspace, "deals").await;
        let all = [
            view(leads, ann, 1, false),
            view(leads, bob, 0, true),
            view(deals, ann, 0, true),
        ];
        for one in &all {
            unit!(db.write, [one], |tx| saved::insert(tx, workspace, &one)).unwrap();
        }
        let [private, shared, other] = &all;
        let list = async |reader, object, page| {
            let found: Vec<View> = unit!(db.read, [], |tx| saved::list(
                tx, workspace, reader, object, page
            ))
            .unwrap();
            found
        };
        assert_eq!(
            list(ann, Some(leads), FIRST).await,
            [shared.clone(), private.clone()]
        );
        assert_eq!(
            list(bob, Some(leads), FIRST).await,
            std::slice::from_ref(shared)
        );
        let all_of_ann = list(ann, None, FIRST).await;
        assert_eq!(all_of_ann.len(), 3);
        let first = &all_of_ann[0];
        let rest = Placed {
            after: Some((first.position, first.id.uuid())),
            ..FIRST
        };
        assert_eq!(list(ann, None, rest).await, all_of_ann[1..]);
        let id = private.id;
        let get = async |workspace, reader| {
            unit!(db.read, [], |tx| saved::get(tx, workspace, reader, id)).unwrap()
        };
        assert_eq!(get(workspace, ann).await, Some(private.clone()));
        assert_eq!(get(workspace, bob).await, None);
        assert_eq!(get(elsewhere, ann).await, None);
        assert_eq!(get(elsewhere, eve).await, None);
        let archived = View {
            archived: true,
            version: 2,
            definition: json!({"kind": "board"}),
            ..other.clone()
        };
        unit!(db.write, [archived], |tx| saved::update(
            tx, workspace, &archived
        ))
        .unwrap();
        let gone = Placed {
            archived: true,
            ..FIRST
        };
        assert_eq!(list(bob, None, gone).await, [archived]);
        assert_eq!(list(bob, Some(deals), FIRST).await, []);
        let count = unit!(db.read, [], |tx| saved::count_of_owner::<kind::View>(
            tx, workspace, ann
        ));
        assert_eq!(count, Ok(2));
        let last = unit!(db.read, [], |tx| saved::last_position::<kind::View>(
            tx,
            workspace,
            Some(leads)
        ));
        assert_eq!(last, Ok(Some(1)));
    })
    .await;
}

#[tokio::test]
async fn dashboards_are_read_by_their_owner_or_by_all() {
    each_database(async |db| {
        let (workspace, ann) = a_workspace(&db).await;
        let bob = another_member(&db, workspace).await;
        let last = unit!(db.read, [], |tx| saved::last_position::<kind::Dashboard>(
            tx, workspace, None
        ));
        assert_eq!(last, Ok(None));
        let mut dashboard = Dashboard {
            id: DashboardId::new(),
            object_id: None,
            owner_id: ann,
            name: "Mondays".to_owned(),
            is_shared: false,
            definition: json!([{"kind": "funnel"}]),
            position: 4,
            archived: false,
            version: 1,
            created_at: at(0),
            updated_at: at(0),
        };
        unit!(db.write, [dashboard], |tx| saved::insert(
            tx, workspace, &dashboard
        ))
        .unwrap();
        let id = dashboard.id;
        let list = async |reader| {
            let found: Vec<Dashboard> = unit!(db.read, [], |tx| saved::list(
                tx, workspace, reader, None, FIRST
            ))
            .unwrap();
            found
        };
        assert_eq!(list(ann).await, [dashboard.clone()]);
        assert_eq!(list(bob).await, []);
        let unseen = unit!(db.write, [], |tx| saved::lock(tx, workspace, bob, id));
        assert_eq!(unseen, Ok(None));
        dashboard.is_shared = true;
        dashboard.version = 2;
        unit!(db.write, [dashboard], |tx| saved::update(
            tx, workspace, &dashboard
        ))
        .unwrap();
        assert_eq!(list(bob).await, [dashboard.clone()]);
        let seen = unit!(db.read, [], |tx| saved::get(tx, workspace, bob, id));
        assert_eq!(seen, Ok(Some(dashboard)));
        let count = unit!(db.read, [], |tx| saved::count_of_owner::<kind::Dashboard>(
            tx, workspace, ann
        ));
        assert_eq!(count, Ok(1));
        let last = unit!(db.read, [], |tx| saved::last_position::<kind::Dashboard>(
            tx, workspace, None
        ));
        assert_eq!(last, Ok(Some(4)));
    })
    .await;
}

#[tokio::test]
async fn preferences_and_settings_come_back_as_they_were_written() {
    each_database(async |db| {
        let (workspace, ann) = a_workspace(&db).await;
        let get = async || unit!(db.read, [], |tx| preferences::get(tx, workspace, ann)).unwrap();
        assert_eq!(get().await, None);
        for wish in [json!({"theme": "dark"}), json!({"theme": null})] {
            unit!(db.write, [wish], |tx| preferences::set(
                tx,
                workspace,
                ann,
                &wish,
                at(1)
            ))
            .unwrap();
            assert_eq!(get().await, Some(wish));
        }
        let found = unit!(db.write, [], |tx| workspaces::lock(tx, workspace));
        let changed = Workspace {
            working_hours: Some(json!({"shifts": [], "holidays": ["2026-12-25"]})),
            version: 2,
            ..found.unwrap().unwrap()
        };
        unit!(db.write, [changed], |tx| workspaces::update(tx, &changed)).unwrap();
        let read = unit!(db.read, [], |tx| workspaces::get(tx, workspace));
        assert_eq!(read, Ok(Some(changed)));
    })
    .await;
}
