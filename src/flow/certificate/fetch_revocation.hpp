// Fetches lists and answers of OCSP of configured authorities, by a background turn only: no request of a stranger
// makes this server call another one (security rule 11). What is fetched counts only if it is signed by the authority.
#pragma once

#include <string>

#include "base/bytes.hpp"
#include "base/id.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "flow/house/house.hpp"
#include "remote/http_client.hpp"

namespace flow {

/// An answer that a judgement missed. Its certificate has a good path to the anchor.
struct WantedAnswer {
  base::Id anchor_id;
  std::string fingerprint;
  base::Bytes certificate;  // DER
};
/// Notes it in this process for the next turn; nothing if too many wait. Thread-safe.
void want_answer(WantedAnswer wanted);

/// Fetches what is due, some of it. True: there may be more. Errors: unavailable.
base::Result<bool> fetch_due_revocations(const House& house, const remote::HttpClient& client, base::Time now);

}  // namespace flow
