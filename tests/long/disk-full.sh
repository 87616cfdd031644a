#!/usr/bin/env bash
# Fills the disk under a job (a small file system in memory; needs root) and shows that an input that does not fit is refused with nothing kept,
# that a job goes on once there is room again, and that it ends with the bytes of a run that nobody disturbs.
set -euo pipefail
cd "$(dirname "$0")/../.."
program="${CASECHECK_TEST_PROGRAM:-$PWD/target/release/casecheck}"
[ -x "$program" ] || { cargo build --release; program="$PWD/target/release/casecheck"; }
folder=$(mktemp -d)
mkdir "$folder/data"
mount -t tmpfs -o size=192m tmpfs "$folder/data"
finish() {
    [ -n "${service:-}" ] && kill "$service" 2>/dev/null && wait "$service" 2>/dev/null
    umount "$folder/data"
    rm -rf "$folder"
}
trap finish EXIT
cd "$folder"
"$program" demo --children 1500 --seed 3 --as-at 2026-11-20 --out county.ndjson
"$program" check county.ndjson --as-at 2026-11-20 --out undisturbed >/dev/null || true
"$program" serve --port 0 --operations 127.0.0.1:0 --data data >said 2>log &
service=$!
for _ in $(seq 100); do grep -q "The key of this run" said && break; sleep 0.1; done
base=$(sed -n 's/^Serving on \(http[^;]*\);.*/\1/p' said)
key=$(sed -n 's/^The key of this run: //p' said)
send() { curl -s -o answer -w '%{http_code}' -H "Authorization: Bearer $key" -F as_at=2026-11-20 -F file=@county.ndjson "$base/v1/jobs"; }
state() { curl -s -H "Authorization: Bearer $key" "$base/v1/jobs/$job" | sed -n 's/.*"state":"\([a-z]*\)".*/\1/p'; }
fill() { dd if=/dev/zero of=data/filler bs=64k 2>/dev/null || true; }

fill
code=$(send)
[ "$code" = 507 ] || { echo "an input that does not fit was answered with $code" >&2; cat answer >&2; exit 1; }
[ -z "$(ls data/incoming)" ] || { echo "something of it was kept" >&2; exit 1; }
rm data/filler
echo "an input that does not fit is refused with 507, and nothing of it is kept"

code=$(send)
[ "$code" = 202 ] || { echo "an input that fits was answered with $code" >&2; cat answer >&2; exit 1; }
job=$(sed -n 's/.*"job_id":"\([^"]*\)".*/\1/p' answer)
fill
sleep 3
now=$(state)
[ "$now" = running ] || [ "$now" = waiting ] || { echo "with a full disk the job is $now: it shows little" >&2; exit 1; }
rm data/filler
for _ in $(seq 300); do [ "$(state)" = done ] && break; sleep 0.2; done
[ "$(state)" = done ] || { echo "the job did not go on: $(state)" >&2; tail -5 log >&2; exit 1; }
curl -s -H "Authorization: Bearer $key" "$base/v1/jobs/$job/report.ndjson" >after
cmp after undisturbed/results.ndjson
echo "a job goes on once there is room again, and its answers are those of a run that nobody disturbs"
