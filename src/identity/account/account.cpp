#include "identity/account/account.hpp"

#include <array>

namespace identity {
namespace {
constexpr std::array<std::string_view, 5> kinds{"employee", "recipient", "legal_person", "client_system", "service"};
constexpr std::array<std::string_view, 5> statuses{"invited", "active", "suspended_self", "suspended_admin", "deleted"};
}  // namespace

std::string_view name_of(AccountKind kind) {
  return kinds.at(static_cast<std::size_t>(kind));
}
std::string_view name_of(AccountStatus status) {
  return statuses.at(static_cast<std::size_t>(status));
}

base::Result<AccountKind> parse_account_kind(std::string_view name) {
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    if (kinds.at(i) == name) return static_cast<AccountKind>(i);
  }
  return base::fail(base::Code::invalid_input, "no such account kind: " + std::string(name));
}

base::Result<AccountStatus> parse_account_status(std::string_view name) {
  for (std::size_t i = 0; i < statuses.size(); ++i) {
    if (statuses.at(i) == name) return static_cast<AccountStatus>(i);
  }
  return base::fail(base::Code::invalid_input, "no such account status: " + std::string(name));
}

std::string Account::display_name() const {
  if (given_name.empty() && family_name.empty()) return organisation.empty() ? login : organisation;
  if (given_name.empty()) return family_name;
  return family_name.empty() ? given_name : given_name + " " + family_name;
}

bool is_human(AccountKind kind) {
  return kind == AccountKind::employee || kind == AccountKind::recipient;
}

bool may_log_in(const Account& account) {
  return account.status == AccountStatus::active;
}

}  // namespace identity
