// The record that one logs in with (NIST SP 800-63: account), and what its status means.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/id.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace identity {

enum class AccountKind : std::uint8_t {
  employee,
  recipient,
  legal_person,
  client_system,
  service
};
enum class AccountStatus : std::uint8_t {
  invited,
  active,
  suspended_self,
  suspended_admin,
  deleted
};

std::string_view name_of(AccountKind kind);
std::string_view name_of(AccountStatus status);
base::Result<AccountKind> parse_account_kind(std::string_view name);
base::Result<AccountStatus> parse_account_status(std::string_view name);

struct Account {
  base::Id id;
  base::Id tenant_id;
  std::optional<base::Id> person_id;
  AccountKind kind = AccountKind::employee;
  bool external = false;
  AccountStatus status = AccountStatus::active;
  std::optional<base::Time> status_at;
  std::string given_name;  // of the person
  std::string family_name;
  std::string organisation;  // name of a legal person or a system, or where a person works; "" = none
  std::string login;         // display form of the identifier of type login, or ""
  std::string email;         // display form, or ""; one that waits for its code if there is no verified one
  bool email_verified = false;
  bool email_given = false;  // in force because an administrator entered it; the person has not confirmed it
  std::string phone;         // E.164, or ""
  bool phone_verified = false;
  bool phone_given = false;
  std::string preferred_channel;            // "email", "sms", or "" = not chosen
  std::optional<base::Id> main_account_id;  // set on sub accounts only (S2.4)
  bool is_main = false;                     // may have sub accounts, because an administrator has appointed it (S2.4)
  bool redirects_to_main = false;           // the e-mail is a pseudo address; mails go to the main account's (S2.5)
  std::string locale;                       // "en", "de", "pl" or "" = not chosen
  std::string first_language;               // of the page of the first login, for messages; "" = none yet
  std::int64_t security_stamp = 0;          // raising it ends every session and token at once
  std::int64_t failures = 0;                // failed proofs of all methods since the last success or unlock
  std::optional<base::Time> locked_until;
  base::Time created_at;
  std::optional<base::Time> changed_at{};  // when its own data were changed last; nullopt = never, as far as is known
  std::int64_t version = 0;

  /// "Anna Kowalska", else the organisation, else the login.
  [[nodiscard]] std::string display_name() const;
  /// Whether messages and codes may go to the address.
  [[nodiscard]] bool has_email_in_force() const { return email_verified || email_given; }
  [[nodiscard]] bool has_phone_in_force() const { return phone_verified || phone_given; }
};

/// Whether the account belongs to a human being: only these have a PESEL, a passport and an identity card, and choose
/// their passwords by a link.
bool is_human(AccountKind kind);
/// Whether the account is active. Lockout is judged separately (is_locked).
bool may_log_in(const Account& account);

}  // namespace identity
