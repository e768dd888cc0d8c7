//! JSON laid out anew, every string and number as its author wrote it.

use super::Source;
use super::tree::Kind;

/// The text with two spaces of indentation; nothing if it holds nothing.
pub(super) fn format(source: &Source) -> Option<String> {
    let mut out = String::with_capacity(source.text.len());
    write(source, source.tree.root?, 0, &mut out)?;
    out.push('\n');
    Some(out)
}

// The depth is bounded by the parser.
fn write(source: &Source, id: u32, depth: usize, out: &mut String) -> Option<()> {
    let node = source.tree.node(id)?;
    let (open, close) = match node.kind {
        Kind::Object => ('{', '}'),
        Kind::Array => ('[', ']'),
        _ => {
            out.push_str(source.text.get(node.start..node.end)?);
            return Some(());
        }
    };
    out.push(open);
    for (index, child) in node.children.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        line(depth + 1, out);
        if let Some(key) = &source.tree.node(*child)?.key {
            out.push_str(source.text.get(key.start..key.end)?);
            out.push_str(": ");
        }
        write(source, *child, depth + 1, out)?;
    }
    if !node.children.is_empty() {
        line(depth, out);
    }
    out.push(close);
    Some(())
}

fn line(depth: usize, out: &mut String) {
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", depth));
}
