#!/usr/bin/env python3
"""Sends broken requests to an endpoint with dynamo.authentication = none, and watches what comes back.

    endpoint.py URL [SEED [SECONDS]]

Nine in ten requests are valid ones of some operation with a few mutations: values replaced by others of any kind,
members removed, repeated or renamed, texts cut and spliced.  The rest are bytes: broken JSON, broken HTTP, pieces of
requests, pipelines.  A defect is an answer of 500 and more, no answer, or a process that was restarted.  The same seed sends the
same requests.  Standard library only.
"""
import base64
import copy
import gzip
import json
import random
import socket
import sys
import time
import urllib.parse

PREFIX = 'DynamoDB_20120810.'
KEYS = {'Fuzz': ('p', 'c'), 'FuzzN': ('p', 'c'), 'FuzzB': ('p', None)}
TEXTS = ['', 'a', 'b', ':v', '#n', 'p', 'c', 'x', 'x.y[0]', '\x00', '\x01', '\x01\x02', '\ud7ff', '\U0010ffff', 'é' * 100, 'a' * 199 + 'é',
         'k' * 200, 'k' * 201, 'k' * 2048, 'k' * 2049, 'r' * 1024, 'r' * 1025, '$B', '$M', '$', '~', 'item', 'size', '%s%n', '"', '\\', "'",
         'n' * 256, 'Fuzz', 'arn:aws:dynamodb:us-east-1:000000000000:table/Fuzz', 'A' * 70000]
NUMBERS = ['0', '-0', '1', '-1', '1e125', '9.9999999999999999999999999999999999999E+125', '1e126', '1e-130', '1e-131', '-1e-130',
           '1' * 38, '1' * 39, '0.' + '0' * 50 + '1', '1E+', '', ' 1', '1 ', '0x1', 'NaN', 'Infinity', '1e99999999999', '.5', '5.', '00001', '+1']
INTEGERS = [0, 1, -1, 2, 10, 100, 1000000, 1000001, 2**31 - 1, 2**31, -2**31, 2**63, -2**63 - 1, 1.5, 1e300, -0.0]
EXPRESSIONS = ['attribute_exists(p)', 'attribute_not_exists(#n)', 'x = :v', 'x > :v AND (y < :v OR NOT z = :v)', 'x BETWEEN :v AND :w',
               'x IN (:v, :w, y)', 'begins_with(x, :v)', 'contains(x, :v)', 'size(x) > :v', 'attribute_type(x, :t)', 'x.y[3].z <> :v',
               '(' * 200 + 'x = :v' + ')' * 200, 'NOT ' * 200 + 'x = :v', 'x = :v' + ' AND x = :v' * 299, 'size(', 'x[99999999999]', 'x[-1]', '#n.#n']
UPDATES = ['SET x = :v', 'SET x = x + :v', 'SET x = if_not_exists(y, :v) - :w', 'SET x = list_append(x, :v)', 'REMOVE x, y[0], z.a', 'ADD x :v',
           'DELETE x :v', 'SET x[5] = :v, y = x', 'SET x.a.b = :v REMOVE x.c ADD y :w', 'SET x[0] = x[1], x[1] = x[0]', 'SET p = :v', 'SET x = :v, x = :w']
KEY_CONDITIONS = ['p = :v', 'p = :v AND c > :w', 'p = :v AND c BETWEEN :v AND :w', 'p = :v AND begins_with(c, :w)', 'c = :w AND p = :v', 'p > :v', 'x = :v']
PROJECTIONS = ['p', 'p, c, x', 'x.y[0], x.z', '#n', 'x, x.y', 'x[0][1], x[0][2]', ', '.join('a%d' % i for i in range(300))]


