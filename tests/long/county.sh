#!/usr/bin/env bash
# A county of 5,000 shows every rule of the catalogue broken at least once and met at least once. COUNTY_CHILDREN asks for another size.
set -euo pipefail
cd "$(dirname "$0")/../.."
COUNTY_CHILDREN="${COUNTY_CHILDREN:-5000}" cargo nextest run every_rule_finds_something_in_the_county_and_is_met_in_it
