//! Definitions and their history.

use leadline_engine::ids::{ObjectId, PropertyId, WorkspaceId};
use leadline_engine::ledger::{Actor, ActorKind};
use leadline_engine::schema::{
    ObjectDefinition, ObjectRow, Property, PropertyDefinition, PropertyType,
};
use serde_json::json;
use uuid::Uuid;

use super::{a_workspace, at, unit};
use crate::definitions::{self, DefinitionChange};
use crate::testing::each_database;

pub(super) fn an_object(name: &str) -> ObjectRow {
    ObjectRow {
        id: ObjectId::new(),
        name: name.to_owned(),
        definition: ObjectDefinition {
            label: "Lead".to_owned(),
            plural_label: "Leads".to_owned(),
            primary_property: "name".to_owned(),
            description: None,
            is_part: false,
        },
        is_builtin: true,
        archived: false,
        position: 1,
        created_at: at(0),
        updated_at: at(0),
    }
}

pub(super) fn a_property(name: &str, kind: PropertyType) -> Property {
    Property {
        id: PropertyId::new(),
        name: name.to_owned(),
        kind,
        definition: PropertyDefinition {
            label: name.to_uppercase(),
            default: Some(json!(1.50)),
            ..PropertyDefinition::default()
        },
        is_system: false,
        is_builtin: true,
        archived: false,
        position: 3,
        created_at: at(0),
        updated_at: at(0),
    }
}

#[tokio::test]
async fn a_schema_comes_back_as_it_was_written() {
    each_database(async |db| {
        let (workspace, _) = a_workspace(&db).await;
        let (mut object, mut property) =
            (an_object("leads"), a_property("size", PropertyType::Number));
        let id = object.id;
        unit!(db.write, [object], |tx| definitions::insert_object(
            tx, workspace, &object
        ))
        .unwrap();
        unit!(db.write, [property], |tx| definitions::insert_properties(
            tx,
            workspace,
            id,
            std::slice::from_ref(&property)
        ))
        .unwrap();

        object.definition.label = "Prospect".to_owned();
        object.archived = true;
        property.definition.required = true;
        property.position = 9;
        unit!(db.write, [object], |tx| definitions::update_object(
            tx, workspace, &object
        ))
        .unwrap();
        unit!(db.write, [property], |tx| definitions::update_property(
            tx, workspace, &property
        ))
        .unwrap();

        let schema = unit!(db.snapshot, [], |tx| definitions::load(tx, workspace))
            .unwrap()
            .unwrap();
        let loaded = schema.object("leads").unwrap();
        assert_eq!(schema.version, 1);
        assert_eq!(
            (loaded.id, &loaded.definition, loaded.archived),
            (id, &object.definition, true)
        );
        assert_eq!(**loaded.property("size").unwrap(), property);
        assert!(
            unit!(db.read, [], |tx| definitions::load(tx, WorkspaceId::new()))
                .unwrap()
                .is_none()
        );
    })
    .await;
}

#[tokio::test]
async fn a_name_is_given_once() {
    each_database(async |db| {
        let (workspace, _) = a_workspace(&db).await;
        let (other, _) = a_workspace(&db).await;
        let (one, two) = (an_object("leads"), an_object("leads"));
        unit!(db.write, [one], |tx| definitions::insert_object(
            tx, workspace, &one
        ))
        .unwrap();
        let refused = unit!(db.write, [two], |tx| definitions::insert_object(
            tx, workspace, &two
        ))
        .unwrap_err();
        assert!(refused.is_unique_violation_of("object"), "{refused:?}");
        unit!(db.write, [two], |tx| definitions::insert_object(
            tx, other, &two
        ))
        .unwrap();
        let both = [
            a_property("size", PropertyType::Number),
            a_property("size", PropertyType::Text),
        ];
        let id = one.id;
        let refused = unit!(db.write, [both], |tx| definitions::insert_properties(
            tx, workspace, id, &both
        ))
        .unwrap_err();
        assert!(refused.is_unique_violation_of("property"), "{refused:?}");
    })
    .await;
}

#[tokio::test]
async fn earlier_definitions_stay_readable() {
    each_database(async |db| {
        let (workspace, account) = a_workspace(&db).await;
        let object = an_object("leads");
        let id = object.id;
        unit!(db.write, [object], |tx| definitions::insert_object(
            tx, workspace, &object
        ))
        .unwrap();
        let change = |second, label: &str| DefinitionChange {
            id: Uuid::now_v7(),
            object_id: id,
            property_id: None,
            recorded_at: at(second),
            actor: Actor {
                kind: ActorKind::User,
                id: Some(account.uuid()),
            },
            definition: json!({ "label": label }),
        };
        let both = vec![change(1, "Lead"), change(5, "Prospect")];
        unit!(db.write, [both], |tx| definitions::append_changes(
            tx, workspace, &both
        ))
        .unwrap();
        let all = unit!(db.read, [], |tx| definitions::list_changes(
            tx, workspace, id, None, 10
        ))
        .unwrap();
        assert_eq!(all, [both[1].clone(), both[0].clone()]);
        let then = unit!(db.read, [], |tx| definitions::list_changes(
            tx,
            workspace,
            id,
            Some(at(4)),
            1
        ))
        .unwrap();
        assert_eq!(then, both[..1]);
    })
    .await;
}
