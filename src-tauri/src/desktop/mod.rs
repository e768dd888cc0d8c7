//! Puts the shell together: plugins, the host, the window.

pub(crate) mod display;
mod menu;
mod open_file;
mod rpc;
mod stream;
mod window;

use crate::options::Options;
use awm_api::UserError;
use awm_host::{DesktopHost, HostKind, HostOptions};
use std::sync::Arc;
use tauri::Manager;

/// What every command of the page reaches: the host, or why there is none.
///
/// A workspace that can't be opened (a newer store, a second instance) is shown in the window, with its way out,
/// rather than ending the program with a line that nobody sees.
pub(crate) struct Opened(pub(crate) Result<Arc<DesktopHost>, UserError>);

impl Opened {
    /// The host, or the error to answer with.
    pub(crate) fn host(&self) -> Result<Arc<DesktopHost>, UserError> {
        self.0.clone()
    }
}

/// Runs until the window is closed.
pub(crate) fn run(options: Options) -> tauri::Result<()> {
    let home = options.home.clone();
    tauri::Builder::default()
        .plugin(single_instance(&options))
        .plugin(tauri_plugin_window_state::Builder::default().build())
        .plugin(tauri_plugin_dialog::init())
        .invoke_handler(tauri::generate_handler![
            rpc::rpc,
            stream::stream,
            stream::stream_cancel,
            open_file::opened_files,
        ])
        .manage(stream::Streams::default())
        .manage(open_file::Waiting::new(options.files))
        .setup(move |app| {
            let opened = tauri::async_runtime::block_on(DesktopHost::open(HostOptions {
                home,
                kind: HostKind::Desktop,
                ..HostOptions::default()
            }));
            app.manage(Opened(opened.map(Arc::new)));
            menu::attach(app)?;
            window::open(app)?;
            Ok(())
        })
        .build(tauri::generate_context!())?
        .run(|app, event| match event {
            #[cfg(any(target_os = "macos", target_os = "ios"))]
            tauri::RunEvent::Opened { urls } => {
                open_file::open(app, urls.iter().filter_map(|url| url.to_file_path().ok()));
            }
            tauri::RunEvent::Exit => {
                if let Some(Ok(host)) = app.try_state::<Opened>().map(|opened| opened.host()) {
                    tauri::async_runtime::block_on(host.close());
                }
            }
            _ => {}
        });
    Ok(())
}

/// A second start hands its files to the first and ends. Workspaces in different folders don't know each other.
fn single_instance<R: tauri::Runtime>(options: &Options) -> tauri::plugin::TauriPlugin<R> {
    let builder = tauri_plugin_single_instance::Builder::new().callback(|app, words, folder| {
        window::to_front(app);
        let options =
            crate::options::parse(words.into_iter().skip(1).map(Into::into)).unwrap_or_default();
        let folder = std::path::PathBuf::from(folder);
        open_file::open(app, options.files.into_iter().map(|file| folder.join(file)));
    });
    match &options.home {
        None => builder.build(),
        Some(home) => {
            // A name on the bus holds letters and digits only, so the folder goes in as hexadecimal.
            let name: String = home
                .to_string_lossy()
                .bytes()
                .map(|byte| format!("{byte:02x}"))
                .collect();
            let end = name
                .get(name.len().saturating_sub(120)..)
                .unwrap_or_default();
            builder
                .dbus_id(format!("app.aiworkflowmanager.h{end}"))
                .build()
        }
    }
}
