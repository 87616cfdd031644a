//! The check of a rule as its author wrote it.

/// The lines of a rule file from `check:` to the next key, comments and all.
pub fn check_as_written(text: &str) -> String {
    let mut lines = text.lines().skip_while(|line| !line.starts_with("check:"));
    let first = lines.next().unwrap_or_default();
    let rest = lines.take_while(|line| line.starts_with(' ') || line.starts_with('#') || line.is_empty());
    std::iter::once(first).chain(rest).collect::<Vec<_>>().join("\n").trim_end().to_owned()
}
