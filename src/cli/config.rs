//! Settings of the service: `casecheck.toml`, then `CASECHECK_…`, then flags. What is not known is refused; `config check` shows what holds.

use std::collections::BTreeMap;
use std::path::Path;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use clap::Subcommand;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::json;

use crate::cli::Failure;
use crate::cli::output;
use crate::model::closest;

/// The file that is read where none is named.
const FILE: &str = "casecheck.toml";

/// What a setting holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Holds {
    Text,
    Number,
    YesNo,
    /// A list of tables, which only the file can hold.
    Tables,
}

/// The one table of settings: name, what it holds, and what holds unless it is set.
const SETTINGS: &[(&str, Holds, &str)] = &[
    ("address", Holds::Text, "\"127.0.0.1\""),
    ("allowed_hosts", Holds::Text, "\"\""),
    ("behind_proxy", Holds::YesNo, "false"),
    ("body_deadline_ms", Holds::Number, "2000"),
    ("callback_secret", Holds::Text, "null"),
    ("catalog", Holds::Text, "null"),
    ("connections", Holds::Number, "4096"),
    ("data", Holds::Text, "\"casecheck-data\""),
    ("job_chunk_kib", Holds::Number, "512"),
    ("job_lease_seconds", Holds::Number, "30"),
    ("job_threads", Holds::Number, "0"),
    ("keys", Holds::Tables, "[]"),
    ("largest_input_mib", Holds::Number, "8192"),
    ("log", Holds::Text, "\"text\""),
    ("log_filter", Holds::Text, "\"info\""),
    ("operations", Holds::Text, "\"127.0.0.1:9464\""),
    ("overlay", Holds::Text, "null"),
    ("poll_seconds", Holds::Number, "30"),
    ("port", Holds::Number, "8080"),
    ("profiles", Holds::Tables, "[]"),
    ("save_in_flight", Holds::Number, "256"),
    ("store", Holds::Text, "null"),
    ("stop_within_seconds", Holds::Number, "30"),
    ("stream_in_flight", Holds::Number, "4"),
    ("workers", Holds::Number, "0"),
];

/// The settings that flags can give.
#[derive(Debug, Default, Args)]
pub(super) struct SettingFlags {
    /// The settings file; `casecheck.toml` in this folder unless given.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The address to listen on.
    #[arg(long)]
    address: Option<String>,
    /// The port; 0 for any free one.
    #[arg(long)]
    port: Option<u16>,
    /// Where /live, /ready and /metrics are answered, `127.0.0.1:9464`.
    #[arg(long, value_name = "ADDRESS:PORT")]
    operations: Option<String>,
    /// A proxy that speaks TLS stands in front.
    #[arg(long)]
    behind_proxy: bool,
    /// The folder of jobs: inputs that wait, the store, its key. An empty name: no jobs are taken.
    #[arg(long, value_name = "DIR")]
    data: Option<String>,
    /// The store of jobs: `sqlite:FILE`, or `postgres://…`, which several processes may share; a file in the folder of jobs unless given.
    #[arg(long, value_name = "ADDRESS")]
    store: Option<String>,
    /// The overlay of an authority.
    #[arg(long)]
    overlay: Option<String>,
    /// How log lines are written: `text` or `json`.
    #[arg(long)]
    log: Option<String>,
}

/// What `config` is asked to do.
#[derive(Debug, Subcommand)]
pub(super) enum ConfigCommand {
    /// Show the settings that hold and where each comes from; secrets are masked.
    Check(SettingFlags),
}

