#!/bin/bash
# The synthesise command: data sets, single images, scans, the truth about them, refusals.
# shellcheck source=tests/cli/support.sh
. "$(dirname "$0")/support.sh"

# A data set: one folder a class, and every leukocyte in the table.
expect 0 "$smearscope" synthesise --output set --count 2 --width 240 --height 180 \
  --um-per-pixel 0.3 --truth truth.csv
for class in Benign Early Pre Pro; do
  for number in 0001 0002; do
    [ -s "set/$class/$class-$number.png" ] || fail "no set/$class/$class-$number.png"
    grep -q "^$class/$class-$number.png,$class,[0-9.]*,[0-9.]*,[0-9.]*$" truth.csv ||
      fail "$class-$number.png has no cells in the table"
  done
done
says truth.csv "file,class,x,y,radius"
cmp -s set/Pre/Pre-0001.png set/Pre/Pre-0002.png && fail "two images are the same"

# Again, in part and as JPEG: the same seed is the same smear.
expect 0 "$smearscope" synthesise --output again --count 1 --class Early --width 240 \
  --height 180 --um-per-pixel 0.3
cmp set/Early/Early-0001.png again/Early/Early-0001.png || fail "not the same bytes"
[ ! -e again/Pre ] || fail "made a class that was not asked for"
expect 0 "$smearscope" synthesise --output jpeg --count 1 --format jpg --width 100 --height 100
[ "$(head -c 2 jpeg/Pro/Pro-0001.jpg | od -An -tx1 | tr -d ' ')" = ffd8 ] || fail "no JPEG"

# One image, whose name has to be quoted in the table.
expect 0 "$smearscope" synthesise --output 'a,"b.jpg' --width 300 --height 200 --seed 7 \
  --truth one.csv
says one.csv '"a,""b.jpg",Pre,'

# A scan beyond one tile. Only one class lies on it.
expect 0 "$smearscope" synthesise --scan --output scan.tif --width 1500 --height 700 \
  --um-per-pixel 0.5 --class Benign --compression jpeg --truth scan.csv
[ "$(cut -d, -f2 scan.csv | sort -u | tr '\n' ' ')" = "Benign class " ] || fail "classes"
[ "$(wc -l < scan.csv)" -gt 50 ] || fail "hardly a cell on the scan"

# What cannot be done is said, and nothing is left behind.
expect 2 "$smearscope" synthesise
says err "--output"
expect 2 "$smearscope" synthesise --output x.png --class Prolymphocyte
says err "Benign, Early, Pre or Pro"
expect 2 "$smearscope" synthesise --output x.png --class all
expect 2 "$smearscope" synthesise --output x --count 2 --format gif
expect 2 "$smearscope" synthesise --output x.tif --scan --count 2
expect 2 "$smearscope" synthesise --output x.png unexpected
says err "unexpected"
expect 2 "$smearscope" synthesise --output x.tif --scan --compression lzw
says err "deflate or jpeg"
expect 2 "$smearscope" synthesise --output x.png --um-per-pixel 0
says err "0.02 to 2"
expect 2 "$smearscope" synthesise --output no/such/folder/x.png
says err "no/such/folder/x.png"
expect 2 "$smearscope" synthesise --output x.png --width 100000 --height 100000
says err "more than fit in memory"
if compgen -G "x*"; then fail "left something behind"; fi
