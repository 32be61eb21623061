"""Who may call: signatures as botocore makes them, good and bad."""
import boto3
import pytest
from botocore.exceptions import ClientError

from conftest import connect


def refusal(**settings):
    with pytest.raises(ClientError) as caught:
        connect(boto3.client, **settings).list_tables()
    assert caught.value.response['ResponseMetadata']['HTTPStatusCode'] == 400
    return caught.value.response['Error']['Code']


def test_unknown_key():
    assert refusal(aws_access_key_id='AKIANOBODYKNOWSTHIS0', aws_secret_access_key='x') == 'UnrecognizedClientException'


def test_wrong_secret(client):
    known = client._request_signer._credentials.access_key
    assert refusal(aws_access_key_id=known, aws_secret_access_key='wrong') == 'InvalidSignatureException'


def test_no_signature():
    from botocore import UNSIGNED
    assert refusal(config={'signature_version': UNSIGNED}) == 'MissingAuthenticationTokenException'


def test_good_signature(client):
    assert 'TableNames' in client.list_tables(Limit=1)