/// Settings in force, each with where it comes from.
#[derive(Debug)]
pub(super) struct Settings(BTreeMap<&'static str, (Value, String)>);

pub(super) fn run(command: &ConfigCommand, catalog: Option<&Path>) -> Result<ExitCode, Failure> {
    let ConfigCommand::Check(flags) = command;
    let settings = read(flags, catalog)?;
    super::serve::options(&settings)?;
    output::raw(&settings.shown());
    Ok(ExitCode::SUCCESS)
}

/// Reads the settings: the file, then the environment, then flags.
pub(super) fn read(flags: &SettingFlags, catalog: Option<&Path>) -> Result<Settings, Failure> {
    let file = match &flags.config {
        Some(path) => Some(path.clone()),
        None => Some(PathBuf::from(FILE)).filter(|path| path.is_file()),
    };
    let text = file.as_deref().map(|path| {
        std::fs::read_to_string(path).map_err(|error| {
            format!("the settings file {} cannot be read ({})", path.display(), error.kind())
        })
    });
    let name = file.as_deref().map_or_else(String::new, |path| path.display().to_string());
    let environment: Vec<(String, String)> = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect();
    layered(text.transpose()?.as_deref().map(|text| (name.as_str(), text)), &environment, flags, catalog)
}

fn layered(
    file: Option<(&str, &str)>,
    environment: &[(String, String)],
    flags: &SettingFlags,
    catalog: Option<&Path>,
) -> Result<Settings, Failure> {
    let defaults = SETTINGS.iter().map(|(name, _, default)| {
        (*name, (serde_json::from_str(default).unwrap_or(Value::Null), "default".to_owned()))
    });
    let mut settings = Settings(defaults.collect());
    if let Some((name, text)) = file {
        for (key, value) in from_file(name, text)? {
            let (known, holds) =
                known(&key).map_err(|help| format!("{name}: there is no setting `{key}`; {help}"))?;
            if !fits(&value, holds) {
                return Err(format!("{name}: `{key}` takes {}", holds.words()));
            }
            settings.0.insert(known, (value, name.to_owned()));
        }
    }
    for (variable, text) in environment {
        let Some(key) = variable.strip_prefix("CASECHECK_").map(str::to_lowercase) else { continue };
        if is_foreign(&key, text) {
            continue;
        }
        let (known, holds) = known(&key)
            .map_err(|help| format!("the environment: there is no setting for {variable}; {help}"))?;
        let value = from_text(text, holds).ok_or_else(|| format!("{variable} takes {}", holds.words()))?;
        settings.0.insert(known, (value, variable.clone()));
    }
    let given = [
        ("address", flags.address.as_ref().map(|text| json!(text))),
        ("port", flags.port.map(|port| json!(port))),
        ("operations", flags.operations.as_ref().map(|text| json!(text))),
        ("behind_proxy", flags.behind_proxy.then_some(json!(true))),
        ("data", flags.data.as_ref().map(|text| json!(text))),
        ("store", flags.store.as_ref().map(|text| json!(text))),
        ("overlay", flags.overlay.as_ref().map(|text| json!(text))),
        ("log", flags.log.as_ref().map(|text| json!(text))),
    ];
    for (name, value) in given {
        if let Some(value) = value {
            settings.0.insert(name, (value, format!("--{}", name.replace('_', "-"))));
        }
    }
    if let Some(folder) = catalog.map(|folder| json!(folder.display().to_string()))
        && settings.0.get("catalog").is_none_or(|(value, _)| *value != folder)
    {
        settings.0.insert("catalog", (folder, "--catalog".to_owned()));
    }
    Ok(settings)
}

fn from_file(name: &str, text: &str) -> Result<serde_json::Map<String, Value>, Failure> {
    let source = config::File::from_str(text, config::FileFormat::Toml);
    let read = config::Config::builder().add_source(source).build();
    read.and_then(config::Config::try_deserialize)
        .map_err(|error| format!("{name} is not readable TOML: {error}"))
}

fn known(key: &str) -> Result<(&'static str, Holds), String> {
    let found = SETTINGS.iter().find(|(name, _, _)| *name == key);
    found.map(|(name, holds, _)| (*name, *holds)).ok_or_else(|| {
        let names = SETTINGS.iter().map(|(name, _, _)| *name);
        match closest(key, names.clone()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("there are {}", names.collect::<Vec<_>>().join(", ")),
        }
    })
}

/// Variables that are not settings: those that an orchestrator makes for a service of our name, and one for tests.
fn is_foreign(key: &str, text: &str) -> bool {
    key == "shared"
        || key.starts_with("test_")
        || key.starts_with("service_")
        || key.starts_with("port_")
        || (key == "port" && text.contains("://"))
}

impl Holds {
    const fn words(self) -> &'static str {
        match self {
            Self::Text => "a text",
            Self::Number => "a whole number",
            Self::YesNo => "true or false",
            Self::Tables => "a list of tables, in the settings file",
        }
    }
}

fn fits(value: &Value, holds: Holds) -> bool {
    match holds {
        Holds::Text => value.is_string(),
        Holds::Number => value.is_u64(),
        Holds::YesNo => value.is_boolean(),
        Holds::Tables => value.is_array(),
    }
}

