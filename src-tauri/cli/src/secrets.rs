//! `awm secrets`. A value never comes as an argument: those are seen by every program of the machine, and kept by the shell.

use crate::{args::SecretCommand, exit::Ended, output::Output};
use awm_api::{
    Code, UserError,
    connections::ConnectionGet,
    secrets::{SecretDelete, SecretList, SecretPlace, SecretSet, SecretText},
};
use awm_host::DesktopHost;
use std::io::{IsTerminal, Read};

pub(crate) async fn secrets(
    host: &DesktopHost,
    output: &Output,
    command: SecretCommand,
) -> Result<Ended, UserError> {
    match command {
        SecretCommand::Set { name, connection } => {
            let name = match (name, connection) {
                (Some(name), _) => name,
                (None, Some(connection)) => of_connection(host, connection).await?,
                (None, None) => {
                    return Err(bad(
                        "no secret is named",
                        "give its name, or `--connection`",
                    ));
                }
            };
            let value = SecretText(value(&name)?);
            let kept = host
                .ask(SecretSet {
                    name: name.clone(),
                    value,
                })
                .await?;
            let word = if kept.existed { "replaced" } else { "kept" };
            output.line(&format!("{word} {name}"), &kept);
        }
        SecretCommand::List => {
            let listing = host.ask(SecretList {}).await?;
            if output.is_json() {
                output.json(&listing);
                return Ok(Ended::Well);
            }
            for name in &listing.names {
                output.text(name);
            }
            output.note(match listing.place {
                SecretPlace::Keychain => "kept in the system's keychain",
                SecretPlace::File => {
                    "kept in an encrypted file, its key beside it: whoever can read the whole folder can read them"
                }
                SecretPlace::PassphraseFile => "kept in a file that is encrypted with your passphrase",
                SecretPlace::Memory => "kept in memory",
            });
        }
        SecretCommand::Delete { name } => {
            let gone = host.ask(SecretDelete { name: name.clone() }).await?;
            if !gone.existed {
                return Err(
                    UserError::new(Code::NotFound, format!("there is no secret `{name}`"))
                        .help("`awm secrets list` names them"),
                );
            }
            output.line(&format!("deleted {name}"), &gone);
        }
    }
    Ok(Ended::Well)
}

async fn of_connection(host: &DesktopHost, id: String) -> Result<String, UserError> {
    let connection = host.ask(ConnectionGet { id }).await?;
    match connection.secrets.into_iter().next() {
        Some(secret) => Ok(secret.name),
        None => Err(bad(
            format!("the connection `{}` doesn't sign in", connection.name),
            "choose a way to sign in first",
        )),
    }
}

/// What is typed unseen, or all of standard input but the line break at its end.
fn value(name: &str) -> Result<String, UserError> {
    let failed =
        |error: std::io::Error| bad(format!("the value can't be read: {error}"), "try again");
    let mut stdin = std::io::stdin();
    if stdin.is_terminal() {
        return rpassword::prompt_password(format!("value of {name}: ")).map_err(failed);
    }
    let mut text = String::new();
    stdin.read_to_string(&mut text).map_err(failed)?;
    let line = text.strip_suffix('\n').unwrap_or(&text);
    Ok(line.strip_suffix('\r').unwrap_or(line).to_owned())
}

fn bad(message: impl Into<String>, help: &str) -> UserError {
    UserError::new(Code::BadRequest, message).help(help)
}
