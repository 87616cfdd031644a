//! Says at the end of a run what all of its records show together: walks the sorted marks, those of one rule and one key at a time. Of a group
//! never more than a few marks are in memory.

use std::io;

use crate::archive::Sorted;
use crate::model::KeyPart;
use crate::rules::judgement::Arg;
use crate::rules::kinds::Check;
use crate::rules::kinds::Question;
use crate::rules::marks::Entries;
use crate::rules::marks::Key;
use crate::rules::marks::Mark;
use crate::rules::marks::name_of;
use crate::rules::pack::Pack;

/// Up to so many children who share something are each shown with each; of more, each is shown with one.
const PAIRED: usize = 8;

/// At most so many records are shown with a finding about a worker.
const SHOWN: usize = 20;

/// What all records of a run show together.
#[derive(Debug)]
pub enum Shown<'m> {
    /// The rule at this place in the pack holds of one more subject.
    Holds(usize),
    /// It does not.
    Found(Box<FoundAcross<'m>>),
}

/// Something that does not hold, as it is told to one child's record, or of a worker.
#[derive(Debug)]
pub struct FoundAcross<'m> {
    /// The place of the rule in the pack.
    pub rule: usize,
    /// The place in the record that it is told to; for a worker the first of the entries.
    pub mark: &'m Mark,
    /// The worker, if it is about one: then it is told to no child.
    pub worker: Option<&'m str>,
    /// The places in other records; for a worker the first entry in each record, of the first twenty.
    pub with: Vec<&'m Mark>,
    /// What it is known by.
    pub key: Vec<(String, KeyPart)>,
    /// What its id is made of beside the rule: of two children the one whose id comes first, and the rest.
    pub id: (&'m str, Vec<(String, KeyPart)>),
    /// Whether it is the first of two that are told of one pair.
    pub is_first: bool,
    /// Values for the message.
    pub args: Vec<(&'static str, Arg)>,
    /// The locality, the team and the social worker whose worklist it belongs to.
    pub owners: [Option<&'m str>; 3],
}

/// Takes what is shown.
type Show<'s> = &'s mut dyn FnMut(Shown<'_>) -> io::Result<()>;

/// The marks of one rule and one key, in their order.
struct Group<'g> {
    rule: u32,
    key: Key,
    first: Option<Mark>,
    sorted: &'g mut Sorted<Mark>,
}

impl Group<'_> {
    fn next(&mut self) -> io::Result<Option<Mark>> {
        if let Some(first) = self.first.take() {
            return Ok(Some(first));
        }
        let more = self.sorted.peek().is_some_and(|mark| (mark.rule, mark.key) == (self.rule, self.key));
        if more { self.sorted.pop() } else { Ok(None) }
    }

    /// The next mark of another child than that of this one.
    fn next_child(&mut self, before: &Mark) -> io::Result<Option<Mark>> {
        while let Some(mark) = self.next()? {
            if mark.child() != before.child() {
                return Ok(Some(mark));
            }
        }
        Ok(None)
    }
}

impl Pack {
    /// Whether there is a rule that is asked of all records of a run together.
    pub fn asks_across(&self) -> bool {
        self.rules.iter().any(|rule| rule.check.is_across() && rule.off.is_none())
    }

    /// Shows what the marks of all records say, rule by rule in the order of the pack.
    pub fn across(&self, mut sorted: Sorted<Mark>, show: Show<'_>) -> io::Result<()> {
        while let Some(first) = sorted.pop()? {
            let rule = usize::try_from(first.rule).unwrap_or(usize::MAX);
            let (key, number) = (first.key, first.rule);
            let mut group = Group { rule: number, key, first: Some(first), sorted: &mut sorted };
            match self.rules.get(rule).map(|rule| &rule.check) {
                Some(Check::Across(across)) => match &across.0 {
                    Question::Same { .. } => pairs(rule, &mut group, false, show)?,
                    Question::SharedText { .. } => pairs(rule, &mut group, true, show)?,
                    Question::MostADay { at_most, .. } => entries(rule, &mut group, *at_most, show)?,
                    Question::SiblingsAgree { named_back, fields, .. } => {
                        siblings(rule, &mut group, (*named_back, fields.len()), show)?;
                    }
                },
                _ => while group.next()?.is_some() {},
            }
        }
        Ok(())
    }
}

/// Whether neither of two children names the other as a sibling.
fn are_apart(left: &Mark, right: &Mark) -> bool {
    let names = |one: &Mark, other: &Mark| one.names(name_of(other.child()));
    !names(left, right) && !names(right, left)
}

/// What is told to the record of one child of a pair. The id is that of the pair, whichever of the two it is told to; where it is about
/// a text, of the pair and the text.
fn of_pair<'m>(rule: usize, mark: &'m Mark, other: &'m Mark, text: bool) -> Shown<'m> {
    let (low, high) = if mark.child() <= other.child() { (mark, other) } else { (other, mark) };
    let with = |child: &str| ("other_child".to_owned(), KeyPart::Text(child.to_owned()));
    let text = text.then(|| ("text".to_owned(), KeyPart::Text(mark.key.text())));
    Shown::Found(Box::new(FoundAcross {
        rule,
        mark,
        worker: None,
        with: vec![other],
        key: vec![with(other.child())],
        id: (low.child(), [with(high.child())].into_iter().chain(text).collect()),
        is_first: std::ptr::eq(low, mark),
        args: vec![("other", Arg::Words(other.child().to_owned()))],
        owners: mark.owners(),
    }))
}

/// Children who share a key: a few are each shown with each, so that a pair that was confirmed stays confirmed when a third comes; of many
/// each is shown with one of the first.
fn pairs(rule: usize, group: &mut Group<'_>, text: bool, show: Show<'_>) -> io::Result<()> {
    let Some(first) = group.next()? else { return Ok(()) };
    // Most stand alone, and nothing of them but their key was ever looked at.
    let Some(second) = group.next_child(&first)? else { return show(Shown::Holds(rule)) };
    let (mut held, mut before, mut crowd) = (vec![first, second.clone()], second, false);
    while let Some(mark) = group.next_child(&before)? {
        before = mark.clone();
        if held.len() < PAIRED {
            held.push(mark);
            continue;
        }
        if !crowd {
            crowd = true;
            for one in &held {
                one_of_many(rule, one, &held, text, show)?;
            }
        }
        one_of_many(rule, &mark, &held, text, show)?;
    }
    if crowd {
        return Ok(());
    }
    for mark in &held {
        let mut alone = true;
        for other in held.iter().filter(|other| other.child() != mark.child() && are_apart(mark, other)) {
            alone = false;
            show(of_pair(rule, mark, other, text))?;
        }
        if alone {
            show(Shown::Holds(rule))?;
        }
    }
    Ok(())
}

fn one_of_many(rule: usize, mark: &Mark, first: &[Mark], text: bool, show: Show<'_>) -> io::Result<()> {
    let other = first.iter().find(|other| other.child() != mark.child() && are_apart(mark, other));
    show(other.map_or(Shown::Holds(rule), |other| of_pair(rule, mark, other, text)))
}

/// The entries of a worker on a day, of which each record has one mark.
fn entries(rule: usize, group: &mut Group<'_>, at_most: u64, show: Show<'_>) -> io::Result<()> {
    let Some(first) = group.next()? else { return Ok(()) };
    let many = |mark: &Mark| mark.own().entries.map_or(0, |entries| u64::from(entries.many));
    let (mut with, mut count, mut owners): (Vec<Mark>, u64, _) = (Vec::new(), many(&first), first.owners());
    while let Some(mark) = group.next()? {
        count += many(&mark);
        for (own, other) in owners.iter_mut().zip(mark.owners()) {
            *own = own.filter(|own| Some(*own) == other);
        }
        // Of each record the first entry.
        let is_other = with.last().unwrap_or(&first).child() != mark.child();
        if is_other && with.len().saturating_add(1) < SHOWN {
            with.push(mark);
        }
    }
    let Some(Entries { worker, day, .. }) = first.own().entries else { return Ok(()) };
    if count <= at_most {
        return show(Shown::Holds(rule));
    }
    let number = |number: u64| Arg::Number(i64::try_from(number).unwrap_or(i64::MAX));
    let key = vec![
        ("worker_id".to_owned(), KeyPart::Text(worker.to_owned())),
        ("on".to_owned(), KeyPart::Day(day)),
    ];
    let [locality, team, _] = owners;
    show(Shown::Found(Box::new(FoundAcross {
        rule,
        mark: &first,
        worker: Some(worker),
        with: std::iter::once(&first).chain(&with).collect(),
        id: ("", key.clone()),
        key,
        is_first: true,
        args: vec![
            ("worker", Arg::Words(worker.to_owned())),
            ("on", Arg::Day(day)),
            ("count", number(count)),
            ("at_most", number(at_most)),
        ],
        owners: [locality, team, Some(worker)],
    })))
}

/// A child, and those who name it as a sibling. Two who name each other are looked at once.
fn siblings(
    rule: usize,
    group: &mut Group<'_>,
    (named_back, fields): (bool, usize),
    show: Show<'_>,
) -> io::Result<()> {
    let itself = group.next()?.filter(|mark| mark.part == 0);
    let Some(itself) = itself else {
        // Nothing can be said of siblings who are not in the run.
        while group.next()?.is_some() {}
        return Ok(());
    };
    let mut before = itself.clone();
    while let Some(mark) = group.next_child(&before)? {
        before = mark.clone();
        let is_mutual = itself.names(name_of(mark.child()));
        if is_mutual && mark.child() > itself.child() {
            continue;
        }
        let mut facts = mark.facts().zip(itself.facts()).take(fields);
        let differ = facts.any(|(own, other)| own != 0 && other != 0 && own != other);
        // After the fields: whether the one thing holds, and whether the other does not.
        let clash = |one: &Mark, other: &Mark| {
            one.facts().nth(fields) == Some(1) && other.facts().nth(fields.saturating_add(1)) == Some(1)
        };
        if (named_back && !is_mutual) || differ || clash(&mark, &itself) || clash(&itself, &mark) {
            show(of_pair(rule, &mark, &itself, false))?;
            show(of_pair(rule, &itself, &mark, false))?;
        } else {
            show(Shown::Holds(rule))?;
        }
    }
    Ok(())
}
