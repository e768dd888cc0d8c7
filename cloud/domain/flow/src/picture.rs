//! A drawing as an SVG file, laid out as the canvas lays it out.

use crate::layout::{self, Path, Placement, TITLE};
use crate::{Document, Edge, EdgeKind, Graph, Node, NodeKind, Rect};
use std::fmt::Write as _;

/// The colours of a picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// Dark on light.
    #[default]
    Light,
    /// Light on dark.
    Dark,
}

/// A picture of a graph.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    /// The SVG file's text.
    pub svg: String,
    /// Pixels at zoom 1.
    pub width: f64,
    /// Pixels at zoom 1.
    pub height: f64,
}

/// Room around everything.
const MARGIN: f64 = 32.0;
/// Letters that fit into a node's title.
const TITLE_LETTERS: usize = 23;
/// Letters that fit into its second line.
const SUMMARY_LETTERS: usize = 29;
/// Letters of a label of an edge.
const LABEL_LETTERS: usize = 40;
/// Fonts that are tried one after the other.
const FONT: &str = "Inter, 'Segoe UI', 'Helvetica Neue', 'DejaVu Sans', Arial, sans-serif";

struct Colours {
    ground: &'static str,
    surface: &'static str,
    frame: &'static str,
    line: &'static str,
    control: &'static str,
    ink: &'static str,
    muted: &'static str,
    wrong: &'static str,
}

impl Theme {
    fn colours(self) -> Colours {
        match self {
            Self::Light => Colours {
                ground: "#f9fafb",
                surface: "#ffffff",
                frame: "#f2f3f6",
                line: "#d3d7df",
                control: "#838b9b",
                ink: "#1c2433",
                muted: "#555e70",
                wrong: "#b3261e",
            },
            Self::Dark => Colours {
                ground: "#101217",
                surface: "#171a21",
                frame: "#13161c",
                line: "#3a404c",
                control: "#6d7585",
                ink: "#eef0f3",
                muted: "#a9b0bd",
                wrong: "#ff8a80",
            },
        }
    }

    fn accent(self, kind: NodeKind) -> &'static str {
        let (light, dark) = match kind {
            NodeKind::Task => ("#5746d7", "#9b91ff"),
            NodeKind::Choice => ("#a86300", "#f0b357"),
            NodeKind::Wait => ("#6b7280", "#9aa3b2"),
            NodeKind::Pass => ("#0f76a8", "#63bdea"),
            NodeKind::Succeed => ("#147a4d", "#5fd39b"),
            NodeKind::Fail | NodeKind::Unknown => ("#b3261e", "#ff8a80"),
            NodeKind::Parallel => ("#0c7f80", "#55cfd0"),
            NodeKind::Map => ("#9a3fb5", "#dd94f2"),
        };
        match self {
            Self::Light => light,
            Self::Dark => dark,
        }
    }
}

/// Draws a graph with what its document keeps: places, folded frames.
pub fn picture(graph: &Graph, document: &Document, theme: Theme) -> Picture {
    let placement = layout::place(graph, document);
    let ways: Vec<Option<Path>> = (0..graph.edges.len())
        .map(|edge| layout::route(graph, &placement, edge))
        .collect();
    let known = ways.iter().flatten().map(Path::bounds);
    // Labels stand beside their ways.
    let labels = ways.iter().zip(&graph.edges).filter_map(|(way, edge)| {
        let half = label(edge).chars().count() as f64 * 3.2;
        let at = way.as_ref()?.label;
        (half > 0.0).then_some(Rect {
            x: at.x - half,
            y: at.y - 10.0,
            width: 2.0 * half,
            height: 16.0,
        })
    });
    let bounds = Rect::around_all(known.chain(labels).chain([placement.bounds()]))
        .unwrap_or_default()
        .grown(MARGIN);
    let mut drawing = Drawing {
        svg: String::new(),
        graph,
        placement: &placement,
        colours: theme.colours(),
        theme,
    };
    drawing.open(&bounds);
    for index in 0..graph.nodes.len() {
        drawing.frame(index);
    }
    for (edge, way) in graph.edges.iter().zip(&ways) {
        if let Some(way) = way {
            drawing.edge(edge, way);
        }
    }
    for scope in 0..graph.scopes.len() {
        drawing.start(scope);
    }
    for (index, node) in graph.nodes.iter().enumerate() {
        drawing.node(index, node);
    }
    for (edge, way) in graph.edges.iter().zip(&ways) {
        if let Some(way) = way {
            drawing.label(edge, way);
        }
    }
    drawing.svg.push_str("</svg>\n");
    Picture {
        svg: drawing.svg,
        width: bounds.width,
        height: bounds.height,
    }
}

struct Drawing<'a> {
    svg: String,
    graph: &'a Graph,
    placement: &'a Placement,
    colours: Colours,
    theme: Theme,
}

