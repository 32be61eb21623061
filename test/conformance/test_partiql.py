"""PartiQL as boto3 sees it: statements, pages, batches, transactions, errors."""
import uuid

import pytest
from botocore.exceptions import ClientError


def error_of(call, **kwargs):
    with pytest.raises(ClientError) as caught:
        call(**kwargs)
    return caught.value.response


@pytest.fixture
def orders(client, make_table):
    table = make_table('user', 'n', user='S', n='N')
    for n in range(5):
        client.execute_statement(Statement=f'INSERT INTO "{table.name}" VALUE {{\'user\': ?, \'n\': ?, \'total\': ?, \'tags\': <<\'new\'>>}}',
                                 Parameters=[{'S': 'u1'}, {'N': str(n)}, {'N': str(10 * n)}])
    return table


def test_statements(client, orders):
    read = client.execute_statement(Statement=f'SELECT n, total FROM "{orders.name}" WHERE "user" = ? AND total > ? ORDER BY n DESC',
                                    Parameters=[{'S': 'u1'}, {'N': '20'}])
    assert read['Items'] == [{'n': {'N': '4'}, 'total': {'N': '40'}}, {'n': {'N': '3'}, 'total': {'N': '30'}}]
    changed = client.execute_statement(
        Statement=f'UPDATE "{orders.name}" SET tags = set_add(tags, <<\'paid\'>>) SET total = total - 1 WHERE "user" = \'u1\' AND n = 1 '
                  'RETURNING MODIFIED NEW *', ReturnConsumedCapacity='TOTAL')
    assert sorted(changed['Items'][0]['tags']['SS']) == ['new', 'paid'] and changed['Items'][0]['total'] == {'N': '9'}
    assert changed['ConsumedCapacity']['CapacityUnits'] == 1.0
    gone = client.execute_statement(Statement=f'DELETE FROM "{orders.name}" WHERE "user" = \'u1\' AND n = 1 RETURNING ALL OLD *')
    assert gone['Items'][0]['total'] == {'N': '9'}
    assert 'Item' not in orders.get_item(Key={'user': 'u1', 'n': 1})


def test_name_with_zero_byte(client):
    table = 'zero' + uuid.uuid4().hex
    keys = [{'AttributeName': 'g', 'KeyType': 'HASH'}]
    client.create_table(TableName=table, BillingMode='PAY_PER_REQUEST', KeySchema=keys, AttributeDefinitions=[{'AttributeName': 'g', 'AttributeType': 'S'}],
                        GlobalSecondaryIndexes=[{'IndexName': 'ByG', 'KeySchema': keys, 'Projection': {'ProjectionType': 'ALL'}}])
    client.get_waiter('table_exists').wait(TableName=table, WaiterConfig={'Delay': 1, 'MaxAttempts': 120})
    try:
        assert client.execute_statement(Statement=f'SELECT * FROM "{table}"."ByG" WHERE g = \'a\'')['Items'] == []
        error = error_of(client.execute_statement, Statement=f'SELECT * FROM "{table}"."ByG\0" WHERE g = \'a\'')['Error']
        assert error['Message'] == 'The table does not have the specified index'
    finally:
        client.delete_table(TableName=table)


def test_pages(client, orders):
    seen, arguments = [], {'Statement': f'SELECT n FROM "{orders.name}" WHERE "user" = \'u1\'', 'Limit': 2}
    while True:
        page = client.execute_statement(**arguments)
        seen += [int(item['n']['N']) for item in page['Items']]
        if 'NextToken' not in page:
            break
        arguments['NextToken'] = page['NextToken']
    assert seen == [0, 1, 2, 3, 4]
    token = client.execute_statement(Statement=f'SELECT * FROM "{orders.name}"', Limit=1)['NextToken']
    other = error_of(client.execute_statement, Statement=f'SELECT n FROM "{orders.name}"', NextToken=token)
    assert other['Error'] == {'Code': 'ValidationException', 'Message': 'NextToken does not match request'}


