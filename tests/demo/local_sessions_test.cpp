#include "demo/local_sessions.hpp"

#include <doctest/doctest.h>

namespace {

const base::Time now = base::from_seconds(1'800'000'000);

demo::LocalSession session_of(const std::string& subject, const std::string& session) {
  demo::LocalSession made;
  made.person.subject = subject;
  made.person.session = session;
  return made;
}

TEST_CASE("an answer is good once, in time, and for the browser that began the login") {
  demo::LocalSessions sessions;
  const demo::BegunLogin login{"browser", "n", "v", now + std::chrono::minutes(1)};
  sessions.begin("a", login, now);
  CHECK_FALSE(sessions.take("a", "another", now));
  CHECK_FALSE(sessions.take("a", "", now));
  CHECK(sessions.take("a", "browser", now));
  CHECK_FALSE(sessions.take("a", "browser", now));
  sessions.begin("b", login, now);
  CHECK_FALSE(sessions.take("b", "browser", now + std::chrono::minutes(1)));
}

TEST_CASE("a logout order ends the sessions that it names, and is good once") {
  demo::LocalSessions sessions;
  const std::string anna = sessions.add(session_of("anna", "1"), now);
  const std::string anna_elsewhere = sessions.add(session_of("anna", "2"), now);
  const std::string jan = sessions.add(session_of("jan", "3"), now);
  CHECK(sessions.carry_out({"j1", "anna", "1", now + std::chrono::minutes(5)}, now));
  CHECK_FALSE(sessions.find(anna, now));
  CHECK(sessions.find(anna_elsewhere, now));
  CHECK_FALSE(sessions.carry_out({"j1", "jan", "", now + std::chrono::minutes(5)}, now));
  CHECK(sessions.find(jan, now));
  CHECK(sessions.carry_out({"j2", "anna", "", now + std::chrono::minutes(5)}, now));
  CHECK_FALSE(sessions.find(anna_elsewhere, now));
  CHECK(sessions.find(jan, now));
}

}  // namespace
