//! What one record holds, as rules see it: each list walked at most once, each event and period worked out at most once.
//!
//! Made anew for each record by `pack`; kinds and conditions ask it; nothing here knows a rule.

use std::cell::OnceCell;

use crate::calendar::Calendar;
use crate::calendar::Moment;
use crate::model::Day;
use crate::model::Node;
use crate::model::Pointer;
use crate::rules::judgement::Needs;
use crate::rules::listed::Item;
use crate::rules::listed::Lack;
use crate::rules::listed::Listed;
use crate::rules::listed::Seen;
use crate::rules::listed::seen;
use crate::rules::plan::Base;
use crate::rules::plan::ListId;
use crate::rules::plan::ListPlan;
use crate::rules::plan::Path;
use crate::rules::timeline::Happened;
use crate::rules::timeline::Stretches;
use crate::rules::timeline::Timelines;

/// Set in the number of an item that is not there: the rest is the number of the item that should hold it, so that a condition
/// can still look upwards from it.
pub const ABSENT: u32 = 1 << 31;

/// The item at hand and the item that is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Env {
    /// The list of the item at hand.
    pub list: ListId,
    /// The item at hand.
    pub item: u32,
    /// The list of the item that is judged.
    pub subject_list: ListId,
    /// The item that is judged.
    pub subject_item: u32,
}

impl Env {
    /// An item that is itself judged.
    pub const fn of(list: ListId, item: u32) -> Self {
        Self { list, item, subject_list: list, subject_item: item }
    }

    /// The same judgement, seen from another item.
    pub const fn at(self, list: ListId, item: u32) -> Self {
        Self { list, item, subject_list: self.subject_list, subject_item: self.subject_item }
    }
}

/// Something stands where a date or time should, and cannot be read as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotATime;

/// A place in this record.
#[derive(Clone, Copy, Debug)]
pub struct Spot<'p> {
    /// The list.
    pub list: ListId,
    /// The item.
    pub item: u32,
    /// The field, or the item itself.
    pub path: Option<&'p Path>,
}

/// A list of a record once it has been walked. Most lists of most records are not there, and for those nothing is kept.
#[derive(Debug)]
enum Walked<'r> {
    /// Nothing is there that could hold it.
    Nowhere,
    /// It hangs on the record itself, and is not recorded.
    NotRecorded,
    /// Anything else.
    Full(Box<Listed<'r>>),
}

/// One record as rules see it.
#[derive(Debug)]
pub struct Facts<'p, 'r> {
    pub(crate) root: &'r Node<'r>,
    pub(crate) as_at: Day,
    pub(crate) calendar: &'p Calendar,
    pub(crate) plans: &'p [ListPlan],
    pub(crate) timelines: &'p Timelines,
    /// Whether evidence of every outcome is wanted, not of findings alone.
    pub(crate) explain: bool,
    // Boxed, because most rules of a pack never ask for most of these: an empty place costs one word.
    lists: Vec<OnceCell<Walked<'r>>>,
    /// Which columns of the record have nothing in any form, not even an empty list: the sections that were left out.
    left_out: OnceCell<Vec<bool>>,
    pub(crate) events: Vec<OnceCell<Option<Box<Happened>>>>,
    pub(crate) periods: Vec<OnceCell<Option<Box<Stretches>>>>,
}

impl<'p, 'r> Facts<'p, 'r> {
    pub(crate) fn new(
        root: &'r Node<'r>,
        as_at: Day,
        calendar: &'p Calendar,
        plans: &'p [ListPlan],
        timelines: &'p Timelines,
        explain: bool,
    ) -> Self {
        let lists = plans.iter().map(|_| OnceCell::new()).collect();
        let events = timelines.events.iter().map(|_| OnceCell::new()).collect();
        let periods = timelines.periods.iter().map(|_| OnceCell::new()).collect();
        let left_out = OnceCell::new();
        Self { root, as_at, calendar, plans, timelines, explain, lists, left_out, events, periods }
    }

