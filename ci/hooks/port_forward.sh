#!/bin/sh
# Forwards a port of a Kubernetes service until the run is over:
#   before = "./port_forward.sh start service/gateway 8080:80"
#   after  = "./port_forward.sh stop"
# KUBECTL is the command (kubectl), PID_FILE remembers the process.
set -eu

pid_file=${PID_FILE:-.port-forward.pid}
case ${1:-} in
    start)
        shift
        ${KUBECTL:-kubectl} port-forward "$@" >/dev/null 2>&1 &
        echo $! >"$pid_file"
        ;;
    stop)
        [ ! -f "$pid_file" ] || kill "$(cat "$pid_file")" 2>/dev/null || true
        rm -f "$pid_file"
        ;;
    *)
        echo "port_forward.sh: write start SERVICE PORTS, or stop" >&2
        exit 2
        ;;
esac
