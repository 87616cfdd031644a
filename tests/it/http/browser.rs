//! One walk through the pages in a real browser, with its script running: `tests/browser/walk.mjs`. Where node, its packages or the browser
//! are missing it says so and passes; `.ci/run` installs them and takes that line for a failure.

use std::path::Path;
use std::process::Command;

use crate::http::fixture::house_with;
use crate::http::jobs::lines;

const BROWSER: &str = "/usr/bin/chromium";

/// What is missing to run the walk.
fn missing() -> Option<&'static str> {
    let packages = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser/node_modules");
    if Command::new("node").arg("--version").output().is_err() {
        return Some("node");
    }
    if !packages.join("playwright-core").exists() || !packages.join("@axe-core/playwright").exists() {
        return Some("tests/browser/node_modules");
    }
    (!Path::new(BROWSER).exists()).then_some(BROWSER)
}

#[expect(clippy::print_stdout, reason = "the reader of a test run should know what was not run")]
#[tokio::test(flavor = "multi_thread")]
async fn a_browser_uploads_a_file_watches_it_and_reads_the_findings() {
    if let Some(what) = missing() {
        println!("skipped: the browser test, as {what} is not here");
        return;
    }
    let house = house_with(|options| {
        options.open_pages = true;
        // Small pieces, so that there is something to watch.
        options.jobs.as_mut().unwrap().chunk_bytes = 4 << 10;
    })
    .await;
    let file = house.folder.path().join("county.ndjson");
    std::fs::write(&file, lines(3_000)).unwrap();
    let base = house.base.clone();
    let walk = tokio::task::spawn_blocking(move || {
        let mut node = Command::new("node");
        node.current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser"));
        node.arg("walk.mjs").arg(base).arg(file).arg(BROWSER).output().unwrap()
    });
    let walk = walk.await.unwrap();
    let told = [walk.stdout, walk.stderr].map(|text| String::from_utf8_lossy(&text).into_owned()).concat();
    assert!(walk.status.success(), "{told}");
    assert!(told.contains("walked at 390") && told.contains("walked at 1280"), "{told}");
}
