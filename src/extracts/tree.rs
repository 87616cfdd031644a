//! Reaches into a record that is being made: objects and lists on the way are made where they are not there.

use serde_json::Map;
use serde_json::Value;

use crate::extracts::layout::Step;
use crate::model::Pointer;

/// The list at the end of these steps from the item at the pointer, made where it is not there. In a list on the way the last item is meant:
/// the one that this row, or the row before, has become. The pointer goes along.
pub(super) fn list<'v>(
    record: &'v mut Value,
    steps: &[Step],
    pointer: &mut Pointer,
) -> Option<&'v mut Vec<Value>> {
    let ((last, _), way) = steps.split_last()?;
    let holder = walk(record, way, pointer)?;
    pointer.push_key(last);
    holder.as_object_mut()?.entry(last.as_str()).or_insert_with(|| Value::Array(Vec::new())).as_array_mut()
}

/// The object at the end of these steps from the item at the pointer, made where it is not there.
pub(super) fn walk<'v>(
    record: &'v mut Value,
    steps: &[Step],
    pointer: &mut Pointer,
) -> Option<&'v mut Value> {
    let mut here = record.pointer_mut(pointer.as_str())?;
    for (name, many) in steps {
        pointer.push_key(name);
        let empty = if *many { Value::Array(Vec::new()) } else { Value::Object(Map::new()) };
        here = here.as_object_mut()?.entry(name.as_str()).or_insert(empty);
        if *many {
            let items = here.as_array_mut()?;
            if items.is_empty() {
                items.push(Value::Object(Map::new()));
            }
            pointer.push_index(items.len() - 1);
            here = items.last_mut()?;
        }
    }
    Some(here)
}

/// Takes a pointer along these steps to where they lead, or would lead once something is put there.
pub(super) fn extend(record: &Value, pointer: &mut Pointer, steps: &[Step]) {
    let mut here = record.pointer(pointer.as_str());
    for (name, many) in steps {
        pointer.push_key(name);
        here = here.and_then(|here| here.get(name));
        if *many {
            let items = here.and_then(Value::as_array);
            pointer.push_index(items.map_or(0, |items| items.len().saturating_sub(1)));
            here = items.and_then(|items| items.last());
        }
    }
}

/// What stands under these names.
pub(super) fn get<'v>(object: &'v Value, names: &[String]) -> Option<&'v Value> {
    names.iter().try_fold(object, |here, name| here.get(name))
}

/// Sets what stands under these names.
pub(super) fn set(object: Option<&mut Value>, names: &[String], value: Value) {
    if let Some(place) = place(object, names) {
        *place = value;
    }
}

/// Adds to the list under these names; gives the index.
pub(super) fn add(object: Option<&mut Value>, names: &[String], value: Value) -> Option<usize> {
    let place = place(object, names)?;
    if place.is_null() {
        *place = Value::Array(Vec::new());
    }
    let items = place.as_array_mut()?;
    items.push(value);
    Some(items.len() - 1)
}

fn place<'v>(object: Option<&'v mut Value>, names: &[String]) -> Option<&'v mut Value> {
    let (mut here, (last, way)) = (object?, names.split_last()?);
    for name in way {
        here = here.as_object_mut()?.entry(name.as_str()).or_insert_with(|| Value::Object(Map::new()));
    }
    Some(here.as_object_mut()?.entry(last.as_str()).or_insert(Value::Null))
}
