//! Rows that belong to rows of other tables: the Standard Safeguarding Dataset by its shipped layout, and the language by layouts of the
//! tests' own.

use std::collections::BTreeMap;

use assert_cmd::Command;
use casecheck::extracts::Coercion;
use casecheck::extracts::CoercionLine;
use casecheck::extracts::Extract;
use casecheck::extracts::GroupLimits;
use casecheck::extracts::Lack;
use casecheck::extracts::Layout;
use casecheck::intake::Chunk;
use casecheck::model::Pointer;
use casecheck::tables::Limits;
use casecheck::tables::Table;
use proptest::prelude::*;
use rust_xlsxwriter::Workbook;
use serde_json::Value;
use serde_json::json;

use crate::layouts::Made;
use crate::layouts::SHIPPED;
use crate::layouts::at;
use crate::layouts::files;
use crate::layouts::made_with;
use crate::shared;

/// Two children; `R…` are referrals, `S…` assessments, `P…` plans.
const SSD: &[(&str, &str)] = &[
    (
        "ssd_person.csv",
        "pers_person_id,pers_sex,pers_ethnicity,pers_dob,pers_is_mother
A1,F,WBRI,2015-04-01 00:00:00,N
B2,M,MWBC,2012-09-09,PLACEHOLDER_DATA
",
    ),
    ("ssd_disability.csv", "disa_table_id,disa_person_id,disa_disability_code\n1,A1,HEAR\n2,A1,AUT\n"),
    (
        "ssd_cin_episodes.csv",
        "cine_referral_id,cine_person_id,cine_referral_date,cine_referral_source_code,cine_referral_nfa
R1,A1,2024-01-08,6,N
R2,A1,2025-02-03,2A,N
R3,B2,2025-03-03,1A,No
",
    ),
    (
        "ssd_cin_assessments.csv",
        "cina_assessment_id,cina_person_id,cina_referral_id,cina_assessment_start_date,cina_assessment_auth_date,cina_assessment_child_seen
S1,A1,R2,2025-02-04,2025-03-10,Y
S2,A1,R1,2024-01-09,,Y
S3,B2,R3,2025-03-04,,N
S4,B2,R1,2025-03-05,,N
S5,B2,,2025-03-06,,N
",
    ),
    (
        "ssd_assessment_factors.csv",
        "cinf_table_id,cinf_assessment_id,cinf_assessment_factors_json
1,S1,\"[\"\"1A\"\", \"\"4B\"\"]\"
2,S2,\"{\"\"2B\"\": \"\"Yes\"\", \"\"3A\"\": \"\"No\"\"}\"
3,S9,\"[\"\"1A\"\"]\"
",
    ),
    (
        "ssd_cp_plans.csv",
        "cppl_cp_plan_id,cppl_referral_id,cppl_person_id,cppl_cp_plan_start_date,cppl_cp_plan_initial_category
P1,R2,A1,2025-04-01,Neglect
",
    ),
    (
        "ssd_cp_reviews.csv",
        "cppr_cp_review_id,cppr_cp_plan_id,cppr_cp_review_due,cppr_cp_review_date,cppr_cp_review_quorate
V1,P1,2025-07-01,2025-06-28,Y
V2,P1,2026-01-01,,
",
    ),
    (
        "ssd_cla_episodes.csv",
        "clae_cla_episode_id,clae_person_id,clae_referral_id,clae_cla_placement_id,clae_cla_episode_start_date
E1,B2,R3,L1,2025-05-01
E2,B2,R3,L1,2025-06-01
",
    ),
    (
        "ssd_cla_placement.csv",
        "clap_cla_placement_id,clap_cla_placement_type,clap_cla_placement_provider\nL1,U4,PR1\nL9,U4,PR1\n",
    ),
    (
        "ssd_legal_status.csv",
        "lega_legal_status_id,lega_person_id,lega_legal_status,lega_legal_status_start_date,lega_legal_status_end_date
1,B2,V2,2025-04-20,2025-06-01
2,B2,C1,2025-06-01,
3,A1,C2,2025-05-01,
",
    ),
    ("ssd_send.csv", "send_table_id,send_person_id\nN1,B2\n"),
    ("ssd_ehcp_requests.csv", "ehcr_ehcp_request_id,ehcr_send_table_id\nQ1,N1\n"),
    ("ssd_ehcp_assessment.csv", "ehca_ehcp_assessment_id,ehca_ehcp_request_id\nH1,Q1\n"),
    ("ssd_ehcp_named_plan.csv", "ehcn_named_plan_id,ehcn_ehcp_asmt_id,ehcn_named_plan_start_date\n1,H1,2024-09-01\n"),
];

