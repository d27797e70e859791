//! The leads and two years of their history, as flat columns: what is written to the ledger, and what the bare loops read.

use crate::{numbers::Numbers, texts::Texts};

pub(crate) const DAY: i64 = 86_400_000_000;
/// 2024-01-01T00:00:00Z.
pub(crate) const BEGINNING: i64 = 1_704_067_200_000_000;
/// 2026-01-01T00:00:00Z; nothing happens later.
pub(crate) const END: i64 = BEGINNING + 731 * DAY;
/// The time of day at which work begins; it goes on for twelve hours. So no change falls on the end of a day.
const MORNING: i64 = DAY / 4;
const SECOND: i64 = 1_000_000;

pub(crate) const STAGES: [&str; 6] = [
    "new",
    "contacted",
    "qualified",
    "proposed",
    "converted",
    "disqualified",
];
pub(crate) const SOURCES: [&str; 5] = ["website", "event", "referral", "partner", "advert"];
pub(crate) const CITIES: [&str; 60] = [
    "Utrecht", "Lyon", "Lagos", "Osaka", "Oslo", "Porto", "Quito", "Turin", "Ghent", "Leeds",
    "Bern", "Graz", "Brno", "Split", "Sofia", "Varna", "Tartu", "Vaasa", "Malmo", "Aarhus", "Cork",
    "Derby", "Nantes", "Lille", "Bonn", "Essen", "Parma", "Bari", "Cadiz", "Vigo", "Braga", "Faro",
    "Patras", "Izmir", "Adana", "Haifa", "Cairo", "Tunis", "Rabat", "Dakar", "Accra", "Kano",
    "Nairobi", "Lusaka", "Perth", "Hobart", "Kobe", "Nagoya", "Busan", "Daegu", "Hanoi", "Hue",
    "Cebu", "Davao", "Lima", "Cusco", "Cali", "Recife", "Natal", "Rosario",
];
pub(crate) const COUNTRIES: u32 = 40;
pub(crate) const SEGMENTS: u32 = 9;
const SCORES: u32 = 100;
const AMOUNTS: u32 = 50_000;
/// Archived from this time: never.
pub(crate) const NEVER: i64 = i64::MAX;

/// Values over time: of each lead, from when which code is held.
pub(crate) struct Column {
    starts: Vec<u32>,
    pub(crate) times: Vec<i64>,
    pub(crate) codes: Vec<u32>,
}

/// All leads, by number.
pub(crate) struct World {
    /// How many people own them.
    pub(crate) owners: u32,
    pub(crate) created: Vec<i64>,
    pub(crate) archived: Vec<i64>,
    pub(crate) stage: Column,
    pub(crate) owner: Column,
    /// Whole euros.
    pub(crate) amount: Column,
    pub(crate) city: Column,
    pub(crate) score: Column,
    pub(crate) segment: Column,
    pub(crate) source: Vec<u8>,
    pub(crate) country: Vec<u8>,
    /// Of each lead, in small letters.
    pub(crate) names: Texts,
    pub(crate) emails: Texts,
    pub(crate) phones: Texts,
    /// Of each company.
    pub(crate) companies: Texts,
    pub(crate) company: Vec<u32>,
}

/// What can happen to a lead.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Event {
    Stage,
    Owner,
    Amount,
    City,
    Score,
    Segment,
}

impl Column {
    fn new() -> Self {
        Self {
            starts: vec![0],
            times: Vec::new(),
            codes: Vec::new(),
        }
    }

    /// From when a lead held which codes.
    #[inline]
    pub(crate) fn of(&self, lead: usize) -> (&[i64], &[u32]) {
        let range = self.starts[lead] as usize..self.starts[lead + 1] as usize;
        (&self.times[range.clone()], &self.codes[range])
    }

    /// What a lead holds at the end.
    #[inline]
    pub(crate) fn last(&self, lead: usize) -> u32 {
        self.codes[self.starts[lead + 1] as usize - 1]
    }

    /// What a lead held at a time at which it existed.
    #[inline]
    pub(crate) fn at(&self, lead: usize, time: i64) -> u32 {
        let (times, codes) = self.of(lead);
        codes[times.partition_point(|&from| from <= time) - 1]
    }

    fn push(&mut self, time: i64, code: u32) {
        self.times.push(time);
        self.codes.push(code);
    }

    fn end_lead(&mut self) {
        self.starts.push(self.times.len() as u32);
    }

    /// Another code than the last one.
    fn push_other(&mut self, numbers: &mut Numbers, time: i64, limit: u32) {
        let last = self.codes[self.codes.len() - 1];
        self.push(time, numbers.other(last, limit));
    }
}

impl World {
    /// As many leads, with about ten changes each, six and a half stage visits among them; one in 25 is archived.
    pub(crate) fn new(leads: usize, seed: u64, owners: u32) -> Self {
        let mut numbers = Numbers::new(seed);
        let mut world = Self {
            owners,
            created: Vec::with_capacity(leads),
            archived: Vec::with_capacity(leads),
            stage: Column::new(),
            owner: Column::new(),
            amount: Column::new(),
            city: Column::new(),
            score: Column::new(),
            segment: Column::new(),
            source: Vec::with_capacity(leads),
            country: Vec::with_capacity(leads),
            names: Texts::default(),
            emails: Texts::default(),
            phones: Texts::default(),
            companies: Texts::default(),
            company: Vec::with_capacity(leads),
        };
        world.name_all(leads, &mut numbers);
        for lead in 0..leads {
            world.tell_one(lead * 700 / leads, &mut numbers);
        }
        world
    }

