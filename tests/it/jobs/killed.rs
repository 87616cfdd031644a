//! The program as a process, killed while it works on a job: what comes out is, byte for byte, what comes out of a run that nobody disturbs.
//! `tests/long/killed.sh` does the same with 200 kills over 100,000 records.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufRead as _;
use std::io::BufReader;
use std::io::Read as _;
use std::path::Path;
use std::path::PathBuf;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::LazyLock;
use std::time::Duration;
use std::time::Instant;

use casecheck::catalog::Catalog;
use casecheck::catalog::Files;
use casecheck::http::MadeKey;
use casecheck::http::Role;
use casecheck::model::RuleStage;
use casecheck::rules::Pack;
use serde_json::Value;
use tempfile::TempDir;

use crate::jobs::fixture::Kind;
use crate::jobs::fixture::drop_database;
use crate::jobs::fixture::fresh_database;

/// The rules that the program judges by.
static SHIPPED: LazyLock<Arc<Pack>> =
    LazyLock::new(|| Catalog::load(Files::embedded(), None).expect("the shipped catalog loads").pack);

/// A number that a long run sets.
#[expect(clippy::disallowed_methods, reason = "tests may read the environment")]
fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// The program: that of this build, or the one that a long run names.
#[expect(clippy::disallowed_methods, reason = "tests may read the environment")]
fn program() -> PathBuf {
    let built = || PathBuf::from(assert_cmd::cargo::cargo_bin!("casecheck"));
    std::env::var_os("CASECHECK_TEST_PROGRAM").map_or_else(built, PathBuf::from)
}

/// A place with a county, a key and a store, where the service is started again and again.
struct Scene {
    folder: TempDir,
    kind: Kind,
    store: String,
    key: String,
    fault: Option<&'static str>,
    client: reqwest::Client,
}

/// A running service.
struct Running {
    child: Child,
    base: String,
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Scene {
    async fn new(kind: Kind, children: u64, fault: Option<&'static str>) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let store = match kind {
            Kind::Sqlite => format!("sqlite:{}", folder.path().join("data/casecheck.db").display()),
            Kind::Postgres => fresh_database().await?,
        };
        let made = MadeKey::new(false, &[Role::Jobs], None);
        let digest: String = made.stored.sha256.iter().map(|byte| format!("{byte:02x}")).collect();
        let settings = format!(
            "port = 0\noperations = \"127.0.0.1:0\"\ndata = \"data\"\nstore = \"{store}\"\njob_lease_seconds = 1\njob_threads = 2\njob_chunk_kib = {}\n\
             log_filter = \"off\"\n[[keys]]\nid = \"{}\"\nsha256 = \"{digest}\"\nrole = \"jobs\"\n",
            number("CASECHECK_TEST_CHUNK_KIB", 32),
            made.stored.id
        );
        std::fs::write(folder.path().join("casecheck.toml"), settings).unwrap();
        let count = children.to_string();
        let as_at = ["--as-at", "2026-11-20"];
        let made_county = plain(folder.path())
            .args(["demo", "--seed", "7", "--out", "county.ndjson", "--children", count.as_str()])
            .args(as_at)
            .status()
            .unwrap();
        assert!(made_county.success());
        plain(folder.path())
            .args(["check", "county.ndjson", "--out", "undisturbed"])
            .args(as_at)
            .output()
            .unwrap();
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        Some(Self { folder, kind, store, key: made.text, fault, client })
    }

    fn start(&self) -> Running {
        let mut command = plain(self.folder.path());
        command.arg("serve").stdout(Stdio::piped());
        if let Some(fault) = self.fault {
            command.env("CASECHECK_TEST_FAULT", fault);
        }
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let base =
            line.strip_prefix("Serving on ").and_then(|rest| rest.split(';').next()).unwrap_or_default();
        assert!(base.starts_with("http://"), "the service did not start: {line}");
        Running { base: base.to_owned(), child }
    }

    async fn submit(&self, running: &Running) -> String {
        let edge = "the-edge-of-a-part";
        let mut body = format!(
            "--{edge}\r\ncontent-disposition: form-data; name=\"as_at\"\r\n\r\n2026-11-20\r\n\
             --{edge}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"county.ndjson\"\r\n\r\n"
        )
        .into_bytes();
        let mut county = File::open(self.folder.path().join("county.ndjson")).unwrap();
        county.read_to_end(&mut body).unwrap();
        body.extend_from_slice(format!("\r\n--{edge}--\r\n").as_bytes());
        let request = self.client.post(format!("{}/v1/jobs", running.base)).bearer_auth(&self.key);
        let request = request.header("content-type", format!("multipart/form-data; boundary={edge}"));
        let taken = request.body(body).send().await.unwrap();
        assert_eq!(taken.status(), 202);
        taken.headers()["location"].to_str().unwrap().to_owned()
    }

