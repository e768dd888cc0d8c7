//! Calls by connections over a network of words: what is sent, how often, and that nothing told holds a secret.
#![cfg(test)]

use async_trait::async_trait;
use awm_api::connections::{ApiCall, Auth, Connection, KeyPlace, Rate};
use awm_caller::{Caller, CallerParts, Outcome, secret_name};
use awm_connections::blank;
use awm_memory::{MemoryClock, MemoryConnections, MemoryIds, MemorySecrets};
use awm_ports::{
    Clock, Http, HttpError, HttpRequest, HttpResponse, HttpTrace, Redirects, Secret, Secrets,
};
use awm_tenancy::TenantId;
use serde_json::{Value, json};
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

const SECRET: &str = "pLant3d/Se+cret";

/// Answers with these statuses in turn, then 200; each answer repeats what was sent. A status of 0 is no answer.
#[derive(Default)]
struct Net {
    statuses: Mutex<VecDeque<u16>>,
    sent: Mutex<Vec<HttpRequest>>,
}

#[async_trait]
impl Http for Net {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let n = {
            let mut sent = self.sent.lock().unwrap();
            sent.push(request.clone());
            sent.len()
        };
        if request.url.ends_with("/token") {
            let body = json!({"access_token": format!("acc3ss-{n}-tok3n"), "token_type": "Bearer", "expires_in": "600"});
            return Ok(response(200, &body, &request.url));
        }
        let status = self.statuses.lock().unwrap().pop_front().unwrap_or(200);
        let told = json!({"url": request.url, "headers": request.headers, "body": String::from_utf8_lossy(&request.body)});
        match status {
            0 => Err(HttpError::Unreachable(format!(
                "`{}` with {:?} is away",
                request.url, request.headers
            ))),
            status => Ok(response(status, &told, &request.url)),
        }
    }
}

fn response(status: u16, body: &Value, url: &str) -> HttpResponse {
    HttpResponse {
        status,
        headers: vec![
            ("content-type".into(), "application/json".into()),
            ("retry-after".into(), "3".into()),
            ("x-told".into(), body.to_string()),
        ],
        body: body.to_string().into_bytes(),
        url: url.into(),
        trace: HttpTrace::default(),
    }
}

struct World {
    caller: Caller,
    net: Arc<Net>,
    clock: Arc<MemoryClock>,
    secrets: Arc<MemorySecrets>,
}

impl World {
    async fn new(auth: Auth, statuses: &[u16]) -> Self {
        let net = Arc::new(Net::default());
        net.statuses.lock().unwrap().extend(statuses);
        let clock = Arc::new(MemoryClock::jumping(1_000_000));
        let secrets = Arc::new(MemorySecrets::default());
        let caller = Caller::new(CallerParts {
            connections: Arc::new(MemoryConnections::default()),
            secrets: secrets.clone(),
            http: net.clone(),
            clock: clock.clone(),
            ids: Arc::new(MemoryIds::default()),
        });
        let world = Self {
            caller,
            net,
            clock,
            secrets,
        };
        let mut connection = blank("c1".into(), "Shop".into(), "https://api.example/v1".into());
        connection.auth = auth.clone();
        world.caller.save(&tenant(), connection).await.unwrap();
        if let Some(field) = auth.secret() {
            let name = secret_name("c1", field).unwrap();
            world
                .secrets
                .put(&tenant(), &name, &Secret::new(SECRET))
                .await
                .unwrap();
        }
        world
    }

    async fn change(&self, change: impl Fn(&mut Connection)) -> Connection {
        let mut connection = self.caller.connection(&tenant(), "c1").await.unwrap();
        change(&mut connection);
        self.caller.save(&tenant(), connection).await.unwrap()
    }

    async fn get(&self) -> Outcome {
        self.call(json!({"path": "/orders"})).await
    }

    async fn call(&self, call: Value) -> Outcome {
        let call: ApiCall = serde_json::from_value(call).unwrap();
        self.caller
            .call(&tenant(), "Shop", &call, None)
            .await
            .unwrap()
    }

