"""In a window: findings that are kept, then what the menu's entries around the history do."""

from support import *

image, = Gimp.get_images ()
layer = image.get_layers ()[-1]


def say (what):
    with open (os.path.join (WORK, 'said'), 'a') as file:
        file.write (what + '\n')


def ask (name, *arguments):
    try:
        call ('plug-in-smearscope-' + name, *arguments, run_mode=Gimp.RunMode.INTERACTIVE)
        say (name)
    except Failure as failure:
        say (f'{name}: {failure}')


call ('plug-in-smearscope-history-settings', recording='on')
classify (image, layer)
image.select_rectangle (Gimp.ChannelOps.REPLACE, 100, 60, 320, 240)
classify (image, layer)
Gimp.Selection.none (image)
call ('plug-in-smearscope-find-cells', image, layer)
Gimp.displays_flush ()
say ('kept')
ask ('feedback', image, layer)
ask ('report', image, layer)
ask ('history')
ask ('history-settings')
