#!/usr/bin/env python3
"""
Sends one stream of generated requests to our endpoint and to others, and compares the answers.

    run.py --ours http://127.0.0.1:8000 --dynoxide http://127.0.0.1:8001 --dynalite http://127.0.0.1:8002 --seed 1 --count 100000

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

from generate import CHANGING, TABLES, Generator
from rules import explain, plain_numbers

PREFIX = 'DynamoDB_20120810.'
WRITES = {'PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem', 'TransactWriteItems', 'ExecuteStatement', 'BatchExecuteStatement', 'ExecuteTransaction'}
TABLE_CHANGES = {'CreateTable': 'diff.New', 'DeleteTable': 'diff.New', 'UpdateTable': CHANGING['TableName']}
# operations that came after dynalite
NOT_IN_DYNALITE = {'TransactWriteItems', 'TransactGetItems', 'ExecuteStatement', 'BatchExecuteStatement', 'ExecuteTransaction', 'UpdateTimeToLive', 'DescribeLimits'}


class Endpoint:
    def __init__(self, name, url, key, secret):
        parsed = urllib.parse.urlsplit(url)
        self.name, self.host, self.key, self.secret = name, parsed.netloc, key, secret
        self.connection = http.client.HTTPConnection(self.host, timeout=60)
        self.day, self.signing_key = None, None
        self.lost = False       # the connection broke: a peer that crashed has lost its tables, too
        self.arn = None

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

    def with_arns(self, text):
        if '@arn:' not in text:
            return text
        if self.arn is None:
            status, body = self.call('DescribeTable', json.dumps({'TableName': TABLES[0].name}))
            self.arn = body['Table']['TableArn'].rsplit('/', 1)[0] + '/' if status == 200 else 'no arn/'
        return re.sub('@arn:([^@]*)@', lambda match: self.arn + match.group(1), text)

    def call(self, operation, text):
        body = self.with_arns(text).encode()
        for attempt in (1, 2):
            try:
                self.connection.request('POST', '/', body, self.headers(operation, body))
                response = self.connection.getresponse()
                answer = response.read()
                break
            except (http.client.HTTPException, OSError) as error:
                self.connection.close()
                self.lost = True
                if attempt == 2:
                    return 0, {'__type': type(error).__name__}
                time.sleep(0.5)
        try:
            body = json.loads(answer) if answer else {}
        except ValueError:
            body = None
        return response.status, body if isinstance(body, dict) else {'not JSON': repr(answer[:200])}


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


def by_text(values):
    return sorted(values, key=lambda value: plain_numbers(json.dumps(value, sort_keys=True)))


def normalized(operation, request, body):
    body = sorted_sets(body)
    if operation == 'Scan' or operation == 'Query' and request.get('IndexName') in ('ByGKeys', 'ByG', 'ByRSome', 'LocalX', 'LocalR'):
        # the order of a scan is nobody's business, and so is that of equal index keys, and what a page of them holds
        if any(name in request for name in ('Limit', 'Segment', 'ExclusiveStartKey')):
            body = {name: None for name in body if name not in ('LastEvaluatedKey',)}
        if isinstance(body.get('Items'), list):
            body['Items'] = by_text(body['Items'])
    if operation == 'ExecuteStatement' and isinstance(body.get('Items'), list):
        if 'Limit' in request:
            return {'Items': None}
        if 'ORDER BY' not in str(request.get('Statement')):
            body['Items'] = by_text(body['Items'])
    if operation == 'BatchGetItem' and 'Responses' in body:
        body['Responses'] = {name: by_text(items) for name, items in body['Responses'].items()}
    if isinstance(body.get('ConsumedCapacity'), list):
        body['ConsumedCapacity'] = sorted(body['ConsumedCapacity'], key=lambda one: str(one.get('TableName')))
    if 'ItemCollectionMetrics' in body:
        # an estimate
        body['ItemCollectionMetrics'] = json.loads(re.sub(r'"SizeEstimateRangeGB": \[[^\]]*\]', '"SizeEstimateRangeGB": []', json.dumps(body['ItemCollectionMetrics'])))
    for name in ('Table', 'TableDescription'):
        if name in body and operation.endswith('Table'):
            body = {name: described(body[name])}
    if operation == 'ListTables':
        body['TableNames'] = [name for name in body.get('TableNames', []) if any(table.name == name for table in TABLES)]
        if 'Limit' in request:
            body = {name: None for name in body}
    if operation == 'ListTagsOfResource' and isinstance(body.get('Tags'), list):
        body['Tags'] = by_text(body['Tags'])
    if operation == 'DescribeLimits':
        body = {name: None for name in body}
    return body


def outcome(answer, old=False):
    status, body = answer
    if status == 200:
        return '200'
    kind = str(body.get('__type', body.get('not JSON', '?'))).split('#')[-1]
    message = str(body.get('message', body.get('Message')))
    # tables have other ARNs elsewhere
    message = re.sub(r'arn:aws:dynamodb:[-a-z0-9]*:\d+:', 'arn:aws:dynamodb:here:0:', message)
    if old:
        # since 2026 AWS begins texts of PutItem, UpdateItem and DeleteItem so, and we with it
        message = re.sub(r"^1 validation error detected: (?!Value (null|'|at ))", '', message)
    return f'{status} {kind}: {message}'


def compare(operation, request, ours, theirs, old=False):
    """None, or (our outcome, their outcome) as the rules see them.  old: the peer has texts of before 2026."""
    left, right = outcome(ours, old), outcome(theirs, old)
    if left != right:
        return left, right
    ours_body, theirs_body = ours[1], theirs[1]
    if left == '200':
        ours_body, theirs_body = (normalized(operation, request, answer[1]) for answer in (ours, theirs))
        if ours_body != theirs_body:
            names = sorted(name for name in {*ours_body, *theirs_body} if ours_body.get(name) != theirs_body.get(name))
            return tuple('200 ' + json.dumps({name: body.get(name) for name in names}, sort_keys=True, ensure_ascii=False) for body in (ours_body, theirs_body))
        return None
    for name in ('Item', 'CancellationReasons'):
        if sorted_sets(ours_body.get(name)) != sorted_sets(theirs_body.get(name)):
            return tuple(f'{left} {name} ' + json.dumps(sorted_sets(body.get(name)), sort_keys=True) for body in (ours_body, theirs_body))
    return None


def shape_of(text):
    """An outcome without what is special to the request."""
    return re.sub(r'\d+', '0', re.sub(r'[:#][a-z]\w*', ':v', text.replace('\n', ' ')))[:70].rstrip()


# ---- running

def reset(endpoint, name):
    """Deletes a table's items, so that one difference does not cause others."""
    table = next(table for table in TABLES if table.name == name)
    _, body = endpoint.call('Scan', json.dumps({'TableName': name, 'ConsistentRead': True}))
    for item in body.get('Items', []):
        endpoint.call('DeleteItem', json.dumps({'TableName': name, 'Key': {part: item[part] for part in table.keys}}))


