"""The test "asvs": docs/asvs.md has every requirement of level 1 and 2 once, and each named test and page exists."""
import pathlib
import re
import sys

STATES = {"pass", "decision", "waits", "partly", "not applicable", "not recorded"}


def has_case(path, case):
    """Of C++ the whole name of a case; of other tests a part of it, because a script puts a language behind it."""
    text = path.read_text()
    return f'"{case}"' in text if path.suffix == ".cpp" else case in text


def find_mistakes(root):
    wanted = {}
    for line in (root / "tests/house/asvs_rows.txt").read_text().splitlines():
        if line and not line.startswith("#"):
            number, level = line.split()
            wanted[number] = level
    mistakes = []
    seen = set()
    for line in (root / "docs/asvs.md").read_text().splitlines():
        match = re.fullmatch(r"\| (\d+\.\d+\.\d+) \| (\d) \| ([a-z ]+) \| (.*?) ?\|", line)
        if not match:
            continue
        number, level, state, by = match.groups()
        if number in seen:
            mistakes.append(f"{number} comes twice")
        seen.add(number)
        if wanted.get(number) != level:
            mistakes.append(f"{number} is no requirement of level {level}")
        if state not in STATES:
            mistakes.append(f'{number}: "{state}" is no state')
        tests = re.findall(r'`([^`:]+): "([^"`]+)"`', by)
        pages = re.findall(r"\]\(([^)]+)\)", by)
        if state == "pass" and not tests and not pages:
            mistakes.append(f"{number} passes without a test or page")
        if state not in {"pass", "not recorded"} and not by:
            mistakes.append(f"{number}: {state} without a reason")
        for file, case in tests:
            path = root / file
            if not path.is_file() or not has_case(path, case):
                mistakes.append(f'{number}: {file} has no test "{case}"')
        for page in pages:
            if not (root / "docs" / page).is_file():
                mistakes.append(f"{number}: docs/{page} does not exist")
    mistakes += [f"{number} is missing" for number in wanted if number not in seen]
    return mistakes


if __name__ == "__main__":
    found = find_mistakes(pathlib.Path(sys.argv[1]))
    for mistake in found:
        print("docs/asvs.md: " + mistake)
    sys.exit(1 if found else 0)
