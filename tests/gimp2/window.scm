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

; Once more without asking, then cells; the answer of each is in the image's findings.
(define (findings)
  (let loop ((i 0) (n 0) (text (parasite-of image)))
    (cond ((> (+ i 8) (string-length text)) n)
          ((string=? (substring text i (+ i 8)) "\"file\": ") (loop (+ i 8) (+ n 1) text))
          (else (loop (+ i 1) n text)))))
(plug-in-smearscope-classify RUN-WITH-LAST-VALS image (active image) "" "" "" 60 TRUE)
(say "with last values " (findings))
(plug-in-smearscope-find-cells RUN-INTERACTIVE image (active image) "" "")
(say "with cells " (findings))

; What the dialog was told, by script: the same to the bit.
(define (heat group) (car (reverse (children group))))
(define (samples layer)
  (let loop ((i 0) (seen '()))
    (if (= i 2000) seen
        (loop (+ i 1) (cons (pixel layer (modulo (* i 37) 480) (modulo (* i 91) 360)) seen)))))
(define told (parasite-of image))
(define by-dialog (list-ref* (layers image) 2))
(define by-script
  (list-ref* (plug-in-smearscope-classify RUN-NONINTERACTIVE image (active image) "" "winner" "inferno" 60
                                          TRUE) 4))
(say "by script the same findings " (contains? told by-script)
     ", the same heat map " (equal? (samples (heat by-dialog)) (samples (heat (car (layers image))))))