    pub(crate) fn leads(&self) -> usize {
        self.created.len()
    }

    /// Change sets: creations, changes, and archivings.
    pub(crate) fn changes(&self) -> usize {
        let columns = self.columns();
        let entries: usize = columns.iter().map(|(_, column)| column.times.len()).sum();
        let archived = self.archived.iter().filter(|time| **time != NEVER).count();
        entries - (columns.len() - 1) * self.leads() + archived
    }

    pub(crate) fn columns(&self) -> [(Event, &Column); 6] {
        [
            (Event::Stage, &self.stage),
            (Event::Owner, &self.owner),
            (Event::Amount, &self.amount),
            (Event::City, &self.city),
            (Event::Score, &self.score),
            (Event::Segment, &self.segment),
        ]
    }

    fn name_all(&mut self, leads: usize, numbers: &mut Numbers) {
        let firsts: Vec<String> = (0..600).map(|_| numbers.word(3)).collect();
        let lasts: Vec<String> = (0..20_000).map(|_| numbers.word(4)).collect();
        for _ in 0..leads.div_ceil(3) {
            self.companies.push(&format!("{} ltd", numbers.word(4)));
        }
        for lead in 0..leads {
            let (first, last) = (numbers.pick(&firsts), numbers.pick(&lasts));
            let company = numbers.below(self.companies.len() as u64) as u32;
            self.names.push(&format!("{first} {last}"));
            self.emails
                .push(&format!("{first}.{last}{lead}@example.com"));
            self.phones.push(&format!("+31 20 {lead:07}"));
            self.company.push(company);
            self.source.push(numbers.below(SOURCES.len() as u64) as u8);
            self.country.push(numbers.below(u64::from(COUNTRIES)) as u8);
        }
    }

    /// The history of a lead that was created on a day. Leads are numbered as their identities are: in the order in which they came.
    fn tell_one(&mut self, day: usize, numbers: &mut Numbers) {
        let day = day as i64;
        let created = moment(day, numbers);
        let first_stage = match numbers.below(10) {
            0 => numbers.below(STAGES.len() as u64) as u32,
            _ => 0,
        };
        self.stage.push(created, first_stage);
        for (column, limit) in [
            (&mut self.owner, self.owners),
            (&mut self.amount, AMOUNTS),
            (&mut self.city, CITIES.len() as u32),
            (&mut self.score, SCORES),
            (&mut self.segment, SEGMENTS),
        ] {
            column.push(created, numbers.below(u64::from(limit)) as u32);
        }
        let events = events(numbers);
        let lasts = 1 + numbers.below(240).min(729 - day as u64) as i64;
        let mut times: Vec<i64> = events
            .iter()
            .map(|_| moment(day + numbers.below(lasts as u64 + 1) as i64, numbers))
            .collect();
        times.sort_unstable();
        let mut last = created;
        for (event, time) in events.into_iter().zip(times) {
            last = time.max(last + SECOND);
            self.happen(event, last, numbers);
        }
        for column in [
            &mut self.stage,
            &mut self.owner,
            &mut self.amount,
            &mut self.city,
            &mut self.score,
            &mut self.segment,
        ] {
            column.end_lead();
        }
        let is_archived = numbers.below(25) == 0;
        let idle = (1 + numbers.below(20) as i64) * DAY;
        self.created.push(created);
        self.archived.push(match is_archived {
            true => (last + idle).min(END - MORNING / 2),
            false => NEVER,
        });
    }

    fn happen(&mut self, event: Event, time: i64, numbers: &mut Numbers) {
        match event {
            Event::Stage => {
                let now = self.stage.codes[self.stage.codes.len() - 1];
                let stages = STAGES.len() as u32;
                // Most go on to the next stage.
                let next = match numbers.below(10) {
                    0..6 if now + 1 < stages => now + 1,
                    _ => numbers.other(now, stages),
                };
                self.stage.push(time, next);
            }
            Event::Owner => self.owner.push_other(numbers, time, self.owners),
            Event::Amount => self.amount.push_other(numbers, time, AMOUNTS),
            Event::City => self.city.push_other(numbers, time, CITIES.len() as u32),
            Event::Score => self.score.push_other(numbers, time, SCORES),
            Event::Segment => self.segment.push_other(numbers, time, SEGMENTS),
        }
    }
}

/// What happens to a lead after its creation, in order: nine changes on the average.
fn events(numbers: &mut Numbers) -> Vec<Event> {
    let mut events = Vec::new();
    for (event, limit) in [
        (Event::Stage, 12),
        (Event::Owner, 3),
        (Event::Amount, 3),
        (Event::City, 2),
        (Event::Score, 2),
        (Event::Segment, 2),
    ] {
        let count = numbers.below(limit) as usize;
        events.extend(std::iter::repeat_n(event, count));
    }
    numbers.shuffle(&mut events);
    events
}

/// A second of a day's working hours.
fn moment(day: i64, numbers: &mut Numbers) -> i64 {
    BEGINNING + day * DAY + MORNING + numbers.below(12 * 3_600) as i64 * SECOND
}
