//! Says each fault in our own words: what to do, with the facts of the schema and none of the record.
//!
//! The library's own messages quote the record, so they are never read here.

use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind;
use serde_json::Value;

use crate::model::Node;
use crate::model::Pointer;
use crate::model::closest;
use crate::schema::Fault;
use crate::schema::Shape;
use crate::schema::ShapeKind;
use crate::schema::walk::Stranger;
use crate::schema::walk::Trail;

/// A property or code that the shape does not know.
pub(super) fn stranger(stranger: &Stranger<'_>, trail: &Trail<'_>) -> Fault {
    match stranger {
        Stranger::Property(around) => unknown_property(trail.around(), trail.name(), Some(around)),
        Stranger::Code(shape) => {
            let list = shape.code_list();
            let title = list.map_or("", |list| list.title.as_str());
            let message = format!("Use a code of the list \u{201c}{title}\u{201d}, letter for letter");
            let mut fault = Fault::new("unknown_code", trail.pointer(), message)
                .arg("code_list", list.map_or("", |list| list.name.as_str()))
                .or_shorter("Use a code of the list that belongs to this field, letter for letter");
            fault.names = shape.names().to_vec();
            fault
        }
    }
}

/// The pointer is that of the object around it.
fn unknown_property(around_at: Pointer, name: &str, around: Option<&Shape>) -> Fault {
    // A name that does not look like one of ours may be content put in the wrong place: it is not repeated.
    let like_ours = name.len() <= 60
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    let pointer = if like_ours { around_at.key(name) } else { around_at };
    let near = around.and_then(|shape| closest(name, shape.properties()));
    let plain = "Remove or rename this property: the record has none of this name here";
    match near {
        Some(near) => {
            let message = format!("Remove or rename this property; did you mean `{near}`?");
            let fault = Fault::new("unknown_property", pointer, message);
            fault.arg("did_you_mean", near).or_shorter(plain)
        }
        None => Fault::new("unknown_property", pointer, plain),
    }
}

/// The faults that one error of the library stands for.
pub(super) fn faults(error: &ValidationError<'_>, root: &Node<'_>, record: &Shape) -> Vec<Fault> {
    let pointer = Pointer::parse(error.instance_path().as_str()).unwrap_or_default();
    let shape = record.at(&pointer);
    let kind = error.kind();
    if let ValidationErrorKind::AdditionalProperties { unexpected }
    | ValidationErrorKind::UnevaluatedProperties { unexpected } = kind
    {
        return unexpected.iter().map(|name| unknown_property(pointer.clone(), name, shape)).collect();
    }
    let node = at(root, &pointer);
    let mut fault = match kind {
        ValidationErrorKind::Type { .. } => wrong_type(pointer, kind, node, shape),
        ValidationErrorKind::Required { property } => required(pointer, property),
        ValidationErrorKind::Format { format } => wrong_format(pointer, format),
        ValidationErrorKind::MinLength { limit } => too_short(pointer, *limit, node),
        ValidationErrorKind::Enum { options } => not_among(pointer, options),
        other => limit(pointer.clone(), other).unwrap_or_else(|| unmet(pointer, other)),
    };
    let field = match kind {
        ValidationErrorKind::Required { property } => {
            shape.zip(property.as_str()).and_then(|(shape, name)| shape.property(name))
        }
        _ => shape,
    };
    fault.names = field.map(|field| field.names().to_vec()).unwrap_or_default();
    vec![fault]
}

/// The value at a pointer.
fn at<'a>(root: &Node<'a>, pointer: &Pointer) -> Option<Node<'a>> {
    pointer.segments().try_fold(*root, |node, part| match node {
        Node::List(items) => items.get(part.parse::<usize>().ok()?).copied(),
        _ => node.get_str(&part).copied(),
    })
}

fn wrong_type(
    pointer: Pointer,
    kind: &ValidationErrorKind,
    node: Option<Node<'_>>,
    shape: Option<&Shape>,
) -> Fault {
    let expected = shape.and_then(|shape| shape.kind).map_or_else(|| of_type(kind), ShapeKind::word);
    let found = node.map_or("nothing", |node| match node {
        Node::Null => "null",
        Node::Bool(_) => "true or false",
        Node::Int(_) | Node::Big(_) => "a number",
        Node::Float(_) => "a number with a fraction",
        Node::Text(_) | Node::Date(..) => "text",
        Node::List(_) => "a list",
        Node::Object(_) => "an object",
    });
    Fault::new("type", pointer, format!("Write {expected} here, not {found}"))
        .arg("expected", expected)
        .arg("found", found)
}

/// The word for the first type that is asked for, where the shape has none.
fn of_type(kind: &ValidationErrorKind) -> &'static str {
    use jsonschema::JsonType;
    use jsonschema::error::TypeKind;
    let first = match kind {
        ValidationErrorKind::Type { kind: TypeKind::Single(single) } => Some(*single),
        ValidationErrorKind::Type { kind: TypeKind::Multiple(several) } => {
            several.iter().find(|one| *one != JsonType::Null)
        }
        _ => None,
    };
    match first {
        Some(JsonType::Null) => "null",
        Some(JsonType::Boolean) => ShapeKind::Boolean.word(),
        Some(JsonType::Integer) => ShapeKind::Integer.word(),
        Some(JsonType::Number) => ShapeKind::Number.word(),
        Some(JsonType::String) => ShapeKind::Text.word(),
        Some(JsonType::Array) => ShapeKind::List.word(),
        Some(JsonType::Object) => ShapeKind::Object.word(),
        None => "another kind of value",
    }
}

