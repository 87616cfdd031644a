-- Where the next chunk to be judged is looked up: those that are done are not in it, however many they are.
create index chunks_to_do on chunks (job_no, first_record) where state <> 'done';
drop index chunks_by_state;
