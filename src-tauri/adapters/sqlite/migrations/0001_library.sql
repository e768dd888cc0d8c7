-- Sources, documents, their text, passages, keywords and vectors. Every key begins with the tenant.

CREATE TABLE sources (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, name)
) STRICT, WITHOUT ROWID;

-- One row per file: the ledger. `batch` counts the fillings of an empty queue, for the progress line.
CREATE TABLE documents (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    source_id TEXT NOT NULL,
    name TEXT NOT NULL,
    path TEXT NOT NULL,
    media_type TEXT NOT NULL DEFAULT '',
    bytes INTEGER NOT NULL,
    hash TEXT NOT NULL,
    state TEXT NOT NULL,
    passages INTEGER NOT NULL DEFAULT 0,
    embedded INTEGER NOT NULL DEFAULT 0,
    pages INTEGER,
    failure TEXT,
    modified_at INTEGER,
    queued_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    batch INTEGER NOT NULL,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, source_id, name),
    FOREIGN KEY (tenant, source_id) REFERENCES sources (tenant, id) ON DELETE CASCADE
) STRICT;

CREATE INDEX documents_by_state ON documents (tenant, state, queued_at, id);
CREATE INDEX documents_by_batch ON documents (tenant, batch, state);

CREATE TABLE texts (
    tenant TEXT NOT NULL,
    document_id TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (tenant, document_id),
    FOREIGN KEY (tenant, document_id) REFERENCES documents (tenant, id) ON DELETE CASCADE
) STRICT;

-- `number` is what the keyword tables and the vectors call a passage; it is never used again.
CREATE TABLE passages (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    document_id TEXT NOT NULL,
    ordinal INTEGER NOT NULL,
    headings TEXT NOT NULL,
    page INTEGER,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    text TEXT NOT NULL,
    language TEXT NOT NULL,
    UNIQUE (tenant, id),
    FOREIGN KEY (tenant, document_id) REFERENCES documents (tenant, id) ON DELETE CASCADE
) STRICT;

CREATE INDEX passages_by_document ON passages (tenant, document_id, ordinal);

-- Keywords by language class; the text itself stays in `passages`.
CREATE VIRTUAL TABLE words_en USING fts5 (
    headings, text, content = '', contentless_delete = 1,
    tokenize = 'porter unicode61 remove_diacritics 2'
);
CREATE VIRTUAL TABLE words_other USING fts5 (
    headings, text, content = '', contentless_delete = 1,
    tokenize = 'unicode61 remove_diacritics 2'
);
CREATE VIRTUAL TABLE words_cjk USING fts5 (
    headings, text, content = '', contentless_delete = 1,
    tokenize = 'trigram'
);

-- One model makes the vectors at a time; when another takes over, documents are embedded anew.
CREATE TABLE models (
    number INTEGER PRIMARY KEY,
    current INTEGER NOT NULL,
    name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    dimensions INTEGER NOT NULL,
    UNIQUE (name, sha256)
) STRICT;

-- A vector as signed bytes times `scale`: exact enough to rank by.
CREATE TABLE vectors (
    passage INTEGER PRIMARY KEY REFERENCES passages (number) ON DELETE CASCADE,
    model INTEGER NOT NULL REFERENCES models (number),
    scale REAL NOT NULL,
    bytes BLOB NOT NULL
) STRICT;

-- The signs of a vector, one bit each: small enough to keep all of them in memory for the first scan.
CREATE TABLE codes (
    passage INTEGER PRIMARY KEY REFERENCES passages (number) ON DELETE CASCADE,
    model INTEGER NOT NULL REFERENCES models (number),
    bits BLOB NOT NULL
) STRICT;
