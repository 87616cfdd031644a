//! Looks up what falls due between two days, and counts it by day, team and rule.

use crate::model::Day;
use crate::store::Store;
use crate::store::StoreError;
use crate::store::database::reading;

/// What falls due and is asked for. What is not given does not matter.
#[derive(Clone, Debug)]
pub struct DueAsked {
    /// The first day, included.
    pub from: Day,
    /// The last day, included.
    pub to: Day,
    /// The rule's id.
    pub rule: Option<String>,
    /// The standard's id.
    pub standard: Option<String>,
    /// The team; an empty one stands for records that name none.
    pub team: Option<String>,
    /// The locality.
    pub locality: Option<String>,
    /// The social worker's id.
    pub worker: Option<String>,
    /// After this one, by its day, its record and its number; counts leave it out of account.
    pub after: Option<(Day, i64, i64)>,
    /// At most so many; counts are of all.
    pub limit: i64,
}

/// Something that falls due, as it is kept, with the child's id in its place again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueFound {
    /// The last day on which it is in time.
    pub due_on: Day,
    /// The record, by its number.
    pub record_no: i64,
    /// Its number among what falls due of the record.
    pub due_no: i64,
    /// The rule's id.
    pub rule: String,
    /// The standard's id.
    pub standard: String,
    /// How bad it is once it is missed.
    pub severity: String,
    /// The locality, team and worker of its record.
    pub owners: [Option<String>; 3],
    /// What the rule was asked about.
    pub subject: String,
    /// The day the clock started.
    pub started_on: Option<Day>,
    /// The limit could only be approximated.
    pub approximate: bool,
    /// The child's id; none where the record names no child.
    pub child: Option<String>,
}

/// How much falls due, all pages together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DueCounts {
    /// By day, in their order.
    pub days: Vec<(Day, i64)>,
    /// By team, those of records that name none under nothing.
    pub teams: Vec<(Option<String>, i64)>,
    /// By rule.
    pub rules: Vec<(String, i64)>,
}

/// What is asked for, as the macro `asked_for` binds it. The days and the place to begin after are one comparison of the key's columns.
macro_rules! where_asked {
    ($select:literal, $rest:literal) => {
        concat!(
            $select,
            " from due where job_no = $1 and (due_on, record_no, due_no) > ($2, $3, $4) and due_on <= $5 \
             and ($6 is null or rule = $6) and ($7 is null or standard = $7) and ($8 is null or coalesce(team, '') = $8) \
             and ($9 is null or locality = $9) and ($10 is null or worker = $10) ",
            $rest
        )
    };
}

/// Binds a job and what is asked of what falls due, beginning after a place.
macro_rules! asked_for {
    ($query:expr, $job_no:ident, $asked:ident, $after:expr) => {{
        let (day, record_no, due_no): (Day, i64, i64) = $after;
        $query
            .bind($job_no)
            .bind(i64::from(day.number()))
            .bind(record_no)
            .bind(due_no)
            .bind(i64::from($asked.to.number()))
            .bind($asked.rule.as_deref())
            .bind($asked.standard.as_deref())
            .bind($asked.team.as_deref())
            .bind($asked.locality.as_deref())
            .bind($asked.worker.as_deref())
    }};
}

const DAYS: &str = where_asked!("select due_on, count(*)", "group by due_on order by due_on");

const TEAMS: &str = where_asked!("select team, count(*)", "group by team");

const RULES: &str = where_asked!("select rule, count(*)", "group by rule");

const FIND: &str = where_asked!(
    "select due_on, record_no, due_no, rule, standard, severity, locality, team, worker, subject, started_on, approximate, \
     (select i.sealed from record_ids i where i.job_no = due.job_no and i.record_no = due.record_no)",
    "order by due_on, record_no, due_no limit $11"
);

type Columns = (
    i64,
    i64,
    i64,
    String,
    String,
    String,
    Option<String>,
    Option<String>,
    Option<String>,
    String,
    Option<i64>,
    i64,
    Option<Vec<u8>>,
);

fn day(number: i64) -> Result<Day, StoreError> {
    let day = i32::try_from(number).ok().and_then(Day::from_number);
    day.ok_or(StoreError::Damaged("the day on which something falls due"))
}

impl Store {
    /// Whether what falls due of every record of a job is kept: not where one was judged before that was so.
    pub async fn keeps_due(&self, job_no: i64) -> Result<bool, StoreError> {
        let lacking = reading!(self, pool => {
            sqlx::query_as::<Db, (i64,)>(
                "select first_record from chunks where job_no = $1 and across is null and due_kept is null limit 1",
            )
            .bind(job_no)
            .fetch_optional(pool)
            .await?
        });
        Ok(lacking.is_none())
    }

    /// How much falls due of what is asked for.
    pub async fn count_due(&self, job_no: i64, asked: &DueAsked) -> Result<DueCounts, StoreError> {
        let first = (asked.from, -1, -1);
        let (days, teams, rules) = reading!(self, pool => {
            let days = asked_for!(sqlx::query_as::<Db, (i64, i64)>(DAYS), job_no, asked, first);
            let teams = asked_for!(sqlx::query_as::<Db, (Option<String>, i64)>(TEAMS), job_no, asked, first);
            let rules = asked_for!(sqlx::query_as::<Db, (String, i64)>(RULES), job_no, asked, first);
            (days.fetch_all(pool).await?, teams.fetch_all(pool).await?, rules.fetch_all(pool).await?)
        });
        let days = days.into_iter().map(|(number, count)| Ok((day(number)?, count)));
        Ok(DueCounts { days: days.collect::<Result<_, StoreError>>()?, teams, rules })
    }

    /// What falls due and is asked for, by day and then in the order of records.
    pub async fn due(&self, job_no: i64, asked: &DueAsked) -> Result<Vec<DueFound>, StoreError> {
        let first = (asked.from, -1, -1);
        let after = asked.after.map_or(first, |after| after.max(first));
        let found = reading!(self, pool => {
            asked_for!(sqlx::query_as::<Db, Columns>(FIND), job_no, asked, after)
                .bind(asked.limit)
                .fetch_all(pool)
                .await?
        });
        found.into_iter().map(|columns| self.found(columns)).collect()
    }

    fn found(&self, columns: Columns) -> Result<DueFound, StoreError> {
        let (
            due_on,
            record_no,
            due_no,
            rule,
            standard,
            severity,
            locality,
            team,
            worker,
            subject,
            started_on,
            approximate,
            sealed,
        ) = columns;
        Ok(DueFound {
            due_on: day(due_on)?,
            record_no,
            due_no,
            rule,
            standard,
            severity,
            owners: [locality, team, worker],
            subject,
            started_on: started_on.map(day).transpose()?,
            approximate: approximate != 0,
            child: sealed.map(|sealed| self.secret.open(&sealed)).transpose()?,
        })
    }
}
