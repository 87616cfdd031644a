//! What judging one record costs, step by step, beside parsing it into a `serde_json::Value`: run `cargo bench --bench kernel`.
//!
//! Read the figures as ratios within one run. `docs/PERFORMANCE.md` holds those that were seen, and on what.
#![allow(
    clippy::expect_used,
    clippy::needless_for_each,
    clippy::too_many_lines,
    clippy::unwrap_used,
    missing_docs,
    reason = "a bench that cannot go on stops, and its steps stand on one page"
)]

#[path = "shared/records.rs"]
mod records;

use std::hint::black_box;

use bumpalo::Bump;
use casecheck::catalog::Catalog;
use casecheck::catalog::Files;
use casecheck::intake;
use casecheck::model::Record;
use casecheck::validator::Options;
use casecheck::validator::Validator;
use criterion::Criterion;
use criterion::Throughput;
use criterion::criterion_group;
use criterion::criterion_main;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn check(validator: &Validator, text: &[u8], arena: &Bump, options: &Options<'_>) -> usize {
    let root = intake::parse(text, arena).expect("the county is valid JSON");
    let answer = validator.check(&Record { root, bytes: text }, options, &mut validator.tally());
    serde_json::to_vec(&answer).map_or(0, |text| text.len())
}

fn kernel(criterion: &mut Criterion) {
    let as_at = records::as_at();
    let catalog = Catalog::load(Files::embedded(), None).expect("the built-in catalog loads");
    let validator = catalog.validator();
    let texts = records::records(&catalog);
    let bytes: usize = texts.iter().map(Vec::len).sum();
    let mut group = criterion.benchmark_group("forty records of about 8 KB");
    group.throughput(Throughput::Bytes(bytes as u64));
    group.bench_function("serde_json::Value", |bench| {
        bench.iter(|| {
            for text in &texts {
                drop(black_box(serde_json::from_slice::<serde_json::Value>(text)));
            }
        });
    });
    group.bench_function("Value, echoed", |bench| {
        bench.iter(|| {
            for text in &texts {
                let value: serde_json::Value = serde_json::from_slice(text).unwrap();
                black_box(serde_json::to_vec(&value).unwrap());
            }
        });
    });
    let mut arena = Bump::new();
    group.bench_function("parse", |bench| {
        bench.iter(|| {
            for text in &texts {
                arena.reset();
                let _ = black_box(intake::parse(text, &arena));
            }
        });
    });
    group.bench_function("parse, schema", |bench| {
        bench.iter(|| {
            for text in &texts {
                arena.reset();
                let root = intake::parse(text, &arena).unwrap();
                black_box(validator.schema.faults(root, 200));
            }
        });
    });
    group.bench_function("parse, rules", |bench| {
        bench.iter(|| {
            for text in &texts {
                arena.reset();
                let facts = validator.pack.facts(intake::parse(text, &arena).unwrap(), as_at, false);
                for rule in 0..validator.pack.rules.len() {
                    validator.pack.ask(rule, &facts, |judged| {
                        black_box(judged.judgement.outcome);
                    });
                }
            }
        });
    });
    for (name, cap) in [
        ("on save: everything, five findings, answer", Some(5)),
        ("in bulk: everything, every finding, answer", None),
    ] {
        let options = Options { cap, ..Options::as_at(as_at) };
        group.bench_function(name, |bench| {
            bench.iter(|| {
                for text in &texts {
                    arena.reset();
                    black_box(check(&validator, text, &arena, &options));
                }
            });
        });
    }
    group.finish();
    criterion.bench_function("load the built-in catalog", |bench| {
        bench.iter(|| black_box(Catalog::load(Files::embedded(), None).is_ok()));
    });
}

criterion_group!(benches, kernel);
criterion_main!(benches);
