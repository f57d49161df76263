#!/bin/bash
# No command opens a socket that leads out: asked of the kernel, call by call.
# shellcheck source=tests/cli/support.sh
. "$(dirname "$0")/../cli/support.sh"
command -v strace > /dev/null || skip "strace is not installed"
strace -f -qq -e trace=network -o probe true 2> /dev/null || skip "strace may not trace here"
need_model
# The leak sanitizer traces its own process, which cannot be traced twice.
export ASAN_OPTIONS=detect_leaks=0

export XDG_CONFIG_HOME=$work/config SMEARSCOPE_HISTORY=$work/history.sqlite
make_smears smears 1

# offline COMMAND…: succeeds, and makes no internet socket.
offline () {
  strace -f -qq -e trace=network -o calls "$smearscope" "$@" > out 2> err ||
    { tail -n 5 err >&2; fail "smearscope $*"; }
  ! grep -E 'AF_INET|AF_INET6|AF_PACKET|AF_NETLINK' calls >&2 || fail "smearscope $* uses the network"
}

# The probe itself has to see a socket when there is one.
strace -f -qq -e trace=network -o calls bash -c ': < /dev/tcp/127.0.0.1/9' 2> /dev/null
grep -q AF_INET calls || fail "strace does not show sockets"

offline classify --record --report one.pdf smears -r
offline history list
offline history verify
offline history export table.csv
offline reproduce 1
offline feedback agree 1
offline feedback statistics
offline feedback export list.csv
offline report --id 1-4 -o report.html
offline history purge 1
echo ok
