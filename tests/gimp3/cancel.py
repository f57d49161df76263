"""In a window: a smear so large that judging it takes a while, judged in every way there is."""

from support import *

image, layer = load (os.path.join (WORK, 'smear.png'))
image.scale (12000, 9000)
image.set_selected_layers ([layer])
image.clean_all ()
display = Gimp.Display.new (image)
start = [(l.get_id (), l.get_name ()) for l in all_layers (image)]


def tell (text):
    with open (os.path.join (WORK, 'said'), 'a') as file:
        file.write (text + '\n')


for how, mode in (('in the process that stays', Gimp.RunMode.NONINTERACTIVE),
                  ('in a process of its own', Gimp.RunMode.NONINTERACTIVE),
                  ('after the dialog', Gimp.RunMode.INTERACTIVE)):
    tell ('starts ' + how)
    try:
        classify (image, layer, run_mode=mode)
        outcome = 'came to its end'
    except Failure as failure:
        outcome = str (failure)
    same = [(l.get_id (), l.get_name ()) for l in all_layers (image)] == start
    tell (f'{how}: {outcome}, left as it was {same}, paths {len (image.get_paths ())}, '
          f'findings {image.get_parasite ("smearscope-findings") is not None}, '
          f'changed {image.is_dirty ()}.')
layer.set_name ('renamed')
tell ('the end')
