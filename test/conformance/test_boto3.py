"""The operations as boto3 sees them: types, expressions, pages, errors."""
from decimal import Decimal

import pytest
from boto3.dynamodb.conditions import Attr, Key
from botocore.exceptions import ClientError

from conftest import new_name


def error_of(call, *args, **kwargs):
    with pytest.raises(ClientError) as caught:
        call(*args, **kwargs)
    return caught.value.response['Error']['Code'], caught.value.response['Error']['Message'], caught.value.response


# ---- tables

def test_table_life(client):
    name = new_name()
    created = client.create_table(
        TableName=name, BillingMode='PROVISIONED', ProvisionedThroughput={'ReadCapacityUnits': 3, 'WriteCapacityUnits': 4},
        AttributeDefinitions=[{'AttributeName': 'h', 'AttributeType': 'S'}, {'AttributeName': 'r', 'AttributeType': 'B'}],
        KeySchema=[{'AttributeName': 'h', 'KeyType': 'HASH'}, {'AttributeName': 'r', 'KeyType': 'RANGE'}],
        Tags=[{'Key': 'team', 'Value': 'shop'}])['TableDescription']
    assert created['TableName'] == name and created['TableStatus'] in ('CREATING', 'ACTIVE')
    assert error_of(client.create_table, TableName=name, BillingMode='PAY_PER_REQUEST',
                    AttributeDefinitions=[{'AttributeName': 'h', 'AttributeType': 'S'}],
                    KeySchema=[{'AttributeName': 'h', 'KeyType': 'HASH'}])[:2] == \
        ('ResourceInUseException', f'Table already exists: {name}')
    client.get_waiter('table_exists').wait(TableName=name, WaiterConfig={'Delay': 1, 'MaxAttempts': 120})
    table = client.describe_table(TableName=name)['Table']
    assert table['TableStatus'] == 'ACTIVE'
    assert table['KeySchema'] == [{'AttributeName': 'h', 'KeyType': 'HASH'}, {'AttributeName': 'r', 'KeyType': 'RANGE'}]
    assert table['ProvisionedThroughput']['ReadCapacityUnits'] == 3
    assert table['ProvisionedThroughput']['WriteCapacityUnits'] == 4
    assert table['ItemCount'] == 0 and table['TableSizeBytes'] == 0
    assert table['TableArn'].endswith(f':table/{name}') and table['TableArn'].startswith('arn:aws:dynamodb:us-east-1:')
    assert name in [n for page in client.get_paginator('list_tables').paginate(PaginationConfig={'PageSize': 1})
                    for n in page['TableNames']]
    assert client.delete_table(TableName=name)['TableDescription']['TableStatus'] == 'DELETING'
    client.get_waiter('table_not_exists').wait(TableName=name, WaiterConfig={'Delay': 1, 'MaxAttempts': 120})
    assert error_of(client.describe_table, TableName=name)[:2] == \
        ('ResourceNotFoundException', f'Requested resource not found: Table: {name} not found')


def test_unknown_table(client):
    code, message, response = error_of(client.get_item, TableName=new_name(), Key={'id': {'S': 'x'}})
    assert (code, message) == ('ResourceNotFoundException', 'Requested resource not found')
    assert response['ResponseMetadata']['HTTPStatusCode'] == 400
    assert response['ResponseMetadata']['RequestId']


def test_invalid_requests(raw_client):
    assert error_of(raw_client.get_item, TableName='x', Key={'id': {'S': 'x'}})[0] == 'ValidationException'
    assert error_of(raw_client.describe_table)[0] == 'ValidationException'
    assert error_of(raw_client.create_table, TableName='ab')[0] == 'ValidationException'


# ---- items

ALL_TYPES = {
    'id': 'all types', 'string': 'héllo \u0000 \U0001f600', 'empty': '', 'number': Decimal('-12.5'), 'zero': Decimal(0),
    'large': Decimal('1E+37'), 'tiny': Decimal('1E-130'), 'digits': Decimal('1234567890.1234567890123456789012345678'),
    'binary': b'\x00\x01\xff', 'yes': True, 'no': False, 'nothing': None,
    'strings': {'a', 'b'}, 'numbers': {Decimal(1), Decimal('2.5')}, 'binaries': {b'x', b'yy'},
    'list': [1, 'two', [3], {'four': 4}], 'map': {'a': {'b': {'c': [None]}}}, 'empty list': [], 'empty map': {},
    '$B': 'not binary', 'map with dollar': {'$SS': ['x']}, 'with "quotes" and \\': 'a"b\\c\n',
}


