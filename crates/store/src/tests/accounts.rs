//! Accounts, memberships, sessions, tokens, invitations, password resets, workspaces.

use leadline_engine::ids::{AccountId, InvitationId, SessionId, TokenId, WorkspaceId};

use super::{a_workspace, account_of, at, membership_of, unit, workspace_named};
use crate::accounts::Account;
use crate::invitations::Invitation;
use crate::pages::Newest;
use crate::sessions::Session;
use crate::testing::each_database;
use crate::tokens::ApiToken;
use crate::{accounts, invitations, memberships, password_resets, sessions, tokens, workspaces};

const FIRST: Newest = Newest {
    before: None,
    limit: 10,
};

#[tokio::test]
async fn a_workspace_comes_back_as_it_was_written_and_counts_its_schema() {
    each_database(async |db| {
        assert!(!unit!(db.read, [], |tx| workspaces::any_exists(tx)).unwrap());
        let (id, _) = a_workspace(&db).await;
        let found = unit!(db.read, [], |tx| workspaces::get(tx, id))
            .unwrap()
            .unwrap();
        assert_eq!(found, workspace_named(id, "Acme"));
        let renamed = workspaces::Workspace {
            name: "Acme Ltd".to_owned(),
            updated_at: at(1),
            ..found
        };
        unit!(db.write, [renamed], |tx| workspaces::update(tx, &renamed)).unwrap();
        assert_eq!(
            unit!(db.read, [], |tx| workspaces::list(tx, None, 10)).unwrap(),
            vec![renamed.clone()]
        );
        assert_eq!(
            unit!(db.read, [], |tx| workspaces::list(tx, Some(id), 10)).unwrap(),
            []
        );
        assert_eq!(
            unit!(db.read, [], |tx| workspaces::find_by_name(tx, "Acme Ltd")).unwrap(),
            [renamed]
        );
        assert_eq!(
            unit!(db.write, [], |tx| workspaces::lock_schema(tx, id)).unwrap(),
            Some(1)
        );
        assert_eq!(
            unit!(db.write, [], |tx| workspaces::bump_schema_version(
                tx,
                id,
                at(2)
            ))
            .unwrap(),
            at(2).micros()
        );
        assert_eq!(
            unit!(db.read, [], |tx| workspaces::schema_version(tx, id)).unwrap(),
            Some(at(2).micros())
        );
        assert_eq!(
            unit!(db.read, [], |tx| workspaces::schema_version(
                tx,
                WorkspaceId::new()
            ))
            .unwrap(),
            None
        );
        assert!(unit!(db.read, [], |tx| workspaces::any_exists(tx)).unwrap());
    })
    .await;
}

#[tokio::test]
async fn an_address_belongs_to_one_account() {
    each_database(async |db| {
        let (_, id) = a_workspace(&db).await;
        let first = account_of(id);
        let second = Account {
            id: AccountId::new(),
            ..first.clone()
        };
        let refused = unit!(db.write, [second], |tx| accounts::insert(tx, &second)).unwrap_err();
        assert!(refused.is_unique_violation_of("account"), "{refused:?}");
        let key = first.email_key.clone();
        assert_eq!(
            unit!(db.read, [key], |tx| accounts::find_by_email(tx, &key)).unwrap(),
            Some(first.clone())
        );
        let changed = Account {
            email: "Bo@Example.com".to_owned(),
            email_key: "bo@example.com".to_owned(),
            name: "Bo".to_owned(),
            disabled_at: Some(at(9)),
            updated_at: at(9),
            ..first
        };
        unit!(db.write, [changed], |tx| accounts::update(tx, &changed)).unwrap();
        assert_eq!(
            unit!(db.read, [], |tx| accounts::get(tx, id)).unwrap(),
            Some(changed)
        );
    })
    .await;
}

