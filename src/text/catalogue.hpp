// The catalogues: a few tables a language, in the same order in each, so that a translation stands where its original
// does.
#pragma once

#include <span>
#include <string_view>

namespace text {

struct Sentence {
  std::string_view key;
  std::string_view pattern;  // {name} is replaced; {n, plural, …} goes through ICU MessageFormat
};

/// All tables of a language together.
std::span<const Sentence> english();
std::span<const Sentence> german();
std::span<const Sentence> polish();

// catalogue_{en,de,pl}.cpp: pages.
std::span<const Sentence> english_pages();
std::span<const Sentence> german_pages();
std::span<const Sentence> polish_pages();
// messages_{en,de,pl}.cpp: mails and short messages.
std::span<const Sentence> english_messages();
std::span<const Sentence> german_messages();
std::span<const Sentence> polish_messages();
// own_data_{en,de,pl}.cpp: identifiers, own data, sub accounts, outbox.
std::span<const Sentence> english_own_data();
std::span<const Sentence> german_own_data();
std::span<const Sentence> polish_own_data();
// account_life_{en,de,pl}.cpp: suspending and deleting, activity, sessions and devices, administration of accounts.
std::span<const Sentence> english_account_life();
std::span<const Sentence> german_account_life();
std::span<const Sentence> polish_account_life();
// passwords_{en,de,pl}.cpp: policy, change, reset.
std::span<const Sentence> english_passwords();
std::span<const Sentence> german_passwords();
std::span<const Sentence> polish_passwords();
// audit_{en,de,pl}.cpp: what the audit log says in codes: types, fields, and the values of fixed vocabularies
// ("audit.<field>.<code>").
std::span<const Sentence> english_audit();
std::span<const Sentence> german_audit();
std::span<const Sentence> polish_audit();

}  // namespace text
