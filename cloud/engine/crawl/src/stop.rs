//! A word to a sync that it shall stop, heard wherever it waits.

use futures::{
    FutureExt,
    channel::oneshot,
    future::{BoxFuture, Shared},
};
use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

/// Said once, heard by all clones.
#[derive(Clone)]
pub(crate) struct Stop {
    said: Arc<AtomicBool>,
    sender: Arc<Mutex<Option<oneshot::Sender<()>>>>,
    heard: Shared<BoxFuture<'static, ()>>,
}

impl Stop {
    pub(crate) fn new() -> Self {
        let (sender, receiver) = oneshot::channel();
        Self {
            said: Arc::default(),
            sender: Arc::new(Mutex::new(Some(sender))),
            heard: receiver.map(drop).boxed().shared(),
        }
    }

    pub(crate) fn say(&self) {
        self.said.store(true, Ordering::SeqCst);
        let sender = self
            .sender
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(sender) = sender {
            // Nobody may be waiting.
            let _ = sender.send(());
        }
    }

    pub(crate) fn is_said(&self) -> bool {
        self.said.load(Ordering::SeqCst)
    }

    /// Returns when it is said.
    pub(crate) async fn said(&self) {
        self.heard.clone().await;
    }
}
