#![doc = include_str!("../README.md")]

mod app;
mod call;
mod frame;
mod load;
mod look;
mod markdown;
mod marked;
mod naming;
mod pages;
mod palette;
mod routes;
mod session;
mod shell;
mod uploads;
mod watch;

fn main() {
    console_error_panic_hook::set_once();
    leptos::mount::mount_to_body(app::App);
}
