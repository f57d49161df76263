; The process that stays: it answers while it is there, and nobody needs it.

(define image (load-image "smear.png"))
(define layer (active image))
(define (json result) (list-ref* result 4))
(define (type-of name) (list-ref* (gimp-procedural-db-proc-info name) 5))
(define STAYS 3)
(define STARTED-ANEW 1)

; The shell outside does what is asked, then lays down a file of that name.
(define (ask-outside what)
  (say "please\t" what)
  (let wait () (if (not (file-exists? (file what))) (begin (gimp-image-is-valid image) (wait)))))
(define (count-layers) (length (layers image)))

(ask-outside "idle")
(for-each (lambda (name)
            (check-equal (string-append name " is answered by the process that stays") (type-of name)
                         STAYS))
          '("plug-in-smearscope-classify" "plug-in-smearscope-classify-with-options"
            "plug-in-smearscope-find-cells" "plug-in-smearscope-find-cells-with-options"))
(check-equal "the batch is not" (type-of "plug-in-smearscope-batch") STARTED-ANEW)
(define first-answer (json (classify image layer)))
(check-equal "the same again" (json (classify image layer)) first-answer)
(define (cells) (cadr (plug-in-smearscope-find-cells RUN-NONINTERACTIVE image layer "" "")))
(define first-cells (cells))
(check-equal "errors come through"
             (begin (set! last-error "") (catch #f (classify-with image layer "" "" "" 101 TRUE))
                    (contains? last-error "opacity: 101"))
             #t)
(check-equal "and do no harm" (json (classify image layer)) first-answer)

; Weights of another content under the same name are read anew.
(define (answer-of-file) (json (classify-with image layer (file "model.safetensors") "" "" 60 FALSE)))
(ask-outside "one-model")
(define one (answer-of-file))
(ask-outside "other-model")
(check "a model that has changed is loaded again" (not (equal? (answer-of-file) one)))

; A small selection on a large image: no more of it is read than that.
(let* ((huge (car (gimp-image-new 10000 10000 RGB)))
       (canvas (car (gimp-layer-new huge 10000 10000 RGB-IMAGE "huge" 100 LAYER-MODE-NORMAL))))
  (gimp-image-undo-disable huge)
  (gimp-image-insert-layer huge canvas 0 0)
  (gimp-edit-named-copy layer "smear")
  (gimp-floating-sel-anchor (car (gimp-edit-named-paste canvas "smear" FALSE)))
  (gimp-image-select-rectangle huge CHANNEL-OP-REPLACE 4680 4760 640 480)
  (ask-outside "huge")
  (check "a part of 10,000 x 10,000" (contains? (json (classify huge canvas)) "[4680, 4760, 640, 480]"))
  (ask-outside "part-of-huge")
  (gimp-image-delete huge))

; 200 runs.
(define (run-many n)
  (if (> n 0)
      (begin
        (plug-in-smearscope-classify-with-options RUN-NONINTERACTIVE image layer "" "" "" 60 TRUE 0 TRUE
                                                  TRUE TRUE "replace" "" FALSE)
        (run-many (- n 1)))))
(gimp-image-undo-disable image)
(gimp-image-select-ellipse image CHANNEL-OP-REPLACE 100 60 160 120)
(run-many 50)
(ask-outside "after-50")
(run-many 150)
(ask-outside "after-200")
(gimp-image-undo-enable image)
(gimp-selection-none image)

; Killed in the middle of a run, then gone for good. The run takes seconds, and the shell outside kills
; as soon as it has begun. Between two runs nothing would be cut off: a process of its own would answer.
(gimp-image-scale image 12000 9000)
(define before (count-layers))
(say "please\tkill")
(check-equal "a run is cut off when it dies"
             (catch "cut off" (begin (classify image layer) "never"))
             "cut off")
(check-equal "nothing of it is left behind" (count-layers) before)
(gimp-image-delete image)
(set! image (load-image "smear.png"))
(set! layer (active image))
(check-equal "the plug-in itself is back" (type-of "plug-in-smearscope-classify") STARTED-ANEW)
(check-equal "and says the same" (json (classify image layer)) first-answer)
(check-equal "of cells too" (cells) first-cells)
(gimp-image-delete image)
