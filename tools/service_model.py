#!/usr/bin/env python3
"""Writes src/model/NAME_model.c, the public model of one AWS service as C tables.

    pip download --no-deps botocore
    npm pack @aws-sdk/client-dynamodb @aws-sdk/client-dynamodb-streams
    tools/service_model.py dynamodb botocore-*.whl --sdk aws-sdk-client-dynamodb-[0-9]*.tgz > src/model/dynamodb_model.c
    tools/service_model.py dynamodbstreams botocore-*.whl --name streams \
        --sdk aws-sdk-client-dynamodb-streams-*.tgz > src/model/streams_model.c
    tools/service_model.py sts botocore-*.whl --only GetCallerIdentity > src/model/sts_model.c

The model of the botocore wheel is the source: every shape that the input of an operation can reach.  The JavaScript
SDK's schemas carry no constraints; they are read to prove that the wheel is not older than the API: an operation or a
member that only the SDK knows stops the run.  The same files give the same output, byte by byte.

Where a service is known to behave otherwise than its model says, the difference is one of the tables below and
docs/decisions/0004-request-model.md gives the reason.
"""
import argparse
import gzip
import json
import re
import sys
import tarfile
import zipfile

# What a model is of, in its file's first line
TITLES = {'dynamodb': 'DynamoDB', 'streams': 'DynamoDB Streams', 'sts': 'STS'}

KINDS = {'structure', 'list', 'map', 'string', 'blob', 'integer', 'long', 'double', 'boolean', 'timestamp'}

LETTERS = 'abcdefghijklmnopqrstuvwxyz'
HEX = '0123456789abcdef'
DIGITS = '0123456789'
ALPHANUMERIC = LETTERS + LETTERS.upper() + DIGITS


def characters(*ranges):
    return ''.join(chr(code) for first, last in ranges for code in range(first, last + 1))


# Pattern in the model -> what the C matcher needs: the ASCII characters of its one class, whether characters beyond
# ASCII belong to it, the least and greatest number of them (0: no end), the number they come in multiples of, and
# whether the first and last must be letters or digits.
PATTERNS = {
    '[a-zA-Z0-9_.-]+': (ALPHANUMERIC + '_.-', False, 1, 0, 1, False),
    r'\p{Print}+': (characters((0x20, 0x7E)), False, 1, 0, 1, False),
    r'[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF\r\n\t]*':
        (characters((0x20, 0x7F)) + '\r\n\t', True, 0, 0, 1, False),
    '([0-9a-f]{16})+': (HEX, False, 16, 0, 16, False),
    r'^[^\$]+$': (characters((0, 0x7F)).replace('$', ''), True, 1, 0, 1, False),
    r'[,;:|\t ]': (',;:|\t ', False, 1, 1, 1, False),
    r'[\x20-\x21\x23-\x2B\x2D-\x7E]*':
        (characters((0x20, 0x21), (0x23, 0x2B), (0x2D, 0x7E)), False, 0, 0, 1, False),
    r'^[a-z0-9A-Z]+[\.\-\w]*[a-z0-9A-Z]+$': (ALPHANUMERIC + '._-', False, 2, 0, 1, True),
    '[0-9]{12}': (DIGITS, False, 12, 12, 1, False),
}

# Shapes that the service treats otherwise: shape -> attributes to set, or to drop where the value is None.
SHAPE_OVERRIDES = {
    'AttributeName': {'max': None},             # item code knows the limit, and its message
    'AttributeNameList': {'max': 255},
    'ComparisonOperator': {'enum': None},       # code knows these, and the service's own messages
    'TableClass': {'enum': None},               # likewise
    'TagKeyString': {'min': None, 'max': None},
    'TagValueString': {'min': None, 'max': None},
}

# One member that has a variant of its shape: (structure, member) -> (new shape, attributes).
MEMBER_OVERRIDES = {
    ('CreateTableInput', 'KeySchema'): ('TableKeySchema', {'max': 2}),
    ('LocalSecondaryIndex', 'KeySchema'): ('TableKeySchema', {'max': 2}),
    # the operation checks its length, with a text of its own
    ('DescribeContributorInsightsInput', 'IndexName'): ('InsightsIndexName', {'min': None, 'max': None, 'pattern': None}),
    ('UpdateContributorInsightsInput', 'IndexName'): ('InsightsIndexName', {'min': None, 'max': None, 'pattern': None}),
}

# Members that the service requires although the model does not say so.
REQUIRED_OVERRIDES = {
    'CreateTableInput': ['AttributeDefinitions', 'KeySchema'],
}

