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
