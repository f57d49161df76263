#!/bin/bash
# Folders: what is taken, in which order, under which names.
# shellcheck source=tests/cli/support.sh
. "$(dirname "$0")/support.sh"
need_model
make_smears smears 1
one=smears/Pre/Pre-0001.jpg

# Names that break tables and lists written with less care.
mkdir -p in/b in/.hidden in/a
names=("plain.jpg" "with space.jpg" "with, comma.jpg" "with \"quotes\".jpg" "it's.jpg"
       $'two\nlines.jpg' "-dash.jpg" "ümläut.jpg" $'latin-\xfc.jpg' "UPPER.JPG" "star*.jpg")
for name in "${names[@]}"; do cp "$one" "in/$name"; done
cp "$one" in/b/last.jpg
cp "$one" in/a/first.jpg
cp "$one" in/.hidden/unseen.jpg
echo "notes" > in/notes.txt
ln -s .. in/b/loop

expect 2 "$smearscope" classify -r in --maps in/../in
says err "in: what is written there would be taken for images"
mkdir several
cp "$one" several/one.jpg
for _ in 1 2; do # as a shell expands several/* the second time
  expect 0 "$smearscope" classify -r several/* --maps several/maps --csv several.csv --resume
done
[ "$(wc -l < several.csv)" = 2 ] || fail "heat maps were taken for images"
expect 0 "$smearscope" classify -r in --csv t.csv --jsonl t.jsonl --maps maps --summary s.html
python3 - <<'PY' || fail "the tables do not hold the names"
import csv, json, os
def text(path):
    return "".join(c if not "\udc80" <= c <= "\udcff" else "\\x%02X" % (ord(c) - 0xdc00) for c in path)
wanted = []
for name in sorted(os.listdir(b"in")):
    path = b"in/" + name
    if name.startswith(b".") or name.endswith(b".txt"):
        continue
    if os.path.isdir(path):
        wanted += [path + b"/" + n for n in sorted(os.listdir(path)) if n != b"loop"]
    else:
        wanted.append(path)
wanted = [text(os.fsdecode(path)) for path in wanted]
rows = list(csv.DictReader(open("t.csv", newline="")))
assert [row["file"] for row in rows] == wanted, [row["file"] for row in rows]
lines = [json.loads(line) for line in open("t.jsonl")]
assert [line["file"] for line in lines] == wanted
for row, line in zip(rows, lines):
    assert row["class"] == (line["class"] or ""), row
    assert abs(float(row["malignant"]) - line["malignant"]) < 1e-6
    assert row["file_sha256"] == line["file_sha256"]
page = open("s.html").read()
assert page.count("<figure") == len(wanted) and "For research use only" in page
PY
[ "$(find maps -name '*.png' -printf x | wc -c)" = 13 ] || fail "not one heat map a file"

# Maps inside the folder of images are not taken for images, nor by the next run.
expect 0 "$smearscope" classify -r smears --csv u.csv --maps smears/maps
expect 0 "$smearscope" classify -r smears --csv u.csv --maps smears/maps
[ "$(wc -l < u.csv)" = 5 ] || fail "heat maps were taken for images"
rm -r smears/maps

# Filters.
lines () { "$smearscope" classify --json "$@" | wc -l; }
[ "$(lines -r in --include '*.JPG' --exclude 'b' --exclude 'with*')" = 9 ] || fail "--exclude"
[ "$(lines -r in --include 'a/*')" = 1 ] || fail "a pattern with a slash"
[ "$(lines -r in --include 'last*' --include 'first*')" = 2 ] || fail "two patterns"
[ "$(lines in)" = 11 ] || fail "sub-directories without --recursive"

# Lists.
printf '%s\0' in/*.jpg > list0
printf '%s\n' in/a/first.jpg in/b/last.jpg > list1
[ "$(lines --files-from list0)" = 10 ] || fail "a list ended by zero bytes"
[ "$(lines --files-from list1)" = 2 ] || fail "a list of lines"
[ "$(lines --files-from - < list1)" = 2 ] || fail "a list on standard input"

# What is said meanwhile and in the end.
expect 0 "$smearscope" classify -r in --csv p.csv --maps pmaps --progress
grep -qE '^[0-9]+ of 13 · [0-9.]+ images/s · 0:00:[0-9]+ left$' err || fail "no progress: $(cat err)"
grep -qE '^13 images: .* [0-9.]+ s, [0-9.]+ images/s$' out || fail "no closing line: $(cat out)"
says out "see p.csv, pmaps"

# What is no regular file has its error, and does not hold the run up.
mkfifo in/pipe.jpg
expect 1 "$smearscope" classify --json in
says err "pipe.jpg"

# Files that change while they are read, or are gone before their turn: each has its row, whatever
# that says, and the others are judged.
mkdir moving
for i in 1 2 3 4 5 6 7 8; do cp "$one" "moving/$i.jpg"; done
( while [ -d moving ]; do head -c 999 /dev/urandom >> moving/3.jpg; : > moving/5.jpg; cp "$one" moving/5.jpg; done ) 2> /dev/null &
writer=$!
ls -d moving/*.jpg > list2
rm moving/8.jpg
for _ in 1 2 3 4 5; do
  "$smearscope" classify --json --files-from list2 > out 2> err
  status=$?
  [ $status = 1 ] || fail "status $status, with one file gone and two changing"
  [ "$(wc -l < out)" = 8 ] || fail "not every file has its row"
  grep -q '"moving/8.jpg", "error"' out || fail "what is gone has no error"
  for i in 1 2 4 6 7; do grep -q "\"moving/$i.jpg\", \"class\"" out || fail "moving/$i.jpg is not judged"; done
done
kill $writer
wait $writer 2> /dev/null || true