#[tokio::test]
async fn members_are_listed_changed_and_told_apart() {
    each_database(async |db| {
        let (workspace, ann) = a_workspace(&db).await;
        let (other, bo) = a_workspace(&db).await;
        let own = membership_of(workspace, ann);
        assert_eq!(
            unit!(db.read, [], |tx| memberships::list_of_account(tx, ann)).unwrap(),
            vec![own.clone()]
        );
        let twice = unit!(db.write, [own], |tx| memberships::insert(tx, &own)).unwrap_err();
        assert!(twice.is_unique_violation_of("membership"), "{twice:?}");
        assert_eq!(
            unit!(db.read, [], |tx| memberships::get(tx, other, ann)).unwrap(),
            None
        );
        assert_eq!(
            unit!(db.read, [], |tx| memberships::active_among(
                tx,
                workspace,
                &[ann, bo]
            ))
            .unwrap(),
            [ann]
        );
        assert_eq!(
            unit!(db.write, [], |tx| memberships::lock_active_in_role(
                tx, workspace, "owner"
            ))
            .unwrap(),
            [ann]
        );
        let disabled = memberships::Membership {
            disabled_at: Some(at(5)),
            role: "viewer".to_owned(),
            updated_at: at(5),
            ..own
        };
        unit!(db.write, [disabled], |tx| memberships::update(
            tx, &disabled
        ))
        .unwrap();
        let listed = unit!(db.read, [], |tx| memberships::list(tx, workspace, None, 10)).unwrap();
        assert_eq!(listed.len(), 1);
        assert_eq!(
            (&listed[0].membership, listed[0].name.as_str()),
            (&disabled, "Ann")
        );
        assert_eq!(
            unit!(db.read, [], |tx| memberships::active_among(
                tx,
                workspace,
                &[ann, bo]
            ))
            .unwrap(),
            []
        );
        assert_eq!(
            unit!(db.read, [], |tx| memberships::list_of_account(tx, ann)).unwrap(),
            []
        );
    })
    .await;
}

fn session(workspace_id: WorkspaceId, account_id: AccountId) -> Session {
    Session {
        id: SessionId::new(),
        account_id,
        workspace_id,
        created_at: at(0),
        last_seen_at: at(0),
        expires_at: at(100),
        user_agent: Some("test".to_owned()),
        address: None,
    }
}

#[tokio::test]
async fn a_session_serves_until_it_ends_or_access_is_taken_away() {
    each_database(async |db| {
        let (workspace, ann) = a_workspace(&db).await;
        let one = session(workspace, ann);
        unit!(db.write, [one], |tx| sessions::insert(tx, &one, b"secret")).unwrap();

        let found = unit!(db.read, [], |tx| sessions::find_signed_in(
            tx,
            b"secret",
            at(1)
        ))
        .unwrap()
        .unwrap();
        assert_eq!((found.session, found.role.as_str()), (one.clone(), "owner"));
        assert_eq!(
            unit!(db.read, [], |tx| sessions::find_signed_in(
                tx,
                b"other",
                at(1)
            ))
            .unwrap(),
            None
        );
        assert_eq!(
            unit!(db.read, [], |tx| sessions::find_signed_in(
                tx,
                b"secret",
                at(100)
            ))
            .unwrap(),
            None
        );

        let gone = memberships::Membership {
            disabled_at: Some(at(2)),
            ..membership_of(workspace, ann)
        };
        unit!(db.write, [gone], |tx| memberships::update(tx, &gone)).unwrap();
        assert_eq!(
            unit!(db.read, [], |tx| sessions::find_signed_in(
                tx,
                b"secret",
                at(1)
            ))
            .unwrap(),
            None
        );
        let back = membership_of(workspace, ann);
        unit!(db.write, [back], |tx| memberships::update(tx, &back)).unwrap();
        let off = Account {
            disabled_at: Some(at(2)),
            ..account_of(ann)
        };
        unit!(db.write, [off], |tx| accounts::update(tx, &off)).unwrap();
        assert_eq!(
            unit!(db.read, [], |tx| sessions::find_signed_in(
                tx,
                b"secret",
                at(1)
            ))
            .unwrap(),
            None
        );
    })
    .await;
}

