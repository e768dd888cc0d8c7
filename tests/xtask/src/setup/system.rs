//! System packages: installed on Debian and Ubuntu, named elsewhere.

use crate::step::{self, Failure};
use std::process::Command;

/// What the packages are for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// The desktop window.
    Window,
    /// Building the screens and the embedding model.
    Build,
    /// The tests that drive the real window.
    Test,
    /// Checking the build for Windows from here.
    WindowsCheck,
}

/// A package of Debian, and what it is called elsewhere.
struct Package {
    need: Need,
    debian: &'static str,
    fedora: &'static str,
    /// A program that proves it is there without asking the package database; empty for libraries.
    program: &'static str,
}

const fn package(
    need: Need,
    debian: &'static str,
    fedora: &'static str,
    program: &'static str,
) -> Package {
    Package {
        need,
        debian,
        fedora,
        program,
    }
}

const PACKAGES: &[Package] = &[
    package(
        Need::Window,
        "libwebkit2gtk-4.1-dev",
        "webkit2gtk4.1-devel",
        "",
    ),
    package(Need::Window, "libxdo-dev", "libxdo-devel", ""),
    package(Need::Window, "librsvg2-dev", "librsvg2-devel", ""),
    package(
        Need::Window,
        "libayatana-appindicator3-dev",
        "libappindicator-gtk3-devel",
        "",
    ),
    package(Need::Window, "libgtk-3-dev", "gtk3-devel", ""),
    package(Need::Build, "gcc", "gcc", "gcc"),
    package(Need::Build, "g++", "gcc-c++", "g++"),
    package(Need::Build, "pkg-config", "pkgconf", "pkg-config"),
    package(Need::Build, "python3", "python3", "python3"),
    package(Need::Build, "python3-venv", "python3", ""),
    package(Need::Build, "nodejs", "nodejs", "node"),
    package(Need::Build, "npm", "npm", "npm"),
    package(
        Need::Test,
        "webkit2gtk-driver",
        "webkit2gtk-driver",
        "WebKitWebDriver",
    ),
    package(Need::Test, "xvfb", "xorg-x11-server-Xvfb", "Xvfb"),
    package(Need::Test, "xdotool", "xdotool", "xdotool"),
    package(Need::Test, "dbus-x11", "dbus-x11", "dbus-launch"),
    package(
        Need::Test,
        "gnome-keyring",
        "gnome-keyring",
        "gnome-keyring-daemon",
    ),
    package(Need::Test, "python3-gi", "python3-gobject", ""),
    package(Need::Test, "gir1.2-gtk-3.0", "gtk3", ""),
    package(
        Need::WindowsCheck,
        "gcc-mingw-w64-x86-64",
        "mingw64-gcc",
        "x86_64-w64-mingw32-gcc",
    ),
    package(
        Need::WindowsCheck,
        "g++-mingw-w64-x86-64",
        "mingw64-gcc-c++",
        "x86_64-w64-mingw32-g++",
    ),
];

/// Installs the packages, or says which are missing and how to get them.
pub(crate) fn install(needs: &[Need]) -> Result<(), Failure> {
    match Family::here() {
        Family::Debian => install_debian(needs),
        Family::OtherLinux(name) => name_missing_linux(needs, &name),
        Family::MacOs => name_missing_macos(),
        Family::Windows => name_missing_windows(),
    }
}

/// Whether a window could be shown.
pub(crate) fn has_display() -> bool {
    !cfg!(target_os = "linux")
        || std::env::var_os("DISPLAY").is_some_and(|set| !set.is_empty())
        || std::env::var_os("WAYLAND_DISPLAY").is_some_and(|set| !set.is_empty())
}

enum Family {
    Debian,
    OtherLinux(String),
    MacOs,
    Windows,
}

impl Family {
    fn here() -> Self {
        if cfg!(target_os = "macos") {
            return Self::MacOs;
        }
        if cfg!(windows) {
            return Self::Windows;
        }
        let release = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
        let field = |name: &str| {
            release
                .lines()
                .find_map(|line| line.strip_prefix(name)?.strip_prefix('='))
                .map(|value| value.trim_matches('"').to_owned())
                .unwrap_or_default()
        };
        let kin = format!("{} {}", field("ID"), field("ID_LIKE"));
        if kin
            .split_whitespace()
            .any(|id| id == "debian" || id == "ubuntu")
        {
            Self::Debian
        } else {
            Self::OtherLinux(field("PRETTY_NAME"))
        }
    }
}