fn extract(tables: Vec<Table>) -> Extract<'static> {
    Extract::recognise(&SHIPPED.layouts, Some("ssd"), tables, &[]).unwrap_or_else(|error| panic!("{error}"))
}

fn made(tables: &[(&str, &str)]) -> Made {
    made_with(extract(files(tables)), GroupLimits::default()).unwrap()
}

fn counted(made: &Made, what: Coercion) -> BTreeMap<&str, &[u64]> {
    let of = made.counted.iter().filter(|((kind, _), _)| *kind == what);
    of.map(|((_, column), lines)| (column.as_str(), lines.as_slice())).collect()
}

#[test]
fn rows_stand_beneath_the_rows_that_they_name() {
    let made = made(SSD);
    let [(a, _), (b, _)] = made.records.as_slice() else { panic!("two children") };
    let referral = |id: &str, date: &str, source: &str| {
        json!({ "social_care_episode_id": id, "referral_date": date, "referral_source": source,
            "referral_no_further_action_flag": false, "child_and_family_assessments": [], "child_protection_plans": [],
            "child_looked_after_placements": [] })
    };
    let (mut first, mut second) = (referral("R1", "2024-01-08", "6"), referral("R2", "2025-02-03", "2A"));
    first["child_and_family_assessments"] = json!([{ "child_and_family_assessment_id": "S2", "start_date": "2024-01-09",
        "child_seen_flag": true, "factors": ["2B"] }]);
    second["child_and_family_assessments"] = json!([{ "child_and_family_assessment_id": "S1", "start_date": "2025-02-04",
        "authorisation_date": "2025-03-10", "child_seen_flag": true, "factors": ["1A", "4B"] }]);
    second["child_protection_plans"] = json!([{ "child_protection_plan_id": "P1", "start_date": "2025-04-01",
        "initial_category_of_abuse": "NEG",
        "reviews": [{ "due_date": "2025-07-01", "review_date": "2025-06-28", "quorate_flag": true }, { "due_date": "2026-01-01" }] }]);
    assert_eq!(a["social_care_episodes"], json!([first, second]));
    assert_eq!(a["child_details"]["disabilities"], json!(["HEAR", "AUT"]));
    // Both episodes name one placement, so both have its fields.
    let place = |id: &str, date: &str, status: &str| {
        json!({ "child_looked_after_placement_id": id, "start_date": date, "placement_type": "U4",
            "placement_provider": "PR1", "legal_status": status })
    };
    assert_eq!(
        b["social_care_episodes"][0]["child_looked_after_placements"],
        json!([place("E1", "2025-05-01", "V2"), place("E2", "2025-06-01", "C1")])
    );
    assert_eq!(b["education"]["ehcp"]["date"], "2024-09-01", "found through three tables");
    assert!(b["child_details"].get("mother_flag").is_none(), "PLACEHOLDER_DATA is no value");
}

