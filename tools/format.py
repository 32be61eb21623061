#!/usr/bin/env python3
"""
Breaks the lines of C files that are longer than 120 bytes, by clang-format with .clang-format.

    make format                     the files that differ from the last commit
    make format FILES="a.c b.h"     these
    make format FILES=all           every C file that is ours

Only comments and statements with a long line are touched.  clang-format does not know PostgreSQL's column for the names of variables, so
declarations get back the gap that they had.
"""
import pathlib
import re
import subprocess
import sys

LONGEST = 120
OURS = ['src', 'test', 'bench']
DECLARATION = re.compile(rb'^(\t+(?:[A-Za-z_]\w* )*?[A-Za-z_]\w*)(\t+ *|  +)(\**[A-Za-z_]\w*.*)$', re.DOTALL)


def ours(names):
    return [name for name in names if name.endswith(('.c', '.h')) and name.split('/')[0] in OURS and not name.startswith('src/model/')]


def git(*words):
    return subprocess.run(['git', *words], capture_output=True, text=True, check=True).stdout.split()


def gaps_of(lines):
    """The declarations as clang-format would write them, and as they are."""
    found = {}
    for line in lines:
        match = DECLARATION.match(line)
        if match:
            # up to the name: what follows it may be broken
            name = re.match(rb'\**[A-Za-z_]\w*', match[3])[0]
            found[match[1] + b' ' + name] = match[1] + match[2] + name
    return found


def restore(line, gaps):
    match = re.match(rb'^\t+(?:[A-Za-z_]\w* )+?\**[A-Za-z_]\w*(?![\w ]*\()', line)
    while match:
        head = match[0]
        if head in gaps:
            return gaps[head] + line[len(head):]
        break
    return line


def wrap_comments(lines):
    """Breaks the paragraphs of comments, on lines of their own, that have a line which is too long."""
    result = []
    paragraph = []

    def flush():
        if any(len(line) > LONGEST for line in paragraph):
            head = re.match(rb'\s*\* (?:  - )?', paragraph[0])[0]
            words = b' '.join(line[len(head):] for line in paragraph)
            # two spaces between sentences stay
            width = LONGEST - len(head)
            while len(words) > width:
                cut = words.rindex(b' ', 0, width + 1)
                result.append(head + words[:cut].rstrip())
                head = head.replace(b'-', b' ')
                words = words[cut:].lstrip()
            result.append(head + words)
        else:
            result.extend(paragraph)
        paragraph.clear()

    inside = False
    for line in lines:
        single = re.fullmatch(rb'(\s*)/\* (.*) \*/', line)
        if single and len(line) > LONGEST:
            result.append(single[1] + b'/*')
            paragraph.append(single[1] + b' * ' + single[2])
            flush()
            result.append(single[1] + b' */')
            continue
        if inside and re.match(rb'\s*\*   - ', line):
            flush()
            paragraph.append(line)
            continue
        if inside and (re.match(rb'\s*\*     \S', line) if paragraph and b'*   - ' in paragraph[0] else re.match(rb'\s*\* \S', line)):
            paragraph.append(line)
            continue
        flush()
        result.append(line)
        inside = (inside or re.fullmatch(rb'\s*/\*', line) is not None) and b'*/' not in line
    flush()
    return result


def format_file(name):
    path = pathlib.Path(name)
    text = path.read_bytes()
    lines = wrap_comments(text.split(b'\n'))
    # a comment behind a statement, and the rows of a list, are broken by hand
    long = [number for number, line in enumerate(lines, 1) if len(line) > LONGEST and b'/*' not in line and not name.endswith('_list.h')]
    wrapped = b'\n'.join(lines)
    command = ['clang-format', f'--assume-filename={name}', *(f'--lines={number}:{number}' for number in long)]
    formatted = subprocess.run(command, input=wrapped, capture_output=True, check=True).stdout if long else wrapped
    gaps = gaps_of(lines)
    result = b'\n'.join(restore(line, gaps) for line in formatted.split(b'\n'))
    if result != text:
        path.write_bytes(result)
    left = [number for number, line in enumerate(result.split(b'\n'), 1) if len(line) > LONGEST]
    for number in left:
        print(f'{name}:{number}: longer than {LONGEST} bytes: to be broken by hand')
    return len(left)


def main():
    names = sys.argv[1:]
    if not names:
        names = git('diff', '--name-only', '--diff-filter=d', 'HEAD')
    elif names == ['all']:
        names = git('ls-files')
    sys.exit(1 if sum(format_file(name) for name in ours(names)) > 0 else 0)


main()
