"""Every kind of image that GIMP can hold is judged as its sRGB pixels are judged elsewhere."""

from support import *

P = Gimp.Precision
SMEAR = os.path.join (WORK, 'smear.png')
REFERENCE = command_line ('classify', '--json', SMEAR)[0]


def same (finding, reference=REFERENCE, but=()):
    for key in ('class', 'probabilities', 'malignant', 'confidence', 'verdict', 'cells',
                'model', 'model_sha256', 'warnings'):
        if key not in but:
            assert finding[key] == reference[key], (key, finding[key], reference[key])


def judged (image, layer, reference=REFERENCE, but=(), **arguments):
    """Classifies; the answer has to be the reference's and the image's own left alone."""
    image.set_selected_layers ([layer])
    before = state (image)
    found = findings (classify (image, layer, **arguments))
    assert len (found) == 1, found
    same (found[0], reference, but)
    after = state (image)
    assert after == before, (before, after)
    assert len (groups (image)) == 1
    return found[0]


def saved (image, name):
    path = os.path.join (WORK, name)
    assert Gimp.file_save (Gimp.RunMode.NONINTERACTIVE, image, Gio.File.new_for_path (path), None)
    return path


def converted (precision):
    image, layer = load (SMEAR)
    assert image.convert_precision (precision)
    return image, layer


def test_8_bit ():
    finding = judged (*load (SMEAR))
    assert finding['region'] == [0, 0, 640, 480]
    assert finding['research_use_only'] is True


def test_every_precision ():
    for precision in (P.U8_LINEAR, P.U8_PERCEPTUAL, P.U16_LINEAR, P.U16_NON_LINEAR,
                      P.U32_NON_LINEAR, P.HALF_LINEAR, P.FLOAT_LINEAR, P.FLOAT_NON_LINEAR,
                      P.DOUBLE_LINEAR):
        image, layer = converted (precision)
        if precision in (P.U8_LINEAR, P.HALF_LINEAR):
            # These cannot hold all the values of 8-bit sRGB: what is left is the reference.
            flat, top = load (SMEAR)
            paint (top, pixels (layer, "R'G'B' u8"), "R'G'B' u8")
            reference = command_line ('classify', '--json', saved (flat, 'lossy.png'))[0]
        else:
            reference = REFERENCE
        judged (image, layer, reference)
        image.delete ()


def test_alpha_lies_on_white ():
    image, layer = load (SMEAR)
    layer.add_alpha ()
    data = bytearray (pixels (layer))
    for y in range (480):
        for x in range (320):
            data[4 * (640 * y + x) + 3] = (x + y) % 256
    paint (layer, bytes (data))
    reference = command_line ('classify', '--json', saved (image, 'alpha.png'))[0]
    assert reference['probabilities'] != REFERENCE['probabilities']
    judged (image, layer, reference)


def test_fully_transparent_pixels_do_not_show_their_stale_colour ():
    answers = []
    for stale in (b'\xff\0\0\0', b'\0\0\0\0'):
        image, layer = load (SMEAR)
        layer.add_alpha ()
        paint (layer, stale * (100 * 480), width=100, height=480)
        answers.append (judged (image, layer, reference=findings (
            classify (image, layer, heat_map=False))[0]))
    same (answers[0], answers[1])


def test_grey ():
    # The default model refuses what has no stain; this one answers whatever it is shown.
    model = 'published-cnn'
    for convert in ('keep', 'convert'):
        image, layer = load (SMEAR)
        image.convert_grayscale ()
        reference = command_line ('classify', '--json', '--model', model,
                                  saved (image, 'grey.png'))[0]
        if convert == 'keep':
            judged (image, layer, reference, model=model, colours=convert)
        else:
            same (findings (classify (image, layer, model=model, colours=convert))[0], reference)
            assert image.get_base_type () == Gimp.ImageBaseType.RGB
        heat = groups (image)[0].get_children ()[-1]
        assert heat.is_gray () == (convert == 'keep')


