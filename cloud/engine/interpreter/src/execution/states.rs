//! What each type of state does when it has its turn.

use super::evaluate::Extra;
use super::thread::Thread;
use super::{Execution, Progress};
use crate::Failure;
use crate::program::{Assign, Kind, Node, Selection, Words};
use crate::size::Bound;
use awm_asl::path::Root;
use awm_asl::template::QueryTemplate;
use serde_json::Value;
use std::borrow::Cow;
use std::sync::Arc;

impl Execution {
    /// Does a state's work, or begins it.
    pub(super) fn perform(&mut self, thread: &mut Thread) -> Result<Progress, Failure> {
        if self.is_full(thread) {
            return Err(Failure::work(
                "States.Runtime",
                format!(
                    "The execution reached the maximum number of history events ({}).",
                    self.options.event_limit
                ),
            ));
        }
        let node = Arc::clone(&thread.node);
        match &node.kind {
            Kind::Pass(result) => self.pass(thread, &node, result.as_ref()),
            Kind::Succeed => {
                let input = self.effective_input(thread, &node)?;
                self.complete(thread, &node, input, None)
            }
            Kind::Fail { error, cause } => {
                Err(self.raise(thread, error.as_ref(), cause.as_ref())?)
            }
            Kind::Choice { rules, default } => self.choose(thread, &node, rules, *default),
            Kind::WaitSeconds(amount) => self.wait_seconds(thread, &node, amount),
            Kind::WaitUntil(time) => self.wait_until(thread, &node, time),
            Kind::Task(task) => self.begin_task(thread, &node, task),
            Kind::Parallel(branches) => self.begin_parallel(thread, &node, branches),
            Kind::Map(map) => self.begin_map(thread, &node, map),
        }
    }

    fn pass(
        &mut self,
        thread: &mut Thread,
        node: &Node,
        result: Option<&Arc<Value>>,
    ) -> Result<Progress, Failure> {
        if node.jsonata {
            return self.complete_query(thread, node, None);
        }
        let input = self.effective_input(thread, node)?;
        let input = self.with_parameters(thread, node, input)?;
        let bound = match (&node.parameters, result) {
            (None, None) => thread.bound_of_data(node),
            _ => None,
        };
        let result = result.map_or(input, Arc::clone);
        self.complete_path(thread, node, result, bound)
    }

    fn raise(
        &mut self,
        thread: &mut Thread,
        error: Option<&Words>,
        cause: Option<&Words>,
    ) -> Result<Failure, Failure> {
        let input = Arc::clone(&thread.input);
        let mut text = |words: Option<&Words>, field: &str| -> Result<Option<String>, Failure> {
            words
                .map(|words| {
                    self.words(thread, words, field, &input)
                        .map(|value| super::evaluate::plain(&value))
                })
                .transpose()
        };
        let error = text(error, "Error")?;
        let cause = text(cause, "Cause")?;
        Ok(Failure {
            error,
            cause,
            origin: crate::failure::Origin::Work,
        })
    }

    /// The state's data after `InputPath`.
    pub(super) fn effective_input(
        &mut self,
        thread: &mut Thread,
        node: &Node,
    ) -> Result<Arc<Value>, Failure> {
        if node.jsonata {
            return Ok(Arc::clone(&thread.input));
        }
        if let Some(input) = self.take_input(thread, node) {
            return Ok(input);
        }
        let input = self.select(thread, &node.input_path, &thread.input)?;
        if self.options.history {
            thread.data().after_input_path = Some(Arc::clone(&input));
        }
        Ok(input)
    }

    /// The part of the raw input that `InputPath` names, if nobody needs the rest any more: it is moved, not copied.
    fn take_input(&self, thread: &mut Thread, node: &Node) -> Option<Arc<Value>> {
        let Selection::At(path) = &node.input_path else {
            return None;
        };
        let is_last = matches!(node.result_path, Selection::Whole)
            && matches!(
                node.kind,
                Kind::Pass(_) | Kind::Choice { .. } | Kind::Succeed
            );
        if self.options.history || !is_last {
            return None;
        }
        let whole = Arc::get_mut(&mut thread.input)?;
        path.take(whole).map(Arc::new)
    }

    /// The data after `Parameters`.
    pub(super) fn with_parameters(
        &mut self,
        thread: &mut Thread,
        node: &Node,
        input: Arc<Value>,
    ) -> Result<Arc<Value>, Failure> {
        match &node.parameters {
            None => Ok(input),
            Some(template) => {
                let value = Arc::new(self.fill(thread, template, &input)?);
                if self.options.history {
                    thread.data().arguments = Some(Arc::clone(&value));
                }
                Ok(value)
            }
        }
    }

    /// What is left to do when the work has a result; `result` is none for states that have no work.
    pub(super) fn complete_work(
        &mut self,
        thread: &mut Thread,
        node: &Node,
        result: Value,
    ) -> Result<Progress, Failure> {
        let result = Arc::new(result);
        if self.options.history {
            thread.data().result = Some(Arc::clone(&result));
        }
        if node.jsonata {
            return self.complete_query(thread, node, Some(&result));
        }
        self.complete_path(thread, node, result, None)
    }

    /// What is left to do in a state without work of its own.
    pub(super) fn complete(
        &mut self,
        thread: &mut Thread,
        node: &Node,
        data: Arc<Value>,
        next: Option<usize>,
    ) -> Result<Progress, Failure> {
        if node.jsonata {
            return self.complete_query(thread, node, None);
        }
        let values = self.assignments(thread, node.assign.as_ref(), &data)?;
        let output = self.select(thread, &node.output_path, &data)?;
        Self::assign(thread, values);
        let bound = part_bound(thread.bound_of_data(node), &node.output_path);
        Self::done(node, output, bound, next.or(node.next))
    }

