//! Parameters of statements, bound on either database, and the description of a table to fill in bulk.

use std::borrow::Cow;
use std::error::Error;

use bytes::{BufMut, BytesMut};
use postgres_types::{IsNull, ToSql, Type, WrongType};
use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use uuid::Uuid;

/// A parameter of a statement.
#[derive(Debug, Clone, PartialEq)]
pub enum Param<'a> {
    /// SQL null, of whatever type the statement wants.
    Null,
    /// A boolean; 0 or 1 on SQLite.
    Bool(bool),
    /// An integer of any width; out of range for the column is an error.
    Int(i64),
    /// Text without NUL.
    Text(Cow<'a, str>),
    /// Bytes.
    Bytes(Cow<'a, [u8]>),
    /// An id; 16 bytes on SQLite.
    Uuid(Uuid),
    /// JSON text; `jsonb` on PostgreSQL.
    Json(Cow<'a, str>),
    /// For `= any($n)`.
    Uuids(Vec<Uuid>),
    /// For `= any($n)`.
    Texts(Vec<String>),
    /// For `= any($n)`.
    Ints(Vec<i64>),
}

/// A table and the columns to fill with [`super::Tx::bulk_insert`], in the order of each row.
#[derive(Debug)]
pub struct BulkTable {
    /// The table's name.
    pub name: &'static str,
    /// Names and types of the columns.
    pub columns: &'static [(&'static str, ColumnType)],
}

/// The type of a column, as PostgreSQL's binary copy has to know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each variant is the SQL type of the same name")]
pub enum ColumnType {
    Bool,
    SmallInt,
    Int,
    BigInt,
    Text,
    Bytes,
    Uuid,
    Json,
}

impl ColumnType {
    pub(super) fn postgres(self) -> Type {
        match self {
            ColumnType::Bool => Type::BOOL,
            ColumnType::SmallInt => Type::INT2,
            ColumnType::Int => Type::INT4,
            ColumnType::BigInt => Type::INT8,
            ColumnType::Text => Type::TEXT,
            ColumnType::Bytes => Type::BYTEA,
            ColumnType::Uuid => Type::UUID,
            ColumnType::Json => Type::JSONB,
        }
    }
}

impl<'a> Param<'a> {
    /// JSON text, borrowed or owned.
    pub fn json(text: impl Into<Cow<'a, str>>) -> Param<'a> {
        Param::Json(text.into())
    }
}

impl From<bool> for Param<'_> {
    fn from(value: bool) -> Self {
        Param::Bool(value)
    }
}

impl From<i64> for Param<'_> {
    fn from(value: i64) -> Self {
        Param::Int(value)
    }
}

impl From<i32> for Param<'_> {
    fn from(value: i32) -> Self {
        Param::Int(value.into())
    }
}

impl From<u32> for Param<'_> {
    fn from(value: u32) -> Self {
        Param::Int(value.into())
    }
}

impl From<i16> for Param<'_> {
    fn from(value: i16) -> Self {
        Param::Int(value.into())
    }
}

impl<'a> From<&'a str> for Param<'a> {
    fn from(value: &'a str) -> Self {
        Param::Text(Cow::Borrowed(value))
    }
}

impl<'a> From<&'a String> for Param<'a> {
    fn from(value: &'a String) -> Self {
        Param::Text(Cow::Borrowed(value))
    }
}

impl From<String> for Param<'_> {
    fn from(value: String) -> Self {
        Param::Text(Cow::Owned(value))
    }
}

impl<'a> From<&'a [u8]> for Param<'a> {
    fn from(value: &'a [u8]) -> Self {
        Param::Bytes(Cow::Borrowed(value))
    }
}

impl<'a, const N: usize> From<&'a [u8; N]> for Param<'a> {
    fn from(value: &'a [u8; N]) -> Self {
        Param::Bytes(Cow::Borrowed(value))
    }
}

impl From<Vec<u8>> for Param<'_> {
    fn from(value: Vec<u8>) -> Self {
        Param::Bytes(Cow::Owned(value))
    }
}

