"""
Known deviations of the peers, each with its reason.

A rule explains a difference when its patterns match both outcomes, written "200 {members that differ}" or
"400 ValidationException: text".  Its source says why AWS is on our side:

    document   AWS's documentation, or the service model (botocore)
    reports    texts and behaviour that people report from AWS, Alternator's tests (which pass on AWS) among them
    peers      the other peer: dynalite was written by testing against AWS, DynamoDB Local was written by AWS
    itself     the peer cannot mean it: it fails, contradicts itself, or says that it lacks the feature
    nobody     nobody knows what AWS does: the two answers are both plausible, and neither is documented

A new kind of difference matches no rule.  So patterns name the texts on both sides; a rule that takes any text on one
side names a text that only this deviation has on the other.
"""
import json
import re
from typing import Callable, NamedTuple, Optional


class Rule(NamedTuple):
    peer: str           # 'local' (DynamoDB Local), 'dynalite', or '*'
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

# the same in DynamoDB Local's words
LOCAL_NAME = V + r'Invalid table/index name\.  Table/index names must be between 3 and 255 characters long, .*'
LOCAL_KEY = V + (r'(The number of conditions on the keys is invalid|One of the required keys was not given a value|Invalid attribute value type'
                 r'|Hash primary key values must be under .*|One or more parameter values are not valid\. .*|The provided key element does not match the schema)|'
                 + INVALID + r'(Type mismatch for key|Missing the key .*|Type mismatch for Index Key)')
LOCAL_START = V + (r'(Exclusive Start Key must have same size as table.s key schema|The provided starting key is invalid.*|The provided starting key does not match the range key predicate'
                   r'|Type mismatch for attribute to update|The provided starting key is outside.*|Invalid attribute value type'
                   r'|The query can return at most one row and cannot be restarted\. The provided starting key is invalid: .*)')
LOCAL_NUMBER = V + '.*(A value provided cannot be converted into a number|cannot be converted into a number).*'
LOCAL_VALUE = VALUE + '|' + LOCAL_NUMBER + '|' + V + r'.*(null AttributeValue|Supplied AttributeValue is empty|contains duplicates).*'
LOCAL_SEGMENT = V + r'(If .*egment.*|Segment must be.*|Total segments.*|.* at .segment. failed .*)'
LOCAL_NOT_FOUND = '400 ResourceNotFoundException: (Cannot do operations on a non-existent table|Requested resource not found.*)'
LOCAL_CONSISTENT = V + 'Consistent read cannot be true when (querying|scanning) a GSI'


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


def same_numbers(ours, theirs, request):
    return plain_numbers(ours) == plain_numbers(theirs)


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
LOCAL_TABLE = V + (r'(Two keys can not have the same name|Cannot have two attributes with the same name|If Projection type INCLUDE .*|The number of attributes in key schema must match .*|Hash Key not specified .*|Range Key not specified .*'
                   r'|Invalid key order.*|Both the .*|Local Secondary indices .*|No (defined key schema|Attribute Schema Defined).*|No provisioned throughput.*|.*[Tt]hroughput.*|.*[Ii]nde.*|.*key schema.*|.*attribute.*)')
# members and constraints that came after dynalite
NOT_IN_DYNALITE = r"at '(returnValuesOnConditionCheckFailure|totalSegments|streamSpecification\..*|deletionProtectionEnabled|attributeUpdates\.[^']*|[^']*\.member)'"


def mistakes(outcome):
    """The text of an error without what is special to the request: several mistakes show in different ones."""
    return re.sub(r'(; )?(path one|path two|token|near|(?<!invalid )key|operator|operator or function|operand type|attribute name|attribute value|first operand|reserved keyword|function|index|lower bound operand|upper bound operand)s?: .*', '', outcome)


def operands(outcome):
    return re.findall(r'(?:path one|path two|token|near|operator or function|operator|operand type|attribute name|attribute value|first operand|function|reserved keyword|bound operand): .*', outcome)


def same_constraints(ours, theirs, request):
    """The same constraints of the same members fail, whatever their values look like."""
    found = [set(re.findall(r" at '([^']*)' failed to satisfy constraint: (\w[^;]*)", outcome)) for outcome in (ours, theirs)]
    return found[0] == found[1] or len(re.findall(' at ', ours)) > 1


def same_codes(ours, theirs, request):
    """Reasons of the same codes, for keys that do not fit."""
    ours, theirs = (json.loads(outcome.split(' CancellationReasons ')[1]) if ' CancellationReasons ' in outcome else [] for outcome in (ours, theirs))
    if not ours or [one['Code'] for one in ours] != [other['Code'] for other in theirs]:
        return False
    return all(one.get('Message') == str(other.get('Message')).removesuffix('.') or one.get('Message') == other.get('Message') or re.fullmatch(LOCAL_KEY, V + str(other.get('Message')))
               for one, other in zip(ours, theirs))


def without_definitions(outcome, *others):
    return {name: value for name, value in json.loads(outcome[4:])['TableDescription'].items() if name not in ('AttributeDefinitions', *others)}


def fewer_constraints(ours, theirs, request):
    return set(re.findall(r" at '[^;]*", theirs)) < set(re.findall(r" at '[^;]*", ours))


def responses_alike(ours, theirs, request):
    """Apart from capacity, do the responses to statements differ in nothing but the words of errors?"""
    ours, theirs = (json.loads(outcome[4:]) for outcome in (ours, theirs))
    names = {*ours, *theirs} - {'ConsumedCapacity'}
    if not names:
        return True
    if names == {'Items'}:
        return plain_numbers(json.dumps(ours['Items'], sort_keys=True)) == plain_numbers(json.dumps(theirs['Items'], sort_keys=True))
    if names != {'Responses'} or len(ours['Responses']) != len(theirs['Responses']):
        return False
    for one, other in zip(ours['Responses'], theirs['Responses']):
        error, other_error = one.get('Error'), other.get('Error')
        if error and error['Message'].startswith('Number of parameters'):
            continue
        if (error is None) != (other_error is None) or not error and plain_numbers(json.dumps(one, sort_keys=True)) != plain_numbers(json.dumps(other, sort_keys=True)):
            return False
        if error and error['Code'] != other_error['Code'] and not error['Message'].startswith('Table name should be'):
            return False
    return True


def leaves(value, found):
    """The values inside a value, whatever holds them."""
    if isinstance(value, dict) and len(value) == 1 and {*value} <= {'S', 'N', 'B', 'BOOL', 'NULL', 'SS', 'NS', 'BS'}:
        found.append(plain_numbers(json.dumps(value)))
    elif isinstance(value, (dict, list)):
        for inner in value.values() if isinstance(value, dict) else value:
            leaves(inner, found)
    return found


