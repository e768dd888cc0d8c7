//! Icons and colours of catalogue items. Colour is only in the tile; the rest is ink.

use awm_flow::catalogue::{Family, Item};
use awm_kit::Icon;

/// An item's icon.
pub(crate) fn icon(item: &str) -> Icon {
    match item {
        "choice" => Icon::Split,
        "parallel" => Icon::Layers,
        "map" => Icon::Repeat,
        "pass" => Icon::Pass,
        "wait" => Icon::Timer,
        "succeed" => Icon::CheckCircle,
        "fail" => Icon::CrossCircle,
        "task" => Icon::Tools,
        "retrieve" => Icon::Search,
        "generate" => Icon::Sparkles,
        "recall" => Icon::Memory,
        "remember" => Icon::Bookmark,
        "call_api" => Icon::Globe,
        "fetch_page" => Icon::Download,
        "lambda" => Icon::Zap,
        "aws_sdk" => Icon::Server,
        "extract" => Icon::Scan,
        "chunk" => Icon::Scissors,
        "embed" => Icon::Hash,
        "index" => Icon::Database,
        _ => Icon::Help,
    }
}

/// The classes of an item's tile.
pub(crate) fn tile(item: &Item) -> &'static str {
    match item.family {
        Family::Logic => "bg-fill text-ink-muted",
        Family::Knowledge => "bg-info-soft text-info",
        Family::Model => "bg-accent-soft text-accent-ink",
        Family::Memory => "bg-warn-soft text-warn",
        Family::Api => "bg-ok-soft text-ok",
        Family::Documents => "bg-crit-soft text-crit",
    }
}
