"""Writers that come by SQL: changes of the item table itself, and dynamo.* functions, alone and in transactions."""
import json
import time

from client import Lost, NotConnected, Postgres, Refused
from writer import RELATION, TABLE, Writer, key_text, natural, wire_item

ISOLATION = ['READ COMMITTED'] * 4 + ['REPEATABLE READ', 'SERIALIZABLE']


class SqlWriter(Writer):
    def __init__(self, number, log, deadline, pace, conninfo):
        super().__init__(number, log, deadline, pace)
        self.session = Postgres(conninfo)

    def close(self):
        self.session.close()

    def run_sql(self, sql, *parameters):
        return self.session.run(sql, *parameters)

    def read(self, key):
        rows = self.run_sql('SELECT item ->> \'w\' FROM %s WHERE p = $1 AND r = $2::numeric' % RELATION, *key)
        return rows[0][0] if rows else ''

    def transaction(self, function):
        """Calls function between BEGIN and COMMIT.  What was lost before COMMIT was sent has not happened."""
        try:
            self.run_sql('BEGIN ISOLATION LEVEL ' + self.random.choice(ISOLATION))
            function()
        except Lost as error:
            raise Refused('40001', 'the session ended before its COMMIT') from error
        except NotConnected:
            raise
        except Refused:
            self.roll_back()
            raise
        try:
            self.run_sql('COMMIT')
        except NotConnected:
            raise
        except Refused:
            self.roll_back()
            raise

    def roll_back(self):
        try:
            self.run_sql('ROLLBACK')
        except (Lost, Refused):
            pass


