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
    /// The model that writes answers; quotations if none.
    pub model: Option<Model>,
    /// How long a conversation is remembered, minutes.
    pub memory_minutes: u32,
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
            model: None,
            memory_minutes: 60,
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
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Model {
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
}

impl std::fmt::Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The key must not reach a log by way of a debug print.
        f.debug_struct("Model")
            .field("kind", &self.kind)
            .field("base_url", &self.base_url)
            .field("name", &self.name)
            .field("has_key", &(self.has_key || self.api_key.is_some()))
            .finish()
    }
}

/// What speaks at a model's address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ModelKind {
    /// `POST /chat/completions` with server-sent events.
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