    /// `ResultSelector`, `Assign`, `ResultPath`, `OutputPath`.
    fn complete_path(
        &mut self,
        thread: &mut Thread,
        node: &Node,
        result: Arc<Value>,
        bound: Option<Bound>,
    ) -> Result<Progress, Failure> {
        let history = self.options.history;
        if history && thread.data().result.is_none() {
            thread.data().result = Some(Arc::clone(&result));
        }
        let (result, bound) = match &node.result_selector {
            Some(template) => (Arc::new(self.fill(thread, template, &result)?), None),
            None => (result, bound),
        };
        if history {
            thread.data().after_result_selector = Some(Arc::clone(&result));
        }
        let bound = measured(node, &result, bound)?;
        let values = self.assignments(thread, node.assign.as_ref(), &result)?;
        let writes = matches!(node.result_path, Selection::At(_));
        let bound = match &node.result_path {
            Selection::Whole => Some(bound),
            Selection::Nothing => thread.input_bound,
            Selection::At(path) => thread
                .input_bound
                .and_then(|input| input.with(bound, path.text().len())),
        };
        // The raw input is needed again only if the state can fail and go on.
        let input = if writes && !history && node.catch.is_empty() && node.retry.is_empty() {
            std::mem::take(&mut thread.input)
        } else {
            Arc::clone(&thread.input)
        };
        let combined = combine(&node.result_path, input, result)?;
        if history {
            thread.data().after_result_path = Some(Arc::clone(&combined));
        }
        let output = self.select(thread, &node.output_path, &combined)?;
        Self::assign(thread, values);
        let bound = part_bound(bound, &node.output_path);
        Self::done(node, output, bound, node.next)
    }

    /// `Assign` and `Output`, which both see the variables as they were.
    pub(super) fn complete_query(
        &mut self,
        thread: &mut Thread,
        node: &Node,
        result: Option<&Value>,
    ) -> Result<Progress, Failure> {
        let extra: Vec<Extra<'_>> = result.iter().map(|result| ("result", *result)).collect();
        self.shape(
            thread,
            None,
            node.assign.as_ref(),
            node.output.as_ref(),
            &extra,
            result,
            node.next,
        )
    }

    /// Evaluates `Assign` and `Output` of a state, or of the rule or catcher that `holder` names by its list and its place in it.
    #[expect(
        clippy::too_many_arguments,
        reason = "these are what the two fields may read and where it leads"
    )]
    pub(super) fn shape(
        &mut self,
        thread: &mut Thread,
        holder: Option<(&str, usize)>,
        assign: Option<&Assign>,
        output: Option<&QueryTemplate>,
        extra: &[Extra<'_>],
        otherwise: Option<&Value>,
        next: Option<usize>,
    ) -> Result<Progress, Failure> {
        let name = |field: &'static str| match holder {
            None => Cow::Borrowed(field),
            Some((list, index)) => Cow::Owned(format!("{list}[{index}]/{field}")),
        };
        let values = match assign {
            Some(Assign::Query(template)) => {
                let values = self.query(thread, template, &name("Assign"), extra)?;
                Self::assignable(values)?
            }
            _ => None,
        };
        let output = match (output, otherwise) {
            (Some(template), _) => {
                Arc::new(self.query(thread, template, &name("Output"), extra)?)
            }
            (None, Some(result)) => Arc::new(result.clone()),
            (None, None) => Arc::clone(&thread.input),
        };
        Self::assign(thread, values);
        Self::done(&thread.node, output, None, next)
    }

    fn done(
        node: &Node,
        output: Arc<Value>,
        bound: Option<Bound>,
        next: Option<usize>,
    ) -> Result<Progress, Failure> {
        let bound = Some(measured(node, &output, bound)?);
        Ok(Progress::Done {
            output,
            bound,
            next,
        })
    }
}

impl Thread {
    /// How large the state's data is at most after `InputPath`.
    pub(super) fn bound_of_data(&self, node: &Node) -> Option<Bound> {
        part_bound(self.input_bound, &node.input_path)
    }
}

/// The bound of what a selection names in a value of this bound.
pub(super) fn part_bound(bound: Option<Bound>, selection: &Selection) -> Option<Bound> {
    match selection {
        Selection::Whole => bound,
        Selection::At(path) if path.is_reference() && *path.root() == Root::Input => bound,
        Selection::Nothing | Selection::At(_) => None,
    }
}

/// Refuses what is too large to go on; a bound that is known spares going through the value.
fn measured(node: &Node, value: &Value, known: Option<Bound>) -> Result<Bound, Failure> {
    known
        .or_else(|| Bound::of(value))
        .ok_or_else(|| Failure::too_large(&node.name))
}

/// `ResultPath`: where the result goes in the raw input.
pub(super) fn combine(
    place: &Selection,
    input: Arc<Value>,
    result: Arc<Value>,
) -> Result<Arc<Value>, Failure> {
    Ok(match place {
        Selection::Whole => result,
        Selection::Nothing => input,
        Selection::At(path) => {
            // Copied only if somebody else holds them.
            let (input, result) = (Arc::unwrap_or_clone(input), Arc::unwrap_or_clone(result));
            Arc::new(path.write(input, result)?)
        }
    })
}
