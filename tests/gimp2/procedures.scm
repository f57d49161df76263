; Find cells, export, self-test; big images; what the procedure browser says.

(define (fresh) (load-image "smear.png"))
(define (export-all image stem)
  (map (lambda (suffix)
         (car (plug-in-smearscope-export-findings RUN-NONINTERACTIVE image
                                                  (file (string-append stem suffix)) "")))
       '(".csv" ".jsonl" ".geojson")))
(define (refusal thunk)
  (set! last-error "")
  (catch #f (thunk))
  last-error)

(let* ((image (fresh)) (layer (active image)) (before (state image)))
  (check "nothing to export yet"
         (contains? (refusal (lambda () (export-all image "none"))) "no findings yet"))
  (let* ((all (plug-in-smearscope-find-cells RUN-NONINTERACTIVE image layer "" ""))
         (fewer (plug-in-smearscope-find-cells RUN-NONINTERACTIVE image layer "" "1, 2")))
    (say "cells\t" (car all))
    (check-equal "two left out" (car fewer) (- (car all) 2))
    (check "image left as it was" (equal? before (state image)))
    (check-equal "two groups" (length (layers image)) 3)
    (check-equal "two paths" (car (gimp-image-get-vectors image)) 2)
    (check "a cell nobody found"
           (contains? (refusal (lambda () (plug-in-smearscope-find-cells RUN-NONINTERACTIVE image
                                                                         layer "" "999")))
                      "999"))
    (gimp-image-select-rectangle image CHANNEL-OP-REPLACE 100 60 320 240)
    (classify image layer)
    (check-equal "three findings in each format" (export-all image "findings") '(3 3 3))
    (check "a name without format"
           (contains? (refusal (lambda () (plug-in-smearscope-export-findings
                                            RUN-NONINTERACTIVE image (file "findings.doc") "")))
                      ".geojson"))
    (check "a folder that is not there"
           (contains? (refusal (lambda () (plug-in-smearscope-export-findings
                                            RUN-NONINTERACTIVE image "/nowhere/findings.csv" "")))
                      "/nowhere/findings.csv")))
  ; Findings live in the XCF.
  (gimp-xcf-save 0 image layer (file "kept.xcf") "kept.xcf")
  (gimp-image-delete image))
(let ((image (load-image "kept.xcf")))
  (check-equal "findings come back with the XCF" (export-all image "kept") '(3 3 3))
  (check "so do the marks of our layers"
         (contains? (refusal (lambda () (classify image (car (layers image))))) "made by Smearscope"))
  (gimp-image-delete image))

(let ((result (plug-in-smearscope-self-test RUN-NONINTERACTIVE)))
  (check-equal (string-append "self-test: " (cadr result)) (car result) TRUE))

; Cells are numbered in each image anew.
(let* ((image (fresh)) (layer (active image)))
  (check-equal "no cell of another image is left out"
               (car (plug-in-smearscope-find-cells RUN-WITH-LAST-VALS image layer "" ""))
               (car (plug-in-smearscope-find-cells RUN-NONINTERACTIVE image layer "" "")))
  (gimp-image-delete image))

; A small selection on a large image: only what is selected is read.
(let* ((image (car (gimp-image-new 10000 10000 RGB)))
       (layer (car (gimp-layer-new image 10000 10000 RGB-IMAGE "big" 100 LAYER-MODE-NORMAL)))
       (smear (fresh)))
  (gimp-image-undo-disable image)
  (gimp-image-insert-layer image layer 0 0)
  (apply gimp-image-set-resolution image (gimp-image-get-resolution smear)) ; the scale, as the file has it
  (gimp-edit-named-copy (active smear) "smear")
  (gimp-floating-sel-anchor (car (gimp-edit-named-paste layer "smear" FALSE)))
  (gimp-image-select-rectangle image CHANNEL-OP-REPLACE 4700 4800 600 400)
  (let ((finding (classify image layer)))
    (check-equal "on 10000 x 10000" #t
                 (contains? (list-ref* finding 4) "[4700, 4800, 600, 400]"))
    (compare-with "smear.png" '(20 40 600 400) finding))
  (gimp-image-delete image))
