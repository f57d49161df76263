"""In a window: opens the smear, and leaves all else to the menu."""

from support import *

image, layer = load (os.path.join (WORK, 'smear.png'))
image.set_selected_layers ([layer])
image.clean_all ()
display = Gimp.Display.new (image)
with open (os.path.join (WORK, 'said'), 'w') as file:
    file.write ('opened\n')
