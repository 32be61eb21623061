"""What the writers did, what the consumers saw and what is there at the end: do they fit?

judge() reads a stream in its order and compares it with the writers' logs (writer.py) and the final table.  It knows nothing of
servers, so that selftest() can show that it notices what it must.
"""
import collections

LIMIT = 40                  # complaints of one run


class Complaints(list):
    def add(self, text):
        if len(self) < LIMIT:
            self.append(text if len(text) < 600 else text[:600] + ' ...')


class Expected:
    """The writers' logs, by the values that records can show."""

    def __init__(self, operations):
        self.puts, self.deletes, self.maybe_deletes = {}, {}, collections.defaultdict(list)
        self.operations = operations
        self.allowed = set()
        self.forbidden = {}
        self.twice = []                 # values whose removal was acknowledged to two
        for number, (kind, started, ended, outcome, puts, deletes, nevers, maybes, atomic) in enumerate(operations):
            if outcome == 'fail':
                nevers = nevers + maybes + [token for _, token, _ in puts]
                puts, deletes, maybes = [], [], []
            for key, token, old in puts:
                self.puts[token] = (number, key, old)
            for key, token in deletes:
                if token is None:
                    self.maybe_deletes[key].append(number)
                elif outcome == 'ok' or token not in self.deletes:
                    if outcome == 'ok' and token in self.deletes and operations[self.deletes[token][0]][3] == 'ok':
                        self.twice.append(token)
                    self.deletes[token] = (number, key)
            self.allowed.update(maybes)
            for token in nevers:
                self.forbidden[token] = number


def judge(operations, records, table):
    """Complaints about a stream.  records are lists as consumer.py writes them, table is {key: digest}."""
    complaints = Complaints()
    expected = Expected(operations)
    put_seen, delete_seen = collections.Counter(), collections.Counter()
    state = {}                          # key -> (digest, w)
    latest_start = {}                   # key -> the latest start among the operations behind its records so far
    last_number = {}
    counts = collections.Counter()

    def in_time(key, number, record):
        """Whoever was answered before another asked comes before it."""
        _, started, ended, outcome = operations[number][:4]
        if outcome == 'ok' and ended < latest_start.get(key, 0):
            complaints.add('out of order: %s, by an operation that had ended before one started whose record came earlier' % (record,))
        latest_start[key] = max(latest_start.get(key, 0), started)

    for record in records:
        shard, sequence, event, key, old_token, token, old_digest, new_digest, service, created, expires = record
        counts[event] += 1
        if sequence <= last_number.get(shard, ''):
            complaints.add('out of order in its shard: %s' % (record,))
        last_number[shard] = sequence
        had = state.get(key, ('', ''))
        if had[0] != old_digest:
            complaints.add('%s was %s, and the next record says it was %s: %s' % (key, had, (old_digest, old_token), record))
        if event != ('INSERT' if not old_digest else 'MODIFY' if new_digest else 'REMOVE'):
            complaints.add('is no %s: %s' % (event, record))
        if old_digest == new_digest:
            complaints.add('changes nothing: %s' % (record,))
        if new_digest:
            state[key] = (new_digest, token)
        else:
            state.pop(key, None)

        if service:
            counts['TTL'] += 1
            if event != 'REMOVE' or expires is None or int(expires) > created or int(expires) < created - 5 * 366 * 86400:
                complaints.add('the service may not do this: %s' % (record,))
            if old_token in expected.deletes and operations[expected.deletes[old_token][0]][3] == 'ok':
                complaints.add('the service did what a writer did: %s' % (record,))
        elif event == 'REMOVE':
            delete_seen[old_token] += 1
            if old_token in expected.deletes:
                in_time(key, expected.deletes[old_token][0], record)
            elif not expected.maybe_deletes.get(key) or not any(operations[n][3] == 'lost' for n in expected.maybe_deletes[key]):
                complaints.add('nobody removed this: %s' % (record,))
        elif token.startswith('end'):
            pass
        else:
            put_seen[token] += 1
            if token in expected.forbidden:
                complaints.add('refused or rolled back, but done: %s by %s' % (record, operations[expected.forbidden[token]]))
            elif token in expected.puts:
                number, wanted_key, old = expected.puts[token]
                if wanted_key != key:
                    complaints.add('belongs to %s: %s' % (wanted_key, record))
                if old is not None and old != old_token:
                    complaints.add('the writer saw %r before it: %s' % (old, record))
                in_time(key, number, record)
            elif token not in expected.allowed:
                complaints.add('nobody wrote this: %s' % (record,))

    check_operations(expected, put_seen, delete_seen, complaints)
    for key in set(state) | set(table):
        if state.get(key, ('', ''))[0] != table.get(key, ''):
            complaints.add('replayed, %s is %s; in the table it is %s' % (key, state.get(key), table.get(key)))
    return complaints, counts


