"""Signatures on the wire: what a proxy may change on the way, presigned URLs, and requests no SDK would send."""
import http.client
import json
import random
from urllib.parse import urlsplit

import pytest
from botocore.auth import SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest

from conftest import ENDPOINT

HOST = urlsplit(ENDPOINT).netloc
LIST_TABLES = {'X-Amz-Target': 'DynamoDB_20120810.ListTables', 'Content-Type': 'application/x-amz-json-1.0'}


def send(target, headers, body=b'{}'):
    """Sends headers exactly as given, a list of pairs; returns the status, the error's name and its text."""
    connection = http.client.HTTPConnection(HOST, timeout=120)
    connection.putrequest('POST', target, skip_host=True, skip_accept_encoding=True)
    for name, value in headers:
        connection.putheader(name, value)
    connection.putheader('Content-Length', str(len(body)))
    connection.endheaders(body)
    answer = connection.getresponse()
    text = answer.read()
    connection.close()
    try:
        fields = json.loads(text)
    except ValueError:
        fields = {}
    return answer.status, fields.get('__type', '').split('#')[-1], fields.get('message', fields.get('Message', ''))


@pytest.fixture
def sign(client):
    def make(auth=SigV4Auth, headers=LIST_TABLES, body=b'{}', service='dynamodb', **settings):
        request = AWSRequest(method='POST', url=ENDPOINT + '/', data=body, headers=dict(headers))
        auth(client._request_signer._credentials, service, 'us-east-1', **settings).add_auth(request)
        return [('Host', HOST)] + list(request.headers.items()), urlsplit(request.url).query
    return make


def test_headers_reordered_recased_and_respaced(sign):
    headers, _ = sign(headers={**LIST_TABLES, 'Greeting': 'Hello world'})
    random.shuffle(headers)
    assert send('/', [(n.swapcase(), '  ' + v.replace('Hello world', 'Hello \t  world') + '  ') for n, v in headers])[0] == 200


def test_unsigned_headers_do_not_matter(sign):
    headers, _ = sign()
    assert send('/', headers + [('Via', 'a proxy')])[0] == 200


def test_the_operation_is_signed(sign):
    """Who has captured a request must not be able to give its body to another operation."""
    headers, _ = sign(headers={'Content-Type': LIST_TABLES['Content-Type']})
    assert send('/', headers + [('X-Amz-Target', LIST_TABLES['X-Amz-Target'])]) == (
        400, 'InvalidSignatureException', "'X-Amz-Target' must be a 'SignedHeader' in the AWS Authorization.")


def test_authorization_without_spaces(sign):
    headers = dict(sign()[0])
    headers['Authorization'] = headers['Authorization'].replace(', ', ',')
    assert send('/', headers.items())[0] == 200


def test_presigned(sign):
    headers, query = sign(SigV4QueryAuth, expires=60, body=b'')
    assert 'X-Amz-Signature' in query
    # Its empty body is no JSON, which is found out once the signature has been accepted.
    assert send('/?' + query, headers, b'')[1] != 'InvalidSignatureException'
    assert send('/?' + query, headers, b'{}')[1] == 'InvalidSignatureException'


def test_header_and_query(sign):
    status, name, text = send('/?X-Amz-Algorithm=AWS4-HMAC-SHA256', sign()[0])
    assert (status, name) == (400, 'InvalidSignatureException')
    assert text == "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header."


def test_other_body(sign):
    status, name, text = send('/', sign()[0], b'{"Limit": 1}')
    assert (status, name) == (400, 'InvalidSignatureException')
    assert text.startswith('The request signature we calculated does not match the signature you provided.')
    assert "\n\nThe Canonical String for this request should have been\n'POST\n/\n\ncontent-type:" in text


def test_other_service(sign):
    assert send('/', sign(service='s3')[0])[1:] == (
        'InvalidSignatureException', "Credential should be scoped to correct service: 'dynamodb'. ")


@pytest.mark.parametrize('date, start', [('20170101T010101Z', 'Signature expired: 20170101T010101Z is now earlier than '),
                                         ('30200101T010101Z', 'Signature not yet current: 30200101T010101Z is still later than ')])
def test_clock(sign, date, start):
    headers = dict(sign()[0])
    headers['X-Amz-Date'] = date
    status, name, text = send('/', headers.items())
    assert (status, name) == (400, 'InvalidSignatureException')
    assert text.startswith(start)


@pytest.mark.parametrize('authorization', [
    'AWS4-HMAC-SHA256', 'AWS4-HMAC-SHA256 ' + 'a=,' * 2000, 'AWS4-' + '=' * 6000, 'AWS4-HMAC-SHA256 ' + ';' * 6000,
    'AWS4-HMAC-SHA256 Credential=' + '/' * 6000 + ' Signature=a SignedHeaders=host', 'AWS4-HMAC-SHA256 \xff=\xfe'])
def test_nonsense(sign, authorization):
    headers = dict(sign()[0])
    headers['Authorization'] = authorization
    status, name, _ = send('/', headers.items())
    assert (status, name) == (400, 'IncompleteSignatureException')


def test_many_signed_names(sign):
    headers = dict(sign()[0])
    headers['Authorization'] = headers['Authorization'].replace('content-type;', 'content-type;' + 'host;a;' * 900)
    status, name, _ = send('/', headers.items())
    assert (status, name) == (400, 'InvalidSignatureException')


@pytest.mark.parametrize('headers', [[], [('Authorization', 'nonsense')],
                                     [('Authorization', 'AWS4-HMAC-SHA256 Credential=local/20200101/us-east-1/dynamodb/aws4_request, '
                                                        'SignedHeaders=host, Signature=0')]])
def test_body_comes_first(headers):
    """AWS looks whether the body is JSON before it looks who is calling, and says nothing about an empty one."""
    plain = [('Host', HOST), *LIST_TABLES.items(), *headers]
    assert send('/', plain, b'{')[:2] == (400, 'SerializationException')
    assert send('/', plain, b'{}')[1] not in ('SerializationException', '')
    assert send('/', plain, b'')[1] not in ('SerializationException', '')


def test_path_is_signed(sign):
    headers, _ = sign()
    assert send('/garbage', headers)[:2] == (400, 'InvalidSignatureException')
