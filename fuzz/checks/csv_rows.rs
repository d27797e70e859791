//! The reading of uploaded files.

use leadline_server::service::imports::read_sheet;

/// Any bytes are a sheet or are refused, and the pieces in which they come make no difference. The first byte says how they are read.
pub(crate) fn csv_rows(input: &[u8]) {
    let Some((choice, file)) = input.split_first() else {
        return;
    };
    let encoding = match choice & 7 {
        0..=2 => None,
        3 => Some("utf-8"),
        4 => Some("windows-1252"),
        5 => Some("utf-16le"),
        6 => Some("shift_jis"),
        _ => Some("iso-2022-jp"),
    };
    let delimiter = match (choice >> 3) & 3 {
        0 => None,
        1 => Some(b';'),
        2 => Some(b'\t'),
        _ => Some(b'|'),
    };
    let piece = 1 + usize::from(choice >> 5);
    let whole = read_sheet(file, file.len().max(1), encoding, delimiter);
    let pieced = read_sheet(file, piece, encoding, delimiter);
    assert_eq!(whole, pieced, "in pieces of {piece} bytes");
    let Ok(sheet) = whole else {
        return;
    };
    assert!(sheet.header.iter().any(|name| !name.is_empty()));
    assert!(
        sheet.rows.is_sorted_by(|a, b| a.line < b.line),
        "lines go backwards"
    );
    for row in &sheet.rows {
        assert!(row.line > 1, "a row before the header");
        if row.fault.is_none() {
            assert!(row.cells.len() >= sheet.header.len());
            let mut beyond = row.cells.iter().skip(sheet.header.len());
            assert!(beyond.all(String::is_empty));
        }
    }
}
