; What is selected is what is judged; one undo step; what cannot be judged is told.

(define (fresh) (load-image "smear.png"))
(define (overlay image) (car (layers image)))
(define (json result) (list-ref* result 4))

(define (refusal image drawable . arguments)
  (let ((options (if (null? arguments) '("" "" "" 60 1) arguments)))
    (set! last-error "")
    (catch #f (apply plug-in-smearscope-classify
                     (append (list RUN-NONINTERACTIVE image drawable) options)))
    last-error))
(define (check-refused what message part)
  (check (string-append what ": \"" message "\"") (contains? message part)))

; A rectangle.
(let* ((image (fresh)) (layer (active image)))
  (gimp-image-select-rectangle image CHANNEL-OP-REPLACE 100 60 320 240)
  (let ((before (state image)) (result (classify image layer)))
    (compare-with "smear.png" '(100 60 320 240) result)
    (check-equal "class is the finding's" #t
                 (contains? (json result) (string-append "\"class\": \"" (car result) "\"")))
    (check-equal "as many probabilities as classes" (caddr result) 4)
    (check "confidence is the highest probability"
           (= (cadr result) (apply max (vector->list (list-ref* result 3)))))
    (check "selection, active layer, mode kept" (equal? before (state image)))
    (let ((heat (car (reverse (children (overlay image))))))
      (check-equal "heat map at the selection" (append (offsets heat) (size-of heat))
                   '(100 60 320 240))
      (check-equal "heat map's opacity" (car (gimp-layer-get-opacity heat)) 60.0)
      (check "heat map named with class"
             (contains? (name-of heat) "%")))
    (check "a path outlines it" (= (car (gimp-image-get-vectors image)) 1)))
  (gimp-image-delete image))

; Three parts, one of them round, one too small; each is judged by itself.
(let* ((image (fresh)) (layer (active image)))
  (gimp-image-select-rectangle image CHANNEL-OP-REPLACE 20 10 240 180)
  (gimp-image-select-rectangle image CHANNEL-OP-ADD 300 250 320 200)
  (gimp-image-select-rectangle image CHANNEL-OP-ADD 500 20 8 8)
  (gimp-image-select-ellipse image CHANNEL-OP-ADD 330 30 160 120)
  (let ((result (classify image layer)))
    (check "three findings" (contains? (name-of (overlay image)) "3"))
    (check "first part" (contains? (json result) "[20, 10, 240, 180]"))
    (check "second part" (contains? (json result) "[330, 30, 160, 120]"))
    (check "third part" (contains? (json result) "[300, 250, 320, 200]"))
    (check "the small part is left out" (not (contains? (json result) "[500, 20")))
    (let* ((heats (filter* (lambda (item) (starts? (name-of item) "Heat map")) (children (overlay image))))
           (round (car (filter* (lambda (item) (equal? (offsets item) '(330 30))) heats))))
      (check-equal "a heat map for each" (length heats) 3)
      (check-equal "nothing outside the round one" (cadddr (pixel round 0 0)) 0)
      (check "something inside of it"
             (let loop ((y 4))
               (cond ((>= y 120) #f)
                     ((let row ((x 4)) (and (< x 160) (or (> (cadddr (pixel round x y)) 0) (row (+ x 8))))) #t)
                     (else (loop (+ y 8))))))))
  (gimp-image-delete image))

; Partly outside of the canvas and of the layer.
(let* ((image (fresh)) (layer (active image)))
  (gimp-image-resize image 800 600 0 0)
  (gimp-image-select-rectangle image CHANNEL-OP-REPLACE 500 300 400 400)
  (compare-with "smear.png" '(500 300 140 180) (classify image layer))
  (gimp-image-select-rectangle image CHANNEL-OP-REPLACE 650 100 100 100)
  (check-refused "beside the layer" (refusal image layer) "does not touch")
  (gimp-image-delete image))

; A layer at an offset: the selection's places are the canvas's, the pixels the layer's.
(let* ((image (fresh)) (layer (active image)))
  (gimp-layer-set-offsets layer -200 -100)
  (gimp-image-select-rectangle image CHANNEL-OP-REPLACE 0 0 300 300)
  (let ((result (classify image layer)))
    (compare-with "smear.png" '(200 100 300 300) result)
    (check "its place is the canvas's" (contains? (json result) "[0, 0, 300, 300]")))
  (gimp-image-select-rectangle image CHANNEL-OP-REPLACE 10 10 12 200)
  (check-refused "too small a selection" (refusal image layer) "16 × 16")
  (gimp-selection-none image)
  (gimp-layer-set-offsets layer 640 100)
  (check-refused "outside of the canvas" (refusal image layer) "outside of the canvas")
  (set! last-error "")
  (catch #f (plug-in-smearscope-find-cells RUN-NONINTERACTIVE image layer "" ""))
  (check "nor are cells looked for there" (contains? last-error "outside of the canvas"))
  (gimp-image-delete image))

; No heat map: nothing but the findings.
(let* ((image (fresh)) (layer (active image)))
  (let ((with (json (classify image layer))))
    (check-equal "same answer without heat map" (json (classify-with image layer "" "" "" 60 FALSE)) with))
  (check-equal "one overlay alone" (length (layers image)) 2)
  (gimp-image-delete image))

; Twice: the heat map of the first run is not what the second one sees.
(let* ((image (fresh)) (layer (active image))
       (first (json (classify image layer))) (second (json (classify image (active image)))))
  (check-equal "the same again" second first)
  (check-refused "our own group" (refusal image (overlay image)) "made by Smearscope")
  (check-refused "our own layer" (refusal image (car (children (overlay image)))) "made by Smearscope")
  (gimp-image-delete image))

; Any class, any colours.
(let* ((image (fresh)) (layer (active image)))
  (for-each (lambda (class)
              (check (string-append "explains " class)
                     (> (string-length (json (classify-with image layer "" class "turbo" 100 TRUE))) 0)))
            '("winner" "Benign" "Early" "Pre" "Pro"))
  (check-refused "no such class" (refusal image layer "" "Blast" "" 60 1) "class: \"Blast\"")
  (check-refused "no such colours" (refusal image layer "" "" "rainbow" 60 1) "colour-map: \"rainbow\"")
  (check-refused "opacity out of range" (refusal image layer "" "" "" 101 TRUE) "opacity: 101")
  (check-refused "no such model" (refusal image layer "/nowhere.safetensors" "" "" 60 1)
                 "/nowhere.safetensors")
  (check-equal "nothing half done" (length (layers image)) 6)
  (gimp-image-delete image))

; A channel, the selection, a single pixel.
(let* ((image (fresh)) (channel (car (gimp-channel-new image 640 480 "c" 50 '(0 0 0)))))
  (gimp-image-insert-channel image channel 0 0)
  (check-refused "a channel" (refusal image channel) "channel")
  (check-refused "the selection" (refusal image (car (gimp-image-get-selection image))) "channel")
  (gimp-image-delete image))
(let* ((image (car (gimp-image-new 1 1 RGB)))
       (layer (car (gimp-layer-new image 1 1 RGB-IMAGE "l" 100 LAYER-MODE-NORMAL))))
  (gimp-image-insert-layer image layer 0 0)
  (check-refused "one pixel" (refusal image layer) "1 × 1")
  (gimp-image-delete image))
