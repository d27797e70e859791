//! Which line of a file a row begins on. The CSV reader counts line feeds: behind a carriage return it would be a line behind, or never count.

use std::collections::VecDeque;

/// Notes where lines begin while the bytes of a file pass by.
#[derive(Debug, Default)]
pub(super) struct Lines {
    /// The lines before the present one.
    ended: u64,
    /// Bytes that passed by.
    bytes: u64,
    is_in_line: bool,
    is_after_return: bool,
    /// Where the lines that are not empty begin, with their numbers; those that were asked about are forgotten.
    begun: VecDeque<(u64, u64)>,
}

impl Lines {
    /// Looks at the next bytes.
    pub(super) fn pass(&mut self, bytes: &[u8]) {
        for byte in bytes {
            match byte {
                // The second half of a line's end.
                b'\n' if self.is_after_return => {}
                b'\n' | b'\r' => {
                    self.ended += 1;
                    self.is_in_line = false;
                }
                _ if self.is_in_line => {}
                _ => {
                    self.begun.push_back((self.bytes, self.ended + 1));
                    self.is_in_line = true;
                }
            }
            self.is_after_return = *byte == b'\r';
            self.bytes += 1;
        }
    }

    /// The number of the first line that is not empty at or after a byte; to be asked about bytes that never come before the last one.
    pub(super) fn at(&mut self, byte: u64) -> u64 {
        while self.begun.front().is_some_and(|(begin, _)| *begin < byte) {
            self.begun.pop_front();
        }
        self.begun.front().map_or(self.ended + 1, |(_, line)| *line)
    }
}
