//! Keywords and meaning, blended.

use super::{
    allowed::Allowed,
    codes::{Codes, Near},
    embedding::model,
    frequencies::Frequencies,
    rows::{PASSAGE, passage},
    vectors::product,
    words,
};
use crate::Fault;
use awm_api::knowledge::Hit;
use awm_knowledge::{Language, Leg, blend};
use awm_ports::{ModelId, SearchQuery};
use rusqlite::{Connection, OptionalExtension};

/// Passages that each ranking brings to the blend, at least and at most.
const DEPTH: usize = 200;
const DEPTH_MOST: usize = 2_000;
/// Vectors that the signs leave for the comparison by their bytes.
const COMPARED: usize = 500;
/// Passages whose vector is nearly at a right angle to the question's are about something else.
const NEAR: f64 = 0.1;
/// What a table of another class counts: a question finds what is written in another language, but after its own.
const FOREIGN: f64 = 0.5;
/// As much better the best match in another class has to be for a question to be taken for one of that class: twice, as words
/// of other languages count with their beginnings, and as much again.
const CLEARLY: f64 = 3.0;

/// Passages by number with their scores, best first.
pub(crate) type Ranking = Vec<(i64, f64)>;

/// What the keywords tell.
#[derive(Debug, Default)]
pub(crate) struct ByWords {
    pub(crate) ranking: Ranking,
    /// The class whose passages the words of the question are in, which may be another than a few words let guess.
    pub(crate) class: Option<Language>,
}

/// The ranking by keywords. Every class is asked in its own terms; BM25 itself makes a table that holds little count little.
pub(crate) fn by_words(
    connection: &Connection,
    frequencies: &Frequencies,
    tenant: &str,
    query: &SearchQuery,
) -> Result<ByWords, Fault> {
    let allowed = Allowed::of(connection, tenant, query)?;
    let own = Language::named(&query.language);
    let mut rankings: Vec<(Language, Ranking)> = Vec::new();
    for language in Language::ALL {
        if takes_language(query, language) {
            let found = own_passages(
                connection,
                frequencies,
                tenant,
                query,
                language,
                allowed.as_ref(),
            )?;
            rankings.push((language, found));
        }
    }
    let best = |ranking: &Ranking| ranking.first().map_or(0.0, |(_, score)| *score);
    let of = |class| {
        let mut found = rankings.iter().filter(|(language, _)| *language == class);
        found.next().map_or(0.0, |(_, ranking)| best(ranking))
    };
    let class =
        Language::ALL
            .into_iter()
            .fold(own, |leader, next| match of(next) > of(leader) * CLEARLY {
                true => next,
                false => leader,
            });
    let mut ranking = Ranking::new();
    for (language, found) in rankings {
        let weight = if language == class { 1.0 } else { FOREIGN };
        ranking.extend(
            found
                .into_iter()
                .map(|(passage, score)| (passage, score * weight)),
        );
    }
    ranking.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    ranking.truncate(depth(query));
    Ok(ByWords {
        ranking,
        class: Some(class),
    })
}

/// The best passages of a table that belong to the tenant and pass the filter. The table is asked for more while it gives
/// too many others.
fn own_passages(
    connection: &Connection,
    frequencies: &Frequencies,
    tenant: &str,
    query: &SearchQuery,
    language: Language,
    allowed: Option<&Allowed>,
) -> Result<Ranking, Fault> {
    let mut is_own =
        connection.prepare_cached("SELECT 1 FROM passages WHERE number = ?1 AND tenant = ?2")?;
    let depth = depth(query);
    let mut limit = depth;
    loop {
        let found = words::best(connection, frequencies, &query.text, language, limit)?;
        let all = found.len() < limit;
        let mut kept = Ranking::new();
        for (passage, score) in found {
            let passes = allowed.is_none_or(|allowed| allowed.takes(passage));
            if passes && is_own.exists((passage, tenant))? {
                kept.push((passage, score));
                if kept.len() == depth {
                    return Ok(kept);
                }
            }
        }
        if all {
            return Ok(kept);
        }
        limit *= 16;
    }
}

