#include "flow/client/search_clients.hpp"

#include <doctest/doctest.h>

#include "flow/client/client_snippets.hpp"
#include "flow/house/site_settings.hpp"
#include "flow/oidc_fixture.hpp"

using namespace std::chrono_literals;
using testing::OidcFixture;

namespace {

struct Office : OidcFixture {
  std::vector<std::string> find(const std::string& text, const std::string& state = {}) {
    const auto page = flow::search_clients(*house, operator_actor(), {text, state}, now);
    REQUIRE(page);
    std::vector<std::string> ids;
    for (const auto& client : page->rows) ids.push_back(client.client_id);
    return ids;
  }
  flow::ClientDetails details() { return *flow::find_client_details(*house, operator_actor(), "portal", now); }
};
using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("an application is found by a part of any of its names, of its id or of where its answers go") {
  Office f;
  f.change_client("laboratory", [](rights::Client& client) {
    client.name = "Łóżka";
    client.name_de = "Betten";
  });
  CHECK(f.find("") == Ids{"laboratory", "portal", "spa"});
  CHECK(f.find("lozk") == Ids{"laboratory"});
  CHECK(f.find("BETT") == Ids{"laboratory"});
  CHECK(f.find("spa") == Ids{"spa"});
  CHECK(f.find("127.0.0.1") == Ids{"spa"});
  CHECK(f.find("nothing").empty());
  f.change_client("portal", [](rights::Client& client) { client.enabled = false; });
  CHECK(f.find("", "disabled") == Ids{"portal"});
  CHECK(f.find("", "enabled") == Ids{"laboratory", "spa"});
  CHECK(f.find("", "weak") == Ids{"spa"});  // its answers go to the own machine
  CHECK(flow::search_clients(*f.house, f.operator_actor(), {"", "other"}, f.now).error().code ==
        base::Code::invalid_input);
}

TEST_CASE("a page of applications leads to the next and the previous one without losing a row") {
  Office f;
  for (int i = 0; i < 7; ++i) {
    rights::Client client;
    client.client_id = "app-" + std::to_string(i);
    client.name = client.client_id;
    client.redirect_uris = {"https://app.example/" + client.client_id};
    f.add_client(client, "");
  }
  const auto page = [&](flow::Turn turn, const std::string& row) {
    return *flow::search_clients(*f.house, f.operator_actor(), {"app", "", {turn, row, 3}}, f.now);
  };
  const auto first = page(flow::Turn::first, "");
  CHECK(first.ends.count == 7);
  CHECK_FALSE(first.ends.previous);
  CHECK(first.rows.size() == 3);
  const auto second = page(flow::Turn::next, first.ends.next.value());
  CHECK(second.rows.front().client_id == "app-3");
  const auto third = page(flow::Turn::next, second.ends.next.value());
  CHECK(third.rows.size() == 1);
  CHECK_FALSE(third.ends.next);
  CHECK(page(flow::Turn::previous, second.ends.previous.value()).rows.front().client_id == "app-0");
  CHECK(page(flow::Turn::last, "").rows.back().client_id == "app-6");
  CHECK(page(flow::Turn::next, "gone").rows.front().client_id == "app-0");
}

TEST_CASE("it is told in how many open sessions an application is used") {
  Office f;
  CHECK(f.details().sessions == 0);
  f.get_tokens(f.log_in());
  f.get_tokens(f.log_in());
  f.add_account("jan.nowak", OidcFixture::password, {"user"}, "jan@clinic.example");
  f.get_tokens(f.log_in("jan.nowak"));
  CHECK(f.details().sessions == 3);
  f.now += 24h * 400;
  CHECK(f.details().sessions == 0);
}

TEST_CASE("who does not administer clients finds none") {
  Office f;
  const auto visitor = flow::find_visitor(*f.house, f.log_in(), f.facts()).value();
  CHECK(flow::search_clients(*f.house, *visitor.actor, {}, f.now).error().code == base::Code::denied);
  CHECK(flow::find_client_details(*f.house, *visitor.actor, "portal", f.now).error().code == base::Code::denied);
  CHECK(flow::find_client_details(*f.house, f.operator_actor(), "nobody", f.now).error().code == base::Code::not_found);
}

TEST_CASE("what developers copy has the values of the client and never a secret") {
  Office f;
  const auto holds = [](const flow::Snippet& snippet, std::string_view part) {
    return snippet.text.find(part) != std::string::npos;
  };
  const auto of_web = flow::make_snippets(*f.house, f.find_client("portal"));
  REQUIRE(of_web.size() == 6);
  for (const flow::Snippet& snippet : of_web) {
    CAPTURE(std::string(snippet.key));
    CHECK(holds(snippet, "portal"));
    CHECK(holds(snippet, f.settings.site.issuer));
    CHECK(holds(snippet, "CLIENT_SECRET"));
    const bool has_pkce = holds(snippet, "S256") || holds(snippet, "UsePkce");
    CHECK(has_pkce);
    CHECK_FALSE(holds(snippet, "{CLIENT}"));
    CHECK_FALSE(holds(snippet, "{REDIRECT"));
    CHECK_FALSE(holds(snippet, " #"));
    CHECK_FALSE(holds(snippet, "portal-secret"));
  }
  for (const flow::Snippet& snippet : flow::make_snippets(*f.house, f.find_client("spa"))) {
    CAPTURE(std::string(snippet.key));
    CHECK_FALSE(holds(snippet, "CLIENT_SECRET"));
  }
  rights::Client odd = f.find_client("portal");
  odd.redirect_uris = {"https://portal.example.org/it's/$x"};
  CHECK(holds(flow::make_snippets(*f.house, odd).front(), "'https://portal.example.org/it\\'s/$x'"));
}

TEST_CASE("what Java developers copy imports what it uses, and names ES256 only where ID tokens are signed with it") {
  Office f;
  rights::Client client = f.find_client("portal");
  const auto spring = [&] { return flow::make_snippets(*f.house, client).at(2).text; };
  client.id_token_alg = "ES256";
  for (const char* name : {"HttpSecurity", "SecurityFilterChain", "OidcIdTokenDecoderFactory", "SignatureAlgorithm",
                           "JwtDecoderFactory"}) {
    CAPTURE(name);
    CHECK(spring().find("." + std::string(name) + ";\n") != std::string::npos);
  }
  client.id_token_alg = "RS256";
  for (const char* name : {"OidcIdTokenDecoderFactory", "SignatureAlgorithm", "JwtDecoderFactory", "ES256"}) {
    CAPTURE(name);
    CHECK(spring().find(name) == std::string::npos);
  }
}

TEST_CASE("a machine is shown how it gets a token with its scopes, and a system that is called how it asks about one") {
  Office f;
  rights::Client client = rights::draft_client(rights::ClientKind::machine);
  client.client_id = "night-run";
  const auto only = [&] {
    const auto snippets = flow::make_snippets(*f.house, client);
    REQUIRE(snippets.size() == 1);
    CHECK(snippets.front().text.find('{') == std::string::npos);
    CHECK(snippets.front().text.find("$CLIENT_SECRET") != std::string::npos);
    return snippets.front().text;
  };
  client.scopes = {};
  CHECK(only().find("-d grant_type=client_credentials " + f.settings.site.issuer + "/oauth2/token\n# When a scope") !=
        std::string::npos);
  client.scopes = {"sign", "verify"};
  CHECK(only().find("-d \"scope=sign verify\" " + f.settings.site.issuer + "/oauth2/token\n") != std::string::npos);
  // What a shell would run stands in no line that people paste.
  client.scopes = {"a:$(id)", "images:read", "b:`id`", "c:';id;'"};
  CHECK(only().find("-d \"scope=images:read\" ") != std::string::npos);
  client.kind = rights::ClientKind::resource;
  CHECK(only().find("/oauth2/introspect") != std::string::npos);
  client.auth = rights::ClientAuth::private_key_jwt;
  CHECK(flow::make_snippets(*f.house, client).empty());
}

TEST_CASE("an application in the browser or on a phone is shown nothing that runs on a server") {
  Office f;
  const auto keys_of = [&](rights::ClientKind kind) {
    rights::Client client = f.find_client("spa");
    client.kind = kind;
    std::string keys;
    for (const flow::Snippet& snippet : flow::make_snippets(*f.house, client)) {
      CHECK(snippet.text.find("CLIENT_SECRET") == std::string::npos);
      CHECK(snippet.text.find(client.redirect_uris.front()) != std::string::npos);
      keys.append(snippet.key).append(" ");
    }
    return keys;
  };
  CHECK(keys_of(rights::ClientKind::spa) == "browser ");
  CHECK(keys_of(rights::ClientKind::native) == "node android ");
  CHECK(keys_of(rights::ClientKind::resource).empty());
}
