"""What runs return, leave in the image and in files, and how they refuse."""

import csv

from support import *

SMEAR = os.path.join (WORK, 'smear.png')
CLASSES = ['Benign', 'Early', 'Pre', 'Pro']


def test_procedures_are_documented ():
    pdb = Gimp.get_pdb ()
    report = ['file', 'paper', 'title', 'laboratory', 'colour-map']
    feedback = ['cell', 'opinion', 'correct-class', 'who', 'note']
    wanted = {
        'classify': ['run-mode', 'image', 'drawables', 'model', 'class', 'colour-map', 'opacity',
                     'heat-map', 'threshold', 'outlines', 'caption', 'colour-bar', 'earlier',
                     'colours', 'record'],
        'find-cells': ['run-mode', 'image', 'drawables', 'model', 'leave-out', 'caption',
                       'earlier', 'colours', 'record'],
        'export-findings': ['run-mode', 'image', 'drawables', 'file', 'format'],
        'report': ['run-mode', 'image', 'drawables', *report],
        'feedback': ['run-mode', 'image', 'drawables', 'finding', *feedback],
        'history': ['run-mode', 'name', 'found-class', 'verdict', 'model-name', 'since', 'until',
                    'limit'],
        'history-feedback': ['run-mode', 'id', *feedback],
        'history-compare': ['run-mode', 'id', 'other'],
        'history-open': ['run-mode', 'id'],
        'history-verify': ['run-mode', 'head'],
        'history-export': ['run-mode', 'file'],
        'history-erase': ['run-mode', 'id', 'reason'],
        'history-reproduce': ['run-mode', 'id'],
        'history-report': ['run-mode', 'ids', *report],
        'history-settings': ['run-mode', 'recording', 'pseudonyms', 'pixels', 'retention-days',
                             'encryption', 'key-file'],
        'feedback-agreement': ['run-mode', 'who', 'since', 'until'],
        'feedback-export': ['run-mode', 'file', 'crops'],
        'batch': ['run-mode', 'input', 'output', 'model', 'class', 'colour-map', 'opacity',
                  'heat-map', 'record', 'report', 'outcome', 'recursive', 'include', 'exclude',
                  'jobs'],
        'open-region': ['run-mode', 'file', 'x', 'y', 'width', 'height', 'level'],
        'self-test': ['run-mode'],
    }
    names = pdb.query_procedures ('^plug-in-smearscope', *7 * [''])
    assert sorted (names) == sorted ('plug-in-smearscope-' + name for name in wanted), names
    for name, arguments in wanted.items ():
        procedure = pdb.lookup_procedure ('plug-in-smearscope-' + name)
        there = [argument.name for argument in procedure.get_arguments ()]
        assert there == arguments, (name, there)
        assert procedure.get_blurb () and 'research use only' in procedure.get_help ()
        for argument in procedure.get_arguments ():
            assert argument.get_blurb ()


def test_results ():
    image, layer = load (SMEAR)
    results = classify (image, layer)
    finding = findings (results)[0]
    assert results['class'] == finding['class'] in CLASSES
    assert abs (results['confidence'] - finding['confidence']) < 1e-6
    assert abs (sum (finding['probabilities'].values ()) - 1) < 1e-4
    again = findings (classify (image, layer))[0]
    assert again == finding


def test_layers_and_caption ():
    image, layer = load (SMEAR)
    classify (image, layer, opacity=35)
    group, = groups (image)
    assert group.get_name ().startswith ('Smearscope')
    caption, heat = group.get_children ()
    assert abs (heat.get_opacity () - 35) < 0.01
    assert (heat.get_width (), heat.get_height ()) == (640, 480)
    assert caption.get_width () <= 640
    assert all (ours (item) for item in (group, caption, heat, *image.get_paths ()))
    assert image.get_paths () and all (path.get_visible () for path in image.get_paths ())


