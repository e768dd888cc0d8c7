//! A picture of every screen, light and dark, empty and full, for people to look at.

use awm_e2e::{Desktop, Display, Failure, Page, checkout, drop_files, pictures};

#[tokio::test]
async fn every_screen_light_and_dark_empty_and_full() -> Result<(), Failure> {
    let display = Display::start(1680, 1050)?;
    let home = tempfile::tempdir()?;
    let desktop = Desktop::start(&display, home.path(), &[]).await?;
    let page = desktop.page();
    for theme in ["light", "dark"] {
        wear(page, theme).await?;
        for (area, ready) in AREAS {
            page.click(&format!("[data-testid=nav-{area}]")).await?;
            page.wait_for(ready).await?;
            shoot(page, &format!("{area}-empty-{theme}")).await?;
        }
    }

    fill(page).await?;
    for theme in ["light", "dark"] {
        wear(page, theme).await?;
        for (area, ready) in AREAS {
            page.click(&format!("[data-testid=nav-{area}]")).await?;
            page.wait_for(ready).await?;
            if *area == "chat" {
                page.click("[data-testid=chat-session]").await?;
                page.wait_for("[data-testid=citation]").await?;
            }
            shoot(page, &format!("{area}-full-{theme}")).await?;
        }
        knowledge(page, theme).await?;
        connection(page, theme).await?;
        evaluation(page, theme).await?;
        document(page, theme).await?;
        settings(page, theme).await?;
        page.click("[data-testid=nav-workflows]").await?;
        page.click("[data-testid=workflow-row]").await?;
        page.wait_for("[data-testid^='node-']").await?;
        shoot(page, &format!("editor-{theme}")).await?;
        page.click("[data-testid^='node-']").await?;
        shoot(page, &format!("editor-selected-{theme}")).await?;
        page.click("[data-testid=drawer-tab-problems]").await?;
        page.wait_for("[data-testid=problem-row]").await?;
        shoot(page, &format!("editor-problems-{theme}")).await?;
        page.click("[data-testid=drawer-toggle]").await?;
        page.click_text("[role=tab], [role=radio]", "Code").await?;
        page.wait_for("[data-testid=code-view]").await?;
        shoot(page, &format!("editor-code-{theme}")).await?;
        page.click_text("[role=tab], [role=radio]", "Design")
            .await?;
        page.click("[data-testid=nav-runs]").await?;
        page.click("[data-testid=run-row]").await?;
        page.wait_for("[data-testid^='node-']").await?;
        shoot(page, &format!("run-{theme}")).await?;
        page.chord('\u{E009}', 'k').await?;
        page.wait_for("[data-testid=palette-input]").await?;
        shoot(page, &format!("palette-{theme}")).await?;
        page.type_text("\u{E00C}").await?;
    }
    desktop.close().await
}

/// The areas, and what shows that each is there.
const AREAS: &[(&str, &str)] = &[
    ("workflows", "[data-testid=workflow-new]"),
    ("runs", "[data-testid=run-search]"),
    ("knowledge", "[data-testid=knowledge-drop]"),
    ("evaluation", "[data-testid=evaluation]"),
    ("chat", "[data-testid=chat-new]"),
    ("connections", "[data-testid=connections]"),
    ("settings", "[data-testid=tenant-input]"),
];

/// A template that has run, documents, a conversation.
async fn fill(page: &Page) -> Result<(), Failure> {
    page.click("[data-testid=nav-workflows]").await?;
    for template in ["parallel-and-map", "document-question-answering"] {
        page.click("[data-testid=nav-workflows]").await?;
        if template == "document-question-answering" {
            page.click("[data-testid=workflow-templates]").await?;
        }
        page.click(&format!("[data-testid=template-card-{template}]"))
            .await?;
        page.wait_for("[data-testid^='node-']").await?;
        page.click("[data-testid=editor-run]").await?;
        page.until("/succeeded|failed/i.test(document.querySelector('[data-testid=run-status]')?.innerText ?? '')").await?;
    }
    page.click("[data-testid=nav-knowledge]").await?;
    page.wait_for("[data-testid=knowledge-drop]").await?;
    let documents = checkout().join("tests/fixtures/documents");
    drop_files(page, &[&documents], "[data-testid=knowledge-drop]").await?;
    page.until("document.querySelectorAll('[data-testid=document-row]').length >= 3")
        .await?;
    page.click("[data-testid=nav-chat]").await?;
    page.wait_for("[data-testid=chat-input]").await?;
    page.fill(
        "[data-testid=chat-input]",
        "How many days do I have to return a jacket?",
    )
    .await?;
    page.click("[data-testid=chat-send]").await?;
    page.wait_for("[data-testid=citation]").await?;
    page.click("[data-testid=nav-connections]").await?;
    page.click("[data-testid=connection-sample]").await?;
    page.wait_for("[data-testid=connection], [data-testid=connection-row]")
        .await?;
    page.click("[data-testid=nav-evaluation]").await?;
    page.click("[data-testid=set-first]").await?;
    page.fill("[data-testid=set-name]", "Handbook").await?;
    page.click("[data-testid=set-save]").await?;
    page.click("[data-testid=question-add]").await?;
    page.click_text("[role=menuitem]", "Generate").await?;
    page.click("[data-testid=generate-go]").await?;
    page.click("[data-testid=evaluation-run]").await?;
    page.click("[data-testid=evaluate-go]").await?;
    page.wait_for("[data-testid=figures]").await?;
    Ok(())
}