fn from_text(text: &str, holds: Holds) -> Option<Value> {
    match holds {
        Holds::Text => Some(json!(text)),
        Holds::Number => text.parse::<u64>().ok().map(|number| json!(number)),
        Holds::YesNo => text.parse::<bool>().ok().map(|flag| json!(flag)),
        Holds::Tables => None,
    }
}

impl Settings {
    /// A setting as a value of ours; an error says where it comes from.
    pub(super) fn get<T: DeserializeOwned>(&self, name: &str) -> Result<T, Failure> {
        let (value, origin) = self.0.get(name).ok_or_else(|| format!("there is no setting `{name}`"))?;
        serde_json::from_value(value.clone()).map_err(|error| format!("{origin}: `{name}`: {error}"))
    }

    /// A failure that names the place of a setting.
    pub(super) fn wrong(&self, name: &str, help: &str) -> Failure {
        let origin = self.0.get(name).map_or("", |(_, origin)| origin.as_str());
        format!("{origin}: `{name}`: {help}")
    }

    /// Everything that holds, a line each, with where it comes from.
    fn shown(&self) -> String {
        let line = |(name, (value, origin)): (&&str, &(Value, String))| {
            let value = match *name {
                "keys" => masked(value),
                "callback_secret" if !value.is_null() => json!("(hidden)"),
                "store" => without_password(value),
                _ => value.clone(),
            };
            format!("{name} = {value}  # {origin}\n")
        };
        self.0.iter().map(line).collect()
    }
}

/// An address without what stands between its scheme and its host.
fn without_password(address: &Value) -> Value {
    let parts = address.as_str().and_then(|text| text.split_once("://"));
    match parts.and_then(|(scheme, rest)| Some((scheme, rest.rsplit_once('@')?.1))) {
        Some((scheme, host)) => json!(format!("{scheme}://(hidden)@{host}")),
        None => address.clone(),
    }
}

/// The same with every digest of a key hidden.
fn masked(keys: &Value) -> Value {
    let mut keys = keys.clone();
    for key in keys.as_array_mut().into_iter().flatten() {
        if let Some(digest) = key.get_mut("sha256") {
            *digest = json!("(hidden)");
        }
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::SettingFlags;
    use super::layered;

    fn environment(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_flag_outweighs_the_environment_and_that_the_file() {
        let file = ("casecheck.toml", "port = 1\nworkers = 3\nlog = \"json\"\n");
        let variables = environment(&[("CASECHECK_PORT", "2"), ("CASECHECK_WORKERS", "4"), ("HOME", "x")]);
        let flags = SettingFlags { port: Some(5), ..SettingFlags::default() };
        let shown = layered(Some(file), &variables, &flags, None).unwrap().shown();
        assert!(shown.contains("port = 5  # --port\n"), "{shown}");
        assert!(shown.contains("workers = 4  # CASECHECK_WORKERS\n"), "{shown}");
        assert!(shown.contains("log = \"json\"  # casecheck.toml\n"), "{shown}");
        assert!(shown.contains("address = \"127.0.0.1\"  # default\n"), "{shown}");
    }

    #[test]
    fn an_unknown_setting_is_refused_wherever_it_stands() {
        let flags = SettingFlags::default();
        let file = layered(Some(("casecheck.toml", "prot = 1\n")), &[], &flags, None).unwrap_err();
        assert_eq!(file, "casecheck.toml: there is no setting `prot`; did you mean `port`?");
        assert!(layered(None, &environment(&[("CASECHECK_PROT", "1")]), &flags, None).is_err());
        assert!(
            layered(None, &environment(&[("CASECHECK_PORT", "tcp://10.0.0.1:80")]), &flags, None).is_ok()
        );
    }

    #[test]
    fn secrets_of_jobs_are_masked() {
        let file =
            ("casecheck.toml", "store = \"postgres://me:hunter2@db/x\"\ncallback_secret = \"c0ffee\"\n");
        let shown = layered(Some(file), &[], &SettingFlags::default(), None).unwrap().shown();
        assert!(
            shown.contains("(hidden)@db/x") && !shown.contains("hunter2") && !shown.contains("c0ffee"),
            "{shown}"
        );
    }

    #[test]
    fn digests_of_keys_are_masked() {
        let file = ("casecheck.toml", "[[keys]]\nid = \"a\"\nsha256 = \"c0ffee\"\nrole = \"validate\"\n");
        let shown = layered(Some(file), &[], &SettingFlags::default(), None).unwrap().shown();
        assert!(shown.contains("(hidden)") && !shown.contains("c0ffee"), "{shown}");
    }
}
