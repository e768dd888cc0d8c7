//! What a person does with the page: looks, points, types.

use crate::Failure;
use fantoccini::{
    Client, Locator,
    actions::{InputSource, KeyAction, KeyActions, MOUSE_BUTTON_LEFT, MouseActions, PointerAction},
    elements::Element,
};
use serde_json::Value;
use std::{path::Path, time::Duration};

/// How long a person would wait before calling it broken.
const PATIENCE: Duration = Duration::from_secs(30);

/// A page under a driver.
#[derive(Debug)]
pub struct Page {
    client: Client,
    display: String,
}

impl Page {
    pub(crate) fn new(client: Client, display: &str) -> Self {
        Self {
            client,
            display: display.to_owned(),
        }
    }

    /// The display that the window is on.
    pub fn display(&self) -> &str {
        &self.display
    }

    /// The first element that the selector finds, waited for.
    pub async fn wait_for(&self, css: &str) -> Result<Element, Failure> {
        let found = self
            .client
            .wait()
            .at_most(PATIENCE)
            .for_element(Locator::Css(css))
            .await;
        match found {
            Ok(element) => Ok(element),
            Err(error) => {
                Err(format!("`{css}` does not appear: {error}\n{}", self.seen().await).into())
            }
        }
    }

    /// Waits until a condition over the document holds; `script` is an expression.
    pub async fn until(&self, script: &str) -> Result<(), Failure> {
        self.until_within(script, PATIENCE).await
    }

