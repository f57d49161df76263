"""A region of a scan that no GIMP could load whole, and the same pixels selected in GIMP."""

from support import *

SCAN, GIANT = os.path.join (WORK, 'scan.tif'), os.path.join (WORK, 'giant.tif')
KEYS = 'class', 'probabilities', 'confidence', 'malignant', 'verdict'


def open_region (file, x, y, width, height, level=0):
    return call ('plug-in-smearscope-open-region', file=file, x=x, y=y, width=width, height=height,
                 level=level)['image']


def agree (finding, other, dx=0, dy=0):
    assert [finding[key] for key in KEYS] == [other[key] for key in KEYS], (finding, other)
    assert len (finding['cells']) == len (other['cells']) > 3
    for cell, same in zip (finding['cells'], other['cells']):
        x, y, width, height = same['box']
        assert cell['box'] == [x + dx, y + dy, width, height]
        assert cell['probabilities'] == same['probabilities'] and cell['area'] == same['area']


def test_region_and_selection_are_judged_as_alone ():
    alone = command_line ('classify', '--json', '--region', '300,200,600,450', SCAN)[0]
    image = open_region (SCAN, 300, 200, 600, 450)
    assert (image.get_width (), image.get_height ()) == (600, 450)
    assert abs (image.get_resolution ()[1] - 101600) < 1 and not image.is_dirty ()
    agree (alone, findings (classify (image, image.get_layers ()[0]))[0], 300, 200)
    whole, layer = load (SCAN)
    whole.select_rectangle (Gimp.ChannelOps.REPLACE, 300, 200, 600, 450)
    agree (alone, findings (classify (whole, layer))[0])


def test_region_of_a_giant ():
    tile = command_line ('classify', '--json', '--region', '0,0,600,450', os.path.join (WORK, 'tiles.tif'))[0]
    image = open_region (GIANT, 204800, 286720, 600, 450)
    agree (findings (classify (image, image.get_layers ()[0]))[0], tile)


def test_what_cannot_be_opened ():
    refused (lambda: open_region (SCAN, 1000, 1000, 600, 450), 'does not lie inside')
    refused (lambda: open_region (SCAN, 0, 0, 60, 45, 3), '0 to 0')
    refused (lambda: open_region (os.path.join (WORK, 'none.tif'), 0, 0, 60, 45), 'none.tif')
    refused (lambda: open_region ('', 0, 0, 60, 45), 'which scan')
    refused (lambda: open_region (GIANT, 0, 0, 300000, 300000))


main (globals ())
