//! Pieces of HTML, with everything that is shown escaped.

use crate::book::Said;

/// A text as it may stand in HTML, between tags and in attributes.
pub fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            _ => safe.push(letter),
        }
    }
    safe
}

/// An element with a text in it.
pub fn element(tag: &str, text: &str) -> String {
    format!("<{tag}>{}</{tag}>", escape(text))
}

/// A list of pairs; the values are HTML already.
pub fn pairs<'t>(pairs: impl IntoIterator<Item = (&'t str, String)>) -> String {
    let rows: String = pairs
        .into_iter()
        .map(|(name, value)| format!("<div><dt>{}</dt><dd>{value}</dd></div>", escape(name)))
        .collect();
    if rows.is_empty() { rows } else { format!("<dl class=\"summary\">{rows}</dl>") }
}

/// A table; the cells are HTML already, the first of a row names it.
pub fn table(label: &str, heads: &[&str], rows: &[Vec<String>]) -> String {
    let heads: String = heads.iter().map(|head| format!("<th scope=\"col\">{}</th>", escape(head))).collect();
    let body: String = rows
        .iter()
        .map(|cells| {
            let cells: String = cells
                .iter()
                .enumerate()
                .map(|(at, cell)| match at {
                    0 => format!("<th scope=\"row\">{cell}</th>"),
                    _ => format!("<td>{cell}</td>"),
                })
                .collect();
            format!("<tr>{cells}</tr>")
        })
        .collect();
    format!(
        "<div class=\"scroll\" role=\"region\" aria-label=\"{}\" tabindex=\"0\"><table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>",
        escape(label)
    )
}

/// Statements, each a paragraph with a list of what stands under it.
pub fn statements(all: &[Said]) -> String {
    all.iter().map(|said| format!("<p>{}</p>{}", escape(&said.words), under(said))).collect()
}

/// A list of what stands under a statement.
pub fn under(said: &Said) -> String {
    if said.under.is_empty() {
        return String::new();
    }
    let items: String =
        said.under.iter().map(|part| format!("<li>{}{}</li>", escape(&part.words), under(part))).collect();
    format!("<ul class=\"list\">{items}</ul>")
}
