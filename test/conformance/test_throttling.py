"""Throttling as SDKs see it: the exceptions, their reasons, what is tried again, and what comes back unprocessed.

A table of one unit that has taken an item of 300 KB is in debt for five minutes: no test depends on how long a step takes.
"""
import os
import subprocess
import time

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from conftest import ENDPOINT, connect, new_name

TABLE_TEXT = ('The level of configured provisioned throughput for the table was exceeded. '
              'Consider increasing your provisioning level with the UpdateTable API.')
INDEX_TEXT = ('The level of configured provisioned throughput for one or more global secondary indexes of the table was exceeded. '
              'Consider increasing your provisioning level for the under-provisioned global secondary indexes with the UpdateTable API')
ON_DEMAND_TEXT = 'Throughput exceeds the maximum OnDemandThroughput configured on table or index'
PROVISIONED = {'ProvisionedThroughput': {'ReadCapacityUnits': 1, 'WriteCapacityUnits': 1}}
ON_DEMAND = {'OnDemandThroughput': {'MaxReadRequestUnits': 1, 'MaxWriteRequestUnits': 1}}

# Maxima of tables on demand, where this version of boto3 knows them.
KINDS = [False] + [True] * ('OnDemandThroughput' in connect(boto3.client).meta.service_model.shape_for('CreateTableInput').members)


def set_throttling(value):
    subprocess.run([os.environ['PSQL'], '-X', '-q', '-U', 'postgres', '-v', 'ON_ERROR_STOP=1', '-d', 'postgres',
                    '-c', f'ALTER SYSTEM SET dynamo.enforce_throughput = {value}', '-c', 'SELECT pg_reload_conf()'],
                   check=True, stdout=subprocess.DEVNULL)


def create(client, indexed=False, on_demand=False):
    name = new_name('throttling')
    limits = ON_DEMAND if on_demand else PROVISIONED
    settings = dict(limits)
    if on_demand:
        settings['BillingMode'] = 'PAY_PER_REQUEST'
    attributes = [{'AttributeName': 'id', 'AttributeType': 'S'}]
    if indexed:
        attributes.append({'AttributeName': 'g', 'AttributeType': 'S'})
        settings['GlobalSecondaryIndexes'] = [{
            'IndexName': 'ByG', 'KeySchema': [{'AttributeName': 'g', 'KeyType': 'HASH'}],
            'Projection': {'ProjectionType': 'ALL'}, **limits}]
    client.create_table(TableName=name, KeySchema=[{'AttributeName': 'id', 'KeyType': 'HASH'}],
                        AttributeDefinitions=attributes, **settings)
    return name


def put(client, name, size=0, key='a', **more):
    return client.put_item(TableName=name, Item={'id': {'S': key}, 'x': {'S': 'x' * size}, **more})


def error_of(call, *arguments, **named):
    with pytest.raises(ClientError) as caught:
        call(*arguments, **named)
    return caught.value.response


@pytest.fixture(scope='module')
def throttled():
    """Switches throttling on, and waits until every worker knows: each new connection may go to another one."""
    client = connect(boto3.client)
    set_throttling('on')
    name = create(client)
    refusals = 0
    deadline = time.monotonic() + 300
    while refusals < 24:
        assert time.monotonic() < deadline, 'the setting does not arrive'
        try:
            put(connect(boto3.client), name, 300 * 1024)
            refusals = 0
        except ClientError:
            refusals += 1
    yield client
    set_throttling('off')
    client.delete_table(TableName=name)


@pytest.fixture
def table(throttled):
    """table(...) makes a table whose units for writes are gone."""
    made = []

    def make(**how):
        name = create(throttled, **how)
        made.append(name)
        put(throttled, name, 300 * 1024, **({'g': {'S': 'g'}} if how.get('indexed') else {}))
        return name

    yield make
    for name in made:
        throttled.delete_table(TableName=name)


def check_reasons(client, response, code, *reasons):
    """Reasons are (reason, resource without the account's part)."""
    shape = client.meta.service_model.shape_for_error_code(code)
    member = next((m for m in shape.members if m.lower() == 'throttlingreasons'), None) if shape else None
    if member is None:
        return  # a version of boto3 that does not know them
    assert [(r['reason'], r['resource'].split(':', 5)[5]) for r in response[member]] == list(reasons)


@pytest.mark.parametrize('on_demand', KINDS)
def test_exception(throttled, table, on_demand):
    name = table(on_demand=on_demand)
    response = error_of(put, throttled, name)
    code = 'ThrottlingException' if on_demand else 'ProvisionedThroughputExceededException'
    kind = 'MaxOnDemandThroughputExceeded' if on_demand else 'ProvisionedThroughputExceeded'
    assert response['Error'] == {'Code': code, 'Message': ON_DEMAND_TEXT if on_demand else TABLE_TEXT}
    assert response['ResponseMetadata']['HTTPStatusCode'] == 400
    check_reasons(throttled, response, code, ('TableWrite' + kind, 'table/' + name))


def test_modeled_exception(throttled, table):
    name = table()
    with pytest.raises(throttled.exceptions.ProvisionedThroughputExceededException):
        put(throttled, name)


