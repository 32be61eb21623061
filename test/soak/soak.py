#!/usr/bin/env python3
"""Everything at once, for as long as you like, while somebody kills the server: does the stream tell the truth?

    soak.py run FOLDER SECONDS PORT CONNINFO KEY SECRET    makes the table, runs all, judges; leaves FOLDER/result.json
    soak.py selftest                                       the judge against small runs, good and bad

32 writers (writer.py, sql_writer.py) change one table that has a stream, TimeToLive, a local and a global index, while another
global index comes and goes; two consumers (consumer.py) read the whole stream.  The file FOLDER/kills has a line
"from to" in seconds since 1970 for each time in which the server was away; whoever starts this program writes it.

At the end judge.py compares what the writers were told with what the consumers saw, the stream is read once more from its
start, and the table and its indexes are scanned.
"""
import collections
import json
import multiprocessing
import os
import sys
import threading
import time

import judge
from client import Endpoint, Lost, NotConnected, Postgres, Refused
from consumer import MARKERS, Consumer, digest
from sql_writer import FunctionWriter, TableWriter
from writer import RELATION, TABLE, ApiWriter, Log, Writer

PROCESSES = 4
WRITERS = [ApiWriter] * 18 + [TableWriter] * 8 + [FunctionWriter] * 6
PACE = 0.1                  # seconds that a writer rests at most between two operations
BUILT = {'ByA': [('a', 'S', 'HASH')], 'ByB': [('b', 'N', 'HASH'), ('a', 'S', 'RANGE')]}
KINDS = {'S': 'string', 'N': 'number'}


