//! The runs that go on in this process, and those who watch them.
//!
//! A watcher reads events from the store only; here it is told that there are more. So nothing is shown that is not
//! stored, nothing is shown twice or left out, and a slow watcher costs no memory.

use crate::{Host, debugging::DebugSessions, evaluating::LiveEvaluations, failure::Failure};
use awm_api::{
    Timestamp, UserError,
    runs::{RunSummary, RunUpdate, RunWatch},
};
use awm_interpreter::driver::StopReason;
use awm_ports::Runs;
use awm_tenancy::TenantId;
use futures::{
    FutureExt, Stream, StreamExt,
    channel::{mpsc, oneshot},
    stream,
};
use serde_json::Value;
use std::{
    collections::{HashMap, HashSet, VecDeque},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
};

/// The runs that go on in this process.
#[derive(Debug, Default)]
pub struct LiveRuns {
    runs: Mutex<HashMap<String, Arc<Live>>>,
    /// The runs that are debugged.
    pub(crate) debugged: DebugSessions,
    /// The evaluations that go on.
    pub(crate) evaluated: LiveEvaluations,
}

/// A run that goes on.
#[derive(Debug)]
pub(crate) struct Live {
    /// The id of the newest stored event.
    stored: AtomicU64,
    /// Dropped or sent to, it stops the run.
    stop: Mutex<Option<oneshot::Sender<StopReason>>>,
    /// The states whose text is the answer.
    answering: HashSet<String>,
    /// When the answer's first word came; 0 before.
    first_word_at: AtomicI64,
    /// Why the run's end is not in the store.
    lost: Mutex<Option<UserError>>,
    watchers: Mutex<Vec<mpsc::Sender<Signal>>>,
}

/// What a watcher is told. Lost signals do no harm: each one makes it read all that is stored.
#[derive(Clone, Debug)]
enum Signal {
    Stored,
    Progress {
        visit: u64,
        state: String,
        text: String,
    },
}

/// Signals that wait for a slow watcher before text is left out for it.
const WAITING: usize = 1024;
/// Events read at once.
const PAGE: u32 = 500;

impl LiveRuns {
    /// Enters a run, before it is stored: whoever finds it in the store must find it here too. The future is ready when the
    /// run is to stop.
    pub(crate) fn enter(
        &self,
        run_id: &str,
        answering: HashSet<String>,
    ) -> (Arc<Live>, impl Future<Output = StopReason> + Send + use<>) {
        let (stop, stopped) = oneshot::channel();
        let live = Arc::new(Live {
            stored: AtomicU64::new(0),
            stop: Mutex::new(Some(stop)),
            answering,
            first_word_at: AtomicI64::new(0),
            lost: Mutex::default(),
            watchers: Mutex::default(),
        });
        lock(&self.runs).insert(run_id.to_owned(), Arc::clone(&live));
        (live, stopped.map(Result::unwrap_or_default))
    }

    /// Stops a run that goes on here; the future is ready when it has ended.
    pub(crate) fn stop(
        &self,
        run_id: &str,
        reason: StopReason,
    ) -> Option<impl Future<Output = ()> + Send + use<>> {
        let (live, signals) = self.watch(run_id)?;
        if let Some(stop) = lock(&live.stop).take() {
            // A run that ended meanwhile no longer hears it.
            let _ = stop.send(reason);
        }
        // The senders are gone when the run has left.
        Some(signals.for_each(|_| futures::future::ready(())))
    }

    /// Stops all, as at the end of the process.
    pub fn stop_all(&self) {
        for live in lock(&self.runs).values() {
            drop(lock(&live.stop).take());
        }
        self.debugged.end_all();
        self.evaluated.stop_all();
    }

    /// Takes an ended run out, after its end is stored. Its watchers read the rest and end.
    pub(crate) fn leave(&self, run_id: &str) {
        if let Some(live) = lock(&self.runs).remove(run_id) {
            lock(&live.watchers).clear();
        }
    }

    fn watch(&self, run_id: &str) -> Option<(Arc<Live>, mpsc::Receiver<Signal>)> {
        // Under the lock of the map, so that a run can't leave between the look and the entry.
        let runs = lock(&self.runs);
        let live = runs.get(run_id)?;
        let (sender, receiver) = mpsc::channel(WAITING);
        lock(&live.watchers).push(sender);
        Some((Arc::clone(live), receiver))
    }
}

impl Live {
    /// Tells that events up to `id` are stored.
    pub(crate) fn stored(&self, id: u64) {
        self.stored.fetch_max(id, Ordering::Release);
        self.tell(&Signal::Stored);
    }

    /// The id of the newest stored event; 0 for none.
    pub(crate) fn last_stored(&self) -> u64 {
        self.stored.load(Ordering::Acquire)
    }

