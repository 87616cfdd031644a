//! Printing: the only place that writes to the terminal.

use std::io::IsTerminal as _;
use std::io::Write as _;

use crate::report::Ink;

/// Writes a line to standard output; a reader that has gone away is no failure of ours.
pub(super) fn out(text: &str) {
    let _ = writeln!(anstream::stdout(), "{text}");
}

/// Writes text to standard output as it is.
pub(super) fn raw(text: &str) {
    let _ = write!(anstream::stdout(), "{text}");
}

/// Writes a line to standard error.
pub(super) fn err(text: &str) {
    let _ = writeln!(anstream::stderr(), "{text}");
}

/// Colour on a terminal, unless `NO_COLOR` or its like asks for none.
pub(super) fn ink() -> Ink {
    Ink { colour: anstream::AutoStream::choice(&std::io::stdout()) != anstream::ColorChoice::Never }
}

/// Whether progress can be shown.
pub(super) fn shows_progress() -> bool {
    std::io::stderr().is_terminal()
}