#[test]
fn a_row_whose_parent_is_missing_or_another_childs_is_counted_and_located() {
    let made = made(SSD);
    let without = counted(&made, Coercion::RowWithoutParent);
    let expected: BTreeMap<&str, &[u64]> = BTreeMap::from([
        ("cina_referral_id", [5, 6].as_slice()),
        ("cinf_assessment_id", &[4]),
        ("clap_cla_placement_id", &[3]),
        ("lega_legal_status_start_date", &[4]),
    ]);
    assert_eq!(without, expected);
    let assessments = &made.records[1].0["social_care_episodes"][0]["child_and_family_assessments"];
    assert_eq!(assessments.as_array().unwrap().len(), 1, "{assessments}");
    assert_eq!(counted(&made, Coercion::EmptyMarker).keys().collect::<Vec<_>>(), [&"pers_is_mother"]);
    // One key for rows of two children: nobody can say whose a row is that names it.
    let twice = [
        (
            "ssd_cin_assessments.csv",
            "cina_assessment_id,cina_person_id,cina_referral_id,cina_assessment_start_date\nS1,A1,R1,\nS1,B2,R2,\n",
        ),
        ("ssd_cin_episodes.csv", "cine_referral_id,cine_person_id\nR1,A1\nR2,B2\nR2,B2\n"),
        ("ssd_assessment_factors.csv", "cinf_assessment_id,cinf_assessment_factors_json\nS1,1A\n"),
    ];
    let made = self::made(&twice);
    assert_eq!(
        counted(&made, Coercion::RowWithoutParent).keys().collect::<Vec<_>>(),
        [&"cinf_assessment_id"]
    );
    assert_eq!(counted(&made, Coercion::ParentTwice)["cina_referral_id"], [3]);
}

#[test]
fn nested_values_keep_their_places() {
    let made = made(SSD);
    let (_, places) = &made.records[0];
    let episode = "/social_care_episodes/1";
    for (pointer, place) in [
        (format!("{episode}/referral_date"), "ssd_cin_episodes.csv 3 cine_referral_date"),
        (
            format!("{episode}/child_and_family_assessments/0/authorisation_date"),
            "ssd_cin_assessments.csv 2 cina_assessment_auth_date",
        ),
        (
            format!("{episode}/child_and_family_assessments/0/factors/1"),
            "ssd_assessment_factors.csv 2 cinf_assessment_factors_json",
        ),
        (
            format!("{episode}/child_protection_plans/0/reviews/1/review_date"),
            "ssd_cp_reviews.csv 3 cppr_cp_review_date",
        ),
        ("/child_details/disabilities/1".to_owned(), "ssd_disability.csv 3 disa_disability_code"),
        ("/child_details/date_of_birth".to_owned(), "ssd_person.csv 2 pers_dob"),
    ] {
        assert_eq!(at(places, &pointer), place, "{pointer}");
    }
    let (_, places) = &made.records[1];
    let placement = "/social_care_episodes/0/child_looked_after_placements/1";
    assert_eq!(
        at(places, &format!("{placement}/start_date")),
        "ssd_cla_episodes.csv 3 clae_cla_episode_start_date"
    );
    assert_eq!(
        at(places, &format!("{placement}/placement_type")),
        "ssd_cla_placement.csv 2 clap_cla_placement_type"
    );
}

#[test]
fn rows_of_sheets_belong_to_rows_of_sheets_and_keep_their_cells() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ssd.xlsx");
    let mut book = Workbook::new();
    for (name, text) in SSD {
        let sheet = book.add_worksheet().set_name(name.trim_end_matches(".csv")).unwrap();
        let mut reader =
            csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
        for (row, cells) in (0..).zip(reader.records()) {
            for (column, cell) in (0..).zip(&cells.unwrap()) {
                sheet.write_string(row, column, cell).unwrap();
            }
        }
    }
    book.save(&path).unwrap();
    let sheets = casecheck::tables::open("ssd.xlsx", &path, &Limits::default());
    assert!(sheets.unreadable.is_empty(), "{:?}", sheets.unreadable);
    let mut grouped = extract(sheets.tables).group(GroupLimits::default()).unwrap();
    let chunks: Vec<Chunk> = grouped.by_ref().map(Result::unwrap).collect();
    let documents: Vec<_> = chunks.iter().flat_map(Chunk::documents).collect();
    let records: Vec<Value> = documents
        .iter()
        .map(|document| serde_json::from_slice(document.text.as_ref().unwrap()).unwrap())
        .collect();
    assert_eq!(records, made(SSD).records.into_iter().map(|(record, _)| record).collect::<Vec<_>>());
    let pointer = "/social_care_episodes/1/child_protection_plans/0/reviews/1/due_date";
    let place = documents[0].places.unwrap().find(&Pointer::parse(pointer).unwrap()).unwrap();
    assert_eq!(place.words(), "ssd.xlsx, ssd_cp_reviews!C3");
    let lines = CoercionLine::of(grouped.coercions());
    let without = lines.iter().filter(|line| line.kind == Coercion::RowWithoutParent);
    let without: Vec<String> = without.map(|line| line.places(10)).collect();
    assert_eq!(
        without,
        [
            "ssd_assessment_factors!B4",
            "ssd_cin_assessments!C5, C6",
            "ssd_cla_placement!A3",
            "ssd_legal_status!D4"
        ]
    );
}