fn required(pointer: Pointer, property: &Value) -> Fault {
    let name = property.as_str().unwrap_or_default();
    Fault::new("required", pointer, format!("Fill in `{name}`: it is required here"))
        .arg("property", name)
        .or_shorter("Fill in the property that is required here and missing")
}

fn wrong_format(pointer: Pointer, format: &str) -> Fault {
    let message = match format {
        "date" => "Write this date as YYYY-MM-DD, a day that exists".to_owned(),
        "date-time" => "Write this as a date and time with its zone, like 2026-03-01T09:30:00Z".to_owned(),
        other => format!("Write this in the format `{other}`"),
    };
    Fault::new("format", pointer, message).arg("format", format)
}

fn too_short(pointer: Pointer, limit: u64, node: Option<Node<'_>>) -> Fault {
    let message = if node.and_then(|node| node.as_str()) == Some("") {
        "Fill this in, or send null: empty text says nothing".to_owned()
    } else {
        format!("Write at least {limit} characters")
    };
    Fault::new("minLength", pointer, message).arg("limit", limit.to_string())
}

fn not_among(pointer: Pointer, options: &Value) -> Fault {
    let all = options.as_array().map(Vec::as_slice).unwrap_or_default();
    let words: Vec<&str> = all.iter().filter_map(Value::as_str).collect();
    let message = if words.is_empty() {
        format!("Choose one of the {} values that are allowed", all.len())
    } else {
        format!("Choose one of: {}", words.join(", "))
    };
    Fault::new("shape", pointer, message).or_shorter("Choose one of the values that the schema allows")
}

/// The faults that are a limit not kept.
fn limit(pointer: Pointer, kind: &ValidationErrorKind) -> Option<Fault> {
    let (keyword, limit, words) = match kind {
        ValidationErrorKind::MaxLength { limit } => {
            ("maxLength", limit.to_string(), "Shorten this to {} characters")
        }
        ValidationErrorKind::Minimum { limit } => {
            ("minimum", limit.to_string(), "Give a number of at least {}")
        }
        ValidationErrorKind::Maximum { limit } => {
            ("maximum", limit.to_string(), "Give a number of at most {}")
        }
        ValidationErrorKind::ExclusiveMinimum { limit } => {
            ("exclusiveMinimum", limit.to_string(), "Give a number greater than {}")
        }
        ValidationErrorKind::ExclusiveMaximum { limit } => {
            ("exclusiveMaximum", limit.to_string(), "Give a number less than {}")
        }
        ValidationErrorKind::MultipleOf { multiple_of } => {
            ("shape", multiple_of.to_string(), "Give a multiple of {}")
        }
        ValidationErrorKind::MinItems { limit } => {
            ("minItems", limit.to_string(), "List at least {} of these")
        }
        ValidationErrorKind::MaxItems { limit } => {
            ("maxItems", limit.to_string(), "List at most {} of these")
        }
        ValidationErrorKind::AdditionalItems { limit } => {
            ("maxItems", limit.to_string(), "List at most {} of these")
        }
        ValidationErrorKind::MinProperties { limit } => {
            ("shape", limit.to_string(), "Give at least {} properties")
        }
        ValidationErrorKind::MaxProperties { limit } => {
            ("shape", limit.to_string(), "Give at most {} properties")
        }
        _ => return None,
    };
    Some(Fault::new(keyword, pointer, words.replace("{}", &limit)).arg("limit", limit))
}

/// The faults that carry no facts.
fn unmet(pointer: Pointer, kind: &ValidationErrorKind) -> Fault {
    let (keyword, words) = match kind {
        ValidationErrorKind::Pattern { .. } => ("pattern", "Write this in the form that the field asks for"),
        ValidationErrorKind::UniqueItems => ("uniqueItems", "List each of these only once"),
        ValidationErrorKind::Contains => ("shape", "Add the item that this list must have"),
        ValidationErrorKind::Constant { .. } => ("shape", "Write the one value that is allowed here"),
        ValidationErrorKind::PropertyNames { .. } => {
            ("shape", "Rename the properties here as the schema asks")
        }
        ValidationErrorKind::UnevaluatedItems { .. } => ("shape", "Remove the items that do not belong here"),
        ValidationErrorKind::FalseSchema => ("shape", "Remove this: nothing belongs here"),
        ValidationErrorKind::Not { .. } => ("shape", "Change this: it is what the schema rules out"),
        ValidationErrorKind::AnyOf { .. } => {
            ("shape", "Write this in one of the forms that are allowed here")
        }
        ValidationErrorKind::OneOfNotValid { .. } | ValidationErrorKind::OneOfMultipleValid { .. } => {
            ("shape", "Write this in exactly one of the forms that are allowed here")
        }
        ValidationErrorKind::ContentEncoding { .. }
        | ValidationErrorKind::ContentMediaType { .. }
        | ValidationErrorKind::FromUtf8 { .. } => {
            ("shape", "Write this content in the encoding that the field asks for")
        }
        _ => ("shape", "Change this so that it fits the schema"),
    };
    Fault::new(keyword, pointer, words)
}
