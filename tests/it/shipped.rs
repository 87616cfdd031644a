//! The shipped catalog: it loads, its tests hold, it is what the standards say, and the published payloads can be read.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::path::Path;

use assert_cmd::Command;
use casecheck::catalog::Catalog;
use casecheck::catalog::Files;
use casecheck::form;
use casecheck::rules::KINDS;
use casecheck::rules::RULE;
use serde_json::Value;

use crate::lab;
use crate::shared;

/// The shipped catalog, or a failure with all its problems.
pub(crate) fn catalog(overlay: Option<&str>) -> Catalog {
    Catalog::load_with(Files::embedded(), overlay, true)
        .unwrap_or_else(|problems| panic!("{}", lab::as_lines(&problems).join("\n")))
}

/// Writes the shipped rules to a folder, with nothing in their vocabulary that no rule uses taken amiss.
pub(crate) fn write_rules(folder: &Path) {
    for file in Files::embedded().all().iter().filter(|file| file.name.starts_with("rules/")) {
        let path = folder.join(&file.name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, &file.text).unwrap();
    }
}

#[test]
fn the_shipped_catalog_loads_and_all_its_tests_hold() {
    let catalog = Catalog::load(Files::embedded(), None)
        .unwrap_or_else(|problems| panic!("{}", lab::as_lines(&problems).join("\n")));
    let (run, problems) = catalog.pack.try_out(&catalog.schema);
    assert_eq!(lab::as_lines(&problems), [""; 0]);
    assert!(run > 300, "{run}");
}

#[test]
fn it_loads_under_every_overlay() {
    for name in catalog(None).overlays {
        let under = catalog(Some(&name));
        assert_eq!(under.pack.overlay.clone().map(|(name, _)| name), Some(name));
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "tests may read the environment")]
fn the_schema_of_rule_files_is_fresh_and_every_rule_file_fits_it() {
    let schema = form::json_schema(&RULE, KINDS, "https://schemas.casecheck.example/rule.schema.json");
    let text = format!("{}\n", serde_json::to_string_pretty(&schema).unwrap());
    let path = lab::project("schemas/rule.schema.json");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap_or_default(), text, "write it anew with UPDATE=1");
    let validator = jsonschema::validator_for(&schema).unwrap();
    let files = Files::embedded();
    let catalog = catalog(None);
    for rule in &catalog.pack.rules {
        let file = files.get(&rule.file.name).unwrap();
        let value = form::to_json(&form::read(file).unwrap());
        let faults: Vec<String> = validator
            .iter_errors(&value)
            .map(|fault| format!("{}: {fault}", fault.instance_path()))
            .collect();
        assert_eq!(faults, [""; 0], "{}", file.name);
    }
}

/// The rows of the catalogue of standards, by id.
fn standards() -> Option<BTreeMap<String, BTreeMap<String, String>>> {
    let text = shared::text("standards/standards.csv")?;
    let rows = cells(&text);
    let header = rows[0].clone();
    let named = rows.into_iter().skip(1).map(|row| {
        let row: BTreeMap<String, String> = header.iter().cloned().zip(row).collect();
        (row["id"].clone(), row)
    });
    Some(named.collect())
}

fn cells(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut quoted) = (vec![vec![String::new()]], false);
    let mut letters = text.trim_start_matches('\u{feff}').chars().peekable();
    while let Some(letter) = letters.next() {
        let row = rows.last_mut().unwrap();
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                row.last_mut().unwrap().push(letters.next().unwrap());
            }
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(String::new()),
            '\n' if !quoted => rows.push(vec![String::new()]),
            '\r' if !quoted => {}
            other => row.last_mut().unwrap().push(other),
        }
    }
    rows.retain(|row| row.len() > 1);
    rows
}

fn row_of(id: &str) -> &str {
    id.trim_end_matches(|letter: char| letter.is_ascii_lowercase())
}

/// Standards that ask about many records at once, so that no rule of one record can hold them.
const ACROSS_RECORDS: &[&str] = &[];

#[test]
fn every_standard_of_the_areas_is_a_rule_or_registered() {
    let Some(standards) = standards() else { return };
    let catalog = catalog(None);
    let mut held: BTreeSet<&str> = catalog.pack.ranks.iter().map(|id| row_of(id)).collect();
    held.extend(catalog.register.iter().map(|entry| entry.id.as_str()));
    let prefixes: Vec<&str> = catalog
        .pack
        .standards
        .iter()
        .flat_map(|standard| standard.prefixes.iter().map(String::as_str))
        // An area of which nothing is written yet has no gaps.
        .filter(|prefix| held.iter().any(|id| id.starts_with(&format!("{prefix}-"))))
        .collect();
    let gaps: Vec<&String> = standards
        .keys()
        .filter(|id| prefixes.iter().any(|prefix| id.starts_with(&format!("{prefix}-"))))
        .filter(|id| !held.contains(id.as_str()) && !ACROSS_RECORDS.contains(&id.as_str()))
        .collect();
    assert!(gaps.is_empty(), "neither a rule nor registered: {gaps:?}");
    let strays: Vec<&&str> = held.iter().filter(|id| !standards.contains_key(**id)).collect();
    assert!(strays.is_empty(), "not in the catalogue: {strays:?}");
}

