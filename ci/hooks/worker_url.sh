#!/bin/sh
# Prints the address of one container, for { run = "./worker_url.sh", as = "worker_url" }.
# CONTAINER names it (worker-1), PORT its port (8000), DOCKER the command (docker).
set -eu

container=${CONTAINER:-worker-1}
address=$(${DOCKER:-docker} inspect --format '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{"\n"}}{{end}}' "$container" | sed -n '/./{p;q;}')
if [ -z "$address" ]; then
    echo "worker_url.sh: the container \`$container\` has no address" >&2
    exit 1
fi
echo "http://$address:${PORT:-8000}"
