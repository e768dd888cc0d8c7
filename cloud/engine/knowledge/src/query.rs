//! A question to the passages that may answer it.

use awm_api::knowledge::{Hit, KnowledgeFound, KnowledgeSearch};
use awm_knowledge::{Language, highlights, language};
use awm_ports::{Clock, Embedder, Library, SearchQuery, StoreError};
use awm_tenancy::TenantId;
use std::sync::Arc;

/// Searches the knowledge base by keywords and, for English questions and with a model at hand, by meaning.
///
/// A model that knows English only is asked about English questions and passages only: with other languages its ranking is
/// noise that would spoil the keywords' ranking.
#[derive(Clone)]
pub struct Query {
    library: Arc<dyn Library>,
    embedder: Option<Arc<dyn Embedder>>,
    clock: Arc<dyn Clock>,
}

/// Which rankings take part in a search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Legs {
    /// Keywords and meaning, fused.
    Both,
    /// Keywords alone.
    Keywords,
    /// Meaning alone.
    Meaning,
}

impl Query {
    /// Searches in `library`, with vectors if there is an embedder.
    pub fn new(
        library: Arc<dyn Library>,
        embedder: Option<Arc<dyn Embedder>>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            library,
            embedder,
            clock,
        }
    }

    /// The best `top_k` passages (1 to 100) of the sources (ids or names; all if empty), with what of them matches.
    pub async fn search(
        &self,
        tenant: &TenantId,
        text: &str,
        sources: &[String],
        top_k: u32,
    ) -> Result<KnowledgeFound, StoreError> {
        let search = KnowledgeSearch {
            query: text.to_owned(),
            sources: sources.to_vec(),
            top_k,
            ..KnowledgeSearch::default()
        };
        self.find(tenant, &search).await
    }

    /// Like [`search`](Self::search), with everything that can be asked for.
    pub async fn find(
        &self,
        tenant: &TenantId,
        asked: &KnowledgeSearch,
    ) -> Result<KnowledgeFound, StoreError> {
        let began = self.clock.micros();
        let asked = KnowledgeSearch {
            top_k: asked.top_k.clamp(1, 100),
            ..asked.clone()
        };
        let (mut hits, by_meaning) = self.ranked(tenant, &asked, Legs::Both).await?;
        for hit in &mut hits {
            hit.highlights = highlights(&asked.query, &hit.passage.text);
        }
        Ok(KnowledgeFound {
            hits,
            took_ms: (self.clock.micros() - began) as f64 / 1_000.0,
            by_meaning,
        })
    }

    /// The ranking behind a search, as deep as asked for, without highlights; and whether the meaning took part.
    pub async fn rank(
        &self,
        tenant: &TenantId,
        text: &str,
        sources: &[String],
        top_k: u32,
        legs: Legs,
    ) -> Result<(Vec<Hit>, bool), StoreError> {
        let asked = KnowledgeSearch {
            query: text.to_owned(),
            sources: sources.to_vec(),
            top_k,
            ..KnowledgeSearch::default()
        };
        self.ranked(tenant, &asked, legs).await
    }

    async fn ranked(
        &self,
        tenant: &TenantId,
        asked: &KnowledgeSearch,
        legs: Legs,
    ) -> Result<(Vec<Hit>, bool), StoreError> {
        let text = asked.query.as_str();
        let class = language(text);
        let vector = match legs {
            Legs::Keywords => None,
            Legs::Both | Legs::Meaning => self.vector(text, class).await,
        };
        let by_meaning = vector.is_some();
        if legs == Legs::Meaning && !by_meaning {
            return Ok((Vec::new(), false));
        }
        let query = SearchQuery {
            // No words, no keywords.
            text: match legs {
                Legs::Meaning => String::new(),
                Legs::Both | Legs::Keywords => text.to_owned(),
            },
            language: class.as_str().to_owned(),
            vector,
            sources: asked.sources.clone(),
            top_k: asked.top_k,
            filter: asked.filter.clone(),
            english_only: self.embedder.as_ref().is_none_or(|e| e.english_only()),
            exact: asked.exact,
        };
        Ok((self.library.search(tenant, query).await?, by_meaning))
    }

    /// The vector of the question. Without one the keywords still answer, so a failing model is no failing search.
    async fn vector(&self, text: &str, class: Language) -> Option<(awm_ports::ModelId, Vec<f32>)> {
        let embedder = self.embedder.as_ref()?;
        let foreign = embedder.english_only() && class != Language::English;
        if foreign || text.trim().is_empty() {
            return None;
        }
        let vector = embedder.embed_question(text).await.ok()?;
        Some((embedder.model(), vector))
    }
}

impl std::fmt::Debug for Query {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Query")
            .field("by_meaning", &self.embedder.is_some())
            .finish_non_exhaustive()
    }
}
