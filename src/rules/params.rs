//! A rule's parameters: what it declares, what an overlay sets within the declared range, and who set each.

use crate::calendar::Limit;
use crate::calendar::LimitRange;
use crate::form::Fields;
use crate::form::Form;
use crate::form::Problems;
use crate::form::Takes;
use crate::form::What;
use crate::form::Written;
use crate::form::field;

/// The form of one parameter.
pub static PARAM: Form = Form {
    name: "a parameter",
    about: "A figure that an authority may set within a range.",
    fields: &[
        field!(needed "default", Takes::Anything, "The value unless an overlay sets another: `10 working days`, `3`, `20%` or a list of words."),
        field!(
            "allowed",
            Takes::Text,
            "The range an overlay may choose from, both ends in: `5..20 working days`, `2..5`, `10..40%`."
        ),
        field!("about", Takes::Text, "What it means, in one sentence."),
    ],
};

/// The value of a parameter.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A length of time.
    Limit(Limit),
    /// A number.
    Number(f64),
    /// A share of a whole, in per cent.
    Share(f64),
    /// Words or codes.
    Words(Vec<String>),
}

impl std::fmt::Display for Value {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Limit(limit) => limit.fmt(out),
            Self::Number(number) => number.fmt(out),
            Self::Share(share) => write!(out, "{share}%"),
            Self::Words(words) => out.write_str(&words.join(", ")),
        }
    }
}

/// A parameter in force.
#[derive(Clone, Debug, PartialEq)]
pub struct Param {
    /// Its name, without the `$`.
    pub name: String,
    /// The value in force.
    pub value: Value,
    /// The value that the rule declares.
    pub default: Value,
    /// The range as written.
    pub allowed: Option<String>,
    /// What it means.
    pub about: Option<String>,
    /// `pack`, or the overlay that set it.
    pub set_by: String,
}

/// Reads a value as written.
pub fn value(written: &Written, problems: &Problems) -> Option<Value> {
    match &written.what {
        What::List(items) => {
            Some(Value::Words(items.iter().filter_map(|item| item.text().map(str::to_owned)).collect()))
        }
        What::Text { text, .. } => {
            if let Ok(number) = text.parse::<f64>() {
                return Some(Value::Number(number));
            }
            if let Some(share) = text.strip_suffix('%').and_then(|share| share.trim().parse::<f64>().ok()) {
                return Some(Value::Share(share));
            }
            match Limit::parse(text) {
                Ok(limit) => Some(Value::Limit(limit)),
                Err(message) => {
                    problems.at(&written.span, message);
                    None
                }
            }
        }
        _ => {
            problems
                .at(&written.span, "a parameter is a length of time, a number, a share or a list of words");
            None
        }
    }
}

/// Whether a value lies in a range as written; an error says what is wrong with the range.
fn is_allowed(value: &Value, allowed: &str) -> Result<bool, String> {
    if let Value::Limit(limit) = value {
        let range = LimitRange::parse(allowed)?;
        if range.unit != limit.unit {
            return Err(format!(
                "the range is counted in {}, the default in {}: write both in one",
                range.unit.word(),
                limit.unit.word()
            ));
        }
        return Ok(range.contains(*limit));
    }
    let (number, range) = match value {
        Value::Number(number) => (*number, allowed),
        Value::Share(share) => {
            (*share, allowed.strip_suffix('%').ok_or("a range of shares is written `10..40%`")?)
        }
        _ => return Err("only a length of time, a number or a share has a range".to_owned()),
    };
    let ends = range
        .split_once("..")
        .and_then(|(from, to)| Some((from.trim().parse().ok()?, to.trim().parse().ok()?)));
    let (from, to): (f64, f64) = ends.ok_or_else(|| "a range is written `2..5`".to_owned())?;
    Ok(from <= number && number <= to)
}

/// Reads the parameters of a rule.
pub fn read(written: Option<&Written>, problems: &Problems) -> Vec<Param> {
    let Some(written) = written else { return Vec::new() };
    let What::Map(entries) = &written.what else {
        problems.at(&written.span, "`params` is a mapping from a name to a parameter");
        return Vec::new();
    };
    let mut params = Vec::new();
    for entry in entries {
        let Some(fields) = Fields::read(&entry.value, &PARAM, problems) else { continue };
        let Some(default) = fields.get("default").and_then(|written| value(written, problems)) else {
            continue;
        };
        let allowed = fields.text("allowed");
        if let Some(allowed) = allowed {
            match is_allowed(&default, allowed) {
                Ok(true) => {}
                Ok(false) => {
                    problems.at(&fields.span("default"), format!("the default lies outside `{allowed}`"));
                }
                Err(message) => problems.at(&fields.span("allowed"), message),
            }
        }
        params.push(Param {
            name: entry.key.clone(),
            value: default.clone(),
            default,
            allowed: allowed.map(str::to_owned),
            about: fields.text("about").map(str::to_owned),
            set_by: "pack".to_owned(),
        });
    }
    params
}

/// Sets a parameter from an overlay, or reports why it may not be set so.
pub fn set(param: &mut Param, written: &Written, overlay: &str, problems: &Problems) {
    let Some(new) = value(written, problems) else { return };
    if std::mem::discriminant(&new) != std::mem::discriminant(&param.value) {
        problems.at(
            &written.span,
            format!("`{}` is of another kind: its default is `{}`", param.name, param.default),
        );
        return;
    }
    match param.allowed.as_deref() {
        None if !matches!(new, Value::Words(_)) => {
            problems.at(&written.span, format!("the rule does not say what `{}` may be set to", param.name));
        }
        Some(allowed) if is_allowed(&new, allowed) != Ok(true) => {
            problems.with_help(
                &written.span,
                format!("`{new}` lies outside what the rule allows"),
                format!("write {allowed}"),
            );
        }
        _ => {
            param.value = new;
            overlay.clone_into(&mut param.set_by);
        }
    }
}
