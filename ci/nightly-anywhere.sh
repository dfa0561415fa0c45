#!/usr/bin/env bash
# A nightly for any scheduler: runs a plan, confirms what it suspects, keeps a history, and leaves the report in `report`.
#   ci/nightly-anywhere.sh plans/service.toml
set -euo pipefail
plan=${1:?which plan?}
name=$(basename "$plan" .toml)
code=0
perfgate run "$plan" --out results --history "history/$name.jsonl" --confirm || code=$?
[ -e "results/$name/latest" ] && perfgate report "results/$name/latest" --out report
exit "$code"
