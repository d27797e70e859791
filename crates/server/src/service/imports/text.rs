//! What kind of text a file is, found out while its bytes pass by; and its reading as CSV in UTF-8, in bounded memory.

use std::io::{self, Read};

use encoding_rs::{CoderResult, Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use serde::{Deserialize, Serialize};

use super::{Fault, lines::Lines};

/// Longest row, in bytes.
const LONGEST_ROW: usize = 4 << 20;
/// Most columns.
const MOST_COLUMNS: usize = 1_000;
/// Bytes at the beginning from which the delimiter is found out.
const HEAD: usize = 64 << 10;
const BUFFER: usize = 64 << 10;
/// A byte order mark in UTF-8.
const MARK: &[u8] = "\u{feff}".as_bytes();

/// What a file is written in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Dialect {
    /// A name of the Encoding Standard.
    pub(super) encoding: String,
    /// What separates columns.
    pub(super) delimiter: char,
}

/// Looks at a file's bytes as they pass by.
#[derive(Default)]
pub(super) struct Sniffer {
    head: Vec<u8>,
    /// The beginning of a character whose end is in the next chunk.
    cut: Vec<u8>,
    bytes: u64,
    is_not_utf8: bool,
    has_nul: bool,
}

impl Sniffer {
    /// Looks at the next chunk.
    pub(super) fn look_at(&mut self, chunk: &[u8]) {
        self.bytes += chunk.len() as u64;
        self.has_nul |= chunk.contains(&0);
        let room = HEAD.saturating_sub(self.head.len()).min(chunk.len());
        self.head.extend_from_slice(&chunk[..room]);
        if self.is_not_utf8 {
            return;
        }
        let joined;
        let text = if self.cut.is_empty() {
            chunk
        } else {
            joined = [&self.cut, chunk].concat();
            &joined[..]
        };
        let cut = match std::str::from_utf8(text) {
            Ok(_) => Vec::new(),
            Err(error) if error.error_len().is_none() => text[error.valid_up_to()..].to_vec(),
            Err(_) => {
                self.is_not_utf8 = true;
                Vec::new()
            }
        };
        self.cut = cut;
    }

    /// How many bytes there were.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// What the file is, unless the caller says otherwise.
    ///
    /// # Errors
    /// If it is empty, no text, or not in the encoding that the caller names.
    pub(super) fn dialect(
        &self,
        encoding: Option<&str>,
        delimiter: Option<u8>,
    ) -> Result<Dialect, Fault> {
        if self.bytes == 0 {
            return Err(Fault::new("FILE_EMPTY", "the file is empty"));
        }
        let is_utf8 = !self.is_not_utf8 && self.cut.is_empty();
        let encoding = match encoding.and_then(|name| Encoding::for_label(name.as_bytes())) {
            Some(encoding) if encoding == UTF_8 && !is_utf8 => {
                return Err(Fault::new("NOT_UTF8", "the file is not valid UTF-8"));
            }
            Some(encoding) => encoding,
            None => match self.head.as_slice() {
                [0xff, 0xfe, ..] => UTF_16LE,
                [0xfe, 0xff, ..] => UTF_16BE,
                _ if is_utf8 => UTF_8,
                _ => WINDOWS_1252,
            },
        };
        let is_wide = encoding == UTF_16LE || encoding == UTF_16BE;
        if !is_wide && (self.has_nul || is_binary(&self.head)) {
            return Err(Fault::new(
                "NOT_CSV",
                "the file is no text; export it as CSV first",
            ));
        }
        let (head, _, _) = encoding.decode(&self.head);
        if self.bytes <= HEAD as u64 && head.trim().is_empty() {
            return Err(Fault::new("FILE_EMPTY", "the file is empty"));
        }
        let delimiter = delimiter.unwrap_or_else(|| delimiter_of(&head));
        Ok(Dialect {
            encoding: encoding.name().to_owned(),
            delimiter: char::from(delimiter),
        })
    }
}

/// Whether the beginning is that of a known format that is no text, or holds many control characters.
fn is_binary(head: &[u8]) -> bool {
    const MAGIC: [&[u8]; 5] = [
        b"PK\x03\x04",
        b"%PDF-",
        b"\x1f\x8b",
        b"\xd0\xcf\x11\xe0",
        b"SQLite format 3",
    ];
    let controls = head
        .iter()
        .filter(|byte| {
            byte.is_ascii_control() && !matches!(byte, b'\t' | b'\r' | b'\n' | 0x0b | 0x0c)
        })
        .count();
    MAGIC.iter().any(|magic| head.starts_with(magic)) || controls * 100 > head.len()
}

