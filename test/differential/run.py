#!/usr/bin/env python3
"""
Sends one stream of generated requests to our endpoint and to others, and compares the answers.

    run.py --ours http://127.0.0.1:8000 --local http://127.0.0.1:8001 --dynalite http://127.0.0.1:4567 --seed 1 --count 100000

Without peers it checks that every answer is well-formed and none of them a failure of the server.  A difference that no rule of rules.py
explains is printed with its request, and makes the exit status 1.
"""
import argparse
import collections
import datetime
import hashlib
import hmac
import http.client
import json
import random
import re
import sys
import time
import urllib.parse

from generate import TABLES, Generator
from rules import explain

PREFIX = 'DynamoDB_20120810.'
WRITES = {'PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem'}


class Endpoint:
    def __init__(self, name, url, key, secret):
        parsed = urllib.parse.urlsplit(url)
        self.name, self.host, self.key, self.secret = name, parsed.netloc, key, secret
        self.connection = http.client.HTTPConnection(self.host, timeout=60)
        self.day, self.signing_key = None, None

    def headers(self, operation, body):
        now = datetime.datetime.now(datetime.timezone.utc).strftime('%Y%m%dT%H%M%SZ')
        if self.day != now[:8]:
            self.day, secret = now[:8], ('AWS4' + self.secret).encode()
            for part in (self.day, 'us-east-1', 'dynamodb', 'aws4_request'):
                secret = hmac.new(secret, part.encode(), hashlib.sha256).digest()
            self.signing_key = secret
        headers = {'content-type': 'application/x-amz-json-1.0', 'host': self.host, 'x-amz-date': now, 'x-amz-target': PREFIX + operation}
        signed = ';'.join(sorted(headers))
        canonical = '\n'.join(['POST', '/', '', *(f'{name}:{headers[name]}' for name in sorted(headers)), '', signed,
                               hashlib.sha256(body).hexdigest()])
        scope = f'{self.day}/us-east-1/dynamodb/aws4_request'
        text = f'AWS4-HMAC-SHA256\n{now}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}'
        signature = hmac.new(self.signing_key, text.encode(), hashlib.sha256).hexdigest()
        headers['authorization'] = f'AWS4-HMAC-SHA256 Credential={self.key}/{scope}, SignedHeaders={signed}, Signature={signature}'
        return headers

    def call(self, operation, text):
        body = text.encode()
        for attempt in (1, 2):
            try:
                self.connection.request('POST', '/', body, self.headers(operation, body))
                response = self.connection.getresponse()
                answer = response.read()
                break
            except (http.client.HTTPException, OSError) as error:
                self.connection.close()
                if attempt == 2:
                    return 0, {'__type': type(error).__name__}
                time.sleep(0.5)
        try:
            return response.status, json.loads(answer) if answer else {}
        except ValueError:
            return response.status, {'not JSON': repr(answer[:200])}


# ---- comparing

