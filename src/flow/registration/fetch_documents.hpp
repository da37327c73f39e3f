// Documents that the metadata of a client names: its keys (jwks_uri) and the redirect URIs of its sector
// (sector_identifier_uri, OpenID Connect Core §8.1). They are fetched when the client is registered or changed, and its
// keys again by a background turn: no request of a stranger makes this server call another one (security rule 11).
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "base/result.hpp"
#include "base/time.hpp"
#include "flow/house/house.hpp"
#include "flow/registration/client_metadata.hpp"
#include "rights/client.hpp"

namespace flow {

/// The body of an answer with status 200. Blocks for some seconds at most.
using FetchDocument = std::function<base::Result<std::string>(const std::string& url)>;

/// How many requests may wait for documents of clients at the same time on this node: two, and one of each client or
/// token, so that a server that answers slowly cannot take all threads of the lane.
class FetchGate {
 public:
  /// Its destructor leaves the place free again.
  using Pass = std::shared_ptr<void>;
  /// nullptr: there is no place. The gate outlives the pass. Any thread.
  Pass enter(const std::string& whose);

 private:
  std::mutex mutex_;
  std::set<std::string> inside_;
};
/// What a request that may need documents brings.
struct DocumentSource {
  const FetchDocument& fetch;
  FetchGate& gate;
};

/// Sets `fetched_jwks` of a client that authenticates by keys at jwks_uri, and `sector` of one with a
/// sector_identifier_uri. `whose`: for the gate. Gives why it cannot be registered, temporarily_unavailable if the gate
/// has no place; nullopt = all is there.
std::optional<RegistrationRefusal> fetch_documents(const DocumentSource& documents, const std::string& whose,
                                                   rights::Client& client);

/// Fetches the keys of all clients that have a jwks_uri, if an hour has passed since the last time, and of those whose
/// assertion named a new key, which go first. A set that cannot be fetched or read leaves the keys as they are, and its
/// client rests, so that one whose server is slow does not delay the others again and again.
class KeyFetcher {
 public:
  /// A few clients. True: more wait. Errors: unavailable.
  base::Result<bool> step(const House& house, const FetchDocument& fetch, base::Time now);

 private:
  void note_wanted(base::Time now);
  std::optional<base::Id> take_next();

  std::optional<base::Time> all_fetched_at_;
  std::deque<base::Id> wanted_;             // named a new key
  std::deque<base::Id> due_;                // of this hour
  std::map<base::Id, base::Time> resting_;  // until when
};

}  // namespace flow
