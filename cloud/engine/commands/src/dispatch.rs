//! From a row's name and JSON to its handler, and back.

use crate::{Host, area};
use awm_api::{
    COMMANDS, Code, Command, Page, STREAMS, Stream, UserError, app, chat, collection, connections,
    crawl, debug, evaluation, evaluation_runs, facsimile, folders, knowledge, memory, questions,
    runs, secrets, settings, with_commands, with_streams, workflows,
};
use futures::{StreamExt, stream::BoxStream};
use serde::Serialize;
use serde_json::Value;

macro_rules! commands {
    ($($name:ident : $area:ident :: $request:ident => $response:ty,)*) => {
        /// Answers a command of the table. `payload` is the request as JSON; null stands for one without fields.
        pub async fn dispatch<H: Host>(
            host: &H,
            name: &str,
            payload: Value,
        ) -> Result<Value, UserError> {
            match name {
                $(stringify!($name) => {
                    let request: $area::$request = read(<$area::$request as Command>::NAME, payload)?;
                    // Boxed, so that the whole is not as large as its largest handler.
                    let response: $response = Box::pin(area::$area::$name(host, request)).await?;
                    write(&response)
                })*
                _ => Err(unknown("command", name, COMMANDS)),
            }
        }
    };
}
with_commands!(commands);

macro_rules! streams {
    ($($name:ident : $area:ident :: $request:ident => $item:ty,)*) => {
        /// Answers a stream of the table. Dropping the answer ends it.
        pub async fn dispatch_stream<H: Host>(
            host: &H,
            name: &str,
            payload: Value,
        ) -> Result<BoxStream<'static, Result<Value, UserError>>, UserError> {
            match name {
                $(stringify!($name) => {
                    let request: $area::$request = read(<$area::$request as Stream>::NAME, payload)?;
                    let items: BoxStream<'static, Result<$item, UserError>> =
                        Box::pin(area::$area::$name(host, request)).await?;
                    Ok(items.map(|item| write(&item?)).boxed())
                })*
                _ => Err(unknown("stream", name, STREAMS)),
            }
        }
    };
}
with_streams!(streams);

fn read<T: serde::de::DeserializeOwned>(name: &str, payload: Value) -> Result<T, UserError> {
    let payload = match payload {
        Value::Null => Value::Object(serde_json::Map::new()),
        payload => payload,
    };
    serde_json::from_value(payload).map_err(|error| {
        UserError::new(
            Code::BadRequest,
            format!("the request of `{name}` can't be read: {error}"),
        )
        .help("compare the request with the command's description in the API's documentation")
    })
}

fn write(value: &impl Serialize) -> Result<Value, UserError> {
    serde_json::to_value(value).map_err(|error| {
        UserError::new(
            Code::Internal,
            format!("the answer can't be written as JSON: {error}"),
        )
    })
}

fn unknown(what: &str, name: &str, known: &[&str]) -> UserError {
    let help = match COMMANDS.contains(&name) || STREAMS.contains(&name) {
        true => "commands and streams are called in different ways".to_owned(),
        false => format!("known are: {}", known.join(", ")),
    };
    let name: String = name.chars().take(100).collect();
    UserError::new(Code::UnknownCommand, format!("there is no {what} `{name}`")).help(help)
}
