//! The program as a process: what it shows when it starts, and what it does when it is told to stop.

use std::io::BufRead as _;
use std::io::BufReader;
use std::io::Read as _;
use std::io::Write as _;
use std::net::TcpStream;
use std::path::Path;
use std::process::Child;
use std::process::ChildStdout;
use std::process::Command;
use std::process::Stdio;
use std::time::Duration;
use std::time::Instant;

use crate::lab;

fn start(folder: &Path, arguments: &[&str]) -> Child {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin("casecheck"));
    command.current_dir(folder).args(arguments).env_remove("CASECHECK_CATALOG");
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).stdin(Stdio::piped()).spawn().unwrap()
}

fn signal(process: &Child, name: &str) {
    let done = Command::new("kill").args([name, &process.id().to_string()]).status().unwrap();
    assert!(done.success());
}

/// A service on a free port, with what it showed.
struct Service {
    process: Child,
    lines: std::io::Lines<BufReader<ChildStdout>>,
    port: u16,
    operations: u16,
}

impl Service {
    fn start(folder: &Path, more: &[&str]) -> Self {
        let mut process =
            start(folder, &[&["serve", "--port", "0", "--operations", "127.0.0.1:0"], more].concat());
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let first = lines.next().unwrap().unwrap();
        let number = |text: &str| {
            text.chars().take_while(char::is_ascii_digit).collect::<String>().parse::<u16>().unwrap()
        };
        let port = number(first.split("127.0.0.1:").nth(1).unwrap());
        let operations = number(first.rsplit(' ').next().unwrap());
        Self { process, lines, port, operations }
    }
}

/// Sends a request and gives the whole answer.
fn ask(port: u16, request: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// Asks until it is true, for ten seconds at most.
fn soon(mut holds: impl FnMut() -> bool) -> bool {
    let end = Instant::now() + Duration::from_secs(10);
    while Instant::now() < end {
        if holds() {
            return true;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    false
}

fn ready(service: &Service) -> String {
    ask(service.operations, "GET /ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
}

#[test]
fn a_service_on_this_machine_shows_a_key_that_opens_it_and_ends_when_it_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let mut service = Service::start(folder.path(), &[]);
    let shown = service.lines.next().unwrap().unwrap();
    let key = shown.rsplit(' ').next().unwrap();
    assert!(key.starts_with("cc_live_"), "{shown}");
    let body = r#"{"la_child_id":"CHILD1"}"#;
    let save = |key: &str| {
        format!(
            "POST /v1/validate HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer {key}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
    };
    assert!(ask(service.port, &save(key)).starts_with("HTTP/1.1 200"));
    assert!(ask(service.port, &save("cc_live_nobody")).starts_with("HTTP/1.1 401"));
    signal(&service.process, "-TERM");
    assert!(service.process.wait().unwrap().success());
    assert!(TcpStream::connect(("127.0.0.1", service.port)).is_err());
}

#[test]
fn a_catalog_is_read_again_when_the_service_is_told_to_and_refused_whole_when_it_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let catalog = folder.path().join("catalog");
    lab::write_small(&catalog);
    // The folder is watched too; a link that is moved tells the watcher nothing, so that only the signal can.
    let link = folder.path().join("in_force");
    std::os::unix::fs::symlink(&catalog, &link).unwrap();
    let mut service = Service::start(folder.path(), &["--catalog", "in_force"]);
    assert!(soon(|| ready(&service).starts_with("HTTP/1.1 200")));
    let other = folder.path().join("other");
    lab::write_small(&other);
    let rule = std::fs::read_dir(other.join("rules/papers")).unwrap().next().unwrap().unwrap().path();
    let text = std::fs::read_to_string(&rule).unwrap();
    std::fs::write(&rule, text.replace("check:", "chekc:")).unwrap();
    std::fs::remove_file(&link).unwrap();
    std::os::unix::fs::symlink(&other, &link).unwrap();
    signal(&service.process, "-HUP");
    assert!(soon(|| ready(&service).contains("chekc")), "{}", ready(&service));
    std::fs::write(&rule, text).unwrap();
    signal(&service.process, "-HUP");
    assert!(soon(|| !ready(&service).contains("chekc")), "{}", ready(&service));
    signal(&service.process, "-INT");
    assert!(service.process.wait().unwrap().success());
}

#[test]
fn a_check_that_is_interrupted_keeps_what_it_has_done_and_says_that_it_is_partial() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = ["check", "--as-at", "2026-05-01", "--out", "out", "--report", "ndjson", "-"];
    let mut process = start(folder.path(), &arguments);
    let mut input = process.stdin.take().unwrap();
    let record = format!("{{\"la_child_id\":\"CHILD1\"}}{}\n", " ".repeat(1000));
    let writer = std::thread::spawn(move || {
        let mut written = 0_u32;
        while input.write_all(record.as_bytes()).is_ok() {
            written += 1;
        }
        written
    });
    let results = folder.path().join("out/results.ndjson");
    let unfinished = folder.path().join("out/results.ndjson.unfinished");
    assert!(soon(|| std::fs::metadata(&unfinished).is_ok_and(|file| file.len() > 0)));
    signal(&process, "-INT");
    assert_eq!(process.wait().unwrap().code(), Some(130));
    let summary: serde_json::Value =
        serde_json::from_slice(&std::fs::read(folder.path().join("out/summary.json")).unwrap()).unwrap();
    assert_eq!(summary["partial"], true);
    let lines = std::fs::read_to_string(&results).unwrap().lines().count();
    assert_eq!(summary["records"], lines, "every record that is counted is there");
    assert!(lines > 0 && u32::try_from(lines).unwrap() <= writer.join().unwrap());
}
