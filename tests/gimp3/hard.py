"""Large images, runs that are cut off, and many runs in one GIMP."""

import signal
import threading
import time

from support import *

SMEAR = os.path.join (WORK, 'smear.png')


def status_of (process, key):
    with open (f'/proc/{process}/status') as file:
        for line in file:
            if line.startswith (key + ':'):
                return int (line.split ()[1])


def plug_ins ():
    """The processes of our plug-in that this GIMP started."""
    found = []
    for name in os.listdir ('/proc'):
        try:
            with open (f'/proc/{name}/comm') as file:
                ours = file.read ().strip () == 'smearscope'
            if ours and status_of (name, 'PPid') == os.getppid ():
                found.append (int (name))
        except OSError:
            pass  # not a process, or one that has just ended
    return found


def test_small_selection_on_a_huge_image ():
    smear, source = load (SMEAR)
    image = Gimp.Image.new (10000, 10000, Gimp.ImageBaseType.RGB)
    image.set_resolution (*smear.get_resolution ()[1:])
    layer = Gimp.Layer.new (image, 'scan', 10000, 10000, Gimp.ImageType.RGB_IMAGE, 100,
                            Gimp.LayerMode.NORMAL)
    image.insert_layer (layer, None, 0)
    layer.fill (Gimp.FillType.WHITE)
    paint (layer, pixels (source, "R'G'B' u8"), "R'G'B' u8", 7000, 8000, 640, 480)
    image.select_rectangle (Gimp.ChannelOps.REPLACE, 7000, 8000, 640, 480)
    peak, over = [0], threading.Event ()

    def watch ():
        while not over.is_set ():
            for process in plug_ins ():
                try:
                    peak[0] = max (peak[0], status_of (process, 'VmHWM') or 0)
                except OSError:
                    pass
            time.sleep (0.02)

    watcher = threading.Thread (target=watch)
    watcher.start ()
    started = time.monotonic ()
    found = findings (classify (image, layer))
    took = time.monotonic () - started
    over.set ()
    watcher.join ()
    print (f'     640 x 480 of 10,000 x 10,000: {took:.2f} s, the plug-in held {peak[0] // 1024} MB')
    reference, = command_line ('classify', '--json', SMEAR)
    assert found[0]['probabilities'] == reference['probabilities']
    assert found[0]['region'] == [7000, 8000, 640, 480]
    assert 0 < peak[0] < 300 * 1024, peak


def judged ():
    """An image with the layers of a run; its state, and how long the next run takes."""
    image = Gimp.file_load (Gimp.RunMode.NONINTERACTIVE, Gio.File.new_for_path (SMEAR))
    image.scale (2400, 1800)
    layer = image.get_layers ()[0]
    image.set_selected_layers ([layer])
    classify (image, layer)
    started = time.monotonic ()
    classify (image, layer, earlier='replace')
    return image, layer, (state (image), len (all_layers (image)), 1, 1), time.monotonic () - started


def look (image):
    return state (image), len (all_layers (image)), len (groups (image)), len (image.get_paths ())


def test_a_run_that_is_cut_off_leaves_all_or_nothing ():
    """Cancel kills the plug-in; so does this, at every moment of a run."""
    image, layer, whole, took = judged ()
    cut = finished = torn = 0
    for step in range (12):
        def kill ():
            deadline = time.monotonic () + 20
            while not plug_ins () and time.monotonic () < deadline:
                time.sleep (0.005)
            time.sleep (took * step / 12)
            for process in plug_ins ():
                os.kill (process, signal.SIGKILL)

        killer = threading.Thread (target=kill)
        killer.start ()
        try:
            classify (image, layer, earlier='replace')
            finished += 1
        except Failure:
            cut += 1
        killer.join ()
        if look (image) != whole:
            torn += 1
            image, layer, whole, took = judged ()
    print (f'     {cut} runs cut off, {finished} came to their end, {torn} torn')
    assert cut >= 3
    # Laying it all down takes several calls of GIMP: a kill may fall between them, and leaves a
    # part. Two of twelve that do are no chance.
    assert torn <= 1
    classify (image, layer, earlier='replace')
    assert look (image) == whole


def test_many_runs_leak_nothing ():
    gimp = os.getppid ()
    image, layer = load (SMEAR)
    image.undo_disable ()

    def measure ():
        return len (os.listdir (f'/proc/{gimp}/fd')), status_of (gimp, 'VmRSS')

    for number in range (200):
        classify (image, layer, earlier='replace')
        if number == 49:
            descriptors, memory = measure ()
    print (f'     50 runs: {descriptors} descriptors, {memory} kB; '
           '200 runs: %d descriptors, %d kB' % measure ())
    # One may be in use at the moment; 150 runs that lose one each show.
    assert measure ()[0] <= descriptors + 5
    assert measure ()[1] - memory < 15 * 1024
    deadline = time.monotonic () + 10
    while plug_ins () and time.monotonic () < deadline:
        time.sleep (0.1)
    assert not plug_ins ()
    assert len (groups (image)) == 1


main (globals ())
