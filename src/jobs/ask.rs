//! What a job was asked to do, as it is kept beside it.

use serde::Deserialize;
use serde::Serialize;
use sha2::Digest as _;
use sha2::Sha256;

use crate::extracts::Confirmed;
use crate::model::Day;
use crate::model::Stage;
use crate::model::hex;

/// What a job was asked to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Ask {
    /// The day as at which records are judged.
    #[schema(value_type = String)]
    pub as_at: Day,
    /// How far the pieces of work have come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<Stage>,
    /// Every outcome in the answers, not findings alone.
    #[serde(default)]
    pub include_all: bool,
    /// The layout of tables, where it was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub layout: Option<String>,
    /// Columns of tables that were confirmed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<Confirmed>,
    /// The job to compare with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<String>,
    /// Where to tell that it has ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub callback: Option<String>,
    /// Whether it is held once its input is prepared.
    #[serde(default, skip_serializing_if = "Hold::is_never")]
    pub hold: Hold,
    /// The files.
    pub files: Vec<InputFile>,
    /// Documents of a folder that were left beside its tables, by name; nothing for files that were named one by one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(ignore)]
    pub left: Vec<String>,
}

/// Whether a job is held once its input is prepared, until somebody has looked at what it was taken for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Hold {
    /// It goes on.
    #[default]
    Never,
    /// It is held.
    Always,
    /// It is held where nothing could be read, so that it can be said how; otherwise it goes on.
    IfNothing,
}

impl Hold {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives it so")]
    const fn is_never(&self) -> bool {
        matches!(self, Self::Never)
    }
}

/// A file of the input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct InputFile {
    /// What the caller calls it.
    pub name: String,
    /// Its bytes.
    pub bytes: u64,
    /// SHA-256 of its content.
    pub sha256: String,
}

impl Ask {
    /// The digest of the request: the same for the same files and wishes. `dated` says whether the caller named the day.
    pub(super) fn digest(&self, dated: bool) -> String {
        let mut plain = self.clone();
        if !dated {
            plain.as_at = Day::LAST;
        }
        let text = serde_json::to_vec(&plain).unwrap_or_default();
        hex(&Sha256::digest(&text))
    }

    /// The ask that was kept.
    pub fn of_text(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }
}
