"""A consumer of a whole stream that works as the Kinesis Client Library's adapter does.

It finds shards with DescribeStream, page by page, or the children of a shard that has ended with ShardFilter.  A shard is read
when its parent has been read to the end.  A checkpoint is kept per shard; whenever the connection, the server or (by dice) the
consumer itself is gone, reading goes on with AFTER_SEQUENCE_NUMBER of the checkpoint.  What is read again must be what was
read before.

Every record becomes a line of the consumer's file: [shard, sequence number, event, key, old w, new w, digest of the old image,
digest of the new one, by the service?, created, the old image's expires].  Digests are '' for no image.
"""
import collections
import hashlib
import json
import random
import threading
import time

from client import Endpoint, Lost, NotConnected, Refused

SERVICE = {'PrincipalId': 'dynamodb.amazonaws.com', 'Type': 'Service'}
MARKERS = 48                # items that are put at the end; each shard gets some, and whoever has seen all has seen everything
REMEMBERED = 5000           # records of a shard that can be compared when they are read again


def digest(image):
    return hashlib.md5(json.dumps(image, sort_keys=True).encode()).hexdigest()[:20] if image else ''


def row_of(shard, record):
    change = record['dynamodb']
    old, new = change.get('OldImage'), change.get('NewImage')
    return [shard, change['SequenceNumber'], record['eventName'], '%s/%s' % (change['Keys']['p']['S'], change['Keys']['r']['N']),
            old.get('w', {}).get('S', '') if old else '', new.get('w', {}).get('S', '') if new else '', digest(old), digest(new),
            record.get('userIdentity') == SERVICE if 'userIdentity' in record else False,
            change['ApproximateCreationDateTime'], (old or {}).get('expires', {}).get('N')]


class Shard:
    def __init__(self, name, parent):
        self.name, self.parent = name, parent
        self.checkpoint = None          # last sequence number whose record is surely processed
        self.last = ''                  # last one that was ever read
        self.iterator = None
        self.ended = False
        self.recent = collections.OrderedDict()