def nested_columns(ours, theirs, request):
    """Do the responses hold the same values, of statements that select paths?"""
    ours, theirs = (json.loads(outcome[4:]) for outcome in (ours, theirs))
    return {*ours, *theirs} <= {'Responses', 'ConsumedCapacity'} and re.search(r'SELECT [^*]*[.\[]', json.dumps(request), re.I) is not None and \
        sorted(leaves(ours.get('Responses'), [])) == sorted(leaves(theirs.get('Responses'), []))


OWN_WORDS = 'it has words of its own; ours are those that people report from AWS, and dynalite has them'
CONSTRAINTS = 'it checks the constraints of the service model by hand, later and in words of its own'
ORDER = 'it checks in another order'

LOCAL_RULES = [
    # ---- it fails, or lacks it
    Rule('local', '.*', '400 .*', '500 InternalFailure: .*', 'itself', 'it fails on what is no valid request'),
    Rule('local', '(Un)?[Tt]agResource|ListTagsOfResource', '.*', '400 UnknownOperationException: Tagging is not currently supported in DynamoDB Local.', 'itself', 'it has no tags'),
    Rule('local', '.*', SERIALIZATION, '200.*|400 .*', 'peers', 'it reads values of the wrong JSON type as if they were right'),

    # ---- what it reports
    Rule('local', 'Query|Scan', '200 .*', '200 .*', 'document', 'it does not count what a local index fetches from the table',
         lambda ours, theirs, request: only('ConsumedCapacity')(ours, theirs, request) and str(request.get('IndexName')).startswith('Local') and units(ours) > units(theirs)),
    Rule('local', 'DeleteItem', r'200 \{"ConsumedCapacity": null.*', r'200 \{"ConsumedCapacity": \{.*', 'document', 'it reports capacity that nobody asked for'),
    Rule('*', 'Query|Scan|GetItem|BatchGetItem', '200 .*', r'200 .*"CapacityUnits": 0(\.0)?[,}].*', 'document', 'it counts no capacity for what is not there; AWS counts the least unit', only('ConsumedCapacity')),
    Rule('*', 'BatchGetItem', '200 .*', '200 .*', 'document', 'it counts no capacity for what is not there; AWS counts the least unit',
         lambda ours, theirs, request: only('ConsumedCapacity')(ours, theirs, request) and units(ours) > units(theirs)),
    Rule('*', '(Put|Update|Delete|BatchWrite)Item', '200 .*', '200 .*', 'document', 'it counts writes to indexes otherwise',
         lambda ours, theirs, request: only('ConsumedCapacity')(ours, theirs, request) and in_indexed_table(ours, theirs, request)),
    Rule('local', '(Put|Update|Delete|BatchWrite|TransactWrite)Items?', '200 .*', r'200 .*"ItemCollectionMetrics": null.*', 'document', 'it has no ItemCollectionMetrics',
         some('ItemCollectionMetrics', 'ConsumedCapacity')),
    Rule('local', '.*', '200 .*', '200 .*', 'reports', 'it gives numbers as they were written; AWS gives plain digits', same_numbers),
    Rule('local', '.*', '400 .* (Item|CancellationReasons) .*', '400 .*', 'reports', 'it gives numbers as they were written; AWS gives plain digits', same_numbers),
    Rule('local', 'DeleteTable', '200 .*', '200 .*', 'document', 'it describes a table that it deletes as if it stayed', only('TableDescription')),

    # ---- its words
    Rule('local', 'PutItem|BatchWriteItem|UpdateItem', V + 'Empty attribute name', V + '.*null AttributeValue.*', 'nobody', ORDER),
    Rule('local', 'ExecuteStatement', MODEL, MODEL, 'document', 'it lists fewer constraints of the service model', fewer_constraints),
    Rule('local', 'Scan', MODEL, V + '1 validation error detected: Value .* at .segment. failed .* less than or equal to .*', 'document', CONSTRAINTS),
    Rule('local', '.*', MODEL, V + r'(?!.*validation errors? detected).*|' + NOT_FOUND + '|400 ResourceInUseException: .*|' + CONDITION_FAILED, 'document', CONSTRAINTS),
    Rule('local', '.*', V + r'.* at .(limit|totalSegments|segment|returnValues\w*|returnConsumedCapacity|select|conditionalOperator)\b.*', '200.*', 'document', CONSTRAINTS),
    Rule('local', '.*', NOT_FOUND, '400 ResourceNotFoundException: Cannot do operations on a non-existent table', 'reports', OWN_WORDS),
    Rule('local', 'CreateTable', '400 ResourceInUseException: Table already exists: .*', '400 ResourceInUseException: Cannot create preexisting table', 'reports', OWN_WORDS),
    Rule('local', '(Put|Delete)Item', V + 'ReturnValues can only be ALL_OLD or NONE', V + 'Return values set to invalid value', 'peers', OWN_WORDS),
    Rule('local', '.*', V + "TableName must be at least 3 .*|" + V + "The parameter 'TableName' is required .*", LOCAL_NAME + '|' + NOT_FOUND + '|' + V + "Value null at 'tableName' failed .*", 'peers', OWN_WORDS),
    Rule('local', '.*', KEY + '|' + INDEX_KEY, LOCAL_KEY, 'reports', OWN_WORDS),
    Rule('local', 'Scan', SEGMENT, LOCAL_SEGMENT, 'peers', OWN_WORDS),
    Rule('local', 'UpdateItem', INVALID + r'(ADD action is not|DELETE action with value is not) supported for the type [A-Z]+',
         INVALID + r'(ADD action is not|DELETE action with value is not) supported for the type [A-Z_]+', 'peers', OWN_WORDS),
    Rule('local', 'Query|Scan', V + 'Consistent reads are not supported on global secondary indexes', LOCAL_CONSISTENT, 'peers', OWN_WORDS),
    Rule('local', '.*', V + '.*The parameter cannot be converted to a numeric value.*', LOCAL_NUMBER, 'reports', OWN_WORDS),
    Rule('local', '.*', V + '.*Supplied AttributeValue is empty.*', V + '.*null AttributeValue.*', 'peers', OWN_WORDS),
    Rule('local', '.*', INVALID + 'ConditionalOperator .*', V + 'ConditionalOperator .*', 'nobody', 'it leaves out the beginning of a text'),
    Rule('local', 'Query|Scan', START_KEY + '|' + V + 'The provided key element does not match the schema', LOCAL_START, 'peers', OWN_WORDS),
    Rule('local', '.*', V + r'.*\{B:[^}]*\}.*', V + r'.*\{B:java\.nio\.HeapByteBuffer.*', 'peers', 'it shows Java objects instead of binary values'),
    Rule('local', '.*', V + r'.*valid types: \{.*', V + r'.*valid types: \{.*', 'peers', 'it lists the types in another order'),
    Rule('local', 'Batch(Get|Write)Item', V + 'The requestItems parameter is required for Batch.*', V + 'Batch(Get|Write)Item cannot have a null or no requests set', 'reports', OWN_WORDS),
    Rule('local', '.*', V + '.*contains duplicates.*', V + '.*contains duplicates.*', 'peers', OWN_WORDS),
]

