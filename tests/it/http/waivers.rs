//! Waivers through the interface: in force at once for saves, pinned for jobs, never changing an outcome.

use reqwest::Method;
use reqwest::Response;
use serde_json::Value;
use serde_json::json;

use crate::http::fixture::House;
use crate::http::fixture::house;
use crate::http::fixture::json_of;
use crate::http::fixture::record;

impl House {
    async fn waivers(&self, method: Method, address: &str, body: Option<&Value>) -> Response {
        let request =
            self.client.request(method, format!("{}{address}", self.base)).bearer_auth(&self.waivers_key);
        match body {
            Some(body) => request.header("content-type", "application/json").body(body.to_string()),
            None => request,
        }
        .send()
        .await
        .unwrap()
    }
}

fn waiver() -> Value {
    json!({ "rule": "PERM-901", "child": "T1", "disposition": "accepted_exception", "approved_by": "Head of Service",
        "reason": "The court decides on 3 August; the plan waits for it", "expires_on": "2026-08-31" })
}

fn of_the_plan(answer: &Value) -> &Value {
    answer["findings"].as_array().unwrap().iter().find(|finding| finding["rule"]["id"] == "PERM-901").unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_waiver_stands_beside_a_finding_from_the_next_save_on_until_it_is_taken_back() {
    let house = house().await;
    let before = house.answer("", &record()).await;
    assert_eq!(
        (&of_the_plan(&before)["waiver"], &of_the_plan(&before)["outcome"]),
        (&Value::Null, &json!("overdue"))
    );
    let made = house.waivers(Method::POST, "/v1/waivers", Some(&waiver())).await;
    assert_eq!(made.status(), 201);
    let made = json_of(made).await;
    let after = house.answer("", &record()).await;
    let finding = of_the_plan(&after);
    assert_eq!((&finding["waiver"]["id"], &finding["outcome"]), (&made["id"], &json!("overdue")));
    assert_eq!(finding["finding_id"], of_the_plan(&before)["finding_id"]);
    let listed = json_of(house.waivers(Method::GET, "/v1/waivers", None).await).await;
    assert_eq!(listed["waivers"][0], made);
    assert_eq!((&made["from"], &made["expired"]), (&json!("interface"), &json!(false)));
    let address = format!("/v1/waivers/{}", made["id"].as_str().unwrap());
    assert_eq!(house.waivers(Method::DELETE, &address, None).await.status(), 204);
    assert_eq!(house.waivers(Method::DELETE, &address, None).await.status(), 404);
    let at_last = house.answer("", &record()).await;
    assert_eq!(of_the_plan(&at_last)["waiver"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_that_is_wrong_with_a_waiver_is_said_at_once() {
    let house = house().await;
    let wrong = json!({ "rule": "PERM-999", "disposition": "fine", "approved_by": " ", "reason": "x",
        "expires_on": "2026-01-01", "finding_id": "abc", "covers": 0 });
    let refused = house.waivers(Method::POST, "/v1/waivers", Some(&wrong)).await;
    assert_eq!(refused.status(), 400);
    let problem = json_of(refused).await;
    let pointers: Vec<&str> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["pointer"].as_str().unwrap())
        .collect();
    assert_eq!(pointers, ["/rule", "/disposition", "/approved_by", "/expires_on", "/finding_id", "/covers"]);
    let unknown = json!({ "rul": "PERM-901" });
    assert_eq!(house.waivers(Method::POST, "/v1/waivers", Some(&unknown)).await.status(), 400);
    assert_eq!(json_of(house.waivers(Method::GET, "/v1/waivers", None).await).await["waivers"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_waiver_says_of_a_child_lies_sealed() {
    let house = house().await;
    let mut canary = waiver();
    canary["child"] = json!("CANARY-CHILD");
    canary["reason"] = json!("CANARY-REASON");
    assert_eq!(house.waivers(Method::POST, "/v1/waivers", Some(&canary)).await.status(), 201);
    for entry in std::fs::read_dir(house.data.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let bytes = std::fs::read(&path).unwrap();
            assert!(!bytes.windows(6).any(|some| some == b"CANARY"), "{}", path.display());
        }
    }
}
