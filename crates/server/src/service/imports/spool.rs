//! Temporary files that bring the rows of a file into the order in which they are written: those of one key together, in a part of the file
//! that fits into memory. The same file always gives the same parts.

use std::{
    fs::File,
    io::{self, BufReader, BufWriter, Read, Write},
};

use tempfile::TempDir;

use super::Fault;

/// Bytes of the file that go into one part.
const PART_BYTES: u64 = 12 << 20;
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
        let parts = (file_bytes / PART_BYTES + 1).min(MOST_PARTS);
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
        let part = (fnv1a(key.as_bytes()) % self.writers.len() as u64) as usize;
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
    /// How many parts there are.
    pub(super) fn parts(&self) -> usize {
        self.parts
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

/// A hash that is the same in every release, because a job may be ended by another one than began it (FNV-1a).
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_one_key_stay_together_in_the_order_of_the_file() {
        let mut spool = Spool::new(100 << 20).unwrap();
        for line in 0..1_000_u64 {
            let key = format!("k{}", line % 10);
            spool
                .push(
                    &key,
                    line,
                    &csv::ByteRecord::from(vec![key.as_str(), "Zoë"]),
                    None,
                )
                .unwrap();
        }
        let spooled = spool.finish().unwrap();
        let mut seen = 0;
        for part in 0..spooled.parts() {
            let rows: Vec<SpooledRow> = spooled.read(part).unwrap().map(Result::unwrap).collect();
            assert!(rows.is_sorted_by_key(|row| row.line));
            for row in &rows {
                assert_eq!(row.fields, [format!("k{}", row.line % 10), "Zoë".into()]);
            }
            seen += rows.len();
        }
        assert_eq!(seen, 1_000);
    }
}