class Consumer(threading.Thread):
    def __init__(self, name, arn, file, endpoint, stop, crashes=True, by_filter=False):
        super().__init__()
        self.name, self.arn, self.file, self.endpoint, self.stop = name, arn, file, endpoint, stop
        self.crashes, self.by_filter = crashes, by_filter
        self.random = random.Random(name)
        self.shards = {}
        self.complaints = []
        self.events = set()
        self.markers = set()
        self.counts = collections.Counter()
        self.longest_pause = 0

    def complain(self, text):
        if len(self.complaints) < 50:
            self.complaints.append('%s: %s' % (self.name, text))

    def run(self):
        looked = 0
        stopped = None
        try:
            while len(self.markers) < MARKERS:
                if stopped is None and self.stop.is_set():
                    stopped = time.monotonic()
                if stopped and time.monotonic() > stopped + 600:
                    self.complain('the stream does not come to its end: %d of %d markers' % (len(self.markers), MARKERS))
                    break
                try:
                    if time.monotonic() > looked + 1:
                        self.discover()
                        looked = time.monotonic()
                    if self.crashes and self.random.random() < 0.005:
                        self.crash()
                    if not self.round():
                        time.sleep(0.1)
                except (Lost, NotConnected):
                    self.counts['connections lost'] += 1
                    self.crash()
                    time.sleep(0.2)
            self.discover()
        except Exception as error:                          # shown by the main program
            self.complain(repr(error))
        self.endpoint.close()
        self.file.close()

    def call(self, operation, **body):
        return self.endpoint.call(operation, body)

    # ---- shards

    def discover(self):
        """All pages of DescribeStream, of random length."""
        start = {}
        while True:
            page = self.call('DescribeStream', StreamArn=self.arn, Limit=self.random.randint(1, 20), **start)['StreamDescription']
            self.learn(page['Shards'])
            if 'LastEvaluatedShardId' not in page:
                return
            start = {'ExclusiveStartShardId': page['LastEvaluatedShardId']}

    def learn(self, shards):
        for shard in shards:
            name, bounds = shard['ShardId'], shard['SequenceNumberRange']
            known = self.shards.get(name)
            if known is None:
                known = self.shards[name] = Shard(name, shard.get('ParentShardId'))
                known.start = bounds['StartingSequenceNumber']
                known.end = None
                self.counts['shards'] += 1
            if known.start != bounds['StartingSequenceNumber'] or known.parent != shard.get('ParentShardId'):
                self.complain('%s has changed: %s' % (name, shard))
            if known.end not in (None, bounds.get('EndingSequenceNumber')):
                self.complain('%s ended with %s and now with %s' % (name, known.end, bounds.get('EndingSequenceNumber')))
            known.end = bounds.get('EndingSequenceNumber')

    def is_due(self, shard):
        parent = self.shards.get(shard.parent)
        return not shard.ended and (parent is None or parent.ended)

    def crash(self):
        """Everything but the checkpoints is lost."""
        self.counts['resumed'] += 1
        for shard in self.shards.values():
            shard.iterator = None

    # ---- records

    def round(self):
        found = 0
        for shard in [shard for shard in self.shards.values() if self.is_due(shard)]:
            found += self.read(shard)
        return found

    def read(self, shard):
        if shard.iterator is None:
            place = ({'ShardIteratorType': 'TRIM_HORIZON'} if shard.checkpoint is None
                     else {'ShardIteratorType': 'AFTER_SEQUENCE_NUMBER', 'SequenceNumber': shard.checkpoint})
            shard.iterator = self.call('GetShardIterator', StreamArn=self.arn, ShardId=shard.name, **place)['ShardIterator']
            self.counts['iterators'] += 1
        started = time.monotonic()
        reply = self.call('GetRecords', ShardIterator=shard.iterator, Limit=self.random.choice([1, 10, 100, 1000, 1000, 1000]))
        self.longest_pause = max(self.longest_pause, time.monotonic() - started)
        shard.iterator = reply.get('NextShardIterator')
        for record in reply['Records']:
            self.process(shard, record)
        # a checkpoint is not made with every page
        if self.random.random() < 0.3:
            shard.checkpoint = shard.last or None
        if shard.iterator is None:
            self.end(shard)
        elif self.random.random() < 0.02:
            shard.checkpoint = shard.last or None
            shard.iterator = None
        return len(reply['Records'])

    def process(self, shard, record):
        row = row_of(shard.name, record)
        number = row[1]
        self.counts['records read'] += 1
        if record['dynamodb']['StreamViewType'] != 'NEW_AND_OLD_IMAGES' or record['eventSource'] != 'aws:dynamodb':
            self.complain('strange: %s' % record)
        if 'userIdentity' in record and record['userIdentity'] != SERVICE:
            self.complain('strange identity: %s' % record)
        if number <= shard.last:
            before = shard.recent.get(number)
            if before != row + [record['eventID']]:
                self.complain('%s was %s, read again it is %s' % (number, before, row))
            return
        if number < shard.start or (shard.end is not None and number > shard.end):
            self.complain('%s lies outside of %s' % (number, shard.name))
        if record['eventID'] in self.events:
            self.complain('eventID %s comes twice' % record['eventID'])
        self.events.add(record['eventID'])
        shard.last = number
        shard.recent[number] = row + [record['eventID']]
        if len(shard.recent) > REMEMBERED:
            shard.recent.popitem(last=False)
            # who has not checkpointed for so long does it now
            shard.checkpoint = max(shard.checkpoint or '', number)
        self.file.write(json.dumps(row) + '\n')
        self.counts['records'] += 1
        if row[3].startswith('end'):
            self.markers.add(row[3])

    def end(self, shard):
        shard.ended = True
        shard.recent.clear()
        self.counts['shards read to the end'] += 1
        if self.by_filter:
            page = self.call('DescribeStream', StreamArn=self.arn, ShardFilter={'Type': 'CHILD_SHARDS', 'ShardId': shard.name})['StreamDescription']
            self.learn(page['Shards'])
            if len(page['Shards']) != 1 or page['Shards'][0].get('ParentShardId') != shard.name:
                self.complain('the children of %s are %s' % (shard.name, page['Shards']))
        else:
            self.discover()
