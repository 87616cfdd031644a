//! How alike texts are: the quick comparison says what plain sets of runs of three words say.

use std::collections::BTreeSet;

use casecheck::rules::Shingles;
use proptest::prelude::*;

/// The runs of three words of a text, as they would be written down by hand.
fn runs(text: &str) -> BTreeSet<[String; 3]> {
    let words: Vec<String> = text
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    match words.as_slice() {
        [one] => BTreeSet::from([[one.clone(), String::new(), String::new()]]),
        [one, two] => BTreeSet::from([[one.clone(), two.clone(), String::new()]]),
        all => all.windows(3).map(|run| [run[0].clone(), run[1].clone(), run[2].clone()]).collect(),
    }
}

/// Texts of a few words, so that many runs are shared; letter case and signs differ.
fn text() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        Just("visit"),
        Just("Visit"),
        Just("home,"),
        Just("école"),
        Just("ÉCOLE."),
        Just("accommodation"),
        Just("accommodated"),
        Just("7"),
        Just("-")
    ];
    prop::collection::vec(word, 0..14).prop_map(|words| words.join(" "))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn texts_are_as_alike_as_their_shared_runs_of_words_say(left in text(), right in text(), per_cent in 1_u8..=100) {
        let (mine, theirs) = (runs(&left), runs(&right));
        let (shared, all) = (mine.intersection(&theirs).count(), mine.union(&theirs).count());
        let alike = all > 0 && shared * 100 >= all * usize::from(per_cent);
        prop_assert_eq!(Shingles::of(&left).are_alike(&Shingles::of(&right), f64::from(per_cent)), alike);
    }
}
