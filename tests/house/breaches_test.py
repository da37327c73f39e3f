#!/usr/bin/python3
"""The test "house" finds each kind of breach in a small house that has it, and none in a sound one."""
import sys
import tempfile
from pathlib import Path

from house_test import Judge

PLAN = '''# cellar: words
room(base)
# archive: rows
room(store USES base OWNS sqlite3.h CORRIDORS driver tenant account HIDES driver)
# hall: deeds
room(flow USES base store)
# doors: pages
room(web USES base flow CORRIDORS page entry)
'''
SOUND = {
    'base/time.hpp': '',
    'store/driver/sql.hpp': '#include <sqlite3.h>\n#include "base/time.hpp"\n',
    'store/tenant/tenants.hpp': '#include "store/driver/sql.hpp"\n',
    'store/account/accounts.hpp': '#include "store/tenant/tenants.hpp"\n',
    'flow/login.hpp': '#include "store/account/accounts.hpp"\nnamespace flow {\nint f(int a, int b, int c, int d, int e);\n}\n',
    'flow/login.cpp': '// store::words in comments and "store::strings" do not count\n#include "flow/login.hpp"\n',
    'web/web.hpp': '#include "web/entry/login.hpp"\n',
    'web/entry/login.cpp': '#include "web/entry/login.hpp"\nnamespace web {\nnamespace {\nstruct Row {\n};\n}  // namespace\n}  // namespace web\n'
                           'namespace flow {\nstruct Row {\n};\n}  // namespace flow\n',
    'web/page/view.hpp': '#include "flow/login.hpp"\n// store:: in a comment\n',
    'web/entry/login.hpp': '#include "web/page/view.hpp"\nconst char* words = "store::Account";\n',
}
# The text that is added to one file of the sound house, and a part of the sentence that the test must print.
BREACHES = [
    ('base/time.hpp', '#include "flow/login.hpp"\n', 'room base may not use room flow'),
    ('flow/login.hpp', '#include "store/driver/sql.hpp"\n', 'hides its corridor driver'),
    ('store/driver/sql.hpp', '#include "store/account/accounts.hpp"\n', 'which stands after it'),
    ('store/tenant/tenants.hpp', '#include "store/account/accounts.hpp"\n', 'which stands after it'),
    ('web/page/view.hpp', '#include "web/web.hpp"\n', "may not use the room's own folder"),
    ('web/entry/login.hpp', 'store::Account account();\n', 'may not name store::'),
    ('flow/login.hpp', '#include <sqlite3.h>\n', 'is not owned by room flow'),
    ('flow/login.hpp', '#include <curl/curl.h>\n', 'has no owner'),
    ('flow/login.hpp', '#include "login.hpp"\n', 'by its full name'),
    ('flow/login.hpp', 'int g(int a, int b, int c, int d, int e, int f);\n', 'g has 6 parameters'),
    ('flow/login.cpp', 'base::Result<int> g() {\n  return make_tokens(1);\n}\n', 'not listed in tests/house/issuers.txt'),
    ('flow/login.cpp', 'int g(const rights::Actor& actor) {\n  return house.store.write(1);\n}\n', 'g: writes without write_for'),
    ('flow/login.cpp', 'int g(const char* words) {\n  return std::system(words);\n}\n', 'starts another program'),
    ('flow/login.cpp', 'const std::regex g("a");\n', 'builds a regular expression at run time'),
    ('flow/login.cpp', 'int g() {\n  return std::rand();\n}\n', 'takes random values from elsewhere'),
    ('flow/login.cpp', 'std::mt19937 g;\n', 'takes random values from elsewhere'),
    ('flow/login.cpp', 'void g(char* to, const char* from) {\n  std::strcpy(to, from);\n}\n', 'without a limit'),
    ('flow/login.cpp', 'void g(int* number) {\n  delete number;\n}\n', 'releases memory by hand'),
    ('web/page/view.hpp', 'namespace web {\nstruct Row {\n};\nenum class Row : int {\n};\n}  // namespace web\n',
     'web::Row is the name of another type too'),
    ('web/stray.hpp', '', 'stands in a corridor'),
    ('web/cellar/wine.hpp', '', 'is not a corridor of room web'),
    ('attic/dust.hpp', '', 'is not a room'),
]


def judge(files):
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for path, text in files.items():
            file = root / 'src' / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        (root / 'src/rooms.cmake').write_text(PLAN)
        (root / 'tests/house').mkdir(parents=True)
        (root / 'tests/house/issuers.txt').write_text('')
        (root / 'tests/house/writers.txt').write_text('')
        return Judge(root).judge()


def main():
    wrong = [f'a sound house: {breach}' for breach in judge(SOUND)]
    for path, text, sentence in BREACHES:
        said = judge({**SOUND, path: SOUND.get(path, '') + text})
        if len(said) != 1 or sentence not in said[0]:
            wrong.append(f'{path} with {text!r}: expected "{sentence}", was told {said}')
    crowd = {f'flow/verb_{number}.hpp': '' for number in range(36)}
    if not any('needs corridors' in breach for breach in judge({**SOUND, **crowd})):
        wrong.append('a room of 37 units without corridors was not found')
    if wrong:
        sys.exit('\n'.join(wrong))
    print(f'{len(BREACHES) + 1} breaches were found')


if __name__ == '__main__':
    main()
