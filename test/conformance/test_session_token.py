"""Temporary access keys: made in SQL, used by boto3, by the AWS CLI (from its environment, and as a credential process), and in presigned URLs."""
import hashlib
import json
import os
import shutil
import subprocess
import urllib.error
import urllib.request

import boto3
import pytest
from botocore.auth import SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from conftest import ENDPOINT, connect

INVALID = 'The security token included in the request is invalid.'


def sql(statement):
    done = subprocess.run([os.environ['PSQL'], '-XAqt', '-F', ' ', '-v', 'ON_ERROR_STOP=1', '-c', statement], text=True,
                          timeout=120, check=True, stdout=subprocess.PIPE)
    return done.stdout.strip()


@pytest.fixture
def temporary():
    key, secret, token = sql('SELECT access_key_id, secret_access_key, session_token FROM dynamo.create_session_token()').split(' ')
    yield key, secret, token
    if sql(f"SELECT FROM dynamo.access_key_list WHERE access_key_id = '{key}'"):
        sql(f"SELECT dynamo.drop_access_key('{key}')")


def connect_as(key, secret, token):
    return connect(boto3.client, aws_access_key_id=key, aws_secret_access_key=secret, aws_session_token=token)


def refusal(*credentials):
    with pytest.raises(ClientError) as caught:
        connect_as(*credentials).list_tables()
    assert caught.value.response['ResponseMetadata']['HTTPStatusCode'] == 400
    error = caught.value.response['Error']
    return error['Code'], error['Message']


def test_boto3(temporary, simple_table):
    client = connect_as(*temporary)
    client.put_item(TableName=simple_table.name, Item={'id': {'S': 'a'}})
    assert client.get_item(TableName=simple_table.name, Key={'id': {'S': 'a'}})['Item'] == {'id': {'S': 'a'}}


def test_session(temporary):
    session = boto3.Session(*temporary, region_name='us-east-1')
    assert 'TableNames' in session.client('dynamodb', endpoint_url=ENDPOINT).list_tables(Limit=1)


def test_wrong_tokens(temporary, client):
    key, secret, token = temporary
    assert refusal(key, secret, None) == ('UnrecognizedClientException', INVALID)
    assert refusal(key, secret, token[:-1]) == ('UnrecognizedClientException', INVALID)
    assert refusal(key, 'wrong', token)[0] == 'InvalidSignatureException'
    lasting = client._request_signer._credentials
    assert refusal(lasting.access_key, lasting.secret_key, token) == ('UnrecognizedClientException', INVALID)


def test_dropped_key_ends_at_once(temporary):
    client = connect_as(*temporary)
    for _ in range(8):      # every worker has it in mind
        connect_as(*temporary).list_tables(Limit=1)
    sql(f"SELECT dynamo.drop_access_key('{temporary[0]}')")
    for _ in range(8):
        assert refusal(*temporary) == ('UnrecognizedClientException', INVALID)
    with pytest.raises(ClientError, match='UnrecognizedClientException'):
        client.list_tables()


def presign(credentials, method, body):
    class Auth(SigV4QueryAuth):
        def payload(self, request):     # botocore would make parameters of the query out of a body
            return hashlib.sha256(body or b'').hexdigest()

    headers = {'X-Amz-Target': 'DynamoDB_20120810.ListTables', 'Content-Type': 'application/x-amz-json-1.0'}
    request = AWSRequest(method=method, url=ENDPOINT + '/', headers=headers)
    Auth(Credentials(*credentials), 'dynamodb', 'us-east-1', expires=60).add_auth(request)
    return urllib.request.Request(request.url, data=body, headers=headers, method=method)


def test_presigned_post(temporary):
    request = presign(temporary, 'POST', b'{"Limit": 1}')
    assert 'X-Amz-Security-Token=' in request.full_url
    assert 'TableNames' in json.load(urllib.request.urlopen(request, timeout=120))


def test_presigned_post_without_its_token(temporary):
    key, secret, _ = temporary
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(presign((key, secret, None), 'POST', b'{}'), timeout=120)
    error = json.load(caught.value)
    assert error['__type'].endswith('#UnrecognizedClientException') and error['message'] == INVALID


def test_presigned_get_is_no_operation(temporary):
    """As on AWS: whatever it asks for, GET / tells that the service is healthy."""
    answer = urllib.request.urlopen(presign(temporary, 'GET', None), timeout=120)
    assert answer.read().startswith(b'healthy: ')


def list_tables_by_cli(**environment):
    aws = shutil.which('aws')
    assert aws, 'the AWS CLI is missing'
    keep = {k: v for k, v in os.environ.items() if not k.startswith('AWS_') or k == 'AWS_EC2_METADATA_DISABLED'}
    done = subprocess.run([aws, 'dynamodb', 'list-tables', '--endpoint-url', ENDPOINT, '--region', 'us-east-1'], text=True, timeout=300,
                          env={**keep, **environment}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.returncode, done.stdout


def test_cli_environment(temporary):
    key, secret, token = temporary
    environment = {'AWS_ACCESS_KEY_ID': key, 'AWS_SECRET_ACCESS_KEY': secret}
    status, said = list_tables_by_cli(AWS_SESSION_TOKEN=token, **environment)
    assert status == 0 and '"TableNames"' in said, said
    status, said = list_tables_by_cli(**environment)
    assert status != 0 and f'(UnrecognizedClientException) when calling the ListTables operation: {INVALID}' in said, said


def test_cli_credential_process(tmp_path):
    """The recipe of docs/sql-api.md: the CLI fetches a key by itself, and another one when it ends."""
    script = tmp_path / 'credentials.sql'
    script.write_text("SELECT json_build_object('Version', 1, 'AccessKeyId', access_key_id, 'SecretAccessKey', secret_access_key,\n"
                      "  'SessionToken', session_token, 'Expiration', to_char(expiration AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'))\n"
                      "FROM dynamo.create_session_token();\n")
    config = tmp_path / 'config'
    config.write_text(f"[default]\ncredential_process = {os.environ['PSQL']} -XAqt -f {script}\n")
    status, said = list_tables_by_cli(AWS_CONFIG_FILE=str(config), AWS_SHARED_CREDENTIALS_FILE=str(tmp_path / 'none'))
    assert status == 0 and '"TableNames"' in said, said
