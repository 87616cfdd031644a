//! What is looked at in the schema files before the library compiles them: every keyword known, every reference and code list
//! there, every pattern cheap, and the whole small enough that no schema can stop the service.

use jsonschema::Draft;
use jsonschema::PatternOptions;

use crate::model::Pointer;
use crate::model::Problem;
use crate::model::closest;
use crate::schema::build::standard;
use crate::schema::files::Files;
use crate::schema::files::SchemaFile;
use crate::schema::tree::Tree;
use crate::schema::written::Written;

/// Sub-schemas in all files together.
const MOST_NODES: usize = 20_000;
/// Sub-schemas once every reference is followed.
const MOST_EXPANDED: usize = 100_000;
/// References that lead to one another.
const LONGEST_CHAIN: usize = 64;
/// Sub-schemas inside one another, references followed.
const DEEPEST: usize = 400;
/// Patterns in all files together.
const MOST_PATTERNS: usize = 1_000;
/// Bytes that one compiled pattern may take.
pub(super) const PATTERN_BYTES: usize = 1 << 20;

const DRAFT: &str = "https://json-schema.org/draft/2020-12/schema";
/// Keywords that hold schemas by name.
const BY_NAME: [&str; 4] = ["properties", "$defs", "patternProperties", "dependentSchemas"];
/// Keywords that hold one schema.
const ONE: [&str; 10] = [
    "items",
    "additionalProperties",
    "contains",
    "not",
    "if",
    "then",
    "else",
    "propertyNames",
    "unevaluatedItems",
    "unevaluatedProperties",
];
/// Keywords that hold a list of schemas.
const MANY: [&str; 4] = ["allOf", "anyOf", "oneOf", "prefixItems"];
/// Keywords that hold no schema.
const PLAIN: [&str; 31] = [
    "$schema",
    "$id",
    "$ref",
    "$comment",
    "title",
    "description",
    "type",
    "enum",
    "const",
    "format",
    "pattern",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "required",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minContains",
    "maxContains",
    "minProperties",
    "maxProperties",
    "dependentRequired",
    "default",
    "examples",
    "deprecated",
    "readOnly",
];

/// Looks at all files; every problem is added.
pub(super) fn check(files: &Files, problems: &mut Vec<Problem>) {
    let mut check = Check { files, problems, nodes: 0, patterns: 0 };
    for file in files.by_id.values() {
        check.file(file);
    }
    if !check.problems.is_empty() {
        return;
    }
    if let Some(root) = files.root() {
        let mut expansion = Expansion { files, nodes: 0, chain: Vec::new() };
        if let Err(problem) = expansion.follow(root, &root.written, &Pointer::root(), 0) {
            problems.push(problem);
        }
    }
}

struct Check<'f, 'p> {
    files: &'f Files,
    problems: &'p mut Vec<Problem>,
    nodes: usize,
    patterns: usize,
}

impl Check<'_, '_> {
    fn file(&mut self, file: &SchemaFile) {
        let before = self.problems.len();
        if let Some(other) = file.written.text("$schema").filter(|draft| *draft != DRAFT) {
            let problem =
                file.problem(&Pointer::root().key("$schema"), format!("`{other}` is not read here"));
            self.problems.push(problem.help(format!("write `{DRAFT}`")));
        }
        self.schema(file, &file.written, &Pointer::root());
        if self.problems.len() == before
            && let Err(error) = jsonschema::draft202012::meta::validate(&file.written.to_value())
        {
            let at = Pointer::parse(error.instance_path().as_str()).unwrap_or_default();
            let keyword = error.kind().keyword().to_owned();
            let problem = file
                .problem(&at, format!("this is not JSON Schema 2020-12: its rule `{keyword}` is not met"));
            self.problems.push(problem.help("compare the keyword's value with the JSON Schema reference"));
        }
    }

    fn schema(&mut self, file: &SchemaFile, schema: &Written, at: &Pointer) {
        self.nodes += 1;
        if self.nodes == MOST_NODES + 1 {
            let problem = file.problem(at, format!("the schemas have more than {MOST_NODES} sub-schemas"));
            self.problems.push(problem.help("leave out what no rule needs"));
        }
        if self.nodes > MOST_NODES {
            return;
        }
        for (keyword, value) in schema.as_object().unwrap_or_default() {
            let at = at.clone().key(keyword);
            let word = keyword.as_str();
            if BY_NAME.contains(&word) {
                for (name, inner) in value.as_object().unwrap_or_default() {
                    if word == "patternProperties" {
                        self.pattern(file, name, &at);
                    }
                    self.schema(file, inner, &at.clone().key(name));
                }
            } else if ONE.contains(&word) {
                self.schema(file, value, &at);
            } else if MANY.contains(&word) {
                for (index, inner) in value.as_list().unwrap_or_default().iter().enumerate() {
                    self.schema(file, inner, &at.clone().index(index));
                }
            } else {
                self.keyword(file, word, value, &at);
            }
        }
    }