#[test]
fn a_rule_says_of_its_source_what_the_catalogue_says() {
    let Some(standards) = standards() else { return };
    let catalog = catalog(None);
    let mut wrong = Vec::new();
    for id in &catalog.pack.ranks {
        let Some(row) = standards.get(row_of(id)) else { continue };
        let source: Value = serde_json::from_str(catalog.pack.facts_of(id).unwrap().source.get()).unwrap();
        if source["verified"] == true && row["provision"] != "read" {
            wrong.push(format!("{id} is verified, but its row is `{}`", row["provision"]));
        }
        let has_figures = catalog.pack.facts_of(id).unwrap().params.get() != "{}";
        if has_figures && row["notes"].contains("[D]") && source["figure"] != "default" {
            wrong.push(format!("{id}: a [D] row has a figure of ours"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_published_payloads_have_no_faults_but_unknown_codes() {
    let Some(folder) = shared::folder("samples/dfe_csc_api") else { return };
    let payloads: Vec<String> = shared::files(&folder, ".json")
        .into_iter()
        .map(|(name, _)| name)
        .filter(|name| name.starts_with("sample_"))
        .collect();
    assert_eq!(payloads.len(), 7, "{payloads:?}");
    let own = tempfile::tempdir().unwrap();
    for payload in payloads {
        let run = Command::cargo_bin("casecheck")
            .unwrap()
            .current_dir(own.path())
            .args(["check", "--as-at", "2026-05-01", "--json", "--fail-on", "never"])
            .arg(folder.join(&payload))
            .assert()
            .code(0);
        let value: Value = serde_json::from_slice(&run.get_output().stdout).unwrap();
        let faults: BTreeSet<String> = value["answers"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|answer| answer["findings"].as_array().unwrap())
            .filter(|finding| finding["rule"]["id"].as_str().unwrap().starts_with("SCHEMA."))
            .map(|finding| format!("{} {}", finding["rule"]["id"], finding["subject"]["path"]))
            .filter(|fault| !fault.contains("SCHEMA.unknown_code"))
            .collect();
        assert!(faults.is_empty(), "{payload}: {faults:#?}");
    }
}

#[test]
fn a_published_payload_is_reported_in_plain_words() {
    let Some(payload) = shared::find("samples/dfe_csc_api/sample_p0.json") else { return };
    let run = Command::cargo_bin("casecheck")
        .unwrap()
        .current_dir(payload.parent().unwrap())
        .args(["check", "--as-at", "2026-05-01", "sample_p0.json"])
        .assert();
    let text = String::from_utf8(run.get_output().stdout.clone()).unwrap();
    let findings: Vec<&str> = text
        .lines()
        .take_while(|line| !line.starts_with("standard"))
        .filter(|line| !line.contains("not sent") && !line.is_empty())
        .collect();
    insta::assert_snapshot!(findings.join("\n"), @r"
    sample_p0.json, line 1, child Child0034
      critical Explain why the enquiry ended and the child had not been seen
               CPP-004 Child seen within a working day of the start of an enquiry
               /social_care_episodes/0/section_47_assessments/0 · due 15 Jun 2022, 980 working days over
               → See the child today and record the date; if that cannot be, the manager records why.
      error    Explain why the placement ended without a placement plan
               LAC-003 Placement plan made before the placement or within 5 working days of its start
               /social_care_episodes/0/child_looked_after_placements/0 · due 21 Jun 2022, 976 working days over
               → Make the placement plan with the carer, the child and the parents, and record its date.
      error    Explain why the placement ended without notice of it to anyone
               LAC-005 Written notice of the placement given before it starts or within 5 working days
               /social_care_episodes/0/child_looked_after_placements/0 · due 21 Jun 2022, 976 working days over
               → Write to everyone who must know of the placement and record the date.
      error    Give written notice that the placement has ended: it was due on 15 Mar 2023
               LAC-024 Written notice given before a placement ends or within 10 working days after
               /social_care_episodes/0/child_looked_after_placements/0 · due 15 Mar 2023, 790 working days over
               → Write to everyone who was told of the placement that it has ended, and record the date.
      error    Correct the dates: this plan runs beside a child protection plan
               CIN-007b No child in need plan during a protection plan
               /social_care_episodes/0/child_in_need_plans/0 (ssd ssd_cin_plans.cinp_cin_plan_end_date)
               → Compare the dates with the plans and correct the one that is wrong.
      error    Correct the dates: this plan runs while the child is looked after
               CIN-007c No child in need plan while the child is looked after
               /social_care_episodes/0/child_in_need_plans/0
               → Compare the dates with the plans and correct the one that is wrong.
      error    Record the strategy discussion that began this enquiry, or hold it now
               CPP-001b Enquiry begun by a strategy discussion
               /social_care_episodes/0/section_47_assessments/0 (ssd ssd_s47_enquiry.s47e_s47_start_date)
               → Record the date of the discussion that began the enquiry; if there was none, hold it and say why it came late.
      error    Explain why the plan ended without a core group
               CPP-009 First core group within 10 working days of the first conference
               /social_care_episodes/0/child_protection_plans/0 · due 15 Sep 2022, 915 working days over
               → Bring the core group together, work out the plan and record the date.
      error    Explain why the plan ended without its review conference
               CPP-011 First review conference within three months of the first conference
               /social_care_episodes/0/child_protection_plans/0 · due 1 Dec 2022, 1247 days over
               → Hold the review conference and record its date.
      error    Explain why the child was not seen by 23 Sep 2022, before the plan ended
               CPP-014 Child on a protection plan seen every 15 working days
               /social_care_episodes/0/child_protection_plans/0 · due 23 Sep 2022, 910 working days over
               → Visit, see the child and record it; where a visit cannot be made a manager records why and agrees.
      error    Record the category of abuse that the conference decided
               CPP-016 Category of abuse recorded when the plan begins
               /social_care_episodes/0/child_protection_plans/0 (ssd ssd_cp_plans.cppl_cp_plan_initial_category)
               → Record the category from the minutes of the conference.
      error    Record why the decision maker decided that the child should be adopted
               ADP-002b Decision on adoption recorded with its reasons
               /social_care_episodes/0/adoption
               → The agency decision maker writes down the reasons, in words that the child can read later.
      error    Send the parents the written notice of the decision: 21 Jun 2022 has passed
               ADP-004 Written notice of the decision within 5 working days
               /social_care_episodes/0/adoption · due 21 Jun 2022, 976 working days over
               → Send the written notice and record its date; if nobody knows where the parents are, record that.
      error    Record whether the young person's accommodation is suitable, 1, or not, 2
               CLV-010 Accommodation of a care leaver said to be suitable or not
               /social_care_episodes/0/care_leavers (ssd ssd_care_leavers.clea_care_leaver_accom_suitable)
               → Judge the home with the young person and record the judgement; write the reasons in the pathway plan.
      warning  Draw the genogram with the family, and record its date
               REC-020 Genogram on file when the assessment is authorised
               /social_care_episodes/0/child_and_family_assessments/0
               → Draw the family tree or network with the family and put it on file with its date.
      warning  Record first language and religion, or that the family would not say
               REC-024b First language and religion recorded, or that they were not told
               /child_details
               → Ask, and record the answer; none and refused are answers.
      warning  Add the child's own words, how they were gathered and the date
               VOI-001 Assessment holds the child's views, how they were gathered and when
               /social_care_episodes/0/child_and_family_assessments/0
               → See the child, write what they said or did, how you asked, and the date.
      warning  Add what the child says about this plan, with a date from its own cycle
               VOI-002b Child in need plan holds the child's views from its own cycle
               /social_care_episodes/0/child_in_need_plans/0
               → Ask the child before the plan is made or renewed, and write the words and the date.
      warning  Add what the child says about this plan, with a date from its own cycle
               VOI-002c Child protection plan holds the child's views from its own cycle
               /social_care_episodes/0/child_protection_plans/0
               → Ask the child before the plan is made or renewed, and write the words and the date.
      warning  Record the child's religion, or that the family has none or would not say
               DIV-003 Religion recorded by the time of assessment or care plan
               /child_details
               → Ask the child and the parents; none and refused are answers.
      warning  Record the first language, and whether an interpreter is needed
               DIV-004 First language and need of an interpreter recorded
               /child_details
               → Ask which language is spoken at home and whether an interpreter is needed, and record both answers.
      warning  Record what is missing so that this can be judged
               ASM-001 Referral decided within a working day
               /social_care_episodes/0 (ssd ssd_cin_episodes.cine_referral_outcome_json)
               cannot tell: it is not recorded at /social_care_episodes/0/referral_decision/decision
               → A manager decides what happens with the referral and the date is recorded.
      warning  Record what is missing so that this can be judged
               ASM-005 Child seen for the assessment
               /social_care_episodes/0/child_and_family_assessments/0 (ssd ssd_cin_assessments.cina_assessment_child_seen)
               cannot tell: it is not recorded at /social_care_episodes/0/child_and_family_assessments/0/child_seen_flag
               → See the child and record the day; if the child was seen at another time, correct the dates.
      warning  Write the analysis: what the facts mean for this child, in a few sentences at least
               ASM-007 Assessment with an analysis
               /social_care_episodes/0/child_and_family_assessments/0
               → Say what the facts mean for the child, what is risky, what protects, and what follows.
      warning  Record what the assessment led to
               ASM-007b Assessment with its conclusion
               /social_care_episodes/0/child_and_family_assessments/0 (ssd ssd_cin_assessments.cina_assessment_outcome_json)
               → Record the outcome that follows from the analysis.
      warning  Record what is missing so that this can be judged
               ASM-010 Identity and diversity considered in the assessment
               /social_care_episodes/0/child_and_family_assessments/0
               cannot tell: it is not recorded at /social_care_episodes/0/child_and_family_assessments/0/diversity_considered_flag
               → Say what each means for this child, and record that it was considered.
      warning  Explain why no child in need meeting was held before it ended
               CIN-001b Child in need meeting within 10 working days of the start of the plan
               /social_care_episodes/0/child_in_need_plans/0 · due 28 Jun 2022, 971 working days over
               → Hold the meeting with the family, agree the plan and record the date.
      warning  Explain why the visit due on 26 Jul 2022 was not made before the plan ended
               CIN-003 Child in need visited every six weeks
               /social_care_episodes/0/child_in_need_plans/0 · due 26 Jul 2022, 1375 days over
               → Visit, see the child and record it.
      warning  Obtain the manager's authorisation of this plan: Approved by and 1 more
               CIN-004 Child in need plan authorised by a manager
               /social_care_episodes/0/child_in_need_plans/0
               → The manager reads the plan, agrees it or sends it back, and the record shows who and when.
      warning  Explain why this long plan ended without a senior manager looking at it
               CIN-006 Child in need plan over nine months looked at by a senior manager
               /social_care_episodes/0/child_in_need_plans/0 · due 14 Mar 2023, 1144 days over
               → A senior manager asks what has changed for the child, decides to step up, step down or change the plan, and dates it.
      warning  Record when the parents had the reports: they were due on 12 Jun 2022
               CPP-007 Reports with the parents two days before the first conference
               /social_care_episodes/0/section_47_assessments/0 · due 12 Jun 2022, 1419 days over
               → Record the date on which the parents had the reports; next time share them at least two days before.
      warning  Start the child in need plan due by 8 Sep 2023, or record why none is needed
               CPP-018 Child in need plan after a protection plan ends
               /social_care_episodes/0/child_protection_plans/0 · due 8 Sep 2023, 669 working days over
               → Begin a child in need plan, or record why none is needed, such as risk gone, child removed or special guardianship.
      warning  Tell the parents of the decision on adoption: 16 Jun 2022 has passed
               ADP-003 Parents told of the decision within 2 working days
               /social_care_episodes/0/adoption · due 16 Jun 2022, 979 working days over
               → Tell the parents of the decision and record the date; if nobody knows where they are, record that.
      warning  Record what is missing so that this can be judged
               HLT-001 Initial health assessment arranged within 20 working days
               /social_care_episodes/0/child_looked_after_placements/0
               cannot tell: it is not recorded at /health_and_wellbeing/consent/given_by
               → Ask the health provider for the assessment and record when it was arranged, when it was made and by whom.
      warning  Record what is missing so that this can be judged
               HLT-001b Initial health assessment arranged by the first review
               /social_care_episodes/0/child_looked_after_placements/0
               cannot tell: it is not recorded at /health_and_wellbeing/consent/given_by
               → Ask the health provider for the assessment before the first review and record when it was arranged.
      warning  Correct the unique pupil number: a letter, then twelve figures
               CME-006b Pupil number of the right form
               /child_details (ssd ssd_person.pers_upn)
               → Ask the school for the number; a temporary one ends in a letter.
      info     Say why the match came 32 days after 14 Dec 2022
               ADP-005 Match within 6 months of the decision
               /social_care_episodes/0/adoption · due 14 Dec 2022, done 15 Jan 2023, 32 days late
               → Record the match, or record at the next review what is being done to find one.
    ");
}
