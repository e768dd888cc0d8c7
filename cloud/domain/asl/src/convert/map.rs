//! Fields of Map states.

use super::Reason;
use super::path;
use super::state::{Conversion, parse};
use super::template;
use crate::pointer::join;
use crate::source::changes::Change;
use crate::syntax::Map;
use serde_json::Value;

pub(super) fn fields(conversion: &mut Conversion<'_>, map: &Map) -> Result<(), Reason> {
    let pointer = conversion.state.pointer.clone();
    for (name, quantity) in [
        ("MaxConcurrency", &map.max_concurrency),
        ("ToleratedFailureCount", &map.tolerated_failure_count),
        (
            "ToleratedFailurePercentage",
            &map.tolerated_failure_percentage,
        ),
    ] {
        conversion.quantity(name, quantity.as_ref(), &pointer)?;
    }
    match &map.items_path {
        Some(text) if map.reader.is_none() => {
            let at = conversion.at("ItemsPath");
            let mut writer = conversion.style.writer();
            let items = path::path(&parse(text, &at)?, &conversion.input, &mut writer, &at)?;
            let items = Value::String(writer.finish(&items.text));
            conversion.replace("ItemsPath", "Items", items);
        }
        Some(_) => conversion
            .changes
            .push(Change::remove(&pointer, "ItemsPath")),
        None if map.reader.is_none() && !conversion.input.is_input() => {
            let items = conversion.whole_input()?;
            conversion.replace("InputPath", "Items", items);
        }
        None => {}
    }
    for name in ["ItemSelector", "Parameters"] {
        if let Some(selector) = conversion.raw.get(name) {
            conversion.template(name, selector)?;
            if name == "Parameters" {
                let at = conversion.at(name);
                conversion.changes.push(Change::rename(&at, "ItemSelector"));
            }
        }
    }
    if let Some(reader) = &map.reader {
        let config = join(&reader.pointer, "ReaderConfig");
        conversion.quantity("MaxItems", reader.max_items.as_ref(), &config)?;
        arguments(conversion, &reader.pointer, reader.arguments.as_ref())?;
    }
    if let Some(batcher) = &map.batcher {
        conversion.quantity(
            "MaxItemsPerBatch",
            batcher.max_items.as_ref(),
            &batcher.pointer,
        )?;
        conversion.quantity(
            "MaxInputBytesPerBatch",
            batcher.max_input_bytes.as_ref(),
            &batcher.pointer,
        )?;
        if let Some(input) = &batcher.batch_input {
            let at = join(&batcher.pointer, "BatchInput");
            template::convert(
                input,
                &at,
                &conversion.input,
                conversion.style,
                &mut conversion.changes,
            )?;
        }
    }
    if let Some(writer) = &map.writer {
        arguments(conversion, &writer.pointer, writer.arguments.as_ref())?;
    }
    Ok(())
}

/// `Parameters` of a reader or writer to `Arguments`.
fn arguments(
    conversion: &mut Conversion<'_>,
    parent: &str,
    parameters: Option<&Value>,
) -> Result<(), Reason> {
    if let Some(parameters) = parameters {
        let at = join(parent, "Parameters");
        template::convert(
            parameters,
            &at,
            &conversion.input,
            conversion.style,
            &mut conversion.changes,
        )?;
        conversion.changes.push(Change::rename(&at, "Arguments"));
    }
    Ok(())
}