    /// Like [`until`](Self::until), with a limit of its own.
    pub async fn until_within(&self, script: &str, patience: Duration) -> Result<(), Failure> {
        let began = std::time::Instant::now();
        loop {
            if self
                .eval(script)
                .await
                .is_ok_and(|value| value == Value::Bool(true))
            {
                return Ok(());
            }
            if began.elapsed() > patience {
                return Err(
                    format!("this does not come true: {script}\n{}", self.seen().await).into(),
                );
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// The value of an expression in the page.
    pub async fn eval(&self, script: &str) -> Result<Value, Failure> {
        Ok(self
            .client
            .execute(&format!("return ({script});"), Vec::new())
            .await?)
    }

    /// The text of the first element that the selector finds.
    pub async fn text(&self, css: &str) -> Result<String, Failure> {
        Ok(self.wait_for(css).await?.text().await?)
    }

    /// Clicks with the pointer.
    pub async fn click(&self, css: &str) -> Result<(), Failure> {
        let (x, y) = self.middle(css).await?;
        self.gesture(&[(x, y)]).await
    }

    /// Clicks the first element that the selector finds and whose text holds the words.
    pub async fn click_text(&self, css: &str, words: &str) -> Result<(), Failure> {
        let (css, words) = (
            Value::String(css.to_owned()),
            Value::String(words.to_owned()),
        );
        let mark = format!(
            "(() => {{ const e = [...document.querySelectorAll({css})].find((e) => e.innerText.includes({words})); \
             document.querySelectorAll('[data-pointed]').forEach((e) => e.removeAttribute('data-pointed')); \
             e?.setAttribute('data-pointed', ''); return !!e; }})()"
        );
        self.until(&mark).await?;
        self.click("[data-pointed]").await
    }

    /// Clicks twice, quickly.
    pub async fn double_click(&self, css: &str) -> Result<(), Failure> {
        let (x, y) = self.middle(css).await?;
        let pointer = MouseActions::new("pointer".into())
            .then(move_to(x, y, 50))
            .then(PointerAction::Down {
                button: MOUSE_BUTTON_LEFT,
            })
            .then(PointerAction::Up {
                button: MOUSE_BUTTON_LEFT,
            })
            .then(PointerAction::Down {
                button: MOUSE_BUTTON_LEFT,
            })
            .then(PointerAction::Up {
                button: MOUSE_BUTTON_LEFT,
            });
        Ok(self.client.perform_actions(pointer).await?)
    }

    /// Presses at the first place, moves over the others, lets go at the last.
    pub async fn gesture(&self, places: &[(i64, i64)]) -> Result<(), Failure> {
        let mut places = places.iter();
        let &(x, y) = places.next().ok_or("a gesture has a place")?;
        let mut pointer = MouseActions::new("pointer".into())
            .then(move_to(x, y, 50))
            .then(PointerAction::Down {
                button: MOUSE_BUTTON_LEFT,
            });
        for &(x, y) in places {
            pointer = pointer.then(move_to(x, y, 120));
        }
        let pointer = pointer
            .then(PointerAction::Pause {
                duration: Duration::from_millis(60),
            })
            .then(PointerAction::Up {
                button: MOUSE_BUTTON_LEFT,
            });
        Ok(self.client.perform_actions(pointer).await?)
    }

    /// Drags the middle of one element to a place.
    pub async fn drag(&self, css: &str, to: (i64, i64)) -> Result<(), Failure> {
        let from = self.middle(css).await?;
        let between = ((from.0 + to.0) / 2, (from.1 + to.1) / 2);
        self.gesture(&[from, between, to, to]).await
    }

    /// The middle of an element in the viewport, pixels: where a person would click. It is waited for until it can be: in sight,
    /// switched on, not moving, and not below something else.
    pub async fn middle(&self, css: &str) -> Result<(i64, i64), Failure> {
        self.wait_for(css).await?;
        let quoted = Value::String(css.to_owned());
        let place = format!(
            "(() => {{ const e = document.querySelector({quoted}); if (!e) return null; e.scrollIntoViewIfNeeded?.(); \
             const r = e.getBoundingClientRect(); const [x, y] = [r.x + r.width / 2, r.y + r.height / 2]; \
             const hit = document.elementFromPoint(x, y); const off = e.closest('[aria-disabled=true], :disabled, [inert]'); \
             return !off && hit && (e.contains(hit) || hit.contains(e)) ? [x, y] : null; }})()"
        );
        let began = std::time::Instant::now();
        let mut last = None;
        loop {
            let at = self.eval(&place).await?;
            let number = |index: usize| {
                at.get(index)
                    .and_then(Value::as_f64)
                    .map(|n| n.round() as i64)
            };
            let now = number(0).zip(number(1));
            match now {
                Some(point) if now == last => return Ok(point),
                _ => last = now,
            }
            if began.elapsed() > PATIENCE {
                let seen = self.seen().await;
                return Err(format!("`{css}` can't be clicked\n{seen}").into());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Puts the text in place of what a field holds.
    pub async fn fill(&self, css: &str, text: &str) -> Result<(), Failure> {
        let field = self.wait_for(css).await?;
        field.click().await?;
        self.chord('\u{E009}', 'a').await?;
        field.send_keys(text).await?;
        Ok(())
    }

    /// Types into whatever has the focus.
    pub async fn type_text(&self, text: &str) -> Result<(), Failure> {
        let mut keys = KeyActions::new("keys".into());
        for value in text.chars() {
            keys = keys
                .then(KeyAction::Down { value })
                .then(KeyAction::Up { value });
        }
        Ok(self.client.perform_actions(keys).await?)
    }

    /// Presses a key while another is held; `\u{E009}` is Control, see the WebDriver specification's key table.
    pub async fn chord(&self, held: char, value: char) -> Result<(), Failure> {
        let keys = KeyActions::new("keys".into())
            .then(KeyAction::Down { value: held })
            .then(KeyAction::Down { value })
            .then(KeyAction::Up { value })
            .then(KeyAction::Up { value: held });
        Ok(self.client.perform_actions(keys).await?)
    }

    /// Goes to a place within the application, as a deep link would.
    pub async fn go(&self, path: &str) -> Result<(), Failure> {
        let url = self.client.current_url().await?;
        Ok(self.client.goto(url.join(path)?.as_str()).await?)
    }

    /// The place within the application.
    pub async fn place(&self) -> Result<String, Failure> {
        let url = self.client.current_url().await?;
        Ok(url.query().map_or_else(
            || url.path().to_owned(),
            |query| format!("{}?{query}", url.path()),
        ))
    }

    /// Takes a picture of the page.
    pub async fn picture(&self, file: &Path) -> Result<(), Failure> {
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder)?;
        }
        Ok(std::fs::write(file, self.client.screenshot().await?)?)
    }

    pub(crate) async fn end(&self) {
        // The window may be gone already.
        let _ = self.client.clone().close().await;
    }

    /// What a person would see, for a failure's words; with a picture beside.
    async fn seen(&self) -> String {
        let file = crate::pictures().join("failure.png");
        let _ = self.picture(&file).await;
        let place = self.place().await.unwrap_or_default();
        let text = self
            .eval("document.body.innerText.slice(0, 1500)")
            .await
            .unwrap_or_default();
        format!(
            "at {place}, seen (picture: {}):\n{}",
            file.display(),
            text.as_str().unwrap_or_default()
        )
    }
}

fn move_to(x: i64, y: i64, milliseconds: u64) -> PointerAction {
    PointerAction::MoveTo {
        duration: Some(Duration::from_millis(milliseconds)),
        x: x as f64,
        y: y as f64,
    }
}
