-- What falls due: every outcome whose clock ran when its record was judged, with its last day. Days are counted from 1970-01-01. The key is
-- the order in which it is read, so that one tree of it is enough.
create table due (
    job_no bigint not null references jobs (job_no) on delete cascade,
    due_on bigint not null,
    record_no bigint not null,
    due_no bigint not null,
    rule text not null,
    standard text not null,
    severity text not null,
    locality text,
    team text,
    worker text,
    subject text not null,
    started_on bigint,
    approximate bigint not null,
    primary key (job_no, due_on, record_no, due_no)
);

-- 1 where what falls due of a chunk is kept; nothing where it was judged before that was so.
alter table chunks add column due_kept bigint;
