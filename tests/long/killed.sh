#!/usr/bin/env bash
# Kills the service 200 times (kill -9) while it works on a job of 100,000 records, on SQLite and on PostgreSQL, and holds every answer and
# finding against a run that nobody disturbs; then shows that a store which writes in two steps would be found out. Takes some twenty minutes.
# CASECHECK_TEST_KILLS and CASECHECK_TEST_CHILDREN change how often and over how much.
set -euo pipefail
cd "$(dirname "$0")/../.."
.ci/postgresql
cargo build --release --features faults
export CASECHECK_TEST_PROGRAM="$PWD/target/release/casecheck"
export CASECHECK_TEST_KILLS="${CASECHECK_TEST_KILLS:-200}" CASECHECK_TEST_CHILDREN="${CASECHECK_TEST_CHILDREN:-100000}"
# CASECHECK_TEST_ONLY_POSTGRES=1 leaves SQLite out.
export CASECHECK_TEST_CHUNK_KIB="${CASECHECK_TEST_CHUNK_KIB:-192}"
cargo nextest run --no-capture --no-fail-fast jobs::killed
# The program that is left behind must be one without ways to break what must hold.
cargo build --release
