// A house in which clients register themselves, and the documents that their metadata names.
#pragma once

#include <boost/json.hpp>
#include <map>
#include <string>

#include "flow/oidc_fixture.hpp"
#include "flow/registration/administer_tokens.hpp"
#include "flow/registration/register_client.hpp"

namespace testing {

struct RegistrationFixture : OidcFixture {
  std::string make_token(flow::TokenWishes wishes = {}) {
    if (wishes.name.empty()) wishes.name = "test";
    const auto made = flow::create_api_token(*house, operator_actor(), wishes, facts());
    REQUIRE_MESSAGE(made, base::describe(made.error()));
    return std::string(made->text.reveal());
  }
  flow::ClientInformation register_with(const std::string& token, const std::string& json) {
    auto done = flow::register_client({*house, {fetch, gate}}, token, json, facts());
    REQUIRE_MESSAGE(done, base::describe(done.error()));
    return std::move(*done);
  }
  /// The answer to a registration with a new token.
  boost::json::object register_client(const std::string& json) {
    const auto done = register_with(make_token(), json);
    REQUIRE_MESSAGE(!done.refusal, done.refusal->description);
    return boost::json::parse(done.metadata).as_object();
  }
  flow::RegistrationRefusal refusal_of(const std::string& json) {
    const auto done = register_with(make_token(), json);
    REQUIRE(done.refusal);
    return *done.refusal;
  }
  static std::string text_of(const boost::json::object& answer, std::string_view name) {
    return answer.contains(name) ? std::string(answer.at(name).as_string()) : std::string();
  }

  std::map<std::string, std::string> documents;  // by address
  std::vector<std::string> fetched;
  flow::FetchGate gate;
  flow::FetchDocument fetch = [this](const std::string& url) -> base::Result<std::string> {
    fetched.push_back(url);
    const auto found = documents.find(url);
    if (found == documents.end()) return base::fail(base::Code::unavailable, "no such document");
    return found->second;
  };
};

}  // namespace testing
