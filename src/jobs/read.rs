//! Pages of what came of a job: findings that are looked for, and every outcome.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use crate::jobs::JobError;
use crate::jobs::Jobs;
use crate::jobs::judge::LETTERS;
use crate::jobs::results::with_ids;
use crate::model::Outcome;
use crate::store::FindingsAsked;
use crate::store::JobRow;
use crate::store::StoreError;

/// A page of findings.
#[derive(Clone, Debug, Default, Serialize, utoipa::ToSchema)]
pub struct FoundPage {
    /// The findings, each with the record that it is of; those across records also with the others, under `with`.
    #[schema(value_type = Vec<Object>)]
    pub findings: Vec<Value>,
    /// Where the next page begins; none when this is the last.
    pub next: Option<String>,
}

/// A page of every outcome.
#[derive(Clone, Debug, Default, Serialize, utoipa::ToSchema)]
pub struct OutcomesPage {
    /// The records, in their order.
    pub records: Vec<RecordOutcomes>,
    /// Where the next page begins; none when this is the last.
    pub next: Option<String>,
}

/// Every outcome of a record.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct RecordOutcomes {
    /// Its number in the job, from 0.
    pub record_no: i64,
    /// The child's id.
    pub id: Option<String>,
    /// For each rule, how often each outcome was given.
    pub outcomes: BTreeMap<String, BTreeMap<&'static str, u64>>,
}

fn damaged() -> JobError {
    StoreError::Damaged("the answers of a chunk").into()
}

impl Jobs {
    /// The findings of a job that are asked for, in the order of its records.
    pub async fn findings(&self, job: &JobRow, asked: &FindingsAsked) -> Result<FoundPage, JobError> {
        let places = self.store.findings(job.job_no, asked).await?;
        let mut page = FoundPage::default();
        let mut chunk: Option<(i64, i64, Vec<Value>)> = None;
        for place in &places {
            let there =
                chunk.as_ref().is_some_and(|(first, next, _)| (*first..*next).contains(&place.record_no));
            if !there {
                chunk = Some(self.answers_around(job, place.record_no).await?);
            }
            let Some((first, _, answers)) = &chunk else { return Err(damaged()) };
            let at = |number: i64| usize::try_from(number).map_err(|_| damaged());
            let answer = answers.get(at(place.record_no - first)?).ok_or_else(damaged)?;
            let of = answer.pointer("/decision/record").or_else(|| answer.pointer("/across/record"));
            let record = of.ok_or_else(damaged)?;
            let finding = answer.get("findings").and_then(|found| found.get(at(place.finding_no).ok()?));
            let shown: BTreeMap<&str, &Value> = ["id", "locality", "team", "worker_id"]
                .into_iter()
                .filter_map(|key| Some((key, record.get(key)?)))
                .collect();
            let mut one = serde_json::json!({ "record": shown, "finding": finding.ok_or_else(damaged)? });
            if let (Some(with), Some(members)) = (answer.pointer("/across/with"), one.as_object_mut()) {
                members.insert("with".to_owned(), with.clone());
            }
            page.findings.push(one);
        }
        let full = i64::try_from(places.len()).is_ok_and(|found| found == asked.limit);
        page.next =
            places.last().filter(|_| full).map(|last| format!("{}.{}", last.record_no, last.finding_no));
        Ok(page)
    }

    /// How many findings of a job there are of those that are asked for, on all pages.
    pub async fn count_findings(&self, job: &JobRow, asked: &FindingsAsked) -> Result<i64, JobError> {
        Ok(self.store.count_findings(job.job_no, asked).await?)
    }

    /// The teams and the localities that have findings in a job, the first hundreds of each.
    pub async fn whose_findings(&self, job: &JobRow) -> Result<(Vec<String>, Vec<String>), JobError> {
        Ok(self.store.whose_findings(job.job_no, 500).await?)
    }

    async fn answers_around(&self, job: &JobRow, record_no: i64) -> Result<(i64, i64, Vec<Value>), JobError> {
        let (first, records, lines) =
            self.store.lines_from(job.job_no, record_no).await?.ok_or_else(damaged)?;
        let ids = self.store.ids_of(job.job_no, first, first + records).await?;
        let lines = with_ids(&lines, &ids);
        let answers = lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        let answers = answers.map(|line| serde_json::from_slice(line).map_err(|_| damaged()));
        Ok((first, first + records, answers.collect::<Result<_, _>>()?))
    }

    /// Every outcome of the records of a job from one on, those of one chunk at a time.
    pub async fn outcomes(&self, job: &JobRow, from: i64) -> Result<OutcomesPage, JobError> {
        let Some((first, records, lines)) = self.store.outcomes_from(job.job_no, from).await? else {
            return Ok(OutcomesPage::default());
        };
        let basis = self.bases.get(&self.store, &job.basis).await?;
        let ids = self.store.ids_of(job.job_no, first, first + records).await?;
        let ids: BTreeMap<i64, String> = ids.into_iter().map(|(record_no, _, id)| (record_no, id)).collect();
        let text = String::from_utf8(lines).map_err(|_| damaged())?;
        let ranks = &basis.validator.pack.ranks;
        let page = (first..).zip(text.lines()).filter(|(record_no, _)| *record_no >= from).map(
            |(record_no, line)| {
                let outcomes = line.split_whitespace().map(|one| outcomes_of(one, ranks));
                let outcomes = outcomes.collect::<Option<_>>().ok_or_else(damaged)?;
                Ok(RecordOutcomes { record_no, id: ids.get(&record_no).cloned(), outcomes })
            },
        );
        let page = page.collect::<Result<_, JobError>>()?;
        let last = job.records.is_some_and(|all| first + records >= all);
        Ok(OutcomesPage { records: page, next: (!last).then(|| (first + records).to_string()) })
    }
}

/// Reads the outcomes of one rule as `judge` wrote them: `12m3b` is rule 12, three times met and once breached.
fn outcomes_of(text: &str, ranks: &[String]) -> Option<(String, BTreeMap<&'static str, u64>)> {
    let split = text.find(|letter: char| letter.is_ascii_alphabetic())?;
    let (rank, mut rest) = text.split_at_checked(split)?;
    let rule = ranks.get(rank.parse::<usize>().ok()?)?;
    let mut counts = BTreeMap::new();
    while let Some(letter) = rest.chars().next() {
        let outcome = Outcome::ALL.get(LETTERS.iter().position(|known| *known == letter)?)?;
        rest = rest.get(1..)?;
        let digits = rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len());
        let (number, tail) = rest.split_at_checked(digits)?;
        counts.insert(outcome.word(), if number.is_empty() { 1 } else { number.parse().ok()? });
        rest = tail;
    }
    Some((rule.clone(), counts))
}

#[cfg(test)]
mod tests {
    use super::outcomes_of;

    #[test]
    fn outcomes_are_read_as_they_are_written() {
        let ranks = ["A-1".to_owned(), "B-2".to_owned()];
        let (rule, counts) = outcomes_of("1m3b", &ranks).unwrap();
        assert_eq!(rule, "B-2");
        assert_eq!(counts.into_iter().collect::<Vec<_>>(), [("breached", 1), ("met", 3)]);
        assert!(outcomes_of("7m", &ranks).is_none());
        assert!(outcomes_of("1q", &ranks).is_none());
    }
}
