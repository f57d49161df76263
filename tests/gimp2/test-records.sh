#!/bin/bash
# GIMP 2.10: the history, feedback and reports by script; a history that is damaged stops nothing;
# no internet socket is made.
# timeout: 900
cd "$(dirname "$0")/../.." || exit 1
. tests/gimp2/support.sh

smear smear.png
check_script tests/gimp2/records.scm
db=$XDG_DATA_HOME/smearscope/history.sqlite
[ "$(stat -c %a "$db")" = 600 ] || fail "others can read the history"
"$BUILD/smearscope" history verify > "$WORK/verified" || fail "the command finds: $(cat "$WORK/verified")"
"$BUILD/smearscope" history show 1 > "$WORK/shown"
grep -q "^program *GIMP 2.10" "$WORK/shown" || fail "the program is not told"
for report in three.html history.html unkept.html; do
  grep -q "For research use only" "$WORK/$report" || fail "$report does not say what it is for"
  grep -qF "$WORK" "$WORK/$report" && fail "$report tells a folder"
done
[ "$(grep -o 'data:image/jpeg' "$WORK/three.html" | wc -l)" = 6 ] ||
  fail "not every finding has its picture and its heat map"
grep -q "$(sed -n 's/^hash *//p' "$WORK/shown")" "$WORK/three.html" || fail "the hash is not in the report"
if command -v pdfinfo > /dev/null; then
  pdfinfo "$WORK/three.pdf" | grep -q letter || fail "the paper is not the one asked for"
  pdfinfo "$WORK/batch.pdf" | grep -q A4 || fail "the batch's report is not on A4"
fi
grep -q 'smear.png' "$WORK/table.csv" || fail "the table lacks the image"

# A new key that is none leaves the old one in force; a readable history is sealed where its key is
# asked for once more.
sealed () { # WHAT-HAPPENED, by a script on stdin
  { grep '^(define (refusal' -A 3 tests/gimp2/records.scm; cat; } > "$WORK/sealed.scm"
  check_script "$WORK/sealed.scm"
  grep -qa 'smear\.png' "$db"* && fail "$1, and anybody can read the history"
}
echo "no key" > "$WORK/wrong.key"
sealed "a new key was refused" <<'END'
(define (key name)
  (plug-in-smearscope-history-settings RUN-NONINTERACTIVE "" "" "" -1 "key-file" (file name)))
(key "history.key")
(check "a key that is none" (contains? (refusal (lambda () (key "wrong.key"))) "wrong.key"))
END
"$BUILD/smearscope" history decrypt || fail "the old key is not the one in force"
grep -qa 'smear\.png' "$db" || fail "the test does not see what is readable"
sealed "the same key was asked for again" <<'END'
(plug-in-smearscope-history-settings RUN-NONINTERACTIVE "" "" "" -1 "key-file" (file "history.key"))
(check "sealed again" #t)
END
"$BUILD/smearscope" history decrypt && "$BUILD/smearscope" history settings key-file= > /dev/null ||
  fail "the key is not taken back"

# A history that cannot be used: the answer comes all the same, and the reason.
"$BUILD/smearscope" history settings record=on > /dev/null
cat > "$WORK/still.scm" <<'END'
(let ((image (load-image "smear.png")))
  (check "it is classified" (> (length (classify image (active image))) 0))
  (check "its findings are in the image" (contains? (parasite-of image) "smear.png"))
  (gimp-image-delete image))
END
still () { # WORDS
  check_script "$WORK/still.scm"
  grep -q "$1" "$WORK/gimp.err" "$WORK/gimp.out" || fail "not said: $1: $(tail -n 3 "$WORK/gimp.err")"
}
cp "$db" "$WORK/good.sqlite"
rm -f "$db"-wal "$db"-shm
echo "no database" > "$db"
still "damaged or no history"
if command -v sqlite3 > /dev/null; then
  cp "$WORK/good.sqlite" "$db"
  sqlite3 "$db" 'PRAGMA user_version = 9'
  still "newer Smearscope"
  # Another program holds the lock.
  cp "$WORK/good.sqlite" "$db"
  "$BUILD/smearscope" history settings timeout-ms=200 > /dev/null
  mkfifo "$WORK/hold"
  sqlite3 "$db" < "$WORK/hold" > /dev/null &
  exec 9> "$WORK/hold"
  echo 'BEGIN IMMEDIATE; SELECT 1;' >&9
  sleep 1
  still "locked by another program"
  exec 9>&-
  wait $!
fi
rm -f "$db"*
rmdir "$(dirname "$db")"
: > "$(dirname "$db")"
still "cannot be"
rm "$(dirname "$db")"

# A full disk, in a name space of its own where that may be made.
if unshare -rm true 2> /dev/null; then
  mkdir -p "$WORK/disk"
  cat > "$WORK/full.sh" <<'END'
mount -t tmpfs -o size=192k tmpfs "$1/disk" || exit 1
cp "$1/good.sqlite" "$1/disk/history.sqlite"
dd if=/dev/zero of="$1/disk/filler" bs=1k 2> /dev/null
shift
"$@"
END
  export SMEARSCOPE_HISTORY=$WORK/disk/history.sqlite
  printf '%s\n' "(define work \"$WORK\")" "(load \"$PWD/tests/gimp2/support.scm\")" \
    "(load \"$WORK/still.scm\")" '(say "end")' > "$WORK/all.scm"
  GIMP2_DIRECTORY=$WORK/profile timeout 240 unshare -rm sh "$WORK/full.sh" "$WORK" \
    gimp-console-2.10 --no-interface --no-data -b "(load \"$WORK/all.scm\")" -b '(gimp-quit 0)' \
    > "$WORK/gimp.out" 2> "$WORK/gimp.err" < /dev/null
  grep -q FAILED "$WORK/said" && fail "with a full disk: $(cat "$WORK/said")"
  grep -qi "full" "$WORK/gimp.err" "$WORK/gimp.out" || fail "the full disk is not told: $(tail -n 3 "$WORK/gimp.err")"
  unset SMEARSCOPE_HISTORY
fi

# Not one internet socket, from GIMP's start to its end.
if command -v strace > /dev/null && strace -f -qq -e trace=network -o "$WORK/probe" true 2> /dev/null; then
  cp "$WORK/good.sqlite" "$WORK/history.sqlite"
  export SMEARSCOPE_HISTORY=$WORK/history.sqlite
  GIMP2_DIRECTORY=$WORK/profile timeout 240 strace -f -qq -e trace=network -o "$WORK/calls" \
    gimp-console-2.10 --no-interface --no-data -b "(load \"$WORK/all.scm\")" -b '(gimp-quit 0)' \
    > "$WORK/gimp.out" 2> "$WORK/gimp.err" < /dev/null
  grep -q '^ok' "$WORK/said" || fail "nothing was done under strace"
  grep -E 'AF_INET|AF_INET6|AF_PACKET' "$WORK/calls" && fail "the plug-in uses the network"
fi
finish
