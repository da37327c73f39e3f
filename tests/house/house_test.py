#!/usr/bin/python3
"""The test "house": the sources keep to the plan of src/rooms.cmake.

Usage: house_test.py ROOT [--draw]
  --draw   writes docs/rooms.svg anew instead of comparing it
"""
import re
import sys

from draw import draw_rooms
from plan import includes, read_plan, read_sources, root_of, without_words

# Headers of the language and of POSIX that every room may use (sockets are in the plan).
POSIX = re.compile(r'^(unistd|fcntl|signal|errno|pthread|sched|poll|malloc|time|termios|pwd|dirent|link|sysexits|strings'
                   r'|limits)\.h$|^sys/(stat|types|file|resource|wait|prctl|mman|time|statvfs)\.h$')
# What may stand in the own folder of a room with corridors: its face, and the assembly that uses every corridor.
ASSEMBLY = {'mount', 'main', 'wiring', 'serve', 'run_command', 'command_server'}
LARGEST_FLAT_ROOM = 35   # units
LARGEST_CORRIDOR = 20
MOST_PARAMETERS = 5      # of a function of flow

# The head of a function at the top level, declared or defined: its name, with that of its class.
FUNCTION = re.compile(r'^(?! )[\w:<>,&* \[\]]+?[ &*]((?:\w+::)*\w+)\(', re.M)
# A transaction that writes; Claims and documents have no such member.
WRITE = re.compile(r'\bstore_?\.write\(')

NAMESPACE = re.compile(r'namespace(?: ([\w:]+))? \{$')
TYPE = re.compile(r'(?:struct|class|union|enum class)(?: \[\[\w+\]\])? (\w+)(?: final)?(?: :[^;{]*)? \{')
# Calls that no source may have, with what is wrong about them.
FORBIDDEN_CALLS = {
    'starts another program': r'(?<![\w.>:])(?:::|std::)?(?:system|popen|exec[lv]p?e?|posix_spawnp?|v?fork)\(',
    'builds a regular expression at run time': r'\bstd::regex|\bregcomp\(|\bu?regex_open\(|\bRegexPattern\b',
    'takes random values from elsewhere than base::random_bytes': r'(?<![\w.>])(?:::|std::)?s?rand\(|\b\w*rand48\('
        r'|\bmt19937|\brandom_device\b|\brandom_engine\b|\bminstd_rand|\bRAND_(?:pseudo_)?bytes|\barc4random'
        r'|\brandombytes_|\buuid_generate',
    'copies text or octets without a limit': r'(?<![\w.>])(?:::|std::)?(?:str(?:n?cpy|n?cat)|v?sprintf|gets|alloca)\(',
    'releases memory by hand': r'(?<![\w.>:=])(?:::|std::)?(?:malloc|calloc|realloc|free)\(|\bdelete(?:\[\])? \w+;',
}

# Functions that make a session, a code or a token, or the clearance for one.
ISSUERS = ('judge_issuance', 'write_session', 'insert_session', 'replace_session', 'insert_grant', 'make_tokens',
           'make_machine_token')


def read_list(file):
    """The lines of a list beside this test, without comments."""
    return {line.strip() for line in file.read_text().split('\n') if line.strip() and not line.startswith('#')}


