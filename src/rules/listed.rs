//! A list of the record, walked: its items, and what stands in the columns that rules ask for.
//!
//! `facts` walks each list at most once; conditions read its columns, one item at a time or many at once.

use std::borrow::Cow;

use crate::model::NameTable;
use crate::model::Node;

/// An item of a list.
#[derive(Clone, Copy, Debug)]
pub struct Item<'r> {
    /// Its content.
    pub node: &'r Node<'r>,
    /// Which item of the parent list holds it.
    pub parent: u32,
    /// Its index in the document; meaningless for an object.
    pub index: u32,
}

/// Why a list has no items beneath one item of its parent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lack {
    /// Not recorded: absent or `null`.
    NotRecorded,
    /// Recorded as none: `[]`.
    None,
    /// Something else stands there.
    WrongType,
}

/// A list of the record, walked.
#[derive(Debug, Default)]
pub struct Listed<'r> {
    /// Its items, in the order of the document.
    pub items: Vec<Item<'r>>,
    /// The items of the parent list that have none, and why.
    pub lacking: Cow<'static, [(u32, Lack)]>,
    /// Which property of each item stands in each column, column by column: its number from 1, or 0 for none, and with [`RECORDED`] where
    /// something is recorded there. Numbers are smaller than places in memory, and a record has thousands of them.
    cells: Vec<u16>,
    /// What stands in cells that their property has too high a number for, by the place of the cell.
    far: Vec<(usize, &'r Node<'r>)>,
}

/// How many items are looked at together.
pub const BLOCK: usize = 64;

/// In a cell: something is recorded, see [`is_recorded`].
const RECORDED: u16 = 1 << 15;

/// In a cell: see [`Listed::far`].
const FAR: u16 = RECORDED - 1;

impl<'r> Listed<'r> {
    /// A list of nothing.
    pub const NOTHING: &'r Self = &Self::empty(&[]);

    /// A list that hangs on the record itself and is not recorded.
    pub const NOT_RECORDED: &'r Self = &Self::empty(&[(0, Lack::NotRecorded)]);

    const fn empty(lacking: &'static [(u32, Lack)]) -> Self {
        Self { items: Vec::new(), lacking: Cow::Borrowed(lacking), cells: Vec::new(), far: Vec::new() }
    }

    /// Notes that an item of the parent list has none, and why.
    pub fn lacks(&mut self, holder: u32, lack: Lack) {
        self.lacking.to_mut().push((holder, lack));
    }

    /// What stands in a column of an item: looked up by name once for each item, whatever asks for it.
    #[inline]
    pub fn cell(&self, item: u32, column: usize) -> Option<&'r Node<'r>> {
        let own = self.items.get(item as usize)?;
        let place = column * self.items.len() + item as usize;
        match *self.cells.get(place)? & !RECORDED {
            0 => None,
            FAR => self.far.iter().find(|(far, _)| *far == place).map(|(_, node)| *node),
            number => own.node.as_object()?.get(usize::from(number) - 1).map(|member| &member.value),
        }
    }

    /// In which items of a block something is recorded in a column: see [`is_recorded`].
    #[inline]
    pub fn recorded(&self, column: usize, block: usize) -> u64 {
        let (count, before) = (self.items.len(), block * BLOCK);
        let start = column * count + before;
        let cells =
            self.cells.get(start..start + count.saturating_sub(before).min(BLOCK)).unwrap_or_default();
        (0_u32..).zip(cells).fold(0, |bits, (bit, cell)| bits | u64::from(cell >> 15) << bit)
    }

    /// Fills the columns.
    pub fn fill(&mut self, columns: &NameTable) {
        let count = self.items.len();
        self.cells = vec![0; count * columns.len()];
        for (at, item) in self.items.iter().enumerate() {
            for (number, member) in (1_usize..).zip(item.node.as_object().unwrap_or_default()) {
                let Some(column) = columns.find(member.hash, member.name) else { continue };
                let place = column * count + at;
                let number = u16::try_from(number).map_or(FAR, |number| number.min(FAR));
                if number == FAR {
                    self.far.push((place, &member.value));
                }
                if let Some(cell) = self.cells.get_mut(place) {
                    *cell = if is_recorded(&member.value) { number | RECORDED } else { number };
                }
            }
        }
    }
}

/// What stands in a field.
#[derive(Clone, Copy, Debug)]
pub enum Seen<'r> {
    /// Absent or `null`.
    NotRecorded,
    /// `""` or only white space.
    Blank,
    /// A value.
    Value(&'r Node<'r>),
}

/// What a reader sees of what stands in a field.
pub fn seen<'r>(found: Option<&'r Node<'r>>) -> Seen<'r> {
    match found {
        None | Some(Node::Null) => Seen::NotRecorded,
        Some(Node::Text(text)) if is_blank(text) => Seen::Blank,
        Some(node) => Seen::Value(node),
    }
}

/// Whether something is recorded: not blank, and not an empty list or an object of nothing.
pub fn is_recorded(node: &Node<'_>) -> bool {
    match node {
        Node::Null => false,
        Node::Text(text) => !is_blank(text),
        Node::List(items) => !items.is_empty(),
        Node::Object(members) => members.iter().any(|member| member.value != Node::Null),
        _ => true,
    }
}

/// Whether there is nothing but white space; nearly every text shows at its first letter that there is more.
pub fn is_blank(text: &str) -> bool {
    !text.bytes().next().is_some_and(|byte| byte.is_ascii_graphic()) && text.trim().is_empty()
}

#[cfg(test)]
mod tests {
    use super::BLOCK;
    use super::Item;
    use super::Listed;
    use crate::model::Member;
    use crate::model::Name;
    use crate::model::NameTable;
    use crate::model::Node;

    fn member<'a>(name: &'a str, value: Node<'a>) -> Member<'a> {
        Member { hash: Name::hash_of(name), name, value }
    }

    #[test]
    fn a_property_is_found_however_many_stand_before_it_and_in_whichever_block() {
        let names: Vec<String> = (0..70_000).map(|number| format!("other_{number}")).collect();
        for before in [0, 1, 32_763, 32_764, 32_765, 32_766, 65_535, 70_000] {
            let mut members: Vec<Member<'_>> =
                names.iter().take(before).map(|name| member(name, Node::Null)).collect();
            members.extend([member("known", Node::Int(7)), member("blank", Node::Text(" "))]);
            let (full, empty) = (Node::Object(&members), Node::Object(&[]));
            let item = |index| Item { node: if index % 3 == 0 { &full } else { &empty }, parent: 0, index };
            let mut listed = Listed { items: (0..100).map(item).collect(), ..Listed::default() };
            listed.fill(&NameTable::new(["never", "blank", "known"].map(Name::new)));
            let seen = |item: u32| [0, 1, 2].map(|column| listed.cell(item, column).copied());
            for item in 0..100 {
                let there = item % 3 == 0;
                let expected = [None, there.then_some(Node::Text(" ")), there.then_some(Node::Int(7))];
                assert_eq!(seen(item), expected, "item {item}, {before} before");
                let (block, bit) = (item as usize / BLOCK, item as usize % BLOCK);
                let recorded = [0, 1, 2].map(|column| listed.recorded(column, block) >> bit & 1 == 1);
                assert_eq!(recorded, [false, false, there], "item {item}, {before} before");
            }
            assert_eq!(seen(100), [None; 3]);
        }
    }
}