def plain(value):
    """boto3 returns bytes in a Binary object; make it comparable."""
    if hasattr(value, 'value'):
        return value.value
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [plain(v) for v in value]
    if isinstance(value, set):
        return {plain(v) for v in value}
    return value


def test_all_types_survive(simple_table):
    simple_table.put_item(Item=ALL_TYPES)
    assert plain(simple_table.get_item(Key={'id': 'all types'}, ConsistentRead=True)['Item']) == ALL_TYPES


def test_largest_number(client, simple_table):
    # Not through boto3's conversion, which refuses more than 38 digits even where they are zeros.
    client.put_item(TableName=simple_table.name, Item={'id': {'S': 'x'}, 'n': {'N': '-9.9e125'}})
    assert client.get_item(TableName=simple_table.name, Key={'id': {'S': 'x'}})['Item']['n'] == {'N': '-99' + '0' * 124}


def test_get_missing_item(simple_table):
    assert 'Item' not in simple_table.get_item(Key={'id': 'nobody'})


def test_put_returns_old(simple_table):
    assert 'Attributes' not in simple_table.put_item(Item={'id': 'x', 'n': 1}, ReturnValues='ALL_OLD')
    assert simple_table.put_item(Item={'id': 'x', 'n': 2}, ReturnValues='ALL_OLD')['Attributes'] == {'id': 'x', 'n': 1}


def test_condition_fails(simple_table):
    simple_table.put_item(Item={'id': 'x', 'n': 1})
    code, message, response = error_of(simple_table.put_item, Item={'id': 'x'}, ConditionExpression=Attr('id').not_exists())
    assert (code, message) == ('ConditionalCheckFailedException', 'The conditional request failed')
    simple_table.put_item(Item={'id': 'x', 'n': 5}, ConditionExpression=Attr('n').eq(1) & Attr('id').exists())
    assert simple_table.get_item(Key={'id': 'x'})['Item']['n'] == 5


def test_condition_failure_returns_item(client, simple_table):
    simple_table.put_item(Item={'id': 'x', 'n': 1})
    _, _, response = error_of(
        client.put_item, TableName=simple_table.name, Item={'id': {'S': 'x'}}, ConditionExpression='attribute_not_exists(id)',
        ReturnValuesOnConditionCheckFailure='ALL_OLD')
    assert response['Item'] == {'id': {'S': 'x'}, 'n': {'N': '1'}}


def test_update(simple_table):
    key = {'id': 'x'}
    first = simple_table.update_item(
        Key=key, UpdateExpression='SET a = :a, m = :m, l = :l ADD n :n, s :s', ReturnValues='ALL_NEW',
        ExpressionAttributeValues={':a': 'v', ':m': {'x': 1}, ':l': [1, 2], ':n': 3, ':s': {'p'}})['Attributes']
    assert first == {'id': 'x', 'a': 'v', 'm': {'x': 1}, 'l': [1, 2], 'n': 3, 's': {'p'}}
    second = simple_table.update_item(
        Key=key, UpdateExpression='SET #m.y = if_not_exists(nope, :one), l = list_append(l, :tail), n = n + :one REMOVE a '
                                  'DELETE s :s',
        ExpressionAttributeNames={'#m': 'm'}, ExpressionAttributeValues={':one': 1, ':tail': [3], ':s': {'p'}},
        ReturnValues='UPDATED_NEW')
    assert second['Attributes']['n'] == 4 and second['Attributes']['m'] == {'y': 1}
    simple_table.update_item(Key=key, UpdateExpression='REMOVE l[0]')
    third = simple_table.get_item(Key=key)['Item']
    assert third['l'] == [2, 3]
    assert third['m'] == {'x': 1, 'y': 1} and third['n'] == 4 and 's' not in third and 'a' not in third


def test_overlapping_paths_are_refused(simple_table):
    code, message, _ = error_of(simple_table.update_item, Key={'id': 'x'}, UpdateExpression='SET a = :v, a.b = :v',
                                ExpressionAttributeValues={':v': 1})
    assert code == 'ValidationException'
    assert message == ('1 validation error detected: Invalid UpdateExpression: Two document paths overlap with each other; must '
                       'remove or rewrite one of these paths; path one: [a], path two: [a, b]')


