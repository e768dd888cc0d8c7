//! What each type of state does when it has its turn.

use super::evaluate::Extra;
use super::thread::Thread;
use super::{Execution, Progress};
use crate::Failure;
use crate::program::{Assign, Kind, Node, Words};
use crate::size::{MAX_PAYLOAD, fits};
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
        result: Option<&Value>,
    ) -> Result<Progress, Failure> {
        if node.jsonata {
            return self.complete_query(thread, node, None);
        }
        let input = self.effective_input(thread, node)?;
        let input = self.with_parameters(thread, node, input)?;
        let result = result.map_or(input, |result| Arc::new(result.clone()));
        self.complete_path(thread, node, result)
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
        let input = self.select(thread, &node.input_path, &thread.input)?;
        thread.data.after_input_path = Some(Arc::clone(&input));
        Ok(input)
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
                thread.data.arguments = Some(Arc::clone(&value));
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
        thread.data.result = Some(Arc::clone(&result));
        if node.jsonata {
            return self.complete_query(thread, node, Some(&result));
        }
        self.complete_path(thread, node, result)
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
        Self::done(node, output, next.or(node.next))
    }

    /// `ResultSelector`, `Assign`, `ResultPath`, `OutputPath`.
    fn complete_path(
        &mut self,
        thread: &mut Thread,
        node: &Node,
        result: Arc<Value>,
    ) -> Result<Progress, Failure> {
        if thread.data.result.is_none() {
            thread.data.result = Some(Arc::clone(&result));
        }
        let result = match &node.result_selector {
            Some(template) => Arc::new(self.fill(thread, template, &result)?),
            None => result,
        };
        thread.data.after_result_selector = Some(Arc::clone(&result));
        if !fits(&result, MAX_PAYLOAD) {
            return Err(Failure::too_large(&node.name));
        }
        let values = self.assignments(thread, node.assign.as_ref(), &result)?;
        let combined = combine(&node.result_path, &thread.input, result)?;
        thread.data.after_result_path = Some(Arc::clone(&combined));
        let output = self.select(thread, &node.output_path, &combined)?;
        Self::assign(thread, values);
        Self::done(node, output, node.next)
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
        let node = Arc::clone(&thread.node);
        Self::done(&node, output, next)
    }

    fn done(node: &Node, output: Arc<Value>, next: Option<usize>) -> Result<Progress, Failure> {
        if !fits(&output, MAX_PAYLOAD) {
            return Err(Failure::too_large(&node.name));
        }
        Ok(Progress::Done { output, next })
    }
}

/// `ResultPath`: where the result goes in the raw input.
pub(super) fn combine(
    place: &crate::program::Selection,
    input: &Arc<Value>,
    result: Arc<Value>,
) -> Result<Arc<Value>, Failure> {
    use crate::program::Selection;
    Ok(match place {
        Selection::Whole => result,
        Selection::Nothing => Arc::clone(input),
        Selection::At(path) => Arc::new(path.write(Value::clone(input), Value::clone(&result))?),
    })
}
