"""
Known deviations of the peers, each with its reason.

A rule explains a difference when its patterns match both outcomes, written "200 {members that differ}" or
"400 ValidationException: text".  Where a peer answers otherwise than AWS is known to (from its documentation, its own error
texts in the field, or tests that ran against it), the peer is wrong; where nobody knows, the reason says so.
"""
import re
from typing import NamedTuple


class Rule(NamedTuple):
    peer: str           # 'local' (DynamoDB Local), 'dynalite', or '*'
    operations: str     # patterns of the operation and of both outcomes
    ours: str
    theirs: str
    reason: str


VALIDATION = '400 ValidationException: '
INVALID = VALIDATION + 'One or more parameter values were invalid: '

# Errors that need no look at the item, in the order in which we check them; DynamoDB Local has another order, of which
# nothing is documented.  AWS parses expressions before it looks at the table, which the tests of dynalite, run against AWS, show.
KEY_ERRORS = (r'(The provided key element does not match the schema|One or more parameter values were invalid: (Missing the key|Type mismatch for'
              r'|Size of hashkey|Aggregated size)|One or more parameter values are not valid\. ).*')
LOCAL_KEY_ERRORS = (r'(The number of conditions on the keys is invalid|One of the required keys was not given a value'
                    r'|One or more parameter values were invalid: (Type mismatch for key|Missing the key|Type mismatch for Index).*'
                    r'|Invalid attribute value type|Hash primary key values must be under .*|The provided key element does not match the schema'
                    r'|One or more parameter values are not valid\. .*)')
EXPRESSION_ERRORS = (r'(Invalid (Update|Condition|Filter|Projection|KeyCondition)Expression: .*|Value provided in ExpressionAttribute.*'
                     r'|ExpressionAttribute.*|Invalid operator used in KeyConditionExpression.*|Invalid condition in KeyConditionExpression.*'
                     r'|KeyConditionExpressions .*|Key attributes must be scalars.*)')

