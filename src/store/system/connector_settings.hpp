// What the connector demands of client systems (S1.2): one row for the installation.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/id.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "store/engine/store.hpp"

namespace store {

/// The four settings of the page.
struct ConnectorDemands {
  bool tls_only = true;
  bool is_mandatory = false;         // authentication of client systems
  std::string mode = "certificate";  // certificate | password
  bool plain_directory = false;      // connector.sds also without TLS

  friend bool operator==(const ConnectorDemands&, const ConnectorDemands&) = default;
};

struct ConnectorSettings {
  std::int64_t version = 0;  // 0: nothing was set yet
  ConnectorDemands demands{};
  std::optional<base::Time> changed_at{};
  std::optional<base::Id> changed_by{};
  std::optional<base::Time> back_at{};  // from then on `before` counts again
  ConnectorDemands before{};

  /// Every node computes the same from the row and the time.
  [[nodiscard]] const ConnectorDemands& in_force(base::Time now) const {
    return back_at && *back_at <= now ? before : demands;
  }
  /// The change waits for its confirmation.
  [[nodiscard]] bool is_provisional(base::Time now) const { return back_at && now < *back_at; }
};
/// Without a row the defaults.
base::Result<ConnectorSettings> find_connector_settings(Tx& tx);
/// Raises the version.
base::Result<void> put_connector_settings(Tx& tx, const ConnectorSettings& settings);

}  // namespace store
