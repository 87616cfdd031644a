-- What rules across records keep: the marks of a judged chunk, sealed, until its job is done; and, in rows that stand behind the chunks of
-- records, the findings across records, sealed, one a line. Such a row has no answers and no outcomes.
alter table chunks add column marks blob;
alter table chunks add column across blob;
