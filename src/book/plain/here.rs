//! Where a statement speaks of: lists and fields of the record by the titles of its schema, as seen from an item. Names lead where
//! `rules::place` has them lead: `^` to the item that holds this one, `$.` to the record, `@` to the item that is judged.

use crate::book::plain::nouns;
use crate::schema::Shape;
use crate::schema::ShapeKind;

/// A list or an object on the way to an item.
#[derive(Clone, Debug)]
struct Step<'s> {
    /// What it is written as, from the step before.
    name: String,
    /// An item of it.
    shape: &'s Shape,
    /// The list or the object itself, whose title is that of all its items.
    list: &'s Shape,
    /// The object in which it stands, where that is not the step before itself.
    inside: Option<&'s Shape>,
    many: bool,
}

/// Whose items those of a list are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whose {
    /// Anybody's.
    Any,
    /// Those of the item from which the list is seen.
    This,
    /// Those of what holds the item from which the list is seen.
    Same,
    /// Those of the items of which the stretch is made that is judged.
    Stretch,
}

/// What `@` stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    /// An item that is judged.
    Judged,
    /// A stretch of a period that is judged, made of one item.
    Stretch,
    /// The same, made of several that touch.
    StretchOfSeveral,
    /// An item that may be an event.
    InQuestion,
}

