-- Keyword tables hold the terms that `awm_knowledge::index_terms` makes, joined by blanks, so that every script is cut in one
-- place: FTS5 parts them at the blanks only. They are filled anew from `passages` after this.
DROP TABLE words_en;
DROP TABLE words_other;
DROP TABLE words_cjk;
CREATE VIRTUAL TABLE words_en USING fts5 (
    headings, text, content = '', contentless_delete = 1, tokenize = "ascii tokenchars '~='"
);
CREATE VIRTUAL TABLE words_other USING fts5 (
    headings, text, content = '', contentless_delete = 1, tokenize = "ascii tokenchars '~='"
);
CREATE VIRTUAL TABLE words_cjk USING fts5 (
    headings, text, content = '', contentless_delete = 1, tokenize = "ascii tokenchars '~='"
);
-- In how many passages a term stands.
CREATE VIRTUAL TABLE terms_en USING fts5vocab (words_en, row);
CREATE VIRTUAL TABLE terms_other USING fts5vocab (words_other, row);
CREATE VIRTUAL TABLE terms_cjk USING fts5vocab (words_cjk, row);

-- The signs of 4,096 vectors in a row: those of passage `n` lie in segment `n / 4096` at place `n % 4096`, `width` bytes each.
-- `present` and `english` have a bit for each place. Filled from `codes` after this, which then goes.
CREATE TABLE code_segments (
    id INTEGER PRIMARY KEY,
    tenant TEXT NOT NULL,
    model INTEGER NOT NULL REFERENCES models (number),
    segment INTEGER NOT NULL,
    width INTEGER NOT NULL,
    present BLOB NOT NULL,
    english BLOB NOT NULL,
    bits BLOB NOT NULL,
    UNIQUE (tenant, model, segment)
) STRICT;

-- The passages of a document are numbered without a gap: a filter of documents becomes ranges of numbers.
ALTER TABLE documents ADD COLUMN first_passage INTEGER;
ALTER TABLE documents ADD COLUMN last_passage INTEGER;
UPDATE documents SET
    first_passage = (SELECT min(number) FROM passages p WHERE p.tenant = documents.tenant AND p.document_id = documents.id),
    last_passage = (SELECT max(number) FROM passages p WHERE p.tenant = documents.tenant AND p.document_id = documents.id);

CREATE TABLE document_tags (
    tenant TEXT NOT NULL,
    document_id TEXT NOT NULL,
    tag TEXT NOT NULL,
    PRIMARY KEY (tenant, document_id, tag),
    FOREIGN KEY (tenant, document_id) REFERENCES documents (tenant, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX document_tags_by_tag ON document_tags (tenant, tag, document_id);
