//! Columns and rows as bytes that are damaged.

use std::sync::Arc;

use leadline_timeline::{Column, Damaged, ObjectTimeline};
use proptest::{prelude::*, sample::Index};

use crate::model::{replaced, strategies};

proptest! {
    #[test]
    fn damage_is_told_or_harmless(
        world in strategies::world(),
        places in prop::collection::vec((any::<Index>(), any::<u8>()), 1..4),
        end in any::<Index>(),
    ) {
        let timeline = replaced(&world.schema.leads, &world.leads);
        let archived = timeline.archived_property();
        let mut rows = Vec::new();
        timeline.write_rows(&mut rows);
        prop_assert_eq!(
            ObjectTimeline::read_rows(&rows[..end.index(rows.len())], Arc::clone(archived)).err(),
            Some(Damaged)
        );
        for (place, byte) in &places {
            let place = place.index(rows.len());
            rows[place] = *byte;
        }
        let _no_panic = ObjectTimeline::read_rows(&rows, Arc::clone(archived));
        for property in timeline.loaded_columns() {
            let mut bytes = Vec::new();
            timeline.column(property).unwrap().write(&mut bytes);
            prop_assert_eq!(Column::read(&bytes[..end.index(bytes.len())]).err(), Some(Damaged));
            for (place, byte) in &places {
                let place = place.index(bytes.len());
                bytes[place] = *byte;
            }
            let _no_panic = Column::read(&bytes);
        }
    }
}
