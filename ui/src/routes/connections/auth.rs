//! How a connection signs in. A secret is written here and never shown again.

use super::detail::Draft;
use crate::load::act_with;
use awm_api::{
    connections::{Auth, KeyPlace},
    secrets::{SecretDelete, SecretSet, SecretText},
};
use awm_kit::{
    Button, ButtonVariant, Callout, Field, Icon, Input, Segmented, SelectOption, Status, Switch,
    Tone, use_toasts,
};
use leptos::prelude::*;

/// A kind of signing in, in words.
pub(super) fn word(kind: &str) -> &'static str {
    match kind {
        "api_key" => "API key",
        "basic" => "Basic",
        "bearer" => "Bearer token",
        "oauth2" => "OAuth 2",
        _ => "Not at all",
    }
}

const KINDS: &[&str] = &["none", "api_key", "basic", "bearer", "oauth2"];

fn fresh(kind: &str) -> Auth {
    match kind {
        "api_key" => Auth::ApiKey {
            place: KeyPlace::Header,
            name: "X-Api-Key".into(),
        },
        "basic" => Auth::Basic {
            username: String::new(),
        },
        "bearer" => Auth::Bearer,
        "oauth2" => Auth::OAuth2 {
            token_url: String::new(),
            client_id: String::new(),
            scopes: Vec::new(),
            in_body: false,
        },
        _ => Auth::None,
    }
}

#[component]
pub(super) fn AuthTab(draft: Draft) -> impl IntoView {
    let now = draft.now;
    let kind = Memo::new(move |_| now.with(|now| now.auth.kind()));
    let options = KINDS
        .iter()
        .map(|kind| SelectOption::new(*kind, word(kind)))
        .collect::<Vec<_>>();
    let choose = move |to: String| {
        if kind.get_untracked() != to {
            now.update(|now| now.auth = fresh(&to));
        }
    };
    view! {
        <div class="flex max-w-2xl flex-col gap-5 px-8 py-6" data-testid="connection-auth">
            <Segmented value=Signal::derive(move || kind.get().to_owned()) options=options on_change=choose label="How it signs in" />
            {move || match kind.get() {
                "api_key" => view! { <ApiKey draft=draft /> }.into_any(),
                "basic" => view! { <Basic draft=draft /> }.into_any(),
                "oauth2" => view! { <OAuth draft=draft /> }.into_any(),
                "bearer" => ().into_any(),
                _ => view! { <p class="text-sm text-ink-muted">"Calls are sent as they are."</p> }.into_any(),
            }}
            <SecretField draft=draft />
        </div>
    }
}

/// Changes a field of the way to sign in.
fn text(
    draft: Draft,
    read: fn(&Auth) -> String,
    write: fn(&mut Auth, String),
) -> (Signal<String>, Callback<String>) {
    let value = Signal::derive(move || draft.now.with(|now| read(&now.auth)));
    let set =
        Callback::new(move |typed: String| draft.now.update(|now| write(&mut now.auth, typed)));
    (value, set)
}

#[component]
fn ApiKey(draft: Draft) -> impl IntoView {
    let (name, set_name) = text(
        draft,
        |auth| match auth {
            Auth::ApiKey { name, .. } => name.clone(),
            _ => String::new(),
        },
        |auth, typed| {
            if let Auth::ApiKey { name, .. } = auth {
                *name = typed;
            }
        },
    );
    let place = Signal::derive(move || {
        draft.now.with(|now| match &now.auth {
            Auth::ApiKey {
                place: KeyPlace::Query,
                ..
            } => "query".to_owned(),
            _ => "header".to_owned(),
        })
    });
    let set_place = move |to: String| {
        draft.now.update(|now| {
            if let Auth::ApiKey { place, .. } = &mut now.auth {
                *place = if to == "query" {
                    KeyPlace::Query
                } else {
                    KeyPlace::Header
                };
            }
        });
    };
    view! {
        <Segmented
            value=place
            options=vec![SelectOption::new("header", "In a header"), SelectOption::new("query", "In the query")]
            on_change=set_place
            label="Where the key stands"
        />
        <Field label="Name of the header or field">
            <Input value=name on_input=set_name mono=true testid="auth-name" />
        </Field>
    }
}

#[component]
fn Basic(draft: Draft) -> impl IntoView {
    let (name, set_name) = text(
        draft,
        |auth| match auth {
            Auth::Basic { username } => username.clone(),
            _ => String::new(),
        },
        |auth, typed| {
            if let Auth::Basic { username } = auth {
                *username = typed;
            }
        },
    );
    view! {
        <Field label="User name">
            <Input value=name on_input=set_name mono=true testid="auth-username" />
        </Field>
    }
}

