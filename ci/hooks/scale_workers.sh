#!/bin/sh
# Scales a service of docker compose and waits until all of its containers run.
#   before = "./scale_workers.sh {{workers}}"
# SERVICE names the service (worker), COMPOSE the command (docker compose).
set -eu

count=${1:-}
service=${SERVICE:-worker}
compose=${COMPOSE:-docker compose}

case $count in
    '' | *[!0-9]* | 0*)
        echo "scale_workers.sh: \`$count\` is not a number of workers: write 1, 2, 3 and so on" >&2
        exit 2
        ;;
esac

$compose up --detach --no-recreate --scale "$service=$count" "$service"
running=$($compose ps --quiet "$service" | wc -l)
if [ "$running" -ne "$count" ]; then
    echo "scale_workers.sh: $running of $count containers of \`$service\` run" >&2
    exit 1
fi
