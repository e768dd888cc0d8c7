//! `awm connections`.

use crate::{
    args::{CallArguments, ConnectionCommand},
    exit::Ended,
    input,
    output::{Output, Tone},
};
use awm_api::{
    Code, UserError,
    connections::{
        ApiCall, ConnectionDelete, ConnectionGet, ConnectionImport, ConnectionList, ConnectionTest,
        ConnectionTested,
    },
};
use awm_host::DesktopHost;
use serde_json::{Map, Value};

pub(crate) async fn connections(
    host: &DesktopHost,
    output: &Output,
    command: ConnectionCommand,
) -> Result<Ended, UserError> {
    match command {
        ConnectionCommand::List => list(host, output).await?,
        ConnectionCommand::Show { connection } => {
            let found = host.ask(ConnectionGet { id: connection }).await?;
            if output.is_json() {
                output.json(&found);
                return Ok(Ended::Well);
            }
            output.text(&format!(
                "{}  {}  {}",
                found.name,
                found.base_url,
                found.auth.kind()
            ));
            for secret in &found.secrets {
                let state = match secret.present {
                    Some(true) => "kept",
                    Some(false) => "missing",
                    None => "locked",
                };
                output.text(&format!("  secret {}  {state}", secret.name));
            }
            for operation in &found.operations {
                output.text(&format!(
                    "  {}  {} {}  {}",
                    output.tone(Tone::Strong, &operation.id),
                    operation.method,
                    operation.path,
                    output.tone(Tone::Dim, &operation.summary)
                ));
            }
        }
        ConnectionCommand::Import {
            file,
            name,
            base_url,
            into,
        } => {
            let into = match into {
                Some(id) => Some(host.ask(ConnectionGet { id }).await?.id),
                None => None,
            };
            let made = host
                .ask(ConnectionImport {
                    text: input::text(&file)?,
                    name,
                    base_url,
                    into,
                })
                .await?;
            let row = &made.connection;
            output.line(
                &format!(
                    "{}  {}  {} operations",
                    row.id,
                    row.name,
                    row.operations.len()
                ),
                &made,
            );
            for note in &made.notes {
                output.note(note);
            }
            for secret in row
                .secrets
                .iter()
                .filter(|secret| secret.present == Some(false))
            {
                output.note(&format!(
                    "`awm secrets set {}` keeps its {}",
                    secret.name, secret.field
                ));
            }
        }
        ConnectionCommand::Test(given) => return test(host, output, given).await,
        ConnectionCommand::Delete { connection } => {
            let id = host.ask(ConnectionGet { id: connection }).await?.id;
            let gone = host.ask(ConnectionDelete { id: id.clone() }).await?;
            output.line(&format!("deleted {id} and {} secrets", gone.secrets), &gone);
        }
    }
    Ok(Ended::Well)
}

async fn list(host: &DesktopHost, output: &Output) -> Result<(), UserError> {
    let rows = host.ask(ConnectionList {}).await?;
    if output.is_json() {
        output.json(&rows);
        return Ok(());
    }
    for row in rows {
        let missing = match row.secret_missing {
            true => output.tone(Tone::Bad, "  secret missing"),
            false => String::new(),
        };
        output.text(&format!(
            "{}  {}  {}  {}  {} operations{missing}",
            row.id,
            output.tone(Tone::Strong, &row.name),
            row.base_url,
            row.auth,
            row.operations
        ));
    }
    Ok(())
}

async fn test(
    host: &DesktopHost,
    output: &Output,
    given: CallArguments,
) -> Result<Ended, UserError> {
    let body = given.body.as_deref().map(input::json).transpose()?;
    let tested = host
        .ask(ConnectionTest {
            id: given.connection,
            call: ApiCall {
                operation: given.operation,
                method: given.method,
                path: given.path,
                parameters: pairs(&given.parameter)?,
                query: pairs(&given.query)?,
                headers: pairs(&given.header)?,
                body,
            },
        })
        .await?;
    if output.is_json() {
        output.json(&tested);
    } else {
        tell(output, &tested);
    }
    let well = tested
        .answer
        .as_ref()
        .is_some_and(|answer| answer.status < 400);
    Ok(if well { Ended::Well } else { Ended::Failed })
}

fn tell(output: &Output, tested: &ConnectionTested) {
    output.note(&format!("{} {}", tested.sent.method, tested.sent.url));
    for (name, value) in &tested.sent.headers {
        output.note(&format!("> {name}: {value}"));
    }
    for hop in &tested.redirects {
        output.note(&format!("{} to {}", hop.status, hop.url));
    }
    if let Some(error) = &tested.error {
        output.note(&output.tone(Tone::Bad, &format!("{} [{}]", error.message, error.code)));
        return;
    }
    let Some(answer) = &tested.answer else {
        return;
    };
    let tone = if answer.status < 400 {
        Tone::Good
    } else {
        Tone::Bad
    };
    output.note(&output.tone(tone, &format!("{}", answer.status)));
    for (name, value) in &answer.headers {
        output.note(&format!("< {name}: {value}"));
    }
    let ms = |us: u64| us as f64 / 1000.0;
    output.note(&format!(
        "{} bytes; {} times sent; name {:.1} ms, first byte {:.1} ms, body {:.1} ms",
        answer.bytes,
        tested.attempts,
        ms(tested.timing.resolve_us),
        ms(tested.timing.wait_us),
        ms(tested.timing.read_us)
    ));
    match &answer.body {
        Value::String(text) => output.text(text),
        body => output.text(&serde_json::to_string_pretty(body).unwrap_or_default()),
    }
}

/// `NAME=VALUE`s; a name given twice is a list.
fn pairs(given: &[String]) -> Result<Map<String, Value>, UserError> {
    let mut pairs = Map::new();
    for pair in given {
        let (name, value) = pair.split_once('=').ok_or_else(|| {
            UserError::new(Code::BadRequest, format!("`{pair}` is not NAME=VALUE"))
                .help("write the name, an equals sign and the value")
        })?;
        let value = Value::from(value);
        match pairs.get_mut(name) {
            None => drop(pairs.insert(name.to_owned(), value)),
            Some(Value::Array(list)) => list.push(value),
            Some(one) => *one = Value::Array(vec![one.take(), value]),
        }
    }
    Ok(pairs)
}
