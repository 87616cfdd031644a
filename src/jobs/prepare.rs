//! Makes chunks of an input: whatever its files are, what is worked on is one spool of whole records, each with its places. The input is
//! not needed after that.

use std::collections::BTreeSet;
use std::fs;
use std::fs::File;
use std::io::BufWriter;
use std::io::Write as _;
use std::path::Path;

use serde::Deserialize;
use serde::Serialize;

use crate::extracts::ExtractFacts;
use crate::extracts::GroupLimits;
use crate::extracts::no_table;
use crate::intake::Chunk;
use crate::intake::Limits;
use crate::jobs::Ask;
use crate::jobs::JobError;
use crate::jobs::basis::Basis;
use crate::sources;
use crate::sources::Input;
use crate::sources::Inputs;
use crate::sources::Named;
use crate::store::NewChunk;

/// What an input was.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct PreparedFacts {
    /// Files or parts of files that could not be read; what could be was.
    pub failures: Vec<String>,
    /// What was done to read tables.
    pub extract: Option<ExtractFacts>,
    /// Rules that the records made of tables cannot answer.
    pub not_asked: BTreeSet<String>,
}

/// An input made into chunks.
pub(super) struct Prepared {
    pub(super) chunks: Vec<NewChunk>,
    pub(super) facts: PreparedFacts,
}

/// The spool while it is written.
struct Spool {
    out: BufWriter<File>,
    at: u64,
    records: i64,
    chunks: Vec<NewChunk>,
}

impl Spool {
    fn add(&mut self, chunk: &Chunk, file: Option<&str>) -> Result<(), JobError> {
        let records = i64::try_from(chunk.documents().count()).unwrap_or(i64::MAX);
        let spool_from = i64::try_from(self.at).unwrap_or(i64::MAX);
        self.at += chunk.write_to(&mut self.out, file)?;
        if records > 0 {
            self.chunks.push(NewChunk { first_record: self.records, records, spool_from });
            self.records += records;
        }
        Ok(())
    }
}

/// Where the spool that a claim makes lies in the folder of its job: one of its own, so that a claim that has become void cannot spoil the
/// spool of the one that counts.
pub(super) fn spool_name(claim: i64) -> String {
    format!("spool-{claim}")
}

/// Makes chunks of the files in a job's folder. Blocks. `keep_on` is asked between chunks; `None`: somebody wants it stopped.
pub(super) fn prepare(
    basis: &Basis,
    ask: &Ask,
    (folder, claim): (&Path, i64),
    chunk_bytes: usize,
    keep_on: &dyn Fn() -> bool,
) -> Result<Option<Prepared>, JobError> {
    remove_older(folder, claim)?;
    let mut spool = Spool {
        out: BufWriter::with_capacity(1 << 20, File::create(folder.join(spool_name(claim)))?),
        at: 0,
        records: 0,
        chunks: Vec::new(),
    };
    let mut facts = PreparedFacts::default();
    let files = ask.files.iter().enumerate().map(|(number, file)| Named {
        name: file.name.clone(),
        path: folder.join("input").join(number.to_string()),
    });
    let mut inputs = Inputs { left: ask.left.clone(), ..Inputs::default() };
    for file in files {
        // An archive that cannot be read does not stop the other files.
        facts.failures.extend(inputs.file(file, ask.layout.is_some()).err());
    }
    for input in &inputs.records {
        if !spool_records(input, chunk_bytes, &mut spool, &mut facts, keep_on)? {
            return Ok(None);
        }
    }
    if !spool_tables(basis, ask, &inputs, chunk_bytes, &mut spool, &mut facts, keep_on)? {
        return Ok(None);
    }
    spool.out.flush()?;
    spool.out.get_ref().sync_all()?;
    File::open(folder)?.sync_all()?;
    Ok(Some(Prepared { chunks: spool.chunks, facts }))
}

/// Removes the spools of earlier claims, which nobody will read; never those of later ones, by which this claim would be void.
fn remove_older(folder: &Path, claim: i64) -> std::io::Result<()> {
    for earlier in 1..claim {
        match fs::remove_file(folder.join(spool_name(earlier))) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

fn spool_records(
    input: &Input,
    chunk_bytes: usize,
    spool: &mut Spool,
    facts: &mut PreparedFacts,
    keep_on: &dyn Fn() -> bool,
) -> Result<bool, JobError> {
    let limits = Limits { chunk_bytes, ..Limits::default() };
    let chunks = match input.open(&limits) {
        Ok(chunks) => chunks,
        Err(error) => {
            facts.failures.push(error.to_string());
            return Ok(true);
        }
    };
    let name = input.name();
    for chunk in chunks {
        match chunk {
            Ok(chunk) => spool.add(&chunk, Some(&name))?,
            Err(error) => facts.failures.push(error.to_string()),
        }
        if !keep_on() {
            return Ok(false);
        }
    }
    Ok(true)
}

fn spool_tables(
    basis: &Basis,
    ask: &Ask,
    inputs: &Inputs,
    chunk_bytes: usize,
    spool: &mut Spool,
    facts: &mut PreparedFacts,
    keep_on: &dyn Fn() -> bool,
) -> Result<bool, JobError> {
    let pack = &basis.validator.pack;
    let opened =
        sources::open_tables(inputs, &basis.catalog.layouts, pack, ask.layout.as_deref(), &ask.columns);
    let opened = match opened {
        Ok(None) => return Ok(true),
        Ok(Some(opened)) => opened,
        Err(words) => {
            facts.failures.extend(words.lines().map(str::to_owned));
            return Ok(true);
        }
    };
    facts.not_asked = opened.not_asked();
    let beginning = opened.beginning(pack);
    facts.failures.extend(beginning.strangers.iter().map(|file| no_table(file)));
    let mut grouped = match opened.extract.group(GroupLimits { chunk_bytes, ..GroupLimits::default() }) {
        Ok(grouped) => grouped,
        Err(error) => {
            facts.failures.push(error.to_string());
            return Ok(true);
        }
    };
    for chunk in grouped.by_ref() {
        match chunk {
            Ok(chunk) => spool.add(&chunk, None)?,
            Err(error) => facts.failures.push(error.to_string()),
        }
        if !keep_on() {
            return Ok(false);
        }
    }
    facts.extract = Some(beginning.end(&grouped));
    Ok(true)
}
