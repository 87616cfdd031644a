//! What falls due, over HTTP and on its page: of the last job unless another is named, each caller's own, and every fault said at once.

use reqwest::Response;
use serde_json::Value;
use serde_json::json;

use crate::http::fixture::House;
use crate::http::fixture::house;
use crate::http::fixture::json_of;
use crate::http::jobs::EDGE;
use crate::http::jobs::form;
use crate::http::jobs::lines;

async fn read(house: &House, address: &str, key: &str) -> Response {
    house.client.get(format!("{}{address}", house.base)).bearer_auth(key).send().await.unwrap()
}

/// Judges twenty children as at a day; gives the job's id.
async fn judged(house: &House, as_at: &str) -> String {
    judged_of(house, as_at, &lines(20)).await
}

async fn judged_of(house: &House, as_at: &str, records: &[u8]) -> String {
    let body = form(&[("as_at", as_at)], &[("county.ndjson", records)]);
    let request = house.client.post(format!("{}/v1/jobs", house.base)).bearer_auth(&house.jobs_key);
    let request = request.header("content-type", format!("multipart/form-data; boundary={EDGE}"));
    let taken = json_of(request.body(body).send().await.unwrap()).await;
    let href = taken["href"].as_str().unwrap();
    for _ in 0..200 {
        if json_of(read(house, href, &house.jobs_key).await).await["state"] == "done" {
            return taken["job_id"].as_str().unwrap().to_owned();
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("the job did not end");
}

/// What is wrong with a request: each parameter and its code.
async fn faults(refused: Response) -> Vec<(String, String)> {
    assert_eq!(refused.status(), 400);
    assert_eq!(refused.headers()["content-type"], "application/problem+json");
    let problem = json_of(refused).await;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let errors = problem["errors"].as_array().unwrap().iter();
    errors.map(|wrong| (text(&wrong["parameter"]), text(&wrong["code"]))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_falls_due_is_told_of_the_last_job_unless_another_is_named() {
    let house = house().await;
    let key = house.jobs_key.as_str();
    let none = read(&house, "/v1/forecast", key).await;
    assert_eq!(none.status(), 409);
    assert!(none.text().await.unwrap().contains("no job is done yet"));
    let first = judged(&house, "2026-07-15").await;
    let told = json_of(read(&house, "/v1/forecast", key).await).await;
    let days = [&told["as_at"], &told["from"], &told["to"]];
    assert_eq!(days, [&json!("2026-07-15"), &json!("2026-07-15"), &json!("2026-08-11")]);
    assert_eq!((&told["job"]["job_id"], &told["job"]["records"]), (&json!(first), &json!(20)));
    assert_eq!(told["total"], 20);
    assert_eq!(told["by_day"], json!([{ "due_on": "2026-07-15", "count": 20 }]));
    assert_eq!(told["by_week"], json!([{ "monday": "2026-07-13", "count": 20 }]));
    assert_eq!(told["by_team"], json!([{ "team": "East", "count": 10 }, { "team": "West", "count": 10 }]));
    let due = &told["due"][1];
    assert_eq!(
        [&due["id"], &due["team"], &due["rule"], &due["days_left"], &due["record_no"]],
        [&json!("T1"), &json!("West"), &json!("PERM-901"), &json!(0), &json!(1)]
    );
    let page = json_of(read(&house, "/v1/forecast?team=West&limit=4", key).await).await;
    let next = page["next"].as_str().unwrap();
    let rest = json_of(read(&house, &format!("/v1/forecast?team=West&cursor={next}"), key).await).await;
    assert_eq!((page["total"].as_i64(), rest["due"].as_array().unwrap().len()), (Some(10), 6));
    assert_eq!((&rest["due"][0]["id"], &rest["next"]), (&json!("T9"), &Value::Null));
    // By then all are overdue: they are findings, and not here.
    let second = judged(&house, "2026-07-23").await;
    let told = json_of(read(&house, "/v1/forecast", key).await).await;
    assert_eq!(
        (&told["job"]["job_id"], &told["total"], &told["due"]),
        (&json!(second), &json!(0), &json!([]))
    );
    let named = json_of(read(&house, &format!("/v1/forecast?job={first}"), key).await).await;
    assert_eq!(named["total"], 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn anothers_forecast_is_as_none_and_every_fault_of_a_request_is_said_at_once() {
    let house = house().await;
    let job = judged(&house, "2026-07-15").await;
    let of_job = format!("/v1/forecast?job={job}");
    assert_eq!(read(&house, &of_job, &house.other_jobs_key).await.status(), 404);
    assert_eq!(read(&house, "/v1/forecast", &house.other_jobs_key).await.status(), 409);
    assert_eq!(read(&house, &format!("/jobs/{job}/forecast"), &house.other_jobs_key).await.status(), 404);
    assert_eq!(read(&house, "/v1/forecast", &house.key).await.status(), 403);
    let wrong = "/v1/forecast?from=soon&to=2026-13-01&limit=0&cursor=x&child=T1";
    let told = faults(read(&house, wrong, &house.jobs_key).await).await;
    let expected = [
        ("", "unknown_parameter"),
        ("cursor", "unknown_value"),
        ("limit", "unknown_value"),
        ("from", "not_a_date"),
        ("to", "not_a_date"),
    ];
    assert_eq!(told, expected.map(|(name, code)| (name.to_owned(), code.to_owned())));
    let before = [("to".to_owned(), "before_from".to_owned())];
    for query in ["from=2026-07-20&to=2026-07-19", "to=2026-07-14"] {
        let refused = read(&house, &format!("/v1/forecast?{query}"), &house.jobs_key).await;
        assert_eq!(faults(refused).await, before, "{query}");
    }
    let twice = read(&house, "/v1/forecast?team=East&team=West&limit=x", &house.jobs_key).await;
    assert_eq!(faults(twice).await[0], ("team".to_owned(), "given_twice".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_shows_what_falls_due_by_week_and_one_by_one() {
    let house = house().await;
    let job = judged(&house, "2026-07-15").await;
    let page = |query: &'static str| {
        let address = format!("/jobs/{job}/forecast{query}");
        let house = &house;
        async move {
            let page = read(house, &address, &house.jobs_key).await;
            assert_eq!(page.status(), 200, "{query}");
            page.text().await.unwrap()
        }
    };
    let shown = page("").await;
    for words in [
        "20 duties fall due from 15 Jul 2026 to 11 Aug 2026",
        "Most fall due in the week from Monday 13 Jul 2026: 20 of 20",
        "<svg viewBox=\"0 0 340 140\" role=\"img\"",
        "<td>T1</td>",
        "Permanence plan by the second review",
    ] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    let west = page("?from=&team=West&standard=").await;
    assert!(west.contains("10 duties fall due") && !west.contains("<td>T2</td>"), "{west}");
    assert!(west.contains("<option value=\"East\">"), "the other team can still be chosen");
    let past_the_end = page("?cursor=2026-07-15.19.9").await;
    for words in ["20 duties fall due", "By week", "nothing on this page", "First page"] {
        assert!(past_the_end.contains(words), "{words}: {past_the_end}");
    }
    assert!(!past_the_end.contains("falls due in these days"), "{past_the_end}");
    let later = page("?from=2026-07-16").await;
    assert!(later.contains("0 duties fall due") && later.contains("Nothing like that falls due"), "{later}");
    let of_job = read(&house, &format!("/jobs/{job}"), &house.jobs_key).await.text().await.unwrap();
    assert!(of_job.contains(&format!("/jobs/{job}/forecast")), "its job leads there");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_nobodys_is_counted_and_can_be_asked_for() {
    let house = house().await;
    let records = String::from_utf8(lines(6)).unwrap().replace(",\"team\":\"West\"", "");
    assert!(!records.contains("West"), "{records}");
    let job = judged_of(&house, "2026-07-15", records.as_bytes()).await;
    let told = json_of(read(&house, "/v1/forecast", &house.jobs_key).await).await;
    assert_eq!(told["by_team"].as_array().unwrap().len(), 2, "{told}");
    let nobodys = json_of(read(&house, "/v1/forecast?team=(none)", &house.jobs_key).await).await;
    assert_eq!(
        (&nobodys["total"], &nobodys["by_team"]),
        (&json!(3), &json!([{ "team": null, "count": 3 }])),
        "{nobodys}"
    );
    let page = read(&house, &format!("/jobs/{job}/forecast?team=%28none%29"), &house.jobs_key).await;
    let page = page.text().await.unwrap();
    let chosen = "<option value=\"(none)\" selected>No team recorded</option>";
    assert!(page.contains("3 duties fall due") && page.contains(chosen), "{page}");
    assert!(page.contains("<option value=\"East\">"), "{page}");
}
