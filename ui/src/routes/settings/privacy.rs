//! What leaves this machine: a table that follows the settings.

use crate::{load::load, session::use_session};
use awm_api::secrets::{SecretList, SecretPlace};
use awm_kit::{Badge, Icon, Tone};
use leptos::prelude::*;

/// Where secrets are, and what that is worth.
fn kept_in(place: Option<SecretPlace>) -> &'static str {
    match place {
        None => "Apart from everything else.",
        Some(SecretPlace::Keychain) => {
            "In the system's keychain, which opens with your login. Each is sent to its own server only."
        }
        Some(SecretPlace::File) => {
            "In an encrypted file, its key in a file beside it. That protects a copied store or export, not against who can read the whole workspace folder. Each is sent to its own server only."
        }
        Some(SecretPlace::PassphraseFile) => {
            "In a file that is encrypted with your passphrase. Each is sent to its own server only."
        }
        Some(SecretPlace::Memory) => "In memory, until the application ends.",
    }
}

#[component]
pub(super) fn Privacy() -> impl IntoView {
    let session = use_session();
    // The model that is furthest away decides what can be said.
    let model = Memo::new(move |_| {
        session.settings.with(|settings| {
            let mut addresses = settings.models.iter().map(|model| model.base_url.clone());
            let first = addresses.next();
            addresses.find(|address| !local(address)).or(first)
        })
    });
    let secrets = load(|| SecretList {});
    let rows = move || {
        let here = |what: &'static str, why: &'static str| (what, why.to_owned(), None);
        let model = model.get();
        let generate = match &model {
            None => (
                "Questions and passages, to answer",
                "No model is configured: answers are quotations made here.".to_owned(),
                None,
            ),
            Some(address) if local(address) => (
                "Questions and passages, to answer",
                "The model runs on this machine.".to_owned(),
                None,
            ),
            Some(address) => (
                "Questions and passages, to answer",
                "The question, the passages found for it, the conversation's last turns, and what is known of you."
                    .to_owned(),
                Some(host(address)),
            ),
        };
        vec![
            here("Documents and their text", "Kept in the workspace folder."),
            here("Meaning of passages (vectors)", "Made by a model that runs on this machine."),
            here("Workflows, runs, conversations, memory", "Kept in the workspace folder."),
            here("Keys, passwords, tokens", kept_in(secrets.value().map(|listing| listing.place))),
            generate,
            (
                "What workflows call",
                "Only the addresses that a workflow's Call API and Fetch page tasks name, with what the workflow sends there.".to_owned(),
                Some("as the workflow says".to_owned()),
            ),
            here("Usage statistics, fault reports", "None are sent. Diagnostics are copied by hand only."),
        ]
    };
    view! {
        <p class="-mt-4 text-sm text-ink-muted">"As the settings are now, this is what leaves this machine."</p>
        <div class="overflow-hidden rounded-card border border-line bg-surface shadow-small">
            <table class="w-full text-left text-sm" data-testid="privacy-table">
                <thead>
                    <tr class="border-b border-line text-xs text-ink-muted">
                        <th class="px-4 py-2 font-medium">"What"</th>
                        <th class="px-4 py-2 font-medium">"Leaves to"</th>
                        <th class="px-4 py-2 font-medium">"How it is"</th>
                    </tr>
                </thead>
                <tbody>
                    {move || {
                        rows()
                            .into_iter()
                            .map(|(what, why, to)| {
                                view! {
                                    <tr class="border-b border-line align-top last:border-0">
                                        <td class="px-4 py-2.5 font-medium">{what}</td>
                                        <td class="px-4 py-2.5 whitespace-nowrap">
                                            {match to {
                                                Some(to) => view! { <Badge tone=Tone::Warn icon=Icon::External>{to}</Badge> }.into_any(),
                                                None => view! { <Badge tone=Tone::Ok icon=Icon::Lock>"nowhere"</Badge> }.into_any(),
                                            }}
                                        </td>
                                        <td class="px-4 py-2.5 text-ink-muted">{why}</td>
                                    </tr>
                                }
                            })
                            .collect_view()
                    }}
                </tbody>
            </table>
        </div>
    }
}

/// The host of an address, with its port.
fn host(address: &str) -> String {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    rest.split(['/', '?', '#'])
        .next()
        .unwrap_or_default()
        .to_owned()
}

/// Whether an address is of this machine.
fn local(address: &str) -> bool {
    let host = host(address);
    let host = host
        .rsplit_once('@')
        .map_or(host.as_str(), |(_, host)| host);
    let name = match host.strip_prefix('[') {
        Some(inner) => inner.split_once(']').map_or(inner, |(name, _)| name),
        None => host.split_once(':').map_or(host, |(name, _)| name),
    };
    name == "localhost"
        || name == "::1"
        || name
            .parse::<std::net::Ipv4Addr>()
            .is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::{host, local};
    use expect_test::{Expect, expect};

    fn check(address: &str, expected: Expect) {
        expected.assert_eq(&format!(
            "{} {}",
            host(address),
            if local(address) { "here" } else { "away" }
        ));
    }

    #[test]
    fn only_this_machine_is_here() {
        check("http://localhost:11434", expect!["localhost:11434 here"]);
        check("http://127.0.0.1/v1", expect!["127.0.0.1 here"]);
        check("http://[::1]:8080/v1", expect!["[::1]:8080 here"]);
        check(
            "https://api.example.com/v1?x",
            expect!["api.example.com away"],
        );
        check(
            "http://127.0.0.1.example.com",
            expect!["127.0.0.1.example.com away"],
        );
        check(
            "http://localhost@example.com/",
            expect!["localhost@example.com away"],
        );
        check("http://192.168.1.4:80", expect!["192.168.1.4:80 away"]);
    }
}
