-- Jobs and what came of them, for SQLite and PostgreSQL alike (there `blob` is read as `bytea`). Times are microseconds since 1970 in
-- UTC, flags are 0 or 1, lists and objects are JSON text.

-- The files of a catalog by the digest of what a job is judged by, so that a job ends by the rules it began with.
create table packs (
    basis text primary key not null,
    files blob not null
);

create table jobs (
    job_no bigint primary key not null,
    job_id text not null unique,
    owner text not null,
    created_us bigint not null,
    changed_us bigint not null,
    state text not null,
    detail text,
    ask text not null,
    basis text not null,
    idempotency_key text,
    request_hash text not null,
    input_bytes bigint not null,
    records bigint,
    prepared text,
    summary text,
    epoch bigint not null default 0,
    attempts bigint not null default 0,
    lease_until_us bigint not null default 0
);
create unique index jobs_by_idempotency_key on jobs (owner, idempotency_key);
create index jobs_by_state on jobs (state, job_no);

-- A chunk is some records of the spool that are judged together. Its results are here once it is done.
create table chunks (
    job_no bigint not null references jobs (job_no) on delete cascade,
    first_record bigint not null,
    records bigint not null,
    spool_from bigint not null,
    skip bigint not null,
    state text not null,
    epoch bigint not null default 0,
    attempts bigint not null default 0,
    lease_until_us bigint not null default 0,
    lines blob,
    outcomes blob,
    counts blob,
    primary key (job_no, first_record)
);
create index chunks_by_state on chunks (state, job_no, first_record);

-- `child` is a pseudonym; the id itself is in `record_ids`, sealed.
create table records (
    job_no bigint not null references jobs (job_no) on delete cascade,
    record_no bigint not null,
    child text,
    locality text,
    team text,
    worker text,
    verdict text not null,
    findings bigint not null,
    primary key (job_no, record_no)
);

create table record_ids (
    job_no bigint not null references jobs (job_no) on delete cascade,
    record_no bigint not null,
    sealed blob not null,
    primary key (job_no, record_no)
);

create table findings (
    job_no bigint not null references jobs (job_no) on delete cascade,
    record_no bigint not null,
    finding_no bigint not null,
    rule text not null,
    standard text not null,
    outcome text not null,
    severity text not null,
    locality text,
    team text,
    worker text,
    due_on text,
    change text,
    primary key (job_no, record_no, finding_no)
);

-- Callbacks that are still to be made, were made, or were given up.
create table deliveries (
    delivery_id text primary key not null,
    job_no bigint not null,
    owner text not null,
    url text not null,
    body text not null,
    state text not null,
    attempts bigint not null default 0,
    next_us bigint not null,
    problem text,
    created_us bigint not null
);
create index deliveries_by_state on deliveries (state, next_us);
