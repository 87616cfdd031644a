//! Reads what is asked of an impact: changed files of the catalog, each in a part that has its name; files of records, into nameless
//! temporary ones; the day. Everything that is wrong with the form is said at once.

use std::collections::BTreeMap;
use std::io;

use tokio::fs::File;
use tokio::io::AsyncWriteExt as _;
use utoipa::ToSchema;

use crate::archive::Spool;
use crate::archive::scratch;
use crate::catalog::Files;
use crate::catalog::LARGEST_FILE;
use crate::http::parts::Part;
use crate::http::parts::Parts;
use crate::http::refusal::Kind;
use crate::http::refusal::Refusal;
use crate::http::refusal::Wrong;
use crate::jobs::shown_name;
use crate::model::Day;

/// The most bytes of all files of records together, as they are sent.
const RECORDS: u64 = 64 << 20;

/// The most bytes of all other parts together.
const TEXTS: u64 = 16 << 20;

/// The most parts.
const PARTS: usize = 1_000;

/// The most files of records: each is a file on the disk, open for as long as the call goes on.
const FILES: usize = 50;

/// What a form may hold.
const KNOWN: [&str; 4] = ["records", "as_at", "rules/…", "schemas/…"];

/// What a file of a catalog may be called.
const NAMES: &str = "a file of a catalog is called rules/FOLDER/NAME.yaml, rules/words/NAME.txt, rules/pack.yaml or schemas/NAME.json, \
                     of letters, digits, `-`, `_` and `.`";

/// A changed catalog and records as a form.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes the parts of the form; they are read one by one")]
pub struct ImpactForm {
    /// One or more files of records (JSON, NDJSON, gzip, zstd), at most 50 and 64 MiB together. None of them is kept.
    #[schema(value_type = Vec<String>, format = Binary)]
    records: Vec<Vec<u8>>,
    /// The day as at which records are judged by both, YYYY-MM-DD; today in London unless given.
    as_at: Option<String>,
    /// A file of the catalog under its own name (`rules/pep/pep-001-started-late.yaml`, `schemas/…`): its new text, or nothing to take the
    /// file out. At least one.
    #[serde(flatten)]
    files: BTreeMap<String, String>,
}

/// What is asked of an impact.
pub struct ImpactAsk {
    /// The new texts of files by their names; no text takes a file out.
    pub changes: BTreeMap<String, Option<String>>,
    /// The files of records, by the names under which they are shown.
    pub records: Vec<(String, Spool)>,
    /// The day as at which both judge.
    pub as_at: Day,
}

impl ImpactAsk {
    /// Reads a form about a catalog of these files.
    pub async fn read(parts: &mut Parts, files: &Files, today: Day) -> Result<Self, Refusal> {
        let mut reading = Reading::of(files);
        while let Some(part) = parts.next().await? {
            reading.take(part).await?;
        }
        reading.asked(today)
    }
}

/// A form while it is read.
struct Reading<'f> {
    files: &'f Files,
    changes: BTreeMap<String, Option<String>>,
    records: Vec<(String, Spool)>,
    as_at: Option<Day>,
    wrong: Vec<Wrong>,
    parts: usize,
    names_a_file: bool,
    names_a_day: bool,
    record_bytes: u64,
    text_bytes: u64,
}

impl<'f> Reading<'f> {
    fn of(files: &'f Files) -> Self {
        Self {
            files,
            changes: BTreeMap::new(),
            records: Vec::new(),
            as_at: None,
            wrong: Vec::new(),
            parts: 0,
            names_a_file: false,
            names_a_day: false,
            record_bytes: 0,
            text_bytes: 0,
        }
    }

    fn wrong(&mut self, name: &str, code: &str, detail: impl Into<String>) {
        self.wrong.push(Refusal::wrong_parameter(name, code, detail));
    }

    /// Takes in a part. What is wrong with it is kept for the end, unless there is too much to read on.
    async fn take(&mut self, mut part: Part) -> Result<(), Refusal> {
        self.parts += 1;
        if self.parts > PARTS {
            return Err(Refusal::parameter("", "too_many", format!("at most {PARTS} parts"), []));
        }
        if part.name == "records" {
            return self.keep(part).await;
        }
        let text = self.text(&mut part).await?;
        // A name is said again once it is known for one of ours: another of the caller's may be anything.
        match part.name.as_str() {
            "as_at" => self.day(&text),
            name if Files::has_a_place_for(name) || self.files.get(name).is_some() => self.change(name, text),
            name => {
                let number = self.parts;
                if name.starts_with("rules/") || name.starts_with("schemas/") {
                    self.names_a_file = true;
                    self.wrong("", "not_a_name", format!("part {number}: {NAMES}"));
                } else {
                    let detail = format!(
                        "part {number}: there is no such part; there are records, as_at and files of the catalog by their names: {NAMES}"
                    );
                    let wrong = Refusal::wrong_parameter("", "unknown_parameter", detail);
                    self.wrong.push(Wrong { allowed: KNOWN.map(str::to_owned).to_vec(), ..wrong });
                }
            }
        }
        Ok(())
    }

