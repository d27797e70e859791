//! Texts one behind the other, in small letters.

use memchr::memmem::Finder;

#[derive(Default)]
pub(crate) struct Texts {
    bytes: String,
    ends: Vec<u32>,
}

impl Texts {
    pub(crate) fn push(&mut self, text: &str) {
        self.bytes.push_str(text);
        // Nothing that is looked for has a line's end in it.
        self.bytes.push('\n');
        self.ends.push(self.bytes.len() as u32);
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(crate) fn get(&self, index: usize) -> &str {
        &self.bytes[self.start(index)..self.ends[index] as usize - 1]
    }

    /// As people write it: each word with a capital.
    pub(crate) fn written(&self, index: usize) -> String {
        let mut written = String::with_capacity(24);
        for word in self.get(index).split(' ') {
            let (first, rest) = word.split_at(1);
            if !written.is_empty() {
                written.push(' ');
            }
            written.push_str(&first.to_ascii_uppercase());
            written.push_str(rest);
        }
        written
    }

    /// Which of the texts from `first` up to `end` hold the needle.
    pub(crate) fn containing(&self, needle: &str, first: usize, end: usize) -> Vec<bool> {
        let mut found = vec![false; end - first];
        if first == end {
            return found;
        }
        let start = self.start(first);
        let part = &self.bytes.as_bytes()[start..self.ends[end - 1] as usize];
        let mut index = first;
        for hit in Finder::new(needle).find_iter(part) {
            while (self.ends[index] as usize) <= start + hit {
                index += 1;
            }
            found[index - first] = true;
        }
        found
    }

    fn start(&self, index: usize) -> usize {
        index
            .checked_sub(1)
            .map_or(0, |before| self.ends[before] as usize)
    }
}