# ---- the order of its checks: both answers are right in themselves
ANY_EXPRESSION = EXPRESSION + '|' + MIXTURE
LOCAL_RULES += [
    Rule('local', '.*', ANY_EXPRESSION + '|' + LEGACY, LOCAL_KEY, 'peers', 'it looks at keys before expressions; dynalite, tested on AWS, parses them first'),
    Rule('local', '.*', MIXTURE, LEGACY + '|' + EXPRESSION + '|' + SELECT + '|' + LOCAL_VALUE, 'peers', 'it looks at legacy parameters before it refuses the mixture; dynalite refuses that first'),
    Rule('local', '.*', ANY_EXPRESSION + '|' + LEGACY, LOCAL_START + '|' + LOCAL_CONSISTENT + '|' + V + 'The table does not have the specified index: .*|' + LOCAL_NOT_FOUND, 'peers',
         'it looks at the table before the expressions; dynalite, tested on AWS, parses them first'),
    Rule('local', '.*', VALUE, LOCAL_VALUE + '|' + LOCAL_KEY + '|' + EXPRESSION + '|' + LEGACY + '|' + MIXTURE + '|' + LOCAL_NOT_FOUND + '|' + SCALARS, 'peers',
         'it looks at attribute values later; dynalite, tested on AWS, as we do'),
    Rule('local', '(Put|Delete)Item', V + 'ReturnValues can only be ALL_OLD or NONE', LEGACY + '|' + EXPRESSION + '|' + LOCAL_KEY + '|' + LOCAL_VALUE + '|' + MIXTURE + '|' + LOCAL_NOT_FOUND, 'peers',
         'it looks at ReturnValues elsewhere; dynalite, tested on AWS, as we do for PutItem'),
    Rule('local', '.*', ANY_EXPRESSION + '|' + LEGACY + '|' + VALUE + '|' + SCALARS + '|' + KEY, V + 'Return values set to invalid value', 'nobody', ORDER),
    Rule('local', 'Scan', SEGMENT, EXPRESSION + '|' + LEGACY + '|' + MIXTURE + '|' + SCALARS + '|' + LOCAL_START + '|' + SELECT, 'peers', 'it looks at segments last; dynalite, tested on AWS, before expressions'),
    Rule('local', 'Query', LEGACY, V + 'Query (key condition not supported|condition missed .*)', 'peers', 'it looks at QueryFilter later; dynalite, tested on AWS, as we do'),
    Rule('local', 'UpdateItem', INDEX_KEY, UPDATE_ON_ITEM, 'peers', 'it looks at the item before it looks at what the update names; dynalite, tested on AWS, as we do'),
    Rule('local', 'Query', LEGACY + '|' + VALUE, V + 'Either the KeyConditions or KeyConditionExpression .*', 'peers', 'it looks at QueryFilter later; dynalite, tested on AWS, as we do'),
    Rule('local', 'Scan', EXPRESSION + '|' + LEGACY + '|' + MIXTURE + '|' + SELECT + '|' + SCALARS, LOCAL_SEGMENT, 'nobody', ORDER),
    Rule('local', 'Query|Scan', SELECT + '|' + NOT_PROJECTED, SELECT + '|' + NOT_PROJECTED + '|' + SCALARS + '|' + LOCAL_START, 'nobody', ORDER),
    Rule('local', 'Query|Scan|BatchGetItem|GetItem', SCALARS, SELECT + '|' + NOT_PROJECTED + '|' + LOCAL_START + '|' + LOCAL_KEY, 'peers', 'it looks at paths into keys in another order; dynalite, tested on AWS, as we do'),
    Rule('local', 'Query|Scan', START_KEY + '|' + V + 'The provided key element does not match the schema', SELECT + '|' + NOT_PROJECTED + '|' + SCALARS + '|' + V + 'Query .*', 'peers',
         'it looks at the start key in another order; dynalite, tested on AWS, as we do'),
    Rule('local', 'Query', V + 'Quer(y key condition not supported|y condition missed key schema element: .*)|' + INVALID + 'Condition parameter type does not match schema type',
         LOCAL_START + '|' + V + 'Quer.*|' + INVALID + 'Condition parameter type does not match schema type', 'peers', 'it looks at key conditions in another order; dynalite, tested on AWS, as we do'),
    Rule('local', 'UpdateItem', INVALID + '(Cannot update attribute .*)|' + INDEX_KEY + '|' + SCALARS, CONDITION_FAILED + '|' + SCALARS + '|' + LOCAL_KEY, 'peers',
         'it looks at the item before it looks at what the update names; dynalite, tested on AWS, as we do'),
    Rule('local', '.*', SCALARS, CONDITION_FAILED + '|' + SCALARS + '|' + LOCAL_KEY + '|' + EXPRESSION, 'nobody', 'it looks at paths into keys elsewhere'),
    Rule('local', '.*', KEY + '|' + CONDITION_FAILED + '|' + EXPRESSION + '|' + V + '(The document path|The provided expression|An operand|Filter Expression can only contain).*', SCALARS, 'nobody', 'it looks at paths into keys elsewhere'),
    Rule('local', 'Batch(Get|Write)Item', ANY_EXPRESSION + '|' + VALUE + '|' + KEY + '|' + INDEX_KEY + '|' + LEGACY + '|' + NOT_FOUND, V + 'Provided list of item keys contains duplicates|' + V + 'Too many items requested .*', 'peers',
         'it looks for duplicates before everything else; dynalite, tested on AWS, in the order of the request'),
    Rule('local', 'Batch(Get|Write)Item', V + 'Provided list of item keys contains duplicates|' + V + 'Too many items requested .*', LOCAL_VALUE + '|' + LOCAL_KEY + '|' + EXPRESSION, 'nobody', ORDER),
    Rule('local', 'BatchGetItem', V + 'Provided list of item keys contains duplicates', '200.*', 'reports', 'it compares numbers as they are written, as AWS does (Alternator calls it a bug); we compare values'),

    # ---- expressions with several mistakes: it reports the last, we and dynalite the first
    Rule('local', '.*', V + 'Invalid (.*)Expression: .*', V + 'Invalid (.*)Expression: .*', 'nobody', 'of several mistakes in expressions it reports another one; alone, each has the same text',
         lambda ours, theirs, request: mistakes(ours) != mistakes(theirs) or operands(ours) != operands(theirs)),
    Rule('local', '.*', EXPRESSION, EXPRESSION, 'nobody', 'of several mistakes in names, values and expressions it reports another one; alone, each has the same text',
         lambda ours, theirs, request: mistakes(ours) != mistakes(theirs)),
    Rule('local', '.*', LEGACY + '|' + VALUE, LEGACY + '|' + LOCAL_VALUE + '|' + V + 'ConditionalOperator can only .*', 'nobody', 'of several mistakes in legacy parameters it reports another one',
         lambda ours, theirs, request: mistakes(ours) != mistakes(theirs)),
    Rule('local', '(Put|Update|Delete)Item|Query|Scan', INVALID + r'ComparisonOperator (NOT_)?CONTAINS is not valid for (BOOL|NULL) AttributeValue type', '200.*|' + CONDITION_FAILED, 'document',
         'it lets CONTAINS compare with BOOL and NULL; the documentation names strings, numbers and binaries'),
    Rule('local', 'UpdateItem', UPDATE_ON_ITEM, UPDATE_ON_ITEM, 'nobody', 'of several operations that the item does not allow it reports another one'),

    # ---- behaviour
    Rule('*', '(TransactWrite|Update)Items?', '200.*', V + 'The document path provided in the update expression is invalid for update', 'reports',
         'AWS lets REMOVE of a path pass when there is no item (Alternator)'),
    Rule('*', 'UpdateItem', r'200 \{"Attributes": null.*\}', r'200 \{"Attributes": .*', 'reports', 'it makes an item of an update that only removes; AWS does not (Alternator, API reference)'),
    Rule('*', '(Put|Update|Delete|BatchWrite)Item', '200 .*', '200 .*"ItemCollectionMetrics": null.*', 'document', 'it has no ItemCollectionMetrics', some('ItemCollectionMetrics', 'ConsumedCapacity')),
    Rule('*', 'Query', V + 'The provided exclusive start key is invalid.*', '200.*', 'reports', 'it lets a query of a table without range key start at its one item; AWS does not (Alternator)'),
    Rule('*', 'Query', V + 'The query can return at most one row and cannot be restarted|' + V + 'The provided starting key is outside .*', V + 'The provided starting key does not match the range key predicate',
         'reports', 'it takes the hash key for a part of the range condition'),
    Rule('local', 'Query', '200.*', V + 'The provided starting key does not match the range key predicate', 'peers', 'it refuses a start key at the bound, where a page may end'),
    Rule('local', 'Query', r'200 \{"LastEvaluatedKey": .*', r'200 \{"LastEvaluatedKey": null\}', 'document', 'it knows that nothing follows; AWS says that a key does not mean that there is more'),
    Rule('local', 'UpdateItem', INDEX_KEY, '200.*', 'peers', 'it does not look at the types of index keys that an update sets'),
    Rule('local', 'UpdateItem', '200.*', V + 'Updates on index keys must be of the same data type.*', 'peers', 'it refuses to delete from an index key what is not there'),
    Rule('local', '(Put|Update|Delete)Item', LEGACY, CONDITION_FAILED, 'peers', 'it looks at the item before it looks at legacy parameters; dynalite, tested on AWS, as we do'),
    Rule('local', 'UpdateItem', INDEX_KEY, V + 'Updates on index keys must be.*', 'peers', OWN_WORDS),
    Rule('local', 'UpdateItem', LEGACY, V + 'Updates on index keys must be.*', 'peers', 'it looks at legacy parameters after the table; dynalite, tested on AWS, before'),
    Rule('local', '.*', V + 'The parameter cannot be converted to a numeric value: .*', '200.*', 'nobody', 'it takes digits of other scripts',
         lambda ours, theirs, request: re.search(r': .*[^\x00-\x7f]', ours[len(V):]) is not None),
    Rule('local', '.*', V + r'Invalid \w+: Attribute name is a reserved keyword; reserved keyword: size', '200.*|' + CANCELED + '|' + CONDITION_FAILED + '|' + UPDATE_ON_ITEM, 'document',
         'it lets "size" stand alone; the documentation lists it among the reserved words'),
    Rule('local', 'Scan', '200 .*', '200 .*', 'peers', 'its filters see what the index does not hold', lambda ours, theirs, request: 'IndexName' in request and ('FilterExpression' in request or 'ScanFilter' in request)),

    Rule('*', 'Scan', '200.*|' + V + 'The provided starting key is invalid: Invalid ExclusiveStartKey. .*', '200.*|' + V + '(Exclusive start key must lie within the segment|The provided starting key is invalid: Invalid ExclusiveStartKey. .*)',
         'document', 'its segments cut the keys by a hash of its own, as ours do; AWS does not say which', lambda ours, theirs, request: 'Segment' in request and 'ExclusiveStartKey' in request),
    Rule('local', 'BatchGetItem', '200.*|400 .*', MIXTURE, 'peers', 'it mixes up the parameters of two tables'),
    Rule('local', 'TransactWriteItems', '400 TransactionCanceledException: .*ValidationError.*', '200.*', 'peers', 'it does not look at the types of index keys that an update sets', in_indexed_table),
    Rule('local', 'Transact.*', '400 TransactionCanceledException: .*ConditionalCheckFailed.*', LOCAL_KEY, 'nobody', 'it looks at keys before conditions, or later'),

    # ---- transactions
    Rule('local', '.*', '400 TransactionCanceledException: .*', '400 TransactionCanceledException: .*', 'reports', 'it ends the text of a failed condition with a full stop',
         lambda ours, theirs, request: plain_numbers(theirs).replace('request failed.', 'request failed') == plain_numbers(ours)),
    Rule('local', 'Transact.*', '400 TransactionCanceledException: .*ValidationError.*', UPDATE_ON_ITEM, 'document',
         'it reports outside the reasons what the documentation of TransactionCanceledException lists as one'),
    Rule('local', 'Transact.*', '400 TransactionCanceledException: .*ValidationError.*', LOCAL_KEY + '|' + SCALARS, 'reports', 'it reports outside the reasons what does not fit the table'),
    Rule('local', 'Transact.*', '400 TransactionCanceledException: .*ValidationError.*', '400 TransactionCanceledException: (?!Transaction cancelled).*', 'itself', 'its text is not that of a cancellation'),
    Rule('local', 'Transact.*', '400 TransactionCanceledException: .*ValidationError.*', r'400 TransactionCanceledException: .*\[(None, )*ValidationError\].*', 'document', 'its reasons end with the first that is not None'),
    Rule('local', '.*', CANCELED, CANCELED, 'reports', OWN_WORDS, same_codes),
    Rule('local', 'Transact.*', '400 TransactionCanceledException: .*', '400 TransactionCanceledException: .*', 'nobody', 'of several reasons it finds others first',
         lambda ours, theirs, request: ours.split(' Cancel')[0] != theirs.split(' Cancel')[0]),
    Rule('local', 'TransactWriteItems', '400 TransactionCanceledException: .*ConditionalCheckFailed.*', UPDATE_ON_ITEM, 'nobody', 'it applies updates before it looks at all conditions'),
    Rule('local', 'Transact.*', '200.*|400 .*', V + 'ExpressionAttribute(Names|Values) can only be specified when using expressions.*', 'reports', 'it refuses names and values without an expression; AWS does not in transactions'),
    Rule('local', 'Transact.*', V + 'Transaction request cannot include multiple operations on one item', '400 TransactionCanceledException: .*|' + UPDATE_ON_ITEM + '|' + LOCAL_KEY + '|' + SCALARS, 'nobody', ORDER),
    Rule('local', 'Transact.*', '400 TransactionCanceledException: .*|' + EXPRESSION + '|' + VALUE, V + 'Transaction request cannot include multiple operations on one item', 'nobody', ORDER),
    Rule('local', 'Transact.*', EXPRESSION, LOCAL_VALUE, 'nobody', ORDER),
    Rule('local', 'TransactWriteItems', V + 'Invalid Request: TransactWriteRequest should contain .*', EXPRESSION + '|' + LOCAL_VALUE, 'nobody', ORDER),
    Rule('local', 'Transact.*', EXPRESSION + '|' + VALUE, '400 TransactionCanceledException: .*|' + UPDATE_ON_ITEM + '|' + SCALARS, 'nobody', ORDER),
    Rule('local', 'Transact.*', '400 TransactionCanceledException: .*', EXPRESSION + '|' + LOCAL_VALUE, 'nobody', ORDER),
    Rule('local', 'TransactWriteItems', '200 .*', '200 .*', 'document', 'it counts more than two units for each KB that a transaction writes', some('ConsumedCapacity', 'ItemCollectionMetrics')),
    Rule('local', 'TransactGetItems', '200 .*', '200 .*', 'nobody', 'it does not say which kind of units those of a table are',
         lambda ours, theirs, request: plain_numbers(re.sub(r'("Table": \{"CapacityUnits": [\d.]+), "ReadCapacityUnits": [\d.]+', r'\1', ours)) == plain_numbers(theirs)),
    Rule('local', 'Transact.*|ExecuteTransaction', MODEL, '400 (TransactionCanceledException|IdempotentParameterMismatchException): .*|200.*', 'document', CONSTRAINTS),

    Rule('local', 'Transact.*', V + r'One or more parameter values are not valid\. .*cannot contain an empty .*', UPDATE_ON_ITEM + '|400 TransactionCanceledException: .*', 'nobody', ORDER),

    # ---- PartiQL
    Rule('local', '.*(Statement|Transaction)', V + r"\d+ validation errors? detected: .* at '(\w+\.\d+\.member\.)?parameters' failed to satisfy constraint: Member must have length greater than or equal to 1", '200.*', 'document', CONSTRAINTS),
    Rule('local', 'ExecuteTransaction', V + '.*', V + r'Validation failed in TransactStatements\[\d+\]: Index \d+ out of bounds for length \d+', 'itself', 'it fails to order what a statement of a transaction reads'),
    Rule('local', 'BatchExecuteStatement', '200.*', '500 InternalFailure: .*', 'itself', 'it fails to order what a statement of a batch reads', lambda ours, theirs, request: 'ORDER BY' in json.dumps(request)),
    Rule('local', '(Batch)?Execute(Statement|Transaction)', VALUE, V + "(Statement wasn't well formed.*|.*[Rr]ead and write .*)", 'nobody', 'it looks at the values of parameters after the statements'),
    Rule('local', 'ExecuteStatement', CONDITION_FAILED, UPDATE_ON_ITEM, 'document', 'it applies an update of an item that is not there',
         lambda ours, theirs, request: 'UPDATE' in str(request.get('Statement')).upper()),
    Rule('local', 'Execute(Statement|Transaction)', V + r'(Validation failed in TransactStatements\[\d+\]: )?Table name should be within .*', NOT_FOUND, 'nobody', 'it looks for the table of an INSERT whatever its name is',
         lambda ours, theirs, request: 'INSERT' in json.dumps(request).upper()),
    Rule('local', '.*(Statement|Transaction)', '200 .*', '200 .*"ConsumedCapacity": null.*', 'document', 'its PartiQL reports no capacity', responses_alike),
    Rule('local', 'BatchExecuteStatement', '200 .*', '200 .*', 'reports', 'its PartiQL has words of its own', responses_alike),
    Rule('local', 'ExecuteTransaction|BatchExecuteStatement', '200 .*', '200 .*', 'nobody', 'it leaves a.b inside a in transactions and batches; ExecuteStatement takes it out, there and here', nested_columns),
    Rule('local', 'ExecuteStatement', '200', '500 InternalFailure: .*', 'itself', 'it fails to order what a filter drops', lambda ours, theirs, request: 'ORDER BY' in str(request.get('Statement'))),
    Rule('local', 'ExecuteStatement', '400 DuplicateItemException: (.*)', '400 DuplicateItem: .*', 'document', 'its error has not the name that the service model has'),
    Rule('local', '.*(Statement|Transaction)', '.*', V + r'(Validation failed in TransactStatements\[\d+\]: )?Unsupported data type: Parameter under key .*', 'itself', 'it takes no parameters inside values'),
    Rule('local', '.*(Statement|Transaction)', V + 'Unsupported data type: .*', V + 'Incorrect operand type .*', 'nobody', ORDER),
    Rule('local', '.*(Statement|Transaction)', V + r"(Validation failed in TransactStatements\[\d+\]: )?Number of parameters in request and statement don.t match.", '200.*|400 .*', 'reports', 'it does not mind more parameters than a statement has, or says where there are fewer'),
    Rule('local', 'ExecuteTransaction', V + '.*', V + r'Validation failed in TransactStatements\[\d+\]: .*', 'nobody', 'of several wrong statements it names another', several('Statement"')),
    Rule('local', 'ExecuteTransaction', V + '(Validation failed in .*|Table name should be within .*)|400 TransactionCanceledException: .*ValidationError.*', '400 TransactionCanceledException: .*ValidationError.*|' + LOCAL_NOT_FOUND + '|' + V + 'Validation failed in .*', 'nobody',
         'of several wrong statements it reports another, or as a reason', several('Statement"')),
    Rule('local', 'Execute(Transaction|Statement)', V + "(Statement wasn't well formed|Unsupported operation|Unexpected).*", V + "(Statement wasn't well formed|Unsupported|Unexpected|Aliasing).*", 'nobody', 'of some damaged statements it says otherwise what is wrong'),
    Rule('local', 'ExecuteStatement', UPDATE_ON_ITEM, UPDATE_ON_ITEM, 'nobody', 'of several operations that the item does not allow it reports another one'),
    Rule('local', 'ExecuteTransaction', '400 TransactionCanceledException: .*(ValidationError|ConditionalCheckFailed|DuplicateItem).*|' + V + 'Validation failed in .*', UPDATE_ON_ITEM + '|' + LOCAL_KEY + '|' + EXPRESSION, 'nobody', 'it reports outside the reasons what we report as one'),
    Rule('local', 'ExecuteTransaction', '400 TransactionCanceledException: .*', '400 TransactionCanceledException: .*', 'nobody', 'of several reasons it finds others first',
         lambda ours, theirs, request: ours.split(' Cancel')[0] != theirs.split(' Cancel')[0]),

    # ---- tables
    Rule('local', 'UpdateTable', V + 'At least one of .*', NOT_FOUND, 'nobody', ORDER),
    Rule('local', 'UpdateTable', V + 'At least one of .*', V + 'Nothing to update', 'reports', OWN_WORDS),
    Rule('local', 'BatchWriteItem', '200 .*', '200 .*', 'nobody', 'it counts some writes of a batch otherwise', lambda ours, theirs, request: only('ConsumedCapacity')(ours, theirs, request) and units(ours) < units(theirs)),
    Rule('local', 'UpdateTable', '400 ResourceNotFoundException: Requested resource not found: Index:? .*', '400 ResourceNotFoundException: Requested resource not found|' + V + 'Invalid global secondary index name', 'reports', OWN_WORDS),
    Rule('local', 'UpdateTable', INVALID + '(Table is being created with a stream|If stream is being) .*', V + 'Invalid StreamViewType: .*', 'reports', OWN_WORDS),
    Rule('local', 'UpdateTable', INVALID + 'Unknown ProjectionType: .*', V + 'Indexes must have a projection specified', 'reports', OWN_WORDS),
    Rule('local', 'UpdateTable', INVALID + 'If stream is being .*', NOT_FOUND, 'nobody', 'it looks for the table before it looks at the settings of a stream'),
    Rule('local', 'UpdateTable', '200 .*', '200 .*', 'nobody', 'it leaves out the attributes of an index that it deletes, while it lists the index',
         lambda ours, theirs, request: only('TableDescription')(ours, theirs, request) and without_definitions(ours) == without_definitions(theirs)),
    Rule('local', 'UpdateTable', V + 'Table has no stream to disable: TableName: .*', V + 'Table has no stream to disable', 'reports', OWN_WORDS),
    Rule('local', 'UpdateTable', INVALID + 'ProvisionedThroughput is not specified for index: .*', V + 'Attempting to create an index which already exists', 'nobody', ORDER),
    Rule('local', 'UpdateTable', V + 'The provisioned throughput for the (table|index .*) will not change\\. .*', V + 'The requested throughput value equals the current value', 'reports', OWN_WORDS),
    Rule('local', 'UpdateTimeToLive', V + 'TimeToLive is active on a different AttributeName: current AttributeName is .*', V + 'TimeToLive is active on a different AttributeName', 'reports', OWN_WORDS),
    Rule('local', 'UpdateTimeToLive', V + 'TimeToLive is .*', V + 'TimeToLive is .*', 'nobody', ORDER),
    Rule('local', 'UpdateTimeToLive', V + '(Time to live has been modified multiple times within a fixed interval|TimeToLive is already (enabled|disabled)|TimeToLive is active .*)', '200.*|' + V + 'TimeToLive is .*', 'document', 'it lets a setting change more than once an hour'),
    Rule('local', 'CreateTable', TABLE, LOCAL_TABLE, 'reports', OWN_WORDS),
    Rule('local', 'CreateTable', TABLE, '400 ResourceInUseException: Cannot create preexisting table', 'peers', 'it looks for the table before it looks at the definition; dynalite, tested on AWS, afterwards'),
    Rule('*', 'CreateTable', INVALID + 'Some AttributeDefinitions are not used. .*', '200.*', 'reports', 'it lets attributes be defined that no key uses, when there are indexes'),
    Rule('local', 'CreateTable', INVALID + 'Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST', '200.*', 'peers', 'it ignores throughput of tables on demand'),
]

