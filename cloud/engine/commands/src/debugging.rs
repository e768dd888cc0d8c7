//! The sessions in which runs are debugged: in memory, few, and gone with the process.

use awm_api::{Code, UserError};
use awm_debugger::{Handle, Refused};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Sessions at once; a new one takes the place of the one that was asked least lately.
const SESSIONS: usize = 16;

/// The sessions, the one that was asked least lately first. A session that goes is ended, too.
#[derive(Debug, Default)]
pub(crate) struct DebugSessions {
    open: Mutex<Vec<(String, Handle)>>,
}

impl DebugSessions {
    fn open(&self) -> MutexGuard<'_, Vec<(String, Handle)>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn enter(&self, id: String, handle: Handle) {
        let mut open = self.open();
        if open.len() >= SESSIONS {
            open.remove(0).1.stop();
        }
        open.push((id, handle));
    }

    pub(crate) fn get(&self, id: &str) -> Result<Handle, UserError> {
        let mut open = self.open();
        let place = open.iter().position(|(open, _)| open == id);
        let Some(place) = place else {
            return Err(
                UserError::new(Code::NotFound, format!("there is no session `{id}`"))
                    .help("it has ended: start another one"),
            );
        };
        let found = open.remove(place);
        let handle = found.1.clone();
        open.push(found);
        Ok(handle)
    }

    /// Ends a session; says whether there was one.
    pub(crate) fn end(&self, id: &str) -> bool {
        let mut open = self.open();
        let place = open.iter().position(|(open, _)| open == id);
        match place {
            Some(place) => {
                open.remove(place).1.stop();
                true
            }
            None => false,
        }
    }

    /// Ends all, as at the end of the process.
    pub(crate) fn end_all(&self) {
        for (_, session) in self.open().drain(..) {
            session.stop();
        }
    }
}

/// What a session refuses, with a way out.
pub(crate) fn refused(refused: Refused) -> UserError {
    UserError::new(Code::BadRequest, refused.0)
}
