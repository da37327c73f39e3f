// policy second-factor set: who is asked before and afterwards, and what cannot be set up for nothing.
#include "door/app/site.hpp"
#include "door/raw_client.hpp"

namespace {

using door::has;
using door::Site;

struct Ruled : Site {
  Ruled() {
    const door::ServerProcess first(config, log);
    REQUIRE(first.is_ready());
    for (const char* name : {"ward", "office", "guests"}) REQUIRE(run({"group", "create", name}).status == 0);
  }
  door::Finished set(std::vector<std::string> words) const {
    words.insert(words.begin(), {"policy", "second-factor", "set"});
    return run(words);
  }
};

}  // namespace

TEST_CASE("a group is added to those that are asked or taken from them, and the answer says who was and who is asked") {
  const Ruled site;
  const auto first = site.set({"--group", "ward"});
  CHECK(first.status == 0);
  CHECK(has(first.out, "asked before: nobody; asked now: the members of ward"));
  CHECK(has(site.set({"--add-group", "office"}).out, "asked before: the members of ward"));
  const auto both = site.read({"policy", "second-factor", "show"}).at("groups").as_array();
  CHECK(both.size() == 2);
  const auto taken = site.set({"--remove-group", "ward", "--add-group", "guests"});
  CHECK(taken.status == 0);
  const auto left = site.read({"policy", "second-factor", "show"}).at("groups").as_array();
  CHECK(left.size() == 2);
  CHECK(has(site.set({"--remove-group", "ward"}).err, "the members of ward are not asked now"));
  // Instead of the others.
  CHECK(has(site.set({"--group", "ward"}).out, "asked now: the members of ward;"));
  CHECK(has(site.set({"--remove-group", "ward"}).out, "asked now: nobody"));
  REQUIRE(site.set({"--everybody"}).status == 0);
  CHECK(site.set({"--add-group", "ward"}).status == 1);
  CHECK(site.set({"--group", "ward", "--add-group", "office"}).status == 2);
  const auto json = site.run({"policy", "second-factor", "set", "--nobody", "--json"});
  CHECK(has(json.out, R"("before":{"who":"everybody")"));
  CHECK(has(json.out, R"("after":{"who":"nobody")"));
}

TEST_CASE("what does not count as a second step cannot be set up at the login, and the refusal says so") {
  const Ruled site;
  const auto refused = site.set({"--everybody", "methods=sms recovery", "enrol_methods=totp"});
  CHECK(refused.status == 1);
  CHECK(has(refused.err, "only those of them that count (methods)"));
  CHECK(site.set({"--everybody", "--preview", "methods=sms", "enrol_methods=totp"}).status == 1);
  CHECK(site.set({"--everybody", "methods=totp sms", "enrol_methods=totp", "grace_days=14"}).status == 0);
  CHECK(site.set({"methods=sms"}).status == 1);
}
