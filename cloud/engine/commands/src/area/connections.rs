//! Connections to APIs.

use super::{bad_field, name_of};
use crate::{Host, failure::Failure};
use awm_api::{
    Code, UserError,
    connections::{
        Answer, Connection, ConnectionCreate, ConnectionDelete, ConnectionDeleted, ConnectionGet,
        ConnectionImport, ConnectionImported, ConnectionLearn, ConnectionList, ConnectionSave,
        ConnectionSummary, ConnectionTest, ConnectionTested,
    },
};
use awm_caller::CallError;
use awm_connections::{blank, learn, openapi};
use awm_ports::HttpError;

/// Bytes of a sample that is kept with its operation.
const MAX_SAMPLE: usize = 256 * 1024;

pub(crate) async fn connection_list<H: Host>(
    host: &H,
    _: ConnectionList,
) -> Result<Vec<ConnectionSummary>, Failure> {
    let (tenant, ports) = (host.tenant(), host.ports());
    let mut rows = Vec::new();
    for connection in ports.connections.list(tenant).await? {
        let secrets = ports.caller.secret_states(tenant, &connection).await?;
        rows.push(ConnectionSummary {
            auth: connection.auth.kind().to_owned(),
            operations: u32::try_from(connection.operations.len()).unwrap_or(u32::MAX),
            secret_missing: secrets.iter().any(|secret| secret.present == Some(false)),
            id: connection.id,
            name: connection.name,
            base_url: connection.base_url,
            updated_at: connection.updated_at,
        });
    }
    Ok(rows)
}

pub(crate) async fn connection_get<H: Host>(
    host: &H,
    request: ConnectionGet,
) -> Result<Connection, Failure> {
    let stored = host
        .ports()
        .connections
        .get(host.tenant(), &request.id)
        .await?;
    with_secrets(host, stored).await
}

pub(crate) async fn connection_create<H: Host>(
    host: &H,
    request: ConnectionCreate,
) -> Result<Connection, Failure> {
    let name = name_of("name", &request.name)?;
    let id = host.ports().ids.next();
    save(host, blank(id, name, request.base_url)).await
}

pub(crate) async fn connection_save<H: Host>(
    host: &H,
    request: ConnectionSave,
) -> Result<Connection, Failure> {
    // A new one is made by `connection_create`, so that ids come from here.
    if request.connection.revision == 0 {
        return Err(
            bad_field("connection.revision", "the connection was never stored")
                .help("create it first")
                .into(),
        );
    }
    save(host, request.connection).await
}

pub(crate) async fn connection_delete<H: Host>(
    host: &H,
    request: ConnectionDelete,
) -> Result<ConnectionDeleted, Failure> {
    let secrets = host
        .ports()
        .caller
        .delete(host.tenant(), &request.id)
        .await?;
    Ok(ConnectionDeleted { secrets })
}

pub(crate) async fn connection_import<H: Host>(
    host: &H,
    request: ConnectionImport,
) -> Result<ConnectionImported, Failure> {
    let described = openapi::read(&request.text)
        .map_err(|problem| from_problem(Code::ApiDocumentUnreadable, problem))?;
    let mut notes = described.notes;
    let connection = match request.into {
        Some(id) => {
            let mut connection = host.ports().connections.get(host.tenant(), &id).await?;
            // What was learned of an operation outlives a new description of it.
            let mut operations = described.operations;
            for operation in &mut operations {
                let mut known = connection.operations.iter();
                let known = known.find(|known| known.id == operation.id);
                if let Some(known) = known.filter(|known| known.response.learned_from > 0) {
                    operation.response = known.response.clone();
                }
            }
            connection.operations = operations;
            connection
        }
        None => {
            let name = request.name.unwrap_or(described.title);
            let base_url = match request.base_url.or(described.base_url) {
                Some(base_url) => base_url,
                None => {
                    return Err(bad_field(
                        "base_url",
                        "the document names no whole server address",
                    )
                    .help("say where the API is, such as `https://api.example/v1`")
                    .into());
                }
            };
            let id = host.ports().ids.next();
            let mut connection = blank(
                id,
                free_name(host, &name_of("name", &name)?).await?,
                base_url,
            );
            connection.auth = described.auth;
            connection.operations = described.operations;
            // What a document says of a sign-in may not be storable; the operations are nevertheless.
            if let Err(problem) = awm_connections::check(connection.clone())
                && problem.place.first().is_some_and(|place| {
                    matches!(place.as_str(), "auth" | "token_url" | "base_url")
                })
                && connection.auth != Default::default()
            {
                if let awm_api::connections::Auth::OAuth2 { client_id, .. } = &mut connection.auth
                    && client_id.is_empty()
                {
                    client_id.push_str("client-id");
                    notes.push("enter the client id under Authentication".into());
                }
                if let Err(problem) = awm_connections::check(connection.clone()) {
                    connection.auth = Default::default();
                    notes.push(format!("its sign-in was left out: {problem}"));
                }
            }
            connection
        }
    };
    let connection = save(host, connection).await?;
    Ok(ConnectionImported { connection, notes })
}

