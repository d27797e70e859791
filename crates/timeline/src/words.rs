//! How well texts answer a word that somebody types: as a whole, from the beginning of a word, inside one, or but for one typo.

use memchr::memmem;
use rayon::prelude::*;

use crate::texts::Arena;

/// How well a text answers a word, from the worst on; 0 is not at all.
pub(crate) type Fit = u8;

pub(crate) const NONE: Fit = 0;
const TYPO: Fit = 1;
const INSIDE: Fit = 2;
const WORD_START: Fit = 3;
const WORD: Fit = 4;
const WHOLE: Fit = 5;
/// The best there is.
pub(crate) const BEST: Fit = WHOLE;

/// Words of fewer letters have to be right: another letter makes another word.
const LETTERS_FOR_A_TYPO: usize = 5;
/// Longer words have to be right: nobody types them.
const LONGEST_WITH_A_TYPO: usize = 64;
/// Texts that one task works on.
const CHUNK: usize = 1 << 14;

/// A folded word, ready to be looked for.
pub(crate) struct Word<'w> {
    text: &'w str,
    typo: Option<Typo>,
}

/// What finds words that differ from a word by one letter too many, too few, another, or by two neighbours in the wrong order.
struct Typo {
    letters: Vec<char>,
    /// Whatever the typo is, the word begins with this,
    head: String,
    /// or has this further on.
    tail: String,
}

impl<'w> Word<'w> {
    pub(crate) fn new(text: &'w str) -> Self {
        let letters: Vec<char> = text.chars().collect();
        let may_be_wrong = (LETTERS_FOR_A_TYPO..=LONGEST_WITH_A_TYPO).contains(&letters.len())
            && letters.iter().all(|letter| letter.is_alphabetic());
        let half = letters.len() / 2;
        let typo = may_be_wrong.then(|| Typo {
            head: letters[..half].iter().collect(),
            tail: letters[half + 1..].iter().collect(),
            letters,
        });
        Self { text, typo }
    }

    /// How well each text of an arena answers the word.
    pub(crate) fn fits(&self, arena: &Arena) -> Vec<Fit> {
        let mut fits = vec![NONE; arena.len()];
        if self.text.is_empty() || self.text.contains('\0') {
            return fits;
        }
        let finder = memmem::Finder::new(self.text.as_bytes());
        let typo = self.typo.as_ref().map(|typo| {
            let finders = [&typo.head, &typo.tail].map(|part| memmem::Finder::new(part.as_bytes()));
            (typo, finders)
        });
        fits.par_chunks_mut(CHUNK)
            .enumerate()
            .for_each(|(chunk, fits)| {
                let first = chunk * CHUNK;
                self.find(arena, first, fits, &finder);
                if let Some((typo, finders)) = &typo {
                    for finder in finders {
                        typo.find(arena, first, fits, finder);
                    }
                }
            });
        fits
    }

    /// Notes how well the texts from `first` on hold the word.
    fn find(&self, arena: &Arena, first: usize, fits: &mut [Fit], finder: &memmem::Finder<'_>) {
        let bytes = arena.bytes();
        each_hit(arena, first, fits.len(), finder, |index, hit| {
            let fit = &mut fits[index - first];
            *fit = (*fit).max(fit_of(bytes, hit, self.text.len()));
            // No other place in the text is better.
            *fit >= WORD
        });
    }
}

impl Typo {
    fn find(&self, arena: &Arena, first: usize, fits: &mut [Fit], finder: &memmem::Finder<'_>) {
        let text = arena.text();
        each_hit(arena, first, fits.len(), finder, |index, hit| {
            let fit = &mut fits[index - first];
            if *fit == NONE && self.is_nearly(&text[word_start(text.as_bytes(), hit)..]) {
                *fit = TYPO;
            }
            *fit != NONE
        });
    }

    /// Whether a text begins with the word but for one typo. One in the last letter counts only at the end of a word: else `smith` would be found
    /// in all that begins with `smit`.
    fn is_nearly(&self, text: &str) -> bool {
        let word = self.letters.as_slice();
        let mut letters = ['\0'; LONGEST_WITH_A_TYPO + 2];
        let mut length = 0;
        for letter in text.chars().take_while(|letter| letter.is_alphanumeric()) {
            if length == word.len() + 2 {
                break;
            }
            letters[length] = letter;
            length += 1;
        }
        let found = &letters[..length];
        let same = found.iter().zip(word).take_while(|(a, b)| a == b).count();
        if same == word.len() {
            return true;
        }
        let (found, word) = (&found[same..], &word[same..]);
        if word.len() == 1 {
            return found.len() <= 1 || (found[1] == word[0] && found.len() == 2);
        }
        let goes_on = |skipped: usize, left: &[char]| {
            found
                .get(skipped..)
                .is_some_and(|rest| rest.starts_with(left))
        };
        let is_swapped = found.len() >= 2 && found[0] == word[1] && found[1] == word[0];
        goes_on(1, &word[1..])
            || goes_on(1, word)
            || goes_on(0, &word[1..])
            || (is_swapped && goes_on(2, &word[2..]))
    }
}

