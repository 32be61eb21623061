"""
Known deviations of the peers, each with its reason.

A rule explains a difference when its patterns match both outcomes, written "200 {members that differ}" or
"400 ValidationException: text".  Its source says why AWS is on our side:

    document   AWS's documentation, or the service model (botocore)
    reports    texts and behaviour that people report from AWS, Alternator's tests (which pass on AWS) among them
    recorded   answers of AWS that public projects recorded
    parser     AWS's own parser of PartiQL, which is public
    dynalite   of dynoxide, where it differs from what dynalite says, which was written by testing against AWS, and from ours
    peers      of dynalite, which is older: dynoxide, whose answers follow recorded ones of AWS, answers as we do
    itself     the peer cannot mean it: it fails, contradicts itself, or says that it lacks the feature
    nobody     nobody knows what AWS does; the two answers are both plausible, and neither is documented

A new kind of difference matches no rule.  So patterns name the texts on both sides; a rule that takes any text on one
side names a text that only this deviation has on the other.
"""
import ast
import json
import re
from typing import Callable, NamedTuple, Optional


class Rule(NamedTuple):
    peer: str           # 'dynoxide' or 'dynalite'
    operations: str     # patterns of the operation and of both outcomes
    ours: str
    theirs: str
    source: str
    reason: str
    when: Optional[Callable] = None     # (our outcome, their outcome, request) -> bool


# ---- texts

V = '400 ValidationException: '
INVALID = V + 'One or more parameter values were invalid: '
MODEL = V + r'\d+ validation errors? detected: .*'
SERIALIZATION = '400 SerializationException: .*'
SCALARS = V + r"Key attributes must be scalars; list random access '\[\]' and map lookup '\.' are not allowed: (Index)?Key: .*"
MIXTURE = V + 'Can not use both expression and non-expression parameters in the same request: .*'
CANCELED = '400 TransactionCanceledException: Transaction cancelled, please refer cancellation reasons for specific reasons .*'

# errors of expressions that need no look at the table
EXPRESSION = V + (r'(Invalid (Update|Condition|Filter|Projection|KeyCondition)Expression: .*'
                  r'|Value provided in ExpressionAttribute(Names|Values) unused in expressions: .*'
                  r'|ExpressionAttribute(Names|Values) (contains invalid|must not be empty|can only be specified|exceeds).*'
                  r'|Invalid (operator used|condition) in KeyConditionExpression: .*|KeyConditionExpressions .*)')
# errors of attribute values and of legacy parameters, likewise
VALUE = (r'400 ValidationException: (ExpressionAttributeValues contains invalid value: |The provided starting key is invalid: )?'
         r'(Attribute name is too large, .*|The parameter cannot be converted to a numeric value.*|Number (overflow|underflow)\. .*|Attempting to store more than 38 .*|Supplied AttributeValue .*'
         r'|Input collection contains duplicates.*|One or more parameter values were invalid: (An (string|number) set .*|Binary sets .*|Input collection .*|Null attribute value .*))')
LEGACY = INVALID + (r'(ComparisonOperator .* is not valid for .*|Invalid number of argument\(s\) for the .*|AttributeValues inside AttributeValueList .*|ConditionalOperator .*'
                    r'|Value .*|Exists and ComparisonOperator .*|AttributeValueList can only .*|Only DELETE action .*|(ADD|DELETE) action .*|Duplicate value in attribute name: .*'
                    r'|ComparisonOperator must be .*)|' + V + r'(The BETWEEN condition was provided .*|Conditions can be of length 1 or 2 only|Attempted conditional constraint .*)')
# keys and items that do not fit the table
KEY = (V + r'The provided key element does not match the schema|' + INVALID + r'(Missing the key .* in the item|Type mismatch for key .* expected: .* actual: .*|Size of hashkey .*'
       r'|Aggregated size of all range keys .*|Cannot update attribute .*)|' + V + r'One or more parameter values are not valid\. .*')
INDEX_KEY = INVALID + r'Type mismatch for Index Key .*|' + V + r'(The update expression attempted to update the secondary index key to unsupported type|One or more parameter values are not valid\. The update expression .*)'
START_KEY = V + (r'(The provided starting key is invalid.*|The provided starting key is outside query boundaries .*|The provided starting key does not match the range key predicate'
                 r'|The provided exclusive start key is invalid.*|The query can return at most one row and cannot be restarted)')
SEGMENT = V + 'The (Total)?Segments? parameter is .*'
SELECT = V + r'(Must specify the AttributesToGet .*|Cannot specify the (AttributesToGet|ProjectionExpression) when .*|ALL_PROJECTED_ATTRIBUTES can .*|.*Select type ALL_ATTRIBUTES is not .*)'
NOT_PROJECTED = INVALID + r'(Global secondary|Secondary) index .* does not project .*'
NOT_FOUND = '400 ResourceNotFoundException: .*'
CONDITION_FAILED = '400 ConditionalCheckFailedException: .*'

# ---- conditions on both sides

def member_names(outcome):
    """The members in which two answers of status 200 differ."""
    return set(json.loads(outcome[4:])) if outcome.startswith('200 {') else set()


def units(outcome):
    return sum(float(number) for number in re.findall(r'"CapacityUnits": ([\d.]+)', outcome))


def only(*names):
    return lambda ours, theirs, request: member_names(ours) == set(names)


def some(*names):
    return lambda ours, theirs, request: bool(member_names(ours)) and member_names(ours) <= set(names)


NUMBER = re.compile(r'"N": "([^"]*)"|"(-?[\d.]+(?:[eE][-+]?\d+)?)"')


def plain_numbers(text):
    from decimal import Decimal, InvalidOperation

    def plain(match):
        try:
            return '"%s"' % (Decimal(match.group(1) or match.group(2)).normalize() + 0)
        except InvalidOperation:
            return match.group(0)
    return NUMBER.sub(plain, re.sub(r'"NS": \[([^\]]*)\]', lambda match: '"NS": [%s]' % ', '.join(sorted(plain_numbers_list(match.group(1)))), text))


def plain_numbers_list(text):
    return [plain_numbers(one) for one in text.split(', ')] if text else []


def without(pattern):
    """The two are the same apart from what the pattern matches."""
    return lambda ours, theirs, request: re.sub(pattern, '', ours) == re.sub(pattern, '', theirs)


def several(parameter):
    """The request names several things of which another may be wrong."""
    return lambda ours, theirs, request: len(re.findall(parameter, json.dumps(request))) > 1


def in_indexed_table(ours, theirs, request):
    return 'diff.Pair' in json.dumps(request)

# what an update can find wrong with an item
UPDATE_ON_ITEM = V + (r'(The document path provided in the update expression is invalid for update|The provided expression refers to an attribute that does not exist in the item'
                      r'|An operand in the update expression has an incorrect data type|Type mismatch for attribute to update|Item size .*|Number overflow.*|Attempting to store more than 38 .*|DynamoDB only supports precision up to 38 digits)')
# table definitions
TABLE = (INVALID + r'(Number of attributes in KeySchema .*|Some AttributeDefinitions are not used.*|Table KeySchema .*|List of (Local|Global)SecondaryIndexes is empty|.*ProjectionType.*'
         r'|.*ProvisionedThroughput.*|.*BillingMode.*|.*KeySchema.*|Index .*|.*NonKeyAttributes.*|.*Unknown ProjectionType.*|ReadCapacityUnits .*|Duplicate .*|.*index.*)|'
         + V + r'(Invalid KeySchema: .*|Attribute Name is duplicated: .*|Hash Key .*|.*throughput.*)')
# members and constraints that came after dynalite
NOT_IN_DYNALITE = r"at '(returnValuesOnConditionCheckFailure|totalSegments|streamSpecification\..*|deletionProtectionEnabled|attributeUpdates\.[^']*|[^']*\.member)'"


def mistakes(outcome):
    """The text of an error without what is special to the request: several mistakes show in different ones."""
    return re.sub(r'(; )?(path one|path two|token|near|(?<!invalid )key|operator|operator or function|operand type|attribute name|attribute value|first operand|reserved keyword|function|index|lower bound operand|upper bound operand)s?: .*', '', outcome)


def same_constraints(ours, theirs, request):
    """The same constraints of the same members fail, whatever their values look like."""
    found = [set(re.findall(r" at '([^']*)' failed to satisfy constraint: (\w[^;]*)", outcome)) for outcome in (ours, theirs)]
    return found[0] == found[1] or len(re.findall(' at ', ours)) > 1


def without_definitions(outcome, *others):
    return {name: value for name, value in json.loads(outcome[4:])['TableDescription'].items() if name not in ('AttributeDefinitions', *others)}


ORDER = 'it checks in another order'

PREFIX = '(1 validation error detected: )?'
SCALAR_KEYS = V + r"Key attributes must be scalars; list random access '\[\]' and map lookup '\.' are not allowed: (Index)?Key: .*"
ORDERED = V + PREFIX + r'Invalid (Condition|Filter)Expression: Incorrect operand type for operator or function; operator or function: (<|<=|>|>=|BETWEEN), operand type: (BOOL|NULL|SS|NS|BS|L|M)'
DISTINCT = V + PREFIX + r'Invalid (Condition|Filter)Expression: The first operand must be distinct from the remaining operands for this operator or function; operator: (<|<=|>|>=|=|<>|BETWEEN|IN), first operand: .*'
FUNCTION_OPERAND = V + PREFIX + r'Invalid (Condition|Filter)Expression: Incorrect operand type for operator or function; operator or function: (begins_with|contains|attribute_type|size), operand type: (\w+)'
UPDATE_OPERAND = V + PREFIX + r'Invalid UpdateExpression: Incorrect operand type for operator or function; operator: (ADD|DELETE), operand type: \w+, typeSet: ALLOWED_FOR_(ADD|DELETE)_OPERAND'
# what a request may come to after its expressions have been looked at
LATER = '200.*|' + CONDITION_FAILED + '|' + CANCELED + '|' + NOT_FOUND + '|' + KEY + '|' + INDEX_KEY + '|' + UPDATE_ON_ITEM + '|' + START_KEY + '|' + SCALAR_KEYS + '|' + V + PREFIX + \
    r'(Value provided in ExpressionAttribute(Names|Values) unused in expressions: .*|Invalid \w+Expression: .*|The table does not have the specified index: .*|Filter Expression can only contain .*)'
SERDE = r'(missing field `\w+`|expected \w+ for \w+|invalid type: .*, expected .*) at line \d+ column \d+'


def expected_typeset(ours, theirs, request):
    return re.sub('ALLOWED_FOR_DELETE', 'ALLOWED_FOR_ADD', ours) == theirs


def same_after(ours_part, theirs_part=''):
    """The two are the same once a part of ours is replaced."""
    def check(ours, theirs, request):
        return ours.replace(ours_part, theirs_part, 1) == theirs
    check.knows_envelope = True
    return check


def without_envelope(outcome):
    return outcome.replace('1 validation error detected: ', '', 1)


def not_there(ours, theirs, request):
    """Stored: items that are their keys alone there, and none here."""
    ours, theirs = (ast.literal_eval(outcome.split(': ', 1)[1]) for outcome in (ours, theirs))
    return {*ours} == {*theirs} and not any(ours.values()) and all(re.fullmatch(r'\{("c": \{[^{}]*\}, )?"p": \{[^{}]*\}\}', str(value)) for value in theirs.values())


def with_key_conditions(ours, theirs, request):
    """Is KeyConditions the only one of the older parameters?"""
    return 'KeyConditions' in request and 'Non-expression parameters: {KeyConditions} ' in theirs


def reasons(outcome):
    found = re.search(r'specific reasons \[([^\]]*)\]', outcome)
    return found.group(1).split(', ') if found else []


def keys_alone(ours, theirs, request):
    """Does it have more reasons, and ours none but those of keys?"""
    ours, theirs = reasons(ours), reasons(theirs)
    return len(ours) == len(theirs) and {*ours} == {'None', 'ValidationError'} and all(one in ('None', other) for one, other in zip(ours, theirs)) and ours != theirs


def only_paths_apart(ours, theirs, request):
    """Do the reasons differ only where an update takes away a path?"""
    actions, ours, theirs = request.get('TransactItems') or [], reasons(ours), reasons(theirs)
    if not ours or not len(ours) == len(theirs) == len(actions):
        return False
    return all(one == other or one == 'None' and other == 'ValidationError' and re.search(r'(REMOVE|DELETE)\b.*[.\[]', str(action.get('Update', {}).get('UpdateExpression')), re.I)
               for one, other, action in zip(ours, theirs, actions))


