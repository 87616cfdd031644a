//! Readiness, figures, a changed catalog, and stopping.

use std::time::Duration;

use serde_json::Value;
use serde_json::json;

use crate::http::fixture::House;
use crate::http::fixture::RULE_FILE;
use crate::http::fixture::TEAM;
use crate::http::fixture::house;
use crate::http::fixture::house_with;
use crate::http::fixture::json_of;
use crate::http::fixture::record;
use crate::http::fixture::wait_until;
use crate::http::fixture::write;
use crate::lab;

async fn ready(house: &House) -> Value {
    json_of(house.client.get(format!("{}/ready", house.operations)).send().await.unwrap()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_service_is_ready_once_its_rules_have_passed_their_tests() {
    let house = house().await;
    let live = house.client.get(format!("{}/live", house.operations)).send().await.unwrap();
    assert_eq!(live.status(), 200);
    wait_until("ready", async || ready(&house).await["ready"] == true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_good_change_comes_into_force_and_a_bad_one_leaves_the_old() {
    let house = house().await;
    wait_until("ready", async || ready(&house).await["ready"] == true).await;
    let first = ready(&house).await["pack"]["digest"].clone();
    write(
        house.folder.path(),
        RULE_FILE,
        &TEAM.replace("Record the id of the review", "Record which review it was"),
    );
    wait_until("the change", async || ready(&house).await["pack"]["digest"] != first).await;
    let answer = house.answer("", &record()).await;
    assert_eq!(answer["findings"][1]["message"], "Record which review it was");

    let second = ready(&house).await["pack"]["digest"].clone();
    write(house.folder.path(), RULE_FILE, &TEAM.replace("review_id]", "reviw_id]"));
    wait_until("the refusal", async || ready(&house).await["refused"].is_object()).await;
    let told = ready(&house).await;
    assert_eq!((&told["pack"]["digest"], &told["ready"]), (&second, &json!(true)));
    assert_eq!(told["refused"]["problems"][0]["file"], RULE_FILE);
    let listed = json_of(house.get("/v1/rules").send().await.unwrap()).await;
    assert_eq!(listed["refused"]["problems"][0]["line"], 10);

    write(
        house.folder.path(),
        RULE_FILE,
        &TEAM.replace("outcome: breached }", "outcome: breached, message: Other }"),
    );
    let fails = async || ready(&house).await["refused"]["problems"].to_string().contains("does not hold");
    wait_until("a failing test is refused too", fails).await;
    assert_eq!(ready(&house).await["pack"]["digest"], second);
}

/// An overlay moves figures, and the tests of a rule prove those that the rule declares.
#[tokio::test(flavor = "multi_thread")]
async fn a_service_under_an_overlay_becomes_ready_and_takes_a_change() {
    let folder = tempfile::tempdir().unwrap();
    lab::write_small(folder.path());
    let own = folder.path().to_owned();
    let house = house_with(|options| {
        options.catalog = Some(own);
        options.overlay = Some("northtown".to_owned());
    })
    .await;
    wait_until("ready", async || ready(&house).await["ready"] == true).await;
    let first = ready(&house).await["pack"]["digest"].clone();
    let name = "rules/overlays/northtown.yaml";
    let text = std::fs::read_to_string(folder.path().join(name)).unwrap();
    write(folder.path(), name, &text.replace("limit: 15 working days", "limit: 12 working days"));
    wait_until("the change", async || ready(&house).await["pack"]["digest"] != first).await;
    assert_eq!(ready(&house).await["ready"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_name_routes_and_never_children() {
    let house = house().await;
    house.answer("", &record()).await;
    let text =
        house.client.get(format!("{}/metrics", house.operations)).send().await.unwrap().text().await.unwrap();
    assert!(
        text.contains("casecheck_requests_total{method=\"POST\",route=\"/v1/validate\",status=\"200\"} 1"),
        "{text}"
    );
    assert!(text.contains("casecheck_findings_total{kind=\"error\"} 1"), "{text}");
    assert!(text.contains("casecheck_pack_info{name=\"casecheck\""), "{text}");
    assert!(!text.contains("T1"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_in_flight_is_answered_before_the_service_ends() {
    let mut house = house().await;
    let slow = json!({ "la_child_id": "sim-slow" }).to_string();
    let request = house.client.post(format!("{}/v1/validate", house.base)).bearer_auth(&house.test_key);
    let held = tokio::spawn(request.header("content-type", "application/json").body(slow).send());
    tokio::time::sleep(Duration::from_millis(300)).await;
    house.stop.stop().await;
    assert_eq!(held.await.unwrap().unwrap().status(), 200);
    (&mut house.running).await.unwrap();
    assert!(house.get("/v1/rules").send().await.is_err());
}
