//! The database goes away while a job is worked on, and comes back.

use std::io::Read as _;
use std::io::Write as _;
use std::net::Shutdown;
use std::net::TcpListener;
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::time::Duration;

use casecheck::jobs::Jobs;
use casecheck::store::JobState;

use crate::jobs::fixture::Bench;
use crate::jobs::fixture::Kind;
use crate::jobs::fixture::ask;
use crate::jobs::fixture::drop_database;
use crate::jobs::fixture::fresh_database;
use crate::jobs::fixture::is_done;
use crate::jobs::fixture::options;
use crate::same_everywhere::ndjson;
use crate::same_everywhere::records;

/// Stands between us and a server, and can be made to let nothing through.
struct Between {
    port: u16,
    shut: Arc<AtomicBool>,
    open: Arc<Mutex<Vec<TcpStream>>>,
}

impl Between {
    fn start(server: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (shut, open) = (Arc::new(AtomicBool::new(false)), Arc::new(Mutex::new(Vec::new())));
        let (is_shut, held) = (Arc::clone(&shut), Arc::clone(&open));
        std::thread::spawn(move || {
            for here in listener.incoming() {
                let Ok(here) = here else { return };
                if is_shut.load(Ordering::SeqCst) {
                    continue;
                }
                let there = TcpStream::connect(&server).unwrap();
                held.lock().unwrap().extend([here.try_clone().unwrap(), there.try_clone().unwrap()]);
                let (back, forth) = (there.try_clone().unwrap(), here.try_clone().unwrap());
                std::thread::spawn(move || pass(here, there));
                std::thread::spawn(move || pass(back, forth));
            }
        });
        Self { port, shut, open }
    }

    fn shut(&self) {
        self.shut.store(true, Ordering::SeqCst);
        for connection in self.open.lock().unwrap().drain(..) {
            let _ = connection.shutdown(Shutdown::Both);
        }
    }

    fn reopen(&self) {
        self.shut.store(false, Ordering::SeqCst);
    }
}

fn pass(mut from: TcpStream, mut to: TcpStream) {
    let mut part = [0; 16 << 10];
    while let Ok(length) = from.read(&mut part) {
        if length == 0 || to.write_all(&part[..length]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Both);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_goes_on_when_the_database_has_come_back() {
    let Some(database) = fresh_database().await else { return };
    let (_, place) = database.split_once('@').unwrap();
    let (server, name) = place.split_once('/').unwrap();
    let between = Between::start(server.to_owned());
    let address = database.replace(server, &format!("127.0.0.1:{}", between.port));
    assert!(address.ends_with(name));
    let folder = tempfile::tempdir().unwrap();
    let jobs =
        Jobs::open(casecheck::jobs::Options { chunk_bytes: 1 << 10, ..options(folder.path(), &address) })
            .await
            .unwrap();
    let bench = Bench { jobs, working: None, folder, address: database.clone(), kind: Kind::Sqlite };
    // Enough records that every outage comes while there is work.
    let many = ndjson(&records()).repeat(25);
    let submitted = bench.submit(&[("county.ndjson", many.as_bytes())], ask(), None).await.unwrap();
    let working = bench.jobs.work().unwrap();
    // Away and back, several times, at different moments of the work.
    let mut cut_off = 0;
    for round in 0..5 {
        tokio::time::sleep(Duration::from_millis(40 + 25 * round)).await;
        let state = bench.jobs.job("tester", &submitted.job_id).await.map(|job| job.state);
        cut_off += usize::from(!matches!(state, Ok(state) if state.has_ended()));
        between.shut();
        tokio::time::sleep(Duration::from_millis(150)).await;
        between.reopen();
    }
    let mut job = None;
    for _ in 0..400 {
        tokio::time::sleep(Duration::from_millis(50)).await;
        job = bench
            .jobs
            .job("tester", &submitted.job_id)
            .await
            .ok()
            .filter(|job| job.state != JobState::Running);
        if job.as_ref().is_some_and(|job| job.state.has_ended()) {
            break;
        }
    }
    assert!(cut_off >= 3, "the job had ended before the database went away: {cut_off} of 5");
    let job = job.expect("the job ends");
    is_done(&job);
    let answers = bench.answers(&job).await;
    let ids: Vec<String> = answers
        .lines()
        .map(|line| {
            serde_json::from_str::<serde_json::Value>(line).unwrap()["decision"]["record"]["id"].to_string()
        })
        .collect();
    assert_eq!(ids, (0..1_000).map(|number| format!("\"CHILD{}\"", number % 40)).collect::<Vec<_>>());
    working.stop().await;
    drop_database(&database).await;
}
