//! Saved views: how an object's records are looked at, under a name.

mod rules;

use std::sync::Arc;

use leadline_engine::{
    error::FieldError,
    ids::{ObjectId, kind},
    schema::{Object, Schema},
    time::Timestamp,
};
use leadline_store::saved::Saved;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use utoipa::ToSchema;
use uuid::Uuid;

use self::rules::Definition;
pub use self::rules::{ColumnShows, ViewBoard, ViewColumn, ViewDraft, ViewKind};
use super::{
    error::ServiceError,
    records::find_object,
    saved::{Surroundings, Thing, read, written},
    sharing::Visibility,
};

/// A saved view.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = View)]
#[schema(example = json!({"id": "0197b3a0-7c1e-7d52-9a41-3f5c8e2b6d10", "object": "leads", "name": "Large and open", "kind": "list", "visibility": "private", "owner": "0197b39f-11aa-7c04-8f3e-5b1d2a907c44", "filterGroups": [{"filters": [{"property": "stage", "operator": "IN", "values": ["new", "contacted"]}]}], "query": null, "sorts": [{"property": "amount", "direction": "descending"}], "columns": [{"property": "name", "width": 240}, {"property": "stage", "shows": "age"}], "board": null, "position": 0, "archived": false, "version": 1, "createdAt": "2026-03-01T09:20:00Z", "updatedAt": "2026-03-01T09:20:00Z"}))]
pub struct SavedView {
    /// Its id.
    pub id: Uuid,
    /// The object whose records it shows.
    #[schema(example = "leads")]
    pub object: String,
    /// For people.
    #[schema(example = "Large and open")]
    pub name: String,
    /// As a table or as a board.
    pub kind: ViewKind,
    /// Who sees it.
    pub visibility: Visibility,
    /// The member whose it is.
    pub owner: Uuid,
    /// Which records, as in a search.
    #[schema(value_type = Vec<serde_json::Value>)]
    pub filter_groups: Json,
    /// Words that must all occur in the record's texts.
    pub query: Option<String>,
    /// The order, as in a search.
    #[schema(value_type = Vec<serde_json::Value>)]
    pub sorts: Json,
    /// The columns of the table; the object's usual ones if null.
    pub columns: Option<Vec<ViewColumn>>,
    /// What the board is made of.
    pub board: Option<ViewBoard>,
    /// Order among the object's views.
    #[schema(example = 0)]
    pub position: i32,
    /// Whether it is out of lists.
    pub archived: bool,
    /// Counts its changes, from 1; the ETag.
    #[schema(example = 1)]
    pub version: i64,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it last changed.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
}

impl Thing for SavedView {
    type Kind = kind::View;
    type Own = ViewDraft;

    fn define(
        around: &Surroundings,
        draft: ViewDraft,
        errors: &mut Vec<FieldError>,
    ) -> Result<(Option<ObjectId>, Json), ServiceError> {
        let mut definition = Definition::default();
        let name = draft.object.as_deref().unwrap_or_default();
        let Ok(object) = find_object(&around.schema, name) else {
            let message = "must name an object";
            errors.push(FieldError::new("/object", "UNKNOWN_OBJECT", message));
            return Ok((None, Json::Null));
        };
        definition.take(&around.schema, object, draft, around.usual.now, errors);
        Ok((Some(object.id), written(&definition)?))
    }

    fn redefine(
        around: &Surroundings,
        before: &Saved<kind::View>,
        draft: ViewDraft,
        errors: &mut Vec<FieldError>,
    ) -> Result<Json, ServiceError> {
        let object = object_of(&around.schema, before)?;
        let mut definition: Definition = read(&before.definition)?;
        definition.take(&around.schema, object, draft, around.usual.now, errors);
        written(&definition)
    }

    fn shown(schema: &Schema, view: Saved<kind::View>) -> Result<Self, ServiceError> {
        let Definition {
            kind,
            filter_groups,
            query,
            sorts,
            columns,
            board,
        } = read(&view.definition)?;
        Ok(Self {
            id: view.id.uuid(),
            object: object_of(schema, &view)?.name.clone(),
            name: view.name,
            kind,
            visibility: Visibility::of(view.is_shared),
            owner: view.owner_id.uuid(),
            filter_groups,
            query,
            sorts,
            columns,
            board,
            position: view.position,
            archived: view.archived,
            version: view.version,
            created_at: view.created_at,
            updated_at: view.updated_at,
        })
    }
}

fn object_of<'s>(
    schema: &'s Schema,
    view: &Saved<kind::View>,
) -> Result<&'s Arc<Object>, ServiceError> {
    let object = view.object_id.and_then(|id| schema.object_by_id(id));
    object.ok_or_else(|| ServiceError::Internal("a view of an unknown object".into()))
}
