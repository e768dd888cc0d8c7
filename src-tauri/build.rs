//! Embeds the screens, the icons and the capability files.

fn main() {
    // The screens are built by their own step; when they change, the window is built around the new ones.
    println!("cargo::rerun-if-changed=../ui/dist");
    tauri_build::build();
}
