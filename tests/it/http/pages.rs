//! The pages, as a browser that runs no scripts sees them.

use std::fmt::Write as _;

use crate::http::fixture::House;
use crate::http::fixture::RULE_FILE;
use crate::http::fixture::TEAM;
use crate::http::fixture::house_with;
use crate::http::fixture::record;
use crate::http::fixture::write;

async fn open_house() -> House {
    house_with(|options| options.open_pages = true).await
}

async fn page(house: &House, address: &str) -> String {
    let response = house.client.get(format!("{}{address}", house.base)).send().await.unwrap();
    assert_eq!(response.status(), 200, "{address}");
    let policy = response.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    response.text().await.unwrap()
}

async fn submit(house: &House, rule: &str, as_at: &str, record: &str) -> (u16, String) {
    let mut form = String::new();
    for (name, value) in [("rule", rule), ("as_at", as_at), ("record", record)] {
        write!(form, "{name}=").unwrap();
        for byte in value.bytes() {
            write!(form, "%{byte:02X}").unwrap();
        }
        form.push('&');
    }
    let request = house.client.post(format!("{}/playground", house.base));
    let request = request.header("content-type", "application/x-www-form-urlencoded").body(form);
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_playground_starts_from_a_test_of_the_rule_and_answers_a_form() {
    let house = open_house().await;
    let start = page(&house, "/playground?rule=PERM-901&test=1").await;
    assert!(
        start.contains("Permanence plan by the second review") && start.contains("2026-07-23"),
        "{start}"
    );
    let (status, answer) = submit(&house, "PERM-901", "2026-07-23", &record().to_string()).await;
    assert_eq!(status, 200);
    assert!(
        answer.contains("overdue") && answer.contains("15 Jul 2026") && answer.contains("Evidence"),
        "{answer}"
    );
    assert!(answer.contains("LAC-902"), "the record's other findings are shown");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_with_mistakes_says_them_all_and_keeps_what_was_typed_without_running_it() {
    let house = open_house().await;
    let (status, answer) = submit(&house, "PERM-901", "soon", "{\"team\": \"<script>\",}").await;
    assert_eq!(status, 422);
    assert!(answer.contains("href=\"#as_at\"") && answer.contains("href=\"#record\""), "{answer}");
    assert!(!answer.contains("<script>"), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_and_children_have_pages() {
    let house = open_house().await;
    assert!(page(&house, "/rules").await.contains("LAC-902"));
    assert!(page(&house, "/rules/PERM-901").await.contains("Try it in the playground"));
    let list = page(&house, "/demo").await;
    assert!(!list.contains("<1>") && list.contains("2 findings"), "{list}");
    assert!(page(&house, "/demo/1").await.contains("Agree the permanence plan"));
    assert_eq!(house.client.get(format!("{}/demo/2", house.base)).send().await.unwrap().status(), 404);
    assert!(page(&house, "/assets/casecheck.css").await.contains("font"));
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_are_searched_by_words_standard_severity_and_force_without_a_script() {
    let house = open_house().await;
    let one = page(&house, "/rules?q=SECOND+permanence").await;
    assert!(one.contains("1 rule found") && one.contains("PERM-901") && !one.contains("LAC-902"), "{one}");
    assert!(one.contains("value=\"SECOND permanence\"") && one.contains("Show all rules"));
    let weighed = page(&house, "/rules?q=&standard=&severity=warning&force=should").await;
    assert!(weighed.contains("LAC-902") && !weighed.contains("PERM-901"), "{weighed}");
    assert!(weighed.contains("<option value=\"warning\" selected>"));
    let other = page(&house, "/rules?q=permanence&standard=care-planning").await;
    assert!(other.contains("Nothing found") && other.contains("fewer or shorter words"), "{other}");
    let harm = page(&house, "/rules?q=%3Cscript%3E").await;
    assert!(!harm.contains("<script>"), "{harm}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_has_its_check_in_english_its_clock_its_source_and_its_examples() {
    let house = open_house().await;
    let rule = page(&house, "/rules/PERM-901").await;
    for words in [
        "For each stretch of “looked after” the clock starts with the second “looked-after review”.",
        "“permanence plan” is due by that day.",
        "What was done before the start counts too, back to the first day of the stretch.",
        "<svg",
        "<strong>Overdue</strong>",
        "a default of ours, not of the source",
        "the text itself was not read: taken from a summary",
        "all hold",
        "/playground?rule=PERM-901&amp;test=1",
        "The check as written",
    ] {
        assert!(rule.contains(words), "{words} in\n{rule}");
    }
    assert_eq!(
        house.client.get(format!("{}/rules/PERM-000", house.base)).send().await.unwrap().status(),
        404
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_book_of_the_service_is_that_of_the_command_line_and_runs_only_its_own_script() {
    let house = open_house().await;
    let served = page(&house, "/rules/book").await;
    let mut command = assert_cmd::Command::cargo_bin("casecheck").unwrap();
    let written =
        command.args(["rules", "--catalog"]).arg(house.folder.path()).arg("book").assert().success();
    assert_eq!(served, String::from_utf8(written.get_output().stdout.clone()).unwrap());
    let response = house.client.get(format!("{}/rules/book", house.base)).send().await.unwrap();
    let policy = response.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.contains("style-src 'sha256-") && policy.contains("script-src 'sha256-"), "{policy}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_duty_is_found_where_it_belongs_and_a_revision_only_where_there_is_one() {
    let house = house_with(|options| {
        options.open_pages = true;
        options.catalog = None;
    })
    .await;
    let list = page(&house, "/rules?standard=iro-challenge").await;
    assert!(
        list.contains("href=\"/rules/IRO-005\"") && list.contains("(starts when PERM-001 is missed)"),
        "{list}"
    );
    assert!(!list.contains("href=\"/rules/PERM-001\""), "that one is of another standard");
    let weighed = page(&house, "/rules?q=IRO-005&severity=info").await;
    assert!(!weighed.contains("href=\"/rules/IRO-005\""), "{weighed}");
    assert!(page(&house, "/rules/IRO-005").await.contains("If it is missed: IRO-005"));
    let status = async |address: &str| {
        let response = house.client.get(format!("{}{address}", house.base)).send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    };
    let (wrong, said) = status("/rules/PERM-001?revision=first").await;
    assert!(wrong == 400 && said.contains("takes the number of a revision"), "{wrong} {said}");
    assert_eq!(status("/rules/PERM-001?revision=99").await.0, 404);
    assert_eq!(status("/rules/PERM-001?revision=1").await.0, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_earlier_revision_is_told_apart_in_the_list_and_leads_to_itself() {
    let house = house_with(|options| {
        options.open_pages = true;
        let folder = options.catalog.clone().unwrap();
        let before = TEAM.replace("2026-", "2019-") + "effective: { to: 2019-12-31 }\n";
        write(&folder, "rules/care-planning/lac-902-before.yaml", &before);
        write(&folder, RULE_FILE, &format!("{TEAM}revision: 2\neffective: {{ from: 2020-01-01 }}\n"));
    })
    .await;
    let all = page(&house, "/rules").await;
    let earlier = all.split("<tr>").find(|row| row.contains("href=\"/rules/LAC-902?revision=1\"")).unwrap();
    assert!(earlier.contains("(revision 1)"), "{earlier}");
    assert!(all.contains("href=\"/rules/LAC-902\""), "{all}");
    assert!(page(&house, "/rules/LAC-902?revision=1").await.contains("1 (this one)"));
    assert!(page(&house, "/rules/LAC-902").await.contains("2 (this one)"));
}
