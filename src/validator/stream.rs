//! Judges a stream of records on all cores, with flat memory and answers in the order of the records.
//!
//! The caller's thread reads chunks, workers parse, judge and render, and a thread writes answers in order. A bounded channel keeps the
//! reader from running ahead, and `room` the workers.

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
use crate::intake::Document;
use crate::intake::Malformed;
use crate::model::Answer;
use crate::model::Baseline;
use crate::model::Day;
use crate::model::KnownFinding;
use crate::model::Node;
use crate::model::Place;
use crate::model::Pointer;
use crate::model::Record;
use crate::model::Stage;
use crate::model::Tally;
use crate::rules::Mark;
use crate::validator::DueNoted;
use crate::validator::Options;
use crate::validator::Validator;
use crate::validator::room::ClosedAtEnd;
use crate::validator::room::Room;

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
    /// An earlier run to compare with.
    pub baseline: Option<Arc<Baseline>>,
    /// Rules that are not asked, because the source cannot hold what they read.
    pub not_asked: Arc<BTreeSet<String>>,
    /// Whether the marks of rules across records are taken, for [`Validator::across`] at the end.
    pub across: bool,
    /// Which due dates are taken note of.
    pub due: DueNoted,
}

/// What came of a chunk, or of a part of it: answers are handed on as soon as there are enough of them.
#[derive(Debug)]
pub struct Streamed {
    /// The number of the chunk.
    pub sequence: u64,
    /// The number of the piece, from 0.
    pub piece: u64,
    /// Whether it is the last of its chunk.
    pub last: bool,
    /// One answer a line.
    pub lines: Vec<u8>,
    /// The counts of its records.
    pub tally: Tally,
    /// The marks of its records.
    pub marks: Vec<Mark>,
}

/// Bytes of answers after which they are handed on.
const PIECE: usize = 64 * 1024;

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

/// Where a record came from: the row that it begins with, or its line.
fn place_of(document: &Document<'_>, options: &StreamOptions) -> Place {
    document.places.and_then(|places| places.find(&Pointer::root())).unwrap_or_else(|| Place {
        file: options.file.clone(),
        line: Some(document.line),
        ..Place::default()
    })
}

/// Judges one document: a line of JSON, whatever it is. `seen` is shown the answer before it is rendered, or that there is none.
fn check_document(
    validator: &Validator,
    document: &Document<'_>,
    options: &StreamOptions,
    arena: &mut Bump,
    (lines, tally, marks): (&mut Vec<u8>, &mut Tally, &mut Vec<Mark>),
    seen: &mut dyn FnMut(Option<&mut Answer>),
) {
    arena.reset();
    let place = place_of(document, options);
    let parsed = document.text.clone().and_then(|text| Ok((text, intake::parse(text, arena)?)));
    match parsed {
        Ok((bytes, root)) => {
            let one = Options {
                stage: options.stage,
                include_all: options.include_all,
                at: options.with_places.then_some(place),
                known: known(options, root),
                places: document.places,
                not_asked: &options.not_asked,
                due: options.due,
                ..Options::as_at(options.as_at)
            };
            let marks = options.across.then_some(marks);
            let mut answer = validator.check_and_mark(&Record { root, bytes }, &one, tally, marks);
            seen(Some(&mut answer));
            // Writing to memory cannot fail.
            let _ = serde_json::to_writer(&mut *lines, &answer);
        }
        Err(malformed) => {
            seen(None);
            tally.records += 1;
            tally.unreadable += 1;
            let malformed = document.in_file(malformed);
            let _ = serde_json::to_writer(&mut *lines, &not_read(&malformed, place));
        }
    }
    lines.push(b'\n');
}

/// Judges some documents of a chunk, counted from its first, as [`check_stream`] judges all. `seen` is shown each answer before it is rendered
/// (nothing for a record that cannot be read), and `counted` the counts of each record after it.
pub fn check_part(
    validator: &Validator,
    chunk: &Chunk,
    part: std::ops::Range<usize>,
    options: &StreamOptions,
    seen: &mut dyn FnMut(Option<&mut Answer>),
    counted: &mut dyn FnMut(&Tally),
) -> (Vec<u8>, Tally, Vec<Mark>) {
    let (mut lines, mut tally, mut arena) = (Vec::new(), validator.tally(), Bump::new());
    let mut marks = Vec::new();
    for document in chunk.documents().skip(part.start).take(part.len()) {
        let mut one = validator.tally();
        check_document(validator, &document, options, &mut arena, (&mut lines, &mut one, &mut marks), seen);
        counted(&one);
        tally.merge(&one);
    }
    (lines, tally, marks)
}

/// The line of a record that was not judged because judging it ends the program.
pub fn poison_line(chunk: &Chunk, at: usize, options: &StreamOptions) -> Option<Vec<u8>> {
    let document = chunk.documents().nth(at)?;
    let place = place_of(&document, options);
    let error = NotReadError {
        code: "ends_the_program",
        pointer: &Pointer::root(),
        line: document.line,
        column: document.column,
        message: "judging this record has ended the program three times; it was left out, and its maker is to be told"
            .to_owned(),
    };
    let mut line = serde_json::to_vec(&NotRead { verdict: "not_checked", error, at: place }).ok()?;
    line.push(b'\n');
    Some(line)
}

