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
use crate::model::Waiver;
use crate::model::hex;
use crate::store::Secret;
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
    /// Waivers that are not of the files; sealed once they are kept.
    #[serde(default)]
    waivers: Vec<Waiver>,
    #[serde(default)]
    sealed_waivers: Option<Vec<u8>>,
}

/// Those that are loaded.
#[derive(Debug, Default)]
pub(super) struct Bases {
    loaded: Mutex<BTreeMap<String, Arc<Basis>>>,
}

/// Keeps what is judged by in the store; gives its digest.
pub(super) async fn keep(store: &Store, catalog: &Catalog, waivers: &[Waiver]) -> Result<String, JobError> {
    let files = catalog.files.all().iter().map(|file| (file.name.clone(), file.text.clone())).collect();
    let overlay = catalog.pack.overlay.as_ref().map(|(name, _)| name.clone());
    let bytes = |kept: &Kept| serde_json::to_vec(kept).map_err(|_| JobError::Broken);
    let mut kept =
        Kept { engine: ENGINE.to_owned(), overlay, files, waivers: waivers.to_vec(), sealed_waivers: None };
    let digest = hex(&Sha256::digest(bytes(&kept)?));
    let plain = serde_json::to_string(&std::mem::take(&mut kept.waivers)).map_err(|_| JobError::Broken)?;
    kept.sealed_waivers = Some(store.secret.seal(&plain)?);
    store.keep_pack(&digest, &bytes(&kept)?).await?;
    Ok(digest)
}

impl Bases {
    /// The one of this digest, loaded from the store if it is not loaded yet.
    pub(super) async fn get(&self, store: &Store, digest: &str) -> Result<Arc<Basis>, JobError> {
        if let Some(there) = self.lock().get(digest) {
            return Ok(Arc::clone(there));
        }
        let kept = store.kept_pack(digest).await?.ok_or(JobError::NoBasis)?;
        let secret = Arc::clone(&store.secret);
        let basis = Arc::new(tokio::task::spawn_blocking(move || load(&kept, &secret)).await??);
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

fn load(kept: &[u8], secret: &Secret) -> Result<Basis, JobError> {
    let kept: Kept = serde_json::from_slice(kept).map_err(|_| JobError::NoBasis)?;
    if kept.engine != ENGINE {
        return Err(JobError::NoBasis);
    }
    let files = kept.files.into_iter().map(|(name, text)| SourceFile::new(name, text)).collect();
    let catalog =
        Catalog::load(Files::of_proved(files), kept.overlay.as_deref()).map_err(|_| JobError::NoBasis)?;
    let waivers: Vec<Waiver> = match &kept.sealed_waivers {
        Some(sealed) => serde_json::from_str(&secret.open(sealed)?).map_err(|_| JobError::NoBasis)?,
        None => Vec::new(),
    };
    let validator = Arc::new(catalog.validator_with(&waivers));
    Ok(Basis { catalog, validator })
}