    /// The plan of a list.
    pub fn plan(&self, list: ListId) -> Option<&'p ListPlan> {
        self.plans.get(list.index())
    }

    /// A list, walked on the first call.
    pub fn listed(&self, list: ListId) -> &Listed<'r> {
        match self.lists.get(list.index()).map(|cell| cell.get_or_init(|| self.walk(list))) {
            Some(Walked::Full(listed)) => listed,
            Some(Walked::NotRecorded) => Listed::NOT_RECORDED,
            Some(Walked::Nowhere) | None => Listed::NOTHING,
        }
    }

    /// How often a rule says that it does not apply to this record, which plainly has nothing that it needs; nothing where that must be asked.
    pub fn nothing_of(&self, needs: Needs) -> Option<u64> {
        let (list, nothing) = match needs {
            Needs::Items(list) | Needs::ItemsOfEach(list) => (list, self.items(list).is_empty()),
            Needs::Stretches(period, list) => {
                let stretches = self.stretches(period);
                (list, stretches.all.is_empty() && stretches.undated.is_empty())
            }
        };
        if !nothing || self.section_is_missing(list) {
            return None;
        }
        let Needs::ItemsOfEach(_) = needs else { return Some(1) };
        let (many, lacking) = (self.plan(list)?.many, &self.listed(list).lacking);
        let plainly = |lack: &Lack| *lack == Lack::None || (*lack == Lack::NotRecorded && !many);
        let all = lacking.iter().all(|(_, lack)| plainly(lack));
        all.then(|| u64::try_from(lacking.len().max(1)).ok()).flatten()
    }

    /// The items of a list.
    pub fn items(&self, list: ListId) -> &[Item<'r>] {
        &self.listed(list).items
    }

    /// One item.
    pub fn item(&self, list: ListId, item: u32) -> Option<Item<'r>> {
        self.items(list).get(item as usize).copied()
    }

    #[inline(never)]
    fn walk(&self, list: ListId) -> Walked<'r> {
        let Some(plan) = self.plan(list) else { return Walked::Nowhere };
        let mut listed = Listed::default();
        if list == ListId::RECORD {
            listed.items.push(Item { node: self.root, parent: 0, index: 0 });
            listed.fill(&plan.columns);
            return Walked::Full(Box::new(listed));
        }
        let holders = self.listed(plan.parent);
        let reach = |parent: u32| {
            let first = holders.cell(parent, plan.column);
            first.and_then(|node| plan.steps.iter().skip(1).try_fold(node, Node::get))
        };
        if holders.items.is_empty() {
            return Walked::Nowhere;
        }
        if plan.parent == ListId::RECORD && matches!(reach(0), None | Some(Node::Null)) {
            return Walked::NotRecorded;
        }
        for parent in (0_u32..).take(holders.items.len()) {
            match (reach(parent), plan.many) {
                (None | Some(Node::Null), _) => listed.lacks(parent, Lack::NotRecorded),
                (Some(Node::List([])), true) => listed.lacks(parent, Lack::None),
                (Some(Node::List(nodes)), true) => {
                    listed.items.extend((0_u32..).zip(*nodes).map(|(index, node)| Item {
                        node,
                        parent,
                        index,
                    }));
                }
                (Some(node @ Node::Object(_)), false) => listed.items.push(Item { node, parent, index: 0 }),
                _ => listed.lacks(parent, Lack::WrongType),
            }
        }
        if !listed.items.is_empty() {
            listed.fill(&plan.columns);
        }
        Walked::Full(Box::new(listed))
    }

    /// Whether the section that holds this list was left out of the record altogether, so that nothing can be said of it.
    pub fn section_is_missing(&self, list: ListId) -> bool {
        let Some(plan) = self.plan(list).filter(|plan| plan.section.is_some()) else { return false };
        let left_out = self.left_out.get_or_init(|| {
            let (record, columns) = (self.listed(ListId::RECORD), self.plan(ListId::RECORD));
            let columns = 0..columns.map_or(0, |plan| plan.columns.len());
            columns.map(|column| matches!(record.cell(0, column), None | Some(Node::Null))).collect()
        });
        left_out.get(plan.section_column).copied().unwrap_or(true)
    }

    /// The item of `ancestor` that holds this one, if `ancestor` is above it or is its own list.
    pub fn holder(&self, list: ListId, item: u32, ancestor: ListId) -> Option<u32> {
        let (mut list, mut item) = (list, item);
        while list != ancestor {
            if list == ListId::RECORD {
                return None;
            }
            item = self.item(list, item)?.parent;
            list = self.plan(list)?.parent;
        }
        Some(item)
    }

    /// What stands in a field, as seen from an item.
    pub fn field(&self, env: Env, path: &Path) -> Seen<'r> {
        let found = match (path.base, &*path.names) {
            (Base::Item, [_]) => self.listed(env.list).cell(env.item, path.column as usize),
            _ => self.far_field(env, path),
        };
        seen(found)
    }

    /// The same for a field that is not simply one of the item at hand.
    #[inline(never)]
    fn far_field(&self, env: Env, path: &Path) -> Option<&'r Node<'r>> {
        let place = match path.base {
            Base::Item => Some((env.list, env.item)),
            Base::Subject => Some((env.subject_list, env.subject_item)),
            Base::Record => Some((ListId::RECORD, 0)),
            Base::Up(up) => self.up(env, up),
        };
        place.and_then(|(list, item)| match &*path.names {
            [] => self.item(list, item).map(|item| item.node),
            [_] => self.listed(list).cell(item, path.column as usize),
            [_, rest @ ..] => self
                .listed(list)
                .cell(item, path.column as usize)
                .and_then(|node| rest.iter().try_fold(node, Node::get)),
        })
    }

    fn up(&self, env: Env, up: u8) -> Option<(ListId, u32)> {
        (0..up).try_fold((env.list, env.item), |(list, item), _| {
            let parent = if item & ABSENT != 0 { item & !ABSENT } else { self.item(list, item)?.parent };
            Some((self.plan(list)?.parent, parent))
        })
    }

    /// The place of a field, as seen from an item.
    pub fn spot(&self, env: Env, path: &'p Path) -> Spot<'p> {
        let (list, item) = match path.base {
            Base::Item => (env.list, env.item),
            Base::Subject => (env.subject_list, env.subject_item),
            Base::Record => (ListId::RECORD, 0),
            Base::Up(up) => self.up(env, up).unwrap_or((ListId::RECORD, 0)),
        };
        Spot { list, item, path: Some(path) }
    }

    /// The time in a field: nothing when it is not recorded, an error when it cannot be read.
    pub fn moment(&self, env: Env, path: &Path) -> Result<Option<Moment>, NotATime> {
        match self.field(env, path) {
            Seen::NotRecorded => Ok(None),
            Seen::Blank => Err(NotATime),
            Seen::Value(node) => moment_of(node).map(Some),
        }
    }

    /// The pointer to an item.
    pub fn pointer(&self, list: ListId, item: u32) -> Pointer {
        let mut pointer = Pointer::root();
        self.write_pointer(list, item, &mut pointer);
        pointer
    }

    /// The same, behind what is in a pointer.
    pub fn write_pointer(&self, list: ListId, item: u32, into: &mut Pointer) {
        let Some(plan) = self.plan(list).filter(|_| list != ListId::RECORD) else { return };
        let here = self.item(list, item);
        self.write_pointer(plan.parent, here.map_or(0, |item| item.parent), into);
        for name in &plan.steps {
            into.push_key(name.as_str());
        }
        if let (true, Some(item)) = (plan.many, here) {
            into.push_index(item.index as usize);
        }
    }

    /// The pointer to a list itself, beneath the first item that could hold it; to its section where that was left out.
    pub fn list_pointer(&self, list: ListId, parent: u32) -> Pointer {
        let mut pointer = Pointer::root();
        self.write_list_pointer(list, parent, &mut pointer);
        pointer
    }

    /// The same, behind what is in a pointer.
    pub fn write_list_pointer(&self, list: ListId, parent: u32, into: &mut Pointer) {
        let Some(plan) = self.plan(list).filter(|_| list != ListId::RECORD) else { return };
        if let Some(section) = plan.section.as_ref().filter(|_| self.section_is_missing(list)) {
            return into.push_key(section.as_str());
        }
        self.write_pointer(plan.parent, parent, into);
        for name in &plan.steps {
            into.push_key(name.as_str());
        }
    }

    /// The pointer to a spot.
    pub fn spot_pointer(&self, spot: &Spot<'_>) -> Pointer {
        let mut pointer = Pointer::root();
        self.write_spot_pointer(spot, &mut pointer);
        pointer
    }

    /// The same, behind what is in a pointer.
    pub fn write_spot_pointer(&self, spot: &Spot<'_>, into: &mut Pointer) {
        self.write_pointer(spot.list, spot.item, into);
        for name in spot.path.iter().flat_map(|path| path.names.iter()) {
            into.push_key(name.as_str());
        }
    }
}

/// The time that a value says.
pub fn moment_of(node: &Node<'_>) -> Result<Moment, NotATime> {
    match node {
        Node::Date(_, day) => Ok(Moment::of_day(*day)),
        Node::Text(text) => Moment::parse(text).ok_or(NotATime),
        _ => Err(NotATime),
    }
}
