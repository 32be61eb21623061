"""
A few thousand generated requests, the same ones each time: every answer is well-formed, none is a failure of the server, and
they come out as last time (test/differential/expected.txt).  Where the peers run (DIFFERENTIAL_LOCAL and DIFFERENTIAL_DYNALITE
name them; tools/peers.sh starts them), each answer is compared with theirs, too.
"""
import os
import pathlib
import subprocess
import sys

FOLDER = pathlib.Path(__file__).parent.parent / 'differential'


def test_generated_requests(tmp_path):
    summary = tmp_path / 'summary.txt'
    command = [sys.executable, FOLDER / 'run.py', '--ours', os.environ['DYNAMODB_ENDPOINT'], '--key', os.environ['AWS_ACCESS_KEY_ID'],
               '--secret', os.environ['AWS_SECRET_ACCESS_KEY'], '--seed', '1', '--count', '4000', '--summary', summary]
    for peer in ('local', 'dynalite'):
        if os.environ.get('DIFFERENTIAL_' + peer.upper()):
            command += ['--' + peer, os.environ['DIFFERENTIAL_' + peer.upper()]]
    run = subprocess.run(command, capture_output=True, text=True, timeout=600)
    assert run.returncode == 0, run.stdout[-8000:] + run.stderr[-4000:]
    expected = (FOLDER / 'expected.txt').read_text(encoding='utf-8').splitlines()
    came = summary.read_text(encoding='utf-8').splitlines()
    assert came == expected, '\n'.join(sorted({'- ' + line for line in {*expected} - {*came}} | {'+ ' + line for line in {*came} - {*expected}}))
