// All flaws of a new password under a policy, as values (a judgement is not an error). Without I/O: whether it was used
// before, or is in the file of breached passwords, is found by the flow, which can hash and read.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "identity/password/password_policy.hpp"

namespace identity {

/// What the judgement needs to know about the account. All texts as displayed; empty = none.
struct PasswordFacts {
  std::string login;
  std::string email;
  std::vector<std::string> names;    // given, family, former ones
  std::vector<std::string> service;  // names of the product and of the installation
  bool second_factor_required = false;
  bool used_before = false;  // among the earlier ones that policy.history names
  bool breached = false;     // in the file of breached passwords
};

struct PasswordFlaw {
  enum class Kind : std::uint8_t {
    not_text,           // not UTF-8
    control_character,  // cannot be typed again everywhere (RFC 8265 §4.2: FreeformClass)
    too_short,          // needed, actual: visible code points
    too_long,           // needed = at most, actual: code points
    too_few_classes,    // needed, actual: classes
    contains_login,
    contains_email,
    contains_name,
    contains_service,
    used_before,  // needed = how many earlier ones count, 0 = all
    too_common,
    breached,
    too_easily_guessed,  // needed, actual: scores 0 to 4
  };
  Kind kind = Kind::not_text;
  std::int64_t needed = 0;
  std::int64_t actual = 0;
  friend bool operator==(const PasswordFlaw&, const PasswordFlaw&) = default;
};
std::string_view name_of(PasswordFlaw::Kind kind);

/// All flaws, in the order of the enumeration; empty = accepted. If the password is not text or is too long, nothing
/// else is checked. The password is judged in its NFC form, in which it is hashed.
std::vector<PasswordFlaw> find_flaws(std::string_view password, const PasswordPolicy& policy,
                                     const PasswordFacts& facts);

/// The sentence of a flaw: key password_flaw.<kind>, with needed and actual where they mean something.
Sentence describe(const PasswordFlaw& flaw);

/// The flaws of a password that breaks the rule of a policy (a sentence of describe(PasswordPolicy)); empty = the rule
/// asks nothing of a new password.
std::vector<PasswordFlaw::Kind> find_kinds_of(const Sentence& rule);

/// The score of the password, 0 to 4, for an attacker who knows its owner. Flaws of the policy do not count.
std::int64_t rate(std::string_view password, const PasswordFacts& facts);

/// How many of the four classes occur: capitals (also Ä, Ł), small letters (also ß, ą), digits of any script, special
/// characters (all else that is visible: signs, spaces, emoji, letters of scripts without case).
std::int64_t count_classes(std::string_view password);

/// Code points of the NFC form that a person sees: zero-width characters and variation selectors do not count.
std::int64_t count_visible(std::string_view password);

}  // namespace identity
