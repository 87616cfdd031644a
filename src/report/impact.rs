//! What a changed pack changes, for a reader: as JSON and in words.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::model::Day;
use crate::model::Impact;
use crate::model::Moves;
use crate::report::Ink;
use crate::report::words::counted;
use crate::rules::Pack;

/// What a changed pack changes over some records, with the names that readers need.
#[derive(Debug, serde::Serialize, utoipa::ToSchema)]
pub struct ImpactReport {
    /// The day as at which the records were judged by both.
    #[schema(value_type = String)]
    pub as_at: Day,
    /// The pack in use.
    pub present: Named,
    /// The changed pack.
    pub changed: Named,
    /// Records that were judged by both.
    pub records: u64,
    /// Records that could not be read.
    pub unreadable: u64,
    /// Records of which at least one finding differs.
    pub records_changed: u64,
    /// All rules together.
    pub all: Moves,
    /// By rule, the one of which most findings differ first.
    pub rules: Vec<RuleMoves>,
    /// By team.
    pub teams: Vec<GroupMoves>,
    /// By locality.
    pub localities: Vec<GroupMoves>,
}

/// A pack by its name.
#[derive(Debug, serde::Serialize, utoipa::ToSchema)]
#[schema(as = NamedPack)]
pub struct Named {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// SHA-256 of its files, in hexadecimal.
    pub digest: String,
    /// The overlay's name and version.
    pub overlay: Option<String>,
}

/// The findings of one rule that come and go.
#[derive(Debug, serde::Serialize, utoipa::ToSchema)]
pub struct RuleMoves {
    /// Its id.
    pub rule: String,
    /// One line; nothing for rules of shape.
    pub title: Option<String>,
    /// `kept`, `added` or `taken_out`: whether both packs have it.
    pub standing: &'static str,
    /// What differs.
    #[serde(flatten)]
    pub moves: Moves,
}

/// The findings of a team or locality that come and go.
#[derive(Debug, serde::Serialize, utoipa::ToSchema)]
pub struct GroupMoves {
    /// Its name; nothing for records that name none.
    pub name: Option<String>,
    /// What differs.
    #[serde(flatten)]
    pub moves: Moves,
}

impl Named {
    fn of(pack: &Pack) -> Self {
        Self {
            name: pack.name.clone(),
            version: pack.version.clone(),
            digest: pack.digest.clone(),
            overlay: pack.overlay.as_ref().map(|(name, version)| format!("{name} {version}")),
        }
    }

    fn words(&self) -> String {
        let overlay =
            self.overlay.as_ref().map_or_else(String::new, |overlay| format!(", overlay {overlay}"));
        format!("{} {}{overlay} ({})", self.name, self.version, self.digest.get(..12).unwrap_or_default())
    }
}

impl ImpactReport {
    /// What two packs say differently.
    pub fn of(impact: &Impact, present: &Pack, changed: &Pack, as_at: Day) -> Self {
        let mut rules: Vec<RuleMoves> = impact
            .rules
            .iter()
            .map(|(rule, moves)| {
                let (before, after) = (present.facts_of(rule), changed.facts_of(rule));
                let standing = match (before, after) {
                    (None, Some(_)) => "added",
                    (Some(_), None) => "taken_out",
                    _ => "kept",
                };
                let title = after.or(before).map(|facts| facts.title.clone());
                RuleMoves { rule: rule.clone(), title, standing, moves: *moves }
            })
            .collect();
        rules.sort_by_key(|line| std::cmp::Reverse(line.moves.total()));
        Self {
            as_at,
            present: Named::of(present),
            changed: Named::of(changed),
            records: impact.records,
            unreadable: impact.unreadable,
            records_changed: impact.records_changed,
            all: impact.all,
            rules,
            teams: groups(&impact.teams),
            localities: groups(&impact.localities),
        }
    }
}

fn groups(moves: &BTreeMap<Option<String>, Moves>) -> Vec<GroupMoves> {
    let mut all: Vec<GroupMoves> =
        moves.iter().map(|(name, moves)| GroupMoves { name: name.clone(), moves: *moves }).collect();
    all.sort_by_key(|line| std::cmp::Reverse(line.moves.total()));
    all
}

/// The report in plain words.
pub fn impact_as_text(report: &ImpactReport, ink: Ink) -> String {
    let mut text = format!(
        "present: {}\nchanged: {}\n{} judged by both as at {}",
        report.present.words(),
        report.changed.words(),
        counted(report.records, "record"),
        report.as_at
    );
    if report.unreadable > 0 {
        let _ = write!(text, "; {} could not be read", counted(report.unreadable, "record"));
    }
    if report.all.total() == 0 {
        text.push_str("\n\nThe changed pack finds what the present one finds.\n");
        return text;
    }
    let _ = write!(
        text,
        "\n\n{}\n{}\n",
        ink.bold(&format!("The findings of {} differ", counted(report.records_changed, "record"))),
        words(report.all)
    );
    let _ = write!(text, "\n{}\n", ink.bold("By rule"));
    for line in &report.rules {
        let standing = match line.standing {
            "added" => " (added)",
            "taken_out" => " (taken out)",
            _ => "",
        };
        let title = line.title.as_deref().unwrap_or("the shape of the record");
        let _ = writeln!(text, "  {:<10}{title}{standing}\n            {}", line.rule, words(line.moves));
    }
    for (head, none, lines) in [
        ("By team", "no team recorded", &report.teams),
        ("By locality", "no locality recorded", &report.localities),
    ] {
        let _ = write!(text, "\n{}\n", ink.bold(head));
        for line in lines {
            let _ = writeln!(text, "  {}: {}", line.name.as_deref().unwrap_or(none), words(line.moves));
        }
    }
    text
}

fn words(moves: Moves) -> String {
    let mut parts = vec![
        format!("{} newly failing", moves.newly_failing),
        format!("{} no longer failing", moves.no_longer_failing),
    ];
    if moves.other_outcome > 0 {
        parts.push(format!("{} with another outcome", moves.other_outcome));
    }
    parts.join(", ")
}
