"""Writers: random changes of one table in every way there is, each with a value of its own, and a log of what was answered.

Keys.  s<i> are everybody's; b<i> are many, there from the start, and everybody's, too; w<writer>-<i> one writer's own, who knows what is there; t<writer>-<i> are written once, to expire.

Log.  A line per operation: [kind, started, ended, outcome, puts, deletes, nevers, maybes, atomic].  Every put writes a value w
that is used once: puts are [key, w, old w], old w being '' for no item and null for unknown.  deletes are [key, old w], null
for unknown.  nevers are values that must not appear (rolled back, or part of an operation that was undone), maybes values of
which it is not known whether they should.  All puts and deletes of an atomic operation happened, or none.
"""
import json
import random
import threading
import time

from client import Endpoint, Lost, NotConnected, Refused

TABLE = 'Soak'
RELATION = 'dynamo_tables."Soak"'
SHARED, OWN, RANGES = 40, 12, 4
OK, FAIL, LOST = 'ok', 'fail', 'lost'
FIVE_YEARS = 5 * 365 * 86400
ALLOWED = ('ConditionalCheckFailed', 'ConditionalCheckFailedException', 'TransactionConflictException', 'TransactionCanceledException',
           'TransactionInProgressException', 'DuplicateItemException', 'DuplicateItem', 'TransactionConflict',
           '40001', '40P01', '23505', '55P03')
EXPECTED_TEXTS = ('Type mismatch for Index Key', 'The conditional request failed', 'Transaction is ongoing',
                  'Transaction cancelled', 'Duplicate primary key', 'deadlock', 'could not serialize')


class NumberSet(list):
    """DynamoDB's NS."""


def wire(value):
    """Natural JSON to DynamoDB's."""
    if isinstance(value, str):
        return {'S': value}
    if isinstance(value, int):
        return {'N': str(value)}
    if isinstance(value, NumberSet):
        return {'NS': [str(member) for member in value]}
    if isinstance(value, list):
        return {'L': [wire(member) for member in value]}
    return {'M': wire_item(value)}


def wire_item(item):
    return {name: wire(value) for name, value in item.items()}


def natural(item):
    """Natural JSON as dynamo.* functions and item columns take it."""
    return json.dumps({name: {'$NS': value} if isinstance(value, NumberSet) else value for name, value in item.items()})


def key_text(key):
    return '%s/%d' % key


def old_token(attributes):
    return attributes['w']['S'] if attributes else ''


class Log:
    """A file that threads share."""

    def __init__(self, name):
        self.file, self.lock = open(name, 'w'), threading.Lock()

    def write(self, line):
        with self.lock:
            self.file.write(line)

    def close(self):
        self.file.close()


class Operation:
    def __init__(self, kind, puts, deletes, atomic):
        self.kind, self.atomic = kind, atomic
        self.puts, self.deletes, self.nevers, self.maybes = puts, deletes, [], []

    def line(self, started, ended, outcome):
        return json.dumps([self.kind, started, ended, outcome, self.puts, self.deletes, self.nevers, self.maybes, self.atomic]) + '\n'


