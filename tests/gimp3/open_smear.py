"""In a window: opens the smear, then runs what the test orders, one after the other, as the menu
does, and tells what became of the image."""

from support import *

image, layer = load (os.path.join (WORK, 'smear.png'))
image.set_selected_layers ([layer])
image.clean_all ()
display = Gimp.Display.new (image)
start = state (image)


def tell (answer):
    line = {'answer': answer, 'layers': len (all_layers (image)), 'groups': len (groups (image)),
            'as it was': state (image) == start,
            'findings': image.get_parasite ('smearscope-findings') is not None}
    with open (os.path.join (WORK, 'said'), 'a') as file:
        file.write (json.dumps (line) + '\n')


def wait (name):
    """The test outside lays down a file when it is this one's turn again."""
    path = os.path.join (WORK, name)
    deadline = GLib.get_monotonic_time () + 180000000
    while not os.path.exists (path) and GLib.get_monotonic_time () < deadline:
        GLib.usleep (100000)


for order in os.environ['ORDERS'].split ():
    if order.startswith ('wait-'):
        wait (order)
        tell (order)
        continue
    try:
        call ('plug-in-smearscope-' + order, image, layer, run_mode=Gimp.RunMode.INTERACTIVE)
        tell ('ok')
    except Failure as failure:
        tell (str (failure))
