//! The service under load beside a bare server that only parses and echoes.
//!
//! The service is the program as it is shipped, with one worker, its log to a file, a key; the bare server is this program again, with
//! one worker, in the allocator that it was built with. Clients here ask both in turn, A B A B, and the medians are compared, because
//! machines are noisy. Then each is asked at half the rate that the slower one can take, at fixed times, whether or not the last answer
//! is there: that shows what a caller waits.

use std::io::BufRead as _;
use std::io::BufReader;
use std::io::Read as _;
use std::io::Write as _;
use std::net::TcpListener;
use std::net::TcpStream;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;
use std::time::Instant;

use actix_web::App;
use actix_web::HttpResponse;
use actix_web::HttpServer;
use actix_web::web;
use casecheck::catalog::Catalog;
use casecheck::catalog::Files;

use crate::records;

const CLIENTS: usize = 8;
const TURNS: usize = 7;
const TURN: Duration = Duration::from_secs(2);
/// The word that makes this program the bare server.
const BARE: &str = "--bare-server";

/// A server in a process of its own.
struct Server {
    name: &'static str,
    process: Child,
    port: u16,
    key: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The bare server: a body becomes a `serde_json::Value` and is sent back.
fn serve_bare() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    println!("http://{}", listener.local_addr().unwrap());
    let echo = async |body: web::Bytes| {
        let value: serde_json::Value = serde_json::from_slice(&body).unwrap();
        HttpResponse::Ok().content_type("application/json").body(serde_json::to_vec(&value).unwrap())
    };
    actix_web::rt::System::new().block_on(async move {
        let app = move || {
            App::new().app_data(web::PayloadConfig::new(1 << 20)).route("/v1/validate", web::post().to(echo))
        };
        HttpServer::new(app).workers(1).listen(listener).unwrap().run().await.unwrap();
    });
}

/// Starts a server and reads its port, and its key if it has one, from what it prints.
fn start(name: &'static str, command: &mut Command) -> Server {
    let mut process = command.stdout(Stdio::piped()).stderr(log()).spawn().unwrap();
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
    let first = lines.next().unwrap().unwrap();
    let address = first.split("http://").nth(1).unwrap();
    let port: String =
        address.rsplit_once(':').map(|_| address.split(':').nth(1).unwrap()).unwrap().to_owned();
    let port = port.chars().take_while(char::is_ascii_digit).collect::<String>().parse().unwrap();
    let key = if name == "bare" {
        String::new()
    } else {
        lines.next().unwrap().unwrap().rsplit_once(' ').unwrap().1.to_owned()
    };
    Server { name, process, port, key }
}

fn log() -> std::fs::File {
    std::fs::File::create(std::env::temp_dir().join("casecheck-load-bench.log")).unwrap()
}

fn head(server: &Server, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "POST /v1/validate?as_at={} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        records::as_at(),
        server.key,
        body.len()
    );
    [head.as_bytes(), body].concat()
}

fn connect(server: &Server) -> (TcpStream, BufReader<TcpStream>) {
    let stream = TcpStream::connect(("127.0.0.1", server.port)).unwrap();
    stream.set_nodelay(true).unwrap();
    let reader = BufReader::with_capacity(64 * 1024, stream.try_clone().unwrap());
    (stream, reader)
}

