#include "flow/session/subject.hpp"

#include <algorithm>

#include "base/bytes.hpp"
#include "store/oauth/consents.hpp"

namespace flow {

base::Result<std::string> find_subject(store::Tx& tx, const rights::Client& client, const base::Id& account_id,
                                       base::Time now) {
  if (!client.is_pairwise) return account_id.to_string();
  const std::string sector = find_sector(client);
  if (sector.empty()) return base::fail(base::Code::invalid_input, "the pairwise client has no sector");
  ASSIGN_OR_RETURN(auto known, store::find_pairwise_subject(tx, sector, account_id));
  if (known) return std::move(*known);
  std::string subject = base::to_base64url(base::random_bytes(24));
  RETURN_IF_ERROR(store::insert_pairwise_subject(tx, sector, account_id, subject, now));
  return subject;
}

base::Result<std::optional<std::string>> find_known_subject(store::Tx& tx, const rights::Client& client,
                                                            const base::Id& account_id) {
  if (!client.is_pairwise) return std::optional(account_id.to_string());
  const std::string sector = find_sector(client);
  if (sector.empty()) return std::optional<std::string>();
  return store::find_pairwise_subject(tx, sector, account_id);
}

std::string find_subject_of_machine(const rights::Client& client) {
  return client.account_id ? client.account_id->to_string() : client.client_id;
}

bool has_sector_without_redirect(const rights::Client& client) {
  return !client.is_pairwise || !client.is_dynamic;
}

base::Result<std::optional<base::Id>> find_account_of_subject(store::Tx& tx, const rights::Client& client,
                                                              std::string_view subject) {
  if (!client.is_pairwise) {
    const auto id = base::Id::parse(subject);
    return id ? std::optional(*id) : std::nullopt;
  }
  const std::string sector = find_sector(client);
  // It comes from the request of a stranger, and none that was issued has other characters.
  const bool is_plain = std::all_of(subject.begin(), subject.end(), [](char c) { return c > 0x20 && c < 0x7f; });
  if (sector.empty() || !is_plain) return std::optional<base::Id>();
  return store::find_account_of_pairwise_subject(tx, sector, subject);
}

}  // namespace flow
