//! The native menu. An item's id is the id of the page's action, so that both do the same.

use tauri::{
    App, Emitter,
    menu::{MenuBuilder, MenuItemBuilder, PredefinedMenuItem, SubmenuBuilder},
};

/// The event that carries an item's id to the page.
const EVENT: &str = "menu";

/// Items that the page acts upon: the action's id, words, shortcut.
const FILE: &[(&str, &str, &str)] = &[
    ("workflow-new", "New Workflow", "CmdOrCtrl+N"),
    ("workflow-open", "Open File…", "CmdOrCtrl+O"),
];
const VIEW: &[(&str, &str, &str)] = &[
    ("palette", "Command Palette", ""),
    ("go/workflows", "Workflows", ""),
    ("go/runs", "Runs", ""),
    ("go/knowledge", "Knowledge", ""),
    ("go/chat", "Chat", ""),
    ("go/settings", "Settings", "CmdOrCtrl+,"),
    ("theme-light", "Light", ""),
    ("theme-dark", "Dark", ""),
    ("sidebar", "Fold the Sidebar", ""),
];
const HELP: &[(&str, &str, &str)] = &[("shortcuts", "Keyboard Shortcuts", "")];

/// Builds the menu and sends what is chosen to the page.
pub(crate) fn attach(app: &App) -> tauri::Result<()> {
    let submenu = |title: &str, items: &[(&str, &str, &str)]| {
        let mut submenu = SubmenuBuilder::new(app, title);
        for (id, words, shortcut) in items {
            let mut item = MenuItemBuilder::with_id(*id, *words);
            if !shortcut.is_empty() {
                item = item.accelerator(shortcut);
            }
            submenu = submenu.item(&item.build(app)?);
        }
        tauri::Result::Ok(submenu)
    };
    let file = submenu("File", FILE)?
        .separator()
        .item(&PredefinedMenuItem::quit(app, None)?)
        .build()?;
    let edit = SubmenuBuilder::new(app, "Edit")
        .cut()
        .copy()
        .paste()
        .select_all()
        .build()?;
    let view = submenu("View", VIEW)?.build()?;
    let help = submenu("Help", HELP)?.build()?;
    app.set_menu(
        MenuBuilder::new(app)
            .items(&[&file, &edit, &view, &help])
            .build()?,
    )?;
    app.on_menu_event(|app, event| {
        // The page may be loading; then there is nothing to act upon.
        let _ = app.emit(EVENT, event.id().as_ref());
    });
    Ok(())
}