def printed_objects(ours, theirs, request):
    """The same constraint of the same member, whose value holds objects."""
    constraint = r"' at '([^']*)' failed to satisfy constraint: (.*)"
    return re.search(r'com\.amazonaws\.dynamodb\.v20120810\.\w+@[0-9a-f]+', ours) is not None and re.search(r'\w+Request\(|TransactWriteItem\(|TransactGetItem\(|Get\(', theirs) is not None and \
        [part.groups() for part in re.finditer(constraint, ours)] == [part.groups() for part in re.finditer(constraint, theirs)]


def same_names(ours, theirs, request):
    """The same unused names or values, in another order."""
    lists = [re.fullmatch(r'(.*unused in expressions: keys: )\{(.*)\}', outcome, re.S) for outcome in (ours, theirs)]
    return all(lists) and lists[0].group(1) == lists[1].group(1) and sorted(lists[0].group(2).split(', ')) == sorted(lists[1].group(2).split(', '))


def named(pattern, *members):
    """The pattern is in these members of the request, or anywhere in it."""
    return lambda ours, theirs, request: re.search(pattern, json.dumps({name: request.get(name) for name in members} if members else request, ensure_ascii=False), re.I) is not None


def more_found(ours, theirs, request):
    """Its filter lets through what ours does, and more."""
    counts = [json.loads(outcome[4:]).get('Count') for outcome in (ours, theirs)]
    return some('Items', 'Count', 'LastEvaluatedKey')(ours, theirs, request) and None not in counts and counts[0] < counts[1]


def refused_paths(ours, theirs, request):
    """The only reasons that differ are of actions that name a path into a key."""
    actions, ours, theirs = request.get('TransactItems') or [], reasons(ours), reasons(theirs) or ['None'] * len(request.get('TransactItems') or [])
    keys = {'diff.Pair': '[pcgrx]', 'diff.Hash': 'p'}
    return len(ours) == len(theirs) == len(actions) and 'ValidationError' in ours and all(one in (other, 'None') or one == 'ValidationError' and re.search(
        r'(\b%s|#\w+)[.\[]' % keys.get(str(next(iter(action.values())).get('TableName')), '[pc]'), json.dumps(action)) for one, other, action in zip(ours, theirs, actions))


def names_null(value):
    return value is None or isinstance(value, dict) and any(map(names_null, value.values())) or isinstance(value, list) and any(map(names_null, value))


def parts_differ(outcome):
    """Is there a table whose units are not those of its parts?"""
    return any(abs(one.get('CapacityUnits', 0) - sum(part.get('CapacityUnits', 0) for part in [one.get('Table', {}), *one.get('GlobalSecondaryIndexes', {}).values(), *one.get('LocalSecondaryIndexes', {}).values()])) > 0.01
               for one in json.loads(outcome[4:]).get('ConsumedCapacity') or [] if 'Table' in one)


def envelope_of_empty_values(ours, theirs, request):
    return '{}' in json.dumps(request) and '1 validation error detected: ' + ours.split(': ', 1)[1] == theirs.split(': ', 1)[1]


envelope_of_empty_values.knows_envelope = True


def same_printed(ours, theirs, request):
    """The same constraint of the same list of objects, as the last of the errors."""
    constraint = r"' at '([^']*)' failed to satisfy constraint: ([^;]*)"
    found = [{*re.findall(constraint, outcome)} for outcome in (ours, theirs)]
    return 'com.amazonaws.dynamodb.v20120810.' in ours and re.search(r'KeySchemaElement\(|WriteRequest\(|TransactWriteItem\(', theirs) is not None and found[0] >= found[1] and bool(found[1])


RECORDED_SYNTAX = r"(Expected data manipulation|Expected RIGHT_\w+|Unexpected (term|keyword|operator|token after (expression|semicolon).*)|Missing right-hand side expression of infix operator|Expected identifier for simple path)"
MALFORMED = r"(Validation failed in TransactStatements\[\d+\]: )?Statement wasn't well formed, can't be processed: (.*)"


def own_parser(ours, theirs, request):
    """A statement is not well formed to us, and it says so in words that nobody has recorded, or not at all."""
    def members(outcome):
        return [str(text) for text in batch_messages(outcome)] if outcome.startswith('200 {') else [outcome.split(': ', 1)[-1]]
    left, right = members(ours), members(theirs)
    apart = [(one, other) for one, other in zip(left, right) if one != other]

    def unlike(one, other):
        mine, its = re.fullmatch(MALFORMED, one, re.S), re.fullmatch(MALFORMED, other, re.S)
        return mine is not None and (re.fullmatch(RECORDED_SYNTAX, its.group(2), re.S) is None if its else re.search('Aliasing is not supported|Unsupported operation|must not be|^200', other) is not None)
    return len(left) == len(right) and bool(apart) and all(unlike(one, other) for one, other in apart)


def batch_messages(outcome):
    """What a batch of statements says of its members: codes and texts, None for one that ran."""
    return [(one.get('Error') or {}).get('Message') for one in json.loads(outcome[4:]).get('Responses') or []] if outcome.startswith('200 {') else []


def batch_apart(mine, other, tables=False):
    """The members that differ have these texts; or, with tables, the same text, and differ in the table's name."""
    def check(ours, theirs, request):
        left, right = ([one for one in json.loads(outcome[4:]).get('Responses') or []] if outcome.startswith('200 {') else [] for outcome in (ours, theirs))
        apart = [(one, another) for one, another in zip(left, right) if one != another]
        return bool(apart) and len(left) == len(right) and all(
            re.fullmatch(mine, str((one.get('Error') or {}).get('Message')), re.S) and re.fullmatch(other, str((another.get('Error') or {}).get('Message')), re.S) and
            (not tables or one.get('Error') == another.get('Error')) for one, another in apart)
    return check


OWN_SYNTAX = V + (r"(Invalid (Projection|KeyCondition|Update|Filter|Condition)Expression: )?(Expected (\]|attribute name|value reference|identifier).*|Unexpected (operator|token) in \w+: .*|Expected .*, got .*)")
EMPTY_VALUE = V + 'Supplied AttributeValue is empty, must contain exactly one of the supported datatypes'
UNUSED = V + PREFIX + 'Value provided in ExpressionAttribute(Names|Values) unused in expressions: .*'
UNDEFINED = V + PREFIX + r'Invalid \w+Expression: An expression attribute (value used in expression|name used in the document path) is not defined; .*'
SELECT_ALONE = V + '1 validation error detected: (Must specify the AttributesToGet .*|Cannot specify the (AttributesToGet|ProjectionExpression) when .*|ALL_PROJECTED_ATTRIBUTES can .*)'
SELECT_OLD = SELECT_ALONE.replace('1 validation error detected: ', '')