impl From<Uuid> for Param<'_> {
    fn from(value: Uuid) -> Self {
        Param::Uuid(value)
    }
}

impl From<Vec<Uuid>> for Param<'_> {
    fn from(value: Vec<Uuid>) -> Self {
        Param::Uuids(value)
    }
}

impl From<Vec<String>> for Param<'_> {
    fn from(value: Vec<String>) -> Self {
        Param::Texts(value)
    }
}

impl From<Vec<i64>> for Param<'_> {
    fn from(value: Vec<i64>) -> Self {
        Param::Ints(value)
    }
}

impl<'a, T: Into<Param<'a>>> From<Option<T>> for Param<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Param::Null, Into::into)
    }
}

/// The single values; arrays are bound by the connection.
impl rusqlite::ToSql for Param<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Param::Null | Param::Uuids(_) | Param::Texts(_) | Param::Ints(_) => {
                ToSqlOutput::Owned(Value::Null)
            }
            Param::Bool(value) => ToSqlOutput::Owned(Value::Integer(i64::from(*value))),
            Param::Int(value) => ToSqlOutput::Owned(Value::Integer(*value)),
            Param::Text(value) | Param::Json(value) => {
                ToSqlOutput::Borrowed(ValueRef::Text(value.as_bytes()))
            }
            Param::Bytes(value) => ToSqlOutput::Borrowed(ValueRef::Blob(value)),
            Param::Uuid(value) => ToSqlOutput::Borrowed(ValueRef::Blob(value.as_bytes())),
        })
    }
}

impl ToSql for Param<'_> {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match (self, ty) {
            (Param::Null, _) => Ok(IsNull::Yes),
            (Param::Bool(value), &Type::BOOL) => value.to_sql(ty, out),
            (Param::Int(value), &Type::INT8) => value.to_sql(ty, out),
            (Param::Int(value), &Type::INT4) => i32::try_from(*value)?.to_sql(ty, out),
            (Param::Int(value), &Type::INT2) => i16::try_from(*value)?.to_sql(ty, out),
            (Param::Int(value), &Type::XID8) => {
                out.put_i64(*value);
                Ok(IsNull::No)
            }
            (Param::Text(value), &Type::TEXT | &Type::VARCHAR | &Type::NAME) => {
                out.put_slice(value.as_bytes());
                Ok(IsNull::No)
            }
            (Param::Json(value), &Type::JSONB) => {
                out.put_u8(1); // the version of jsonb's binary form
                out.put_slice(value.as_bytes());
                Ok(IsNull::No)
            }
            (Param::Json(value), &Type::JSON | &Type::TEXT) => {
                out.put_slice(value.as_bytes());
                Ok(IsNull::No)
            }
            (Param::Bytes(value), &Type::BYTEA) => {
                out.put_slice(value);
                Ok(IsNull::No)
            }
            (Param::Uuid(value), &Type::UUID) => {
                out.put_slice(value.as_bytes());
                Ok(IsNull::No)
            }
            (Param::Uuids(values), &Type::UUID_ARRAY) => values.to_sql(ty, out),
            (Param::Texts(values), &Type::TEXT_ARRAY) => values.to_sql(ty, out),
            (Param::Ints(values), &Type::INT8_ARRAY) => values.to_sql(ty, out),
            (Param::Ints(values), &Type::INT4_ARRAY) => narrowed::<i32>(values)?.to_sql(ty, out),
            (Param::Ints(values), &Type::INT2_ARRAY) => narrowed::<i16>(values)?.to_sql(ty, out),
            _ => Err(Box::new(WrongType::new::<Self>(ty.clone()))),
        }
    }

    fn accepts(_ty: &Type) -> bool {
        true // decided with the value at hand, above
    }

    postgres_types::to_sql_checked!();
}

fn narrowed<T: TryFrom<i64>>(values: &[i64]) -> Result<Vec<T>, T::Error> {
    values.iter().map(|it| T::try_from(*it)).collect()
}
