"""
Known deviations of the peers, each with its reason.

A rule explains a difference when its patterns match both outcomes, written "200" or "400 ValidationException: text".
"""
import re
from typing import NamedTuple


class Rule(NamedTuple):
    peer: str           # 'local' (DynamoDB Local), 'dynalite', or '*'
    operations: str     # pattern
    ours: str           # patterns of the outcomes
    theirs: str
    reason: str


RULES = [
    Rule('dynalite', '.*', '.*', '0 .*', 'it crashes on null where it expects an object'),
]


def explain(peer, operation, ours, theirs, request):
    for rule in RULES:
        if rule.peer in ('*', peer) and re.fullmatch(rule.operations, operation) and re.fullmatch(rule.ours, ours, re.S) and \
                re.fullmatch(rule.theirs, theirs, re.S):
            return rule.reason
    return None
