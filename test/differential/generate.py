"""Generates requests: valid ones, slightly wrong ones and very wrong ones, the same for the same seed."""
import base64
import json

from generate_more import CHANGED, MoreRequests

ENUMS = {
    'ReturnValues': ['NONE', 'ALL_OLD', 'UPDATED_OLD', 'ALL_NEW', 'UPDATED_NEW'],
    'ReturnConsumedCapacity': ['NONE', 'TOTAL', 'INDEXES'],
    'ReturnValuesOnConditionCheckFailure': ['NONE', 'ALL_OLD'],
    'Select': ['ALL_ATTRIBUTES', 'ALL_PROJECTED_ATTRIBUTES', 'SPECIFIC_ATTRIBUTES', 'COUNT'],
    'ConditionalOperator': ['AND', 'OR'],
    'ReturnItemCollectionMetrics': ['NONE', 'SIZE'],
}
COMPARISONS = ['EQ', 'NE', 'LE', 'LT', 'GE', 'GT', 'NOT_NULL', 'NULL', 'CONTAINS', 'NOT_CONTAINS', 'BEGINS_WITH', 'IN', 'BETWEEN']
INDEXABLE = ['EQ', 'LE', 'LT', 'GE', 'GT', 'BEGINS_WITH', 'BETWEEN']
WORDS = ['a', 'b', 'ab', 'abc', 'b c', 'x' * 20, 'é', '日本', '\U0001f600', 'A', '0', '-', '~']
NUMBERS = ['+5', '.5', '5.', '1E+2', '0e125', '-0.0', '000', '0', '1', '-1', '2', '3', '10', '1.5', '-2.25', '1e3', '1E-5', '0.0', '-0', '100', '007', '1.10', '99999999999999999999999999999999999999',
           '1e125', '9.9e-130', '123456789012345678901234567890.12345678']
BAD_NUMBERS = ['', 'abc', '1e126', '1e-131', '1' * 39, '1.' + '1' * 38, '--1', '1..2', '0x1', 'NaN', 'Infinity', '1e', '1 ', ' 1', '+', '.', '1e+', 'e5', '1,5', '1_0', '٣', '1e9999999999', '-', '0e126', '0e-131', '1e2147483647', '1e9223372036854775808']
ATTRIBUTES = ['v', 'w', 'm', 'l', 'n', 's', 'x', 'note', 'Name1', 'g', 'r']
RESERVED = ['name', 'status', 'size', 'date', 'Data']


def number_key(attribute):
    return {'AttributeName': attribute, 'AttributeType': 'N'}


def table(name, keys, global_indexes=(), local_indexes=()):
    """keys and each index: [(attribute, type), ...]; an index as (name, keys, projection)."""
    types = dict(keys)
    for _, index_keys, _ in [*global_indexes, *local_indexes]:
        types.update(index_keys)

    def schema(parts):
        return [{'AttributeName': part, 'KeyType': kind} for (part, _), kind in zip(parts, ('HASH', 'RANGE'))]

    def projection(value):
        return {'ProjectionType': 'INCLUDE', 'NonKeyAttributes': value} if isinstance(value, list) else {'ProjectionType': value}

    throughput = {'ReadCapacityUnits': 5, 'WriteCapacityUnits': 5}
    body = {'TableName': name, 'KeySchema': schema(keys), 'ProvisionedThroughput': throughput,
            'AttributeDefinitions': [{'AttributeName': part, 'AttributeType': kind} for part, kind in types.items()]}
    if global_indexes:
        body['GlobalSecondaryIndexes'] = [{'IndexName': index, 'KeySchema': schema(parts), 'Projection': projection(what),
                                           'ProvisionedThroughput': throughput} for index, parts, what in global_indexes]
    if local_indexes:
        body['LocalSecondaryIndexes'] = [{'IndexName': index, 'KeySchema': schema(parts), 'Projection': projection(what)}
                                         for index, parts, what in local_indexes]
    return body


