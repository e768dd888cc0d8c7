//! `awm graph`.

use crate::{
    args::{Graph, GraphTheme},
    diff,
    exit::Ended,
    fmt,
    output::Output,
};
use awm_api::{Code, UserError};
use awm_flow::picture::{Picture, Theme, picture};
use awm_flow::{Document, Format};
use resvg::{tiny_skia, usvg};
use serde_json::json;
use std::path::Path;
use std::sync::Arc;

/// Pixels of a side of a PNG.
const MAX_SIDE: f32 = 16_000.0;

pub(crate) fn graph(output: &Output, given: &Graph) -> Result<Ended, UserError> {
    let definition = diff::definition(&given.file)?;
    let theme = match given.theme {
        GraphTheme::Light => Theme::Light,
        GraphTheme::Dark => Theme::Dark,
    };
    let graph = awm_flow::project(&definition);
    let drawn = picture(&graph, &Document::new(Format::Json, ""), theme);
    let Some(path) = &given.output else {
        if output.is_json() {
            output.json(&json!({ "width": drawn.width, "height": drawn.height, "svg": drawn.svg }));
        } else {
            output.part(&drawn.svg);
        }
        return Ok(Ended::Well);
    };
    let extension = path.extension().and_then(|extension| extension.to_str());
    match extension.map(str::to_ascii_lowercase).as_deref() {
        Some("svg") => fmt::write(path, &drawn.svg)?,
        Some("png") => write_png(path, &drawn, given.scale)?,
        _ => {
            return Err(UserError::new(
                Code::BadRequest,
                format!("`{}` ends in neither `.svg` nor `.png`", path.display()),
            )
            .help("the file's ending tells what is written"));
        }
    }
    if output.is_json() {
        output.json(&json!({ "file": path, "width": drawn.width, "height": drawn.height }));
    } else {
        output.note(&format!("wrote {}", path.display()));
    }
    Ok(Ended::Well)
}

fn write_png(path: &Path, drawn: &Picture, scale: f32) -> Result<(), UserError> {
    let failed = |why: String| {
        UserError::new(Code::Internal, format!("the picture can't be made: {why}"))
            .help("write an SVG instead")
    };
    let longest = (drawn.width.max(drawn.height) as f32).max(1.0);
    if !(scale > 0.0 && scale.is_finite()) || longest * scale > MAX_SIDE {
        return Err(UserError::new(
            Code::BadRequest,
            format!("a PNG of {scale} times {longest:.0} pixels has a side beyond 0 to {MAX_SIDE}"),
        )
        .help("give a smaller `--scale`, or write an SVG"));
    }
    let mut options = usvg::Options::default();
    let fonts = Arc::make_mut(&mut options.fontdb);
    fonts.load_system_fonts();
    // Whichever font there is is better than none.
    let any = fonts
        .faces()
        .next()
        .and_then(|face| face.families.first().cloned());
    let known = fonts.faces().any(|face| {
        let names = [
            "Inter",
            "DejaVu Sans",
            "Segoe UI",
            "Helvetica Neue",
            "Arial",
        ];
        face.families
            .iter()
            .any(|(name, _)| names.contains(&name.as_str()))
    });
    if let Some((family, _)) = any.filter(|_| !known) {
        fonts.set_sans_serif_family(family);
    }
    let tree =
        usvg::Tree::from_str(&drawn.svg, &options).map_err(|error| failed(error.to_string()))?;
    let side = |length: f32| (length * scale).ceil().max(1.0) as u32;
    let size = tree.size();
    let mut pixels = tiny_skia::Pixmap::new(side(size.width()), side(size.height()))
        .ok_or_else(|| failed("it is too large".to_owned()))?;
    resvg::render(
        &tree,
        tiny_skia::Transform::from_scale(scale, scale),
        &mut pixels.as_mut(),
    );
    let bytes = pixels
        .encode_png()
        .map_err(|error| failed(error.to_string()))?;
    std::fs::write(path, bytes).map_err(|error| {
        UserError::new(
            Code::BadRequest,
            format!("`{}` can't be written: {error}", path.display()),
        )
        .help("check that the folder is there and can be written to")
    })
}
