//! The evaluations that go on in this process: asked, watched, stopped.

use crate::{Host, Ports, area::questions::all, failure::Failure, store_error};
use awm_api::{
    UserError,
    evaluation_runs::{EvaluatedQuestion, EvaluationRun, EvaluationState, Measured, RunSettings},
    questions::Question,
};
use awm_evaluation::figures;
use awm_ports::StoreError;
use awm_tenancy::TenantId;
use futures::{
    FutureExt, StreamExt,
    channel::{mpsc, oneshot},
    future::{Either, select},
    stream::{self, BoxStream},
};
use std::{
    collections::HashMap,
    pin::pin,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// The evaluations that go on, by their ids.
#[derive(Debug, Default)]
pub(crate) struct LiveEvaluations(Mutex<HashMap<String, Live>>);

#[derive(Debug)]
struct Live {
    run: EvaluationRun,
    stop: Option<oneshot::Sender<()>>,
    watchers: Vec<mpsc::Sender<EvaluationRun>>,
}

/// Updates that wait for a slow watcher before it misses some.
const WAITING: usize = 64;

impl LiveEvaluations {
    fn lock(&self) -> MutexGuard<'_, HashMap<String, Live>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn enter(&self, run: EvaluationRun) -> oneshot::Receiver<()> {
        let (stop, stopped) = oneshot::channel();
        let live = Live {
            run: run.clone(),
            stop: Some(stop),
            watchers: Vec::new(),
        };
        self.lock().insert(run.id, live);
        stopped
    }

    fn done(&self, id: &str, done: u64) {
        if let Some(live) = self.lock().get_mut(id) {
            live.run.done = done;
            let run = live.run.clone();
            live.watchers
                .retain_mut(|watcher| match watcher.try_send(run.clone()) {
                    Ok(()) => true,
                    Err(error) => error.is_full(),
                });
        }
    }

    fn leave(&self, id: &str) {
        self.lock().remove(id);
    }

    /// Stops one that goes on; the stream ends when it has ended.
    pub(crate) fn stop(&self, id: &str) -> Option<mpsc::Receiver<EvaluationRun>> {
        let watched = self.watch(id)?;
        if let Some(stop) = self.lock().get_mut(id).and_then(|live| live.stop.take()) {
            // One that has just ended no longer hears it.
            let _ = stop.send(());
        }
        Some(watched)
    }

    /// Stops all, as at the end of the process.
    pub(crate) fn stop_all(&self) {
        for live in self.lock().values_mut() {
            drop(live.stop.take());
        }
    }

    fn watch(&self, id: &str) -> Option<mpsc::Receiver<EvaluationRun>> {
        let mut all = self.lock();
        let live = all.get_mut(id)?;
        let (mut sender, receiver) = mpsc::channel(WAITING);
        // A new channel has room.
        let _ = sender.try_send(live.run.clone());
        live.watchers.push(sender);
        Some(receiver)
    }

    /// How an evaluation of the store stands: one that doesn't go on here was cut off.
    pub(crate) fn standing(&self, mut run: EvaluationRun) -> EvaluationRun {
        if run.state == EvaluationState::Running {
            match self.lock().get(&run.id) {
                Some(live) => run = live.run.clone(),
                None => run.state = EvaluationState::Stopped,
            }
        }
        run
    }
}