@pytest.mark.parametrize('on_demand', KINDS)
def test_index(throttled, table, on_demand):
    """To read the large item leaves the index in debt, but not the table."""
    name = table(indexed=True, on_demand=on_demand)
    throttled.scan(TableName=name, IndexName='ByG')
    response = error_of(throttled.scan, TableName=name, IndexName='ByG')
    code = 'ThrottlingException' if on_demand else 'ProvisionedThroughputExceededException'
    kind = 'MaxOnDemandThroughputExceeded' if on_demand else 'ProvisionedThroughputExceeded'
    assert response['Error'] == {'Code': code, 'Message': ON_DEMAND_TEXT if on_demand else INDEX_TEXT}
    check_reasons(throttled, response, code, ('IndexRead' + kind, f'table/{name}/index/ByG'))
    throttled.get_item(TableName=name, Key={'id': {'S': 'a'}})


@pytest.mark.parametrize('on_demand', KINDS)
@pytest.mark.parametrize('mode', ['legacy', 'standard'])
def test_sdk_tries_again(throttled, table, on_demand, mode):
    name = table(on_demand=on_demand)
    attempts = {'max_attempts': 2} if mode == 'legacy' else {'total_max_attempts': 3}
    client = boto3.client('dynamodb', region_name='us-east-1', endpoint_url=ENDPOINT,
                          config=Config(retries={'mode': mode, **attempts}))
    assert error_of(put, client, name)['ResponseMetadata']['RetryAttempts'] == 2


def test_retry_succeeds(throttled, table):
    """The limit is raised between an attempt and the next one."""
    name = table()
    client = boto3.client('dynamodb', region_name='us-east-1', endpoint_url=ENDPOINT)
    raised = []

    def raise_limit(**event):
        if not raised:
            raised.append(throttled.update_table(
                TableName=name, ProvisionedThroughput={'ReadCapacityUnits': 1, 'WriteCapacityUnits': 100}))

    client.meta.events.register_first('needs-retry.dynamodb.PutItem', raise_limit)
    assert put(client, name)['ResponseMetadata']['RetryAttempts'] == 1


def test_batches(throttled, table):
    empty = table()
    full = create(throttled)
    request = {'PutRequest': {'Item': {'id': {'S': 'b'}}}}
    key = {'id': {'S': 'a'}}
    try:
        reply = throttled.batch_write_item(RequestItems={empty: [request], full: [request]})
        assert reply['UnprocessedItems'] == {empty: [request]}
        response = error_of(throttled.batch_write_item, RequestItems={empty: [request]})
        assert response['Error'] == {'Code': 'ProvisionedThroughputExceededException', 'Message': TABLE_TEXT}
        check_reasons(throttled, response, response['Error']['Code'],
                      ('TableWriteProvisionedThroughputExceeded', 'table/' + empty))

        # reading the large item leaves the table in debt for its reads as well
        reply = throttled.batch_get_item(RequestItems={empty: {'Keys': [key, {'id': {'S': 'b'}}], 'ConsistentRead': True}})
        assert [item['id'] for item in reply['Responses'][empty]] == [{'S': 'a'}]
        assert reply['UnprocessedKeys'] == {empty: {'Keys': [{'id': {'S': 'b'}}], 'ConsistentRead': True}}
        response = error_of(throttled.batch_get_item, RequestItems={empty: {'Keys': [key]}})
        assert response['Error'] == {'Code': 'ProvisionedThroughputExceededException', 'Message': TABLE_TEXT}
        reply = throttled.batch_get_item(RequestItems={empty: {'Keys': [key]}, full: {'Keys': [{'id': {'S': 'b'}}]}})
        assert reply['Responses'][full] == [{'id': {'S': 'b'}}]
        assert reply['UnprocessedKeys'] == {empty: {'Keys': [key]}}
    finally:
        throttled.delete_table(TableName=full)


@pytest.mark.parametrize('on_demand', KINDS)
def test_transactions(throttled, table, on_demand):
    name = table(on_demand=on_demand)
    code, text = ('ThrottlingError', ON_DEMAND_TEXT) if on_demand else ('ProvisionedThroughputExceeded', TABLE_TEXT)
    other = create(throttled)
    try:
        response = error_of(throttled.transact_write_items, TransactItems=[
            {'Put': {'TableName': other, 'Item': {'id': {'S': 'b'}}}},
            {'Delete': {'TableName': name, 'Key': {'id': {'S': 'a'}}}}])
        assert response['Error']['Code'] == 'TransactionCanceledException'
        assert response['CancellationReasons'] == [{'Code': 'None'}, {'Code': code, 'Message': text}]
        assert throttled.scan(TableName=other, Select='COUNT')['Count'] == 0
        response = error_of(throttled.execute_transaction, TransactStatements=[
            {'Statement': f"""INSERT INTO "{name}" VALUE {{'id': 'b'}}"""}])
        assert response['CancellationReasons'] == [{'Code': code, 'Message': text}]
        reply = throttled.batch_execute_statement(Statements=[{'Statement': f"""INSERT INTO "{name}" VALUE {{'id': 'b'}}"""}])
        assert reply['Responses'] == [{'Error': {'Code': code, 'Message': text}, 'TableName': name}]
    finally:
        throttled.delete_table(TableName=other)


def test_raised_limit_holds_at_once(throttled, table):
    name = table()
    throttled.update_table(TableName=name, ProvisionedThroughput={'ReadCapacityUnits': 1, 'WriteCapacityUnits': 100})
    for _ in range(20):
        put(connect(boto3.client), name, key='b')
