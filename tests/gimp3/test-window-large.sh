#!/bin/bash
# GIMP 3 in a window at 200 % scale, dark and in German: the dialog speaks it and fits on the screen.
# timeout: 900
. "$(dirname "$0")/support.sh"
. tests/gimp3/window.sh
draw_smear
dialog='^Smearscope: Klassifizieren$'
start_screen 1920x1400x24
echo '(theme-color-scheme dark)' >> "$GIMP3_DIRECTORY/gimprc"
mkdir "$WORK/locale"
localedef -i de_DE -f UTF-8 "$WORK/locale/de_DE.UTF-8" 2>"$WORK/localedef.log" ||
  skip "there is no German locale and none can be made: $(tail -n 1 "$WORK/localedef.log")"
LOCPATH=$WORK/locale LC_ALL=de_DE.UTF-8 GDK_SCALE=2 ORDERS="classify" start_gimp open_smear
wait_for 180 window "$dialog"
sleep 2
shot dialog-german-200
eval "$(xdotool getwindowgeometry --shell "$(window "$dialog")")"
[ "$WIDTH" -gt 1000 ] || fail "at 200 % the dialog is only $WIDTH pixels wide"
[[ $WIDTH -le 1920 && $HEIGHT -le 1370 ]] || fail "the dialog does not fit: $WIDTH x $HEIGHT"
[ "$(background "$dialog")" -lt 110 ] || fail "the dialog is not dark: $(background "$dialog")"
answer "$dialog" Escape
wait_for 90 said 1
[ "$(said 1)" = 'cancelled 1 layers, as it was: true, findings: false' ] || fail "after Cancel: $(said 1)"
stop_gimp
finish