    /// The bytes of a part that holds no records.
    async fn text(&mut self, part: &mut Part) -> Result<Vec<u8>, Refusal> {
        let mut text = Vec::new();
        while let Some(bytes) = part.more().await? {
            text.extend_from_slice(&bytes);
            self.text_bytes += bytes.len() as u64;
            if text.len() as u64 > LARGEST_FILE || self.text_bytes > TEXTS {
                let detail = format!(
                    "a file of a catalog has at most {} MiB, and those of one call {} MiB together",
                    LARGEST_FILE >> 20,
                    TEXTS >> 20
                );
                return Err(Refusal::new(Kind::TooLarge, detail));
            }
        }
        Ok(text)
    }

    /// Takes in the day. A part that is empty says nothing, as forms send it.
    fn day(&mut self, text: &[u8]) {
        let text = String::from_utf8_lossy(text);
        if text.trim().is_empty() {
            return;
        }
        if std::mem::replace(&mut self.names_a_day, true) {
            self.wrong("as_at", "given_twice", "give the day once");
        }
        self.as_at = Day::parse(text.trim());
        if self.as_at.is_none() {
            self.wrong("as_at", "not_a_date", "`as_at` takes a date that exists, YYYY-MM-DD");
        }
    }

    /// Takes in a file of the catalog. One that is empty is taken out.
    fn change(&mut self, name: &str, text: Vec<u8>) {
        self.names_a_file = true;
        if self.changes.contains_key(name) {
            return self.wrong(name, "given_twice", format!("give {name} once"));
        }
        if text.is_empty() && self.files.get(name).is_none() {
            let detail = format!("an empty part takes a file out, and the catalog in force has no {name}");
            return self.wrong(name, "not_there", detail);
        }
        match String::from_utf8(text) {
            Ok(text) => {
                self.changes.insert(name.to_owned(), Some(text).filter(|text| !text.is_empty()));
            }
            Err(_) => self.wrong(name, "not_utf8", format!("{name} is not UTF-8 text: save it as UTF-8")),
        }
    }

    /// Takes in a file of records, written down as it comes.
    async fn keep(&mut self, mut part: Part) -> Result<(), Refusal> {
        let name = part.file.take().unwrap_or_default();
        let mut bytes = part.more().await?;
        if bytes.is_none() && name.is_empty() {
            // A form whose file was not chosen sends an empty one without a name.
            return Ok(());
        }
        if self.records.len() >= FILES {
            let detail = format!(
                "at most {FILES} files of records in one call: put records together, a line each (NDJSON); the command line takes any number"
            );
            return Err(Refusal::parameter("records", "too_many", detail, []));
        }
        let mut file = File::from_std(scratch().map_err(|error| unkept(&error))?);
        while let Some(more) = bytes {
            self.record_bytes += more.len() as u64;
            if self.record_bytes > RECORDS {
                let detail = format!(
                    "at most {} MiB of records in one call: send fewer, or compress them; the command line takes any number",
                    RECORDS >> 20
                );
                return Err(Refusal::new(Kind::TooLarge, detail));
            }
            file.write_all(&more).await.map_err(|error| unkept(&error))?;
            bytes = part.more().await?;
        }
        file.flush().await.map_err(|error| unkept(&error))?;
        let spool = Spool::of(file.into_std().await).map_err(|error| unkept(&error))?;
        let name = if name.is_empty() { "records".to_owned() } else { shown_name(&name) };
        self.records.push((name, spool));
        Ok(())
    }

    /// What is asked, or everything that is wrong.
    fn asked(mut self, today: Day) -> Result<ImpactAsk, Refusal> {
        if !self.names_a_file {
            let detail = "send at least one changed file of the catalog, in a part that has its name";
            self.wrong("", "no_change", detail);
        }
        if self.records.is_empty() {
            self.wrong("records", "missing", "send at least one file of records in a part `records`");
        }
        let detail = match self.wrong.as_slice() {
            [] => {
                let Self { changes, records, as_at, .. } = self;
                return Ok(ImpactAsk { changes, records, as_at: as_at.unwrap_or(today) });
            }
            [one] => one.detail.clone(),
            all => format!("{} things are wrong with the form; `errors` says each", all.len()),
        };
        let refusal = Refusal::new(Kind::NotUnderstood, detail);
        Err(self.wrong.into_iter().fold(refusal, Refusal::with))
    }
}

/// Why records could not be written down for as long as they are judged.
fn unkept(error: &io::Error) -> Refusal {
    let kind = error.kind();
    if matches!(kind, io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded) {
        return Refusal::new(
            Kind::Full,
            "there is no room for the records: nothing was kept, try again later",
        );
    }
    tracing::error!(?kind, "records could not be written down");
    Refusal::new(Kind::Internal, "the records could not be written down; nothing was kept")
}
