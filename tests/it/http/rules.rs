//! What records are judged by, and trying a rule; the description of the interface.

use casecheck::http::Permission;
use casecheck::http::ROUTES;
use serde_json::Value;
use serde_json::json;

use crate::http::fixture::House;
use crate::http::fixture::TEAM;
use crate::http::fixture::house;
use crate::http::fixture::json_of;
use crate::http::fixture::record;

async fn got(house: &House, address: &str) -> Value {
    let response = house.get(address).send().await.unwrap();
    assert_eq!(response.status(), 200, "{address}");
    json_of(response).await
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_standards_and_schemas_can_be_read() {
    let house = house().await;
    let rules = got(&house, "/v1/rules?standard=permanence").await;
    assert_eq!(rules["rules"].as_array().unwrap().len(), 1);
    assert_eq!(got(&house, "/v1/rules/lac-902").await["says"]["breached"], "Record the id of the review");
    assert_eq!(house.get("/v1/rules/LAC-999").send().await.unwrap().status(), 404);
    assert!(got(&house, "/v1/standards").await["standards"].as_array().unwrap().len() > 1);
    let name = "case-record.schema.json";
    assert!(got(&house, "/v1/schemas").await["names"].as_array().unwrap().contains(&json!(name)));
    assert!(got(&house, &format!("/v1/schemas/{name}")).await["$id"].is_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_is_tried_on_a_record_or_its_problems_are_shown() {
    let house = house().await;
    let ask = async |body: Value| {
        let request =
            house.client.post(format!("{}/v1/rules/try", house.base)).bearer_auth(&house.author_key);
        request.header("content-type", "application/json").body(body.to_string()).send().await.unwrap()
    };
    let good =
        json!({ "rule": TEAM, "standard": "care-planning", "record": record(), "as_at": "2026-07-23" });
    let answer = json_of(ask(good).await).await;
    assert_eq!((&answer["tests"], &answer["problems"]), (&json!(4), &json!([])));
    assert!(answer["outcomes"].as_array().unwrap().iter().any(|finding| finding["outcome"] == "breached"));
    let bad =
        json!({ "rule": TEAM.replace("severity: warning", "severity: awful"), "standard": "care-planning" });
    let problem = &json_of(ask(bad).await).await["problems"][0];
    assert_eq!((&problem["line"], &problem["column"]), (&json!(6), &json!(11)));
    assert_eq!(ask(json!({ "rule": TEAM, "standard": "x" })).await.status(), 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_of_the_interface_is_described_with_its_problems_and_no_other_is() {
    let house = house().await;
    let document = got(&house, "/openapi.json").await;
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let mut described = 0;
    for route in ROUTES.iter().filter(|route| route.pattern.starts_with("/v1/")) {
        let path = route.pattern.replace(":.*}", "}");
        let operation = &document["paths"][&path][route.method.to_lowercase()];
        assert!(operation["responses"]["401"]["content"]["application/problem+json"].is_object(), "{path}");
        assert!(operation["security"].is_array() && route.permission != Permission::Open, "{path}");
        described += 1;
    }
    let written: usize =
        document["paths"].as_object().unwrap().values().map(|path| path.as_object().unwrap().len()).sum();
    assert_eq!(described, written);
    let docs = house.get("/docs/").send().await.unwrap();
    assert!(docs.text().await.unwrap().contains("swagger"));
}