#[tokio::test]
async fn sessions_are_listed_switched_and_ended() {
    each_database(async |db| {
        let (workspace, ann) = a_workspace(&db).await;
        let (other, bo) = a_workspace(&db).await;
        let (one, two) = (session(workspace, ann), session(workspace, ann));
        unit!(db.write, [one], |tx| sessions::insert(tx, &one, b"one")).unwrap();
        unit!(db.write, [two], |tx| sessions::insert(tx, &two, b"two")).unwrap();
        unit!(db.write, [one], |tx| sessions::touch(tx, one.id, at(7))).unwrap();
        unit!(db.write, [one], |tx| sessions::switch(tx, one.id, other)).unwrap();

        let listed = unit!(db.read, [], |tx| sessions::list(
            tx,
            ann,
            (at(8), at(-1)),
            FIRST
        ))
        .unwrap();
        let touched = Session {
            last_seen_at: at(7),
            workspace_id: other,
            ..one.clone()
        };
        assert_eq!(listed, [two.clone(), touched]);

        assert!(!unit!(db.write, [one], |tx| sessions::delete(tx, bo, one.id)).unwrap());
        assert_eq!(
            unit!(db.write, [one], |tx| sessions::delete_others(
                tx,
                ann,
                Some(one.id)
            ))
            .unwrap(),
            1
        );
        assert!(unit!(db.write, [one], |tx| sessions::delete(tx, ann, one.id)).unwrap());
        assert_eq!(
            unit!(db.write, [], |tx| sessions::expire(tx, at(0), at(0))).unwrap(),
            0
        );
        assert_eq!(
            unit!(db.read, [], |tx| sessions::list(
                tx,
                ann,
                (at(8), at(-1)),
                FIRST
            ))
            .unwrap(),
            []
        );
    })
    .await;
}

#[tokio::test]
async fn a_token_serves_until_it_ends_or_is_revoked() {
    each_database(async |db| {
        let (workspace, ann) = a_workspace(&db).await;
        let (other, bo) = a_workspace(&db).await;
        let token = ApiToken {
            id: TokenId::new(),
            workspace_id: workspace,
            account_id: ann,
            name: "sync".to_owned(),
            scopes: vec!["read".to_owned(), "write".to_owned()],
            expires_at: Some(at(50)),
            last_used_at: None,
            created_at: at(0),
        };
        unit!(db.write, [token], |tx| tokens::insert(
            tx, &token, b"secret"
        ))
        .unwrap();
        let bearer = unit!(db.read, [], |tx| tokens::find_bearer(tx, b"secret", at(1)))
            .unwrap()
            .unwrap();
        assert_eq!(
            (bearer.token, bearer.role.as_str()),
            (token.clone(), "owner")
        );
        assert_eq!(
            unit!(db.read, [], |tx| tokens::find_bearer(tx, b"secret", at(50))).unwrap(),
            None
        );
        unit!(db.write, [token], |tx| tokens::touch(
            tx,
            workspace,
            token.id,
            at(3)
        ))
        .unwrap();
        let touched = ApiToken {
            last_used_at: Some(at(3)),
            ..token.clone()
        };
        assert_eq!(
            unit!(db.read, [], |tx| tokens::list(tx, workspace, None, FIRST)).unwrap(),
            vec![touched.clone()]
        );
        assert_eq!(
            unit!(db.read, [], |tx| tokens::list(
                tx,
                workspace,
                Some(bo),
                FIRST
            ))
            .unwrap(),
            []
        );
        assert_eq!(
            unit!(db.read, [token], |tx| tokens::get(tx, workspace, token.id)).unwrap(),
            Some(touched)
        );
        assert!(!unit!(db.write, [token], |tx| tokens::delete(tx, other, token.id)).unwrap());
        assert!(
            unit!(db.write, [token], |tx| tokens::delete(
                tx, workspace, token.id
            ))
            .unwrap()
        );
        assert_eq!(
            unit!(db.read, [], |tx| tokens::find_bearer(tx, b"secret", at(1))).unwrap(),
            None
        );
    })
    .await;
}

