#!/usr/bin/env python3
"""A person at the pages, as far as tools/fresh-install.sh needs one; nothing but Python's standard library.

    browser.py login LOGIN PASSWORD                 logs in and ends at the account's page
    browser.py invite MAILDIR ADDRESS PASSWORD      follows the link of the newest mail to ADDRESS and chooses the password, then logs in
"""
import html.parser
import http.cookiejar
import mailbox
import re
import sys
import time
import urllib.parse
import urllib.request

origin = "https://login.example.org"


class Forms(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.forms = []
        self.feed(text)

    def handle_starttag(self, tag, pairs):
        given = dict(pairs)
        if tag == "form":
            self.forms.append((given.get("action", ""), {}))
        elif tag == "input" and given.get("type") == "hidden" and self.forms:
            self.forms[-1][1][given["name"]] = given.get("value", "")


class Browser:
    def __init__(self):
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
        self.opener.addheaders = [("Accept", "text/html"), ("Accept-Language", "en"), ("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", "document")]

    def take(self, answer):
        self.address, self.page = answer.geturl(), answer.read().decode()

    def open(self, path):
        self.take(self.opener.open(urllib.parse.urljoin(origin, path)))

    def submit(self, action, **fields):
        found = [(where, hidden) for where, hidden in Forms(self.page).forms if urllib.parse.urlparse(where).path == action]
        if not found:
            sys.exit(f"there is no form for {action} on {self.address}:\n{self.page}")
        where, hidden = found[0]
        asked = urllib.request.Request(urllib.parse.urljoin(origin, where), urllib.parse.urlencode({**hidden, **fields}).encode(), {"Origin": origin})
        self.take(self.opener.open(asked))


def log_in(login, password):
    person = Browser()
    person.open("/login")
    person.submit("/login/password", login=login, password=password)
    if "/login/context" in person.page:
        person.submit("/login/context", context="super_administrator")
    if urllib.parse.urlparse(person.address).path.startswith("/login"):
        sys.exit(f"the login ended at {person.address}:\n{person.page}")
    print("logged in, at", person.address)


def accept_invitation(folder, address, password):
    mails = []
    # The server sends it a moment after the command; the limit ends a trial that would hang.
    for _ in range(600):
        mails = [one for one in mailbox.Maildir(folder) if address in (one["To"] or "")]
        if mails:
            break
        time.sleep(0.1)
    for part in mails[-1].walk() if mails else []:
        if part.get_content_type() != "text/plain":
            continue
        link = re.search(re.escape(origin) + r"/\S+", part.get_payload(decode=True).decode())
        person = Browser()
        person.open(link[0])
        action = next(where for where, _ in Forms(person.page).forms if where.startswith("/reset"))
        person.submit(urllib.parse.urlparse(action).path, new_password=password, new_password_repeat=password)
        print("chosen, at", person.address)
        return
    sys.exit(f"no mail to {address} in {folder}")


if __name__ == "__main__":
    if sys.argv[1] == "login":
        log_in(*sys.argv[2:4])
    else:
        accept_invitation(*sys.argv[2:5])
        log_in("admin", sys.argv[4])