def settle(endpoint, name):
    """Waits until a table and its indexes are what they will be."""
    for _ in range(100):
        status, body = endpoint.call('DescribeTable', json.dumps({'TableName': name}))
        if status != 200:
            return
        table = body['Table']
        if table['TableStatus'] == 'ACTIVE' and all(index.get('IndexStatus', 'ACTIVE') == 'ACTIVE' for index in table.get('GlobalSecondaryIndexes', [])):
            return
        time.sleep(0.05)


def remake_changing(endpoint):
    name = CHANGING['TableName']
    endpoint.call('UpdateTable', json.dumps({'TableName': name, 'DeletionProtectionEnabled': False}))
    endpoint.call('DeleteTable', json.dumps({'TableName': name}))
    settle(endpoint, name)
    endpoint.call('CreateTable', json.dumps(CHANGING))
    settle(endpoint, name)


def remake_table(endpoint, name):
    """Gives a table the settings of a new one."""
    if name == CHANGING['TableName']:
        remake_changing(endpoint)
    for table in TABLES:
        if table.name == name:
            endpoint.call('DeleteTable', json.dumps({'TableName': name}))
            settle(endpoint, name)
            endpoint.call('CreateTable', json.dumps(table.body))
            settle(endpoint, name)


def remake(endpoint):
    endpoint.lost = False
    for name in [table.name for table in TABLES] + ['diff.New', 'diff.None']:
        endpoint.call('DeleteTable', json.dumps({'TableName': name}))
        settle(endpoint, name)
    remake_changing(endpoint)
    for table in TABLES:
        status, body = endpoint.call('CreateTable', json.dumps(table.body))
        if status != 200:
            sys.exit(f'{endpoint.name}: cannot create {table.name}: {body}')
    for table in TABLES:
        settle(endpoint, table.name)


def copy_table(source, target, name):
    """Gives a table of one endpoint the items that it has at another."""
    reset(target, name)
    _, body = source.call('Scan', json.dumps({'TableName': name, 'ConsistentRead': True}))
    items = body.get('Items', [])
    for at in range(0, len(items), 25):
        target.call('BatchWriteItem', json.dumps({'RequestItems': {name: [{'PutRequest': {'Item': item}} for item in items[at:at + 25]]}}))