RULES = [
    # ---- dynalite
    Rule('dynalite', '.*', '.*', '0 .*', 'it crashes on null where it expects an object'),

    Rule('dynalite', 'Query|Scan|GetItem', r'200 \{"ConsumedCapacity": .*', r'200 \{"ConsumedCapacity": .*"CapacityUnits": 0[,}].*', 'it counts no capacity for what is not there'),
    Rule('dynalite', 'BatchGetItem|BatchWriteItem', VALIDATION + '.*|400 SerializationException: .*', VALIDATION + 'Provided list of item keys contains duplicates',
         'it looks for duplicates before anything else'),
    Rule('dynalite', '.*', '400 SerializationException: .*', '200.*', 'it takes a string for a Boolean'),
    Rule('dynalite', 'Query|Scan', VALIDATION + '.*', VALIDATION + 'The provided starting key.*', 'it looks at the start key first'),
    Rule('dynalite', 'UpdateItem', VALIDATION + 'The document path.*', VALIDATION + '.*', 'of several errors of one update each reports another'),
    Rule('dynalite', 'Scan', VALIDATION + '.*', VALIDATION + '.*', 'it looks at segments at another place'),
    Rule('dynalite', 'UpdateItem', '200.*', VALIDATION + 'The document path provided in the update expression is invalid for update',
         'AWS lets REMOVE of a path pass when there is no item (known from tests that ran there)'),
    Rule('dynalite', '.*', VALIDATION + 'Key attributes must be scalars.*', VALIDATION + 'Key attributes must be scalars.*', 'of several paths each names another'),
    Rule('dynalite', '(Create|Delete)Table', '.*', '.*', 'it takes its time to make and drop tables'),

    # ---- both
    Rule('*', 'UpdateItem', r'200 \{"Attributes": null\}', r'200 \{"Attributes": .*', 'it makes an item of an update that only removes; AWS documents that nothing happens'),

    Rule('*', 'Query', VALIDATION + 'The provided exclusive start key is invalid: .*', '.*', 'it lets a query of a table without range key start somewhere; AWS does not (known from tests that ran there)'),

    # ---- DynamoDB Local: what it reports
    Rule('local', 'DeleteItem', r'200 \{"ConsumedCapacity": null\}', r'200 \{"ConsumedCapacity": \{.*', 'it reports capacity that nobody asked for'),
    Rule('local', 'Query|Scan|GetItem|BatchGetItem', r'200 \{"ConsumedCapacity": .*', r'200 \{"ConsumedCapacity": .*"CapacityUnits": 0\.0.*',
         'it counts no capacity for what is not there; AWS counts the least unit'),
    Rule('local', '(Put|Update|Delete|BatchWrite)Item', r'200 \{"ConsumedCapacity": .*', r'200 \{"ConsumedCapacity": .*', 'it counts writes to indexes otherwise'),
    Rule('local', '.*', r'200 .*0\.0000.*', r'200 .*\d[eE]-\d.*', 'it prints small numbers with an exponent; AWS prints digits'),
    Rule('local', '.*', r'200 .*0000000.*', r'200 .*\d[eE]\+?\d.*', 'it prints large numbers with an exponent; AWS prints digits'),
    Rule('local', 'DeleteTable', r'200 .*', r'200 .*', 'it describes a table that it deletes as if it stayed'),

    # ---- DynamoDB Local: texts of its own
    Rule('local', '.*', r'400 ValidationException: \d+ validation errors? detected: .*', '.*', 'it checks constraints of the model by hand, in its own order and words'),
    Rule('local', '.*', r'400 SerializationException: .*', '.*', 'it reads what is no valid request as if it were, or fails'),
    Rule('local', '.*', '.*', '500 InternalFailure: .*', 'it fails'),
    Rule('local', '.*', r'400 (ResourceNotFound|ResourceInUse)Exception: .*', r'400 (ResourceNotFound|ResourceInUse)Exception: .*', 'it has texts of its own'),
    Rule('local', '.*', VALIDATION + 'ReturnValues can only be ALL_OLD or NONE', VALIDATION + 'Return values set to invalid value', 'it has texts of its own'),
    Rule('local', '.*', VALIDATION + 'TableName must be at least 3 .*', VALIDATION + 'Invalid table/index name.*', 'it has texts of its own'),
    Rule('local', '.*', VALIDATION + 'The parameter .TableName. is required.*', VALIDATION + '.*', 'it has texts of its own'),
    Rule('local', '.*', VALIDATION + KEY_ERRORS, VALIDATION + LOCAL_KEY_ERRORS, 'it has texts of its own'),
    Rule('local', 'Scan', VALIDATION + 'The (Total)?Segments? parameter .*', VALIDATION + '(If .*egment.*|Segment must be.*|Total segments.*)', 'it has texts of its own'),
    Rule('local', 'UpdateItem', INVALID + r'(ADD action is not|DELETE action with value is not) supported for the type [A-Z]+',
         INVALID + r'(ADD action is not|DELETE action with value is not) supported for the type [A-Z_]+', 'it names types by its own names'),
    Rule('local', 'Query|Scan', VALIDATION + 'Consistent reads are not supported on global secondary indexes', VALIDATION + 'Consistent read cannot be true when (querying|scanning) a GSI',
         'it has texts of its own'),
    Rule('local', 'CreateTable', VALIDATION + '.*', '400 .*', 'it looks for the table first'),
    Rule('local', 'CreateTable', VALIDATION + '.*', VALIDATION + '.*', 'it has texts and an order of its own for table definitions'),
    Rule('local', 'Batch.*', VALIDATION + '.*', VALIDATION + '.*(duplicates|empty list|cannot be null or empty|Too many items|is required).*', 'it has an order of its own'),

    Rule('local', '.*', VALIDATION + '.*Supplied AttributeValue is empty.*', VALIDATION + '.*null AttributeValue.*', 'it has texts of its own'),
    Rule('local', '.*', INVALID + 'ConditionalOperator .*', VALIDATION + 'ConditionalOperator .*', 'it has texts of its own'),
    Rule('local', 'Query|Scan', VALIDATION + '(The provided starting key is invalid|The provided key element does not match).*',
         VALIDATION + '(Exclusive Start Key must have same size|The provided starting key).*', 'it has texts of its own'),
    Rule('local', 'Query', VALIDATION + 'The provided starting key is outside query boundaries.*', VALIDATION + 'The provided starting key does not match the range key predicate',
         'it takes the hash key for a part of the range condition'),
    Rule('local', 'UpdateItem', INVALID + 'Type mismatch for Index Key.*', VALIDATION + 'Updates on index keys must be.*', 'it has texts of its own'),
    Rule('local', '.*', VALIDATION + 'Key attributes must be scalars.*', VALIDATION + 'Key attributes must be scalars.*', 'of several paths each names another'),
    Rule('local', 'UpdateItem', VALIDATION + 'Invalid UpdateExpression: Incorrect operand type.*', VALIDATION + 'Invalid UpdateExpression: Incorrect operand type.*',
         'of several wrong operands each names another'),

    # ---- DynamoDB Local: other order of checks
    Rule('local', 'UpdateItem', INVALID + '(Cannot update attribute|Type mismatch for Index Key).*', '400 (ConditionalCheckFailedException|ValidationException): .*',
         'it looks at the item before it looks at what the update names'),
    Rule('local', 'Query|Scan', VALIDATION + '(Must specify the AttributesToGet|Cannot specify the|ALL_PROJECTED_ATTRIBUTES can|.*Select type ALL_ATTRIBUTES).*', VALIDATION + '.*',
         'it looks at Select last'),
    Rule('local', 'Query|Scan', VALIDATION + EXPRESSION_ERRORS, VALIDATION + '(The table does not have the specified index.*|Exclusive Start Key .*|The provided starting key .*)',
         'it looks at the table before the expressions; AWS parses first'),
    Rule('local', 'Query|Scan', VALIDATION + 'Invalid (KeyCondition|Filter|Projection)Expression: .*', VALIDATION + 'Invalid (KeyCondition|Filter|Projection)Expression: .*',
         'of several wrong expressions it reports another'),
    Rule('local', 'Query|Scan', INVALID + 'Secondary index .* does not project.*', VALIDATION + '.*(Exclusive Start Key|starting key).*', 'it looks at the start key first'),
    Rule('local', 'Scan', VALIDATION + 'The (Total)?Segments? parameter .*', VALIDATION + '.*', 'it looks at segments last'),
    Rule('local', '.*', VALIDATION + EXPRESSION_ERRORS, VALIDATION + LOCAL_KEY_ERRORS, 'it looks at keys before expressions; AWS parses first'),
    Rule('local', '.*', VALIDATION + 'Can not use both expression and non-expression.*', VALIDATION + '.*', 'it looks at legacy parameters before it refuses the mixture'),
    Rule('local', '.*', VALIDATION + 'The first operand must be distinct.*|' + VALIDATION + 'Invalid .*: The first operand must be distinct.*',
         VALIDATION + 'Invalid .*: Incorrect operand type.*', 'the order of two errors of one operator; not documented'),
    Rule('local', 'UpdateItem', VALIDATION + 'Invalid UpdateExpression: Two document paths (overlap|conflict).*', VALIDATION + 'Invalid UpdateExpression: Two document paths (overlap|conflict).*',
         'of several overlapping pairs each names another; not documented'),

    Rule('local', '.*', '400 .*', VALIDATION + 'Key attributes must be scalars.*', 'it looks at paths into keys earlier; the order is not documented'),
    Rule('local', '.*', VALIDATION + 'Key attributes must be scalars.*', '400 .*', 'it looks at paths into keys later; the order is not documented'),
    Rule('local', 'BatchGetItem', '.*', VALIDATION + 'Can not use both expression and non-expression.*', 'it mixes up the parameters of two tables'),
    Rule('local', '(Put|Update|Delete)Item', INVALID + 'ComparisonOperator .* is not valid for .*', '400 .*',
         'it does not look at the types that legacy comparisons take, or later'),
    Rule('local', '(Put|Delete)Item', VALIDATION + 'ReturnValues can only be ALL_OLD or NONE', VALIDATION + '.*', 'it looks at ReturnValues later; dynalite, tested on AWS, as we do'),
    Rule('local', 'Query', VALIDATION + 'Filter Expression can only contain.*', VALIDATION + 'Filter Expression can only contain.*', 'of several key attributes each names another'),
    Rule('local', 'Query|Scan', INVALID + '.* does not project .*', INVALID + '.* does not project .*', 'it lists attributes in another order'),
    Rule('local', 'UpdateItem', VALIDATION + 'Invalid UpdateExpression: Syntax error.*', VALIDATION + 'Invalid UpdateExpression: .*', 'it takes ":m" for a name there'),

    Rule('local', 'Query|Scan', INVALID + 'Global secondary index .* does not project.*', VALIDATION + '.*starting key.*', 'it looks at the start key first'),
    Rule('local', 'Query|Scan', VALIDATION + EXPRESSION_ERRORS, VALIDATION + 'Consistent read cannot be true .*', 'it looks at the index before the expressions; AWS parses first'),
    Rule('local', '.*', VALIDATION + 'The parameter cannot be converted to a numeric value.*', VALIDATION + '.*', 'it has texts of its own'),
    Rule('local', 'Query|Scan', VALIDATION + 'The provided starting key.*', VALIDATION + 'Type mismatch for attribute to update', 'it has texts of its own'),
    Rule('local', '.*', r'.*\\x0[9ad].*', r'.*[\t\n\r].*', 'we show control characters of a refused expression escaped'),

    # ---- DynamoDB Local: behaviour
    Rule('local', 'UpdateItem', INVALID + 'Type mismatch for Index Key.*', '200.*', 'it does not look at the types of index keys that AttributeUpdates puts'),
    Rule('local', 'UpdateItem', '200.*', VALIDATION + 'Updates on index keys must be of the same data type.*', 'it refuses to delete from an index key what is not there'),
    Rule('local', '(Put|Update|Delete)Item', r'400 ConditionalCheckFailed.* Item .*', r'400 ConditionalCheckFailed.* Item .*"N": "[-\d.]+([eE][-+]?\d+|\.\d*0)".*',
         'it gives numbers back as they were written until they are stored'),
    Rule('local', 'Query', '200.*', VALIDATION + 'The provided starting key does not match the range key predicate',
         'it refuses a start key at the bound, in its backward order or not; a page may end there'),
    Rule('local', 'ListTables', '200.*', '200.*', 'it lists tables that another request of this stream made there, or dropped late'),
    Rule('local', 'Scan', INVALID + 'Secondary index .* does not project one or more filter.*', '200.*',
         'it lets the filter of a Scan name what the index lacks, though not that of a Query; not documented'),
    Rule('local', 'Query', r'200 \{"LastEvaluatedKey": .*', r'200 \{"LastEvaluatedKey": null\}', 'it knows that a hash key alone has one item; AWS does not look ahead'),
    Rule('local', 'UpdateItem|PutItem|GetItem|Query|Scan', r'200 .*', r'200 .*"N": "[-\d.]+([eE][-+]?\d+|\.\d*0)".*', 'it gives numbers back as they were written until they are stored'),
    Rule('local', '.*', VALIDATION + '.*Supplied AttributeValue.*', '.*', 'it overlooks or names otherwise what is no attribute value'),
    Rule('local', 'UpdateItem', '200.*', VALIDATION + 'The document path provided in the update expression is invalid for update',
         'AWS lets REMOVE of a path pass when there is no item (known from tests that ran there)'),
    Rule('local', 'UpdateItem', VALIDATION + '(The provided expression refers to an attribute that does not exist in the item|An operand in the update expression has an incorrect data type|The document path.*)',
         VALIDATION + '(The provided expression refers to an attribute that does not exist in the item|An operand in the update expression has an incorrect data type|The document path.*)',
         'of several errors of one update each reports another; not documented'),
]


def explain(peer, operation, ours, theirs, request):
    for rule in RULES:
        if rule.peer in ('*', peer) and re.fullmatch(rule.operations, operation) and re.fullmatch(rule.ours, ours, re.S) and \
                re.fullmatch(rule.theirs, theirs, re.S):
            return rule.reason, 'old'
    return None
