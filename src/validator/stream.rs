//! Judges a stream of records on all cores, with flat memory and answers in the order of the records.
//!
//! The caller's thread reads chunks and writes answers; workers parse, judge and render into one buffer a chunk. A bounded channel keeps
//! the reader from running ahead.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::mpsc;
use std::sync::mpsc::Receiver;
use std::sync::mpsc::Sender;

use bumpalo::Bump;

use crate::intake;
use crate::intake::Chunk;
use crate::intake::Malformed;
use crate::model::Answer;
use crate::model::Day;
use crate::model::Place;
use crate::model::Pointer;
use crate::model::Record;
use crate::model::Stage;
use crate::model::Tally;
use crate::validator::Options;
use crate::validator::Validator;

/// How a stream is judged; the same for every record of it.
#[derive(Clone, Debug)]
pub struct StreamOptions {
    /// The day as at which.
    pub as_at: Day,
    /// How far the pieces of work have come.
    pub stage: Option<Stage>,
    /// Every outcome, not findings alone.
    pub include_all: bool,
    /// The name of the file, for places.
    pub file: Option<String>,
    /// Whether answers carry the place of their record.
    pub with_places: bool,
    /// How many worker threads.
    pub threads: usize,
    /// Rules that are not asked, because the source cannot hold what they read.
    pub not_asked: Arc<BTreeSet<String>>,
}

/// What came of a chunk.
#[derive(Debug)]
pub struct Streamed {
    /// The number of the chunk.
    pub sequence: u64,
    /// One answer a line.
    pub lines: Vec<u8>,
    /// The counts of its records.
    pub tally: Tally,
}

/// What stands in the place of an answer when a record cannot be read.
#[derive(Debug, serde::Serialize)]
struct NotRead<'m> {
    verdict: &'static str,
    error: NotReadError<'m>,
    at: Place,
}

#[derive(Debug, serde::Serialize)]
struct NotReadError<'m> {
    code: &'static str,
    pointer: &'m crate::model::Pointer,
    line: u64,
    column: u64,
    message: String,
}

/// Judges every record of a chunk, one line of JSON each, in order. `seen` is shown each answer before it is rendered.
pub fn check_chunk(
    validator: &Validator,
    chunk: &Chunk,
    options: &StreamOptions,
    arena: &mut Bump,
    seen: &mut dyn FnMut(&Answer),
) -> Streamed {
    let mut tally = validator.tally();
    let mut lines = Vec::with_capacity(chunk.bytes.len() / 2);
    for document in chunk.documents() {
        arena.reset();
        let place = document
            .places
            .and_then(|places| places.find(&Pointer::root()))
            .unwrap_or_else(|| Place { file: options.file.clone(), line: Some(document.line), column: None });
        let parsed = document.text.clone().and_then(|text| Ok((text, intake::parse(text, arena)?)));
        match parsed {
            Ok((bytes, root)) => {
                let one = Options {
                    stage: options.stage,
                    include_all: options.include_all,
                    at: options.with_places.then_some(place),
                    places: document.places,
                    not_asked: &options.not_asked,
                    ..Options::as_at(options.as_at)
                };
                let answer = validator.check(&Record { root, bytes }, &one, &mut tally);
                seen(&answer);
                // Writing to memory cannot fail.
                let _ = serde_json::to_writer(&mut lines, &answer);
            }
            Err(malformed) => {
                tally.records += 1;
                tally.unreadable += 1;
                let malformed = document.in_file(malformed);
                let _ = serde_json::to_writer(&mut lines, &not_read(&malformed, place));
            }
        }
        lines.push(b'\n');
    }
    Streamed { sequence: chunk.sequence, lines, tally }
}

fn not_read(malformed: &Malformed, at: Place) -> NotRead<'_> {
    let error = NotReadError {
        code: malformed.fault.code(),
        pointer: &malformed.pointer,
        line: malformed.line,
        column: malformed.column,
        message: malformed.to_string(),
    };
    NotRead { verdict: "not_checked", error, at }
}

/// Judges all chunks on worker threads and hands the results to `write` in order; `watch` is shown each answer, in no order. An error
/// of the reader or the writer ends the stream at once and is given back with the counts so far.
pub fn check_stream<E>(
    validator: &Arc<Validator>,
    chunks: impl Iterator<Item = Result<Chunk, E>>,
    options: &StreamOptions,
    watch: &(dyn Fn(&Answer) + Sync),
    mut write: impl FnMut(&Streamed) -> Result<(), E>,
) -> (Tally, Result<(), E>) {
    let threads = options.threads.max(1);
    let (to_workers, from_reader) = mpsc::sync_channel::<Chunk>(threads);
    let (to_writer, from_workers) = mpsc::channel::<Streamed>();
    let from_reader = Mutex::new(from_reader);
    let mut tally = validator.tally();
    let result = std::thread::scope(|scope| {
        for _ in 0..threads {
            let (source, sink) = (&from_reader, to_writer.clone());
            scope.spawn(move || work(validator, source, &sink, options, watch));
        }
        drop(to_writer);
        let mut order = InOrder { waiting: BTreeMap::new(), next: 0 };
        let mut in_flight = 0_usize;
        for chunk in chunks {
            let chunk = chunk?;
            if in_flight >= threads * 2
                && let Ok(streamed) = from_workers.recv()
            {
                in_flight -= 1;
                order.write(streamed, &mut tally, &mut write)?;
            }
            if to_workers.send(chunk).is_err() {
                break;
            }
            in_flight += 1;
        }
        drop(to_workers);
        for streamed in from_workers {
            order.write(streamed, &mut tally, &mut write)?;
        }
        Ok(())
    });
    (tally, result)
}

fn work(
    validator: &Validator,
    source: &Mutex<Receiver<Chunk>>,
    sink: &Sender<Streamed>,
    options: &StreamOptions,
    watch: &(dyn Fn(&Answer) + Sync),
) {
    let mut arena = Bump::new();
    loop {
        let next = match source.lock() {
            Ok(source) => source.recv(),
            Err(_) => return,
        };
        let Ok(chunk) = next else { return };
        let streamed = check_chunk(validator, &chunk, options, &mut arena, &mut |answer| watch(answer));
        if sink.send(streamed).is_err() {
            return;
        }
    }
}

/// Holds what came early until its turn.
struct InOrder {
    waiting: BTreeMap<u64, Streamed>,
    next: u64,
}

impl InOrder {
    fn write<E>(
        &mut self,
        streamed: Streamed,
        tally: &mut Tally,
        write: &mut impl FnMut(&Streamed) -> Result<(), E>,
    ) -> Result<(), E> {
        self.waiting.insert(streamed.sequence, streamed);
        while let Some(streamed) = self.waiting.remove(&self.next) {
            tally.merge(&streamed.tally);
            write(&streamed)?;
            self.next += 1;
        }
        Ok(())
    }
}
