//! How a model is used: what sentence-transformers writes beside it.

use awm_ports::EmbedError;
use serde_json::Value;
use std::path::Path;

/// How a model's output becomes one vector.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pooling {
    /// The mean over all tokens.
    Mean,
    /// The first token's.
    Cls,
}

/// How a model is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Usage {
    /// The model's name.
    pub name: String,
    /// Tokens that it reads, with the marks around them.
    pub tokens: usize,
    /// How its output becomes one vector, where the graph gives a vector for each token.
    pub pooling: Pooling,
    /// What a question begins with.
    pub question: String,
    /// What a passage begins with.
    pub passage: String,
    /// Whether it knows no language but English.
    pub english_only: bool,
}

impl Usage {
    /// The model that comes with the application.
    pub(crate) fn mini_lm() -> Self {
        Self {
            name: "all-MiniLM-L6-v2-int8".into(),
            tokens: 256,
            pooling: Pooling::Mean,
            question: String::new(),
            passage: String::new(),
            english_only: true,
        }
    }

    /// What the files of a model's folder say:
    ///
    /// - `1_Pooling/config.json`: `pooling_mode_cls_token`, otherwise the mean
    /// - `sentence_bert_config.json`: `max_seq_length`; otherwise `max_position_embeddings` of `config.json`; 512 at most
    /// - `config_sentence_transformers.json`: `prompts` with `query` and `passage` or `document`
    /// - `config.json`: `language` of `en` for a model of English alone
    pub(crate) fn read(folder: &Path) -> Result<Self, EmbedError> {
        let pooling = json(folder, "1_Pooling/config.json")?;
        let sentences = json(folder, "sentence_bert_config.json")?;
        let prompts = json(folder, "config_sentence_transformers.json")?;
        let config = json(folder, "config.json")?;
        let number = |value: &Value| value.as_u64().and_then(|n| usize::try_from(n).ok());
        let tokens = sentences
            .get("max_seq_length")
            .and_then(number)
            .or_else(|| config.get("max_position_embeddings").and_then(number))
            .unwrap_or(512);
        let prompt = |names: &[&str]| {
            let found = names
                .iter()
                .find_map(|name| prompts.get("prompts")?.get(name)?.as_str());
            found.unwrap_or_default().to_owned()
        };
        let name = folder
            .file_name()
            .map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        Ok(Self {
            name,
            tokens: tokens.clamp(16, 512),
            pooling: match pooling
                .get("pooling_mode_cls_token")
                .and_then(Value::as_bool)
            {
                Some(true) => Pooling::Cls,
                _ => Pooling::Mean,
            },
            question: prompt(&["query", "question"]),
            passage: prompt(&["passage", "document"]),
            english_only: config.get("language").and_then(Value::as_str) == Some("en"),
        })
    }
}

/// A file's value, or nothing where the file isn't there.
fn json(folder: &Path, name: &str) -> Result<Value, EmbedError> {
    let path = folder.join(name);
    match std::fs::read(&path) {
        Ok(bytes) => serde_json::from_slice(&bytes).map_err(|error| {
            EmbedError::Missing(format!("`{}` can't be read: {error}", path.display()))
        }),
        Err(_) => Ok(Value::Null),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_exporters_write() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        let plain = Usage::read(path).unwrap();
        assert_eq!(
            (plain.tokens, plain.pooling, plain.english_only),
            (512, Pooling::Mean, false)
        );
        std::fs::create_dir(path.join("1_Pooling")).unwrap();
        for (name, text) in [
            (
                "1_Pooling/config.json",
                r#"{"pooling_mode_cls_token": true, "pooling_mode_mean_tokens": false}"#,
            ),
            ("sentence_bert_config.json", r#"{"max_seq_length": 128}"#),
            (
                "config_sentence_transformers.json",
                r#"{"prompts": {"query": "query: ", "document": "passage: "}}"#,
            ),
            (
                "config.json",
                r#"{"max_position_embeddings": 8192, "language": "en"}"#,
            ),
        ] {
            std::fs::write(path.join(name), text).unwrap();
        }
        let told = Usage::read(path).unwrap();
        assert_eq!(
            (told.tokens, told.pooling, told.english_only),
            (128, Pooling::Cls, true)
        );
        assert_eq!(
            (told.question.as_str(), told.passage.as_str()),
            ("query: ", "passage: ")
        );
        std::fs::write(path.join("config.json"), "{").unwrap();
        assert!(Usage::read(path).is_err());
    }
}
