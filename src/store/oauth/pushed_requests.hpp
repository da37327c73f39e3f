// Authorization requests that clients have pushed (RFC 9126). A request may name a person (login_hint), so that it is
// sealed.
#pragma once

#include <optional>
#include <string>

#include "base/bytes.hpp"
#include "base/id.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "store/engine/store.hpp"

namespace store {

struct PushedRequest {
  base::Id id;
  base::Id client_id;       // client.id
  base::Bytes secret_hash;  // SHA-256 of the reference's secret half
  std::string request;      // the parameters as a query
  base::Time created_at;
  base::Time expires_at;
  std::optional<base::Time> used_at;
};

base::Result<void> insert_pushed_request(Tx& tx, const PushedRequest& pushed);
/// nullopt also if it was sealed under another master key, which lasts longer than any request.
base::Result<std::optional<PushedRequest>> find_pushed_request(Tx& tx, const base::Id& id);
/// Sets used_at if it is not set: true exactly once.
base::Result<bool> use_pushed_request(Tx& tx, const base::Id& id, std::string_view secret_hash, base::Time now);
/// Deletes those that ended before `before`, at most a thousand in one call: true if more wait.
base::Result<bool> delete_old_pushed_requests(Tx& tx, base::Time before);

}  // namespace store