/// The delimiter that cuts the first rows into the most columns, alike in each.
fn delimiter_of(head: &str) -> u8 {
    let columns = |delimiter: u8| {
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .has_headers(false)
            .flexible(true)
            .from_reader(head.as_bytes());
        let counts: Vec<usize> = reader
            .byte_records()
            .take(20)
            .flatten()
            .map(|row| row.len())
            .collect();
        // The last row of the head may be cut off.
        let whole = if counts.len() > 2 {
            &counts[..counts.len() - 1]
        } else {
            &counts[..]
        };
        let first = whole.first().copied().unwrap_or(0);
        let alike = whole.iter().filter(|&&count| count == first).count();
        if first > 1 {
            (alike * 100 / whole.len().max(1), first)
        } else {
            (0, 0)
        }
    };
    // Of equally good ones the last is taken.
    [b'|', b'\t', b';', b',']
        .into_iter()
        .max_by_key(|&delimiter| columns(delimiter))
        .unwrap_or(b',')
}

/// The rows of a file. The first is the header.
pub(super) struct Rows<R> {
    reader: csv::Reader<Metered<Utf8<R>>>,
    header: Vec<String>,
}

/// One row: where it begins, and what stands in it, or what is wrong with it.
pub(super) struct Row<'r> {
    pub(super) line: u64,
    pub(super) fields: &'r csv::ByteRecord,
    pub(super) fault: Option<Fault>,
}

impl<R: Read> Rows<R> {
    /// Reads the header.
    ///
    /// # Errors
    /// If there is none that can serve.
    pub(super) fn new(file: R, dialect: &Dialect) -> Result<Self, Fault> {
        let metered = Metered {
            inner: Utf8::new(file, &dialect.encoding),
            since_row: 0,
            lines: Lines::default(),
        };
        let reader = csv::ReaderBuilder::new()
            .delimiter(u8::try_from(dialect.delimiter).unwrap_or(b','))
            .has_headers(false)
            .flexible(true)
            .buffer_capacity(BUFFER)
            .from_reader(metered);
        let mut rows = Self {
            reader,
            header: Vec::new(),
        };
        let mut first = csv::ByteRecord::new();
        if !rows.read(&mut first)? {
            return Err(Fault::new("FILE_EMPTY", "the file is empty"));
        }
        if first.len() > MOST_COLUMNS {
            return Err(Fault::new(
                "TOO_MANY_COLUMNS",
                format!("the file has more than {MOST_COLUMNS} columns"),
            ));
        }
        let name = |field: &[u8]| String::from_utf8_lossy(field).trim().to_owned();
        rows.header = first.iter().map(name).collect();
        if rows.header.iter().all(String::is_empty) {
            return Err(Fault::new(
                "HEADER_MISSING",
                "the first row has no names of columns",
            ));
        }
        Ok(rows)
    }

    /// The names of the columns.
    pub(super) fn header(&self) -> &[String] {
        &self.header
    }

    /// The next row, in the caller's buffer.
    ///
    /// # Errors
    /// If the file cannot be read on: it is cut off here.
    pub(super) fn next<'r>(
        &mut self,
        buffer: &'r mut csv::ByteRecord,
    ) -> Result<Option<Row<'r>>, Fault> {
        if !self.read(buffer)? {
            return Ok(None);
        }
        let begins = buffer.position().map_or(0, csv::Position::byte);
        let line = self.reader.get_mut().lines.at(begins);
        let (found, wanted) = (buffer.len(), self.header.len());
        // Some programs end every row with a delimiter, and leave out empty columns at the end of one.
        let is_longer = found > wanted && buffer.iter().skip(wanted).any(|field| !field.is_empty());
        let fault = (is_longer || found < wanted).then(|| {
            Fault::new(
                "WRONG_COLUMN_COUNT",
                format!("the row has {found} columns, the header {wanted}"),
            )
        });
        Ok(Some(Row {
            line,
            fields: buffer,
            fault,
        }))
    }

    fn read(&mut self, record: &mut csv::ByteRecord) -> Result<bool, Fault> {
        self.reader.get_mut().since_row = 0;
        self.reader.read_byte_record(record).map_err(|error| match error.kind() {
            csv::ErrorKind::Io(error) if error.kind() == io::ErrorKind::InvalidData => {
                let line = self.reader.position().line();
                Fault::new("ROW_TOO_LONG", format!("the row that begins about line {line} is longer than {LONGEST_ROW} bytes"))
            }
            _ => Fault::new("FILE_UNREADABLE", "the file cannot be read"),
        })
    }
}

/// Refuses to hand out more bytes than a row may have, so that a quote that is never closed does not fill the memory; and counts lines.
struct Metered<R> {
    inner: R,
    since_row: usize,
    lines: Lines,
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.since_row > LONGEST_ROW {
            return Err(io::Error::from(io::ErrorKind::InvalidData));
        }
        let count = self.inner.read(out)?;
        self.since_row += count;
        self.lines.pass(&out[..count]);
        Ok(count)
    }
}

/// Any encoding as UTF-8, without a byte order mark.
struct Utf8<R> {
    file: R,
    decoder: Decoder,
    raw: Vec<u8>,
    raw_start: usize,
    has_ended: bool,
    /// Whether the decoder was told so, and gave its last.
    is_done: bool,
    /// Whether anything but byte order marks was handed out.
    has_begun: bool,
}

