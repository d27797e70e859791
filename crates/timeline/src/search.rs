//! Words anywhere in the texts of a record.

use std::sync::Arc;

use leadline_engine::{schema::Property, text::fold};
use roaring::RoaringBitmap;

use crate::{
    bits::Bits,
    view::{QueryError, View},
};

impl View<'_> {
    /// Of `records`, those of which each word of `query` is contained in one of the properties' texts, without case and accents.
    /// Properties that hold no text find nothing. A query without words finds all.
    ///
    /// # Errors
    /// If a property's column is not loaded.
    pub fn search(
        &self,
        records: &RoaringBitmap,
        query: &str,
        properties: &[Arc<Property>],
    ) -> Result<RoaringBitmap, QueryError> {
        let folded = fold(query);
        let mut left = Bits::from_roaring(records, self.timeline.len());
        for word in folded.split_whitespace() {
            let mut found = Bits::none(self.timeline.len());
            for property in properties {
                let column = self.column(property.id)?;
                let set = column.dictionary().containing_word(word);
                found.union(&self.holding(column, &set, &left));
            }
            left = found;
        }
        Ok(left.to_roaring())
    }
}
