//! One child's document, with its place.

use crate::model::Node;

/// Where a record, or a value in it, came from.
#[derive(
    Clone,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    serde::Serialize,
    serde::Deserialize,
    utoipa::ToSchema,
)]
#[serde(default)]
pub struct Place {
    /// The file, as the caller named it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The sheet of a workbook.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// The line, from 1; in a sheet the number of the row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// The column of a table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// The cell of the sheet, `H27`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cell: Option<String>,
}

impl Place {
    /// The cell as a spreadsheet program names it, or the row where no single cell is meant: `List 8!H27`, `List 8!27:27`.
    pub fn in_sheet(&self) -> Option<String> {
        let sheet = self.sheet.as_ref()?;
        Some(match (&self.cell, self.line) {
            (Some(cell), _) => format!("{sheet}!{cell}"),
            (None, Some(row)) => format!("{sheet}!{row}:{row}"),
            (None, None) => sheet.clone(),
        })
    }

    /// The file and where in it, for people: `episodes.csv, line 3`, `annex.xlsx, List 8!H27`.
    pub fn words(&self) -> String {
        let inside = match (&self.sheet, &self.cell, self.line) {
            (Some(sheet), None, Some(row)) => Some(format!("{sheet}, row {row}")),
            (Some(_), ..) => self.in_sheet(),
            (None, _, line) => line.map(|line| format!("line {line}")),
        };
        self.file.iter().cloned().chain(inside).collect::<Vec<_>>().join(", ")
    }
}

/// One child's document, parsed, with the bytes it was parsed from.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    /// The content.
    pub root: &'a Node<'a>,
    /// The bytes of the document, for its digest.
    pub bytes: &'a [u8],
}

impl<'a> Record<'a> {
    /// The child's id in the authority's system, if it is there and is a string.
    pub fn child(&self) -> Option<&'a str> {
        self.root.get_str("la_child_id").and_then(Node::as_str)
    }

    /// The locality, the team and the id of the social worker, as far as the record says them: whose worklist it belongs to. Only what is as
    /// short as such a name is; anything longer is text that somebody wrote there.
    pub fn owners(&self) -> Owners<'a> {
        let short = |node: Option<&'a Node<'a>>| {
            node.and_then(Node::as_str).filter(|text| (1..=LONGEST_OWNER).contains(&text.len()))
        };
        let (locality, team) = (short(self.root.get_str("locality")), short(self.root.get_str("team")));
        let episodes = self.root.get_str("social_care_episodes").and_then(Node::as_list).unwrap_or_default();
        let workers = episodes
            .iter()
            .filter_map(|episode| episode.get_str("care_worker_details").and_then(Node::as_list))
            .flatten()
            .filter(|worker| {
                worker.get_str("role").and_then(Node::as_str).is_none_or(|role| role == "social_worker")
            })
            .filter(|worker| worker.get_str("end_date").is_none_or(|end| *end == Node::Null));
        // Of two who started on one day, the order of the document does not decide.
        let latest = workers
            .map(|worker| {
                (worker.get_str("start_date").and_then(Node::as_day), short(worker.get_str("worker_id")))
            })
            .max();
        let worker = latest.and_then(|(_, id)| id);
        Owners { locality, team, worker }
    }
}

/// The longest name of a locality or a team, and the longest id of a worker, in bytes.
const LONGEST_OWNER: usize = 64;

/// Whose worklist a record belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Owners<'a> {
    /// The locality.
    pub locality: Option<&'a str>,
    /// The team.
    pub team: Option<&'a str>,
    /// The id of the social worker who has the child now.
    pub worker: Option<&'a str>,
}
