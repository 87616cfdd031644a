//! An extract whose files have been recognised: what it holds, what it lacks, and the way to its records.

use std::collections::BTreeSet;

use crate::extracts::facts::Lack;
use crate::extracts::group::GroupError;
use crate::extracts::group::GroupLimits;
use crate::extracts::group::Grouped;
use crate::extracts::group::group;
use crate::extracts::layout::Layout;
use crate::extracts::opened::NotOfChildren;
use crate::extracts::opened::Recognised;
use crate::extracts::opened::Suggested;
use crate::extracts::recognise::Confirmed;
use crate::extracts::recognise::Sources;
use crate::extracts::recognise::Unrecognised;
use crate::extracts::recognise::recognise;

/// Files that have been recognised.
pub struct Extract<'l> {
    all: Recognised<'l>,
    supplied: BTreeSet<String>,
}

impl<'l> Extract<'l> {
    /// Tells what each file is: by the layout that is named, or by the one that alone knows the most of the files.
    pub fn recognise(
        layouts: &'l [Layout],
        named: Option<&str>,
        files: impl Into<Sources>,
        confirmed: &[Confirmed],
    ) -> Result<Self, Unrecognised> {
        let all = recognise(layouts, named, files.into(), confirmed)?;
        let supplied =
            all.layout.supplied(&|table| all.given(table), &|table, column| all.found(table, column));
        Ok(Self { all, supplied })
    }

    /// The layout by which it is read.
    pub fn layout(&self) -> &'l Layout {
        self.all.layout
    }

    /// Files that no table of the layout is like.
    pub fn strangers(&self) -> &[String] {
        &self.all.strangers
    }

    /// Sheets beside the tables that hold nothing about children.
    pub fn other_sheets(&self) -> &[String] {
        &self.all.other_sheets
    }

    /// The tables of the layout that were not given, those aside of which nothing would be read.
    pub fn not_given(&self) -> Vec<String> {
        let tables = self.all.layout.tables.iter().enumerate();
        tables
            .filter(|(at, table)| table.is_used() && !self.all.given(*at))
            .map(|(_, table)| table.name.clone())
            .collect()
    }

    /// Files and sheets whose rows are about no child.
    pub fn not_of_children(&self) -> &[NotOfChildren] {
        &self.all.not_of_children
    }

    /// Columns that may be one of the layout's.
    pub fn suggested(&self) -> &[Suggested] {
        &self.all.suggested
    }

    /// What a rule that reads these parts of the record would lack. Nothing lacking: it can be judged.
    pub fn lacks(&self, reads: &BTreeSet<String>) -> BTreeSet<Lack> {
        reads.difference(&self.supplied).map(|read| self.lack(read)).collect()
    }

    fn lack(&self, read: &str) -> Lack {
        let lack = self.lack_of_table(read);
        if self.all.layout.xml.is_none() {
            return lack;
        }
        match lack {
            Lack::Table(name) => Lack::Element(name),
            Lack::Column(name) => Lack::Element(name.rsplit('.').next().unwrap_or_default().to_owned()),
            other => other,
        }
    }

    fn lack_of_table(&self, read: &str) -> Lack {
        let layout = self.all.layout;
        let (given, found) = (|table| self.all.given(table), |table, column| self.all.found(table, column));
        let (mut lacking, mut partial) = (None, false);
        for (at, table) in layout.tables.iter().enumerate() {
            for part in &table.parts {
                let target = part.targets.iter().find(|target| part.path_of(&target.names) == read);
                let here =
                    target.is_some() || part.text == read || part.text.starts_with(&format!("{read}."));
                partial |= here && part.partial;
                // To be given another part would be of no help.
                if here && !part.partial && !given(at) {
                    return Lack::Table(table.name.clone());
                }
                if here
                    && !part.partial
                    && part.under > 0
                    && let Some(lack) = layout.parent_lacks(at, &given, &found)
                {
                    return lack;
                }
                let column =
                    target.map(|target| target.column).or(part.when.as_ref().map(|when| when.column));
                if here && let Some(column) = column.and_then(|column| table.columns.get(column)) {
                    lacking = Some(Lack::Column(format!("{}.{}", table.name, column.name)));
                }
            }
        }
        if partial {
            return Lack::OnlyPart(read.to_owned());
        }
        lacking.unwrap_or_else(|| Lack::NeverHeld(read.to_owned()))
    }

    /// Reads the tables and brings the rows of each child together.
    pub fn group(self, limits: GroupLimits) -> Result<Grouped<'l>, GroupError> {
        group(self.all, limits)
    }
}
