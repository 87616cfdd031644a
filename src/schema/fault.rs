//! What is wrong with the shape of a record, in our own words. Nothing of the record's content ever stands in them.

use jsonschema::ValidationError;
use jsonschema::error::TypeKind;
use jsonschema::error::ValidationErrorKind;

use crate::model::Pointer;

/// One failure of a record against its schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The keyword that failed, `type`, `format`, `unknown_property`; it is part of the finding's rule id.
    pub keyword: &'static str,
    /// Where.
    pub pointer: Pointer,
    /// What to do: at most 90 characters, a verb first.
    pub message: String,
    /// What filled the message's gaps: names of the schema, never values of the record.
    pub args: Vec<(&'static str, String)>,
    /// What the national returns call the field.
    pub names: Vec<(&'static str, String)>,
}

impl Fault {
    /// The fault that an error of the engine stands for. Its own message quotes the record, and is not looked at.
    pub(super) fn of(error: &ValidationError<'_>) -> Self {
        let pointer = Pointer::parse(error.instance_path().as_str()).unwrap_or_default();
        let (keyword, message, args) = words(error.kind());
        Self { keyword, pointer, message, args, names: Vec::new() }
    }
}

type Words = (&'static str, String, Vec<(&'static str, String)>);

fn words(kind: &ValidationErrorKind) -> Words {
    let plain = |keyword: &'static str, message: &str| -> Words { (keyword, message.to_owned(), Vec::new()) };
    match kind {
        ValidationErrorKind::Type { kind } => {
            let expected = expected(kind);
            ("type", format!("Write {expected} here"), vec![("expected", expected)])
        }
        ValidationErrorKind::Format { format } => {
            let message = match format.as_str() {
                "date" => "Write this date as YYYY-MM-DD, a day that exists".to_owned(),
                "date-time" => "Write this time like 2026-03-23T09:30:00Z, with its zone".to_owned(),
                other => format!("Write this in the format `{other}`"),
            };
            ("format", message, vec![("format", format.clone())])
        }
        ValidationErrorKind::Required { property } => {
            let name = property.as_str().unwrap_or("?").to_owned();
            ("required", format!("Add `{name}`: it must always be there"), vec![("property", name)])
        }
        ValidationErrorKind::MinLength { limit: 1 } => {
            plain("minLength", "Fill this box, or leave it out: it is empty")
        }
        ValidationErrorKind::MinLength { limit } => {
            ("minLength", format!("Write at least {limit} characters"), vec![("limit", limit.to_string())])
        }
        ValidationErrorKind::MaxLength { limit } => {
            ("maxLength", format!("Shorten this to {limit} characters"), vec![("limit", limit.to_string())])
        }
        ValidationErrorKind::Pattern { pattern } => (
            "pattern",
            "Write this with the characters that the box allows".to_owned(),
            vec![("pattern", pattern.clone())],
        ),
        ValidationErrorKind::Minimum { limit } | ValidationErrorKind::ExclusiveMinimum { limit } => {
            ("minimum", format!("Check this number: it is under {limit}"), vec![("limit", limit.to_string())])
        }
        ValidationErrorKind::Maximum { limit } | ValidationErrorKind::ExclusiveMaximum { limit } => {
            ("maximum", format!("Check this number: it is over {limit}"), vec![("limit", limit.to_string())])
        }
        ValidationErrorKind::UniqueItems => plain("uniqueItems", "Remove what stands twice in this list"),
        ValidationErrorKind::MaxItems { limit } => {
            ("maxItems", format!("Shorten this list to {limit} items"), vec![("limit", limit.to_string())])
        }
        ValidationErrorKind::MinItems { limit } => (
            "minItems",
            format!("Add to this list: it needs {limit} items"),
            vec![("limit", limit.to_string())],
        ),
        _ => plain("shape", "Correct this: it does not have the shape that the schema asks for"),
    }
}

fn expected(kind: &TypeKind) -> String {
    let plain = |kind: &str| match kind {
        "string" => "text",
        "object" => "an object",
        "array" => "a list",
        "boolean" => "true or false",
        "integer" => "a whole number",
        "number" => "a number",
        _ => "nothing",
    };
    match kind {
        TypeKind::Single(one) => plain(&one.to_string()).to_owned(),
        TypeKind::Multiple(several) => {
            let words: Vec<String> =
                several.iter().map(|kind| kind.to_string()).filter(|kind| kind != "null").collect();
            words.iter().map(|kind| plain(kind)).collect::<Vec<_>>().join(" or ")
        }
    }
}
