//! What makes a request a row of the table.

use serde::{Serialize, de::DeserializeOwned};

/// A request with one answer.
pub trait Command: Serialize + DeserializeOwned + Send + 'static {
    /// The row's name on the wire.
    const NAME: &'static str;
    /// What comes back.
    type Response: Serialize + DeserializeOwned + Send + 'static;
}

/// A request whose answer is a sequence of items.
pub trait Stream: Serialize + DeserializeOwned + Send + 'static {
    /// The row's name on the wire.
    const NAME: &'static str;
    /// One element of the answer.
    type Item: Serialize + DeserializeOwned + Send + 'static;
}

use crate::{
    Page, app, chat, collection, connections, crawl, debug, evaluation, evaluation_runs, facsimile,
    folders, knowledge, memory, questions, runs, secrets, settings, workflows,
};

macro_rules! commands {
    ($($name:ident : $area:ident :: $request:ident => $response:ty,)*) => {
        $(impl Command for $area::$request {
            const NAME: &'static str = stringify!($name);
            type Response = $response;
        })*

        /// The names of all commands, in the table's order.
        pub const COMMANDS: &[&str] = &[$(stringify!($name)),*];
    };
}
crate::with_commands!(commands);

macro_rules! streams {
    ($($name:ident : $area:ident :: $request:ident => $item:ty,)*) => {
        $(impl Stream for $area::$request {
            const NAME: &'static str = stringify!($name);
            type Item = $item;
        })*

        /// The names of all streams, in the table's order.
        pub const STREAMS: &[&str] = &[$(stringify!($name)),*];
    };
}
crate::with_streams!(streams);
