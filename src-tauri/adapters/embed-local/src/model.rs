//! One text through the model.

use crate::Components;
use awm_ports::EmbedError;
use ort::{
    environment::Environment,
    session::{Session, builder::SessionBuilder},
    value::TensorRef,
};
use std::{path::Path, sync::OnceLock};
use tokenizers::Tokenizer;

/// Length of the vectors.
pub(crate) const DIMENSIONS: usize = 384;
/// Tokens that the model reads, with the two marks around them.
const TOKENS: usize = 256;
/// No token is longer than this on average; more text needn't be cut into tokens.
const BYTES_PER_TOKEN: usize = 32;

/// What all sessions share.
pub(crate) struct Model {
    parts: Components,
    tokenizer: Tokenizer,
    environment: Environment,
    begin: u32,
    end: u32,
}

impl Model {
    pub(crate) fn new(parts: Components, mut tokenizer: Tokenizer) -> Result<Self, EmbedError> {
        // The file asks for padding and cutting, which both are done here where needed.
        tokenizer.with_padding(None);
        if let Err(error) = tokenizer.with_truncation(None) {
            return Err(EmbedError::Backend(error.to_string().into()));
        }
        let mark = |mark: &str| {
            tokenizer
                .token_to_id(mark)
                .ok_or_else(|| EmbedError::Backend(format!("the tokenizer has no `{mark}`").into()))
        };
        let (begin, end) = (mark("[CLS]")?, mark("[SEP]")?);
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
        let cut = text.floor_char_boundary(TOKENS * BYTES_PER_TOKEN);
        let (begin, _) = text.split_at(cut);
        let encoding = self
            .tokenizer
            .encode_fast(begin, false)
            .map_err(|error| error.to_string())?;
        let words = encoding.get_ids().iter().take(TOKENS - 2).copied();
        Ok(std::iter::once(self.begin)
            .chain(words)
            .chain([self.end])
            .map(i64::from)
            .collect())
    }

    fn run(&self, session: &mut Session, ids: &[i64]) -> ort::Result<Vec<f32>> {
        let mask = vec![1_i64; ids.len()];
        let shape = [1, ids.len()];
        let outputs = session.run(ort::inputs![
            "input_ids" => TensorRef::from_array_view((shape, ids))?,
            "attention_mask" => TensorRef::from_array_view((shape, mask.as_slice()))?,
        ])?;
        let (_, vector) = outputs
            .get("embedding")
            .ok_or_else(|| ort::Error::new("the model has no output `embedding`"))?
            .try_extract_tensor::<f32>()?;
        // The graph scales to length 1; rounding is undone here.
        let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
        if vector.len() != DIMENSIONS || !length.is_finite() || length == 0.0 {
            return Err(ort::Error::new("the model gave no vector"));
        }
        Ok(vector.iter().map(|x| x / length).collect())
    }
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
