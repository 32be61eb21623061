#!/usr/bin/env python3
"""Randomised histories against a DynamoDB endpoint, and a checker for them.

    history.py load PORT FOLDER ROUND SECONDS PROCESSES THREADS    clients; leaves their histories in FOLDER
    history.py check PORT FOLDER ROUND                             reads the final state and judges the histories
    history.py count PORT CLIENTS TIMES                            one counter and many races for new keys, without crashes
    history.py selftest                                            the checker against small histories, good and bad

Lists.  Every write appends a number that is used once to the list of an item: alone (UpdateItem), as the creation of the item
(attribute_not_exists), or to several items in a transaction, some with a ConditionCheck that yet another item does not exist.
Reads are GetItem and TransactGetItems, and what a failed condition shows with ALL_OLD.  The final list of an item is the order
of its versions, so each read names the version that it saw, and everybody's order is known:

    the writer of a version  ->  the writer of the next one
    the writer of a version  ->  whoever read it  ->  the writer of the next one
    whoever was answered     ->  whoever asked after that

The history is strictly serializable if and only if these arrows have no cycle; for single operations alone that is
linearizability, item by item.  Besides: an acknowledged write is in its list once, a refused one nowhere, one whose answer was
lost (the server was killed) has happened entirely or not at all.  A request with a ClientRequestToken is sent again until it is
answered, and must have happened once.

Bank.  Transfers between accounts on the condition that there is enough; every TransactGetItems of all accounts, and the end,
must show the same total.

Nothing but Python's own library is needed.
"""
import http.client
import json
import multiprocessing
import os
import pickle
import random
import sys
import threading
import time
from collections import defaultdict

TABLES = ['HistoryA', 'HistoryB']
ACCOUNTS = 10
BALANCE = 1000
PER_KEY = 40                # appends to a key before the clients move on to new ones
OK, FAIL, UNKNOWN = 'ok', 'fail', 'unknown'


class Lost(Exception):
    """The request may or may not have been executed."""


class Refused(Exception):
    """An answer that says: not executed."""

    def __init__(self, name, reply):
        super().__init__(name)
        self.name, self.reply = name, reply


class Client:
    def __init__(self, port):
        self.port, self.connection = port, None
        self.server_errors = []

    def call(self, operation, body):
        text = json.dumps(body)
        if self.connection is None:
            self.connection = http.client.HTTPConnection('127.0.0.1', self.port, timeout=60)
        try:
            self.connection.connect() if self.connection.sock is None else None
        except OSError as error:
            self.close()
            raise Refused('NotConnected', {}) from error
        try:
            self.connection.request('POST', '/', text, {'X-Amz-Target': 'DynamoDB_20120810.' + operation, 'Content-Type': 'application/x-amz-json-1.0'})
            response = self.connection.getresponse()
            data = response.read()
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise Lost() from error
        reply = json.loads(data)
        if response.status == 200:
            return reply
        name = reply.get('__type', '').split('#')[-1]
        if response.status >= 500:
            self.server_errors.append((response.status, name, reply.get('message')))
            raise Lost()
        raise Refused(name, reply)

    def close(self):
        if self.connection is not None:
            self.connection.close()
        self.connection = None


# ---- the load ----------------------------------------------------------------------------------------------------------

def list_of(item):
    return [int(value['N']) for value in item['l']['L']] if item else []


def append_of(table, key, value):
    return {'TableName': table, 'Key': {'p': {'S': key}}, 'UpdateExpression': 'SET l = list_append(if_not_exists(l, :none), :new)',
            'ExpressionAttributeValues': {':none': {'L': []}, ':new': {'L': [{'N': str(value)}]}}}


