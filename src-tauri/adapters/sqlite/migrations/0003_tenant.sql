-- The local tenant's id was one character too long: all ids have 26, so that none is the beginning of another.

PRAGMA defer_foreign_keys = ON;

UPDATE sources SET tenant = substr(tenant, 1, 26) WHERE length(tenant) = 27;
UPDATE documents SET tenant = substr(tenant, 1, 26) WHERE length(tenant) = 27;
UPDATE texts SET tenant = substr(tenant, 1, 26) WHERE length(tenant) = 27;
UPDATE passages SET tenant = substr(tenant, 1, 26) WHERE length(tenant) = 27;
UPDATE workflows SET tenant = substr(tenant, 1, 26) WHERE length(tenant) = 27;
UPDATE workflow_revisions SET tenant = substr(tenant, 1, 26) WHERE length(tenant) = 27;
UPDATE runs SET tenant = substr(tenant, 1, 26) WHERE length(tenant) = 27;
UPDATE run_events SET tenant = substr(tenant, 1, 26) WHERE length(tenant) = 27;
UPDATE chat_sessions SET tenant = substr(tenant, 1, 26) WHERE length(tenant) = 27;
UPDATE chat_turns SET tenant = substr(tenant, 1, 26) WHERE length(tenant) = 27;
UPDATE settings SET tenant = substr(tenant, 1, 26) WHERE length(tenant) = 27;
UPDATE memory_turns SET tenant = substr(tenant, 1, 26) WHERE length(tenant) = 27;