DYNOXIDE_RULES = [
    # ---- it lacks something, or contradicts itself
    Rule('dynoxide', 'DescribeLimits', '200', '400 UnknownOperationException: None', 'itself', 'it lacks the operation'),
    Rule('dynoxide', '.*', V + r"\d+ validation errors? detected: Value null at '.*' failed to satisfy constraint: Member must not be null.*|" + SERIALIZATION, '400 (Validation|Serialization)Exception: ' + SERDE, 'itself',
         'it shows a message of its JSON library'),
    Rule('dynoxide', '.*', '400 SerializationException: (?!TRUE_VALUE).*', '400 SerializationException: TRUE_VALUE cannot be converted to String', 'itself', 'it calls every wrong scalar TRUE_VALUE'),
    Rule('dynoxide', '.*(Statement|Transaction)', '.*', r'.*Parameter placeholders inside (nested )?(map|list|set) literals are not (yet|yet fully|fully) supported.*', 'itself', 'it takes no parameters inside values'),
    Rule('dynoxide', 'TransactWriteItems|ExecuteTransaction', V + r"1 validation error detected: Value '' at 'clientRequestToken' failed to satisfy constraint: Member must have length greater than or equal to 1", '.*', 'document',
         'it takes an empty token; the service model wants a character',
         lambda ours, theirs, request: request.get('ClientRequestToken') == ''),

    # ---- expressions
    Rule('dynoxide', 'UpdateItem|TransactWriteItems', UPDATE_OPERAND, UPDATE_OPERAND, 'reports', 'it names the type set of ADD for DELETE; AWS does not (typedorm/typedorm#264)', expected_typeset),
    Rule('dynoxide', 'TransactWriteItems', UPDATE_OPERAND, LATER, 'itself', 'it looks at the operands of ADD and DELETE when it updates; in UpdateItem before'),
    Rule('dynoxide', '.*', ORDERED, LATER, 'reports', 'it lets <, <=, >, >= and BETWEEN compare with what has no order; AWS refuses that before it looks at any item (ExtendDB/extenddb#216); PartiQL here and there does, too'),
    Rule('dynoxide', '.*', SCALAR_KEYS, '200.*|' + CONDITION_FAILED + '|' + CANCELED + '|' + UPDATE_ON_ITEM + '|' + KEY, 'reports', "it minds paths into keys in some filters only; Alternator's tests have the text of AWS for updates, dynalite for the others"),
    Rule('dynoxide', '(TransactWrite|Update)Items?', '200.*', V + 'The document path provided in the update expression is invalid for update', 'reports', "AWS lets REMOVE of a path pass when there is no item (Alternator's tests)"),
    Rule('dynoxide', '(TransactWrite|Update)Items?|ExecuteTransaction', 'stored in .*', 'stored in .*', 'reports', "it makes an item of an update that only removes; AWS does not (Alternator's tests)",
         lambda ours, theirs, request: not_there(ours, theirs, request) and re.search('REMOVE|DELETE', json.dumps(request)) is not None),
    Rule('dynoxide', 'UpdateItem', r'200 \{"Attributes": null.*\}', r'200 \{"Attributes": .*', 'reports', "it makes an item of an update that only removes; AWS does not (Alternator's tests)",
         lambda ours, theirs, request: re.search('REMOVE|DELETE', json.dumps(request)) is not None),
    Rule('dynoxide', 'Query', '200.*|400 .*', MIXTURE, 'reports', "it takes KeyConditions for one of the parameters that may not be mixed; the texts in Alternator's tests do not name it", with_key_conditions),
    Rule('dynoxide', 'Query', V + 'Invalid KeyConditionExpression: .*', V + '.*', 'reports', 'it leaves out the beginning of a text (awslabs/aws-athena-query-federation#1087)', same_after('Invalid KeyConditionExpression: ')),
    Rule('dynoxide', 'UpdateItem', V + '1 validation error detected: One or more parameter values were invalid: (Only DELETE action is allowed .*|(ADD|DELETE) action .*)', INVALID + '(Only DELETE|ADD|DELETE) action .*', 'recorded',
         'it leaves out the beginning that all errors of UpdateItem itself have (five groups of recordings)', same_after('1 validation error detected: ')),

    Rule('dynoxide', '(Put|Update|Delete)Item|TransactWriteItems|Query|Scan', V + '.*Syntax error; token: "<EOF>", near: .*', V + '.*Syntax error; token: "<EOF>", near: .*', 'recorded', 'it leaves out spaces at the end, which recordings of expressions of spaces have',
         lambda ours, theirs, request: re.sub(' +"$', '"', ours) == theirs),
    Rule('dynoxide', 'UpdateItem|TransactWriteItems', UPDATE_OPERAND, UPDATE_OPERAND, 'dynalite', 'it writes Binary and BINARY', lambda ours, theirs, request: ours.upper() == theirs.upper()),
    Rule('dynoxide', 'UpdateItem|TransactWriteItems', UPDATE_OPERAND, UPDATE_OPERAND, 'reports', 'it shortens BOOLEAN in one of two texts, and names the type set of ADD for DELETE; dynalite, tested on AWS, has BOOLEAN',
         lambda ours, theirs, request: ours.replace('ALLOWED_FOR_DELETE', 'ALLOWED_FOR_ADD').replace('BOOLEAN', 'BOOL') == theirs),
    Rule('dynoxide', 'UpdateItem', V + PREFIX + 'Invalid UpdateExpression: Two document paths (overlap|conflict) .*', V + PREFIX + r'Invalid UpdateExpression: (Incorrect operand type .*|Two document paths (overlap|conflict) .*)', 'dynalite',
         'it looks at paths that meet after the operands, or in another order'),
    Rule('dynoxide', '.*', FUNCTION_OPERAND + '|' + DISTINCT + '|' + V + PREFIX + r'Invalid (Condition|Filter)Expression: Invalid attribute type name found; .*', LATER, 'dynalite',
         'it looks at the operands of functions and at equal operands in some places only'),
    Rule('dynoxide', 'TransactWriteItems', FUNCTION_OPERAND + '|' + DISTINCT + '|' + V + r'Invalid ConditionExpression: Invalid attribute type name found; .*', LATER, 'reports',
         'it looks at operands when it evaluates; AWS before it looks at any item (ExtendDB/extenddb#216)'),
    Rule('dynoxide', '(Put|Update|Delete)Item|Query|Scan', V + PREFIX + r'One or more parameter values were invalid: ComparisonOperator (LE|LT|GE|GT|BETWEEN) is not valid for (SS|NS|BS|L|M|BOOL|NULL) AttributeValue type', CONDITION_FAILED + '|200.*', 'document',
         'it lets Expected compare with what has no order; the documentation of AttributeValueList names strings, numbers and binaries'),
    Rule('dynoxide', 'UpdateItem', V + PREFIX + 'One or more parameter values were invalid: (Only DELETE|ADD|DELETE) action .*', INVALID + '(Only DELETE|ADD|DELETE) action .*', 'dynalite', 'of several wrong AttributeUpdates it names any',
         lambda ours, theirs, request: len(request.get('AttributeUpdates') or ()) > 1),
    Rule('dynoxide', 'UpdateItem', INVALID + 'Cannot update attribute .*', CONDITION_FAILED, 'dynalite', 'it looks at the condition before it looks whether the update changes a key'),
    Rule('dynoxide', 'Query|Scan', V + r"1 validation error detected: Value '.*' at 'indexName' failed to satisfy constraint: .*", V + 'The table does not have the specified index: .*', 'document', "it does not know the service model's limits of IndexName",
         lambda ours, theirs, request: not re.fullmatch(r'[a-zA-Z0-9_.-]{3,255}', str(request.get('IndexName')))),
    Rule('dynoxide', 'TransactWriteItems|ExecuteTransaction', CANCELED.replace('.*', r'\[[^\]]*ValidationError[^\]]*\].*'), CANCELED.replace('.*', r'\[[^\]]*ValidationError[^\]]*\].*'), 'recorded',
         'it looks at conditions although a key does not fit; recorded of ExecuteTransaction is that such a key is reported alone', keys_alone),
    Rule('dynoxide', 'TransactWriteItems', CANCELED, CANCELED, 'reports', "AWS lets REMOVE of a path pass when there is no item (Alternator's tests)", only_paths_apart),
    Rule('dynoxide', 'ExecuteTransaction', '200.*|400 .*', V + r'Validation failed in TransactStatements\[\d+\]: EXISTS can only be used in ExecuteTransaction write requests\.', 'document', 'it does not know EXISTS in transactions, which the documentation shows',
         lambda ours, theirs, request: 'EXISTS(' in json.dumps(request)),
    Rule('dynoxide', 'BatchWriteItem|Transact.*', V + '1 validation error detected: .*', V + '1 validation error detected: .*', 'recorded', 'it prints the members of objects; AWS prints them or the class with a number, as recorded within one hour of one region', printed_objects),

    # ---- tables
    Rule('dynoxide', 'DescribeTable|UpdateTable|DescribeTimeToLive|UpdateTimeToLive|CreateTable|DeleteTable', V + r"1 validation error detected: Value '.*' at 'tableName' failed to satisfy constraint: .*",
         V + "TableName must be at least 3 characters long and at most 255 characters long|" + V + r"2 validation errors detected: Value '' at 'tableName' .*", 'reports', 'it has texts of another time; ours are those that the service gives since 2026 (docs/errors.md)'),
    Rule('dynoxide', '(Un)?[Tt]agResource|ListTagsOfResource', V + PREFIX + "(One or more parameter values were invalid: (ARNs must start with|Invalid resource arn provided).*|Value '' at 'resourceArn' failed .*)", V + 'Invalid TableArn(: Invalid ResourceArn provided as input .*)?', 'reports',
         'it has texts of another time; ours are those that the service gives since 2026 (docs/errors.md)'),
    Rule('dynoxide', 'UntagResource', V + 'The Tag Key provided is invalid, Key: ', '200.*', 'document', "it takes an empty key; the service model wants a character"),
    Rule('dynoxide', 'UpdateTable', V + 'At least one of .*', V + 'At least one of .*', 'document', 'it leaves out members that the service model has by now'),
    Rule('dynoxide', 'UpdateTable', '400 ResourceNotFoundException: Requested resource not found: Index (.*) for table .*', '400 ResourceNotFoundException: Requested resource not found: Table: .* not found|' + V + 'This operation cannot be performed .* Action Blocked: IndexUpdate', 'reports',
         'it has texts of another time, one of which calls an index a table; ours are those that the service gives since 2026 (docs/errors.md)'),
    Rule('dynoxide', 'DeleteTable', '200 .*', '200 .*', 'document', 'it describes a table that it deletes as if it stayed', only('TableDescription')),
    Rule('dynoxide', '(Un)?[Tt]agResource|ListTagsOfResource', NOT_FOUND, '400 ResourceNotFoundException: Requested resource not found: ResourcArn: .*', 'reports', 'it has a misspelling of another time',
         lambda ours, theirs, request: ours.replace('ResourceArn', 'ResourcArn') == theirs),
]

OF_2026 = 'it has a text of another time; ours is one that people report of 2026'
DYNALITE_RULES = [
    Rule('dynalite', 'Query|Scan|GetItem|BatchGetItem', '200 .*', r'200 .*"CapacityUnits": 0(\.0)?[,}].*', 'document', 'it counts no capacity for what is not there; AWS counts the least unit', only('ConsumedCapacity')),
    Rule('dynalite', 'BatchGetItem', '200 .*', '200 .*', 'document', 'it counts no capacity for what is not there; AWS counts the least unit',
         lambda ours, theirs, request: only('ConsumedCapacity')(ours, theirs, request) and units(ours) > units(theirs)),
    Rule('dynalite', '(Put|Update|Delete|BatchWrite)Item', '200 .*', '200 .*', 'document', 'it counts writes to indexes otherwise',
         lambda ours, theirs, request: only('ConsumedCapacity')(ours, theirs, request) and in_indexed_table(ours, theirs, request)),
    Rule('dynalite', '(TransactWrite|Update)Items?', '200.*', V + 'The document path provided in the update expression is invalid for update', 'reports',
         'AWS lets REMOVE of a path pass when there is no item (Alternator)'),
    Rule('dynalite', 'UpdateItem', r'200 \{"Attributes": null.*\}', r'200 \{"Attributes": .*', 'reports', 'it makes an item of an update that only removes; AWS does not (Alternator, API reference)'),
    Rule('dynalite', '(Put|Update|Delete|BatchWrite)Item', '200 .*', '200 .*"ItemCollectionMetrics": null.*', 'document', 'it has no ItemCollectionMetrics', some('ItemCollectionMetrics', 'ConsumedCapacity')),
    Rule('dynalite', 'Query', V + 'The provided exclusive start key is invalid: .*', '200.*', 'reports', 'it lets a query of a table without range key start at its one item; AWS does not (Alternator)'),
    Rule('dynalite', 'Query', V + 'The query can return at most one row and cannot be restarted|' + V + 'The provided starting key is outside .*', V + 'The provided starting key does not match the range key predicate',
         'reports', 'it takes the hash key for a part of the range condition'),
    Rule('dynalite', 'Scan', '200.*|' + V + 'The provided starting key is invalid: Invalid ExclusiveStartKey. .*', '200.*|' + V + '(Exclusive start key must lie within the segment|The provided starting key is invalid: Invalid ExclusiveStartKey. .*)',
         'document', 'its segments cut the keys by a hash of its own, as ours do; AWS does not say which', lambda ours, theirs, request: 'Segment' in request and 'ExclusiveStartKey' in request),
    Rule('dynalite', 'CreateTable', INVALID + 'Some AttributeDefinitions are not used. .*', '200.*', 'reports', 'it lets attributes be defined that no key uses, when there are indexes'),
    # ---- what it does not know, or leaves out
    Rule('dynalite', '.*', '400 SerializationException: (Unexpected value type in payload|NULL_VALUE cannot be .*|Unrecognized collection type class java.lang.String)', '.*', 'nobody', 'it takes any JSON for a body, and leaves nulls out of lists'),
    Rule('dynalite', '.*', '400 SerializationException: Numeric value .* out of range of int', '.*', 'document', 'it takes integers of any size'),
    Rule('dynalite', 'UpdateTable', '400 .*', V + r".* at 'globalSecondaryIndexUpdates\.\d+\.member\.create\.provisionedThroughput' .* must not be null.*", 'document', 'it knows no tables on demand'),
    Rule('dynalite', '(Put|Update|Delete)Item', CONDITION_FAILED, '200.*', 'reports', 'it takes comparisons with what is not there otherwise (Alternator: a = b fails)',
         lambda ours, theirs, request: re.search('=|IN', str(request.get('ConditionExpression'))) is not None),
    Rule('dynalite', '(Put|Update|Delete)Item', '200.*', CONDITION_FAILED, 'reports', 'it takes comparisons with what is not there otherwise (Alternator: a <> b holds)',
         lambda ours, theirs, request: re.search('<>|NOT', str(request.get('ConditionExpression')), re.I) is not None),
    Rule('dynalite', '.*', VALUE, LEGACY, 'nobody', 'of several mistakes in legacy parameters it reports another one'),
    Rule('dynalite', 'Query|Scan', LEGACY, LEGACY, 'nobody', 'of several mistakes in legacy parameters it reports another one'),
    Rule('dynalite', 'UpdateItem', SCALARS + '|' + UPDATE_ON_ITEM, INDEX_KEY, 'nobody', ORDER),
    Rule('dynalite', '.*', INDEX_KEY, INDEX_KEY, 'nobody', 'of several indexes with one attribute it names another'),
    Rule('dynalite', '.*', MIXTURE, MIXTURE, 'nobody', 'it does not list ConditionalOperator', without(', ConditionalOperator|ConditionalOperator, ')),
    Rule('dynalite', 'UpdateItem', UPDATE_ON_ITEM, UPDATE_ON_ITEM + '|' + CONDITION_FAILED, 'nobody', 'of several operations that the item does not allow it reports another one'),
    Rule('dynalite', '(Un)?[Tt]agResource', V + '(The Tag (Key|Value) provided is invalid|Tag Key cannot be prefixed with aws:|One or more parameter values were invalid: .*Tag).*', '200.*', 'reports', 'it takes other names of tags'),
    Rule('dynalite', '(Un)?[Tt]agResource|ListTagsOfResource', NOT_FOUND + '|' + MODEL, '400 ResourceNotFoundException: .*|' + V + '(Atleast one Tag.*|Invalid TableArn)', 'nobody', ORDER),
    Rule('dynalite', '(Un)?[Tt]agResource', '200 .*', '200 .*', 'itself', 'it answers an empty string', some('not JSON')),
    Rule('dynalite', '.*', '200.*|400 .*', '.*', 'document', 'it does not know ReturnValuesOnConditionCheckFailure',
         lambda ours, theirs, request: 'ReturnValuesOnConditionCheckFailure' in request and (ours.split(' Item ')[0] == theirs.split(' Item ')[0] or 'returnValuesOnConditionCheckFailure' in ours)),
    Rule('dynalite', '.*', SERIALIZATION, '.*', 'document', 'it does not know ReturnValuesOnConditionCheckFailure',
         lambda ours, theirs, request: not isinstance(request.get('ReturnValuesOnConditionCheckFailure', ''), str)),
    Rule('dynalite', '.*', MODEL, MODEL, 'nobody', 'it shows values in messages as JSON, we as AWS\'s Java objects; or it lists several in another order', same_constraints),
    Rule('dynalite', '.*', MODEL, '200.*|400 .*', 'document', 'it lacks a constraint of the service model', lambda ours, theirs, request: re.search(NOT_IN_DYNALITE, ours) is not None),
    Rule('dynalite', '.*', MODEL, MODEL + '|' + V + r"(TableName must be at least 3 characters long .*|The parameter 'TableName' is required .*)", 'reports', OF_2026),
    Rule('dynalite', 'Query', V + 'Invalid KeyConditionExpression: .*', V + '.*', 'reports', OF_2026, without('Invalid KeyConditionExpression: ')),
    Rule('dynalite', '.*', V + 'ExpressionAttributeValues can only be specified when using expressions', V + 'ExpressionAttributeValues can only be specified when using expressions: .* null', 'reports', OF_2026),
    Rule('dynalite', '.*', V + '.*contains duplicates.*', V + '.*contains duplicates.*', 'reports', OF_2026),
    Rule('dynalite', '.*', V + r'Invalid \w+: Expression size has exceeded the maximum allowed size;', V + '.*', 'reports', OF_2026, without(r' expression size: \d+')),
    Rule('dynalite', '.*', V + '.*The parameter cannot be converted to a numeric value: ', V + '.*The parameter cannot be converted to a numeric value.*', 'reports', OF_2026),
    Rule('dynalite', 'UpdateItem', V + r"Value '.*' at 'return\w+' failed to satisfy constraint: .*", MODEL, 'reports', OF_2026),
    Rule('dynalite', '.*', V + '.*Number (overflow|underflow).*', '200.*|400 .*', 'reports', 'it takes a zero of any exponent; AWS holds it to the range',
         lambda ours, theirs, request: re.search(r'"[-+]?0[eE][-+]?\d{3}', json.dumps(request)) is not None),
    Rule('dynalite', '.*', V + '.*(Number underflow|cannot be converted to a numeric value: 1e).*', V + '.*Number overflow.*', 'reports', 'it knows no ends of exponents',
         lambda ours, theirs, request: re.search(r'1e\d{10}', json.dumps(request)) is not None),
    Rule('dynalite', '(Put|Update|Delete)Item', V + r"(Failed to satisfy constraint: Member must satisfy enum value set: \[.*|Member must satisfy enum value set: \[ADD, DELETE, PUT\]' for Action)", MODEL, 'reports', OF_2026),
    Rule('dynalite', 'Query', START_KEY, V + 'The provided (starting key is invalid.*|key element does not match the schema)', 'reports', OF_2026),
    Rule('dynalite', '.*', V + '.*', V + 'ExpressionAttributeValues contains invalid value: .*', 'reports', OF_2026, without('ExpressionAttributeValues contains invalid value: | for key :.*')),
    Rule('dynalite', 'UpdateTable', SERIALIZATION, V + '.*', 'document', 'it does not know AttributeDefinitions there', lambda ours, theirs, request: not isinstance(request.get('AttributeDefinitions', []), list)),
    Rule('dynalite', 'UpdateTable', V + 'At least one of .*', V + 'At least one of .*', 'reports', OF_2026),
    Rule('dynalite', 'DeleteTable', '200 .*', '200 .*', 'document', 'it describes a table that it deletes as if it stayed', only('TableDescription')),
    Rule('dynalite', 'CreateTable', '400 ResourceInUseException: Table already exists: .*|' + TABLE, '400 ResourceInUseException: ', 'reports', 'its error has no text'),
    Rule('dynalite', 'CreateTable', TABLE, INVALID + '.*|' + V + '.*', 'nobody', 'of several mistakes in a definition it reports another', lambda ours, theirs, request: mistakes(ours) != mistakes(theirs)),
    Rule('dynalite', 'UpdateTable', '.*', V + 'At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, .*', 'document', 'it does not know streams and DeletionProtectionEnabled',
         lambda ours, theirs, request: 'StreamSpecification' in request or 'DeletionProtectionEnabled' in request),
    Rule('dynalite', '(Un)?[Tt]agResource|ListTagsOfResource', V + '.*', '400 AccessDeniedException: User: .*', 'reports', 'it has texts of another time; ours are those that the service gave in 2026'),
    Rule('dynalite', '(Un)?[Tt]agResource|ListTagsOfResource', '400 ResourceNotFoundException: Requested resource not found: ResourceArn: .*', '400 ResourceNotFoundException: Requested resource not found: ResourcArn: .*', 'reports',
         'it has a misspelling of another time'),
]