# Structures whose members the service requires by hand, with texts of its own.
REQUIRED_BY_HAND = {'Tag'}

# Members that were recorded to come after others of the same bucket: ExecuteStatement's Statement after its Limit.
LATER_IN_BUCKET = {'Statement': 1}

# Operations that look at TableName before all other members.
TABLE_NAME_FIRST = ['CreateTable', 'DeleteTable', 'DescribeTable', 'DescribeTimeToLive', 'UpdateTable',
                    'UpdateTimeToLive']

# A name or an ARN: names keep their own limits.  Members with one of these names, and keys of maps, where the model
# says TableArn.
NAME_OR_ARN_MEMBERS = {'TableName'}
TABLE_NAME = {'min': 3, 'max': 255, 'pattern': '[a-zA-Z0-9_.-]+'}

# Shapes whose length is reported before their pattern.
LENGTH_FIRST = {'IndexName', 'TableArn'}


def java_hash(text):
    value = 0
    for character in text:
        value = (31 * value + ord(character)) & 0xFFFFFFFF
    return value


def bucket(text, count):
    """Where Java's hash map with that many buckets keeps a name."""
    value = java_hash(text)
    return (value ^ value >> 16) & (count - 1)


def reported_order(members):
    """
    The order in which the service reports what is wrong with the members of a structure: that of a hash map, which has
    16 buckets and doubles them when it is three quarters full.
    """
    count = 16
    while len(members) > count * 3 // 4:
        count *= 2
    return sorted(sorted(members, key=lambda member: LATER_IN_BUCKET.get(member, 0)),
                  key=lambda member: bucket(member[0].lower() + member[1:], count))


def printed_order(values):
    """The order in which the service prints an enumeration: a hash set's with 32 buckets, the last added first in each."""
    return sorted(reversed(values), key=lambda value: java_hash(value) & 31)


class Model:
    """The shapes of a service that the inputs of its operations reach."""

    def __init__(self):
        self.shapes = {}        # C name -> dict
        self.operations = []    # (name, C name of input)
        self.members = {}       # structure -> set of all members, outputs included: for the comparison with the SDK

    def add_service(self, source, only):
        for name, shape in source['shapes'].items():
            if shape['type'] == 'structure':
                self.members.setdefault(name, set()).update(shape['members'])
        source['shapes'].setdefault('EmptyInput', {'type': 'structure', 'members': {}})
        for name in sorted(set(only) or source['operations']):
            operation = source['operations'][name]
            shape = operation.get('input', {'shape': 'EmptyInput'})['shape']
            if name in TABLE_NAME_FIRST:
                source['shapes'][shape]['table_name_first'] = True
            self.operations.append((name, self.add_shape(source, shape)))

    def add_shape(self, source, name, variant=None, changes=None):
        """Adds a shape and all it refers to; returns its name in C."""
        model = dict(source['shapes'][name])
        if model['type'] not in KINDS:
            sys.exit(f'shape {name}: unknown type {model["type"]}')
        shape = {'name': name, 'type': model['type'], 'table_name_or_arn': False, 'length_first': name in LENGTH_FIRST}
        for attribute in ('min', 'max', 'pattern', 'enum'):
            shape[attribute] = model.get(attribute)
        shape.update(SHAPE_OVERRIDES.get(name, {}))
        shape.update(changes or {})
        if shape['pattern'] is not None and shape['pattern'] not in PATTERNS:
            sys.exit(f'shape {name}: no matcher for the pattern {shape["pattern"]!r}; add it to PATTERNS')

        c_name = variant or name
        known = self.shapes.get(c_name)
        signature = (shape, model.get('members'), model.get('member'), model.get('key'), model.get('value'))
        signature = re.sub(r'"documentation": "(\\.|[^"\\])*"(, )?', '', json.dumps(signature, sort_keys=True))
        if known is not None and known['signature'] == signature:
            return c_name
        if known is not None:
            sys.exit(f'shape {c_name}: there are two of this name')
        shape['signature'] = signature
        self.shapes[c_name] = shape

        if shape['type'] == 'structure':
            required = model.get('required', []) + REQUIRED_OVERRIDES.get(name, [])
            required = [] if name in REQUIRED_BY_HAND else required
            if set(required) - set(model['members']):
                sys.exit(f'shape {name}: required members that it does not have')
            if len(model['members']) > 64:
                sys.exit(f'shape {name}: more members than the bits of a 64-bit mask')
            shape['members'] = []
            for member in reported_order(list(model['members'])):
                reference = model['members'][member]
                if (name, member) in MEMBER_OVERRIDES:
                    variant, changes = MEMBER_OVERRIDES[name, member]
                    target = self.add_shape(source, reference['shape'], variant, changes)
                elif reference['shape'] == 'TableArn' and member in NAME_OR_ARN_MEMBERS:
                    target = self.add_name_or_arn(source)
                else:
                    target = self.add_shape(source, reference['shape'])
                first = model.get('table_name_first', False) and member == 'TableName'
                shape['members'].append((member, target, member in required, first))
        elif shape['type'] == 'list':
            shape['element'] = self.add_shape(source, model['member']['shape'])
        elif shape['type'] == 'map':
            key = model['key']['shape']
            shape['key'] = self.add_name_or_arn(source) if key == 'TableArn' else self.add_shape(source, key)
            shape['element'] = self.add_shape(source, model['value']['shape'])
        return c_name

    def add_name_or_arn(self, source):
        return self.add_shape(source, 'TableArn', 'TableNameOrArn', {**TABLE_NAME, 'table_name_or_arn': True})

    def finish(self):
        """Derives what the walkers ask for: whether a shape, or anything below it, has a constraint to fail."""
        value = self.shapes.get('AttributeValue', {'members': [], 'constrained': False})
        parts = {target for _, target, _, _ in value['members']}
        for name, shape in self.shapes.items():
            shape['nullable_elements'] = shape.get('element') == 'AttributeValue' or name in parts
            shape['constrained'] = (any(shape[attribute] is not None for attribute in ('min', 'max', 'pattern', 'enum'))
                                    or any(required for _, _, required, _ in shape.get('members', []))
                                    or ('element' in shape and not shape['nullable_elements']))
        changed = True
        while changed:
            changed = False
            for shape in self.shapes.values():
                below = [target for _, target, _, _ in shape.get('members', [])]
                below += [shape[part] for part in ('key', 'element') if part in shape]
                if not shape['constrained'] and any(self.shapes[name]['constrained'] for name in below):
                    shape['constrained'] = changed = True
        if value['constrained']:
            sys.exit('AttributeValue has constraints now: item code owns its checks, look at them first')


