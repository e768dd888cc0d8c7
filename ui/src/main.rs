#![doc = include_str!("../README.md")]

mod app;
mod call;
mod frame;
mod load;
mod look;
mod palette;
mod routes;
mod session;
mod shell;

fn main() {
    console_error_panic_hook::set_once();
    leptos::mount::mount_to_body(app::App);
}
