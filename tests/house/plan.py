"""Reads src/rooms.cmake, the plan of the house, and the sources under src/ as it describes them.

A unit is a header with its source: `login_password` for login_password.hpp and login_password.cpp.
"""
import re
from dataclasses import dataclass, field
from pathlib import Path

KEYWORDS = ('USES', 'OWNS', 'CORRIDORS', 'HIDES')


@dataclass
class Room:
    name: str
    floor: str
    uses: list = field(default_factory=list)
    owns: list = field(default_factory=list)
    corridors: list = field(default_factory=list)
    hides: list = field(default_factory=list)


@dataclass
class Source:
    path: str            # "flow/login/login_password.cpp", below src/
    room: str
    corridor: str        # "" = the room's own folder
    text: str

    @property
    def unit(self):
        return self.path.rsplit('.', 1)[0]


def read_plan(root):
    """The rooms in order. A comment line `# cellar: ...` names the floor of the rooms that follow it."""
    rooms, floor = [], ''
    text = (root / 'src/rooms.cmake').read_text()
    for match in re.finditer(r'^# (\w+): .*$|^room\(([^)]*)\)', text, re.M):
        if match[1]:
            floor = match[1]
            continue
        words = match[2].split()
        room, at = Room(words[0], floor), None
        for word in words[1:]:
            if word in KEYWORDS:
                at = getattr(room, word.lower())
            else:
                at.append(word)
        rooms.append(room)
    return rooms


def read_sources(root):
    found = []
    for file in sorted((root / 'src').rglob('*')):
        if file.suffix not in ('.hpp', '.cpp'):
            continue
        path = file.relative_to(root / 'src')
        corridor = path.parts[1] if len(path.parts) > 2 else ''
        found.append(Source(str(path), path.parts[0], corridor, file.read_text()))
    return found


def without_words(text):
    """The code without comments, strings and characters; lines stay where they are."""
    pattern = r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|(?<![0-9A-Fa-f])\'(?:\\.|[^\'\\\n])+\''
    return re.sub(pattern, lambda match: re.sub(r'[^\n]', ' ', match[0]), text, flags=re.S)


def includes(source):
    """(line number, path, whether it is in angle brackets) of each include."""
    for number, line in enumerate(source.text.split('\n'), 1):
        match = re.match(r'\s*#\s*include\s*(["<])([^">]+)[">]', line)
        if match:
            yield number, match[2], match[1] == '<'


def root_of(argument):
    return Path(argument).resolve()