impl Drawing<'_> {
    fn write(&mut self, text: std::fmt::Arguments<'_>) {
        // Writing to a string can't fail.
        let _ = self.svg.write_fmt(text);
        self.svg.push('\n');
    }

    fn open(&mut self, bounds: &Rect) {
        let Rect {
            x,
            y,
            width,
            height,
        } = *bounds;
        let ground = self.colours.ground;
        self.write(format_args!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" viewBox=\"{x:.1} {y:.1} {width:.1} {height:.1}\" font-family=\"{FONT}\">"
        ));
        self.write(format_args!(
            "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" fill=\"{ground}\"/>"
        ));
    }

    fn is_frame(&self, index: usize) -> bool {
        let frame = self
            .graph
            .nodes
            .get(index)
            .is_some_and(|node| node.kind.is_frame());
        frame && !self.placement.is_folded(index)
    }

    fn frame(&mut self, index: usize) {
        let Some(rect) = self.placement.rect(index).filter(|_| self.is_frame(index)) else {
            return;
        };
        let (fill, line) = (self.colours.frame, self.colours.line);
        let Rect {
            x,
            y,
            width,
            height,
        } = rect;
        self.write(format_args!(
            "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" rx=\"10\" fill=\"{fill}\" stroke=\"{line}\"/>"
        ));
    }

    fn start(&mut self, scope: usize) {
        let Some(rect) = self.placement.start(scope) else {
            return;
        };
        let (surface, control, muted) = (
            self.colours.surface,
            self.colours.control,
            self.colours.muted,
        );
        let Rect {
            x,
            y,
            width,
            height,
        } = rect;
        let middle = rect.center();
        self.write(format_args!(
            "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" rx=\"12\" fill=\"{surface}\" stroke=\"{control}\"/>"
        ));
        self.write(format_args!(
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\" font-size=\"11\" fill=\"{muted}\">Start</text>",
            middle.x,
            middle.y + 4.0
        ));
    }

    fn node(&mut self, index: usize, node: &Node) {
        let Some(rect) = self.placement.rect(index) else {
            return;
        };
        let (surface, line, ink, muted) = (
            self.colours.surface,
            self.colours.line,
            self.colours.ink,
            self.colours.muted,
        );
        let accent = self.theme.accent(node.kind);
        let Rect {
            x,
            y,
            width,
            height,
        } = rect;
        let name = escaped(&shortened(
            &node.name,
            TITLE_LETTERS + (width as usize).saturating_sub(200) / 8,
        ));
        self.write(format_args!("<g><title>{}</title>", escaped(&node.name)));
        if self.is_frame(index) {
            self.write(format_args!(
                "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"4\" fill=\"{accent}\"/>",
                x + 16.0,
                y + TITLE / 2.0
            ));
            self.write(format_args!(
                "<text x=\"{:.1}\" y=\"{:.1}\" font-size=\"13\" font-weight=\"600\" fill=\"{ink}\">{name} <tspan font-weight=\"400\" font-size=\"11\" fill=\"{muted}\">{}</tspan></text>",
                x + 28.0,
                y + TITLE / 2.0 + 4.5,
                node.kind.name()
            ));
        } else {
            let summary = match node.summary.as_str() {
                "" => node.kind.name().to_owned(),
                summary => summary.to_owned(),
            };
            let summary = escaped(&shortened(&summary, SUMMARY_LETTERS));
            self.write(format_args!(
                "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" rx=\"8\" fill=\"{surface}\" stroke=\"{line}\"/>"
            ));
            self.write(format_args!(
                "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"4\" height=\"{:.1}\" rx=\"2\" fill=\"{accent}\"/>",
                x + 8.0,
                y + 12.0,
                height - 24.0
            ));
            self.write(format_args!(
                "<text x=\"{:.1}\" y=\"{:.1}\" font-size=\"13\" font-weight=\"600\" fill=\"{ink}\">{name}</text>",
                x + 20.0,
                y + 25.0
            ));
            self.write(format_args!(
                "<text x=\"{:.1}\" y=\"{:.1}\" font-size=\"11\" fill=\"{muted}\">{summary}</text>",
                x + 20.0,
                y + 42.0
            ));
        }
        if node.ends {
            let (at, ground) = (rect.center().x, self.colours.ground);
            self.write(format_args!(
                "<circle cx=\"{at:.1}\" cy=\"{:.1}\" r=\"5\" fill=\"{ground}\" stroke=\"{accent}\" stroke-width=\"2\"/>",
                rect.bottom()
            ));
        }
        self.write(format_args!("</g>"));
    }

    fn edge(&mut self, edge: &Edge, way: &Path) {
        let line = match edge.to_node {
            None => self.colours.wrong,
            Some(_) => self.colours.control,
        };
        let dash = match edge.kind {
            EdgeKind::Catch => " stroke-dasharray=\"5 4\"",
            _ => "",
        };
        self.write(format_args!(
            "<path d=\"{}\" fill=\"none\" stroke=\"{line}\" stroke-width=\"1.5\"{dash}/>",
            way.d()
        ));
        let end = way.end();
        match edge.to_node {
            Some(_) => self.write(format_args!(
                "<path d=\"M{:.1} {:.1}l-4.5 -8h9z\" fill=\"{line}\"/>",
                end.x, end.y
            )),
            None => self.write(format_args!(
                "<path d=\"M{:.1} {:.1}l8 8m0 -8l-8 8\" fill=\"none\" stroke=\"{line}\" stroke-width=\"2\"/>",
                end.x - 4.0,
                end.y - 4.0
            )),
        }
    }

    fn label(&mut self, edge: &Edge, way: &Path) {
        let words = label(edge);
        if words.is_empty() {
            return;
        }
        let ink = match edge.to_node {
            None => self.colours.wrong,
            Some(_) => self.colours.muted,
        };
        let ground = self.colours.ground;
        self.write(format_args!(
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\" font-size=\"11\" fill=\"{ink}\" stroke=\"{ground}\" stroke-width=\"5\" stroke-linejoin=\"round\" paint-order=\"stroke\">{}</text>",
            way.label.x,
            way.label.y + 4.0,
            escaped(&words)
        ));
    }
}

fn label(edge: &Edge) -> String {
    match edge.to_node {
        None if edge.kind != EdgeKind::Start => {
            format!("no state {}", shortened(&edge.target, LABEL_LETTERS))
        }
        _ => shortened(&edge.label, LABEL_LETTERS),
    }
}

fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(most.saturating_sub(1)).collect();
    short.push('…');
    short
}

/// Text that XML can hold.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => {}
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
