#!/usr/bin/env bash
# Starts a Slurm cluster of two nodes on this machine, for tests: munged, slurmctld and two slurmd, without systemd, cgroups and accounting, everything
# they write below one folder, on ports that are free, as the user who calls this. Its SLURM_CONF is FOLDER/slurm.conf; down.sh stops it.
# Needs Debian's slurm-wlm and munge, or what others call them.
set -euo pipefail
folder=$(realpath -m "${1:?usage: up.sh FOLDER}")
tests=$(dirname "$(realpath "$0")")
# Daemons stand where a normal user's PATH does not look.
export PATH="$PATH:/usr/sbin:/sbin:/usr/local/sbin"
for daemon in munged slurmctld slurmd; do
  command -v "$daemon" >/dev/null || { echo "up.sh: $daemon is not installed" >&2; exit 3; }
done
mkdir -p "$folder"/{state,run,log,munge}
chmod 700 "$folder/munge"

# Three ports that nobody has.
ports=$(node -e '
  const servers = [0, 1, 2].map(() => require("node:net").createServer().listen(0, "127.0.0.1"));
  setTimeout(() => {
    console.log(servers.map((server) => server.address().port).join(" "));
    for (const server of servers) server.close();
  }, 50);')
read -r controller first second <<<"$ports"

head -c 256 /dev/urandom >"$folder/munge/key"
chmod 400 "$folder/munge/key"
# --force: a folder for tests may lie below one that others can write, such as /tmp.
munged --force --key-file="$folder/munge/key" --socket="$folder/run/munge.socket" --seed-file="$folder/munge/seed" \
  --pid-file="$folder/run/munged.pid" --log-file="$folder/log/munged.log" 2>>"$folder/log/start.log"

host=$(hostname -s)
user=$(id -un)
# Intervals are those of an impatient cluster: a dead node is seen after seconds, and a requeued job (cred_expire) need not wait for two minutes.
cat >"$folder/slurm.conf" <<CONF
ClusterName=meanfield-tests
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$controller
SlurmUser=$user
SlurmdUser=$user
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket=$folder/run/munge.socket,cred_expire=5
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool.%n
SlurmctldPidFile=$folder/run/slurmctld.pid
SlurmdPidFile=$folder/run/slurmd.%n.pid
SlurmctldLogFile=$folder/log/slurmctld.log
SlurmdLogFile=$folder/log/slurmd.%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
JobAcctGatherType=jobacct_gather/none
JobCompType=jobcomp/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerType=sched/builtin
SchedulerParameters=sched_interval=1,sched_min_interval=0,batch_sched_delay=0
SlurmdParameters=config_overrides
ReturnToService=2
SlurmdTimeout=4
KillWait=10
MessageTimeout=5
MaxArraySize=5
MailProg=$(command -v true)
NodeName=n1 NodeHostname=$host NodeAddr=127.0.0.1 Port=$first CPUs=2 RealMemory=1000 State=UNKNOWN
NodeName=n2 NodeHostname=$host NodeAddr=127.0.0.1 Port=$second CPUs=2 RealMemory=1000 State=UNKNOWN
PartitionName=main Nodes=n1,n2 Default=YES MaxTime=INFINITE State=UP
CONF
export SLURM_CONF="$folder/slurm.conf"

# Waits for a command to succeed, for at most so many tenths of a second.
await() {
  local tenths=$1
  shift
  for ((tenth = 0; tenth < tenths; tenth += 1)); do
    if "$@" >/dev/null 2>&1; then return 0; fi
    sleep 0.1
  done
  return 1
}
answers() { timeout 3 scontrol ping | grep -q "is UP"; }
has_idle_nodes() { [ "$(timeout 3 sinfo --noheader --states=idle --format=%D)" = 2 ]; }

slurmctld 2>>"$folder/log/start.log"
await 100 answers || { echo "up.sh: the controller does not answer" >&2; tail -n 5 "$folder"/log/*.log >&2; exit 4; }
bash "$tests/node-up.sh" "$folder" n1
bash "$tests/node-up.sh" "$folder" n2
await 200 has_idle_nodes || { echo "up.sh: the nodes do not come up" >&2; tail -n 5 "$folder"/log/*.log >&2; exit 4; }
