//! The parser and the files of records, by the front door.

use bumpalo::Bump;
use casecheck::intake::Fault;
use casecheck::intake::Malformed;
use casecheck::intake::parse;

fn refused(text: &[u8]) -> Malformed {
    parse(text, &Bump::new())
        .expect_err("this document is refused")
        .clone()
}

fn fault_and_pointer(text: &str) -> (Fault, String) {
    let malformed = refused(text.as_bytes());
    (malformed.fault, malformed.pointer.to_string())
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
        (
            r#"[{}, {"b/c": 1, "\u0062\/c": 2}]"#,
            Fault::DuplicateKey,
            "/1/b~1c",
        ),
        (r#"{"a": [1, 1e999]}"#, Fault::LosesDigits, "/a/1"),
        (r#"{"a": [1, -1e-999]}"#, Fault::LosesDigits, "/a/1"),
        (
            r#"{"a": 1.5, "b": [18446744073709551616]}"#,
            Fault::LosesDigits,
            "/b/0",
        ),
        (
            r#"{"1.00000000000000001": 1.5, "b": 1.00000000000000001}"#,
            Fault::LosesDigits,
            "/b",
        ),
        (
            r#"{"a\\\"": "\"1", "b": -9223372036854775809}"#,
            Fault::LosesDigits,
            "/b",
        ),
        (r#"["\ud800"]"#, Fault::LoneSurrogate, "/0"),
        (r#"["\udc00"]"#, Fault::LoneSurrogate, "/0"),
        (r#"["\ud800\u0041"]"#, Fault::LoneSurrogate, "/0"),
        ("{\"a\": \"b\nc\"}", Fault::ControlCharacter, "/a"),
    ];
    for (text, fault, pointer) in cases {
        assert_eq!(fault_and_pointer(text), (fault, pointer.to_owned()), "{text}");
    }
}
