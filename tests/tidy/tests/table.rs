//! The command table: every row answers, and every code has its page.

use awm_api::{COMMANDS, Code, STREAMS};
use awm_host::{DesktopHost, HostOptions};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn every_row_has_a_handler() {
    let home = tempfile::tempdir().expect("a folder");
    let host = DesktopHost::open(HostOptions {
        home: Some(home.path().into()),
        ..HostOptions::default()
    })
    .await
    .expect("an empty workspace opens");
    // A request of the wrong shape reaches the row's handler and no further: no row takes a number.
    for name in COMMANDS {
        let error = host
            .dispatch(name, json!(7))
            .await
            .expect_err("a number is no request");
        assert_eq!(error.code, Code::BadRequest, "`{name}` answers: {error}");
    }
    for name in STREAMS {
        let error = host
            .dispatch_stream(name, json!(7))
            .await
            .err()
            .expect("a number is no request");
        assert_eq!(error.code, Code::BadRequest, "`{name}` answers: {error}");
    }
    let error = host
        .dispatch("no_such_row", json!({}))
        .await
        .expect_err("the table has no such row");
    assert_eq!(error.code, Code::UnknownCommand);
}

#[test]
fn every_code_has_a_page() {
    for code in Code::ALL {
        let page = code.page();
        assert!(
            page.starts_with(&format!("# {code}: ")),
            "{code}: the page begins with its code and a title"
        );
        assert!(
            page.contains("**What to do.**"),
            "{code}: the page tells a way out"
        );
    }
}
