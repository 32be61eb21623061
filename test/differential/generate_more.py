"""Requests beyond single items: transactions, PartiQL, changes of tables, tags, and damage to any request."""
import copy
import json

# run.py puts each endpoint's own ARN of the table there
ARN = '@arn:%s@'
CHANGED = 'diff.Change'


def nodes(value, path=()):
    """Every place in a JSON value, as (container, key)."""
    if isinstance(value, dict):
        items = list(value.items())
    elif isinstance(value, list):
        items = list(enumerate(value))
    else:
        return
    for key, inner in items:
        yield value, key
        yield from nodes(inner, (*path, key))


class MoreRequests:
    # ---- transactions

    def write_action(self, table):
        self.names, self.values = {}, {}
        kind = self.pick(['Put', 'Put', 'Update', 'Update', 'Delete', 'ConditionCheck'])
        body = {'TableName': table.name}
        if kind == 'Put':
            body['Item'] = self.item(table)
        else:
            body['Key'] = self.key(table)
        if kind == 'Update' and self.chance(0.97):
            body['UpdateExpression'] = self.damaged(self.update(table))
        if kind == 'ConditionCheck' and self.chance(0.97) or self.chance(0.25):
            body['ConditionExpression'] = self.damaged(self.condition())
            self.options(body, 'ReturnValuesOnConditionCheckFailure')
        return {kind: self.finish(body)}

    def transact_write_items(self, _):
        tables = self.tables()
        actions = [self.write_action(self.pick(tables)) for _ in range(self.random.choice([1, 1, 2, 2, 3, 4]))]
        choice = self.random.random()
        if choice < 0.02:
            actions = []
        elif choice < 0.04:
            actions.append(copy.deepcopy(actions[0]))
        elif choice < 0.05:
            actions[0].update(self.write_action(tables[0]))
        elif choice < 0.06:
            actions[0] = {}
        elif choice < 0.065:
            actions = [{'Delete': {'TableName': 'diff.Hash', 'Key': {'p': {'S': 'many%d' % number}}}} for number in range(101)]
        body = {'TransactItems': actions}
        if self.chance(0.1):
            body['ClientRequestToken'] = self.pick(['', 'x' * 37, 'token-%d' % self.random.randint(0, 10 ** 9)])
        self.options(body, 'ReturnConsumedCapacity', 'ReturnItemCollectionMetrics')
        return body

    def transact_get_items(self, _):
        gets = []
        for _ in range(self.random.choice([1, 1, 2, 3, 4])):
            table = self.pick(self.tables())
            self.names, self.values = {}, {}
            body = {'TableName': table.name, 'Key': self.key(table)}
            if self.chance(0.3):
                body['ProjectionExpression'] = self.damaged(self.projection())
            if self.names or self.chance(0.01):
                body['ExpressionAttributeNames'] = self.names
            gets.append({'Get': body})
        choice = self.random.random()
        if choice < 0.02:
            gets = []
        elif choice < 0.05:
            gets.append(copy.deepcopy(gets[0]))
        elif choice < 0.06:
            gets[0] = {}
        body = {'TransactItems': gets}
        self.options(body, 'ReturnConsumedCapacity')
        return body

    # ---- PartiQL

    def literal(self, value, parameters):
        """A value in a statement, or a ? and the value among the parameters."""
        kind, content = next(iter(value.items()))
        if kind in ('B', 'BS') or self.chance(0.3):
            parameters.append(value)
            return '?'
        if kind == 'S':
            return "'%s'" % content.replace("'", "''")
        if kind == 'N':
            return content
        if kind == 'BOOL':
            return 'true' if content else 'false'
        if kind == 'NULL':
            return 'NULL'
        if kind in ('SS', 'NS'):
            return '<<%s>>' % ', '.join("'%s'" % one if kind == 'SS' else one for one in content)
        if kind == 'L':
            return '[%s]' % ', '.join(self.literal(one, parameters) for one in content)
        return '{%s}' % ', '.join("'%s': %s" % (name, self.literal(one, parameters)) for name, one in content.items())

    def simple_value(self):
        return self.pick([{'S': self.pick(['a', 'b', 'it']) }, {'N': self.pick(['1', '-2', '1.5', '10'])}, {'BOOL': True}, {'NULL': True}, {'SS': ['a', 'b']}, {'NS': ['1', '2']},
                          {'L': [{'S': 'a'}, {'N': '1'}]}, {'M': {'v': {'N': '1'}}}, {'B': 'YQ=='}])

    def where_key(self, table, parameters):
        return ' AND '.join('%s = %s' % (part, self.literal(self.key_value(table.types[part]), parameters)) for part in table.keys)

    def partiql_condition(self, parameters, depth=0):
        choice = self.random.random()
        name = self.pick(['v', 'w', 'm', 'n', 's', 'note', 'Name1', 'm.v', 'l[0]'])
        if depth < 2 and choice < 0.2:
            return '(%s %s %s)' % (self.partiql_condition(parameters, depth + 1), self.pick(['AND', 'OR']), self.partiql_condition(parameters, depth + 1))
        if choice < 0.5:
            return '%s %s %s' % (name, self.pick(['=', '<>', '<', '<=', '>', '>=']), self.literal(self.simple_value(), parameters))
        if choice < 0.6:
            return '%s BETWEEN %s AND %s' % (name, self.literal({'N': '1'}, parameters), self.literal({'N': '5'}, parameters))
        if choice < 0.7:
            return '%s IN [%s, %s]' % (name, self.literal(self.simple_value(), parameters), self.literal(self.simple_value(), parameters))
        if choice < 0.8:
            return '%s IS %sMISSING' % (name, self.pick(['', 'NOT ']))
        if choice < 0.9:
            return "begins_with(%s, %s)" % (name, self.literal({'S': 'a'}, parameters))
        return "contains(%s, %s)" % (name, self.literal({'S': 'a'}, parameters))

    def statement(self, table, reads=True, writes=True):
        """(statement, parameters)"""
        parameters = []
        kinds = (['select'] * 3 if reads else []) + (['insert', 'update', 'delete'] if writes else [])
        kind = self.pick(kinds)
        name = '"%s"' % table.name
        if kind == 'select':
            columns = self.pick(['*', '*', 'p', 'v, w', 'm.v', 'l[0]', 'p, c', 'note'])
            choice = self.random.random()
            if choice < 0.6:
                where = ' WHERE ' + self.where_key(table, parameters)
            elif choice < 0.8:
                where = ' WHERE %s = %s' % (table.keys[0], self.literal(self.key_value(table.types[table.keys[0]]), parameters))
            else:
                where = ''
            if where and self.chance(0.4):
                where += ' AND ' + self.partiql_condition(parameters)
            text = 'SELECT %s FROM %s%s' % (columns, name, where)
            if len(table.keys) > 1 and 0.6 <= choice < 0.8 and self.chance(0.3):
                text += ' ORDER BY %s%s' % (table.keys[1], self.pick(['', ' ASC', ' DESC']))
        elif kind == 'insert':
            item = {part: self.key_value(table.types[part]) for part in table.keys}
            for _ in range(self.random.randint(0, 2)):
                item[self.pick(['v', 'w', 'note', 'm'])] = self.simple_value()
            if self.chance(0.05):
                item.pop(self.pick(table.keys))
            text = 'INSERT INTO %s VALUE {%s}' % (name, ', '.join("'%s': %s" % (member, self.literal(value, parameters)) for member, value in item.items()))
        elif kind == 'update':
            changes = []
            for _ in range(self.random.choice([1, 1, 2])):
                choice = self.random.random()
                member = self.pick(['v', 'w', 'note', 'm.v', 'l[0]'])
                if choice < 0.6:
                    changes.append('SET %s = %s' % (member, self.literal(self.simple_value(), parameters)))
                elif choice < 0.7:
                    changes.append('SET n = n + %s' % self.literal({'N': '1'}, parameters))
                elif choice < 0.8:
                    changes.append('SET l = list_append(l, %s)' % self.literal({'L': [{'N': '1'}]}, parameters))
                elif choice < 0.9:
                    changes.append('SET s = set_add(s, %s)' % self.literal({'SS': ['a']}, parameters))
                else:
                    changes.append('REMOVE ' + member)
            text = 'UPDATE %s %s WHERE %s' % (name, ' '.join(changes), self.where_key(table, parameters))
            if self.chance(0.2):
                text += ' AND ' + self.partiql_condition(parameters)
            if self.chance(0.2):
                text += ' RETURNING %s %s *' % (self.pick(['ALL', 'MODIFIED']), self.pick(['OLD', 'NEW']))
        else:
            text = 'DELETE FROM %s WHERE %s' % (name, self.where_key(table, parameters))
            if self.chance(0.2):
                text += ' AND ' + self.partiql_condition(parameters)
            if self.chance(0.2):
                text += ' RETURNING ALL OLD *'
        if self.chance(0.03):
            at = self.random.randint(0, len(text))
            text = self.pick([text[:at], text[:at] + self.pick(['(', ')', '?', ',', "'", '"', '=', ' x ', ';', '%']) + text[at:], '', text + ' ' + text])
        if parameters and self.chance(0.02):
            parameters.pop()
        elif self.chance(0.01):
            parameters.append({'S': 'more'})
        return text, parameters

    def statement_member(self, table, **which):
        text, parameters = self.statement(table, **which)
        body = {'Statement': text}
        if parameters:
            body['Parameters'] = parameters
        return body

    def execute_statement(self, table):
        body = self.statement_member(table)
        self.options(body, 'ReturnConsumedCapacity', 'ReturnValuesOnConditionCheckFailure')
        if self.chance(0.1):
            body['ConsistentRead'] = self.chance(0.5)
        if self.chance(0.1):
            body['Limit'] = self.pick([1, 2, 10, 0])
        return body

    def batch_execute_statement(self, _):
        reads = self.chance(0.5)
        statements = []
        for _ in range(self.random.choice([1, 2, 2, 3])):
            mixed = self.chance(0.03)
            statements.append(self.statement_member(self.pick(self.tables()), reads=reads or mixed, writes=not reads or mixed))
        body = {'Statements': [] if self.chance(0.02) else statements}
        self.options(body, 'ReturnConsumedCapacity')
        return body

    def execute_transaction(self, _):
        reads = self.chance(0.4)
        statements = []
        for _ in range(self.random.choice([1, 2, 2, 3])):
            mixed = self.chance(0.03)
            table = self.pick(self.tables())
            if not reads and self.chance(0.15):
                parameters = []
                text = 'EXISTS(SELECT * FROM "%s" WHERE %s AND %s)' % (table.name, self.where_key(table, parameters), self.partiql_condition(parameters))
                statements.append({'Statement': text, 'Parameters': parameters} if parameters else {'Statement': text})
            else:
                statements.append(self.statement_member(table, reads=reads or mixed, writes=not reads or mixed))
        body = {'TransactStatements': [] if self.chance(0.02) else statements}
        self.options(body, 'ReturnConsumedCapacity')
        return body

    # ---- tables

    def index_change(self):
        throughput = {'ReadCapacityUnits': self.pick([1, 5, 7]), 'WriteCapacityUnits': self.pick([1, 5, 7])}
        name = self.pick(['IndexA', 'IndexB'])
        choice = self.random.random()
        if choice < 0.45:
            create = {'IndexName': name, 'KeySchema': [{'AttributeName': self.pick(['g', 'h']), 'KeyType': 'HASH'}], 'Projection': {'ProjectionType': self.pick(['ALL', 'KEYS_ONLY'])},
                      'ProvisionedThroughput': throughput}
            if self.chance(0.1):
                create.pop(self.pick(sorted(create)))
            return {'Create': create}
        if choice < 0.8:
            return {'Delete': {'IndexName': name}}
        return {'Update': {'IndexName': name, 'ProvisionedThroughput': throughput}}

    def update_table(self, _):
        body = {'TableName': self.pick([CHANGED] * 12 + ['diff.None', 'x', ''])}
        choice = self.random.random()
        if choice < 0.3:
            body['ProvisionedThroughput'] = {'ReadCapacityUnits': self.pick([1, 5, 6, 7, 0, -1]), 'WriteCapacityUnits': self.pick([1, 5, 6, 7, 0])}
            if self.chance(0.1):
                body['ProvisionedThroughput'].popitem()
        elif choice < 0.7:
            change = self.index_change()
            body['GlobalSecondaryIndexUpdates'] = [change] if self.chance(0.9) else self.pick([[], [change, self.index_change()], [{}]])
            if 'Create' in change or self.chance(0.05):
                names = ['p', change.get('Create', {}).get('KeySchema', [{'AttributeName': 'g'}])[0]['AttributeName']]
                body['AttributeDefinitions'] = [{'AttributeName': name, 'AttributeType': 'S'} for name in names]
        elif choice < 0.8:
            body['StreamSpecification'] = self.pick([{'StreamEnabled': True, 'StreamViewType': 'NEW_IMAGE'}, {'StreamEnabled': False}, {'StreamEnabled': True},
                                                     {'StreamEnabled': False, 'StreamViewType': 'NEW_IMAGE'}, {}])
        elif choice < 0.85:
            body['BillingMode'] = self.pick(['PROVISIONED', 'X'])
        elif choice < 0.95:
            body['DeletionProtectionEnabled'] = self.chance(0.3)
        return body

    def update_time_to_live(self, _):
        specification = {'Enabled': self.chance(0.6), 'AttributeName': self.pick(['ttl', 'ttl', 'ttl', 'other', ''])}
        if self.chance(0.1):
            specification.popitem()
        return {'TableName': self.pick([CHANGED] * 6 + ['diff.None', 'x']), 'TimeToLiveSpecification': specification}

    def describe_time_to_live(self, table):
        return {'TableName': self.pick([table.name, table.name, CHANGED, 'diff.None', 'x', ''])}

    def describe_limits(self, _):
        return {}

    # ---- tags

    def resource(self, table):
        return self.pick([ARN % table.name] * 8 + [ARN % 'diff.None', 'x', '', table.name, 'arn:aws:dynamodb:us-east-1:000000000000:table/'])

    def tag_resource(self, table):
        tags = [{'Key': self.pick(['a', 'b', 'c', 'aws:x', '', 'k' * 129, 'é']), 'Value': self.pick(['1', '2', '', 'v' * 257])} for _ in range(self.random.choice([0, 1, 1, 2]))]
        if self.chance(0.7):
            tags = [{'Key': self.pick(['a', 'b', 'c']), 'Value': self.pick(['1', '2', ''])}]
        return {'ResourceArn': self.resource(table), 'Tags': tags}

    def untag_resource(self, table):
        return {'ResourceArn': self.resource(table), 'TagKeys': [self.pick(['a', 'b', 'c', '']) for _ in range(self.random.choice([0, 1, 1, 2]))]}

    def list_tags_of_resource(self, table):
        return {'ResourceArn': self.resource(table)}

    # ---- damage

    def mangled(self, body):
        """One place of the body changed into something that no client library would send."""
        places = list(nodes(body))
        container, key = self.pick(places)
        choice = self.random.random()
        if choice < 0.2:
            container[key] = None
        elif choice < 0.7:
            container[key] = self.pick([1, 'x', '', [], {}, True, [1], {'x': 1}, 1.5, -1, 10 ** 12, [None], [[]]])
        elif choice < 0.85 and isinstance(container, dict):
            container[self.pick(['Unknown', 'unknown', 'tableName', 'S2', ''])] = self.pick(['x', 1, None, {}, []])
        elif choice < 0.93:
            del container[key]
        elif isinstance(container, dict):
            container['x' * self.pick([256, 65536])] = container.pop(key)
        else:
            container.append(copy.deepcopy(container[key]))
        return body

    def unreadable(self, text):
        """A body that is no JSON, or not an object."""
        at = self.random.randint(0, len(text))
        return self.pick(['', '[]', '1', 'null', '"x"', '{', text[:at], text[:at] + self.pick(['\\', '"', '}', ']', ',', '\x01']) + text[at:], text + text])

    MORE_OPERATIONS = [('TransactWriteItems', 'transact_write_items', 8), ('TransactGetItems', 'transact_get_items', 4), ('ExecuteStatement', 'execute_statement', 8),
                       ('BatchExecuteStatement', 'batch_execute_statement', 3), ('ExecuteTransaction', 'execute_transaction', 3), ('UpdateTable', 'update_table', 0.7),
                       ('UpdateTimeToLive', 'update_time_to_live', 0.4), ('DescribeTimeToLive', 'describe_time_to_live', 0.4), ('DescribeLimits', 'describe_limits', 0.1),
                       ('TagResource', 'tag_resource', 0.5), ('UntagResource', 'untag_resource', 0.5), ('ListTagsOfResource', 'list_tags_of_resource', 0.5)]


def json_of(text):
    try:
        return json.loads(text)
    except ValueError:
        return None
