#!/usr/bin/env bash
# Gates perfgate on its embedded target: what has not changed must pass, and what became 1.3 times as slow must fail.
#   ci/nightly.sh [PROGRAM [FOLDER]]      target/release/perfgate, results/nightly
# Takes about four minutes. The baseline is recorded first, in the same hour on the same machine.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
program=$(realpath "${1:-$here/../target/release/perfgate}")
folder=${2:-results/nightly}
rm -rf "$folder"
mkdir -p "$folder"
cd "$folder"
plan=$here/nightly.toml
baseline=$PWD/nightly-baseline.json

# One night. A machine that was too busy for evidence (4) gets another two chances.
night() {
    local code=4 tries=3
    while [ "$code" = 4 ] && [ "$tries" -gt 0 ]; do
        code=0
        "$program" run "$plan" --set "baseline.file=$baseline" "$@" || code=$?
        tries=$((tries - 1))
    done
    return "$code"
}

must() {
    local expected=$1 what=$2 code=0
    shift 2
    printf '\n== %s\n' "$what"
    night "$@" || code=$?
    if [ "$code" != "$expected" ]; then
        printf '%s: exit code %s, where %s is expected\n' "$what" "$code" "$expected" >&2
        exit 1
    fi
}

printf '== five sessions to record\n'
code=0
"$program" run "$plan" --set "baseline.file=$baseline" --sessions 5 --out recorded --quiet || code=$?
[ "$code" = 6 ] || [ "$code" = 0 ] || exit "$code"
"$program" update-baseline "$plan" --set "baseline.file=$baseline" --from recorded/nightly/2*/ --reason "tonight's machine"
must 0 "nothing has changed" --confirm
must 1 "the target became 1.3 times as slow" --confirm --set slowdown=1.3
printf '\nthe gate neither flaps nor misses\n'