/// Stores a new evaluation and lets it go on beside the request.
pub(crate) async fn start<H: Host>(
    host: &H,
    set_id: &str,
    settings: RunSettings,
    side_by_side: usize,
) -> Result<EvaluationRun, Failure> {
    let (tenant, ports) = (host.tenant(), host.ports());
    let set = ports.questions.set(tenant, set_id).await?;
    let questions = all(host, set_id).await?;
    let run = EvaluationRun {
        id: ports.ids.next(),
        set_id: set.id,
        set_name: set.name,
        started_at: ports.clock.now(),
        ended_at: None,
        state: EvaluationState::Running,
        error: None,
        measured: measured(ports, tenant, &settings).await?,
        settings,
        questions: questions.len() as u64,
        done: 0,
        figures: None,
    };
    // Entered first: whoever finds it in the store must find it here too.
    let stopped = ports.live.evaluated.enter(run.clone());
    if let Err(error) = ports.evaluations.put_run(tenant, &run, None).await {
        ports.live.evaluated.leave(&run.id);
        return Err(error.into());
    }
    let (own, begun) = (host.clone(), run.clone());
    host.spawn(
        async move {
            let id = begun.id.clone();
            ask_all(&own, begun, questions, stopped, side_by_side).await;
            own.ports().live.evaluated.leave(&id);
        }
        .boxed(),
    );
    Ok(run)
}

async fn ask_all<H: Host>(
    host: &H,
    mut run: EvaluationRun,
    questions: Vec<Question>,
    stopped: oneshot::Receiver<()>,
    side_by_side: usize,
) {
    let asked = run.clone();
    let asking = pin!(ask(host, &asked, questions, side_by_side));
    let ended = match select(asking, stopped).await {
        Either::Left((results, _)) => Some(results),
        Either::Right(_) => None,
    };
    let (tenant, ports) = (host.tenant(), host.ports());
    run.ended_at = Some(ports.clock.now());
    let results = match ended {
        None => {
            run.state = EvaluationState::Stopped;
            None
        }
        Some(Err(error)) => {
            run.state = EvaluationState::Failed;
            run.error = Some(store_error(error));
            None
        }
        Some(Ok(results)) => {
            run.state = EvaluationState::Done;
            run.done = run.questions;
            run.figures = Some(figures(&results));
            Some(results)
        }
    };
    // A set that was deleted meanwhile keeps nothing; a store that fails shows the evaluation as stopped.
    let _ = ports.evaluations.put_run(tenant, &run, results).await;
}

async fn ask<H: Host>(
    host: &H,
    run: &EvaluationRun,
    questions: Vec<Question>,
    side_by_side: usize,
) -> Result<Vec<EvaluatedQuestion>, StoreError> {
    let (tenant, ports) = (host.tenant(), host.ports());
    let mut asked = stream::iter(questions)
        .map(|question| {
            ports
                .evaluator
                .evaluate(tenant, &*ports.tasks, question, &run.settings)
        })
        .buffered(side_by_side.max(1));
    let mut results = Vec::new();
    while let Some(result) = asked.next().await {
        results.push(result?);
        ports.live.evaluated.done(&run.id, results.len() as u64);
    }
    Ok(results)
}

async fn measured(
    ports: &Ports,
    tenant: &TenantId,
    settings: &RunSettings,
) -> Result<Measured, StoreError> {
    let mut measured = Measured::default();
    let wanted = &settings.sources;
    for source in ports.library.sources(tenant).await? {
        if wanted.is_empty() || wanted.contains(&source.id) || wanted.contains(&source.name) {
            measured.documents += source.documents;
            measured.passages += source.passages;
            measured.vectors += source.embedded;
        }
    }
    if settings.answers {
        let settings = ports.settings.load(tenant).await?;
        measured.answers_by = settings.model(None).map(|model| model.name.clone());
    }
    Ok(measured)
}

/// Tells how an evaluation stands until it has ended.
pub(crate) async fn watch<H: Host>(
    host: &H,
    id: String,
) -> Result<BoxStream<'static, Result<EvaluationRun, UserError>>, Failure> {
    let ports = host.ports();
    let going_on = ports.live.evaluated.watch(&id);
    // It must be there, whether it goes on or not.
    ports.evaluations.run(host.tenant(), &id).await?;
    let own = host.clone();
    let last = stream::once(async move {
        let ports = own.ports();
        let run = ports.evaluations.run(own.tenant(), &id).await;
        run.map(|run| ports.live.evaluated.standing(run))
            .map_err(store_error)
    });
    Ok(match going_on {
        Some(updates) => updates.map(Ok).chain(last).boxed(),
        None => last.boxed(),
    })
}
