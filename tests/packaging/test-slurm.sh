#!/bin/bash
# A job array on a real Slurm: its controller and two daemons on loopback; one of them is killed in
# the middle of the run, the shard on it repeated. Then what merging has to notice.
# timeout: 600
# shellcheck source=tests/cli/support.sh
. "$(dirname "$0")/../cli/support.sh"
for tool in slurmctld slurmd munged sbatch squeue scontrol; do
  command -v $tool > /dev/null || skip "$tool is missing: apt-get install slurmctld slurmd slurm-client munge"
done
[ "$(id -u)" = 0 ] || skip "Slurm's daemons need root"
need_model
slurm=$top/packaging/slurm/smearscope-slurm

# 48 images; enough copies under names of their own that a shard takes seconds.
make_smears one 12
mkdir "in put"
for turn in $(seq 20); do
  for class in one/*; do
    for file in "$class"/*; do ln "$file" "in put/$turn-${file##*/}"; done
  done
done
echo "no picture" > "in put/broken.jpg"
expect 1 "$smearscope" classify -r "$PWD/in put" --csv good.csv --jsonl good.jsonl

# Shards by hand: what merging makes of them, and what it notices.
for k in 1 2 3; do
  "$smearscope" classify -r "$PWD/in put" --shard $k/3 --csv $k.csv --jsonl $k.jsonl > /dev/null 2>&1
done
expect 0 "$smearscope" merge -o all.csv 3.csv 1.csv 2.csv
expect 0 "$smearscope" merge -o all.jsonl 1.jsonl 2.jsonl 3.jsonl
cmp all.csv good.csv && cmp all.jsonl good.jsonl || fail "merged shards differ from an undivided run"
expect 2 "$smearscope" merge -o none.csv 1.csv 3.csv
says err "missing: 2"
cp 1.csv copy.csv
cp 1.csv.shard copy.csv.shard
expect 2 "$smearscope" merge -o none.csv 1.csv 2.csv 3.csv copy.csv
says err "there twice"
rm copy.csv.shard
expect 2 "$smearscope" merge -o none.csv 2.csv 3.csv copy.csv
says err "not finished"
head -c 3000 1.csv > copy.csv
cp 1.csv.shard copy.csv.shard
expect 2 "$smearscope" merge -o none.csv 2.csv 3.csv copy.csv
says err "copy.csv"
"$smearscope" classify -r one --shard 1/3 --csv other.csv > /dev/null
expect 2 "$smearscope" merge -o none.csv other.csv 2.csv 3.csv
says err "different runs"
# An image less: most files change their shard, and the old rows do not stand in the way.
mv "in put/broken.jpg" .
for k in 1 2 3; do
  "$smearscope" classify -r "$PWD/in put" --resume --shard $k/3 --csv $k.csv > /dev/null 2>&1
done
expect 0 "$smearscope" merge -o fewer.csv 1.csv 2.csv 3.csv
cmp fewer.csv <(grep -v broken.jpg good.csv) || fail "shards of a list that has changed"
mv broken.jpg "in put"
expect 2 "$smearscope" merge -o none.csv good.csv
[ ! -e none.csv ] || fail "something was written though nothing could be merged"
expect 2 "$smearscope" classify one/Pre --shard 4/3 --csv x.csv
expect 2 "$smearscope" classify one/Pre --shard 1/3
says err "--csv"

# The cluster. What it writes stays in here.
mkdir state spool-node1 spool-node2
chmod 755 .
host=$(hostname -s)
dd if=/dev/urandom of=munge.key bs=1024 count=1 2> /dev/null
chmod 600 munge.key
port=$((20000 + RANDOM % 20000))
cat > slurm.conf << END
ClusterName=loopback
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$port
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$PWD/munge.sock
StateSaveLocation=$PWD/state
SlurmdSpoolDir=$PWD/spool-%n
SlurmctldPidFile=$PWD/slurmctld.pid
SlurmdPidFile=$PWD/slurmd-%n.pid
SlurmctldLogFile=$PWD/slurmctld.log
SlurmdLogFile=$PWD/slurmd-%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/linear
MpiDefault=none
ReturnToService=2
SlurmdTimeout=10
JobRequeue=1
SchedulerParameters=sched_interval=2,batch_sched_delay=1,requeue_delay=1
NodeName=node[1-2] NodeHostname=$host NodeAddr=127.0.0.1 Port=$((port + 1))-$((port + 2)) CPUs=1 State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
END
sed -i "s/Port=$((port + 1))-$((port + 2))/Port=[$((port + 1))-$((port + 2))]/" slurm.conf
export SLURM_CONF=$PWD/slurm.conf
stop () {
  scancel --state=RUNNING,PENDING -u root > /dev/null 2>&1
  for file in slurmd-node1.pid slurmd-node2.pid slurmctld.pid munge.pid; do
    [ ! -s "$work/$file" ] || kill "$(cat "$work/$file")" 2> /dev/null
  done
  sleep 1
  rm -rf "$work"
}
trap stop EXIT
munged --key-file="$PWD/munge.key" --socket="$PWD/munge.sock" --pid-file="$PWD/munge.pid" \
  --log-file="$PWD/munge.log" --seed-file="$PWD/munge.seed" --force 2> munge.err ||
  skip "munged does not start: $(tail -n 1 munge.err)"
