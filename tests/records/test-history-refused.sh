#!/bin/bash
# A history that cannot be used never stops classification: a warning, and the same answer.
# shellcheck source=tests/cli/support.sh
. "$(dirname "$0")/../cli/support.sh"
need_model

export XDG_CONFIG_HOME=$work/config LC_ALL=C.UTF-8
make_smears smears 1
image=smears/Pre/Pre-0001.jpg
"$smearscope" classify "$image" > plain || fail "classify"

# still_classifies WORDS: records into $SMEARSCOPE_HISTORY in vain, and answers all the same.
still_classifies () {
  expect 0 "$smearscope" classify --record "$image"
  cmp -s plain out || fail "the answer changed: $1"
  says err "not recorded"
  says err "$1"
  says err "$SMEARSCOPE_HISTORY"
}

export SMEARSCOPE_HISTORY=$work/bad.sqlite
echo "no database" > bad.sqlite
still_classifies "damaged or no history"

export SMEARSCOPE_HISTORY=$work/newer.sqlite
expect 0 "$smearscope" classify --record "$image"
cp newer.sqlite good.sqlite
if command -v sqlite3 > /dev/null; then
  sqlite3 newer.sqlite 'PRAGMA user_version = 9' > /dev/null
  still_classifies "newer Smearscope"

  export SMEARSCOPE_HISTORY=$work/foreign.sqlite
  sqlite3 foreign.sqlite 'CREATE TABLE t (x)'
  still_classifies "another program"

  cp good.sqlite locked.sqlite
  export SMEARSCOPE_HISTORY=$work/locked.sqlite
  expect 0 "$smearscope" history settings timeout-ms=200
  mkfifo hold
  sqlite3 locked.sqlite < hold > /dev/null &
  holder=$!
  exec 9> hold
  echo 'BEGIN IMMEDIATE; SELECT 1;' >&9
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    "$smearscope" classify --record "$image" > out 2> err
    grep -q "locked by another program" err && break
    sleep 0.2 # the other program has yet to take its lock
  done
  still_classifies "locked by another program"
  exec 9>&-
  wait $holder
fi

# Root may write anywhere, so it tries as somebody else.
mkdir shut
cp good.sqlite shut/history.sqlite
export SMEARSCOPE_HISTORY=$work/shut/history.sqlite
chmod 444 shut/history.sqlite
chmod 555 shut
as=()
if [ "$(id -u)" = 0 ]; then
  chmod -R a+rX "$work"
  as=(setpriv --reuid 65534 --regid 65534 --clear-groups)
fi
if "${as[@]}" "$smearscope" info > /dev/null 2>&1; then
  real=$smearscope
  cat > "$work/somebody" <<END
#!/bin/sh
exec ${as[*]} "$real" "\$@"
END
  chmod 755 "$work/somebody"
  smearscope=$work/somebody
  still_classifies "read-only"
  # What is in it can still be read.
  expect 0 "$smearscope" history list
  says out Pre-0001.jpg
  smearscope=$real
else
  echo "not as somebody else here: the read-only file is tried by the unit tests only"
fi
chmod 755 shut

export SMEARSCOPE_HISTORY=/proc/nowhere/history.sqlite
still_classifies "cannot be made"

# A disk that is full, in a name space of its own where that may be made.
cat > full.sh <<'END'
set -e
mount -t tmpfs -o size=192k tmpfs "$1/disk"
cp "$1/good.sqlite" "$1/disk/history.sqlite"
dd if=/dev/zero of="$1/disk/filler" bs=1k 2> /dev/null || true
export SMEARSCOPE_HISTORY=$1/disk/history.sqlite
"$2" classify --record "$3" > "$1/full-out" 2> "$1/full-err"
rm "$1/disk/filler"
"$2" history verify > "$1/verified"
END
mkdir disk
if unshare -rm true 2> /dev/null; then
  expect 0 unshare -rm sh full.sh "$work" "$smearscope" "$image"
  cmp -s plain full-out || fail "the answer changed on a full disk"
  says full-err "not recorded"
  says full-err "disk is full"
  says verified "intact: 1 entries"
else
  echo "no mount name space here: the full disk is tried by the unit tests only"
fi
echo ok