class Fuzzer:
    def __init__(self, url, seed):
        parts = urllib.parse.urlsplit(url)
        self.address = (parts.hostname, parts.port)
        self.random = random.Random(seed)
        self.socket = None
        self.file = None
        self.counts = {}
        self.defects = []

    # ---- values

    def pick(self, values):
        return values[self.random.randrange(len(values))]

    def text(self):
        if self.random.random() < 0.3:
            return ''.join(chr(self.random.choice([self.random.randrange(128), self.random.randrange(0xd7ff), self.random.randrange(0x10000, 0x110000)]))
                           for _ in range(self.random.randrange(12)))
        return self.pick(TEXTS)

    def number(self):
        if self.random.random() < 0.3:
            return '%s%d.%dE%d' % (self.pick(['', '-']), self.random.randrange(10**20), self.random.randrange(10**19), self.random.randrange(-140, 140))
        return self.pick(NUMBERS)

    def binary(self):
        if self.random.random() < 0.1:
            return self.pick(['', '=', 'A', '====', 'AA=A', 'é', 'AAA', 'A' * 1000])
        return base64.b64encode(self.random.randbytes(self.random.randrange(40))).decode()

    def value(self, depth=0):
        kind = self.pick(['S', 'S', 'N', 'N', 'B', 'BOOL', 'NULL', 'SS', 'NS', 'BS', 'L', 'M'])
        few = range(self.random.randrange(4))
        if depth > 4 and kind in 'LM':
            kind = 'S'
        made = {'S': self.text, 'N': self.number, 'B': self.binary, 'BOOL': lambda: self.pick([True, False]), 'NULL': lambda: True,
                'SS': lambda: [self.text() for _ in few], 'NS': lambda: [self.number() for _ in few], 'BS': lambda: [self.binary() for _ in few],
                'L': lambda: [self.value(depth + 1) for _ in few], 'M': lambda: {self.name(): self.value(depth + 1) for _ in few}}[kind]()
        return {kind: made}

    def name(self):
        return self.pick(['x', 'y', 'z', 'a', '$B', '$', '\x00', 'n' * 300, self.text()])

    def deep(self):
        value = {'N': '1'}
        for _ in range(self.random.randrange(28, 40)):
            value = {'L': [value]} if self.random.random() < 0.5 else {'M': {'a': value}}
        return value

    def key(self, table):
        kind = {'Fuzz': 'S', 'FuzzN': 'N', 'FuzzB': 'B'}.get(table, 'S')
        short = {'S': lambda: self.pick(['a', 'b', 'k' * 201, '\x00']), 'N': lambda: str(self.random.randrange(9)), 'B': lambda: 'AAEC'}
        return {name: {kind: short[kind]()} for name in KEYS.get(table, ('p', None)) if name}

    def item(self, table):
        item = self.key(table)
        for name in ('x', 'y', 'z', 'g', 'l'):
            if self.random.random() < 0.5:
                item[name] = self.deep() if self.random.random() < 0.03 else self.value()
        return item

    # ---- requests

    def request(self):
        table = self.pick(list(KEYS))
        body = {'TableName': table}
        values = {':v': self.value(), ':w': self.value(), ':t': {'S': 'S'}}

        def expression(member, choices):
            body[member] = self.pick(choices)
            used = {k: v for k, v in values.items() if k in body[member] or k in body.get('ExpressionAttributeValues', {})}
            if used:
                body['ExpressionAttributeValues'] = used
            if '#n' in body[member]:
                body['ExpressionAttributeNames'] = {'#n': self.name()}

        operation = self.pick(['PutItem', 'PutItem', 'GetItem', 'DeleteItem', 'UpdateItem', 'UpdateItem', 'Query', 'Query', 'Scan', 'BatchGetItem',
                               'BatchWriteItem', 'CreateTable', 'DescribeTable', 'ListTables', 'DeleteTable', 'TagResource', 'ListTagsOfResource',
                               'UntagResource', 'DescribeLimits', 'DescribeEndpoints', 'DescribeTimeToLive', 'DescribeContinuousBackups', 'UpdateTable',
                               'UpdateContinuousBackups', 'DescribeContributorInsights', 'ListContributorInsights', 'GetResourcePolicy',
                               'DescribeKinesisStreamingDestination', 'ListBackups', 'ListExports', 'ListImports', 'ListGlobalTables',
                               'TransactWriteItems', 'TransactGetItems', 'ExecuteStatement', 'UpdateTimeToLive'])
        maybe = lambda share=0.5: self.random.random() < share
        if operation == 'PutItem':
            body['Item'] = self.item(table)
        if operation in ('GetItem', 'DeleteItem', 'UpdateItem'):
            body['Key'] = self.key(table)
        if operation in ('PutItem', 'DeleteItem', 'UpdateItem'):
            if maybe():
                expression('ConditionExpression', EXPRESSIONS)
            elif maybe(0.3):
                body['Expected'] = {self.name(): {'ComparisonOperator': self.pick(['EQ', 'NE', 'IN', 'LE', 'BETWEEN', 'CONTAINS', 'NULL', 'BEGINS_WITH']),
                                                  'AttributeValueList': [self.value() for _ in range(self.random.randrange(3))]}}
            body['ReturnValues'] = self.pick(['NONE', 'ALL_OLD', 'ALL_NEW', 'UPDATED_OLD', 'UPDATED_NEW'])
            body['ReturnConsumedCapacity'] = self.pick(['NONE', 'TOTAL', 'INDEXES'])
            body['ReturnValuesOnConditionCheckFailure'] = 'ALL_OLD'
        if operation == 'UpdateItem' and maybe(0.8):
            if 'Expected' in body:
                body['AttributeUpdates'] = {self.name(): {'Action': self.pick(['PUT', 'ADD', 'DELETE']), 'Value': self.value()}}
            else:
                expression('UpdateExpression', UPDATES)
        if operation == 'Query':
            if maybe(0.8):
                expression('KeyConditionExpression', KEY_CONDITIONS)
                for name in (':v', ':w'):
                    if maybe(0.8) and name in body.get('ExpressionAttributeValues', {}):
                        body['ExpressionAttributeValues'][name] = self.key(table)['p']
            else:
                body['KeyConditions'] = {'p': {'ComparisonOperator': 'EQ', 'AttributeValueList': [self.key(table)['p']]}}
            body['ScanIndexForward'] = maybe()
        if operation in ('Query', 'Scan'):
            if maybe(0.3) and 'KeyConditions' not in body:
                expression('FilterExpression', EXPRESSIONS)
            if maybe(0.4):
                body['ExclusiveStartKey'] = self.key(table)
            if maybe():
                body['Limit'] = self.pick([1, 2, 3, 2**31 - 1])
            if maybe(0.4):
                body['IndexName'] = self.pick(['GGG', 'LLL', 'KKK'])
                if 'ExclusiveStartKey' in body:
                    body['ExclusiveStartKey'].update({'g': self.value(), 'l': self.value()})
            if maybe(0.2):
                body['Select'] = self.pick(['ALL_ATTRIBUTES', 'ALL_PROJECTED_ATTRIBUTES', 'COUNT', 'SPECIFIC_ATTRIBUTES'])
        if operation == 'Scan' and maybe(0.3):
            body['TotalSegments'] = self.pick([1, 2, 7, 1000000])
            body['Segment'] = self.pick([0, 1, 6, 999999])
        if operation in ('GetItem', 'Query', 'Scan') and maybe(0.3):
            expression('ProjectionExpression', PROJECTIONS)
        if operation == 'BatchGetItem':
            body = {'RequestItems': {t: {'Keys': [self.key(t) for _ in range(self.random.randrange(1, 5))]} for t in KEYS if maybe(0.7)}}
        if operation == 'BatchWriteItem':
            body = {'RequestItems': {t: [{'PutRequest': {'Item': self.item(t)}} if maybe() else {'DeleteRequest': {'Key': self.key(t)}}
                                         for _ in range(self.random.randrange(1, 4))] for t in KEYS if maybe(0.7)}}
        if operation == 'CreateTable':
            names = [self.pick(['a', 'b', 'item', '~x', 'é', 'n' * 70, '\x00', 'xmin', self.text()]) for _ in range(3)]
            body = table_body('Made%d' % self.random.randrange(3), names[0], names[1], self.pick('SNB'), [])
            body['AttributeDefinitions'].append({'AttributeName': names[2], 'AttributeType': self.pick('SNB')})
            body['GlobalSecondaryIndexes'] = [{'IndexName': self.pick(['pkey', 'I' * 255, 'idx']), 'Projection': {'ProjectionType': 'KEYS_ONLY'},
                                               'KeySchema': [{'AttributeName': names[2], 'KeyType': 'HASH'}, {'AttributeName': names[0], 'KeyType': 'RANGE'}]}]
        if operation == 'DeleteTable':
            body['TableName'] = 'Made%d' % self.random.randrange(3)
        if operation in ('TagResource', 'ListTagsOfResource', 'UntagResource'):
            body = {'ResourceArn': 'arn:aws:dynamodb:us-east-1:000000000000:table/' + table, 'Tags': [{'Key': self.text(), 'Value': self.text()}],
                    'TagKeys': [self.text()]}
        if operation == 'ExecuteStatement':
            body = {'Statement': self.pick(["SELECT * FROM \"Fuzz\" WHERE p = 'a'", "INSERT INTO Fuzz VALUE {'p': 'a', 'c': ?}", "UPDATE Fuzz SET x = 1 WHERE p = 'a' AND c = 'b'"]),
                    'Parameters': [self.value()]}
        if operation in ('TransactWriteItems', 'TransactGetItems'):
            verb = {'TransactWriteItems': lambda: {'Put': {'TableName': table, 'Item': self.item(table)}},
                    'TransactGetItems': lambda: {'Get': {'TableName': table, 'Key': self.key(table)}}}[operation]
            body = {'TransactItems': [verb() for _ in range(self.random.randrange(1, 4))]}
        if operation == 'UpdateTimeToLive':
            body['TimeToLiveSpecification'] = {'Enabled': maybe(), 'AttributeName': self.name()}
        return operation, body

    def mutate(self, body):
        """Replaces, removes or renames something anywhere in the body."""
        places = []

        def collect(node):
            children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
            for name, child in children:
                places.append((node, name))
                collect(child)

        collect(body)
        if not places:
            return
        node, name = self.pick(places)
        choice = self.random.randrange(8)
        if choice == 0:
            del node[name]
        elif choice == 1:
            node[name] = self.pick(INTEGERS)
        elif choice == 2:
            node[name] = self.pick([None, True, [], {}, [[]], {'': ''}, {'S': None}, [None]])
        elif choice == 3:
            node[name] = self.value()
        elif choice == 4:
            node[name] = copy.deepcopy(node[self.pick(list(node))] if isinstance(node, dict) else self.pick(node))
        elif choice == 5 and isinstance(node, dict):
            node[self.text()] = node.pop(name)
        elif choice == 6 and isinstance(node[name], str):
            at = self.random.randrange(len(node[name]) + 1)
            node[name] = node[name][:at] + self.pick(TEXTS + EXPRESSIONS + UPDATES)[:50] + node[name][at + self.random.randrange(3):]
        else:
            node[name] = self.text()

    def payload(self, body):
        data = json.dumps(body, ensure_ascii=self.random.random() < 0.5).encode('utf-8', 'surrogatepass')
        if self.random.random() < 0.06:
            data = bytearray(data)
            for _ in range(self.random.randrange(1, 4)):
                at = self.random.randrange(len(data) + 1)
                data[at:at + self.random.randrange(3)] = self.pick([b'', b'\x00', b'\xff', b'"', b'{', b'[' * 2000, b'\\u0000', b'\\ud800', b'\xed\xa0\x80', b'1e999', b'\n'])
            data = bytes(data)
        return data

    def http(self, operation, data):
        headers = ['POST / HTTP/1.1', 'Host: fuzz', 'X-Amz-Target: ' + PREFIX + operation, 'Content-Type: application/x-amz-json-1.0']
        if self.random.random() < 0.02:
            headers.append('Accept-Encoding: ' + self.pick(['gzip', 'deflate;q=0.5, gzip;q=x', '*;q=0', ',;,q=;', 'gzip;q=1e309']))
        if self.random.random() < 0.02:
            headers.append('Content-Encoding: gzip')
            data = gzip.compress(data)
        if self.random.random() < 0.05:
            headers.append('Transfer-Encoding: chunked')
            half = len(data) // 2
            data = b''.join(b'%x\r\n%s\r\n' % (len(piece), piece) for piece in (data[:half], data[half:]) if piece) + b'0\r\n\r\n'
        else:
            headers.append('Content-Length: %d' % len(data))
        return '\r\n'.join(headers).encode() + b'\r\n\r\n' + data

    # ---- the wire

    def connect(self):
        if self.socket is None:
            self.socket = socket.create_connection(self.address, 60)
            self.file = self.socket.makefile('rb')

    def disconnect(self):
        if self.socket is not None:
            self.file.close()
            self.socket.close()
        self.socket = None

    def exchange(self, data):
        """The status of the answer; 0: the connection was closed without one."""
        self.connect()
        try:
            self.socket.sendall(data)
            line = self.file.readline()
            if not line:
                self.disconnect()
                return 0, b''
            status = int(line.split()[1])
            length = 0
            close = False
            while True:
                header = self.file.readline().strip().lower()
                if not header:
                    break
                if header.startswith(b'content-length:'):
                    length = int(header.split(b':')[1])
                close |= header == b'connection: close'
            answer = self.file.read(length)
            if close:
                self.disconnect()
            return status, answer
        except (ConnectionError, BrokenPipeError):
            self.disconnect()
            return 0, b''
        except TimeoutError:
            self.disconnect()
            return -1, b''

    def structured(self):
        operation, body = self.request()
        for _ in range(self.random.choice([0, 0, 1, 1, 2, 5])):
            self.mutate(body)
        message = self.http(operation, self.payload(body))
        status, answer = self.exchange(message)
        if status == 0:				# an idle connection may just have been closed: once more on a new one
            status, answer = self.exchange(message)
        self.note(status, operation, answer, message)

    def unstructured(self):
        """Bytes that are hardly HTTP; only that the endpoint lives is looked at."""
        operation, body = self.request()
        data = bytearray(self.http(operation, self.payload(body)))
        choice = self.random.randrange(5)
        if choice == 0:
            del data[self.random.randrange(len(data)):]
        elif choice == 1:
            for _ in range(self.random.randrange(1, 30)):
                data[self.random.randrange(len(data))] = self.random.randrange(256)
        elif choice == 2:
            data = data * self.random.randrange(2, 8)
        elif choice == 3:
            data = bytearray(self.random.randbytes(self.random.randrange(1, 3000)))
        else:
            at = data.find(b'\r\n') + 2
            data[at:at] = self.pick([b'Content-Length: 99999999999999999999\r\n', b'Content-Length: -1\r\n', b'Transfer-Encoding: chunked\r\n', b'Expect: 100-continue\r\n',
                                     b'X: ' + b'y' * 40000 + b'\r\n', b'x: y\r\n' * 500, b': \r\n', b'\r\n', b'Content-Encoding: gzip\r\n', b'Connection: close\r\n', b'\x00: \x00\r\n'])
        try:
            with socket.create_connection(self.address, 60) as raw:
                raw.sendall(data)
                raw.shutdown(socket.SHUT_WR) if self.random.random() < 0.5 else None
                raw.settimeout(0.02)
                raw.recv(65536)
        except OSError:
            pass
        self.counts['raw'] = self.counts.get('raw', 0) + 1

    def note(self, status, operation, answer, message):
        self.counts[status] = self.counts.get(status, 0) + 1
        # as on AWS, a body that its Content-Encoding does not fit is the server's error
        if status >= 500 and b'Content-Encoding' in message:
            return
        if status >= 500 or status <= 0:
            self.defects.append((status, operation, answer[:300], message[:1500]))

    def send(self, operation, body):
        return self.exchange(self.http(operation, json.dumps(body).encode()))


