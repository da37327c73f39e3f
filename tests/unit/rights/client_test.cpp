#include "rights/client.hpp"

#include <doctest/doctest.h>

namespace {

rights::Client make_client() {
  rights::Client client;
  client.client_id = "portal";
  client.name = "Portal of the clinic";
  client.redirect_uris = {"https://portal.example.org/callback"};
  client.scopes = {"openid", "profile"};
  return client;
}

bool is_good_redirect(std::string uri, rights::ClientAuth auth = rights::ClientAuth::secret) {
  rights::Client client = make_client();
  client.auth = auth;
  if (auth == rights::ClientAuth::none) client.kind = rights::ClientKind::native;
  client.redirect_uris = {std::move(uri)};
  return rights::find_flaws(client).empty();
}

}  // namespace

TEST_CASE("a plain confidential client has no flaw") {
  CHECK(rights::find_flaws(make_client()).empty());
}

TEST_CASE("redirect URIs are https, or http to this machine") {
  CHECK(is_good_redirect("https://portal.example.org/callback?x=1"));
  CHECK(is_good_redirect("https://portal.example.org:8443/callback"));
  CHECK(is_good_redirect("http://localhost:8090/callback"));
  CHECK(is_good_redirect("http://127.0.0.1:9191/callback"));
  CHECK(is_good_redirect("http://[::1]:9191/callback"));
  CHECK_FALSE(is_good_redirect("http://portal.example.org/callback"));
  CHECK_FALSE(is_good_redirect("http://localhost.example.org/callback"));
  CHECK_FALSE(is_good_redirect("http://127.0.0.1.example.org/"));
}

TEST_CASE("a redirect URI that could be read in two ways is refused") {
  for (const char* uri :
       {"", "/callback", "callback", "//portal.example.org/callback", "https:portal.example.org", "https:///callback",
        "https://portal.example.org/callback#part", "https://a@portal.example.org/",
        "https://portal.example.org\\@evil.example/", "https://portal.example.org:80x/", "https://exa mple.org/",
        "https://portal.example.org/\r\nX: y", "https://[::1/callback", "https://*.example.org/<x>"}) {
    CAPTURE(uri);
    CHECK_FALSE(is_good_redirect(uri));
  }
}

TEST_CASE("a redirect URI with a wildcard is refused wherever it stands") {
  for (const char* uri : {"https://*.example.org/callback", "https://portal.example.org/*",
                          "https://portal.example.org/callback?tenant=*", "http://localhost:8090/*"}) {
    CAPTURE(uri);
    CHECK_FALSE(is_good_redirect(uri));
  }
  CHECK_FALSE(is_good_redirect("org.example.app:/*", rights::ClientAuth::none));
}

TEST_CASE("a redirect URI that can never be reached is refused") {
  const std::string long_label(64, 'a');
  for (const std::string& uri :
       {std::string("https://portal.example.org:0/"), std::string("https://portal.example.org:65536/"),
        std::string("https://portal.example.org:99999/"), std::string("https://portal..example.org/"),
        std::string("https://.example.org/"), std::string("https://portal.example.org./"),
        std::string("https://-portal.example.org/"), std::string("https://portal-.example.org/"),
        std::string("https://256.1.1.1/"), std::string("https://1.2.3/"), std::string("https://0.0.0.0/"),
        std::string("https://[::1::2]/"), "https://" + long_label + ".example.org/"}) {
    CAPTURE(uri);
    CHECK_FALSE(is_good_redirect(uri));
  }
  for (const char* uri : {"https://portal.example.org:65535/", "https://10.1.2.3/callback",
                          "https://[2001:db8::1]:8443/", "https://portal/", "https://xn--lka.example/"}) {
    CAPTURE(uri);
    CHECK(is_good_redirect(uri));
  }
}

TEST_CASE("what is known and not served yet is kept with a warning, what is unknown is a flaw") {
  rights::Client client = make_client();
  CHECK(rights::find_warnings(client).empty());
  client.scopes.insert(client.scopes.end(), {"offline_access", "address", "results:read"});
  client.grants.emplace_back("refresh_token");
  CHECK(rights::find_flaws(client).empty());
  CHECK(rights::find_warnings(client) == std::vector<std::string>{"scope address is kept, but not served yet"});
  client.scopes.emplace_back("everything");
  client.grants.emplace_back("password");
  client.id_token_claims = {"email", "pesel"};
  CHECK(rights::find_flaws(client) == std::vector<std::string>{"unknown scope: everything", "unknown grant: password",
                                                               "unknown claim for the ID token: pesel"});
}

