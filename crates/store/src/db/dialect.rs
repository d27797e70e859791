//! The two SQL dialects, and how a statement written for PostgreSQL becomes one for SQLite.
//!
//! Statements are written once, in PostgreSQL's flavour. What differs by more than these rules is
//! written twice, in [`crate::statements`].

/// The SQL dialect of an open database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// SQLite, in a file.
    Sqlite,
    /// PostgreSQL, a server.
    Postgres,
}

/// Lock clauses, longest first; SQLite has one writer and needs none.
const LOCK_CLAUSES: [&str; 5] = [
    " for no key update skip locked",
    " for update skip locked",
    " for no key update",
    " for update",
    " for share",
];

/// Translates a statement's text to SQLite:
/// `$1` becomes `?1`, `= any($1)` becomes `in rarray(?1)`, `<> all($1)` becomes `not in rarray(?1)`,
/// casts (`::bigint`, `::uuid[]`) and row locks are dropped. Quoted text stays as it is.
pub(super) fn to_sqlite(sql: &str) -> String {
    let mut out = String::with_capacity(sql.len());
    let mut rest = sql;
    while let Some(first) = rest.chars().next() {
        if first == '\'' {
            let end = rest[1..].find('\'').map_or(rest.len(), |at| at + 2);
            out.push_str(&rest[..end]);
            rest = &rest[end..];
        } else if let Some(after) = rest.strip_prefix("= any($") {
            rest = array(&mut out, "in", after);
        } else if let Some(after) = rest.strip_prefix("<> all($") {
            rest = array(&mut out, "not in", after);
        } else if let Some(after) = rest.strip_prefix('$') {
            out.push('?');
            rest = after;
        } else if let Some(after) = rest.strip_prefix("::") {
            let word = after.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_');
            rest = word.strip_prefix("[]").unwrap_or(word);
        } else if let Some(after) = LOCK_CLAUSES.iter().find_map(|it| rest.strip_prefix(it)) {
            rest = after;
        } else {
            out.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    out
}

/// Writes `in rarray(?n)` for what follows `= any($`: `n)` or `n::type[])`.
fn array<'a>(out: &mut String, operator: &str, after: &'a str) -> &'a str {
    let close = after.find(')').unwrap_or(after.len());
    let number = after[..close].split("::").next().unwrap_or_default();
    out.push_str(operator);
    out.push_str(" rarray(?");
    out.push_str(number);
    out.push(')');
    after.get(close + 1..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::to_sqlite;

    #[test]
    fn parameters_arrays_casts_and_locks_are_translated() {
        let sql = "select a, b::text from t where id = any($2::uuid[]) and w = $1::uuid \
                   and k <> all($3) order by id limit $4 for update skip locked";
        assert_eq!(
            to_sqlite(sql),
            "select a, b from t where id in rarray(?2) and w = ?1 \
             and k not in rarray(?3) order by id limit ?4"
        );
    }

    #[test]
    fn quoted_text_is_left_alone() {
        let sql = "select 'a::b $1 for update', x from t for update";
        assert_eq!(to_sqlite(sql), "select 'a::b $1 for update', x from t");
    }
}
