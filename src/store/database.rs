//! Opens the database and brings its tables up to this version. SQLite has one writer and several readers; PostgreSQL has a pool.

use std::borrow::Cow;
use std::fs::File;
use std::path::Path;
use std::path::PathBuf;
use std::str::FromStr as _;
use std::sync::Arc;
use std::time::Duration;

use sqlx::AssertSqlSafe;
use sqlx::Connection as _;
use sqlx::PgPool;
use sqlx::SqlSafeStr as _;
use sqlx::SqlitePool;
use sqlx::migrate::Migration;
use sqlx::migrate::MigrationType;
use sqlx::migrate::Migrator;
use sqlx::postgres::PgConnectOptions;
use sqlx::postgres::PgPoolOptions;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::sqlite::SqliteJournalMode;
use sqlx::sqlite::SqlitePoolOptions;
use sqlx::sqlite::SqliteSynchronous;

use crate::store::Secret;
use crate::store::StoreError;

/// The migrations, oldest first.
const MIGRATIONS: &[(i64, &str, &str)] = &[
    (1, "jobs", include_str!("migrations/0001_jobs.sql")),
    (2, "waivers", include_str!("migrations/0002_waivers.sql")),
    (3, "across", include_str!("migrations/0003_across.sql")),
    (4, "due", include_str!("migrations/0004_due.sql")),
    (5, "chunks to do", include_str!("migrations/0005_chunks_to_do.sql")),
];

/// How long a connection is waited for.
const PATIENCE: Duration = Duration::from_secs(5);

/// A database of either kind.
#[derive(Clone)]
pub(super) enum Pools {
    /// One that writes, several that read.
    Sqlite {
        /// The one writer.
        writer: SqlitePool,
        /// The readers.
        reader: SqlitePool,
    },
    /// One pool for both.
    Postgres(PgPool),
}

/// The store: a database of either kind and the key of its ids.
#[derive(Clone)]
pub struct Store {
    pub(super) pools: Pools,
    /// What turns ids into pseudonyms and back.
    pub secret: Arc<Secret>,
    /// Held for as long as the store is, so that no second process works on one SQLite file.
    _owned: Option<Arc<File>>,
}

/// Reads with whichever database there is; the body may call it `Db`.
macro_rules! reading {
    ($store:expr, $pool:ident => $body:expr) => {
        match &$store.pools {
            $crate::store::database::Pools::Sqlite { reader: $pool, .. } => {
                type Db = sqlx::Sqlite;
                $body
            }
            $crate::store::database::Pools::Postgres($pool) => {
                type Db = sqlx::Postgres;
                $body
            }
        }
    };
}

/// Writes in one transaction with whichever database there is. A body that returns from its function leaves everything as it was.
macro_rules! writing {
    ($store:expr, $transaction:ident => $body:block) => {
        match &$store.pools {
            $crate::store::database::Pools::Sqlite { writer, .. } => {
                type Db = sqlx::Sqlite;
                let mut $transaction = writer.begin_with("BEGIN IMMEDIATE").await?;
                let out = $body;
                $transaction.commit().await?;
                out
            }
            $crate::store::database::Pools::Postgres(pool) => {
                type Db = sqlx::Postgres;
                let mut $transaction = pool.begin().await?;
                let out = $body;
                $transaction.commit().await?;
                out
            }
        }
    };
}

pub(super) use reading;
pub(super) use writing;

impl Store {
    /// Opens the database at an address, `sqlite:FILE` or `postgres://…`, and brings its tables up to this version.
    pub async fn open(address: &str, secret: Secret) -> Result<Self, StoreError> {
        let (pools, owned) = if let Some(file) = address.strip_prefix("sqlite:") {
            let file = PathBuf::from(file.trim_start_matches("//"));
            let owned = own(&file)?;
            (open_sqlite(&file).await?, Some(Arc::new(owned)))
        } else if address.starts_with("postgres:") || address.starts_with("postgresql:") {
            (open_postgres(address).await?, None)
        } else {
            return Err(StoreError::Address);
        };
        Ok(Self { pools, secret: Arc::new(secret), _owned: owned })
    }

