-- Accepted exceptions that were made through the interface. What they say of a child is sealed.
create table waivers (
    waiver_id text primary key not null,
    sealed blob not null,
    made_by text not null,
    made_us bigint not null
);