class TableWriter(SqlWriter):
    """INSERT, UPDATE, DELETE, COPY."""

    kinds = {'upsert': 4, 'update': 4, 'update_many': 2, 'delete': 3, 'several': 5, 'rolled_back': 2, 'copy': 1, 'other_key': 2, 'prepared': 2,
             'unchanged': 1}
    UPSERT = ('INSERT INTO %s AS t (item) VALUES ($1::jsonb) ON CONFLICT (p, r) DO UPDATE SET item = t.item || EXCLUDED.item' % RELATION)
    UPDATE = ("UPDATE %s SET item = item || pg_catalog.jsonb_build_object('w', $3::text, 'n', coalesce((item ->> 'n')::int, 0) + 1) "
              'WHERE p = $1 AND r = $2::numeric RETURNING r' % RELATION)
    DELETE = "DELETE FROM %s WHERE p = $1 AND r = $2::numeric RETURNING item ->> 'w'" % RELATION

    def upsert(self):
        (key,), token = self.shared_keys(1), self.token()
        self.do(lambda operation: self.run_sql(self.UPSERT, natural(self.item(key, token))), 'INSERT ON CONFLICT', [[key_text(key), token, None]])

    def update(self):
        (key,), token = self.shared_keys(1), self.token()

        def run(operation):
            operation.maybes = [token]
            operation.puts = [[key_text(key), token, None]] if self.run_sql(self.UPDATE, *key, token) else []
            operation.maybes = []
            if not operation.puts:
                operation.nevers = [token]
        self.do(run, 'UPDATE')

    def update_many(self):
        """All items of a hash key, in the order in which the other writers lock them."""
        (key,), token = self.shared_keys(1), self.token()
        tokens = {str(r): '%s.%d' % (token, r) for r in range(10)}

        def run(operation):
            operation.maybes = list(tokens.values())
            rows = self.run_sql("WITH held AS (SELECT r FROM %s WHERE p = $1 ORDER BY r FOR UPDATE) UPDATE %s t SET item = item || "
                                "pg_catalog.jsonb_build_object('w', $2 || '.' || held.r) FROM held WHERE t.p = $1 AND t.r = held.r RETURNING t.r"
                                % (RELATION, RELATION), key[0], token)
            operation.puts = [['%s/%s' % (key[0], row[0]), tokens[row[0]], None] for row in rows]
            operation.maybes = []
        self.do(run, 'UPDATE of many')

    def delete(self):
        (key,) = self.shared_keys(1)

        def run(operation):
            operation.deletes = [[key_text(key), row[0]] for row in self.run_sql(self.DELETE, *key)]
        self.do(run, 'DELETE', deletes=[[key_text(key), None]])

    def steps(self, operation, base):
        """Changes inside a transaction; operation learns of them."""
        operation.puts, operation.deletes = [], []
        for i, key in enumerate(self.shared_keys(self.random.randint(1, 4))):
            text, token, choice = key_text(key), '%s.%d' % (base, i), self.random.random()
            if choice < 0.4:
                self.run_sql(self.UPSERT, natural(self.item(key, token)))
                operation.puts.append([text, token, None])
            elif choice < 0.6:
                if self.run_sql(self.UPDATE, *key, token):
                    operation.puts.append([text, token, None])
            elif choice < 0.8:
                operation.deletes += [[text, row[0]] for row in self.run_sql(self.DELETE, *key)]
            else:
                # there, changed, and gone again: three records
                self.run_sql(self.UPSERT, natural(self.item(key, token)))
                self.run_sql(self.UPDATE, *key, token + '.2')
                operation.puts += [[text, token, None], [text, token + '.2', token]]
                operation.deletes += [[text, row[0]] for row in self.run_sql(self.DELETE, *key)]
            if self.random.random() < 0.3:
                never = '%s.never%d' % (base, i)
                self.run_sql('SAVEPOINT here')
                self.run_sql(self.UPSERT, natural(self.item(key, never)))
                self.run_sql('ROLLBACK TO here')
                operation.nevers.append(never)
            if self.random.random() < 0.1:
                self.run_sql('SELECT pg_catalog.pg_sleep(0.1)')

    def several(self):
        base = self.token()
        self.do(lambda operation: self.transaction(lambda: self.steps(operation, base)), 'transaction')

    def rolled_back(self):
        base = self.token()

        def run(operation):
            def work():
                self.steps(operation, base)
                operation.nevers += [put[1] for put in operation.puts]
                operation.puts, operation.deletes = [], []
                self.run_sql('ROLLBACK')
            self.transaction(work)
        self.do(run, 'transaction, rolled back')

    def prepared(self):
        """PREPARE TRANSACTION outlives a crash."""
        base = self.token()

        def run(operation):
            try:
                self.run_sql('BEGIN')
                self.steps(operation, base)
            except Lost as error:
                raise Refused('40001', 'the session ended before its PREPARE') from error
            except Refused as error:
                if not isinstance(error, NotConnected):
                    self.roll_back()
                raise
            prepared = False
            while True:
                try:
                    if not prepared:
                        self.run_sql("PREPARE TRANSACTION '%s'" % base)
                        prepared = True
                        self.run_sql('SELECT pg_catalog.pg_sleep($1::float)', self.random.random() * 0.1)
                    self.run_sql("COMMIT PREPARED '%s'" % base)
                    return
                except NotConnected:
                    time.sleep(0.1)
                    if time.monotonic() > self.deadline + 60:
                        raise Lost()
                except Refused as error:
                    if not prepared:
                        self.roll_back()
                    raise Lost() if prepared and error.name == '42704' else error
                except Lost:
                    prepared = True         # perhaps: COMMIT PREPARED tells
        self.do(run, 'prepared transaction')

    def copy(self):
        items = self.expiring_items(self.random.randint(5, 30))
        text = ''.join(natural(item).replace('\\', '\\\\') + '\n' for _, item in items)
        self.do(lambda operation: self.session.copy('COPY %s (item) FROM STDIN' % RELATION, text), 'COPY',
                [[key_text(key), item['w'], ''] for key, item in items])

    def other_key(self):
        """An update of the key is a removal and an insert."""
        source, known = self.own_key(True)
        target, there = self.own_key(False)
        token = self.token()
        if not known or there:
            if not there:
                self.do(lambda operation: self.run_sql(self.UPSERT, natural(self.item(target, token))), 'INSERT', [[key_text(target), token, '']])
            return

        def run(operation):
            rows = self.run_sql("UPDATE %s SET item = item || pg_catalog.jsonb_build_object('p', $3::text, 'w', $4::text) WHERE p = $1 AND r = $2::numeric "
                                'RETURNING p' % RELATION, *source, target[0], token)
            assert len(rows) == 1, '%s was %s' % (source, known)
        self.do(run, 'UPDATE of the key', [[key_text(target), token, '']], [[key_text(source), known]])

    def unchanged(self):
        self.do(lambda operation: self.run_sql('UPDATE %s SET item = item WHERE p = $1' % RELATION, self.shared_keys(1)[0][0]), 'UPDATE without a change')


