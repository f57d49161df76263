; Smearscope over a whole folder, from Script-Fu in GIMP 3.
;
;   (smearscope-batch "IN" "OUT")
;   (smearscope-batch "IN/*.jpg" "OUT"
;                     model class colour-map opacity heat-map record report outcome
;                     recursive include exclude jobs)
;
; IN is a folder, a pattern or a file, or several of them on a line each. OUT gets results.csv,
; results.jsonl, summary.html and, unless heat-map is FALSE, a picture for each image in
; heat-maps/. Called again, it goes on where it was stopped. All after OUT may be left out:
; model "" is the default, class "winner", colour-map "viridis", opacity 60 per cent, heat-map
; TRUE; with record TRUE the findings are kept in the history where its settings ask; report
; names a PDF or HTML to write, or is ""; outcome likewise a file for the outcome;
; recursive TRUE descends into folders below; include and exclude are patterns of names, one a
; line; jobs is how many files at a time, 0 for one a core. Returns files, skipped and failed.
;
; In a shell:  gimp-console --batch-interpreter=plug-in-script-fu-eval \
;                -b '(smearscope-batch "IN" "OUT")' --quit

(define (smearscope-batch input output . options)
  (define (option n otherwise)
    (if (> (length options) n) (list-ref options n) otherwise))
  (plug-in-smearscope-batch
    #:run-mode   RUN-NONINTERACTIVE
    #:input      input
    #:output     output
    #:model      (option 0 "")
    #:class      (option 1 "winner")
    #:colour-map (option 2 "viridis")
    #:opacity    (option 3 60)
    #:heat-map   (option 4 TRUE)
    #:record     (option 5 FALSE)
    #:report     (option 6 "")
    #:outcome    (option 7 "")
    #:recursive  (option 8 FALSE)
    #:include    (option 9 "")
    #:exclude    (option 10 "")
    #:jobs       (option 11 0)))
