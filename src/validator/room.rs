//! Room for answers that wait for their turn, so that memory stays flat however long answers are.
//!
//! Workers take room before they send a piece, the writer gives it back. Whoever's turn it is has room of its own, so nobody waits for
//! ever.

use std::sync::Condvar;
use std::sync::Mutex;
use std::sync::MutexGuard;

/// The most bytes that wait; the chunk whose turn it is may have as many again.
const MOST: usize = 1 << 20;

#[derive(Debug, Default)]
struct State {
    held: usize,
    /// The chunk that is being written.
    turn: u64,
    closed: bool,
}

/// Room for pieces of answers.
#[derive(Debug, Default)]
pub(super) struct Room {
    state: Mutex<State>,
    changed: Condvar,
}

impl Room {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Waits for room for a piece of a chunk; `false` when nobody writes any more.
    pub(super) fn take(&self, chunk: u64, bytes: usize) -> bool {
        let mut state = self.lock();
        // What others hold is never more than MOST, so a piece of the chunk that is written has room once those before it are written.
        let most = |state: &State| if chunk == state.turn { MOST + MOST.max(bytes) } else { MOST };
        while !state.closed && state.held + bytes > most(&state) {
            state = self.changed.wait(state).unwrap_or_else(std::sync::PoisonError::into_inner);
        }
        state.held += bytes;
        !state.closed
    }

    /// Gives back the room of a piece that was written; `turn` is the chunk that is written next.
    pub(super) fn give_back(&self, bytes: usize, turn: u64) {
        let mut state = self.lock();
        state.held = state.held.saturating_sub(bytes);
        state.turn = turn;
        drop(state);
        self.changed.notify_all();
    }

    /// Lets everybody go: nothing is written any more.
    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_all();
    }
}

/// Closes the room when the writer is done, in whatever way.
pub(super) struct ClosedAtEnd<'r>(pub(super) &'r Room);

impl Drop for ClosedAtEnd<'_> {
    fn drop(&mut self) {
        self.0.close();
    }
}
