#!/bin/bash
# What a photograph says of itself, its folder and its name stay out of reports and exports: a JPEG
# with a place, an owner and a thumbnail in its EXIF, in XMP and in a comment.
# timeout: 300
# shellcheck source=tests/cli/support.sh
. "$(dirname "$0")/../cli/support.sh"
command -v python3 > /dev/null || skip "python3 is not installed"
need_model

export XDG_CONFIG_HOME=$work/config SMEARSCOPE_HISTORY=$work/history.sqlite LC_ALL=C.UTF-8
make_smears drawn 1
mkdir ward-nine
cat > mark.py <<'END'
"""Puts EXIF with owner and GPS, XMP and a comment into a JPEG."""
import struct
import sys

def ifd(entries, at):
    """A directory of EXIF whose longer values follow it."""
    head, tail = struct.pack("<H", len(entries)), b""
    after = at + 2 + 12 * len(entries) + 4
    for tag, kind, count, value in entries:
        if len(value) > 4:
            head += struct.pack("<HHII", tag, kind, count, after + len(tail))
            tail += value
        else:
            head += struct.pack("<HHI", tag, kind, count) + value.ljust(4, b"\0")
    return head + struct.pack("<I", 0) + tail

def rational(*numbers):
    return b"".join(struct.pack("<II", number, 1) for number in numbers)

owner = b"QuinceOwner\0"
first = [(0x013b, 2, len(owner), owner), (0x8825, 4, 1, b"\0\0\0\0")]
length = len(ifd(first, 8))
first[1] = (0x8825, 4, 1, struct.pack("<I", 8 + length))
gps = [(1, 2, 2, b"N\0"), (2, 5, 3, rational(51, 7777, 31)), (3, 2, 2, b"E\0"),
       (4, 5, 3, rational(7, 6666, 11))]
exif = b"Exif\0\0II*\0\x08\0\0\0" + ifd(first, 8) + ifd(gps, 8 + length)
xmp = b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>QuinceInXmp</x:xmpmeta>"
source, target = sys.argv[1:]
data = open(source, "rb").read()
marks = b""
for code, body in ((0xe1, exif), (0xe1, xmp), (0xfe, b"QuinceComment")):
    marks += b"\xff" + bytes([code]) + struct.pack(">H", len(body) + 2) + body
open(target, "wb").write(data[:2] + marks + data[2:])
END
for class in Benign Early Pre Pro; do
  python3 mark.py "drawn/$class/$class-0001.jpg" "ward-nine/$class.jpg" || fail "mark"
done
gps='\x61\x1e\x00\x00\x01\x00\x00\x00' # 7777/1, as it stands in the file
grep -qaP "$gps" ward-nine/Pre.jpg || fail "the test's own image has no place in it"

# clean FILE…: nothing of the photograph's words about itself, and no folder.
clean () {
  local file plain
  for file; do
    [ -s "$file" ] || fail "$file is not there"
    plain=$file
    case $file in
      *.pdf) command -v qpdf > /dev/null || continue
        qpdf --qdf --object-streams=disable "$file" plain.pdf || fail "qpdf $file"
        plain=plain.pdf ;;
    esac
    for words in Quince 'Exif' ward-nine "$work"; do
      ! grep -qaF "$words" "$plain" || fail "$words is in $file"
    done
    ! LC_ALL=C grep -qaP "$gps" "$plain" || fail "the place is in $file"
  done
}

expect 0 "$smearscope" history settings pixels=yes
expect 0 "$smearscope" classify --record -r --report batch.pdf --maps maps ward-nine
expect 0 "$smearscope" classify --report one.html ward-nine/Pre.jpg
expect 0 "$smearscope" report --id 1-4 -o recorded.pdf
expect 0 "$smearscope" report --id 1-4 -o recorded.html
expect 0 "$smearscope" history export findings.csv
expect 0 "$smearscope" history export findings.jsonl
expect 0 "$smearscope" explain --overlay --output map.png ward-nine/Pre.jpg
clean batch.pdf one.html recorded.pdf recorded.html findings.csv findings.jsonl map.png
mapfile -t pictures < <(find maps -type f)
[ "$(find maps -name '*.png' | wc -l)" = 4 ] || fail "not four heat maps"
clean "${pictures[@]}"
if command -v pdftotext > /dev/null; then
  pdftotext batch.pdf batch.txt
  says batch.txt Pre.jpg
  clean batch.txt
fi

# What is cut out for training: pixels alone.
expect 0 "$smearscope" classify --record --region 16,8,160,120 ward-nine/Pre.jpg
expect 0 "$smearscope" feedback correct 5 Pre --who osei
expect 0 "$smearscope" feedback export list.csv --crops crops
mapfile -t pictures < <(find crops -type f)
[ ${#pictures[@]} = 1 ] || fail "the region was not cut out: $(cat out)"
clean "${pictures[@]}"
! grep -qaE 'Quince|Exif' history.sqlite history.sqlite-wal 2> /dev/null || fail "the EXIF is in the history"
echo ok
