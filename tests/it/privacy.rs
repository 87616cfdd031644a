//! Nothing of a record's content comes out again: canaries in every field of text are looked for in everything that is said.

use assert_cmd::Command;
use serde_json::Value;
use serde_json::json;

use crate::lab;

/// Two hundred names, numbers and postcodes that stand nowhere else.
fn canaries() -> Vec<String> {
    (0..200)
        .map(|number| match number % 3 {
            0 => format!("Zyxxiphora{number}"),
            1 => format!("07700{:06}77", number * 37),
            _ => format!("ZX{number} 9QQ"),
        })
        .collect()
}

/// A record with a canary in every text that a person could write into, valid or with values of the wrong type and form.
fn record(number: usize, canaries: &[String], broken: bool) -> Value {
    let mut next = canaries.iter().cycle().skip(number * 23);
    let mut word = || next.next().unwrap().clone();
    let mut record = json!({
        "la_child_id": format!("CHILD{number}"), "mis_child_id": word(), "locality": "North", "team": format!("{} {}", word(), "so long that no team is called so ".repeat(3)),
        "child_details": { "first_name": word(), "surname": word(), "postcode": word(), "religion": word(), "date_of_birth": "2014-05-10", "nhs_number": word() },
        "social_care_episodes": [{ "referral_date": "2026-01-05", "child_looked_after_placements": [
            { "start_date": "2026-02-01", "start_reason": "S", "urn": word(), "postcode": word() },
        ] }],
        "chronology": { "entries": [
            { "entry_id": "E1", "event_date": "2026-02-01", "event_type_other": word(), "description": word(), "source": word(),
              "source_person": word(), "source_agency": word(), "impact_on_child": word(), "child_view": word() },
            { "entry_id": "E2", "description": word(), "author": { "name": word() } },
        ] },
        "written_agreements": [{ "written_agreement_id": "W1", "start_date": "2026-02-01", "purpose": word(), "family_words": word(),
            "parties": [{ "name": word(), "relationship": word(), "refused_reason": null, "language": word() }] }],
        "cla_reviews": [{ "review_id": "R1", "review_date": "2026-03-01", "not_alone_reason": word() }, { "review_id": "R2", "review_date": "2026-03-01" }],
        "personal_education_plans": [{ "pep_id": "P1", "initiated_date": "2026-04-20", "transition_plan": word(), "carer_views": word() }],
        "iro_escalations": [{ "raised_date": "2026-03-01", "concern": word(), "raised_by": { "name": word(), "role": "iro" } }],
        "permanence_plans": [{ "agreed_date": "2026-02-01", "plan_type": "adoption", "parallel_plan": word() }],
    });
    if broken {
        record["child_details"]["date_of_birth"] = json!(word());
        record["social_care_episodes"][0]["child_looked_after_placements"][0]["start_date"] = json!(word());
        record["social_care_episodes"][0]["child_looked_after_placements"][0]["legal_status"] = json!(word());
        record["chronology"]["entries"][0]["event_date"] = json!(word());
        record["chronology"]["entries"][0]["event_type"] = json!(word());
        record["written_agreements"][0]["domestic_abuse_flag"] = json!(word());
        record["written_agreements"][0]["start_date"] = json!([word()]);
        record["cla_reviews"][0] = json!(word());
        record["permanence_plans"][0]["plan_type"] = json!(word());
        record["personal_education_plans"][0]["academic_year"] = json!(word());
        record["team"] = json!({ "name": word() });
    }
    record
}

fn assert_silent(what: &str, text: &str, canaries: &[String]) {
    let heard: Vec<&String> = canaries.iter().filter(|canary| text.contains(canary.as_str())).collect();
    assert!(heard.is_empty(), "{what} repeats {heard:?}");
}

#[test]
fn no_canary_sings_in_anything_that_is_said_or_written() {
    let canaries = canaries();
    let folder = tempfile::tempdir().unwrap();
    lab::write_small(&folder.path().join("catalog"));
    let mut lines: Vec<String> =
        (0..30).map(|number| record(number, &canaries, number % 2 == 1).to_string()).collect();
    lines.push(format!("{{\"la_child_id\": \"CHILD99\", \"team\": \"{}\"", canaries[0]));
    lines.push(format!("{{\"team\": \"{0}\", \"team\": \"{0}\"}}", canaries[1]));
    lines.push(format!("[\"{}\"]", canaries[2]));
    std::fs::write(folder.path().join("all.ndjson"), lines.join("\n")).unwrap();
    for catalog in [vec!["--catalog", "catalog"], vec!["--catalog", "shipped"]] {
        if catalog[1] == "shipped" {
            crate::shipped::write_rules(&folder.path().join("shipped"));
        }
        for report in ["text", "json", "ndjson"] {
            let out = format!("out-{report}");
            let mut command = Command::cargo_bin("casecheck").unwrap();
            command.current_dir(folder.path()).arg("check").args(&catalog);
            let wanted = if report == "text" { "text,csv,sarif,junit" } else { report };
            command.args(["all.ndjson", "--as-at", "2026-05-01", "--include", "all", "--report", wanted]);
            if report != "ndjson" {
                command.args(["--out", &out]);
            }
            let output = command.assert().code(2).get_output().clone();
            assert!(!output.stdout.is_empty());
            assert_silent(report, &String::from_utf8_lossy(&output.stdout), &canaries);
            assert_silent("standard error", &String::from_utf8_lossy(&output.stderr), &canaries);
            let mut files = vec!["results.ndjson", "summary.json"];
            if report == "text" {
                files.extend(["report.csv", "report.sarif", "report.junit.xml"]);
            }
            for file in files.iter().filter(|_| report != "ndjson") {
                let text = std::fs::read_to_string(folder.path().join(&out).join(file)).unwrap();
                assert!(text.len() > 1_000);
                assert_silent(file, &text, &canaries);
            }
        }
    }
}
