//! Worklists: the findings of each team and of each social worker as tables of their own. Every finding is in exactly one team's list and in
//! exactly one worker's, so their sums are the total.

use std::collections::BTreeMap;
use std::fs;
use std::fs::File;
use std::fs::OpenOptions;
use std::io::BufWriter;
use std::io::Write as _;
use std::path::Path;
use std::path::PathBuf;

use crate::model::hex;
use crate::report::columns::Told;
use crate::report::rows::ReportError;
use crate::report::table::Table;
use crate::tables::TableWriter;

/// Bytes that are held before they are written to their files: there may be more lists than files can be open at once.
const HELD: usize = 4 << 20;

/// A team, and a worker or the whole team.
type List = (Option<String>, Option<Option<String>>);

#[derive(Debug, Default)]
struct Held {
    rows: Vec<u8>,
    findings: u64,
    started: bool,
}

/// Writes worklists.
#[derive(Debug)]
pub struct Worklists {
    folder: PathBuf,
    lists: BTreeMap<List, Held>,
    held: usize,
}

impl Worklists {
    /// Starts them in a folder, which is made anew.
    pub fn start(folder: PathBuf) -> Result<Self, ReportError> {
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(&folder)?;
        Ok(Self { folder, lists: BTreeMap::new(), held: 0 })
    }

    /// Writes a finding into its two lists.
    pub fn write(&mut self, told: &Told<'_>) -> Result<(), ReportError> {
        let (team, worker) = (told.record.team.clone(), told.record.worker_id.clone());
        for list in [(team.clone(), None), (team, Some(worker))] {
            let held = self.lists.entry(list).or_default();
            let before = held.rows.len();
            let mut table = if std::mem::replace(&mut held.started, true) {
                Table::go_on(&mut held.rows)
            } else {
                Table::start(&mut held.rows)?
            };
            table.write(told)?;
            table.finish()?;
            held.findings += 1;
            self.held += held.rows.len() - before;
        }
        if self.held > HELD { self.write_out() } else { Ok(()) }
    }

    fn write_out(&mut self) -> Result<(), ReportError> {
        for (list, held) in self.lists.iter_mut().filter(|(_, held)| !held.rows.is_empty()) {
            let path = self.folder.join(file_of(list));
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder)?;
            }
            OpenOptions::new().create(true).append(true).open(path)?.write_all(&held.rows)?;
            held.rows = Vec::new();
        }
        self.held = 0;
        Ok(())
    }

    /// Ends them with a list of the lists.
    pub fn finish(mut self) -> Result<(), ReportError> {
        self.write_out()?;
        let mut index = BufWriter::new(File::create(self.folder.join("index.csv"))?);
        let mut table = TableWriter::start(&mut index, ["team", "worker_id", "findings", "file"])?;
        for (list, held) in &self.lists {
            let (team, worker) = list;
            let team = team.clone().unwrap_or_else(|| "(no team)".to_owned());
            let worker =
                worker.as_ref().map_or("(whole team)", |worker| worker.as_deref().unwrap_or("(no worker)"));
            let file = file_of(list).display().to_string();
            table.write([team, worker.to_owned(), held.findings.to_string(), file])?;
        }
        table.finish()?;
        Ok(index.flush()?)
    }
}

/// The file of a list. A team may be called anything, so its name becomes letters, digits and hyphens, and a digest keeps two names that then
/// look alike apart.
fn file_of((team, worker): &List) -> PathBuf {
    let team = named(team.as_deref(), "no-team");
    match worker {
        None => PathBuf::from(format!("{team}.csv")),
        Some(worker) => Path::new(&team).join(format!("{}.csv", named(worker.as_deref(), "no-worker"))),
    }
}

fn named(name: Option<&str>, none: &str) -> String {
    use sha2::Digest as _;
    let Some(name) = name else { return none.to_owned() };
    let plain: String = name
        .chars()
        .map(|letter| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '-' })
        .collect();
    let digest = sha2::Sha256::digest(name.as_bytes());
    let short = hex(digest.get(..3).unwrap_or_default());
    format!("{}-{short}", plain.trim_matches('-'))
}
