-- The ledger of every file: its bytes' hash, its text's hash, when each step was done, what refers to what.
--
-- `hash` is of the bytes as they were last read, `content_hash` of the bytes that the stored text came from.

ALTER TABLE documents ADD COLUMN folded TEXT NOT NULL DEFAULT '';
ALTER TABLE documents ADD COLUMN kind TEXT NOT NULL DEFAULT '';
ALTER TABLE documents ADD COLUMN content_hash TEXT NOT NULL DEFAULT '';
ALTER TABLE documents ADD COLUMN text_hash TEXT NOT NULL DEFAULT '';
ALTER TABLE documents ADD COLUMN note TEXT;
ALTER TABLE documents ADD COLUMN duplicate_of TEXT;
ALTER TABLE documents ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0;
ALTER TABLE documents ADD COLUMN visits INTEGER NOT NULL DEFAULT 0;
ALTER TABLE documents ADD COLUMN hashed_at INTEGER;
ALTER TABLE documents ADD COLUMN extracted_at INTEGER;
ALTER TABLE documents ADD COLUMN indexed_at INTEGER;
ALTER TABLE documents ADD COLUMN rank INTEGER GENERATED ALWAYS AS (
    CASE state WHEN 'queued' THEN 0 WHEN 'extracting' THEN 1 WHEN 'embedding' THEN 2 WHEN 'indexed' THEN 3
    WHEN 'no_text' THEN 4 WHEN 'duplicate' THEN 5 ELSE 6 END
) VIRTUAL;

UPDATE documents SET
    folded = lower(name),
    content_hash = iif(state IN ('embedding', 'indexed', 'no_text'), hash, ''),
    kind = iif(
        instr(name, '.') > 0
        AND length(replace(name, rtrim(name, replace(name, '.', '')), '')) BETWEEN 1 AND 8
        AND instr(replace(name, rtrim(name, replace(name, '.', '')), ''), '/') = 0,
        lower(replace(name, rtrim(name, replace(name, '.', '')), '')),
        ''
    );

CREATE INDEX documents_by_path ON documents (tenant, source_id, path);
CREATE INDEX documents_by_hash ON documents (tenant, hash) WHERE hash <> '';
CREATE INDEX documents_by_content ON documents (tenant, content_hash) WHERE content_hash <> '';
CREATE INDEX documents_by_original ON documents (tenant, duplicate_of) WHERE duplicate_of IS NOT NULL;
CREATE INDEX documents_to_embed ON documents (tenant, visits DESC, queued_at DESC, id DESC) WHERE state = 'embedding';

-- One for each order of the list. They hold what is filtered by, so that a page is found without touching the rows before it.
CREATE INDEX list_by_name ON documents (tenant, folded, id, source_id, state, kind);
CREATE INDEX list_by_state ON documents (tenant, rank, id, source_id, state, kind, folded);
CREATE INDEX list_by_passages ON documents (tenant, passages, id, source_id, state, kind, folded);
CREATE INDEX list_by_bytes ON documents (tenant, bytes, id, source_id, state, kind, folded);
CREATE INDEX list_by_change ON documents (tenant, changed_at, id, source_id, state, kind, folded);

-- Sums over the documents, kept by the triggers below: the progress line is asked for several times a second.
CREATE TABLE tallies (
    tenant TEXT NOT NULL,
    source_id TEXT NOT NULL,
    batch INTEGER NOT NULL,
    state TEXT NOT NULL,
    documents INTEGER NOT NULL,
    passages INTEGER NOT NULL,
    embedded INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    PRIMARY KEY (tenant, batch, state, source_id)
) STRICT, WITHOUT ROWID;

INSERT INTO tallies
SELECT tenant, source_id, batch, state, count(*), sum(passages), sum(embedded), sum(bytes)
FROM documents GROUP BY tenant, source_id, batch, state;

CREATE TRIGGER documents_counted AFTER INSERT ON documents BEGIN
    INSERT INTO tallies VALUES (NEW.tenant, NEW.source_id, NEW.batch, NEW.state, 1, NEW.passages, NEW.embedded, NEW.bytes)
    ON CONFLICT (tenant, batch, state, source_id) DO UPDATE SET
        documents = documents + 1, passages = passages + excluded.passages,
        embedded = embedded + excluded.embedded, bytes = bytes + excluded.bytes;
    UPDATE sources SET changed_at = max(changed_at, NEW.changed_at) WHERE tenant = NEW.tenant AND id = NEW.source_id;
END;

CREATE TRIGGER documents_uncounted AFTER DELETE ON documents BEGIN
    UPDATE tallies SET
        documents = documents - 1, passages = passages - OLD.passages,
        embedded = embedded - OLD.embedded, bytes = bytes - OLD.bytes
    WHERE tenant = OLD.tenant AND batch = OLD.batch AND state = OLD.state AND source_id = OLD.source_id;
    DELETE FROM tallies
    WHERE tenant = OLD.tenant AND batch = OLD.batch AND state = OLD.state AND source_id = OLD.source_id AND documents = 0;
END;

CREATE TRIGGER documents_recounted AFTER UPDATE OF source_id, batch, state, passages, embedded, bytes, changed_at ON documents BEGIN
    UPDATE tallies SET
        documents = documents - 1, passages = passages - OLD.passages,
        embedded = embedded - OLD.embedded, bytes = bytes - OLD.bytes
    WHERE tenant = OLD.tenant AND batch = OLD.batch AND state = OLD.state AND source_id = OLD.source_id;
    INSERT INTO tallies VALUES (NEW.tenant, NEW.source_id, NEW.batch, NEW.state, 1, NEW.passages, NEW.embedded, NEW.bytes)
    ON CONFLICT (tenant, batch, state, source_id) DO UPDATE SET
        documents = documents + 1, passages = passages + excluded.passages,
        embedded = embedded + excluded.embedded, bytes = bytes + excluded.bytes;
    DELETE FROM tallies
    WHERE tenant = OLD.tenant AND batch = OLD.batch AND state = OLD.state AND source_id = OLD.source_id AND documents = 0;
    UPDATE sources SET changed_at = max(changed_at, NEW.changed_at) WHERE tenant = NEW.tenant AND id = NEW.source_id;
END;

-- Folders that sources are filled from. `listing` is set until a comparison with the ledger came to its end.
CREATE TABLE folders (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    source_id TEXT NOT NULL,
    path TEXT NOT NULL,
    watch INTEGER NOT NULL,
    listing INTEGER NOT NULL,
    synced_at INTEGER,
    last TEXT NOT NULL DEFAULT '{"added":0,"changed":0,"moved":0,"removed":0,"unchanged":0}',
    trouble TEXT,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, source_id, path),
    FOREIGN KEY (tenant, source_id) REFERENCES sources (tenant, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
