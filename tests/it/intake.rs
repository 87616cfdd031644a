//! The parser by the front door: what it accepts, what it refuses, and where it says the fault is.

use std::fmt::Write as _;

use bumpalo::Bump;
use casecheck::intake::Fault;
use casecheck::intake::Malformed;
use casecheck::intake::parse;
use casecheck::intake::parse_thoroughly;
use casecheck::model::Day;
use casecheck::model::Name;
use casecheck::model::Node;
use proptest::prelude::*;
use serde_json::Value;

use crate::shared;

fn refused(text: &[u8]) -> Malformed {
    parse(text, &Bump::new()).expect_err("this document is refused").clone()
}

/// The same document as `serde_json` has it.
fn to_value(node: &Node<'_>) -> Value {
    match node {
        Node::Null => Value::Null,
        Node::Bool(value) => (*value).into(),
        Node::Int(number) => (*number).into(),
        Node::Big(number) => (*number).into(),
        Node::Float(number) => (*number).into(),
        Node::Text(text) | Node::Date(text, _) => (*text).into(),
        Node::List(items) => items.iter().map(to_value).collect(),
        Node::Object(members) => Value::Object(
            members
                .iter()
                .map(|member| {
                    assert_eq!(member.hash, Name::hash_of(member.name));
                    (member.name.to_owned(), to_value(&member.value))
                })
                .collect(),
        ),
    }
}

