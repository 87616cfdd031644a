#!/usr/bin/env bash
# Passes every test of a fresh clone.
set -euo pipefail
cd "$(dirname "$0")"
if command -v cargo-nextest >/dev/null; then
    exec cargo nextest run "$@"
fi
exec cargo test
