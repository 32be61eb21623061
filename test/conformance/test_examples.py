"""The Python example, with this boto3."""
import os
import subprocess
import sys

EXAMPLES = os.environ['EXAMPLES']


def run(*command, folder='.', **env):
    done = subprocess.run(command, cwd=os.path.join(EXAMPLES, folder), env={**os.environ, **env}, text=True, timeout=1200,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_python_shop():
    said = run(sys.executable, 'shop.py', folder='python')
    assert 'Found 2 products, the cheapest first' in said
    assert 'update_stock fails as on AWS: 1 validation error detected: Value provided in ExpressionAttributeValues unused in expressions: keys: {:zero}' in said
    assert said.endswith('The shop works.\n')


def test_python_shop_again():
    said = run(sys.executable, 'shop.py', folder='python')
    assert 'Table Users exists' in said and said.endswith('The shop works.\n')