#[test]
fn each_fault_is_told_with_its_pointer() {
    let cases: [(&str, Fault, &str); 24] = [
        ("", Fault::Empty, ""),
        (" \n\t", Fault::Empty, ""),
        ("\u{feff}{}", Fault::ByteOrderMark, ""),
        ("{", Fault::CutShort, ""),
        (r#"{"a": [1, "#, Fault::CutShort, "/a"),
        (r#"{"a": [1, "x"#, Fault::CutShort, "/a/1"),
        (r#"{"a": [1, {"b": tru}]}"#, Fault::Syntax, "/a/1/b"),
        (r#"{"a": [1 2]}"#, Fault::Syntax, "/a"),
        (r#"{"a": {"b": 1, "c": 2,}}"#, Fault::Syntax, "/a"),
        (r"{'a': 1}", Fault::Syntax, ""),
        (r"{1: 1}", Fault::Syntax, ""),
        (r#"{"a": 01}"#, Fault::Syntax, "/a"),
        (r"{} {}", Fault::TrailingContent, ""),
        (r#"{"a": {"b": 1, "b": 2}}"#, Fault::DuplicateKey, "/a/b"),
        (r#"[{}, {"b/c": 1, "\u0062\/c": 2}]"#, Fault::DuplicateKey, "/1/b~1c"),
        (r#"{"a": [1, 1e999]}"#, Fault::LosesDigits, "/a/1"),
        (r#"{"a": [1, -1e-999]}"#, Fault::LosesDigits, "/a/1"),
        (r#"{"a": 1.5, "b": [18446744073709551616]}"#, Fault::LosesDigits, "/b/0"),
        (r#"{"1.00000000000000001": 1.5, "b": 1.00000000000000001}"#, Fault::LosesDigits, "/b"),
        (r#"{"a\\\"": "\"1", "b": -9223372036854775809}"#, Fault::LosesDigits, "/b"),
        (r#"["\ud800"]"#, Fault::LoneSurrogate, "/0"),
        (r#"["\udc00"]"#, Fault::LoneSurrogate, "/0"),
        (r#"["\ud800\u0041"]"#, Fault::LoneSurrogate, "/0"),
        ("{\"a\": \"b\nc\"}", Fault::ControlCharacter, "/a"),
    ];
    for (text, fault, pointer) in cases {
        let malformed = refused(text.as_bytes());
        assert_eq!((malformed.fault, malformed.pointer.as_str()), (fault, pointer), "{text}");
    }
}

#[test]
fn bytes_that_are_not_utf8_are_refused_with_their_pointer() {
    let malformed = refused(b"{\"a\":\n [\"ok\", \"caf\xe9\"]}");
    assert_eq!(malformed.fault, Fault::NotUtf8);
    assert_eq!(malformed.pointer.as_str(), "/a/1");
    assert_eq!((malformed.line, malformed.column), (2, 13));
    assert_eq!(refused(b"{\"a\": 1, \"a\": \"\xe9\"}").fault, Fault::DuplicateKey);
    assert_eq!(refused(b"{} \xff").fault, Fault::NotUtf8);
}

#[test]
fn a_fault_says_where_and_what_to_do_and_quotes_nothing() {
    let malformed = refused("{\n \"é\": \"Jenny Secret\", \"child\": {\"a\": 1,\n  \"a\": 2}}".as_bytes());
    insta::assert_snapshot!(malformed, @"line 3, column 5, at /child/a: this property is written twice in one object; keep one of the two");
    insta::assert_snapshot!(refused(b"{\"note\": \"Jenny Secret\", }"), @"line 1, column 26: this is not JSON; write a value, comma, colon or closing bracket as JSON has them");
    let mut codes: Vec<&str> = Fault::ALL.iter().map(|fault| fault.code()).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), Fault::ALL.len());
}

#[test]
fn sixty_four_levels_are_read_and_sixty_five_are_not() {
    let nested = |levels: usize| ["[".repeat(levels), "]".repeat(levels)].concat();
    assert!(parse(nested(64).as_bytes(), &Bump::new()).is_ok());
    let malformed = refused(nested(65).as_bytes());
    assert_eq!(malformed.fault, Fault::TooDeep);
    assert_eq!(malformed.pointer.segments().count(), 64);
    assert_eq!(refused("[".repeat(100_000).as_bytes()).fault, Fault::TooDeep);
    // Depth is what is open, not what was seen.
    assert!(parse(["[", &"[],".repeat(500), "{}]"].concat().as_bytes(), &Bump::new()).is_ok());
}

#[test]
fn a_string_that_is_a_real_day_is_a_date() {
    let arena = Bump::new();
    let root = parse(br#"["2024-02-29", "2023-02-29", "2024\u002d02-29", "2024-2-029"]"#, &arena).unwrap();
    let day = Day::from_ymd(2024, 2, 29).unwrap();
    assert_eq!(
        root.as_list().unwrap(),
        [
            Node::Date("2024-02-29", day),
            Node::Text("2023-02-29"),
            Node::Date("2024-02-29", day),
            Node::Text("2024-2-029"),
        ]
    );
}

#[test]
fn numbers_that_keep_their_digits_are_read() {
    let kept = "[0, -0, 0.0, -0.0, 1.50, 95.5, 1e2, 1E+2, 1.5e-3, 0.1, 0.30000000000000004, 0.10000000000000001, \
                1e22, 1.7976931348623157e308, 5e-324, 9223372036854775807, 9223372036854775808, \
                18446744073709551615, -9223372036854775808, 100.000000000000000000000000]";
    let arena = Bump::new();
    let root = parse(kept.as_bytes(), &arena).expect("each of these is kept");
    let items = root.as_list().unwrap();
    assert_eq!(items.len(), 20);
    assert_eq!(items[15], Node::Int(i64::MAX));
    assert_eq!(items[16], Node::Big(1 << 63));
    for lost in [
        "0.1000000000000000001",
        "123456789012345678.5",
        "1e23000000000000000000000",
        "2.5e-324",
        "1.7976931348623159e308",
    ] {
        assert_eq!(refused(lost.as_bytes()).fault, Fault::LosesDigits, "{lost}");
    }
}

#[test]
fn the_arena_is_used_again_after_a_reset() {
    let mut arena = Bump::new();
    let text = br#"{"a": ["\u0041", {"b": [1, 2, 3]}]}"#;
    parse(text, &arena).unwrap();
    arena.reset();
    let first = arena.allocated_bytes();
    for _ in 0..100 {
        parse(text, &arena).unwrap();
        arena.reset();
    }
    assert_eq!(arena.allocated_bytes(), first);
}

#[test]
#[expect(clippy::too_many_lines, reason = "the table of implementation-defined cases stands in it")]
fn the_json_test_suite_is_refused_and_accepted_as_it_asks() {
    // Accepted by the grammar and refused by us: a property written twice has no one meaning.
    let ours = ["y_object_duplicated_key.json", "y_object_duplicated_key_and_value.json"];
    let Some(folder) = shared::folder("corpora/json-test-suite/test_parsing") else {
        return;
    };
    let (mut refused, mut accepted, mut table) = (0, 0, String::new());
    for (name, bytes) in shared::files(&folder, ".json") {
        let outcome = parse(&bytes, &Bump::new()).map(|_| ());
        match name.as_bytes().first() {
            Some(b'n') => {
                assert!(outcome.is_err(), "{name} is accepted");
                refused += 1;
            }
            Some(b'y') => {
                let expected = if ours.contains(&name.as_str()) { Err(Fault::DuplicateKey) } else { Ok(()) };
                assert_eq!(outcome.map_err(|malformed| malformed.fault), expected, "{name}");
                accepted += 1;
            }
            _ => {
                let word = outcome.map_or_else(|malformed| malformed.fault.code(), |()| "accepted");
                writeln!(table, "{word:17} {name}").unwrap();
            }
        }
    }
    assert_eq!((refused, accepted), (188, 95));
    insta::assert_snapshot!(table, @r"
    loses_digits      i_number_double_huge_neg_exp.json
    loses_digits      i_number_huge_exp.json
    loses_digits      i_number_neg_int_huge_exp.json
    loses_digits      i_number_pos_double_huge_exp.json
    loses_digits      i_number_real_neg_overflow.json
    loses_digits      i_number_real_pos_overflow.json
    loses_digits      i_number_real_underflow.json
    loses_digits      i_number_too_big_neg_int.json
    loses_digits      i_number_too_big_pos_int.json
    loses_digits      i_number_very_big_negative_int.json
    lone_surrogate    i_object_key_lone_2nd_surrogate.json
    lone_surrogate    i_string_1st_surrogate_but_2nd_missing.json
    lone_surrogate    i_string_1st_valid_surrogate_2nd_invalid.json
    not_utf8          i_string_UTF-16LE_with_BOM.json
    not_utf8          i_string_UTF-8_invalid_sequence.json
    not_utf8          i_string_UTF8_surrogate_U+D800.json
    lone_surrogate    i_string_incomplete_surrogate_and_escape_valid.json
    lone_surrogate    i_string_incomplete_surrogate_pair.json
    lone_surrogate    i_string_incomplete_surrogates_escape_valid.json
    lone_surrogate    i_string_invalid_lonely_surrogate.json
    lone_surrogate    i_string_invalid_surrogate.json
    not_utf8          i_string_invalid_utf-8.json
    lone_surrogate    i_string_inverted_surrogates_U+1D11E.json
    not_utf8          i_string_iso_latin_1.json
    lone_surrogate    i_string_lone_second_surrogate.json
    not_utf8          i_string_lone_utf8_continuation_byte.json
    not_utf8          i_string_not_in_unicode_range.json
    not_utf8          i_string_overlong_sequence_2_bytes.json
    not_utf8          i_string_overlong_sequence_6_bytes.json
    not_utf8          i_string_overlong_sequence_6_bytes_null.json
    not_utf8          i_string_truncated-utf-8.json
    syntax            i_string_utf16BE_no_BOM.json
    syntax            i_string_utf16LE_no_BOM.json
    too_deep          i_structure_500_nested_arrays.json
    byte_order_mark   i_structure_UTF-8_BOM_empty_object.json
    ");
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_filter("JSON has no infinity", |number| number.is_finite()).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        "[12][09][0-9]{2}-[01][0-9]-[0-3][0-9]".prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 200, 60, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..50).prop_map(Value::from),
            prop::collection::vec((any::<String>(), inner), 0..50)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// The pointers of all objects in a document, with one of their properties.
fn properties(
    value: &Value,
    at: &casecheck::model::Pointer,
    into: &mut Vec<(casecheck::model::Pointer, String)>,
) {
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                properties(item, &at.clone().index(index), into);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                into.push((at.clone(), name.clone()));
                properties(member, &at.clone().key(name), into);
            }
        }
        _ => {}
    }
}

/// The document as text, with one property of the object at `at` written a second time at its end.
fn write_twice(
    value: &Value,
    here: &casecheck::model::Pointer,
    at: &casecheck::model::Pointer,
    twice: &str,
) -> String {
    match value {
        Value::Array(items) => {
            let items: Vec<String> = items
                .iter()
                .enumerate()
                .map(|(index, item)| write_twice(item, &here.clone().index(index), at, twice))
                .collect();
            format!("[{}]", items.join(","))
        }
        Value::Object(members) => {
            let mut written: Vec<String> = members
                .iter()
                .map(|(name, member)| {
                    let member = write_twice(member, &here.clone().key(name), at, twice);
                    format!("{}: {member}", Value::from(name.as_str()))
                })
                .collect();
            if here == at {
                written.push(format!("{}: 1", Value::from(twice)));
            }
            format!("{{{}}}", written.join(", "))
        }
        other => other.to_string(),
    }
}

#[test]
fn a_fault_in_a_list_within_a_list_has_the_index_of_each() {
    for (text, pointer) in [
        (r#"[[null, {"a": 1, "a": 2}]]"#, "/0/1/a"),
        (r#"{"x": [1, [2, 3, [4, {"a": 1, "a": 2}]]]}"#, "/x/1/2/1/a"),
    ] {
        assert_eq!(refused(text.as_bytes()).pointer.as_str(), pointer);
    }
}

proptest! {
    #[test]
    fn any_document_is_read_as_serde_json_reads_it(value in any_json()) {
        for text in [value.to_string(), serde_json::to_string_pretty(&value).unwrap()] {
            let arena = Bump::new();
            let node = parse(text.as_bytes(), &arena).expect("this document is JSON");
            prop_assert_eq!(to_value(node), serde_json::from_str::<Value>(&text).unwrap());
        }
    }

    #[test]
    fn the_quick_reader_and_the_thorough_one_say_the_same(
        value in any_json(),
        pretty in any::<bool>(),
        at in any::<prop::sample::Index>(),
        length in 0_usize..4,
        instead in "[\\[\\]{}\",:0-9eE.\\\\/u \n\t\r\u{1}\u{7f}é🦔tfnbDd+-]{0,6}",
    ) {
        let text = if pretty { serde_json::to_string_pretty(&value).unwrap() } else { value.to_string() };
        let places: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let from = at.index(places.len());
        let to = places[(from + length).min(places.len() - 1)];
        let (start, end) = (text.get(..places[from]).unwrap(), text.get(to..).unwrap());
        let spoilt = [start, &instead, end].concat();
        for text in [text, spoilt] {
            let (quick, thorough) = (Bump::new(), Bump::new());
            prop_assert_eq!(parse(text.as_bytes(), &quick), parse_thoroughly(&text, &thorough));
        }
    }

    #[test]
    fn a_property_written_twice_is_found_at_its_pointer(value in any_json(), pick in any::<prop::sample::Index>()) {
        let root = casecheck::model::Pointer::root();
        let mut all = Vec::new();
        properties(&value, &root, &mut all);
        prop_assume!(!all.is_empty());
        let (at, name) = pick.get(&all);
        let text = write_twice(&value, &root, at, name);
        let malformed = refused(text.as_bytes());
        prop_assert_eq!(malformed.fault, Fault::DuplicateKey);
        prop_assert_eq!(malformed.pointer, at.clone().key(name));
    }

    #[test]
    fn no_bytes_make_the_parser_fall_over(bytes in prop::collection::vec(any::<u8>(), 0..200), text in "[\\[\\]{}\",:0-9eE.\\\\u \n-]{0,60}") {
        for bytes in [bytes.as_slice(), text.as_bytes()] {
            let ours = parse(bytes, &Bump::new()).map(to_value);
            let theirs = serde_json::from_slice::<Value>(bytes);
            match ours {
                Ok(value) => prop_assert_eq!(value, theirs.unwrap()),
                Err(malformed) => prop_assert!(
                    theirs.is_err() || matches!(malformed.fault, Fault::DuplicateKey | Fault::LosesDigits | Fault::TooDeep)
                ),
            }
        }
    }
}
