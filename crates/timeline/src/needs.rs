//! Which columns a question needs, so that they can be loaded before it is asked.

use std::sync::Arc;

use leadline_engine::{
    filter::{Filter, Sort, Subject},
    schema::{Object, Property},
};

/// A column that must be loaded.
#[derive(Debug, Clone)]
pub struct Needed {
    /// Of which object; `None` is the one that is asked.
    pub object: Option<Arc<Object>>,
    /// Of which property.
    pub property: Arc<Property>,
}

/// The columns that a filter and an order read, each once. The object's own `archived` ([`crate::ObjectTimeline::archived_property`]) is
/// needed always and not listed. (What linked records need of their own `archived` is nothing: a link to an archived record still shows.)
#[must_use]
pub fn needed_columns(filter: &Filter, sorts: &[Sort]) -> Vec<Needed> {
    let mut needed: Vec<Needed> = Vec::new();
    let mut add = |object: Option<&Arc<Object>>, property: &Arc<Property>| {
        let is_known = needed.iter().any(|n| {
            n.property.id == property.id && n.object.as_ref().map(|o| o.id) == object.map(|o| o.id)
        });
        if !is_known {
            needed.push(Needed {
                object: object.cloned(),
                property: Arc::clone(property),
            });
        }
    };
    let conditions = filter.groups.iter().flatten().map(|c| &c.subject);
    for subject in conditions.chain(sorts.iter().map(|sort| &sort.subject)) {
        match subject {
            Subject::Property(property) => add(None, property),
            Subject::Linked {
                link,
                object,
                property,
            } => {
                add(None, link);
                add(Some(object), property);
            }
            Subject::CreatedAt | Subject::UpdatedAt | Subject::CreatedBy | Subject::Id => {}
        }
    }
    needed
}