class Judge:
    def __init__(self, root):
        self.root = root
        self.rooms = {room.name: room for room in read_plan(root)}
        self.sources = read_sources(root)
        self.prefixes = [prefix for room in self.rooms.values() for prefix in room.owns]
        self.breaches = []

    def complain(self, where, sentence):
        self.breaches.append(f'{where}: {sentence}')

    def judge(self):
        self.judge_plan()
        for source in self.sources:
            if source.room not in self.rooms:
                self.complain(f'src/{source.path}', f'the folder {source.room} is not a room of src/rooms.cmake')
                continue
            self.judge_place(source)
            for number, path, is_foreign in includes(source):
                where = f'src/{source.path}:{number}'
                if is_foreign:
                    self.judge_foreign(source, where, path)
                else:
                    self.judge_own(source, where, path)
            self.judge_names(source)
            self.judge_calls(source)
            if source.room == 'flow':
                self.judge_parameters(source)
        self.judge_sizes()
        self.judge_types()
        self.judge_issuers()
        self.judge_writers()
        return self.breaches

    def judge_types(self):
        """Two types of one name in one namespace are one to the linker: a vector of the one destroys elements of the other
        (C++20, [basic.def.odr]). Types in a namespace without a name are free."""
        places = {}
        for source in self.sources:
            open_namespaces = []
            words = source.text.split('\n')
            for number, line in enumerate(without_words(source.text).split('\n'), 1):
                if match := NAMESPACE.match(line):
                    open_namespaces.append(match[1] or '')
                elif line.rstrip() == '}' and words[number - 1].startswith('}  // namespace'):
                    del open_namespaces[-1:]
                elif (match := TYPE.match(line)) and '' not in open_namespaces:
                    name = '::'.join([*open_namespaces, match[1]])
                    places.setdefault(name, []).append(f'src/{source.path}:{number}')
        for name, found in sorted(places.items()):
            if len(found) > 1:
                self.complain(found[1], f'{name} is the name of another type too: {found[0]}')

    def judge_issuers(self):
        """Every call that issues something is listed in issuers.txt, so that a new one is reviewed first."""
        listed = read_list(self.root / 'tests/house/issuers.txt')
        found = set()
        for source in self.sources:
            code = without_words(source.text)
            for name in ISSUERS:
                for match in re.finditer(r'\b' + name + r'\(', code):
                    line = code[code.rfind('\n', 0, match.start()) + 1:code.find('\n', match.start())]
                    # A declaration or definition begins its line with the type.
                    if re.match(r'^(base::Result|std::variant|  friend )', line):
                        continue
                    found.add(f'{source.path}: {name}')
        for call in sorted(found - listed):
            self.complain(f'src/{call}', 'issues something and is not listed in tests/house/issuers.txt')
        for call in sorted(listed - found):
            self.complain('tests/house/issuers.txt', f'{call} is not there any more')

    def judge_writers(self):
        """A function of flow that writes for an actor does it by write_for or write_also_acting, which judge the actor in the
        transaction.
        Those that write otherwise stand in writers.txt with the reason."""
        listed = read_list(self.root / 'tests/house/writers.txt')
        found = set()
        for source in self.sources:
            if source.room != 'flow':
                continue
            code = without_words(source.text)
            heads = [(match.start(), match[1]) for match in FUNCTION.finditer(code)]
            for match in WRITE.finditer(code):
                names = [name for start, name in heads if start < match.start()]
                found.add(f'{source.path}: {names[-1] if names else "?"}')
        for function in sorted(found - listed):
            self.complain(f'src/{function}', 'writes without write_for (flow/session/judge_actor.hpp) and is not listed '
                          'in tests/house/writers.txt')
        for function in sorted(listed - found):
            self.complain('tests/house/writers.txt', f'{function} does not write any more')

    def judge_plan(self):
        seen = []
        for room in self.rooms.values():
            for used in room.uses:
                if used not in seen:
                    self.complain('src/rooms.cmake', f'room {room.name} uses {used}, which does not stand above it')
            for hidden in room.hides:
                if hidden not in room.corridors:
                    self.complain('src/rooms.cmake', f'room {room.name} hides {hidden}, which is no corridor of it')
            seen.append(room.name)

    def judge_place(self, source):
        room = self.rooms[source.room]
        name = source.path.rsplit('/', 1)[1].rsplit('.', 1)[0]
        if source.corridor and source.corridor not in room.corridors:
            self.complain(f'src/{source.path}', f'{source.corridor} is not a corridor of room {room.name}')
        if room.corridors and not source.corridor and name != room.name and name not in ASSEMBLY:
            self.complain(f'src/{source.path}', f'in room {room.name} every file but its face stands in a corridor')

    def judge_own(self, source, where, path):
        room = self.rooms[source.room]
        parts = path.split('/')
        if len(parts) == 1:
            return self.complain(where, f'include "{path}" by its full name')
        there = parts[0]
        if there != room.name and there not in room.uses:
            return self.complain(where, f'room {room.name} may not use room {there} ({path})')
        corridor = parts[1] if len(parts) > 2 else ''
        if there != room.name:
            if corridor in self.rooms[there].hides:
                self.complain(where, f'room {there} hides its corridor {corridor} ({path})')
        elif source.corridor and not corridor:
            self.complain(where, f'a corridor may not use the room\'s own folder ({path})')
        elif source.corridor and corridor != source.corridor:
            order = room.corridors
            if corridor in order and source.corridor in order and order.index(corridor) > order.index(source.corridor):
                self.complain(where, f'corridor {source.corridor} may not use {corridor}, which stands after it ({path})')

    def judge_foreign(self, source, where, path):
        owners = [prefix for prefix in self.prefixes if path.startswith(prefix)]
        if owners:
            if not any(prefix in self.rooms[source.room].owns for prefix in owners):
                self.complain(where, f'<{path}> is not owned by room {source.room}')
        elif re.search(r'[./]', path) and not POSIX.match(path):
            self.complain(where, f'<{path}> has no owner in src/rooms.cmake')

    def judge_names(self, source):
        """`store::` in a room that does not use store is a breach, however the header came in."""
        allowed = {source.room, *self.rooms[source.room].uses}
        forbidden = [name for name in self.rooms if name not in allowed]
        if not forbidden:
            return
        pattern = re.compile(r'(?<![\w:.>])(' + '|'.join(forbidden) + r')::\w')
        declared = re.compile(r'^namespace (' + '|'.join(forbidden) + r') \{[^}]*\}', re.M | re.S)
        code = declared.sub(lambda match: re.sub(r'[^\n]', ' ', match[0]), without_words(source.text))
        for number, line in enumerate(code.split('\n'), 1):
            for match in pattern.finditer(re.sub(r'\bfriend class [\w:]+;', '', line)):
                self.complain(f'src/{source.path}:{number}', f'room {source.room} may not name {match[1]}::')

    def judge_calls(self, source):
        code = without_words(source.text)
        for what, pattern in FORBIDDEN_CALLS.items():
            for match in re.finditer(pattern, code):
                self.complain(f'src/{source.path}:{code.count(chr(10), 0, match.start()) + 1}', f'{what}: {match[0]}')

    def judge_parameters(self, source):
        """Functions at the top level of flow, declared or defined, take at most five parameters."""
        code = without_words(source.text)
        for match in FUNCTION.finditer(code):
            depth, commas, at = 1, 0, match.end()
            angle = 0
            while depth > 0 and at < len(code):
                c = code[at]
                depth += c in '({[' and 1 or c in ')}]' and -1 or 0
                angle += c == '<' and 1 or c == '>' and -1 or 0
                commas += c == ',' and depth == 1 and angle == 0
                at += 1
            if commas + 1 > MOST_PARAMETERS:
                number = code.count('\n', 0, match.start()) + 1
                self.complain(f'src/{source.path}:{number}', f'{match[1]} has {commas + 1} parameters, more than '
                              f'{MOST_PARAMETERS}: declare a struct for what belongs together')

    def judge_sizes(self):
        units = {}
        for source in self.sources:
            if source.room in self.rooms:
                units.setdefault((source.room, source.corridor), set()).add(source.unit)
        for room in self.rooms.values():
            if not room.corridors and len(units.get((room.name, ''), ())) > LARGEST_FLAT_ROOM:
                self.complain(f'src/{room.name}', f'more than {LARGEST_FLAT_ROOM} units: it needs corridors')
            for corridor in room.corridors:
                count = len(units.get((room.name, corridor), ()))
                if count > LARGEST_CORRIDOR:
                    self.complain(f'src/{room.name}/{corridor}', f'{count} units: more than {LARGEST_CORRIDOR} are two topics')
                if count == 0:
                    self.complain('src/rooms.cmake', f'corridor {room.name}/{corridor} is empty')


def judge_picture(root, judge, must_draw):
    picture = draw_rooms(list(judge.rooms.values()), judge.sources)
    file = root / 'docs/rooms.svg'
    if must_draw:
        file.write_text(picture)
    elif not file.exists() or file.read_text() != picture:
        judge.complain('docs/rooms.svg', 'the picture is not that of the sources; draw it anew with `make rooms`')


def main():
    root = root_of(sys.argv[1])
    judge = Judge(root)
    judge.judge()
    judge_picture(root, judge, '--draw' in sys.argv)
    for breach in judge.breaches:
        print(breach)
    if judge.breaches or not judge.sources:
        sys.exit(f'{len(judge.breaches)} breach(es) of src/rooms.cmake')
    print(f'{len(judge.sources)} files keep to the plan of the house')


if __name__ == '__main__':
    main()
