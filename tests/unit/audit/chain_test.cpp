#include "audit/chain.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

namespace {

const base::Time noon = base::from_seconds(1'800'000'000);
const base::Id tenant = base::Id::make(noon);
const base::Id anna = base::Id::make(noon);

class Log {
 public:
  audit::Event& append(std::string personal = R"({"ip":"192.0.2.7"})") {
    audit::Event event;
    event.seq = static_cast<std::int64_t>(events.size()) + 1;
    event.previous_hash = events.empty() ? base::Bytes(32, '\0') : events.back().hash;
    event.at = noon;
    event.tenant_id = tenant;
    event.type = audit::type::login;
    event.actor = anna;
    event.request_id = "r-" + std::to_string(event.seq);
    event.data = R"({"method":"password"})";
    event.personal = std::move(personal);
    if (!event.personal.empty()) {
      event.salt = base::random_bytes(16);
      event.personal_digest = audit::digest_of_personal(event.salt, event.personal);
    }
    event.hash = audit::hash_of(event);
    events.push_back(std::move(event));
    return events.back();
  }
  void append_many(int n) {
    for (int i = 0; i < n; ++i) append();
  }
  void append_erasure(std::int64_t through) {
    audit::Event& event = append("");
    event.type = audit::type::audit_erase;
    event.data = R"({"account":")" + anna.to_string() + R"(","through":)" + std::to_string(through) + "}";
    event.hash = audit::hash_of(event);
  }
  [[nodiscard]] audit::Head head() const { return {events.back().seq, events.back().hash, "seal"}; }
  [[nodiscard]] audit::Event& at(std::int64_t seq) { return events.at(static_cast<std::size_t>(seq - 1)); }
  void remove(std::int64_t seq) {
    std::erase_if(events, [&](const audit::Event& event) { return event.seq == seq; });
  }

  std::vector<audit::Event> events;
};

// All complaints about the log, each sentence once.
std::set<std::string> say(const std::vector<audit::Event>& events, const std::optional<audit::Head>& head,
                          bool seal_is_right = true) {
  audit::ChainVerifier verifier;
  std::set<std::string> said;
  for (const audit::Event& event : events) {
    if (const auto sentence = verifier.check(event)) said.insert(audit::describe(*sentence));
  }
  if (const auto sentence = verifier.finish(head, seal_is_right)) said.insert(audit::describe(*sentence));
  return said;
}

using Said = std::set<std::string>;

}  // namespace

TEST_CASE("an untouched log is in order") {
  Log log;
  CHECK(say({}, audit::Head{}) == Said{});
  log.append_many(100);
  log.append("");
  CHECK(say(log.events, log.head()) == Said{});
}

TEST_CASE("an altered event is named, whatever was altered in it") {
  const std::vector<void (*)(audit::Event&)> alterations{
      [](audit::Event& e) { e.at += std::chrono::milliseconds(1); },
      [](audit::Event& e) { e.tenant_id = anna; },
      [](audit::Event& e) { e.type = audit::type::logout; },
      [](audit::Event& e) { e.outcome = "failure"; },
      [](audit::Event& e) { e.actor = std::nullopt; },
      [](audit::Event& e) { e.on_behalf_of = anna; },
      [](audit::Event& e) { e.subject = anna; },
      [](audit::Event& e) { e.client = "portal"; },
      [](audit::Event& e) { e.session = anna; },
      [](audit::Event& e) { e.request_id += "x"; },
      [](audit::Event& e) { e.context = "doctor"; },
      [](audit::Event& e) { e.data = "{}"; },
      [](audit::Event& e) { e.personal_digest = base::Bytes(32, 'x'); },
      [](audit::Event& e) { e.source = "portal"; },
      [](audit::Event& e) { e.hash = base::Bytes(32, 'x'); },
      [](audit::Event& e) { e.previous_hash = base::Bytes(32, 'x'); },
  };
  for (const auto alter : alterations) {
    Log log;
    log.append_many(30);
    alter(log.at(17));
    CHECK(say(log.events, log.head()) == Said{"event 17 was altered"});
  }
}

TEST_CASE("the source of an event of a relying system can neither be changed nor taken away") {
  for (const char* source : {"laboratory", ""}) {
    Log log;
    log.append_many(10);
    audit::Event& event = log.append();
    event.source = "portal";
    event.hash = audit::hash_of(event);
    log.append_many(3);
    CHECK(say(log.events, log.head()) == Said{});
    log.at(11).source = source;
    CHECK(say(log.events, log.head()) == Said{"event 11 was altered"});
  }
}

TEST_CASE("a relying system cannot record an erasure") {
  Log log;
  log.append_many(3);
  log.append_erasure(3);
  log.at(4).source = "portal";
  log.at(4).hash = audit::hash_of(log.at(4));
  log.at(2).salt.clear();
  log.at(2).personal.clear();
  CHECK(say(log.events, log.head()) ==
        Said{"the personal part of event 2 is missing, and no event records its erasure"});
}

TEST_CASE("a field cannot lend octets to its neighbour") {
  Log log;
  audit::Event& event = log.append();
  event.client = "ab";
  event.request_id = "c";
  const auto hash = audit::hash_of(event);
  event.client = "a";
  event.request_id = "bc";
  CHECK(audit::hash_of(event) != hash);
}

TEST_CASE("an event that was altered together with its hash is betrayed by the next one") {
  Log log;
  log.append_many(30);
  log.at(17).outcome = "failure";
  log.at(17).hash = audit::hash_of(log.at(17));
  CHECK(say(log.events, log.head()) == Said{"event 17 was altered"});
}

TEST_CASE("the last event, altered together with its hash, is betrayed by the head") {
  Log log;
  log.append_many(30);
  const auto head = log.head();
  log.at(30).outcome = "failure";
  log.at(30).hash = audit::hash_of(log.at(30));
  CHECK(say(log.events, head) == Said{"event 30 was altered"});
}

TEST_CASE("missing events are named") {
  Log log;
  log.append_many(30);
  const auto head = log.head();
  log.remove(18);
  CHECK(say(log.events, head) == Said{"event 18 is missing"});
  log.remove(19);
  log.remove(20);
  CHECK(say(log.events, head) == Said{"events 18 to 20 are missing"});
  log.remove(1);
  CHECK(say(log.events, head) == Said{"event 1 is missing", "events 18 to 20 are missing"});
}

TEST_CASE("events that changed places are named") {
  Log log;
  log.append_many(30);
  std::swap(log.at(20), log.at(25));
  std::swap(log.at(20).seq, log.at(25).seq);
  CHECK(say(log.events, log.head()) == Said{"events 20 and 25 changed places"});
}

TEST_CASE("a cut-off tail shows") {
  Log log;
  log.append_many(30);
  const auto head = log.head();
  log.events.resize(27);
  CHECK(say(log.events, head) == Said{"events 28 to 30 are missing at the end: the tail was cut off"});
  log.events.clear();
  CHECK(say(log.events, head) == Said{"events 1 to 30 are missing at the end: the tail was cut off"});
}

TEST_CASE("a head that is missing, wrongly sealed or too old shows") {
  Log log;
  log.append_many(30);
  CHECK(say(log.events, std::nullopt) == Said{"the sealed head is missing"});
  CHECK(say(log.events, log.head(), false) == Said{"the seal of the head is wrong"});
  CHECK(say(log.events, audit::Head{28, log.at(28).hash, "seal"}) ==
        Said{"event 29 and what follows is not under the sealed head"});
}

TEST_CASE("where the log was taken up after its head had been altered can be seen for ever") {
  Log log;
  log.append_many(10);
  audit::Event& event = log.append();
  event.previous_hash = audit::broken_link();
  event.hash = audit::hash_of(event);
  log.append_many(5);
  CHECK(say(log.events, log.head()) == Said{"before event 11 the sealed head had been altered or removed"});
}

TEST_CASE("an altered personal part is told from an altered event") {
  Log log;
  log.append_many(5);
  log.append("");
  log.at(3).personal = R"({"ip":"203.0.113.9"})";
  log.at(6).personal = R"({"ip":"203.0.113.9"})";
  CHECK(say(log.events, log.head()) ==
        Said{"the personal part of event 3 was altered", "a personal part was added to event 6"});
}

TEST_CASE("an erased personal part is in order only if its erasure is on record") {
  Log log;
  log.append_many(5);
  log.at(2).personal.clear();
  log.at(2).salt.clear();
  CHECK(say(log.events, log.head()) ==
        Said{"the personal part of event 2 is missing, and no event records its erasure"});
  log.append_erasure(5);
  CHECK(say(log.events, log.head()) == Said{});

  log.append_many(2);
  log.at(7).personal.clear();  // a later event than the erasure covers
  log.at(7).salt.clear();
  CHECK(say(log.events, log.head()) ==
        Said{"the personal part of event 7 is missing, and no event records its erasure"});
}
