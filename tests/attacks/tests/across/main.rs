//! Two profiles in one workspace: whatever one asks by the other's ids is answered as if they were made up.
#![cfg(test)]

mod rows;
mod world;

use awm_api::{COMMANDS, Code, STREAMS};
use rows::{Row, rows};
use serde_json::Value;
use std::collections::BTreeSet;
use world::{Answer, MARK, World};

#[test]
fn every_row_has_an_entry() {
    let listed: BTreeSet<&str> = rows().iter().map(|row| row.name).collect();
    let all: BTreeSet<&str> = COMMANDS.iter().chain(STREAMS).copied().collect();
    assert_eq!(
        all.difference(&listed).collect::<Vec<_>>(),
        Vec::<&&str>::new(),
        "rows that no attack is written for"
    );
    assert_eq!(
        listed.difference(&all).collect::<Vec<_>>(),
        Vec::<&&str>::new(),
        "attacks on rows that are not there"
    );
}

/// The positive control: with its own ids the owner gets through, row by row.
#[tokio::test(flavor = "multi_thread")]
async fn the_owner_gets_through() {
    let world = World::filled().await;
    for row in rows() {
        let owner = world.copy().await;
        let host = owner.as_owner().await;
        for request in &row.requests {
            let answer = world
                .ask(&host, &row, &owner.fill(request, &host).await)
                .await;
            assert!(
                !matches!(&answer, Err((Code::NotFound, message, _))
                    if row.lacks.is_empty() || !message.starts_with(row.lacks)),
                "`{}` {request}: {answer:?}",
                row.name
            );
        }
        host.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_foreign_id_is_answered_as_one_that_is_made_up() {
    let world = World::filled().await;
    let before = world.inventory().await;
    let host = world.as_other().await;
    for row in rows() {
        for request in &row.requests {
            let foreign = world.ask(&host, &row, &world.foreign(request)).await;
            let unknown = world.ask(&host, &row, &world.unknown(request)).await;
            let malformed = world.ask(&host, &row, &world.malformed(request)).await;
            leaks_nothing(&world, &row, request, &foreign);
            leaks_nothing(&world, &row, request, &malformed);
            if row.names_things(request) {
                assert_eq!(
                    world.without_ids(&foreign),
                    world.without_ids(&unknown),
                    "`{}` {request} tells foreign things from unknown ones",
                    row.name
                );
            }
        }
    }
    host.close().await;
    drop(host);
    assert_eq!(
        before,
        world.inventory().await,
        "the owner's things are as they were"
    );
}

fn leaks_nothing(world: &World, row: &Row, request: &Value, answer: &Answer) {
    let text = format!("{answer:?}");
    assert!(
        !text.contains(MARK),
        "`{}` {request} tells the owner's text: {text}",
        row.name
    );
    let asked = world.foreign(request).to_string();
    for (name, id) in world.ids() {
        assert!(
            asked.contains(id.as_str()) || !text.contains(id.as_str()),
            "`{}` {request} tells the owner's {name}: {text}",
            row.name
        );
    }
}
