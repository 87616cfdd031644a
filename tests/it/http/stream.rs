//! Streams of records.

use serde_json::Value;
use serde_json::json;

use crate::http::fixture::House;
use crate::http::fixture::house;
use crate::http::fixture::record;
use crate::http::fixture::timeless;

const NDJSON: &str = "application/x-ndjson";

async fn lines(house: &House, query: &str, body: Vec<u8>, coding: Option<&str>) -> Vec<Value> {
    let mut request = house.post(&format!("/v1/validate/stream{query}"), NDJSON, body);
    if let Some(coding) = coding {
        request = request.header("content-encoding", coding);
    }
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 200);
    let text = response.text().await.unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn many(count: usize) -> Vec<Value> {
    let one = |number: usize| {
        let mut record = record();
        record["la_child_id"] = json!(format!("T{number}"));
        record
    };
    (0..count).map(one).collect()
}

fn ndjson(records: &[Value]) -> String {
    records.iter().flat_map(|record| [record.to_string(), "\n".to_owned()]).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_answers_each_record_as_a_save_does_in_order_and_then_counts() {
    let house = house().await;
    let records = many(3);
    let got = lines(&house, "?include=all", ndjson(&records).into_bytes(), None).await;
    assert_eq!(got.len(), 4);
    for (record, line) in records.iter().zip(&got) {
        assert_eq!(&timeless(house.answer("?include=all", record).await), line);
    }
    let trailer = &got[3]["trailer"];
    assert_eq!((&trailer["records"], &trailer["complete"]), (&json!(3), &json!(true)));
    assert_eq!(trailer["findings"]["error"], 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_stream_keeps_its_order_and_a_line_that_cannot_be_read_has_its_place() {
    let house = house().await;
    let mut text = ndjson(&many(2000));
    text.push_str("{\"la_child_id\": }\n");
    let got = lines(&house, "", text.into_bytes(), None).await;
    assert_eq!(got.len(), 2002);
    assert!((0..2000).all(|at| got[at]["decision"]["record"]["id"] == format!("T{at}")));
    assert_eq!((&got[2000]["verdict"], &got[2000]["at"]["line"]), (&json!("not_checked"), &json!(2001)));
    assert_eq!(got[2001]["trailer"]["unreadable"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn gzip_and_zstd_are_taken_and_a_damaged_stream_says_that_it_is_not_complete() {
    use std::io::Write as _;
    let house = house().await;
    let text = ndjson(&many(50));
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(text.as_bytes()).unwrap();
    let mut gzip = gzip.finish().unwrap();
    assert_eq!(lines(&house, "", gzip.clone(), Some("gzip")).await.len(), 51);
    let zstd = zstd::encode_all(text.as_bytes(), 1).unwrap();
    assert_eq!(lines(&house, "", zstd, Some("zstd")).await.len(), 51);
    gzip.truncate(gzip.len() / 2);
    let cut = lines(&house, "", gzip, Some("gzip")).await;
    assert_eq!(cut.last().unwrap()["trailer"]["complete"], false);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_stream_is_complete() {
    let house = house().await;
    let got = lines(&house, "", Vec::new(), None).await;
    assert_eq!((got.len(), &got[0]["trailer"]["complete"]), (1, &json!(true)));
}
