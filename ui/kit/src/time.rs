//! Times: relative to read, absolute on hover.

use leptos::prelude::*;
use std::time::Duration;

/// How long ago something was, in words: `now`, `4 min`, `2 d`. Times ahead read `in 4 min`.
pub fn ago(now: i64, then: i64) -> String {
    let s = now.saturating_sub(then) / 1000;
    let size = s.unsigned_abs();
    let text = match size {
        0..45 => return "now".into(),
        45..3_600 => format!("{} min", size.div_ceil(60)),
        3_600..86_400 => format!("{} h", size / 3_600),
        86_400..2_592_000 => format!("{} d", size / 86_400),
        2_592_000..31_536_000 => format!("{} mo", size / 2_592_000),
        _ => format!("{} y", size / 31_536_000),
    };
    if s < 0 { format!("in {text}") } else { text }
}

/// The time on the machine's clock, milliseconds since the Unix epoch.
pub fn now_ms() -> i64 {
    js_sys::Date::now() as i64
}

/// A moment in the reader's own zone and language.
pub fn local_time(at: i64) -> String {
    let date = js_sys::Date::new(&wasm_bindgen::JsValue::from_f64(at as f64));
    date.to_locale_string("default", &wasm_bindgen::JsValue::UNDEFINED)
        .into()
}

#[derive(Clone, Copy)]
struct Now(ReadSignal<i64>);

/// Starts the clock by which every [`Ago`] below is kept true.
pub fn provide_clock() {
    let (now, set_now) = signal(now_ms());
    let tick = set_interval_with_handle(move || set_now.set(now_ms()), Duration::from_secs(15));
    if let Ok(handle) = tick {
        on_cleanup(move || handle.clear());
    }
    provide_context(Now(now));
}

/// A moment as a distance from now, absolute on hover.
#[component]
pub fn Ago(
    /// The moment, milliseconds since the Unix epoch.
    at: i64,
) -> impl IntoView {
    let now = use_context::<Now>().map(|Now(now)| now);
    let iso = || {
        String::from(js_sys::Date::new(&wasm_bindgen::JsValue::from_f64(at as f64)).to_iso_string())
    };
    // A time outside what a date can hold would throw; it has no machine form.
    let machine = (at.unsigned_abs() < 8_640_000_000_000_000).then(iso);
    view! {
        <time class="whitespace-nowrap tabular-nums" datetime=machine data-tip=local_time(at)>
            {move || ago(now.map_or_else(now_ms, |now| now.get()), at)}
        </time>
    }
}

#[cfg(test)]
mod tests {
    use super::ago;
    use expect_test::{Expect, expect};

    fn check(seconds: &[i64], expected: Expect) {
        let got: Vec<String> = seconds
            .iter()
            .map(|s| ago(1_000_000_000_000, 1_000_000_000_000 - s * 1000))
            .collect();
        expected.assert_eq(&got.join(" | "));
    }

    #[test]
    fn distances() {
        check(
            &[0, 44, 45, 240, 3_600, 172_800, 2_600_000, 158_000_000],
            expect!["now | now | 1 min | 4 min | 1 h | 2 d | 1 mo | 5 y"],
        );
        check(&[-240], expect!["in 4 min"]);
    }
}
