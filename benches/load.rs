//! The service under load beside a bare server that only parses and echoes: run `cargo bench --bench load`.
//!
//! Both run in this process with one worker each; eight clients keep a connection open and ask as fast as they are answered. The two
//! are asked in turn, A B A B, and the medians are compared, because machines are noisy. Read the figures as ratios.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::unwrap_used,
    missing_docs,
    reason = "a bench prints what it saw, and stops when it cannot go on"
)]

use std::io::BufRead as _;
use std::io::BufReader;
use std::io::Read as _;
use std::io::Write as _;
use std::net::TcpListener;
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::mpsc;
use std::time::Duration;
use std::time::Instant;

use actix_web::App;
use actix_web::HttpResponse;
use actix_web::HttpServer;
use actix_web::web;
use casecheck::catalog::Catalog;
use casecheck::catalog::Files;
use casecheck::county::County;
use casecheck::county::Options as CountyOptions;
use casecheck::http::Application;
use casecheck::http::MadeKey;
use casecheck::http::Options;
use casecheck::http::Role;
use casecheck::model::Day;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const CLIENTS: usize = 8;
const TURNS: usize = 5;
const TURN: Duration = Duration::from_secs(2);

/// The bare server: a body becomes a `serde_json::Value` and is sent back.
fn bare() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        let echo = async |body: web::Bytes| {
            let value: serde_json::Value = serde_json::from_slice(&body).unwrap();
            HttpResponse::Ok().content_type("application/json").body(serde_json::to_vec(&value).unwrap())
        };
        actix_web::rt::System::new().block_on(async move {
            let app = move || {
                App::new()
                    .app_data(web::PayloadConfig::new(1 << 20))
                    .route("/v1/validate", web::post().to(echo))
            };
            HttpServer::new(app).workers(1).listen(listener).unwrap().run().await.unwrap();
        });
    });
    port
}

/// The service with everything on, and a key for it.
fn service(as_at: Day) -> (u16, String) {
    let made = MadeKey::new(false, &[Role::Validate], None);
    let key = made.text.clone();
    let (tell, told) = mpsc::channel();
    std::thread::spawn(move || {
        let options = Options { keys: vec![made.stored], workers: 1, ..Options::new(move || as_at) };
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        runtime.block_on(async {
            let application = Application::build(options).expect("the service starts");
            tell.send(application.port).unwrap();
            application.run_until_stopped().await.expect("the service runs");
        });
    });
    (told.recv().unwrap(), key)
}

/// Asks one server for a turn; gives requests a second and the latencies in microseconds.
fn ask(port: u16, key: &str, bodies: &Arc<Vec<Vec<u8>>>) -> (f64, Vec<u64>) {
    let clients: Vec<_> = (0..CLIENTS)
        .map(|client| {
            let (key, bodies) = (key.to_owned(), Arc::clone(bodies));
            std::thread::spawn(move || turn(port, &key, &bodies, client))
        })
        .collect();
    let mut all: Vec<u64> = clients.into_iter().flat_map(|client| client.join().unwrap()).collect();
    all.sort_unstable();
    #[expect(clippy::cast_precision_loss, reason = "a few thousand requests")]
    let rate = all.len() as f64 / TURN.as_secs_f64();
    (rate, all)
}

fn turn(port: u16, key: &str, bodies: &[Vec<u8>], client: usize) -> Vec<u64> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.set_nodelay(true).unwrap();
    let mut reader = BufReader::with_capacity(64 * 1024, stream.try_clone().unwrap());
    let mut latencies = Vec::new();
    let end = Instant::now() + TURN;
    for body in bodies.iter().cycle().skip(client * 5) {
        let start = Instant::now();
        if start >= end {
            break;
        }
        let head = format!(
            "POST /v1/validate HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all(&[head.as_bytes(), body].concat()).unwrap();
        read_answer(&mut reader);
        latencies.push(u64::try_from(start.elapsed().as_micros()).unwrap());
    }
    latencies
}

fn read_answer(reader: &mut BufReader<TcpStream>) {
    let mut length = 0;
    let mut line = String::new();
    let mut first = true;
    loop {
        line.clear();
        reader.read_line(&mut line).unwrap();
        if first {
            assert!(line.starts_with("HTTP/1.1 200"), "the server answered: {line}");
            first = false;
        }
        let lower = line.to_lowercase();
        if let Some(value) = lower.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        if line == "\r\n" {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
}

fn percentile(sorted: &[u64], percent: usize) -> u64 {
    sorted.get(sorted.len() * percent / 100).copied().unwrap_or(0)
}

fn main() {
    let as_at = Day::parse("2026-11-22").unwrap();
    let catalog = Catalog::load(Files::embedded(), None).expect("the built-in catalog loads");
    let county = County::new(CountyOptions { children: 400, seed: 1, as_at }, &catalog.pack.calendar);
    let mut bodies: Vec<Vec<u8>> =
        county.children().map(|child| serde_json::to_vec(&child).unwrap()).collect();
    bodies.sort_by_key(|body| body.len().abs_diff(8 * 1024));
    bodies.truncate(40);
    let bodies = Arc::new(bodies);
    let (service_port, key) = service(as_at);
    let bare_port = bare();
    std::thread::sleep(Duration::from_secs(1));
    let mut rates: [Vec<f64>; 2] = [Vec::new(), Vec::new()];
    let mut latencies: [Vec<u64>; 2] = [Vec::new(), Vec::new()];
    for _ in 0..TURNS {
        for (which, port) in [(0, bare_port), (1, service_port)] {
            let (rate, mut seen) = ask(port, &key, &bodies);
            rates.get_mut(which).unwrap().push(rate);
            latencies.get_mut(which).unwrap().append(&mut seen);
        }
    }
    let mut medians = Vec::new();
    for (name, (rates, latencies)) in
        ["bare parse and echo", "casecheck on save"].iter().zip(rates.iter_mut().zip(latencies.iter_mut()))
    {
        rates.sort_by(f64::total_cmp);
        latencies.sort_unstable();
        let median = rates.get(rates.len() / 2).copied().unwrap_or(0.0);
        medians.push(median);
        println!(
            "{name:<22} {median:>8.0} requests/s, p50 {} us, p99 {} us",
            percentile(latencies, 50),
            percentile(latencies, 99)
        );
    }
    if let [bare, service] = medians.as_slice() {
        println!("ratio {:.2}", service / bare);
    }
}
