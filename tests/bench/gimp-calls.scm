; Milliseconds of each of five calls on one image in this GIMP.
(define (milliseconds)
  (let ((now (gettimeofday)))
    (+ (* 1000 (car now)) (/ (cadr now) 1000))))

(define image (load-image "smear.png"))
(let loop ((calls 5))
  (if (> calls 0)
      (let ((start (milliseconds)))
        (classify image (active image))
        (say (- (milliseconds) start))
        (loop (- calls 1)))))
