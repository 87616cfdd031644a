#!/usr/bin/env bash
# Builds with the feature `parquet` and shows that a table of the star is read again as it was written, and that the star has its tables twice.
set -euo pipefail
cd "$(dirname "$0")/../.."
cargo test --lib --features parquet parquet
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cargo run --features parquet -- check examples/records --as-at 2026-11-22 --out "$folder/out" --report star --pseudonym-key "$folder/key" >/dev/null || true
for table in fact_finding fact_check_count dim_rule dim_child dim_team dim_date dim_run; do
    [ -s "$folder/out/star/$table.csv" ] && [ -s "$folder/out/star/$table.parquet" ] || { echo "$table is not there twice" >&2; exit 1; }
done
echo "seven tables, each as CSV and as Parquet"
