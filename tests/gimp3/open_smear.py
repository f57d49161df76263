"""In a window: opens the smear with a selection; runs what the test asks for, as the menu does."""

from support import *

order = json.loads (os.environ['ORDER'])
image, layer = load (os.path.join (WORK, 'smear.png'))
image.clean_all ()
display = Gimp.Display.new (image)
if 'select' in order:
    image.select_rectangle (Gimp.ChannelOps.REPLACE, *order['select'])
Gimp.displays_flush ()
image.set_selected_layers ([layer])


def write (name, what):
    path = os.path.join (WORK, name)
    with open (path + '.part', 'w') as file:
        json.dump (what, file)
    os.rename (path + '.part', path)


def look ():
    return {'layers': len (all_layers (image)), 'groups': len (groups (image)),
            'state': repr (state (image)),
            'findings': image.get_parasite ('smearscope-findings') is not None}


write ('before', look ())
try:
    results = call (order['procedure'], image, layer, run_mode=Gimp.RunMode.INTERACTIVE)
    write ('results', results)
except Failure as failure:
    write ('results', {'failure': str (failure)})
write ('after', look ())
if order.get ('undo'):
    # The test presses Ctrl+Z now.
    deadline = GLib.get_monotonic_time () + 30000000
    while groups (image) and GLib.get_monotonic_time () < deadline:
        GLib.usleep (200000)
    write ('undone', look ())
