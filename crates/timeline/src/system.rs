//! Tests of what every record has: its id, when it was created and last changed, and by whom.

use std::cmp::Ordering;

use leadline_engine::{
    filter::{Subject, Test},
    time::Timestamp,
    value::Value,
};

use crate::{bits::Bits, object::ObjectTimeline};

impl ObjectTimeline {
    /// The value of a system subject; `None` for a creator without identity, and for properties.
    pub(crate) fn system_value(&self, subject: &Subject, row: u32) -> Option<Value> {
        let rows = &self.rows;
        let time = |times: &[i64]| Value::Datetime(Timestamp::from_micros(times[row as usize]));
        match subject {
            Subject::CreatedAt => Some(time(&rows.created_at)),
            Subject::UpdatedAt => Some(time(&rows.updated_at)),
            Subject::CreatedBy => rows.created_by(row).map(|id| Value::User(id.into())),
            Subject::Id => Some(Value::Record(rows.ids[row as usize])),
            Subject::Property(_) | Subject::Linked { .. } => None,
        }
    }

    /// Of `records`, those whose system subject passes the test.
    pub(crate) fn passing_system(&self, subject: &Subject, test: &Test, records: &Bits) -> Bits {
        if let (Subject::Id, Test::In(_) | Test::Eq(_)) = (subject, test) {
            return self.with_ids(test, records);
        }
        Bits::filled(self.len(), Some(records), |row| {
            passes(test, self.system_value(subject, row).as_ref())
        })
    }

    /// Looks each id up instead of looking at each record.
    fn with_ids(&self, test: &Test, records: &Bits) -> Bits {
        let values = match test {
            Test::In(values) => values.as_slice(),
            Test::Eq(value) => std::slice::from_ref(value),
            _ => &[],
        };
        let mut found = Bits::none(self.len());
        for value in values {
            if let Value::Record(id) = value
                && let Some(row) = self.row(*id)
                && records.contains(row)
            {
                found.insert(row);
            }
        }
        found
    }
}

/// Whether a value that is no text passes a test of one moment. Tests of history pass nothing: what is tested here has none.
fn passes(test: &Test, value: Option<&Value>) -> bool {
    let Some(value) = value else {
        return matches!(test, Test::Neq(_) | Test::NotIn(_) | Test::NotHasProperty);
    };
    let compares = |other: &Value, accept: fn(Ordering) -> bool| {
        std::mem::discriminant(value) == std::mem::discriminant(other) && accept(value.cmp(other))
    };
    let (test, _) = test.comparison();
    match test {
        Test::Eq(other) => value == other,
        Test::Neq(other) => value != other,
        Test::Lt(other) => compares(other, Ordering::is_lt),
        Test::Lte(other) => compares(other, Ordering::is_le),
        Test::Gt(other) => compares(other, Ordering::is_gt),
        Test::Gte(other) => compares(other, Ordering::is_ge),
        Test::Between { from, to } => {
            compares(from, Ordering::is_ge) && compares(to, Ordering::is_lt)
        }
        Test::In(others) => others.contains(value),
        Test::NotIn(others) => !others.contains(value),
        Test::HasProperty => true,
        Test::NotHasProperty
        | Test::Contains(_)
        | Test::StartsWith(_)
        | Test::Was { .. }
        | Test::Ever(_)
        | Test::Never(_)
        | Test::Entered { .. }
        | Test::Left { .. }
        | Test::Changed { .. }
        | Test::ChangeCount { .. }
        | Test::TimeInValue { .. }
        | Test::TotalTimeInValue { .. }
        | Test::Except { .. }
        | Test::Exact(_)
        | Test::Reached(_)
        | Test::UnchangedFor(_) => false,
    }
}
