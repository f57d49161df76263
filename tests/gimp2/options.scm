; Every option of the dialog is an argument, with its range told and enforced.

(define NAME "plug-in-smearscope-classify-with-options")
(define (fresh) (load-image "smear.png"))
(define (run . options)
  (let* ((image (fresh)) (layer (active image)))
    (cons image (apply plug-in-smearscope-classify-with-options
                       (append (list RUN-NONINTERACTIVE image layer) options (list FALSE))))))
(define (overlay image) (car (layers image)))
(define (heat image) (car (reverse (children (overlay image)))))
(define (json result) (list-ref* result 4))
(define (paths image) (car (gimp-image-get-vectors image)))

; Pixels here and there of a layer.
(define (samples layer)
  (let loop ((i 0) (seen '()))
    (if (= i 400) seen
        (loop (+ i 1)
              (cons (pixel layer (modulo (* i 37) (car (size-of layer)))
                           (modulo (* i 91) (cadr (size-of layer)))) seen)))))
(define (hidden layer) (length (filter* (lambda (p) (= (cadddr p) 0)) (samples layer))))

; What the procedure browser says of each.
(let ((n (list-ref* (gimp-procedural-db-proc-info NAME) 6)))
  (let loop ((i 0))
    (if (< i n)
        (let ((arg (gimp-procedural-db-proc-arg NAME i)))
          (say "argument\t" (cadr arg) "\t" (caddr arg))
          (loop (+ i 1))))))

; All defaults written out are what the plain name does.
(let* ((full (run "" "winner" "viridis" 60 TRUE 0 TRUE TRUE TRUE "add" "keep"))
       (image (fresh)) (plain (classify image (active image))))
  (check-equal "same results" (json (cdr full)) (json plain))
  (check-equal "same layers" (map name-of (children (overlay (car full))))
               (map name-of (children (overlay image))))
  (check-equal "same heat map" (samples (heat (car full))) (samples (heat image)))
  (check-equal "same paths" (paths (car full)) (paths image))
  (gimp-image-delete image)
  (gimp-image-delete (car full)))

(let* ((plain (car (run "" "" "" 60 TRUE 0 FALSE FALSE FALSE "" "")))
       (cut (car (run "" "" "" 60 TRUE 0.5 FALSE FALSE FALSE "" "")))
       (captioned (car (run "" "" "" 60 TRUE 0 FALSE TRUE FALSE "" "")))
       (barred (car (run "" "" "" 60 TRUE 0 FALSE TRUE TRUE "" ""))))
  (check "a threshold hides what is below" (> (hidden (heat cut)) (hidden (heat plain))))
  (check-equal "no outlines, no path" (paths plain) 0)
  (check-equal "no caption" (length (children (overlay plain))) 1)
  (check-equal "a caption" (length (children (overlay captioned))) 2)
  (check "a colour bar takes room"
         (> (cadr (size-of (car (children (overlay barred)))))
            (cadr (size-of (car (children (overlay captioned)))))))
  (for-each gimp-image-delete (list plain cut captioned barred)))

; The cells show through as in the preview: a plain mix of the numbers.
(let* ((image (car (run "" "" "" 60 TRUE 0 FALSE FALSE FALSE "" ""))) (layer (active image))
       (flat (car (gimp-image-flatten (car (gimp-image-duplicate image)))))
       (map-there (heat image)))
  (define (mixed? x y)
    (let* ((over (pixel map-there x y)) (share (/ (* 0.6 (cadddr over)) 255)))
      (let loop ((below (pixel layer x y)) (over over) (seen (pixel flat x y)))
        (or (null? seen)
            (and (<= (abs (- (+ (* (- 1 share) (car below)) (* share (car over))) (car seen))) 2)
                 (loop (cdr below) (cdr over) (cdr seen)))))))
  (check "what is seen is a mix of image and map"
         (let loop ((i 0))
           (or (= i 2000)
               (and (mixed? (modulo (* i 37) 640) (modulo (* i 91) 480)) (loop (+ i 1))))))
  (gimp-image-delete image))

(let* ((image (fresh)) (layer (active image)))
  (define (again earlier)
    (plug-in-smearscope-classify-with-options RUN-NONINTERACTIVE image layer "" "" "" 60 TRUE 0 TRUE
                                              TRUE TRUE earlier "" FALSE)
    (plug-in-smearscope-find-cells-with-options RUN-NONINTERACTIVE image layer "" "" FALSE "add" "" FALSE)
    (length (layers image)))
  (check-equal "a run and its cells" (again "add") 3)
  (check-equal "and again" (again "add") 5)
  (check-equal "in their place" (again "replace") 3)
  (gimp-image-delete image))

(for-each
  (lambda (what convert type)
    (let* ((image (fresh)) (layer (active image)))
      (define (run earlier colours)
        (plug-in-smearscope-classify-with-options RUN-NONINTERACTIVE image layer "published-cnn" "" "" 60
                                                  TRUE 0 TRUE TRUE TRUE earlier colours FALSE)
        (car (gimp-image-base-type image)))
      (convert image)
      (check-equal (string-append what ": kept") (run "" "keep") type)
      (check-equal (string-append what ": made RGB") (run "replace" "convert") RGB)
      (gimp-image-delete image)))
  '("grey" "indexed")
  (list gimp-image-convert-grayscale
        (lambda (image)
          (gimp-image-convert-indexed image CONVERT-DITHER-NONE CONVERT-PALETTE-GENERATE 64 FALSE FALSE
                                      "")))
  (list GRAY INDEXED))

(let* ((image (fresh)) (layer (active image)))
  (define (refused word . options)
    (set! last-error "")
    (catch #f (apply plug-in-smearscope-classify-with-options
                     (append (list RUN-NONINTERACTIVE image layer) options (list FALSE))))
    (check (string-append "refused: \"" last-error "\"") (contains? last-error word)))
  (refused "threshold: 2" "" "" "" 60 TRUE 2 TRUE TRUE TRUE "" "")
  (refused "threshold: -0.1" "" "" "" 60 TRUE -0.1 TRUE TRUE TRUE "" "")
  (refused "opacity: -1" "" "" "" -1 TRUE 0 TRUE TRUE TRUE "" "")
  (refused "earlier: \"burn\"" "" "" "" 60 TRUE 0 TRUE TRUE TRUE "burn" "")
  (refused "colours: \"paint\"" "" "" "" 60 TRUE 0 TRUE TRUE TRUE "" "paint")
  (check-equal "nothing half done" (length (layers image)) 1)
  (gimp-image-delete image))
