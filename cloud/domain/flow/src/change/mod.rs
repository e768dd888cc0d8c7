//! Changes: everything that can be done to a document, as values. Only [`Editor::apply`](crate::Editor::apply)
//! carries them out.

mod add;
mod fields;
mod fragment;
mod frames;
mod place;
mod remove;
mod rename;
mod wires;
mod work;

use crate::{EdgeRef, Outlet, Point, StateRef};
use awm_api::runs::Mock;
use serde_json::Value;

pub use fragment::fragment;
pub(crate) use work::{Edit, Work};

/// Something done to a document. Each is undone as a whole.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// Puts a new state into a scope.
    AddState {
        /// The [catalogue](crate::catalogue) item's id.
        item: String,
        /// The scope's pointer; `""` for the machine.
        scope: String,
        /// Its name; the item's title if none. Made unique by a number.
        name: Option<String>,
        /// How it is wired, and where it stands.
        place: Place,
    },
    /// Takes states away. Ways into a state that goes on by `Next` lead on to where it went.
    RemoveStates(Vec<StateRef>),
    /// Gives a state another name, in every reference to it.
    RenameState {
        /// The state.
        state: StateRef,
        /// Its new name.
        name: String,
    },
    /// Lets a way out lead to a state of the same scope; puts away `End`, or where it led before. A
    /// `Port::Choice` or `Port::Catch` one past the last adds a rule or a catcher.
    Connect {
        /// The way out.
        from: Outlet,
        /// The state.
        to: StateRef,
    },
    /// Takes a transition away: `Next` becomes `End`, a catcher goes as a whole, a rule stays without target.
    Disconnect(EdgeRef),
    /// Lets a transition begin at another way out of the same scope, or lead to another state.
    Reconnect {
        /// The transition.
        edge: EdgeRef,
        /// Its new beginning, if it is to change.
        from: Option<Outlet>,
        /// Its new end, if it is to change.
        to: Option<StateRef>,
    },
    /// Sets a field, making the objects on the way.
    SetField {
        /// The state; `""` for the machine itself.
        state: StateRef,
        /// The field within it, such as `/Parameters/topK`.
        pointer: String,
        /// The value.
        value: Value,
    },
    /// Takes a field away; not being there is no error.
    RemoveField {
        /// The state; `""` for the machine itself.
        state: StateRef,
        /// The field within it.
        pointer: String,
    },
    /// Lets the state's scope start at it.
    SetStart(StateRef),
    /// Puts nodes at places, relative to their scope's corner.
    MoveNodes(Vec<(StateRef, Point)>),
    /// Forgets where nodes stand, so that they are laid out; all of them if none are named.
    Tidy(Vec<StateRef>),
    /// Folds or unfolds a frame.
    SetCollapsed {
        /// The Parallel or Map.
        state: StateRef,
        /// Whether it is folded.
        collapsed: bool,
    },
    /// Puts in what [`fragment`] gave, or plain ASL from elsewhere: a machine, a `States` object, a single state.
    Paste {
        /// The text.
        text: String,
        /// The scope's pointer.
        scope: String,
        /// The top-left corner, relative to the scope's; laid out if none.
        at: Option<Point>,
    },
    /// Puts copies beside states.
    Duplicate(Vec<StateRef>),
    /// Lets a stand-in answer for a Task.
    SetMock {
        /// The Task.
        state: StateRef,
        /// What it does.
        mock: Mock,
    },
    /// Takes a stand-in away.
    ClearMock(StateRef),
    /// Sets the input that Run offers.
    SetSample(Option<Value>),
    /// Puts in another text, as the code view has it; it may be broken.
    ReplaceText(String),
    /// Adds a branch with a Pass state to a Parallel.
    AddBranch(StateRef),
    /// Takes a branch of a Parallel away with its states.
    RemoveBranch {
        /// The Parallel.
        state: StateRef,
        /// Which, from 0.
        index: usize,
    },
    /// Moves states to another scope; ways between the two are cut.
    MoveIntoScope {
        /// The states, all of one scope.
        states: Vec<StateRef>,
        /// Where to: `""`, or a branch's or a processor's pointer.
        scope: String,
        /// The top-left corner of the first, relative to the scope's.
        at: Option<Point>,
    },
    /// Puts a frame around states of one scope.
    WrapIn {
        /// The states.
        states: Vec<StateRef>,
        /// `parallel` or `map`.
        item: String,
    },
}

/// How a new state is wired and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub enum Place {
    /// Between a state and where it goes on to.
    After(StateRef),
    /// In the middle of a transition.
    Onto(EdgeRef),
    /// Unconnected, at a place relative to the scope's corner.
    At(Point),
    /// After the last state that ends, or as the start.
    Last,
}

