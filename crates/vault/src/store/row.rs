//! Reading columns into types; what does not fit is named, never guessed at.

use sqlx::sqlite::SqliteRow;
use sqlx::{Decode, Row, Sqlite, Type};

use crate::error::{Error, Result};
use crate::keys::{Claim, InstanceKey};

/// A row that came from one table, named in errors.
pub(super) struct StoredRow<'r> {
    row: &'r SqliteRow,
    table: &'static str,
    id: String,
}

impl<'r> StoredRow<'r> {
    /// `id` is what an operator would look for.
    pub(super) fn new(row: &'r SqliteRow, table: &'static str, id: impl Into<String>) -> Self {
        Self {
            row,
            table,
            id: id.into(),
        }
    }

    /// A column as its stored type.
    pub(super) fn get<T>(&self, column: &'static str) -> Result<T>
    where
        T: Decode<'r, Sqlite> + Type<Sqlite>,
    {
        self.row.try_get(column).map_err(|_| self.corrupt(column))
    }

    /// A column parsed further; `None` from `parse` is damage.
    pub(super) fn parse<T, U>(&self, column: &'static str, parse: impl FnOnce(T) -> Option<U>) -> Result<U>
    where
        T: Decode<'r, Sqlite> + Type<Sqlite>,
    {
        parse(self.get(column)?).ok_or_else(|| self.corrupt(column))
    }

    /// Refuses a row that this server did not write.
    pub(super) fn check_mark(&self, column: &'static str, key: &InstanceKey, claim: &Claim) -> Result<()> {
        let mark: &[u8] = self.get(column)?;
        if key.stands_behind(claim, mark) {
            Ok(())
        } else {
            Err(self.corrupt(column))
        }
    }

    fn corrupt(&self, column: &'static str) -> Error {
        Error::Corrupt {
            table: self.table,
            column,
            id: self.id.clone(),
        }
    }
}
