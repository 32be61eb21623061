"""STS at the same endpoint: who am I?  Asked by boto3, by presigned URLs (as Kubernetes and Vault do it) and by the AWS CLI."""
import json
import os
import shutil
import subprocess
import urllib.error
import urllib.request

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from conftest import ENDPOINT
from test_session_token import sql, temporary       # noqa: F401 (a fixture)


def connect(**settings):
    return boto3.client('sts', region_name='us-east-1', endpoint_url=ENDPOINT, config=Config(retries={'max_attempts': 0}, read_timeout=120), **settings)


@pytest.fixture(scope='session')
def role():
    key = boto3.Session().get_credentials().access_key
    return sql(f"SELECT role FROM dynamo.access_key_list WHERE access_key_id = '{key}'")


def test_boto3(role):
    answer = connect().get_caller_identity()
    assert answer['Account'] == '000000000000' and answer['Arn'] == f'arn:aws:iam::000000000000:user/{role}'
    assert answer['UserId'].startswith('AIDA') and len(answer['UserId']) == 21
    assert answer['ResponseMetadata']['HTTPStatusCode'] == 200
    assert answer['ResponseMetadata']['RequestId'] == answer['ResponseMetadata']['HTTPHeaders']['x-amzn-requestid']
    assert connect().get_caller_identity()['UserId'] == answer['UserId']


def test_beside_dynamodb(client, role):
    """Each service has signing keys of its own, which the workers keep."""
    sts = connect()
    for _ in range(8):
        client.list_tables(Limit=1)
        assert sts.get_caller_identity()['Arn'].endswith(f'/{role}')


def test_temporary_key(temporary):      # noqa: F811
    key, secret, token = temporary
    owner = sql(f"SELECT role FROM dynamo.access_key_list WHERE access_key_id = '{key}'")
    answer = connect(aws_access_key_id=key, aws_secret_access_key=secret, aws_session_token=token).get_caller_identity()
    assert answer['Arn'] == f'arn:aws:iam::000000000000:user/{owner}'


@pytest.mark.parametrize('credentials, code, words', [
    (('nobody', 'wrong', None), 'InvalidClientTokenId', 'The security token included in the request is invalid.'),
    ((None, 'wrong', None), 'SignatureDoesNotMatch', 'The request signature we calculated does not match the signature you provided.'),
    ((None, None, 'token'), 'InvalidClientTokenId', 'The security token included in the request is invalid.')])
def test_refused(credentials, code, words):
    mine = boto3.Session().get_credentials()
    key, secret, token = credentials
    client = connect(aws_access_key_id=key or mine.access_key, aws_secret_access_key=secret or mine.secret_key, aws_session_token=token)
    with pytest.raises(ClientError) as caught:
        client.get_caller_identity()
    error, metadata = caught.value.response['Error'], caught.value.response['ResponseMetadata']
    assert (error['Code'], error['Type'], metadata['HTTPStatusCode']) == (code, 'Sender', 403)
    assert error['Message'].startswith(words)
    assert metadata['RequestId']


def test_not_built():
    with pytest.raises(ClientError) as caught:
        connect().get_session_token()
    assert caught.value.response['Error']['Code'] == 'InvalidAction'
    assert caught.value.response['Error']['Message'] == 'Could not find operation GetSessionToken for version 2011-06-15'


@pytest.mark.parametrize('method', ['GET', 'POST'])
def test_presigned(role, method):
    url = connect().generate_presigned_url('get_caller_identity', HttpMethod=method, ExpiresIn=60)
    request = urllib.request.Request(url, method=method)
    with urllib.request.urlopen(request, timeout=120) as answer:
        assert answer.headers['Content-Type'] == 'text/xml'
        assert f'<Arn>arn:aws:iam::000000000000:user/{role}</Arn>' in answer.read().decode()


def test_presigned_for_another_action():
    url = connect().generate_presigned_url('get_caller_identity', HttpMethod='GET').replace('Version=2011-06-15', 'Version=2011-06-15&a=b')
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(url, timeout=120)
    assert caught.value.code == 403 and b'<Code>SignatureDoesNotMatch</Code>' in caught.value.read()


def test_not_signed():
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(f'{ENDPOINT}/?Action=GetCallerIdentity&Version=2011-06-15', timeout=120)
    assert caught.value.code == 403 and b'<Code>MissingAuthenticationToken</Code>' in caught.value.read()


def test_signed_for_another_service():
    """A signature for DynamoDB is none for STS, and the other way round."""
    client = connect()
    client._request_signer._signing_name = 'dynamodb'
    with pytest.raises(ClientError) as caught:
        client.get_caller_identity()
    assert caught.value.response['Error']['Code'] == 'SignatureDoesNotMatch'
    assert "Credential should be scoped to correct service: 'sts'." in caught.value.response['Error']['Message']


def test_cli(role):
    aws = shutil.which('aws')
    assert aws, 'the AWS CLI is missing'
    done = subprocess.run([aws, 'sts', 'get-caller-identity', '--endpoint-url', ENDPOINT, '--region', 'us-east-1', '--output', 'json'],
                          text=True, timeout=300, check=True, stdout=subprocess.PIPE, env=os.environ)
    assert json.loads(done.stdout)['Arn'] == f'arn:aws:iam::000000000000:user/{role}'