def table_body(name, hash_key, range_key, kind, indexes):
    keys = [{'AttributeName': hash_key, 'KeyType': 'HASH'}] + ([{'AttributeName': range_key, 'KeyType': 'RANGE'}] if range_key else [])
    return {'TableName': name, 'BillingMode': 'PAY_PER_REQUEST', 'KeySchema': keys,
            'AttributeDefinitions': [{'AttributeName': k['AttributeName'], 'AttributeType': kind} for k in keys] + indexes}


def make_tables(fuzzer):
    for name, (hash_key, range_key) in KEYS.items():
        kind = {'Fuzz': 'S', 'FuzzN': 'N', 'FuzzB': 'B'}[name]
        body = table_body(name, hash_key, range_key, kind, [{'AttributeName': 'g', 'AttributeType': 'S'}, {'AttributeName': 'l', 'AttributeType': 'N'}])
        body['GlobalSecondaryIndexes'] = [{'IndexName': 'GGG', 'Projection': {'ProjectionType': 'ALL'}, 'KeySchema': [{'AttributeName': 'g', 'KeyType': 'HASH'}, {'AttributeName': 'l', 'KeyType': 'RANGE'}]},
                                          {'IndexName': 'KKK', 'Projection': {'ProjectionType': 'KEYS_ONLY'}, 'KeySchema': [{'AttributeName': 'l', 'KeyType': 'HASH'}]}]
        if range_key:
            body['LocalSecondaryIndexes'] = [{'IndexName': 'LLL', 'Projection': {'ProjectionType': 'KEYS_ONLY'}, 'KeySchema': [{'AttributeName': 'p', 'KeyType': 'HASH'}, {'AttributeName': 'l', 'KeyType': 'RANGE'}]}]
        status, answer = fuzzer.send('CreateTable', body)
        if status != 200 and b'ResourceInUse' not in answer:
            sys.exit('could not create %s: %d %s' % (name, status, answer))


def main():
    url = sys.argv[1]
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    seconds = float(sys.argv[3]) if len(sys.argv) > 3 else 8
    fuzzer = Fuzzer(url, seed)
    make_tables(fuzzer)
    end = time.monotonic() + seconds
    while time.monotonic() < end and len(fuzzer.defects) < 20:
        fuzzer.unstructured() if fuzzer.random.random() < 0.03 else fuzzer.structured()
    print('seed %d: %s' % (seed, ', '.join('%s: %d' % pair for pair in sorted(fuzzer.counts.items(), key=str))))
    for status, operation, answer, message in fuzzer.defects:
        print('DEFECT %d %s %r\n    %r' % (status, operation, answer, message))
    sys.exit(1 if fuzzer.defects else 0)


if __name__ == '__main__':
    main()
