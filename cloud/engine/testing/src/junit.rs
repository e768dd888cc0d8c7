//! Reports as JUnit XML, which build servers read.

use crate::report::SuiteReport;
use std::fmt::Write;

/// The reports of files, each with its name.
pub fn junit(reports: &[(String, SuiteReport)]) -> String {
    let (mut tests, mut failures, mut seconds) = (0, 0, 0.0);
    for (_, report) in reports {
        tests += report.cases.len() + usize::from(!report.shortfalls.is_empty());
        failures += report.failed() + usize::from(!report.shortfalls.is_empty());
        seconds += time(report);
    }
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites tests=\"{tests}\" failures=\"{failures}\" time=\"{seconds:.3}\">\n"
    );
    for (file, report) in reports {
        suite(&mut xml, file, report);
    }
    xml.push_str("</testsuites>\n");
    xml
}

fn time(report: &SuiteReport) -> f64 {
    report.cases.iter().map(|case| case.seconds).sum()
}

fn suite(xml: &mut String, file: &str, report: &SuiteReport) {
    let short = usize::from(!report.shortfalls.is_empty());
    let (file, class) = (escape(file), escape(&report.workflow));
    // Writing into a text can't fail.
    let _ = writeln!(
        xml,
        "  <testsuite name=\"{file}\" tests=\"{}\" failures=\"{}\" time=\"{:.3}\">",
        report.cases.len() + short,
        report.failed() + short,
        time(report)
    );
    for case in &report.cases {
        let name = escape(&case.name);
        let _ = write!(
            xml,
            "    <testcase name=\"{name}\" classname=\"{class}\" time=\"{:.3}\"",
            case.seconds
        );
        if case.passed {
            xml.push_str("/>\n");
            continue;
        }
        let lines: Vec<String> = case.failures.iter().map(ToString::to_string).collect();
        let first = lines.first().map(|line| escape(line)).unwrap_or_default();
        let path = format!("path: {}", case.path.join(" > "));
        let text = escape(&format!("{}\n{path}", lines.join("\n")));
        let _ = write!(
            xml,
            ">\n      <failure message=\"{first}\" type=\"expectation\">{text}</failure>\n    </testcase>\n"
        );
    }
    if short > 0 {
        let lines: Vec<String> = report.shortfalls.iter().map(ToString::to_string).collect();
        let text = escape(&lines.join("\n"));
        let _ = write!(
            xml,
            "    <testcase name=\"coverage\" classname=\"{class}\" time=\"0.000\">\n      <failure message=\"{text}\" type=\"coverage\">{text}</failure>\n    </testcase>\n"
        );
    }
    xml.push_str("  </testsuite>\n");
}

/// Text that XML 1.0 can hold: what it can't is left out.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            '\t' => out.push_str("&#9;"),
            '\u{fffe}' | '\u{ffff}' => {}
            c if c.is_control() && c != '\r' => {}
            c => out.push(c),
        }
    }
    out
}
