//! Where a value stands in the text of a schema file, so that a problem can underline it.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use serde_json::value::RawValue;

use crate::model::Pointer;

/// The bytes of the value that the pointer leads to; of the nearest value around it where there is none.
pub(super) fn locate(text: &str, pointer: &Pointer) -> Range<usize> {
    let Ok(mut value) = serde_json::from_str::<&RawValue>(text) else {
        return 0..0;
    };
    for part in pointer.segments() {
        let Some(inner) = inside(value, &part) else {
            break;
        };
        value = inner;
    }
    let start = value.get().as_ptr().addr() - text.as_ptr().addr();
    start..start + value.get().len()
}

fn inside<'t>(value: &'t RawValue, part: &str) -> Option<&'t RawValue> {
    if value.get().starts_with('[') {
        let items: Vec<&RawValue> = serde_json::from_str(value.get()).ok()?;
        return items.get(part.parse::<usize>().ok()?).copied();
    }
    let members: HashMap<Name<'t>, &RawValue> = serde_json::from_str(value.get()).ok()?;
    members.get(&Name(Cow::Borrowed(part))).copied()
}

/// A property name that borrows where it can.
#[derive(serde::Deserialize, PartialEq, Eq, Hash)]
struct Name<'t>(#[serde(borrow)] Cow<'t, str>);
