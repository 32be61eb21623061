"""The recipes of docs/clients.md: how clients that nobody changes find the endpoint."""
import os
import shutil
import subprocess

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, SSLError

from conftest import ENDPOINT
from test_session_token import sql

SERVICES = ('DYNAMODB', 'DYNAMODB_STREAMS', 'STS')


@pytest.fixture
def variables(monkeypatch):
    for service in SERVICES:
        monkeypatch.setenv(f'AWS_ENDPOINT_URL_{service}', ENDPOINT)
    monkeypatch.setenv('AWS_DEFAULT_REGION', 'us-east-1')


def test_variables(variables, simple_table):
    session = boto3.Session()
    assert session.client('dynamodb').meta.endpoint_url == ENDPOINT
    assert session.client('dynamodb').describe_table(TableName=simple_table.name)['Table']['TableStatus'] == 'ACTIVE'
    assert session.client('dynamodbstreams').list_streams(TableName=simple_table.name)['Streams'] == []
    assert session.client('sts').get_caller_identity()['Account'] == '000000000000'


def test_profile(tmp_path, simple_table):
    aws = shutil.which('aws')
    assert aws, 'the AWS CLI is missing'
    mine = boto3.Session().get_credentials()
    config = tmp_path / 'config'
    config.write_text('[profile local]\nregion = us-east-1\nservices = local\n\n[services local]\n' + ''.join(
        f'{service.lower()} =\n  endpoint_url = {ENDPOINT}\n' for service in SERVICES))
    credentials = tmp_path / 'credentials'
    credentials.write_text(f'[local]\naws_access_key_id = {mine.access_key}\naws_secret_access_key = {mine.secret_key}\n')
    environment = {k: v for k, v in os.environ.items() if not k.startswith('AWS_') or k == 'AWS_EC2_METADATA_DISABLED'}
    environment.update(AWS_CONFIG_FILE=str(config), AWS_SHARED_CREDENTIALS_FILE=str(credentials), AWS_PAGER='')

    def run(*arguments):
        return subprocess.run([aws, '--profile', 'local', '--output', 'text', *arguments], text=True, timeout=300, check=True,
                              env=environment, stdout=subprocess.PIPE).stdout

    assert simple_table.name in run('dynamodb', 'list-tables')
    assert run('dynamodbstreams', 'list-streams', '--table-name', simple_table.name).strip() == ''
    assert run('sts', 'get-caller-identity', '--query', 'Account').strip() == '000000000000'


@pytest.fixture
def short_key():
    sql("SELECT FROM dynamo.create_access_key(access_key_id => 'clients', secret_access_key => 'test')")
    yield 'clients', 'test'
    sql("SELECT dynamo.drop_access_key('clients')")


def test_key_of_ones_own(variables, short_key):
    """As users of DynamoDB Local are used to; a session token that nobody made, as dynamodb-admin sends one, is refused."""
    boto3.client('dynamodb', aws_access_key_id=short_key[0], aws_secret_access_key=short_key[1]).list_tables(Limit=1)
    with pytest.raises(ClientError) as caught:
        boto3.client('dynamodb', aws_access_key_id=short_key[0], aws_secret_access_key=short_key[1], aws_session_token='token').list_tables()
    assert caught.value.response['Error'] == {
        'Code': 'UnrecognizedClientException', 'Message': 'The security token included in the request is invalid.'}


def test_endpoint_discovery(variables):
    """botocore puts https:// before the address that it is told."""
    discover = lambda value: boto3.client('dynamodb', config=Config(endpoint_discovery_enabled=value, retries={'max_attempts': 0}))
    assert 'TableNames' in discover('auto').list_tables(Limit=1)
    assert discover(True).describe_endpoints()['Endpoints'][0]['Address'] == ENDPOINT.split('//')[1]
    with pytest.raises(SSLError):
        discover(True).list_tables()
