#!/bin/bash
# GIMP 2.10: a region of a scan that no GIMP could load whole; what is selected of a scan is judged
# as it is by itself and in a sweep; a small selection on a large image.
# timeout: 900
cd "$(dirname "$0")/../.." || exit 1
. tests/gimp2/support.sh

"$BUILD/smearscope" synthesise --scan --width 1500 --height 1100 --um-per-pixel 0.25 --seed 5 \
  --output "$WORK/scan.tif" || skip "no scan can be drawn"
"$BUILD/smearscope" synthesise --scan --width 2048 --height 2048 --um-per-pixel 0.25 --seed 6 \
  --output "$WORK/tiles.tif" || skip "no scan can be drawn"
# 300,000 pixels a side, 270 gigabytes: the same sixteen tiles again and again.
python3 tests/scan/giant.py "$WORK/tiles.tif" "$WORK/giant.tif" 586 || fail "no giant"

# As QuPath would hand it over; the sweep judges it as a field of its own.
cat > "$WORK/area.geojson" <<'END'
{"type": "Feature", "properties": {"name": "box"}, "geometry": {"type": "Polygon",
 "coordinates": [[[300, 200], [900, 200], [900, 650], [300, 650], [300, 200]]]}}
END
cat > "$WORK/scan.scm" <<'END'
(define (open-region name x y w h level)
  (car (plug-in-smearscope-open-region RUN-NONINTERACTIVE (file name) x y w h level)))
(define (refusal thunk) (set! last-error "") (catch #f (thunk)) last-error)

; The region opened by itself, judged whole.
(let ((image (open-region "scan.tif" 300 200 600 450 0)))
  (check-equal "its size" (size-of (active image)) '(600 450))
  (check-equal "its resolution, 0.25 µm" (round (car (gimp-image-get-resolution image))) 101600.0)
  (check "nothing to save yet" (= (car (gimp-image-is-dirty image)) FALSE))
  (say "compare region\t" (list-ref* (classify image (active image)) 4))
  (gimp-image-delete image))
; The whole scan loaded by GIMP, the same pixels selected.
(let ((image (load-image "scan.tif")))
  (gimp-image-select-rectangle image CHANNEL-OP-REPLACE 300 200 600 450)
  (say "compare selection\t" (list-ref* (classify image (active image)) 4))
  (gimp-image-delete image))
; Far inside the giant.
(let ((image (open-region "giant.tif" 204800 286720 600 450 0)))
  (say "compare giant\t" (list-ref* (classify image (active image)) 4))
  (gimp-image-delete image))
(check "outside" (contains? (refusal (lambda () (open-region "scan.tif" 1000 1000 600 450 0)))
                            "does not lie inside"))
(check "no such level" (contains? (refusal (lambda () (open-region "scan.tif" 0 0 60 45 3))) "0 to 0"))
(check "no such file" (contains? (refusal (lambda () (open-region "none.tif" 0 0 60 45 0))) "none.tif"))
(check "no file" (contains? (refusal (lambda () (plug-in-smearscope-open-region RUN-NONINTERACTIVE
                                                 "" 0 0 60 45 0))) "which scan"))
(check "far too large" (not (string=? "" (refusal (lambda () (open-region "giant.tif" 0 0 300000 300000 0))))))
END
check_script "$WORK/scan.scm"

"$BUILD/smearscope" scan "$WORK/scan.tif" --regions "$WORK/area.geojson" --output "$WORK/swept" \
  > /dev/null || fail "the scan cannot be swept"
"$BUILD/smearscope" classify --json --region 300,200,600,450 "$WORK/scan.tif" > "$WORK/alone" ||
  fail "the region cannot be judged by itself"
"$BUILD/smearscope" classify --json --region 0,0,600,450 "$WORK/tiles.tif" > "$WORK/tile" ||
  fail "the tiles cannot be judged"
python3 - "$WORK" <<'END' || fail "answers differ"
import json, sys
work = sys.argv[1]
line = lambda name: json.loads (open (f'{work}/{name}').readline ())
said = dict (line.rstrip ('\n').split ('\t') for line in open (f'{work}/said') if '\t' in line)
alone, swept = line ('alone'), line ('swept/regions.jsonl')
keys = 'class', 'probabilities', 'confidence', 'malignant', 'verdict'
def agree (a, b, dx=0, dy=0):
    assert [a[k] for k in keys] == [b[k] for k in keys], (a, b)
    assert len (a['cells']) == len (b['cells']) > 3
    for p, q in zip (a['cells'], b['cells']):
        assert p['box'] == [q['box'][0] + dx, q['box'][1] + dy] + q['box'][2:], (p, q)
        assert p['probabilities'] == q['probabilities'] and p['area'] == q['area'], (p, q)
agree (swept, alone)
agree (json.loads (said['compare selection']), alone)
agree (alone, json.loads (said['compare region']), 300, 200)
agree (json.loads (said['compare giant']), line ('tile'))
END

# A small selection on 20,000 x 20,000 pixels is answered as fast as one on a small image: a second
# where nothing else runs.
"$BUILD/smearscope" synthesise --width 640 --height 480 --um-per-pixel 0.25 --output "$WORK/smear.png"
cat > "$WORK/large.scm" <<'END'
(define (now) (let ((t (gettimeofday))) (+ (car t) (/ (cadr t) 1000000))))
(define (seconds image layer x y)
  (gimp-image-select-rectangle image CHANNEL-OP-REPLACE x y 400 300)
  (let ((before (now)))
    (classify-with image layer "" "" "" 60 TRUE)
    (- (now) before)))
(let* ((image (car (gimp-image-new 20000 20000 RGB)))
       (layer (car (gimp-layer-new image 20000 20000 RGB-IMAGE "large" 100 LAYER-MODE-NORMAL)))
       (smear (load-image "smear.png"))
       (small (active smear)))
  (gimp-image-undo-disable image)
  (gimp-image-insert-layer image layer 0 0)
  (gimp-edit-named-copy small "smear")
  (gimp-floating-sel-anchor (car (gimp-edit-named-paste layer "smear" FALSE)))
  (let loop ((i 0))
    (say "seconds\t" (seconds image layer 9800 9850) "\t" (seconds smear small 120 90))
    (if (< i 4) (loop (+ i 1))))
  (gimp-image-delete image))
END
run_script "$WORK/large.scm" > /dev/null || fail "no answer on 20,000 x 20,000 pixels"
python3 - "$WORK/said" <<'END' || fail "a large image makes the answer slow"
import sys
rows = [[float (n) for n in line.split ('\t')[1:]] for line in open (sys.argv[1]) if line.startswith ('seconds')]
large, small = (min (column) for column in zip (*rows))
print (f'{large:.2f} s on 20,000 x 20,000 pixels, {small:.2f} s on 640 x 480')
sys.exit (large > 3 * small + 0.5)
END
finish
