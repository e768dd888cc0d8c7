//! Rules of Map states.

use crate::diagnostic::{Code, Diagnostic};
use crate::pointer::join;
use crate::syntax::{State, StateKind};

pub(super) fn check(state: &State, found: &mut Vec<Diagnostic>) {
    let StateKind::Map(map) = &state.kind else {
        return;
    };
    if map.processor.config.distributed {
        return;
    }
    let fields = [
        ("ItemReader", map.reader.is_some()),
        ("ItemBatcher", map.batcher.is_some()),
        ("ResultWriter", map.writer.is_some()),
        ("Label", map.label.is_some()),
    ];
    for (name, _) in fields.iter().filter(|(_, present)| *present) {
        found.push(
            Diagnostic::error(
                Code::SchemaValidationFailed,
                join(&state.pointer, name),
                format!("Field '{name}' is not supported for a Map state in INLINE mode"),
            )
            .help("set the Mode of the ProcessorConfig to DISTRIBUTED"),
        );
    }
}
