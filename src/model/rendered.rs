//! JSON that is written once and copied into every answer.

use std::sync::Arc;

use serde_json::value::RawValue;
use serde_json::value::to_raw_value;

/// A value as JSON, ready to be copied.
#[derive(Clone, Debug)]
pub struct Rendered(Arc<RawValue>);

impl Rendered {
    /// Writes the value; `null` for one that has no JSON, which no type of ours is.
    pub fn of(value: &(impl serde::Serialize + ?Sized)) -> Self {
        Self(Arc::from(to_raw_value(value).unwrap_or_else(|_| RawValue::NULL.to_owned())))
    }

    /// The JSON.
    pub fn get(&self) -> &str {
        self.0.get()
    }
}

impl PartialEq for Rendered {
    fn eq(&self, other: &Self) -> bool {
        self.get() == other.get()
    }
}

impl serde::Serialize for Rendered {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}
