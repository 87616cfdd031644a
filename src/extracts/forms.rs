//! The forms of a mapping file: which keys a layout, a table, a part and a column take.

use crate::form::Form;
use crate::form::Takes;
use crate::form::field;

/// The form of a layout: `rules/mappings/<layout>.yaml`.
pub static LAYOUT: Form = Form {
    name: "a layout",
    about: "What the tables of an extract mean: which column goes to which field of the case record.",
    fields: &[
        field!(needed "title", Takes::Text, "What people call the extract."),
        field!(needed "source", Takes::Text, "Where its tables and columns are published."),
        field!(
            "child",
            Takes::Text,
            "The column that holds the child's id, in every table that names none of its own."
        ),
        field!(
            "xml",
            Takes::Form(&XML),
            "That the extract is one XML document: each table is an element, each column an element inside it."
        ),
        field!("child_aliases", Takes::Many(&Takes::Text), "Other names of that column."),
        field!(
            needed "dates",
            Takes::Many(&Takes::Word(&["dd/mm/yyyy", "yyyy-mm-dd", "d-mmm-yy", "excel_serial"])),
            "The forms of dates that are read; the first is the extract's own, the others are counted."
        ),
        field!(
            "empty",
            Takes::Many(&Takes::Text),
            "Words that the extract writes where nothing is recorded; each use is counted."
        ),
        field!(
            "flags",
            Takes::Anything,
            "What flags are written as, and `true`, `false` or nothing (not known) for each; a column's own `values` come before."
        ),
        field!(
            "every_table",
            Takes::Many(&Takes::Form(&PART)),
            "What the rows of every table about children hold, after its own parts."
        ),
        field!(
            "taken_as_not_recorded",
            Takes::Many(&Takes::List),
            "Fields that no table holds and that rules may take as not recorded; a rule that reads any other field that no table holds does not run."
        ),
        field!(needed "tables", Takes::Named(&TABLE), "The tables, by name; where two tables hold one field, the first one's value stands."),
    ],
};

/// The form of what is said of an XML document.
pub static XML: Form = Form {
    name: "an XML document",
    about: "How a document is known and where a child begins. A table is an element, by its name; what stands inside belongs to it, unless it is a table of its own.",
    fields: &[
        field!(needed "roots", Takes::Many(&Takes::Text), "Names of the outermost element."),
        field!(needed "each", Takes::Text, "The element that holds all of one child."),
        field!(needed "id", Takes::Text, "The element inside it that holds the child's id."),
    ],
};

/// The form of a table.
pub static TABLE: Form = Form {
    name: "a table",
    about: "One table of the extract: a row is about one child.",
    fields: &[
        field!("files", Takes::Many(&Takes::Text), "Names of its file without ending, beside its own."),
        field!(
            "child",
            Takes::Text,
            "The column that holds the child's id, if it is not the layout's. A table without one finds the child through its parent."
        ),
        field!("parent", Takes::Form(&PARENT), "The table above to whose rows its rows belong."),
        field!(
            "complete",
            Takes::YesNo,
            "A child without a row in it has none of what it lists; otherwise nothing is said of that child."
        ),
        field!(
            "not_of_children",
            Takes::Text,
            "Why its rows are about no child: the table is known and said, and not read into records."
        ),
        field!(
            "parts",
            Takes::Many(&Takes::Form(&PART)),
            "What its rows hold, place by place in the record."
        ),
        field!(
            "unused",
            Takes::Anything,
            "Columns that are known and have no place in the record: each with the reason, or a list of groups of columns with one reason. A table of which nothing is used has no parts."
        ),
    ],
};

/// The form of the way from a row to the row that it belongs to.
pub static PARENT: Form = Form {
    name: "a parent",
    about: "The row of another table that a row belongs to. A part stands beneath the item that this row made; a part of the same place fills that item.",
    fields: &[
        field!(needed "table", Takes::Text, "The other table; it stands above this one."),
        field!(
            "column",
            Takes::Text,
            "The column of this table that names the row of the other; in XML none, as the element stands inside the other."
        ),
        field!("is", Takes::Text, "The column of the other table that holds the same."),
        field!(
            "from",
            Takes::Text,
            "Instead of `column`: the column of this table with the first day on which the row holds; it belongs to every row of the child that begins while it holds."
        ),
        field!("until", Takes::Text, "The column of this table with the day on which it holds no more."),
        field!("on", Takes::Text, "The column of the other table with the day on which its row begins."),
    ],
};

/// The form of a group of columns that have no place.
pub static UNUSED: Form = Form {
    name: "a group of unused columns",
    about: "Columns that are known and have no place in the record, for one reason.",
    fields: &[
        field!(needed "columns", Takes::Many(&Takes::Text), "The columns."),
        field!(needed "why", Takes::Text, "The reason, in one sentence."),
    ],
};

/// The form of a part.
pub static PART: Form = Form {
    name: "a part",
    about: "One place in the record that a row fills: an item of a list, or an object of which a child has one.",
    fields: &[
        field!(needed "each", Takes::List, "The place: `cla_reviews[]` takes a row as an item, or fills the item of the parent where that is the parent's place; `child_details` takes the first value of each column."),
        field!("when", Takes::Form(&WHEN), "Which rows fill it."),
        field!(
            "partial",
            Takes::YesNo,
            "Only some of what the list holds are in the table (the latest, those of the last months), so that a rule that reads the list does not run."
        ),
        field!("sets", Takes::Anything, "Fields that such a row says by being there, with their values."),
        field!("columns", Takes::Anything, "Each column with the field that it goes to, or with several."),
    ],
};

/// The form of a condition on rows.
pub static WHEN: Form = Form {
    name: "a condition on rows",
    about: "A row fills the part when a column holds one of these.",
    fields: &[
        field!(needed "column", Takes::Text, "The column."),
        field!(needed "is", Takes::Many(&Takes::Text), "The values with which a row fills the part."),
        field!("none", Takes::Many(&Takes::Text), "The values by which it is recorded that there is none."),
        field!("often_blank", Takes::YesNo, "Most rows have nothing in the column."),
    ],
};

/// The kinds of value that a column holds.
pub const TYPES: &[&str] = &["date", "code", "text", "id", "flag", "whole_number"];

/// The form of a column.
pub static COLUMN: Form = Form {
    name: "a column",
    about: "The field that a column goes to, and how it is written there.",
    fields: &[
        field!(needed "to", Takes::Path, "The field, from the part's place; `disabilities[]` adds to a list of values."),
        field!(needed "type", Takes::Word(TYPES), "What it holds; it must be what the record's field holds."),
        field!(
            "take",
            Takes::Word(&["whole", "each", "first", "rest", "if_code", "if_date", "otherwise"]),
            "Which part of the cell goes there: all of it (`whole`, unless given), each code of a cell that lists several (`each`), its first letter, the rest; or all of it only if it is a code or a date of this field, or if no field before took it."
        ),
        field!(
            "values",
            Takes::Anything,
            "What the extract writes, and what the record holds for it, or nothing where it says that it is not known; part of the standard, not counted."
        ),
        field!(
            "earlier",
            Takes::Anything,
            "Codes of earlier years, and the codes that replaced them; each use is counted and listed."
        ),
        field!("aliases", Takes::Many(&Takes::Text), "Other names of the column."),
        field!(
            "often_blank",
            Takes::YesNo,
            "Most rows have nothing here, so that a blank column is no sign of a fault."
        ),
    ],
};