slurmctld -f slurm.conf 2> ctld.err || skip "slurmctld does not start: $(tail -n 1 ctld.err)"
for node in node1 node2; do
  slurmd -f slurm.conf -N $node 2> slurmd.err || skip "no second slurmd on one machine: $(tail -n 1 slurmd.err)"
done
idle () { sinfo -h -t idle -o %D | grep -qx 2; }
for _ in $(seq 60); do idle && break; sleep 0.5; done
idle || skip "the nodes do not come up: $(tail -n 1 slurmctld.log)"

expect 2 "$slurm" --smearscope "$smearscope" --model nowhere.safetensors "in put" cluster
says err "nowhere.safetensors: there is no such weights file"
mkdir models
cp "$SMEARSCOPE_WEIGHTS/cell.safetensors" models/own.safetensors
expect 0 "$slurm" --smearscope "$smearscope" --shards 6 --model models/own.safetensors "in put" cluster
# As soon as node2 works on a shard that has rows already, it dies with all it runs.
hit=
for _ in $(seq 400); do
  task=$(squeue -h -t R -w node2 -o %K 2> /dev/null | grep -x '[0-9]*' | head -n 1)
  if [ -n "$task" ] && [ -s "cluster/shards/$task.csv" ] &&
     [ "$(wc -l < "cluster/shards/$task.csv")" -gt 2 ]; then
    # Held, that it may not come to its end while its processes are sought.
    pkill -STOP -f -- "--shard $task/6 " || true
    hit=$task
    break
  fi
  sleep 0.05
done
[ -n "$hit" ] || fail "no shard was ever seen at work on node2"
victim=$(cat slurmd-node2.pid)
# The shard's processes are known by their environment; their parent is the daemon of the step.
doomed=()
for process in /proc/[0-9]*; do
  if grep -zqsx "SMEARSCOPE_OUT=$PWD/cluster" "$process/environ" &&
     grep -zqsx "SLURMD_NODENAME=node2" "$process/environ"; then
    parent=$(ps -o ppid= -p "${process#/proc/}" | tr -d ' ')  # padded where it has few digits
    [ "$(ps -o comm= -p "${parent:-0}")" != slurmstepd ] || doomed+=("$parent")
    doomed+=("${process#/proc/}")
  fi
done
kill -9 "$victim" "${doomed[@]}" 2> /dev/null
[ ! -e "cluster/shards/$hit.csv.shard" ] || fail "the shard was finished before its node died"
scontrol update NodeName=node2 State=DOWN Reason="killed by the test"
for _ in $(seq 400); do [ -z "$(squeue -h)" ] && break; sleep 0.5; done
[ -z "$(squeue -h)" ] || { squeue; fail "the array does not come to its end"; }
cat cluster/merge.log
cmp cluster/results.csv good.csv && cmp cluster/results.jsonl good.jsonl ||
  fail "the merged tables differ from an undivided run: $(cat cluster/merge.log)"
grep -q "done before" "cluster/shards/$hit.log" || fail "the repeated shard $hit began anew: $(cat "cluster/shards/$hit.log")"

# One shard lost: the merge says which, and --only repeats it.
rm cluster/shards/4.csv cluster/shards/4.csv.shard
expect 0 "$slurm" --smearscope "$smearscope" --shards 6 --only 2 --model models/own.safetensors "in put" cluster
for _ in $(seq 200); do [ -z "$(squeue -h)" ] && break; sleep 0.5; done
says cluster/merge.log "missing: 4"
expect 0 "$slurm" --wait --smearscope "$smearscope" --shards 6 --only 4 --model models/own.safetensors "in put" cluster
cmp cluster/results.csv good.csv || fail "the tables differ after a shard was repeated"
