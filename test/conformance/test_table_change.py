"""A table that goes and comes while clients read and write it: no worker answers from what it knew before."""
import threading

import boto3
import pytest
from botocore.exceptions import ClientError

from conftest import connect

ROUNDS = 10
KEYS = ('id', 'other')


def create(client, key):
    client.create_table(TableName='Changing', BillingMode='PAY_PER_REQUEST', KeySchema=[{'AttributeName': key, 'KeyType': 'HASH'}],
                        AttributeDefinitions=[{'AttributeName': key, 'AttributeType': 'S'}])


def test_every_connection_sees_a_change_at_once(client):
    clients = [connect(boto3.client) for _ in range(6)]
    for number in range(ROUNDS):
        key = KEYS[number % 2]
        create(client, key)
        for other in clients:
            assert other.describe_table(TableName='Changing')['Table']['KeySchema'][0]['AttributeName'] == key
            other.put_item(TableName='Changing', Item={key: {'S': 'x'}})
            with pytest.raises(ClientError, match='The provided key element does not match the schema'):
                other.get_item(TableName='Changing', Key={KEYS[1 - number % 2]: {'S': 'x'}})
        client.update_table(TableName='Changing', DeletionProtectionEnabled=True)
        for other in clients:
            with pytest.raises(ClientError, match='protected against deletion'):
                other.delete_table(TableName='Changing')
        client.update_table(TableName='Changing', DeletionProtectionEnabled=False)
        client.delete_table(TableName='Changing')
        for other in clients:
            with pytest.raises(ClientError, match='ResourceNotFoundException'):
                other.scan(TableName='Changing')


def test_readers_and_writers_while_a_table_goes(client):
    outcomes, stop = set(), threading.Event()

    def work(use):
        own = connect(boto3.client)
        while not stop.is_set():
            try:
                use(own)
                outcomes.add('done')
            except ClientError as error:
                outcomes.add(error.response['Error']['Code'])
            except Exception as error:  # a connection that broke, an answer that is none
                outcomes.add(repr(error))

    def read(own):
        for page in own.get_paginator('scan').paginate(TableName='Changing', PaginationConfig={'PageSize': 2}):
            assert all('id' in item for item in page['Items'])

    def write(own):
        own.put_item(TableName='Changing', Item={'id': {'S': 'new'}})

    threads = [threading.Thread(target=work, args=(use,)) for use in (read, read, write, write)]
    for thread in threads:
        thread.start()
    for _ in range(ROUNDS):
        create(client, 'id')
        for number in range(8):
            client.put_item(TableName='Changing', Item={'id': {'S': str(number)}})
        client.delete_table(TableName='Changing')
    stop.set()
    for thread in threads:
        thread.join()
    assert outcomes <= {'done', 'ResourceNotFoundException', 'TransactionConflictException'}