def test_indexed ():
    for convert in ('keep', 'convert'):
        image, layer = load (SMEAR)
        image.convert_indexed (Gimp.ConvertDitherType.NONE, Gimp.ConvertPaletteType.GENERATE, 64,
                               False, False, '')
        reference = command_line ('classify', '--json', saved (image, 'indexed.png'))[0]
        if convert == 'keep':
            judged (image, layer, reference, colours=convert)
        else:
            same (findings (classify (image, layer, colours=convert))[0], reference)
            assert image.get_base_type () == Gimp.ImageBaseType.RGB


def adobe_to_srgb (value):
    """Exact conversion of one 8-bit Adobe RGB pixel, independent of GIMP's."""
    linear = [(channel / 255) ** (563 / 256) for channel in value]
    to_xyz = ((0.5766690, 0.1855582, 0.1882286), (0.2973450, 0.6273636, 0.0752915),
              (0.0270314, 0.0706889, 0.9913375))
    from_xyz = ((3.2404542, -1.5371385, -0.4985314), (-0.9692660, 1.8760108, 0.0415560),
                (0.0556434, -0.2040259, 1.0572252))
    xyz = [sum (row[i] * linear[i] for i in range (3)) for row in to_xyz]
    rgb = [min (max (sum (row[i] * xyz[i] for i in range (3)), 0), 1) for row in from_xyz]
    return [255 * (12.92 * c if c <= 0.0031308 else 1.055 * c ** (1 / 2.4) - 0.055) for c in rgb]


def test_colour_profile_is_honoured ():
    image, layer = load (SMEAR)
    source = pixels (layer, "R'G'B' u8")
    image.set_color_profile (Gimp.ColorProfile.new_rgb_adobe ())
    seen = pixels (layer, "R'G'B' u8")
    for at in range (0, len (source), 3 * 9973):
        exact = adobe_to_srgb (source[at:at + 3])
        assert all (abs (a - b) < 1.1 for a, b in zip (exact, seen[at:at + 3])), (exact, seen[at:at + 3])
    flat, top = load (SMEAR)
    paint (top, seen, "R'G'B' u8")
    reference = command_line ('classify', '--json', saved (flat, 'adobe.png'))[0]
    assert reference['probabilities'] != REFERENCE['probabilities']
    judged (image, layer, reference)


def test_layer_with_offset ():
    image, layer = load (SMEAR)
    image.resize (900, 700, 100, 50)
    finding = judged (image, layer, but=('cells',))
    assert finding['region'] == [100, 50, 640, 480]
    heat = groups (image)[0].get_children ()[-1]
    assert heat.get_offsets ()[1:] == (100, 50)
    for found, reference in zip (finding['cells'], REFERENCE['cells']):
        assert found['box'] == [reference['box'][0] + 100, reference['box'][1] + 50,
                                *reference['box'][2:]]


def test_group_is_judged_as_it_looks ():
    image, layer = load (SMEAR)
    group = Gimp.GroupLayer.new (image, 'fields')
    image.insert_layer (group, None, 0)
    image.reorder_item (layer, group, 0)
    judged (image, group)


def test_layer_inside_a_group ():
    image, layer = load (SMEAR)
    group = Gimp.GroupLayer.new (image, 'fields')
    image.insert_layer (group, None, 0)
    image.reorder_item (layer, group, 0)
    before = findings (classify (image, layer))
    same (before[0])
    assert [child.get_id () for child in group.get_children ()] == [layer.get_id ()]
    assert image.get_layers ()[0].get_id () == groups (image)[0].get_id ()
    # Were the heat map of the layer within, this would look at it.
    same (findings (classify (image, group))[0])


def test_layer_mask_hides ():
    image, layer = load (SMEAR)
    mask = layer.create_mask (Gimp.AddMaskType.WHITE)
    layer.add_mask (mask)
    same (findings (classify (image, layer, heat_map=False))[0])
    paint (mask, b'\0' * (320 * 480), 'Y u8', width=320, height=480)
    flat, top = load (SMEAR)
    paint (top, b'\xff\xff\xff' * (320 * 480), "R'G'B' u8", width=320, height=480)
    reference = command_line ('classify', '--json', saved (flat, 'masked.png'))[0]
    for drawable in (layer, mask):
        same (findings (classify (image, drawable, heat_map=False))[0], reference)
    layer.set_apply_mask (False)
    same (findings (classify (image, layer, heat_map=False))[0])