OF_2026 = 'it has a text of another time; ours is one that people report of 2026'
DYNALITE_RULES = [
    # ---- what it does not know, or leaves out
    Rule('dynalite', '.*', '400 SerializationException: (Unexpected value type in payload|NULL_VALUE cannot be .*|Unrecognized collection type class java.lang.String)', '.*', 'nobody', 'it takes any JSON for a body, and leaves nulls out of lists'),
    Rule('dynalite', '.*', V + r'Invalid \w+: (Incorrect operand type for operator or function; .*|The first operand must be distinct .*|The BETWEEN operator requires .*)',
         EXPRESSION + '|' + LEGACY + '|' + KEY + '|' + INVALID + 'The AttributeValue for a key attribute cannot .*|' + INDEX_KEY + '|' + NOT_FOUND + '|' + CONDITION_FAILED + '|' + START_KEY + '|' + SCALARS + '|' + NOT_PROJECTED + '|' + V + 'The (table does not have|document|provided).*|200.*', 'peers',
         'it looks at the types of fewer operands; DynamoDB Local, whose expressions are those of AWS, as we do'),
    Rule('dynalite', '.*', '200.*|400 .*', V + r'.*The parameter cannot be converted to a numeric value: (\+|\.|\d+\.|[\d.]*[eE]\+?).*', 'peers', 'it does not know all forms of numbers; DynamoDB Local does'),
    Rule('dynalite', 'Scan', '200 .*', '200 .*', 'peers', 'its Scan has no ConsistentRead; that of DynamoDB Local has',
         lambda ours, theirs, request: only('ConsumedCapacity')(ours, theirs, request) and request.get('ConsistentRead')),
    Rule('dynalite', 'UpdateTable', '400 .*', V + r".* at 'globalSecondaryIndexUpdates\.\d+\.member\.create\.provisionedThroughput' .* must not be null.*", 'document', 'it knows no tables on demand'),
    Rule('dynalite', 'Scan', V + 'Consistent reads are not supported on global secondary indexes', '.*', 'peers', 'its Scan has no ConsistentRead; that of DynamoDB Local has'),
    Rule('dynalite', 'Scan', V + 'The TotalSegments parameter is required .*', '.*', 'peers', 'it does not see segment 0; DynamoDB Local does', lambda ours, theirs, request: request.get('Segment') == 0),
    Rule('dynalite', 'Query|Scan', NOT_PROJECTED + '|' + SELECT, '200.*|' + SCALARS + '|' + INVALID + 'Select type ALL_ATTRIBUTES is not .*', 'peers', 'it does not look at what an index projects, and at Select; DynamoDB Local does'),
    Rule('dynalite', '.*', INVALID + 'ConditionalOperator can .*', '.*', 'peers', 'it does not look at ConditionalOperator; DynamoDB Local does'),
    Rule('dynalite', '(Put|Update|Delete)Item', CONDITION_FAILED, '200.*', 'reports', 'it takes comparisons with what is not there otherwise (Alternator: a = b fails)',
         lambda ours, theirs, request: re.search('=|IN', str(request.get('ConditionExpression'))) is not None),
    Rule('dynalite', '(Put|Update|Delete)Item', '200.*', CONDITION_FAILED, 'reports', 'it takes comparisons with what is not there otherwise (Alternator: a <> b holds)',
         lambda ours, theirs, request: re.search('<>|NOT', str(request.get('ConditionExpression')), re.I) is not None),
    Rule('dynalite', '.*', VALUE, LEGACY, 'nobody', 'of several mistakes in legacy parameters it reports another one'),
    Rule('dynalite', 'Query|Scan', LEGACY, LEGACY, 'nobody', 'of several mistakes in legacy parameters it reports another one'),
    Rule('dynalite', '(Put|Update|Delete)Item', LEGACY, '200.*|' + CONDITION_FAILED + '|' + LEGACY + '|' + KEY + '|' + INDEX_KEY + '|' + NOT_FOUND, 'peers', 'it looks at fewer things in Expected; DynamoDB Local, or its documentation, as we do'),
    Rule('dynalite', 'UpdateItem', SCALARS + '|' + UPDATE_ON_ITEM, INDEX_KEY, 'nobody', ORDER),
    Rule('dynalite', '.*', V + 'ExpressionAttributeNames contains invalid value: Empty attribute name .*', '.*', 'peers', 'it does not look whether names are empty; DynamoDB Local does'),
    Rule('dynalite', '.*', V + r'Value provided in \w+ unused in expressions: keys: .*', V + r'Value provided in \w+ unused in expressions: keys: .*', 'peers', 'it lists names as they came; DynamoDB Local as a Java hash set does'),
    Rule('dynalite', 'UpdateTable', V + 'The provisioned throughput for the index .* will not change\\. .*', '200.*', 'peers', 'it does not look whether the throughput of an index changes; DynamoDB Local does'),
    Rule('dynalite', '.*', INDEX_KEY, INDEX_KEY, 'nobody', 'of several indexes with one attribute it names another'),
    Rule('dynalite', '.*', MIXTURE, MIXTURE, 'nobody', 'it does not list ConditionalOperator', without(', ConditionalOperator|ConditionalOperator, ')),
    Rule('dynalite', 'UpdateItem', UPDATE_ON_ITEM, UPDATE_ON_ITEM + '|' + CONDITION_FAILED, 'nobody', 'of several operations that the item does not allow it reports another one'),
    Rule('dynalite', '(Un)?[Tt]agResource', V + '(The Tag (Key|Value) provided is invalid|Tag Key cannot be prefixed with aws:|One or more parameter values were invalid: .*Tag).*', '200.*', 'reports', 'it takes other names of tags'),
    Rule('dynalite', '(Un)?[Tt]agResource|ListTagsOfResource', NOT_FOUND + '|' + MODEL, '400 ResourceNotFoundException: .*|' + V + '(Atleast one Tag.*|Invalid TableArn)', 'nobody', ORDER),
    Rule('dynalite', '.*', '200.*|' + V + '.*|' + SERIALIZATION, V + r'Invalid \w+: Syntax error; Expected .*', 'peers', 'its parser has texts of its own; DynamoDB Local has ours, or is explained by another rule'),
    Rule('dynalite', '(Un)?[Tt]agResource', '200 .*', '200 .*', 'itself', 'it answers an empty string', some('not JSON')),
    Rule('dynalite', '.*', V + 'Invalid UpdateExpression: Incorrect operand type .*, typeSet: ALLOWED_FOR_(ADD|DELETE)_OPERAND', V + 'Invalid UpdateExpression: Incorrect operand type .*', 'peers', 'it leaves out a part of a text that DynamoDB Local has',
         lambda ours, theirs, request: re.sub(', typeSet: .*', '', ours) == theirs),
    Rule('dynalite', '.*', '200.*|400 .*', '.*', 'document', 'it does not know ReturnValuesOnConditionCheckFailure',
         lambda ours, theirs, request: 'ReturnValuesOnConditionCheckFailure' in request and (ours.split(' Item ')[0] == theirs.split(' Item ')[0] or 'returnValuesOnConditionCheckFailure' in ours)),
    Rule('dynalite', '.*', SERIALIZATION, '.*', 'document', 'it does not know ReturnValuesOnConditionCheckFailure',
         lambda ours, theirs, request: not isinstance(request.get('ReturnValuesOnConditionCheckFailure', ''), str)),
    Rule('dynalite', 'DeleteItem', V + 'ReturnValues can only be ALL_OLD or NONE', '200.*|' + CONDITION_FAILED + '|' + EXPRESSION + '|' + LEGACY + '|' + KEY + '|' + NOT_FOUND + '|' + SCALARS, 'peers',
         'it does not look at ReturnValues of DeleteItem; DynamoDB Local does'),
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
    Rule('dynalite', 'UpdateTable', '400 ResourceNotFoundException: Requested resource not found: Index .*', '200|' + V + '.*', 'peers', 'it changes and deletes indexes that are not there; DynamoDB Local does not'),
    Rule('dynalite', 'DeleteTable', '200 .*', '200 .*', 'document', 'it describes a table that it deletes as if it stayed', only('TableDescription')),
    Rule('dynalite', 'CreateTable', '400 ResourceInUseException: Table already exists: .*|' + TABLE, '400 ResourceInUseException: ', 'reports', 'its error has no text'),
    Rule('dynalite', 'CreateTable', TABLE, INVALID + '.*|' + V + '.*', 'nobody', 'of several mistakes in a definition it reports another', lambda ours, theirs, request: mistakes(ours) != mistakes(theirs)),
    Rule('dynalite', 'CreateTable', V + 'Attribute Name is duplicated: .*', '200.*', 'peers', 'it lets a name be defined twice; DynamoDB Local does not'),
    Rule('dynalite', 'UpdateTable', '400 ResourceNotFoundException: Requested resource not found: Index: .*', '200', 'peers', 'it changes and deletes indexes that are not there; DynamoDB Local does not'),
    Rule('dynalite', 'UpdateTable', '.*', V + 'At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, .*', 'document', 'it does not know streams and DeletionProtectionEnabled',
         lambda ours, theirs, request: 'StreamSpecification' in request or 'DeletionProtectionEnabled' in request),
    Rule('dynalite', '(Un)?[Tt]agResource|ListTagsOfResource', V + '.*', '400 AccessDeniedException: User: .*', 'reports', 'it has texts of another time; ours are those that the service gave in 2026'),
    Rule('dynalite', '(Un)?[Tt]agResource|ListTagsOfResource', '400 ResourceNotFoundException: Requested resource not found: ResourceArn: .*', '400 ResourceNotFoundException: Requested resource not found: ResourcArn: .*', 'reports',
         'it has a misspelling of another time'),
]

