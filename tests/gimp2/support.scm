; Helpers of the tests in GIMP 2.10. `work` is a folder of the test's own.

(define said (open-output-file (string-append work "/said")))
(define (say . things)
  (for-each (lambda (thing) (display thing said)) things)
  (newline said))
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
(define (classify image drawable)
  (classify-with image drawable "" "" "" 60 TRUE))

; The message of the error that a thunk ends in, "" if in none.
(define (error-of thunk)
  (catch (begin (thunk) "")))
(define last-error "")
(define (parasite-of image)
  (let ((p (catch #f (car (gimp-image-get-parasite image "smearscope-findings")))))
    (if p (caddr p) "")))