def sorted_sets(value):
    """Sets have no order."""
    if isinstance(value, dict):
        return {name: sorted(inner, key=str) if name in ('SS', 'NS', 'BS') and isinstance(inner, list) else sorted_sets(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [sorted_sets(inner) for inner in value]
    return value


TABLE_MEMBERS = ('AttributeDefinitions', 'TableName', 'KeySchema', 'GlobalSecondaryIndexes', 'LocalSecondaryIndexes')
INDEX_MEMBERS = ('IndexName', 'KeySchema', 'Projection')


def described(table):
    table = {name: value for name, value in table.items() if name in TABLE_MEMBERS}
    for kind in ('GlobalSecondaryIndexes', 'LocalSecondaryIndexes'):
        if kind in table:
            table[kind] = sorted(({name: index[name] for name in INDEX_MEMBERS} for index in table[kind]), key=str)
    if 'AttributeDefinitions' in table:
        table['AttributeDefinitions'] = sorted(table['AttributeDefinitions'], key=str)
    return table


def normalized(operation, request, body):
    body = sorted_sets(body)
    if operation == 'Scan':
        # the order of a scan is nobody's business, and so is what a page or a segment of it holds
        if 'Limit' in request or 'Segment' in request or 'ExclusiveStartKey' in request:
            return {name: None for name in body if name not in ('LastEvaluatedKey',)}
        if 'Items' in body:
            body['Items'] = sorted(body['Items'], key=lambda item: json.dumps(item, sort_keys=True))
    if operation == 'Query' and 'Items' in body and request.get('IndexName') in ('ByGKeys', 'ByG', 'ByRSome', 'LocalX', 'LocalR'):
        # equal index keys have no order of their own
        if 'Limit' in request or 'ExclusiveStartKey' in request:
            return {name: None for name in body if name not in ('LastEvaluatedKey',)}
        body['Items'] = sorted(body['Items'], key=lambda item: json.dumps(item, sort_keys=True))
    if operation == 'BatchGetItem' and 'Responses' in body:
        body['Responses'] = {name: sorted(items, key=lambda item: json.dumps(item, sort_keys=True)) for name, items in body['Responses'].items()}
    if operation in ('BatchGetItem', 'BatchWriteItem') and isinstance(body.get('ConsumedCapacity'), list):
        body['ConsumedCapacity'] = sorted(body['ConsumedCapacity'], key=str)
    for name in ('Table', 'TableDescription'):
        if name in body and operation.endswith('Table'):
            body = {name: described(body[name])}
    if operation == 'ListTables':
        body['TableNames'] = [name for name in body.get('TableNames', []) if any(table.name == name for table in TABLES)]
    return body


def outcome(answer):
    status, body = answer
    if status == 200:
        return '200'
    kind = str(body.get('__type', body.get('not JSON', '?'))).split('#')[-1]
    return f'{status} {kind}: {body.get("message", body.get("Message"))}'


def compare(operation, request, ours, theirs):
    """None, or (our outcome, their outcome) as the rules see them."""
    left, right = outcome(ours), outcome(theirs)
    if left != right:
        return left, right
    ours_body, theirs_body = (normalized(operation, request, answer[1]) for answer in (ours, theirs))
    if left == '200' and ours_body != theirs_body:
        names = sorted(name for name in {*ours_body, *theirs_body} if ours_body.get(name) != theirs_body.get(name))
        return ('200 ' + json.dumps({name: ours_body.get(name) for name in names}, sort_keys=True, ensure_ascii=False),
                '200 ' + json.dumps({name: theirs_body.get(name) for name in names}, sort_keys=True, ensure_ascii=False))
    if left != '200' and sorted_sets(ours[1].get('Item')) != sorted_sets(theirs[1].get('Item')):
        return left + ' Item ' + json.dumps(ours[1].get('Item')), right + ' Item ' + json.dumps(theirs[1].get('Item'))
    return None


def shape_of(text):
    """An outcome without what is special to the request."""
    return re.sub(r'\d+', '0', re.sub(r'[:#][a-z]\w*', ':v', text.replace('\n', ' ')))[:70].rstrip()


# ---- running

def reset(endpoint, name):
    """Deletes a table's items, so that one difference does not cause others."""
    table = next(table for table in TABLES if table.name == name)
    _, body = endpoint.call('Scan', json.dumps({'TableName': name}))
    for item in body.get('Items', []):
        endpoint.call('DeleteItem', json.dumps({'TableName': name, 'Key': {part: item[part] for part in table.keys}}))


def remake(endpoint):
    for name in [table.name for table in TABLES] + ['diff.New', 'diff.None']:
        endpoint.call('DeleteTable', json.dumps({'TableName': name}))
    time.sleep(0.2)
    for table in TABLES:
        status, body = endpoint.call('CreateTable', json.dumps(table.body))
        if status != 200:
            sys.exit(f'{endpoint.name}: cannot create {table.name}: {body}')


def touched(request):
    names = list(request['RequestItems'] or ()) if isinstance(request.get('RequestItems'), dict) else [request.get('TableName')]
    return [name for name in names if any(table.name == name for table in TABLES)]


def only_removes(request):
    if isinstance(request.get('UpdateExpression'), str):
        return not re.search(r'\b(SET|ADD)\b', request['UpdateExpression'])
    updates = request.get('AttributeUpdates')
    return isinstance(updates, dict) and any(isinstance(change, dict) and change.get('Action') == 'DELETE' for change in updates.values())


def well_formed(answer):
    status, body = answer
    if status == 200:
        return 'not JSON' not in body
    return status in (400, 413) and isinstance(body.get('__type'), str) and isinstance(body.get('message', body.get('Message', '')), str)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--ours', required=True)
    parser.add_argument('--local')
    parser.add_argument('--dynalite')
    parser.add_argument('--key', default='AKIADIFFERENTIAL0000')
    parser.add_argument('--secret', default='differential')
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--count', type=int, default=3000)
    parser.add_argument('--summary', help='write how often each operation had which outcome to this file')
    parser.add_argument('--show', type=int, default=3, help='examples of each unexplained difference')
    arguments = parser.parse_args()

    ours = Endpoint('ours', arguments.ours, arguments.key, arguments.secret)
    peers = [Endpoint(name, url, arguments.key, arguments.secret) for name, url in (('local', arguments.local), ('dynalite', arguments.dynalite)) if url]
    generator = Generator(random.Random(arguments.seed))
    for endpoint in [ours, *peers]:
        remake(endpoint)

    outcomes = collections.Counter()
    statuses, explained, unexplained, malformed = collections.Counter(), collections.Counter(), collections.defaultdict(list), 0
    for number in range(arguments.count):
        operation, text = generator.request()
        request = json.loads(text)
        answer = ours.call(operation, text)
        statuses[answer[0]] += 1
        outcomes[f'{operation} {shape_of(outcome(answer))}'] += 1
        if not well_formed(answer):
            malformed += 1
            print(f'malformed or failed: {operation} {text}\n  {answer}')
        others = [(peer, peer.call(operation, text)) for peer in peers]
        stained = set()
        differences = [compare(operation, request, answer, other) for _, other in others]
        for peer, other in others:
            if other[0] == 0:
                # it crashed, and what it held is gone
                time.sleep(1)
                remake(peer)
                stained.update(table.name for table in TABLES)
        for (peer, other), difference in zip(others, differences):
            if (answer[0] == 200) != (other[0] == 200):
                if operation in WRITES:
                    stained.update(touched(request))
                elif operation in ('CreateTable', 'DeleteTable'):
                    for endpoint in [ours, *peers]:
                        endpoint.call('DeleteTable', json.dumps({'TableName': 'diff.New'}))
            if difference is None:
                continue
            reason = explain(peer.name, operation, *difference, request)
            if reason is None and None in differences:
                reason = 'the peers disagree, and the other one answers as we do'
            if reason is None and peer.name == 'dynalite' and len(peers) > 1 and compare(operation, request, others[0][1], other) is not None:
                reason = 'the peers disagree with each other; the rules for DynamoDB Local decide'
            if reason is not None:
                explained[peer.name, reason] += 1
                continue
            shape = tuple(shape_of(part) for part in difference)
            unexplained[peer.name, operation, shape].append((number, text, difference))
            if operation in WRITES and answer[0] == 200:
                stained.update(touched(request))
        if operation == 'UpdateItem' and answer[0] == 200 and only_removes(request):
            # the peers make an item of it, AWS does not
            stained.update(touched(request))
        for name in stained:
            for endpoint in [ours, *peers]:
                reset(endpoint, name)

    if arguments.summary:
        with open(arguments.summary, 'w', encoding='utf-8') as file:
            file.writelines(f'{count:6} {name}\n' for name, count in sorted(outcomes.items()))
    for (peer, reason), count in sorted(explained.items()):
        print(f'explained  {peer:9}{count:7}  {reason}')
    for (peer, operation, _), examples in sorted(unexplained.items(), key=lambda entry: -len(entry[1])):
        print(f'UNEXPLAINED {peer} {operation}: {len(examples)}')
        for number, text, difference in examples[:arguments.show]:
            print(f'  request {number}: {text[:1500]}\n    ours   {difference[0][:600]}\n    theirs {difference[1][:600]}')
    total = sum(len(examples) for examples in unexplained.values())
    print(f'{arguments.count} requests, seed {arguments.seed}: ' + ', '.join(f'{count} x {status}' for status, count in sorted(statuses.items())))
    print(f'{malformed} malformed, {sum(explained.values())} explained and {total} unexplained differences')
    sys.exit(1 if malformed or total else 0)


if __name__ == '__main__':
    main()