class Run:
    def __init__(self, folder, seconds, port, conninfo, key, secret):
        self.folder, self.seconds = folder, seconds
        self.port, self.conninfo, self.key, self.secret = port, conninfo, key, secret
        self.deadline = time.monotonic() + seconds
        Writer.many = min(int(seconds * 100), 20000)
        self.endpoint = Endpoint(port, key, secret)
        self.session = Postgres(conninfo)
        self.checks = []
        self.figures = []

    def check(self, name, complaints):
        self.checks.append([name, list(complaints)])

    def patiently(self, function, *arguments, **named):
        """Asks again while the server is away."""
        end = time.monotonic() + 120
        while True:
            try:
                return function(*arguments, **named)
            except (Lost, NotConnected):
                if time.monotonic() > end:
                    raise
                time.sleep(0.2)

    def call(self, operation, **body):
        return self.patiently(self.endpoint.call, operation, body)

    def sql(self, text, *parameters):
        return self.patiently(self.session.run, text, *parameters)

    def path(self, name):
        return os.path.join(self.folder, name)

    # ---- the table

    def create(self):
        reply = self.call('CreateTable', TableName=TABLE, BillingMode='PAY_PER_REQUEST',
                          KeySchema=[{'AttributeName': 'p', 'KeyType': 'HASH'}, {'AttributeName': 'r', 'KeyType': 'RANGE'}],
                          AttributeDefinitions=[{'AttributeName': name, 'AttributeType': kind} for name, kind in
                                                (('p', 'S'), ('r', 'N'), ('g', 'S'), ('n', 'N'), ('c', 'S'))],
                          GlobalSecondaryIndexes=[{'IndexName': 'ByG', 'Projection': {'ProjectionType': 'ALL'}, 'KeySchema': [
                              {'AttributeName': 'g', 'KeyType': 'HASH'}, {'AttributeName': 'n', 'KeyType': 'RANGE'}]}],
                          LocalSecondaryIndexes=[{'IndexName': 'ByC', 'Projection': {'ProjectionType': 'ALL'}, 'KeySchema': [
                              {'AttributeName': 'p', 'KeyType': 'HASH'}, {'AttributeName': 'c', 'KeyType': 'RANGE'}]}],
                          StreamSpecification={'StreamEnabled': True, 'StreamViewType': 'NEW_AND_OLD_IMAGES'})
        started = time.monotonic_ns()
        self.sql("INSERT INTO %s (item) SELECT pg_catalog.jsonb_build_object('p', 'b' || i, 'r', 0, 'w', 'seed.' || i, 'a', 'a' || i %% 20, 'b', i %% 20, "
                 "'n', i, 'f', repeat('f', 100)) FROM pg_catalog.generate_series(0, $1::int - 1) i" % RELATION, Writer.many)
        with open(self.path('writers-seed'), 'w') as log:
            log.write(json.dumps(['INSERT of many', started, time.monotonic_ns(), 'ok', [['b%d/0' % i, 'seed.%d' % i, ''] for i in range(Writer.many)],
                                  [], [], [], True]) + '\n')
        self.call('UpdateTimeToLive', TableName=TABLE, TimeToLiveSpecification={'AttributeName': 'expires', 'Enabled': True})
        return reply['TableDescription']['LatestStreamArn']

    # ---- processes

    def write(self, first):
        """One process of writers."""
        writers = []
        log = Log(self.path('writers-%d' % first))
        for number in range(first, len(WRITERS), PROCESSES):
            kind = WRITERS[number]
            place = (self.port, self.key, self.secret) if kind is ApiWriter else (self.conninfo,)
            writers.append(kind(number + 1, log, self.deadline, PACE, *place))
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        log.close()
        self.leave('report-writers-%d' % first, {
            'failures': [writer.failure for writer in writers if writer.failure],
            'refusals': sum((collections.Counter(writer.refusals) for writer in writers), collections.Counter()),
            'server_errors': [error for writer in writers if hasattr(writer, 'endpoint') for error in writer.endpoint.server_errors],
            'hangs': sum(writer.endpoint.hangs for writer in writers if hasattr(writer, 'endpoint'))})

    def consume(self, name, arn, stop, crashes, by_filter):
        consumer = Consumer(name, arn, open(self.path('records-' + name), 'w'), Endpoint(self.port, self.key, self.secret), stop, crashes, by_filter)
        consumer.run()
        self.leave('report-' + name, {'failures': consumer.complaints, 'counts': consumer.counts, 'longest': consumer.longest_pause,
                                      'server_errors': consumer.endpoint.server_errors, 'hangs': consumer.endpoint.hangs})

    def leave(self, name, report):
        with open(self.path(name), 'w') as out:
            json.dump(report, out)

    def report(self, name):
        with open(self.path(name)) as file:
            return json.load(file)

    def run(self):
        arn = self.create()
        stop = multiprocessing.Event()
        consumers = [multiprocessing.Process(target=self.consume, args=(name, arn, stop, True, name == 'second'), daemon=True) for name in ('first', 'second')]
        writers = [multiprocessing.Process(target=self.write, args=(i,), daemon=True) for i in range(PROCESSES)]
        for process in consumers + writers:
            process.start()
        builder = Builder(self)
        builder.start()
        for process in writers:
            process.join()
        builder.join()
        self.endpoint.server_errors += builder.endpoint.server_errors
        self.check('no index build failed', builder.complaints)
        self.figures.append('%d index builds, %d of them broken off' % (builder.built, builder.broken_off))
        self.check('every prepared transaction has ended', [str(row) for row in self.sql('SELECT gid FROM pg_catalog.pg_prepared_xacts')])
        self.wait_for_ttl()
        for i in range(MARKERS):
            self.call('PutItem', TableName=TABLE, Item={'p': {'S': 'end%d' % i}, 'r': {'N': '0'}, 'w': {'S': 'end%d' % i}})
        stop.set()
        for process in consumers:
            process.join()
        self.consume('replay', arn, stop, False, True)
        self.judge()
        self.scan_indexes()
        self.leave('result.json', {'checks': self.checks, 'figures': self.figures})

    def wait_for_ttl(self):
        end = time.monotonic() + 300
        left = None
        while time.monotonic() < end:
            left = self.sql("SELECT count(*) FROM %s WHERE jsonb_typeof(item -> 'expires') = 'number' AND (item ->> 'expires')::numeric "
                            'BETWEEN extract(epoch FROM now()) - 5 * 365 * 86400 AND extract(epoch FROM now()) + 20' % RELATION)[0][0]
            if left == '0':
                break
            time.sleep(0.2)
        self.check('what has expired is gone', [] if left == '0' else ['%s items are left' % left])

    # ---- the judgement

    def scan(self, **more):
        items, start = [], {}
        while True:
            page = self.call('Scan', TableName=TABLE, **more, **start)
            items += page['Items']
            if 'LastEvaluatedKey' not in page:
                return {'%s/%s' % (item['p']['S'], item['r']['N']): item for item in items}
            start = {'ExclusiveStartKey': page['LastEvaluatedKey']}

    def judge(self):
        operations, failures, server_errors, refusals, hangs = [], [], self.endpoint.server_errors[:], collections.Counter(), self.endpoint.hangs
        for name in ['seed', *range(PROCESSES)]:
            with open(self.path('writers-%s' % name)) as file:
                operations += [json.loads(line) for line in file]
        reports = {name: self.report('report-' + name) for name in ['writers-%d' % i for i in range(PROCESSES)] + ['first', 'second', 'replay']}
        for report in reports.values():
            failures += report['failures']
            server_errors += report['server_errors']
            refusals.update(report.get('refusals', {}))
            hangs += report['hangs']
        records = {}
        for name in ('first', 'second', 'replay'):
            with open(self.path('records-' + name)) as file:
                records[name] = [json.loads(line) for line in file]
        self.items = self.scan(ConsistentRead=True)
        complaints, counts = judge.judge(operations, records['replay'], {key: digest(item) for key, item in self.items.items()})
        self.check('the stream is what the writers did, and replayed it is the table', complaints)
        for name in ('first', 'second'):
            self.check('the %s consumer saw what is there at the end' % name, judge.same_records(name, 'the replay', records[name], records['replay']))
        self.check('all clients came to their end', failures)
        self.check('nobody waited in vain', ['%d requests had no answer in time' % hangs] if hangs else [])
        windows = self.kills()
        self.check('the server failed only while it was killed',
                   ['%s' % error for error in server_errors if not any(begin <= error[0] <= end for begin, end in windows)])
        number = self.sql('SELECT count(*) FROM dynamo.stream_records($1, max_records => NULL)', TABLE)[0][0]
        self.check('dynamo.stream_records() has as many', [] if int(number) == len(records['replay']) else ['%s, not %d' % (number, len(records['replay']))])
        self.tell(operations, counts, records, reports, refusals, windows)

    def kills(self):
        try:
            with open(self.path('kills')) as file:
                return [tuple(map(float, line.split())) for line in file]
        except FileNotFoundError:
            return []

    def tell(self, operations, counts, records, reports, refusals, windows):
        done, outcomes = collections.Counter(), collections.Counter()
        longest, late = (0, ''), []
        shift = time.time() * 1e9 - time.monotonic_ns()
        for kind, started, ended, outcome, *_ in operations:
            outcomes[outcome] += 1
            done[kind] += outcome == 'ok'
            if not any(begin * 1e9 <= ended + shift and started + shift <= end * 1e9 for begin, end in windows):
                late.append(ended - started)
                longest = max(longest, ((ended - started) / 1e9, kind))
        late.sort()
        self.figures += [
            '%d operations acknowledged, %d refused, %d without an answer' % (outcomes['ok'], outcomes['fail'], outcomes['lost']),
            ', '.join('%s %d' % pair for pair in done.most_common()),
            'refusals: ' + ', '.join('%s %d' % pair for pair in refusals.most_common()),
            '%d stream records: %d INSERT, %d MODIFY, %d REMOVE, %d of them TTL' % (len(records['replay']), counts['INSERT'], counts['MODIFY'],
                                                                                    counts['REMOVE'], counts['TTL']),
            'an operation took %.1f ms (median), %.1f ms (99 %%), at most %.2f s (%s)' % (
                late[len(late) // 2] / 1e6, late[len(late) * 99 // 100] / 1e6, *longest),
            'the server was away %d times, for %s s' % (len(windows), ', '.join('%.1f' % (end - begin) for begin, end in windows))]
        for name in ('first', 'second', 'replay'):
            self.figures.append('%s consumer: %s; GetRecords took %.2f s at most' % (
                name, ', '.join('%s %d' % pair for pair in sorted(reports[name]['counts'].items())), reports[name]['longest']))
        self.totals = {'ok': outcomes['ok'], 'ttl': counts['TTL'], 'shards': reports['replay']['counts'].get('shards read to the end', 0)}
        self.check('enough has happened', [name for name, count in self.totals.items() if count == 0])

    def scan_indexes(self):
        table = self.call('DescribeTable', TableName=TABLE)['Table']
        types = {definition['AttributeName']: definition['AttributeType'] for definition in table['AttributeDefinitions']}
        for index in table['GlobalSecondaryIndexes'] + table['LocalSecondaryIndexes']:
            name, keys = index['IndexName'], [part['AttributeName'] for part in index['KeySchema']]
            wanted = {key: item for key, item in self.items.items() if all(types[part] in item.get(part, {}) for part in keys)}
            found = self.scan(IndexName=name)
            self.check('index %s equals a scan (%d of %d items)' % (name, len(wanted), len(self.items)),
                       ['%s: %s in the index, %s in the table' % (key, found.get(key), wanted.get(key))
                        for key in set(found) | set(wanted) if found.get(key) != wanted.get(key)][:20])


class Builder(threading.Thread):
    """Creates and deletes global indexes, one after the other; at the end both are there."""

    def __init__(self, run):
        super().__init__()
        self.run_, self.complaints = run, []
        self.endpoint, self.session = Endpoint(run.port, run.key, run.secret), Postgres(run.conninfo)
        self.built = self.broken_off = 0

    def call(self, operation, **body):
        return self.run_.patiently(self.endpoint.call, operation, body)

    def run(self):
        names = list(BUILT)
        turn = 0
        try:
            while time.monotonic() < self.run_.deadline:
                turn += 1
                name = names[turn % 2]
                self.change(name, self.creation(name), 'CREATING')
                if turn % 5 == 0:
                    self.broken_off += 1
                else:
                    self.wait(name, 'ACTIVE')
                    self.compare(name)
                    self.built += 1
                self.change(name, {'Delete': {'IndexName': name}}, None)
                self.wait(name, None)
            for name in names:
                self.change(name, self.creation(name), 'CREATING')
                self.wait(name, 'ACTIVE')
                self.built += 1
        except Exception as error:                          # shown by the main program
            self.complaints.append(repr(error))

    @staticmethod
    def creation(name):
        return {'Create': {'IndexName': name, 'Projection': {'ProjectionType': 'ALL'},
                           'KeySchema': [{'AttributeName': attribute, 'KeyType': role} for attribute, _, role in BUILT[name]]}}

    def status(self, name):
        table = self.call('DescribeTable', TableName=TABLE)['Table']
        return next((index['IndexStatus'] for index in table['GlobalSecondaryIndexes'] if index['IndexName'] == name), None)

    def change(self, name, update, wanted):
        """An answer that was lost may have been a success."""
        definitions = [{'AttributeName': attribute, 'AttributeType': kind} for attribute, kind, _ in BUILT[name]] if 'Create' in update else []
        end = time.monotonic() + 120
        while True:
            try:
                more = {'AttributeDefinitions': definitions} if definitions else {}
                return self.endpoint.call('UpdateTable', dict(more, TableName=TABLE, GlobalSecondaryIndexUpdates=[update]))
            except (Lost, NotConnected, Refused) as error:
                if time.monotonic() > end:
                    raise
                time.sleep(0.2)
                if isinstance(error, Refused) and not isinstance(error, NotConnected) and error.name not in (
                        'ResourceInUseException', 'LimitExceededException', 'ResourceNotFoundException', 'ValidationException', 'TransactionConflictException'):
                    raise
                now = self.status(name)
                if (now is not None) == (wanted is not None) and now != 'DELETING':
                    return None
                if now == 'DELETING' and wanted is None:
                    return None

    def wait(self, name, wanted):
        end = time.monotonic() + 240
        while self.status(name) != wanted:
            if time.monotonic() > end:
                raise AssertionError('%s does not become %s: %s' % (
                    name, wanted, self.run_.patiently(self.session.run, 'SELECT * FROM dynamo.jobs ORDER BY id DESC LIMIT 3')))
            time.sleep(0.05)

    def compare(self, name):
        """The index, and what a scan finds, in one snapshot."""
        try:
            self.session.run('BEGIN ISOLATION LEVEL REPEATABLE READ')
            for attribute, kind, _ in BUILT[name]:
                wrong = self.session.run("SELECT p, r, item ->> 'w', %s::text, item ->> '%s' FROM %s WHERE %s::text IS DISTINCT FROM "
                                         "CASE jsonb_typeof(item -> '%s') WHEN '%s' THEN item ->> '%s' END LIMIT 5"
                                         % (attribute, attribute, RELATION, attribute, attribute, KINDS[kind], attribute))
                if wrong:
                    self.complaints.append('%s has rows with another key than their items: %s' % (name, wrong))
            condition = ' AND '.join('%s IS NOT NULL' % attribute for attribute, _, _ in BUILT[name])
            found = []
            for on, off in (('enable_seqscan', 'enable_indexscan'), ('enable_indexscan', 'enable_seqscan')):
                self.session.run('SET LOCAL enable_bitmapscan = off')
                self.session.run('SET LOCAL %s = on' % on)
                self.session.run('SET LOCAL %s = off' % off)
                found.append(self.session.run("SELECT count(*), md5(string_agg(p || '/' || r, ' ' ORDER BY p, r)) FROM (SELECT p, r FROM %s WHERE %s ORDER BY %s) i"
                                              % (RELATION, condition, ', '.join(attribute for attribute, _, _ in BUILT[name])))[0])
            self.session.run('COMMIT')
            if found[0] != found[1]:
                self.complaints.append('%s finds %s, a scan of the table %s' % (name, found[1], found[0]))
        except (Lost, NotConnected):
            pass


def main(arguments):
    if arguments[:1] == ['selftest']:
        count, wrong = judge.selftest()
        print('\n'.join(wrong))
        print('right about %d of %d cases' % (count - len(wrong), count))
        return 1 if wrong else 0
    if len(arguments) != 7 or arguments[0] != 'run':
        print(__doc__)
        return 2
    run = Run(arguments[1], float(arguments[2]), int(arguments[3]), *arguments[4:])
    run.run()
    print('\n'.join(run.figures))
    for name, complaints in run.checks:
        print('%s: %s' % ('FAILED' if complaints else 'ok', name))
        print(''.join('    %s\n' % complaint for complaint in complaints), end='')
    return 1 if any(complaints for _, complaints in run.checks) else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
