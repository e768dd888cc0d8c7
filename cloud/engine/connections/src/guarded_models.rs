//! Models that tell nothing of their key: an endpoint may repeat it when it refuses.

use async_trait::async_trait;
use awm_api::settings::Model;
use awm_connections::Mask;
use awm_ports::{Llm, LlmError, LlmEvent, LlmRequest, Models};
use futures::{StreamExt, stream::BoxStream};
use std::sync::Arc;

/// Models over others, with the key masked in what they say and in their errors.
pub struct GuardedModels(Arc<dyn Models>);

impl GuardedModels {
    /// Guards these.
    pub fn new(models: Arc<dyn Models>) -> Self {
        Self(models)
    }
}

impl Models for GuardedModels {
    fn open(&self, model: &Model) -> Result<Arc<dyn Llm>, LlmError> {
        let mask = Mask::new(model.api_key.as_deref().map(str::trim));
        match self.0.open(model) {
            Ok(inner) => Ok(Arc::new(Guarded { inner, mask })),
            Err(error) => Err(told(error, &mask)),
        }
    }
}

struct Guarded {
    inner: Arc<dyn Llm>,
    mask: Mask,
}

#[async_trait]
impl Llm for Guarded {
    async fn generate(
        &self,
        request: LlmRequest,
    ) -> Result<BoxStream<'static, Result<LlmEvent, LlmError>>, LlmError> {
        let mask = self.mask.clone();
        match self.inner.generate(request).await {
            Err(error) => Err(told(error, &mask)),
            Ok(events) => Ok(events
                .map(move |event| match event {
                    Ok(LlmEvent::Text(text)) => Ok(LlmEvent::Text(mask.text(&text))),
                    Ok(other) => Ok(other),
                    Err(error) => Err(told(error, &mask)),
                })
                .boxed()),
        }
    }
}

fn told(mut error: LlmError, mask: &Mask) -> LlmError {
    // Other kinds hold no words of the endpoint.
    if let LlmError::Refused { message, .. } = &mut error {
        *message = mask.text(message);
    } else if let LlmError::Unreachable(words) | LlmError::Malformed(words) = &mut error {
        *words = mask.text(words);
    }
    error
}

impl std::fmt::Debug for GuardedModels {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("GuardedModels").finish_non_exhaustive()
    }
}
