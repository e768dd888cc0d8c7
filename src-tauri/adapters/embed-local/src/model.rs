//! One text through the model.

use crate::{Components, Pooling};
use awm_ports::EmbedError;
use ort::{
    environment::Environment,
    session::{Session, builder::SessionBuilder},
    value::TensorRef,
};
use std::{path::Path, sync::OnceLock};
use tokenizers::Tokenizer;

/// No token is longer than this on average; more text needn't be cut into tokens.
const BYTES_PER_TOKEN: usize = 32;

/// What all sessions share.
pub(crate) struct Model {
    parts: Components,
    tokenizer: Tokenizer,
    environment: Environment,
    /// The marks that go before and after a text.
    begin: Vec<u32>,
    end: Vec<u32>,
}

impl Model {
    pub(crate) fn new(parts: Components, mut tokenizer: Tokenizer) -> Result<Self, EmbedError> {
        // The file asks for padding and cutting, which both are done here where needed.
        tokenizer.with_padding(None);
        if let Err(error) = tokenizer.with_truncation(None) {
            return Err(EmbedError::Backend(error.to_string().into()));
        }
        // What the tokenizer makes of nothing are the marks: one on each side, or one behind.
        let marks = tokenizer
            .encode("", true)
            .map_err(|error| EmbedError::Backend(error.to_string().into()))?;
        let (begin, end) = marks.get_ids().split_at(marks.len() / 2);
        let (begin, end) = (begin.to_vec(), end.to_vec());
        let environment = environment(&parts.runtime)?;
        Ok(Self {
            parts,
            tokenizer,
            environment,
            begin,
            end,
        })
    }

    pub(crate) fn tokens(&self, text: &str) -> usize {
        self.tokenizer
            .encode_fast(text, false)
            .map_or_else(|_| text.chars().count(), |encoding| encoding.len())
    }

    /// Loads the model for one thread.
    pub(crate) fn session(&self) -> Result<Session, String> {
        self.try_session().map_err(|error| error.to_string())
    }

    fn try_session(&self) -> ort::Result<Session> {
        SessionBuilder::new(&self.environment)?
            .with_intra_threads(1)?
            .with_inter_threads(1)?
            .with_intra_op_spinning(false)?
            .commit_from_file(&self.parts.model)
    }

    /// The unit vector of one text; of a long one, of its beginning.
    pub(crate) fn vector(&self, session: &mut Session, text: &str) -> Result<Vec<f32>, String> {
        let ids = self.ids(text)?;
        self.run(session, &ids).map_err(|error| error.to_string())
    }

    fn ids(&self, text: &str) -> Result<Vec<i64>, String> {
        let tokens = self.parts.usage.tokens;
        let cut = text.floor_char_boundary(tokens * BYTES_PER_TOKEN);
        let (beginning, _) = text.split_at(cut);
        let encoding = self
            .tokenizer
            .encode_fast(beginning, false)
            .map_err(|error| error.to_string())?;
        let room = tokens.saturating_sub(self.begin.len() + self.end.len());
        let words = encoding.get_ids().iter().take(room);
        Ok(self
            .begin
            .iter()
            .chain(words)
            .chain(&self.end)
            .map(|id| i64::from(*id))
            .collect())
    }

    fn run(&self, session: &mut Session, ids: &[i64]) -> ort::Result<Vec<f32>> {
        let (mask, types) = (vec![1_i64; ids.len()], vec![0_i64; ids.len()]);
        let shape = [1, ids.len()];
        let mut inputs = ort::inputs![
            "input_ids" => TensorRef::from_array_view((shape, ids))?,
            "attention_mask" => TensorRef::from_array_view((shape, mask.as_slice()))?,
        ];
        if session
            .inputs()
            .iter()
            .any(|input| input.name() == "token_type_ids")
        {
            inputs.extend(ort::inputs![
                "token_type_ids" => TensorRef::from_array_view((shape, types.as_slice()))?,
            ]);
        }
        // One vector for the text if the graph gives one; otherwise those of its tokens.
        let names: Vec<&str> = session
            .outputs()
            .iter()
            .map(|output| output.name())
            .collect();
        let name = OUTPUTS
            .iter()
            .find(|name| names.contains(name))
            .or(names.first())
            .map(|name| (*name).to_owned())
            .ok_or_else(|| ort::Error::new("the model has no output"))?;
        let outputs = session.run(inputs)?;
        let (shape, numbers) = outputs
            .get(&name)
            .ok_or_else(|| ort::Error::new("the model gave no output"))?
            .try_extract_tensor::<f32>()?;
        let width = shape
            .last()
            .and_then(|n| usize::try_from(*n).ok())
            .unwrap_or(0);
        let pooled = pool(numbers, width, self.parts.usage.pooling);
        let length = pooled.iter().map(|x| x * x).sum::<f32>().sqrt();
        if pooled.is_empty() || !length.is_finite() || length == 0.0 {
            return Err(ort::Error::new("the model gave no vector"));
        }
        Ok(pooled.iter().map(|x| x / length).collect())
    }

    pub(crate) fn usage(&self) -> &crate::Usage {
        &self.parts.usage
    }
}

/// Outputs by what exporters call them, whole texts first.
const OUTPUTS: &[&str] = &[
    "embedding",
    "sentence_embedding",
    "last_hidden_state",
    "token_embeddings",
];

/// One vector of those of the tokens.
fn pool(numbers: &[f32], width: usize, pooling: Pooling) -> Vec<f32> {
    if width == 0 {
        return Vec::new();
    }
    let mut tokens = numbers.chunks_exact(width);
    let mut pooled = tokens.next().map_or_else(Vec::new, <[f32]>::to_vec);
    if pooling == Pooling::Mean {
        // The sum points where the mean does.
        for token in tokens {
            for (sum, x) in pooled.iter_mut().zip(token) {
                *sum += x;
            }
        }
    }
    pooled
}

/// The one environment that ONNX Runtime allows per process: the first library that was loaded serves all.
fn environment(library: &Path) -> Result<Environment, EmbedError> {
    static ENVIRONMENT: OnceLock<Result<Environment, String>> = OnceLock::new();
    ENVIRONMENT
        .get_or_init(|| {
            let builder = ort::init_from(library).map_err(|error| error.to_string())?;
            builder
                .with_name("awm")
                .build()
                .map_err(|error| error.to_string())
        })
        .clone()
        .map_err(|error| {
            EmbedError::Missing(format!("`{}` can't be loaded: {error}", library.display()))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pools_tokens() {
        let numbers = [1.0, 2.0, 3.0, 4.0];
        assert_eq!(pool(&numbers, 2, Pooling::Mean), [4.0, 6.0]);
        assert_eq!(pool(&numbers, 2, Pooling::Cls), [1.0, 2.0]);
        assert_eq!(pool(&numbers, 4, Pooling::Mean), numbers);
        assert!(pool(&numbers, 0, Pooling::Mean).is_empty());
    }
}
