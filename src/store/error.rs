//! Why the store cannot answer. Messages name no child, no key and no password of an address.

/// Why the store cannot answer.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The address is none that is known here.
    #[error(
        "the store's address must begin with `sqlite:` or `postgres:`; `sqlite:casecheck.db` is a file in this folder"
    )]
    Address,
    /// The database cannot be reached or opened.
    #[error(
        "the database cannot be opened ({0}): is the address right, does the server run, may the folder be written?"
    )]
    Unreachable(String),
    /// There is no room to write.
    #[error("the database cannot be written to: the disk is full")]
    Full,
    /// Another process owns the database file.
    #[error(
        "another process of this program uses {0}: stop it first, or use PostgreSQL, which many may share"
    )]
    InUse(String),
    /// The database was made by a newer version of this program, or is another's.
    #[error(
        "the database is none of this version's ({0}): use the version that made it, or another database"
    )]
    Version(String),
    /// The database has ended the connection, or cannot answer now.
    #[error("the database does not answer ({0}); nothing is lost, it is tried again")]
    Gone(String),
    /// What is stored cannot be read: it was altered outside this program, or the key is another one.
    #[error("what the store holds cannot be read ({0}): was it altered, or is the key another one?")]
    Damaged(&'static str),
    /// The secret key cannot be read or made.
    #[error("the key of the store cannot be used ({0})")]
    Key(String),
}

impl StoreError {
    /// Whether it is worth trying again without anybody doing anything.
    pub const fn is_passing(&self) -> bool {
        matches!(self, Self::Gone(_) | Self::Full)
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(database) => {
                let code = database.code().map(std::borrow::Cow::into_owned).unwrap_or_default();
                // SQLITE_FULL, and PostgreSQL's disk_full and out_of_memory.
                if ["13", "53100"].contains(&code.as_str()) {
                    Self::Full
                } else {
                    Self::Gone(format!("code {code}"))
                }
            }
            sqlx::Error::Io(error) => Self::Gone(error.kind().to_string()),
            sqlx::Error::PoolTimedOut => Self::Gone("no connection came free".to_owned()),
            sqlx::Error::Tls(_) => Self::Gone("TLS".to_owned()),
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => Self::Damaged("a column"),
            _ => Self::Gone("connection".to_owned()),
        }
    }
}
