//! Callbacks when a job has ended: signed, tried again, given up; and inputs from an address.

use std::io::Read as _;
use std::io::Write as _;
use std::net::TcpListener;
use std::sync::mpsc;
use std::time::Duration;

use casecheck::jobs::Ask;
use casecheck::jobs::JobError;
use casecheck::jobs::Options;
use serde_json::Value;

use crate::jobs::fixture::Bench;
use crate::jobs::fixture::Kind;
use crate::jobs::fixture::ask;
use crate::jobs::fixture::is_done;
use crate::lab::SMALL;
use crate::same_everywhere::ndjson;
use crate::same_everywhere::records;

/// A server that answers each request with the next of these answers; gives the requests.
fn server(answers: &'static [&'static str]) -> (String, mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let host = listener.local_addr().unwrap().to_string();
    let (tell, told) = mpsc::channel();
    std::thread::spawn(move || {
        for (connection, answer) in listener.incoming().zip(answers) {
            let mut connection = connection.unwrap();
            connection.set_read_timeout(Some(Duration::from_millis(300))).unwrap();
            let (mut request, mut part) = (Vec::new(), [0; 4096]);
            while let Ok(length) = connection.read(&mut part) {
                if length == 0 {
                    break;
                }
                request.extend_from_slice(&part[..length]);
            }
            connection.write_all(answer.as_bytes()).unwrap();
            tell.send(String::from_utf8_lossy(&request).into_owned()).unwrap();
        }
    });
    (host, told)
}

fn calling(host: &str) -> impl FnOnce(&mut Options) {
    let host = host.to_owned();
    move |options| {
        options.callbacks.hosts = vec![host];
        options.callbacks.secret = Some(b"a secret that both sides know".to_vec());
        options.callbacks.retry_after = vec![Duration::from_millis(50)];
    }
}

const OK: &str = "HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n";
const BUSY: &str = "HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

#[tokio::test]
async fn a_callback_is_tried_again_under_the_same_id_and_names_nobody() {
    let (host, told) = server(&[BUSY, OK]);
    let bench = Bench::busy(Kind::Sqlite, calling(&host)).await.unwrap();
    let with = Ask { callback: Some(format!("http://{host}/ended")), ..ask() };
    let job = bench.run(&[("county.ndjson", ndjson(&records()).as_bytes())], with).await;
    is_done(&job);
    let requests = tokio::task::spawn_blocking(move || {
        (0..2).map(|_| told.recv_timeout(Duration::from_secs(20)).unwrap()).collect::<Vec<_>>()
    });
    let requests = requests.await.unwrap();
    let header = |request: &str, name: &str| {
        request.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")).map(str::to_owned)).unwrap()
    };
    assert_eq!(header(&requests[0], "webhook-id"), header(&requests[1], "webhook-id"));
    let body = requests[1].split("\r\n\r\n").nth(1).unwrap();
    let said: Value = serde_json::from_str(body).unwrap();
    assert_eq!(
        (said["type"].as_str(), said["data"]["job_id"].as_str()),
        (Some("job.done"), Some(job.job_id.as_str()))
    );
    assert!(!body.contains("CHILD"));
    let signed = casecheck::outbound::Signed {
        id: &header(&requests[1], "webhook-id"),
        timestamp: header(&requests[1], "webhook-timestamp").parse().unwrap(),
        body,
        secret: Some(b"a secret that both sides know"),
    };
    assert_eq!(signed.signature().unwrap(), header(&requests[1], "webhook-signature"));
    bench.end().await;
}

#[tokio::test]
async fn a_callback_that_never_arrives_becomes_a_dead_letter() {
    let (host, _told) = server(&[BUSY, BUSY, BUSY]);
    let bench = Bench::busy(Kind::Sqlite, calling(&host)).await.unwrap();
    let with = Ask { callback: Some(format!("http://{host}/ended")), ..ask() };
    let job = bench.run(&[("county.ndjson", b"{}\n")], with).await;
    is_done(&job);
    for _ in 0..200 {
        if let [letter] = bench.jobs.dead_letters("tester").await.unwrap().as_slice() {
            assert_eq!((letter.attempts, letter.problem.as_deref()), (2, Some("the answer was 503")));
            assert_eq!(bench.jobs.callbacks(&job).await.unwrap().len(), 1);
            bench.end().await;
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("no dead letter");
}

#[tokio::test]
async fn a_callback_goes_only_where_an_operator_allows() {
    let bench = Bench::idle(Kind::Sqlite, calling("data.example.org")).await.unwrap();
    for address in
        ["https://elsewhere.example/", "http://data.example.org/", "ftp://data.example.org/", "nonsense"]
    {
        let with = Ask { callback: Some(address.to_owned()), ..ask() };
        let refused = bench.submit(&[("county.ndjson", b"{}\n")], with, None).await;
        assert!(matches!(refused, Err(JobError::Address(_))), "{address}");
    }
    bench.end().await;
}

#[tokio::test]
async fn an_input_is_fetched_from_an_address_and_one_that_is_cut_short_is_not_kept() {
    let (host, _told) = server(&[
        "HTTP/1.1 200 OK\r\ncontent-length: 3\r\nconnection: close\r\n\r\n{}\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 300\r\nconnection: close\r\n\r\n{}\n",
        "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1/\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
    ]);
    let bench = Bench::busy(Kind::Sqlite, calling(&host)).await.unwrap();
    let mut upload = bench.jobs.upload().await.unwrap();
    bench.jobs.fetch(&format!("http://{host}/extracts/monday.ndjson"), &mut upload).await.unwrap();
    let submitted = bench.jobs.submit("tester", upload, ask(), true, None, &SMALL).await.unwrap();
    let job = bench.ended(&submitted.job_id).await;
    is_done(&job);
    assert!(job.ask.contains("monday.ndjson"));
    for _ in 0..2 {
        let mut upload = bench.jobs.upload().await.unwrap();
        let refused = bench.jobs.fetch(&format!("http://{host}/x.ndjson"), &mut upload).await;
        assert!(matches!(refused, Err(JobError::Address(_))));
    }
    assert_eq!(std::fs::read_dir(bench.folder.path().join("incoming")).unwrap().count(), 0);
    bench.end().await;
}