def test_unused_value_is_refused(simple_table):
    assert error_of(simple_table.put_item, Item={'id': 'x'}, ConditionExpression='attribute_not_exists(id)',
                    ExpressionAttributeValues={':zero': 0})[:2] == \
        ('ValidationException', '1 validation error detected: Value provided in ExpressionAttributeValues unused in expressions: keys: {:zero}')


def test_delete(simple_table):
    simple_table.put_item(Item={'id': 'x', 'n': 1})
    assert simple_table.delete_item(Key={'id': 'x'}, ReturnValues='ALL_OLD')['Attributes'] == {'id': 'x', 'n': 1}
    assert 'Attributes' not in simple_table.delete_item(Key={'id': 'x'}, ReturnValues='ALL_OLD')


def test_large_items(simple_table):
    simple_table.put_item(Item={'id': 'x', 'a': 'b' * (400 * 1024 - 4)})
    assert error_of(simple_table.put_item, Item={'id': 'x', 'a': 'b' * (400 * 1024 - 3)})[:2] == \
        ('ValidationException', 'Item size has exceeded the maximum allowed size')
    assert len(simple_table.get_item(Key={'id': 'x'})['Item']['a']) == 400 * 1024 - 4


def test_wrong_keys(simple_table):
    assert error_of(simple_table.get_item, Key={'id': 1})[:2] == \
        ('ValidationException', 'The provided key element does not match the schema')
    assert error_of(simple_table.put_item, Item={'other': 'x'})[:2] == \
        ('ValidationException', 'One or more parameter values were invalid: Missing the key id in the item')
    assert error_of(simple_table.put_item, Item={'id': ''})[0] == 'ValidationException'


def test_projection(simple_table):
    simple_table.put_item(Item={'id': 'x', 'a': [1, 2, 3], 'm': {'p': 1, 'q': 2}, 'name': 'n'})
    found = simple_table.get_item(Key={'id': 'x'}, ProjectionExpression='a[1], m.q, #n', ExpressionAttributeNames={'#n': 'name'})
    assert found['Item'] == {'a': [2], 'm': {'q': 2}, 'name': 'n'}


# ---- pages

def test_query_order_pages_and_filter(sorted_table):
    with sorted_table.batch_writer() as batch:
        for n in range(-50, 50):
            batch.put_item(Item={'h': 'a', 'r': Decimal(n) / 2, 'even': n % 2 == 0})
        batch.put_item(Item={'h': 'b', 'r': 1})
    everything = [Decimal(n) / 2 for n in range(-50, 50)]

    def collect(**query):
        found, pages, start = [], 0, {}
        while True:
            page = sorted_table.query(**query, **start)
            found += [item['r'] for item in page['Items']]
            pages += 1
            if 'LastEvaluatedKey' not in page:
                return found, pages
            start = {'ExclusiveStartKey': page['LastEvaluatedKey']}

    assert collect(KeyConditionExpression=Key('h').eq('a')) == (everything, 1)
    assert collect(KeyConditionExpression=Key('h').eq('a'), Limit=7) == (everything, 15)
    assert collect(KeyConditionExpression=Key('h').eq('a'), Limit=7, ScanIndexForward=False)[0] == everything[::-1]
    assert collect(KeyConditionExpression=Key('h').eq('a') & Key('r').between(Decimal('-1'), Decimal('0.5')))[0] == \
        [Decimal('-1'), Decimal('-0.5'), 0, Decimal('0.5')]
    assert collect(KeyConditionExpression=Key('h').eq('a') & Key('r').lt(-24))[0] == [-25, Decimal('-24.5')]
    assert len(collect(KeyConditionExpression=Key('h').eq('a'), FilterExpression=Attr('even').eq(True))[0]) == 50
    counted = sorted_table.query(KeyConditionExpression=Key('h').eq('a'), FilterExpression=Attr('even').eq(True), Select='COUNT')
    assert (counted['Count'], counted['ScannedCount']) == (50, 100) and 'Items' not in counted


def test_pages_end_at_one_megabyte(sorted_table):
    for n in range(6):
        sorted_table.put_item(Item={'h': 'a', 'r': n, 'x': 'y' * 300_000})
    page = sorted_table.query(KeyConditionExpression=Key('h').eq('a'))
    assert page['LastEvaluatedKey'] == {'h': 'a', 'r': page['Count'] - 1} and page['Count'] in (3, 4)
    rest = sorted_table.query(KeyConditionExpression=Key('h').eq('a'), ExclusiveStartKey=page['LastEvaluatedKey'])
    assert page['Count'] + rest['Count'] == 6 and 'LastEvaluatedKey' not in rest


