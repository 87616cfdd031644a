//! Jobs over HTTP: taken as a form or from an address, watched, read, stopped, forgotten; each caller's own.

use std::io::Write as _;
use std::time::Duration;

use reqwest::Method;
use reqwest::Response;
use serde_json::Value;
use serde_json::json;

use crate::http::fixture::House;
use crate::http::fixture::house;
use crate::http::fixture::house_with;
use crate::http::fixture::json_of;
use crate::http::fixture::record;

pub const EDGE: &str = "the-edge-of-a-part";

/// A form with texts and files.
pub fn form(texts: &[(&str, &str)], files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, text) in texts {
        write!(body, "--{EDGE}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n")
            .unwrap();
    }
    for (name, bytes) in files {
        let head = format!(
            "--{EDGE}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\ncontent-type: application/octet-stream\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    write!(body, "--{EDGE}--\r\n").unwrap();
    body
}

impl House {
    async fn ask_jobs(&self, method: Method, address: &str, key: &str) -> Response {
        self.client.request(method, format!("{}{address}", self.base)).bearer_auth(key).send().await.unwrap()
    }

    async fn read(&self, address: &str) -> Response {
        self.ask_jobs(Method::GET, address, &self.jobs_key).await
    }

    async fn submit(&self, body: Vec<u8>, key: Option<&str>) -> Response {
        let mut request = self.client.post(format!("{}/v1/jobs", self.base)).bearer_auth(&self.jobs_key);
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        request
            .header("content-type", format!("multipart/form-data; boundary={EDGE}"))
            .body(body)
            .send()
            .await
            .unwrap()
    }

    /// Waits until a job has ended, and shows it.
    async fn ended(&self, href: &str) -> Value {
        for _ in 0..200 {
            let job = json_of(self.read(href).await).await;
            if ["done", "failed", "cancelled"].contains(&job["state"].as_str().unwrap()) {
                return job;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the job did not end");
    }
}

pub fn lines(records: usize) -> Vec<u8> {
    let one = |number: usize| {
        let mut record = record();
        record["la_child_id"] = json!(format!("T{number}"));
        record["team"] = json!(if number.is_multiple_of(2) { "East" } else { "West" });
        format!("{record}\n")
    };
    (0..records).map(one).collect::<String>().into_bytes()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_is_taken_watched_and_read() {
    let house = house().await;
    let body = form(&[("as_at", "2026-07-23")], &[("county.ndjson", &lines(20))]);
    let taken = house.submit(body.clone(), Some("monday")).await;
    assert_eq!(taken.status(), 202);
    let href = taken.headers()["location"].to_str().unwrap().to_owned();
    let events = house.read(&format!("{href}/events")).await.text().await.unwrap();
    assert!(
        events.ends_with("\n\n") && events.contains("event: ended\ndata: {\"state\":\"done\""),
        "{events}"
    );
    let job = house.ended(&href).await;
    assert_eq!(
        (&job["state"], &job["progress"]["records_done"], &job["ask"]["as_at"]),
        (&json!("done"), &json!(20), &json!("2026-07-23"))
    );
    let found = json_of(house.read(&format!("{href}/findings?team=East&rule=PERM-901&limit=4")).await).await;
    assert_eq!(found["findings"].as_array().unwrap().len(), 4);
    let next = found["next"].as_str().unwrap();
    let rest =
        json_of(house.read(&format!("{href}/findings?team=East&rule=PERM-901&cursor={next}")).await).await;
    assert_eq!((rest["findings"].as_array().unwrap().len(), &rest["next"]), (6, &Value::Null));
    assert_eq!(rest["findings"][0]["record"], json!({ "id": "T8", "team": "East" }));
    let answers = house.read(&format!("{href}/report.ndjson")).await.text().await.unwrap();
    assert_eq!(answers.lines().count(), 20);
    let forms: [(&str, &[u8]); 7] = [
        ("csv", b"\xef\xbb\xbf"),
        ("xlsx", b"PK"),
        ("sarif", b"{"),
        ("junit", b"<?xml"),
        ("json", b"{"),
        ("worklists.zip", b"PK"),
        ("star.zip", b"PK"),
    ];
    for (form, start) in forms {
        let report = house.read(&format!("{href}/report.{form}")).await;
        assert_eq!(report.status(), 200, "{form}");
        assert!(report.bytes().await.unwrap().starts_with(start), "{form}");
    }
    let summary = json_of(house.read(&format!("{href}/summary")).await).await;
    assert_eq!((&summary["records"], &summary["partial"]), (&json!(20), &json!(false)));
    let outcomes = json_of(house.read(&format!("{href}/outcomes")).await).await;
    assert_eq!(outcomes["records"][3]["outcomes"]["PERM-901"], json!({ "overdue": 1 }));
    let compared =
        json_of(house.read(&format!("{href}/compare/{}", job["job_id"].as_str().unwrap())).await).await;
    assert_eq!((&compared["new"], &compared["gone"], &compared["still"]), (&json!(0), &json!(0), &json!(40)));
    let again = house.submit(body, Some("monday")).await;
    assert_eq!(again.status(), 200);
    assert_eq!(json_of(again).await["job_id"], job["job_id"]);
    let other = house.submit(form(&[], &[("x.ndjson", b"{}\n")]), Some("monday")).await;
    assert_eq!(other.status(), 422);
    assert_eq!(json_of(house.read("/v1/jobs").await).await["jobs"].as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn anothers_job_is_as_none_and_a_forgotten_one_is_gone() {
    let house = house().await;
    let taken = house.submit(form(&[], &[("county.ndjson", &lines(2))]), None).await;
    let href = taken.headers()["location"].to_str().unwrap().to_owned();
    house.ended(&href).await;
    let none = json_of(house.read("/v1/jobs/00000000-0000-7000-8000-000000000000").await).await;
    for part in ["", "/events", "/findings", "/outcomes", "/summary", "/report.csv", "/report.ndjson"] {
        let refused = house.ask_jobs(Method::GET, &format!("{href}{part}"), &house.other_jobs_key).await;
        assert_eq!(refused.status(), 404, "{part}");
        assert_eq!(json_of(refused).await, none, "{part}");
    }
    assert_eq!(house.ask_jobs(Method::DELETE, &href, &house.other_jobs_key).await.status(), 404);
    assert_eq!(house.ask_jobs(Method::DELETE, &href, &house.jobs_key).await.status(), 204);
    assert_eq!(house.read(&href).await.status(), 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_request_is_said_and_nothing_is_kept() {
    let house = house().await;
    let long = "x".repeat(2_001);
    let wrong: [(Vec<u8>, u16, &str); 10] = [
        (form(&[("column", "a=B"); 501], &[("a", b"{}")]), 400, "at most 500 columns"),
        (form(&[("stage", "")].repeat(1_001), &[("a", b"{}")]), 400, "at most 1000 parts"),
        (form(&[("column", "nothing")], &[("a", b"{}")]), 400, "the column of the layout"),
        (form(&[("Anna Example", &long)], &[("a", b"{}")]), 400, "too long"),
        (form(&[], &[]), 400, "no file was sent"),
        (form(&[("as_at", "31/03/2026")], &[("a", b"{}")]), 400, "YYYY-MM-DD"),
        (form(&[("las_at", "x")], &[("a", b"{}")]), 400, "there is no such part"),
        (form(&[("callback", "https://nobody.example/")], &[("a", b"{}")]), 400, "allowed_hosts"),
        (form(&[("baseline", "nonsense")], &[("a", b"{}")]), 400, "compare with"),
        (b"no form".to_vec(), 400, "broke off"),
    ];
    for (body, status, words) in wrong {
        let refused = house.submit(body, None).await;
        assert_eq!(refused.status(), status, "{words}");
        assert_eq!(refused.headers()["content-type"], "application/problem+json");
        let text = refused.text().await.unwrap();
        assert!(text.contains(words), "{words}: {text}");
        assert!(!text.contains("Anna Example"), "a name that is not ours is not said again");
    }
    let address = json!({ "url": "http://127.0.0.1:1/x.ndjson" }).to_string();
    let refused = house.client.post(format!("{}/v1/jobs", house.base)).bearer_auth(&house.jobs_key);
    let refused = refused.header("content-type", "application/json").body(address).send().await.unwrap();
    assert_eq!(refused.status(), 400);
    assert!(refused.text().await.unwrap().contains("allowed_hosts"));
    assert_eq!(std::fs::read_dir(house.data.path().join("incoming")).unwrap().count(), 0);
    assert_eq!(json_of(house.read("/v1/jobs").await).await["jobs"], json!([]));
    assert_eq!(house.read("/v1/jobs?child=T1").await.status(), 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_without_a_folder_for_jobs_says_so() {
    let house = house_with(|options| options.jobs = None).await;
    let refused = house.read("/v1/jobs").await;
    assert_eq!(refused.status(), 503);
    assert!(refused.text().await.unwrap().contains("`data`"));
}
