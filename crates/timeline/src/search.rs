//! Words anywhere in the texts of a record, and how well a record answers them.

use std::sync::Arc;

use leadline_engine::{schema::Property, text::fold};
use rayon::prelude::*;

use crate::{
    bits::Bits,
    codes::EMPTY,
    column::Column,
    row_set::RowSet,
    view::{QueryError, View},
    words::{BEST, Fit, NONE, Word},
};

/// Rows that one task works on.
const CHUNK: usize = 1 << 14;

/// The records that answer a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matches {
    /// Their rows.
    pub records: RowSet,
    /// How well each row answers, 0 for those that do not.
    scores: Vec<u16>,
}

impl Matches {
    /// How well a row answers; more is better, 0 is not at all.
    #[must_use]
    pub fn score(&self, row: u32) -> u16 {
        self.scores.get(row as usize).copied().unwrap_or(0)
    }
}

impl View<'_> {
    /// Of `records`, those of which each word of `query` is in one of the properties' texts, without case and accents; from five letters on a word
    /// may have one typo. Whole texts are better than words in them, those than the beginnings of words, those than what is inside a word, and a
    /// typo is worst; of equals the first property is better. Properties that hold no text find nothing. A query without words finds all.
    ///
    /// # Errors
    /// If a property's column is not loaded.
    pub fn search(
        &self,
        records: &RowSet,
        query: &str,
        properties: &[Arc<Property>],
    ) -> Result<Matches, QueryError> {
        let folded = fold(query);
        let within = &records.0;
        let mut scores: Vec<u16> = vec![0; self.timeline.len()];
        scores
            .par_chunks_mut(CHUNK)
            .enumerate()
            .for_each(|(chunk, scores)| {
                for (row, score) in (chunk * CHUNK..).zip(scores) {
                    *score = u16::from(within.contains(row as u32));
                }
            });
        for word in folded.split_whitespace() {
            let word = Word::new(word);
            let mut answers: Vec<(&Column, Vec<Fit>, bool)> = Vec::new();
            for (place, property) in properties.iter().enumerate() {
                let column = self.column(property.id)?;
                if let Some(fits) = column.dictionary().fits(&word)
                    && fits.iter().any(|fit| *fit != NONE)
                {
                    answers.push((column, fits, place == 0));
                }
            }
            self.add_word(&mut scores, &answers);
        }
        let records = Bits::filled(self.timeline.len(), Some(within), |row| {
            scores[row as usize] != 0
        });
        Ok(Matches {
            records: RowSet(records),
            scores,
        })
    }

    /// Adds how well rows answer a word, and drops those that do not.
    fn add_word(&self, scores: &mut [u16], answers: &[(&Column, Vec<Fit>, bool)]) {
        let best_of = |row: u32| {
            let mut best = 0;
            for (column, fits, is_first) in answers {
                let code = self.code(column, row);
                if code != EMPTY && fits[code as usize - 1] != NONE {
                    let fit = fits[code as usize - 1];
                    best = best.max(u16::from(fit) * 2 + u16::from(*is_first));
                }
                if best > 2 * u16::from(BEST) {
                    break;
                }
            }
            best
        };
        scores
            .par_chunks_mut(CHUNK)
            .enumerate()
            .for_each(|(chunk, scores)| {
                for (row, score) in (chunk * CHUNK..).zip(scores) {
                    if *score != 0 {
                        *score = match best_of(row as u32) {
                            0 => 0,
                            best => score.saturating_add(best),
                        };
                    }
                }
            });
    }
}