def check_operations(expected, put_seen, delete_seen, complaints):
    for token, times in put_seen.items():
        if times > 1:
            complaints.add('%s was written %d times' % (token, times))
    for token, times in delete_seen.items():
        if times > 1:
            complaints.add('%s was removed %d times' % (token, times))
    for token in expected.twice:
        complaints.add('the removal of %s was acknowledged twice' % token)
    for number, operation in enumerate(expected.operations):
        _, _, _, outcome, puts, deletes, _, _, atomic = operation
        if outcome == 'fail':
            continue
        done = [put_seen[token] > 0 for _, token, _ in puts]
        # what a lost operation wanted to remove may have been removed by another
        done += [delete_seen[token] > 0 for key, token in deletes if token is not None and
                 (outcome == 'ok' or (expected.deletes[token][0] == number and key not in expected.maybe_deletes))]
        if outcome == 'ok' and not all(done):
            complaints.add('acknowledged, but not in the stream: %s' % (operation,))
        elif atomic and any(done) and not all(done):
            complaints.add('half done: %s' % (operation,))


def same_records(name, other_name, records, other):
    """Complaints unless two consumers saw the same in each shard."""
    complaints = Complaints()
    if records == other:
        return complaints
    mine, theirs = collections.defaultdict(list), collections.defaultdict(list)
    for target, source in ((mine, records), (theirs, other)):
        for record in source:
            target[record[0]].append(record)
    for shard in sorted(set(mine) | set(theirs)):
        if mine[shard] == theirs[shard]:
            continue
        a, b = {tuple(record) for record in mine[shard]}, {tuple(record) for record in theirs[shard]}
        complaints.add('%s: %s saw %d records and %s %d' % (shard, name, len(mine[shard]), other_name, len(theirs[shard])))
        for record in sorted(a ^ b)[:3]:
            complaints.add('only %s saw %s' % (name if record in a else other_name, list(record)))
    return complaints


# ---- the judge itself ----------------------------------------------------------------------------------------------------