class Table:
    def __init__(self, body):
        self.body = body
        self.name = body['TableName']
        self.types = {one['AttributeName']: one['AttributeType'] for one in body['AttributeDefinitions']}
        self.keys = [part['AttributeName'] for part in body['KeySchema']]
        self.indexes = {index['IndexName']: [part['AttributeName'] for part in index['KeySchema']]
                        for index in body.get('GlobalSecondaryIndexes', []) + body.get('LocalSecondaryIndexes', [])}
        self.global_names = {index['IndexName'] for index in body.get('GlobalSecondaryIndexes', [])}


# changed by UpdateTable; no items go there
CHANGING = table(CHANGED, [('p', 'S')])
TABLES = [Table(body) for body in (
    table('diff.Hash', [('p', 'S')]),
    table('diff.Number', [('p', 'N'), ('c', 'N')]),
    table('diff.Binary', [('p', 'B'), ('c', 'B')]),
    table('diff.Pair', [('p', 'S'), ('c', 'N')],
          [('ByG', [('g', 'S'), ('r', 'N')], 'ALL'), ('ByGKeys', [('g', 'S')], 'KEYS_ONLY'), ('ByRSome', [('r', 'N'), ('c', 'N')], ['v', 'w'])],
          [('LocalX', [('p', 'S'), ('x', 'S')], 'KEYS_ONLY'), ('LocalR', [('p', 'S'), ('r', 'N')], 'ALL')]),
)]


