//! Where a statement speaks of: lists and fields of the record by the titles of its schema, as seen from an item. Names lead where
//! `rules::place` has them lead: `^` to the item that holds this one, `$.` to the record, `@` to the item that is judged.

use crate::book::plain::nouns;
use crate::schema::Shape;
use crate::schema::ShapeKind;

/// A list or an object on the way to an item.
#[derive(Clone, Copy, Debug)]
struct Step<'s> {
    shape: &'s Shape,
    /// The titles on the way from the step before, its own last.
    list: &'s Shape,
    inside: Option<&'s Shape>,
    many: bool,
}

/// An item, and the item that is judged.
#[derive(Clone, Debug)]
pub struct Here<'s> {
    item: Vec<Step<'s>>,
    subject: Vec<Step<'s>>,
}

/// A field in words.
#[derive(Clone, Debug)]
pub struct Field<'s> {
    /// Its title, and where it stands if not here.
    pub words: String,
    /// What it holds.
    pub shape: Option<&'s Shape>,
}

impl<'s> Here<'s> {
    /// The record.
    pub fn record(shape: &'s Shape) -> Self {
        let step = Step { shape, list: shape, inside: None, many: false };
        Self { item: vec![step], subject: vec![step] }
    }

    /// The same item, as the one that is judged.
    pub fn judged(self) -> Self {
        Self { subject: self.item.clone(), item: self.item }
    }

    /// Whether it is the record itself.
    pub fn is_record(&self) -> bool {
        self.item.len() == 1
    }

    /// Whether it is one of several.
    pub fn is_one_of_many(&self) -> bool {
        self.item.last().is_some_and(|step| step.many)
    }

    /// An item of a list as seen from here; here itself where there is no such list.
    pub fn list(&self, text: &str) -> Self {
        let item = self.steps_to(text).unwrap_or_else(|| self.item.clone());
        Self { item, subject: self.subject.clone() }
    }

    fn steps_to(&self, text: &str) -> Option<Vec<Step<'s>>> {
        let record = *self.item.first()?;
        if text == "record" {
            return Some(vec![record]);
        }
        let (mut steps, rest) = match text.strip_prefix("$.") {
            Some(rest) => (vec![record], rest),
            None => {
                let rest = text.trim_start_matches('^');
                let up = text.len() - rest.len();
                let steps = self.above(up);
                let first = rest.split('.').next().unwrap_or("").trim_end_matches("[]");
                let known = steps.last().is_some_and(|step| step.shape.property(first).is_some());
                (if known || up > 0 { steps } else { vec![record] }, rest)
            }
        };
        let mut shape = steps.last()?.shape;
        let mut inside = None;
        for segment in rest.split('.') {
            let (name, many) = segment.strip_suffix("[]").map_or((segment, false), |name| (name, true));
            let list = shape.property(name)?;
            if many {
                shape = list.item()?;
                steps.push(Step { shape, list, inside, many });
                inside = None;
            } else {
                shape = list;
                inside = Some(list);
            }
        }
        if let Some(list) = inside {
            steps.push(Step { shape, list, inside: None, many: false });
        }
        Some(steps)
    }

    fn above(&self, up: usize) -> Vec<Step<'s>> {
        let left = self.item.len().saturating_sub(up).max(1);
        self.item.iter().take(left).copied().collect()
    }

    /// What an item here is called.
    pub fn noun(&self) -> String {
        noun(&self.item)
    }

    /// The items of the list here, by its title.
    pub fn entries(&self) -> String {
        let above = self.item.get(..self.item.len().saturating_sub(1)).unwrap_or_default();
        let title = self.item.last().map(|step| step.list.title()).unwrap_or_default();
        let inside = self.item.last().and_then(|step| step.inside);
        let inside = inside.map(|inside| format!(" in “{}”", inside.title())).unwrap_or_default();
        match above.len() {
            0 | 1 => format!("entries under “{title}”{inside}"),
            _ => format!("entries under “{title}”{inside} of {}", nouns::a(&own_noun(above))),
        }
    }

    /// A field as seen from here.
    pub fn field(&self, text: &str) -> Field<'s> {
        let (steps, rest, owner) = if let Some(rest) = text.strip_prefix("$.") {
            (self.above(usize::MAX), rest, String::new())
        } else if let Some(rest) = text.strip_prefix('@') {
            let owner = format!(" of the {} that is judged", noun(&self.subject));
            (self.subject.clone(), rest, owner)
        } else {
            let rest = text.trim_start_matches('^');
            let steps = self.above(text.len() - rest.len());
            let is_above = rest.len() < text.len() && steps.len() > 1;
            let owner = if is_above { format!(" of its {}", own_noun(&steps)) } else { String::new() };
            (steps, rest.trim_start_matches('.'), owner)
        };
        let mut shape = steps.last().map(|step| step.shape);
        let mut titles = Vec::new();
        for name in rest.split('.').filter(|name| !name.is_empty()) {
            shape = shape.and_then(|shape| shape.property(name));
            let title = shape.map(Shape::title).filter(|title| !title.is_empty());
            titles.push(title.map_or_else(|| nouns::spoken(name), str::to_owned));
        }
        let Some(last) = titles.pop() else { return Field { words: format!("the {}", noun(&steps)), shape } };
        let inside: String = titles.iter().rev().map(|title| format!(" in “{title}”")).collect();
        Field { words: format!("“{last}”{inside}{owner}"), shape }
    }
}

impl Field<'_> {
    /// Whether it holds items or fields rather than a value.
    pub fn is_part(&self) -> bool {
        self.shape.is_some_and(|shape| matches!(shape.kind(), ShapeKind::List | ShapeKind::Object))
    }
}

/// What an item is called by itself.
fn own_noun(steps: &[Step<'_>]) -> String {
    let Some(step) = steps.last().filter(|_| steps.len() > 1) else { return "record".to_owned() };
    let title = step.list.title();
    if !step.many {
        return nouns::low(title);
    }
    let noun = nouns::one(title).or_else(|| {
        let item = step.shape.title();
        (!item.is_empty()).then(|| nouns::low(item))
    });
    let noun = noun.unwrap_or_else(|| format!("entry under “{title}”"));
    match step.inside {
        Some(inside) => format!("{noun} in “{}”", inside.title()),
        None => noun,
    }
}

/// What an item is called, with what holds it where its own name says too little.
fn noun(steps: &[Step<'_>]) -> String {
    let own = own_noun(steps);
    let above = steps.get(..steps.len().saturating_sub(1)).unwrap_or_default();
    if above.len() < 2 || own.contains(' ') {
        return own;
    }
    format!("{own} of {}", nouns::a(&own_noun(above)))
}
