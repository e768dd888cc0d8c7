//! A website with everything on it that a crawler can fall for, from the sockets to the rows of the store.
#![cfg(test)]

mod bucket;
mod lists;
mod site;
mod world;

use awm_api::crawl::{CrawlSpec, CrawlUpdate, PageReason, PageState};
use awm_ports::Library;
use expect_test::expect_file;
use futures::StreamExt;
use site::article;
use std::{collections::BTreeMap, sync::atomic::Ordering, time::Duration};
use world::{World, tenant};

/// No forbidden socket was opened, and the connector admitted nothing but the site's own address.
fn nothing_forbidden(world: &World) {
    assert_eq!(
        world.site.forbidden.load(Ordering::SeqCst),
        0,
        "a forbidden listener was called"
    );
    let log = world.log.lock().unwrap();
    assert!(!log.is_empty());
    for admission in log.iter() {
        if let Ok(addresses) = &admission.addresses {
            assert_eq!(addresses, &[world.site.address], "{}", admission.url);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn exactly_the_right_pages() {
    let world = World::new().await;
    let process = world.start();
    let id = world.add(&process).await;
    let crawl = world.sync(&process, &id).await;
    assert_eq!(crawl.failure, None);

    let mut told = String::new();
    for page in world.pages(&process, &id, None).await {
        let reason = page.reason.map_or("", PageReason::as_str);
        told.push_str(
            &world.shown(
                format!("{:?} {} {reason} {}", page.state, page.url, page.detail).trim_end(),
            ),
        );
        told.push('\n');
    }
    // Which months are taken, and which of two equal texts, depends on which of two visits ends first; how many does not.
    let floating = |line: &&str| line.contains("/calendar/") || is_twin(line);
    let months = told
        .lines()
        .filter(|line| line.starts_with("Taken") && line.contains("/calendar/"));
    assert_eq!(months.count(), 24, "{told}");
    let beyond = told
        .lines()
        .filter(|line| line.starts_with("Skipped") && line.contains("/calendar/"));
    assert!(
        beyond.clone().count() >= 1 && beyond.clone().all(|line| line.contains(" trap ")),
        "{told}"
    );
    let twins: Vec<&str> = told.lines().filter(|line| is_twin(line)).collect();
    assert_eq!(
        twins
            .iter()
            .filter(|line| line.starts_with("Taken"))
            .count(),
        1,
        "{twins:?}"
    );
    assert_eq!(
        twins
            .iter()
            .filter(|line| line.contains(" duplicate "))
            .count(),
        1,
        "{twins:?}"
    );
    let fixed: Vec<&str> = told.lines().filter(|line| !floating(line)).collect();
    expect_file!["pages.txt"].assert_eq(&sorted(&fixed.join("\n")));
    nothing_forbidden(&world);
    let refused: Vec<String> = world
        .log
        .lock()
        .unwrap()
        .iter()
        .filter_map(|admission| admission.addresses.clone().err())
        .collect();
    for kept_out in [
        "169.254.169.254",
        "`127.0.0.2`",
        "`rebind.test` leads to 127.0.0.2",
        "`mixed.test` leads to 127.0.0.2",
        "`metadata.test` leads to",
        "::1",
    ] {
        assert!(
            refused.iter().any(|why| why.contains(kept_out)),
            "{kept_out} was tried: {refused:#?}"
        );
    }

    // Documents open the address that a person can open.
    let documents = world.documents().await;
    let taken = world.pages(&process, &id, Some(PageState::Taken)).await;
    assert_eq!(documents.len(), taken.len());
    for document in &documents {
        assert!(
            document.path.starts_with("http://site.test"),
            "{}",
            document.path
        );
    }
    polite(&world, 2_000);

    second_time(&world, &process, &id).await;
}

/// One connection at a time, and at least the delay that robots.txt asks for from one to the next, by the virtual clock.
fn polite(world: &World, delay: i64) {
    let heard = world.site.heard();
    let mut last: BTreeMap<String, i64> = BTreeMap::new();
    for request in &heard {
        assert_eq!(request.beside, 0, "{request:?}");
        if let Some(before) = last.insert(request.host.clone(), request.left_at) {
            // Between robots.txt and the first page its own wish isn't known yet.
            let least = if request.path == "/robots.txt" {
                0
            } else {
                delay.min(1_000)
            };
            assert!(
                request.came_at - before >= least,
                "{request:?} came {} ms after the last",
                request.came_at - before
            );
        }
    }
    let site = format!("site.test:{}", world.site.address.port());
    let gaps: Vec<i64> = heard
        .windows(2)
        .filter(|pair| {
            pair[0].host == site && pair[1].host == site && pair[0].path != "/robots.txt"
        })
        .map(|pair| pair[1].came_at - pair[0].left_at)
        .collect();
    assert!(
        !gaps.is_empty() && gaps.iter().all(|gap| *gap >= delay),
        "{gaps:?}"
    );
    let flaky: Vec<_> = heard
        .iter()
        .filter(|request| request.path == "/flaky.html")
        .collect();
    if let [refused, .., taken] = flaky.as_slice() {
        assert_eq!((refused.status, taken.status), (503, 200));
        assert!(
            taken.came_at - refused.left_at >= 30_000,
            "Retry-After was heard"
        );
    }
}

/// Nothing has changed: nothing but robots.txt is transferred, and nothing is stored anew. Then one page changes, and one goes.
async fn second_time(world: &World, process: &world::Process, id: &str) {
    let before = world.documents().await;
    world.site.forget();
    let crawl = world.sync(process, id).await;
    let heard = world.site.heard();
    let full: Vec<&str> = heard
        .iter()
        .filter(|request| request.status == 200)
        .map(|request| request.path.as_str())
        .collect();
    // What is the same text as another page is asked for in full, as the other one may be gone.
    assert!(
        full.iter().all(|path| matches!(
            *path,
            "/robots.txt" | "/same-text.html" | "/new-place.html" | "/image.png"
        )),
        "{full:?}"
    );
    let not_modified = heard.iter().filter(|request| request.status == 304).count() as u64;
    assert!(not_modified > 30, "{not_modified}");
    assert_eq!(crawl.counts.not_modified, not_modified);
    assert_eq!(crawl.counts.taken, 0, "{:?}", crawl.counts);
    assert!(
        !heard
            .iter()
            .any(|request| request.path == "/from-sitemap.html"),
        "its sitemap says that it is as it was"
    );
    assert_eq!(world.documents().await, before, "no row has changed");

    world.site.write(
        "/guide/deeper/",
        Some(&article("Deeper", "How to go on, written anew.")),
    );
    world.site.write("/about.html", None);
    // The spelling around the text changes, the text doesn't.
    world
        .site
        .write("/notes.txt", Some("Plain notes.\n\nIn two paragraphs.\n"));
    let crawl = world.sync(process, id).await;
    let after = world.documents().await;
    assert_eq!(
        (crawl.counts.taken, crawl.counts.gone),
        (1, 2),
        "{:?}",
        crawl.counts
    );
    let gone: Vec<&str> = before
        .iter()
        .filter(|old| !after.iter().any(|new| new.id == old.id))
        .map(|old| old.path.as_str())
        .collect();
    assert_eq!(gone, [world.site.url("/about.html")]);
    let changed: Vec<&str> = after
        .iter()
        .filter(|new| !before.contains(new))
        .map(|new| new.path.as_str())
        .collect();
    assert_eq!(changed, [world.site.url("/guide/deeper/")]);
    let text = world
        .store
        .document_text(
            &tenant(),
            &after.iter().find(|d| d.path == changed[0]).unwrap().id,
        )
        .await
        .unwrap()
        .text;
    assert!(text.contains("written anew"), "{text}");
    nothing_forbidden(world);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_paused_and_gone_on_with_at_random() {
    let world = World::new().await;
    let mut process = world.start();
    let id = world.add(&process).await;
    process.crawler.start(&id).await.unwrap();
    // SplitMix64: the same moments each time.
    let mut seed = 7_u64;
    let mut random = |below: u64| {
        seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = seed;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % below
    };
    let (mut kills, mut pauses) = (0, 0);
    for _ in 0..14 {
        tokio::time::sleep(Duration::from_millis(5 + random(90))).await;
        match random(2) {
            0 => {
                kills += 1;
                drop(process);
                process = world.start();
            }
            _ => {
                pauses += 1;
                process.crawler.pause(&id).await.unwrap();
                // What was in hand comes to its end; then nothing is heard any more.
                tokio::time::sleep(Duration::from_millis(40)).await;
                let heard = world.site.heard().len();
                tokio::time::sleep(Duration::from_millis(20)).await;
                assert!(world.site.heard().len() <= heard + 1);
                if process.crawler.get(&id).await.unwrap().state != awm_api::crawl::CrawlState::Idle
                {
                    process.crawler.start(&id).await.unwrap();
                }
            }
        }
    }
    assert!(kills > 2 && pauses > 2);
    let crawl = world.idle(&process, &id).await;
    assert_eq!(crawl.round, 1, "one sync, whatever happened to it");
    // The name that rebinds is out of its good answers by then, wherever it was when the first process died.
    let taken: Vec<String> = world
        .pages(&process, &id, Some(PageState::Taken))
        .await
        .iter()
        .map(|page| world.shown(&page.url))
        .collect();
    let mut expected: Vec<String> = include_str!("pages.txt")
        .lines()
        .filter_map(|line| line.strip_prefix("Taken "))
        .map(str::to_owned)
        .collect();
    let mut told = taken.clone();
    told.sort();
    expected.sort();
    let months = told.iter().filter(|url| url.contains("/calendar/")).count();
    assert_eq!(months, 24);
    assert_eq!(told.iter().filter(|url| is_twin(url)).count(), 1);
    told.retain(|url| !url.contains("/calendar/") && !is_twin(url));
    assert_eq!(told, expected);
    let mut paths: Vec<String> = world
        .documents()
        .await
        .into_iter()
        .map(|document| document.path)
        .collect();
    let all = paths.len();
    paths.sort();
    paths.dedup();
    assert_eq!(
        (paths.len(), all),
        (taken.len(), taken.len()),
        "nothing doubled, nothing lost"
    );
    // A page that was settled is never asked for again: only what was in hand at a kill is.
    let mut full: BTreeMap<String, usize> = BTreeMap::new();
    for request in world
        .site
        .heard()
        .iter()
        .filter(|request| request.status == 200 && request.path != "/robots.txt")
    {
        *full.entry(request.path.clone()).or_default() += 1;
    }
    let again: usize = full.values().map(|times| times - 1).sum();
    assert!(
        again <= kills * 2,
        "{again} pages were fetched again after {kills} kills"
    );
    nothing_forbidden(&world);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_preview_keeps_nothing() {
    let world = World::new().await;
    let process = world.start();
    let mut spec = world.spec();
    spec.max_depth = 3;
    let pages = process
        .crawler
        .preview(CrawlSpec::Site(spec), Some(5))
        .unwrap();
    let told: Vec<_> = pages.collect().await;
    let taken = told
        .iter()
        .filter(|update| matches!(update, Ok(CrawlUpdate::Page { page, .. }) if page.state == PageState::Taken))
        .count();
    assert_eq!(taken, 5);
    assert!(told.iter().any(|update| matches!(update, Ok(CrawlUpdate::Page { page, .. }) if page.reason == Some(PageReason::OutOfScope))));
    assert_eq!(world.documents().await, []);
    assert_eq!(process.crawler.list().await.unwrap(), []);
    nothing_forbidden(&world);
}

/// One of the two pages with the same text.
fn is_twin(line: &str) -> bool {
    let url = line.split(' ').nth(1).unwrap_or(line);
    url.ends_with("/same-text.html") || url.ends_with("/new-place.html")
}

fn sorted(text: &str) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    lines.sort_unstable();
    lines.join("\n") + "\n"
}