def test_heat_map_is_the_engines ():
    image, layer = load (SMEAR)
    classify (image, layer, colour_map='magma', caption=False)
    heat = groups (image)[0].get_children ()[0]
    maps = os.path.join (WORK, 'maps')
    command_line ('classify', '--json', '--maps', maps, '--colour-map', 'magma', SMEAR)
    name, = (name for name in os.listdir (maps) if name[0] != '.')
    reference = load (os.path.join (maps, name))[1]
    seen, wanted = pixels (heat), pixels (reference)
    assert len (seen) == len (wanted)
    for at in range (0, len (seen), 4):
        # Under full transparency no colour is kept.
        assert seen[at:at + 4] == wanted[at:at + 4] or seen[at + 3] == wanted[at + 3] == 0, at


def test_heat_map_on_a_deep_linear_image_is_the_same ():
    image, layer = load (SMEAR)
    classify (image, layer, caption=False)
    plain = pixels (groups (image)[0].get_children ()[0])
    deep, layer = load (SMEAR)
    deep.convert_precision (Gimp.Precision.FLOAT_LINEAR)
    classify (deep, layer, caption=False)
    data = pixels (groups (deep)[0].get_children ()[0])
    assert max (abs (a - b) for a, b in zip (plain, data)) <= 1


def test_the_cells_show_through_as_in_the_preview ():
    """A plain mix of the numbers, as on paper; in linear light pale maps would swamp the cells."""
    image, layer = load (SMEAR)
    for deep in (False, True):
        if deep:
            image.convert_precision (Gimp.Precision.FLOAT_LINEAR)
        classify (image, layer, caption=False, opacity=60, earlier='replace')
        heat, below = pixels (groups (image)[0].get_children ()[0]), pixels (layer)
        copy = image.duplicate ()
        seen = pixels (copy.flatten ())
        copy.delete ()
        for at in range (0, len (heat), 4):
            share = 0.6 * heat[at + 3] / 255
            for c in range (3):
                mixed = (1 - share) * below[at + c] + share * heat[at + c]
                assert abs (mixed - seen[at + c]) <= 2, (at, c, mixed, seen[at + c])


def test_threshold_hides ():
    image, layer = load (SMEAR)
    classify (image, layer, threshold=0.5, caption=False)
    alpha = pixels (groups (image)[0].get_children ()[0])[3::4]
    assert 0 < sum (1 for a in alpha if a == 0) < len (alpha)


def test_explaining_another_class ():
    image, layer = load (SMEAR)
    results = classify (image, layer)
    other = next (name for name in CLASSES if name != results['class'])
    explained = classify (image, layer, **{'class': other})
    assert explained['class'] == results['class']
    first, second = groups (image)
    assert pixels (first.get_children ()[-1]) != pixels (second.get_children ()[-1])


def test_running_again_adds_or_replaces ():
    image, layer = load (SMEAR)
    for _ in range (3):
        before = [group.get_id () for group in groups (image)]
        classify (image, layer)
        assert image.get_layers ()[0].get_id () not in before, 'the newest is not on top'
    assert len (groups (image)) == 3 and len (stored (image)) == 3
    assert not any (ours (layer.get_parent ()) for layer in groups (image) if layer.get_parent ())
    image.get_layers ()[0].set_name ('renamed by the user')
    classify (image, layer, earlier='replace')
    assert len (groups (image)) == 1 and len (stored (image)) == 1
    assert len (image.get_paths ()) == 1
    assert len (all_layers (image)) == 4


def stored (image):
    parasite = image.get_parasite ('smearscope-findings')
    return json.loads (bytes (parasite.get_data ()))['findings'] if parasite else []


def test_our_own_layers_are_not_judged ():
    image, layer = load (SMEAR)
    classify (image, layer)
    group, = groups (image)
    for drawable in (group, *group.get_children ()):
        refused (lambda: classify (image, drawable), 'Smearscope')
    assert len (groups (image)) == 1


def test_findings_survive_the_xcf ():
    image, layer = load (SMEAR)
    finding = findings (classify (image, layer))[0]
    path = os.path.join (WORK, 'kept.xcf')
    Gimp.file_save (Gimp.RunMode.NONINTERACTIVE, image, Gio.File.new_for_path (path), None)
    again = Gimp.file_load (Gimp.RunMode.NONINTERACTIVE, Gio.File.new_for_path (path))
    assert stored (again) == [finding]
    assert len (groups (again)) == 1
    layer = again.get_layers ()[-1]
    classify (again, layer, earlier='replace')
    assert len (groups (again)) == 1