/// Gives the places where a pattern is found in `count` texts from `first` on, each with the text's index, until `is_done` with a text.
fn each_hit(
    arena: &Arena,
    first: usize,
    count: usize,
    finder: &memmem::Finder<'_>,
    mut is_done: impl FnMut(usize, usize) -> bool,
) {
    let bytes = arena.bytes();
    let starts = arena.starts();
    let end = starts[first + count];
    let (mut from, mut index) = (starts[first], first);
    while from < end {
        let Some(offset) = finder.find(&bytes[from..end]) else {
            return;
        };
        let hit = from + offset;
        index += starts[index..=first + count].partition_point(|&start| start <= hit) - 1;
        from = match is_done(index, hit) {
            true => starts[index + 1],
            false => hit + 1,
        };
    }
}

fn fit_of(bytes: &[u8], hit: usize, length: usize) -> Fit {
    let (before, after) = (bytes[hit - 1], bytes[hit + length]);
    match (is_between(before), is_between(after)) {
        (true, true) if before == 0 && after == 0 => WHOLE,
        (true, true) => WORD,
        (true, false) => WORD_START,
        (false, _) => INSIDE,
    }
}

/// Where the word around a place begins.
fn word_start(bytes: &[u8], place: usize) -> usize {
    let before = bytes[..place].iter().rev();
    place - before.take_while(|byte| !is_between(**byte)).count()
}

/// Whether a byte stands between words; those of characters beyond ASCII are letters here.
fn is_between(byte: u8) -> bool {
    byte.is_ascii() && !byte.is_ascii_alphanumeric()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn fits(word: &str, texts: &[&str]) -> Vec<Fit> {
        let mut arena = Arena::default();
        texts.iter().for_each(|text| arena.push(text));
        Word::new(word).fits(&arena)
    }

    #[test]
    fn the_best_place_in_a_text_counts() {
        let texts = ["ada", "x ada", "adam", "granada", "granada ada", "", "ad"];
        assert_eq!(
            fits("ada", &texts),
            [WHOLE, WORD, WORD_START, INSIDE, WORD, NONE, NONE]
        );
        assert_eq!(fits("", &["ada"]), [NONE]);
    }

    #[test]
    fn one_typo_is_forgiven_from_five_letters_on() {
        let near = [
            "johnson",
            "jonson",
            "johnsson",
            "jonhson",
            "johmson",
            "ohnson",
            "ojhnson",
            "the johnsen",
            "johnso",
            "xjohnson",
            "jahnson",
        ];
        let found = fits("johnson", &near);
        assert!(found.iter().all(|fit| *fit != NONE), "{found:?}");
        assert_eq!(found[0], WHOLE);
        assert_eq!(found[1], TYPO);
        let far = ["jhonsno", "johns", "jansen", "john son", "", "nosnhoj"];
        assert_eq!(fits("johnson", &far), [NONE; 6]);
        assert_eq!(fits("johnsonn", &["johnson ltd"]), [TYPO]);
        assert_eq!(
            fits("smith", &["smithy", "smits", "smitten", "xsmith"]),
            [WORD_START, TYPO, NONE, INSIDE]
        );
        assert_eq!(fits("adam", &["adan", "edam"]), [NONE; 2]);
        assert_eq!(fits("12345", &["12346"]), [NONE]);
        assert_eq!(fits("мария", &["марья", "дарья"]), [TYPO, NONE]);
    }

    /// How many letters must be changed, left out, added or swapped with their neighbour to make one word of another.
    fn distance(a: &[char], b: &[char]) -> usize {
        let mut table = vec![vec![0; b.len() + 1]; a.len() + 1];
        for i in 0..=a.len() {
            for j in 0..=b.len() {
                table[i][j] = if i == 0 || j == 0 {
                    i + j
                } else {
                    let other = usize::from(a[i - 1] != b[j - 1]);
                    let one = (table[i - 1][j - 1] + other)
                        .min(table[i - 1][j] + 1)
                        .min(table[i][j - 1] + 1);
                    let is_swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
                    if is_swapped {
                        one.min(table[i - 2][j - 2] + 1)
                    } else {
                        one
                    }
                };
            }
        }
        table[a.len()][b.len()]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn typos_are_what_the_distance_says(word in "[abcä]{5,8}", text in "[abcä]{3,9}") {
            let letters = |text: &str| text.chars().collect::<Vec<char>>();
            let (word_letters, text_letters) = (letters(&word), letters(&text));
            let is_found = fits(&word, &[&format!("x {text}, y")])[0] != NONE;
            if distance(&word_letters, &text_letters) <= 1 {
                prop_assert!(is_found);
            }
            if is_found {
                let is_near = (0..=text_letters.len()).any(|end| distance(&word_letters, &text_letters[..end]) <= 1);
                prop_assert!(is_near || text.contains(&word));
            }
        }
    }

    #[test]
    fn what_is_found_does_not_depend_on_where_chunks_end() {
        let mut arena = Arena::default();
        for number in 0..3 * CHUNK {
            arena.push(["ada", "bob", "adda"][number % 3]);
        }
        let fits = Word::new("ada").fits(&arena);
        assert!(
            fits.iter()
                .enumerate()
                .all(|(index, fit)| *fit == [WHOLE, NONE, NONE][index % 3])
        );
    }
}
