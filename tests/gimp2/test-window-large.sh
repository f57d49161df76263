#!/bin/bash
# GIMP 2.10 on a screen of twice the usual density, with its dark theme: the dialog grows with its
# letters, the picture too, and fits.
# timeout: 900
cd "$(dirname "$0")/../.." || exit 1
. tests/gimp2/support.sh
. tests/gimp2/window.sh
command -v xprop >/dev/null || skip "xprop is not installed"

dialog='^Smearscope: Classify$'
smear smear.png
start_screen 1920x1400x24
# Without a client X forgets what it was told.
wait_for 20 xprop -root _NET_SUPPORTING_WM_CHECK
sleep 1
xprop -root -f RESOURCE_MANAGER 8s -set RESOURCE_MANAGER "Xft.dpi:	192"
new_profile "$WORK/profile"
echo '(theme "Dark")' >> "$WORK/profile/gimprc"
start_gimp "$PWD/tests/gimp2/window.scm"
wait_for 60 window "$dialog"
sleep 1
shot dialog-200
eval "$(xdotool getwindowgeometry --shell "$(window "$dialog")")"
[[ $WIDTH -gt 1200 && $HEIGHT -gt 800 ]] || fail "at 200 % the dialog is only $WIDTH x $HEIGHT"
[[ $WIDTH -le 1920 && $HEIGHT -le 1370 ]] || fail "the dialog does not fit: $WIDTH x $HEIGHT"
[ "$(background "$dialog")" -lt 110 ] || fail "the dialog is not dark: $(background "$dialog")"
answer "$dialog" Escape
wait_for 20 said '^layers'
stop_gimp
finish