fn read_answer(reader: &mut BufReader<TcpStream>) {
    let mut length = 0;
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    assert!(line.starts_with("HTTP/1.1 200"), "the server answered: {line}");
    while line != "\r\n" {
        line.clear();
        reader.read_line(&mut line).unwrap();
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
}

/// The processor time that a running process has taken, in seconds: the fields that proc(5) calls utime and stime.
fn spent(process: &Child) -> f64 {
    const TICKS: f64 = 100.0;
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", process.id())).unwrap();
    let after_name = stat.rsplit_once(')').unwrap().1;
    let fields: Vec<&str> = after_name.split_whitespace().collect();
    [11, 12].iter().map(|at| fields[*at].parse::<f64>().unwrap()).sum::<f64>() / TICKS
}

/// Asks as fast as it is answered; gives requests a second, and the processor time that each took of the server, in microseconds. Whoever
/// else uses the machine changes the first more than the second.
fn flat_out(server: &Server, requests: &Arc<Vec<Vec<u8>>>) -> [f64; 2] {
    let before = spent(&server.process);
    let clients: Vec<_> = (0..CLIENTS)
        .map(|client| {
            let requests = Arc::clone(requests);
            let (mut stream, mut reader) = connect(server);
            std::thread::spawn(move || {
                let end = Instant::now() + TURN;
                let asked = requests.iter().cycle().skip(client * 5).take_while(|_| Instant::now() < end);
                asked.fold(0_u32, |count, request| {
                    stream.write_all(request).unwrap();
                    read_answer(&mut reader);
                    count + 1
                })
            })
        })
        .collect();
    let answered: u32 = clients.into_iter().map(|client| client.join().unwrap()).sum();
    let took = spent(&server.process) - before;
    [f64::from(answered) / TURN.as_secs_f64(), took * 1e6 / f64::from(answered)]
}

/// Asks at fixed times; gives what each caller waited from its time on, in microseconds.
fn at_a_rate(server: &Server, requests: &Arc<Vec<Vec<u8>>>, rate: f64) -> Vec<u64> {
    let clients: Vec<_> = (0..CLIENTS)
        .map(|client| {
            let requests = Arc::clone(requests);
            let (mut stream, mut reader) = connect(server);
            let between = Duration::from_secs_f64(8.0 / rate);
            std::thread::spawn(move || {
                let start = Instant::now() + between.mul_f64(client as f64 / 8.0);
                let mut waited = Vec::new();
                for (turn, request) in (0_u32..).zip(requests.iter().cycle().skip(client * 5)) {
                    let due = start + between * turn;
                    if due > start + TURN {
                        break;
                    }
                    std::thread::sleep(due.saturating_duration_since(Instant::now()));
                    stream.write_all(request).unwrap();
                    read_answer(&mut reader);
                    waited.push(u64::try_from(due.elapsed().as_micros()).unwrap());
                }
                waited
            })
        })
        .collect();
    clients.into_iter().flat_map(|client| client.join().unwrap()).collect()
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn percentile(sorted: &[u64], per_mille: usize) -> u64 {
    sorted.get(sorted.len() * per_mille / 1000).copied().unwrap_or(0)
}

/// Runs the whole comparison.
pub fn run() {
    if std::env::args().any(|argument| argument == BARE) {
        return serve_bare();
    }
    let catalog = Catalog::load(Files::embedded(), None).expect("the built-in catalog loads");
    let bodies = records::records(&catalog);
    let service = start(
        "casecheck",
        Command::new(env!("CARGO_BIN_EXE_casecheck"))
            .args(["serve", "--port", "0", "--operations", "127.0.0.1:0"])
            .env("CASECHECK_WORKERS", "1"),
    );
    let bare = start("bare", Command::new(std::env::current_exe().unwrap()).arg(BARE));
    std::thread::sleep(Duration::from_secs(1));
    let asked = [bare, service].map(|server| {
        let requests: Vec<Vec<u8>> = bodies.iter().map(|body| head(&server, body)).collect();
        (server, Arc::new(requests))
    });
    let (mut rates, mut costs) = ([Vec::new(), Vec::new()], [Vec::new(), Vec::new()]);
    for _ in 0..TURNS {
        for (((server, requests), rates), costs) in asked.iter().zip(&mut rates).zip(&mut costs) {
            let [rate, cost] = flat_out(server, requests);
            rates.push(rate);
            costs.push(cost);
        }
    }
    let medians = rates.map(|mut rates| median(&mut rates));
    let costs = costs.map(|mut costs| median(&mut costs));
    let half = medians[0].min(medians[1]) / 2.0;
    let mut waits = [Vec::new(), Vec::new()];
    for _ in 0..TURNS {
        for ((server, requests), waits) in asked.iter().zip(&mut waits) {
            waits.extend(at_a_rate(server, requests, half));
        }
    }
    for ((((server, _), rate), cost), waits) in asked.iter().zip(medians).zip(costs).zip(&mut waits) {
        waits.sort_unstable();
        let (p50, p99) = (percentile(waits, 500), percentile(waits, 990));
        println!(
            "{:<10} {rate:>8.0} requests/s, {cost:.0} us of processor time each; at {half:.0} a second p50 {p50} us, p99 {p99} us",
            server.name
        );
    }
    println!("ratio {:.2}; by processor time {:.2}", medians[1] / medians[0], costs[0] / costs[1]);
}
