#!/bin/bash
# Every command says what it does; what is no command says so.
# shellcheck source=tests/cli/support.sh
. "$(dirname "$0")/support.sh"

expect 0 "$smearscope" --help
says out "For research use only"
commands=$(sed -n '/^Commands:/,/^$/s/^  \([a-z-]*\) .*/\1/p' out)
[ "$(wc -w <<< "$commands")" -ge 6 ] || fail "only these commands are listed: $commands"
for command in $commands; do
  expect 0 "$smearscope" "$command" --help
  says out "smearscope $command"
  says out "--help"
  expect 2 "$smearscope" "$command" --no-such-option
  says err "no-such-option"
done

expect 0 "$smearscope" --version
says out "smearscope "
expect 2 "$smearscope"
says err "Usage:"
expect 2 "$smearscope" frobnicate
says err "frobnicate"

# An answer that a full disk took is no success.
for command in "info" "--version" "--help"; do
  status=0
  # shellcheck disable=SC2086
  "$smearscope" $command > /dev/full 2> err || status=$?
  [ "$status" = 2 ] || fail "$command into a full disk ends with $status"
  says err "standard output could not be written"
done