impl<R: Read> Utf8<R> {
    fn new(file: R, encoding: &str) -> Self {
        let encoding = Encoding::for_label(encoding.as_bytes()).unwrap_or(UTF_8);
        Self {
            file,
            decoder: encoding.new_decoder_with_bom_removal(),
            raw: Vec::new(),
            raw_start: 0,
            has_ended: false,
            is_done: false,
            has_begun: false,
        }
    }
}

impl<R: Read> Read for Utf8<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while !self.is_done && !out.is_empty() {
            if self.raw_start == self.raw.len() && !self.has_ended {
                self.raw.resize(BUFFER / 4, 0);
                let count = self.file.read(&mut self.raw)?;
                self.raw.truncate(count);
                self.raw_start = 0;
                self.has_ended = count == 0;
            }
            let (result, read, mut written, _) =
                self.decoder
                    .decode_to_utf8(&self.raw[self.raw_start..], out, self.has_ended);
            self.raw_start += read;
            self.is_done = self.has_ended && result == CoderResult::InputEmpty;
            // The CSV reader takes a mark that comes alone for the end of the file; the decoder removes only the first of several.
            while !self.has_begun && out[..written].starts_with(MARK) {
                out.copy_within(MARK.len()..written, 0);
                written -= MARK.len();
            }
            if written > 0 {
                self.has_begun = true;
                return Ok(written);
            }
        }
        Ok(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dialect(bytes: &[u8]) -> Result<Dialect, Fault> {
        let mut sniffer = Sniffer::default();
        for chunk in bytes.chunks(3) {
            sniffer.look_at(chunk);
        }
        sniffer.dialect(None, None)
    }

    fn read(bytes: &[u8]) -> Result<Vec<Vec<String>>, Fault> {
        let mut rows = Rows::new(bytes, &dialect(bytes)?)?;
        let mut all = vec![rows.header().to_vec()];
        let mut buffer = csv::ByteRecord::new();
        while let Some(row) = rows.next(&mut buffer)? {
            all.push(
                row.fields
                    .iter()
                    .map(|field| String::from_utf8(field.to_vec()).unwrap())
                    .collect(),
            );
        }
        Ok(all)
    }

    #[test]
    fn delimiters_are_found_out() {
        for delimiter in [",", ";", "\t", "|"] {
            let text = ["a", "b", "c\n1", "x, y; z", "3\n"]
                .join(delimiter)
                .replace("x, y; z", "\"x, y; z\"");
            let rows = read(text.as_bytes()).unwrap();
            assert_eq!(
                rows,
                [["a", "b", "c"], ["1", "x, y; z", "3"]],
                "{delimiter}"
            );
        }
    }

    #[test]
    fn encodings_are_found_out() {
        let expected = [["naam", "plaats"], ["Zoë", "Łódź"]];
        let text = "naam,plaats\nZoë,Łódź\n";
        assert_eq!(read(text.as_bytes()).unwrap(), expected);
        assert_eq!(
            read(format!("\u{feff}{text}").as_bytes()).unwrap(),
            expected
        );
        let wide: Vec<u8> = [0xff, 0xfe]
            .into_iter()
            .chain(text.encode_utf16().flat_map(u16::to_le_bytes))
            .collect();
        assert_eq!(read(&wide).unwrap(), expected);
        assert_eq!(
            read(b"naam,prijs\nZo\xeb,\x80 5\n").unwrap(),
            [["naam", "prijs"], ["Zoë", "€ 5"]]
        );
    }

    #[test]
    fn quoted_line_breaks_belong_to_the_cell() {
        let rows = read(b"a,b\r\n\"one\ntwo\",\"say \"\"hi\"\"\"\r\n").unwrap();
        assert_eq!(rows[1], ["one\ntwo", "say \"hi\""]);
    }

    #[test]
    fn rows_begin_where_a_person_would_say_however_lines_end() {
        for end in ["\n", "\r\n", "\r"] {
            let text = ["a,b", "1,2", "", "\"3", "", "3\",4", "5,6"].join(end);
            let mut rows = Rows::new(text.as_bytes(), &dialect(text.as_bytes()).unwrap()).unwrap();
            let mut buffer = csv::ByteRecord::new();
            let mut lines = Vec::new();
            while let Some(row) = rows.next(&mut buffer).unwrap() {
                lines.push(row.line);
            }
            assert_eq!(lines, [2, 4, 7], "{end:?}");
        }
    }

    #[test]
    fn what_is_no_csv_is_refused() {
        for (bytes, code) in [
            (&b""[..], "FILE_EMPTY"),
            (b" \n \n", "FILE_EMPTY"),
            (b"PK\x03\x04 and so on", "NOT_CSV"),
            (b"a,b\n\0,1\n", "NOT_CSV"),
            (b",,\n1,2,3\n", "HEADER_MISSING"),
        ] {
            assert_eq!(read(bytes).unwrap_err().code, code, "{bytes:?}");
        }
    }

    #[test]
    fn a_row_without_an_end_is_refused_before_it_fills_the_memory() {
        let long = [b"a,b\n\"".to_vec(), vec![b'x'; 10_000_000]].concat();
        assert_eq!(read(&long).unwrap_err().code, "ROW_TOO_LONG");
    }
}
