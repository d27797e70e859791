//! Which filter selects the records behind a figure.
//!
//! Each filter is to be asked at the moment of the report (as of the same time, or now), and then selects exactly the records that the
//! figure counts. Figures of texts that differ in case or accents alone are figures of different values, so texts are compared exactly.

use std::sync::Arc;

use leadline_engine::{
    filter::{Condition, Filter, Reach, Subject, Test, TimeRange},
    ledger::Source,
    schema::Property,
    time::Timestamp,
    value::Value,
};

use crate::{
    intervals::Window,
    reports::{Basis, FunnelBasis, Skipped},
};

/// The figures of one report.
#[derive(Debug, Clone)]
pub struct Drill<'a> {
    /// The report's own filter.
    pub filter: &'a Filter,
    /// Whose values are counted.
    pub property: &'a Arc<Property>,
    /// The object's system property `archived`.
    pub archived: &'a Arc<Property>,
    /// The report's range.
    pub range: Window,
    /// The moment of the report: as of when, or now. No filter looks at a later one.
    pub moment: Timestamp,
    /// What the report leaves out.
    pub exclude_sources: &'a [Source],
    /// The group that the figure is of: what it is grouped by, and the group's value.
    pub group: Option<(&'a Arc<Property>, Option<&'a Value>)>,
}

/// A step of a funnel or of a cohort.
#[derive(Debug, Clone, Copy)]
pub struct Step<'a> {
    /// The steps.
    pub stages: &'a [Value],
    /// Which one: an index.
    pub step: usize,
    /// As the funnel; of a cohort [`FunnelBasis::Cohort`].
    pub basis: FunnelBasis,
    /// As the report.
    pub skipped: Skipped,
    /// The interval, or the report's range.
    pub window: Window,
}

