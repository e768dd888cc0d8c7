//! Embeds the screens, the icons and the capability files.

fn main() {
    tauri_build::build();
}
