; Helpers of the tests in GIMP 2.10. `work` is a folder of the test's own.

; Appended line by line, so that a test outside can read along: at no time is there less than before.
(define (say . things)
  (let ((port (open-input-output-file (string-append work "/said"))))
    (for-each (lambda (thing) (display thing port)) things)
    (newline port)
    (close-input-port port)
    (close-output-port port)))
(define (check what holds)
  (say (if holds "ok " "FAILED ") what))
(define (check-equal what is should-be)
  (check (if (equal? is should-be) what
             (begin (say "  is " is ", should be " should-be) what))
         (equal? is should-be)))

(define (file name) (string-append work "/" name))
(define (load-image name) (car (gimp-file-load RUN-NONINTERACTIVE (file name) name)))
(define (active image) (car (gimp-image-get-active-layer image)))
(define (layers image) (vector->list (cadr (gimp-image-get-layers image))))
(define (children group) (vector->list (cadr (gimp-item-get-children group))))
(define (name-of item) (car (gimp-item-get-name item)))
(define (offsets item) (gimp-drawable-offsets item))
(define (size-of item) (list (car (gimp-drawable-width item)) (car (gimp-drawable-height item))))

(define (pixel drawable x y)
  (vector->list (cadr (gimp-drawable-get-pixel drawable x y))))

; A string within another: TinyScheme has no such thing.
(define (contains? text part)
  (let ((n (string-length part)))
    (let loop ((i 0))
      (cond ((> (+ i n) (string-length text)) #f)
            ((string=? (substring text i (+ i n)) part) #t)
            (else (loop (+ i 1)))))))
(define (starts? text part)
  (and (>= (string-length text) (string-length part))
       (string=? (substring text 0 (string-length part)) part)))

; Results: class confidence n probabilities json.
(define (classify-with image drawable model class map opacity heat)
  (plug-in-smearscope-classify RUN-NONINTERACTIVE image drawable model class map opacity heat))
(define model "") ; the default one
(define (classify image drawable)
  (classify-with image drawable model "" "" 60 TRUE))

; The message of the last error that was caught: Script-Fu's own catch throws it away.
(define last-error "")
(set! *error-hook*
      (lambda what
        (set! last-error (car what))
        (if (more-handlers?) ((pop-handler)) (apply error what))))

(define (parasite-of image)
  (let ((p (catch #f (car (gimp-image-get-parasite image "smearscope-findings")))))
    (if p (caddr p) "")))

; The finding of a result, for tests/gimp2/compare.py to hold against the command line's of `name`
; (over `region`, a list, or all where it is empty).
(define (compare-with name region result)
  (say "compare\t" name "\t" region "\t" (list-ref* result 4)))
(define (list-ref* list n) (if (= n 0) (car list) (list-ref* (cdr list) (- n 1))))
(define (save-png image name)
  (let* ((copy (car (gimp-image-duplicate image)))
         (layer (car (gimp-image-merge-visible-layers copy CLIP-TO-IMAGE))))
    (file-png-save2 RUN-NONINTERACTIVE copy layer (file name) name 0 1 0 0 0 1 0 0 0)
    (gimp-image-delete copy)))

; What a run must not touch.
(define (state image)
  (list (car (gimp-image-base-type image)) (car (gimp-image-get-precision image))
        (active image) (gimp-selection-bounds image)
        (let ((profile (gimp-image-get-color-profile image))) (car profile))
        (car (gimp-image-width image)) (car (gimp-image-height image))))

(define (filter* holds? things)
  (cond ((null? things) '())
        ((holds? (car things)) (cons (car things) (filter* holds? (cdr things))))
        (else (filter* holds? (cdr things)))))
