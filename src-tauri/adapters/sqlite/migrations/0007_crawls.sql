-- Crawls and their frontiers: one row per address, which survives from sync to sync. Every key begins with the tenant.

CREATE TABLE crawls (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    round INTEGER NOT NULL,
    crawl TEXT NOT NULL,
    PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;

-- `number` tells the order of finding. The columns are what is searched by; `row` holds the rest.
CREATE TABLE crawl_pages (
    number INTEGER PRIMARY KEY,
    tenant TEXT NOT NULL,
    crawl_id TEXT NOT NULL,
    url TEXT NOT NULL,
    round INTEGER NOT NULL,
    depth INTEGER NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    status INTEGER,
    text_hash TEXT,
    document_id TEXT,
    row TEXT NOT NULL,
    UNIQUE (tenant, crawl_id, url),
    FOREIGN KEY (tenant, crawl_id) REFERENCES crawls (tenant, id) ON DELETE CASCADE
) STRICT;

CREATE INDEX crawl_pages_by_state ON crawl_pages (tenant, crawl_id, round, state, depth, number);
CREATE INDEX crawl_pages_by_text ON crawl_pages (tenant, crawl_id, text_hash) WHERE text_hash IS NOT NULL;
