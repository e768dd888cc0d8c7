//! What any [`Questions`] and [`Evaluations`] keep to.

use awm_api::{
    PageRequest,
    evaluation_runs::{EvaluatedQuestion, EvaluationRun, EvaluationState, Measured, RunSettings},
    questions::{Question, QuestionBody, QuestionList},
};
use awm_ports::{Evaluations, Questions, StoreError};
use awm_tenancy::TenantId;

fn other() -> Result<TenantId, StoreError> {
    TenantId::of_profile("other000000000000000000000")
        .map_err(|error| StoreError::Backend(Box::new(error)))
}

fn question(id: &str, set: &str, text: &str) -> Question {
    Question {
        id: id.into(),
        set_id: set.into(),
        body: QuestionBody {
            question: text.into(),
            ..QuestionBody::default()
        },
        changed_at: 7,
        ..Question::default()
    }
}

fn list(set: &str, text: &str, offset: u64, limit: u32) -> QuestionList {
    QuestionList {
        set_id: set.into(),
        text: text.into(),
        page: PageRequest {
            offset,
            limit,
            sort: None,
        },
    }
}

fn is_missing<T>(answer: &Result<T, StoreError>) -> bool {
    matches!(answer, Err(StoreError::NotFound { .. }))
}

/// Runs the suite of question sets on an empty store.
pub async fn questions(store: &dyn Questions) -> Result<(), StoreError> {
    let (tenant, other) = (TenantId::local(), other()?);
    assert_eq!(store.sets(&tenant).await?, []);
    let set = store.create_set(&tenant, "s1", "Handbook", 5).await?;
    assert_eq!((set.id.as_str(), set.questions), ("s1", 0));
    let again = store.create_set(&tenant, "s2", "Handbook", 6).await?;
    assert_eq!(again.id, "s1", "the set of that name");
    store.create_set(&tenant, "s3", "archive", 5).await?;
    let names: Vec<_> = store
        .sets(&tenant)
        .await?
        .into_iter()
        .map(|s| s.name)
        .collect();
    assert_eq!(names, ["archive", "Handbook"], "by name, whatever the case");
    assert!(matches!(
        store.rename_set(&tenant, "s3", "Handbook").await,
        Err(StoreError::Conflict { .. })
    ));
    assert_eq!(
        store.rename_set(&tenant, "s3", "Archive").await?.name,
        "Archive"
    );

    let all = vec![
        question("q2", "s1", "How many DAYS?"),
        question("q1", "s1", "Where is it?"),
        question("q3", "s1", "Which day?"),
    ];
    store.put_questions(&tenant, all.clone()).await?;
    assert_eq!(store.set(&tenant, "s1").await?.questions, 3);
    assert_eq!(store.set(&tenant, "s1").await?.changed_at, 7);
    let page = store.questions(&tenant, &list("s1", "", 0, 2)).await?;
    assert_eq!((page.total, page.next), (3, Some(2)));
    assert_eq!(
        Some(page.items.as_slice()),
        all.get(..2),
        "in the order they came"
    );
    let page = store.questions(&tenant, &list("s1", "", 2, 2)).await?;
    assert_eq!((page.items.len(), page.next), (1, None));
    let found = store.questions(&tenant, &list("s1", "dAy", 0, 9)).await?;
    let ids: Vec<_> = found.items.iter().map(|q| q.id.as_str()).collect();
    assert_eq!(ids, ["q2", "q3"], "by text, whatever the case");
    for odd in ["%", "_", "\"", "' OR 1=1 --"] {
        assert_eq!(
            store
                .questions(&tenant, &list("s1", odd, 0, 9))
                .await?
                .total,
            0,
            "{odd}"
        );
    }
    let mut changed = question("q2", "s1", "How many weeks?");
    changed.changed_at = 9;
    store.put_questions(&tenant, vec![changed.clone()]).await?;
    assert_eq!(store.question(&tenant, "q2").await?, changed);
    let first = store.questions(&tenant, &list("s1", "", 0, 1)).await?;
    assert_eq!(first.items, [changed.clone()], "at its place");
    store
        .put_questions(&tenant, vec![question("q2", "s3", "Moved?")])
        .await?;
    assert_eq!(
        store.question(&tenant, "q2").await?,
        changed,
        "it keeps its set"
    );
    let half = vec![
        question("q8", "s1", "New?"),
        question("q9", "none", "Lost?"),
    ];
    assert!(is_missing(&store.put_questions(&tenant, half).await));
    assert!(
        is_missing(&store.question(&tenant, "q8").await),
        "all or none"
    );

    // Nothing of one tenant is answered to another, nor touched by it.
    assert_eq!(store.sets(&other).await?, []);
    for missing in [
        is_missing(&store.set(&other, "s1").await),
        is_missing(&store.rename_set(&other, "s1", "Mine").await),
        is_missing(&store.delete_set(&other, "s1").await),
        is_missing(&store.questions(&other, &list("s1", "", 0, 9)).await),
        is_missing(&store.question(&other, "q1").await),
        is_missing(&store.remove_question(&other, "q1").await),
        is_missing(
            &store
                .put_questions(&other, vec![question("q1", "s1", "Theirs?")])
                .await,
        ),
    ] {
        assert!(missing);
    }
    let own = store.create_set(&other, "s1", "Handbook", 5).await?;
    store
        .put_questions(&other, vec![question("q1", &own.id, "Theirs?")])
        .await?;
    assert_eq!(
        store.question(&tenant, "q1").await?.body.question,
        "Where is it?"
    );
    store.delete_set(&other, "s1").await?;

    assert_eq!(store.remove_question(&tenant, "q1").await?.id, "q1");
    assert!(is_missing(&store.remove_question(&tenant, "q1").await));
    assert_eq!(store.delete_set(&tenant, "s1").await?.questions, 2);
    assert!(
        is_missing(&store.question(&tenant, "q2").await),
        "questions go with their set"
    );
    assert!(is_missing(&store.delete_set(&tenant, "s1").await));
    store.delete_set(&tenant, "s3").await?;
    Ok(())
}

