//! Problems of rule files: each with its file, line and column, the line itself underlined, and what to do.

use annotate_snippets::AnnotationKind;
use annotate_snippets::Level;
use annotate_snippets::Renderer;
use annotate_snippets::Snippet;
use serde_json::Value;
use serde_json::json;

use crate::model::Problem;

/// All problems as text, in order, with colour if asked for.
pub fn problems_as_text(problems: &[Problem], colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let mut text = String::new();
    for problem in problems {
        let length = problem.file.text.len();
        let start = problem.span.start.min(length);
        let end = problem.span.end.clamp(start, length).max((start + 1).min(length));
        let snippet = Snippet::source(problem.file.text.as_str())
            .path(problem.file.name.as_str())
            .annotation(AnnotationKind::Primary.span(start..end));
        let mut group = Level::ERROR.primary_title(problem.message.as_str()).element(snippet);
        if let Some(help) = &problem.help {
            group = group.element(Level::HELP.message(help.as_str()));
        }
        text.push_str(&renderer.render(&[group]));
        text.push_str("\n\n");
    }
    text
}

/// All problems as JSON: file, line and column from 1, message, help.
pub fn problems_as_json(problems: &[Problem]) -> Value {
    let one = |problem: &Problem| {
        let (line, column) = problem.line_and_column();
        json!({ "file": problem.file.name, "line": line, "column": column, "message": problem.message, "help": problem.help })
    };
    Value::Array(problems.iter().map(one).collect())
}