class Worker(threading.Thread):
    def __init__(self, port, round_, number, deadline):
        super().__init__()
        self.client, self.round, self.number, self.deadline = Client(port), round_, number, deadline
        self.random = random.Random('%s %s' % (round_, number))
        self.sequence = 0
        self.history = []
        self.totals = []
        self.failure = None

    def run(self):
        choices = [self.append, self.append, self.create, self.get, self.get, self.write, self.write, self.skew, self.skew, self.read, self.transfer, self.total]
        try:
            while time.monotonic() < self.deadline:
                self.random.choice(choices)()
        except Exception as error:                          # shown by the main thread
            self.failure = repr(error)
        self.client.close()

    # All clients agree on the keys that are in use: they change with time, and each gets about PER_KEY appends.
    def keys(self, count):
        generation = int((time.monotonic() - self.deadline) * 4)
        names = [(self.random.choice(TABLES), '%s-%d-%d' % (self.round, generation, i)) for i in range(6)]
        return sorted(set(self.random.sample(names, count)), key=lambda key: key[1])

    def value(self):
        self.sequence += 1
        return self.number * 10000000 + self.sequence

    def record(self, reads, writes, function, token=False):
        """One operation: reads and writes are {(table, key): list or value}; function fills reads."""
        started = time.monotonic_ns()
        while True:
            try:
                function()
                outcome = OK
            except Refused as refused:
                if refused.name == 'NotConnected':
                    time.sleep(0.05)
                    if not token:
                        return
                    if time.monotonic() < self.deadline + 30:
                        continue
                outcome = UNKNOWN if token and refused.name in ('NotConnected', 'TransactionInProgressException') else FAIL
                self.show_failure(refused, reads)
            except Lost:
                outcome = UNKNOWN
                if token and time.monotonic() < self.deadline + 30:
                    time.sleep(0.05)
                    continue
            break
        if outcome == UNKNOWN:
            reads.clear()
        if outcome != FAIL or reads:
            self.history.append((started, time.monotonic_ns(), outcome, dict(reads), dict(writes)))
        elif writes:
            self.history.append((started, time.monotonic_ns(), FAIL, {}, dict(writes)))

    @staticmethod
    def show_failure(refused, reads):
        allowed = ('ConditionalCheckFailedException', 'TransactionCanceledException', 'TransactionConflictException', 'NotConnected',
                   'TransactionInProgressException', 'ServiceUnavailableException')
        if refused.name not in allowed:
            raise AssertionError('%s %s' % (refused.name, refused.reply))
        reads.clear()

    def append(self):
        (key,) = self.keys(1)
        reads, value = {}, self.value()

        def run():
            reply = self.client.call('UpdateItem', dict(append_of(*key, value), ReturnValues='ALL_NEW'))
            seen = list_of(reply['Attributes'])
            assert seen[-1] == value, (seen, value)
            reads[key] = seen[:-1]
        self.record(reads, {key: value}, run)

    def create(self):
        (key,) = self.keys(1)
        reads, value = {key: []}, self.value()
        put = {'TableName': key[0], 'Item': {'p': {'S': key[1]}, 'l': {'L': [{'N': str(value)}]}}, 'ConditionExpression': 'attribute_not_exists(p)'}
        self.record(reads, {key: value}, lambda: self.client.call('PutItem', put))

    def get(self):
        (key,) = self.keys(1)
        reads = {}

        def run():
            reply = self.client.call('GetItem', {'TableName': key[0], 'Key': {'p': {'S': key[1]}}, 'ConsistentRead': True})
            reads[key] = list_of(reply.get('Item'))
        self.record(reads, {}, run)

    def read(self):
        keys = self.keys(self.random.randint(2, 5))
        reads = {}

        def run():
            reply = self.client.call('TransactGetItems', {'TransactItems': [{'Get': {'TableName': t, 'Key': {'p': {'S': k}}}} for t, k in keys]})
            for key, response in zip(keys, reply['Responses']):
                reads[key] = list_of(response.get('Item'))
        self.record(reads, {}, run)

    def transact(self, reads, writes, items, checks):
        token = '%s-%d-%d' % (self.round, self.number, self.sequence) if self.random.random() < 0.5 else None
        body = {'TransactItems': items}
        if token:
            body['ClientRequestToken'] = token
        shown = {}

        def run():
            try:
                self.client.call('TransactWriteItems', body)
            except Refused as refused:
                reasons = refused.reply.get('CancellationReasons', [])
                for key, reason in zip(checks, reasons):
                    if 'Item' in reason:
                        shown[key] = list_of(reason['Item'])
                raise
        self.record(reads, writes, run, token is not None)
        if shown:                                           # a failed check has read its item
            started, ended, outcome, _, written = self.history.pop()
            assert outcome == FAIL
            self.history.append((started, ended, FAIL, {}, written))
            self.history.append((started, ended, OK, shown, {}))

    def write(self):
        keys = self.keys(self.random.randint(2, 4))
        self.random.shuffle(keys)
        writes = {key: self.value() for key in keys}
        self.transact({}, writes, [{'Update': append_of(*key, value)} for key, value in writes.items()], [])

    # Each of two transactions relies on the absence of what the other makes; for both to find it, the keys must be new.
    def skew(self):
        if self.random.random() < 0.7:
            slot = int((time.monotonic() - self.deadline) * 200)
            keys = [(table, '%s-skew%d' % (self.round, slot)) for table in TABLES]
        else:
            keys = self.keys(2)
        self.random.shuffle(keys)
        absent, written = keys
        value = self.value()
        check = {'ConditionCheck': {'TableName': absent[0], 'Key': {'p': {'S': absent[1]}}, 'ConditionExpression': 'attribute_not_exists(p)',
                                    'ReturnValuesOnConditionCheckFailure': 'ALL_OLD'}}
        self.transact({absent: []}, {written: value}, [check, {'Update': append_of(*written, value)}], [absent])

    def transfer(self):
        source, target = self.random.sample(range(ACCOUNTS), 2)
        amount = self.random.randint(1, 300)

        def change(account, sign, condition):
            update = {'TableName': 'HistoryBank', 'Key': {'p': {'S': str(account)}}, 'UpdateExpression': 'SET n = n %s :x' % sign,
                      'ExpressionAttributeValues': {':x': {'N': str(amount)}}}
            if condition:
                update['ConditionExpression'] = condition
            return {'Update': update}
        try:
            self.client.call('TransactWriteItems', {'TransactItems': [change(source, '-', 'n >= :x'), change(target, '+', None)]})
            self.totals.append('transfer')
        except Lost:
            pass
        except Refused as refused:
            self.show_failure(refused, {})

    def total(self):
        try:
            self.totals.append(bank_total(self.client))
        except (Refused, Lost):
            pass