def test_scan_with_segments(simple_table):
    with simple_table.batch_writer() as batch:
        for n in range(200):
            batch.put_item(Item={'id': f'item {n}'})
    found = [item['id'] for segment in range(4) for item in simple_table.scan(Segment=segment, TotalSegments=4)['Items']]
    assert sorted(found) == sorted(f'item {n}' for n in range(200))


def test_index(make_table):
    table = make_table('id', id='S', kind='S', price='N', indexes=[{
        'IndexName': 'by_price', 'Projection': {'ProjectionType': 'KEYS_ONLY'},
        'KeySchema': [{'AttributeName': 'kind', 'KeyType': 'HASH'}, {'AttributeName': 'price', 'KeyType': 'RANGE'}]}])
    for n in range(10):
        table.put_item(Item={'id': f'{n}', 'kind': 'k', 'price': n % 3, 'more': 'data'})
    table.put_item(Item={'id': 'sparse', 'kind': 'k'})

    def prices(**extra):
        found, start = [], {}
        while True:
            page = table.query(IndexName='by_price', KeyConditionExpression=Key('kind').eq('k'), **extra, **start)
            found += page['Items']
            if 'LastEvaluatedKey' not in page:
                return found
            start = {'ExclusiveStartKey': page['LastEvaluatedKey']}

    found = prices()
    assert [item['price'] for item in found] == [0, 0, 0, 0, 1, 1, 1, 2, 2, 2]
    assert all(set(item) == {'id', 'kind', 'price'} for item in found)
    assert sorted(item['id'] for item in prices(Limit=1)) == sorted(str(n) for n in range(10))
    table.update_item(Key={'id': '0'}, UpdateExpression='REMOVE kind')
    table.update_item(Key={'id': 'sparse'}, UpdateExpression='SET price = :p', ExpressionAttributeValues={':p': 9})
    assert [item['id'] for item in prices()][-1] == 'sparse' and '0' not in [item['id'] for item in prices()]
    assert error_of(table.query, IndexName='by_price', KeyConditionExpression=Key('kind').eq('k'), ConsistentRead=True)[0] == \
        'ValidationException'
    assert error_of(table.query, IndexName='none', KeyConditionExpression=Key('kind').eq('k'))[0] == 'ValidationException'


# ---- batches

def test_batches(client, simple_table):
    name = simple_table.name
    puts = [{'PutRequest': {'Item': {'id': {'S': f'{n}'}, 'n': {'N': f'{n}'}}}} for n in range(25)]
    assert client.batch_write_item(RequestItems={name: puts})['UnprocessedItems'] == {}
    found = client.batch_get_item(RequestItems={name: {
        'Keys': [{'id': {'S': f'{n}'}} for n in range(30)], 'ProjectionExpression': 'n'}})
    assert sorted(int(item['n']['N']) for item in found['Responses'][name]) == list(range(25))
    assert found['UnprocessedKeys'] == {}
    assert error_of(client.batch_write_item, RequestItems={name: puts + puts[:1]})[0] == 'ValidationException'
    assert error_of(client.batch_write_item, RequestItems={name: puts[:1] * 2})[:2] == \
        ('ValidationException', 'Provided list of item keys contains duplicates')
    assert error_of(client.batch_get_item, RequestItems={name: {'Keys': [{'id': {'S': '1'}}] * 2}})[:2] == \
        ('ValidationException', 'Provided list of item keys contains duplicates')


# ---- accounting

def test_consumed_capacity(client, simple_table):
    name = simple_table.name
    wrote = client.put_item(TableName=name, Item={'id': {'S': 'x'}, 'a': {'S': 'y' * 2000}}, ReturnConsumedCapacity='TOTAL')
    assert wrote['ConsumedCapacity'] == {'TableName': name, 'CapacityUnits': 2.0}
    read = client.get_item(TableName=name, Key={'id': {'S': 'x'}}, ReturnConsumedCapacity='TOTAL')
    assert read['ConsumedCapacity'] == {'TableName': name, 'CapacityUnits': 0.5}
    read = client.get_item(TableName=name, Key={'id': {'S': 'x'}}, ReturnConsumedCapacity='TOTAL', ConsistentRead=True)
    assert read['ConsumedCapacity'] == {'TableName': name, 'CapacityUnits': 1.0}
