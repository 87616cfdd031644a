//! Keys, roles, request ids, and where the service may listen.

use casecheck::http::Application;
use casecheck::http::MadeKey;
use casecheck::http::Options;
use casecheck::http::Permission;
use casecheck::http::ROUTES;
use casecheck::http::Role;
use casecheck::model::Day;

use crate::http::fixture::house;
use crate::http::fixture::json_of;

#[tokio::test(flavor = "multi_thread")]
async fn every_route_but_the_open_ones_asks_for_a_key_and_for_the_right_one() {
    let house = house().await;
    let stranger = MadeKey::new(false, &Role::ALL, None).text;
    for route in ROUTES {
        let address = format!(
            "{}{}",
            house.base,
            route.pattern.replace("{_:.*}", "").replace("{name:.*}", "x").replace(['{', '}'], "")
        );
        let ask = |key: Option<&str>| {
            let method = route.method.parse().unwrap();
            let request = house.client.request(method, &address);
            match key {
                Some(key) => request.bearer_auth(key).send(),
                None => request.send(),
            }
        };
        let open = route.permission == Permission::Open;
        for key in [None, Some(stranger.as_str()), Some("cc_live_x")] {
            let status = ask(key).await.unwrap().status();
            assert_eq!(status == 401, !open, "{} {} {status}", route.method, route.pattern);
        }
        let validate = ask(Some(&house.key)).await.unwrap().status();
        let author = ask(Some(&house.author_key)).await.unwrap().status();
        assert_eq!(
            validate == 403,
            matches!(
                route.permission,
                Permission::TryRules | Permission::Page | Permission::Jobs | Permission::Waivers
            ),
            "{}",
            route.pattern
        );
        let only_others =
            matches!(route.permission, Permission::Validate | Permission::Jobs | Permission::Waivers);
        assert_eq!(author == 403, only_others, "{}", route.pattern);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_keeps_its_id_and_gets_one_if_it_has_none() {
    let house = house().await;
    let own = house.get("/v1/standards").header("x-request-id", "abc-1").send().await.unwrap();
    assert_eq!(own.headers()["x-request-id"], "abc-1");
    let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    let traced = house.get("/v1/standards").header("traceparent", trace).send().await.unwrap();
    assert_eq!(traced.headers()["x-request-id"], "0af7651916cd43dd8448eb211c80319c");
    let made = house.get("/v1/standards").header("x-request-id", "has space").send().await.unwrap();
    assert_eq!(made.headers()["x-request-id"].len(), 36);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_is_not_there_and_a_method_that_it_does_not_take_are_told_apart() {
    let house = house().await;
    let missing = house.get("/v1/nothing").send().await.unwrap();
    assert_eq!(missing.status(), 404);
    assert_eq!(json_of(missing).await["type"], "https://casecheck.example/problems/not-found");
    let wrong = house.get("/v1/validate").send().await.unwrap();
    assert_eq!(wrong.status(), 405);
    assert_eq!(wrong.headers()["allow"], "POST");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_others_can_reach_needs_a_proxy_and_a_taken_port_is_told() {
    let today = || Day::parse("2026-07-23").unwrap();
    let mut options = Options::new(today);
    options.address = "0.0.0.0".parse().unwrap();
    let refused = Application::build(options.clone()).await.err().unwrap().to_string();
    assert!(refused.contains("behind_proxy"), "{refused}");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let mut options = Options::new(today);
    options.port = taken.local_addr().unwrap().port();
    let refused = Application::build(options).await.err().unwrap().to_string();
    assert!(refused.contains("is in use by another program"), "{refused}");
}
