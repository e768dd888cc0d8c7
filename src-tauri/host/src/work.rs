//! Work that outlives the request that began it.

use futures::future::BoxFuture;
use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{runtime::Handle, task::JoinHandle};

/// Everything that was spawned, so that the end can wait for it.
#[derive(Debug)]
pub(crate) struct Work {
    runtime: Handle,
    tasks: Mutex<Vec<JoinHandle<()>>>,
}

impl Work {
    /// Spawns on the runtime of the caller.
    pub(crate) fn new() -> Self {
        Self {
            runtime: Handle::current(),
            tasks: Mutex::default(),
        }
    }

    pub(crate) fn spawn(&self, work: BoxFuture<'static, ()>) {
        let task = self.runtime.spawn(work);
        let mut tasks = self.tasks();
        tasks.retain(|task| !task.is_finished());
        tasks.push(task);
    }

    /// Waits until all is done; what isn't by then is dropped.
    pub(crate) async fn end(&self, within: Duration) {
        let tasks = std::mem::take(&mut *self.tasks());
        let aborts: Vec<_> = tasks.iter().map(JoinHandle::abort_handle).collect();
        let done = futures::future::join_all(tasks);
        if tokio::time::timeout(within, done).await.is_err() {
            for task in aborts {
                task.abort();
            }
        }
    }

    fn tasks(&self) -> MutexGuard<'_, Vec<JoinHandle<()>>> {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