class Writer(threading.Thread):
    """What all kinds share.  A subclass names its kinds and how it reads an item's value."""

    many = 1000                     # items b<i>

    def __init__(self, number, log, deadline, pace):
        super().__init__()
        self.number, self.log, self.deadline, self.pace = number, log, deadline, pace
        self.random = random.Random(number)
        self.sequence = 0
        self.own = {}                   # key -> value w, '' for none; no entry: unknown
        self.failure = None
        self.refusals = {}

    def run(self):
        try:
            while time.monotonic() < self.deadline:
                kind = self.random.choices(list(self.kinds), list(self.kinds.values()))[0]
                try:
                    getattr(self, kind)()
                except NotConnected:
                    time.sleep(0.1)
                except (Lost, Refused) as error:            # outside an operation: while something was read
                    if isinstance(error, Refused):
                        self.check_refusal(error)
                time.sleep(self.random.random() * self.pace)
        except Exception as error:                          # shown by the main program
            self.failure = '%s: %s' % (type(self).__name__, repr(error))
        self.close()

    def check_refusal(self, error):
        if error.name not in ALLOWED and not any(text in (error.message or '') for text in EXPECTED_TEXTS):
            self.failure = self.failure or 'refused: %s' % error
        self.refusals[error.name] = self.refusals.get(error.name, 0) + 1

    def do(self, function, kind, puts=(), deletes=(), atomic=True):
        """function(operation) does it, and may say more precisely what was done.  Returns the outcome."""
        operation = Operation(kind, [list(put) for put in puts], [list(delete) for delete in deletes], atomic)
        started = time.monotonic_ns()
        try:
            function(operation)
            outcome = OK
        except NotConnected:
            raise
        except Refused as error:
            self.check_refusal(error)
            outcome = FAIL
        except Lost:
            outcome = LOST
        self.log.write(operation.line(started, time.monotonic_ns(), outcome))
        for key, old in [(put[0], put[1]) for put in operation.puts] + [(delete[0], '') for delete in operation.deletes]:
            if not key.startswith('w'):
                continue
            if outcome == OK:
                self.own[key] = old
            elif outcome == LOST:
                self.own.pop(key, None)
        return outcome

    def token(self, part=0):
        if part == 0:
            self.sequence += 1
        return '%d.%d.%s' % (self.number, self.sequence, part)

    def shared_keys(self, count):
        keys = {('s%d' % self.random.randrange(SHARED), self.random.randrange(RANGES)) if self.random.random() < 0.8
                else ('b%d' % self.random.randrange(self.many), 0) for _ in range(count)}
        return sorted(keys)

    def own_key(self, present=None):
        """(key, its value w); of an item that is there or not, if there is one such."""
        keys = [('w%d-%d' % (self.number, i), 0) for i in range(OWN)]
        self.random.shuffle(keys)
        for key in keys:
            text = key_text(key)
            if text not in self.own:
                self.own[text] = self.read(key)
            if present is None or (self.own[text] != '') == present:
                break
        return key, self.own[text]

    def item(self, key, token, expires=None):
        choice = self.random.random
        item = {'p': key[0], 'r': key[1], 'w': token, 'n': self.random.randrange(1000), 'c': 'c%d' % self.random.randrange(5)}
        if choice() < 0.8:
            item['g'] = 'g%d' % self.random.randrange(8)
        if choice() < 0.7:
            item['a'] = 'a%d' % self.random.randrange(20) if choice() < 0.97 else self.random.randrange(20)
        if choice() < 0.7:
            item['b'] = self.random.randrange(20) if choice() < 0.97 else 'b%d' % self.random.randrange(20)
        if choice() < 0.3:
            item['s'] = NumberSet(self.random.sample(range(50), 3))
        if choice() < 0.2:
            item['l'] = [{'deep': [1, 'two']}, 3]
        item['f'] = 'f' * self.random.randrange(200 if choice() < 0.95 else 6000)
        if expires is not None:
            item['expires'] = expires
        elif not key[0].startswith('w'):
            self.maybe_expires(item)
        return item

    def maybe_expires(self, item):
        choice, now = self.random.random(), int(time.time())
        if choice < 0.08:
            item['expires'] = now - self.random.randrange(1000)
        elif choice < 0.25:
            item['expires'] = now + self.random.randrange(1, 7)
        elif choice < 0.35:
            item['expires'] = now + 100000
        elif choice < 0.38:
            item['expires'] = str(now - 100)
        elif choice < 0.4:
            item['expires'] = now - FIVE_YEARS - 100000

    def expiring_items(self, count):
        """Items of new keys that expire at once or soon."""
        items = []
        base = self.token()
        for i in range(count):
            key = ('t%d-%d' % (self.number, self.sequence), i)
            items.append((key, self.item(key, '%s.%d' % (base, i), int(time.time()) + self.random.randrange(-30, 5))))
        return items