/// The ranking by meaning: the signs tell which vectors come into question, their bytes tell the order.
pub(crate) fn by_meaning(
    connection: &Connection,
    codes: &Codes,
    tenant: &str,
    query: &SearchQuery,
    (asked, vector): (&ModelId, &[f32]),
) -> Result<Ranking, Fault> {
    // What another model embedded is gone from the moment that one takes over; the codes in memory may still hold it.
    let Some((number, true)) = model(connection, asked)? else {
        return Ok(Ranking::new());
    };
    if !query.filter.languages.is_empty()
        && query.english_only
        && !takes_language(query, Language::English)
    {
        return Ok(Ranking::new());
    }
    let allowed = Allowed::of(connection, tenant, query)?;
    let mut ranking = if query.exact {
        exact(connection, tenant, number, query, vector, allowed.as_ref())?
    } else {
        codes.load(connection, tenant, number, asked.dimensions)?;
        let near = Near {
            vector,
            allowed: allowed.as_ref(),
            english_only: query.english_only,
        };
        let mut found = codes.nearest(tenant, number, near, COMPARED.max(depth(query)));
        // Neighbours on the disk one after the other.
        found.sort_unstable();
        compared(connection, number, &found, vector)?
    };
    ranking.retain(|(_, score)| *score >= NEAR);
    ranking.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    if !query.filter.languages.is_empty() {
        let mut language =
            connection.prepare_cached("SELECT language FROM passages WHERE number = ?1")?;
        let mut kept = Ranking::new();
        for (passage, score) in ranking {
            let class: Option<String> =
                language.query_row([passage], |row| row.get(0)).optional()?;
            if class.is_some_and(|class| takes_language(query, Language::named(&class))) {
                kept.push((passage, score));
            }
        }
        ranking = kept;
    }
    ranking.truncate(depth(query));
    Ok(ranking)
}

fn compared(
    connection: &Connection,
    model: i64,
    passages: &[i64],
    vector: &[f32],
) -> Result<Ranking, Fault> {
    let mut statement = connection
        .prepare_cached("SELECT scale, bytes FROM vectors WHERE passage = ?1 AND model = ?2")?;
    let mut ranking = Ranking::with_capacity(passages.len());
    for passage in passages {
        let score = statement
            .query_row((passage, model), |row| {
                Ok(product(vector, row.get(0)?, row.get_ref(1)?.as_blob()?))
            })
            .optional()?;
        ranking.extend(score.map(|score| (*passage, score)));
    }
    Ok(ranking)
}

fn exact(
    connection: &Connection,
    tenant: &str,
    model: i64,
    query: &SearchQuery,
    vector: &[f32],
    allowed: Option<&Allowed>,
) -> Result<Ranking, Fault> {
    let mut statement = connection.prepare_cached(
        "SELECT v.passage, v.scale, v.bytes, p.language FROM vectors v JOIN passages p ON p.number = v.passage \
         WHERE v.model = ?1 AND p.tenant = ?2",
    )?;
    let mut rows = statement.query((model, tenant))?;
    let mut ranking = Ranking::new();
    while let Some(row) = rows.next()? {
        let passage = row.get(0)?;
        let english = row.get_ref(3)?.as_str().is_ok_and(|class| class == "en");
        let passes = allowed.is_none_or(|allowed| allowed.takes(passage))
            && (english || !query.english_only);
        if passes {
            let bytes = row.get_ref(2)?.as_blob().map_err(rusqlite::Error::from)?;
            ranking.push((passage, product(vector, row.get(1)?, bytes)));
        }
    }
    Ok(ranking)
}

/// A document may have several of its passages in a ranking, so twice as many are taken as are wanted.
fn depth(query: &SearchQuery) -> usize {
    (query.top_k as usize * 2).clamp(DEPTH, DEPTH_MOST)
}

fn leg(ranking: &Ranking, depth: usize) -> Leg<'_, i64> {
    Leg {
        ranking,
        cut: ranking.len() >= depth,
    }
}

/// Both rankings as one, with the passages themselves.
pub(crate) fn hits(
    connection: &Connection,
    tenant: &str,
    query: &SearchQuery,
    by_words: &ByWords,
    by_meaning: &Ranking,
) -> Result<Vec<Hit>, Fault> {
    let sql = format!(
        "SELECT {PASSAGE} FROM passages p JOIN documents d ON d.tenant = p.tenant AND d.id = p.document_id \
         WHERE p.tenant = ?1 AND p.number = ?2"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let mut hits = Vec::new();
    // A model of English has nothing to say about a question whose words are found in other languages.
    let foreign = query.english_only
        && query.language == Language::English.as_str()
        && by_words
            .class
            .is_some_and(|class| class != Language::English);
    let none = Ranking::new();
    let by_meaning = if foreign { &none } else { by_meaning };
    let depth = depth(query);
    for blended in blend(&[leg(&by_words.ranking, depth), leg(by_meaning, depth)]) {
        if hits.len() >= query.top_k as usize {
            break;
        }
        // Deleted since the rankings were made: the next one takes its place.
        let found = statement
            .query_row((tenant, blended.item), passage)
            .optional()?;
        let rank = |leg: usize| blended.ranks.get(leg).copied().flatten();
        let score = |leg: usize| blended.scores.get(leg).copied().flatten();
        hits.extend(found.map(|passage| Hit {
            passage,
            score: blended.score,
            keyword_rank: rank(0),
            vector_rank: rank(1),
            keyword_score: score(0),
            vector_score: score(1),
            highlights: Vec::new(),
        }));
    }
    Ok(hits)
}

fn takes_language(query: &SearchQuery, language: Language) -> bool {
    let wanted = &query.filter.languages;
    wanted.is_empty() || wanted.iter().any(|name| name == language.as_str())
}
