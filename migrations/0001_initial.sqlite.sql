-- The first schema. Every table has its organization from the start; every index says which query needs it.
-- Times are microseconds since 1970-01-01 UTC; JSON documents are TEXT.

CREATE TABLE organization (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    created_us INTEGER NOT NULL
) STRICT;

-- Grows with every change of what operators set up, so that other processes notice.
CREATE TABLE setup_version (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    version INTEGER NOT NULL
) STRICT;
INSERT INTO setup_version (id, version) VALUES (1, 1);

-- What a transaction leaves behind where the answer to its COMMIT can get lost, for about a day (src/store/attempt.c). Ids
-- are UUIDs of version 7: new ones go to the end.
CREATE TABLE write_receipt (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    created_us INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE token (
    id INTEGER PRIMARY KEY,
    organization_id INTEGER NOT NULL REFERENCES organization (id),
    name TEXT NOT NULL,
    key_hash BLOB NOT NULL UNIQUE CHECK (length(key_hash) = 32),
    key_hint TEXT NOT NULL,
    scope TEXT NOT NULL CHECK (scope IN ('read', 'ingest', 'full', 'admin')),
    created_us INTEGER NOT NULL,
    revoked_us INTEGER
) STRICT;
-- The tokens of an organization.
CREATE INDEX token_organization ON token (organization_id, id);

CREATE TABLE lead_type (
    id INTEGER PRIMARY KEY,
    organization_id INTEGER NOT NULL REFERENCES organization (id),
    name TEXT NOT NULL,
    metadata_fields TEXT NOT NULL DEFAULT '[]',
    -- NULL: not said. -1: a duplicate never reengages.
    min_reengagement_days INTEGER,
    -- When its leads are called: JSON. NULL: they are not.
    calling TEXT,
    created_us INTEGER NOT NULL,
    modified_us INTEGER NOT NULL
) STRICT;

CREATE TABLE representative (
    id INTEGER PRIMARY KEY,
    organization_id INTEGER NOT NULL REFERENCES organization (id),
    name TEXT NOT NULL,
    created_us INTEGER NOT NULL
) STRICT;

CREATE TABLE ingestion_config (
    id INTEGER PRIMARY KEY,
    organization_id INTEGER NOT NULL REFERENCES organization (id),
    uuid TEXT NOT NULL UNIQUE,
    version INTEGER NOT NULL,
    document TEXT NOT NULL,
    created_us INTEGER NOT NULL,
    modified_us INTEGER NOT NULL
) STRICT;

-- Every version a config ever had: a submission names the one that judged it.
CREATE TABLE ingestion_config_version (
    ingestion_config_id INTEGER NOT NULL REFERENCES ingestion_config (id),
    version INTEGER NOT NULL,
    document TEXT NOT NULL,
    created_us INTEGER NOT NULL,
    PRIMARY KEY (ingestion_config_id, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE lead (
    id INTEGER PRIMARY KEY,
    organization_id INTEGER NOT NULL REFERENCES organization (id),
    created_us INTEGER NOT NULL,
    modified_us INTEGER NOT NULL,
    received_us INTEGER NOT NULL,
    phone_number TEXT,
    email TEXT,
    email_key TEXT NOT NULL DEFAULT '',
    status TEXT NOT NULL DEFAULT 'NEW',
    status_sub_type TEXT,
    status_reason TEXT,
    lead_type_id INTEGER REFERENCES lead_type (id),
    representative_id INTEGER REFERENCES representative (id),
    next_call_us INTEGER,
    next_call_reason TEXT,
    external_id TEXT,
    us_state TEXT,
    lead_source TEXT,
    reengagements_count INTEGER NOT NULL DEFAULT 0,
    last_reengagement_us INTEGER,
    call_schedule_start_us INTEGER,
    -- Calls since the schedule began, that is since the lead came in or was last reengaged.
    call_attempts INTEGER NOT NULL DEFAULT 0,
    last_call_us INTEGER,
    -- Until then a dialer has it, and nobody else is given it. 0: nobody has.
    call_lease_until_us INTEGER NOT NULL DEFAULT 0,
    sms_dnc INTEGER NOT NULL DEFAULT 0,
    call_dnc INTEGER NOT NULL DEFAULT 0,
    ingestion_config_id INTEGER REFERENCES ingestion_config (id),
    deleted_us INTEGER,
    metadata TEXT
) STRICT;
-- One person, one lead: what makes an incoming lead a duplicate. Also finds leads by phone number.
CREATE UNIQUE INDEX lead_phone_email ON lead (organization_id, phone_number, email_key)
    WHERE phone_number IS NOT NULL AND deleted_us IS NULL;
-- The same for leads without a phone number.
CREATE UNIQUE INDEX lead_email_alone ON lead (organization_id, email_key)
    WHERE phone_number IS NULL AND email_key <> '' AND deleted_us IS NULL;
-- What arrives in no order would dirty a page of its own, anywhere in the file, for each lead and index; and those pages are
-- what an insert costs. So the next two are kept by generations of 65,536 leads: a new lead only touches the newest one's
-- few pages, and a search looks into each generation (77 of them at 5 million leads).
-- Lists filtered by e-mail.
CREATE INDEX lead_email ON lead (id >> 16, organization_id, email_key) WHERE email_key <> '' AND deleted_us IS NULL;
-- Lists filtered by external id.
CREATE INDEX lead_external_id ON lead (id >> 16, organization_id, external_id)
    WHERE external_id IS NOT NULL AND deleted_us IS NULL;
-- Lists filtered by representative, newest first.
CREATE INDEX lead_representative ON lead (organization_id, representative_id, created_us, id)
    WHERE representative_id IS NOT NULL AND deleted_us IS NULL;
-- Lists without a filter, newest first.
CREATE INDEX lead_created ON lead (organization_id, created_us, id) WHERE deleted_us IS NULL;

-- Leads whose next call has come, oldest first. The lease is there so that leads that are out are passed by in the index.
CREATE INDEX lead_due ON lead (organization_id, next_call_us, id, call_lease_until_us)
    WHERE next_call_us IS NOT NULL AND deleted_us IS NULL;

-- Calls that were made, and leases: calls that a dialer was given to make. A lease has no outcome until it is reported.
CREATE TABLE call (
    id INTEGER PRIMARY KEY,
    organization_id INTEGER NOT NULL REFERENCES organization (id),
    lead_id INTEGER NOT NULL REFERENCES lead (id),
    -- As it was then. NULL: the lead had none.
    phone_number TEXT,
    -- When the call was made; of a lease, when it was given out.
    at_us INTEGER NOT NULL,
    outcome TEXT CHECK (outcome IN ('no_answer', 'answered', 'voicemail', 'failed', 'dnc', 'bad_number', 'transferred')),
    lease_id TEXT,
    lease_until_us INTEGER,
    created_us INTEGER NOT NULL,
    CHECK (outcome IS NOT NULL OR lease_id IS NOT NULL),
    CHECK ((lease_id IS NULL) = (lease_until_us IS NULL))
) STRICT;
-- The lease that a report names.
CREATE UNIQUE INDEX call_lease ON call (organization_id, lease_id) WHERE lease_id IS NOT NULL;
-- How often a number was called in the last 24 hours.
CREATE INDEX call_number ON call (organization_id, phone_number, at_us) WHERE phone_number IS NOT NULL;
-- The calls of a lead, newest first.
CREATE INDEX call_lead ON call (organization_id, lead_id, at_us, id) WHERE outcome IS NOT NULL;

-- How many leads an organization has: counting millions of rows would take too long. The sum over its shards counts.
CREATE TABLE lead_count (
    organization_id INTEGER NOT NULL REFERENCES organization (id),
    shard INTEGER NOT NULL,
    leads INTEGER NOT NULL,
    PRIMARY KEY (organization_id, shard)
) STRICT, WITHOUT ROWID;

-- What a phone number's owner asked for: it holds for every lead of the organization with that number, the next one too.
CREATE TABLE do_not_contact (
    organization_id INTEGER NOT NULL REFERENCES organization (id),
    phone_number TEXT NOT NULL,
    call_dnc INTEGER NOT NULL,
    sms_dnc INTEGER NOT NULL,
    modified_us INTEGER NOT NULL,
    PRIMARY KEY (organization_id, phone_number)
) STRICT, WITHOUT ROWID;

CREATE TABLE submission (
    id INTEGER PRIMARY KEY,
    organization_id INTEGER NOT NULL REFERENCES organization (id),
    ingestion_config_id INTEGER REFERENCES ingestion_config (id),
    config_version INTEGER,
    endpoint TEXT NOT NULL,
    received_us INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    lead_id INTEGER,
    content_type TEXT,
    remote_address TEXT,
    request_id TEXT,
    message TEXT,
    body BLOB NOT NULL
) STRICT;
-- The newest submissions of an organization.
CREATE INDEX submission_organization ON submission (organization_id, id);
-- The newest submissions of a config.
CREATE INDEX submission_config ON submission (ingestion_config_id, id) WHERE ingestion_config_id IS NOT NULL;

INSERT INTO organization (id, name, created_us) VALUES (1, 'Default', CAST(strftime('%s', 'now') AS INTEGER) * 1000000);
