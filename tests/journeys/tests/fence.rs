//! Which files of the real file system a workflow may read by path.
#![cfg(all(test, unix))]

use async_trait::async_trait;
use awm_caller::{Caller, CallerParts};
use awm_extract_local::{Extract, Limits, LocalFiles};
use awm_llm_local::LocalModels;
use awm_memory::{
    MemoryClock, MemoryConnections, MemoryIds, MemoryLibrary, MemoryMemory, MemorySecrets,
    MemorySettings,
};
use awm_ports::{
    Files, Http, HttpError, HttpRequest, HttpResponse, Library, NewDocument, TaskProgress,
    TaskRequest, TaskRunner, WalkStep,
};
use awm_tasks::{Deps, PlatformTasks};
use awm_tenancy::TenantId;
use futures::StreamExt;
use serde_json::json;
use std::{fs, os::unix::fs::symlink, sync::Arc};

struct Nobody;

#[async_trait]
impl Http for Nobody {
    async fn send(&self, _: HttpRequest) -> Result<HttpResponse, HttpError> {
        Err(HttpError::Unreachable("nobody is there".into()))
    }
}

#[tokio::test]
async fn a_workflow_reads_within_its_folders_only() {
    let root = tempfile::tempdir().unwrap();
    let root = fs::canonicalize(root.path()).unwrap();
    for folder in ["team/plans", "private", "workspace/buckets/in", "elsewhere"] {
        fs::create_dir_all(root.join(folder)).unwrap();
    }
    for file in [
        "team/a.md",
        "team/plans/b.md",
        "private/secret.md",
        "workspace/model-key.md",
        "workspace/buckets/in/c.md",
    ] {
        fs::write(root.join(file), format!("Words of {file}")).unwrap();
    }
    symlink(root.join("private"), root.join("team/way-out")).unwrap();
    symlink(
        root.join("private/secret.md"),
        root.join("team/plans/link.md"),
    )
    .unwrap();
    symlink(root.join("team/a.md"), root.join("team/plans/inside.md")).unwrap();
    symlink(root.join("team"), root.join("elsewhere/team")).unwrap();

    let files = LocalFiles::new(root.join("workspace/files"))
        .with_open(vec![root.join("workspace/buckets")]);
    let (library, tenant) = (Arc::new(MemoryLibrary::default()), TenantId::local());
    library
        .create_source(&tenant, "s", "Team", 0)
        .await
        .unwrap();
    // As a person takes the folder in: once by its own path, once by a link to it.
    for folder in ["team", "elsewhere/team"] {
        let walk = files.walk(root.join(folder).to_str().unwrap()).await;
        let mut steps = walk.unwrap().steps;
        while let Some(step) = steps.next().await {
            let WalkStep::Files(listed) = step else {
                continue;
            };
            for found in listed {
                let document = NewDocument {
                    id: found.path.clone(),
                    source_id: "s".into(),
                    name: found.name,
                    path: found.path,
                    bytes: 1,
                    hash: folder.into(),
                    modified_at: None,
                    at: 0,
                };
                library.enqueue(&tenant, document).await.unwrap();
            }
        }
    }
    let worker = env!("CARGO_BIN_EXE_journeys-extract-worker");
    let (clock, ids) = (
        Arc::new(MemoryClock::standing(0)),
        Arc::new(MemoryIds::default()),
    );
    let tasks = PlatformTasks::new(Deps {
        library: library.clone(),
        memory: Arc::new(MemoryMemory::default()),
        settings: Arc::new(MemorySettings::default()),
        models: Arc::new(LocalModels::default()),
        extractor: Arc::new(Extract::new(worker.into(), Vec::new(), Limits::default())),
        files: Arc::new(files),
        embedder: None,
        caller: Arc::new(Caller::new(CallerParts {
            connections: Arc::new(MemoryConnections::default()),
            secrets: Arc::new(MemorySecrets::default()),
            http: Arc::new(Nobody),
            clock: clock.clone(),
            ids: ids.clone(),
        })),
        http: Arc::new(Nobody),
        clock,
        ids,
    });
    let read = async |tenant: &TenantId, path: &str| {
        let request = TaskRequest {
            run_id: "run".into(),
            state: "/States/Read".into(),
            name: "Read".into(),
            resource: "${AwmExtract}".into(),
            arguments: json!({ "path": path }),
            retries: 0,
            progress: TaskProgress::none(),
        };
        match tasks.run(tenant, request).await {
            Ok(answer) => answer["text"].as_str().unwrap_or_default().to_owned(),
            Err(failure) => failure.error,
        }
    };
    let other = TenantId::of_profile("000000000000000000000other").unwrap();
    for (path, expected) in [
        ("team/a.md", "Words of team/a.md"),
        ("team/plans/b.md", "Words of team/plans/b.md"),
        ("team/plans/inside.md", "Words of team/a.md"),
        (
            "workspace/buckets/in/c.md",
            "Words of workspace/buckets/in/c.md",
        ),
        ("elsewhere/team/a.md", "Words of team/a.md"),
        ("team/none.md", "Awm.NotFound"),
        ("private/secret.md", "Awm.PathForbidden"),
        ("private/none.md", "Awm.PathForbidden"),
        ("team/way-out/secret.md", "Awm.PathForbidden"),
        ("team/plans/link.md", "Awm.PathForbidden"),
        ("team/../private/secret.md", "Awm.PathForbidden"),
        ("workspace/model-key.md", "Awm.PathForbidden"),
        ("workspace/buckets/../model-key.md", "Awm.PathForbidden"),
    ] {
        let path = root.join(path);
        let path = path.to_str().unwrap();
        assert_eq!(read(&tenant, path).await, expected, "{path}");
        if !path.contains("/buckets/") {
            // What one tenant took in opens nothing to another.
            assert_eq!(read(&other, path).await, "Awm.PathForbidden", "{path}");
        }
    }
}
