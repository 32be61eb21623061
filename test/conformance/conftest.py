"""What the conformance tests share: clients for the endpoint that the runner started, and tables that come and go."""
import os
import uuid

import boto3
import pytest
from botocore.config import Config

ENDPOINT = os.environ['DYNAMODB_ENDPOINT']


def connect(kind, **settings):
    # One attempt: a test must see the first answer, not what a retry made of it.
    config = Config(retries={'max_attempts': 0}, read_timeout=120, connect_timeout=60, **settings.pop('config', {}))
    return kind('dynamodb', region_name='us-east-1', endpoint_url=ENDPOINT, config=config, **settings)


@pytest.fixture(scope='session')
def client():
    return connect(boto3.client)


@pytest.fixture(scope='session')
def raw_client():
    """A client that sends what it is given: requests that botocore itself would refuse reach the endpoint."""
    return connect(boto3.client, config={'parameter_validation': False})


@pytest.fixture(scope='session')
def resource():
    return connect(boto3.resource)


def new_name(stem='conformance'):
    return f'{stem}-{uuid.uuid4().hex[:12]}'


@pytest.fixture
def make_table(client, resource):
    """make_table('Hash', 'Range', Hash='S', Range='N', indexes=[...]) returns a Table, dropped after the test."""
    made = []

    def make(hash_key, range_key=None, indexes=(), **types):
        name = new_name()
        schema = [{'AttributeName': hash_key, 'KeyType': 'HASH'}]
        if range_key:
            schema.append({'AttributeName': range_key, 'KeyType': 'RANGE'})
        settings = {'GlobalSecondaryIndexes': list(indexes)} if indexes else {}
        client.create_table(
            TableName=name, BillingMode='PAY_PER_REQUEST', KeySchema=schema,
            AttributeDefinitions=[{'AttributeName': n, 'AttributeType': t} for n, t in types.items()], **settings)
        made.append(name)
        client.get_waiter('table_exists').wait(TableName=name, WaiterConfig={'Delay': 1, 'MaxAttempts': 120})
        return resource.Table(name)

    yield make
    for name in made:
        client.delete_table(TableName=name)


@pytest.fixture
def simple_table(make_table):
    return make_table('id', id='S')


@pytest.fixture
def sorted_table(make_table):
    return make_table('h', 'r', h='S', r='N')
