#!/usr/bin/env bash
# Counts the instructions of judging one record of about 12 KB, and of parsing it into a serde_json::Value, with valgrind: a busy machine
# does not change them. Valgrind's processor has no SHA instructions, so the digest is left out of the count of casecheck.
set -euo pipefail
cd "$(dirname "$0")/../.."
command -v valgrind >/dev/null || { echo "install valgrind first" >&2; exit 2; }
# Only this program keeps its symbols, so that nothing else is built again.
cargo rustc --profile bench --bench instructions -- -C strip=none
program=$(find target/release/deps -maxdepth 1 -name 'instructions-*' -type f -perm -u+x -printf '%T@ %p\n' | sort -n | tail -1 | cut -d' ' -f2)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
count() {
    valgrind --tool=callgrind --toggle-collect="*$1*" --callgrind-out-file="$folder/$1" "$program" 2>/dev/null >"$folder/said"
    callgrind_annotate --inclusive=no "$folder/$1" >"$folder/$1.txt"
    local all sha records
    all=$(sed -n 's/^ *\([0-9,]*\) (100.0%)  PROGRAM TOTALS/\1/p' "$folder/$1.txt" | tr -d ,)
    sha=$(awk '/sha256::soft/ { gsub(",", "", $1); sum += $1 } END { print sum + 0 }' "$folder/$1.txt")
    records=$(sed -n 's/^\([0-9]*\) records.*/\1/p' "$folder/said")
    echo "$2: $(((all - sha) / records)) instructions a record"
}
count measured "casecheck, without the digest"
count beside "serde_json::Value"
