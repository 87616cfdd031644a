//! Looks findings up by rule, standard, outcome and whose they are.

use crate::store::Store;
use crate::store::StoreError;
use crate::store::database::reading;

/// Which findings are asked for. What is not given does not matter.
#[derive(Clone, Debug, Default)]
pub struct FindingsAsked {
    /// After this record and finding, by their numbers.
    pub after: Option<(i64, i64)>,
    /// The rule's id.
    pub rule: Option<String>,
    /// The standard's id.
    pub standard: Option<String>,
    /// The outcome.
    pub outcome: Option<String>,
    /// The severity.
    pub severity: Option<String>,
    /// The team.
    pub team: Option<String>,
    /// The locality.
    pub locality: Option<String>,
    /// `new`, `still` or `changed`.
    pub change: Option<String>,
    /// At most so many.
    pub limit: i64,
}

/// Where a finding stands in the answers of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FindingPlace {
    /// The record, by its number.
    pub record_no: i64,
    /// The finding, by its number in the record's answer.
    pub finding_no: i64,
}

/// The findings of a job that are asked for, as the macro `asked_for` binds them.
macro_rules! where_asked {
    ($select:literal, $rest:literal) => {
        concat!(
            $select,
            " from findings where job_no = $1 and ($2 is null or rule = $2) and ($3 is null or standard = $3) \
             and ($4 is null or outcome = $4) and ($5 is null or severity = $5) and ($6 is null or team = $6) \
             and ($7 is null or locality = $7) and ($8 is null or change = $8) ",
            $rest
        )
    };
}

/// Binds a job and what is asked of its findings.
macro_rules! asked_for {
    ($query:expr, $job_no:ident, $asked:ident) => {
        $query
            .bind($job_no)
            .bind($asked.rule.as_deref())
            .bind($asked.standard.as_deref())
            .bind($asked.outcome.as_deref())
            .bind($asked.severity.as_deref())
            .bind($asked.team.as_deref())
            .bind($asked.locality.as_deref())
            .bind($asked.change.as_deref())
    };
}

const FIND: &str = where_asked!(
    "select record_no, finding_no",
    "and (record_no, finding_no) > ($9, $10) order by record_no, finding_no limit $11"
);

const COUNT: &str = where_asked!("select count(*)", "");

impl Store {
    /// How many findings there are of those that are asked for, on all pages.
    pub async fn count_findings(&self, job_no: i64, asked: &FindingsAsked) -> Result<i64, StoreError> {
        let (count,) = reading!(self, pool => {
            asked_for!(sqlx::query_as::<Db, (i64,)>(COUNT), job_no, asked).fetch_one(pool).await?
        });
        Ok(count)
    }

    /// The teams and the localities that have findings, at most so many of each.
    pub async fn whose_findings(
        &self,
        job_no: i64,
        limit: i64,
    ) -> Result<(Vec<String>, Vec<String>), StoreError> {
        let found = reading!(self, pool => {
            let some = |text: &'static str| sqlx::query_as::<Db, (String,)>(text).bind(job_no).bind(limit);
            let teams = some("select distinct team from findings where job_no = $1 and team is not null order by team limit $2");
            let localities =
                some("select distinct locality from findings where job_no = $1 and locality is not null order by locality limit $2");
            (teams.fetch_all(pool).await?, localities.fetch_all(pool).await?)
        });
        let plain = |some: Vec<(String,)>| some.into_iter().map(|(name,)| name).collect();
        Ok((plain(found.0), plain(found.1)))
    }

    /// The places of findings, in the order of records.
    pub async fn findings(
        &self,
        job_no: i64,
        asked: &FindingsAsked,
    ) -> Result<Vec<FindingPlace>, StoreError> {
        let (record_no, finding_no) = asked.after.unwrap_or((-1, -1));
        let found = reading!(self, pool => {
            asked_for!(sqlx::query_as::<Db, (i64, i64)>(FIND), job_no, asked)
                .bind(record_no)
                .bind(finding_no)
                .bind(asked.limit)
                .fetch_all(pool)
                .await?
        });
        Ok(found.into_iter().map(|(record_no, finding_no)| FindingPlace { record_no, finding_no }).collect())
    }
}
