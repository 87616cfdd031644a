//! What falls due between two days: looked up among what was kept while the records of a done job were judged. What is overdue by then is a
//! finding, and not here.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use crate::calendar::written_utc;
use crate::jobs::Ask;
use crate::jobs::JobError;
use crate::jobs::Jobs;
use crate::model::Day;
use crate::model::PackFacts;
use crate::report::KeptSummary;
use crate::store::DueAsked;
use crate::store::DueCounts;
use crate::store::DueFound;
use crate::store::JobRow;
use crate::store::JobState;
use crate::store::StoreError;

/// What falls due between two days.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Forecast {
    /// The job whose records it is of.
    pub job: ForecastJob,
    /// The day as at which they were judged: what was recorded by then is known here, and nothing later.
    #[schema(value_type = String)]
    pub as_at: Day,
    /// The first day, included.
    #[schema(value_type = String)]
    pub from: Day,
    /// The last day, included.
    #[schema(value_type = String)]
    pub to: Day,
    /// How much falls due, on all pages.
    pub total: i64,
    /// How much falls due on each day that has any.
    pub by_day: Vec<DueOfDay>,
    /// How much falls due in each week that has any, by its Monday; a week may begin before `from` or end after `to`, and what lies
    /// beyond them is not counted.
    pub by_week: Vec<DueOfWeek>,
    /// How much falls due in each team, most first.
    pub by_team: Vec<DueOfTeam>,
    /// How much falls due by each rule, most first.
    pub by_rule: Vec<DueOfRule>,
    /// A page of what falls due, by day and then in the order of the records.
    pub due: Vec<Due>,
    /// Where the next page begins; none when this is the last.
    pub next: Option<String>,
}

/// The job that a forecast is of.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ForecastJob {
    /// Its id.
    pub job_id: String,
    /// When it was taken.
    pub created_at: String,
    /// When it was done.
    pub done_at: String,
    /// How many records it has.
    pub records: u64,
    /// The rules that judged them.
    pub pack: PackFacts,
}

/// How much falls due on a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct DueOfDay {
    /// The day.
    #[schema(value_type = String)]
    pub due_on: Day,
    /// How much.
    pub count: i64,
}

/// How much falls due in a week.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct DueOfWeek {
    /// Its Monday.
    #[schema(value_type = String)]
    pub monday: Day,
    /// How much.
    pub count: i64,
}

/// How much falls due in a team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct DueOfTeam {
    /// The team; nothing for records that name none.
    pub team: Option<String>,
    /// How much.
    pub count: i64,
}

/// How much falls due by a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct DueOfRule {
    /// Its id.
    pub rule: String,
    /// Its title.
    pub title: String,
    /// Its standard's id.
    pub standard: String,
    /// How much.
    pub count: i64,
}

/// Something that falls due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Due {
    /// The last day on which it is in time.
    #[schema(value_type = String)]
    pub due_on: Day,
    /// Calendar days from the day as at which the record was judged.
    pub days_left: i32,
    /// The rule's id.
    pub rule: String,
    /// The rule's title.
    pub title: String,
    /// The standard's id.
    pub standard: String,
    /// How bad it is once it is missed.
    pub severity: String,
    /// The child's id; none where the record names no child.
    pub id: Option<String>,
    /// The record's number in the job, from 0.
    pub record_no: i64,
    /// The team that the record names.
    pub team: Option<String>,
    /// The locality that the record names.
    pub locality: Option<String>,
    /// The social worker's id.
    pub worker_id: Option<String>,
    /// What the rule was asked about, as a JSON Pointer into the record.
    pub subject: String,
    /// The day the clock started.
    #[schema(value_type = Option<String>)]
    pub started_on: Option<Day>,
    /// The day could only be approximated.
    pub approximate: bool,
}

/// The title and the standard of every rule of a job.
struct Titles(BTreeMap<String, (String, String)>);

impl Titles {
    fn of(summary: &KeptSummary) -> Self {
        let one =
            |rule: &crate::report::KeptRule| (rule.id.clone(), (rule.title.clone(), rule.standard.clone()));
        Self(summary.rules.iter().map(one).collect())
    }

    fn get(&self, rule: &str) -> (String, String) {
        self.0.get(rule).cloned().unwrap_or_default()
    }
}

