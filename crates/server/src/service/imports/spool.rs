//! Temporary files that bring the rows of a file into the order in which they are written: those of one key together, in a part of the file
//! that fits into memory. The same file always gives the same parts.

use std::{
    fs::File,
    io::{self, BufReader, BufWriter, Read, Write},
};

use leadline_store::ledger::record_keys;
use tempfile::TempDir;

use super::Fault;

/// Lanes that are written at once: the parts of a lane have only keys that are under one of the locks of keys, so that no two lanes wait for each
/// other.
pub(super) const LANES: usize = record_keys::LOCKS as usize;
/// Bytes of the file that go into one part; the rows of one part in each lane are in memory.
const PART_BYTES: u64 = 2 << 20;
/// Bytes of a file up to which it is one part.
const SMALL_FILE: u64 = 256 << 10;
/// Most parts: each has a file and a buffer open while rows are sorted into them.
const MOST_PARTS: u64 = 512;

/// A row of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SpooledRow {
    /// Where it begins, from 1.
    pub(super) line: u64,
    /// What stands in its columns.
    pub(super) fields: Vec<String>,
    /// Why it cannot be used.
    pub(super) fault: Option<Fault>,
}

/// Rows on their way into parts.
pub(super) struct Spool {
    folder: TempDir,
    writers: Vec<BufWriter<File>>,
}

/// Rows in parts.
pub(super) struct Spooled {
    folder: TempDir,
    parts: usize,
}

impl Spool {
    /// As many parts as a file of this size needs.
    pub(super) fn new(file_bytes: u64) -> io::Result<Self> {
        let folder = tempfile::tempdir()?;
        let parts = match file_bytes {
            0..=SMALL_FILE => 1,
            _ => (file_bytes / PART_BYTES + 1)
                .next_multiple_of(LANES as u64)
                .min(MOST_PARTS),
        };
        let writers = (0..parts)
            .map(|part| {
                Ok(BufWriter::with_capacity(
                    16 << 10,
                    File::create(folder.path().join(part.to_string()))?,
                ))
            })
            .collect::<io::Result<_>>()?;
        Ok(Self { folder, writers })
    }

    /// Adds a row to the part of its key.
    pub(super) fn push(
        &mut self,
        key: &str,
        line: u64,
        fields: &csv::ByteRecord,
        fault: Option<&Fault>,
    ) -> io::Result<()> {
        let part = (record_keys::hash(key) % self.writers.len() as u64) as usize;
        self.write(part, line, fields, fault)
    }

    /// Adds a row to a part, counted from 0; those that are too many go to the last.
    pub(super) fn push_to(
        &mut self,
        part: u64,
        line: u64,
        fields: &csv::ByteRecord,
        fault: Option<&Fault>,
    ) -> io::Result<()> {
        let part = part.min(self.writers.len() as u64 - 1) as usize;
        self.write(part, line, fields, fault)
    }

    /// The part in which a row at this offset of the file belongs when rows keep the order of the file.
    pub(super) fn part_at(offset: u64) -> u64 {
        offset / PART_BYTES
    }

    fn write(
        &mut self,
        part: usize,
        line: u64,
        fields: &csv::ByteRecord,
        fault: Option<&Fault>,
    ) -> io::Result<()> {
        let out = &mut self.writers[part];
        out.write_all(&line.to_le_bytes())?;
        let texts = fault.map_or(["", ""], |fault| {
            [fault.code.as_ref(), fault.message.as_str()]
        });
        let count = fields.len() as u32;
        out.write_all(&count.to_le_bytes())?;
        for text in texts.into_iter().map(str::as_bytes).chain(fields.iter()) {
            out.write_all(&(text.len() as u32).to_le_bytes())?;
            out.write_all(text)?;
        }
        Ok(())
    }

    /// Ends the writing.
    pub(super) fn finish(self) -> io::Result<Spooled> {
        let parts = self.writers.len();
        for mut writer in self.writers {
            writer.flush()?;
        }
        Ok(Spooled {
            folder: self.folder,
            parts,
        })
    }
}

impl Spooled {
    /// The parts of a lane, in the order in which they are written.
    pub(super) fn parts_of(&self, lane: usize) -> impl Iterator<Item = usize> + use<> {
        (lane..self.parts).step_by(LANES)
    }

    /// The rows of a part, in the order of the file.
    pub(super) fn read(
        &self,
        part: usize,
    ) -> io::Result<impl Iterator<Item = io::Result<SpooledRow>>> {
        let mut file = BufReader::with_capacity(
            64 << 10,
            File::open(self.folder.path().join(part.to_string()))?,
        );
        Ok(std::iter::from_fn(move || read_row(&mut file).transpose()))
    }
}

fn read_row(file: &mut impl Read) -> io::Result<Option<SpooledRow>> {
    let mut line = [0; 8];
    match file.read_exact(&mut line) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        Err(error) => return Err(error),
    }
    let count = read_number(file)?;
    let (code, message) = (read_text(file)?, read_text(file)?);
    let fields = (0..count)
        .map(|_| read_text(file))
        .collect::<io::Result<_>>()?;
    let fault = (!code.is_empty()).then(|| Fault::new(code, message));
    Ok(Some(SpooledRow {
        line: u64::from_le_bytes(line),
        fields,
        fault,
    }))
}

fn read_number(file: &mut impl Read) -> io::Result<u32> {
    let mut bytes = [0; 4];
    file.read_exact(&mut bytes)?;
    Ok(u32::from_le_bytes(bytes))
}

fn read_text(file: &mut impl Read) -> io::Result<String> {
    let mut bytes = vec![0; read_number(file)? as usize];
    file.read_exact(&mut bytes)?;
    Ok(String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spooled(file_bytes: u64) -> Spooled {
        let mut spool = Spool::new(file_bytes).unwrap();
        for line in 0..1_000_u64 {
            let key = format!("k{}", line % 10);
            let fields = csv::ByteRecord::from(vec![key.as_str(), "Zoë"]);
            spool.push(&key, line, &fields, None).unwrap();
        }
        spool.finish().unwrap()
    }

    fn rows(spooled: &Spooled, part: usize) -> Vec<SpooledRow> {
        spooled.read(part).unwrap().map(Result::unwrap).collect()
    }

    #[test]
    fn rows_of_one_key_stay_together_in_the_order_of_the_file() {
        let spooled = spooled(100 << 20);
        let mut seen = 0;
        for part in (0..LANES).flat_map(|lane| spooled.parts_of(lane)) {
            let rows = rows(&spooled, part);
            assert!(rows.is_sorted_by_key(|row| row.line));
            for row in &rows {
                assert_eq!(row.fields, [format!("k{}", row.line % 10), "Zoë".into()]);
            }
            seen += rows.len();
        }
        assert_eq!(seen, 1_000);
    }

    #[test]
    fn keys_of_different_lanes_are_under_different_locks() {
        let spooled = spooled(100 << 20);
        for lane in 0..LANES {
            for row in spooled.parts_of(lane).flat_map(|part| rows(&spooled, part)) {
                let lock = record_keys::hash(&row.fields[0]) % record_keys::LOCKS;
                assert_eq!(lock, lane as u64);
            }
        }
    }

    #[test]
    fn a_small_file_is_one_part() {
        assert_eq!(rows(&spooled(1_000), 0).len(), 1_000);
    }
}