DYNALITE_RULES += [
    Rule('dynalite', '(Un)?[Tt]agResource', V + '(The Tag (Key|Value) provided is invalid.*|Tag Key cannot be prefixed .*|.*Invalid resource arn.*|.*Tag.*)', NOT_FOUND, 'nobody', 'it looks for the table before it looks at tags'),
    Rule('dynalite', '(Un)?[Tt]agResource', V + 'One or more parameter values were invalid: .*[Dd]uplicate.*|' + V + '.*[Tt]ag.*', '200.*', 'reports', 'it takes other tags, and one of them twice'),
    Rule('dynalite', 'Scan|UpdateTable', '400 SerializationException: .*', '200.*|' + V + '.*', 'document', 'it does not know the member, and looks at no type',
         lambda ours, theirs, request: not isinstance(request.get('ConsistentRead', True), bool) or 'AttributeDefinitions' in request),
    Rule('dynalite', '.*', '.*', INVALID + 'ComparisonOperator (EQ|NE) is not valid for (BOOL|NULL|L|M) AttributeValue type', 'document', 'it lets EQ and NE compare with fewer types; the documentation lists all of them'),
    Rule('dynalite', 'Query|Scan', '200 .*', '200 .*', 'reports', 'it takes comparisons with what is not there otherwise (Alternator: a = b fails)',
         lambda ours, theirs, request: some('Items', 'Count', 'ConsumedCapacity', 'LastEvaluatedKey')(ours, theirs, request) and re.search('=|<>|IN', str(request.get('FilterExpression'))) is not None),
    Rule('dynalite', '.*', V + r'Invalid \w+: Syntax error; token: .*', V + r'Invalid \w+: An expression attribute (name|value) used in .*', 'nobody', 'it takes a colon or a hash sign alone for a name'),
    Rule('dynalite', 'BatchGetItem', SCALARS, KEY, 'nobody', ORDER, several('"Keys"')),
    Rule('dynalite', '.*', V + r'One or more parameter values are not valid\. The AttributeValue for a key attribute .*', INVALID + 'The AttributeValue for a key attribute .*', 'reports', OF_2026),
    Rule('dynalite', '.*', V + 'Attribute name is too large, .*', EXPRESSION, 'document', 'it does not know that names have a limit'),
    Rule('dynalite', 'BatchWriteItem', V + 'Too many items requested .*', V + 'Provided list of item keys contains duplicates', 'nobody', ORDER),
    Rule('dynalite', 'BatchGetItem', KEY, V + 'Provided list of item keys contains duplicates', 'nobody', ORDER),
    Rule('dynalite', 'Batch(Get|Write)Item', V + 'The requestItems parameter is required for Batch.*', MODEL, 'reports', OF_2026),
    Rule('dynalite', 'Query|Scan', '200 .*', '200 .*', 'document', 'its local indexes fetch nothing from the table',
         lambda ours, theirs, request: some('ConsumedCapacity', 'Items')(ours, theirs, request) and str(request.get('IndexName')).startswith('Local') and units(ours) > units(theirs)),
    Rule('dynalite', 'ListTagsOfResource', '200 .*', '200 .*"Key": "undefined".*', 'itself', 'it has taken a tag without a key'),
    Rule('dynalite', '.*', SCALARS, SCALARS, 'nobody', 'of several paths into keys it names another'),
    Rule('dynalite', '(Put|Update|Delete)Item|Query|Scan', V + 'ExpressionAttributeValues contains invalid value: Attribute name is too large, .*', '.*', 'document', 'it does not know that names have a limit'),
    Rule('dynalite', 'UpdateTable', '200 .*', '200 .*', 'document', 'it deletes an index at once, and does not show that it goes',
         lambda ours, theirs, request: only('TableDescription')(ours, theirs, request) and without_definitions(ours, 'GlobalSecondaryIndexes') == without_definitions(theirs, 'GlobalSecondaryIndexes')),
    Rule('dynalite', 'UpdateTable', MODEL, '200.*|' + INVALID + '.*', 'document', 'it does not know AttributeDefinitions there', lambda ours, theirs, request: "'attributeDefinitions." in ours),
    Rule('dynalite', 'Query|Scan', START_KEY, START_KEY + '|' + INVALID + 'The AttributeValue for a key attribute .*', 'reports', OF_2026),
    Rule('dynalite', 'UpdateItem', INDEX_KEY, CONDITION_FAILED + '|' + UPDATE_ON_ITEM, 'nobody', ORDER),
    Rule('dynalite', 'UpdateItem', '200.*', INDEX_KEY, 'nobody', 'it looks at the type of what is taken out of a set that is an index key'),
]