impl Drill<'_> {
    /// `time-in-value`: the records with visits that were measured.
    #[must_use]
    pub fn visits(&self, value: &Value, basis: Basis) -> Filter {
        let value = || value.clone();
        let range = time_range(self.range);
        let groups = match basis {
            // Ended by another value, or by being archived in the range, and then nothing followed.
            Basis::Closed => {
                let never_since = || Test::ChangeCount {
                    gte: None,
                    lte: Some(0),
                    range: since(self.range.end),
                };
                let last = self.holding(value(), self.range.end.plus_micros(-1));
                let left = Test::Left {
                    value: value(),
                    range,
                };
                vec![
                    vec![self.counted(left)],
                    vec![
                        self.counted(last),
                        self.own(never_since()),
                        self.archived(Test::Eq(Value::Boolean(true))),
                        self.archived(entered_archive(range)),
                        self.archived(never_since()),
                    ],
                ]
            }
            // Held when the range began, or entered in it.
            Basis::All => {
                let mut groups = self.held_through(&value(), self.range.start);
                groups.push(vec![self.counted(Test::Entered {
                    value: value(),
                    range,
                })]);
                groups
            }
        };
        self.all_of(groups)
    }

    /// `time-in-value`: the records with visits that are still open.
    #[must_use]
    pub fn open_visits(&self, value: &Value) -> Filter {
        let never_since = Test::ChangeCount {
            gte: None,
            lte: Some(0),
            range: since(self.range.end),
        };
        let entered = Test::Entered {
            value: value.clone(),
            range: TimeRange {
                from: None,
                to: Some(self.range.end),
            },
        };
        self.all_of(vec![vec![
            self.counted(self.holding(value.clone(), Timestamp::MAX)),
            self.own(entered),
            self.own(never_since),
            self.archived(Test::Eq(Value::Boolean(false))),
        ]])
    }

    /// `flow`: the records that moved.
    #[must_use]
    pub fn moves(&self, from: Option<&Value>, to: Option<&Value>) -> Filter {
        let test = Test::Changed {
            from_value: Some(from.cloned()),
            to_value: Some(to.cloned()),
            range: time_range(self.range),
        };
        self.all_of(vec![vec![self.counted(test)]])
    }

    /// `funnel` and `cohort`: the records that reached a step.
    #[must_use]
    pub fn reached(&self, step: Step<'_>) -> Filter {
        let range = time_range(step.window);
        let test = match step.basis {
            FunnelBasis::Cohort => Test::Reached(Reach {
                steps: step.stages.to_vec(),
                step: step.step,
                range,
                is_period: false,
                counts_skipped: step.skipped == Skipped::Count,
            }),
            FunnelBasis::Period => Test::Entered {
                value: step.stages[step.step].clone(),
                range,
            },
        };
        self.all_of(vec![vec![self.counted(test)]])
    }

    /// `funnel`: the records of a step that reached the next one; `None` of the last step.
    #[must_use]
    pub fn converted(&self, step: Step<'_>) -> Option<Filter> {
        let next = step.step + 1;
        if next >= step.stages.len() {
            return None;
        }
        if step.basis == FunnelBasis::Cohort {
            return Some(self.reached(Step { step: next, ..step }));
        }
        let test = Test::Reached(Reach {
            steps: step.stages[step.step..=next].to_vec(),
            step: 1,
            range: time_range(step.window),
            is_period: true,
            counts_skipped: false,
        });
        Some(self.all_of(vec![vec![self.counted(test)]]))
    }

    /// `trend`: the records that held a value at the end of an interval.
    #[must_use]
    pub fn held_at(&self, value: Option<&Value>, end: Timestamp) -> Filter {
        let was = |value: Option<Value>| Test::Was { value, at: end };
        self.all_of(vec![vec![
            self.own(was(value.cloned())),
            self.archived(was(Some(Value::Boolean(false)))),
        ]])
    }

    /// `snapshot`: the records that hold a value.
    #[must_use]
    pub fn holds(&self, value: Option<&Value>) -> Filter {
        let groups = vec![vec![self.own(holds(value))]];
        self.filter.and(&self.in_group(groups))
    }

    /// With the visit that held the value at a time, unless it had ended by then because the record was archived and nothing followed.
    fn held_through(&self, value: &Value, at: Timestamp) -> Vec<Vec<Condition>> {
        let later = since(at.plus_micros(1));
        let moved_on = Test::ChangeCount {
            gte: Some(1),
            lte: None,
            range: later,
        };
        let endings = [
            self.archived(Test::Eq(Value::Boolean(false))),
            self.archived(entered_archive(later)),
            self.own(moved_on),
        ];
        let held = self.holding(value.clone(), at);
        endings
            .map(|ending| vec![self.counted(held.clone()), ending])
            .to_vec()
    }

    /// That the value was held at a time; after the report's moment nothing is known to change.
    fn holding(&self, value: Value, at: Timestamp) -> Test {
        if at > self.moment {
            return Test::TimeInValue {
                value,
                gte: None,
                lte: None,
            };
        }
        Test::Was {
            value: Some(value),
            at,
        }
    }

    /// Of the report's filter and group, with archived records: what reports on history count.
    fn all_of(&self, groups: Vec<Vec<Condition>>) -> Filter {
        let any = Test::In(vec![Value::Boolean(false), Value::Boolean(true)]);
        let with_archived = |mut group: Vec<Condition>| {
            group.push(self.archived(any.clone()));
            group
        };
        let groups = groups.into_iter().map(with_archived).collect();
        self.filter.and(&self.in_group(groups))
    }

    fn in_group(&self, mut groups: Vec<Vec<Condition>>) -> Filter {
        if let Some((property, value)) = self.group {
            for group in &mut groups {
                group.push(condition(property, holds(value)));
            }
        }
        Filter { groups }
    }

    fn own(&self, test: Test) -> Condition {
        condition(self.property, test)
    }

    fn archived(&self, test: Test) -> Condition {
        condition(self.archived, test)
    }

    /// A test of the property's visits or moves that leaves out what the report leaves out.
    fn counted(&self, test: Test) -> Condition {
        if self.exclude_sources.is_empty() {
            return self.own(test);
        }
        self.own(Test::Except {
            sources: self.exclude_sources.to_vec(),
            test: Box::new(test),
        })
    }
}

fn condition(property: &Arc<Property>, test: Test) -> Condition {
    Condition {
        subject: Subject::Property(Arc::clone(property)),
        test: if property.kind.is_text() {
            test.exactly()
        } else {
            test
        },
    }
}

fn holds(value: Option<&Value>) -> Test {
    value.map_or(Test::NotHasProperty, |value| Test::Eq(value.clone()))
}

fn entered_archive(range: TimeRange) -> Test {
    Test::Entered {
        value: Value::Boolean(true),
        range,
    }
}

fn since(time: Timestamp) -> TimeRange {
    TimeRange {
        from: Some(time),
        to: None,
    }
}

fn time_range(window: Window) -> TimeRange {
    TimeRange {
        from: Some(window.start),
        to: Some(window.end),
    }
}