    async fn get(&self, running: &Running, address: &str) -> Option<reqwest::Response> {
        let request = self.client.get(format!("{}{address}", running.base)).bearer_auth(&self.key);
        request.send().await.ok()
    }

    async fn state(&self, running: &Running, href: &str) -> Option<Value> {
        let job = self.get(running, href).await?.bytes().await.ok()?;
        serde_json::from_slice(&job).ok()
    }

    /// Waits, over as many starts as it takes, until the job has ended; gives the job and the service.
    async fn ended(&self, href: &str) -> (Value, Running) {
        let mut running = self.start();
        let (mut since, mut done) = (Instant::now(), Value::Null);
        while since.elapsed() < Duration::from_mins(10) {
            match self.state(&running, href).await {
                Some(job) if job["state"] != "waiting" && job["state"] != "running" => return (job, running),
                Some(mut job) => {
                    let now = job["progress"]["records_done"].take();
                    if now != done {
                        (since, done) = (Instant::now(), now);
                    }
                    tokio::time::sleep(Duration::from_millis(250)).await;
                }
                None => running = self.start(),
            }
        }
        panic!("the job does not get on");
    }

    /// Kills the service so many times while it works on the job; says how many times it did before the job was done.
    async fn kill(&self, href: &str, kills: u64) -> u64 {
        let mut turn = 0x9e37_79b9_u64;
        for killed in 0..kills {
            let mut running = self.start();
            // Preparing a long input is killed some times too; then it is let come to its end, as it would be where nobody kills on purpose.
            let since = Instant::now();
            while killed >= 5
                && since.elapsed() < Duration::from_mins(5)
                && self.is_waiting(&running, href).await
            {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            let before = self.done(&running, href).await;
            // Every third time at once, whatever it does; otherwise once it has got on.
            let since = Instant::now();
            while killed % 3 != 0 && since.elapsed() < Duration::from_secs(10) {
                if self.done(&running, href).await > before {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            // And then some time, from nothing to a third of a second, that differs each time.
            turn = turn.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            tokio::time::sleep(Duration::from_millis((turn >> 33) % 330)).await;
            if self.state(&running, href).await.is_some_and(|job| job["state"] == "done") {
                return killed;
            }
            running.child.kill().unwrap();
            running.child.wait().unwrap();
        }
        kills
    }

    /// Whether the input is still to be prepared.
    async fn is_waiting(&self, running: &Running, href: &str) -> bool {
        self.state(running, href).await.is_some_and(|job| job["state"] == "waiting")
    }

    /// Records that were answered, as far as that can be asked.
    async fn done(&self, running: &Running, href: &str) -> i64 {
        let job = self.state(running, href).await.unwrap_or_default();
        if job["state"] == "done" { i64::MAX } else { job["progress"]["records_done"].as_i64().unwrap_or(0) }
    }

    /// The ids of every finding of the job, as the store lists them page by page; nothing where a page cannot be made.
    async fn listed(&self, running: &Running, href: &str) -> Option<Vec<String>> {
        let (mut all, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = self.get(running, &format!("{href}/findings?limit=1000{cursor}")).await?;
            let page: Value = serde_json::from_slice(&page.bytes().await.ok()?).ok()?;
            let found = page["findings"].as_array()?;
            all.extend(found.iter().map(|found| found["finding"]["finding_id"].as_str().unwrap().to_owned()));
            match page["next"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return Some(all),
            }
        }
    }

    /// How much falls due by each rule, as the forecast of the job counts it, however far off.
    async fn falls_due(&self, running: &Running, href: &str) -> Option<BTreeMap<String, u64>> {
        let id = href.rsplit('/').next()?;
        let address = format!("/v1/forecast?job={id}&to=9999-12-31&limit=1");
        let forecast: Value =
            serde_json::from_slice(&self.get(running, &address).await?.bytes().await.ok()?).ok()?;
        let rules = forecast["by_rule"].as_array()?.iter();
        rules.map(|line| Some((line["rule"].as_str()?.to_owned(), line["count"].as_u64()?))).collect()
    }

    /// What the run that nobody disturbed counted as not yet due, by rule.
    fn not_yet_due(&self) -> BTreeMap<String, u64> {
        let text = std::fs::read_to_string(self.folder.path().join("undisturbed/summary.json")).unwrap();
        let summary: Value = serde_json::from_str(&text).unwrap();
        let rules = summary["rules"].as_array().unwrap().iter();
        let counts = rules.map(|line| {
            (line["id"].as_str().unwrap().to_owned(), line["counts"]["not_yet_due"].as_u64().unwrap())
        });
        // What a rule in its shadow stage says is counted, and nobody is told of it.
        let told = |id: &str| SHIPPED.rule(id).is_some_and(|rule| rule.stage != RuleStage::Shadow);
        counts.filter(|(id, count)| *count > 0 && told(id)).collect()
    }

    fn undisturbed(&self) -> BufReader<File> {
        BufReader::new(File::open(self.folder.path().join("undisturbed/results.ndjson")).unwrap())
    }

    /// How many records the job left out, because its maker took them for what ended the program.
    async fn left_out(&self, running: &Running, href: &str) -> Option<usize> {
        let mut sent = self.get(running, &format!("{href}/report.ndjson")).await?;
        let (mut held, mut count) = (Vec::new(), 0);
        while let Some(piece) = sent.chunk().await.ok()? {
            held.extend_from_slice(&piece);
            let whole = held.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
            let lines = held[..whole].split(|byte| *byte == b'\n');
            count += lines.filter(|line| line.windows(16).any(|some| some == b"ends_the_program")).count();
            held.drain(..whole);
        }
        Some(count)
    }

    async fn end(self) {
        if self.kind == Kind::Postgres {
            drop_database(&self.store).await;
        }
    }
}

fn plain(folder: &Path) -> Command {
    let mut command = Command::new(program());
    command.current_dir(folder).env_remove("CASECHECK_CATALOG").env_remove("CASECHECK_TEST_FAULT");
    for name in ["PROGRAM", "KILLS", "CHILDREN", "CHUNK_KIB", "ONLY_POSTGRES"] {
        command.env_remove(format!("CASECHECK_TEST_{name}"));
    }
    command
}

/// Whether what is sent is what stands in the file, to the last byte. Both may be longer than memory.
async fn is_all_of(mut file: BufReader<File>, mut sent: reqwest::Response) -> bool {
    let mut own = Vec::new();
    while let Some(piece) = sent.chunk().await.unwrap() {
        own.resize(piece.len(), 0);
        if file.read_exact(&mut own).is_err() || own != piece {
            return false;
        }
    }
    file.fill_buf().unwrap().is_empty()
}

fn ids(findings: &Value) -> Vec<String> {
    let all = findings.as_array().into_iter().flatten();
    all.map(|finding| finding["finding_id"].as_str().unwrap().to_owned()).collect()
}

/// Runs a job under kills; says how often it was killed, and what of it is not as in a run that nobody disturbs.
async fn under_kills(
    kind: Kind,
    children: u64,
    kills: u64,
    fault: Option<&'static str>,
) -> Option<(u64, Vec<&'static str>)> {
    let scene = Scene::new(kind, children, fault).await?;
    let running = scene.start();
    let href = scene.submit(&running).await;
    drop(running);
    let killed = scene.kill(&href, kills).await;
    let (job, running) = scene.ended(&href).await;
    assert_eq!(job["state"], "done", "{job}");
    let answers = scene.get(&running, &format!("{href}/report.ndjson")).await.unwrap();
    assert_eq!(answers.status(), 200, "the answers are not given");
    let expected: Vec<String> = scene
        .undisturbed()
        .lines()
        .flat_map(|line| ids(&serde_json::from_str::<Value>(&line.unwrap()).unwrap()["findings"]))
        .collect();
    let alike = [
        ("the answers", is_all_of(scene.undisturbed(), answers).await),
        ("the findings", scene.listed(&running, &href).await == Some(expected)),
        ("what falls due", scene.falls_due(&running, &href).await == Some(scene.not_yet_due())),
    ];
    let mut differs: Vec<_> = alike.into_iter().filter(|(_, alike)| !alike).map(|(what, _)| what).collect();
    if !differs.is_empty() && scene.left_out(&running, &href).await != Some(0) {
        differs.push("and records were left out");
    }
    drop(running);
    scene.end().await;
    Some((killed, differs))
}

#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::print_stdout, reason = "the reader of a long run should know what it showed")]
async fn a_job_that_is_killed_again_and_again_loses_and_doubles_nothing() {
    let (children, kills) = (number("CASECHECK_TEST_CHILDREN", 300), number("CASECHECK_TEST_KILLS", 8));
    let from = usize::from(number("CASECHECK_TEST_ONLY_POSTGRES", 0) == 1);
    for kind in [Kind::Sqlite, Kind::Postgres].into_iter().skip(from) {
        let Some((killed, differs)) = under_kills(kind, children, kills, None).await else { continue };
        assert!(differs.is_empty(), "{kind:?} differs after {killed} kills: {differs:?}");
        assert!(
            killed * 2 >= kills,
            "{kind:?}: the job was done after {killed} of {kills} kills, which shows little"
        );
        println!("{kind:?}: {killed} kills over {children} records, and nothing lost or doubled");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_writes_in_two_steps_would_be_found_out() {
    let (children, kills) =
        (number("CASECHECK_TEST_CHILDREN", 300).min(2_000), number("CASECHECK_TEST_KILLS", 8).min(20));
    let (killed, differs) = under_kills(Kind::Sqlite, children, kills, Some("commit-in-two")).await.unwrap();
    assert!(!differs.is_empty(), "the broken variant was not found out after {killed} kills");
}

#[test]
fn a_check_that_is_killed_is_taken_up_by_the_same_command() {
    let folder = tempfile::tempdir().unwrap();
    let as_at = ["--as-at", "2026-11-20"];
    let county = ["demo", "--seed", "7", "--out", "county.ndjson", "--children", "200"];
    assert!(plain(folder.path()).args(county).args(as_at).status().unwrap().success());
    let check = |more: &[&str]| {
        let mut command = plain(folder.path());
        command
            .args(["check", "county.ndjson", "--report", "csv", "--include", "all"])
            .args(as_at)
            .args(more);
        command
    };
    check(&["--out", "undisturbed"]).output().unwrap();
    let resume = |out: &str, kill_after: Option<u64>| {
        let mut command = check(&["--out", out, "--resumable"]);
        let mut child = command.stderr(Stdio::null()).stdout(Stdio::null()).spawn().unwrap();
        if let Some(wait) = kill_after {
            std::thread::sleep(Duration::from_millis(wait));
            child.kill().unwrap();
        }
        child.wait().unwrap()
    };
    for wait in [900, 1_800, 2_700, 3_600] {
        resume("resumed", Some(wait));
    }
    assert_eq!(resume("resumed", None).code(), Some(1));
    for name in ["results.ndjson", "summary.json", "report.csv"] {
        let read = |part: &str| std::fs::read_to_string(folder.path().join(part).join(name)).unwrap();
        assert!(read("resumed") == read("undisturbed"), "{name} differs");
    }
    assert!(!folder.path().join("resumed/.casecheck-run").exists(), "nothing is left of the run itself");
    let mut begun = check(&["--out", "begun", "--resumable"])
        .stderr(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let jobs = folder.path().join("begun/.casecheck-run/jobs");
    let is_begun = || {
        std::fs::read_dir(&jobs)
            .is_ok_and(|mut jobs| jobs.next().is_some_and(|job| job.unwrap().path().join("spool-1").exists()))
    };
    let since = Instant::now();
    while !is_begun() && since.elapsed() < Duration::from_mins(1) {
        std::thread::sleep(Duration::from_millis(2));
    }
    begun.kill().unwrap();
    begun.wait().unwrap();
    let other = check(&["--out", "begun", "--resumable", "--stage", "draft"]).output().unwrap();
    let told = String::from_utf8_lossy(&other.stderr).into_owned();
    assert_eq!(other.status.code(), Some(2));
    assert!(told.contains("another run was begun in"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_that_ends_the_program_is_left_out_and_every_other_is_judged() {
    let scene = Scene::new(Kind::Sqlite, 60, Some("poison")).await.unwrap();
    let path = scene.folder.path().join("county.ndjson");
    let county = std::fs::read_to_string(&path).unwrap();
    let mut lines: Vec<String> = county.lines().map(str::to_owned).collect();
    let mut poison: Value = serde_json::from_str(&lines[17]).unwrap();
    poison["la_child_id"] = "ends-the-program".into();
    lines[17] = poison.to_string();
    std::fs::write(&path, lines.join("\n") + "\n").unwrap();
    let running = scene.start();
    let href = scene.submit(&running).await;
    let (job, running) = {
        drop(running);
        scene.ended(&href).await
    };
    assert_eq!((&job["state"], &job["progress"]["records_done"]), (&"done".into(), &60.into()), "{job}");
    let answers = scene.get(&running, &format!("{href}/report.ndjson")).await.unwrap().text().await.unwrap();
    let undisturbed: Vec<String> = scene.undisturbed().lines().map(Result::unwrap).collect();
    for (number, (here, there)) in answers.lines().zip(&undisturbed).enumerate() {
        if number == 17 {
            let line: Value = serde_json::from_str(here).unwrap();
            assert_eq!(
                (&line["verdict"], &line["error"]["code"]),
                (&"not_checked".into(), &"ends_the_program".into())
            );
            assert_eq!(line["at"]["line"], 18);
        } else {
            assert_eq!(here, there, "record {number}");
        }
    }
    // Behind them stands what all records together show, of which the one that was left out had no part.
    assert_eq!(answers.lines().count(), undisturbed.len());
}
