//! WebKit's WebDriver, which starts the application and speaks to its page.

use crate::{Display, Failure};
use std::{
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// A running driver; ends when dropped, and what it started with it.
#[derive(Debug)]
pub(crate) struct Driver {
    process: Child,
    pub(crate) address: String,
}

impl Driver {
    /// Starts a driver whose applications appear on the display and keep their own files in `private`.
    pub(crate) fn start(display: &Display, private: &Path) -> Result<Self, Failure> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let process = Command::new("WebKitWebDriver")
            .args(["--host=127.0.0.1", &format!("--port={port}")])
            .env("DISPLAY", display.name())
            .env("GDK_BACKEND", "x11")
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            // Window state and caches of a test are the test's own.
            .env("XDG_DATA_HOME", private.join("data"))
            .env("XDG_CONFIG_HOME", private.join("config"))
            .env("XDG_CACHE_HOME", private.join("cache"))
            .env("AWM_COMPONENTS", components())
            .env_remove("WAYLAND_DISPLAY")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("WebKitWebDriver can't be started: {error}"))?;
        let driver = Self {
            process,
            address: format!("http://127.0.0.1:{port}"),
        };
        driver.wait_until_ready(port)?;
        Ok(driver)
    }

    fn wait_until_ready(&self, port: u16) -> Result<(), Failure> {
        let began = Instant::now();
        while began.elapsed() < Duration::from_secs(20) {
            if std::net::TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Err("WebKitWebDriver does not answer".into())
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The native parts: those of the set-up, told by `AWM_COMPONENTS`.
fn components() -> std::path::PathBuf {
    std::env::var_os("AWM_COMPONENTS")
        .map(Into::into)
        .unwrap_or_default()
}
