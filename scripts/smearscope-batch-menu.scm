; The menu entry of smearscope-batch, in GIMP 2.10 and GIMP 3: lists to choose from, where the
; function takes names.

(define (smearscope-batch-of-folder input output model class colour-map opacity heat-map record
                                    report)
  (smearscope-batch input output model
                    (list-ref '("winner" "Benign" "Early" "Pre" "Pro") class)
                    (list-ref '("viridis" "magma" "inferno" "turbo" "grey") colour-map)
                    opacity heat-map record report))

(script-fu-register "smearscope-batch-of-folder"
  "_Batch…"
  "Classify all images of a folder into a table and heat maps. For research use only."
  "Smearscope" "Smearscope" "2026" ""
  SF-DIRNAME    "Folder with images" ""
  SF-DIRNAME    "Folder to write to" ""
  SF-STRING     "Model (empty for the default)" ""
  SF-OPTION     "Class that heat maps explain"
                '("The most probable" "Benign" "Early Pre-B" "Pre-B" "Pro-B")
  SF-OPTION     "Colour map" '("Viridis" "Magma" "Inferno" "Turbo" "Grey")
  SF-ADJUSTMENT "Opacity in per cent" '(60 0 100 1 10 0 0)
  SF-TOGGLE     "Heat maps" TRUE
  SF-TOGGLE     "Keep the findings in the history" FALSE
  SF-STRING     "Report to write (.pdf or .html), or empty" "")
(script-fu-menu-register "smearscope-batch-of-folder" "<Image>/Filters/Smearscope")
