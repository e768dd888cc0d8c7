//! What the admin sets.

use serde::{Deserialize, Serialize};

/// Asks for the settings.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SettingsGet {}

/// Stores the settings as a whole and answers with what was stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SettingsSave {
    /// The new settings.
    pub settings: Settings,
}

/// Everything that can be set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The tenant's name, shown at the top of the sidebar.
    pub tenant_name: String,
    /// Light, dark, or as the system says.
    pub theme: Theme,
    /// Row height.
    pub density: Density,
    /// The hue of the accent colour in degrees of OKLCH; the design's own if none.
    pub accent_hue: Option<u16>,
    /// The models that write answers, the first of them where none is named; quotations if there is none.
    #[serde(alias = "model", deserialize_with = "one_or_many")]
    pub models: Vec<Model>,
    /// How long what is said in a conversation is remembered, minutes; a workflow may name another time.
    pub memory_minutes: u32,
    /// Days after which questions, answers and the runs behind them are deleted; kept until somebody deletes them if none.
    pub chat_retention_days: Option<u32>,
    /// Whether what people say of themselves is kept for later conversations.
    pub remember_facts: bool,
    /// Whether workflows may call loopback addresses; private networks stay closed.
    pub allow_local_addresses: bool,
    /// What makes the vectors of passages and questions; another choice holds from the next start, and all passages are
    /// embedded anew in the background.
    pub embedding: Embedding,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            tenant_name: "Local workspace".into(),
            theme: Theme::System,
            density: Density::Comfortable,
            accent_hue: None,
            models: Vec::new(),
            memory_minutes: 60,
            chat_retention_days: None,
            remember_facts: true,
            allow_local_addresses: false,
            embedding: Embedding::BuiltIn,
        }
    }
}

/// What makes vectors.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Embedding {
    /// The model that comes with the application: English, on this machine.
    #[default]
    BuiltIn,
    /// An ONNX sentence model in a folder of this machine, with its tokenizer.
    Folder {
        /// The folder's absolute path.
        path: String,
    },
    /// A model on a server. Its key is that of the model that writes answers, if that has the same address.
    Server {
        /// How the server is spoken to.
        protocol: ModelKind,
        /// The base address.
        base_url: String,
        /// The model's name there.
        name: String,
        /// Whether the model knows no language but English.
        #[serde(default)]
        english_only: bool,
    },
}

impl Settings {
    /// The model of that title, or the first one if none is named.
    pub fn model(&self, title: Option<&str>) -> Option<&Model> {
        match title {
            Some(title) => self.models.iter().find(|model| model.title() == title),
            None => self.models.first(),
        }
    }
}

/// A list, or the one model that earlier versions stored in its place.
fn one_or_many<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Vec<Model>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Stored {
        Many(Vec<Model>),
        One(Box<Model>),
    }
    Ok(match Option::<Stored>::deserialize(from)? {
        Some(Stored::Many(models)) => models,
        Some(Stored::One(model)) => vec![*model],
        None => Vec::new(),
    })
}

/// Colours of the screens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the system says.
    #[default]
    System,
    /// Dark ink on light.
    Light,
    /// Light ink on dark.
    Dark,
}

/// Height of rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Density {
    /// 32 px rows.
    Compact,
    /// 40 px rows.
    #[default]
    Comfortable,
}

/// A language model's address.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Model {
    /// What it is called on screens and by workflows: no other model has the same title. Its name if empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// What speaks at the address.
    pub kind: ModelKind,
    /// The base address, such as `http://localhost:11434` or `https://…/v1`.
    pub base_url: String,
    /// The model's name at that address.
    pub name: String,
    /// The key, if the endpoint wants one. Written, never read back: the answer holds `true` in `has_key` instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub api_key: Option<String>,
    /// Whether a key is stored.
    #[serde(default)]
    pub has_key: bool,
    /// US dollars for a million tokens that it reads, if its cost is to be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_in: Option<f64>,
    /// US dollars for a million tokens that it writes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_out: Option<f64>,
}

impl Model {
    /// What it is called.
    pub fn title(&self) -> &str {
        match self.title.as_str() {
            "" => &self.name,
            title => title,
        }
    }

    /// US dollars for these tokens; none if a price or a count that it needs is not known.
    pub fn cost(&self, tokens_in: Option<u64>, tokens_out: Option<u64>) -> Option<f64> {
        let part = |price: Option<f64>, tokens: Option<u64>| match (price, tokens) {
            (None, _) => Some(0.0),
            (Some(price), Some(tokens)) => Some(price * tokens as f64 / 1e6),
            (Some(_), None) => None,
        };
        self.price_in.or(self.price_out)?;
        Some(part(self.price_in, tokens_in)? + part(self.price_out, tokens_out)?)
    }
}

impl std::fmt::Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The key must not reach a log by way of a debug print.
        f.debug_struct("Model")
            .field("title", &self.title)
            .field("kind", &self.kind)
            .field("base_url", &self.base_url)
            .field("name", &self.name)
            .field("has_key", &(self.has_key || self.api_key.is_some()))
            .finish()
    }
}

/// What speaks at a model's address.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ModelKind {
    /// `POST /chat/completions` with server-sent events.
    #[default]
    OpenAiCompatible,
    /// `POST /api/chat` with lines of JSON.
    Ollama,
}

/// Asks a model for one word, to see whether it answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelTest {
    /// The model to ask; its stored key is used if it carries none.
    pub model: Model,
}

/// What a model said to the test.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelTested {
    /// Milliseconds to the first word.
    pub first_word_ms: u64,
    /// The answer.
    pub answer: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_one_model_of_earlier_versions_becomes_the_first() {
        for (stored, titles) in [
            (r#"{"model": null}"#, vec![]),
            ("{}", vec![]),
            (
                r#"{"model": {"kind": "ollama", "base_url": "http://a", "name": "tiny", "has_key": true}}"#,
                vec!["tiny"],
            ),
            (
                r#"{"models": [{"kind": "ollama", "base_url": "http://a", "name": "x", "title": "Mine"}, {"kind": "ollama", "base_url": "http://a", "name": "y"}]}"#,
                vec!["Mine", "y"],
            ),
        ] {
            let settings: Settings = serde_json::from_str(stored).unwrap();
            let found: Vec<_> = settings.models.iter().map(Model::title).collect();
            assert_eq!(found, titles);
            assert_eq!(
                settings.model(None).map(Model::title),
                titles.first().copied()
            );
            let again = serde_json::to_string(&settings).unwrap();
            assert_eq!(serde_json::from_str::<Settings>(&again).unwrap(), settings);
        }
    }

    #[test]
    fn a_price_needs_its_count() {
        let model = |price_in, price_out| Model {
            price_in,
            price_out,
            ..Model::default()
        };
        assert_eq!(model(None, None).cost(Some(1), Some(1)), None);
        assert_eq!(
            model(Some(3.0), None).cost(Some(1_000_000), None),
            Some(3.0)
        );
        let both = model(Some(3.0), Some(15.0)).cost(Some(1_000), Some(100));
        assert!(both.is_some_and(|cost| (cost - 0.0045).abs() < 1e-12));
        assert_eq!(model(Some(3.0), Some(15.0)).cost(Some(1_000), None), None);
    }
}
