//! What the kinds share that ask something of each item of a list: who is asked, what an empty list means, what is shown.

use crate::form::Fields;
use crate::model::Outcome;
use crate::model::OutcomeSet;
use crate::rules::build::Build;
use crate::rules::condition::Asking;
use crate::rules::condition::Condition;
use crate::rules::facts::ABSENT;
use crate::rules::facts::Env;
use crate::rules::facts::Facts;
use crate::rules::facts::Spot;
use crate::rules::judgement::Arg;
use crate::rules::judgement::Judgement;
use crate::rules::judgement::Needs;
use crate::rules::judgement::SubjectRef;
use crate::rules::judgement::Trace;
use crate::rules::kinds::Out;
use crate::rules::listed::Lack;
use crate::rules::many::bits;
use crate::rules::plan::ListId;
use crate::rules::plan::Path;
use crate::rules::tri::Tri;

/// The words that `if_empty` takes.
pub const IF_EMPTY: &[&str] = &["met", "breached", "not_applicable", "cannot_tell"];

/// How often a rule said what is only counted, and was not said one by one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Plain {
    /// That it does not apply.
    pub not_applicable: u64,
    /// That it is met.
    pub met: u64,
}

/// A condition that each item of a list must meet.
#[derive(Debug)]
pub struct ItemRule {
    /// The list.
    pub list: ListId,
    /// Which items it touches.
    pub when: Condition,
    /// What they must meet.
    pub needs: Condition,
    /// What a list that is recorded as empty means.
    pub if_empty: Outcome,
    /// The date in the item that decides which revision governs.
    pub dated_by: Option<Path>,
}

impl ItemRule {
    /// The list under `in`, and what an empty one means.
    pub fn place(fields: &Fields<'_>, build: &Build<'_, '_>, default: Outcome) -> Option<(ListId, Outcome)> {
        let list = match fields.get("in") {
            Some(written) => build.judged_list(ListId::RECORD, written)?,
            None => ListId::RECORD,
        };
        let if_empty = fields.text("if_empty").and_then(Outcome::from_word).unwrap_or(default);
        Some((list, if_empty))
    }

    /// The outcomes it can give.
    pub fn outcomes(&self, may_be_unknown: bool) -> OutcomeSet {
        let mut set = OutcomeSet::of(&[Outcome::Met, Outcome::Breached]);
        let touches_all = matches!(&self.when, Condition::All(parts) if parts.is_empty());
        if !touches_all || (self.list != ListId::RECORD && self.if_empty == Outcome::NotApplicable) {
            set.insert(Outcome::NotApplicable);
        }
        if may_be_unknown || self.list != ListId::RECORD || !touches_all {
            set.insert(Outcome::CannotTell);
        }
        set
    }

    /// What it needs to have anything to judge: where an empty list means more than that the rule does not apply, it must be asked.
    pub fn needs(&self) -> Option<Needs> {
        (self.if_empty == Outcome::NotApplicable).then_some(Needs::ItemsOfEach(self.list))
    }

