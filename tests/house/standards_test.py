"""The test "standards": every file and test that docs/standards.md names is there."""
import pathlib
import re
import sys


def find_mistakes(root):
    text = (root / "docs/standards.md").read_text()
    rows = [line for line in text.splitlines() if line.startswith("| ") and not line.startswith(("| standard", "| ---"))]
    mistakes = []
    for row in rows:
        cells = row.strip("|").split(" | ")
        if len(cells) != 4:
            mistakes.append(f"a row has {len(cells)} columns: {row[:60]}")
            continue
        for cell, what in ((cells[2], "file"), (cells[3], "test")):
            if "`" not in cell:
                mistakes.append(f"{cells[0].strip()}: no {what} is named")
        for path in re.findall(r"`((?:src|tests|docs)/[^`]+)`", row) + [
                "docs/" + page for page in re.findall(r"\]\(([^)]+)\)", row)]:
            if not (root / path).exists():
                mistakes.append(f"{cells[0].strip()}: {path} is not there")
    return mistakes if rows else ["there is no table"]


if __name__ == "__main__":
    found = find_mistakes(pathlib.Path(sys.argv[1]))
    for mistake in found:
        print("docs/standards.md: " + mistake)
    sys.exit(1 if found else 0)
