#!/usr/bin/python3
"""Compares our phone numbers with libphonenumber's metadata in Debian's python3-phonenumbers.

Usage: phone_peer_test.py <program phone_lines>. For every country served:
- its example numbers, and random ones that libphonenumber calls valid, are read from every way of writing;
- random numbers whose length libphonenumber calls impossible are refused (after a trunk prefix, which we forgive);
- every Polish prefix, and every prefix of German mobile numbers, is shown as libphonenumber shows it.
The seed is printed; CHANCERY_SEED chooses another one than the fixed one.
"""
import os
import random
import subprocess
import sys

try:
    import phonenumbers
    from phonenumbers import PhoneNumberFormat as Format
    from phonenumbers import PhoneNumberType as Type
except ImportError:
    sys.exit("python3-phonenumbers is not installed: apt-get install python3-phonenumbers (see tools/install-deps.sh)")

COUNTRIES = "PL DE AT CH CZ SK UA GB FR NL BE LT IT ES".split()
REACHABLE = (Type.FIXED_LINE, Type.MOBILE, Type.FIXED_LINE_OR_MOBILE)
# Short fixed lines (taxi and city services) that Poland and Slovakia number with 7 and 6 digits: not for people.
LEAST_DIGITS = {"PL": 9, "SK": 9}

seed = int(os.environ.get("CHANCERY_SEED", 1))
print("CHANCERY_SEED=%d" % seed)
chance = random.Random(seed)


def is_ours(country, number):
    """Numbers that people are reached at, and that fit into the 15 digits of E.164."""
    national = phonenumbers.national_significant_number(number)
    return (phonenumbers.is_valid_number(number) and phonenumbers.number_type(number) in REACHABLE
            and len(national) >= LEAST_DIGITS.get(country, 1)
            and len(national) + len(str(number.country_code)) <= 15)


def shown_by_peer(country, number):
    """How the number is shown, where the peer's way is ours too; else None."""
    display = phonenumbers.format_number(number, Format.INTERNATIONAL)
    if country == "PL" and " " in display.partition(" ")[2]:
        return display
    if country == "DE" and phonenumbers.number_type(number) == Type.MOBILE:
        return display
    return None


def all_prefixes():
    """Pairs (country, number): each three digits that a Polish number can begin with, each four of a German mobile one."""
    for prefix in range(100, 1000):
        for _ in range(4):
            yield "PL", phonenumbers.parse("+48%d%06d" % (prefix, chance.randrange(10**6)))
    for prefix in range(1500, 1800):
        for length in (6, 7):
            number = phonenumbers.parse("+49%d%0*d" % (prefix, length, chance.randrange(10**length)))
            if phonenumbers.is_valid_number(number) and phonenumbers.number_type(number) == Type.MOBILE:
                yield "DE", number


def random_national(country):
    """Digits like those of an example number: its start kept, the rest changed, sometimes longer or shorter."""
    example = phonenumbers.example_number_for_type(country, chance.choice(REACHABLE[:2]))
    digits = phonenumbers.national_significant_number(example)
    kept = digits[:chance.randrange(0, 4)]
    length = max(4, len(digits) + chance.choice((-2, -1, 0, 0, 0, 0, 0, 0, 1, 2)))
    return kept + "".join(chance.choice("0123456789") for _ in range(length - len(kept)))


def ways_of_writing(country, number):
    """Pairs (default country, text): all are the same number."""
    e164 = phonenumbers.format_number(number, Format.E164)
    international = phonenumbers.format_number(number, Format.INTERNATIONAL)
    national = phonenumbers.format_number(number, Format.NATIONAL)
    yield "", e164
    yield "", international
    # libphonenumber leaves the trunk prefix out where it knows no grouping; then it is no way that people write.
    if national.lstrip("(")[0] == "0" or phonenumbers.ndd_prefix_for_region(country, True) != "0":
        yield country, national
        yield country, national.replace(" ", "-")
        yield country, "".join(c for c in national if c.isdigit())
    yield country, "00" + e164[1:]
    yield "PL" if country != "PL" else "DE", international.replace(" ", "/")


def main():
    questions, answers, shown = [], [], []
    counts = {"valid": 0, "impossible": 0, "shown": 0}

    def expect(country, text, answer, display=None):
        questions.append("%s\t%s" % (country, text))
        answers.append(answer)
        shown.append(display)
        counts["shown"] += display is not None

    for country, number in all_prefixes():
        e164 = phonenumbers.format_number(number, Format.E164)
        expect("", e164, e164, shown_by_peer(country, number))
    for country in COUNTRIES:
        numbers = [phonenumbers.example_number_for_type(country, t) for t in REACHABLE[:2]]
        for _ in range(3000):
            number = phonenumbers.PhoneNumber()
            try:
                number = phonenumbers.parse(
                    "+%d%s" % (phonenumbers.country_code_for_region(country), random_national(country)))
            except phonenumbers.NumberParseException:
                continue
            national = phonenumbers.national_significant_number(number)
            if is_ours(country, number):
                if len(numbers) < 400:
                    numbers.append(number)
            elif phonenumbers.is_possible_number_with_reason(number) in (
                    phonenumbers.ValidationResult.TOO_SHORT, phonenumbers.ValidationResult.TOO_LONG,
                    phonenumbers.ValidationResult.INVALID_LENGTH) and not national.startswith(("0", "8") if country == "LT" else "0"):
                counts["impossible"] += 1
                expect("", "+%d%s" % (number.country_code, national), "-")
        for number in numbers:
            counts["valid"] += 1
            e164 = phonenumbers.format_number(number, Format.E164)
            for default, text in ways_of_writing(country, number):
                expect(default, text, e164, shown_by_peer(country, number))

    run = subprocess.run([sys.argv[1]], input="\n".join(questions) + "\n", capture_output=True, text=True, check=True)
    lines = run.stdout.splitlines()
    assert len(lines) == len(questions), "an answer for every line"
    wrong = 0
    for question, line, answer, display in zip(questions, lines, answers, shown):
        ours, _, our_display = line.partition("\t")
        if ours != answer or (display and our_display != display):
            wrong += 1
            if wrong <= 40:
                print("%r: ours %r, expected %r" % (question, line, (answer, display)))
    print("%(valid)d valid numbers, %(impossible)d impossible ones, %(shown)d shown" % counts,
          "in %d lines, %d wrong" % (len(lines), wrong))
    if counts["valid"] < 2000 or counts["impossible"] < 200 or counts["shown"] < 4000:
        sys.exit("too few numbers compared")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