DYNOXIDE_RULES += [
    # ---- expressions
    Rule('dynoxide', 'UpdateItem|TransactWriteItems', UPDATE_OPERAND, UPDATE_OPERAND, 'reports', 'it writes Binary and BOOL where dynalite, tested on AWS, has BINARY and BOOLEAN, and names the type set of ADD for DELETE',
         lambda ours, theirs, request: ours.replace('ALLOWED_FOR_DELETE', 'ALLOWED_FOR_ADD').replace('BOOLEAN', 'BOOL').upper() == theirs.replace('BOOLEAN', 'BOOL').upper()),
    Rule('dynoxide', '.*', DISTINCT.replace('(<|<=|>|>=|=|<>|BETWEEN|IN)', '(BETWEEN|IN)'), LATER, 'recorded', 'it minds the operand of BETWEEN among its own bounds in PartiQL alone, where it recorded that AWS does',
         lambda ours, theirs, request: not theirs.startswith(ours[:60])),
    Rule('dynoxide', '(Put|Update|Delete)Item|Query|Scan', V + PREFIX + r'Invalid (Condition|Filter)Expression: The first operand must be distinct from the remaining operands for this operator or function; operator: (begins_with|contains), .*', LATER, 'dynalite',
         'it looks at the operands of functions and at equal operands in some places only'),
    Rule('dynoxide', 'TransactWriteItems', V + r'Invalid ConditionExpression: The first operand must be distinct .*', LATER, 'reports', 'it looks at operands when it evaluates; AWS before it looks at any item (ExtendDB/extenddb#216)'),
    Rule('dynoxide', 'TransactWriteItems', V + r'Invalid (Update|Condition)Expression: Incorrect operand type for operator or function; operator or function: (list_append|\+|-|if_not_exists), operand type: \w+', LATER, 'reports',
         'it looks at operands when it evaluates; AWS before it looks at any item (ExtendDB/extenddb#216)'),
    Rule('dynoxide', '.*', UNUSED, UNUSED, 'nobody', 'it sorts names; ours are in the order of a Java map, as in other texts of the service', same_names),
    Rule('dynoxide', 'TransactWriteItems', UNDEFINED, UNUSED + '|' + CANCELED, 'itself', 'it looks at values of an update when it updates; of UpdateItem before it looks for what is unused'),
    Rule('dynoxide', 'TransactWriteItems', V + 'Invalid (Update|Condition)Expression: Invalid function name; function: .*', UNUSED + '|' + UNDEFINED, 'itself', 'it looks at names before functions; of UpdateItem afterwards'),
    Rule('dynoxide', '.*', V + PREFIX + r'Invalid \w+: Syntax error; token: .*', OWN_SYNTAX, 'itself', 'its parsers of projections and key conditions have words of their own'),
    Rule('dynoxide', 'Query', V + r'Invalid (KeyCondition|Filter)Expression: .*|' + UNUSED, OWN_SYNTAX, 'itself', 'its parser of key conditions has words of its own'),
    Rule('dynoxide', '.*', V + PREFIX + r'Invalid \w+: Syntax error; token: "[^"]*", near: "\[.*', V + PREFIX + r'Invalid \w+: Syntax error; token: ".*', 'itself', 'it takes any word for a position, and complains of the next one; dynalite, tested on AWS, of the first',
         lambda ours, theirs, request: re.search(r'token: "([^"]*)", near: "\[', ours).group(1) == re.search('near: "(.)', theirs).group(1)),
    Rule('dynoxide', '.*', V + PREFIX + r'Invalid \w+: Syntax error; token: ".*', V + PREFIX + r'Invalid \w+: Syntax error; token: ".*', 'nobody', 'it shows control characters in messages, which ours escapes',
         lambda ours, theirs, request: re.sub(r'[\x00-\x1f]', lambda match: '\\x%02X' % ord(match.group()), theirs) == ours),
    Rule('dynoxide', '.*', V + PREFIX + r'Invalid \w+: Syntax error; token: ".*', V + PREFIX + r'Invalid \w+: Syntax error; token: ".*', 'recorded', 'it leaves out spaces at the beginning, which recordings of expressions of spaces have',
         lambda ours, theirs, request: re.sub('near: " +', 'near: "', ours) == theirs),
    Rule('dynoxide', '.*', V + PREFIX + r'Invalid \w+: Syntax error; token: "<EOF>", .*', V + PREFIX + r'Invalid \w+: Attribute name is a reserved keyword; .*', 'itself', 'it looks for reserved words while it parses; elsewhere, as AWS, afterwards'),
    Rule('dynoxide', '.*', V + PREFIX + 'ExpressionAttributeNames contains invalid key: Syntax error; key: ".*"', V + 'ExpressionAttributeNames contains invalid key: Syntax error; key: ".*"', 'recorded',
         'it leaves out the beginning that all errors of PutItem, UpdateItem and DeleteItem themselves have', same_after('1 validation error detected: ')),
    Rule('dynoxide', '.*', V + PREFIX + 'ExpressionAttributeNames contains invalid key: Syntax error; key: "#"', UNUSED, 'dynalite', 'it takes a hash sign alone for a name'),
    Rule('dynoxide', '.*', EXPRESSION.replace(V, V + PREFIX), EXPRESSION.replace(V, V + PREFIX) + '|' + START_KEY + '|' + UNUSED + '|' + V + PREFIX + r'(The table does not have the specified index: .*|Filter Expression can only contain .*|Consistent reads are not supported .*|Query condition missed key schema element: .*|Provided list of item keys contains duplicates)', 'dynalite',
         'of several mistakes in expressions it reports another one', lambda ours, theirs, request: mistakes(ours) != mistakes(theirs)),
    Rule('dynoxide', 'Query', V + 'Invalid KeyConditionExpression: Invalid operator used in KeyConditionExpression: .*', V + 'Invalid KeyConditionExpression: KeyConditionExpressions cannot have conditions on nested attributes', 'reports',
         'of a nested attribute and an operator it reports the attribute; dynalite, tested on AWS, the operator'),
    Rule('dynoxide', 'Query|Scan', EXPRESSION + '|' + VALUE + '|' + V + '.*', SELECT_ALONE, 'dynalite', 'it looks at Select after values and the syntax of filters, and before the rest of expressions', several('Select|Expression')),
    Rule('dynoxide', 'Query|Scan', SELECT_ALONE, EXPRESSION + '|' + VALUE, 'nobody', 'it looks at Select after values and the syntax of filters, and before the rest of expressions and segments'),
    Rule('dynoxide', '(Get|BatchGet)Items?', V + r'Invalid ProjectionExpression: Two document paths (overlap|conflict) .*', '200.*', 'dynalite', 'it does not look whether paths conflict'),
    Rule('dynoxide', 'TransactWriteItems|.*Statement', V + r'Invalid UpdateExpression: Two document paths (overlap|conflict) .*', V + r'Invalid UpdateExpression: .*|' + LATER, 'nobody',
         'in transactions it looks at SET before ADD, and at operands later; UpdateItem names paths as they are written, as recorded'),
    Rule('dynoxide', 'TransactWriteItems', V + r'Invalid UpdateExpression: Incorrect operand type .*', V + r'Invalid UpdateExpression: Two document paths (overlap|conflict) .*|' + VALUE, 'nobody', 'of several parts that are wrong it reports another one'),
    Rule('dynoxide', 'Query|Scan', NOT_PROJECTED, '200.*', 'reports', 'it does not look at what an index projects in filters and projections; the texts are those that applications report'),
    Rule('dynoxide', 'UpdateItem|TransactWriteItems', V + 'The update expression attempted to update the secondary index key to unsupported type', INVALID + 'Type mismatch for Index Key .*', 'reports', 'it has one text for all types; that for what is computed is one that applications report'),
    Rule('dynoxide', 'UpdateItem', V + 'The document path provided in the update expression is invalid for update', V + 'An operand in the update expression has an incorrect data type', 'dynalite', 'of several operations that the item does not allow it reports another one'),
    Rule('dynoxide', 'UpdateItem', r'200 \{"Attributes": null\}', r'200 \{"Attributes": \{.*', 'dynalite', 'ALL_OLD of no item shows the key', lambda ours, theirs, request: request.get('ReturnValues') == 'ALL_OLD'),
    Rule('dynoxide', 'TransactGetItems|TransactWriteItems', CANCELED, '200.*|' + CANCELED, 'reports', "it minds paths into keys in some filters only; Alternator's tests have the text of AWS for updates, dynalite for the others", refused_paths),
    Rule('dynoxide', 'TransactWriteItems', '200', '400 TransactionCanceledException: .*', 'reports', "AWS lets REMOVE of a path pass when there is no item (Alternator's tests)",
         lambda ours, theirs, request: {*reasons(theirs)} <= {'None', 'ValidationError'} and re.search(r'(REMOVE|DELETE)\b[^"]*[.\[]', json.dumps(request), re.I) is not None),
    Rule('dynoxide', 'Transact(Get|Write)Items', V + 'ExpressionAttribute(Values|Names) must not be empty', '.*', 'nobody', 'it takes empty maps in transactions; elsewhere it does not', named('"ExpressionAttribute(Values|Names)": {}')),
    Rule('dynoxide', 'Query', V + 'ExpressionAttributeValues can only be specified when using expressions', V + 'ExpressionAttributeValues can only be specified when using expressions: .*', 'recorded',
         'it ends the text as the older layer does; Query has the words of the newer one in all that is recorded'),
    Rule('dynoxide', 'Scan', V + 'ExpressionAttributeValues can only be specified when using expressions: FilterExpression is null', UNUSED, 'dynalite', 'it takes a projection for an expression that has values'),

    # ---- values and members
    Rule('dynoxide', '.*', SERIALIZATION + '|' + MODEL + '|' + EXPRESSION, EMPTY_VALUE, 'itself', 'it reads what it does not understand, such as null, as an empty value, and reports that before all else', lambda ours, theirs, request: theirs not in ours),
    Rule('dynoxide', 'BatchExecuteStatement', '200.*', EMPTY_VALUE, 'itself', 'it reads null as an empty value, and fails the whole batch for it', lambda ours, theirs, request: names_null(request)),
    Rule('dynoxide', '.*', V + 'ExpressionAttributeValues contains invalid value: Supplied AttributeValue .* for key .*', V + 'Supplied AttributeValue .*', 'recorded',
         'it reads the value in the newer layer; a value without a type, or with several, goes to the older one', without('ExpressionAttributeValues contains invalid value: | for key :.*')),
    Rule('dynoxide', '.*', '400 SerializationException: .*', r'400 SerializationException: (invalid base64: .*|expected string in .*|sequence|Unexpected field type|Start of structure or map found where not expected)', 'itself', 'it shows a message of its JSON or Base64 library'),
    Rule('dynoxide', '.*', '400 SerializationException: .*', V + '.*', 'itself', 'it looks at constraints and values before it has read all of the body', lambda ours, theirs, request: not isinstance(request, dict) or request == {} or 'Limit' in request or 'cannot be converted' in theirs),
    Rule('dynoxide', 'CreateTable|Transact.*|BatchWriteItem', V + r'[12] validation errors? detected: .*', V + r'1 validation error detected: .*', 'recorded', 'it prints the members of objects; AWS prints them or the class with a number, as recorded within one hour of one region', same_printed),
    Rule('dynoxide', 'Query|Scan', LEGACY, LEGACY, 'dynalite', 'of several wrong legacy conditions it reports another one', several('ComparisonOperator')),
    Rule('dynoxide', '(Put|Update|Delete)Item|Query|Scan', LEGACY.replace(V, V + PREFIX), LEGACY.replace(V, V + PREFIX) + '|' + VALUE.replace('ValidationException: ', 'ValidationException: ' + PREFIX), 'dynalite', 'of several wrong legacy parameters it reports another one'),
    Rule('dynoxide', '(Put|Update|Delete)Item', V + PREFIX + r'One or more parameter values were invalid: ComparisonOperator (BEGINS_WITH|CONTAINS|NOT_CONTAINS|IN) is not valid for \w+ AttributeValue type', CONDITION_FAILED + '|200.*', 'document',
         'it lets Expected compare more types; the documentation of ComparisonOperator names those of each operator'),
    Rule('dynoxide', 'Query', V + '(The BETWEEN condition was provided .*)', V + 'Invalid KeyConditionExpression: The BETWEEN operator requires .*', 'dynalite', 'it makes an expression of KeyConditions, and reports that'),
    Rule('dynoxide', '.*', V + PREFIX + r'Invalid \w+: The BETWEEN operator .*', V + PREFIX + r'Invalid \w+: The BETWEEN operator .*', 'dynalite', 'it shows numbers as they were written', lambda ours, theirs, request: plain_numbers(re.sub(r'N:([^}]*)', r'"\1"', ours)) == plain_numbers(re.sub(r'N:([^}]*)', r'"\1"', theirs))),
    Rule('dynoxide', 'Query', MIXTURE, V + 'ExpressionAttributeValues contains invalid value: .*', 'dynalite', 'it looks at values before it refuses the mixture'),
    Rule('dynoxide', '.*', V + PREFIX + 'ExpressionAttribute(Names|Values) contains invalid key: .*', EMPTY_VALUE, 'dynalite', 'it looks at empty values first'),
    Rule('dynoxide', 'Query|Scan', '200 .*', '200 .*', 'reports', "its NOT_CONTAINS holds for what is not there; AWS's does not (Alternator's tests)", lambda ours, theirs, request: 'NOT_CONTAINS' in json.dumps(request) and more_found(ours, theirs, request)),
    Rule('dynoxide', 'Query', V + 'The provided exclusive start key is invalid: .*', '200.*', 'reports', "it lets a query of a table without range key start at its one item; AWS does not (Alternator's tests)"),
    Rule('dynoxide', 'Scan', SEGMENT, V + 'The Segment parameter is zero-based and must be less than parameter TotalSegments', 'dynalite', 'it leaves out the numbers', lambda ours, theirs, request: ours.startswith(theirs)),
    Rule('dynoxide', 'UpdateItem', INDEX_KEY, '200.*|' + CONDITION_FAILED, 'dynalite', 'it looks at the types of index keys later, and not where nothing is taken out of a set'),
    Rule('dynoxide', 'BatchGetItem', KEY + '|' + INVALID.replace('One or more parameter values were invalid: ', '') + r'One or more parameter values were invalid: Size of hashkey .*', KEY, 'dynalite', 'of several wrong keys it reports another one', several('"Keys"')),
    Rule('dynoxide', 'BatchWriteItem', KEY + '|' + INDEX_KEY + '|' + VALUE, KEY + '|' + INDEX_KEY + '|' + VALUE, 'nobody', 'of several wrong requests it reports another one', several('"(Put|Delete)Request"')),
    Rule('dynoxide', 'TransactWriteItems', EXPRESSION, V + 'Transaction request cannot include multiple operations on one item|' + VALUE + '|' + EMPTY_VALUE + '|' + EXPRESSION, 'nobody', 'of several wrong actions it reports another one', several('"(Put|Update|Delete|ConditionCheck)"')),
    Rule('dynoxide', 'TransactWriteItems|BatchWriteItem', '200 .*"ItemCollectionMetrics": {.*', '200 {"ItemCollectionMetrics": null}', 'document', 'it has no ItemCollectionMetrics in batches and transactions', only('ItemCollectionMetrics')),

    # ---- PartiQL
    Rule('dynoxide', 'BatchExecuteStatement', '200 .*', '200 .*', 'recorded', 'it looks at the key before operands; its own record is that operands come before the table',
         batch_apart('Incorrect operand type for operator or function; .*|.*The first operand must be distinct .*|Invalid attribute type name.*', 'Select statements within .* must specify the primary key .*|Where clause does not contain .*')),
    Rule('dynoxide', 'ExecuteTransaction', V + r'Validation failed in TransactStatements\[\d+\]: (Incorrect operand type .*|.*The first operand must be distinct .*)', V + r'Validation failed in TransactStatements\[\d+\]: Select statements within .*|' + CANCELED, 'recorded',
         'it looks at the key before operands; its own record is that operands come before the table'),
    Rule('dynoxide', 'ExecuteStatement|ExecuteTransaction|BatchExecuteStatement', '(200|400) .*', '(200|400) .*', 'parser', "its parser is its own where it has recorded nothing; ours follows AWS's, which is public", own_parser),
    Rule('dynoxide', 'BatchExecuteStatement', '200 .*', '200 .*', 'itself', 'it names no table where an update ran and failed; its own record is that it is named', batch_apart('The provided expression refers .*|An operand in the update .*|The document path provided .*', '.*', True)),
    Rule('dynoxide', 'BatchExecuteStatement', '200 .*', '200 .*', 'nobody', 'it names the paths of REMOVE and SET in their order', batch_apart('Two document paths overlap .*', 'Two document paths overlap .*')),
    Rule('dynoxide', 'BatchExecuteStatement', '200 .*', '200 .*', 'itself', 'it charges a table for what it refuses, but not in its parts', lambda ours, theirs, request: 'ConsumedCapacity' in member_names(ours) and 'ValidationError' in ours),
    Rule('dynoxide', 'ExecuteStatement', '200.*', V + 'Must have hash key in ORDER BY clause when more than one hash key condition specified in WHERE clause.', 'recorded', 'it counts the branches of an OR without keys; its own record is that such an OR reads the key once',
         named(' OR ', 'Statement')),
    Rule('dynoxide', 'ExecuteTransaction|ExecuteStatement', V + r'(Validation failed in TransactStatements\[\d+\]: )?Table name should be within .*', CANCELED + '|' + NOT_FOUND, 'reports', 'it looks for the table of an INSERT whatever its name is'),

    Rule('dynoxide', 'BatchExecuteStatement', '200 .*', '200 .*', 'nobody', "it has PutItem's text for an INSERT without its key", batch_apart(r'Key attribute should be present in the item: Key .*', r'One or more parameter values were invalid: Missing the key .* in the item')),
    Rule('dynoxide', 'ExecuteStatement', V + 'Key attribute should be present in the item: Key .*', INVALID + 'Missing the key .* in the item', 'nobody', "it has PutItem's text for an INSERT without its key"),

    # ---- tables
    Rule('dynoxide', 'UpdateTimeToLive', V + '(TimeToLive is already (dis|en)abled|Time to live has been modified multiple times within a fixed interval)', '200.*', 'reports', 'it lets expiry be set as it is, and at any time; the texts are those that applications report'),
    Rule('dynoxide', 'UpdateTimeToLive', V + "1 validation error detected: Value '.*' at 'tableName' .*", NOT_FOUND + '|' + V + "1 validation error detected: Value '.*' at 'timeToLiveSpecification.attributeName' .*", 'reports', 'it looks at the table\'s name last; AWS alone and first in table operations'),
    Rule('dynoxide', 'UntagResource', '400 ResourceNotFoundException: Requested resource not found: ResourceArn: .*', '400 ResourceNotFoundException: Requested resource not found', 'reports', 'it has a text of another time; TagResource names the ARN'),
    # ---- what another seed shows
    Rule('dynoxide', 'Query', MIXTURE, MIXTURE, 'reports', "it lists KeyConditions among the parameters that may not be mixed; the texts in Alternator's tests do not", lambda ours, theirs, request: theirs.replace(', KeyConditions}', '}').replace('{KeyConditions, ', '{') == ours),
    Rule('dynoxide', 'UpdateItem', UNUSED, '200.*|' + CONDITION_FAILED + '|' + KEY, 'dynalite', 'it does not look for unused names where there is no UpdateExpression', lambda ours, theirs, request: 'UpdateExpression' not in request),
    Rule('dynoxide', 'Query|Scan', UNDEFINED + '|' + V + 'Invalid FilterExpression: The BETWEEN operator requires .*', '200.*|' + SCALAR_KEYS, 'dynalite', 'it looks at values of a filter when it evaluates'),
    Rule('dynoxide', 'TransactWriteItems', V + 'Invalid ConditionExpression: The BETWEEN operator requires .*', LATER, 'reports', 'it looks at operands when it evaluates; AWS before it looks at any item (ExtendDB/extenddb#216)'),
    Rule('dynoxide', 'TransactWriteItems', UNDEFINED, V + r'One or more parameter values are not valid\. The AttributeValue for a key attribute .*', 'nobody', 'it looks at the key first'),
    Rule('dynoxide', 'UpdateItem', V + PREFIX + r'Invalid UpdateExpression: Two document paths conflict .*', CONDITION_FAILED + '|200.*|' + UPDATE_ON_ITEM, 'dynalite', 'it does not see that one path goes into a map and the other into a list'),
    Rule('dynoxide', '(Put|Update|Delete)Item', V + '1 validation error detected: One or more parameter values were invalid: (An (string|number) set .*|Binary sets .*)', V + '1 validation error detected: ExpressionAttributeValues contains invalid value: .*', 'recorded', 'it names the value, which UpdateItem does not in any region that was recorded',
         without('ExpressionAttributeValues contains invalid value: | for key :.*')),
    Rule('dynoxide', '.*', V + PREFIX + r'Invalid \w+: Syntax error; token: "<EOF>", near: .*', V + PREFIX + r'Invalid \w+: Syntax error; token: "[^"]*", near: .*', 'itself', 'it complains of the word before the end; dynalite, tested on AWS, of the end', named(r'[(=]\s*(\S+|\(\s*\S+)"', 'ConditionExpression', 'FilterExpression', 'KeyConditionExpression', 'UpdateExpression', 'TransactItems')),
    Rule('dynoxide', 'Query', V + r'Invalid KeyConditionExpression: Syntax error; .*', V + r'Invalid FilterExpression: Syntax error; .*', 'nobody', 'it looks at filters before key conditions'),
    Rule('dynoxide', 'Query', V + r'Invalid KeyConditionExpression: Incorrect operand type for operator or function; .*', V + 'Invalid KeyConditionExpression: KeyConditionExpressions cannot have conditions on nested attributes', 'nobody', 'it looks at nested attributes before operands'),
    Rule('dynoxide', 'TransactGetItems|.*', V + r'Invalid ProjectionExpression: Syntax error; token: "(not|and|or|between|in)", .*', V + r'Invalid ProjectionExpression: Syntax error; .*', 'nobody', 'it takes words of conditions for names in projections'),
    Rule('dynoxide', 'PutItem|UpdateItem|DeleteItem', V + PREFIX + r'One or more parameter values were invalid: ComparisonOperator BETWEEN is not valid for \w+ AttributeValue type', V + PREFIX + 'One or more parameter values were invalid: AttributeValues inside AttributeValueList must be of same type', 'itself',
         'it looks at all types first; in filters at each'),
    Rule('dynoxide', '(Put|Update|Delete)Item', CONDITION_FAILED, '200.*', 'reports', "its NOT_CONTAINS holds for what is not there; AWS's does not (Alternator's source)", named('NOT_CONTAINS', 'Expected')),
    Rule('dynoxide', 'Query|Scan', LEGACY, '200.*', 'dynalite', 'it does not look at conditions that follow one that fails'),
    Rule('dynoxide', 'Query|Scan', LEGACY, SEGMENT + '|' + SELECT_ALONE, 'dynalite', 'it looks at legacy conditions of two types later'),
    Rule('dynoxide', 'Query', SELECT_ALONE, LEGACY, 'nobody', 'it looks at KeyConditions before Select'),
    Rule('dynoxide', 'Query|Scan', V + r"1 validation error detected: Value .*at '(indexName|Limit)' failed .*", LEGACY + '|' + V + '(Consistent reads are not supported .*|ExpressionAttributeValues contains invalid value: Supplied AttributeValue is empty, .*)', 'dynalite', 'it looks at the limits of IndexName late'),
    Rule('dynoxide', 'Query|Scan', V + "1 validation error detected: Value at 'Limit' failed .*", V + 'ExpressionAttributeValues contains invalid value: Supplied AttributeValue is empty, .*', 'itself', 'it looks at empty values before all else'),
    Rule('dynoxide', '(Put|Update|Delete)Item|Query|Scan', MIXTURE.replace(V, V + PREFIX), VALUE.replace('ValidationException: ', 'ValidationException: ' + PREFIX) + '|' + EMPTY_VALUE, 'dynalite', 'it looks at values before it refuses the mixture'),
    Rule('dynoxide', '.*', '400 SerializationException: .*', VALUE.replace('ValidationException: ', 'ValidationException: ' + PREFIX) + '|' + MIXTURE.replace(V, V + PREFIX) + '|' + LEGACY, 'dynalite', 'it looks at constraints and values before it has read all of the body'),
    Rule('dynoxide', 'BatchGetItem|BatchWriteItem', '400 SerializationException: .*', '400 SerializationException: class sun.reflect.*', 'dynalite', 'it says what Java says of a cast'),
    Rule('dynoxide', 'BatchWriteItem', MODEL, VALUE, 'itself', 'it looks at values before constraints'),
    Rule('dynoxide', 'BatchWriteItem', KEY, V + 'Provided list of item keys contains duplicates', 'dynalite', 'it looks at duplicates before all keys'),
    Rule('dynoxide', 'UpdateItem', V + PREFIX + 'Attribute name is too large, .*', EXPRESSION.replace(V, V + PREFIX), 'recorded', 'it looks at the names of a key late'),
    Rule('dynoxide', 'UpdateItem', INDEX_KEY, UPDATE_ON_ITEM, 'dynalite', 'it looks at the types of index keys later'),
    Rule('dynoxide', 'TransactGetItems', '200 .*', '200 .*', 'document', 'it answers the key, too, where ProjectionExpression does not name it', lambda ours, theirs, request: only('Responses')(ours, theirs, request) and 'ProjectionExpression' in json.dumps(request)),
    Rule('dynoxide', 'Scan|Query', '200 .*', '200 .*', 'dynalite', 'it counts what a local index does not hold to the table',
         lambda ours, theirs, request: only('ConsumedCapacity')(ours, theirs, request) and str(request.get('IndexName')).startswith('Local') and (units(ours) == units(theirs) or 'LocalSecondaryIndexes' not in theirs)),
    Rule('dynoxide', 'BatchExecuteStatement', '200 .*', '200 .*', 'itself', 'what a table costs is not the sum of its parts', lambda ours, theirs, request: only('ConsumedCapacity')(ours, theirs, request) and parts_differ(theirs) and not parts_differ(ours)),
    Rule('dynoxide', 'BatchExecuteStatement', '200.*', V + '(Read and write requests together in the same batch is not supported\\.|Provided list of item keys contains duplicates)', 'recorded', 'it counts members that fail before their table is looked at; its own record of parameters is that they are neither read nor write'),
    Rule('dynoxide', 'ExecuteTransaction', V + r'Validation failed in TransactStatements\[\d+\]: (Incorrect operand type .*|Two document paths overlap .*|.*first operand must be distinct .*)', V + r'Validation failed in TransactStatements\[\d+\]: RETURNING clause .*|' + CANCELED, 'nobody', 'it looks at operands and paths after RETURNING, or as reasons'),
    Rule('dynoxide', '(Un)?[Tt]agResource', V + '(The Tag (Key|Value) provided is invalid, .*|Tag Key cannot be prefixed .*)', INVALID + 'Tag (key|value) must be between .*', 'reports', 'it has texts of its own; ours are those that the service gave in 2026'),
    Rule('dynoxide', 'UpdateTable', INVALID + 'If stream is being disabled, then UpdateViewType must not be specified', '200.*', 'reports', 'it does not look at StreamViewType of a stream that it disables'),
    Rule('dynoxide', 'UpdateTable', V + 'Attempting to create an index which already exists', INVALID + 'Index already exists: .*', 'reports', 'it has a text of its own; ours is the one that applications report'),
    Rule('dynoxide', 'CreateTable', V + 'Attribute Name is duplicated: .*', V + '.*', 'reports', 'it does not look for attributes that are defined twice', lambda ours, theirs, request: 'AttributeDefinitions' in theirs),
    Rule('dynoxide', 'CreateTable', TABLE, TABLE + '|' + V + 'Invalid KeySchema: .*', 'dynalite', 'of several mistakes in a definition it reports another', lambda ours, theirs, request: mistakes(ours) != mistakes(theirs)),
    Rule('dynoxide', 'UpdateItem|TransactWriteItems', UPDATE_OPERAND, UPDATE_OPERAND, 'reports', 'of several wrong operands it reports that of ADD first; dynalite, tested on AWS, in the order of the expression', lambda ours, theirs, request: 'operator: DELETE' in ours and 'operator: ADD' in theirs),
    Rule('dynoxide', 'TransactWriteItems', CANCELED, CANCELED, 'nobody', 'it looks at conditions although an update changes a key, or does not see that', lambda ours, theirs, request: {*reasons(ours)} == {'None', 'ValidationError'} and 'ConditionalCheckFailed' in theirs and re.search(r'"UpdateExpression": "[^"]*([ ,][pc]\b|#)', json.dumps(request)) is not None),
    Rule('dynoxide', '(Put|Update|Delete)Item', V + '1 validation error detected: ExpressionAttribute(Values|Names) can only be specified when using expressions', VALUE.replace('ValidationException: ', 'ValidationException: ' + PREFIX), 'nobody', 'it looks at values first'),
    Rule('dynoxide', 'PutItem|DeleteItem', V + '1 validation error detected: ReturnValues can only be ALL_OLD or NONE', EXPRESSION.replace(V, V + PREFIX), 'dynalite', 'it looks at reserved words first'),
    Rule('dynoxide', '.*', V + PREFIX + 'Attribute name is too large, must be less than 65536 bytes', '200.*|' + CONDITION_FAILED, 'recorded', 'it does not know that names have a limit; the text was recorded in all regions that were tried'),
    Rule('dynalite', '.*', V + 'Attribute name is too large, must be less than 65536 bytes', '200.*|' + CONDITION_FAILED, 'recorded', 'it does not know that names have a limit; the text was recorded in all regions that were tried'),
    Rule('dynoxide', '.*', VALUE.replace('ValidationException: ', 'ValidationException: ' + PREFIX), '200.*|' + CONDITION_FAILED, 'recorded', 'it does not look at values inside a value of an expression', named(r'"(SS|NS|BS|M|L)"', 'ExpressionAttributeValues')),
    Rule('dynoxide', '.*', V + PREFIX + r'One or more parameter values were invalid: Input collection .*of type BS contains duplicates\.', V + PREFIX + r'One or more parameter values were invalid: Input collection .*of type BS contains duplicates\.', 'recorded', 'it sorts the binaries, which were recorded as they were sent',
         lambda ours, theirs, request: sorted(re.findall('"([^"]*)"', ours)) == sorted(re.findall('"([^"]*)"', theirs))),
    Rule('dynoxide', 'ExecuteTransaction', V + 'ExecuteTransaction API does not support both read and write .*', V + r"Validation failed in TransactStatements\[\d+\]: Number of parameters .*", 'nobody', 'it looks at the number of parameters first'),
    Rule('dynoxide', '(Put|Update|Delete)Item|Query|Scan', V + PREFIX + r'Invalid (Condition|Filter)Expression: Invalid function name; function: .*', LATER, 'dynalite', 'it takes names of functions in any case'),
    Rule('dynoxide', 'CreateTable', V + 'Both the Hash Key and the Range Key element .*', V + 'Invalid KeySchema: .*', 'dynalite', 'of several mistakes in a definition it reports another'),
    Rule('dynoxide', 'ListTagsOfResource', NOT_FOUND, '400 AccessDeniedException: User: .* is not authorized to perform: dynamodb:ListTagsOfResource on resource: .*', 'reports', 'it has a text of another time; ours is one that the service gave in 2026'),
    Rule('dynoxide', 'UpdateTable', INVALID + 'If stream is being enabled then UpdateViewType is required', '200.*', 'reports', 'it does not look at StreamViewType of a stream'),
    Rule('dynoxide', 'UpdateTimeToLive', V + 'TimeToLive is active on a different AttributeName: .*', '200.*', 'reports', 'it lets expiry be disabled by another name; the text is one that applications report'),
    Rule('dynoxide', 'TransactWriteItems', V + "2 validation errors detected: .*'transactItems' .*; .*'clientRequestToken' .*", V + "1 validation error detected: Value '\\[\\]' at 'transactItems' .*", 'document', 'it looks at an empty list alone; the service model wants all of it'),
    Rule('dynoxide', '(Put|Update|Delete)Item|Query|Scan', V + r"1 validation error detected: Value (null at '(expected|attributeUpdates|scanFilter|queryFilter|keyConditions)\.|'.*' at 'indexName').*", MIXTURE.replace(V, V + PREFIX), 'dynalite', 'it looks at constraints after the mixture', lambda ours, theirs, request: 'null' in json.dumps(request) or 'indexName' in ours),
    Rule('dynoxide', '(Put|Update)Item', V + r"1 validation error detected: Value null at 'expected\..*", MIXTURE.replace(V, V + PREFIX), 'itself', 'it takes null in a map for a missing member', lambda ours, theirs, request: names_null(request)),
    Rule('dynoxide', 'UpdateItem', INDEX_KEY, INDEX_KEY, 'nobody', 'of several attributes that are keys of indexes it names another', several('"Value"|:v')),
    Rule('dynoxide', 'Scan', V + 'ExpressionAttributeValues contains invalid value: .* for key .*', V + '.*', 'recorded', "it reads Scan's values in the newer layer, which is on its way (docs/errors.md)", without('ExpressionAttributeValues contains invalid value: | for key :.*')),
    Rule('dynoxide', 'BatchExecuteStatement', '200 .*', '200 .*', 'reports', 'it looks for the table of an INSERT whatever its name is', batch_apart('Table name should be within .*', 'Requested resource not found')),
    Rule('dynoxide', 'TransactGetItems', V + r'Invalid ProjectionExpression: Two document paths (overlap|conflict) .*|' + UNUSED, CANCELED + '|200.*', 'nobody', 'it does not look whether paths conflict'),
    Rule('dynoxide', 'TransactGetItems|TransactWriteItems', V + 'Transaction request cannot include multiple operations on one item', CANCELED, 'nobody', 'it looks at keys that have too much before it looks for duplicates'),
    Rule('dynoxide', 'BatchGetItem', UNUSED, KEY, 'dynalite', 'it looks at keys before expressions'),
    Rule('dynoxide', 'Query', V + r'One or more parameter values are not valid\. The AttributeValue for a key attribute .*', '200.*', 'reports', 'it lets a key condition have an empty value; AWS does not (API reference: key values are not empty)'),
    Rule('dynalite', 'Query', V + r'One or more parameter values are not valid\. The AttributeValue for a key attribute .*', '200.*', 'reports', 'it lets a key condition have an empty value; AWS does not (API reference: key values are not empty)'),
    Rule('dynoxide', '(Put|Update|Delete)Item|Query|Scan', LEGACY.replace(V, V + PREFIX) + '|' + VALUE.replace('ValidationException: ', 'ValidationException: ' + PREFIX), V + PREFIX + 'ConditionalOperator can.*', 'nobody', 'it looks at ConditionalOperator before conditions', lambda ours, theirs, request: 'ConditionalOperator' in request),
    Rule('dynoxide', '(Put|Update|Delete)Item', V + PREFIX + r'One or more parameter values were invalid: ComparisonOperator \w+ is not valid for \w+ AttributeValue type', KEY + '|' + INDEX_KEY, 'document', 'it lets Expected compare more types; the documentation of ComparisonOperator names those of each operator'),
    Rule('dynoxide', 'ExecuteTransaction', V + r'Validation failed in TransactStatements\[\d+\]: Select statements within .*', V + r"Validation failed in TransactStatements\[\d+\]: Number of parameters .*", 'nobody', 'it looks at the number of parameters of all statements first'),
    Rule('dynoxide', 'BatchGetItem', V + 'Too many items requested for the BatchGetItem call', V + r"1 validation error detected: Value at 'RequestItems\..*' failed to satisfy constraint: Member must have length less than or equal to 100", 'dynalite', 'it takes what all tables have for what one has'),
    Rule('dynalite', 'BatchGetItem', V + 'Too many items requested .*', V + 'Provided list of item keys contains duplicates', 'nobody', ORDER),
    Rule('dynoxide', 'Scan', V + 'The provided starting key is invalid: Invalid ExclusiveStartKey. .*', '200.*', 'document', 'its segments cut the keys by a hash of its own, as ours do; AWS does not say which', lambda ours, theirs, request: 'Segment' in request and 'ExclusiveStartKey' in request),
    Rule('dynoxide', 'Scan', '200.*', V + '.*ExclusiveStartKey.*', 'document', 'its segments cut the keys by a hash of its own, as ours do; AWS does not say which', lambda ours, theirs, request: 'Segment' in request and 'ExclusiveStartKey' in request),
    Rule('dynoxide', 'BatchGetItem', V + 'Too many items requested for the BatchGetItem call', V + r"1 validation error detected: Value at 'RequestItems\..*' failed to satisfy constraint: Member must have length less than or equal to 100", 'document', 'it takes what all tables have for what one has', named('"Keys"')),
    Rule('dynoxide', 'Query', EXPRESSION, OWN_SYNTAX, 'itself', 'its parser of key conditions has words of its own, and comes first'),
    Rule('dynoxide', '.*', V + r'Invalid ProjectionExpression: Syntax error; .*', V + 'Invalid ProjectionExpression: Expected number in brackets', 'itself', 'its parsers of projections and key conditions have words of their own'),
    Rule('dynoxide', '(Put|Update|Delete)Item', V + PREFIX + r'One or more parameter values were invalid: ComparisonOperator \w+ is not valid for \w+ AttributeValue type', V + PREFIX + 'One or more parameter values were invalid: .* for Attribute: .*', 'document', 'it lets Expected compare more types; the documentation of ComparisonOperator names those of each operator', several('ComparisonOperator|Exists')),
    Rule('dynalite', '(Put|Update|Delete)Item', V + r'One or more parameter values were invalid: ComparisonOperator \w+ is not valid for \w+ AttributeValue type', V + 'One or more parameter values were invalid: .* for Attribute: .*', 'document', 'it lets Expected compare more types; the documentation of ComparisonOperator names those of each operator', several('ComparisonOperator|Exists')),
    Rule('dynoxide', 'Scan', SEGMENT, EXPRESSION, 'dynalite', 'it looks at segments after expressions'),
    Rule('dynoxide', 'Query', VALUE, V + 'ExpressionAttributeValues contains invalid value: .*', 'recorded', 'it names the value, which Query does not in any region that was recorded', without('ExpressionAttributeValues contains invalid value: | for key :.*')),
    Rule('dynoxide', '.*', V + r'Invalid FilterExpression: An expression attribute value .*', V + 'An expression attribute value .*', 'dynalite', 'it leaves out the beginning of a text', same_after('Invalid FilterExpression: ')),
    Rule('dynoxide', 'ListTagsOfResource', V + "1 validation error detected: Value null at 'resourceArn' .*", V + 'Invalid TableArn', 'document', 'it takes null for a name'),
    Rule('dynoxide', 'UntagResource', V + 'The Tag Key provided is invalid, Key: .*', '400 ResourceNotFoundException: .*', 'document', 'it takes an empty key; the service model wants a character'),
    Rule('dynoxide', 'BatchWriteItem|BatchGetItem', MODEL, MODEL, 'recorded', 'it sorts the names of tables; those of a map stand in the order of a Java map of its size, or as they were sent', lambda ours, theirs, request: sorted(re.findall(r'diff\.\w+', ours)) == sorted(re.findall(r'diff\.\w+', theirs)) and re.sub(r'diff\.\w+', '', ours) == re.sub(r'diff\.\w+', '', theirs)),
    Rule('dynoxide', 'CreateTable', V + 'Attribute Name is duplicated: .*', TABLE, 'reports', 'it does not look for attributes that are defined twice'),
    Rule('dynoxide', 'UpdateItem', UNDEFINED, UNDEFINED, 'dynalite', 'of several values that are not defined it names another', lambda ours, theirs, request: mistakes(ours) == mistakes(theirs)),
    Rule('dynoxide', 'ExecuteTransaction', V + 'ExecuteTransaction API does not support both read and write .*', V + r'Validation failed in TransactStatements\[\d+\]: RETURNING clause .*', 'nobody', 'it looks at RETURNING first'),
    Rule('dynoxide', 'Scan|Query', '200 .*', '200 .*', 'document', 'it counts what a local index does not hold to the table', lambda ours, theirs, request: only('ConsumedCapacity')(ours, theirs, request) and str(request.get('IndexName')).startswith('Local') and 'LocalSecondaryIndexes' not in theirs and units(ours) == units(theirs)),
    Rule('dynoxide', 'Query', EXPRESSION, INVALID + 'Condition parameter type does not match schema type', 'dynalite', 'it looks at the types of key conditions before the rest of expressions'),
    Rule('dynoxide', '.*', '400 SerializationException: .*', '400 SerializationException: expected object for M', 'itself', 'it shows a message of its JSON or Base64 library'),
    Rule('dynoxide', '(Put|Delete)Item', '400 SerializationException: .*', V + '1 validation error detected: ReturnValues can only be ALL_OLD or NONE', 'dynalite', 'it looks at constraints and values before it has read all of the body'),
    Rule('dynoxide', 'ExecuteTransaction', V + r'Validation failed in TransactStatements\[\d+\]: Table name should be within .*', V + r'Validation failed in TransactStatements\[\d+\]: Select statements within .*', 'nobody', 'it looks at keys of all statements first'),
    Rule('dynoxide', 'UpdateItem', V + PREFIX + r'One or more parameter values were invalid: ComparisonOperator \w+ is not valid for \w+ AttributeValue type', V + PREFIX + 'One or more parameter values were invalid: AttributeValues inside AttributeValueList must be of same type', 'document', 'it lets Expected compare more types; the documentation of ComparisonOperator names those of each operator', several('ComparisonOperator')),
    Rule('dynoxide', '(Put|Update|Delete)Item', V + '1 validation error detected: ExpressionAttributeValues contains invalid key: .*', V + 'ExpressionAttributeValues contains invalid key: .*', 'recorded', 'it leaves out the beginning that all errors of PutItem, UpdateItem and DeleteItem themselves have', same_after('1 validation error detected: ')),
    Rule('dynoxide', '.*', V + PREFIX + r'Invalid \w+: Syntax error; token: "\w+", near: .*', V + PREFIX + r'Invalid \w+: Syntax error; token: "[^\w\s=<>(),.:#\[\]+-]", near: .*', 'nobody', 'it looks for characters that no word can have first'),
    Rule('dynoxide', 'Query', V + r'Invalid KeyConditionExpression: (Syntax error; .*|Invalid function name; .*)', V + r'Invalid FilterExpression: .*|' + UNDEFINED + '|' + V + 'An expression attribute name .*', 'nobody', 'it looks at filters and names before key conditions'),
    Rule('dynoxide', 'Query|Scan', V + r"1 validation error detected: Value '.*' at 'indexName' failed .*", SELECT_ALONE, 'document', "it does not know the service model's limits of IndexName", lambda ours, theirs, request: len(str(request.get('IndexName'))) < 3),
    Rule('dynoxide', '(Un)?[Tt]agResource|ListTagsOfResource', V + "1 validation error detected: Value null at 'resourceArn' .*", V + 'Invalid TableArn', 'document', 'it takes null for a name'),
    Rule('dynoxide', 'TransactWriteItems', V + 'Invalid (Update|Condition)Expression: Invalid function name; function: .*', LATER, 'itself', 'it takes names of functions in any case in transactions'),
    Rule('dynoxide', 'ExecuteTransaction', CANCELED, CANCELED, 'nobody', "it has PutItem's text for an INSERT without its key", lambda ours, theirs, request: re.sub('Key attribute should be present in the item: Key (\\w+)', r'One or more parameter values were invalid: Missing the key \1 in the item', ours) == theirs),
    Rule('dynoxide', 'Query', ORDERED, V + 'Consistent reads are not supported .*', 'reports', 'it lets BETWEEN compare with what has no order; AWS refuses that before it looks at any item (ExtendDB/extenddb#216)'),
    Rule('dynoxide', '(Put|Update|Delete)Item', MIXTURE, V + '1 validation error detected: Can not use both .*', 'recorded', 'it counts the error; a request with a value without a type goes to the older layer, which counts none', envelope_of_empty_values),
    Rule('dynalite', '.*', V + '(Invalid KeyConditionExpression: )?.*', V + '(Query key condition not supported|Invalid condition in KeyConditionExpression: .*)', 'reports', 'it looks at key conditions before operands', lambda ours, theirs, request: 'operand' in ours),
    Rule('dynalite', '(Put|Update|Delete)Item', V + r'One or more parameter values were invalid: ComparisonOperator \w+ is not valid for \w+ AttributeValue type', INDEX_KEY, 'document', 'it lets Expected compare more types; the documentation of ComparisonOperator names those of each operator'),
    Rule('dynoxide', 'CreateTable', V + r'2 validation errors detected: .*', V + r'2 validation errors detected: .*', 'nobody', "it lists a definition's missing members in another order", same_constraints),
]

