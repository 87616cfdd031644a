//! `casecheck serve`: settings become options of the service, which then runs until it is stopped. `demo` serves through here too.

use std::net::IpAddr;
use std::net::Ipv4Addr;
use std::net::SocketAddr;
use std::path::Path;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use serde::Deserialize;
use tracing_subscriber::EnvFilter;

use crate::cli::Failure;
use crate::cli::config;
use crate::cli::config::SettingFlags;
use crate::cli::config::Settings;
use crate::cli::jobs;
use crate::cli::load;
use crate::cli::output;
use crate::http::Application;
use crate::http::DemoRecord;
use crate::http::LaneSizes;
use crate::http::MadeKey;
use crate::http::Options;
use crate::http::Profile;
use crate::http::Role;
use crate::http::StoredKey;
use crate::http::Unstartable;
use crate::model::Day;
use crate::report;

/// What `serve` is asked to do.
#[derive(Debug, Args)]
pub(super) struct ServeArguments {
    #[command(flatten)]
    settings: SettingFlags,
}

/// A county of the demo, to be served on this machine.
pub(super) struct Demo {
    /// The records that the pages show.
    pub records: Vec<DemoRecord>,
    /// The overlay by name.
    pub overlay: Option<String>,
    /// The port; 0 for any free one.
    pub port: u16,
    /// The day as at which everything is judged; today in London unless given.
    pub as_at: Option<Day>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ProfileSetting {
    name: String,
    holds: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeySetting {
    id: String,
    sha256: String,
    role: Words,
    expires_on: Option<String>,
}

/// One word, or a list of them.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Words {
    One(String),
    Many(Vec<String>),
}

pub(super) fn run(arguments: &ServeArguments, catalog: Option<&Path>) -> Result<ExitCode, Failure> {
    let settings = config::read(&arguments.settings, catalog)?;
    let mut options = options(&settings)?;
    start_log(&settings)?;
    let mut made = Vec::new();
    if options.keys.is_empty() {
        if !options.address.is_loopback() {
            return Err(
                settings.wrong("keys", "nobody could call: put at least one key into the settings file")
            );
        }
        made = make_keys(&mut options);
    }
    serve(options, |_| show(&made))
}

/// Serves a catalog and some fictitious records on this machine, with pages that need no key, until Ctrl-C.
pub(super) fn serve_demo(demo: Demo, catalog: Option<&Path>) -> Result<ExitCode, Failure> {
    let Demo { records, overlay, port, as_at } = demo;
    let data = jobs::DemoData::new();
    let mut options = Options {
        port,
        overlay,
        catalog: catalog.map(Path::to_owned),
        demo: records,
        open_pages: true,
        workers: workers(0),
        jobs: Some(jobs::of_a_demo(&data)),
        ..Options::new(move || as_at.unwrap_or_else(load::today))
    };
    let made = make_keys(&mut options);
    tracing_subscriber::fmt().with_env_filter(EnvFilter::new("warn")).with_writer(std::io::stderr).init();
    serve(options, |port| {
        output::out(&format!(
            "Open http://127.0.0.1:{port}/demo for the children, /upload to check files, /playground to try rules, /docs for the interface."
        ));
        show(&made);
        output::out("Ctrl-C ends it; nothing is kept.");
    })
}

/// Runs the service until it is stopped.
fn serve(options: Options, announce: impl FnOnce(u16)) -> Result<ExitCode, Failure> {
    let address = options.address;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.map_err(|error| format!("the service cannot run here ({})", error.kind()))?;
    runtime.block_on(async {
        let application = Application::build(options).await.map_err(|error| told(&error))?;
        let place = SocketAddr::new(address, application.port);
        output::out(&format!(
            "Serving on http://{place}; /live, /ready and /metrics on port {}",
            application.operations_port
        ));
        announce(application.port);
        application.run_until_stopped().await.map_err(|error| told(&error))?;
        Ok(ExitCode::SUCCESS)
    })
}

fn told(error: &Unstartable) -> Failure {
    if let Unstartable::Catalog(problems) = error {
        output::err(&report::problems_as_text(problems, output::ink().colour));
    }
    error.to_string()
}

fn show(lines: &[String]) {
    for line in lines {
        output::out(line);
    }
}

/// Makes a key for this run and one for a supplier's tests; gives back the lines that show them, once.
fn make_keys(options: &mut Options) -> Vec<String> {
    let kinds = [(false, "The key of this run"), (true, "A test key, which also opens the sandbox ids")];
    let make = |(test, words)| {
        let made = MadeKey::new(test, &Role::ALL, None);
        options.keys.push(made.stored);
        format!("{words}: {}", made.text)
    };
    kinds.into_iter().map(make).collect()
}

/// The options that settings stand for.
pub(super) fn options(settings: &Settings) -> Result<Options, Failure> {
    let address: String = settings.get("address")?;
    let address: IpAddr = match address.as_str() {
        "localhost" => IpAddr::V4(Ipv4Addr::LOCALHOST),
        text => text.parse().map_err(|_| settings.wrong("address", "write an address such as 127.0.0.1"))?,
    };
    let operations: String = settings.get("operations")?;
    let operations = operations
        .parse()
        .map_err(|_| settings.wrong("operations", "write an address and a port, 127.0.0.1:9464"))?;
    if settings.get::<u64>("save_in_flight")? == 0 || settings.get::<u64>("stream_in_flight")? == 0 {
        return Err(
            settings.wrong("save_in_flight", "at least one request must be let in, of saves and of streams")
        );
    }
    let seconds = |name: &str| settings.get(name).map(Duration::from_secs);
    Ok(Options {
        address,
        operations,
        port: settings.get("port")?,
        catalog: settings.get::<Option<PathBuf>>("catalog")?,
        overlay: settings.get("overlay")?,
        workers: workers(settings.get("workers")?),
        profiles: profiles(settings)?,
        keys: keys(settings)?,
        behind_proxy: settings.get("behind_proxy")?,
        lanes: LaneSizes {
            save: settings.get("save_in_flight")?,
            stream: settings.get("stream_in_flight")?,
            ..Options::new(load::today).lanes
        },
        jobs: jobs::options(settings)?,
        body_deadline: Duration::from_millis(settings.get("body_deadline_ms")?),
        stop_within: seconds("stop_within_seconds")?,
        poll: seconds("poll_seconds")?.max(Duration::from_secs(1)),
        connections: settings.get("connections")?,
        ..Options::new(load::today)
    })
}

/// As many threads as the machine has, unless a number is given.
fn workers(given: usize) -> usize {
    if given > 0 { given } else { std::thread::available_parallelism().map_or(2, usize::from) }
}

fn profiles(settings: &Settings) -> Result<Vec<Profile>, Failure> {
    let written: Vec<ProfileSetting> = settings.get("profiles")?;
    Ok(written.into_iter().map(|profile| Profile { name: profile.name, holds: profile.holds }).collect())
}

fn keys(settings: &Settings) -> Result<Vec<StoredKey>, Failure> {
    let written: Vec<KeySetting> = settings.get("keys")?;
    written.into_iter().map(|key| stored(&key).map_err(|help| settings.wrong("keys", &help))).collect()
}

fn stored(key: &KeySetting) -> Result<StoredKey, String> {
    let digits = "`sha256` takes the 64 hexadecimal digits of the key's digest";
    if key.sha256.len() != 64 {
        return Err(digits.to_owned());
    }
    let mut sha256 = [0_u8; 32];
    for (at, byte) in sha256.iter_mut().enumerate() {
        let pair = key.sha256.get(at * 2..at * 2 + 2).ok_or(digits)?;
        *byte = u8::from_str_radix(pair, 16).map_err(|_| digits)?;
    }
    let words = match &key.role {
        Words::One(word) => std::slice::from_ref(word),
        Words::Many(words) => words.as_slice(),
    };
    let roles = words.iter().map(|word| {
        let known = Role::ALL.map(Role::word).join(", ");
        Role::from_word(word).ok_or_else(|| format!("`role` takes one of: {known}"))
    });
    let expires_on = key.expires_on.as_deref().map(load::parse_day).transpose()?;
    Ok(StoredKey { id: key.id.clone(), sha256, roles: roles.collect::<Result<_, _>>()?, expires_on })
}

fn start_log(settings: &Settings) -> Result<(), Failure> {
    let filter: String = settings.get("log_filter")?;
    let filter = EnvFilter::try_new(filter)
        .map_err(|_| settings.wrong("log_filter", "write a level, such as info, or target=level"))?;
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(output::shows_progress());
    match settings.get::<String>("log")?.as_str() {
        "json" => log.json().init(),
        "text" => log.init(),
        _ => return Err(settings.wrong("log", "it is `text` or `json`")),
    }
    Ok(())
}
