//! Texts in one allocation: an arena of distinct texts, and one that also holds their folded forms, which is scanned.

use leadline_engine::text::fold;
use memchr::memmem;

use crate::{
    bits::Bits,
    words::{Fit, Word},
};

/// Texts one after another, each between two NULs, which no storable text contains.
#[derive(Debug, Clone)]
pub(crate) struct Arena {
    bytes: String,
    /// Where each text begins; its end is one before the next one's beginning.
    starts: Vec<usize>,
}

impl Default for Arena {
    fn default() -> Self {
        Self {
            bytes: "\0".to_owned(),
            starts: vec![1],
        }
    }
}

impl Arena {
    /// The arena that has this [`Arena::text`]; `None` if there is none such.
    pub(crate) fn from_text(bytes: String) -> Option<Self> {
        if !bytes.starts_with('\0') || !bytes.ends_with('\0') {
            return None;
        }
        let ends = memchr::memchr_iter(0, bytes.as_bytes());
        let starts = ends.map(|end| end + 1).collect();
        Some(Self { bytes, starts })
    }

    pub(crate) fn len(&self) -> usize {
        self.starts.len() - 1
    }

    pub(crate) fn push(&mut self, text: &str) {
        self.bytes.push_str(text);
        self.bytes.push('\0');
        self.starts.push(self.bytes.len());
    }

    pub(crate) fn get(&self, index: usize) -> &str {
        &self.bytes[self.starts[index]..self.starts[index + 1] - 1]
    }

    /// All texts, each between two NULs.
    pub(crate) fn text(&self) -> &str {
        &self.bytes
    }

    /// As [`Arena::text`].
    pub(crate) fn bytes(&self) -> &[u8] {
        self.bytes.as_bytes()
    }

    /// Where each text begins, and where the next one would.
    pub(crate) fn starts(&self) -> &[usize] {
        &self.starts
    }

    /// The indexes of texts that contain `pattern`, in which a NUL stands for a text's beginning or end.
    fn scan(&self, pattern: &str) -> Bits {
        let finder = memmem::Finder::new(pattern.as_bytes());
        let leading = usize::from(pattern.starts_with('\0'));
        Bits::filled_in_parts(self.len(), |first, words| {
            let end = (first + words.len() * 64).min(self.len());
            let bytes = &self.bytes.as_bytes()[..self.starts[end]];
            // The NUL before the first text may be part of a hit, the one after the last too.
            let (mut from, mut index) = (self.starts[first] - 1, first);
            while let Some(offset) = finder.find(&bytes[from..]) {
                let hit = from + offset + leading;
                while index < end && self.starts[index + 1] <= hit {
                    index += 1;
                }
                if index == end {
                    break;
                }
                words[(index - first) / 64] |= 1 << (index % 64);
                // The next text begins after this NUL.
                from = self.starts[index + 1] - 1;
            }
        })
    }

    pub(crate) fn memory_bytes(&self) -> usize {
        self.bytes.capacity() + self.starts.capacity() * size_of::<usize>()
    }
}

/// Distinct texts with their folded forms. A text that is its own folded form is held once.
#[derive(Debug, Clone, Default)]
pub(crate) struct Texts {
    folded: Arena,
    /// Empty where the text equals its folded form.
    original: Arena,
}

impl Texts {
    /// From the arenas of folded and of original texts; `None` if they do not belong together.
    pub(crate) fn from_arenas(folded: Arena, original: Arena) -> Option<Self> {
        (folded.len() == original.len()).then_some(Self { folded, original })
    }

    /// The arenas of folded and of original texts.
    pub(crate) fn arenas(&self) -> (&Arena, &Arena) {
        (&self.folded, &self.original)
    }

    pub(crate) fn len(&self) -> usize {
        self.folded.len()
    }

    pub(crate) fn push(&mut self, text: &str) {
        let folded = fold(text);
        self.original.push(if folded == text { "" } else { text });
        self.folded.push(&folded);
    }

    pub(crate) fn get(&self, index: usize) -> &str {
        match self.original.get(index) {
            "" => self.folded.get(index),
            original => original,
        }
    }

    pub(crate) fn folded(&self, index: usize) -> &str {
        self.folded.get(index)
    }

    /// How well each of them answers a folded word.
    pub(crate) fn fits(&self, word: &Word<'_>) -> Vec<Fit> {
        word.fits(&self.folded)
    }

    /// Those whose folded form is `folded`.
    pub(crate) fn equal(&self, folded: &str) -> Bits {
        self.scan(folded, &format!("\0{folded}\0"))
    }

    /// Those whose folded form starts with `folded`.
    pub(crate) fn starting_with(&self, folded: &str) -> Bits {
        self.scan(folded, &format!("\0{folded}"))
    }

    /// Those whose folded form contains `folded`.
    pub(crate) fn containing(&self, folded: &str) -> Bits {
        self.scan(folded, folded)
    }

    pub(crate) fn memory_bytes(&self) -> usize {
        self.folded.memory_bytes() + self.original.memory_bytes()
    }

    fn scan(&self, needle: &str, pattern: &str) -> Bits {
        if needle.contains('\0') {
            Bits::none(self.len())
        } else if pattern.is_empty() {
            Bits::all(self.len())
        } else {
            self.folded.scan(pattern)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(bits: &Bits) -> Vec<u32> {
        bits.iter().collect()
    }

    #[test]
    fn what_is_found_does_not_depend_on_where_parts_end() {
        let mut texts = Texts::default();
        let all = ["ada", "", "bob", "adda", "granada"];
        for number in 0..70_000 {
            texts.push(all[number % 5]);
        }
        let check = |bits: &Bits, places: &[u32]| {
            (0..70_000).all(|number| bits.contains(number) == places.contains(&(number % 5)))
        };
        assert!(check(&texts.equal("ada"), &[0]));
        assert!(check(&texts.equal(""), &[1]));
        assert!(check(&texts.starting_with("ad"), &[0, 3]));
        assert!(check(&texts.starting_with(""), &[0, 1, 2, 3, 4]));
        assert!(check(&texts.containing("ada"), &[0, 4]));
    }

    #[test]
    fn texts_are_found_whole_at_their_beginning_and_inside() {
        let mut texts = Texts::default();
        for text in ["Ada", "", "ada ltd", "Granada", "ÁDÁ", "b\na"] {
            texts.push(text);
        }
        assert_eq!(texts.get(0), "Ada");
        assert_eq!(texts.get(4), "ÁDÁ");
        assert_eq!(found(&texts.equal("ada")), [0, 4]);
        assert_eq!(found(&texts.equal("")), [1]);
        assert_eq!(found(&texts.starting_with("ada")), [0, 2, 4]);
        assert_eq!(found(&texts.containing("ada")), [0, 2, 3, 4]);
        assert_eq!(found(&texts.containing("a")), [0, 2, 3, 4, 5]);
        assert_eq!(found(&texts.containing("")).len(), 6);
        assert_eq!(found(&texts.starting_with("")).len(), 6);
        assert!(found(&texts.containing("a\0a")).is_empty());
        assert!(found(&texts.equal("x")).is_empty());
    }
}
