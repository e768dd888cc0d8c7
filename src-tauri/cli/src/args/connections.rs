//! Connections to APIs, and secrets.

use clap::{Args, Subcommand};
use std::path::PathBuf;

/// What to do with connections.
#[derive(Debug, Subcommand)]
pub(crate) enum ConnectionCommand {
    /// List them
    List,
    /// Show one: its operations, and whether its secret is there
    Show {
        /// Its id or name
        connection: String,
    },
    /// Make one from an OpenAPI 3 document, JSON or YAML
    Import {
        /// The document; `-` is standard input
        file: PathBuf,
        /// The connection's name [default: the document's title]
        #[arg(long)]
        name: Option<String>,
        /// Where the API is [default: the document's first server]
        #[arg(long, value_name = "URL")]
        base_url: Option<String>,
        /// Replace the operations of this connection instead
        #[arg(long, value_name = "CONNECTION")]
        into: Option<String>,
    },
    /// Send a call and tell all about it, with secrets as dots; exit code 1 if it fails or the status is 400 or more
    Test(CallArguments),
    /// Delete one and its secrets
    Delete {
        /// Its id or name
        connection: String,
    },
}

/// A call to send.
#[derive(Debug, Args)]
pub(crate) struct CallArguments {
    /// The connection's id or name
    pub(crate) connection: String,
    /// The operation
    pub(crate) operation: Option<String>,
    /// A parameter of the operation; may be repeated
    #[arg(long, short, value_name = "NAME=VALUE")]
    pub(crate) parameter: Vec<String>,
    /// A further field of the query; may be repeated
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) query: Vec<String>,
    /// A header; may be repeated. Secrets belong to `awm secrets`
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) header: Vec<String>,
    /// The method, in place of the operation's
    #[arg(long)]
    pub(crate) method: Option<String>,
    /// The path below the base address, in place of the operation's
    #[arg(long)]
    pub(crate) path: Option<String>,
    /// The body: JSON, `@FILE`, or `-`
    #[arg(long, value_name = "JSON")]
    pub(crate) body: Option<String>,
}

/// What to do with secrets.
#[derive(Debug, Subcommand)]
pub(crate) enum SecretCommand {
    /// Keep a value: it is typed unseen, or comes from standard input, and never as an argument
    Set {
        /// The secret's name, such as connections/ID/key
        #[arg(required_unless_present = "connection")]
        name: Option<String>,
        /// The connection whose secret it is, by its id or name
        #[arg(long, conflicts_with = "name")]
        connection: Option<String>,
    },
    /// List their names, and say what keeps them
    List,
    /// Forget one
    Delete {
        /// The secret's name
        name: String,
    },
}
