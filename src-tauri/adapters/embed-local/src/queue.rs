//! Texts that wait for a thread with the model.

use crate::model::Model;
use futures::channel::oneshot;
use std::{
    collections::VecDeque,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
};

type Answer = Result<Vec<f32>, String>;

struct Job {
    text: String,
    answer: oneshot::Sender<Answer>,
}

#[derive(Default)]
struct State {
    /// Single texts: somebody waits for an answer.
    urgent: VecDeque<Job>,
    waiting: VecDeque<Job>,
    threads: usize,
    closed: bool,
}

/// The threads take from here, single texts first.
#[derive(Default)]
pub(crate) struct Queue {
    state: Mutex<State>,
    filled: Condvar,
}

impl Queue {
    /// Starts the threads that aren't running.
    pub(crate) fn start(self: &Arc<Self>, model: &Arc<Model>, threads: usize) {
        let mut state = self.lock();
        while state.threads < threads {
            let (queue, model) = (Arc::clone(self), Arc::clone(model));
            let started = std::thread::Builder::new()
                .name("embed".into())
                .spawn(move || queue.work(&model));
            if started.is_err() {
                break;
            }
            state.threads += 1;
        }
    }

    /// Puts texts in; each answer comes by its own channel. Who drops a channel takes the text out again.
    pub(crate) fn put(&self, texts: &[String]) -> Vec<oneshot::Receiver<Answer>> {
        let mut state = self.lock();
        let none = state.threads == 0;
        let lane = if texts.len() == 1 {
            &mut state.urgent
        } else {
            &mut state.waiting
        };
        let answers = texts
            .iter()
            .map(|text| {
                let (answer, receiver) = oneshot::channel();
                // Without a thread the channel is dropped, which tells the caller.
                if !none {
                    lane.push_back(Job {
                        text: text.clone(),
                        answer,
                    });
                }
                receiver
            })
            .collect();
        self.filled.notify_all();
        answers
    }

    /// Ends the threads.
    pub(crate) fn close(&self) {
        self.lock().closed = true;
        self.filled.notify_all();
    }

    fn work(&self, model: &Model) {
        let mut session = model.session();
        while let Some(job) = self.next() {
            if job.answer.is_canceled() {
                continue;
            }
            if session.is_err() {
                session = model.session();
            }
            let answer = match &mut session {
                Ok(session) => model.vector(session, &job.text),
                Err(error) => Err(error.clone()),
            };
            // Whoever asked may have gone meanwhile.
            drop(job.answer.send(answer));
        }
    }

    fn next(&self) -> Option<Job> {
        let mut state = self.lock();
        loop {
            if state.closed {
                return None;
            }
            let urgent = state.urgent.pop_front();
            if let Some(job) = urgent.or_else(|| state.waiting.pop_front()) {
                return Some(job);
            }
            state = self
                .filled
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