#[test]
fn what_waits_in_temporary_files_finds_its_parents_too() {
    let mut tables: Vec<(String, String)> = SSD
        .iter()
        .map(|(name, text)| ((*name).to_owned(), text.lines().next().unwrap().to_owned() + "\n"))
        .collect();
    for number in 0..2_000_u32 {
        let child = number * 7 % 2_000;
        tables[0].1.push_str(&format!("C{child},F,WBRI,2015-04-01,N\n"));
        tables[2].1.push_str(&format!("R{number},C{child},2025-01-02,6,N\n"));
        tables[3].1.push_str(&format!("S{child},C{child},R{number},2025-01-03,,Y\n"));
        tables[4].1.push_str(&format!("{number},S{number},1A\n"));
    }
    let borrowed: Vec<(&str, &str)> =
        tables.iter().take(5).map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let small = GroupLimits { memory_bytes: 300_000, ..GroupLimits::default() };
    let in_files = made_with(extract(files(&borrowed)), small).unwrap();
    let in_memory = made(&borrowed);
    assert_eq!(in_memory.records.len(), 2_000);
    assert!(in_memory.records == in_files.records && in_memory.counted == in_files.counted);
}

#[test]
fn a_table_whose_parent_was_not_given_supplies_nothing_beneath_it() {
    let without: Vec<(&str, &str)> =
        SSD.iter().filter(|(name, _)| *name != "ssd_cin_episodes.csv").copied().collect();
    let reads = |field: &str| std::iter::once(format!("social_care_episodes[].{field}")).collect();
    let lacks = |tables: &[(&str, &str)], field| -> Vec<Lack> {
        extract(files(tables)).lacks(&reads(field)).into_iter().collect()
    };
    let assessment = "child_and_family_assessments[].start_date";
    assert_eq!(lacks(SSD, assessment), []);
    assert_eq!(lacks(&without, assessment), [Lack::Table("ssd_cin_episodes".to_owned())]);
    let no_key: Vec<(&str, String)> =
        SSD.iter().map(|(name, text)| (*name, text.replace("cina_referral_id", "unknown"))).collect();
    let no_key: Vec<(&str, &str)> = no_key.iter().map(|(name, text)| (*name, text.as_str())).collect();
    assert_eq!(lacks(&no_key, assessment), [Lack::Column("ssd_cin_assessments.cina_referral_id".to_owned())]);
    let made = made(&without);
    assert_eq!(counted(&made, Coercion::RowWithoutParent)["cina_referral_id"], [2, 3, 4, 5, 6]);
}

#[test]
fn the_layout_of_the_ssd_knows_every_column_of_the_standard() {
    let Some(text) = shared::text("fields/ssd_fields.csv") else { return };
    let layout: &Layout = SHIPPED.layouts.iter().find(|layout| layout.name == "ssd").unwrap();
    let mut seen = 0;
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.splitn(3, ',').collect();
        let [table, column, _] = cells.as_slice() else { continue };
        if !table.starts_with("ssd_") {
            continue;
        }
        let at = layout.table(table).unwrap_or_else(|| panic!("no table {table}"));
        let known = layout.tables[at].columns.iter().any(|known| known.name == *column);
        assert!(known, "no column {table}.{column}");
        seen += 1;
    }
    assert_eq!(seen, layout.tables.iter().map(|table| table.columns.len()).sum::<usize>());
}