#[tokio::test]
async fn an_invitation_is_accepted_once_and_in_time() {
    each_database(async |db| {
        let (workspace, ann) = a_workspace(&db).await;
        let invitation = Invitation {
            id: InvitationId::new(),
            workspace_id: workspace,
            email: "cy@example.com".to_owned(),
            role: "member".to_owned(),
            invited_by: ann,
            created_at: at(0),
            expires_at: at(10),
            accepted_at: None,
        };
        unit!(db.write, [invitation], |tx| invitations::insert(
            tx,
            &invitation,
            b"secret"
        ))
        .unwrap();
        assert_eq!(
            unit!(db.write, [], |tx| invitations::accept(
                tx,
                b"secret",
                at(10)
            ))
            .unwrap(),
            None
        );
        assert_eq!(
            unit!(db.read, [], |tx| invitations::find_open(
                tx,
                b"secret",
                at(9)
            ))
            .unwrap(),
            Some(invitation.clone())
        );
        let accepted = Invitation {
            accepted_at: Some(at(9)),
            ..invitation
        };
        assert_eq!(
            unit!(db.write, [], |tx| invitations::accept(tx, b"secret", at(9))).unwrap(),
            Some(accepted.clone())
        );
        assert_eq!(
            unit!(db.write, [], |tx| invitations::accept(tx, b"secret", at(9))).unwrap(),
            None
        );
        assert_eq!(
            unit!(db.read, [], |tx| invitations::list(tx, workspace, FIRST)).unwrap(),
            [accepted]
        );
    })
    .await;
}

#[tokio::test]
async fn an_invitation_is_deleted_in_its_workspace_and_only_before_it_is_accepted() {
    each_database(async |db| {
        let (workspace, ann) = a_workspace(&db).await;
        let (other, _) = a_workspace(&db).await;
        let invitation = |email: &str| Invitation {
            id: InvitationId::new(),
            workspace_id: workspace,
            email: email.to_owned(),
            role: "member".to_owned(),
            invited_by: ann,
            created_at: at(0),
            expires_at: at(10),
            accepted_at: None,
        };
        let (open, taken) = (invitation("cy@example.com"), invitation("di@example.com"));
        unit!(db.write, [open], |tx| invitations::insert(tx, &open, b"1")).unwrap();
        unit!(db.write, [taken], |tx| invitations::insert(
            tx, &taken, b"2"
        ))
        .unwrap();
        unit!(db.write, [], |tx| invitations::accept(tx, b"2", at(1))).unwrap();
        let (open, taken) = (open.id, taken.id);
        for (place, id, expected) in [
            (other, open, false),
            (workspace, taken, false),
            (workspace, open, true),
            (workspace, open, false),
        ] {
            let deleted = unit!(db.write, [], |tx| invitations::delete(tx, place, id)).unwrap();
            assert_eq!(deleted, expected);
        }
        let left = unit!(db.read, [], |tx| invitations::get(tx, workspace, taken)).unwrap();
        assert_eq!(left.map(|one| one.id), Some(taken));
        let elsewhere = unit!(db.read, [], |tx| invitations::get(tx, other, taken)).unwrap();
        assert_eq!(elsewhere, None);
    })
    .await;
}

#[tokio::test]
async fn a_password_reset_works_once_in_time_and_only_the_latest() {
    each_database(async |db| {
        let (_, ann) = a_workspace(&db).await;
        unit!(db.write, [], |tx| password_resets::insert(
            tx,
            ann,
            b"old",
            at(0),
            at(10)
        ))
        .unwrap();
        unit!(db.write, [], |tx| password_resets::insert(
            tx,
            ann,
            b"new",
            at(1),
            at(10)
        ))
        .unwrap();
        assert_eq!(
            unit!(db.write, [], |tx| password_resets::take(tx, b"old", at(2))).unwrap(),
            None
        );
        assert_eq!(
            unit!(db.write, [], |tx| password_resets::take(tx, b"new", at(10))).unwrap(),
            None
        );
        assert_eq!(
            unit!(db.write, [], |tx| password_resets::take(tx, b"new", at(2))).unwrap(),
            Some(ann)
        );
        assert_eq!(
            unit!(db.write, [], |tx| password_resets::take(tx, b"new", at(2))).unwrap(),
            None
        );
        assert_eq!(
            unit!(db.write, [], |tx| password_resets::expire(tx, at(11))).unwrap(),
            1
        );
    })
    .await;
}
