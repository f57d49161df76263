#!/bin/bash
# GIMP 2.10 in a window: the dialog that opens a region of a scan shows the scan, takes a drag of the
# mouse, and opens what was framed.
# timeout: 900
cd "$(dirname "$0")/../.." || exit 1
. tests/gimp2/support.sh
. tests/gimp2/window.sh

dialog='^Smearscope: Open Region of Scan$'
"$BUILD/smearscope" synthesise --scan --width 4096 --height 3072 --um-per-pixel 0.25 --compression jpeg \
  --output "$WORK/scan.tif" || skip "no scan can be drawn"
# With smaller levels of it, where there is a program for that.
levels=
if command -v vips > /dev/null; then
  vips tiffsave "$WORK/scan.tif" "$WORK/pyramid.tif" --tile --pyramid --compression jpeg &&
    mv "$WORK/pyramid.tif" "$WORK/scan.tif" && levels=yes
fi
# As a person has it who opened a region of it before.
new_profile "$WORK/profile"
mkdir -p "$WORK/profile/smearscope"
printf '[plug-in-smearscope-open-region]\nfile='"'%s'"'\nx=100\ny=200\nwidth=640\nheight=480\nlevel=0\n' \
  "$WORK/scan.tif" > "$WORK/profile/smearscope/last-values.ini"
cat > "$WORK/open.scm" <<'END'
(define (open) (plug-in-smearscope-open-region RUN-INTERACTIVE "" 0 0 1 1 0))
(open)
(say "cancelled, " (car (gimp-image-list)) " images")
(let ((image (car (open))))
  (say "opened " (size-of (active image))))
(let ((image (car (open))))
  (say "dragged " (size-of (active image))))
(let ((image (car (open))))
  (say "smaller " (size-of (active image))))
END
start_screen 1280x900x24
start_gimp "$WORK/open.scm"
wait_for 60 window "$dialog"
press "$dialog" Escape
wait_for 20 said '^cancelled, 0 images'
wait_for 20 window "$dialog"
sleep 2
shot open-region
press "$dialog" Return
wait_for 60 said '^opened (640 480)'
wait_for 20 window "$dialog"
# The picture is on the left, 480 x 360 pixels and 12 from the edges: a quarter of the scan.
sleep 1
id=$(window "$dialog")
xdotool windowactivate --sync "$id" mousemove --window "$id" 72 72 mousedown 1 \
  mousemove --window "$id" 100 100 mousemove --window "$id" 180 150 mousemove --window "$id" 192 162 mouseup 1
sleep 1
shot open-region-dragged
press "$dialog" Return
wait_for 60 said '^dragged'
# 120 of 480 pixels are a quarter of 4096; the theme may move the picture by a little.
sed -n 's/^dragged (\([0-9]*\) \([0-9]*\))/\1 \2/p' "$WORK/said" | {
  read -r width height
  [ "$width" -gt 900 ] && [ "$width" -lt 1150 ] && [ "$height" -gt 670 ] && [ "$height" -lt 870 ]
} || fail "the drag framed something else: $(tail -n 1 "$WORK/said")"
shot region-opened
# The same place on the next level, which is smaller.
wait_for 20 window "$dialog"
sleep 2
press "$dialog" alt+l Down
sleep 1
shot open-region-level
press "$dialog" alt+o
wait_for 60 said '^smaller'
[ -z "$levels" ] || sed -n 's/^\(dragged\|smaller\) (\([0-9]*\) .*/\2/p' "$WORK/said" | {
  read -r dragged
  read -r smaller
  [ "$smaller" -lt $((dragged * 6 / 10)) ]
} || fail "another level shows another place: $(tail -n 2 "$WORK/said")"
stop_gimp
finish
