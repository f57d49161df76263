"""In a window without an image: the self-test, as the menu runs it."""

from support import *

call ('plug-in-smearscope-self-test', run_mode=Gimp.RunMode.INTERACTIVE)