    fn sent(&self) -> Vec<String> {
        let sent = self.net.sent.lock().unwrap();
        sent.iter()
            .map(|request| format!("{} {}", request.method, request.url))
            .collect()
    }
}

fn tenant() -> TenantId {
    TenantId::local()
}

fn kinds() -> Vec<Auth> {
    let oauth = |in_body| Auth::OAuth2 {
        token_url: "https://sign.example/token".into(),
        client_id: "me".into(),
        scopes: vec!["a".into(), "b".into()],
        in_body,
    };
    vec![
        Auth::ApiKey {
            place: KeyPlace::Header,
            name: "X-Key".into(),
        },
        Auth::ApiKey {
            place: KeyPlace::Query,
            name: "key".into(),
        },
        Auth::Basic {
            username: "ann".into(),
        },
        Auth::Bearer,
        oauth(false),
        oauth(true),
    ]
}

#[tokio::test]
async fn nothing_told_holds_a_secret() {
    for auth in kinds() {
        for statuses in [vec![], vec![500], vec![0, 0, 0], vec![404]] {
            let world = World::new(auth.clone(), &statuses).await;
            let outcome = world.get().await;
            let told = format!("{outcome:?}");
            let last = world.net.sent.lock().unwrap().last().cloned().unwrap();
            let sent = format!("{} {:?}", last.url, last.headers);
            // The control: it was sent, and would be found.
            let forms = [
                "pLant3d",
                "acc3ss",
                "cExhbnQzZC9TZStjcmV0",
                "YW5uOnBMYW50M2Q",
            ];
            assert!(
                forms.iter().any(|form| sent.contains(form)),
                "{auth:?}: {sent}"
            );
            for form in forms {
                assert!(!told.contains(form), "{auth:?} {statuses:?}: {told}");
            }
            assert!(told.contains("••••••"), "{told}");
        }
    }
}

#[tokio::test]
async fn bodies_stay_with_their_server() {
    let world = World::new(kinds().pop().unwrap(), &[]).await;
    world.get().await;
    world
        .call(json!({"method": "POST", "path": "/orders", "body": {"a": 1}}))
        .await;
    let sent = world.net.sent.lock().unwrap();
    let followed: Vec<_> = sent
        .iter()
        .map(|request| (request.method.as_str(), request.redirects))
        .collect();
    assert_eq!(
        followed,
        [
            ("POST", Redirects::SameOrigin),
            ("GET", Redirects::Follow),
            ("POST", Redirects::SameOrigin)
        ],
        "the token's, the call's, the other call's"
    );
}

#[tokio::test]
async fn a_token_is_kept_until_it_ends_or_is_refused() {
    let oauth = kinds().swap_remove(4);
    let world = World::new(oauth, &[200, 200, 401, 200, 401, 401]).await;
    let tokens = || {
        world
            .sent()
            .iter()
            .filter(|line| line.ends_with("/token"))
            .count()
    };
    world.get().await;
    world.get().await;
    assert_eq!(tokens(), 1, "kept");
    let outcome = world.get().await;
    assert_eq!(
        (tokens(), outcome.attempts),
        (2, 2),
        "asked for anew when refused"
    );
    assert_eq!(outcome.answer.unwrap().status, 200);
    let outcome = world.get().await;
    assert_eq!((tokens(), outcome.attempts), (3, 2), "but once only");
    assert_eq!(outcome.answer.unwrap().status, 401);
    world.clock.sleep_until(world.clock.now() + 600_000).await;
    world.get().await;
    assert_eq!(tokens(), 4, "and when it has ended");
    let name = secret_name("c1", "client-secret").unwrap();
    world
        .secrets
        .put(&tenant(), &name, &Secret::new("an0ther"))
        .await
        .unwrap();
    world.get().await;
    assert_eq!(tokens(), 5, "and when the secret is another one");
}