def compare_with_sdk(model, sdk):
    """Stops when the SDK knows an operation or a member that the wheel does not.  Returns the SDK's version."""
    with tarfile.open(sdk) as archive:
        def read(name):
            return archive.extractfile('package/' + name).read().decode()
        version = json.loads(read('package.json'))
        schema = read('dist-es/schemas/schemas_0.js')
    names = dict(re.findall(r'^const (\w+) = "(.*)";$', schema, re.M))
    structures = re.findall(r'= \[3, n0, (\w+),\s*(?:0|\{[^}]*\}),\s*\[([^\]]*)\]', schema)
    operations = {names[name] for name in re.findall(r'= \[9, n0, (\w+),', schema)}
    missing = operations - {name for name, _ in model.operations}
    for structure, members in structures:
        members = {names[name.strip()] for name in members.split(',') if name.strip()}
        missing |= {names[structure] + '.' + name for name in members - model.members.get(names[structure], set())}
    if not operations or not structures:
        sys.exit(f'{sdk}: no schemas found')
    if missing:
        sys.exit(f'{sdk}: newer than the wheel, which lacks ' + ', '.join(sorted(missing)))
    return f"{version['name']} {version['version']}"


def c_string(text):
    return '"' + text.replace('\\', '\\\\').replace('"', '\\"').replace('?', '\\?') + '"'


def wrapped(head, items, tail):
    """One initialiser, its items on lines of at most 118 columns (a tab counts four)."""
    line = head + '{' + ', '.join(items) + '}' + tail
    if len(line) <= 118:
        return [line]
    lines, current = [head + '{'], ''
    for item in items:
        if current and 4 + len(current) + len(item) + 3 > 118:
            lines.append('\t' + current.rstrip())
            current = ''
        current += item + ', '
    lines.append('\t' + current.rstrip().rstrip(','))
    return lines + ['}' + tail]