class FunctionWriter(SqlWriter):
    """dynamo.put_item() and the like."""

    kinds = {'put': 4, 'update': 4, 'delete': 3, 'create': 2, 'transact': 3, 'partiql': 3, 'batch': 2, 'several': 3}

    def put_item(self, key, token):
        rows = self.run_sql("SELECT dynamo.put_item($1, $2::jsonb, return_values => 'ALL_OLD') ->> 'w'", TABLE, natural(self.item(key, token)))
        return [key_text(key), token, rows[0][0] or '']

    def update_item(self, key, token):
        rows = self.run_sql("SELECT dynamo.update_item($1, $2::jsonb, 'SET w = :w ADD n :one', attribute_values => $3::jsonb, return_values => 'ALL_OLD') "
                            "->> 'w'", TABLE, json.dumps({'p': key[0], 'r': key[1]}), json.dumps({':w': token, ':one': 1}))
        return [key_text(key), token, rows[0][0] or '']

    def delete_item(self, key):
        rows = self.run_sql("SELECT dynamo.delete_item($1, $2::jsonb) ->> 'w'", TABLE, json.dumps({'p': key[0], 'r': key[1]}))
        return [[key_text(key), rows[0][0]]] if rows[0][0] else []

    def put(self):
        (key,), token = self.shared_keys(1), self.token()

        def run(operation):
            operation.puts = [self.put_item(key, token)]
        self.do(run, 'dynamo.put_item', [[key_text(key), token, None]])

    def update(self):
        (key,), token = self.shared_keys(1), self.token()

        def run(operation):
            operation.puts = [self.update_item(key, token)]
        self.do(run, 'dynamo.update_item', [[key_text(key), token, None]])

    def delete(self):
        (key,) = self.shared_keys(1)

        def run(operation):
            operation.deletes = self.delete_item(key)
        self.do(run, 'dynamo.delete_item', deletes=[[key_text(key), None]])

    def create(self):
        (key,), token = self.shared_keys(1), self.token()
        self.do(lambda operation: self.run_sql("SELECT dynamo.put_item($1, $2::jsonb, condition => 'attribute_not_exists(p)')", TABLE,
                                               natural(self.item(key, token))),
                'dynamo.put_item, if there is none', [[key_text(key), token, '']])

    def transact(self):
        base = self.token()
        puts = [(key, '%s.%d' % (base, i)) for i, key in enumerate(self.shared_keys(self.random.randint(2, 5)))]
        actions = [{'put': {'table': TABLE, 'item': json.loads(natural(self.item(key, token)))}} for key, token in puts]
        if self.random.random() < 0.3:
            actions.append({'check': {'table': TABLE, 'key': {'p': 'nobody', 'r': 0}, 'condition': self.random.choice(
                ['attribute_exists(p)', 'attribute_not_exists(p)'])}})
        self.do(lambda operation: self.run_sql('SELECT dynamo.transact_write_items($1::jsonb)', json.dumps(actions)), 'dynamo.transact_write_items',
                [[key_text(key), token, None] for key, token in puts])

    def partiql(self):
        (key,), token = self.shared_keys(1), self.token()
        if self.random.random() < 0.7:
            self.do(lambda operation: self.run_sql("SELECT dynamo.partiql('UPDATE \"Soak\" SET w = ? WHERE p = ? AND r = ?', $1::jsonb)",
                                                   json.dumps([token, *key])), 'dynamo.partiql', [[key_text(key), token, None]])
        else:
            def run(operation):
                rows = self.run_sql("SELECT d ->> 'w' FROM dynamo.partiql('DELETE FROM \"Soak\" WHERE p = ? AND r = ? RETURNING ALL OLD *', $1::jsonb) d",
                                    json.dumps(list(key)))
                operation.deletes = [[key_text(key), row[0]] for row in rows]
            self.do(run, 'dynamo.partiql', deletes=[[key_text(key), None]])

    def batch(self):
        base = self.token()
        puts = [(key, '%s.%d' % (base, i)) for i, key in enumerate(self.shared_keys(self.random.randint(1, 8)))]
        body = {'RequestItems': {TABLE: [{'PutRequest': {'Item': wire_item(self.item(key, token))}} for key, token in puts]}}
        self.do(lambda operation: self.run_sql("SELECT dynamo.request('BatchWriteItem', $1::jsonb)", json.dumps(body)), "dynamo.request('BatchWriteItem')",
                [[key_text(key), token, None] for key, token in puts])

    def several(self):
        base = self.token()

        def steps(operation):
            operation.puts, operation.deletes = [], []
            for i, key in enumerate(self.shared_keys(self.random.randint(1, 4))):
                choice = self.random.random()
                if choice < 0.4:
                    operation.puts.append(self.put_item(key, '%s.%d' % (base, i)))
                elif choice < 0.7:
                    operation.puts.append(self.update_item(key, '%s.%d' % (base, i)))
                else:
                    operation.deletes += self.delete_item(key)
        self.do(lambda operation: self.transaction(lambda: steps(operation)), 'transaction of dynamo functions')