DYNALITE_RULES += [
    Rule('dynalite', '.*', '200.*|400 .*', V + r'Invalid \w+: Syntax error; Expected "\(" but "N" found\.', 'peers', 'it takes no NOT after NOT; dynoxide does', named(r'NOT\s+NOT')),
    Rule('dynalite', 'CreateTable', V + 'Attribute Name is duplicated: .*', '200.*', 'reports', 'it does not look for attributes that are defined twice'),
    Rule('dynalite', 'UpdateTable', V + 'Attempting to create an index which already exists', '200.*', 'reports', 'it creates an index that is there'),
    Rule('dynalite', '(Put|Update|Delete)Item', CONDITION_FAILED, '200.*', 'reports', "its NOT_CONTAINS holds for what is not there; AWS's does not (Alternator's source)", named('NOT_CONTAINS', 'Expected')),
    Rule('dynalite', '.*', LEGACY, LEGACY, 'nobody', 'of a value of another type than the first and one that the operator does not take it reports the former'),
    Rule('dynalite', 'Query', V + r'Invalid KeyConditionExpression: Incorrect operand type for operator or function; operator or function: (<|<=|>|>=|BETWEEN), .*', V + '(KeyConditionExpressions cannot have .*|Invalid operator used in KeyConditionExpression: .*|Query .*|Condition parameter type .*)', 'reports',
         'it lets <, <=, >, >= and BETWEEN compare with what has no order; AWS refuses that before it looks at any item (ExtendDB/extenddb#216)'),
    Rule('dynalite', 'Query', DISTINCT.replace('(<|<=|>|>=|=|<>|BETWEEN|IN)', '(BETWEEN|IN)'), LEGACY, 'recorded', 'it does not mind the operand of BETWEEN among its own bounds; AWS does, as recorded of PartiQL'),
    Rule('dynalite', '.*', INVALID + 'Invalid comparison operator|' + VALUE + '|' + LEGACY + '|' + MIXTURE, V + r"\d+ validation errors? detected: .*\.comparisonOperator' failed to satisfy constraint: Member must satisfy enum.*", 'recorded',
         'it lists an unknown ComparisonOperator among the constraints, as one recorded region does; three do not', named('"ComparisonOperator"')),
    # ---- as dynoxide, for the same reasons
    Rule('dynalite', 'UpdateItem', UPDATE_OPERAND, UPDATE_OPERAND.replace(', typeSet: ALLOWED_FOR_(ADD|DELETE)_OPERAND', ''), 'reports', 'it leaves out the type set of DELETE; AWS does not (typedorm/typedorm#264)', without(', typeSet: .*')),
    Rule('dynalite', '.*', ORDERED, LATER + '|' + VALUE, 'reports', 'it lets <, <=, >, >= and BETWEEN compare with what has no order; AWS refuses that before it looks at any item (ExtendDB/extenddb#216)', lambda ours, theirs, request: ours != theirs),
    Rule('dynalite', '.*', DISTINCT.replace('(<|<=|>|>=|=|<>|BETWEEN|IN)', '(BETWEEN|IN)'), LATER, 'recorded', 'it does not mind the operand of BETWEEN among its own bounds; AWS does, as recorded of PartiQL', lambda ours, theirs, request: not theirs.startswith(ours[:60])),
    Rule('dynalite', '(Put|Update|Delete)Item', V + r'One or more parameter values were invalid: ComparisonOperator \w+ is not valid for \w+ AttributeValue type', CONDITION_FAILED + '|200.*|' + KEY, 'document',
         'it lets Expected compare more types; the documentation of ComparisonOperator names those of each operator'),
    Rule('dynalite', '(Put|Update|Delete)Item', SCALAR_KEYS, '200.*|' + CONDITION_FAILED + '|' + UPDATE_ON_ITEM, 'reports', 'it minds paths into keys in filters and projections, not in conditions'),
    Rule('dynalite', '.*', '200.*|400 .*', '.*The parameter cannot be converted to a numeric value: [+].*', 'peers', 'it takes no plus sign; dynoxide does', named(r'"[+]\d')),
    Rule('dynalite', 'Query|Scan', NOT_PROJECTED, '200.*', 'reports', 'it does not look at what an index projects in filters and projections; the texts are those that applications report'),
    Rule('dynalite', 'Query|Scan', SELECT_OLD, '200.*|400 (ValidationException|ResourceNotFoundException): .*', 'recorded', 'it does not look at what Select goes together with'),
    Rule('dynalite', '.*', UNUSED, UNUSED, 'nobody', 'it lists names as they were sent; ours are in the order of a Java map, as in other texts of the service', same_names),
    Rule('dynalite', '.*', V + r'Invalid \w+: Syntax error; token: .*', V + r'Invalid \w+: Syntax error; Expected .* found\.', 'itself', 'it shows a message of its parser generator'),
    Rule('dynalite', 'UpdateItem', V + 'The update expression attempted to update the secondary index key to unsupported type', INVALID + 'Type mismatch for Index Key .*', 'reports', 'it has one text for all types; that for what is computed is one that applications report'),
    Rule('dynalite', 'UpdateTable', '400 ResourceNotFoundException: Requested resource not found: Index .* for table .*', '200.*', 'reports', 'it deletes an index that is not there'),
    Rule('dynalite', 'Query|Scan', '200 .*', '200 .*', 'reports', "its NOT_CONTAINS holds for what is not there; AWS's does not (Alternator's tests)", lambda ours, theirs, request: 'NOT_CONTAINS' in json.dumps(request) and more_found(ours, theirs, request)),
    Rule('dynalite', 'BatchWriteItem', KEY + '|' + INDEX_KEY + '|' + VALUE, KEY + '|' + INDEX_KEY + '|' + VALUE, 'nobody', 'of several wrong requests it reports another one', several('"(Put|Delete)Request"')),
]

