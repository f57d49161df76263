#!/bin/bash
# make install, the README's program in C against what it installed, make uninstall.
set -eu
cd "$(dirname "$0")/../.."
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
fail () { echo "$*" >&2; exit 1; }

# Into a home of its own: nothing of the user's may be touched.
export HOME=$scratch/home BUILD=${BUILD:-build} MAKEFLAGS='' MAKELEVEL=1
unset SMEARSCOPE_WEIGHTS XDG_DATA_HOME XDG_CONFIG_HOME
prefix=$HOME/.local
mkdir "$HOME"
# A library under a sanitizer wants programs built the same way.
san=()
case $BUILD in */asan) san=("-fsanitize=address,undefined") ;; esac

install () { make -s BUILD="$BUILD" "$@" > "$scratch/log" 2>&1 || { cat "$scratch/log" >&2; fail "make $*"; }; }
install install

"$BUILD/smearscope" synthesise --class Pre --seed 5 --width 512 --height 384 --output "$scratch/smear.png"
(cd / && "$prefix/bin/smearscope" classify --json "$scratch/smear.png") > "$scratch/by-command"

sed -n '/^```c$/,/^```$/{/^```/!p}' README.md > "$scratch/judge.c"
grep -q smear_classify "$scratch/judge.c" || fail "README.md has no program in C"
export PKG_CONFIG_PATH=$prefix/lib/pkgconfig
# shellcheck disable=SC2046
gcc -Wall -Wextra -Werror "${san[@]}" "$scratch/judge.c" $(pkg-config --cflags --libs smearscope) \
  -Wl,-rpath,"$prefix/lib" -o "$scratch/judge"
"$scratch/judge" "$scratch/smear.png" > "$scratch/by-program"
# The one knows the file's name, the other only its pixels.
sed -i 's/^{"file": [^,]*, /{/' "$scratch/by-command" "$scratch/by-program"
diff "$scratch/by-command" "$scratch/by-program" || fail "the program answers otherwise than the command"

# Every function that the headers declare is there to be linked with, and no other.
sed -n 's/^[A-Za-z].*\b\(smear_[a-z0-9_]*\) (.*/\1/p' "$prefix"/include/smearscope/*.h | sort > "$scratch/declared"
nm -D --defined-only "$prefix/lib/libsmearscope.so" | awk '{ print $3 }' | sort > "$scratch/exported"
[ "${#san[@]}" -gt 0 ] || diff "$scratch/declared" "$scratch/exported" ||
  fail "declared (<) and exported (>) differ"

install uninstall
left=$(find "$HOME" -type f -path '*mearscope*')
[ -z "$left" ] || fail "uninstall left behind: $left"

# A packager's way: nothing outside DESTDIR, no trace of it inside.
install install DESTDIR="$scratch/stage" prefix=/usr
[ -x "$scratch/stage/usr/bin/smearscope" ] || fail "DESTDIR is not honoured"
! grep -r "$scratch" "$scratch/stage/usr/lib/pkgconfig" || fail "DESTDIR got into the pkg-config file"
left=$(find "$HOME" -type f -path '*mearscope*')
[ -z "$left" ] || fail "an install into DESTDIR also wrote $left"
