//! Files uploaded by a browser that runs no scripts: looked at, confirmed, checked, read, forgotten; and who may do so.

use std::fmt::Write as _;

use reqwest::Method;
use reqwest::Response;

use crate::http::fixture::House;
use crate::http::fixture::house;
use crate::http::fixture::house_with;
use crate::http::jobs::EDGE;
use crate::http::jobs::form;
use crate::http::jobs::lines;

/// What every page about jobs may load: our own script, and nothing that is written into a page.
const POLICY: &str = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

pub async fn open_house() -> House {
    house_with(|options| options.open_pages = true).await
}

impl House {
    /// A page, which must be well and keep to the policy.
    pub async fn page(&self, address: &str) -> String {
        let response = self.client.get(format!("{}{address}", self.base)).send().await.unwrap();
        assert_eq!(response.status(), 200, "{address}");
        keeps_to_the_policy(response, address).await
    }

    /// Sends an upload.
    pub async fn upload(&self, texts: &[(&str, &str)], files: &[(&str, &[u8])]) -> Response {
        let request = self.client.post(format!("{}/upload", self.base));
        let request = request.header("content-type", format!("multipart/form-data; boundary={EDGE}"));
        request.body(form(texts, files)).send().await.unwrap()
    }

    /// Sends a form of a page.
    pub async fn fill(&self, address: &str, pairs: &[(&str, &str)]) -> Response {
        let mut text = String::new();
        for (name, value) in pairs {
            write!(text, "{name}=").unwrap();
            value.bytes().for_each(|byte| write!(text, "%{byte:02X}").unwrap());
            text.push('&');
        }
        let request = self.client.post(format!("{}{address}", self.base));
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        request.header("sec-fetch-site", "same-origin").body(text).send().await.unwrap()
    }