def test_batch_does_not_look_at_earlier_heat_maps ():
    image, layer = load (SMEAR)
    classify (image, layer, opacity=100, colour_map='turbo')
    path, out = os.path.join (WORK, 'judged.xcf'), os.path.join (WORK, 'judged')
    Gimp.file_save (Gimp.RunMode.NONINTERACTIVE, image, Gio.File.new_for_path (path), None)
    assert call ('plug-in-smearscope-batch', input=path, output=out)['failed'] == 0
    with open (os.path.join (out, 'results.csv')) as file:
        row, = csv.DictReader (file)
    reference, = command_line ('classify', '--json', SMEAR)
    assert row['class'] == reference['class']
    assert abs (float (row['confidence']) - reference['confidence']) < 1e-6, (row, reference)


def turned_webp (path):
    """SMEAR, to be shown turned, in a format that GIMP alone reads."""
    plain = os.path.join (WORK, 'plain.webp')
    subprocess.run (['convert', SMEAR, '-define', 'webp:lossless=true', plain], check=True)
    with open (plain, 'rb') as file:
        pixels = file.read ()[12:]
    chunk = lambda name, data: name + len (data).to_bytes (4, 'little') + data
    extended = b'\x08\0\0\0' + (639).to_bytes (3, 'little') + (479).to_bytes (3, 'little')
    body = b'WEBP' + chunk (b'VP8X', extended) + pixels + chunk (b'EXIF', QUARTER_TURN)
    with open (path, 'wb') as file:
        file.write (chunk (b'RIFF', body))


def test_batch_turns_what_is_to_be_shown_turned ():
    path, out = os.path.join (WORK, 'turned.webp'), os.path.join (WORK, 'turned')
    turned_webp (path)
    assert call ('plug-in-smearscope-batch', input=path, output=out)['failed'] == 0
    upright = os.path.join (WORK, 'upright.png')
    # A WebP states no resolution.
    subprocess.run (['convert', SMEAR, '-rotate', '90', '-define', 'png:exclude-chunk=pHYs', upright],
                    check=True)
    reference, = command_line ('classify', '--json', upright)
    with open (os.path.join (out, 'results.jsonl')) as file:
        finding = json.loads (file.readline ())
    assert finding['region'] == reference['region'] == [0, 0, 480, 640]
    assert finding['probabilities'] == reference['probabilities']


