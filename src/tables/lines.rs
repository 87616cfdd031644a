//! Watches the text on its way to the CSV reader: where its lines break, and how much of it one row has swallowed.
//!
//! The CSV library counts lines by line feeds and from the end of the row before; a reader of a finding needs the line that an editor
//! shows, whatever breaks the lines and however many blank ones stand between.

use std::collections::VecDeque;
use std::io;
use std::io::Read;

/// Bytes that the CSV reader may hold beside the row at hand.
const BUFFERED: usize = 64 * 1024;

/// A stream that knows its lines.
pub(super) struct Watched<R> {
    inner: R,
    /// Offsets of the line breaks not yet passed, with whether each ends a line (`\r` before `\n` does not).
    breaks: VecDeque<(u64, bool)>,
    /// Offsets of the quotes not yet passed.
    quotes: VecDeque<u64>,
    /// Bytes handed on.
    handed: u64,
    ended: bool,
    /// Bytes handed on since the last row ended.
    since_row: usize,
    /// Bytes of one row.
    line_bytes: usize,
    last_was_return: bool,
    line: u64,
}

impl<R> Watched<R> {
    /// Watches a stream of UTF-8.
    pub(super) fn new(inner: R, line_bytes: usize) -> Self {
        Self {
            inner,
            breaks: VecDeque::new(),
            quotes: VecDeque::new(),
            handed: 0,
            ended: false,
            since_row: 0,
            line_bytes,
            last_was_return: false,
            line: 1,
        }
    }

    /// The line of the row that begins at or, behind blank lines, after this offset; called before [`Self::passed`].
    pub(super) fn line_of(&mut self, offset: u64) -> u64 {
        let mut at = offset;
        while let Some((place, ends)) = self.breaks.front().copied().filter(|(place, _)| *place <= at) {
            self.breaks.pop_front();
            self.line += u64::from(ends);
            at = at.max(place + 1);
        }
        self.line
    }

    /// Whether the stream is known to end at this offset.
    pub(super) fn ends_at(&self, offset: u64) -> bool {
        self.ended && offset >= self.handed
    }

    /// The row ended before this offset. Gives the number of quotes in it.
    pub(super) fn passed(&mut self, offset: u64) -> usize {
        while let Some((_, ends)) = self.breaks.front().copied().filter(|(place, _)| *place < offset) {
            self.breaks.pop_front();
            self.line += u64::from(ends);
        }
        self.since_row = 0;
        let quotes = self.quotes.partition_point(|place| *place < offset);
        self.quotes.drain(..quotes);
        quotes
    }
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.since_row > self.line_bytes + BUFFERED {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let length = self.inner.read(buffer)?;
        self.ended = length == 0 && !buffer.is_empty();
        for (offset, byte) in (self.handed..).zip(buffer.iter().take(length)) {
            if *byte == b'\n' {
                if self.last_was_return
                    && let Some(before) = self.breaks.back_mut().filter(|(place, _)| *place + 1 == offset)
                {
                    before.1 = false;
                }
                self.breaks.push_back((offset, true));
            } else if *byte == b'\r' {
                self.breaks.push_back((offset, true));
            } else if *byte == b'"' {
                self.quotes.push_back(offset);
            }
            self.last_was_return = *byte == b'\r';
        }
        self.handed += u64::try_from(length).unwrap_or(u64::MAX);
        self.since_row += length;
        Ok(length)
    }
}