TEST_CASE("schemes that run code are never redirect URIs, and private-use schemes belong to public clients") {
  using enum rights::ClientAuth;
  for (const char* uri :
       {"javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "ftp://example.org/", "myapp:/cb"}) {
    CAPTURE(uri);
    CHECK_FALSE(is_good_redirect(uri, none));
  }
  CHECK(is_good_redirect("org.example.app:/callback", none));
  CHECK_FALSE(is_good_redirect("org.example.app:/callback", secret));
}

TEST_CASE("PKCE can be switched off only for a confidential client") {
  rights::Client client = make_client();
  client.require_pkce = false;
  CHECK(rights::find_flaws(client).empty());
  client.auth = rights::ClientAuth::none;
  client.kind = rights::ClientKind::spa;
  CHECK(rights::find_flaws(client).size() == 1);
}

TEST_CASE("a draft of each kind needs only its name and address to be sound") {
  using rights::ClientKind;
  for (const ClientKind kind :
       {ClientKind::web, ClientKind::spa, ClientKind::native, ClientKind::machine, ClientKind::resource}) {
    CAPTURE(std::string(rights::name_of(kind)));
    rights::Client client = rights::draft_client(kind);
    client.client_id = "portal";
    client.name = "Portal";
    const bool has_people = kind != ClientKind::machine && kind != ClientKind::resource;
    CHECK(rights::find_flaws(client).size() == (has_people ? 1 : 0));
    if (has_people) client.redirect_uris = {"https://portal.example.org/callback"};
    CHECK(rights::find_flaws(client).empty());
    CHECK(client.require_pkce);
    CHECK(rights::parse_client_kind(rights::name_of(kind)).value() == kind);
    CHECK(client.scopes == (has_people ? std::vector<std::string>{"openid"} : std::vector<std::string>()));
  }
  CHECK_FALSE(rights::parse_client_kind("robot"));
}

TEST_CASE("a public client is of a public kind, belongs to no account and writes no events") {
  rights::Client client = make_client();
  client.kind = rights::ClientKind::spa;
  CHECK(rights::find_flaws(client).size() == 1);
  client.auth = rights::ClientAuth::none;
  CHECK(rights::find_flaws(client).empty());
  client.writes_events = true;
  client.account_id = base::Id::make(base::Time{});
  CHECK(rights::find_flaws(client).size() == 2);
  client.auth = rights::ClientAuth::secret;
  client.kind = rights::ClientKind::machine;
  CHECK(rights::find_flaws(client).empty());
}

TEST_CASE("what a client of an earlier program is shows in how it authenticates and where its answers go") {
  using rights::ClientAuth;
  using rights::ClientKind;
  const std::vector<std::string> web{"https://portal.example.org/callback"};
  const std::vector<std::string> code{"authorization_code"};
  CHECK(rights::guess_kind(ClientAuth::secret, web, code) == ClientKind::web);
  CHECK(rights::guess_kind(ClientAuth::none, web, code) == ClientKind::spa);
  CHECK(rights::guess_kind(ClientAuth::none, {"org.example.app:/callback"}, code) == ClientKind::native);
  CHECK(rights::guess_kind(ClientAuth::secret, {}, {"client_credentials"}) == ClientKind::machine);
  CHECK(rights::guess_kind(ClientAuth::secret, {}, {}) == ClientKind::resource);
}

TEST_CASE("an application has one name for each language, and its English one where it has none") {
  rights::Client client = make_client();
  client.name_de = "Klinikportal";
  CHECK(rights::name_in(client, "de") == "Klinikportal");
  CHECK(rights::name_in(client, "pl") == "Portal of the clinic");
  CHECK(rights::name_in(client, "en") == "Portal of the clinic");
  client.name_pl = "Portal\nkliniki";
  CHECK(rights::find_flaws(client).size() == 1);
}

TEST_CASE("a name has no character that nobody sees and that turns or hides others") {
  for (const char* hidden :
       {"\u200b", "\u200d", "\u200f", "\u2028", "\u202a", "\u202e", "\u2060", "\u2066", "\u2069", "\ufeff", "\u0085"}) {
    rights::Client client = make_client();
    client.name = std::string("Portal") + hidden + "klinika";
    CHECK(rights::find_flaws(client).size() == 1);
    client = make_client();
    client.name_de = hidden;
    client.name_pl = hidden;
    CHECK(rights::find_flaws(client).size() == 2);
  }
  rights::Client client = make_client();
  client.name = "Zażółć – “Ärzte” … 日本語 ‐ ‧ é\u00a0€";
  CHECK(rights::find_flaws(client).empty());
}

TEST_CASE("a pairwise client has a sector, and contacts are short lines") {
  rights::Client client = make_client();
  client.is_pairwise = true;
  CHECK(rights::find_flaws(client).empty());
  client.redirect_uris.emplace_back("https://portal.example.org:8443/other");
  CHECK(rights::find_flaws(client).empty());
  client.redirect_uris.emplace_back("https://other.example.org/");
  REQUIRE(rights::judge_client(client).size() == 1);
  CHECK(rights::judge_client(client)[0].code == "sector_missing");
  client.sector_identifier_uri = "https://sector.example.org/uris.json";
  CHECK(rights::find_flaws(client).empty());
  CHECK(rights::find_sector(client) == "sector.example.org");
  client.contacts = {"a\nb"};
  CHECK(rights::judge_client(client)[0].code == "contact");
}

TEST_CASE("all flaws are reported at once") {
  rights::Client client = make_client();
  client.client_id = "with space";
  client.name.clear();
  client.scopes = {"openid", "root"};
  client.grants = {"password"};
  client.id_token_alg = "HS256";
  client.level = 4;
  client.backchannel_logout_uri = "http://10.0.0.1/logout";
  CHECK(rights::find_flaws(client).size() == 7);
}

TEST_CASE("each flaw names its field and has a sentence of its own") {
  rights::Client client = make_client();
  client.client_id = "..";
  client.name_pl = "a\nb";
  client.redirect_uris = {"http://10.0.0.1/x", "https://portal.example.org/*"};
  client.require_pkce = false;
  client.auth = rights::ClientAuth::none;
  client.id_token_alg = "none";
  client.userinfo_alg = "none";
  client.level = 0;
  const auto flaws = rights::judge_client(client);
  std::vector<std::string> found;
  for (const auto& flaw : flaws) {
    found.push_back(std::string(flaw.field) + " " + std::string(flaw.code));
    CHECK(rights::describe(flaw).find(' ') != std::string::npos);
  }
  CHECK(found == std::vector<std::string>{"client_id id", "name_pl name_translated", "redirect_uris uri_http",
                                          "redirect_uris uri_wildcard", "kind kind_secret", "require_pkce pkce_public",
                                          "id_token_alg alg", "userinfo_alg userinfo_alg", "level level"});
  CHECK(rights::describe(flaws.at(2)) == "redirect URI is http to another host than this machine: http://10.0.0.1/x");
}

TEST_CASE("what is allowed but weak is named: PKCE off, old and doubled secrets, addresses of one machine, disuse") {
  using namespace std::chrono_literals;
  const auto codes = [](const rights::Client& client, base::Time now) {
    std::vector<std::string> all;
    for (const auto& one : rights::find_weaknesses(client, now)) all.emplace_back(one.code);
    return all;
  };
  using Codes = std::vector<std::string>;
  const base::Time made{24h * 20000};
  rights::Client client = make_client();
  client.created_at = made;
  client.secrets = {{"hash", std::nullopt, made}};
  CHECK(codes(client, made + 24h).empty());
  CHECK(codes(client, made + 24h * 30).empty());
  CHECK(codes(client, made + 24h * 31) == Codes{"never_used"});
  client.last_used_at = made + 24h * 20;
  CHECK(codes(client, made + 24h * 31).empty());
  CHECK(codes(client, made + 24h * 201) == Codes{"disused"});
  client.last_used_at = made + 24h * 360;
  CHECK(codes(client, made + 24h * 365).empty());
  CHECK(codes(client, made + 24h * 366) == Codes{"old_secret"});
  client.secrets = {{"new", std::nullopt, made + 24h * 360}, {"hash", made + 24h * 370, made}};
  CHECK(codes(client, made + 24h * 366) == Codes{"two_secrets"});
  CHECK(codes(client, made + 24h * 370).empty());
  client.secrets.clear();
  CHECK(codes(client, made + 24h * 366) == Codes{"no_secret"});
  client.secrets = {{"hash", std::nullopt, made + 24h * 360}};
  client.redirect_uris = {"http://localhost:9/a", "http://10.0.0.1/a"};  // the second one cannot be registered any more
  client.require_pkce = false;
  client.scopes = {"openid", "address"};
  client.grants = {"authorization_code", "refresh_token"};
  CHECK(codes(client, made + 24h * 366) == Codes{"loopback", "http", "no_pkce", "scope_unserved"});
}

TEST_CASE("registered means the same string, octet for octet") {
  const std::vector<std::string> uris{"https://portal.example.org/callback"};
  CHECK(rights::is_registered(uris, "https://portal.example.org/callback"));
  for (const char* uri : {"https://portal.example.org/callback/", "https://portal.example.org/Callback",
                          "https://portal.example.org:443/callback", "https://PORTAL.example.org/callback",
                          "https://portal.example.org/callback?", "https://portal.example.org/./callback",
                          "https://portal.example.org/%63allback", "https://portal.example.org//callback", ""}) {
    CAPTURE(uri);
    CHECK_FALSE(rights::is_registered(uris, uri));
  }
}

TEST_CASE("the origins of a client are those of its redirect URIs") {
  rights::Client client = make_client();
  client.redirect_uris = {"http://127.0.0.1:9191/callback", "org.example.app:/callback"};
  CHECK(rights::is_own_origin(client, "http://127.0.0.1:9191"));
  CHECK_FALSE(rights::is_own_origin(client, "http://127.0.0.1"));
  CHECK_FALSE(rights::is_own_origin(client, "null"));
  CHECK_FALSE(rights::is_own_origin(client, ""));
}