fn run(id: &str, set: &str, started_at: i64) -> EvaluationRun {
    EvaluationRun {
        id: id.into(),
        set_id: set.into(),
        set_name: "Handbook".into(),
        started_at,
        ended_at: None,
        state: EvaluationState::Running,
        error: None,
        settings: RunSettings::default(),
        measured: Measured::default(),
        questions: 2,
        done: 0,
        figures: None,
    }
}

fn result(text: &str) -> EvaluatedQuestion {
    EvaluatedQuestion {
        question: question("q", "s1", text),
        ranks: vec![Some(3), None],
        found: Vec::new(),
        ndcg_at_10: Some(0.5),
        recall_at_k: None,
        recall_at_100: Some(0.5),
        mrr_at_10: Some(1.0 / 3.0),
        search_ms: 1.5,
        answer: None,
    }
}

/// Runs the suite of evaluations on a store without sets.
pub async fn evaluations<S: Questions + Evaluations>(store: &S) -> Result<(), StoreError> {
    let (tenant, other) = (TenantId::local(), other()?);
    assert!(is_missing(
        &store.put_run(&tenant, &run("a", "s1", 1), None).await
    ));
    store.create_set(&tenant, "s1", "Handbook", 5).await?;
    store.create_set(&tenant, "s2", "Second", 5).await?;
    for (id, set, at) in [("a", "s1", 1), ("b", "s2", 2), ("c", "s1", 3)] {
        store.put_run(&tenant, &run(id, set, at), None).await?;
    }
    let ids = |runs: Vec<EvaluationRun>| runs.into_iter().map(|r| r.id).collect::<Vec<_>>();
    assert_eq!(
        ids(store.runs(&tenant, None, 9).await?),
        ["c", "b", "a"],
        "newest first"
    );
    assert_eq!(ids(store.runs(&tenant, Some("s1"), 9).await?), ["c", "a"]);
    assert_eq!(ids(store.runs(&tenant, None, 1).await?), ["c"]);

    let mut done = run("a", "s1", 1);
    (done.state, done.done, done.ended_at) = (EvaluationState::Done, 2, Some(4));
    let results = vec![result("First?"), result("Second?")];
    store.put_run(&tenant, &done, Some(results.clone())).await?;
    assert_eq!(store.run(&tenant, "a").await?, done);
    assert_eq!(store.results(&tenant, "a").await?, results);
    store.put_run(&tenant, &done, None).await?;
    assert_eq!(
        store.results(&tenant, "a").await?,
        results,
        "kept by a change of the run"
    );
    assert_eq!(store.results(&tenant, "c").await?, []);

    assert_eq!(
        ids(store.runs(&other, None, 9).await?),
        Vec::<String>::new()
    );
    for missing in [
        is_missing(&store.run(&other, "a").await),
        is_missing(&store.results(&other, "a").await),
        is_missing(&store.delete_run(&other, "a").await),
        is_missing(&store.put_run(&other, &run("a", "s1", 1), None).await),
    ] {
        assert!(missing);
    }
    assert_eq!(
        store.run(&tenant, "a").await?,
        done,
        "untouched by another tenant"
    );

    assert_eq!(store.delete_run(&tenant, "b").await?.id, "b");
    assert!(is_missing(&store.run(&tenant, "b").await));
    store.delete_set(&tenant, "s1").await?;
    assert!(
        is_missing(&store.results(&tenant, "a").await),
        "evaluations go with their set"
    );
    store.delete_set(&tenant, "s2").await?;
    Ok(())
}