/// Judges every record of a chunk, one line of JSON each, in order, and hands the answers on in pieces until `hand_on` says that nobody
/// takes them. `seen` is shown each answer before it is rendered.
fn check_chunk(
    validator: &Validator,
    chunk: &Chunk,
    options: &StreamOptions,
    arena: &mut Bump,
    seen: &dyn Fn(&Answer),
    mut hand_on: impl FnMut(Streamed) -> bool,
) {
    let empty = |piece| Streamed {
        sequence: chunk.sequence,
        piece,
        last: false,
        lines: Vec::with_capacity(PIECE + PIECE / 4),
        tally: validator.tally(),
        marks: Vec::new(),
    };
    let mut streamed = empty(0);
    for document in chunk.documents() {
        if streamed.lines.len() >= PIECE {
            let next = empty(streamed.piece + 1);
            if !hand_on(std::mem::replace(&mut streamed, next)) {
                return;
            }
        }
        let Streamed { lines, tally, marks, .. } = &mut streamed;
        check_document(validator, &document, options, arena, (lines, tally, marks), &mut |answer| {
            if let Some(answer) = answer {
                seen(answer);
            }
        });
    }
    hand_on(Streamed { last: true, ..streamed });
}

/// What an earlier run found in this child's record.
fn known<'o>(options: &'o StreamOptions, root: &Node<'_>) -> Option<&'o [KnownFinding]> {
    let child = root.get_str("la_child_id").and_then(Node::as_str).unwrap_or("");
    options.baseline.as_ref().map(|baseline| baseline.of(child))
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
pub fn check_stream<E: Send>(
    validator: &Arc<Validator>,
    chunks: impl Iterator<Item = Result<Chunk, E>>,
    options: &StreamOptions,
    watch: &(dyn Fn(&Answer) + Sync),
    mut write: impl FnMut(&mut Streamed) -> Result<(), E> + Send,
) -> (Tally, Result<(), E>) {
    let threads = options.threads.max(1);
    let (to_workers, from_reader) = mpsc::sync_channel::<Chunk>(threads);
    let (to_writer, from_workers) = mpsc::channel::<Streamed>();
    let (from_reader, room) = (Mutex::new(from_reader), Room::default());
    let mut tally = validator.tally();
    let result = std::thread::scope(|scope| {
        for _ in 0..threads {
            let worker = Worker { validator, source: &from_reader, sink: to_writer.clone(), room: &room };
            scope.spawn(move || worker.work(options, watch));
        }
        drop(to_writer);
        let (room, tally) = (&room, &mut tally);
        let writer = scope.spawn(move || {
            let _closed = ClosedAtEnd(room);
            let mut order = InOrder { waiting: BTreeMap::new(), next: (0, 0), room };
            from_workers.into_iter().try_for_each(|streamed| order.write(streamed, tally, &mut write))
        });
        let read = chunks.into_iter().try_for_each(|chunk| {
            // A worker that takes no more chunks has ended because the writer has, which says why.
            chunk
                .map(|chunk| to_workers.send(chunk).is_ok())
                .map_or_else(|error| Err(Some(error)), |sent| if sent { Ok(()) } else { Err(None) })
        });
        drop(to_workers);
        let written = writer.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        written.and(read.or_else(|stopped| stopped.map_or(Ok(()), Err)))
    });
    (tally, result)
}

/// A thread that judges chunks.
struct Worker<'s> {
    validator: &'s Validator,
    source: &'s Mutex<Receiver<Chunk>>,
    sink: Sender<Streamed>,
    room: &'s Room,
}

impl Worker<'_> {
    fn work(&self, options: &StreamOptions, watch: &(dyn Fn(&Answer) + Sync)) {
        let mut arena = Bump::new();
        loop {
            let next = match self.source.lock() {
                Ok(source) => source.recv(),
                Err(_) => return,
            };
            let Ok(chunk) = next else { return };
            let mut taken = true;
            check_chunk(self.validator, &chunk, options, &mut arena, &|answer| watch(answer), |streamed| {
                taken = self.room.take(streamed.sequence, streamed.lines.len())
                    && self.sink.send(streamed).is_ok();
                taken
            });
            if !taken {
                return;
            }
        }
    }
}

/// Holds what came early until its turn.
struct InOrder<'r> {
    waiting: BTreeMap<(u64, u64), Streamed>,
    /// The chunk and the piece that are written next.
    next: (u64, u64),
    room: &'r Room,
}

impl InOrder<'_> {
    fn write<E>(
        &mut self,
        streamed: Streamed,
        tally: &mut Tally,
        write: &mut impl FnMut(&mut Streamed) -> Result<(), E>,
    ) -> Result<(), E> {
        self.waiting.insert((streamed.sequence, streamed.piece), streamed);
        while let Some(mut streamed) = self.waiting.remove(&self.next) {
            tally.merge(&streamed.tally);
            write(&mut streamed)?;
            let (chunk, piece) = self.next;
            self.next = if streamed.last { (chunk + 1, 0) } else { (chunk, piece + 1) };
            self.room.give_back(streamed.lines.len(), self.next.0);
        }
        Ok(())
    }
}