#[component]
fn OAuth(draft: Draft) -> impl IntoView {
    let (url, set_url) = text(
        draft,
        |auth| match auth {
            Auth::OAuth2 { token_url, .. } => token_url.clone(),
            _ => String::new(),
        },
        |auth, typed| {
            if let Auth::OAuth2 { token_url, .. } = auth {
                *token_url = typed;
            }
        },
    );
    let (client, set_client) = text(
        draft,
        |auth| match auth {
            Auth::OAuth2 { client_id, .. } => client_id.clone(),
            _ => String::new(),
        },
        |auth, typed| {
            if let Auth::OAuth2 { client_id, .. } = auth {
                *client_id = typed;
            }
        },
    );
    let scopes = RwSignal::new(draft.now.with_untracked(|now| match &now.auth {
        Auth::OAuth2 { scopes, .. } => scopes.join(" "),
        _ => String::new(),
    }));
    let set_scopes = move |typed: String| {
        draft.now.update(|now| {
            if let Auth::OAuth2 { scopes, .. } = &mut now.auth {
                *scopes = typed.split_whitespace().map(str::to_owned).collect();
            }
        });
        scopes.set(typed);
    };
    let in_body = Signal::derive(move || {
        draft
            .now
            .with(|now| matches!(&now.auth, Auth::OAuth2 { in_body: true, .. }))
    });
    view! {
        <p class="text-sm text-ink-muted">
            "Client credentials: the token is asked for when it is needed, kept until it ends, and never stored."
        </p>
        <Field label="Token address">
            <Input value=url on_input=set_url mono=true placeholder="https://sign-in.example/oauth/token" testid="auth-token-url" />
        </Field>
        <Field label="Client id">
            <Input value=client on_input=set_client mono=true testid="auth-client-id" />
        </Field>
        <Field label="Scopes" hint="With spaces between them.">
            <Input value=scopes on_input=set_scopes mono=true />
        </Field>
        <div class="flex items-center justify-between gap-4">
            <p class="text-sm">"Send id and secret in the body rather than in the header"</p>
            <Switch
                checked=in_body
                on_change=move |on| {
                    draft.now.update(|now| {
                        if let Auth::OAuth2 { in_body, .. } = &mut now.auth {
                            *in_body = on;
                        }
                    })
                }
                label="Send id and secret in the body"
            />
        </div>
    }
}

/// The secret that the stored connection needs.
#[component]
fn SecretField(draft: Draft) -> impl IntoView {
    let toasts = use_toasts();
    let value = RwSignal::new(String::new());
    // Which secret it is is known of what is stored only.
    let secret = Memo::new(move |_| {
        let same = draft.now.with(|now| {
            draft
                .stored
                .with(|stored| now.auth.kind() == stored.auth.kind())
        });
        same.then(|| draft.stored.with(|stored| stored.secrets.first().cloned()))
            .flatten()
    });
    let waits = Memo::new(move |_| {
        secret.get().is_none() && draft.now.with(|now| now.auth.secret().is_some())
    });
    let empty = Signal::derive(move || value.with(String::is_empty));
    let keep = move |_| {
        let Some(secret) = secret.get_untracked() else {
            return;
        };
        let request = SecretSet {
            name: secret.name,
            value: SecretText(value.get_untracked()),
        };
        act_with(toasts, request, move |_| {
            value.set(String::new());
            draft.look_again();
        });
    };
    let forget = move |_| {
        let Some(secret) = secret.get_untracked() else {
            return;
        };
        act_with(toasts, SecretDelete { name: secret.name }, move |_| {
            draft.look_again()
        });
    };
    view! {
        {move || {
            waits
                .get()
                .then(|| {
                    view! {
                        <Callout tone=Tone::Neutral icon=Icon::Info>"Save first, then enter the secret."</Callout>
                    }
                })
        }}
        <Show when=move || secret.get().is_some()>
            <div class="flex flex-col gap-3 rounded-card border border-line bg-surface p-5 shadow-small">
                <div class="flex items-center justify-between gap-2">
                    <p class="text-sm font-medium">{move || secret.get().map(|secret| title(&secret.field))}</p>
                    {move || match secret.get().and_then(|secret| secret.present) {
                        Some(true) => view! { <Status tone=Tone::Ok icon=Some(Icon::CheckCircle) text="Kept" /> }.into_any(),
                        Some(false) => view! { <Status tone=Tone::Warn icon=Some(Icon::Warning) text="Missing" /> }.into_any(),
                        None => view! { <Status tone=Tone::Neutral icon=Some(Icon::Lock) text="Locked" /> }.into_any(),
                    }}
                </div>
                <Field label="New value" hint="It is kept apart from the workspace's data and never shown again. It is sent to this connection's servers only.">
                    <Input value=value on_input=move |typed| value.set(typed) kind="password" testid="secret-value" />
                </Field>
                <div class="flex gap-2">
                    <Button variant=ButtonVariant::Primary disabled=empty reason="Enter a value" testid="secret-keep" on_click=keep>
                        "Keep"
                    </Button>
                    <Button on_click=forget testid="secret-forget">"Forget"</Button>
                </div>
            </div>
        </Show>
    }
}

fn title(field: &str) -> &'static str {
    match field {
        "key" => "Key",
        "password" => "Password",
        "token" => "Token",
        _ => "Client secret",
    }
}