    /// Judges every item, and every place where items should stand and do not.
    pub fn judge<'p>(&'p self, facts: &Facts<'p, '_>, out: Out<'_, 'p>) {
        let items = |out: Out<'_, 'p>| {
            for (item, _) in (0_u32..).zip(facts.items(self.list)) {
                let subject = SubjectRef::item(self.list, item);
                let dated =
                    self.dated_by.as_ref().and_then(|path| facts.moment(subject.env(), path).ok().flatten());
                out(self.judge_item(facts, subject).governed_by(dated.map(|moment| moment.day)));
            }
        };
        if !in_list(facts, self.list, out, items, |holder, lack, out| out(self.lacking(facts, holder, lack)))
        {
            out(Judgement::not_applicable(SubjectRef::RECORD));
        }
    }

    /// The same where nobody asks for what is only counted: what is plain is counted, and the rest is judged one by one.
    pub fn judge_in_brief<'p>(&'p self, facts: &Facts<'p, '_>, out: Out<'_, 'p>) -> Plain {
        let mut plain = Plain::default();
        let items = |out: Out<'_, 'p>| {
            for many in facts.blocks(self.list) {
                let touched = many.ask(&self.when, many.all());
                let needed = many.ask(&self.needs, touched.yes);
                plain.not_applicable += u64::from(touched.no.count_ones());
                plain.met += u64::from(needed.yes.count_ones());
                for bit in bits(many.all() & !(touched.no | needed.yes)) {
                    out(self.judge_item(facts, SubjectRef::item(self.list, many.item(bit))));
                }
            }
        };
        if !in_list(facts, self.list, out, items, |holder, lack, out| out(self.lacking(facts, holder, lack)))
        {
            plain.not_applicable += 1;
        }
        plain
    }

    /// What it says of a place where items should stand and do not.
    fn lacking<'p>(&'p self, facts: &Facts<'p, '_>, holder: SubjectRef, lack: Lack) -> Judgement<'p> {
        let many = facts.plan(self.list).is_some_and(|plan| plan.many);
        let outcome = match lack {
            Lack::None => self.if_empty,
            Lack::NotRecorded if !many => Outcome::NotApplicable,
            Lack::NotRecorded | Lack::WrongType => Outcome::CannotTell,
        };
        let env = Env::of(self.list, ABSENT | holder.item);
        if outcome == Outcome::NotApplicable || Asking::quiet(facts, None).ask(&self.when, env) == Tri::False
        {
            return Judgement::not_applicable(holder);
        }
        let spot = Spot { list: self.list, item: u32::MAX, path: None };
        let mut judgement = Judgement::new(outcome, holder);
        if outcome.is_finding() {
            let because = Some(if outcome == Outcome::CannotTell {
                "the list is not recorded"
            } else {
                "the list is empty"
            });
            judgement.details_mut().evidence.push(Trace { role: "missing", spot, because, counts: None });
        }
        judgement
    }

    fn judge_item<'p>(&'p self, facts: &Facts<'p, '_>, subject: SubjectRef) -> Judgement<'p> {
        let env = subject.env();
        match Asking::decide(facts, None, &self.when, env) {
            Ok(true) => {}
            Ok(false) => return Judgement::not_applicable(subject),
            Err(open) => return Judgement::open(subject, &open),
        }
        match Asking::decide(facts, None, &self.needs, env) {
            Ok(true) => Judgement::new(Outcome::Met, subject),
            Err(open) => Judgement::open(subject, &open),
            Ok(false) => {
                let mut judgement = Judgement::new(Outcome::Breached, subject);
                show_failing(facts, &self.needs, env, &mut judgement);
                judgement
            }
        }
    }
}

/// Points at the fields that a condition failed on, and says what the first is called and how many they are.
fn show_failing<'p>(facts: &Facts<'p, '_>, needs: &'p Condition, env: Env, judgement: &mut Judgement<'p>) {
    let mut failing = Vec::new();
    find_failing(facts, needs, env, &mut failing);
    let Some(first) = failing.first().map(|path| path.words.title.as_str()) else { return };
    let words = match failing.len() - 1 {
        0 => first.to_owned(),
        more => format!("{first} and {more} more"),
    };
    let details = judgement.details_mut();
    details.evidence.extend(failing.iter().map(|path| {
        let spot = facts.spot(env, path);
        Trace { role: "differs", spot, because: None, counts: None }
    }));
    details.args.push(("missing", Arg::Words(words)));
    details.args.push(("count", Arg::Number(i64::try_from(failing.len()).unwrap_or(i64::MAX))));
}

/// The fields that a condition failed on, each once, however deep they stand in it.
fn find_failing<'p>(facts: &Facts<'p, '_>, needs: &'p Condition, env: Env, into: &mut Vec<&'p Path>) {
    let parts = match needs {
        Condition::All(parts) | Condition::Any(parts) => parts.as_slice(),
        one => std::slice::from_ref(one),
    };
    for part in parts {
        if Asking::quiet(facts, None).ask(part, env) == Tri::True {
            continue;
        }
        match part {
            Condition::Field(path, _) if into.iter().all(|known| known.words.text != path.words.text) => {
                into.push(path);
            }
            Condition::All(_) | Condition::Any(_) => find_failing(facts, part, env, into),
            _ => {}
        }
    }
}

/// Calls back once for the items of a list, and for each holder that has none. Says whether there was anything to call back for.
pub fn in_list<'p>(
    facts: &Facts<'p, '_>,
    list: ListId,
    out: Out<'_, 'p>,
    items: impl FnOnce(Out<'_, 'p>),
    mut lacking: impl FnMut(SubjectRef, Lack, Out<'_, 'p>),
) -> bool {
    if list != ListId::RECORD && facts.section_is_missing(list) {
        out(Judgement::section_left_out(SubjectRef::RECORD, list));
        return true;
    }
    items(out);
    let listed = facts.listed(list);
    let parent = facts.plan(list).map_or(ListId::RECORD, |plan| plan.parent);
    for (holder, lack) in listed.lacking.iter() {
        lacking(SubjectRef::item(parent, *holder), *lack, out);
    }
    !listed.items.is_empty() || !listed.lacking.is_empty()
}
