"""The test "components": docs/operators/updates.md names every library that the build asks for, in the version that is installed."""
import pathlib
import re
import subprocess
import sys


def read_table(text):
    rows = re.findall(r"^\| [^|]+ \| (lib[^ |]+-dev) \| [^|]+ \| ([^ |]+) \| [^|]+ \|$", text, re.M)
    return dict(rows)


def wanted_libraries(root):
    listed = subprocess.run([root / "tools/install-deps.sh", "--list", "demo"], capture_output=True, text=True, check=True)
    return {package for package in listed.stdout.split() if package.startswith("lib") and package.endswith("-dev")}


def installed_version(package):
    """Without epoch: "1:1.10.0+ds-0.4" is "1.10.0+ds-0.4"."""
    asked = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", package], capture_output=True, text=True)
    return asked.stdout.split(":")[-1]


def find_mistakes(root):
    table = read_table((root / "docs/operators/updates.md").read_text())
    wanted = wanted_libraries(root)
    mistakes = [f"{package} is not in the table" for package in sorted(wanted - set(table))]
    mistakes += [f"{package} is in the table, but the build does not ask for it" for package in sorted(set(table) - wanted)]
    for package in sorted(wanted & set(table)):
        version = installed_version(package)
        if not re.match(re.escape(table[package]) + r"(?![0-9])", version):
            mistakes.append(f"{package} is {version} here, and {table[package]} in the table")
    return mistakes


if __name__ == "__main__":
    found = find_mistakes(pathlib.Path(sys.argv[1]))
    for mistake in found:
        print("docs/operators/updates.md: " + mistake)
    sys.exit(1 if found else 0)
