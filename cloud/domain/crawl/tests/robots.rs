//! robots.txt against the cases of RFC 9309 and of the files that are found in the wild.

use awm_crawl::robots::{MAX_BYTES, Robots};

const US: &str = "ai-workflow-manager";

fn check(text: &str, allowed: &[&str], forbidden: &[&str]) {
    let robots = Robots::parse(text.as_bytes(), US);
    for path in allowed {
        assert_eq!(robots.rule_for(path), None, "{path} under\n{text}");
    }
    for path in forbidden {
        assert!(!robots.allows(path), "{path} under\n{text}");
    }
}

#[test]
fn groups() {
    check("", &["/", "/x"], &[]);
    check("User-agent: *\nDisallow:\n", &["/x"], &[]);
    check(
        "User-agent: *\nDisallow: /\n",
        &["/robots.txt"],
        &["/", "/x"],
    );
    // A group of one's own takes the place of the one for everyone, also if it says nothing.
    check(
        "User-agent: *\nDisallow: /\n\nUser-agent: AI-Workflow-Manager\nDisallow: /own\n",
        &["/x"],
        &["/own"],
    );
    check(
        "User-agent: *\nDisallow: /\nUser-agent: ai-workflow-manager\n",
        &["/x"],
        &[],
    );
    check("User-agent: otherbot\nDisallow: /\n", &["/x"], &[]);
    // Several names for one group, one name for several groups (RFC 9309, 2.2.1).
    check(
        "User-agent: a\nUser-agent: ai-workflow-manager\nDisallow: /1\n\nUser-agent: b\nDisallow: /2\n\nUser-agent: ai-workflow-manager/1.0 (x)\nDisallow: /3\n",
        &["/2"],
        &["/1", "/3"],
    );
    check("user-AGENT : *\r\ndisALLOW : /x # no\r\n", &["/"], &["/x"]);
    check("User-agent: *\rDisallow: /x\r", &["/"], &["/x"]);
    check("\u{feff}User-agent: *\nDisallow: /x\n", &["/"], &["/x"]);
    // Rules before any group are nobody's; empty lines and unknown ones end no group.
    check(
        "Disallow: /\nUser-agent: *\n\nFoo: bar\nDisallow: /x\n",
        &["/y"],
        &["/x"],
    );
    check(
        "User-agent: *\nSitemap: https://a.example/s.xml\nDisallow: /x\n",
        &["/y"],
        &["/x"],
    );
    check("User-agent: ai-workflow\nDisallow: /\n", &["/x"], &[]);
}

/// The example of RFC 9309, 5.1 and 5.2.
#[test]
fn the_standards_own_examples() {
    let text = "User-Agent: *\nDisallow: *.gif$\nDisallow: /example/\nAllow: /publications/\n\nUser-Agent: foobot\nDisallow:/\nAllow:/example/page.html\nAllow:/example/allowed.gif\n\nUser-Agent: barbot\nUser-Agent: bazbot\nDisallow: /example/page.html\n\nUser-Agent: quxbot\n\nEOF\n";
    let of = |product: &str| Robots::parse(text.as_bytes(), product);
    let (any, foo, baz, qux) = (of("other"), of("foobot"), of("bazbot"), of("quxbot"));
    assert!(!any.allows("/example/page.html") && !any.allows("/a/b.gif"));
    assert!(any.allows("/publications/x") && any.allows("/b.gif?x"));
    assert!(
        foo.allows("/example/page.html") && foo.allows("/example/allowed.gif") && !foo.allows("/x")
    );
    assert!(!baz.allows("/example/page.html") && baz.allows("/example/"));
    assert!(qux.allows("/example/"));

    let longest = Robots::parse(
        b"User-Agent: foobot\nAllow: /example/page/\nDisallow: /example/page/disallowed.gif\n",
        "foobot",
    );
    assert!(longest.allows("/example/page/x") && !longest.allows("/example/page/disallowed.gif"));
}

