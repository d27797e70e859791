//! Rows that come back, read by column index into plain Rust types.

use std::error::Error;

use postgres_types::{FromSql, Type, WrongType};
use rusqlite::types::Value;
use uuid::Uuid;

use super::DbError;

/// A row of a result.
pub struct Row {
    cells: Cells,
}

enum Cells {
    Sqlite(Vec<Value>),
    Postgres(tokio_postgres::Row),
}

/// A cell as both databases show it: the smallest set of kinds that holds all column types.
#[derive(Debug, Clone, Copy, PartialEq)]
#[expect(missing_docs, reason = "the variants say what they hold")]
pub enum Cell<'r> {
    Null,
    Bool(bool),
    Int(i64),
    Text(&'r str),
    Bytes(&'r [u8]),
}

/// A type that a cell can be read into.
pub trait FromCell<'r>: Sized {
    /// Reads the cell; `None` when it holds another kind.
    fn from_cell(cell: Cell<'r>) -> Option<Self>;
}

impl Row {
    /// Reads the cell at `index`, the position in the select list.
    ///
    /// # Errors
    /// `Corrupt` when the cell is absent, null (unless `T` is an `Option`) or of another kind.
    pub fn get<'r, T: FromCell<'r>>(&'r self, index: usize) -> Result<T, DbError> {
        let cell = self.cell(index)?;
        T::from_cell(cell).ok_or_else(|| {
            DbError::row(format_args!(
                "column {index} is not a {}",
                std::any::type_name::<T>()
            ))
        })
    }

    fn cell(&self, index: usize) -> Result<Cell<'_>, DbError> {
        let absent = || DbError::row(format_args!("there is no column {index}"));
        match &self.cells {
            Cells::Sqlite(values) => match values.get(index).ok_or_else(absent)? {
                Value::Null => Ok(Cell::Null),
                Value::Integer(value) => Ok(Cell::Int(*value)),
                Value::Text(value) => Ok(Cell::Text(value)),
                Value::Blob(value) => Ok(Cell::Bytes(value)),
                Value::Real(_) => Err(DbError::row("a floating point number")),
            },
            Cells::Postgres(row) => row
                .try_get(index)
                .map_err(|_| DbError::row(format_args!("column {index} has an unsupported type"))),
        }
    }

    pub(super) fn postgres(row: tokio_postgres::Row) -> Row {
        Row {
            cells: Cells::Postgres(row),
        }
    }

    /// An empty SQLite row, to be filled.
    pub(super) fn sqlite() -> Row {
        Row {
            cells: Cells::Sqlite(Vec::new()),
        }
    }

    /// Fills this row from SQLite's current one and reuses its memory.
    pub(super) fn fill(&mut self, columns: usize, row: &rusqlite::Row<'_>) -> rusqlite::Result<()> {
        let Cells::Sqlite(values) = &mut self.cells else {
            return Ok(());
        };
        values.resize(columns, Value::Null);
        for (index, value) in values.iter_mut().enumerate() {
            let new = row.get_ref(index)?;
            match (&mut *value, new) {
                (Value::Text(old), rusqlite::types::ValueRef::Text(_)) => {
                    let text = new.as_str()?;
                    old.clear();
                    old.push_str(text);
                }
                (Value::Blob(old), rusqlite::types::ValueRef::Blob(bytes)) => {
                    old.clear();
                    old.extend_from_slice(bytes);
                }
                _ => *value = Value::try_from(new)?,
            }
        }
        Ok(())
    }
}

impl<'r> FromSql<'r> for Cell<'r> {
    fn from_sql(ty: &Type, raw: &'r [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(match *ty {
            Type::BOOL => Cell::Bool(bool::from_sql(ty, raw)?),
            Type::INT2 => Cell::Int(i16::from_sql(ty, raw)?.into()),
            Type::INT4 => Cell::Int(i32::from_sql(ty, raw)?.into()),
            Type::INT8 => Cell::Int(i64::from_sql(ty, raw)?),
            Type::XID8 => Cell::Int(i64::from_be_bytes(raw.try_into()?)),
            Type::TEXT | Type::VARCHAR | Type::NAME | Type::JSON => {
                Cell::Text(std::str::from_utf8(raw)?)
            }
            Type::JSONB => Cell::Text(std::str::from_utf8(raw.get(1..).unwrap_or_default())?),
            Type::BYTEA | Type::UUID => Cell::Bytes(raw),
            _ => return Err(Box::new(WrongType::new::<Self>(ty.clone()))),
        })
    }

    fn from_sql_null(_ty: &Type) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Cell::Null)
    }

    fn accepts(_ty: &Type) -> bool {
        true // decided per type, above
    }
}

impl<'r> FromCell<'r> for Cell<'r> {
    fn from_cell(cell: Cell<'r>) -> Option<Self> {
        Some(cell)
    }
}

impl FromCell<'_> for i64 {
    fn from_cell(cell: Cell<'_>) -> Option<Self> {
        match cell {
            Cell::Int(value) => Some(value),
            _ => None,
        }
    }
}

impl FromCell<'_> for i32 {
    fn from_cell(cell: Cell<'_>) -> Option<Self> {
        i64::from_cell(cell).and_then(|value| value.try_into().ok())
    }
}

impl FromCell<'_> for u32 {
    fn from_cell(cell: Cell<'_>) -> Option<Self> {
        i64::from_cell(cell).and_then(|value| value.try_into().ok())
    }
}

impl FromCell<'_> for i16 {
    fn from_cell(cell: Cell<'_>) -> Option<Self> {
        i64::from_cell(cell).and_then(|value| value.try_into().ok())
    }
}

impl FromCell<'_> for bool {
    fn from_cell(cell: Cell<'_>) -> Option<Self> {
        match cell {
            Cell::Bool(value) => Some(value),
            Cell::Int(value @ (0 | 1)) => Some(value == 1),
            _ => None,
        }
    }
}

impl<'r> FromCell<'r> for &'r str {
    fn from_cell(cell: Cell<'r>) -> Option<Self> {
        match cell {
            Cell::Text(value) => Some(value),
            _ => None,
        }
    }
}

impl FromCell<'_> for String {
    fn from_cell(cell: Cell<'_>) -> Option<Self> {
        <&str>::from_cell(cell).map(str::to_owned)
    }
}

impl<'r> FromCell<'r> for &'r [u8] {
    fn from_cell(cell: Cell<'r>) -> Option<Self> {
        match cell {
            Cell::Bytes(value) => Some(value),
            _ => None,
        }
    }
}

impl FromCell<'_> for Vec<u8> {
    fn from_cell(cell: Cell<'_>) -> Option<Self> {
        <&[u8]>::from_cell(cell).map(<[u8]>::to_vec)
    }
}

impl<const N: usize> FromCell<'_> for [u8; N] {
    fn from_cell(cell: Cell<'_>) -> Option<Self> {
        <&[u8]>::from_cell(cell).and_then(|bytes| bytes.try_into().ok())
    }
}

impl FromCell<'_> for Uuid {
    fn from_cell(cell: Cell<'_>) -> Option<Self> {
        <[u8; 16]>::from_cell(cell).map(Uuid::from_bytes)
    }
}

impl<'r, T: FromCell<'r>> FromCell<'r> for Option<T> {
    fn from_cell(cell: Cell<'r>) -> Option<Self> {
        match cell {
            Cell::Null => Some(None),
            other => T::from_cell(other).map(Some),
        }
    }
}