def bank_total(client):
    reply = client.call('TransactGetItems', {'TransactItems': [{'Get': {'TableName': 'HistoryBank', 'Key': {'p': {'S': str(i)}}}} for i in range(ACCOUNTS)]})
    balances = [int(response['Item']['n']['N']) for response in reply['Responses']]
    return min(balances), sum(balances)


def prepare(port):
    client = Client(port)
    for table in TABLES + ['HistoryBank']:
        try:
            client.call('CreateTable', {'TableName': table, 'BillingMode': 'PAY_PER_REQUEST', 'KeySchema': [{'AttributeName': 'p', 'KeyType': 'HASH'}],
                                        'AttributeDefinitions': [{'AttributeName': 'p', 'AttributeType': 'S'}]})
        except Refused as refused:
            if refused.name != 'ResourceInUseException':
                raise
            continue
        for i in range(ACCOUNTS if table == 'HistoryBank' else 0):
            client.call('PutItem', {'TableName': table, 'Item': {'p': {'S': str(i)}, 'n': {'N': str(BALANCE)}}})


def load_process(port, folder, round_, deadline, first, threads):
    workers = [Worker(port, round_, first + i, deadline) for i in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    with open(os.path.join(folder, 'history-%s-%d' % (round_, first)), 'wb') as out:
        pickle.dump(([w.history for w in workers], [w.totals for w in workers], [e for w in workers for e in w.client.server_errors],
                     [w.failure for w in workers if w.failure]), out)


def load(port, folder, round_, seconds, processes, threads):
    prepare(port)
    open(os.path.join(folder, 'begun-' + round_), 'w').close()     # from now on the server may be killed
    deadline = time.monotonic() + seconds
    running = [multiprocessing.Process(target=load_process, args=(port, folder, round_, deadline, 1 + i * threads, threads)) for i in range(processes)]
    for process in running:
        process.start()
    for process in running:
        process.join()
    return 0 if all(process.exitcode == 0 for process in running) else 1


# ---- the checker -------------------------------------------------------------------------------------------------------

def judge(history, final):
    """Complaints about a history, [(started, ended, outcome, reads, writes)], whose lists ended as final says."""
    complaints = []
    position, writer = {}, {}
    for key, values in final.items():
        for i, value in enumerate(values):
            if value in position:
                complaints.append('%s is in the lists twice: %s and %s' % (value, position[value], (key, i)))
            position[value] = (key, i)

    happened = []                                           # index into history
    for number, (_, _, outcome, _, writes) in enumerate(history):
        present = [value in position and position[value][0] == key for key, value in writes.items()]
        if outcome == OK and not all(present):
            complaints.append('acknowledged, but lost: %s' % (history[number],))
        elif outcome == FAIL and any(present):
            complaints.append('refused, but done: %s' % (history[number],))
        elif outcome == UNKNOWN and any(present) and not all(present):
            complaints.append('half done: %s' % (history[number],))
        if outcome == OK or (outcome == UNKNOWN and writes and all(present)):
            happened.append(number)
            for value in writes.values():
                writer[value] = number
    for value in position:
        if value not in writer:
            complaints.append('nobody wrote %s at %s' % (value, position[value]))
    if complaints:
        return complaints

    # Arrows.  Nodes are the operations that happened, then one for each answer, which stand for the course of time.
    arrows = defaultdict(list)
    readers = defaultdict(list)
    for number in happened:
        for key, seen in history[number][3].items():
            values = final.get(key, [])
            if values[:len(seen)] != seen:
                complaints.append('%s was read as %s, which no version of %s is' % (key, seen, values))
                continue
            if seen and writer[seen[-1]] != number:
                arrows[writer[seen[-1]]].append((number, 'wr %s %d' % (key, len(seen))))
            if len(seen) < len(values) and writer[values[len(seen)]] != number:
                arrows[number].append((writer[values[len(seen)]], 'rw %s %d' % (key, len(seen))))
    for key, values in final.items():
        for one, next_ in zip(values, values[1:]):
            arrows[writer[one]].append((writer[next_], 'ww %s' % (key,)))
    events = sorted([(history[n][1], 1, n) for n in happened if history[n][2] == OK] + [(history[n][0], 0, n) for n in happened])
    clock = None
    for time_, is_answer, number in events:
        if is_answer:
            tick = ('t', time_, number)
            if clock is not None:
                arrows[clock].append((tick, 'time'))
            arrows[number].append((tick, 'answered'))
            clock = tick
        elif clock is not None:
            arrows[clock].append((number, 'asked'))

    cycle = find_cycle(arrows)
    if cycle:
        complaints.append('a cycle:\n' + '\n'.join('  %s  --%s-->' % (history[node] if isinstance(node, int) else 'time', label)
                                                   for node, label in cycle if isinstance(node, int) or label != 'time'))
    return complaints


def find_cycle(arrows):
    incoming = defaultdict(int)
    for node in list(arrows):
        for target, _ in arrows[node]:
            incoming[target] += 1
    ready = [node for node in list(arrows) if incoming[node] == 0]
    while ready:
        node = ready.pop()
        for target, _ in arrows.get(node, ()):
            incoming[target] -= 1
            if incoming[target] == 0:
                ready.append(target)
    left = {node for node, count in incoming.items() if count > 0}
    if not left:
        return None
    # every node that is left and lies behind a cycle has a predecessor that is left; walk backward until one repeats
    before = {}
    for node in left:
        for target, label in arrows.get(node, ()):
            if target in left:
                before[target] = (node, label)
    node, seen = next(iter(before)), []
    while node not in seen:
        seen.append(node)
        node = before[node][0]
    path = seen[seen.index(node):]
    return [(before[n][0], before[n][1]) for n in reversed(path)]


def check(port, folder, round_):
    client = Client(port)
    histories, totals, errors, failures = [], [], [], []
    for name in os.listdir(folder):
        if name.startswith('history-%s-' % round_):
            with open(os.path.join(folder, name), 'rb') as source:
                parts = pickle.load(source)
            histories += [operation for history in parts[0] for operation in history]
            totals += [total for part in parts[1] for total in part]
            errors += parts[2]
            failures += parts[3]
    keys = {key for operation in histories for part in operation[3:5] for key in part}
    final = {}
    for key in keys:
        item = client.call('GetItem', {'TableName': key[0], 'Key': {'p': {'S': key[1]}}, 'ConsistentRead': True}).get('Item')
        final[key] = list_of(item)
    complaints = failures + judge(histories, {key: values for key, values in final.items() if values})
    complaints += ['the bank had %s' % (total,) for total in totals + [bank_total(client)]
                   if total != 'transfer' and (total[0] < 0 or total[1] != ACCOUNTS * BALANCE)]
    complaints += ['the server answered %s %s %s' % error for error in set(errors) if error[1] != 'ServiceUnavailableException']
    outcomes = defaultdict(int)
    for operation in histories:
        outcomes[operation[2]] += 1
    print('operations %d (done %d, refused %d, unanswered %d), items %d, longest list %d, transfers %d, totals read %d, complaints %d' % (
        len(histories), outcomes[OK], outcomes[FAIL], outcomes[UNKNOWN], len(final), max(map(len, final.values()), default=0),
        totals.count('transfer'), len(totals) - totals.count('transfer'), len(complaints)))
    for complaint in complaints[:10]:
        print('  ' + complaint)
    return 1 if complaints or not histories else 0


# ---- counters and winners ----------------------------------------------------------------------------------------------

def count_client(port, number, times, start, results):
    client, values, won = Client(port), [], []
    start.wait()
    for i in range(times):
        while True:
            try:
                if number % 2:
                    reply = client.call('UpdateItem', {'TableName': 'HistoryCount', 'Key': {'p': {'S': 'counter'}}, 'UpdateExpression': 'ADD n :one',
                                                       'ExpressionAttributeValues': {':one': {'N': '1'}}, 'ReturnValues': 'UPDATED_NEW'})
                    values.append(int(reply['Attributes']['n']['N']))
                else:
                    client.call('TransactWriteItems', {'TransactItems': [
                        {'Update': {'TableName': 'HistoryCount', 'Key': {'p': {'S': 'counter'}}, 'UpdateExpression': 'ADD n :one',
                                    'ExpressionAttributeValues': {':one': {'N': '1'}}}}, {'Put': {'TableName': 'HistoryCount', 'Item': {'p': {'S': 'x%d' % number}}}}]})
                break
            except Refused as refused:
                if 'TransactionConflict' not in str(refused.reply):
                    raise
        item = {'p': {'S': 'race%d' % i}, 'by': {'N': str(number)}}
        put = {'TableName': 'HistoryCount', 'Item': item, 'ConditionExpression': 'attribute_not_exists(p)'}
        while True:
            try:
                if (number + i) % 3:
                    client.call('PutItem', put)
                else:
                    client.call('TransactWriteItems', {'TransactItems': [{'Put': put}]})
                won.append(i)
                break
            except Refused as refused:
                if 'Conditional' in str(refused.reply):
                    break
                if 'TransactionConflict' not in str(refused.reply):     # whoever holds the key did not get on in time
                    raise
    results.put((values, won, client.server_errors))


def count(port, clients, times):
    client = Client(port)
    client.call('CreateTable', {'TableName': 'HistoryCount', 'BillingMode': 'PAY_PER_REQUEST', 'KeySchema': [{'AttributeName': 'p', 'KeyType': 'HASH'}],
                                'AttributeDefinitions': [{'AttributeName': 'p', 'AttributeType': 'S'}]})
    start, results = multiprocessing.Event(), multiprocessing.Queue()
    running = [multiprocessing.Process(target=count_client, args=(port, i, times, start, results)) for i in range(clients)]
    for process in running:
        process.start()
    start.set()
    parts = [results.get(timeout=300) for _ in running]
    for process in running:
        process.join()
    values = [value for part in parts for value in part[0]]
    won = sorted(i for part in parts for i in part[1])
    errors = [error for part in parts for error in part[2]]
    final = int(client.call('GetItem', {'TableName': 'HistoryCount', 'Key': {'p': {'S': 'counter'}}})['Item']['n']['N'])
    print('%d clients: counter %d of %d, %d values given out, %d twice; %d races, %d winners; %d server errors' % (
        clients, final, clients * times, len(values), len(values) - len(set(values)), times, len(won), len(errors)))
    return 0 if final == clients * times and len(values) == len(set(values)) and won == list(range(times)) and not errors else 1


# ---- does the checker notice? ------------------------------------------------------------------------------------------

def selftest():
    a, b = ('T', 'a'), ('T', 'b')
    one = (0, 1, OK, {}, {a: 1})
    good = [one, (2, 3, OK, {a: [1]}, {}), (2, 9, UNKNOWN, {}, {a: 2, b: 3}), (4, 5, OK, {a: [1, 2], b: [3]}, {})]
    cases = [
        ('a good history', False, good, {a: [1, 2], b: [3]}),
        ('a lost write', True, good, {a: [2], b: [3]}),
        ('half a transaction', True, good[:3], {a: [1, 2]}),
        ('a write done twice', True, [one], {a: [1, 1]}),
        ('a refused write that is there', True, [(0, 1, FAIL, {}, {a: 1})], {a: [1]}),
        ('a stale read', True, [one, (2, 3, OK, {a: []}, {})], {a: [1]}),
        ('a read of what is not there', True, [one, (2, 3, OK, {a: [1, 7]}, {})], {a: [1]}),
        ('reads that go backward', True, [one, (0, 9, OK, {}, {a: 2}), (2, 3, OK, {a: [1, 2]}, {}), (4, 5, OK, {a: [1]}, {})], {a: [1, 2]}),
        ('a read that overlaps a write', False, [(0, 9, OK, {}, {a: 1}), (2, 3, OK, {a: [1]}, {}), (0, 9, OK, {a: []}, {})], {a: [1]}),
        ('a torn read', True, [(0, 9, OK, {}, {a: 1, b: 2}), (0, 9, OK, {a: [1], b: []}, {})], {a: [1], b: [2]}),
        ('write skew', True, [(0, 9, OK, {a: []}, {b: 1}), (0, 9, OK, {b: []}, {a: 2})], {a: [2], b: [1]}),
        ('a lost update', True, [(0, 9, OK, {a: []}, {a: 1}), (0, 9, OK, {a: []}, {a: 2})], {a: [1, 2]}),
        ('an order of two items that time forbids', True, [(0, 1, OK, {}, {a: 1}), (2, 3, OK, {b: []}, {}), (0, 9, OK, {a: []}, {b: 2})], {a: [1], b: [2]}),
    ]
    wrong = [name for name, bad, history, final in cases if bool(judge(history, final)) != bad]
    print('the checker is right about %d of %d cases%s' % (len(cases) - len(wrong), len(cases), ': not about ' + ', '.join(wrong) if wrong else ''))
    return 1 if wrong else 0


if __name__ == '__main__':
    mode = sys.argv[1]
    if mode == 'load':
        sys.exit(load(int(sys.argv[2]), sys.argv[3], sys.argv[4], float(sys.argv[5]), int(sys.argv[6]), int(sys.argv[7])))
    if mode == 'count':
        sys.exit(count(int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])))
    sys.exit(check(int(sys.argv[2]), sys.argv[3], sys.argv[4]) if mode == 'check' else selftest())
