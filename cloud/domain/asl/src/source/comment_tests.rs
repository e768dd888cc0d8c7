//! Comments outlive the layout.

use super::{Format, format};
use expect_test::{Expect, expect};

fn check(text: &str, expected: Expect) {
    let formatted = format(text, Format::Yaml).unwrap();
    expected.assert_eq(&formatted);
    // What is laid out is not laid out otherwise.
    assert_eq!(format(&formatted, Format::Yaml).unwrap(), formatted);
}

#[test]
fn comments_stay_where_they_are() {
    check(
        "# What it is.\n\n---\nStartAt:   A # the first\nStates:    # all of them\n\n\n    # Only one.\n    A: {Type: Pass, # passes\n        Result: 'a # b',\n        End: true}   # the last\n# over\n",
        expect![[r#"
            # What it is.

            StartAt: A # the first
            States: # all of them
              # Only one.
              A:
                Type: Pass # passes
                Result: 'a # b'
                End: true # the last
            # over
        "#]],
    );
}

#[test]
fn lists_and_long_texts() {
    check(
        "States:\n  A:\n    Choices:\n    # the first\n    - Variable: $.a   # a\n      Next: B\n    -   # odd\n      Variable: $.b\n\n      Next: C\n    Comment: |  # says\n      one # no comment\n\n      two\n    After: 1\n",
        expect![[r#"
            States:
              A:
                Choices:
                  # the first
                  - Variable: $.a # a
                    Next: B
                  # odd
                  - Variable: $.b

                    Next: C
                Comment: | # says
                  one # no comment

                  two
                After: 1
        "#]],
    );
}

#[test]
fn scalars_alone_and_odd_marks() {
    check(
        "'a#b': 1 # 'x'\n\"c # d\": e#f\ng: []  # none\n",
        expect![[r#"
            "a#b": 1 # 'x'
            "c # d": e#f
            g: [] # none
        "#]],
    );
    check(
        "- 1\n# between\n- - 2 # deep\n  - 3\n",
        expect![[r#"
        - 1
        # between
        - - 2 # deep
          - 3
    "#]],
    );
}

#[test]
fn anchors_are_written_out() {
    check(
        "a: &x {b: 1} # one\nc: *x # two\n",
        expect![[r#"
            a:
              b: 1 # one
            c: # two
              b: 1
        "#]],
    );
}

/// What is written in one way of many stays written so.
#[test]
fn scalars_stay_as_they_are_written() {
    check(
        "a: 0x1F\n'b': 'it''s'\nc: [1e3, ~, yes, !!str 5, \"\\u00e9\"]\nd: \"one\n  two\"\n? e\n: 1\n",
        expect![[r#"
            a: 0x1F
            b: 'it''s'
            c:
              - 1e3
              - ~
              - yes
              - "5"
              - "\u00e9"
            d: one two
            e: 1
        "#]],
    );
    let json = r#"{"a":[1e3,1.50,123456789012345678901234567890,"\u00e9\/"],"b\u0020":{},"c":[]}"#;
    expect![[r#"
        {
          "a": [
            1e3,
            1.50,
            123456789012345678901234567890,
            "\u00e9\/"
          ],
          "b\u0020": {},
          "c": []
        }
    "#]]
    .assert_eq(&format(json, Format::Json).unwrap());
}