class Generator(MoreRequests):
    def __init__(self, random):
        self.random = random
        self.names = {}
        self.values = {}
        self.following = []

    def tables(self):
        return TABLES

    def chance(self, probability):
        return self.random.random() < probability

    def pick(self, values):
        return self.random.choice(values)

    # ---- values

    def key_value(self, kind):
        if kind == 'S':
            return {'S': self.pick(['a', 'b', 'c', 'ab', 'é', 'k1', 'k2'])}
        if kind == 'N':
            return {'N': self.pick(['0', '1', '2', '3', '-1', '1.5', '10', '100'])}
        return {'B': base64.b64encode(self.pick([b'a', b'b', b'ab', b'\xff', b'\x00\x01'])).decode()}

    def wrong_value(self):
        return self.pick([{}, {'S': 1}, {'N': 1}, {'X': 'a'}, {'S': 'a', 'N': '1'}, {'N': self.pick(BAD_NUMBERS)}, {'B': 'not base64!'}, {'SS': []},
                          {'SS': ['a', 'a']}, {'NS': ['1', '1.0']}, {'NS': ['a']}, {'NULL': False}, {'BOOL': 'true'}, {'L': {}}, {'M': []},
                          {'BS': ['YQ==', 'YQ==']}, {'NS': []}, {'BS': []}, 'a', 1, [], None, {'S': None}])

    def value(self, depth=0):
        if self.chance(0.01):
            return self.wrong_value()
        kind = self.pick(['S', 'S', 'S', 'N', 'N', 'N', 'B', 'BOOL', 'NULL', 'SS', 'NS', 'BS', 'L', 'M'])
        if kind == 'S':
            return {'S': self.pick(WORDS + [''])}
        if kind == 'N':
            return {'N': self.pick(NUMBERS)}
        if kind == 'B':
            return {'B': base64.b64encode(self.pick([b'', b'a', b'ab', b'\xff\x00'])).decode()}
        if kind == 'BOOL':
            return {'BOOL': self.chance(0.5)}
        if kind == 'NULL':
            return {'NULL': True}
        if kind in ('SS', 'NS', 'BS'):
            pool = {'SS': WORDS, 'NS': ['0', '1', '2', '-1', '1.5', '10'], 'BS': ['YQ==', 'Yg==', '/w==']}[kind]
            return {kind: self.random.sample(pool, self.random.randint(1, 3))}
        if depth > 3:
            return {'S': 'deep'}
        if kind == 'L':
            return {'L': [self.value(depth + 1) for _ in range(self.random.randint(0, 3))]}
        return {'M': {self.pick(ATTRIBUTES): self.value(depth + 1) for _ in range(self.random.randint(0, 3))}}

    def key(self, table):
        key = {part: self.key_value(table.types[part]) for part in table.keys}
        if self.chance(0.03):
            change = self.random.randint(0, 4)
            part = self.pick(table.keys)
            if change == 0:
                del key[part]
            elif change == 1:
                key[part] = self.value()
            elif change == 2:
                key['extra'] = self.value()
            elif change == 3:
                key[part] = self.pick([{'S': ''}, {'B': ''}, {'S': 'k' * 2049}])
            else:
                key = {}
        return key

    def item(self, table):
        item = self.key(table)
        for _ in range(self.random.randint(0, 5)):
            name = self.pick(ATTRIBUTES)
            item[name] = self.key_value(table.types[name]) if name in table.types and self.chance(0.9) else self.value()
        return item

    # ---- expressions

    def name(self, attribute):
        """An attribute as an expression writes it."""
        if attribute in RESERVED or self.chance(0.2):
            short = '#' + self.pick(['n1', 'n2', 'n3', 'n4'])
            if short in self.names and self.names[short] != attribute:
                short = '#q%d' % len(self.names)
            if not self.chance(0.01):
                self.names[short] = attribute
            return short
        return attribute

    def path(self, attributes=None):
        if self.chance(0.01):
            return self.pick(RESERVED + ['a..b', 'a[', 'a[x]', '1a', 'a[-1]', ':v', '#undefined'])
        path = self.name(self.pick(attributes or ATTRIBUTES))
        while self.chance(0.2):
            path += self.pick(['[0]', '[1]', '[2]', '.' + self.name(self.pick(ATTRIBUTES))])
        return path

    def operand_value(self, value=None):
        short = ':v%d' % len(self.values)
        if self.values and self.chance(0.05):
            return self.pick(list(self.values))
        if not self.chance(0.01):
            self.values[short] = value or self.value()
        return short

    def operand(self, attributes=None):
        choice = self.random.random()
        if choice < 0.5:
            return self.path(attributes)
        if choice < 0.93:
            return self.operand_value()
        return 'size(%s)' % self.path(attributes)

    def condition(self, attributes=None, depth=0):
        choice = self.random.random()
        if depth < 3 and choice < 0.15:
            return '%s AND %s' % (self.condition(attributes, depth + 1), self.condition(attributes, depth + 1))
        if depth < 3 and choice < 0.25:
            return '%s OR %s' % (self.condition(attributes, depth + 1), self.condition(attributes, depth + 1))
        if depth < 3 and choice < 0.3:
            return 'NOT %s' % self.condition(attributes, depth + 1)
        if depth < 3 and choice < 0.35:
            return '(%s)' % self.condition(attributes, depth + 1)
        if choice < 0.6:
            return '%s %s %s' % (self.path(attributes), self.pick(['=', '<>', '<', '<=', '>', '>=']), self.operand(attributes))
        if choice < 0.66:
            return '%s BETWEEN %s AND %s' % (self.path(attributes), self.operand(attributes), self.operand(attributes))
        if choice < 0.72:
            return '%s IN (%s)' % (self.path(attributes), ', '.join(self.operand_value() for _ in range(self.random.randint(1, 3))))
        if choice < 0.84:
            return '%s(%s)' % (self.pick(['attribute_exists', 'attribute_not_exists']), self.path(attributes))
        if choice < 0.88:
            kind = {'S': self.pick(['S', 'N', 'B', 'BOOL', 'NULL', 'SS', 'NS', 'BS', 'L', 'M', 'M', 'X'])}
            return 'attribute_type(%s, %s)' % (self.path(attributes), self.operand_value(kind))
        function = self.pick(['begins_with', 'contains', 'contains'])
        return '%s(%s, %s)' % (function, self.path(attributes), self.operand(attributes))

    def update(self, table):
        attributes = [name for name in ATTRIBUTES if name not in table.keys] * 8 + table.keys[:1]
        clauses = []
        for section in self.random.sample(['SET', 'REMOVE', 'ADD', 'DELETE'], self.random.choice([1, 1, 1, 2, 3])):
            actions = []
            for _ in range(self.random.choice([1, 1, 2])):
                path = self.path(attributes)
                if section == 'SET':
                    actions.append('%s = %s' % (path, self.set_value()))
                elif section == 'REMOVE':
                    actions.append(path)
                elif section == 'ADD':
                    kind = self.pick([{'N': self.pick(NUMBERS)}, {'SS': ['a', 'b']}, {'NS': ['1']}, {'BS': ['YQ==']}, None])
                    actions.append('%s %s' % (path, self.operand_value(kind)))
                else:
                    actions.append('%s %s' % (path, self.operand_value(self.pick([{'SS': ['a']}, {'NS': ['1', '2']}, {'BS': ['YQ==']}, None]))))
            clauses.append(section + ' ' + ', '.join(actions))
        return ' '.join(clauses)

    def set_value(self):
        choice = self.random.random()
        if choice < 0.5:
            return self.operand_value()
        if choice < 0.6:
            return self.path()
        if choice < 0.75:
            return '%s %s %s' % (self.path(), self.pick('+-'), self.operand_value({'N': self.pick(NUMBERS)}))
        if choice < 0.87:
            return 'if_not_exists(%s, %s)' % (self.path(), self.operand_value())
        return 'list_append(%s, %s)' % (self.path(), self.operand_value({'L': [self.value()]}))

    def projection(self):
        return ', '.join(self.path(ATTRIBUTES + ['p', 'c']) for _ in range(self.random.randint(1, 3)))

    def key_condition(self, table, keys):
        parts = ['%s = %s' % (self.name(keys[0]), self.operand_value(self.key_value(table.types[keys[0]])))]
        if len(keys) > 1 and self.chance(0.6):
            kind = table.types[keys[1]]
            name = self.name(keys[1])
            choice = self.random.random()
            if choice < 0.6:
                parts.append('%s %s %s' % (name, self.pick(['=', '<', '<=', '>', '>=']), self.operand_value(self.key_value(kind))))
            elif choice < 0.8 or kind == 'N':
                parts.append('%s BETWEEN %s AND %s' % (name, self.operand_value(self.key_value(kind)), self.operand_value(self.key_value(kind))))
            else:
                parts.append('begins_with(%s, %s)' % (name, self.operand_value(self.key_value(kind))))
        if self.chance(0.02):
            parts.append(self.condition(depth=2))
        if self.chance(0.1):
            parts.reverse()
        return ' AND '.join(parts)

    def damaged(self, text):
        """A small accident to an expression."""
        if not self.chance(0.03):
            return text
        at = self.random.randint(0, len(text))
        return self.pick([text[:at], text[:at] + self.pick(['(', ')', '!', ',', ' ', '=', '#', ':', '"', '.', ' AND ', ' x ', '\\', '\t', '[']) + text[at:],
                          text[:at] + text[at + 1:], '', text + ' ' + text, text.upper(), text.replace(' ', '  ')])

    def finish(self, body):
        if self.names or self.chance(0.004):
            body['ExpressionAttributeNames'] = self.names
        if self.values or self.chance(0.004):
            body['ExpressionAttributeValues'] = self.values
        if self.chance(0.01):
            body.setdefault('ExpressionAttributeValues', {})[':unused'] = {'S': 'x'}
        if self.chance(0.01):
            body.setdefault('ExpressionAttributeNames', {})[self.pick(['#unused', 'x', '#'])] = self.pick(['x', ''])
        return body

    # ---- legacy parameters

    def legacy_condition(self, comparisons=COMPARISONS, kind=None):
        comparison = self.pick(comparisons)
        count = {'NOT_NULL': 0, 'NULL': 0, 'BETWEEN': 2, 'IN': self.random.randint(1, 3)}.get(comparison, 1)
        if self.chance(0.05):
            count += 1
        values = [self.key_value(kind) if kind else self.value() for _ in range(count)]
        condition = {'ComparisonOperator': comparison}
        if values or self.chance(0.1):
            condition['AttributeValueList'] = values
        return condition

    def legacy_conditions(self):
        return {self.pick(ATTRIBUTES): self.legacy_condition() for _ in range(self.random.randint(1, 2))}

    def expected(self):
        def one():
            choice = self.random.random()
            if choice < 0.3:
                return {'Exists': False}
            if choice < 0.6:
                return {'Value': self.value()}
            if choice < 0.7:
                return {'Exists': self.chance(0.5), 'Value': self.value()}
            return self.legacy_condition()
        return {self.pick(ATTRIBUTES): one() for _ in range(self.random.randint(1, 2))}

    # ---- requests

    def options(self, body, *names):
        for name in names:
            if self.chance(0.15):
                body[name] = self.pick(ENUMS[name])

    def conditional(self, body):
        choice = self.random.random()
        if choice < 0.35:
            body['ConditionExpression'] = self.damaged(self.condition(ATTRIBUTES + ['p']))
        elif choice < 0.45:
            body['Expected'] = self.expected()
            if self.chance(0.2):
                self.options(body, 'ConditionalOperator')

    def put_item(self, table):
        body = {'TableName': table.name, 'Item': self.item(table)}
        self.conditional(body)
        self.options(body, 'ReturnValues', 'ReturnConsumedCapacity', 'ReturnValuesOnConditionCheckFailure', 'ReturnItemCollectionMetrics')
        if body.get('ReturnValues') not in (None, 'NONE', 'ALL_OLD') and self.chance(0.8):
            body['ReturnValues'] = 'ALL_OLD'
        return self.finish(body)

    def get_item(self, table):
        body = {'TableName': table.name, 'Key': self.key(table)}
        if self.chance(0.3):
            body['ProjectionExpression'] = self.damaged(self.projection())
        elif self.chance(0.1):
            body['AttributesToGet'] = [self.pick(ATTRIBUTES) for _ in range(self.random.randint(1, 3))]
        if self.chance(0.3):
            body['ConsistentRead'] = self.chance(0.5)
        self.options(body, 'ReturnConsumedCapacity')
        return self.finish(body)

    def update_item(self, table):
        body = {'TableName': table.name, 'Key': self.key(table)}
        if self.chance(0.8):
            body['UpdateExpression'] = self.damaged(self.update(table))
        elif self.chance(0.7):
            body['AttributeUpdates'] = {}
            for _ in range(self.random.randint(1, 3)):
                change = {'Action': self.pick(['PUT', 'ADD', 'DELETE'])}
                if self.chance(0.8):
                    change['Value'] = self.value()
                if self.chance(0.1):
                    del change['Action']
                body['AttributeUpdates'][self.pick(ATTRIBUTES)] = change
        self.conditional(body)
        self.options(body, 'ReturnValues', 'ReturnConsumedCapacity', 'ReturnValuesOnConditionCheckFailure', 'ReturnItemCollectionMetrics')
        return self.finish(body)

    def delete_item(self, table):
        body = {'TableName': table.name, 'Key': self.key(table)}
        self.conditional(body)
        self.options(body, 'ReturnConsumedCapacity', 'ReturnValuesOnConditionCheckFailure', 'ReturnItemCollectionMetrics')
        if self.chance(0.3):
            body['ReturnValues'] = self.pick(['NONE', 'ALL_OLD', 'ALL_OLD', 'ALL_NEW'])
        return self.finish(body)

    def read_options(self, body, filter_name):
        choice = self.random.random()
        if choice < 0.3:
            body['FilterExpression'] = self.damaged(self.condition())
        elif choice < 0.4:
            body[filter_name] = self.legacy_conditions()
            if self.chance(0.2):
                self.options(body, 'ConditionalOperator')
        if self.chance(0.2):
            body['ProjectionExpression'] = self.damaged(self.projection())
        elif self.chance(0.05):
            body['AttributesToGet'] = [self.pick(ATTRIBUTES) for _ in range(self.random.randint(1, 2))]
        self.options(body, 'Select', 'ReturnConsumedCapacity')
        if self.chance(0.15):
            body['ConsistentRead'] = self.chance(0.5)
        if self.chance(0.2):
            body['Limit'] = self.pick([1, 2, 3, 10, 10, 1000, 0, -1])

    def index(self, table, body):
        keys = table.keys
        if table.indexes and self.chance(0.5):
            body['IndexName'] = self.pick(list(table.indexes))
            keys = table.indexes[body['IndexName']]
        elif self.chance(0.01):
            body['IndexName'] = self.pick(['None', 'x'])
        return keys

    def query(self, table):
        body = {'TableName': table.name}
        keys = self.index(table, body)
        if self.chance(0.85):
            body['KeyConditionExpression'] = self.damaged(self.key_condition(table, keys))
        elif self.chance(0.9):
            body['KeyConditions'] = {keys[0]: self.legacy_condition(['EQ'] * 9 + ['LT'], table.types[keys[0]])}
            if len(keys) > 1 and self.chance(0.5):
                body['KeyConditions'][keys[1]] = self.legacy_condition(INDEXABLE, table.types[keys[1]])
        if self.chance(0.2):
            body['ScanIndexForward'] = self.chance(0.3)
        self.read_options(body, 'QueryFilter')
        if self.chance(0.1):
            body['ExclusiveStartKey'] = {part: self.key_value(table.types[part]) for part in dict.fromkeys([*keys, *table.keys])}
            if self.chance(0.2):
                body['ExclusiveStartKey'] = self.key(table)
        return self.finish(body)

    def scan(self, table):
        body = {'TableName': table.name}
        keys = self.index(table, body)
        self.read_options(body, 'ScanFilter')
        if self.chance(0.05):
            body['Segment'] = self.pick([0, 0, 1, 2, -1])
        if self.chance(0.05) or 'Segment' in body and self.chance(0.9):
            body['TotalSegments'] = self.pick([1, 2, 3, 4, 0, 1000001])
        if self.chance(0.02):
            body['ExclusiveStartKey'] = {part: self.key_value(table.types[part]) for part in dict.fromkeys([*keys, *table.keys])}
            if self.chance(0.5):
                body['ExclusiveStartKey'] = self.key(table)
        return self.finish(body)

    def batch_get_item(self, _):
        body = {'RequestItems': {}}
        for table in self.random.sample(TABLES, self.random.choice([1, 1, 2])):
            share = {'Keys': [self.key(table) for _ in range(self.random.choice([0, 1, 1, 2, 3, 4]) or self.pick([0, 1, 101]))]}
            if self.chance(0.2):
                self.names, self.values = {}, {}
                share['ProjectionExpression'] = self.damaged(self.projection())
                if self.names:
                    share['ExpressionAttributeNames'] = self.names
            elif self.chance(0.1):
                share['AttributesToGet'] = [self.pick(ATTRIBUTES) for _ in range(self.random.randint(1, 2))]
            if self.chance(0.2):
                share['ConsistentRead'] = self.chance(0.5)
            body['RequestItems'][table.name] = share
        self.options(body, 'ReturnConsumedCapacity')
        return body

    def batch_write_item(self, _):
        body = {'RequestItems': {}}
        for table in self.random.sample(TABLES, self.random.choice([1, 1, 2])):
            requests = []
            for _ in range(self.random.choice([0, 1, 1, 2, 3, 4]) or self.pick([0, 1, 26])):
                if self.chance(0.6):
                    requests.append({'PutRequest': {'Item': self.item(table)}})
                else:
                    requests.append({'DeleteRequest': {'Key': self.key(table)}})
                if self.chance(0.01):
                    requests[-1] = self.pick([{}, {'PutRequest': {'Item': {}}, 'DeleteRequest': {'Key': {}}}])
            body['RequestItems'][table.name] = requests
        self.options(body, 'ReturnConsumedCapacity')
        return body

    def create_table(self, _):
        kinds = [('a', 'S'), ('b', 'N'), ('c', 'B'), ('d', 'S')]

        def some_keys():
            return self.random.sample(kinds, self.random.randint(1, 2))
        global_indexes = [('Gsi%d' % number, some_keys(), self.pick(['ALL', 'KEYS_ONLY', ['v'], ['v', 'w']])) for number in range(self.pick([0, 0, 1, 2]))]
        keys = some_keys()
        local_indexes = [('Lsi%d' % number, [keys[0], self.pick(kinds)], self.pick(['ALL', 'KEYS_ONLY', ['v']])) for number in range(self.pick([0, 0, 0, 1]))]
        body = table('diff.New', keys, global_indexes, local_indexes)
        if self.chance(0.3):
            body['BillingMode'] = 'PAY_PER_REQUEST'
            if self.chance(0.8):
                del body['ProvisionedThroughput']
                for index in body.get('GlobalSecondaryIndexes', []):
                    del index['ProvisionedThroughput']
        if self.chance(0.3):
            self.spoil(body)
        return body

    def spoil(self, body):
        """A wrong table definition."""
        choice = self.random.randint(0, 10)
        schema = body['KeySchema']
        if choice == 0:
            body['AttributeDefinitions'].append({'AttributeName': 'unused', 'AttributeType': 'S'})
        elif choice == 1:
            body['AttributeDefinitions'].pop()
        elif choice == 2:
            schema.reverse()
        elif choice == 3:
            schema.append(dict(schema[0], KeyType='RANGE'))
        elif choice == 4:
            body['TableName'] = self.pick(['x', 'bad name', 'n' * 256, ''])
        elif choice == 5:
            body.pop(self.pick(['ProvisionedThroughput', 'KeySchema', 'AttributeDefinitions', 'TableName']), None)
        elif choice == 6:
            body['AttributeDefinitions'].append(dict(body['AttributeDefinitions'][0]))
        elif choice == 7:
            body['GlobalSecondaryIndexes'] = []
        elif choice == 8:
            body['LocalSecondaryIndexes'] = []
        elif choice == 9:
            body['AttributeDefinitions'][0]['AttributeType'] = 'X'
        else:
            for index in body.get('GlobalSecondaryIndexes', []) + body.get('LocalSecondaryIndexes', []):
                index['Projection'] = self.pick([{}, {'ProjectionType': 'ALL', 'NonKeyAttributes': ['v']}, {'ProjectionType': 'INCLUDE'},
                                                 {'ProjectionType': 'INCLUDE', 'NonKeyAttributes': []}, {'ProjectionType': 'X'}])

    def describe_table(self, table):
        return {'TableName': self.pick([table.name, table.name, 'diff.None', 'diff.New', 'x'])}

    def delete_table(self, _):
        return {'TableName': 'diff.New'}

    def list_tables(self, _):
        body = {}
        if self.chance(0.4):
            body['Limit'] = self.pick([1, 2, 100, 0, 101])
        if self.chance(0.4):
            body['ExclusiveStartTableName'] = self.pick(['diff.Hash', 'diff', 'x', 'zzz'])
        return body

    def follow(self, operation, body, last_key):
        """Called with the key at which a page ended: another request may go on from there."""
        if self.chance(0.5) and len(self.following) < 4:
            self.following.append((operation, json.dumps({**body, 'ExclusiveStartKey': last_key}, ensure_ascii=False)))

    OPERATIONS = [('PutItem', 'put_item', 20), ('UpdateItem', 'update_item', 20), ('GetItem', 'get_item', 10), ('DeleteItem', 'delete_item', 6),
                  ('Query', 'query', 16), ('Scan', 'scan', 8), ('BatchGetItem', 'batch_get_item', 4), ('BatchWriteItem', 'batch_write_item', 5),
                  ('CreateTable', 'create_table', 2), ('DeleteTable', 'delete_table', 1), ('DescribeTable', 'describe_table', 1), ('ListTables', 'list_tables', 1),
                  *MoreRequests.MORE_OPERATIONS]

    def request(self):
        """The next (operation, body)."""
        if self.following:
            return self.following.pop()
        self.names, self.values = {}, {}
        operation, method, _ = self.random.choices(self.OPERATIONS, [weight for _, _, weight in self.OPERATIONS])[0]
        table = self.pick(TABLES)
        body = getattr(self, method)(table)
        if 'TableName' in body and self.chance(0.005):
            body['TableName'] = self.pick(['diff.None', 'x', '', 'a b', 'n' * 256])
        if body and self.chance(0.03):
            body = self.mangled(body)
        text = json.dumps(body, ensure_ascii=self.chance(0.5))
        if self.chance(0.003):
            text = self.unreadable(text)
        return operation, text