#[test]
fn an_ssd_extract_is_checked_by_one_command() {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in SSD {
        std::fs::write(folder.path().join(name), text.replace("R1,A1,2024-01-08,6,", "R1,A1,2024-01-08,66,"))
            .unwrap();
    }
    let episodes = "clae_cla_episode_id,clae_person_id,clae_referral_id,clae_cla_placement_id,clae_cla_episode_start_date,clae_cla_episode_start_reason,clae_cla_primary_need_code,clae_cla_episode_ceased_date,clae_cla_episode_ceased_reason\nE1,B2,R3,L1,2025-05-01,S,N1,,\n";
    let reviews = "clar_cla_review_id,clar_cla_person_id,clar_cla_review_due_date,clar_cla_review_date,clar_cla_review_cancelled,clar_cla_review_participation\nW1,B2,2025-05-29,2025-08-20,N,PN1\n";
    std::fs::write(folder.path().join("ssd_cla_episodes.csv"), episodes).unwrap();
    std::fs::write(folder.path().join("ssd_cla_reviews.csv"), reviews).unwrap();
    std::fs::write(folder.path().join("ssd_department.csv"), "dept_team_id,dept_team_name\n1,North\n")
        .unwrap();
    let mut command = Command::cargo_bin("casecheck").unwrap();
    command.current_dir(folder.path()).env_remove("CASECHECK_CATALOG");
    let output = command.args(["check", ".", "--as-at", "2025-09-01", "--json"]).output().unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), err.as_str()), (Some(1), ""));
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answer["summary"]["extract"]["layout"], "ssd");
    assert_eq!(
        answer["summary"]["extract"]["not_used"],
        json!([{ "file": "./ssd_department.csv", "why": "nothing of it has a place in the record" }])
    );
    let late = &answer["answers"][1]["findings"][0];
    assert_eq!(
        late["rule"]["id"], "LAC-007",
        "the legal status reached the episode, so the first review was due"
    );
    assert_eq!(late["at"], json!({ "file": "./ssd_cla_episodes.csv", "line": 2 }));
    assert!(late["evidence"].to_string().contains(r#""file":"./ssd_cla_reviews.csv","line":2"#), "{late}");
    let text = answer["answers"][0]["findings"].to_string();
    let at = r#""at":{"column":"cine_referral_source_code","file":"./ssd_cin_episodes.csv","line":2}"#;
    assert!(text.contains(at), "{text}");
}

/// A record in which the order of items says nothing.
fn without_order(value: &Value) -> Value {
    match value {
        Value::Array(items) => {
            let mut items: Vec<Value> = items.iter().map(without_order).collect();
            items.sort_by_key(Value::to_string);
            Value::Array(items)
        }
        Value::Object(fields) => {
            fields.iter().map(|(name, value)| (name.clone(), without_order(value))).collect()
        }
        other => other.clone(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn the_order_of_rows_changes_no_record(seeds in prop::collection::vec(any::<u64>(), SSD.len())) {
        let shuffled: Vec<(&str, String)> = SSD
            .iter()
            .zip(seeds)
            .map(|((name, text), seed)| {
                let mut lines = text.lines();
                let head = lines.next().unwrap();
                let mut rows: Vec<&str> = lines.collect();
                rows.sort_by_key(|row| row.bytes().fold(seed, |sum, byte| {
                    (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3).rotate_left(17)
                }));
                (*name, format!("{head}\n{}\n", rows.join("\n")))
            })
            .collect();
        let tables: Vec<(&str, &str)> = shuffled.iter().map(|(name, text)| (*name, text.as_str())).collect();
        let records = |made: &Made| -> Vec<Value> {
            made.records.iter().map(|(record, _)| without_order(record)).collect()
        };
        let (made, usual) = (made(&tables), made(SSD));
        prop_assert_eq!(records(&made), records(&usual));
        let count = |made: &Made| -> Vec<_> {
            made.counted.iter().map(|(key, lines)| (key.clone(), lines.len())).collect()
        };
        prop_assert_eq!(count(&made), count(&usual));
    }
}
