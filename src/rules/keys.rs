//! The lasting facts that an item is known by, so that its findings keep their ids.
//!
//! Findings ask for them; only what a key field is meant to hold is shown.

use crate::model::Day;
use crate::model::KeyPart;
use crate::model::Name;
use crate::model::Node;
use crate::rules::facts::Env;
use crate::rules::facts::Facts;
use crate::rules::listed::Seen;
use crate::rules::plan::KeyField;
use crate::rules::plan::ListId;
use crate::rules::plan::ListPlan;

/// A part of a key while it is compared.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part<'r> {
    Day(Day),
    Text(&'r str),
    Number(i64),
    Missing,
}

impl<'r> Facts<'_, 'r> {
    /// The lasting facts that an item is known by: those of the items that hold it first, then its own.
    pub fn key(&self, list: ListId, item: u32) -> Vec<(String, KeyPart)> {
        let Some(plan) = self.plan(list).filter(|_| list != ListId::RECORD) else { return Vec::new() };
        let here = self.item(list, item);
        let mut key = self.key(plan.parent, here.map_or(0, |item| item.parent));
        let noun = plan.steps.last().map_or("", Name::as_str);
        for field in &plan.key {
            key.push((
                [noun, ".", &field.path.words.text].concat(),
                self.key_part(Env::of(list, item), field),
            ));
        }
        let twin = self.twin_number(list, item, plan);
        if twin > 0 {
            key.push((format!("{noun}.nth"), KeyPart::Number(twin + 1)));
        }
        key
    }

    /// A fact that lasts, if it is of the sort that the field is meant to hold: what somebody wrote there instead is not repeated.
    fn key_part(&self, env: Env, field: &KeyField) -> KeyPart {
        match self.part(env, field) {
            Part::Day(day) => KeyPart::Day(day),
            Part::Text(text) => KeyPart::Text(text.to_owned()),
            Part::Number(number) => KeyPart::Number(number),
            Part::Missing => KeyPart::Missing,
        }
    }

    /// The same, not made to last.
    fn part(&self, env: Env, field: &KeyField) -> Part<'r> {
        match self.field(env, &field.path) {
            Seen::Value(Node::Date(_, day)) => Part::Day(*day),
            Seen::Value(Node::Text(text)) if field.may_show(text) => Part::Text(text),
            Seen::Value(Node::Int(number)) => Part::Number(*number),
            Seen::Value(Node::Bool(flag)) => Part::Text(if *flag { "true" } else { "false" }),
            _ => Part::Missing,
        }
    }

    /// How many like-keyed items of the same holder come before this one, by their content, so that the order of the
    /// document does not matter.
    fn twin_number(&self, list: ListId, item: u32, plan: &ListPlan) -> i64 {
        let Some(here) = self.item(list, item).filter(|_| plan.many) else { return 0 };
        let alike = |at: u32| {
            let part = |at: u32, field| self.part(Env::of(list, at), field);
            plan.key.iter().all(|field| part(at, field) == part(item, field))
        };
        let before = (0_u32..).zip(self.items(list)).filter(|(at, other)| {
            *at != item
                && other.parent == here.parent
                && alike(*at)
                && (digest(other.node), *at) < (digest(here.node), item)
        });
        i64::try_from(before.count()).unwrap_or(0)
    }
}

/// A number for the content of a value that does not depend on the order of its members or items.
pub fn digest(node: &Node<'_>) -> u64 {
    let mix = |seed: u64, value: u64| (seed ^ value).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
    match node {
        Node::Null => 1,
        Node::Bool(flag) => 2 + u64::from(*flag),
        Node::Int(number) => mix(5, number.cast_unsigned()),
        Node::Big(number) => mix(6, *number),
        Node::Float(number) => mix(7, number.to_bits()),
        Node::Text(text) | Node::Date(text, _) => {
            text.bytes().fold(8, |seed, byte| mix(seed, u64::from(byte)))
        }
        Node::List(items) => mix(9, items.iter().fold(0, |sum, item| digest(item).wrapping_add(sum))),
        Node::Object(members) => mix(
            10,
            members
                .iter()
                .fold(0, |sum, member| mix(u64::from(member.hash), digest(&member.value)).wrapping_add(sum)),
        ),
    }
}