RULES = DYNOXIDE_RULES + DYNALITE_RULES


def find_rule(peer, operation, ours, theirs, request, others):
    # a text that differs in its beginning alone is not another mistake
    envelope = ours != theirs and without_envelope(ours) == without_envelope(theirs)
    for rule in RULES:
        if envelope and not hasattr(rule.when, 'knows_envelope'):
            continue
        if rule.source == 'dynalite' and others and others.get('dynalite') is not None and 'cannot be converted to a numeric value: +' not in others['dynalite'][1]:
            continue
        if rule.peer == peer and re.fullmatch(rule.operations, operation) and re.fullmatch(rule.ours, ours, re.S) and \
                re.fullmatch(rule.theirs, theirs, re.S) and (rule.when is None or rule.when(ours, theirs, request)):
            return rule
    return None


def explain(peer, operation, ours, theirs, request, others=None):
    """None, or (reason, source).  others: what differs between us and the other peers, None where nothing does."""
    rule = find_rule(peer, operation, ours, theirs, request, others)
    if rule is not None:
        return rule.reason, rule.source
    if peer == 'dynalite' and 'dynoxide' in (others or {}):
        difference = others['dynoxide']
        # dynoxide's body may differ where ours and dynalite's differ in the status or text
        if difference is None or ours[:3] != theirs[:3] and difference[0][:4] == difference[1][:4] == '200 ':
            return 'dynoxide, whose answers follow recorded ones of AWS, answers as we do', 'peers'
    return None
