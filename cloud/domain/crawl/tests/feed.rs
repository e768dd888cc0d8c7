//! Feeds as they are found in the wild.
#![cfg(test)]

use awm_crawl::feed::read;
use expect_test::{Expect, expect};
use url::Url;

fn check(text: &str, expected: Expect) {
    let base = Url::parse("https://a.example/blog/feed.xml").unwrap();
    let told = match read(&base, text.as_bytes()) {
        Err(error) => error.to_string(),
        Ok(feed) => {
            let mut lines = vec![format!(
                "{} | next {}",
                feed.title,
                feed.next.as_ref().map_or("-", Url::as_str)
            )];
            for entry in &feed.entries {
                lines.push(format!(
                    "{} | {} | {} | {} | {:?}",
                    entry.id,
                    entry.link.as_ref().map_or("-", Url::as_str),
                    entry.title,
                    entry.html,
                    entry.updated
                ));
            }
            lines.join("\n")
        }
    };
    expected.assert_eq(&told);
}

#[test]
fn rss() {
    check(
        r#"<?xml version="1.0"?><rss version="2.0" xmlns:content="c" xmlns:media="m"><channel><title>Blog</title><link>https://a.example/</link>
        <item><title>One &amp; only</title><link>/1?utm_source=rss</link><guid isPermaLink="false">id-1</guid>
          <description>short</description><content:encoded><![CDATA[<p>long</p>]]></content:encoded>
          <media:group><media:title>picture</media:title></media:group><pubDate>Thu, 01 Jan 1970 00:00:01 GMT</pubDate></item>
        <item><title>Two</title><link>https://a.example/2</link><description>&lt;b&gt;bold&lt;/b&gt;</description></item>
        <item></item></channel></rss>"#,
        expect![[r#"
            Blog | next -
            id-1 | https://a.example/1 | One & only | <p>long</p> | Some(1000)
            https://a.example/2 | https://a.example/2 | Two | <b>bold</b> | None"#]],
    );
}

#[test]
fn atom() {
    check(
        r#"<feed xmlns="http://www.w3.org/2005/Atom"><title>Notes</title><link rel="next" href="?page=2"/>
        <entry><id>urn:1</id><title type="html">First</title><link rel="self" href="/self"/><link href="/n/1"/><updated>1970-01-01T00:00:02Z</updated>
          <published>1970-01-01T00:00:01Z</published><author><name>x</name><title>not this</title></author>
          <summary>a &lt; b</summary></entry>
        <entry><id>urn:2</id><content type="xhtml"><div>See <a href="/x?a=1&amp;b=2">this</a> &amp; that<br/></div></content></entry>
        <entry><id>urn:3</id><content type="html">&lt;p&gt;x&lt;/p&gt;</content></entry></feed>"#,
        expect![[r#"
            Notes | next https://a.example/blog/feed.xml?page=2
            urn:1 | https://a.example/n/1 | First | <p>a &lt; b</p> | Some(2000)
            urn:2 | - |  | <div>See <a href="/x?a=1&amp;b=2">this</a> &amp; that<br></br></div> | None
            urn:3 | - |  | <p>x</p> | None"#]],
    );
}

#[test]
fn rdf_and_json() {
    check(
        r#"<rdf:RDF xmlns:rdf="r"><channel><title>Old</title></channel><item rdf:about="x"><title>T</title><link>https://a.example/t</link><dc:date>1970-01-01</dc:date></item></rdf:RDF>"#,
        expect![[r#"
            Old | next -
            https://a.example/t | https://a.example/t | T |  | Some(0)"#]],
    );
    check(
        r#"{"version":"https://jsonfeed.org/version/1.1","title":"J","next_url":"/2.json","items":[
           {"id":1,"url":"/1","title":"A","content_html":"<p>a</p>","date_modified":"1970-01-01T00:00:03Z"},
           {"id":"b","content_text":"x < y\n\nz"},{"content_text":"nameless"}]}"#,
        expect![[r#"
            J | next https://a.example/2.json
            1 | https://a.example/1 | A | <p>a</p> | Some(3000)
            b | - |  | <p>x &lt; y</p><p>z</p> | None"#]],
    );
}

#[test]
fn what_is_no_feed() {
    for text in [
        "",
        "<html><body>no</body></html>",
        "{}",
        "[]",
        "nonsense",
        "{\"items\":3}",
    ] {
        check(text, expect!["it is neither RSS nor Atom nor JSON Feed"]);
    }
    check("<rss><channel><title>cut", expect![" | next -"]);
    check(
        "<rss><channel><item><title>whole</title></item><item><title>cut",
        expect![[r#"
             | next -
            whole | - | whole |  | None"#]],
    );
}
