//! Keys, roles, request ids, and where the service may listen.

use casecheck::http::Application;
use casecheck::http::MadeKey;
use casecheck::http::Options;
use casecheck::http::Permission;
use casecheck::http::ROUTES;
use casecheck::http::Role;
use casecheck::http::Route;
use casecheck::model::Day;
use reqwest::RequestBuilder;

use crate::http::fixture::House;
use crate::http::fixture::house;
use crate::http::fixture::house_with;
use crate::http::fixture::json_of;

/// The roles that a permission takes; none for what is open.
const fn roles_of(permission: Permission) -> &'static [Role] {
    match permission {
        Permission::Open => &[],
        Permission::Validate => &[Role::Validate],
        Permission::Jobs | Permission::JobsPage => &[Role::Jobs],
        Permission::Waivers => &[Role::Waivers],
        Permission::TryRules | Permission::Page => &[Role::RulesAuthor],
        Permission::ReadRules | Permission::RulesPage => {
            &[Role::Validate, Role::RulesAuthor, Role::Jobs, Role::Waivers, Role::Ops]
        }
    }
}

/// A house with a key of these roles beside its own.
async fn house_with_key(roles: &[Role]) -> (House, String) {
    let made = MadeKey::new(false, roles, Day::parse("2026-12-31"));
    (house_with(|options| options.keys.push(made.stored)).await, made.text)
}

fn call(house: &House, route: &Route, key: Option<&str>) -> RequestBuilder {
    let path = route.pattern.replace("{_:.*}", "").replace("{name:.*}", "x").replace(['{', '}'], "");
    let request = house.client.request(route.method.parse().unwrap(), format!("{}{path}", house.base));
    match key {
        Some(key) => request.bearer_auth(key),
        None => request,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_but_the_open_ones_takes_the_keys_of_its_roles_and_no_other() {
    let stranger = MadeKey::new(false, &Role::ALL, None).text;
    for role in Role::ALL {
        let (house, key) = house_with_key(&[role]).await;
        for route in ROUTES {
            let open = route.permission == Permission::Open;
            for key in [None, Some(stranger.as_str()), Some("cc_live_x")] {
                let status = call(&house, route, key).send().await.unwrap().status();
                assert_eq!(status == 401, !open, "{} {} {status}", route.method, route.pattern);
            }
            let status = call(&house, route, Some(&key)).send().await.unwrap().status();
            let passes = open || roles_of(route.permission).contains(&role);
            let told = format!("{} {} {} {status}", role.word(), route.method, route.pattern);
            assert_eq!(status == 403, !passes, "{told}");
            assert_ne!(status, 401, "{told}");
        }
    }
}

/// A browser sends the key that it was once given to every address of the service, of a page or not.
#[tokio::test(flavor = "multi_thread")]
async fn no_route_that_changes_anything_takes_what_another_sites_page_sends() {
    let (house, key) = house_with_key(&Role::ALL).await;
    let mut asked = 0;
    for route in ROUTES.iter().filter(|route| route.method != "GET") {
        for (header, value) in [("sec-fetch-site", "cross-site"), ("origin", "https://elsewhere.example")] {
            let sent = call(&house, route, None).basic_auth("anybody", Some(&key)).header(header, value);
            assert_eq!(sent.send().await.unwrap().status(), 403, "{} {header}", route.pattern);
        }
        let own = call(&house, route, Some(&key)).header("origin", &house.base);
        assert_ne!(own.send().await.unwrap().status(), 403, "{}", route.pattern);
        asked += 1;
    }
    assert!(asked > 5, "{asked}");
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
