//! A debugger among tasks, a clock and whoever asks. It knows no runtime: it is a future like any other.

use crate::debugger::{Debugger, Next, Refused};
use crate::tickets::{Answer, Asked, Need};
use async_trait::async_trait;
use awm_api::debug::{DebugAction, DebugState};
use awm_api::runs::{Mock, RunEvent};
use awm_interpreter::{Failure, driver};
use awm_ports::{Clock, ItemStore, StoreError, TaskProgress, TaskRequest, TaskRunner};
use awm_tenancy::TenantId;
use futures::channel::{mpsc, oneshot};
use futures::future::{AbortHandle, Abortable, BoxFuture};
use futures::stream::FuturesUnordered;
use futures::{FutureExt as _, StreamExt as _};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// Where the events of a session are kept, if they are.
#[async_trait]
pub trait DebugSink: Send + Sync {
    /// Stores events, all or none. They may be shown once this has answered.
    async fn append(&self, events: &[RunEvent]) -> Result<(), StoreError>;
    /// Forgets the events above this id: the run was taken back.
    async fn rewind(&self, after: u64) -> Result<(), StoreError>;
}

/// What a session needs of the world.
#[derive(Clone)]
pub struct World {
    /// Whose data it is.
    pub tenant: TenantId,
    /// What the session is called.
    pub id: String,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Does the work of Task states.
    pub tasks: Arc<dyn TaskRunner>,
    /// Files of Map states; without it these states fail.
    pub items: Option<Arc<dyn ItemStore>>,
    /// What stands in for tasks, by the state's JSON Pointer, one for each call; the last one for all that follow.
    pub mocks: BTreeMap<String, Vec<Mock>>,
    /// Keeps the events.
    pub sink: Option<Arc<dyn DebugSink>>,
}

impl std::fmt::Debug for World {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("World")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

type Reply<T> = oneshot::Sender<Result<T, Refused>>;

enum Request {
    Act(DebugAction, u64, Reply<DebugState>),
    Look(u64, Reply<DebugState>),
    Evaluate(Option<u64>, String, Reply<Value>),
    Stop,
}

/// Speaks to a session. When all handles are gone the session ends.
#[derive(Clone, Debug)]
pub struct Handle {
    requests: mpsc::UnboundedSender<Request>,
}

impl Handle {
    /// Takes an action; answers when the session holds, or at once if the action makes nothing go.
    pub async fn act(&self, action: DebugAction, after: u64) -> Result<DebugState, Refused> {
        self.ask(|reply| Request::Act(action, after, reply)).await
    }

    /// How the session stands, with the events above `after`.
    pub async fn look(&self, after: u64) -> Result<DebugState, Refused> {
        self.ask(|reply| Request::Look(after, reply)).await
    }

    /// What an expression gives where a line stands.
    pub async fn evaluate(
        &self,
        thread: Option<u64>,
        expression: String,
    ) -> Result<Value, Refused> {
        self.ask(|reply| Request::Evaluate(thread, expression, reply))
            .await
    }

    /// Ends the session, also while it goes; whoever waits for it is refused.
    pub fn stop(&self) {
        // It may be over already.
        let _ = self.requests.unbounded_send(Request::Stop);
    }

    async fn ask<T>(&self, request: impl FnOnce(Reply<T>) -> Request) -> Result<T, Refused> {
        let (reply, answer) = oneshot::channel();
        let over = || Refused("the session is over".to_owned());
        self.requests
            .unbounded_send(request(reply))
            .map_err(|_| over())?;
        answer.await.unwrap_or_else(|_| Err(over()))
    }
}

/// A handle to a session, and the session itself, which works while it is polled.
pub fn session(debugger: Debugger, world: World) -> (Handle, impl Future<Output = ()> + Send) {
    let (requests, asked) = mpsc::unbounded();
    let (beats, heard) = mpsc::unbounded();
    let session = Session {
        debugger,
        world,
        waiting: Vec::new(),
        work: FuturesUnordered::new(),
        handles: HashMap::new(),
        beats,
        stored: 0,
        rewound: 0,
    };
    (Handle { requests }, session.run(asked, heard))
}

struct Session {
    debugger: Debugger,
    world: World,
    /// Who waits for it to hold.
    waiting: Vec<(u64, Reply<DebugState>)>,
    work: FuturesUnordered<BoxFuture<'static, Option<(u64, Answer)>>>,
    handles: HashMap<u64, AbortHandle>,
    beats: mpsc::UnboundedSender<u64>,
    /// Events that the sink has.
    stored: usize,
    rewound: u64,
}

impl Session {
    async fn run(
        mut self,
        mut requests: mpsc::UnboundedReceiver<Request>,
        mut heard: mpsc::UnboundedReceiver<u64>,
    ) {
        loop {
            let now = self.world.clock.now();
            let next = self.debugger.advance(now);
            if let Err(error) = self.store().await {
                self.refuse_all(&format!("the events can't be stored: {error}"));
                return;
            }
            let until = match next {
                Next::Needs(needs) => {
                    needs.into_iter().for_each(|need| self.meet(need));
                    continue;
                }
                Next::More => Some(now),
                Next::Held => {
                    self.tell_all();
                    None
                }
                Next::Waits { until } => until,
            };
            let clock = Arc::clone(&self.world.clock);
            let mut timer = async move {
                match until {
                    Some(until) => clock.sleep_until(until).await,
                    None => std::future::pending().await,
                }
            }
            .boxed()
            .fuse();
            let mut nothing = FuturesUnordered::new();
            let idle = self.work.is_empty();
            if idle {
                // An empty set is at its end, not waiting.
                nothing.push(std::future::pending::<Option<(u64, Answer)>>().boxed());
            }
            let work = if idle { &mut nothing } else { &mut self.work };
            futures::select_biased! {
                request = requests.next() => match request {
                    Some(Request::Stop) | None => return self.refuse_all("the session is over"),
                    Some(request) => self.hear(request),
                },
                beat = heard.select_next_some() => self.debugger.beat(beat),
                answer = work.select_next_some() => if let Some((ticket, answer)) = answer {
                    self.handles.remove(&ticket);
                    self.debugger.answer(ticket, answer);
                },
                () = timer => {}
            }
        }
    }