    /// Tells text that is not stored.
    pub(crate) fn progress(&self, now: Timestamp, visit: u64, state: &str, text: &str) {
        if text.is_empty() {
            return;
        }
        if self.answers(state) {
            // Only the first word sets it.
            let _ =
                self.first_word_at
                    .compare_exchange(0, now, Ordering::AcqRel, Ordering::Relaxed);
        }
        self.tell(&Signal::Progress {
            visit,
            state: state.to_owned(),
            text: text.to_owned(),
        });
    }

    /// Whether a state's text is the answer of a conversation's turn.
    pub(crate) fn answers(&self, state: &str) -> bool {
        self.answering.contains(state)
    }

    /// When the answer's first word came.
    pub(crate) fn first_word_at(&self) -> Option<Timestamp> {
        Some(self.first_word_at.load(Ordering::Acquire)).filter(|at| *at != 0)
    }

    /// Tells that the run's end could not be stored, and why.
    pub(crate) fn lost(&self, error: UserError) {
        *lock(&self.lost) = Some(error);
    }

    fn tell(&self, signal: &Signal) {
        lock(&self.watchers).retain_mut(|watcher| match watcher.try_send(signal.clone()) {
            Ok(()) => true,
            Err(error) => error.is_full(),
        });
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What is stored after `request.after`, then what happens, then the run's last row.
pub(crate) async fn watch<H: Host>(
    host: &H,
    request: RunWatch,
) -> Result<impl Stream<Item = Result<RunUpdate, UserError>> + Send + use<H>, Failure> {
    let ports = host.ports();
    // A run that isn't there is an answer, not an item.
    ports.runs.summary(host.tenant(), &request.id).await?;
    let watcher = Watcher {
        tenant: host.tenant().clone(),
        runs: Arc::clone(&ports.runs),
        signals: ports.live.watch(&request.id),
        run_id: request.id,
        seen: request.after,
        ready: VecDeque::new(),
        phase: Phase::Behind,
    };
    Ok(stream::unfold(watcher, Watcher::next))
}

struct Watcher {
    tenant: TenantId,
    runs: Arc<dyn Runs>,
    run_id: String,
    /// The last event told.
    seen: u64,
    signals: Option<(Arc<Live>, mpsc::Receiver<Signal>)>,
    /// What is told next.
    ready: VecDeque<RunUpdate>,
    phase: Phase,
}

enum Phase {
    /// There may be more in the store.
    Behind,
    /// All that is stored is told.
    Abreast,
    /// The last row is told, or an error.
    Over,
}

impl Watcher {
    async fn next(mut self) -> Option<(Result<RunUpdate, UserError>, Self)> {
        loop {
            if let Some(update) = self.ready.pop_front() {
                return Some((Ok(update), self));
            }
            let step = match self.phase {
                Phase::Over => return None,
                Phase::Behind => self.read().await,
                Phase::Abreast => self.wait().await,
            };
            if let Err(failure) = step {
                self.phase = Phase::Over;
                return Some((Err(failure.into()), self));
            }
        }
    }

    async fn read(&mut self) -> Result<(), Failure> {
        let events = self
            .runs
            .events(&self.tenant, &self.run_id, self.seen, PAGE)
            .await?;
        match events.last() {
            Some(last) => self.seen = last.id,
            None => self.phase = Phase::Abreast,
        }
        let told = events.into_iter().map(|event| RunUpdate::Event { event });
        self.ready.extend(told);
        Ok(())
    }

    async fn catch_up(&mut self) -> Result<(), Failure> {
        self.phase = Phase::Behind;
        while matches!(self.phase, Phase::Behind) {
            self.read().await?;
        }
        Ok(())
    }

    async fn wait(&mut self) -> Result<(), Failure> {
        let signal = match &mut self.signals {
            Some((_, receiver)) => receiver.next().await,
            None => None,
        };
        let Some(signal) = signal else {
            return self.end().await;
        };
        let stored = match &self.signals {
            Some((live, _)) => live.last_stored(),
            None => 0,
        };
        // Text belongs to a state that was entered: that event goes first.
        if stored > self.seen {
            self.catch_up().await?;
        }
        if let Signal::Progress { visit, state, text } = signal {
            self.ready
                .push_back(RunUpdate::Progress { visit, state, text });
        }
        Ok(())
    }

    /// The run is no longer live: the rest is in the store.
    async fn end(&mut self) -> Result<(), Failure> {
        self.catch_up().await?;
        if let Some((live, _)) = &self.signals
            && let Some(error) = lock(&live.lost).clone()
        {
            return Err(error.into());
        }
        let (summary, output) = last_row(&*self.runs, &self.tenant, &self.run_id).await?;
        self.ready.push_back(RunUpdate::Summary { summary, output });
        self.phase = Phase::Over;
        Ok(())
    }
}

async fn last_row(
    runs: &dyn Runs,
    tenant: &TenantId,
    run_id: &str,
) -> Result<(RunSummary, Option<Value>), Failure> {
    let (summary, _, _, output) = runs.get(tenant, run_id).await?;
    Ok((summary, output))
}
