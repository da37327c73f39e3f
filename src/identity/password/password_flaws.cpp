#include "identity/password/password_flaws.hpp"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>
#include <functional>
#include <map>

#include "base/bytes.hpp"
#include "identity/password/common_passwords.hpp"
#include "identity/password/password_strength.hpp"
#include "identity/spelling/comparison_form.hpp"

namespace identity {
namespace {

using Kind = PasswordFlaw::Kind;
constexpr std::size_t least_word = 3;          // shorter parts of names occur in too many words
constexpr std::size_t least_login = 1;         // a person's has at least three, but a client system is called Z1
constexpr std::size_t least_service_word = 4;  // shorter words of a name are "the", "und" or "dla"
constexpr std::size_t longest_text = 512;

icu::UnicodeString decode(std::string_view text) {
  const icu::UnicodeString typed =
      icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* form = icu::Normalizer2::getNFCInstance(status);
  if (U_FAILURE(status)) return typed;
  icu::UnicodeString normal = form->normalize(typed, status);
  return U_FAILURE(status) ? typed : normal;
}

template <class Visit>
void for_each_code_point(std::string_view text, Visit visit) {
  const icu::UnicodeString all = decode(text);
  for (std::int32_t i = 0; i < all.length(); i = all.moveIndex32(i, 1)) visit(all.char32At(i));
}

bool has_control_character(std::string_view text) {
  bool found = false;
  for_each_code_point(text, [&found](UChar32 c) {
    const int8_t type = u_charType(c);
    found = found || type == U_CONTROL_CHAR || type == U_UNASSIGNED || type == U_SURROGATE;
  });
  return found;
}

/// `part` forwards or backwards in `password`, both in comparison form.
bool has(const std::string& password, const std::string& part, std::size_t least = least_word) {
  return base::count_code_points(part) >= least &&
         (password.find(part) != std::string::npos || password.find(reversed(part)) != std::string::npos);
}

bool has_word_of(const std::string& password, std::string_view text, std::size_t least = least_word) {
  const std::string form = comparison_form(text);
  if (has(password, form)) return true;
  const std::vector<std::string> words = words_of(form, least);
  return std::any_of(words.begin(), words.end(), [&](const std::string& word) { return has(password, word); });
}

std::string_view local_part(std::string_view email) {
  return email.substr(0, email.rfind('@'));
}

std::vector<std::string> known_words(const PasswordFacts& facts) {
  std::vector<std::string> known;
  const auto add = [&known](std::string_view text) {
    const std::string form = comparison_form(text);
    known.push_back(form);
    for (std::string& word : words_of(form, least_word)) known.push_back(std::move(word));
  };
  add(facts.login);
  add(local_part(facts.email));
  for (const std::string& name : facts.names) add(name);
  for (const std::string& word : facts.service) add(word);
  const std::size_t forwards = known.size();
  for (std::size_t i = 0; i < forwards; ++i) known.push_back(reversed(known[i]));
  std::sort(known.begin(), known.end());
  known.erase(std::unique(known.begin(), known.end()), known.end());
  return known;
}

}  // namespace

std::string_view name_of(Kind kind) {
  constexpr std::array<std::string_view, 13> names{
      "not_text",       "control_character", "too_short",         "too_long",         "too_few_classes",
      "contains_login", "contains_email",    "contains_name",     "contains_service", "used_before",
      "too_common",     "breached",          "too_easily_guessed"};
  return names.at(static_cast<std::size_t>(kind));
}

std::int64_t count_classes(std::string_view password) {
  bool capital = false;
  bool small = false;
  bool digit = false;
  bool special = false;
  for_each_code_point(password, [&](UChar32 c) {
    const int8_t type = u_charType(c);
    if (is_invisible(static_cast<char32_t>(c)) || type == U_NON_SPACING_MARK || type == U_ENCLOSING_MARK) return;
    if (type == U_UPPERCASE_LETTER || type == U_TITLECASE_LETTER) {
      capital = true;
    } else if (type == U_LOWERCASE_LETTER) {
      small = true;
    } else if (type == U_DECIMAL_DIGIT_NUMBER) {
      digit = true;
    } else {
      special = true;
    }
  });
  return std::int64_t{capital} + std::int64_t{small} + std::int64_t{digit} + std::int64_t{special};
}

std::int64_t count_visible(std::string_view password) {
  std::int64_t count = 0;
  for_each_code_point(password, [&count](UChar32 c) { count += is_invisible(static_cast<char32_t>(c)) ? 0 : 1; });
  return count;
}

std::vector<PasswordFlaw> find_flaws(std::string_view password, const PasswordPolicy& policy,
                                     const PasswordFacts& facts) {
  if (password.size() <= longest_text && !base::is_utf8(password)) return {{Kind::not_text, 0, 0}};
  // The length is checked first, because the work of the other checks grows with it.
  std::int64_t length = static_cast<std::int64_t>(base::count_code_points(password));
  if (password.size() <= longest_text) length = std::max(length, std::int64_t{decode(password).countChar32()});
  if (length > policy.max_length || password.size() > longest_text) {
    return {{Kind::too_long, policy.max_length, length}};
  }
  std::vector<PasswordFlaw> flaws;
  if (has_control_character(password)) flaws.push_back({Kind::control_character, 0, 0});
  const std::int64_t min_length =
      facts.second_factor_required ? policy.min_length_with_second_factor : policy.min_length;
  if (const std::int64_t visible = count_visible(password); visible < min_length) {
    flaws.push_back({Kind::too_short, min_length, visible});
  }
  if (const std::int64_t classes = count_classes(password); classes < policy.required_classes) {
    flaws.push_back({Kind::too_few_classes, policy.required_classes, classes});
  }
  const std::string form = comparison_form(password);
  if (policy.forbid_login && has(form, comparison_form(facts.login), least_login)) {
    flaws.push_back({Kind::contains_login, 0, 0});
  }
  if (policy.forbid_email && has_word_of(form, local_part(facts.email))) {
    flaws.push_back({Kind::contains_email, 0, 0});
  }
  if (policy.forbid_names && std::any_of(facts.names.begin(), facts.names.end(),
                                         [&](const std::string& name) { return has_word_of(form, name); })) {
    flaws.push_back({Kind::contains_name, 0, 0});
  }
  if (policy.forbid_service && std::any_of(facts.service.begin(), facts.service.end(), [&](const std::string& name) {
        return has_word_of(form, name, least_service_word);
      })) {
    flaws.push_back({Kind::contains_service, 0, 0});
  }
  if (policy.history > 0 && facts.used_before) {
    flaws.push_back({Kind::used_before, policy.history == PasswordPolicy::ever ? 0 : policy.history, 0});
  }
  if (policy.forbid_common && is_common_password(password)) flaws.push_back({Kind::too_common, 0, 0});
  if (facts.breached) flaws.push_back({Kind::breached, 0, 0});
  if (policy.least_score > 0) {
    const std::int64_t score = score_of(estimate_strength(password, known_words(facts)));
    if (score < policy.least_score) flaws.push_back({Kind::too_easily_guessed, policy.least_score, score});
  }
  return flaws;
}

std::vector<PasswordFlaw::Kind> find_kinds_of(const Sentence& rule) {
  static const std::map<std::string, std::vector<Kind>, std::less<>> kinds{
      {"password_policy.min_length", {Kind::too_short}},
      {"password_policy.classes", {Kind::too_few_classes}},
      {"password_policy.no_login", {Kind::contains_login}},
      {"password_policy.no_email", {Kind::contains_email}},
      {"password_policy.no_names", {Kind::contains_name}},
      {"password_policy.no_service", {Kind::contains_service}},
      {"password_policy.not_common", {Kind::too_common, Kind::breached}},
      {"password_policy.not_easily_guessed", {Kind::too_easily_guessed}},
      {"password_policy.never_again", {Kind::used_before}},
      {"password_policy.history", {Kind::used_before}}};
  const auto found = kinds.find(rule.key);
  return found == kinds.end() ? std::vector<Kind>() : found->second;
}

std::int64_t rate(std::string_view password, const PasswordFacts& facts) {
  return score_of(estimate_strength(password, known_words(facts)));
}

Sentence describe(const PasswordFlaw& flaw) {
  Sentence sentence{"password_flaw." + std::string(name_of(flaw.kind)), {}};
  switch (flaw.kind) {
    case Kind::too_short:
    case Kind::too_long:
    case Kind::too_few_classes: sentence.arguments = {{"needed", flaw.needed}, {"actual", flaw.actual}}; break;
    case Kind::used_before:
      if (flaw.needed == 0) {
        sentence.key = "password_flaw.used_before_ever";
      } else {
        sentence.arguments = {{"count", flaw.needed}};
      }
      break;
    default: break;
  }
  return sentence;
}

}  // namespace identity