def write_pattern(number, pattern):
    ascii_characters, beyond, least, most, multiple, edges = PATTERNS[pattern]
    words = [0, 0, 0, 0]
    for character in ascii_characters:
        words[ord(character) // 32] |= 1 << ord(character) % 32
    return wrapped(f'static const DynShapePattern pattern_{number} = ',
                   ['.text = ' + c_string(pattern), '.ascii = {' + ', '.join(f'0x{word:08x}' for word in words) + '}']
                   + (['.beyond_ascii = true'] if beyond else [])
                   + ([f'.least = {least}'] if least else [])
                   + ([f'.most = {most}'] if most else [])
                   + [f'.multiple = {multiple}']
                   + (['.alphanumeric_ends = true'] if edges else []), ';')


def write_shape(name, shape, patterns):
    lines = []
    fields = ['.name = ' + c_string(shape['name']), '.kind = DYN_SHAPE_' + shape['type'].upper()]
    for flag in ('constrained', 'nullable_elements', 'table_name_or_arn', 'length_first'):
        if shape[flag]:
            fields.append(f'.{flag} = true')
    for bound in ('min', 'max'):
        if shape[bound] is not None:
            fields += [f'.has_{bound} = true', f'.{bound} = {shape[bound]}']
    if shape['pattern'] is not None:
        fields.append(f'.pattern = &pattern_{patterns.index(shape["pattern"])}')
    if shape['enum'] is not None:
        lines += wrapped(f'static const char *const enum_{name}[] = ',
                         [c_string(value) for value in printed_order(shape['enum'])], ';')
        fields += [f'.enum_count = {len(shape["enum"])}', f'.enums = enum_{name}']
    if shape.get('members'):
        lines.append(f'static const DynShapeMember members_{name}[] = {{')
        mask = 0
        for number, (member, target, required, first) in enumerate(shape['members']):
            mask |= int(required) << number
            flags = ', '.join(str(flag).lower() for flag in ((required, first) if first else (required,)))
            lines.append(f'\t{{{c_string(member)}, {len(member)}, &shape_{target}, {flags}}},')
        lines.append('};')
        fields += [f'.member_count = {len(shape["members"])}', f'.members = members_{name}']
        if mask:
            fields.append(f'.required_members = UINT64CONST(0x{mask:x})')
    for part in ('key', 'element'):
        if part in shape:
            fields.append(f'.{part} = &shape_{shape[part]}')
    return lines + wrapped(f'static const DynShape shape_{name} = ', fields, ';')


def write(model, stem, versions):
    names = sorted(model.shapes)
    patterns = sorted({shape['pattern'] for shape in model.shapes.values() if shape['pattern'] is not None})
    lines = ['/*', f' * The public model of {TITLES.get(stem, stem)} as data.  Generated by tools/service_model.py; do not edit.', ' *',
             ' * From ' + versions[0] + ('; nothing newer in ' + ', '.join(versions[1:]) if versions[1:] else '') + '.',
             ' */', '#include "postgres.h"', '', '#include "model/model.h"', '']
    for number, pattern in enumerate(patterns):
        lines += write_pattern(number, pattern)
    lines.append('')
    lines += [f'static const DynShape shape_{name};' for name in names]
    for name in names:
        lines += [''] + write_shape(name, model.shapes[name], patterns)
    lines += ['', 'static const DynModelOperation operations[] = {']
    lines += [f'\t{{"{name}", &shape_{shape}}},' for name, shape in model.operations]
    lines += ['};', '', f'const DynModel dyn_model_{stem} = {{operations, lengthof(operations)}};']
    print('\n'.join(lines))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('service', help='its folder in botocore/data')
    parser.add_argument('wheel', help='a botocore wheel')
    parser.add_argument('--name', help='what the model is called here, when that is not the folder')
    parser.add_argument('--sdk', action='append', default=[], help='an npm tarball of the JavaScript SDK to compare with')
    parser.add_argument('--only', action='append', default=[], help='an operation to take; all without it')
    arguments = parser.parse_args()

    model = Model()
    with zipfile.ZipFile(arguments.wheel) as wheel:
        pattern = re.compile(rf'botocore/data/{re.escape(arguments.service)}/[0-9-]+/service-2\.json(\.gz)?')
        paths = sorted(name for name in wheel.namelist() if pattern.fullmatch(name))
        if not paths:
            sys.exit(f'{arguments.wheel}: no service {arguments.service}')
        data = wheel.read(paths[-1])
        model.add_service(json.loads(gzip.decompress(data) if paths[-1].endswith('.gz') else data), arguments.only)
        metadata = next(name for name in wheel.namelist() if name.endswith('.dist-info/METADATA'))
        version = re.search(r'^Version: (.*)$', wheel.read(metadata).decode(), re.M).group(1)
    model.finish()
    write(model, arguments.name or arguments.service,
          [f'botocore {version}'] + [compare_with_sdk(model, sdk) for sdk in arguments.sdk])


if __name__ == '__main__':
    main()
