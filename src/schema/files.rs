//! The files of the record schema, read and told apart, and references between them resolved.

use std::collections::BTreeMap;
use std::sync::Arc;

use jsonschema::uri;
use sha2::Digest as _;

use crate::model::Pointer;
use crate::model::Problem;
use crate::model::SourceFile;
use crate::model::closest;
use crate::model::hex;
use crate::schema::CodeList;
use crate::schema::codes::CodeLists;
use crate::schema::locate::locate;
use crate::schema::written::Written;

/// The file that describes the record itself.
const ROOT: &str = "case-record.schema.json";
/// The file with every code list.
const CODE_LISTS: &str = "code-lists.json";

/// One schema file, read.
pub(super) struct SchemaFile {
    pub(super) source: Arc<SourceFile>,
    pub(super) id: String,
    pub(super) written: Written,
}

impl SchemaFile {
    /// A problem at a place in this file.
    pub(super) fn problem(&self, at: &Pointer, message: impl Into<String>) -> Problem {
        Problem::at(&self.source, locate(&self.source.text, at), message)
    }
}

/// All files of the record schema, by `$id`.
pub(super) struct Files {
    pub(super) by_id: BTreeMap<String, SchemaFile>,
    pub(super) root: String,
    pub(super) code_lists: CodeLists,
}

/// Where a reference leads.
pub(super) struct Target<'f> {
    pub(super) file: &'f SchemaFile,
    pub(super) pointer: Pointer,
    pub(super) written: &'f Written,
}

impl Files {
    /// Reads the files; those that cannot be read are problems.
    pub(super) fn read(sources: &[Arc<SourceFile>], problems: &mut Vec<Problem>) -> Option<Self> {
        let mut by_id = BTreeMap::new();
        let mut root = None;
        let mut code_lists = CodeLists::new();
        for source in sources {
            let written = match serde_json::from_str::<Written>(&source.text) {
                Ok(written) => written,
                Err(error) => {
                    problems.push(unreadable(source, &error));
                    continue;
                }
            };
            if file_name(source) == CODE_LISTS {
                read_code_lists(source, &written, &mut code_lists, problems);
                continue;
            }
            let Some(id) = written.text("$id").map(|id| id.trim_end_matches('#').to_owned()) else {
                let problem = Problem::at(source, 0..0, "this schema has no `$id`");
                problems.push(problem.help("give it the address by which other schemas refer to it"));
                continue;
            };
            if file_name(source) == ROOT {
                root = Some(id.clone());
            }
            let file = SchemaFile { source: Arc::clone(source), id: id.clone(), written };
            if let Some(before) = by_id.insert(id, file) {
                let message = format!("this `$id` is also that of `{}`", before.source.name);
                problems.push(Problem::at(
                    source,
                    locate(&source.text, &Pointer::root().key("$id")),
                    message,
                ));
            }
        }
        if root.is_none() && problems.is_empty() {
            let file = SourceFile::new(ROOT, "");
            let problem = Problem::at(&file, 0..0, "the schema of the record itself is missing");
            problems.push(problem.help(format!("add `{ROOT}` to the schemas")));
        }
        Some(Self { by_id, root: root?, code_lists })
    }

    /// The file of the record itself.
    pub(super) fn root(&self) -> Option<&SchemaFile> {
        self.by_id.get(&self.root)
    }

    /// Where a reference in this file leads, or the help that a problem about it gives.
    pub(super) fn resolve(&self, from: &SchemaFile, reference: &str) -> Result<Target<'_>, String> {
        let target = uri::from_str(&from.id)
            .and_then(|base| uri::resolve_against(&base.borrow(), reference))
            .map_err(|_| "write the name of another schema file, or `#/$defs/…` in this one".to_owned())?;
        let (id, fragment) = target.as_str().split_once('#').unwrap_or((target.as_str(), ""));
        let Some(file) = self.by_id.get(id) else {
            let folder = from.id.rsplit_once('/').map_or("", |(folder, _)| folder);
            let known = self.by_id.keys().map(|known| {
                known.strip_prefix(folder).map_or(known.as_str(), |rest| rest.trim_start_matches('/'))
            });
            let asked = reference.split('#').next().unwrap_or(reference);
            return Err(match closest(asked, known) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "schemas refer to one another by file name; nothing is fetched".to_owned(),
            });
        };
        let missing = || format!("`{}` has nothing at `#{fragment}`", file.source.name);
        let pointer = Pointer::parse(&fragment.replace("%24", "$")).map_err(|_| missing())?;
        let written = file.written.at(&pointer).ok_or_else(missing)?;
        Ok(Target { file, pointer, written })
    }
}

/// SHA-256 over the names and texts of the files, in the order of their names, as hexadecimal digits.
pub(super) fn digest(sources: &[Arc<SourceFile>]) -> String {
    let mut sorted: Vec<&Arc<SourceFile>> = sources.iter().collect();
    sorted.sort_by(|left, right| left.name.cmp(&right.name));
    let mut hasher = sha2::Sha256::new();
    for source in sorted {
        for part in [&source.name, &source.text] {
            hasher.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            hasher.update(part);
        }
    }
    hex(&hasher.finalize())
}

fn file_name(source: &SourceFile) -> &str {
    source.name.rsplit(['/', '\\']).next().unwrap_or(&source.name)
}

fn unreadable(source: &Arc<SourceFile>, error: &serde_json::Error) -> Problem {
    let before: usize =
        source.text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    let at = (before + error.column().saturating_sub(1)).min(source.text.len());
    let words = error.to_string();
    let words = words.split(" at line").next().unwrap_or(&words).to_owned();
    Problem::at(source, at..at, format!("this file is not JSON: {words}"))
}

fn read_code_lists(
    source: &Arc<SourceFile>,
    written: &Written,
    lists: &mut CodeLists,
    problems: &mut Vec<Problem>,
) {
    for (name, list) in written.as_object().unwrap_or_default() {
        if let Some(list) = CodeList::read(name, list) {
            lists.insert(name.clone(), Arc::new(list));
        } else {
            lists.insert(name.clone(), Arc::new(CodeList::unread(name)));
            let span = locate(&source.text, &Pointer::root().key(name));
            let problem = Problem::at(source, span, format!("the code list `{name}` is not complete"));
            problems.push(
                problem.help("give it a `title`, a `source`, and `codes` with a label each, all as text"),
            );
        }
    }
}
