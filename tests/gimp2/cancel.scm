; In a window: a smear so large that judging it takes a while, judged in every way there is.
(define image (load-image "smear.png"))
(gimp-image-scale image 12000 9000)
(gimp-image-clean-all image)
(gimp-display-new image)
(gimp-displays-flush)
(define before (state image))

(define (run how mode)
  (say "starts " how)
  (catch #f (plug-in-smearscope-classify mode image (active image) "" "" "" 60 TRUE))
  (say how ": layers " (length (layers image)) ", paths " (car (gimp-image-get-vectors image))
       ", left as it was " (equal? before (state image)) ", findings "
       (if (string=? (parasite-of image) "") "no" "yes") ", changed " (car (gimp-image-is-dirty image))
       "."))
(run "in the process that stays" RUN-NONINTERACTIVE)
(run "in a process of its own" RUN-NONINTERACTIVE)
(run "after the dialog" RUN-INTERACTIVE)
; Nothing was put on the undo stack: what undo takes back is what was done before.
(gimp-item-set-name (active image) "renamed")
(say "the end")
