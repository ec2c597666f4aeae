#!/usr/bin/env bash
# Stops a cluster that up.sh has started: its jobs, then each daemon by its process number.
set -uo pipefail
folder=$(realpath "${1:?usage: down.sh FOLDER}")
export SLURM_CONF="$folder/slurm.conf"
[ -f "$folder/run/slurmctld.pid" ] && timeout 5 scancel --user="$(id -un)" 2>/dev/null
pids=()
for daemon in slurmd.n1 slurmd.n2 slurmctld munged; do
  read -r pid 2>/dev/null <"$folder/run/$daemon.pid" && kill "$pid" 2>/dev/null && pids+=("$pid")
done
for ((tenth = 0; tenth < 50; tenth += 1)); do
  left=()
  for pid in "${pids[@]}"; do kill -0 "$pid" 2>/dev/null && left+=("$pid"); done
  [ ${#left[@]} -eq 0 ] && exit 0
  sleep 0.1
done
kill -9 "${left[@]}" 2>/dev/null
exit 0
