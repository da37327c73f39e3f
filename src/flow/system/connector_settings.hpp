// What the connector demands of client systems (S1.2), as an administrator sees and sets it. A change that nobody or
// fewer than before would get through is named first and asked about; done all the same it is provisional:
//
//   apply ──locks out, not sure──> Applied::locked_out, or opens for connections without TLS, not sure ──>
//     │ │                          Applied::opens (nothing has changed)
//     │ └──locks out, sure──> provisional ──confirmed within ten minutes──> in force
//     └──locks nobody out──> in force      └──time over, or undone──> the settings before count again, on every node
//
// To see and to set them needs the permission manage_systems and reaching the first tenant, because they are of the
// whole installation. Each change has its audit event with before and after.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "rights/actor.hpp"
#include "store/system/connector_settings.hpp"

namespace flow {

/// How long a change that locks somebody out waits for its confirmation.
inline constexpr base::Duration confirmation_lasts = std::chrono::minutes(10);

using ConnectorDemands = store::ConnectorDemands;

struct ConnectorLook {
  ConnectorDemands in_force{};
  std::int64_t version = 0;
  std::optional<base::Time> changed_at{};
  std::string changed_by{};             // name of the account; "" = a command or nobody
  std::optional<base::Time> back_at{};  // the change waits for its confirmation until then
  ConnectorDemands before{};            // what counts again otherwise
};
/// Errors: denied.
base::Result<ConnectorLook> look_at_connector(const House& house, const rights::Actor& actor, base::Time now);

/// Who would no longer be let in.
struct LockedOut {
  std::vector<std::string> systems{};  // ids, at most twenty
  std::int64_t count = 0;              // of all
  bool is_everybody = false;           // nobody at all could prove itself
  [[nodiscard]] bool empty() const { return count == 0 && !is_everybody; }
};

struct ConnectorWish {
  ConnectorDemands demands{};
  std::optional<std::int64_t> version{};  // that the form was filled in for; nullopt: whatever it is
  bool is_sure = false;                   // has read whom it locks out
};
enum class Applied : std::uint8_t {
  nothing,  // nothing differs, and nothing is recorded
  in_force,
  provisional,  // until it is confirmed
  locked_out,   // nothing was changed: the question comes first
  opens,        // the same: connections without TLS would be taken, and nobody is locked out
};
struct ApplyDone {
  Applied applied = Applied::nothing;
  LockedOut locked_out{};
  bool opens = false;  // also for connections without TLS, which were refused before
};
/// What would be asked before this change. Writes nothing and needs no proof. Errors: denied.
base::Result<ApplyDone> find_connector_question(const House& house, const rights::Actor& actor,
                                                const ConnectorDemands& demands, base::Time now);
/// Errors: denied, invalid_input (no such mode), conflict (another change came first).
base::Result<ApplyDone> apply_connector_settings(const House& house, const rights::Actor& actor,
                                                 const ConnectorWish& wish, const RequestFacts& facts);

/// Keeps a provisional change. Errors: denied, expired (there is none, or its time is over), conflict.
base::Result<void> confirm_connector_settings(const House& house, const rights::Actor& actor,
                                              const std::optional<std::int64_t>& version, const RequestFacts& facts);

/// Takes a provisional change back at once. Errors: as confirm_connector_settings.
base::Result<void> undo_connector_settings(const House& house, const rights::Actor& actor,
                                           const std::optional<std::int64_t>& version, const RequestFacts& facts);

/// Records that a provisional change was taken back: its time is over. Counted already before. True: there was one.
base::Result<bool> take_back_connector_settings(const House& house, base::Time now);

/// "tls_only=on, mandatory=off, mode=certificate, plain_directory=off": for the log and the command line.
std::string print(const ConnectorDemands& demands);

}  // namespace flow
