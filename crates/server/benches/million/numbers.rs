//! Numbers and words that look random and are the same in every run.

/// A sequence of numbers (splitmix64).
pub(crate) struct Numbers(u64);

/// Of which names are made; a needle of two of them is found in some of a hundred names.
const SYLLABLES: [&str; 36] = [
    "ka", "lo", "mir", "ta", "ven", "sol", "bri", "da", "nel", "rus", "ti", "mo", "gar", "len",
    "pa", "vi", "ros", "ke", "lan", "du", "ber", "ni", "sha", "tor", "el", "ma", "qui", "zan",
    "fe", "hol", "dri", "wen", "jo", "cas", "ul", "rin",
];

impl Numbers {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % limit
    }

    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len() as u64) as usize]
    }

    /// A number below `limit`, but not this one.
    pub(crate) fn other(&mut self, than: u32, limit: u32) -> u32 {
        (than + 1 + self.below(u64::from(limit) - 1) as u32) % limit
    }

    pub(crate) fn shuffle<T>(&mut self, all: &mut [T]) {
        for index in (1..all.len()).rev() {
            all.swap(index, self.below(index as u64 + 1) as usize);
        }
    }

    /// A word of so many syllables, in small letters.
    pub(crate) fn word(&mut self, syllables: usize) -> String {
        (0..syllables).map(|_| *self.pick(&SYLLABLES)).collect()
    }
}