/// An item, and the item that is judged.
#[derive(Clone, Debug)]
pub struct Here<'s> {
    item: Vec<Step<'s>>,
    subject: Vec<Step<'s>>,
    role: Role,
    whose: Whose,
    /// How many steps lead to what holds the items of the list here, where they are not anybody's.
    held_by: usize,
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
        let step = Step { name: String::new(), shape, list: shape, inside: None, many: false };
        let (item, subject) = (vec![step.clone()], vec![step]);
        Self { item, subject, role: Role::Judged, whose: Whose::Any, held_by: 1 }
    }

    /// The same item, as the one that is judged.
    pub fn judged(self) -> Self {
        Self { subject: self.item.clone(), role: Role::Judged, ..self }
    }

    /// The same item, as one of those of which a stretch is made that is judged: the only one, or one of several.
    pub fn judged_as_stretch(self, of_several: bool) -> Self {
        Self { role: if of_several { Role::StretchOfSeveral } else { Role::Stretch }, ..self.judged() }
    }

    /// The same item, as one that may be an event.
    pub fn in_question(self) -> Self {
        Self { role: Role::InQuestion, ..self.judged() }
    }

    /// Whether it is the record itself.
    pub fn is_record(&self) -> bool {
        self.item.len() == 1
    }

    /// Whether a stretch of a period is judged.
    pub fn is_stretch(&self) -> bool {
        matches!(self.role, Role::Stretch | Role::StretchOfSeveral)
    }

    /// Whether it lies in a list of items that lie in another.
    pub fn is_nested(&self) -> bool {
        self.item.len() > 2
    }

    /// Whether it is one of several.
    pub fn is_one_of_many(&self) -> bool {
        self.item.last().is_some_and(|step| step.many)
    }

    /// Whether the item here is what is judged, or lies beneath it.
    pub fn is_beneath_judged(&self) -> bool {
        let same = |(mine, theirs): (&Step<'_>, &Step<'_>)| mine.name == theirs.name;
        self.subject.len() > 1
            && self.subject.len() <= self.item.len()
            && self.item.iter().zip(&self.subject).all(same)
    }

    /// The record, seen while the same is judged.
    pub fn top(&self) -> Self {
        Self { item: self.above(usize::MAX), whose: Whose::Any, held_by: 1, ..self.clone() }
    }

    /// The same, while nothing is judged to which something may belong.
    pub fn anybody(&self) -> Self {
        Self { subject: self.above(usize::MAX), role: Role::Judged, ..self.clone() }
    }

    /// An item of a list as seen from here, whosoever it is; here itself where there is no such list.
    pub fn list(&self, text: &str) -> Self {
        let item = self.steps_to(text).map_or_else(|| self.item.clone(), |(item, _)| item);
        Self { item, whose: Whose::Any, held_by: 1, ..self.clone() }
    }

    /// The same, where only those count that hang on what the name of the list starts from: the item here, or one that holds it.
    pub fn list_held(&self, text: &str) -> Self {
        let Some((item, held_by)) = self.steps_to(text) else { return self.list(text) };
        let whose = match held_by {
            ..=1 => Whose::Any,
            _ if held_by == self.item.len() => Whose::This,
            _ => Whose::Same,
        };
        Self { item, whose, held_by, ..self.clone() }
    }

    /// The same, where of a list beneath what is judged only those count that lie beneath that very item or stretch.
    pub fn list_belonging(&self, text: &str) -> Self {
        let inner = self.list(text);
        if !inner.is_beneath_judged() {
            return inner;
        }
        let whose = if self.is_stretch() { Whose::Stretch } else { Whose::This };
        Self { whose, held_by: self.subject.len(), ..inner }
    }

    /// The steps to a list, and how many of them lead to what its name starts from.
    fn steps_to(&self, text: &str) -> Option<(Vec<Step<'s>>, usize)> {
        let record = self.item.first()?.clone();
        if text == "record" {
            return Some((vec![record], 1));
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
        let held_by = steps.len();
        let mut shape = steps.last()?.shape;
        let (mut inside, mut way) = (None, Vec::new());
        for segment in rest.split('.') {
            let (name, many) = segment.strip_suffix("[]").map_or((segment, false), |name| (name, true));
            let list = shape.property(name)?;
            way.push(segment);
            if many {
                shape = list.item()?;
                steps.push(Step { name: way.join("."), shape, list, inside, many });
                (inside, way) = (None, Vec::new());
            } else {
                shape = list;
                inside = Some(list);
            }
        }
        if let Some(list) = inside {
            steps.push(Step { name: way.join("."), shape, list, inside: None, many: false });
        }
        Some((steps, held_by))
    }

    fn above(&self, up: usize) -> Vec<Step<'s>> {
        let left = self.item.len().saturating_sub(up).max(1);
        self.item.iter().take(left).cloned().collect()
    }

    /// What an item here is called, and whose it is.
    pub fn noun(&self) -> String {
        if self.whose == Whose::Any {
            return noun(&self.item);
        }
        format!("{}{}", own_noun(&self.item), self.holder())
    }

    /// An item here with `a` or `an`; what is judged itself is `this`.
    pub fn one(&self) -> String {
        if self.whose == Whose::This && self.held_by == self.item.len() {
            return format!("this {}", own_noun(&self.item));
        }
        nouns::a(&self.noun())
    }

    /// What is called so, in quotation marks, and whose it is: how an object is spoken of, and a field that holds one.
    pub fn quoted(&self) -> String {
        let owner = match (self.whose, self.item.get(..self.item.len().saturating_sub(1))) {
            (Whose::Any, Some(above)) if above.len() > 1 => format!(" of {}", nouns::a(&own_noun(above))),
            _ => self.holder(),
        };
        format!("“{}”{owner}", own_noun(&self.item))
    }

    /// What holds the items here, ` of ` first; nothing for those that are anybody's.
    fn holder(&self) -> String {
        let between = self.item.get(self.held_by..self.item.len().saturating_sub(1)).unwrap_or_default();
        let between = between.last().map_or_else(String::new, |_| {
            let above = self.item.get(..self.item.len().saturating_sub(1)).unwrap_or_default();
            format!(" of {}", nouns::a(&own_noun(above)))
        });
        let held = || {
            let steps = self.item.get(..self.held_by).unwrap_or_default();
            let is_object = steps.len() > 1 && steps.last().is_some_and(|step| !step.many);
            if is_object { format!("“{}”", own_noun(steps)) } else { own_noun(steps) }
        };
        match self.whose {
            Whose::Any => String::new(),
            Whose::This => format!("{between} of this {}", held()),
            Whose::Same => format!("{between} of the same {}", held()),
            Whose::Stretch if self.held_by == self.item.len() => " of the stretch".to_owned(),
            Whose::Stretch => format!("{between} of {} of the stretch", nouns::a(&held())),
        }
    }

    /// Where a date of an item here stands, ` of ` or ` in ` first.
    pub fn place(&self) -> String {
        match (self.is_record(), self.is_one_of_many()) {
            (true, _) => String::new(),
            (_, true) => format!(" of {}", self.one()),
            (_, false) => format!(" in {}", self.quoted()),
        }
    }

    /// The same for a date of the item at hand: nothing to be said where that is what is judged.
    pub fn own_place(&self) -> String {
        if self.is_record() || (self.is_beneath_judged() && !self.is_stretch()) {
            return String::new();
        }
        if self.is_stretch() {
            return Self { whose: Whose::Stretch, held_by: self.subject.len(), ..self.clone() }.place();
        }
        format!(" of any {}", own_noun(&self.item))
    }

    /// The items of the list here, by its title, and whose they are.
    pub fn entries(&self) -> String {
        let above = self.item.get(..self.item.len().saturating_sub(1)).unwrap_or_default();
        let title = self.item.last().map(|step| step.list.title()).unwrap_or_default();
        let inside = self.item.last().and_then(|step| step.inside);
        let inside = inside.map(|inside| format!(" in “{}”", inside.title())).unwrap_or_default();
        let owner = match (self.whose, above.len()) {
            (Whose::Any, 0 | 1) => String::new(),
            (Whose::Any, _) => format!(" of any {}", own_noun(above)),
            _ => self.holder(),
        };
        format!("entries under “{title}”{inside}{owner}")
    }

    /// How what is judged is spoken of, where something belongs to it: `this plan`, `the stretch`.
    pub fn subject(&self) -> String {
        if self.is_stretch() { "the stretch".to_owned() } else { format!("this {}", own_noun(&self.subject)) }
    }

    /// Which item of a stretch conditions are asked of, where it may be made of several.
    pub fn first_of_stretch(&self) -> Option<String> {
        (self.role == Role::StretchOfSeveral).then(|| own_noun(&self.subject))
    }

    /// A field as seen from here.
    pub fn field(&self, text: &str) -> Field<'s> {
        let (steps, rest, owner) = if let Some(rest) = text.strip_prefix("$.") {
            (self.above(usize::MAX), rest, String::new())
        } else if let Some(rest) = text.strip_prefix('@') {
            let which = match self.role {
                Role::InQuestion => "in question",
                Role::Judged | Role::Stretch | Role::StretchOfSeveral => "that is judged",
            };
            let owner = format!(" of the {} {which}", own_noun(&self.subject));
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
