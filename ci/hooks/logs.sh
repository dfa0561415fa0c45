#!/bin/sh
# Shows the end of the logs of a service of docker compose: on_failure = "./logs.sh worker"
# LINES is how many (100), COMPOSE the command (docker compose).
set -eu

${COMPOSE:-docker compose} logs --no-color --tail "${LINES:-100}" "$@"