    /// Whether several processes may work on this store.
    pub fn is_shared(&self) -> bool {
        matches!(self.pools, Pools::Postgres(_))
    }

    /// Lets go of every connection.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Sqlite { writer, reader } => {
                reader.close().await;
                writer.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }
}

/// Takes the lock beside a SQLite file; the system gives it back whatever happens to us.
fn own(file: &Path) -> Result<File, StoreError> {
    let told =
        |error: &std::io::Error| StoreError::Unreachable(format!("{}: {}", file.display(), error.kind()));
    if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(|error| told(&error))?;
    }
    let mut name = file.as_os_str().to_owned();
    name.push(".lock");
    let lock =
        File::options().create(true).truncate(false).write(true).open(&name).map_err(|error| told(&error))?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(std::fs::TryLockError::WouldBlock) => Err(StoreError::InUse(file.display().to_string())),
        Err(std::fs::TryLockError::Error(error)) => Err(told(&error)),
    }
}

fn unreachable(error: &sqlx::Error) -> StoreError {
    // The library's own words may repeat the address with its password.
    let words = match error {
        sqlx::Error::Io(error) => error.kind().to_string(),
        sqlx::Error::Database(database) => {
            format!("code {}", database.code().map(Cow::into_owned).unwrap_or_default())
        }
        sqlx::Error::Configuration(_) => "the address is not understood".to_owned(),
        sqlx::Error::PoolTimedOut => "no answer".to_owned(),
        _ => "no connection".to_owned(),
    };
    StoreError::Unreachable(words)
}

async fn open_sqlite(file: &Path) -> Result<Pools, StoreError> {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .pragma("secure_delete", "on")
        .busy_timeout(PATIENCE);
    let pool = |connections| SqlitePoolOptions::new().max_connections(connections).acquire_timeout(PATIENCE);
    // SQLite ends a transaction by itself when the disk is full. The library then takes the connection for one that is in it still and begins
    // none on it any more, so such a connection is not kept.
    let writer = pool(1)
        .after_release(|connection, _| Box::pin(async move { Ok(!connection.is_in_transaction()) }))
        .connect_with(options.clone())
        .await
        .map_err(|error| unreachable(&error))?;
    migrator(Cow::Borrowed).run(&writer).await.map_err(version)?;
    let reader = pool(4).connect_with(options.read_only(true)).await.map_err(|error| unreachable(&error))?;
    Ok(Pools::Sqlite { writer, reader })
}

async fn open_postgres(address: &str) -> Result<Pools, StoreError> {
    let options = PgConnectOptions::from_str(address).map_err(|error| unreachable(&error))?;
    let pool = PgPoolOptions::new()
        .max_connections(8)
        .acquire_timeout(PATIENCE)
        .connect_with(options)
        .await
        .map_err(|error| unreachable(&error))?;
    migrator(|sql| Cow::Owned(sql.replace(" blob", " bytea"))).run(&pool).await.map_err(version)?;
    Ok(Pools::Postgres(pool))
}

fn migrator(dialect: impl Fn(&'static str) -> Cow<'static, str>) -> Migrator {
    let made = MIGRATIONS.iter().map(|(number, name, sql)| {
        let sql = AssertSqlSafe(dialect(sql).into_owned()).into_sql_str();
        Migration::new(*number, Cow::Borrowed(*name), MigrationType::Simple, sql, false)
    });
    Migrator::with_migrations(made.collect())
}

fn version(error: sqlx::migrate::MigrateError) -> StoreError {
    match error {
        sqlx::migrate::MigrateError::Execute(error)
        | sqlx::migrate::MigrateError::ExecuteMigration(error, _) => error.into(),
        other => StoreError::Version(other.to_string()),
    }
}
