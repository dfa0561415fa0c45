#!/usr/bin/env bash
# Instructions of one iteration, by the difference of two run lengths: what a run costs once falls out. Needs valgrind.
# They barely depend on what else the machine does, so that two builds can be compared by them.
set -euo pipefail
cd "$(dirname "$0")/.."
program=${1:-${CARGO_TARGET_DIR:-target}/release/perfgate}
program=$(realpath "$program")
few=1000
# Under callgrind everything is slow: that is no reason to stop.
export PERFGATE_TRUST_GENERATOR=1
many=3000

folder=$(mktemp -d)
target=
finish() {
    [ -z "$target" ] || kill "$target" 2>/dev/null || true
    rm -rf "$folder"
}
trap finish EXIT

# What is the same in all plans: one user, so that nothing depends on how users meet.
cat >"$folder/get.toml" <<'PLAN'
target = "${URL}"

[[flow.get]]
http.get = "/health"

[load.get]
vus        = 1
iterations = "${COUNT}"
PLAN
# A job that takes no time is found done by the first poll.
cat >"$folder/job.toml" <<'PLAN'
target = "${URL}"
audio.speech.synthesize = { seconds = 5.5 }

[[flow.job]]
name           = "submit"
http.post      = "/jobs/"
http.multipart = { file = { audio = "speech" } }
capture        = { job_id = "$.job_id" }

[[flow.job]]
name     = "done"
http.get = "/jobs/{{job_id}}"
poll     = { every = "1s", running = ["processing", "enriching"] }

[load.job]
vus        = 1
iterations = "${COUNT}"
PLAN

# instructions PLAN COUNT: of the whole generator, its target left out
instructions() {
    COUNT=$2 valgrind --tool=callgrind --callgrind-out-file=/dev/null --trace-children=no \
        "$program" run --quiet --progress none --out "$folder/results" "$folder/$1.toml" 2>&1 >/dev/null |
        sed -n 's/.*Collected : //p'
}

"$program" demo jobs --set service_time=0s >"$folder/url" 2>/dev/null &
target=$!
until [ -s "$folder/url" ]; do sleep 0.05; done
URL=$(head -n 1 "$folder/url")
export URL
for plan in get job; do
    short=$(instructions $plan $few)
    long=$(instructions $plan $many)
    printf '%s: %d instructions an iteration\n' $plan $(((long - short) / (many - few)))
done