    fn keyword(&mut self, file: &SchemaFile, word: &str, value: &Written, at: &Pointer) {
        match (word, value.as_str()) {
            ("$id", Some(_)) if *at != Pointer::root().key("$id") => {
                let problem = file.problem(at, "only a whole file has an `$id`");
                self.problems.push(problem.help("remove it, and refer to this place by `#/…`"));
            }
            ("$ref", Some(reference)) => {
                if let Err(help) = self.files.resolve(file, reference) {
                    let problem = file.problem(at, format!("`{reference}` leads nowhere"));
                    self.problems.push(problem.help(help));
                }
            }
            ("pattern", Some(pattern)) => self.pattern(file, pattern, at),
            ("format", Some(format)) => {
                if !jsonschema::options_for::<Tree>().is_known_format(Draft::Draft202012, format) {
                    let problem = file.problem(at, format!("the format `{format}` is not known"));
                    self.problems.push(problem.help("use `date` or `date-time`, or a `pattern`"));
                }
            }
            ("x-code-list", name) => self.code_list(file, name.unwrap_or_default(), at),
            ("x-names", _) => self.names(file, value, at),
            (word, _) if word.starts_with("x-") || PLAIN.contains(&word) => {}
            (word, _) => {
                let known = [&BY_NAME[..], &ONE, &MANY, &PLAIN].concat();
                let help = match closest(word, known) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "remove it, or start its name with `x-`".to_owned(),
                };
                let problem = file.problem(at, format!("the keyword `{word}` is not used in these schemas"));
                self.problems.push(problem.help(help));
            }
        }
    }

    fn pattern(&mut self, file: &SchemaFile, pattern: &str, at: &Pointer) {
        self.patterns += 1;
        if self.patterns == MOST_PATTERNS + 1 {
            let problem = file.problem(at, format!("the schemas have more than {MOST_PATTERNS} patterns"));
            self.problems.push(problem.help("use a code list or a format instead"));
        }
        if self.patterns > MOST_PATTERNS {
            return;
        }
        let alone = serde_json::json!({"pattern": pattern});
        let options = PatternOptions::regex().size_limit(PATTERN_BYTES);
        if jsonschema::options_for::<Tree>().with_pattern_options(options).build(&alone).is_err() {
            let problem = file.problem(at, "this pattern cannot be used");
            self.problems
                .push(problem.help("write a short regular expression without look-ahead or back-references"));
        }
    }

    fn code_list(&mut self, file: &SchemaFile, name: &str, at: &Pointer) {
        if self.files.code_lists.contains_key(name) {
            return;
        }
        let problem = file.problem(at, format!("there is no code list `{name}`"));
        self.problems.push(match closest(name, self.files.code_lists.keys().map(String::as_str)) {
            Some(near) => problem.help(format!("did you mean `{near}`?")),
            None => problem.help("add it to `code-lists.json`"),
        });
    }

    fn names(&mut self, file: &SchemaFile, names: &Written, at: &Pointer) {
        for (name, value) in names.as_object().unwrap_or_default() {
            if standard(name).is_none() {
                let problem =
                    file.problem(&at.clone().key(name), format!("`{name}` is no standard with names"));
                self.problems.push(problem.help("use `ssd`, `ssda903`, `cin` or `annex_a`"));
            } else if value.as_str().is_none() {
                let problem = file.problem(&at.clone().key(name), "the name in a standard is text");
                self.problems.push(problem.help("write it in quotes"));
            }
        }
    }
}

/// Follows every reference once for each place that it is used in, as the library does, and counts.
struct Expansion<'f> {
    files: &'f Files,
    nodes: usize,
    /// The places that the references followed so far lead to.
    chain: Vec<(&'f str, Pointer)>,
}

impl<'f> Expansion<'f> {
    fn follow(
        &mut self,
        file: &'f SchemaFile,
        value: &'f Written,
        at: &Pointer,
        depth: usize,
    ) -> Result<(), Problem> {
        match value {
            Written::Leaf(_) => return Ok(()),
            Written::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.follow(file, item, &at.clone().index(index), depth + 1)?;
                }
                return Ok(());
            }
            Written::Object(members) => {
                self.nodes += 1;
                if self.nodes > MOST_EXPANDED {
                    let message = format!("references lead to more than {MOST_EXPANDED} sub-schemas in all");
                    return Err(file.problem(at, message).help("refer to the same place less often"));
                }
                if depth > DEEPEST {
                    let message = format!("schemas lie more than {DEEPEST} deep here, references followed");
                    return Err(file.problem(at, message).help("make the record flatter"));
                }
                for (name, member) in members.iter().filter(|(name, _)| !name.starts_with("x-")) {
                    self.follow(file, member, &at.clone().key(name), depth + 1)?;
                }
            }
        }
        let Some(target) = value.text("$ref").and_then(|reference| self.files.resolve(file, reference).ok())
        else {
            return Ok(());
        };
        let place = (target.file.id.as_str(), target.pointer.clone());
        if self.chain.contains(&place) {
            return Ok(());
        }
        if self.chain.len() == LONGEST_CHAIN {
            let message = format!("more than {LONGEST_CHAIN} references lead to one another here");
            return Err(file
                .problem(&at.clone().key("$ref"), message)
                .help("refer to the last one directly"));
        }
        self.chain.push(place);
        self.follow(target.file, target.written, &target.pointer, depth + 1)?;
        self.chain.pop();
        Ok(())
    }
}