/// What a change did.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Applied {
    /// The document's revision now.
    pub revision: u64,
    /// States to select: new, pasted, renamed or moved ones; empty if the selection is to stay.
    pub select: Vec<StateRef>,
    /// References that changed, from what they were to what they are; those inside a renamed one go along.
    pub renamed: Vec<(StateRef, StateRef)>,
    /// What was done, for the history and the live region, such as "Added Retrieve".
    pub said: String,
}

/// Why a change could not be made. The document is as it was.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChangeError {
    /// The text can't be read, so it can't be edited but as text.
    #[error("the text has a mistake near line {line}: {message}")]
    Text {
        /// The line, from 1.
        line: usize,
        /// What is wrong there.
        message: String,
    },
    /// The text is laid out in a way that can't be edited but as text.
    #[error(transparent)]
    Edit(#[from] awm_asl::source::EditError),
    /// No such state.
    #[error("there is no state at `{0}`")]
    NoState(StateRef),
    /// No such scope.
    #[error("there is no scope at `{0}`")]
    NoScope(String),
    /// No such transition.
    #[error("there is no transition at `{0}`")]
    NoEdge(EdgeRef),
    /// No such catalogue item, or none that fits here.
    #[error("`{0}` can't be added")]
    NoItem(String),
    /// No such place to set a field.
    #[error("there is no place for a field at `{0}`")]
    NoField(String),
    /// A state of the machine has this name already.
    #[error("there is a state called `{0}` already")]
    NameTaken(String),
    /// A name that is empty or longer than 80 characters.
    #[error("a name has 1 to 80 characters")]
    BadName,
    /// The state has no such way out.
    #[error("`{0}` has no such way out")]
    NoOutlet(String),
    /// The two ends are in different scopes.
    #[error("`{0}` and `{1}` are not in the same scope")]
    OtherScope(String, String),
    /// What is pasted holds no states.
    #[error("what was copied is no state, no `States` and no machine")]
    NoFragment,
    /// A frame can't go into itself.
    #[error("`{0}` can't be moved into itself")]
    IntoItself(StateRef),
    /// There is nothing to do it to.
    #[error("nothing is chosen")]
    Nothing,
}

impl Change {
    /// Changes with the same key directly after each other are one step of the history: typing, dragging.
    pub(crate) fn coalesces(&self) -> Option<String> {
        match self {
            Self::SetField { state, pointer, .. } => Some(format!("set {state} {pointer}")),
            Self::MoveNodes(moved) => {
                let mut key = "move".to_owned();
                for (state, _) in moved {
                    key.push(' ');
                    key.push_str(state);
                }
                Some(key)
            }
            Self::ReplaceText(_) => Some("text".to_owned()),
            Self::SetSample(_) => Some("sample".to_owned()),
            Self::SetMock { state, .. } => Some(format!("mock {state}")),
            _ => None,
        }
    }

    /// Whether it can be made while the text is broken.
    pub(crate) fn needs_no_text(&self) -> bool {
        matches!(self, Self::ReplaceText(_) | Self::SetSample(_))
    }

    pub(crate) fn carry_out(self, work: &mut Work<'_>) -> Result<Applied, ChangeError> {
        match self {
            Self::AddState {
                item,
                scope,
                name,
                place,
            } => add::add_state(work, &item, &scope, name, place),
            Self::RemoveStates(states) => remove::remove_states(work, &states),
            Self::RenameState { state, name } => rename::rename_state(work, &state, &name),
            Self::Connect { from, to } => wires::connect(work, &from, &to),
            Self::Disconnect(edge) => wires::disconnect(work, &edge),
            Self::Reconnect { edge, from, to } => wires::reconnect(work, &edge, from, to),
            Self::SetField {
                state,
                pointer,
                value,
            } => fields::set_field(work, &state, &pointer, value),
            Self::RemoveField { state, pointer } => fields::remove_field(work, &state, &pointer),
            Self::SetStart(state) => wires::set_start(work, &state),
            Self::MoveNodes(moved) => place::move_nodes(work, moved),
            Self::Tidy(states) => place::tidy(work, &states),
            Self::SetCollapsed { state, collapsed } => place::set_collapsed(work, state, collapsed),
            Self::Paste { text, scope, at } => fragment::paste(work, &text, &scope, at),
            Self::Duplicate(states) => fragment::duplicate(work, &states),
            Self::SetMock { state, mock } => fields::set_mock(work, state, mock),
            Self::ClearMock(state) => fields::clear_mock(work, &state),
            Self::SetSample(sample) => fields::set_sample(work, sample),
            Self::ReplaceText(text) => fields::replace_text(work, text),
            Self::AddBranch(state) => frames::add_branch(work, &state),
            Self::RemoveBranch { state, index } => frames::remove_branch(work, &state, index),
            Self::MoveIntoScope { states, scope, at } => {
                frames::move_into_scope(work, &states, &scope, at)
            }
            Self::WrapIn { states, item } => frames::wrap_in(work, &states, &item),
        }
    }
}
