//! A file as an import reads it, whole: for whoever wants to know what would be read of some bytes.

use std::io::{self, Read};

use super::{
    Fault,
    text::{Rows, Sniffer},
};

/// A file as an import reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// The names of the columns.
    pub header: Vec<String>,
    /// The rows below.
    pub rows: Vec<SheetRow>,
}

/// A row of a [`Sheet`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetRow {
    /// The line on which it begins; the file's first is 1.
    pub line: u64,
    /// What stands in it.
    pub cells: Vec<String>,
    /// The code of what is wrong with it.
    pub fault: Option<String>,
}

/// Reads a file whole, as an import does while it comes in pieces of at most so many bytes. Answers with the code of what is wrong with it if it
/// cannot be read to its end.
///
/// # Errors
/// The code of the fault for which an import refuses the file.
pub fn read_sheet(
    file: &[u8],
    piece: usize,
    encoding: Option<&str>,
    delimiter: Option<u8>,
) -> Result<Sheet, String> {
    let code = |fault: Fault| fault.code.into_owned();
    let mut sniffer = Sniffer::default();
    file.chunks(piece).for_each(|chunk| sniffer.look_at(chunk));
    let dialect = sniffer.dialect(encoding, delimiter).map_err(code)?;
    let mut rows = Rows::new(Pieces { rest: file, piece }, &dialect).map_err(code)?;
    let mut sheet = Sheet {
        header: rows.header().to_vec(),
        rows: Vec::new(),
    };
    let mut buffer = csv::ByteRecord::new();
    while let Some(row) = rows.next(&mut buffer).map_err(code)? {
        let cells = row.fields.iter().map(String::from_utf8_lossy);
        sheet.rows.push(SheetRow {
            line: row.line,
            cells: cells.map(std::borrow::Cow::into_owned).collect(),
            fault: row.fault.map(|fault| fault.code.into_owned()),
        });
    }
    Ok(sheet)
}

/// Hands out no more than so many bytes at a time, as a network does.
struct Pieces<'f> {
    rest: &'f [u8],
    piece: usize,
}

impl Read for Pieces<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let most = self.piece.min(out.len());
        self.rest.read(&mut out[..most])
    }
}
