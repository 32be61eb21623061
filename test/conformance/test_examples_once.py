"""The other examples: JavaScript, AWS CLI, SQL.  They do not depend on the version of boto3."""
import os
import sys

from test_examples import run


def test_javascript_v2():
    said = run('node', 'shop.js', folder='javascript-v2')
    assert 'PUT /users/' in said and 'attribute name: #status' in said
    assert said.endswith('The shop works.\n')


def test_javascript_v3():
    assert run('node', 'shop.js', folder='javascript-v3').endswith('The shop works.\n')


def test_cli():
    said = run('./shop.sh', folder='cli')
    assert 'Unknown parameter in GlobalSecondaryIndexes[0]: "BillingMode"' in said
    assert said.endswith('The shop works.\n')


def test_sql_report():
    run(sys.executable, 'shop.py', folder='python')     # makes what the report is about
    said = run(os.environ['PSQL'], '-X', '-A', '-f', 'report.sql', folder='sql')
    assert 'regular|' in said and 'Laptop|' in said and 'Ruler|1.25' in said
    assert said.endswith('COMMIT\n')


def test_sql_transaction():
    said = run(os.environ['PSQL'], '-X', '-A', '-t', '-f', 'transaction.sql', folder='sql')
    assert 'WARNING:  refused by the ledger' in said
    assert 'WARNING:  bob has only 20: ConditionalCheckFailed, None' in said
    assert 'ann|60|-40\nbob|20|0\n' in said
    assert said.endswith('The books balance.\n')