class ApiWriter(Writer):
    kinds = {'put': 4, 'update': 6, 'delete': 3, 'create': 2, 'compare': 3, 'batch': 2, 'transact': 4, 'partiql': 4, 'partiql_batch': 1,
             'partiql_transaction': 1, 'unchanged': 1, 'own_put': 2, 'expiring': 1}

    def __init__(self, number, log, deadline, pace, port, key, secret):
        super().__init__(number, log, deadline, pace)
        self.endpoint = Endpoint(port, key, secret)

    def close(self):
        self.endpoint.close()

    def call(self, operation, **body):
        return self.endpoint.call(operation, body)

    def read(self, key):
        return old_token(self.call('GetItem', TableName=TABLE, Key=self.key(key), ConsistentRead=True).get('Item'))

    @staticmethod
    def key(key):
        return wire_item({'p': key[0], 'r': key[1]})

    def update_of(self, key, token):
        """The members of an UpdateItem."""
        sets, values = 'SET w = :w, f = :f', {':w': token, ':f': 'u' * self.random.randrange(100), ':one': 1}
        choice = self.random.random()
        extra = {}
        self.maybe_expires(extra)
        if 'expires' in extra:
            sets, values[':e'] = sets + ', expires = :e', extra['expires']
        if choice < 0.2:
            sets, values[':g'] = sets + ', g = :g', 'g%d' % self.random.randrange(8)
        elif choice < 0.3:
            sets, values[':a'] = sets + ', a = :a', self.random.choice(['a1', 'a2', 3])
        sets += ' ADD n :one'
        if choice > 0.9:
            sets += ' REMOVE a, expires' if 'expires' not in extra and ':a' not in values else ' REMOVE b'
        # an update may make the item, which then lacks c
        return {'TableName': TABLE, 'Key': self.key(key), 'UpdateExpression': sets, 'ExpressionAttributeValues': wire_item(values)}

    def put(self):
        (key,), token = self.shared_keys(1), self.token()

        def run(operation):
            reply = self.call('PutItem', TableName=TABLE, Item=wire_item(self.item(key, token)), ReturnValues='ALL_OLD')
            operation.puts[0][2] = old_token(reply.get('Attributes'))
        self.do(run, 'PutItem', [[key_text(key), token, None]])

    def update(self):
        (key,), token = self.shared_keys(1), self.token()

        def run(operation):
            reply = self.call('UpdateItem', **self.update_of(key, token), ReturnValues='ALL_OLD')
            operation.puts[0][2] = old_token(reply.get('Attributes'))
        self.do(run, 'UpdateItem', [[key_text(key), token, None]])

    def delete(self):
        (key,) = self.shared_keys(1)

        def run(operation):
            reply = self.call('DeleteItem', TableName=TABLE, Key=self.key(key), ReturnValues='ALL_OLD')
            operation.deletes = [[key_text(key), old_token(reply['Attributes'])]] if reply.get('Attributes') else []
        self.do(run, 'DeleteItem', deletes=[[key_text(key), None]])

    def create(self):
        (key,), token = self.shared_keys(1), self.token()
        self.do(lambda operation: self.call('PutItem', TableName=TABLE, Item=wire_item(self.item(key, token)),
                                            ConditionExpression='attribute_not_exists(p)'),
                'PutItem, if there is none', [[key_text(key), token, '']])

    def compare(self):
        (key,), token = self.shared_keys(1), self.token()
        known = self.read(key)
        if known == '':
            return
        update = self.update_of(key, token)
        update['ExpressionAttributeValues'][':known'] = {'S': known}
        self.do(lambda operation: self.call('UpdateItem', **update, ConditionExpression='w = :known'),
                'UpdateItem, on a condition', [[key_text(key), token, known]])

    def own_put(self):
        key, known = self.own_key()
        token = self.token()
        self.do(lambda operation: self.call('PutItem', TableName=TABLE, Item=wire_item(self.item(key, token))),
                'PutItem', [[key_text(key), token, known]])

    def batch(self):
        base = self.token()
        puts = [(key, '%s.%d' % (base, i)) for i, key in enumerate(self.shared_keys(self.random.randint(1, 8)))]
        doomed, known = self.own_key(True)
        requests = [{'PutRequest': {'Item': wire_item(self.item(key, token))}} for key, token in puts]
        if known:
            requests.append({'DeleteRequest': {'Key': self.key(doomed)}})
        self.random.shuffle(requests)

        def run(operation):
            reply = self.call('BatchWriteItem', RequestItems={TABLE: requests})
            for left in reply.get('UnprocessedItems', {}).get(TABLE, []):
                if 'PutRequest' in left:
                    token = left['PutRequest']['Item']['w']['S']
                    operation.puts = [put for put in operation.puts if put[1] != token]
                    operation.nevers.append(token)
                else:
                    operation.deletes = []
        self.do(run, 'BatchWriteItem', [[key_text(key), token, None] for key, token in puts],
                [[key_text(doomed), known]] if known else [], atomic=False)

    def expiring(self):
        items = self.expiring_items(self.random.randint(5, 20))
        self.do(lambda operation: self.call('BatchWriteItem', RequestItems={TABLE: [{'PutRequest': {'Item': wire_item(item)}} for _, item in items]}),
                'BatchWriteItem', [[key_text(key), item['w'], ''] for key, item in items], atomic=False)

    def transact(self):
        base = self.token()
        actions, puts, deletes = [], [], []
        for i, key in enumerate(self.shared_keys(self.random.randint(2, 5))):
            token = '%s.%d' % (base, i)
            if self.random.random() < 0.5:
                actions.append({'Put': {'TableName': TABLE, 'Item': wire_item(self.item(key, token))}})
            else:
                actions.append({'Update': self.update_of(key, token)})
            puts.append([key_text(key), token, None])
        doomed, known = self.own_key(True)
        if known:
            actions.append({'Delete': {'TableName': TABLE, 'Key': self.key(doomed), 'ConditionExpression': 'w = :known',
                                       'ExpressionAttributeValues': {':known': {'S': known}}}})
            deletes.append([key_text(doomed), known])
        if self.random.random() < 0.3:
            actions.append({'ConditionCheck': {'TableName': TABLE, 'Key': self.key(('nobody', 0)),
                                               'ConditionExpression': 'attribute_%sexists(p)' % self.random.choice(['', 'not_', 'not_', 'not_'])}})
        self.random.shuffle(actions)
        again = {'ClientRequestToken': base} if self.random.random() < 0.5 else {}

        def run(operation):
            while True:
                try:
                    return self.call('TransactWriteItems', TransactItems=actions, **again)
                except (Lost, NotConnected) as error:
                    # with a token it may be sent until it is answered
                    if not again or time.monotonic() > self.deadline + 30:
                        raise Lost() from error
                    time.sleep(0.2)
                except Refused as error:
                    if again and error.name == 'TransactionInProgressException' and time.monotonic() < self.deadline + 30:
                        time.sleep(0.2)
                        continue
                    raise
        self.do(run, 'TransactWriteItems', puts, deletes)

    def statement(self, key, token):
        """(statement with its parameters, the put it is)"""
        if self.random.random() < 0.3:
            return {'Statement': "INSERT INTO \"Soak\" VALUE {'p': ?, 'r': ?, 'w': ?, 'n': ?, 'g': ?}",
                    'Parameters': [wire(v) for v in (key[0], key[1], token, self.random.randrange(1000), 'g1')]}
        return {'Statement': 'UPDATE "Soak" SET w = ? SET n = n + 1 SET f = ? WHERE p = ? AND r = ?',
                'Parameters': [wire(v) for v in (token, 'q' * self.random.randrange(100), key[0], key[1])]}

    def partiql(self):
        (key,), token = self.shared_keys(1), self.token()
        if self.random.random() < 0.3:
            def run_delete(operation):
                reply = self.call('ExecuteStatement', Statement='DELETE FROM "Soak" WHERE p = ? AND r = ? RETURNING ALL OLD *',
                                  Parameters=[wire(key[0]), wire(key[1])])
                operation.deletes = [[key_text(key), old_token(item)] for item in reply['Items']]
            self.do(run_delete, 'ExecuteStatement', deletes=[[key_text(key), None]])
            return
        statement = self.statement(key, token)
        self.do(lambda operation: self.call('ExecuteStatement', **statement), 'ExecuteStatement',
                [[key_text(key), token, '' if statement['Statement'].startswith('INSERT') else None]])

    def partiql_batch(self):
        base = self.token()
        puts = [(key, '%s.%d' % (base, i)) for i, key in enumerate(self.shared_keys(self.random.randint(1, 6)))]

        def run(operation):
            reply = self.call('BatchExecuteStatement', Statements=[self.statement(key, token) for key, token in puts])
            for put, response in zip(list(operation.puts), reply['Responses']):
                if 'Error' in response:
                    self.check_refusal(Refused(response['Error']['Code'], response['Error'].get('Message')))
                    operation.puts.remove(put)
                    operation.nevers.append(put[1])
        self.do(run, 'BatchExecuteStatement', [[key_text(key), token, None] for key, token in puts], atomic=False)

    def partiql_transaction(self):
        base = self.token()
        puts = [(key, '%s.%d' % (base, i)) for i, key in enumerate(self.shared_keys(self.random.randint(2, 4)))]
        self.do(lambda operation: self.call('ExecuteTransaction', TransactStatements=[self.statement(key, token) for key, token in puts]),
                'ExecuteTransaction', [[key_text(key), token, None] for key, token in puts])

    def unchanged(self):
        """No record comes of it."""
        key, known = self.own_key(True)
        if known:
            self.do(lambda operation: self.call('UpdateItem', TableName=TABLE, Key=self.key(key), UpdateExpression='SET w = :w',
                                                ExpressionAttributeValues={':w': {'S': known}}), 'UpdateItem without a change')
