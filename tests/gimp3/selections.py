"""What is selected is what is judged: parts, edges, and what a run leaves behind."""

from support import *

SMEAR = os.path.join (WORK, 'smear.png')
REPLACE, ADD = Gimp.ChannelOps.REPLACE, Gimp.ChannelOps.ADD


def reference (x, y, width, height):
    return command_line ('classify', '--json', '--region', f'{x},{y},{width},{height}', SMEAR)[0]


def agree (finding, other):
    for key in ('class', 'probabilities', 'verdict', 'confidence'):
        assert finding[key] == other[key], (key, finding[key], other[key])


def test_rectangle ():
    image, layer = load (SMEAR)
    image.select_rectangle (REPLACE, 100, 60, 320, 240)
    found = findings (classify (image, layer))
    assert [f['region'] for f in found] == [[100, 60, 320, 240]]
    agree (found[0], reference (100, 60, 320, 240))


def test_each_part_by_itself ():
    image, layer = load (SMEAR)
    places = [(20, 10, 240, 180), (300, 40, 200, 150), (60, 250, 320, 200)]
    for x, y, width, height in places:
        image.select_rectangle (ADD, x, y, width, height)
    before = state (image)
    found = findings (classify (image, layer))
    assert sorted (tuple (f['region']) for f in found) == sorted (places)
    for finding in found:
        agree (finding, reference (*finding['region']))
    assert state (image) == before
    assert len (groups (image)) == 1


def test_outside_of_a_round_part_is_not_looked_at ():
    answers = []
    for colour in (b'\xff\0\0', b'\0\0\xff'):
        image, layer = load (SMEAR)
        image.select_ellipse (REPLACE, 100, 60, 320, 240)
        paint (layer, colour * (50 * 40), "R'G'B' u8", 90, 50, 50, 40)
        answers.append (findings (classify (image, layer))[0])
        heat = groups (image)[0].get_children ()[-1]
        data = pixels (heat)
        assert data[3] == 0 and any (data[3::4])
    agree (*answers)


def test_partly_outside_the_canvas_and_layer ():
    image, layer = load (SMEAR)
    image.resize (800, 600, 0, 0)
    image.select_rectangle (REPLACE, 500, 300, 400, 400)
    found = findings (classify (image, layer))
    assert [f['region'] for f in found] == [[500, 300, 140, 180]]
    agree (found[0], reference (500, 300, 140, 180))


def test_layer_partly_outside_the_canvas ():
    image, layer = load (SMEAR)
    layer.set_offsets (-200, -100)
    image.select_rectangle (REPLACE, 0, 0, 300, 300)
    found = findings (classify (image, layer))
    agree (found[0], reference (200, 100, 300, 300))
    assert found[0]['region'] == [0, 0, 300, 300]


def test_wholly_outside_the_layer ():
    image, layer = load (SMEAR)
    image.resize (1300, 600, 0, 0)
    image.select_rectangle (REPLACE, 700, 100, 300, 300)
    refused (lambda: classify (image, layer), 'selection does not touch the layer')
    assert not groups (image)


def test_too_small ():
    image, layer = load (SMEAR)
    image.select_rectangle (REPLACE, 10, 10, 12, 200)
    refused (lambda: classify (image, layer), 'too small', '16 × 16')


main (globals ())
