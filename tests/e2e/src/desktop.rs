//! The real application in its real window.

use crate::{Display, Failure, Page, driver::Driver};
use fantoccini::ClientBuilder;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Map, json};
use std::{
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

/// One start of the application on a workspace folder.
#[derive(Debug)]
pub struct Desktop {
    page: Page,
    home: PathBuf,
    // Dropped last: the driver keeps the application alive.
    driver: Driver,
}

impl Desktop {
    /// Starts the application on the display, and waits for its first screen.
    pub async fn start(
        display: &Display,
        home: &Path,
        arguments: &[&str],
    ) -> Result<Self, Failure> {
        let driver = Driver::start(display, home)?;
        let mut words = vec!["--home".to_owned(), home.display().to_string()];
        words.extend(arguments.iter().map(|&word| word.to_owned()));
        let mut capabilities = Map::new();
        capabilities.insert(
            "webkitgtk:browserOptions".into(),
            json!({ "binary": program()?.display().to_string(), "args": words }),
        );
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&driver.address)
            .await
            .map_err(|error| format!("the application does not start: {error}"))?;
        let page = Page::new(client, display.name());
        page.wait_for("[data-testid=nav-workflows]").await?;
        Ok(Self {
            page,
            home: home.to_owned(),
            driver,
        })
    }

    /// The page in the window.
    pub fn page(&self) -> &Page {
        &self.page
    }

    /// Kills the application as a power cut would: it has no time for anything.
    pub async fn kill(self) -> Result<(), Failure> {
        if self.pids().is_empty() {
            return Err("the application does not run".into());
        }
        self.signal("-KILL").await
    }

    /// Ends the session, and the application with it.
    pub async fn close(self) -> Result<(), Failure> {
        self.page.end().await;
        // The driver lets go of the window, and the program may live on without it.
        self.signal("-TERM").await
    }

    async fn signal(self, signal: &str) -> Result<(), Failure> {
        for pid in self.pids() {
            let _ = Command::new("kill").args([signal, &pid]).status();
        }
        for _ in 0..200 {
            if self.pids().is_empty() {
                drop(self.driver);
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        Err("the application does not end".into())
    }

    /// The application's own processes: those started on this workspace folder.
    fn pids(&self) -> Vec<String> {
        let home = self.home.display().to_string();
        std::fs::read_dir("/proc")
            .into_iter()
            .flatten()
            .flatten()
            .filter_map(|entry| {
                let line = std::fs::read(entry.path().join("cmdline")).ok()?;
                let line = String::from_utf8_lossy(&line).into_owned();
                let mut words = line.split('\0');
                let program = words.next()?.ends_with("ai-workflow-manager");
                (program && words.any(|word| word == home))
                    .then(|| entry.file_name().to_string_lossy().into_owned())
            })
            .collect()
    }
}

/// The application, built beside this test.
fn program() -> Result<PathBuf, Failure> {
    if let Some(set) = std::env::var_os("AWM_APP") {
        return Ok(set.into());
    }
    let here = std::env::current_exe()?;
    let program = here
        .ancestors()
        .nth(2)
        .ok_or("the test lies in no target folder")?
        .join("ai-workflow-manager");
    if program.is_file() {
        Ok(program)
    } else {
        Err(format!(
            "{} is not there: build ai-workflow-manager first",
            program.display()
        )
        .into())
    }
}