def stored(endpoint, name):
    """A table's items by their keys, each as a text."""
    table = next(table for table in TABLES if table.name == name)
    _, body = endpoint.call('Scan', json.dumps({'TableName': name, 'ConsistentRead': True}))
    return {plain_numbers(json.dumps([item[part] for part in table.keys])): plain_numbers(json.dumps(sorted_sets(item), sort_keys=True)) for item in body.get('Items', [])}


def touched(text):
    return [table.name for table in TABLES if table.name in text]


def may_have_written_otherwise(ours, theirs):
    if ours[:3] != theirs[:3]:
        return True
    return any(outcome.startswith('200 {') and set(json.loads(outcome[4:])) - {'ConsumedCapacity', 'ItemCollectionMetrics'} for outcome in (ours, theirs))


def only_removes(operation, request):
    """Might the request take away from an item that is not there?  dynalite makes an item of it, AWS does not."""
    if operation == 'TransactWriteItems':
        return any(isinstance(action, dict) and isinstance(action.get('Update'), dict) and only_removes('UpdateItem', action['Update']) for action in request.get('TransactItems') or ())
    if isinstance(request.get('UpdateExpression'), str):
        return not re.search(r'\b(SET|ADD)\b', request['UpdateExpression'], re.I)
    updates = request.get('AttributeUpdates')
    return isinstance(updates, dict) and any(isinstance(change, dict) and change.get('Action') == 'DELETE' for change in updates.values())


def well_formed(answer):
    status, body = answer
    if status == 200:
        return 'not JSON' not in body
    return status in (400, 413) and isinstance(body.get('__type'), str) and isinstance(body.get('message', body.get('Message', '')), str)


def read_request(text):
    try:
        request = json.loads(text)
    except ValueError:
        return {}
    return request if isinstance(request, dict) else {}


