//! The one command of the page: a row of the table, by name.

use super::Opened;
use awm_api::UserError;
use serde_json::Value;
use tauri::State;

/// Answers a request of the command table.
#[tauri::command]
pub(crate) async fn rpc(
    opened: State<'_, Opened>,
    name: String,
    payload: Value,
) -> Result<Value, UserError> {
    opened.host()?.dispatch(&name, payload).await
}
