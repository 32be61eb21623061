"""
A few thousand generated requests, the same ones each time: every answer is well-formed, none is a failure of the server, and
they come out as last time (test/differential/expected.txt).  Where the peers run (DIFFERENTIAL_DYNOXIDE and DIFFERENTIAL_DYNALITE
name them; tools/peers.sh starts them), each answer is compared with theirs, too.
"""
import os
import pathlib
import subprocess
import sys

import pytest

FOLDER = pathlib.Path(__file__).parent.parent / 'differential'


def test_generated_requests(tmp_path):
    summary = tmp_path / 'summary.txt'
    command = [sys.executable, FOLDER / 'run.py', '--ours', os.environ['DYNAMODB_ENDPOINT'], '--key', os.environ['AWS_ACCESS_KEY_ID'],
               '--secret', os.environ['AWS_SECRET_ACCESS_KEY'], '--seed', '1', '--count', '4000', '--summary', summary]
    for peer in ('dynoxide', 'dynalite'):
        if os.environ.get('DIFFERENTIAL_' + peer.upper()):
            command += ['--' + peer, os.environ['DIFFERENTIAL_' + peer.upper()]]
    run = subprocess.run(command, capture_output=True, text=True, timeout=1800)
    assert run.returncode == 0, run.stdout[-8000:] + run.stderr[-4000:]
    expected = (FOLDER / 'expected.txt').read_text(encoding='utf-8').splitlines()
    came = summary.read_text(encoding='utf-8').splitlines()
    assert came == expected, '\n'.join(sorted({'- ' + line for line in {*expected} - {*came}} | {'+ ' + line for line in {*came} - {*expected}}))


NEW = [
    ('GetItem', '200 {"Item": {"p": {"S": "a"}}}', '200 {"Item": null}'),
    ('GetItem', '200 {"Item": {"v": {"N": "1"}}}', '200 {"Item": {"v": {"N": "1.1"}}}'),
    ('Query', '200 {"Count": 1, "Items": [{"p": {"S": "a"}}]}', '200 {"Count": 0, "Items": []}'),
    ('Query', '200', '400 ValidationException: Invalid FilterExpression: Syntax error; token: "x", near: "x y"'),
    ('Query', '400 ValidationException: Invalid FilterExpression: Syntax error; token: "x", near: "x y"', '200'),
    ('PutItem', '200', '400 ConditionalCheckFailedException: The conditional request failed'),
    ('PutItem', '200', '500 InternalFailure: The request processing has failed because of an unknown error, exception or failure.'),
    ('PutItem', '400 ConditionalCheckFailedException: The conditional request failed', '200'),
    ('PutItem', '400 ValidationException: The provided key element does not match the schema', '400 ValidationException: Something nobody has seen'),
    ('PutItem', '400 ValidationException: Something nobody has seen', '400 ValidationException: The number of conditions on the keys is invalid'),
    ('UpdateItem', '200 {"Attributes": {"v": {"S": "a"}}}', '200 {"Attributes": {"v": {"S": "b"}}}'),
    ('UpdateItem', '400 ValidationException: Item size to update has exceeded the maximum allowed size', '200'),
    ('PutItem', 'stored in diff.Hash: {"a": "1"}', 'stored in diff.Hash: {"a": "1.1"}'),
    ('UpdateItem', 'stored in diff.Hash: {"a": "1"}', 'stored in diff.Hash: {"a": None}'),
    ('ExecuteStatement', '400 ValidationException: Where clause does not contain a mandatory equality on all key attributes', '200'),
    ('DescribeTimeToLive', '200 {"TimeToLiveDescription": 1}', '200 {"TimeToLiveDescription": 2}'),
    ('UpdateTable', '200 {"TableDescription": {"TableName": "a"}}', '200 {"TableDescription": {"TableName": "b"}}'),
    ('DeleteItem', '200 {"Attributes": {"p": {"S": "a"}}}', '200 {"Attributes": null}'),
    ('Scan', '200 {"Count": 2, "Items": [1, 2]}', '200 {"Count": 1, "Items": [1]}'),
    ('BatchGetItem', '200 {"UnprocessedKeys": {}}', '200 {"UnprocessedKeys": {"t": {}}}'),
    ('TransactWriteItems', '200', '400 TransactionCanceledException: Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed]'),
    ('ExecuteStatement', '200 {"Items": [{"p": {"S": "a"}}]}', '200 {"Items": []}'),
    ('CreateTable', '400 ValidationException: Something nobody has seen', '200'),
    ('DescribeTable', '200 {"Table": {"TableName": "a"}}', '200 {"Table": {"TableName": "b"}}'),
    ('BatchExecuteStatement', '200 {"Responses": [{"TableName": "a"}]}', '200 {"Responses": [{"TableName": "b"}]}'),
    ('BatchExecuteStatement', '200 {"Responses": [{"Error": {"Code": "ValidationError", "Message": "a"}}]}', '200 {"Responses": [{"Error": {"Code": "ValidationError", "Message": "b"}}]}'),
    ('BatchExecuteStatement', '200 {"ConsumedCapacity": [{"CapacityUnits": 1.0, "TableName": "a"}]}', '200 {"ConsumedCapacity": [{"CapacityUnits": 2.0, "TableName": "a"}]}'),
    ('ExecuteStatement', "400 ValidationException: Statement wasn't well formed, can't be processed: Unexpected term", "400 ValidationException: Statement wasn't well formed, can't be processed: Unexpected keyword"),
    ('ExecuteTransaction', "400 ValidationException: Statement wasn't well formed, can't be processed: Unexpected term", "400 ValidationException: Validation failed in TransactStatements[1]: Statement wasn't well formed, can't be processed: Unexpected term"),
    ('TransactWriteItems', '400 TransactionCanceledException: Transaction cancelled, please refer cancellation reasons for specific reasons [None]', '400 TransactionCanceledException: Transaction cancelled, please refer cancellation reasons for specific reasons [ValidationError]'),
    ('Query', '400 ValidationException: Invalid FilterExpression: Syntax error; token: "x", near: "x y"', '400 ValidationException: Invalid FilterExpression: Syntax error; token: "y", near: "x y"'),
    ('PutItem', '400 ValidationException: 1 validation error detected: Invalid ConditionExpression: Syntax error; token: "x", near: "x y"', '400 ValidationException: Invalid ConditionExpression: Syntax error; token: "x", near: "x y"'),
]


@pytest.mark.parametrize('peer', ['dynoxide', 'dynalite'])
@pytest.mark.parametrize('operation, ours, theirs', NEW)
def test_new_differences_have_no_explanation(peer, operation, ours, theirs):
    sys.path.insert(0, str(FOLDER))
    try:
        from rules import explain
    finally:
        sys.path.pop(0)
    assert explain(peer, operation, ours, theirs, {}) is None