/// A search with its results, websites, and the dialog that adds one.
async fn knowledge(page: &Page, theme: &str) -> Result<(), Failure> {
    page.click("[data-testid=nav-knowledge]").await?;
    page.fill("[data-testid=knowledge-search]", "return a jacket")
        .await?;
    page.wait_for("[data-testid=search-hit]").await?;
    shoot(page, &format!("knowledge-search-{theme}")).await?;
    page.click("[data-testid=nav-runs]").await?;
    page.click("[data-testid=nav-knowledge]").await?;
    page.click("[data-testid=sources-sites]").await?;
    page.wait_for("[data-testid=sites]").await?;
    shoot(page, &format!("sites-{theme}")).await?;
    page.click("[data-testid=site-add]").await?;
    page.wait_for("[data-testid=site-dialog]").await?;
    shoot(page, &format!("sites-add-{theme}")).await?;
    page.type_text("\u{E00C}").await
}

/// A connection's settings, sign-in, and a call that is tried.
async fn connection(page: &Page, theme: &str) -> Result<(), Failure> {
    page.click("[data-testid=nav-connections]").await?;
    page.click("[data-testid=connection-row]").await?;
    page.wait_for("[data-testid=connection]").await?;
    shoot(page, &format!("connection-{theme}")).await?;
    for tab in ["Authentication", "Operations", "Try it"] {
        page.click_text("[role=tab], [role=radio]", tab).await?;
        shoot(
            page,
            &format!(
                "connection-{}-{theme}",
                tab.to_lowercase().replace(' ', "-")
            ),
        )
        .await?;
    }
    Ok(())
}

/// What an evaluation found, over time and by question.
async fn evaluation(page: &Page, theme: &str) -> Result<(), Failure> {
    page.click("[data-testid=nav-evaluation]").await?;
    page.click_text("[role=tab]", "Results").await?;
    page.wait_for("[data-testid=evaluation-row]").await?;
    shoot(page, &format!("evaluation-results-{theme}")).await?;
    page.click("[data-testid=evaluation-row]").await?;
    page.wait_for("[data-testid=result-row]").await?;
    shoot(page, &format!("evaluation-result-{theme}")).await
}

/// A document with pages: a passage marked on its page, tags, and the same beside a conversation.
async fn document(page: &Page, theme: &str) -> Result<(), Failure> {
    page.click("[data-testid=nav-knowledge]").await?;
    page.click_text("[data-testid=document-row]", "returns-policy.pdf")
        .await?;
    page.wait_for("[data-testid=document-page] img").await?;
    if theme == "light" {
        page.fill("[data-testid=tag-input]", "policy\u{E007}")
            .await?;
        page.wait_for("[data-testid=document-tag]").await?;
    }
    shoot(page, &format!("document-{theme}")).await?;
    page.click("[data-testid=nav-chat]").await?;
    page.click("[data-testid=chat-session]").await?;
    page.click("[data-testid=citation]").await?;
    page.wait_for("[data-testid=citation-open]").await?;
    shoot(page, &format!("chat-reading-{theme}")).await
}

/// The sections of the settings that hold more than one line.
async fn settings(page: &Page, theme: &str) -> Result<(), Failure> {
    page.click("[data-testid=nav-settings]").await?;
    for section in ["model", "embedding", "memory", "about"] {
        page.click(&format!("[data-testid=settings-{section}]"))
            .await?;
        shoot(page, &format!("settings-{section}-{theme}")).await?;
    }
    Ok(())
}

async fn wear(page: &Page, theme: &str) -> Result<(), Failure> {
    let worn = format!("document.documentElement.dataset.theme === {theme:?}");
    if page.eval(&worn).await? != serde_json::Value::Bool(true) {
        page.click("[data-testid=theme-toggle]").await?;
    }
    page.until(&worn).await
}

async fn shoot(page: &Page, name: &str) -> Result<(), Failure> {
    // Toasts and skeletons have their own time; a picture is of the screen at rest.
    tokio::time::sleep(std::time::Duration::from_millis(400)).await;
    page.picture(&pictures().join(format!("{name}.png"))).await
}
