"""The history, feedback, reports and settings in GIMP 3, as a script calls them."""

from support import *

SMEAR = os.path.join (WORK, 'smear.png')
opened, = Gimp.get_images ()
PREFIX = 'plug-in-smearscope-'


def run (_name, *arguments, **more):
    return call (PREFIX + _name, *arguments, **more)


def smear ():
    """As a person opens it: GIMP 3 forgets where a script's image came from."""
    return opened, opened.get_layers ()[-1]


def recording (how):
    return run ('history-settings', recording=how)['text']


def history (**query):
    return run ('history', **query)


def path (name):
    return os.path.join (WORK, name)


def test_1_nothing_is_kept_unless_asked_for ():
    image, layer = load (SMEAR)
    refused (lambda: run ('report', image, layer, file=path ('no.pdf')), 'no findings yet')
    classify (image, layer)
    refused (history, 'no history yet')
    refused (lambda: run ('feedback', image, layer), 'not in the history')
    assert run ('report', image, layer, file=path ('unkept.html'))['findings'] == 1
    image.delete ()
    classify (*smear (), record=True)
    assert history ()['found'] == 1


def test_2_all_of_it ():
    assert 'record=on' in recording ('on')
    image, layer = smear ()
    before = state (image)
    classify (image, layer)
    image.select_rectangle (Gimp.ChannelOps.REPLACE, 100, 60, 320, 240)
    classify (image, layer)
    Gimp.Selection.none (image)
    run ('find-cells', image, layer)
    found = history (name='SMEAR')
    assert found['found'] == 4
    lines = [json.loads (line) for line in found['json'].splitlines ()]
    assert [line['id'] for line in lines] == [4, 3, 2, 1]
    assert lines[1]['region'] == [100, 60, 320, 240]
    assert history (name='other')['found'] == 0
    assert history (since='2999-01-01')['found'] == 0
    refused (lambda: history (since='soon'), 'soon')
    refused (lambda: history (found_class='Burkitt'), 'Burkitt')
    assert run ('feedback', image, layer, finding=1, opinion='flag', who='Dr Lind')['entry'] == 5
    assert run ('feedback', image, layer, cell=1, opinion='correct', correct_class='Pro')['entry'] == 6
    refused (lambda: run ('feedback', image, layer, cell=99), '99')
    refused (lambda: run ('feedback', image, layer, finding=9), 'there is no 9')
    assert run ('history-feedback', id=2, opinion='correct', correct_class='Pro')['entry'] == 7
    assert run ('report', image, layer, file=path ('all.pdf'), paper='letter')['findings'] == 4
    assert run ('report', image, layer, file=path ('all.html'), title='Of today',
                laboratory='Ward 9')['findings'] == 4
    with open (path ('all.html')) as file:
        html = file.read ()
    assert 'Of today' in html and 'Ward 9' in html and WORK not in html
    assert html.count ('data:image/jpeg') == 8 and lines[2]['hash'] in html
    refused (lambda: run ('report', image, layer, file=path ('all.doc')), '.pdf or .html')
    assert state (image) == before


def test_3_from_the_history ():
    for id in range (1, 5):
        results = run ('history-reproduce', id=id)
        assert results['same'] is True, results['text']
    assert run ('history-report', ids='1-3', file=path ('history.html'))['findings'] == 3
    refused (lambda: run ('history-report', ids='a', file=path ('history.html')), 'a')
    compared = run ('history-compare', id=2, other=3)
    assert compared['differences'] > 0 and '100, 60, 320 × 240' in compared['text']
    assert run ('history-compare', id=1, other=1)['differences'] == 0
    opened = run ('history-open', id=3)
    assert opened['unchanged'] is True and opened['image'].get_width () == 640
    assert 'flagged' in run ('feedback-agreement')['text']
    run ('feedback-export', file=path ('list.csv'))
    run ('history-export', file=path ('table.csv'))
    assert run ('history-verify')['intact'] is True
    run ('history-erase', id=3, reason='asked for')
    assert run ('history-verify')['intact'] is True
    refused (lambda: run ('history-open', id=3), 'erased')


def test_4_encrypted_and_back ():
    run ('history-settings', encryption='key-file', key_file=path ('history.key'))
    assert history ()['found'] == 4
    run ('history-settings', encryption='none')
    assert history ()['found'] == 4
    refused (lambda: run ('history-settings', encryption='key-file'), 'key-file')


def test_5_the_batch_too ():
    run ('batch', input=SMEAR, output=path ('out'), report=path ('batch.pdf'))
    assert history ()['found'] == 5
    assert os.path.getsize (path ('batch.pdf')) > 10000


def test_6_off_is_off_and_ask_waits_for_an_answer ():
    image, layer = load (SMEAR)
    recording ('off')
    classify (image, layer, record=True)
    recording ('ask')
    classify (image, layer)
    assert history ()['found'] == 5


def test_7_a_damaged_history_stops_nothing ():
    recording ('on')
    database = os.path.join (os.environ['XDG_DATA_HOME'], 'smearscope', 'history.sqlite')
    for name in os.listdir (os.path.dirname (database)):
        os.remove (os.path.join (os.path.dirname (database), name))
    with open (database, 'w') as file:
        file.write ('no database')
    image, layer = load (SMEAR)
    assert classify (image, layer)['class'] in ('Benign', 'Early', 'Pre', 'Pro')
    assert image.get_parasite ('smearscope-findings')
    refused (history, 'damaged or no history')
    with open (database) as file:
        assert file.read () == 'no database'


main (globals ())
