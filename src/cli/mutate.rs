//! `casecheck rules mutate`: each rule changed in one place at a time, and whether some test of its own fails then.

use std::path::Path;
use std::process::ExitCode;

use clap::Args;
use clap::ValueEnum;
use serde_json::Value;
use serde_json::json;

use crate::catalog::Catalog;
use crate::cli::Failure;
use crate::cli::load;
use crate::cli::output;
use crate::report;
use crate::report::MutationScore;
use crate::rules::mutation::Fate;
use crate::rules::mutation::Tried;

/// What `rules mutate` is asked to do.
#[derive(Debug, Args)]
pub(super) struct MutateArguments {
    /// One rule only, such as `PEP-001`; may be given several times.
    #[arg(long = "rule", value_name = "ID")]
    rules: Vec<String>,
    /// One standard only, such as `pep`.
    #[arg(long)]
    standard: Option<String>,
    /// List mutants too, each with its place.
    #[arg(long, value_name = "WHICH")]
    list: Option<Which>,
    /// For machines.
    #[arg(long)]
    json: bool,
}

/// Which mutants are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Which {
    /// Those that no test caught.
    Survivors,
    /// Those that the loader refused.
    NotLoaded,
    /// Every one.
    All,
}

impl Which {
    fn holds(self, fate: &Fate) -> bool {
        match self {
            Self::Survivors => *fate == Fate::Survived,
            Self::NotLoaded => *fate == Fate::NotLoaded,
            Self::All => true,
        }
    }
}

pub(super) fn run(arguments: &MutateArguments, folder: Option<&Path>) -> Result<ExitCode, Failure> {
    let catalog = load::catalog(folder, None)?;
    check_names(arguments, &catalog)?;
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let tried = catalog.mutate(
        |rule| {
            let facts = &rule.facts;
            (arguments.rules.is_empty() || arguments.rules.contains(&facts.id))
                && arguments.standard.as_ref().is_none_or(|standard| *standard == facts.standard)
        },
        threads,
    );
    let tried = match tried {
        Ok(tried) => tried,
        Err(problems) => {
            output::raw(&report::problems_as_text(&problems, output::ink().colour));
            output::out(&format!("problems: {}; nothing was tried", problems.len()));
            return Ok(ExitCode::from(1));
        }
    };
    let score = MutationScore::of(&catalog.pack, &tried);
    let listed = tried.iter().filter(|one| arguments.list.is_some_and(|which| which.holds(&one.fate)));
    if arguments.json {
        let mut value = score.as_json();
        if let (Value::Object(members), Some(_)) = (&mut value, arguments.list) {
            members.insert("mutants".to_owned(), listed.map(|one| as_json(&catalog, one)).collect());
        }
        output::out(&serde_json::to_string_pretty(&value).unwrap_or_default());
    } else {
        for one in listed {
            output::out(&as_line(&catalog, one));
        }
        output::raw(&score.as_text());
    }
    Ok(ExitCode::SUCCESS)
}

fn check_names(arguments: &MutateArguments, catalog: &Catalog) -> Result<(), Failure> {
    let unknown =
        arguments.rules.iter().find(|id| !catalog.pack.rules.iter().any(|rule| rule.facts.id == **id));
    if let Some(id) = unknown {
        return Err(format!("there is no rule `{id}`; `casecheck rules list` has them all"));
    }
    match arguments.standard.as_ref().filter(|name| catalog.pack.standard(name).is_none()) {
        Some(name) => {
            let names: Vec<&str> =
                catalog.pack.standards.iter().map(|standard| standard.id.as_str()).collect();
            Err(format!("there is no standard `{name}`; there are: {}", names.join(", ")))
        }
        None => Ok(()),
    }
}

/// Where a mutant is: the rule's id, its file and the line.
fn place(catalog: &Catalog, one: &Tried) -> (String, String, usize) {
    catalog.pack.rules.get(one.rule).map_or_else(Default::default, |rule| {
        let before = rule.file.text.get(..one.mutant.start).unwrap_or_default();
        (rule.facts.id.clone(), rule.file.name.clone(), before.matches('\n').count() + 1)
    })
}

fn fate(fate: &Fate) -> (&'static str, Option<&str>) {
    match fate {
        Fate::Killed(by) => ("killed", Some(by)),
        Fate::Survived => ("survived", None),
        Fate::Equivalent(why) => ("equivalent", Some(why)),
        Fate::NotLoaded => ("not loaded", None),
    }
}

fn as_line(catalog: &Catalog, one: &Tried) -> String {
    let (id, file, line) = place(catalog, one);
    let (word, why) = fate(&one.fate);
    let why = why.map_or_else(String::new, |why| format!(" ({why})"));
    let mutant = &one.mutant;
    format!(
        "{id} {word} {}: {}: {}{why}\n  {file}:{line}",
        mutant.operator.word(),
        mutant.place,
        mutant.change
    )
}

fn as_json(catalog: &Catalog, one: &Tried) -> Value {
    let (id, file, line) = place(catalog, one);
    let (word, why) = fate(&one.fate);
    let mutant = &one.mutant;
    json!({ "rule": id, "file": file, "line": line, "operator": mutant.operator.word(), "place": mutant.place,
            "change": mutant.change, "fate": word, "by": why })
}
