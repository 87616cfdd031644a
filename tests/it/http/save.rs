//! One record while somebody waits.

use std::time::Duration;

use serde_json::Value;
use serde_json::json;
use tokio::io::AsyncReadExt as _;
use tokio::io::AsyncWriteExt as _;

use crate::http::fixture::house;
use crate::http::fixture::house_with;
use crate::http::fixture::json_of;
use crate::http::fixture::record;
use crate::http::fixture::timeless;
use crate::shared;

#[tokio::test(flavor = "multi_thread")]
async fn a_record_is_answered_with_its_findings_as_at_today() {
    let house = house().await;
    let answer = house.answer("", &record()).await;
    assert_eq!(answer["decision"]["as_at"], "2026-07-23");
    assert_eq!(answer["decision"]["verdict"], "findings");
    assert_eq!(answer["decision"]["disposition"], "warn");
    assert_eq!(answer["decision"]["rules"], json!({ "expected": 2, "evaluated": 2, "not_run": [] }));
    assert_eq!(answer["findings"][0]["rule"]["id"], "PERM-901");
    assert_eq!(answer["findings"][1]["subject"]["path"], "/cla_reviews/1");
    assert!(answer["decision"]["took_us"].is_u64());
    house.stop.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_bytes_are_answered_with_the_same_bytes() {
    let house = house().await;
    let first = timeless(house.answer("?include=all", &record()).await);
    let second = timeless(house.answer("?include=all", &record()).await);
    assert_eq!(first.to_string(), second.to_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_in_an_envelope_is_answered_like_the_bare_one() {
    let house = house().await;
    let bare = timeless(house.answer("?as_at=2026-07-20&stage=complete", &record()).await);
    let inner = record().to_string();
    let body =
        format!("{{ \"as_at\": \"2026-07-20\", \"rec\\u006frd\":  {inner} , \"stage\": \"complete\" }}");
    let response = house.validate("", body).await;
    assert_eq!(bare, timeless(json_of(response).await));
}

#[tokio::test(flavor = "multi_thread")]
async fn findings_that_are_known_are_told_from_new_ones() {
    let house = house().await;
    let answer = house.answer("", &record()).await;
    let known = &answer["findings"][0]["finding_id"];
    let body = json!({ "record": record(), "known_findings": [known, "0".repeat(32)] });
    let again = house.answer("", &body).await;
    assert_eq!(again["change"], json!({ "new": 1, "fixed": 1, "still": 1 }));
    let body = json!({ "record": record(), "known_findings": ["x"] });
    let refused = house.validate("", body.to_string()).await;
    assert_eq!(refused.status(), 400);
    assert_eq!(json_of(refused).await["errors"][0]["pointer"], "/known_findings/0");
}

#[tokio::test(flavor = "multi_thread")]
async fn past_the_deadline_nothing_passes_and_the_rules_not_run_are_listed() {
    let house = house().await;
    let good = json!({ "la_child_id": "T2" });
    let answer = house.answer("?deadline_ms=0", &good).await;
    assert_eq!(answer["decision"]["complete"], false);
    assert_eq!(answer["decision"]["verdict"], "not_checked");
    assert_eq!(answer["decision"]["rules"]["evaluated"], 0);
    assert_eq!(answer["decision"]["rules"]["not_run"].as_array().unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_holds_only_an_authorisation_or_a_closure() {
    let house = house().await;
    for (query, expected) in [
        ("?profile=county&stage=authorised", "hold"),
        ("?profile=county&stage=complete", "warn"),
        ("?profile=county", "warn"),
        ("?stage=authorised", "warn"),
    ] {
        let answer = house.answer(query, &record()).await;
        assert_eq!(answer["decision"]["disposition"], expected, "{query}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn five_findings_are_shown_and_the_rest_counted_unless_all_are_asked_for() {
    let house = house().await;
    let mut record = record();
    record["cla_reviews"] =
        json!((1..9).map(|day| json!({ "review_date": format!("2026-05-0{day}") })).collect::<Vec<_>>());
    let answer = house.answer("", &record).await;
    assert_eq!(answer["findings"].as_array().unwrap().len(), 5);
    assert_eq!(answer["more_count"], 4);
    let all = house.answer("?include=all", &record).await;
    assert_eq!(all["findings"].as_array().unwrap().len(), 9);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_understood_is_refused_with_what_would_have_been_right() {
    let house = house().await;
    for (query, parameter, allowed) in [
        ("?stage=final", "stage", "authorised"),
        ("?profile=x", "profile", "county"),
        ("?include=some", "include", "findings"),
        ("?sort=1", "", "deadline_ms"),
    ] {
        let response = house.validate(query, record().to_string()).await;
        assert_eq!(response.status(), 400, "{query}");
        assert_eq!(response.headers()["content-type"], "application/problem+json");
        let problem = json_of(response).await;
        assert_eq!(problem["type"], "https://casecheck.example/problems/not-understood");
        assert_eq!(problem["errors"][0]["parameter"], parameter);
        assert!(problem["errors"][0]["allowed"].as_array().unwrap().contains(&json!(allowed)), "{query}");
    }
    for query in ["?as_at=2026-02-30", "?deadline_ms=-1", "?focus=x", "?stage=draft&stage=draft"] {
        assert_eq!(house.validate(query, record().to_string()).await.status(), 400, "{query}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn json_that_would_be_read_with_loss_is_refused_with_its_place() {
    let house = house().await;
    let response = house.validate("", "{\"la_child_id\": \"T1\",\n \"team\": {\"a\": 1, \"a\": 2}}").await;
    assert_eq!(response.status(), 400);
    let problem = json_of(response).await;
    assert_eq!(problem["type"], "https://casecheck.example/problems/malformed-json");
    let wrong = &problem["errors"][0];
    assert_eq!(
        (&wrong["pointer"], &wrong["code"], &wrong["line"]),
        (&json!("/team/a"), &json!("duplicate_key"), &json!(2))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn every_document_of_the_json_test_suite_that_must_fail_fails_through_the_interface() {
    let Some(folder) = shared::folder("corpora/json-test-suite/test_parsing") else { return };
    let house = house().await;
    let mut asked = 0;
    for (name, bytes) in shared::files(&folder, ".json") {
        if name.starts_with("n_") {
            let response = house.validate("", bytes).await;
            assert_eq!(response.status(), 400, "{name}");
            asked += 1;
        } else if name.starts_with("y_") {
            let status = house.validate("", bytes).await.status();
            // A property that is written twice is in the suite's list of what may be accepted; we refuse it.
            assert!(status == 200 || name.contains("duplicated"), "{name}: {status}");
        }
    }
    assert!(asked > 180, "{asked}");
}

#[tokio::test(flavor = "multi_thread")]
async fn too_much_and_the_wrong_type_are_refused() {
    let house = house().await;
    let large = format!("{{\"la_child_id\": \"{}\"}}", "x".repeat(1 << 20));
    let response = house.validate("", large).await;
    assert_eq!(response.status(), 413);
    let response = house.post("/v1/validate", "text/plain", record().to_string()).send().await.unwrap();
    assert_eq!(response.status(), 415);
    let coded = house.post("/v1/validate", "application/json", "x").header("content-encoding", "br");
    assert_eq!(coded.send().await.unwrap().status(), 415);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_record_is_judged_like_a_small_one() {
    let house = house().await;
    let mut large = record();
    large["case_notes"] = json!((0..3000).map(|_| json!({ "text": "x".repeat(60) })).collect::<Vec<_>>());
    assert!(large.to_string().len() > 128 * 1024);
    let answer = house.answer("", &large).await;
    assert!(answer["findings"].as_array().unwrap().iter().any(|finding| finding["rule"]["id"] == "PERM-901"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_comes_too_slowly_is_refused() {
    let house = house().await;
    let mut stream = tokio::net::TcpStream::connect(house.base.trim_start_matches("http://")).await.unwrap();
    let head = format!(
        "POST /v1/validate HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{{",
        house.key
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = vec![0; 1024];
    let read = tokio::time::timeout(Duration::from_secs(5), stream.read(&mut answer)).await.unwrap().unwrap();
    let answer = String::from_utf8_lossy(&answer[..read]).into_owned();
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn sandbox_ids_work_with_a_test_key_alone() {
    let house = house().await;
    let send = |id: &str, key: &str| {
        let body = json!({ "la_child_id": id }).to_string();
        let request =
            house.client.post(format!("{}/v1/validate?deadline_ms=50", house.base)).bearer_auth(key);
        request.header("content-type", "application/json").body(body).send()
    };
    assert_eq!(send("sim-503", &house.key).await.unwrap().status(), 200);
    let unavailable = send("sim-503", &house.test_key).await.unwrap();
    assert_eq!(unavailable.status(), 503);
    assert_eq!(unavailable.headers()["retry-after"], "1");
    assert_eq!(json_of(unavailable).await["verdict"], "not_checked");
    let held = json_of(send("sim-hold", &house.test_key).await.unwrap()).await;
    assert_eq!(held["decision"]["disposition"], "hold");
    let unchecked = json_of(send("sim-not-checked", &house.test_key).await.unwrap()).await;
    assert_eq!(unchecked["decision"]["verdict"], "not_checked");
    let started = std::time::Instant::now();
    let slow = json_of(send("sim-slow", &house.test_key).await.unwrap()).await;
    assert!(started.elapsed() >= Duration::from_secs(1));
    assert_eq!(slow["decision"]["complete"], false);
}

#[tokio::test(flavor = "multi_thread")]
async fn more_than_may_be_in_flight_is_turned_away_at_once() {
    let house = house_with(|options| options.lanes.save = 1).await;
    let slow = json!({ "la_child_id": "sim-slow" }).to_string();
    let request =
        house.client.post(format!("{}/v1/validate?deadline_ms=0", house.base)).bearer_auth(&house.test_key);
    let held = tokio::spawn(request.header("content-type", "application/json").body(slow).send());
    tokio::time::sleep(Duration::from_millis(300)).await;
    let response = house.validate("", record().to_string()).await;
    assert_eq!(response.status(), 503);
    let problem: Value = json_of(response).await;
    assert_eq!(problem["verdict"], "not_checked");
    assert_eq!(held.await.unwrap().unwrap().status(), 200);
}
