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

const FIND: &str = "select record_no, finding_no from findings where job_no = $1 \
     and (record_no > $2 or (record_no = $2 and finding_no > $3)) \
     and ($4 is null or rule = $4) and ($5 is null or standard = $5) and ($6 is null or outcome = $6) \
     and ($7 is null or severity = $7) and ($8 is null or team = $8) and ($9 is null or locality = $9) \
     and ($10 is null or change = $10) order by record_no, finding_no limit $11";

impl Store {
    /// The places of findings, in the order of records.
    pub async fn findings(
        &self,
        job_no: i64,
        asked: &FindingsAsked,
    ) -> Result<Vec<FindingPlace>, StoreError> {
        let (record_no, finding_no) = asked.after.unwrap_or((-1, -1));
        let found = reading!(self, pool => {
            sqlx::query_as::<Db, (i64, i64)>(FIND)
                .bind(job_no)
                .bind(record_no)
                .bind(finding_no)
                .bind(asked.rule.as_deref())
                .bind(asked.standard.as_deref())
                .bind(asked.outcome.as_deref())
                .bind(asked.severity.as_deref())
                .bind(asked.team.as_deref())
                .bind(asked.locality.as_deref())
                .bind(asked.change.as_deref())
                .bind(asked.limit)
                .fetch_all(pool)
                .await?
        });
        Ok(found.into_iter().map(|(record_no, finding_no)| FindingPlace { record_no, finding_no }).collect())
    }
}