fn install_debian(needs: &[Need]) -> Result<(), Failure> {
    let missing: Vec<&str> = wanted(needs)
        .filter(|package| !present(package))
        .map(|package| package.debian)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let root = step::answers("id", "-u").is_some_and(|id| id == "0");
    let apt = |arguments: &[&str]| {
        let mut command = if root {
            Command::new("apt-get")
        } else {
            Command::new("sudo")
        };
        if !root {
            command.arg("apt-get");
        }
        command
            .args(arguments)
            .env("DEBIAN_FRONTEND", "noninteractive");
        command
    };
    if !root && step::answers("sudo", "-V").is_none() {
        return Err(format!(
            "these system packages are missing, and there is no sudo to install them with:\n  apt-get install {}",
            missing.join(" ")
        ));
    }
    step::run(
        "look for system packages (apt-get update)",
        &mut apt(&["update"]),
    )?;
    let mut arguments = vec!["install", "-y", "--no-install-recommends"];
    arguments.extend(&missing);
    step::run(
        &format!("install system packages: {}", missing.join(" ")),
        &mut apt(&arguments),
    )?;
    Ok(())
}

fn wanted(needs: &[Need]) -> impl Iterator<Item = &'static Package> {
    PACKAGES
        .iter()
        .filter(move |package| needs.contains(&package.need))
}

fn present(package: &Package) -> bool {
    if !package.program.is_empty() {
        return on_path(package.program);
    }
    Command::new("dpkg-query")
        .args(["-W", "-f", "${Status}", package.debian])
        .output()
        .is_ok_and(|output| {
            String::from_utf8_lossy(&output.stdout).contains("install ok installed")
        })
}

fn on_path(program: &str) -> bool {
    std::env::var_os("PATH").is_some_and(|path| {
        std::env::split_paths(&path).any(|folder| {
            folder.join(program).is_file() || folder.join(format!("{program}.exe")).is_file()
        })
    })
}

fn name_missing_linux(needs: &[Need], name: &str) -> Result<(), Failure> {
    let missing: Vec<&str> = wanted(needs)
        .filter(|package| {
            if package.program.is_empty() {
                Command::new("rpm")
                    .args(["-q", package.fedora])
                    .output()
                    .is_ok_and(|output| !output.status.success())
            } else {
                !on_path(package.program)
            }
        })
        .map(|package| package.fedora)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(format!(
        "{name}: these packages are missing (Fedora's names; other systems have them under similar ones):\n  sudo dnf install {}",
        missing.join(" ")
    ))
}

fn name_missing_macos() -> Result<(), Failure> {
    let mut ways = Vec::new();
    if step::answers("xcode-select", "-p").is_none() {
        ways.push("the compiler: xcode-select --install");
    }
    if !on_path("python3") {
        ways.push("Python 3.11 or newer: brew install python");
    }
    if !on_path("npm") {
        ways.push("Node 20 or newer: brew install node");
    }
    missing_ways(&ways)
}

fn name_missing_windows() -> Result<(), Failure> {
    let mut ways = Vec::new();
    if !on_path("python") && !on_path("python3") {
        ways.push("Python 3.11 or newer: winget install Python.Python.3.12");
    }
    if !on_path("npm") && !on_path("npm.cmd") {
        ways.push("Node 20 or newer: winget install OpenJS.NodeJS.LTS");
    }
    // WebView2 comes with Windows 11; on Windows 10 it may have to be installed.
    let webview = [
        r"C:\Program Files (x86)\Microsoft\EdgeWebView\Application",
        r"C:\Program Files\Microsoft\EdgeWebView\Application",
    ];
    if !webview
        .iter()
        .any(|folder| std::path::Path::new(folder).is_dir())
    {
        ways.push("WebView2: winget install Microsoft.EdgeWebView2Runtime");
    }
    missing_ways(&ways)
}

fn missing_ways(ways: &[&str]) -> Result<(), Failure> {
    if ways.is_empty() {
        Ok(())
    } else {
        Err(format!("these are missing:\n  {}", ways.join("\n  ")))
    }
}