    fn hear(&mut self, request: Request) {
        // Whoever asked may be gone; then nobody is told.
        match request {
            Request::Look(after, reply) => {
                let _ = reply.send(Ok(self.debugger.state(&self.world.id, after)));
            }
            Request::Stop => {}
            Request::Evaluate(thread, expression, reply) => {
                let value = self.debugger.evaluate(thread, &expression);
                let _ = reply.send(value.map_err(Refused));
            }
            Request::Act(action, after, reply) => {
                let waits = !matches!(
                    action,
                    DebugAction::Breakpoints { .. } | DebugAction::AddBreakpoint { .. }
                );
                match self.debugger.act(action) {
                    Ok(()) if waits => self.waiting.push((after, reply)),
                    Ok(()) => {
                        let _ = reply.send(Ok(self.debugger.state(&self.world.id, after)));
                    }
                    Err(refused) => {
                        let _ = reply.send(Err(refused));
                    }
                }
            }
        }
    }

    fn tell_all(&mut self) {
        for (after, reply) in std::mem::take(&mut self.waiting) {
            let _ = reply.send(Ok(self.debugger.state(&self.world.id, after)));
        }
    }

    fn refuse_all(&mut self, why: &str) {
        for (_, reply) in std::mem::take(&mut self.waiting) {
            let _ = reply.send(Err(Refused(why.to_owned())));
        }
    }

    /// Has the sink keep what happened, before anything follows from it.
    async fn store(&mut self) -> Result<(), StoreError> {
        let Some(sink) = &self.world.sink else {
            return Ok(());
        };
        let events = self.debugger.events();
        if self.debugger.rewound() != self.rewound {
            self.rewound = self.debugger.rewound();
            // It may have gone on since: all is told again.
            sink.rewind(0).await?;
            self.stored = 0;
        }
        let new = events.get(self.stored..).unwrap_or_default();
        if !new.is_empty() {
            sink.append(new).await?;
        }
        self.stored = events.len();
        Ok(())
    }

    fn meet(&mut self, need: Need) {
        match need {
            Need::Drop { ticket } => {
                if let Some(handle) = self.handles.remove(&ticket) {
                    handle.abort();
                }
            }
            Need::Do {
                ticket,
                call,
                asked,
            } => {
                let (handle, registration) = AbortHandle::new_pair();
                self.handles.insert(ticket, handle);
                let work = self.work(ticket, call, &asked);
                let work = async move { (ticket, work.await) };
                self.work
                    .push(Abortable::new(work, registration).map(Result::ok).boxed());
            }
        }
    }

    fn work(&self, ticket: u64, call: usize, asked: &Asked) -> BoxFuture<'static, Answer> {
        let world = self.world.clone();
        match asked {
            Asked::Task(task) => {
                let mocks = world.mocks.get(&*task.state);
                let mock = mocks.and_then(|mocks| mocks.get(call).or_else(|| mocks.last()));
                if let Some(mock) = mock {
                    let answer = Answer::Value(match mock.clone() {
                        Mock::Return { value } => Ok(value),
                        Mock::Fail { error, cause } => Err(Failure::work(error, cause)),
                    });
                    return async move { answer }.boxed();
                }
                let beats = self.beats.clone();
                let request = TaskRequest {
                    run_id: world.id.clone(),
                    state: task.state.to_string(),
                    name: task.name.to_string(),
                    resource: task.resource.to_string(),
                    arguments: task.arguments.clone(),
                    retries: task.retries,
                    progress: TaskProgress::new(move |_| {
                        // Nobody hears it any more when the session is over.
                        let _ = beats.unbounded_send(ticket);
                    }),
                };
                async move {
                    let result = world.tasks.run(&world.tenant, request).await;
                    Answer::Value(
                        result.map_err(|failure| Failure::work(failure.error, failure.cause)),
                    )
                }
                .boxed()
            }
            Asked::Read(request) => {
                let request = request.clone();
                async move {
                    let items = world.items.clone();
                    Answer::Items(driver::read_items(&world.tenant, items, &request).await)
                }
                .boxed()
            }
            Asked::Write(request) => {
                let request = request.clone();
                async move {
                    let items = world.items.as_deref();
                    Answer::Value(driver::write_results(&world.tenant, items, &request).await)
                }
                .boxed()
            }
        }
    }
}
