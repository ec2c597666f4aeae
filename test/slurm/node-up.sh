#!/usr/bin/env bash
# Starts one node of a cluster that up.sh has made.
set -euo pipefail
folder=$(realpath "${1:?usage: node-up.sh FOLDER NODE}")
export PATH="$PATH:/usr/sbin:/sbin:/usr/local/sbin" SLURM_CONF="$folder/slurm.conf"
mkdir -p "$folder/spool.$2"
slurmd -N "$2" 2>>"$folder/log/start.log"
