//! What an entry point tells the host.

use awm_tenancy::TenantId;
use std::path::PathBuf;

/// How to open the desktop host.
#[derive(Clone, Debug, Default)]
pub struct HostOptions {
    /// The workspace folder; `AWM_HOME` or the system's data folder if none.
    pub home: Option<PathBuf>,
    /// The folder of the native parts; `AWM_COMPONENTS`, `components` beside the program, or the system's cache folder if none.
    pub components: Option<PathBuf>,
    /// Where the screens run.
    pub kind: HostKind,
    /// The opened profile's tenant; the local profile's if none.
    pub profile: Option<TenantId>,
}

/// Where the screens run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HostKind {
    /// In the application's own window.
    #[default]
    Desktop,
    /// In a browser, served on loopback.
    Browser,
    /// Nowhere: the command line.
    CommandLine,
}

impl HostKind {
    /// Files that are read at the same time: as many as there are cores, but where there are screens, one core is theirs.
    pub(crate) fn readers(self) -> usize {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        match self {
            Self::Desktop | Self::Browser => cores.saturating_sub(1).max(1),
            Self::CommandLine => cores,
        }
    }

    /// The word of `app_info`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Desktop => "desktop",
            Self::Browser => "browser",
            Self::CommandLine => "command line",
        }
    }
}
