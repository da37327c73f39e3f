// The lists of revoked certificates: a complete one and a delta, made anew within a second after a revocation and twice
// a day otherwise, under one number (RFC 5280 §5.2.4). The delta tells what changed since a complete list of the last
// day, so that programs that hold that one need not fetch all again.
#pragma once

#include <optional>
#include <string>

#include "base/bytes.hpp"
#include "base/id.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "flow/house/house.hpp"

namespace flow {

/// Lists that a revocation has changed: one read if there are none. For the background, twice a second.
base::Result<void> publish_changed_lists(const House& house, base::Time now);
/// Lists that are half over. For the background, each minute.
base::Result<void> publish_due_lists(const House& house, base::Time now);

struct PublishedList {
  base::Bytes der;
  base::Time this_update;
  base::Time next_update;
};
/// `kind`: "complete", "delta". nullopt: no such authority. Errors: unavailable.
base::Result<std::optional<PublishedList>> find_published_list(const House& house, const base::Id& authority_id,
                                                               std::string_view kind);
/// The authority's certificate, DER. nullopt: no such authority.
base::Result<std::optional<base::Bytes>> find_authority_certificate(const House& house, const base::Id& authority_id);

}  // namespace flow
