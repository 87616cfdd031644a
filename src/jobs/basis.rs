//! What a job is judged by, pinned: the files of a catalog under one digest, kept in the store, so that a job ends by the rules that it
//! began with, whatever is in force by then.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::Mutex;

use serde::Deserialize;
use serde::Serialize;
use sha2::Digest as _;
use sha2::Sha256;

use crate::catalog::Catalog;
use crate::catalog::Files;
use crate::jobs::JobError;
use crate::model::SourceFile;
use crate::store::Store;
use crate::validator::Validator;

/// The program's version: another one may judge otherwise.
const ENGINE: &str = concat!("casecheck ", env!("CARGO_PKG_VERSION"));

/// How many are held loaded.
const HELD: usize = 3;

/// A catalog, loaded, and what judges by it.
#[derive(Debug)]
pub(super) struct Basis {
    pub(super) catalog: Catalog,
    pub(super) validator: Arc<Validator>,
}

/// The files as they are kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    engine: String,
    overlay: Option<String>,
    files: Vec<(String, String)>,
}

/// Those that are loaded.
#[derive(Debug, Default)]
pub(super) struct Bases {
    loaded: Mutex<BTreeMap<String, Arc<Basis>>>,
}

/// Keeps what is judged by in the store; gives its digest.
pub(super) async fn keep(store: &Store, catalog: &Catalog) -> Result<String, JobError> {
    let files = catalog.files.all().iter().map(|file| (file.name.clone(), file.text.clone())).collect();
    let overlay = catalog.pack.overlay.as_ref().map(|(name, _)| name.clone());
    let kept = serde_json::to_vec(&Kept { engine: ENGINE.to_owned(), overlay, files })
        .map_err(|_| JobError::Broken)?;
    let digest: String = Sha256::digest(&kept).iter().map(|byte| format!("{byte:02x}")).collect();
    store.keep_pack(&digest, &kept).await?;
    Ok(digest)
}

impl Bases {
    /// The one of this digest, loaded from the store if it is not loaded yet.
    pub(super) async fn get(&self, store: &Store, digest: &str) -> Result<Arc<Basis>, JobError> {
        if let Some(there) = self.lock().get(digest) {
            return Ok(Arc::clone(there));
        }
        let kept = store.kept_pack(digest).await?.ok_or(JobError::NoBasis)?;
        let basis = Arc::new(tokio::task::spawn_blocking(move || load(&kept)).await??);
        let mut loaded = self.lock();
        if loaded.len() >= HELD
            && let Some(other) = loaded.keys().find(|key| *key != digest).cloned()
        {
            loaded.remove(&other);
        }
        loaded.insert(digest.to_owned(), Arc::clone(&basis));
        Ok(basis)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Arc<Basis>>> {
        self.loaded.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

fn load(kept: &[u8]) -> Result<Basis, JobError> {
    let kept: Kept = serde_json::from_slice(kept).map_err(|_| JobError::NoBasis)?;
    if kept.engine != ENGINE {
        return Err(JobError::NoBasis);
    }
    let files = kept.files.into_iter().map(|(name, text)| SourceFile::new(name, text)).collect();
    let catalog = Catalog::load(Files::of(files), kept.overlay.as_deref()).map_err(|_| JobError::NoBasis)?;
    let validator = Arc::new(catalog.validator());
    Ok(Basis { catalog, validator })
}
