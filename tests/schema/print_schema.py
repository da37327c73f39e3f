#!/usr/bin/python3
"""Today's whole schema, made from the steps of src/store/schema/steps and printed to docs/schema.sql.

Usage: print_schema.py ROOT [--print]
  --print  writes docs/schema.sql anew instead of comparing it

That the page and a migrated database agree is tested on both engines (tests/store/schema/printed_schema_test.cpp).
"""
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

HEAD = """\
-- The whole schema, as the steps of src/store/schema/steps make it. Printed by `make schema`; nothing reads this page.
--
-- Types are the same on both engines: bigint (whole numbers, times in UTC milliseconds, 0 or 1 for no or yes), text
-- (UTF-8) and bytea (octets; an id has 16, and ids that were made later are larger). JSON is text.
"""


@dataclass
class Table:
    name: str
    comments: list
    lines: list                                   # columns and their comments, without indent
    constraints: list
    end: str
    indexes: list = field(default_factory=list)   # statements with their comments


def statements(text):
    """(comment lines, statement) in order; the file's head belongs to none."""
    comments = []
    statement = []
    for line in text.split('\n')[len(re.match(r'(--.*\n)*', text)[0].split('\n')) - 1:]:
        if not statement and line.startswith('--'):
            comments.append(line)
        elif not statement and not line.strip():
            comments = []
        elif line.strip():
            statement.append(line)
            if line.rstrip().endswith(';'):
                yield comments, '\n'.join(statement)
                comments, statement = [], []
    if statement:
        sys.exit(f'a statement does not end: {statement[0]}')


def is_constraint(line):
    return line.startswith(('PRIMARY KEY', 'UNIQUE', 'FOREIGN KEY', 'CHECK'))


def read_table(comments, statement):
    match = re.fullmatch(r'CREATE TABLE (\w+)\(\n(.*)\n\)([^)]*);', statement, re.S)
    if not match:
        sys.exit(f'not one column a line: {statement}')
    lines = [line.strip().rstrip(',') for line in match[2].split('\n')]
    return Table(match[1], comments, [line for line in lines if not is_constraint(line)],
                 [line for line in lines if is_constraint(line)], match[3])


def read_schema(root):
    tables = {}
    for file in sorted((root / 'src/store/schema/steps').glob('*.sql')):
        for comments, statement in statements(file.read_text()):
            if statement.startswith('CREATE TABLE'):
                table = read_table(comments, statement)
                tables[table.name] = table
            elif match := re.fullmatch(r'ALTER TABLE (\w+) ADD COLUMN (.*);', statement):
                tables[match[1]].lines += comments + [match[2]]
            elif match := re.match(r'CREATE (?:UNIQUE )?INDEX \w+\s+ON (\w+)', statement):
                tables[match[1]].indexes += comments + [statement]
            elif match := re.fullmatch(r'DROP INDEX (\w+);', statement):
                for table in tables.values():
                    table.indexes = [index for index in table.indexes if f'INDEX {match[1]} ' not in index]
            elif not statement.startswith(('UPDATE', 'INSERT', 'DELETE')):
                sys.exit(f'{file.name}: print_schema.py does not know this statement: {statement}')
    return tables


def print_table(table):
    out = table.comments + [f'CREATE TABLE {table.name}(']
    parts = table.lines + table.constraints
    for number, line in enumerate(parts):
        comma = ',' if not line.startswith('--') and number < len(parts) - 1 else ''
        out.append(f'  {line}{comma}')
    return '\n'.join(out + [f'){table.end};'] + table.indexes)


def print_schema(root):
    tables = read_schema(root)
    out, topic = [HEAD], ''
    for line in (root / 'src/store/schema/tables.txt').read_text().split('\n'):
        if not line or line.startswith('#'):
            continue
        name, its_topic, grows, *_ = line.split()
        if its_topic != topic:
            topic = its_topic
            out.append(f'-- ---- {topic} ' + '-' * (105 - len(topic)) + '\n')
        if name not in tables:
            sys.exit(f'src/store/schema/tables.txt: there is no table {name}')
        grows = '' if grows == '-' else f'-- Grows with {grows}: read by an index only.\n'
        out.append(grows + print_table(tables.pop(name)) + '\n')
    if tables:
        sys.exit(f'src/store/schema/tables.txt does not name {", ".join(tables)}')
    return '\n'.join(out)


def main():
    root = Path(sys.argv[1]).resolve()
    page = root / 'docs/schema.sql'
    schema = print_schema(root)
    if '--print' in sys.argv:
        page.write_text(schema)
    elif not page.exists() or page.read_text() != schema:
        sys.exit('docs/schema.sql is not the schema of the steps; print it anew with `make schema`')


if __name__ == '__main__':
    main()
