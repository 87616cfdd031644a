//! A file of records through the program beside a bare one that parses each to a `serde_json::Value`: run `cargo bench --bench bulk`.
//!
//! The program is casecheck as it is shipped, with one worker, everything on, its answers written to a folder; the bare one is this program
//! again, in the system's allocator. Both are run in turn, A B A B, and the medians of the processor time of the whole process are compared.
//! Beside the time stands the most memory that casecheck held.
#![allow(
    clippy::cast_precision_loss,
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    missing_docs,
    reason = "a bench prints what it saw, and stops when it cannot go on"
)]

use std::fs::File;
use std::io::BufRead as _;
use std::io::BufReader;
use std::path::Path;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;
use std::time::Duration;

/// How often each is run.
const TURNS: usize = 7;
/// Fictitious children in the file.
const CHILDREN: &str = "10000";
/// The word that makes this program the bare one.
const BARE: &str = "--bare-program";
/// Clock ticks of the system's own count of processor time in a second.
const TICKS: f64 = 100.0;

/// Parses every line of a file.
fn parse_only(file: &Path) {
    let mut reader = BufReader::with_capacity(1 << 20, File::open(file).unwrap());
    let (mut line, mut records) = (Vec::new(), 0_u64);
    while reader.read_until(b'\n', &mut line).unwrap() > 0 {
        std::hint::black_box(serde_json::from_slice::<serde_json::Value>(&line).unwrap());
        records += 1;
        line.clear();
    }
    assert!(records > 0);
}

/// The processor time of processes that this one started and that have ended, in seconds.
fn spent() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let after_name = stat.rsplit_once(')').unwrap().1;
    let fields: Vec<&str> = after_name.split_whitespace().collect();
    // The fields that proc(5) calls cutime and cstime: the 16th and 17th, of which two stand before this text.
    let ticks: f64 = [13, 14].iter().map(|at| fields[*at].parse::<f64>().unwrap()).sum();
    ticks / TICKS
}

/// The most memory that a process held, in megabytes, looked at until it has ended.
fn most_memory(child: &mut Child) -> f64 {
    let status = format!("/proc/{}/status", child.id());
    let mut most = 0.0_f64;
    while child.try_wait().unwrap().is_none() {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let peak = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let peak = peak.and_then(|peak| peak.trim().trim_end_matches(" kB").parse::<f64>().ok());
        most = most.max(peak.unwrap_or(0.0) / 1_000.0);
        std::thread::sleep(Duration::from_millis(5));
    }
    most
}

/// Runs a command to its end; gives the processor time that it took and the most memory that it held.
fn run(command: &mut Command) -> (f64, f64) {
    let before = spent();
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let memory = most_memory(&mut child);
    (spent() - before, memory)
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn main() {
    let mut arguments = std::env::args().skip_while(|argument| argument != BARE).skip(1);
    if let Some(file) = arguments.next() {
        return parse_only(Path::new(&file));
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("county.ndjson");
    let program = env!("CARGO_BIN_EXE_casecheck");
    let made = Command::new(program)
        .args(["demo", "--seed", "7", "--as-at", "2026-11-20", "--children", CHILDREN, "--out"])
        .arg(&file)
        .stdout(Stdio::null())
        .status();
    assert!(made.unwrap().success());
    let megabytes = std::fs::metadata(&file).unwrap().len() as f64 / 1e6;
    let (mut bare, mut ours, mut memory) = (Vec::new(), Vec::new(), 0.0_f64);
    for _ in 0..TURNS {
        bare.push(run(Command::new(std::env::current_exe().unwrap()).arg(BARE).arg(&file)).0);
        let mut check = Command::new(program);
        check.args(["check", "--as-at", "2026-11-20", "--threads", "1", "--out"]);
        let (time, most) = run(check.arg(folder.path().join("out")).arg(&file));
        ours.push(time);
        memory = memory.max(most);
    }
    let (bare, ours) = (median(&mut bare), median(&mut ours));
    println!("{megabytes:.0} MB of {CHILDREN} fictitious records, the medians of {TURNS} runs in turn");
    println!("parse only  {bare:>6.2} s of processor time, {:>4.0} MB a second", megabytes / bare);
    println!(
        "casecheck   {ours:>6.2} s of processor time, {:>4.0} MB a second, at most {memory:.0} MB of memory",
        megabytes / ours
    );
    println!("ratio {:.2}", bare / ours);
}
