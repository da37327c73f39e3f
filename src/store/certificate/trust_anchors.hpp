// Authorities of others that are trusted, and what they say about revocation.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/id.hpp"
#include "base/time.hpp"
#include "store/engine/store.hpp"

namespace store {

struct TrustAnchor {
  base::Id id;
  std::optional<base::Id> tenant_id;  // whose people it may name; nullopt = everybody's
  std::string purpose;                // trust::Purpose
  std::string sha256;
  std::string subject;
  base::Bytes der;
  base::Time not_after;
  std::string asks;         // trust::Asks
  std::string url;          // "" = nothing is asked
  std::string unreachable;  // trust::Unreachable
  std::string amr;          // swk | hwk | sc
  std::string matching;     // fingerprint | pesel | subject_serial
  base::Time created_at;
  std::optional<base::Id> created_by;
};
base::Result<void> insert_trust_anchor(Tx& tx, const TrustAnchor& anchor);
/// Also what was fetched for it. Errors: not_found.
base::Result<void> delete_trust_anchor(Tx& tx, const base::Id& id);
base::Result<std::optional<TrustAnchor>> find_trust_anchor(Tx& tx, const base::Id& id);
/// `purpose`: "" = all. The oldest first; at most 200.
base::Result<std::vector<TrustAnchor>> list_trust_anchors(Tx& tx, std::string_view purpose);

struct ForeignRevocation {
  base::Id anchor_id;
  std::string kind;         // crl | ocsp
  std::string lookup;       // fingerprint of the certificate; "" = a list
  base::Bytes answer;       // DER; "" = none yet
  base::Bytes certificate;  // DER of the certificate that is asked about; "" = a list
  std::optional<base::Time> this_update;
  std::optional<base::Time> next_update;
  base::Time due_at;
  base::Time asked_at;  // last use, for its age
  std::string failure;  // word of the last attempt; "" = it was right
};
base::Result<std::optional<ForeignRevocation>> find_foreign_revocation(Tx& tx, const base::Id& anchor_id,
                                                                       std::string_view kind, std::string_view lookup);
/// Instead of the one before it.
base::Result<void> put_foreign_revocation(Tx& tx, const ForeignRevocation& answer);
/// The longest due first.
base::Result<std::vector<ForeignRevocation>> list_due_revocations(Tx& tx, base::Time now, std::int64_t most);
base::Result<std::int64_t> count_foreign_revocations(Tx& tx, const base::Id& anchor_id);
/// Answers about certificates that nobody has presented since `before`, some of them. True: there may be more.
base::Result<bool> delete_old_revocations(Tx& tx, base::Time before);

}  // namespace store