def selftest():
    """Good and bad runs; returns (number of cases, complaints)."""
    def operation(outcome, puts=(), deletes=(), nevers=(), maybes=(), started=0, ended=9, atomic=True):
        return ['test', started, ended, outcome, [list(p) for p in puts], [list(d) for d in deletes], list(nevers), list(maybes), atomic]

    def records(*changes):
        state, result = {}, []
        for i, change in enumerate(changes):
            key, token, service = (*change, False)[:3]
            old = state.get(key, '')
            event = 'INSERT' if not old else 'MODIFY' if token else 'REMOVE'
            result.append(['shard', '%03d' % i, event, key, old, token, 'd' + old if old else '', 'd' + token if token else '', service, 100, '99'])
            state[key] = token
        return result

    def altered(rows, index, column, value):
        return [row[:column] + [value] + row[column + 1:] if i == index else row for i, row in enumerate(rows)]

    put = [operation('ok', [('k', 'v1', '')], started=1, ended=2), operation('ok', [('k', 'v2', 'v1')], started=3, ended=4)]
    two = records(('k', 'v1'), ('k', 'v2'))
    gone = put + [operation('ok', deletes=[('k', 'v2')], started=5, ended=6)]
    three = records(('k', 'v1'), ('k', 'v2'), ('k', ''))
    pair = [operation('lost', [('k', 'v1', None), ('l', 'v2', None)])]
    cases = [
        ('good', True, put, two, {'k': 'dv2'}),
        ('good with a removal', True, gone, three, {}),
        ('expired', True, put, records(('k', 'v1'), ('k', 'v2'), ('k', '', True)), {}),
        ('lost, and not done', True, pair, [], {}),
        ('lost, and done', True, pair, records(('k', 'v1'), ('l', 'v2')), {'k': 'dv1', 'l': 'dv2'}),
        ('refused, and not done', True, [operation('fail', [('k', 'v1', '')])], [], {}),
        ('a removal of which nothing was heard', True, [operation('ok', [('k', 'v1', '')]), operation('lost', deletes=[('k', None)])],
         records(('k', 'v1'), ('k', '')), {}),
        ('two removed it', False, gone + gone[2:], three, {}),
        ('lost, and another removed it', True, [put[0], operation('lost', [('l', 'v3', None)], [('k', 'v1')]), operation('ok', deletes=[('k', 'v1')])],
         records(('k', 'v1'), ('k', '')), {}),
        ('a record is missing', False, put, two[:1], {'k': 'dv2'}),
        ('a record is missing, and the table, too', False, put, two[:1], {'k': 'dv1'}),
        ('the first record is missing', False, put, two[1:], {'k': 'dv2'}),
        ('a record comes twice', False, put, two + two[1:], {'k': 'dv2'}),
        ('records in the wrong order', False, put, [two[1], two[0]], {'k': 'dv1'}),
        ('values in an order that time forbids', False, [operation('ok', [('k', 'v1', None)], started=5, ended=6),
                                                         operation('ok', [('k', 'v2', None)], started=3, ended=4)], two, {'k': 'dv2'}),
        ('the old image is another', False, put, altered(two, 1, 6, 'dxx'), {'k': 'dv2'}),
        ('the old value is another than the writer saw', False, [put[0], operation('ok', [('k', 'v2', 'v0')])], two, {'k': 'dv2'}),
        ('the table has more', False, put, two, {'k': 'dv2', 'l': 'dv'}),
        ('the table has less', False, put, two, {}),
        ('the table has another', False, put, two, {'k': 'dv1'}),
        ('refused, but done', False, [operation('fail', [('k', 'v1', '')])], two[:1], {'k': 'dv1'}),
        ('rolled back, but done', False, [operation('ok', nevers=['v1'])], two[:1], {'k': 'dv1'}),
        ('half done', False, pair, records(('k', 'v1')), {'k': 'dv1'}),
        ('nobody wrote it', False, [], two[:1], {'k': 'dv1'}),
        ('nobody removed it', False, put, three, {}),
        ('the service did what a writer did', False, gone, altered(three, 2, 8, True), {}),
        ('the service put something', False, put, altered(two, 1, 8, True), {'k': 'dv2'}),
        ('the service removed what had not expired', False, put, altered(records(('k', 'v1'), ('k', 'v2'), ('k', '', True)), 2, 10, '101'), {}),
        ('the service removed what never expires', False, put, altered(records(('k', 'v1'), ('k', 'v2'), ('k', '', True)), 2, 10, None), {}),
        ('the wrong event', False, put, altered(two, 1, 2, 'INSERT'), {'k': 'dv2'}),
        ('a change of nothing', False, put, two + [['shard', '9', 'MODIFY', 'k', 'v2', 'v2', 'dv2', 'dv2', False, 100, None]], {'k': 'dv2'}),
    ]
    wrong = []
    for name, good, operations, rows, table in cases:
        complaints, _ = judge(operations, rows, table)
        if good != (not complaints):
            wrong.append('%s: %s' % (name, complaints))
    if not same_records('a', 'b', two, two[:1]) or same_records('a', 'b', two, list(two)):
        wrong.append('consumers that saw the same, or not')
    return len(cases) + 1, wrong
