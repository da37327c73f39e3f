// How the data of every credential is sealed: under the master key, bound to account and row, so that it cannot be
// moved to another row.
#pragma once

#include <string_view>

#include "base/bytes.hpp"
#include "base/id.hpp"

namespace store {

inline constexpr std::string_view credential_purpose = "credential";

inline base::Bytes place_of_credential(const base::Id& account_id, const base::Id& id) {
  return base::Bytes("credential").append(account_id.bytes()).append(id.bytes());
}

}  // namespace store