#[test]
fn matching() {
    for (pattern, allowed, forbidden) in [
        (
            "/fish",
            &["/Fish.asp", "/catfish", "/?id=fish", "/desert/fish"][..],
            &[
                "/fish",
                "/fish.html",
                "/fish/salmon.html",
                "/fishheads",
                "/fish.php?id=anything",
            ][..],
        ),
        (
            "/fish*",
            &["/Fish.asp", "/catfish"],
            &["/fish", "/fish.html", "/fishheads/yummy.html"],
        ),
        (
            "/fish/",
            &["/fish", "/fish.html", "/animals/fish/"],
            &["/fish/", "/fish/?id=anything", "/fish/salmon.htm"],
        ),
        (
            "/*.php",
            &["/", "/windows.PHP"],
            &[
                "/index.php",
                "/filename.php",
                "/folder/filename.php?parameters",
                "/filename.php/",
            ],
        ),
        (
            "/*.php$",
            &[
                "/filename.php?parameters",
                "/filename.php/",
                "/filename.php5",
                "/windows.PHP",
            ],
            &["/filename.php", "/folder/filename.php"],
        ),
        (
            "/fish*.php",
            &["/Fish.PHP"],
            &["/fish.php", "/fishheads/catfish.php?parameters"],
        ),
        ("*", &[], &["/", "/x"]),
        ("/$", &["/x", "/?q"], &["/"]),
        (
            "/a*b*c$",
            &["/abcd", "/ab"],
            &["/abc", "/axxbxxc", "/abcbc"],
        ),
        ("/a**b", &["/a"], &["/ab", "/axb"]),
        ("/*?", &["/x"], &["/x?", "/x?y=1"]),
        (
            "/foo/bar?baz=https://foo.bar",
            &["/foo/bar"],
            &["/foo/bar?baz=https://foo.bar"],
        ),
        (
            "/foo/bar/\u{30c4}",
            &["/foo/bar/"],
            &["/foo/bar/%E3%83%84", "/foo/bar/%e3%83%84x"],
        ),
        (
            "/foo/bar/%62%61%7A",
            &["/foo/bar/"],
            &["/foo/bar/baz", "/foo/bar/%62%61z"],
        ),
        (
            "/a%3cd.html",
            &["/a<d.htm"],
            &["/a%3Cd.html", "/a%3cd.html"],
        ),
        ("/a%2fb", &["/a/b"], &["/a%2Fb"]),
    ] {
        check(
            &format!("User-agent: *\nDisallow: {pattern}\n"),
            allowed,
            forbidden,
        );
    }
}

#[test]
fn the_longest_rule_counts_and_of_two_equal_ones_the_permission() {
    for (rules, path, expected) in [
        ("Allow: /p\nDisallow: /", "/page", true),
        ("Disallow: /\nAllow: /p", "/page", true),
        ("Allow: /folder\nDisallow: /folder", "/folder/page", true),
        ("Disallow: /folder\nAllow: /folder", "/folder/page", true),
        ("Allow: /page\nDisallow: /*.htm", "/page.htm", false),
        ("Allow: /page\nDisallow: /*.ph", "/page.php5", true),
        ("Allow: /$\nDisallow: /", "/", true),
        ("Allow: /$\nDisallow: /", "/page.htm", false),
        ("Disallow: /x\nDisallow:\n", "/x", false),
    ] {
        let robots = Robots::parse(format!("User-agent: *\n{rules}\n").as_bytes(), US);
        assert_eq!(robots.allows(path), expected, "{path} under {rules:?}");
    }
}

#[test]
fn only_the_first_500_kib_count() {
    let mut text = String::from("User-agent: *\nDisallow: /first\n");
    while text.len() < MAX_BYTES - 10 {
        text.push_str("# filling\n");
    }
    text.push_str("Disallow: /cut-in-the-middle-of-the-word\nDisallow: /after\n");
    let robots = Robots::parse(text.as_bytes(), US);
    assert!(!robots.allows("/first"));
    assert!(robots.allows("/after"));
    assert!(robots.allows("/cut"), "half a rule is no rule");
}

#[test]
fn delay_sitemaps_and_status() {
    let robots = Robots::parse(
        b"Sitemap: https://a.example/1.xml\nUser-agent: *\nCrawl-delay: 2.5\nDisallow: /x\nSITEMAP: /2.xml\nUser-agent: other\nCrawl-delay: 9",
        US,
    );
    assert_eq!(robots.crawl_delay_ms, Some(2_500));
    assert_eq!(robots.sitemaps, ["https://a.example/1.xml", "/2.xml"]);
    for (text, expected) in [
        ("1e9", Some(60_000)),
        ("-1", None),
        ("NaN", None),
        ("soon", None),
        ("0", Some(0)),
    ] {
        let robots = Robots::parse(format!("User-agent: *\nCrawl-delay: {text}").as_bytes(), US);
        assert_eq!(robots.crawl_delay_ms, expected, "{text}");
    }
    for (status, allowed) in [
        (404, true),
        (401, true),
        (403, true),
        (410, true),
        (302, true),
        (429, false),
        (500, false),
        (503, false),
        (599, false),
    ] {
        let robots = Robots::by_status(status).unwrap();
        assert_eq!(robots.allows("/x"), allowed, "{status}");
        assert_eq!(robots.is_closed(), !allowed);
    }
    assert_eq!(Robots::by_status(200), None);
}

/// A thousand stars against a long path: each rule takes time linear in the path.
#[test]
fn no_file_takes_long() {
    let rule = format!("Disallow: /{}x$\n", "*a".repeat(500));
    let text = format!("User-agent: *\n{}", rule.repeat(400));
    let path = format!("/{}", "a".repeat(2_000));
    assert!(Robots::parse(text.as_bytes(), US).allows(&path));
    for junk in [
        &b"\xff\xfe\0\0"[..],
        b":::::",
        b"User-agent",
        b"User-agent:\nDisallow",
        b"\r\r\r\n:",
    ] {
        assert!(Robots::parse(junk, US).allows("/"));
    }
}
