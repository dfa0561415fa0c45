//! What stands below the options in every help: commands to try, which work in the folder of `perfgate init`, and what is
//! read and written.

pub(crate) const PERFGATE: &str = "\
Examples:
  perfgate init
  perfgate run plans/service.toml";

pub(crate) const INIT: &str = "\
Examples:
  perfgate init
  perfgate init performance --ci none
  perfgate init --url http://localhost:8000 --kind job --name jobs
  perfgate init --from curl 'curl http://localhost:8000/items' --name items

Writes:
  plans/<name>.toml, schemas/plan.schema.json, baselines/README.md, .gitignore
  and the job of `--ci`; a file that is there already is left as it is";

pub(crate) const RUN: &str = "\
Examples:
  perfgate run plans/service.toml --dry-run
  perfgate run plans/service.toml --once
  perfgate run plans/service.toml
  perfgate run plans/service.toml --vus 2 --progress plain
  perfgate run http://localhost:8000/health --rate 50/s --duration 2s
  perfgate run http://localhost:8000/ -d @job.json --dry-run --write job.toml

Reads:
  the plan and the files that it names; of a URL, one user sends GET for 10s
Writes:
  {files}
  (of streams clients.jsonl too) in results/<plan>/<UTC time>/ (or below `--out`); results/<plan>/latest points to
  the newest; a line in the file that `--history` names";

pub(crate) const DOCTOR: &str = "\
Examples:
  perfgate doctor

Reads:
  the limits of this machine and of its container
Writes:
  nothing that stays; it puts 500 requests a second on the embedded target for three seconds";

pub(crate) const VALIDATE: &str = "\
Examples:
  perfgate validate plans/service.toml
  perfgate validate plans/service.toml --explain --set users=8

Reads:
  the plan and the files that it names
Writes:
  nothing, and nothing is sent";

pub(crate) const CHECK: &str = "\
Examples:
  perfgate check
  perfgate check results/service/latest
  perfgate check perf/results/latest.json --baseline perf/baseline.json

Reads:
  summary.json of each session, or a summary of k6
Writes:
  a line for each session in the file that `--history` names, else nothing: the verdict is printed, and is the exit code";

pub(crate) const CALIBRATE: &str = "\
Examples:
  perfgate calibrate
  perfgate calibrate results/service

Sessions to calibrate by: perfgate run plans/service.toml --sessions 8 --every 1h

Reads:
  summary.json of each session, and the baseline that the plan names
Writes:
  nothing; the exit code is 4 where fewer than two sessions are comparable";

pub(crate) const COMPARE: &str = "\
Examples:
  perfgate compare plans/service.toml --base http://old:80 --head http://new:80

Reads:
  the plan and the files that it names; the tolerances of its baseline, else its own
Writes:
  results/<plan>/<UTC time>/verdict.json, and a session each in base/ and head/";

pub(crate) const UPDATE_BASELINE: &str = "\
Examples:
  perfgate update-baseline plans/service.toml --init

To record the newest session, or to let new ones take the place of the old:
  perfgate update-baseline plans/service.toml \\
    --from results/service/latest --reason 'the first night'
  perfgate update-baseline plans/service.toml --replace \\
    --from results/service/20261124T* --reason 'a larger model'

Reads:
  the plan, the sessions with their raw samples, and the baseline as it is
Writes:
  the plan's baseline: baselines/<plan>.json beside the plan's folder.
  A session that is not steady is refused with what is not (exit 4)";

pub(crate) const TREND: &str = "\
Examples:
  perfgate trend
  perfgate trend results/service --metric latency.p95
  perfgate trend results/service --write history/service.jsonl

To look at what `run --history` and `check --history` have kept:
  perfgate trend history/service.jsonl

Reads:
  summary.json and verdict.json of each session, and the baseline that the plan of
  the newest one names
Writes:
  with `--write` a history, one line of JSON a session. The exit code is 0 with
  drift too";

pub(crate) const REPORT: &str = "\
Examples:
  perfgate report results/service/latest
  perfgate report results/service/latest --format markdown
  perfgate report results/service/latest --format json

What changed from one session to another, and all sessions side by side:
  perfgate report results/service/2* --format text
  perfgate report results/service

Reads:
  summary.json and verdict.json of each session; without a verdict, or with `--baseline`, it is judged anew
Writes:
  {reports} beside them, or in the folder of `--out`; of two sessions
  comparison.html and comparison.md beside the second, of many sessions.html and sessions.md in their folder;
  the exit code is 0 whatever the verdict is";

pub(crate) const DEMO: &str = "\
Examples:
  perfgate demo
  perfgate demo voice --port 8001
  perfgate demo jobs --port 8001 --set slots=2 --set service_time=1s

Reads and writes:
  nothing; it listens on 127.0.0.1 alone";

pub(crate) const AUDIO: &str = "\
Examples:
  perfgate audio make clips --count 3
  perfgate audio list clips";

pub(crate) const AUDIO_MAKE: &str = "\
Examples:
  perfgate audio make clips
  perfgate audio make clips --seconds 0.5 --count 4 --kind tone --seed 7

Writes:
  FOLDER/<kind>-<seconds>s-<number>.wav; with another seed than 1
  FOLDER/<kind>-<seconds>s-seed<seed>-<number>.wav";

pub(crate) const AUDIO_LIST: &str = "\
Examples:
  perfgate audio list clips
  perfgate audio list clips/tone-*.wav clips/speech-3s-1.wav

Reads:
  the files, and whether <name>.txt stands beside each
Writes:
  nothing; the exit code is 1 where a file cannot be read or none is found";

pub(crate) const DIALECTS: &str = "\
Examples:
  perfgate dialects
  perfgate dialects whisperlive > plans/whisperlive-dialect.toml

Reads and writes:
  nothing; a plan takes the file in with
  include = \"whisperlive-dialect.toml\", brings [audio.speech] and [load.live],
  and sets what differs in its [vars]";

pub(crate) const SCHEMA: &str = "\
Examples:
  perfgate schema
  perfgate schema > schemas/plan.schema.json

Reads and writes:
  nothing; a plan names the file in its first line:
  #:schema ../schemas/plan.schema.json";

pub(crate) const COMPLETIONS: &str = "\
Examples:
  perfgate completions bash > perfgate.bash
  perfgate completions zsh > _perfgate
  perfgate completions fish > perfgate.fish

Reads and writes:
  nothing; put the file where the shell looks for it, for example
  ~/.local/share/bash-completion/completions/perfgate";

pub(crate) const MAN: &str = "\
Examples:
  perfgate man > perfgate.1
  perfgate man --out man

Writes:
  with `--out` a page for perfgate and for each command, <command>.1";
