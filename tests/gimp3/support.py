"""What the tests inside GIMP 3 share: images of every kind, procedures by name, checks."""

import hashlib
import json
import os
import subprocess
import traceback

import gi

gi.require_version ('Gimp', '3.0')
gi.require_version ('Gegl', '0.4')
from gi.repository import Gegl, Gimp, Gio, GLib  # noqa: E402

WORK = os.environ['WORK']
SMEARSCOPE = os.path.join (os.environ['BUILD'], 'smearscope')


# Orientation 6, as a TIFF's only tag.
QUARTER_TURN = b'MM\0*\0\0\0\x08\0\1\1\x12\0\3\0\0\0\1\0\6\0\0\0\0\0\0'


class Failure (Exception):
    """A procedure that did not succeed; the text is what the user would read."""


def call (_name, image=None, drawable=None, drawables=None, **arguments):
    """Runs a procedure and returns its results as a dictionary."""
    procedure = Gimp.get_pdb ().lookup_procedure (_name)
    config = procedure.create_config ()
    if config.find_property ('run-mode'):
        config.set_property ('run-mode', arguments.pop ('run_mode', Gimp.RunMode.NONINTERACTIVE))
    if image is not None and config.find_property ('image'):
        config.set_property ('image', image)
        if drawables is None:
            drawables = [] if drawable is None else [drawable]
        if drawables:
            config.set_core_object_array ('drawables', drawables)
    for key, value in arguments.items ():
        config.set_property (key.replace ('_', '-'), value)
    values = procedure.run (config)
    if values.index (0) == Gimp.PDBStatusType.CANCEL:
        raise Failure ('cancelled')
    if values.index (0) != Gimp.PDBStatusType.SUCCESS:
        raise Failure (values.index (1) if values.length () > 1 else values.index (0))
    results = {}
    for index, spec in enumerate (procedure.get_return_values ()):
        if spec.value_type.name != 'GimpDoubleArray':  # Python is not given these
            results[spec.name] = values.index (index + 1)
    return results


def classify (image, drawable, **arguments):
    return call ('plug-in-smearscope-classify', image, drawable, **arguments)


def findings (results):
    return [json.loads (line) for line in results['json'].splitlines ()]


def load (path):
    image = Gimp.file_load (Gimp.RunMode.NONINTERACTIVE, Gio.File.new_for_path (path))
    return image, image.get_layers ()[0]


def pixels (drawable, format="R'G'B'A u8"):
    """The drawable's pixels as GEGL converts them to sRGB."""
    buffer = drawable.get_buffer ()
    rectangle = Gegl.Rectangle.new (0, 0, drawable.get_width (), drawable.get_height ())
    return bytes (buffer.get (rectangle, 1.0, format, Gegl.AbyssPolicy.NONE))


def paint (drawable, data, format="R'G'B'A u8", x=0, y=0, width=None, height=None):
    buffer = drawable.get_buffer ()
    rectangle = Gegl.Rectangle.new (x, y, width or drawable.get_width (),
                                    height or drawable.get_height ())
    buffer.set (rectangle, format, data)
    buffer.flush ()
    drawable.update (rectangle.x, rectangle.y, rectangle.width, rectangle.height)


def all_layers (image):
    def walk (layers):
        for layer in layers:
            yield layer
            if layer.is_group ():
                yield from walk (layer.get_children ())
    return list (walk (image.get_layers ()))


def ours (item):
    return item.get_parasite ('smearscope-overlay') is not None


def groups (image):
    return [layer for layer in all_layers (image) if layer.is_group () and ours (layer)]


def state (image):
    """Everything of an image that a run has to leave alone, comparable."""
    return {
        'size': (image.get_width (), image.get_height ()),
        'type': image.get_base_type (), 'precision': image.get_precision (),
        'profile': (lambda p: bytes (p.get_icc_profile ()) if p else None) (image.get_color_profile ()),
        'layers': [(layer.get_id (), layer.get_name (), layer.get_offsets ()[1:],
                    hashlib.sha256 (pixels (layer)).hexdigest ())
                   for layer in all_layers (image) if not under_ours (layer)],
        'selection': hashlib.sha256 (pixels (image.get_selection (), 'Y u8')).hexdigest (),
        'selected': [item.get_id () for item in image.get_selected_drawables ()],
        'paths': [path.get_id () for path in image.get_paths () if not ours (path)],
    }


def under_ours (item):
    while item is not None:
        if ours (item):
            return True
        item = item.get_parent ()
    return False


def command_line (*arguments):
    """What the command says, one dictionary a line."""
    run = subprocess.run ([SMEARSCOPE, *arguments], capture_output=True, text=True, check=True)
    return [json.loads (line) for line in run.stdout.splitlines ()]


def refused (function, *words):
    """The message of the failure that has to come, with all the words in it."""
    try:
        function ()
    except Failure as failure:
        message = str (failure)
        missing = [word for word in words if word not in message]
        assert not missing, f'"{message}" does not say {missing}'
        return message
    raise AssertionError ('succeeded, but had to fail')


def main (namespace):
    """Runs every test_ function of the caller; leaves the mark that it came to its end."""
    failed = 0
    tests = [(name, test) for name, test in namespace.items ()
             if name.startswith ('test_') and callable (test)]
    assert tests, 'no tests'
    for name, test in tests:
        before = set (image.get_id () for image in Gimp.get_images ())
        try:
            test ()
            print (f'ok   {name}', flush=True)
        except Exception:
            failed += 1
            print (f'FAIL {name}\n{traceback.format_exc ()}', flush=True)
        for image in Gimp.get_images ():
            if image.get_id () not in before:
                image.delete ()
    if failed:
        raise AssertionError (f'{failed} of {len (tests)} failed')
    open (os.path.join (WORK, 'done'), 'w').close ()
