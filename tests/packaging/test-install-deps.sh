#!/bin/bash
# packaging/install-deps: quick where nothing is missing, exact about what is, clear without root.
set -eu
cd "$(dirname "$0")/../.."
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
fail () { echo "$*" >&2; exit 1; }

# A machine of our own making: dpkg knows what the file says, apt-get only notes its call.
mkdir "$scratch/bin"
cat > "$scratch/bin/dpkg-query" <<'END'
#!/bin/sh
sed 's/^/installed /' "$INSTALLED"
END
printf '#!/bin/sh\necho "$@" >> "$APT_CALLS"\n' > "$scratch/bin/apt-get"
printf '#!/bin/sh\n[ "$2" != libgimp-3.0-dev ]\n' > "$scratch/bin/apt-cache"
printf '#!/bin/sh\nexit 1\n' > "$scratch/bin/sudo"
printf '#!/bin/sh\necho "${FAKE_UID:-0}"\n' > "$scratch/bin/id"
chmod +x "$scratch"/bin/*
export INSTALLED="$scratch/installed" APT_CALLS="$scratch/calls"
PATH=$scratch/bin:/usr/bin:/bin
: > "$APT_CALLS"

: > "$INSTALLED"
packaging/install-deps --list build test > "$scratch/all"
grep -qx libtiff-dev "$scratch/all" || fail "--list on a bare machine leaves libtiff-dev out"

tr '|' '\n' < "$scratch/all" > "$INSTALLED"
sed -i '/libgimp-3.0-dev/d' "$INSTALLED"
packaging/install-deps > "$scratch/said"
[ ! -s "$APT_CALLS" ] || fail "apt was called although nothing was missing"

sed -i '/^libtiff-dev$/d; /^libgimp2.0-dev$/d' "$INSTALLED"
packaging/install-deps > "$scratch/said"
grep -q 'install-deps: installing libtiff-dev libgimp2.0-dev' "$scratch/said" ||
  fail "does not say what it installs: $(cat "$scratch/said")"
grep -q 'install -y --no-install-recommends libtiff-dev libgimp2.0-dev$' "$APT_CALLS" ||
  fail "apt was asked for something else: $(cat "$APT_CALLS")"

if FAKE_UID=1000 packaging/install-deps 2> "$scratch/said"; then
  fail "success without root and without the packages"
fi
grep -q "as root, then go on:  $PWD/packaging/install-deps build test" "$scratch/said" ||
  fail "does not say what to run as root: $(cat "$scratch/said")"

if packaging/install-deps nonsense 2> "$scratch/said"; then fail "took a group that is none"; fi
grep -q "no group 'nonsense'" "$scratch/said" || fail "does not name the wrong group"