def test_floating_selection ():
    image, layer = load (SMEAR)
    image.select_rectangle (Gimp.ChannelOps.REPLACE, 100, 60, 320, 240)
    reference = command_line ('classify', '--json', '--region', '100,60,320,240', SMEAR)[0]
    floating = Gimp.Selection.float (image, [layer], 0, 0)
    assert floating.is_floating_sel ()
    Gimp.Selection.none (image)
    same (findings (classify (image, floating, heat_map=False))[0], reference, but=('cells',))
    same (findings (classify (image, floating))[0], reference, but=('cells',))
    assert len (groups (image)) == 1


def test_text_layer_and_channel ():
    image, layer = load (SMEAR)
    channel = Gimp.Channel.new (image, 'mask', 640, 480, 50, Gegl.Color.new ('red'))
    image.insert_channel (channel, None, 0)
    refused (lambda: classify (image, channel), 'channel')
    refused (lambda: classify (image, image.get_selection ()), 'channel')


def test_layer_outside_of_the_canvas ():
    image, layer = load (SMEAR)
    layer.set_offsets (640, 100)
    for procedure in ('classify', 'find-cells'):
        refused (lambda: call ('plug-in-smearscope-' + procedure, image, layer),
                 'outside of the canvas')


def test_each_page_of_a_tiff ():
    pages, other = os.path.join (WORK, 'pages.tif'), os.path.join (WORK, 'page.png')
    subprocess.run ([SMEARSCOPE, 'synthesise', '--seed', '4', '--width', '400', '--height', '300',
                     '--um-per-pixel', '0.1', '--output', other], check=True)
    subprocess.run (['convert', SMEAR, other, pages], check=True)
    image = load (pages)[0]
    assert len (image.get_layers ()) == 2
    for page in image.get_layers ():
        alone = SMEAR if page.get_width () == 640 else other
        same (findings (classify (image, page, heat_map=False))[0],
              command_line ('classify', '--json', alone)[0], but=('warnings', 'cells'))


def test_exif_orientation ():
    """A JPEG to be turned by a quarter is judged as it is shown, by the engine alone too. Its two
    decoders round differently."""
    path = os.path.join (WORK, 'turned.jpg')
    subprocess.run (['convert', SMEAR, path], check=True)
    with open (path, 'rb') as file:
        jpeg = file.read ()
    with open (path, 'wb') as file:
        file.write (jpeg[:2] + b'\xff\xe1' + (len (QUARTER_TURN) + 8).to_bytes (2, 'big')
                    + b'Exif\0\0' + QUARTER_TURN + jpeg[2:])
    image = load (path)[0]
    assert image.policy_rotate (False)  # as opening it does
    layer, = image.get_layers ()
    assert (layer.get_width (), layer.get_height ()) == (480, 640)
    finding, = findings (classify (image, layer))
    reference, = command_line ('classify', '--json', path)
    assert finding['region'][2:] == reference['region'][2:] == [480, 640]
    for name, value in finding['probabilities'].items ():
        assert abs (value - reference['probabilities'][name]) < 0.02, (finding, reference)


def test_one_pixel ():
    image = Gimp.Image.new (1, 1, Gimp.ImageBaseType.RGB)
    layer = Gimp.Layer.new (image, 'dot', 1, 1, Gimp.ImageType.RGB_IMAGE, 100,
                            Gimp.LayerMode.NORMAL)
    image.insert_layer (layer, None, 0)
    refused (lambda: classify (image, layer), '1 × 1', '16 × 16')
    assert len (all_layers (image)) == 1


def test_several_layers_at_once ():
    image, layer = load (SMEAR)
    second = layer.copy ()
    image.insert_layer (second, None, 0)
    refused (lambda: call ('plug-in-smearscope-classify', image, drawables=[layer, second]),
             'One layer', '2')


main (globals ())
