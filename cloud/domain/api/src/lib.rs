#![doc = include_str!("../README.md")]

pub mod app;
pub mod chat;
pub mod collection;
mod command;
pub mod connections;
pub mod crawl;
pub mod debug;
mod error;
pub mod evaluation;
pub mod evaluation_runs;
pub mod facsimile;
pub mod folders;
pub mod knowledge;
pub mod memory;
pub mod mocks;
mod page;
pub mod questions;
pub mod runs;
pub mod secrets;
pub mod settings;
pub mod workflows;

pub use command::{COMMANDS, Command, STREAMS, Stream};
pub use error::{Code, UserError};
pub use page::{Page, PageRequest, Sort};

/// Milliseconds since the Unix epoch, UTC.
pub type Timestamp = i64;

/// The command table: hands every row (`name: module::Request => Response`) to the macro `$with`.
///
/// A host passes a macro that builds its router; a row without a handler then doesn't compile.
#[macro_export]
macro_rules! with_commands {
    ($with:ident) => {
        $with! {
            app_info: app::AppInfo => app::AppFacts,
            app_diagnostics: app::AppDiagnostics => app::DiagnosticsText,
            settings_get: settings::SettingsGet => settings::Settings,
            settings_save: settings::SettingsSave => settings::Settings,
            model_test: settings::ModelTest => settings::ModelTested,

            connection_list: connections::ConnectionList => Vec<connections::ConnectionSummary>,
            connection_get: connections::ConnectionGet => connections::Connection,
            connection_create: connections::ConnectionCreate => connections::Connection,
            connection_save: connections::ConnectionSave => connections::Connection,
            connection_delete: connections::ConnectionDelete => connections::ConnectionDeleted,
            connection_import: connections::ConnectionImport => connections::ConnectionImported,
            connection_test: connections::ConnectionTest => connections::ConnectionTested,
            connection_learn: connections::ConnectionLearn => connections::Connection,

            secret_set: secrets::SecretSet => secrets::SecretStored,
            secret_delete: secrets::SecretDelete => secrets::SecretStored,
            secret_list: secrets::SecretList => secrets::SecretListing,

            workflow_list: workflows::WorkflowList => Vec<workflows::WorkflowSummary>,
            workflow_get: workflows::WorkflowGet => workflows::Workflow,
            workflow_create: workflows::WorkflowCreate => workflows::Workflow,
            workflow_import: workflows::WorkflowImport => workflows::Workflow,
            workflow_save: workflows::WorkflowSave => workflows::WorkflowSaved,
            workflow_rename: workflows::WorkflowRename => workflows::WorkflowSummary,
            workflow_delete: workflows::WorkflowDelete => workflows::WorkflowDeleted,
            workflow_restore: workflows::WorkflowRestore => workflows::WorkflowSummary,
            workflow_open_path: workflows::WorkflowOpenPath => workflows::Workflow,
            template_list: workflows::TemplateList => Vec<workflows::Template>,
            template_open: workflows::TemplateOpen => workflows::Workflow,

            run_start: runs::RunStart => runs::RunSummary,
            run_document: runs::RunDocument => runs::RunSummary,
            run_stop: runs::RunStop => runs::RunSummary,
            run_redrive: runs::RunRedrive => runs::RunSummary,
            run_import_history: runs::RunImportHistory => runs::RunSummary,
            run_list: runs::RunList => Page<runs::RunSummary>,
            run_get: runs::RunGet => runs::Run,

            debug_start: debug::DebugStart => debug::DebugState,
            debug_command: debug::DebugCommand => debug::DebugState,
            debug_state: debug::DebugGet => debug::DebugState,
            debug_evaluate: debug::DebugEvaluate => debug::DebugValue,
            debug_stop: debug::DebugStop => debug::DebugStopped,

            source_list: knowledge::SourceList => Vec<knowledge::Source>,
            source_create: knowledge::SourceCreate => knowledge::Source,
            source_rename: knowledge::SourceRename => knowledge::Source,
            source_delete: knowledge::SourceDelete => knowledge::SourceDeleted,
            ingest_paths: knowledge::IngestPaths => knowledge::IngestAccepted,
            ingest_upload: knowledge::IngestUpload => knowledge::IngestAccepted,
            ingest_control: knowledge::IngestControl => knowledge::IngestStatus,
            document_list: knowledge::DocumentList => Page<knowledge::Document>,
            document_get: knowledge::DocumentGet => knowledge::DocumentText,
            document_retry: knowledge::DocumentRetry => knowledge::Document,
            document_remove: knowledge::DocumentRemove => knowledge::Document,
            document_page: facsimile::DocumentPage => facsimile::PageFacsimile,
            document_retry_all: knowledge::DocumentRetryAll => knowledge::DocumentsRetried,
            ledger_summary: knowledge::LedgerSummary => knowledge::LedgerCounts,

            folder_list: folders::FolderList => Vec<folders::Folder>,
            folder_watch: folders::FolderWatch => folders::Folder,
            folder_sync: folders::FolderSync => folders::Folder,
            folder_forget: folders::FolderForget => folders::Folder,

            knowledge_search: knowledge::KnowledgeSearch => knowledge::KnowledgeFound,
            passage_neighbours: knowledge::PassageNeighbours => knowledge::PassagesAround,
            document_tag: knowledge::DocumentTag => Vec<String>,
            tag_list: knowledge::TagList => Vec<knowledge::TagCount>,

            collection_put: collection::CollectionPut => collection::CollectionStored,
            crawl_list: crawl::CrawlList => Vec<crawl::Crawl>,
            crawl_create: crawl::CrawlCreate => crawl::Crawl,
            crawl_get: crawl::CrawlGet => crawl::Crawl,
            crawl_start: crawl::CrawlStart => crawl::Crawl,
            crawl_pause: crawl::CrawlPause => crawl::Crawl,
            crawl_cancel: crawl::CrawlCancel => crawl::Crawl,
            crawl_delete: crawl::CrawlDelete => crawl::CrawlDeleted,
            crawl_pages: crawl::CrawlPages => Page<crawl::CrawlPage>,

            question_set_list: questions::QuestionSetList => Vec<questions::QuestionSet>,
            question_set_create: questions::QuestionSetCreate => questions::QuestionSet,
            question_set_rename: questions::QuestionSetRename => questions::QuestionSet,
            question_set_delete: questions::QuestionSetDelete => questions::QuestionSet,
            question_list: questions::QuestionList => Page<questions::Question>,
            question_add: questions::QuestionAdd => questions::Question,
            question_save: questions::QuestionSave => questions::Question,
            question_remove: questions::QuestionRemove => questions::Question,
            question_import: questions::QuestionImport => questions::QuestionsAdded,
            question_export: questions::QuestionExport => questions::QuestionFile,
            question_generate: questions::QuestionGenerate => questions::QuestionsAdded,
            evaluation_start: evaluation_runs::EvaluationStart => evaluation_runs::EvaluationRun,
            evaluation_stop: evaluation_runs::EvaluationStop => evaluation_runs::EvaluationRun,
            evaluation_list: evaluation_runs::EvaluationList => Vec<evaluation_runs::EvaluationRun>,
            evaluation_get: evaluation_runs::EvaluationGet => evaluation_runs::EvaluationDetail,
            evaluation_delete: evaluation_runs::EvaluationDelete => evaluation_runs::EvaluationRun,
            evaluation_compare: evaluation_runs::EvaluationCompare => evaluation_runs::EvaluationComparison,

            chat_session_list: chat::ChatSessionList => Vec<chat::ChatSession>,
            chat_session_create: chat::ChatSessionCreate => chat::ChatSession,
            chat_session_get: chat::ChatSessionGet => chat::ChatTranscript,
            chat_session_delete: chat::ChatSessionDelete => chat::ChatSession,
            chat_turn_rate: chat::ChatTurnRate => chat::ChatTurn,
            chat_turn_choose: chat::ChatTurnChoose => chat::ChatTurn,

            memory_get: memory::MemoryGet => memory::Remembered,
            memory_forget: memory::MemoryForget => memory::Receipt,
            fact_list: memory::FactList => Vec<memory::Fact>,
            fact_save: memory::FactSave => memory::Fact,
            fact_delete: memory::FactDelete => memory::Receipt,
            receipt_list: memory::ReceiptList => Vec<memory::Receipt>,
        }
    };
}

/// The stream table: like [`with_commands!`], but an answer is a sequence of items that ends by itself
/// or when the caller goes away.
#[macro_export]
macro_rules! with_streams {
    ($with:ident) => {
        $with! {
            run_watch: runs::RunWatch => runs::RunUpdate,
            ingest_watch: knowledge::IngestWatch => knowledge::IngestUpdate,
            crawl_watch: crawl::CrawlWatch => crawl::CrawlUpdate,
            crawl_preview: crawl::CrawlPreview => crawl::CrawlUpdate,
            chat_send: chat::ChatSend => chat::ChatUpdate,
            evaluation_measure: evaluation::EvaluationMeasure => evaluation::EvaluationUpdate,
            evaluation_watch: evaluation_runs::EvaluationWatch => evaluation_runs::EvaluationRun,
        }
    };
}