impl Jobs {
    /// The job of an owner that was taken last, of those that are done.
    pub async fn last_done(&self, owner: &str) -> Result<JobRow, JobError> {
        self.store.last_done(owner).await?.ok_or(JobError::NoneDone)
    }

    /// What falls due between two days, of the records of a done job.
    pub async fn forecast(&self, job: &JobRow, asked: &DueAsked) -> Result<Forecast, JobError> {
        let damaged = |what| JobError::Store(StoreError::Damaged(what));
        if job.state != JobState::Done {
            return Err(JobError::NotDone);
        }
        if !self.store.keeps_due(job.job_no).await? {
            return Err(JobError::NoForecast);
        }
        let as_at = Ask::of_text(&job.ask).ok_or_else(|| damaged("what a job was asked"))?.as_at;
        let summary = job.summary.as_deref().and_then(KeptSummary::of_text);
        let summary = summary.ok_or_else(|| damaged("the summary of a job"))?;
        let titles = Titles::of(&summary);
        let counts = self.store.count_due(job.job_no, asked).await?;
        // One more than a page has says whether there is another page.
        let one_more = DueAsked { limit: asked.limit.saturating_add(1), ..asked.clone() };
        let mut found = self.store.due(job.job_no, &one_more).await?;
        let length = usize::try_from(asked.limit).unwrap_or(0);
        let more = found.len() > length;
        found.truncate(length);
        let next = found
            .last()
            .filter(|_| more)
            .map(|last| format!("{}.{}.{}", last.due_on, last.record_no, last.due_no));
        Ok(Forecast {
            job: of_job(job, summary),
            as_at,
            from: asked.from,
            to: asked.to,
            total: counts.days.iter().map(|(_, count)| count).sum(),
            by_day: counts
                .days
                .iter()
                .map(|(due_on, count)| DueOfDay { due_on: *due_on, count: *count })
                .collect(),
            by_week: by_week(&counts.days),
            by_rule: by_rule(&counts, &titles),
            by_team: by_team(counts),
            due: found.into_iter().map(|found| due(found, as_at, &titles)).collect(),
            next,
        })
    }
}

fn of_job(job: &JobRow, summary: KeptSummary) -> ForecastJob {
    let [name, version, digest] = summary.pack;
    ForecastJob {
        job_id: job.job_id.clone(),
        created_at: written_utc(job.created_us),
        done_at: written_utc(job.changed_us),
        records: summary.records,
        pack: PackFacts { name, version, digest, overlay: summary.overlay },
    }
}

fn by_week(days: &[(Day, i64)]) -> Vec<DueOfWeek> {
    let mut weeks: BTreeMap<Day, i64> = BTreeMap::new();
    for (day, count) in days {
        *weeks.entry(day.monday()).or_default() += count;
    }
    weeks.into_iter().map(|(monday, count)| DueOfWeek { monday, count }).collect()
}

fn by_team(counts: DueCounts) -> Vec<DueOfTeam> {
    let one = |(team, count)| DueOfTeam { team, count };
    let mut teams: Vec<DueOfTeam> = counts.teams.into_iter().map(one).collect();
    teams.sort_by(|left, right| right.count.cmp(&left.count).then_with(|| left.team.cmp(&right.team)));
    teams
}

fn by_rule(counts: &DueCounts, titles: &Titles) -> Vec<DueOfRule> {
    let one = |(rule, count): &(String, i64)| {
        let (title, standard) = titles.get(rule);
        DueOfRule { rule: rule.clone(), title, standard, count: *count }
    };
    let mut rules: Vec<DueOfRule> = counts.rules.iter().map(one).collect();
    rules.sort_by(|left, right| right.count.cmp(&left.count).then_with(|| left.rule.cmp(&right.rule)));
    rules
}

fn due(found: DueFound, as_at: Day, titles: &Titles) -> Due {
    let [locality, team, worker_id] = found.owners;
    Due {
        due_on: found.due_on,
        days_left: found.due_on.days_since(as_at),
        title: titles.get(&found.rule).0,
        rule: found.rule,
        standard: found.standard,
        severity: found.severity,
        id: found.child,
        record_no: found.record_no,
        team,
        locality,
        worker_id,
        subject: found.subject,
        started_on: found.started_on,
        approximate: found.approximate,
    }
}