    /// A page once it says something.
    pub async fn page_that_says(&self, address: &str, words: &str) -> String {
        let mut last = String::new();
        for _ in 0..200 {
            last = self.page(address).await;
            if last.contains(words) {
                return last;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("{address} never says {words}: {last}");
    }
}

pub fn next(response: &Response) -> String {
    assert_eq!(response.status(), 303);
    response.headers()["location"].to_str().unwrap().to_owned()
}

pub async fn keeps_to_the_policy(response: Response, address: &str) -> String {
    assert_eq!(response.headers()["content-security-policy"], POLICY, "{address}");
    assert_eq!(response.headers()["cache-control"], "no-store", "{address}");
    let html = response.text().await.unwrap();
    for inline in ["<script>", "<style", " style=", " onclick=", " onsubmit=", "javascript:"] {
        assert!(!html.contains(inline), "{address} has {inline}");
    }
    assert_eq!(html.matches("<h1").count(), 1, "{address}");
    html
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_uploaded_looked_at_confirmed_checked_and_read_without_a_script() {
    let house = open_house().await;
    assert!(house.page("/upload").await.contains("without an overlay"));
    let sent =
        house.upload(&[("as_at", "23/7/2026"), ("layout", "")], &[("county.ndjson", &lines(120))]).await;
    let upload = next(&sent);
    let seen = house.page_that_says(&upload, "What your files were taken for").await;
    assert!(
        seen.contains("120 records") && seen.contains("county.ndjson") && seen.contains("2026-07-23"),
        "{seen}"
    );
    let job = next(&house.fill(&upload, &[("do", "check"), ("as_at", "2026-07-23"), ("layout", "")]).await);
    let done = house.page_that_says(&job, ">Done<").await;
    assert!(done.contains("120 records checked, 240 findings"), "{done}");
    assert!(!done.contains("http-equiv"), "a page that does not change does not load itself again");
    // Every figure opens what is behind it.
    for opens in [
        "findings?severity=error",
        "rules?standard=permanence",
        "findings?standard=permanence&amp;outcome=overdue",
    ] {
        let opens = opens.replace("&amp;", "&#38;");
        assert!(done.contains(&format!("{job}/{opens}")), "{opens}: {done}");
    }
    let rules = house.page(&format!("{job}/rules?standard=permanence")).await;
    assert!(rules.contains("0 of 120 (0.0 %)") && rules.contains("rule=PERM-901"), "{rules}");
    let found = house.page(&format!("{job}/findings?rule=PERM-901&team=East&outcome=&change=")).await;
    assert!(found.contains(">60 findings<") && found.contains("T0") && !found.contains(">T1<"), "{found}");
    let (_, after) = found.split_once("Pages of findings").unwrap();
    let (_, link) = after.split_once("href=\"").unwrap();
    let link = link.split('"').next().unwrap().replace("&#38;", "&");
    assert!(!link.contains('T'), "no child stands in an address: {link}");
    let rest = house.page(&link).await;
    assert!(rest.contains(">60 findings<") && rest.matches("class=\"outcome ").count() == 10, "{rest}");
    let children = house.page(&format!("{job}/children?rule=LAC-902&outcome=met")).await;
    assert!(
        children.matches("scope=\"row\"").count() == 100 && children.contains("Next children"),
        "{children}"
    );
    for (ending, start) in
        [("xlsx", &b"PK"[..]), ("csv", b"\xef\xbb\xbf"), ("ndjson", b"{"), ("junit", b"<?xml")]
    {
        let file = house.client.get(format!("{}{job}/report.{ending}", house.base)).send().await.unwrap();
        assert_eq!(
            (file.status().as_u16(), &file.headers()["cache-control"]),
            (200, &"no-store".parse().unwrap())
        );
        assert!(file.bytes().await.unwrap().starts_with(start), "{ending}");
    }
    assert!(house.page("/jobs").await.contains(&job));
    assert!(house.page("/upload").await.contains("Compare with an earlier job"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_is_compared_with_an_earlier_one_and_forgotten_only_when_it_is_meant() {
    let house = open_house().await;
    let mut jobs = Vec::new();
    for records in [20, 21] {
        let baseline = jobs.last().map(|job: &String| job.rsplit('/').next().unwrap().to_owned());
        let texts = [("baseline", baseline.as_deref().unwrap_or_default())];
        let upload = next(&house.upload(&texts, &[("county.ndjson", &lines(records))]).await);
        house.page_that_says(&upload, "What your files were taken for").await;
        jobs.push(next(&house.fill(&upload, &[("do", "check")]).await));
        house.page_that_says(jobs.last().unwrap(), ">Done<").await;
    }
    let done = house.page(&jobs[1]).await;
    assert!(done.contains("2 new, 40 still there, 0 changed, 0 fixed, 0 gone since 23 Jul 2026"), "{done}");
    let new = house.page(&format!("{}/findings?change=new", jobs[1])).await;
    assert!(new.contains(">2 findings<") && new.contains("T20"), "{new}");
    let remove = format!("{}/remove", jobs[1]);
    assert!(house.page(&remove).await.contains("Forget this job?"));
    // The page said that it is stopped; by now it has ended, and is not forgotten unasked.
    assert_eq!(next(&house.fill(&remove, &[("do", "stop")]).await), jobs[1]);
    assert_eq!(next(&house.fill(&remove, &[("do", "forget")]).await), "/jobs");
    let gone = house.client.get(format!("{}{}", house.base, jobs[1])).send().await.unwrap();
    assert_eq!(gone.status(), 404);
    assert!(keeps_to_the_policy(gone, "a forgotten job").await.contains("There is no such job."));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_an_upload_is_said_at_once_and_by_the_field() {
    let house = open_house().await;
    let texts = [("as_at", "31/02/2026"), ("layout", "<nonsense>"), ("baseline", "")];
    let refused = house.upload(&texts, &[]).await;
    assert_eq!(refused.status(), 422);
    let html = keeps_to_the_policy(refused, "/upload").await;
    for field in ["file", "as_at", "layout"] {
        assert!(html.contains(&format!("href=\"#{field}\"")), "{field}: {html}");
        assert!(
            html.contains(&format!("id=\"{field}-error\"")) && html.contains(&format!("id=\"{field}\"")),
            "{field}"
        );
    }
    assert!(html.contains("role=\"alert\"") && html.contains("<title>Error:"), "{html}");
    assert!(html.contains("value=\"31/02/2026\"") && !html.contains("<nonsense>"), "{html}");
    let refused = house.upload(&[("baseline", "nonsense")], &[("a.ndjson", b"{}\n")]).await;
    assert_eq!(refused.status(), 422);
    assert_eq!(std::fs::read_dir(house.data.path().join("incoming")).unwrap().count(), 0);
    assert_eq!(std::fs::read_dir(house.data.path().join("jobs")).unwrap().count(), 0);
    assert!(house.page("/jobs").await.contains("There are no jobs"));
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_nobody_wants_checked_are_removed() {
    let house = open_house().await;
    let upload = next(&house.upload(&[], &[("county.ndjson", &lines(3))]).await);
    house.page_that_says(&upload, "What your files were taken for").await;
    assert!(house.page("/jobs").await.contains("To confirm"));
    let refused = house.fill(&upload, &[("do", "check"), ("as_at", "soon"), ("more", "no such line")]).await;
    assert_eq!(refused.status(), 422);
    let html = keeps_to_the_policy(refused, &upload).await;
    assert!(html.contains("href=\"#as_at\"") && html.contains("href=\"#more\""), "{html}");
    assert_eq!(next(&house.fill(&upload, &[("do", "remove")]).await), "/upload");
    assert_eq!(std::fs::read_dir(house.data.path().join("jobs")).unwrap().count(), 0);
    assert!(house.page("/jobs").await.contains("There are no jobs"));
}

/// A page that was left open must not undo what was decided since.
#[tokio::test(flavor = "multi_thread")]
async fn files_that_were_let_go_are_not_removed_from_a_page_that_is_out_of_date() {
    let house = open_house().await;
    let upload = next(&house.upload(&[], &[("county.ndjson", &lines(3))]).await);
    house.page_that_says(&upload, "What your files were taken for").await;
    let job = next(&house.fill(&upload, &[("do", "check")]).await);
    house.page_that_says(&job, ">Done<").await;
    for step in ["remove", "again", "check"] {
        assert_eq!(next(&house.fill(&upload, &[("do", step)]).await), job, "{step}");
        assert!(house.page(&job).await.contains(">Done<"), "{step}");
    }
}

/// Those who watch wait for hours where a job waits: nobody else is turned away for it.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_watches_takes_no_place_of_those_who_ask() {
    let house =
        house_with(|options| (options.lanes.watch, options.lanes.jobs, options.lanes.other) = (1, 1, 1))
            .await;
    let ask = |method: Method, address: &str| {
        house
            .client
            .request(method, format!("{}{address}", house.base))
            .basic_auth("anybody", Some(&house.jobs_key))
    };
    let sent =
        ask(Method::POST, "/upload").header("content-type", format!("multipart/form-data; boundary={EDGE}"));
    let upload = next(&sent.body(form(&[], &[("county.ndjson", &lines(3))])).send().await.unwrap());
    let events = format!("/v1/jobs/{}/events", upload.rsplit('/').next().unwrap());
    let mut watched = ask(Method::GET, &events).send().await.unwrap();
    assert!(watched.chunk().await.unwrap().unwrap().starts_with(b"event: progress"));
    assert_eq!(ask(Method::GET, &events).send().await.unwrap().status(), 429);
    for address in ["/v1/jobs", "/jobs"] {
        assert_eq!(ask(Method::GET, address).send().await.unwrap().status(), 200, "{address}");
    }
    drop(watched);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_site_sends_is_refused() {
    let house = open_house().await;
    let upload = next(&house.upload(&[], &[("county.ndjson", &lines(3))]).await);
    let own = house.base.clone();
    let (named, elsewhere) = (own.replace("127.0.0.1", "LOCALHOST"), "https://elsewhere.example".to_owned());
    for address in ["/upload", upload.as_str(), "/jobs/x/remove", "/playground"] {
        for (header, value, refused) in [
            ("sec-fetch-site", "cross-site", true),
            ("sec-fetch-site", "same-site", true),
            ("sec-fetch-site", "same-origin", false),
            ("sec-fetch-site", "none", false),
            ("origin", elsewhere.as_str(), true),
            ("origin", named.as_str(), true),
            ("origin", "null", true),
            ("origin", own.as_str(), false),
        ] {
            let sent =
                house.client.post(format!("{own}{address}")).header(header, value).send().await.unwrap();
            assert_eq!(sent.status() == 403, refused, "{address} {header} {value} {}", sent.status());
        }
    }
    house.page_that_says(&upload, "What your files were taken for").await;
    // Pages without a key are not read under a name that somebody else has given to this machine.
    for (host, status) in [
        ("localhost:8080", 200),
        ("[::1]", 200),
        ("elsewhere.example", 403),
        ("127.0.0.1.elsewhere.example:80", 403),
    ] {
        let asked = house.client.get(format!("{own}/jobs")).header("host", host).send().await.unwrap();
        assert_eq!(asked.status(), status, "{host}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_about_jobs_need_the_role_and_anothers_job_is_as_none() {
    let house = house().await;
    let ask = |address: &str, key: &str| {
        house.client.get(format!("{}{address}", house.base)).basic_auth("anybody", Some(key)).send()
    };
    let sent =
        house.client.post(format!("{}/upload", house.base)).basic_auth("anybody", Some(&house.jobs_key));
    let sent = sent.header("content-type", format!("multipart/form-data; boundary={EDGE}"));
    let upload = next(&sent.body(form(&[], &[("county.ndjson", &lines(3))])).send().await.unwrap());
    let id = upload.rsplit('/').next().unwrap();
    assert_eq!(ask(&upload, &house.jobs_key).await.unwrap().status(), 200);
    for page in [
        "/upload/ID",
        "/jobs/ID",
        "/jobs/ID/events",
        "/jobs/ID/rules",
        "/jobs/ID/findings",
        "/jobs/ID/report.csv",
        "/jobs/ID/remove",
        "/jobs/ID/children?rule=LAC-902",
    ] {
        let refused = ask(&page.replace("ID", id), &house.other_jobs_key).await.unwrap();
        let none = ask(&page.replace("ID", "00000000-0000-7000-8000-000000000000"), &house.other_jobs_key)
            .await
            .unwrap();
        assert_eq!((refused.status().as_u16(), none.status().as_u16()), (404, 404), "{page}");
        assert_eq!(refused.text().await.unwrap(), none.text().await.unwrap(), "{page}");
    }
    let stranger = house.client.get(format!("{}/jobs", house.base)).send().await.unwrap();
    assert_eq!(stranger.status(), 401);
    assert_eq!(stranger.headers()["www-authenticate"], "Basic realm=\"casecheck\"");
    assert_eq!(ask("/jobs", &house.author_key).await.unwrap().status(), 403);
    // Whoever reads findings may read the rules that they are of.
    assert_eq!(ask("/rules/PERM-901", &house.jobs_key).await.unwrap().status(), 200);
}
