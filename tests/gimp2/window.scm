; In a window: the smear with a selection, and the procedure as the menu runs it.
(define image (load-image "smear.png"))
(gimp-image-clean-all image)
(gimp-display-new image)
(gimp-image-select-rectangle image CHANNEL-OP-REPLACE 40 30 480 360)
(gimp-displays-flush)
(define before (state image))

(define (ask)
  (plug-in-smearscope-classify RUN-INTERACTIVE image (active image) "" "" "" 60 TRUE)
  (say "layers " (length (layers image)) ", left as it was " (equal? before (state image))
       ", findings " (if (string=? (parasite-of image) "") "no" "yes")))
(ask)
(ask)