def drawn_only_at (cells, layer):
    """Outlines and labels are at the cells, and nowhere else; a label may be the wider one, and
    begins or ends where its cell does."""
    data, width = pixels (layer), layer.get_width ()

    def near (cell, x, y):
        left, top, across, down = cell['box']
        label = max (across, 150)
        return (left + across - label - 4 <= x <= left + label + 4
                and top - 20 <= y <= top + down + 20)

    return any (data[3::4]) and all (any (near (cell, at // 4 % width, at // 4 // width)
                                          for cell in cells)
                                     for at in range (3, len (data), 4) if data[at])


def test_find_cells ():
    image, layer = load (SMEAR)
    image.set_selected_layers ([layer])
    before = state (image)
    results = call ('plug-in-smearscope-find-cells', image, layer)
    cells = findings (results)[0]['cells']
    assert results['cells'] == len (cells) > 0
    assert [path.get_name () for path in image.get_paths ()] == [groups (image)[0].get_name ()]
    assert state (image) == before
    path, = image.get_paths ()
    assert len (path.get_strokes ()) == len (cells)
    assert drawn_only_at (cells, groups (image)[0].get_children ()[-1])
    fewer = call ('plug-in-smearscope-find-cells', image, layer, leave_out='1')
    assert fewer['cells'] == results['cells'] - 1
    refused (lambda: call ('plug-in-smearscope-find-cells', image, layer, leave_out='0'), '"0"')
    refused (lambda: call ('plug-in-smearscope-find-cells', image, layer, leave_out='x'), '"x"')
    path = os.path.join (WORK, 'truth.csv')
    with open (path) as file:
        truth = [(float (row['x']), float (row['y'])) for row in csv.DictReader (file)]
    near = sum (any (abs (x - cell['x']) < 40 and abs (y - cell['y']) < 40 for cell in cells)
                for x, y in truth)
    assert near >= 0.8 * len (truth), (near, truth, cells)


def patches (data, width, density):
    """How many small bright patches, larger than where a line passes, are so dense."""
    dense = set (at // 4 for at in range (0, len (data), 4)
                 if max (data[at:at + 3]) > 150 and abs (data[at + 3] - density) <= 1)
    return sum (all (first + x + width * y in dense for x in range (6) for y in range (4))
                for first in dense)


def test_labels_of_cells_stand_side_by_side ():
    """A label lets a tenth through, so two on top of each other are denser than one."""
    image, layer = load (SMEAR)
    call ('plug-in-smearscope-find-cells', image, layer, caption=False)
    data = pixels (groups (image)[0].get_children ()[-1])
    assert patches (data, 640, 230) > 20, 'there are no labels'
    assert patches (data, 640, 252) == 0, 'labels cover each other'


def test_export ():
    image, layer = load (SMEAR)
    export = os.path.join (WORK, 'findings.')
    refused (lambda: call ('plug-in-smearscope-export-findings', image, file=export + 'csv'),
             'finding')
    image.select_rectangle (Gimp.ChannelOps.REPLACE, 20, 30, 300, 200)
    classify (image, layer)
    for ending in ('csv', 'jsonl', 'geojson'):
        results = call ('plug-in-smearscope-export-findings', image, file=export + ending)
        assert results['findings'] == 1
    with open (export + 'csv') as file:
        row, = csv.DictReader (file)
    assert row['class'] in CLASSES and float (row['confidence']) > 0
    with open (export + 'jsonl') as file:
        line, = file.read ().splitlines ()
    assert json.loads (line)['region'] == [20, 30, 300, 200]
    with open (export + 'geojson') as file:
        geo = json.load (file)
    features = geo['features'] if isinstance (geo, dict) else geo
    ring = features[0]['geometry']['coordinates'][0]
    assert ring[0] == ring[-1]
    assert sorted (set (point[0] for point in ring)) == [20, 320]
    refused (lambda: call ('plug-in-smearscope-export-findings', image, file=''), 'file')
    refused (lambda: call ('plug-in-smearscope-export-findings', image,
                           file='/nowhere/at/all.csv'), '/nowhere/at/all.csv')


def test_self_test ():
    results = call ('plug-in-smearscope-self-test')
    assert results['passed'] is True, results['report']
    assert 'research use only' in results['report']


def test_wrong_model ():
    image, layer = load (SMEAR)
    broken = os.path.join (WORK, 'broken.safetensors')
    with open (broken, 'wb') as file:
        file.write (b'\xff' * 100)
    refused (lambda: classify (image, layer, model=broken), broken)
    refused (lambda: classify (image, layer, model='no-such-model'), 'no-such-model')
    assert len (all_layers (image)) == 1 and image.get_parasite ('smearscope-findings') is None


def test_no_smear_at_all ():
    image = Gimp.Image.new (640, 480, Gimp.ImageBaseType.RGB)
    layer = Gimp.Layer.new (image, 'flat', 640, 480, Gimp.ImageType.RGB_IMAGE, 100,
                            Gimp.LayerMode.NORMAL)
    image.insert_layer (layer, None, 0)
    paint (layer, b'\x40\x80\xc0' * (640 * 480), "R'G'B' u8")
    path = os.path.join (WORK, 'flat.png')
    Gimp.file_save (Gimp.RunMode.NONINTERACTIVE, image, Gio.File.new_for_path (path), None)
    reference, = command_line ('classify', '--json', path)
    results = classify (image, layer)
    finding, = findings (results)
    for key in ('verdict', 'class', 'warnings', 'cells'):
        assert finding[key] == reference[key], (key, finding, reference)
    names = [child.get_name () for child in groups (image)[0].get_children ()]
    if finding['class'] is None:
        assert names == ['Caption'] and results['class'] == 'none', (names, results)
    else:
        assert len (names) == 2


main (globals ())
