"""The two ways to a server under test: signed requests to its endpoint, and libpq.

Both tell three outcomes apart: an answer, Refused (it was not done) and Lost (it may have been done, or not).
Nothing but Python's own library and PostgreSQL's libpq is needed.
"""
import ctypes
import hashlib
import hmac
import http.client
import json
import os
import subprocess
import time

PATIENCE = 180              # seconds without an answer: then the server hangs


class Lost(Exception):
    """The request may or may not have been executed."""


class Refused(Exception):
    """An answer that says: not executed."""

    def __init__(self, name, message, reply=None):
        super().__init__('%s: %s' % (name, message))
        self.name, self.message, self.reply = name, message, reply or {}


class NotConnected(Refused):
    """Not executed, since there was nobody to ask."""

    def __init__(self):
        super().__init__('NotConnected', 'the server does not answer')


def hang(error):
    return isinstance(error, TimeoutError)


class Endpoint:
    """One connection.  Every request carries an AWS Signature Version 4."""

    def __init__(self, port, key, secret):
        self.port, self.key, self.secret = port, key, secret
        self.connection = None
        self.server_errors = []         # [time, status, name, message]
        self.hangs = 0

    def call(self, operation, body):
        target = ('DynamoDBStreams_20120810.' if operation in ('DescribeStream', 'GetShardIterator', 'GetRecords', 'ListStreams')
                  else 'DynamoDB_20120810.') + operation
        text = json.dumps(body).encode()
        if self.connection is None:
            self.connection = http.client.HTTPConnection('127.0.0.1', self.port, timeout=PATIENCE)
            try:
                self.connection.connect()
            except OSError as error:
                self.close()
                raise NotConnected() from error
        try:
            self.connection.request('POST', '/', text, self.headers(target, text))
            response = self.connection.getresponse()
            data = response.read()
        except (OSError, http.client.HTTPException) as error:
            self.hangs += hang(error)
            self.close()
            raise Lost() from error
        reply = json.loads(data)
        if response.status == 200:
            return reply
        name, message = reply.get('__type', '').split('#')[-1], reply.get('message') or reply.get('Message')
        if response.status >= 500:
            self.server_errors.append([time.time(), response.status, name, message])
            raise Lost()
        raise Refused(name, message, reply)

    def headers(self, target, text):
        now = time.gmtime()
        moment, day = time.strftime('%Y%m%dT%H%M%SZ', now), time.strftime('%Y%m%d', now)
        signed = {'content-type': 'application/x-amz-json-1.0', 'host': '127.0.0.1:%d' % self.port, 'x-amz-date': moment,
                  'x-amz-target': target}
        names = ';'.join(sorted(signed))
        canonical = '\n'.join(['POST', '/', '', *('%s:%s' % (name, signed[name]) for name in sorted(signed)), '', names,
                               hashlib.sha256(text).hexdigest()])
        scope = '%s/us-east-1/dynamodb/aws4_request' % day
        key = ('AWS4' + self.secret).encode()
        for part in scope.split('/'):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        to_sign = '\n'.join(['AWS4-HMAC-SHA256', moment, scope, hashlib.sha256(canonical.encode()).hexdigest()])
        signature = hmac.new(key, to_sign.encode(), hashlib.sha256).hexdigest()
        return dict(signed, authorization='AWS4-HMAC-SHA256 Credential=%s/%s, SignedHeaders=%s, Signature=%s' %
                    (self.key, scope, names, signature))

    def close(self):
        if self.connection is not None:
            self.connection.close()
        self.connection = None


def load_libpq():
    names = ['libpq.so.5', 'libpq.so']
    try:
        folder = subprocess.run([os.environ.get('PG_CONFIG', 'pg_config'), '--libdir'], capture_output=True, text=True, check=True)
        names.append(os.path.join(folder.stdout.strip(), 'libpq.so.5'))
    except (OSError, subprocess.CalledProcessError):
        pass
    for name in names:
        try:
            library = ctypes.CDLL(name)
            break
        except OSError:
            continue
    else:
        raise RuntimeError('libpq is not here')
    for function, result, *arguments in (
            ('PQconnectdb', ctypes.c_void_p, ctypes.c_char_p), ('PQstatus', ctypes.c_int, ctypes.c_void_p),
            ('PQfinish', None, ctypes.c_void_p), ('PQclear', None, ctypes.c_void_p),
            ('PQexecParams', ctypes.c_void_p, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int, ctypes.c_void_p,
             ctypes.POINTER(ctypes.c_char_p), ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int),
            ('PQresultStatus', ctypes.c_int, ctypes.c_void_p), ('PQresultErrorField', ctypes.c_char_p, ctypes.c_void_p, ctypes.c_int),
            ('PQntuples', ctypes.c_int, ctypes.c_void_p), ('PQnfields', ctypes.c_int, ctypes.c_void_p),
            ('PQgetisnull', ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_int),
            ('PQgetvalue', ctypes.c_char_p, ctypes.c_void_p, ctypes.c_int, ctypes.c_int),
            ('PQputCopyData', ctypes.c_int, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int),
            ('PQputCopyEnd', ctypes.c_int, ctypes.c_void_p, ctypes.c_char_p), ('PQgetResult', ctypes.c_void_p, ctypes.c_void_p)):
        getattr(library, function).restype = result
        getattr(library, function).argtypes = arguments
    return library


class Postgres:
    """One session, which comes again by itself after it was lost."""

    library = None

    def __init__(self, conninfo):
        if Postgres.library is None:
            Postgres.library = load_libpq()
        self.conninfo, self.connection = conninfo, None

    def run(self, sql, *parameters):
        """Rows of text of one statement."""
        if self.connection is None:
            self.connect()
        values = (ctypes.c_char_p * max(len(parameters), 1))(*(None if p is None else str(p).encode() for p in parameters))
        return self.result(self.library.PQexecParams(self.connection, sql.encode(), len(parameters), None, values, None, None, 0))

    def copy(self, sql, text):
        self.run(sql)
        self.library.PQputCopyData(self.connection, text.encode(), len(text.encode()))
        self.library.PQputCopyEnd(self.connection, None)
        result = self.library.PQgetResult(self.connection)
        while True:
            more = self.library.PQgetResult(self.connection)
            if not more:
                return self.result(result)
            self.library.PQclear(more)

    def connect(self):
        self.connection = self.library.PQconnectdb(self.conninfo.encode())
        if self.library.PQstatus(self.connection) != 0:
            self.close()
            raise NotConnected()

    def result(self, result):
        status = self.library.PQresultStatus(result) if result else 7
        try:
            if status in (1, 4):            # command done, copy begins
                return []
            if status == 2:
                return [[self.library.PQgetvalue(result, i, j).decode() if not self.library.PQgetisnull(result, i, j) else None
                         for j in range(self.library.PQnfields(result))] for i in range(self.library.PQntuples(result))]
            fields = [(self.library.PQresultErrorField(result, ord(c)) or b'').decode() if result else '' for c in 'CM']
        finally:
            if result:
                self.library.PQclear(result)
        # crashes and shutdowns end sessions; whether a commit went through nobody knows then
        if self.library.PQstatus(self.connection) != 0 or fields[0][:3] == '57P' or not fields[0]:
            self.close()
            raise Lost()
        raise Refused(*fields)

    def close(self):
        if self.connection:
            self.library.PQfinish(self.connection)
        self.connection = None
