//! Fetching from a server of our own on this machine: a good answer, and each way that an answer can be bad.

use std::io::Read;
use std::io::Write;
use std::net::TcpListener;
use std::net::TcpStream;
use std::thread;
use std::time::Duration;
use std::time::Instant;

use casecheck::calendar::read_feed;
use casecheck::outbound::FetchError;
use casecheck::outbound::Limits;
use casecheck::outbound::fetch_text;

use crate::calendar::CALENDAR;
use crate::calendar::day;
use crate::feed::feed_of;
use crate::feed::since;

const LIMITS: Limits = Limits { timeout: Duration::from_secs(10), max_bytes: 100_000 };

/// The byte with which a caller who speaks TLS begins.
const TLS_HANDSHAKE: &[u8] = &[0x16];

/// Serves one call on a free port with `answer`, and gives its address.
fn serve_once(answer: impl FnOnce(&mut TcpStream) + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut asked = Vec::new();
        let mut buffer = [0; 1024];
        while !asked.windows(4).any(|four| four == b"\r\n\r\n") {
            let read = stream.read(&mut buffer).unwrap();
            asked.extend_from_slice(&buffer[..read]);
            if read == 0 || asked.starts_with(TLS_HANDSHAKE) {
                break;
            }
        }
        answer(&mut stream);
    });
    format!("http://127.0.0.1:{port}/bank-holidays.json")
}

/// Serves one call with a status line, further headers, and a body.
pub(crate) fn serve(status: &str, headers: &str, body: impl Into<Vec<u8>>) -> String {
    let body = body.into();
    let head =
        format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n{headers}Connection: close\r\n\r\n", body.len());
    serve_once(move |stream| {
        let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&body));
    })
}

#[tokio::test]
async fn a_good_feed_is_fetched_and_makes_a_calendar() {
    let url = serve("200 OK", "Content-Type: application/json\r\n", feed_of(&since(2019)));
    let text = fetch_text(&url, &LIMITS).await.unwrap();
    let found = read_feed(&text, &CALENDAR, "2026-12-01", day("2026-12-01"), &[]).unwrap();
    assert_eq!(found.calendar.holidays(), CALENDAR.holidays());
}

#[tokio::test]
async fn a_page_that_is_not_json_is_fetched_and_refused_as_a_feed() {
    let text = fetch_text(&serve("200 OK", "", "<!doctype html><p>Maintenance"), &LIMITS).await.unwrap();
    let faults = read_feed(&text, &CALENDAR, "2026-12-01", day("2026-12-01"), &[]).unwrap_err();
    assert!(faults[0].starts_with("the feed is not a JSON object"), "{faults:?}");
}

#[tokio::test]
async fn a_status_other_than_200_says_which() {
    for (status, code) in
        [("404 Not Found", 404), ("500 Internal Server Error", 500), ("204 No Content", 204)]
    {
        let error = fetch_text(&serve(status, "", ""), &LIMITS).await.unwrap_err();
        assert!(matches!(&error, FetchError::Status { status, .. } if *status == code), "{error}");
    }
    let error = fetch_text(&serve("404 Not Found", "", "gone"), &LIMITS).await.unwrap_err();
    insta::assert_snapshot!(error, @"127.0.0.1 answers 404 instead of 200: check the address, or try again later");
}

#[tokio::test]
async fn an_answer_larger_than_allowed_is_cut_off_whether_or_not_it_says_its_length() {
    let exact = fetch_text(&serve("200 OK", "", vec![b'x'; 100_000]), &LIMITS).await.unwrap();
    assert_eq!(exact.len(), 100_000);
    let error = fetch_text(&serve("200 OK", "", vec![b'x'; 100_001]), &LIMITS).await.unwrap_err();
    insta::assert_snapshot!(error, @"127.0.0.1 sends more than 100000 bytes: check the address, or allow more");
    let endless = serve_once(|stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
        while stream.write_all(&[b'x'; 4_096]).is_ok() {}
    });
    let error = fetch_text(&endless, &LIMITS).await.unwrap_err();
    assert!(matches!(error, FetchError::TooLarge { .. }), "{error}");
}

#[tokio::test]
async fn a_slow_answer_is_given_up_in_time() {
    let limits = Limits { timeout: Duration::from_millis(300), ..LIMITS };
    let silent = serve_once(|_| thread::sleep(Duration::from_secs(5)));
    let dripping = serve_once(|stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
        while stream.write_all(b"x").is_ok() {
            thread::sleep(Duration::from_millis(50));
        }
    });
    for url in [silent, dripping] {
        let started = Instant::now();
        let error = fetch_text(&url, &limits).await.unwrap_err();
        assert!(started.elapsed() < Duration::from_secs(4));
        insta::allow_duplicates! {
            insta::assert_snapshot!(error, @"127.0.0.1 did not answer in full within 0.3 s: try again later, or allow more time");
        }
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    for status in ["301 Moved Permanently", "302 Found", "307 Temporary Redirect"] {
        let url = serve(status, "Location: http://127.0.0.1:1/elsewhere\r\n", "");
        let error = fetch_text(&url, &LIMITS).await.unwrap_err();
        assert!(matches!(error, FetchError::Redirect { .. }), "{error}");
    }
    let url = serve("302 Found", "Location: http://127.0.0.1:1/\r\n", "");
    insta::assert_snapshot!(fetch_text(&url, &LIMITS).await.unwrap_err(), @"127.0.0.1 answers 302 and sends us elsewhere, which is not followed: find the new address and give that");
}

#[tokio::test]
async fn an_answer_that_breaks_off_or_is_not_text_is_an_error() {
    let broken = serve_once(|stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{");
    });
    let error = fetch_text(&broken, &LIMITS).await.unwrap_err();
    assert!(matches!(error, FetchError::Connection { .. }), "{error}");
    let binary = fetch_text(&serve("200 OK", "", [0xff, 0xfe, 0x00]), &LIMITS).await.unwrap_err();
    assert!(matches!(binary, FetchError::NotText(_)), "{binary}");
}

#[tokio::test]
async fn an_address_where_nothing_listens_says_so() {
    let port = {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap().port()
    };
    let error = fetch_text(&format!("http://127.0.0.1:{port}/"), &LIMITS).await.unwrap_err();
    assert!(matches!(error, FetchError::Connection { .. }), "{error}");
}

#[tokio::test]
async fn https_is_spoken_and_a_server_that_does_not_is_refused() {
    let plain = serve_once(|stream| {
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
    });
    let error = fetch_text(&plain.replace("http://", "https://"), &LIMITS).await.unwrap_err();
    assert!(matches!(error, FetchError::Connection { .. }), "{error:?}");
}

#[tokio::test]
async fn only_https_or_this_machine_is_called_and_never_with_a_password() {
    for url in [
        "http://www.gov.uk/bank-holidays.json",
        "http://127.0.0.1.example.org/",
        "http://localhost.example.org/",
        "ftp://127.0.0.1/",
        "file:///etc/hosts",
        "http://10.0.0.1/",
    ] {
        let error = fetch_text(url, &LIMITS).await.unwrap_err();
        assert!(matches!(error, FetchError::NotHttps), "{url}: {error}");
    }
    let error = fetch_text("https://name:secret@www.gov.uk/", &LIMITS).await.unwrap_err();
    assert!(matches!(error, FetchError::Credentials), "{error}");
    assert!(!error.to_string().contains("secret"));
    let error = fetch_text("bank-holidays.json", &LIMITS).await.unwrap_err();
    insta::assert_snapshot!(error, @"the address cannot be read (relative URL without a base): write it in full, like `https://www.gov.uk/bank-holidays.json`");
}