pub(crate) async fn connection_test<H: Host>(
    host: &H,
    request: ConnectionTest,
) -> Result<ConnectionTested, Failure> {
    let caller = &host.ports().caller;
    let outcome = caller
        .call(host.tenant(), &request.id, &request.call, None)
        .await?;
    let (answer, error) = match outcome.answer {
        Ok(answered) => {
            let answer = Answer {
                status: answered.status,
                headers: answered.headers,
                body: answered.body,
                is_json: answered.is_json,
                bytes: answered.bytes,
            };
            (Some(answer), None)
        }
        Err(error) => (None, Some(from_http(&error))),
    };
    Ok(ConnectionTested {
        sent: outcome.sent,
        answer,
        error,
        attempts: outcome.attempts,
        waited_ms: outcome.waited_ms,
        redirects: outcome.redirects,
        timing: outcome.timing,
    })
}

pub(crate) async fn connection_learn<H: Host>(
    host: &H,
    request: ConnectionLearn,
) -> Result<Connection, Failure> {
    let mut connection = host
        .ports()
        .connections
        .get(host.tenant(), &request.id)
        .await?;
    let Some(last) = request.samples.last() else {
        return Err(bad_field("samples", "there is nothing to learn from").into());
    };
    let Some(operation) = connection
        .operations
        .iter_mut()
        .find(|operation| operation.id == request.operation)
    else {
        return Err(bad_field(
            "operation",
            format!("the connection has no operation `{}`", request.operation),
        )
        .into());
    };
    let response = &mut operation.response;
    // A description and a lesson don't mix: what was answered counts more than what was promised.
    let (before, counted) = match request.afresh || response.learned_from == 0 {
        true => (None, 0),
        false => (response.schema.as_ref(), response.learned_from),
    };
    response.schema = Some(learn(before, &request.samples));
    let more = u32::try_from(request.samples.len()).unwrap_or(u32::MAX);
    response.learned_from = counted.saturating_add(more);
    response.sample = (last.to_string().len() <= MAX_SAMPLE).then(|| last.clone());
    save(host, connection).await
}

async fn save<H: Host>(host: &H, mut connection: Connection) -> Result<Connection, Failure> {
    connection.updated_at = host.ports().clock.now();
    let saved = host.ports().caller.save(host.tenant(), connection).await?;
    with_secrets(host, saved).await
}

async fn with_secrets<H: Host>(
    host: &H,
    mut connection: Connection,
) -> Result<Connection, Failure> {
    let states = host
        .ports()
        .caller
        .secret_states(host.tenant(), &connection)
        .await?;
    connection.secrets = states;
    Ok(connection)
}

/// The name, or with a number if another connection has it.
async fn free_name<H: Host>(host: &H, name: &str) -> Result<String, Failure> {
    let all = host.ports().connections.list(host.tenant()).await?;
    let taken = |name: &str| all.iter().any(|connection| connection.name == name);
    let mut candidate = name.to_owned();
    let mut n = 2;
    while taken(&candidate) {
        candidate = format!("{name} {n}");
        n += 1;
    }
    Ok(candidate)
}

fn from_problem(code: Code, problem: awm_connections::Problem) -> UserError {
    UserError {
        path: problem.place,
        ..UserError::new(code, problem.message).help(problem.help)
    }
}

/// A call's error with its code and a way out.
pub(crate) fn from_call(error: CallError) -> UserError {
    match error {
        CallError::Problem(problem) => from_problem(Code::BadRequest, problem),
        CallError::Store(awm_ports::StoreError::Conflict {
            base: 0,
            newest: 0,
            id,
            ..
        }) => UserError::new(
            Code::Conflict,
            format!("there is a connection `{id}` already"),
        )
        .help("choose another name"),
        CallError::Store(error) => crate::store_error(error),
        CallError::Secret(error) => crate::secret_error(error),
        CallError::SecretMissing { ref name, .. } => {
            let help = format!("enter it under Authentication, or with `awm secrets set {name}`");
            UserError::new(Code::SecretMissing, error.to_string()).help(help)
        }
        CallError::SignIn(words) => UserError::new(Code::SignInFailed, words)
            .help("check the token address, the client id, its secret and the scopes"),
        CallError::RateLimited(_) => UserError::new(Code::ServiceFailed, error.to_string())
            .help("wait, or raise the limit in the connection's settings"),
    }
}

fn from_http(error: &HttpError) -> UserError {
    let (code, help) = match error {
        HttpError::Forbidden(_) => (
            Code::AddressForbidden,
            "addresses of this machine can be allowed in the settings; private networks can't",
        ),
        HttpError::Timeout(_) => (Code::ServiceFailed, "try again, or allow it more time"),
        HttpError::TooLarge(_) => (Code::ServiceFailed, "ask for less, or raise the size limit"),
        HttpError::Unreachable(_) => (
            Code::ServiceFailed,
            "check the address, and whether this machine is connected",
        ),
    };
    UserError::new(code, error.to_string()).help(help)
}
