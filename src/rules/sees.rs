//! What a condition looks at beside the item at hand, so that what is the same for many items is asked once.

use crate::rules::condition::Condition;
use crate::rules::condition::Test;
use crate::rules::operand::Operand;
use crate::rules::plan::Base;

impl Condition {
    /// Whether it looks at what is judged: its fields, or the day on which it began.
    pub(super) fn sees_judged(&self) -> bool {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().any(Self::sees_judged),
            Self::Not(part) | Self::Some { part, .. } => part.sees_judged(),
            Self::Field(path, tests) => path.base == Base::Subject || tests.iter().any(Test::sees_judged),
            Self::Age(test) => test.on.sees_judged(),
            Self::Happened(_, between) => {
                [&between.from, &between.to].into_iter().flatten().any(Operand::sees_judged)
            }
            Self::During(_, on) => on.sees_judged(),
        }
    }

    /// Whether it is the same for all items that are judged together, by what can be told without looking into its parts.
    pub(super) fn is_same_for_all(&self) -> bool {
        match self {
            Self::Field(path, tests) => path.base == Base::Record && tests.iter().all(Test::is_same_for_all),
            Self::Age(test) => test.on.is_same_for_all(),
            Self::Happened(_, between) => {
                [&between.from, &between.to].into_iter().flatten().all(Operand::is_same_for_all)
            }
            Self::During(_, on) => on.is_same_for_all(),
            Self::All(_) | Self::Any(_) | Self::Not(_) | Self::Some { .. } => false,
        }
    }
}

impl Test {
    /// What it compares a field with, if that is a day.
    const fn day(&self) -> Option<&Operand> {
        match self {
            Self::Before(day) | Self::After(day) | Self::OnOrBefore(day) | Self::OnOrAfter(day) => Some(day),
            _ => None,
        }
    }

    fn sees_judged(&self) -> bool {
        let other = matches!(self, Self::SameAs(path) if path.base == Base::Subject);
        other || self.day().is_some_and(Operand::sees_judged)
    }

    fn is_same_for_all(&self) -> bool {
        let other = matches!(self, Self::SameAs(path) if path.base != Base::Record);
        !other && self.day().is_none_or(Operand::is_same_for_all)
    }
}

impl Operand {
    fn sees_judged(&self) -> bool {
        match self {
            Self::Day(_) | Self::AsAt => false,
            Self::Start => true,
            Self::Field(path) => path.base == Base::Subject,
            Self::Moved(from, ..) => from.sees_judged(),
            Self::LaterOf(parts) | Self::EarlierOf(parts) => parts.iter().any(Self::sees_judged),
        }
    }

    /// What is judged together began on one day, or each on a day of which nothing is known.
    fn is_same_for_all(&self) -> bool {
        match self {
            Self::Day(_) | Self::AsAt | Self::Start => true,
            Self::Field(path) => path.base == Base::Record,
            Self::Moved(from, ..) => from.is_same_for_all(),
            Self::LaterOf(parts) | Self::EarlierOf(parts) => parts.iter().all(Self::is_same_for_all),
        }
    }
}