class Run:
    """One stream of requests to all endpoints."""

    def __init__(self, ours, peers, generator, record=None):
        self.ours, self.peers, self.generator, self.record = ours, peers, generator, record
        self.token = f'"{int(time.time()):x}-'
        self.outcomes, self.statuses = collections.Counter(), collections.Counter()
        self.explained, self.unexplained, self.malformed = collections.Counter(), collections.defaultdict(list), 0

    def step(self, number):
        operation, text = self.generator.request()
        # a run must not repeat the transactions of the one before
        text = text.replace('"token-', self.token)
        request = read_request(text)
        answer = self.ours.call(operation, text)
        self.statuses[answer[0]] += 1
        self.outcomes[f'{operation} {shape_of(outcome(answer, True))}'] += 1
        if not well_formed(answer):
            self.malformed += 1
            print(f'malformed or failed: {operation} {text[:3000]}\n  {answer}')
        if answer[0] == 200 and answer[1].get('LastEvaluatedKey') and operation in ('Query', 'Scan'):
            self.generator.follow(operation, request, answer[1]['LastEvaluatedKey'])
        others = {peer: peer.call(operation, text) for peer in self.peers if peer.name != 'dynalite' or operation not in NOT_IN_DYNALITE}
        stained = set()
        if operation in TABLE_CHANGES:
            for endpoint in [self.ours, *others]:
                settle(endpoint, TABLE_CHANGES[operation])
        for peer in list(others):
            if peer.lost:
                # it crashed, and what it held is gone
                del others[peer]
                self.explained[peer.name, 'it crashes, and its answer is not compared', 'itself'] += 1
                time.sleep(1)
                for endpoint in [self.ours, *self.peers]:
                    remake(endpoint)
        differences = {peer: compare(operation, request, answer, other, peer.name == 'dynalite') for peer, other in others.items()}
        for peer, difference in differences.items():
            if difference is not None:
                self.judge(number, operation, text, request, peer, difference, differences)
                if operation in WRITES and may_have_written_otherwise(*difference):
                    stained.update(touched(text))
                if operation in TABLE_CHANGES and (answer[0] == 200) != (others[peer][0] == 200):
                    self.clear(operation)
                if operation in ('TagResource', 'UntagResource'):
                    self.untag()
                if operation == 'UpdateTimeToLive' and (answer[0] == 200) != (others[peer][0] == 200):
                    for endpoint in [self.ours, *self.peers]:
                        remake_table(endpoint, str(request.get('TableName')))
        removes = operation in WRITES and answer[0] == 200 and only_removes(operation, request)
        if others and operation in WRITES and answer[0] == 200:
            for name in set(touched(text)) - stained:
                held = stored(self.ours, name)
                for peer in others:
                    if removes and peer.name == 'dynalite':
                        copy_table(self.ours, peer, name)
                        continue
                    theirs = stored(peer, name)
                    if held != theirs:
                        stained.add(name)
                        apart = [{key: items.get(key) for key in sorted({*held, *theirs}) if held.get(key) != theirs.get(key)} for items in (held, theirs)]
                        self.judge(number, operation, text, request, peer, tuple(f'stored in {name}: {items}' for items in apart), {})
        for peer in self.peers:
            if peer not in others and operation in WRITES and answer[0] == 200:
                for name in set(touched(text)) - stained:
                    copy_table(self.ours, peer, name)
        if self.peers:
            for name in stained:
                for endpoint in [self.ours, *self.peers]:
                    reset(endpoint, name)

    def clear(self, operation):
        for endpoint in [self.ours, *self.peers]:
            if operation == 'UpdateTable':
                remake_changing(endpoint)
            else:
                endpoint.call('DeleteTable', json.dumps({'TableName': 'diff.New'}))
                settle(endpoint, 'diff.New')

    def untag(self):
        for endpoint in [self.ours, *self.peers]:
            for table in TABLES:
                for key in ('a', 'b', 'c', 'aws:x', 'é', '', 'k' * 129):
                    endpoint.call('UntagResource', json.dumps({'ResourceArn': f'@arn:{table.name}@', 'TagKeys': [key]}))

    def judge(self, number, operation, text, request, peer, difference, differences):
        others = {other.name: theirs for other, theirs in differences.items() if other is not peer}
        found = explain(peer.name, operation, *difference, request, others)
        if self.record:
            self.record.write(json.dumps([number, peer.name, operation, text, *difference, others], ensure_ascii=False) + '\n')
        if found is not None:
            self.explained[peer.name, *found] += 1
        else:
            self.unexplained[peer.name, operation, tuple(shape_of(part) for part in difference)].append((number, text, difference))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--ours', required=True)
    parser.add_argument('--dynoxide')
    parser.add_argument('--dynalite')
    parser.add_argument('--key', default='AKIADIFFERENTIAL0000')
    parser.add_argument('--secret', default='differential')
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--count', type=int, default=3000)
    parser.add_argument('--summary', help='write how often each operation had which outcome to this file')
    parser.add_argument('--record', help='write each difference, and what explains it, as a line of JSON to this file')
    parser.add_argument('--show', type=int, default=3, help='examples of each unexplained difference')
    arguments = parser.parse_args()

    ours = Endpoint('ours', arguments.ours, arguments.key, arguments.secret)
    peers = [Endpoint(name, url, arguments.key, arguments.secret) for name, url in (('dynoxide', arguments.dynoxide), ('dynalite', arguments.dynalite)) if url]
    for endpoint in [ours, *peers]:
        remake(endpoint)
    record = open(arguments.record, 'w', encoding='utf-8') if arguments.record else None
    run = Run(ours, peers, Generator(random.Random(arguments.seed)), record)
    done, begun = 0, time.monotonic()
    try:
        for number in range(arguments.count):
            run.step(number)
            done += 1
            if done % 1000 == 0:
                print(f'{done} of {arguments.count}, {done / (time.monotonic() - begun):.0f} a second', file=sys.stderr, flush=True)
    except KeyboardInterrupt:
        print(f'broken off after {done} requests', file=sys.stderr)

    if arguments.summary:
        with open(arguments.summary, 'w', encoding='utf-8') as file:
            file.writelines(f'{count:6} {name}\n' for name, count in sorted(run.outcomes.items()))
    for (peer, reason, source), count in sorted(run.explained.items(), key=lambda entry: (entry[0][0], -entry[1])):
        print(f'explained  {peer:9}{count:7}  {source:9} {reason}')
    for (peer, operation, _), examples in sorted(run.unexplained.items(), key=lambda entry: -len(entry[1])):
        print(f'UNEXPLAINED {peer} {operation}: {len(examples)}')
        for number, text, difference in examples[:arguments.show]:
            print(f'  request {number}: {text[:1500]}\n    ours   {difference[0][:600]}\n    theirs {difference[1][:600]}')
    total = sum(len(examples) for examples in run.unexplained.values())
    print(f'{done} requests, seed {arguments.seed}: ' + ', '.join(f'{count} x {status}' for status, count in sorted(run.statuses.items())))
    print(f'{run.malformed} malformed, {sum(run.explained.values())} explained and {total} unexplained differences')
    sys.exit(1 if run.malformed or total or done < arguments.count else 0)


if __name__ == '__main__':
    main()
