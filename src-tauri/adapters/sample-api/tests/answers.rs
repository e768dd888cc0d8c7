//! What the server answers.

use expect_test::expect;

#[tokio::test]
async fn answers() {
    let server = awm_sample_api::start(([127, 0, 0, 1], 0).into())
        .await
        .unwrap();
    let mut found = String::new();
    for path in [
        "health",
        "orders/1001",
        "orders/9999",
        "orders/1005",
        "orders/1005",
        "orders/1005",
        "pages/care-guide.html",
        "pages/..%2f..%2fCargo.toml",
        "elsewhere",
    ] {
        let response = reqwest::get(format!("http://{}/{path}", server.address()))
            .await
            .unwrap();
        let status = response.status().as_u16();
        let text = response.text().await.unwrap();
        let short: String = text.chars().take(60).collect();
        found.push_str(&format!("{path} {status} {short:?}\n"));
    }
    expect![[r#"
        health 200 "{\"status\":\"ok\"}"
        orders/1001 200 "{\"id\":\"1001\",\"status\":\"delivered\",\"note\":\"It was handed over"
        orders/9999 404 "{\"error\":\"there is no order 9999\"}"
        orders/1005 503 "{\"error\":\"the order system is busy, try again\"}"
        orders/1005 200 "{\"id\":\"1005\",\"status\":\"waiting for payment\",\"note\":\"The card"
        orders/1005 503 "{\"error\":\"the order system is busy, try again\"}"
        pages/care-guide.html 200 "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8"
        pages/..%2f..%2fCargo.toml 404 "{\"error\":\"there is no such page\"}"
        elsewhere 404 "{\"error\":\"there is no such address\"}"
    "#]]
    .assert_eq(&found);
}

#[tokio::test]
async fn stops_when_dropped_and_stays_on_this_machine() {
    let server = awm_sample_api::start(([127, 0, 0, 1], 0).into())
        .await
        .unwrap();
    let address = server.address();
    drop(server);
    tokio::task::yield_now().await;
    let again = awm_sample_api::start(address).await;
    assert!(again.is_ok(), "{again:?}");
    let open = awm_sample_api::start(([0, 0, 0, 0], 0).into()).await;
    assert!(open.is_err());
}
