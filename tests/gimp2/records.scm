; Recording, history, feedback, reports and settings, as a script calls them.
(define (settings recording)
  (car (plug-in-smearscope-history-settings RUN-NONINTERACTIVE recording "" "" -1 "" "")))
(define (history) (plug-in-smearscope-history RUN-NONINTERACTIVE "" "" "" "" "" "" 0))
(define (found name class since)
  (car (plug-in-smearscope-history RUN-NONINTERACTIVE name class "" "" since "" 0)))
(define (refusal thunk)
  (set! last-error "")
  (catch #f (thunk))
  last-error)
(define (feedback image finding cell opinion class who)
  (car (plug-in-smearscope-feedback RUN-NONINTERACTIVE image finding cell opinion class who "")))
(define (report image layer name paper)
  (car (plug-in-smearscope-report RUN-NONINTERACTIVE image layer (file name) paper
                                  "Smears of today" "Ward 9" "magma")))

; Nothing is kept unless asked for.
(let* ((image (load-image "smear.png")) (layer (active image)))
  (check "no findings, no report" (contains? (refusal (lambda () (report image layer "no.pdf" "")))
                                             "no findings yet"))
  (classify image layer)
  (check "no history" (contains? (refusal history) "no history yet"))
  (check "nothing to say of what was not kept"
         (contains? (refusal (lambda () (feedback image 0 0 "agree" "" "")))
                    "not in the history"))
  (check-equal "a report without a history" (report image layer "unkept.html" "") 1)
  (gimp-image-delete image))

(check "the setting is told" (contains? (settings "on") "record=on"))
(let* ((image (load-image "smear.png")) (layer (active image)) (before (state image)))
  (classify image layer)
  (gimp-image-select-rectangle image CHANNEL-OP-REPLACE 100 60 320 240)
  (classify image layer)
  (gimp-selection-none image)
  (plug-in-smearscope-find-cells RUN-NONINTERACTIVE image layer "" "")
  (check-equal "three are kept" (car (history)) 3)
  (check "as JSON" (contains? (cadr (history)) "\"file\": \"smear.png\""))
  (check-equal "by part of a name" (found "SMEAR" "" "") 3)
  (check-equal "by another name" (found "other" "" "") 0)
  (check-equal "in the future" (found "" "" "2999-01-01") 0)
  (check "a day that is none" (contains? (refusal (lambda () (found "" "" "soon"))) "soon"))
  (check-equal "the first word" (feedback image 1 0 "flag" "" "Dr Lind") 4)
  (check-equal "on a cell" (feedback image 0 1 "correct" "Benign" "Dr Lind") 5)
  (check "a cell that is none"
         (contains? (refusal (lambda () (feedback image 0 99 "agree" "" ""))) "99"))
  (check "a finding that is none"
         (contains? (refusal (lambda () (feedback image 9 0 "agree" "" ""))) "there is no 9"))
  (check-equal "by its number"
               (car (plug-in-smearscope-history-feedback RUN-NONINTERACTIVE 2 0 "correct" "Pro" "" ""))
               6)
  (check-equal "three on paper" (report image layer "three.pdf" "letter") 3)
  (check-equal "and as a page" (report image layer "three.html" "") 3)
  (check "a report of no kind"
         (contains? (refusal (lambda () (report image layer "three.doc" ""))) ".pdf or .html"))
  (check "left as it was" (equal? before (state image)))
  (gimp-image-delete image))

(check-equal "findings on paper"
             (car (plug-in-smearscope-history-report RUN-NONINTERACTIVE "1-2,3" (file "history.html")
                                                     "" "" "" ""))
             3)
(check "run again: the same"
       (= TRUE (car (plug-in-smearscope-history-reproduce RUN-NONINTERACTIVE 1))))
(check "a region run again: the same"
       (= TRUE (car (plug-in-smearscope-history-reproduce RUN-NONINTERACTIVE 2))))
(check "cells run again: the same"
       (= TRUE (car (plug-in-smearscope-history-reproduce RUN-NONINTERACTIVE 3))))
(let ((compared (plug-in-smearscope-history-compare RUN-NONINTERACTIVE 1 2)))
  (check "two findings differ" (> (car compared) 0))
  (check "in their regions" (contains? (cadr compared) "100, 60, 320 × 240")))
(let ((opened (plug-in-smearscope-history-open RUN-NONINTERACTIVE 2)))
  (check-equal "the image again" (car (gimp-image-width (car opened))) 640)
  (check-equal "is unchanged" (cadr opened) TRUE))
(let ((agreement (plug-in-smearscope-feedback-agreement RUN-NONINTERACTIVE "" "" "")))
  (check "agreement" (contains? (caddr agreement) "flagged")))
(check-equal "a list to train from holds the region only with cut-outs"
             (list (car (plug-in-smearscope-feedback-export RUN-NONINTERACTIVE (file "list.csv") ""))) '(0))
(plug-in-smearscope-history-export RUN-NONINTERACTIVE (file "table.csv"))
(check-equal "whole" (car (plug-in-smearscope-history-verify RUN-NONINTERACTIVE "")) TRUE)
(plug-in-smearscope-history-erase RUN-NONINTERACTIVE 3 "asked for")
(check-equal "and whole after an erasure" (car (plug-in-smearscope-history-verify RUN-NONINTERACTIVE "")) TRUE)
(check "what was erased does not open"
       (contains? (refusal (lambda () (plug-in-smearscope-history-open RUN-NONINTERACTIVE 3))) "erased"))

; Encrypted and back, with a key in a file.
(plug-in-smearscope-history-settings RUN-NONINTERACTIVE "" "" "" -1 "key-file" (file "history.key"))
(check-equal "encrypted, it is read by its key" (car (history)) 3)
(plug-in-smearscope-history-settings RUN-NONINTERACTIVE "" "" "" -1 "none" "")
(check-equal "and without one" (car (history)) 3)

; Of the batch, too.
(plug-in-smearscope-batch RUN-NONINTERACTIVE (file "smear.png") (file "out") "" "" "" 60 FALSE FALSE
                          (file "batch.pdf") "")
(check-equal "the batch keeps its own" (car (history)) 4)
(check "off is off" (contains? (settings "off") "record=off"))
(let ((image (load-image "smear.png")))
  (classify image (active image))
  (check-equal "nothing more is kept" (car (history)) 4)
  (gimp-image-delete image))
(settings "ask")
(let ((image (load-image "smear.png")))
  (classify image (active image))
  (check-equal "asked for, nothing is kept without an answer" (car (history)) 4)
  (gimp-image-delete image))