def test_errors(client, orders):
    duplicate = error_of(client.execute_statement, Statement=f'INSERT INTO "{orders.name}" VALUE {{\'user\': \'u1\', \'n\': 1}}')
    assert duplicate['Error'] == {'Code': 'DuplicateItemException', 'Message': 'Duplicate primary key exists in table'}
    failed = error_of(client.execute_statement, Statement=f'UPDATE "{orders.name}" SET a = 1 WHERE "user" = \'u1\' AND n = 2 AND total = 0',
                      ReturnValuesOnConditionCheckFailure='ALL_OLD')
    assert failed['Error']['Code'] == 'ConditionalCheckFailedException' and failed['Item']['total'] == {'N': '20'}
    for statement, message in [
            ('SELECT * FROM', "Statement wasn't well formed, can't be processed: Unexpected term"),
            (f'UPDATE "{orders.name}" SET a = 1 WHERE "user" = \'u1\'', 'Where clause does not contain a mandatory equality on all key attributes'),
            (f'SELECT * FROM "{orders.name}" WHERE n = ?', "Number of parameters in request and statement don't match."),
            (f'SELECT * FROM "{orders.name}" GROUP BY n', 'Unsupported clause: GROUP BY')]:
        assert error_of(client.execute_statement, Statement=statement)['Error'] == {'Code': 'ValidationException', 'Message': message}
    assert error_of(client.execute_statement, Statement='SELECT * FROM "no-such-table"')['Error']['Code'] == 'ResourceNotFoundException'


def test_batch(client, orders):
    name = orders.name
    read = client.batch_execute_statement(Statements=[
        {'Statement': f'SELECT total FROM "{name}" WHERE "user" = ? AND n = ?', 'Parameters': [{'S': 'u1'}, {'N': '3'}]},
        {'Statement': f'SELECT total FROM "{name}"'}])['Responses']
    assert read[0] == {'TableName': name, 'Item': {'total': {'N': '30'}}} and read[1]['Error']['Code'] == 'ValidationError'
    wrote = client.batch_execute_statement(Statements=[
        {'Statement': f'INSERT INTO "{name}" VALUE {{\'user\': \'u2\', \'n\': 1}}'},
        {'Statement': f'INSERT INTO "{name}" VALUE {{\'user\': \'u1\', \'n\': 1}}'}])['Responses']
    assert wrote[0] == {'TableName': name} and wrote[1]['Error']['Code'] == 'DuplicateItem'
    assert orders.get_item(Key={'user': 'u2', 'n': 1})['Item'] == {'user': 'u2', 'n': 1}
    mixed = error_of(client.batch_execute_statement, Statements=[
        {'Statement': f'INSERT INTO "{name}" VALUE {{\'user\': \'u3\', \'n\': 1}}'},
        {'Statement': f'SELECT * FROM "{name}" WHERE "user" = \'u1\' AND n = 1'}])
    assert mixed['Error']['Code'] == 'ValidationException' and 'Item' not in orders.get_item(Key={'user': 'u3', 'n': 1})


def test_transaction(client, orders):
    name = orders.name
    client.execute_transaction(ClientRequestToken=str(uuid.uuid4()), TransactStatements=[
        {'Statement': f'UPDATE "{name}" SET total = total + 1 WHERE "user" = \'u1\' AND n = 1'},
        {'Statement': f'EXISTS(SELECT * FROM "{name}" WHERE "user" = \'u1\' AND n = 2 AND total = 20)'}])
    cancelled = error_of(client.execute_transaction, TransactStatements=[
        {'Statement': f'DELETE FROM "{name}" WHERE "user" = \'u1\' AND n = 1'},
        {'Statement': f'UPDATE "{name}" SET total = 0 WHERE "user" = \'u1\' AND n = 2 AND total = 7', 'ReturnValuesOnConditionCheckFailure': 'ALL_OLD'}])
    assert cancelled['Error']['Code'] == 'TransactionCanceledException'
    assert [reason['Code'] for reason in cancelled['CancellationReasons']] == ['None', 'ConditionalCheckFailed']
    assert cancelled['CancellationReasons'][1]['Item']['total'] == {'N': '20'}
    read = client.execute_transaction(TransactStatements=[{'Statement': f'SELECT total FROM "{name}" WHERE "user" = \'u1\' AND n = 1'}])
    assert read['Responses'] == [{'Item': {'total': {'N': '11'}}}]
