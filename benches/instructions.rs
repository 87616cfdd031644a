//! Judges each of the bench's records once, for counting instructions, which a busy machine does not change: run
//! `tests/long/instructions.sh`.
#![allow(clippy::expect_used, clippy::print_stdout, missing_docs, reason = "a bench that cannot go on stops")]

#[path = "shared/records.rs"]
mod records;

use bumpalo::Bump;
use casecheck::catalog::Catalog;
use casecheck::catalog::Files;
use casecheck::intake;
use casecheck::model::Record;
use casecheck::model::Tally;
use casecheck::validator::Options;
use casecheck::validator::Validator;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What is counted: one record, from its bytes to the bytes of the answer.
#[inline(never)]
fn measured(validator: &Validator, text: &[u8], arena: &Bump, tally: &mut Tally, out: &mut Vec<u8>) {
    let root = intake::parse(text, arena).expect("the county is valid JSON");
    let options = Options { cap: Some(5), ..Options::as_at(records::as_at()) };
    let answer = validator.check(&Record { root, bytes: text }, &options, tally);
    serde_json::to_writer(out, &answer).expect("memory takes it");
}

/// Beside it: the same record into a `serde_json::Value`.
#[inline(never)]
fn beside(text: &[u8]) -> serde_json::Value {
    serde_json::from_slice(text).expect("the county is valid JSON")
}

fn main() {
    let catalog = Catalog::load(Files::embedded(), None).expect("the built-in catalog loads");
    let validator = catalog.validator();
    let (mut tally, mut arena, mut out) = (validator.tally(), Bump::new(), Vec::new());
    let texts = records::records(&catalog);
    for text in &texts {
        // What is made when it is first asked for is not counted.
        let root = intake::parse(text, &arena).expect("the county is valid JSON");
        validator.check(&Record { root, bytes: text }, &Options::as_at(records::as_at()), &mut tally);
        arena.reset();
        out.clear();
        measured(&validator, text, &arena, &mut tally, &mut out);
        std::hint::black_box(beside(text));
    }
    let bytes: usize = texts.iter().map(Vec::len).sum();
    println!("{} records, {bytes} bytes", texts.len());
}
