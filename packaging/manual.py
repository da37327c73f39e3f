#!/usr/bin/env python3
"""Makes the man pages from what the programs print about themselves.

    packaging/manual.py CHANCERY CHANCERY_CLIENT FOLDER VERSION DATE

FOLDER gets chancery.1 and a page for each group of commands (chancery-account.1 …, chancery-client-commands.1) from
`chancery help --print-reference`, chancery.toml.5 from `chancery check-config --print-reference`, and chancery-client.1 from `chancery-client help`.
"""
import html
import pathlib
import re
import subprocess
import sys
import textwrap


def protect(text):
    """A text without any meaning for roff."""
    return text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq").replace("`", "\\(ga").replace("^", "\\(ha").replace("~", "\\(ti")


def inline(text):
    """One paragraph of Markdown: code, bold, links."""
    made = []
    for part in re.split(r"(`[^`]*`|\*\*[^*]+\*\*|\[[^\]]+\]\([^)]+\))", text):
        if part.startswith("`"):
            made.append("\\fB" + protect(part[1:-1]) + "\\fR")
        elif part.startswith("**"):
            made.append("\\fB" + protect(part[2:-2]) + "\\fR")
        elif part.startswith("["):
            made.append(inline(re.match(r"\[([^\]]+)\]", part)[1]))
        else:
            made.append(protect(html.unescape(part)))
    return "".join(made)


def line(text):
    """A line of text that roff does not take for a request."""
    return "\\&" + text if text[:1] in (".", "'") else text


def fill(text):
    """Lines of a paragraph, none longer than 80 octets if a blank can prevent it. roff joins them again."""
    lines = textwrap.wrap(text, 78, break_long_words=False, break_on_hyphens=False) or [""]
    return [line(one) for one in lines]


def cells(row):
    return [one.strip().replace("\\|", "|") for one in re.split(r"(?<!\\)\|", row.strip().strip("|"))]


def table(rows):
    head = cells(rows[0])
    made = []
    for row in map(cells, rows[2:]):
        rest = row[1:] if len(row) == 2 else [f"{name}: {cell}" for name, cell in zip(head[1:], row[1:]) if cell not in ("", "-")]
        made += [".TP", "\\fB" + inline(row[0]).replace("\\fB", "").replace("\\fR", "") + "\\fR"]
        made += fill(inline("; ".join(rest))) if rest else ["\\&"]
    return made


def roff(lines):
    """The body of a page: Markdown as the program prints it, headings from ### on."""
    made = []
    i = 0
    while i < len(lines):
        text = lines[i]
        if text.startswith("```"):
            end = next(j for j in range(i + 1, len(lines)) if lines[j].startswith("```"))
            made += [".PP", ".in +4n", ".nf"] + [line(protect(one)) for one in lines[i + 1:end]] + [".fi", ".in"]
            i = end + 1
        elif text.startswith("|"):
            end = i
            while end < len(lines) and lines[end].startswith("|"):
                end += 1
            made += table(lines[i:end])
            i = end
        elif text.startswith("#"):
            made.append((".SH " if text.startswith("## ") else ".SS ") + '"' + inline(text.lstrip("# ")).replace("\\fB", "").replace("\\fR", "") + '"')
            i += 1
        elif re.match(r"[-*] ", text):
            made += [".IP \\(bu 2"] + fill(inline(text[2:]))
            i += 1
        elif not text.strip() or text.startswith("<!--"):
            i += 1
        else:
            end = i
            while end < len(lines) and lines[end].strip() and not re.match(r"[|#]|```|[-*] |<!--", lines[end]) or end == i:
                end += 1
            made += [".PP"] + fill(inline(" ".join(lines[i:end])))
            i = end
    return made


class Book:
    def __init__(self, folder, version, date):
        self.folder, self.version, self.date = pathlib.Path(folder), version, date
        self.written = set()

    def write(self, name, section, purpose, body, also):
        head = [f'.TH "{protect(name.upper())}" {section} {self.date} "chancery {self.version}" "Chancery"', ".ad l", ".SH NAME",
                f"{protect(name)} \\- {inline(purpose)}"]
        seen = [".SH SEE ALSO", ", ".join(f"\\fB{protect(one)}\\fR({number})" for one, number in also)]
        lines = head + body + seen
        # A heading begins a paragraph by itself.
        kept = [one for before, one in zip([""] + lines, lines) if one != ".PP" or not before.startswith((".SH ", ".SS "))]
        page = self.folder / f"{name}.{section}"
        if page in self.written:
            sys.exit(f"two pages have the name {page.name}")
        self.written.add(page)
        page.write_text("\n".join(kept) + "\n")


def split(lines):
    """[(heading or "", lines)] by headings of the second level."""
    parts = [("", [])]
    for one in lines:
        if one.startswith("## "):
            parts.append((one[3:].strip(), []))
        else:
            parts[-1][1].append(one)
    return parts


def ask(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def page_of(group):
    """chancery-client(1) is the program for workstations, as its name demands; the commands `chancery client` have another page."""
    return "chancery-client-commands" if group == "client" else f"chancery-{group}"


def main(server, client, *place):
    book = Book(*place)
    own, groups = [], []
    for heading, body in split(ask(server, "help", "--print-reference").splitlines()[1:]):
        found = re.match(r"([a-z]+): (.+)$", heading)
        if found:
            groups.append((found[1], found[2], body))
        else:
            own += ([".SH \"" + inline(heading.upper()) + '"'] if heading else [".SH DESCRIPTION"]) + roff(body)
    pages = [(page_of(name), 1) for name, _, _ in groups]
    book.write("chancery", 1, "the identity and signature server, and its commands", own,
               [("chancery.toml", 5), ("chancery-client", 1)] + pages)
    for name, purpose, body in groups:
        book.write(page_of(name), 1, purpose, [".SH COMMANDS"] + roff(body), [("chancery", 1), ("chancery.toml", 5)])
    settings = []
    for heading, body in split(ask(server, "check-config", "--print-reference").splitlines()[1:]):
        settings += ([".SH \"" + inline(heading.upper()) + '"'] if heading else [".SH DESCRIPTION"]) + roff(body)
    book.write("chancery.toml", 5, "the configuration of chancery", settings, [("chancery", 1)])
    first, _, rest = ask(client, "help").partition("\n")
    purpose = first.partition(": ")[2]
    book.write("chancery-client", 1, purpose, [".SH DESCRIPTION", ".nf"] + [line(protect(one)) for one in rest.strip("\n").splitlines()] + [".fi"],
               [("chancery", 1), (page_of("client"), 1)])


if __name__ == "__main__":
    main(*sys.argv[1:])
