//! Whether the numbers of a document can be kept as written.
//!
//! `json` calls this once for a document in which it met a number that is not a 64-bit integer; most documents have none. `quick` asks
//! about each such number as it meets it.

/// A decimal fraction of this length has at most 15 digits, which every 64-bit float keeps.
const SURE_LENGTH: usize = 16;

/// The byte at which the first number stands that would lose digits, among the `floats` first numbers that are not
/// 64-bit integers. The text must be valid JSON.
pub(super) fn first_that_loses_digits(text: &str, mut floats: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 0;
    while floats > 0 {
        let rest = bytes.get(at..)?;
        at += rest.iter().position(|byte| matches!(byte, b'"' | b'-' | b'0'..=b'9'))?;
        if bytes.get(at) == Some(&b'"') {
            at = end_of_string(bytes, at + 1)?;
            continue;
        }
        let literal = text.get(at..)?;
        let length = literal
            .bytes()
            .position(|byte| !matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9'))
            .unwrap_or(literal.len());
        let literal = literal.get(..length)?;
        if !fits_an_integer(literal) {
            floats -= 1;
            if !keeps_its_digits(literal) {
                return Some(at);
            }
        }
        at += length;
    }
    None
}

/// The byte after the quote that ends the string whose content starts at `at`.
pub(super) fn end_of_string(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        let rest = bytes.get(at..)?;
        at += rest.iter().position(|byte| matches!(byte, b'"' | b'\\'))?;
        if bytes.get(at) == Some(&b'"') {
            return Some(at + 1);
        }
        at += 2;
    }
}

/// Whether the parser keeps this literal as a 64-bit integer.
fn fits_an_integer(literal: &str) -> bool {
    literal != "-0" && (literal.parse::<i64>().is_ok() || literal.parse::<u64>().is_ok())
}

/// Whether the 64-bit float nearest to this literal, written with as many significant digits, is this literal again.
pub(super) fn keeps_its_digits(literal: &str) -> bool {
    let plain = literal.strip_prefix('-').unwrap_or(literal);
    if plain.len() <= SURE_LENGTH && !plain.contains(['e', 'E']) && plain.contains('.') {
        return true;
    }
    if !plain.contains(['.', 'e', 'E']) {
        return plain == "0";
    }
    let (mantissa, exponent) = plain.split_once(['e', 'E']).unwrap_or((plain, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = [whole, fraction].concat();
    let significant = digits.trim_start_matches('0');
    let leading_zeros = digits.len() - significant.len();
    let significant = significant.trim_end_matches('0');
    // No 64-bit float has more than 767 significant digits.
    let (false, true) = (significant.is_empty(), significant.len() <= 767) else {
        return significant.is_empty();
    };
    let (Ok(value), Ok(power)) = (plain.parse::<f64>(), exponent.parse::<i64>()) else {
        return false;
    };
    let (Ok(before_point), Ok(leading_zeros)) = (i64::try_from(whole.len()), i64::try_from(leading_zeros))
    else {
        return false;
    };
    let power = power.saturating_add(before_point - 1 - leading_zeros);
    let kept = format!("{value:.precision$e}", precision = significant.len() - 1);
    let Some((kept_digits, kept_power)) = kept.split_once('e') else {
        return false;
    };
    kept_power.parse() == Ok(power) && kept_digits.replace('.', "") == significant
}
