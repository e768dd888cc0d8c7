//! Settings. A key goes in and never comes out.

use super::{bad_field, name_of};
use crate::{Host, failure::Failure};
use awm_api::{
    Code, UserError,
    settings::{Model, ModelTest, ModelTested, Settings, SettingsGet, SettingsSave},
};
use awm_ports::{LlmEvent, LlmMessage, LlmRequest, LlmRole};
use futures::StreamExt;
use std::collections::HashSet;

const MAX_MODELS: usize = 20;

pub(crate) async fn settings_get<H: Host>(host: &H, _: SettingsGet) -> Result<Settings, Failure> {
    let mut settings = host.ports().settings.load(host.tenant()).await?;
    for model in &mut settings.models {
        model.has_key = model.api_key.take().is_some();
    }
    Ok(settings)
}

pub(crate) async fn settings_save<H: Host>(
    host: &H,
    request: SettingsSave,
) -> Result<Settings, Failure> {
    let mut settings = request.settings;
    settings.tenant_name = name_of("tenant_name", &settings.tenant_name)?;
    if settings.accent_hue.is_some_and(|hue| hue > 359) {
        return Err(bad_field("accent_hue", "the hue is not within 0 to 359 degrees").into());
    }
    if !(1..=525_600).contains(&settings.memory_minutes) {
        return Err(bad_field(
            "memory_minutes",
            "the memory is not within a minute and a year",
        )
        .into());
    }
    if settings
        .chat_retention_days
        .is_some_and(|days| !(1..=36_500).contains(&days))
    {
        let message = "conversations are not kept for a day to a hundred years";
        return Err(bad_field("chat_retention_days", message).into());
    }
    if settings.models.len() > MAX_MODELS {
        let message = format!("there are more than {MAX_MODELS} models");
        return Err(bad_field("models", message).into());
    }
    let mut titles = HashSet::new();
    for model in &mut settings.models {
        *model = checked(model)?;
        if !titles.insert(model.title().to_owned()) {
            let message = format!("there are two models with the title `{}`", model.title());
            return Err(bad_field("models", message)
                .help("give one of them another title")
                .into());
        }
    }
    host.ports().settings.save(host.tenant(), &settings).await?;
    let saved = settings_get(host, SettingsGet {}).await?;
    host.settings_changed(&saved);
    Ok(saved)
}

pub(crate) async fn model_test<H: Host>(
    host: &H,
    request: ModelTest,
) -> Result<ModelTested, Failure> {
    let ports = host.ports();
    let mut model = checked(&request.model)?;
    if model.api_key.is_none() {
        // A stored key is sent nowhere but to the address it was given for.
        model.api_key = ports
            .settings
            .load(host.tenant())
            .await?
            .models
            .into_iter()
            .filter(|stored| stored.base_url == model.base_url)
            .find_map(|stored| stored.api_key);
    }
    let began = ports.clock.now();
    let mut words = ports
        .models
        .open(&model)?
        .generate(LlmRequest {
            messages: vec![LlmMessage {
                role: LlmRole::User,
                content: "Answer with one word: are you there?".into(),
            }],
            max_tokens: Some(16),
            temperature: Some(0.0),
        })
        .await?;
    let (mut answer, mut first_word_ms) = (String::new(), None);
    while let Some(event) = words.next().await {
        if let LlmEvent::Text(text) = event? {
            first_word_ms.get_or_insert(ports.clock.now() - began);
            answer.push_str(&text);
        }
    }
    match first_word_ms {
        Some(ms) => Ok(ModelTested {
            first_word_ms: u64::try_from(ms).unwrap_or(0),
            answer: answer.trim().chars().take(200).collect(),
        }),
        None => Err(UserError::new(
            Code::ModelRefused,
            format!("`{}` answered without a word", model.name),
        )
        .help("try another model of the same endpoint")
        .into()),
    }
}

fn checked(model: &Model) -> Result<Model, UserError> {
    let mut model = model.clone();
    model.base_url = model.base_url.trim().trim_end_matches('/').to_owned();
    model.name = model.name.trim().to_owned();
    model.title = model.title.trim().chars().take(80).collect();
    if [model.price_in, model.price_out]
        .into_iter()
        .flatten()
        .any(|price| !(0.0..=1e6).contains(&price))
    {
        return Err(bad_field(
            "models",
            "a price is not within 0 to 1,000,000 dollars",
        ));
    }
    let web = ["http://", "https://"]
        .iter()
        .any(|scheme| model.base_url.len() > scheme.len() && model.base_url.starts_with(scheme));
    if !web {
        return Err(bad_field(
            "models.base_url",
            format!("`{}` is not a web address", model.base_url),
        )
        .help("write it like `http://localhost:11434` or `https://models.example/v1`"));
    }
    if model.name.is_empty() {
        return Err(bad_field("models.name", "the model has no name")
            .help("write the name that the endpoint knows it by"));
    }
    Ok(model)
}
