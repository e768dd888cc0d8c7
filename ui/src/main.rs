#![doc = include_str!("../README.md")]

mod app;
mod call;
mod frame;
mod load;
mod look;
mod palette;
mod routes;
mod session;

fn main() {
    console_error_panic_hook::set_once();
    leptos::mount::mount_to_body(app::App);
}
