"""The process that stays: it answers while it is there, and nobody needs it."""

import signal
import time

from support import *

SMEAR = os.path.join (WORK, 'smear.png')
REFERENCE = command_line ('classify', '--json', SMEAR)[0]
NAMES = ('plug-in-smearscope-classify', 'plug-in-smearscope-find-cells')


def status_of (process, key):
    with open (f'/proc/{process}/status') as file:
        for line in file:
            if line.startswith (key + ':'):
                return int (line.split ()[1])


def resident ():
    """Its process, if there is one."""
    found = []
    for name in filter (str.isdigit, os.listdir ('/proc')):
        try:
            with open (f'/proc/{name}/comm') as file:
                if file.read ().strip () == 'smearscope' and status_of (name, 'PPid') == os.getppid ():
                    found.append (int (name))
        except OSError:
            pass  # has just ended
    assert len (found) <= 1, found
    return found[0] if found else None


def type_of (name):
    return Gimp.get_pdb ().lookup_procedure (name).get_proc_type ()


def right (results):
    finding, = findings (results)
    for key in ('class', 'probabilities', 'verdict', 'cells', 'model_sha256'):
        assert finding[key] == REFERENCE[key], (key, finding, REFERENCE)


def test_it_answers ():
    assert resident () is not None
    idle = status_of (resident (), 'VmRSS')
    print (f'     before it is asked anything it holds {idle} kB')
    assert idle < 40 * 1024
    for name in NAMES:
        assert type_of (name) == Gimp.PDBProcType.TEMPORARY, name
    assert type_of ('plug-in-smearscope-batch') == Gimp.PDBProcType.PLUGIN
    image, layer = load (SMEAR)
    process = resident ()
    right (classify (image, layer))
    refused (lambda: classify (image, layer, model='no-such-model'), 'no-such-model')
    right (classify (image, layer))
    right (classify (image, layer, run_mode=Gimp.RunMode.WITH_LAST_VALS))
    assert resident () == process


def test_200_runs_hold_no_more ():
    image, layer = load (SMEAR)
    image.undo_disable ()
    image.select_ellipse (Gimp.ChannelOps.REPLACE, 100, 60, 160, 120)
    process = resident ()
    for number in range (200):
        classify (image, layer, earlier='replace')
        if number in (49, 199):
            held = (len (os.listdir (f'/proc/{process}/fd')), status_of (process, 'VmRSS'))
            print (f'     {number + 1} runs: {held[0]} descriptors, {held[1]} kB')
            before = before if number > 49 else held
    assert resident () == process
    assert held[0] == before[0]
    assert held[1] - before[1] < 8 * 1024


def wait_for_none ():
    deadline = time.monotonic () + 20
    while resident () is not None:
        assert time.monotonic () < deadline
        time.sleep (0.02)


def test_it_may_die ():
    image, layer = load (SMEAR)
    os.kill (resident (), signal.SIGKILL)
    wait_for_none ()
    right (classify (image, layer))
    wait_for_none ()
    right (classify (image, layer))
    assert len (groups (image)) == 2


main (globals ())
