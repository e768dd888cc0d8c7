//! Debugging: sessions begun, told what to do, looked at, ended.

use crate::{Host, debugging::refused, definition, failure::Failure};
use awm_api::{
    Code, UserError,
    debug::{
        DebugCommand, DebugEvaluate, DebugGet, DebugStart, DebugState, DebugStop, DebugStopped,
        DebugValue,
    },
};
use awm_debugger::{Debugger, NewSession, World, session};
use awm_interpreter::{Names, Options, driver};
use futures::FutureExt;
use std::sync::Arc;

pub(crate) async fn debug_start<H: Host>(
    host: &H,
    request: DebugStart,
) -> Result<DebugState, Failure> {
    let (tenant, ports) = (host.tenant(), host.ports());
    let (name, document) = match (request.workflow_id, request.document) {
        (Some(id), None) => {
            let workflow = ports.workflows.get(tenant, &id).await?;
            (workflow.name, workflow.document)
        }
        (None, Some(document)) => (super::name_of("name", &request.name)?, document),
        _ => {
            return Err(UserError::new(
                Code::BadRequest,
                "one of `workflow_id` and `document` says what is debugged",
            )
            .into());
        }
    };
    let document = definition::document(document)?;
    let program = Arc::new(definition::check(&document).program()?);
    let id = ports.ids.next();
    let mocks = driver::always(request.mocks.unwrap_or(document.mocks));
    let mut debugger = Debugger::new(NewSession {
        program,
        input: request.input,
        names: Names::local(&id, &name),
        options: Options {
            mocked: mocks.keys().cloned().collect(),
            ..Options::default()
        },
        seed: request.seed.unwrap_or_else(|| ports.ids.random().to_bits()),
        now: ports.clock.now(),
        real_time: request.real_time,
        start_at: request.start_at,
        variables: request.variables,
    })
    .map_err(refused)?;
    debugger.set_breakpoints(request.breakpoints);
    let state = debugger.state(&id, 0);
    let (handle, work) = session(
        debugger,
        World {
            tenant: tenant.clone(),
            id: id.clone(),
            clock: Arc::clone(&ports.clock),
            tasks: Arc::clone(&ports.tasks),
            items: ports.items.clone(),
            mocks,
            sink: None,
        },
    );
    ports.live.debugged.enter(id, handle);
    host.spawn(work.boxed());
    Ok(state)
}

pub(crate) async fn debug_command<H: Host>(
    host: &H,
    request: DebugCommand,
) -> Result<DebugState, Failure> {
    let session = host.ports().live.debugged.get(&request.id)?;
    let state = session.act(request.action, request.after).await;
    Ok(state.map_err(refused)?)
}

pub(crate) async fn debug_state<H: Host>(
    host: &H,
    request: DebugGet,
) -> Result<DebugState, Failure> {
    let session = host.ports().live.debugged.get(&request.id)?;
    Ok(session.look(request.after).await.map_err(refused)?)
}

pub(crate) async fn debug_evaluate<H: Host>(
    host: &H,
    request: DebugEvaluate,
) -> Result<DebugValue, Failure> {
    let session = host.ports().live.debugged.get(&request.id)?;
    let value = session.evaluate(request.thread, request.expression).await;
    Ok(DebugValue {
        value: value.map_err(refused)?,
    })
}

pub(crate) async fn debug_stop<H: Host>(
    host: &H,
    request: DebugStop,
) -> Result<DebugStopped, Failure> {
    Ok(DebugStopped {
        stopped: host.ports().live.debugged.end(&request.id),
    })
}
