//! Websites, feeds, lists and buckets.

use crate::{Host, failure::Failure};
use awm_api::{
    Page, UserError,
    crawl::{
        Crawl, CrawlCancel, CrawlCreate, CrawlDelete, CrawlDeleted, CrawlGet, CrawlList, CrawlPage,
        CrawlPages, CrawlPause, CrawlPreview, CrawlSpec, CrawlStart, CrawlUpdate, CrawlWatch,
    },
};
use awm_ports::SecretName;
use futures::{StreamExt, stream::BoxStream};

pub(crate) async fn crawl_list<H: Host>(host: &H, _: CrawlList) -> Result<Vec<Crawl>, Failure> {
    Ok(host.ports().crawler.list().await?)
}

pub(crate) async fn crawl_create<H: Host>(
    host: &H,
    request: CrawlCreate,
) -> Result<Crawl, Failure> {
    Ok(host.ports().crawler.create(request).await?)
}

pub(crate) async fn crawl_get<H: Host>(host: &H, request: CrawlGet) -> Result<Crawl, Failure> {
    Ok(host.ports().crawler.get(&request.id).await?)
}

pub(crate) async fn crawl_start<H: Host>(host: &H, request: CrawlStart) -> Result<Crawl, Failure> {
    Ok(host.ports().crawler.start(&request.id).await?)
}

pub(crate) async fn crawl_pause<H: Host>(host: &H, request: CrawlPause) -> Result<Crawl, Failure> {
    Ok(host.ports().crawler.pause(&request.id).await?)
}

pub(crate) async fn crawl_cancel<H: Host>(
    host: &H,
    request: CrawlCancel,
) -> Result<Crawl, Failure> {
    Ok(host.ports().crawler.cancel(&request.id).await?)
}

pub(crate) async fn crawl_delete<H: Host>(
    host: &H,
    request: CrawlDelete,
) -> Result<CrawlDeleted, Failure> {
    let ports = host.ports();
    let crawl = ports.crawler.get(&request.id).await?;
    let deleted = ports
        .crawler
        .delete(&request.id, request.keep_documents)
        .await?;
    // A credential that was made for this crawl alone goes with it.
    if let Some(name) = own_credential(&crawl.spec)
        && !ports
            .crawler
            .list()
            .await?
            .iter()
            .any(|other| own_credential(&other.spec) == Some(name))
    {
        ports
            .secrets
            .delete(host.tenant(), &SecretName::new(name)?)
            .await?;
    }
    Ok(deleted)
}

/// The name of a credential that the dialog for crawls keeps.
fn own_credential(spec: &CrawlSpec) -> Option<&str> {
    let name = match spec {
        CrawlSpec::Api(api) => api.credential.as_deref(),
        CrawlSpec::Bucket(bucket) => bucket.credential.as_deref(),
        CrawlSpec::Site(_) | CrawlSpec::Feed(_) => None,
    };
    name.filter(|name| name.starts_with("crawls/"))
}

pub(crate) async fn crawl_pages<H: Host>(
    host: &H,
    request: CrawlPages,
) -> Result<Page<CrawlPage>, Failure> {
    Ok(host.ports().crawler.pages(&request).await?)
}

pub(crate) async fn crawl_watch<H: Host>(
    host: &H,
    _: CrawlWatch,
) -> Result<BoxStream<'static, Result<CrawlUpdate, UserError>>, Failure> {
    Ok(host.ports().crawler.watch().await?.map(Ok).boxed())
}

pub(crate) async fn crawl_preview<H: Host>(
    host: &H,
    request: CrawlPreview,
) -> Result<BoxStream<'static, Result<CrawlUpdate, UserError>>, Failure> {
    let pages = host.ports().crawler.preview(request.spec, request.limit)?;
    Ok(pages
        .map(|page| page.map_err(|error| Failure::from(error).into()))
        .boxed())
}