#[tokio::test]
async fn calls_that_do_no_harm_twice_are_tried_again() {
    let tries = async |statuses: &[u16], call: Value| {
        let world = World::new(Auth::None, statuses).await;
        let outcome = world.call(call).await;
        let status = outcome.answer.map_or(0, |answer| answer.status);
        (status, outcome.attempts, outcome.waited_ms >= 3_000)
    };
    let get = || json!({"path": "/x"});
    let post = || json!({"method": "POST", "path": "/x"});
    assert_eq!(
        tries(&[503, 503], get()).await,
        (200, 3, true),
        "as long as the server asks for"
    );
    assert_eq!(
        tries(&[503, 503, 503, 200], get()).await,
        (503, 3, true),
        "not for ever"
    );
    assert_eq!(tries(&[0], get()).await, (200, 2, false));
    assert_eq!(tries(&[500], get()).await, (500, 1, false), "its own fault");
    assert_eq!(tries(&[404], get()).await, (404, 1, false));
    assert_eq!(
        tries(&[503], post()).await,
        (503, 1, false),
        "a change is not made twice"
    );
    let world = World::new(Auth::None, &[503]).await;
    world
        .change(|connection| connection.retries.also_unsafe = true)
        .await;
    assert_eq!(world.call(post()).await.attempts, 2, "unless it may be");
}

#[tokio::test]
async fn the_rate_limit_holds_calls_back() {
    let world = World::new(Auth::None, &[]).await;
    world
        .change(|connection| {
            connection.rate = Some(Rate {
                calls: 2,
                seconds: 10,
            })
        })
        .await;
    let mut waited = Vec::new();
    for _ in 0..4 {
        waited.push(world.get().await.waited_ms);
    }
    assert_eq!(waited[..2], [0, 0]);
    assert!(
        waited[2..].iter().all(|ms| (4_000..=5_000).contains(ms)),
        "{waited:?}"
    );
    world
        .change(|connection| {
            connection.rate = Some(Rate {
                calls: 1,
                seconds: 3_600,
            })
        })
        .await;
    world.get().await;
    let call = ApiCall::default();
    let refused = world
        .caller
        .call(&tenant(), "Shop", &call, None)
        .await
        .unwrap_err();
    assert!(
        refused
            .to_string()
            .starts_with("the connection's rate limit allows the next call in 3"),
        "{refused}"
    );
}

#[tokio::test]
async fn a_changed_server_loses_the_secret() {
    let has = async |world: &World| {
        let name = secret_name("c1", "token").unwrap();
        world.secrets.get(&tenant(), &name).await.unwrap().is_some()
    };
    let world = World::new(Auth::Bearer, &[]).await;
    world
        .change(|connection| connection.base_url = "https://api.example/v2".into())
        .await;
    assert!(has(&world).await, "the same server");
    world
        .change(|connection| connection.base_url = "https://api.example.evil/v2".into())
        .await;
    assert!(!has(&world).await, "another one");
    let call = ApiCall::default();
    let refused = world
        .caller
        .call(&tenant(), "Shop", &call, None)
        .await
        .unwrap_err();
    assert_eq!(
        refused.to_string(),
        "the token of the connection `Shop` is missing"
    );
    assert_eq!(world.sent().len(), 0, "nothing was sent");

    let world = World::new(Auth::Bearer, &[]).await;
    assert_eq!(world.caller.delete(&tenant(), "c1").await.unwrap(), 1);
    assert!(!has(&world).await, "gone with the connection");
}

#[tokio::test]
async fn a_secret_that_no_header_can_have_is_not_sent() {
    let world = World::new(Auth::Bearer, &[]).await;
    let name = secret_name("c1", "token").unwrap();
    let value = Secret::new("a\r\nX-Evil: 1");
    world.secrets.put(&tenant(), &name, &value).await.unwrap();
    let call = ApiCall::default();
    let refused = world
        .caller
        .call(&tenant(), "Shop", &call, None)
        .await
        .unwrap_err();
    assert!(
        refused
            .to_string()
            .starts_with("the token holds a line break"),
        "{refused}"
    );
    assert_eq!(world.sent().len(), 0);
}
