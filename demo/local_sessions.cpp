#include "demo/local_sessions.hpp"

#include "base/bytes.hpp"

namespace demo {

namespace {

constexpr base::Duration session_lasts = std::chrono::hours(8);

template <class Map>
void drop_first_if_full(Map& map, std::size_t most) {
  // The first entry is a random one, because keys are random. Dropping it limits memory during a flood.
  if (map.size() >= most) map.erase(map.begin());
}

}  // namespace

std::string make_token() {
  return base::to_base64url(base::random_bytes(32));
}

void LocalSessions::forget_old(base::Time now) {
  std::erase_if(begun_, [&](const auto& entry) { return entry.second.expires <= now; });
  std::erase_if(sessions_, [&](const auto& entry) { return entry.second.expires <= now; });
  std::erase_if(orders_, [&](const auto& entry) { return entry.second <= now; });
}

void LocalSessions::begin(const std::string& state, BegunLogin login, base::Time now) {
  const std::lock_guard lock(mutex_);
  if (begun_.size() >= most_) forget_old(now);
  drop_first_if_full(begun_, most_);
  begun_[state] = std::move(login);
}

std::optional<BegunLogin> LocalSessions::take(const std::string& state, const std::string& browser, base::Time now) {
  const std::lock_guard lock(mutex_);
  const auto found = begun_.find(state);
  if (found == begun_.end() || browser.empty() || found->second.browser != browser) return std::nullopt;
  std::optional<BegunLogin> login = std::move(found->second);
  begun_.erase(found);
  if (login->expires <= now) return std::nullopt;
  return login;
}

std::string LocalSessions::add(LocalSession session, base::Time now) {
  const std::lock_guard lock(mutex_);
  forget_old(now);
  drop_first_if_full(sessions_, most_);
  session.expires = now + session_lasts;
  std::string id = make_token();
  sessions_[id] = std::move(session);
  return id;
}

std::optional<LocalSession> LocalSessions::find(const std::string& id, base::Time now) const {
  const std::lock_guard lock(mutex_);
  const auto found = sessions_.find(id);
  if (found == sessions_.end() || found->second.expires <= now) return std::nullopt;
  return found->second;
}

void LocalSessions::end(const std::string& id) {
  const std::lock_guard lock(mutex_);
  sessions_.erase(id);
}

bool LocalSessions::carry_out(const LogoutOrder& order, base::Time now) {
  const std::lock_guard lock(mutex_);
  forget_old(now);
  if (!orders_.emplace(order.id, order.expires).second) return false;
  std::erase_if(sessions_, [&](const auto& entry) {
    const Person& person = entry.second.person;
    return (order.session.empty() || person.session == order.session) &&
           (order.subject.empty() || person.subject == order.subject);
  });
  return true;
}

}  // namespace demo