DYNALITE_RULES += [
    Rule('dynalite', '(Un)?[Tt]agResource', V + '(The Tag (Key|Value) provided is invalid.*|Tag Key cannot be prefixed .*|.*Invalid resource arn.*|.*Tag.*)', NOT_FOUND, 'nobody', 'it looks for the table before it looks at tags'),
    Rule('dynalite', '(Un)?[Tt]agResource', V + 'One or more parameter values were invalid: .*[Dd]uplicate.*|' + V + '.*[Tt]ag.*', '200.*', 'reports', 'it takes other tags, and one of them twice'),
    Rule('dynalite', 'CreateTable|UpdateTable', INVALID + 'ProjectionType is INCLUDE, but NonKeyAttributes is not specified', '200.*', 'peers', 'it takes INCLUDE without attributes; DynamoDB Local does not'),
    Rule('dynalite', 'Scan|UpdateTable', '400 SerializationException: .*', '200.*|' + V + '.*', 'document', 'it does not know the member, and looks at no type',
         lambda ours, theirs, request: not isinstance(request.get('ConsistentRead', True), bool) or 'AttributeDefinitions' in request),
    Rule('dynalite', '.*', '.*', INVALID + 'ComparisonOperator (EQ|NE) is not valid for (BOOL|NULL|L|M) AttributeValue type', 'document', 'it lets EQ and NE compare with fewer types; the documentation lists all of them'),
    Rule('dynalite', 'DeleteItem', V + 'ReturnValues can only be ALL_OLD or NONE', INVALID + 'The AttributeValue for a key attribute .*|' + VALUE, 'peers', 'it does not look at ReturnValues of DeleteItem; DynamoDB Local does'),
    Rule('dynalite', 'Query|Scan', '200 .*', '200 .*', 'reports', 'it takes comparisons with what is not there otherwise (Alternator: a = b fails)',
         lambda ours, theirs, request: some('Items', 'Count', 'ConsumedCapacity', 'LastEvaluatedKey')(ours, theirs, request) and re.search('=|<>|IN', str(request.get('FilterExpression'))) is not None),
    Rule('dynalite', '.*', V + r'Invalid \w+: Syntax error; token: .*', V + r'Invalid \w+: An expression attribute (name|value) used in .*', 'nobody', 'it takes a colon or a hash sign alone for a name'),
    Rule('dynalite', 'UpdateItem', V + 'Number overflow.*', '200', 'peers', 'it keeps more than 38 digits of a sum; DynamoDB Local does not'),
    Rule('dynalite', 'BatchGetItem', SCALARS, KEY, 'nobody', ORDER, several('"Keys"')),
    Rule('dynalite', '.*', V + r'One or more parameter values are not valid\. The AttributeValue for a key attribute .*', INVALID + 'The AttributeValue for a key attribute .*', 'reports', OF_2026),
    Rule('dynalite', '.*', V + 'Attribute name is too large, .*', EXPRESSION, 'document', 'it does not know that names have a limit'),
    Rule('dynalite', 'BatchWriteItem', V + 'Too many items requested .*', V + 'Provided list of item keys contains duplicates', 'nobody', ORDER),
    Rule('dynalite', 'BatchGetItem', KEY, V + 'Provided list of item keys contains duplicates', 'nobody', ORDER),
    Rule('dynalite', 'Batch(Get|Write)Item', V + 'The requestItems parameter is required for Batch.*', MODEL, 'reports', OF_2026),
    Rule('dynalite', 'CreateTable|UpdateTable', INVALID + 'Unknown ProjectionType: .*', '200.*', 'peers', 'it takes a projection without a type; DynamoDB Local does not'),
    Rule('dynalite', 'Query|Scan', '200 .*', '200 .*', 'document', 'its local indexes fetch nothing from the table',
         lambda ours, theirs, request: some('ConsumedCapacity', 'Items')(ours, theirs, request) and str(request.get('IndexName')).startswith('Local') and units(ours) > units(theirs)),
    Rule('dynalite', 'ListTagsOfResource', '200 .*', '200 .*"Key": "undefined".*', 'itself', 'it has taken a tag without a key'),
    Rule('dynalite', '.*', SCALARS, SCALARS, 'nobody', 'of several paths into keys it names another'),
    Rule('dynalite', '(Put|Update|Delete)Item', VALUE, CONDITION_FAILED + '|200.*', 'peers', 'it does not look for duplicates in Expected; DynamoDB Local does',
         lambda ours, theirs, request: 'Expected' in request),
    Rule('dynalite', '(Put|Update|Delete)Item|Query|Scan', V + 'ExpressionAttributeValues contains invalid value: Attribute name is too large, .*', '.*', 'document', 'it does not know that names have a limit'),
    Rule('dynalite', 'UpdateTable', '200 .*', '200 .*', 'document', 'it deletes an index at once, and does not show that it goes',
         lambda ours, theirs, request: only('TableDescription')(ours, theirs, request) and without_definitions(ours, 'GlobalSecondaryIndexes') == without_definitions(theirs, 'GlobalSecondaryIndexes')),
    Rule('dynalite', 'UpdateTable', MODEL, '200.*|' + INVALID + '.*', 'document', 'it does not know AttributeDefinitions there', lambda ours, theirs, request: "'attributeDefinitions." in ours),
    Rule('dynalite', 'Query|Scan', START_KEY, START_KEY + '|' + INVALID + 'The AttributeValue for a key attribute .*', 'reports', OF_2026),
    Rule('dynalite', 'UpdateItem', INDEX_KEY, CONDITION_FAILED + '|' + UPDATE_ON_ITEM, 'nobody', ORDER),
    Rule('dynalite', 'UpdateItem', '200.*', INDEX_KEY, 'nobody', 'it looks at the type of what is taken out of a set that is an index key'),
]

RULES = LOCAL_RULES + DYNALITE_RULES


def find_rule(peer, operation, ours, theirs, request):
    for rule in RULES:
        if rule.peer in ('*', peer) and re.fullmatch(rule.operations, operation) and re.fullmatch(rule.ours, ours, re.S) and \
                re.fullmatch(rule.theirs, theirs, re.S) and (rule.when is None or rule.when(ours, theirs, request)):
            return rule
    return None


WITNESSES = {'dynalite': 'dynalite, which was written by testing against AWS, answers as we do', 'local': 'DynamoDB Local, which AWS wrote, answers as we do'}


def explain(peer, operation, ours, theirs, request, others=None):
    """None, or (reason, source).  others: what differs between us and the other peers, None where nothing does."""
    rule = find_rule(peer, operation, ours, theirs, request)
    if rule is not None:
        return rule.reason, rule.source
    for witness, difference in (others or {}).items():
        # its body may differ where ours and this peer's differ in the status or text
        if difference is None or ours[:3] != theirs[:3] and difference[0][:4] == difference[1][:4] == '200 ':
            return WITNESSES[witness], 'peers'
    return None
