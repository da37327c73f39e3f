#include "flow/session/known_device.hpp"

#include "base/time.hpp"
#include "flow/session/session_cookie.hpp"
#include "flow/session/session_settings.hpp"

namespace flow {
namespace {

constexpr std::size_t most_in_cookie = 3;
constexpr std::size_t most_of_account = 20;
constexpr std::size_t longest_user_agent = 256;

struct Carried {
  std::string_view text;
  SessionCookie value;
};

// Malformed values are left out. Of too many values the first ones count.
std::vector<Carried> parse(std::string_view cookie) {
  std::vector<Carried> found;
  while (!cookie.empty() && found.size() < most_in_cookie) {
    const std::size_t end = std::min(cookie.find('.'), cookie.size());
    const std::string_view text = cookie.substr(0, end);
    if (auto value = parse_session_cookie(text)) found.push_back({text, std::move(*value)});
    cookie.remove_prefix(std::min(end + 1, cookie.size()));
  }
  return found;
}

}  // namespace

base::Result<std::optional<store::Device>> find_known_device(const House& house, store::Tx& tx,
                                                             const base::Id* account_id, std::string_view cookie,
                                                             base::Time now) {
  std::optional<store::Device> known;
  for (const Carried& one : parse(cookie)) {
    ASSIGN_OR_RETURN(auto device, store::find_device(tx, one.value.id));
    if (!device || account_id == nullptr || device->account_id != *account_id) continue;
    if (now - device->last_seen >= house.settings.session.device_lasts) continue;
    if (base::equal_in_constant_time(device->secret_hash, one.value.secret_hash)) known = std::move(*device);
  }
  return known;
}

base::Result<std::vector<store::Device>> list_carried_devices(const House& house, store::Tx& tx,
                                                              std::string_view cookie, base::Time now) {
  std::vector<store::Device> devices;
  for (const Carried& one : parse(cookie)) {
    ASSIGN_OR_RETURN(auto device, store::find_device(tx, one.value.id));
    if (!device || now - device->last_seen >= house.settings.session.device_lasts) continue;
    if (base::equal_in_constant_time(device->secret_hash, one.value.secret_hash)) devices.push_back(*std::move(device));
  }
  return devices;
}

base::Result<RememberedDevice> remember_device(const House& house, store::Tx& tx, const base::Id& account_id,
                                               const RequestFacts& facts) {
  ASSIGN_OR_RETURN(const auto known, find_known_device(house, tx, &account_id, facts.devices, facts.now));
  const NewSessionCookie fresh = make_session_cookie(known ? known->id : base::Id::make(facts.now));
  const std::string user_agent = facts.user_agent.substr(0, longest_user_agent);
  if (known) {
    RETURN_IF_ERROR(store::renew_device(tx, known->id, fresh.secret_hash, user_agent, facts.now));
  } else {
    RETURN_IF_ERROR(
        store::insert_device(tx, {fresh.id, account_id, fresh.secret_hash, user_agent, facts.now, facts.now}));
    // The surplus is searched at one new device of sixteen, because a search would cost each login as much as the
    // device itself.
    if (static_cast<unsigned char>(fresh.id.bytes().back()) % 16 == 0) {
      RETURN_IF_ERROR(store::delete_surplus_devices(tx, account_id, most_of_account));
    }
  }
  std::string cookie(fresh.value.reveal());
  std::size_t count = 1;
  for (const Carried& other : parse(facts.devices)) {
    if (other.value.id == fresh.id || count == most_in_cookie) continue;
    cookie.append(".").append(other.text);
    ++count;
  }
  return RememberedDevice{fresh.id, base::Secret(std::move(cookie))};
}

}  // namespace flow
