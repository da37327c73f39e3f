// The pages of client systems, at /admin/systems and at the connector's door: refusals first.
#include "door/connector/practice.hpp"
#include "flow/certificate/administer_authority.hpp"
#include "flow/tenant/features.hpp"
#include "store/engine/store.hpp"
#include "store/system/connector_settings.hpp"

using door::Browser;
using door::has;
using door::Practice;
using door::Reply;
using Fields = std::vector<std::pair<std::string, std::string>>;

namespace {

constexpr const char* page = "/admin/systems";

struct Desk : Practice {
  Desk() { door::App::log_in(ada_browser, "admin", "Lantern-Harbour-2026"); }
  Reply submit(const std::string& form, const Fields& typed) {
    return ada_browser.submit(ada_browser.get(page).form(std::string(page) + "/" + form), typed);
  }
  static Fields choose(const char* directory, const char* tls, const char* mandatory, const char* mode) {
    return {{"plain_directory", directory}, {"tls_only", tls}, {"is_mandatory", mandatory}, {"mode", mode}};
  }
  Reply import_file(const std::string& id, const std::string& octets) {
    const auto form = ada_browser.get("/admin/systems/certificate").form("/admin/systems/certificate");
    return ada_browser.submit(form, {{"id", id}, {"certificate", octets}});
  }

  Browser ada_browser{app.port()};
};

std::string pem_of(const Practice& f, const char* name) {
  return door::read_file(f.file(name, ".pem"));
}

}  // namespace

TEST_CASE("the page of client systems is for those who may manage them, and a form of others does nothing") {
  Desk f;
  Browser jan(f.app.port());
  door::log_in_jan(jan);
  CHECK(jan.get(page).status == 403);
  CHECK_FALSE(has(jan.get("/account").body, page));
  CHECK(f.ada_browser.get(page).status == 200);
  CHECK(has(f.ada_browser.get("/account").body, page));
  Browser nobody(f.app.port());
  CHECK(nobody.get(page).status == 303);
}

TEST_CASE("four settings are shown with what is in force, and nothing counts before it is applied") {
  Desk f;
  const Reply shown = f.ada_browser.get(std::string(page) + "?lang=de");
  for (const char* words :
       {"Zugriff auf Dienstverzeichnisdienst auch via HTTP ermöglichen", "Verbindung nur via TLS",
        "Authentisierung verpflichtend", "Authentisierungsmodus", "Übernehmen", "Zugangsdaten für Clientsysteme",
        "Zugangszertifikate für Clientsysteme", "Zugangszertifikat hinzufügen"}) {
    CAPTURE(words);
    CHECK(has(shown.body, words));
  }
  CHECK(f.ask_plain("/connector.sds").status == 403);
  const Reply applied = f.submit("settings", Desk::choose("yes", "on", "off", "certificate"));
  CHECK(applied.location() == std::string(page) + "?done=applied");
  CHECK(f.ask_plain("/connector.sds").status == 200);
  REQUIRE(f.app.events("connector_change").size() == 1);
  const auto event = f.app.events("connector_change").front();
  CHECK(has(event.data, "plain_directory=off"));
  CHECK(has(event.data, "plain_directory=on"));
  CHECK(event.actor.has_value());
  CHECK(f.submit("settings", Desk::choose("yes", "on", "off", "certificate")).location() ==
        std::string(page) + "?done=nothing");
  CHECK(f.app.events("connector_change").size() == 1);
}

TEST_CASE("a setting that is none of both is refused") {
  Desk f;
  CHECK(f.submit("settings", Desk::choose("maybe", "on", "off", "certificate")).status == 422);
  CHECK(f.submit("settings", Desk::choose("yes", "on", "off", "magic")).status == 422);
  CHECK(f.submit("settings", {{"tls_only", "on"}}).status == 422);
  CHECK(f.app.events("connector_change").empty());
}

TEST_CASE("who would lock everybody out is asked first, and it is taken back unless it is confirmed") {
  Desk f;
  const auto demands = Desk::choose("no", "on", "on", "certificate");
  const Reply asked = f.submit("settings", demands);
  CHECK(asked.status == 422);
  CHECK(has(asked.body, "Nobody could connect any more."));
  CHECK(has(f.ask("/connector.sds").body, "<CONN:ClientAutMandatory>false"));
  f.add("Z1");
  const Reply named = f.submit("settings", demands);
  CHECK(has(named.body, "1 client system could not connect any more:"));
  CHECK(has(named.body, "<li>Z1</li>"));

  Fields sure = demands;
  sure.emplace_back("sure", "yes");
  CHECK(f.submit("settings", sure).location() == std::string(page) + "?done=provisional");
  CHECK(has(f.ask("/connector.sds").body, "<CONN:ClientAutMandatory>true"));
  const Reply provisional = f.ada_browser.get(std::string(page) + "?done=provisional");
  CHECK(has(provisional.body, "Not confirmed yet: these settings count for 10 more minutes only."));
  CHECK(has(provisional.body, "<strong>Authentication mandatory</strong>: not activated → activated"));
  CHECK_FALSE(has(provisional.body, "role=\"status\""));
  // Ten minutes later, for every node, with nothing done.
  REQUIRE(f.app.house().store.write([&](store::Tx& tx) -> base::Result<void> {
    auto stored = store::find_connector_settings(tx).value();
    stored.back_at = base::now() - std::chrono::milliseconds(1);
    return store::put_connector_settings(tx, stored);
  }));
  CHECK(has(f.ask("/connector.sds").body, "<CONN:ClientAutMandatory>false"));

  REQUIRE(f.submit("settings", sure).status == 303);
  CHECK(f.submit("confirm", {}).location() == std::string(page) + "?done=confirmed");
  CHECK(has(f.ask("/connector.sds").body, "<CONN:ClientAutMandatory>true"));
  CHECK(has(f.app.events("connector_change").front().data, "\"change\":\"confirmed\""));
}

TEST_CASE("the question has a page of its own, which keeps what was chosen and asks for nothing else") {
  Desk f;
  f.add("Z1");
  const Reply asked = f.submit("settings", Desk::choose("yes", "on", "on", "certificate"));
  CHECK(has(asked.body, "<h1>Apply these settings?</h1>"));
  CHECK_FALSE(has(asked.body, "type=\"radio\""));
  CHECK_FALSE(has(asked.body, "type=\"checkbox\""));
  const auto form = asked.form(std::string(page) + "/settings");
  CHECK(form.field("plain_directory") == "yes");
  CHECK(f.app.events("connector_change").empty());
  CHECK(f.ada_browser.submit(form, {}).location() == std::string(page) + "?done=provisional");
  CHECK(has(f.ask("/connector.sds").body, "<CONN:ClientAutMandatory>true"));
}

TEST_CASE("a change that waits is undone at once, and there is nothing to undo a second time") {
  Desk f;
  f.add("Z1");
  Fields sure = Desk::choose("no", "on", "on", "certificate");
  sure.emplace_back("sure", "yes");
  REQUIRE(f.submit("settings", sure).status == 303);
  const auto undo = f.ada_browser.get(page).form(std::string(page) + "/undo");
  const auto keep = f.ada_browser.get(page).form(std::string(page) + "/confirm");
  CHECK(f.ada_browser.submit(undo, {}).location() == std::string(page) + "?done=undone");
  CHECK(has(f.ask("/connector.sds").body, "<CONN:ClientAutMandatory>false"));
  CHECK(has(f.app.events("connector_change").front().data, "\"change\":\"undone\""));
  CHECK(f.app.events("connector_change").front().actor.has_value());
  CHECK(f.ada_browser.submit(undo, {}).status == 409);
  CHECK(f.ada_browser.submit(keep, {}).status == 409);
  CHECK(f.app.events("connector_change").size() == 2);
}

TEST_CASE("to switch TLS off is asked first, although it locks nobody out") {
  Desk f;
  const Reply asked = f.submit("settings", Desk::choose("no", "off", "off", "certificate"));
  CHECK(asked.status == 422);
  CHECK(has(asked.body, "Programs could connect without encryption."));
  CHECK(f.app.events("connector_change").empty());
  CHECK(f.ada_browser.submit(asked.form(std::string(page) + "/settings"), {}).location() ==
        std::string(page) + "?done=applied");
  CHECK(f.app.events("connector_change").size() == 1);
  // Back again without a question.
  CHECK(f.submit("settings", Desk::choose("no", "on", "off", "certificate")).status == 303);
  CHECK(has(f.ada_browser.get("/admin/audit?lang=de").body, "Verbindung nur via TLS: ein"));
}

TEST_CASE("the second of two administrators is told what the first one has changed") {
  Desk f;
  const auto form = f.ada_browser.get(page).form(std::string(page) + "/settings");
  REQUIRE(f.submit("settings", Desk::choose("yes", "on", "off", "certificate")).status == 303);
  const Reply second = f.ada_browser.submit(form, Desk::choose("no", "on", "off", "password"));
  CHECK(second.status == 409);
  CHECK(has(second.body, "<strong>Service directory also over HTTP</strong>: no → yes"));
  CHECK(f.app.events("connector_change").size() == 1);
  // What the second one has chosen is kept, and what the first one has changed is not taken back.
  const std::string checked = "\" checked";
  CHECK(has(second.body, "name=\"mode\" value=\"password" + checked));
  CHECK(has(second.body, "name=\"plain_directory\" value=\"yes" + checked));
  const auto again = second.form(std::string(page) + "/settings");
  CHECK(f.ada_browser.submit(again, Desk::choose("yes", "on", "off", "password")).status == 303);
  CHECK(has(f.app.events("connector_change").front().data, "mode=password, plain_directory=on"));
}

TEST_CASE("an id with path parts, quotes or markup, an empty one and one of 65 characters is refused at its field") {
  Desk f;
  const std::string longest(64, 'x');
  for (const std::string& id : {std::string(), std::string("../x"), std::string("a/b"), std::string("a\\b"),
                                std::string("a\"b"), std::string("<script>"), std::string("a:b"), std::string(".."),
                                std::string(" "), longest + "x", std::string("a\nb")}) {
    CAPTURE(id);
    const Reply refused = f.submit("new", {{"id", id}});
    CHECK(refused.status == 422);
    CHECK(has(refused.body, "id=\"id-wrong\">The ID has 1 to 64 characters"));
    CHECK(has(refused.body, "autofocus aria-invalid=\"true\" aria-describedby=\"id-wrong id-hint\""));
    CHECK_FALSE(has(refused.body, "<script>"));
  }
  CHECK(f.submit("new", {{"id", longest}}).status == 303);
  CHECK(f.submit("new", {{"id", "Z1"}}).status == 303);
  CHECK(f.submit("new", {{"id", "z1"}}).status == 303);
  CHECK(has(f.submit("new", {{"id", "Z1"}}).body, "There is a client system with this ID already."));
  CHECK(f.submit("new", {{"id", "Praxis Łódź 7"}}).status == 303);
}

TEST_CASE("certificates of others are imported, and with a flaw nothing is saved, not even the client system") {
  Desk f;
  const std::string key = door::read_file(f.file("z1", ".key"));
  const auto refused = [&](const std::string& octets, const char* words) {
    const Reply answer = f.import_file("Z9", octets);
    CHECK(answer.status == 422);
    CHECK_MESSAGE(has(answer.body, words), words);
  };
  refused("", "choose a file");
  refused("no certificate", "not a certificate");
  refused(pem_of(f, "z1") + key, "private key");
  refused(pem_of(f, "z1") + pem_of(f, "other"), "more than one");
  CHECK_FALSE(flow::look_at_system(f.app.house(), f.ada, "Z9", base::now()));
  CHECK(f.import_file("Z9", pem_of(f, "z1")).location() == std::string(page) + "?done=imported");
  CHECK(f.import_file("Z9", pem_of(f, "z1")).status == 422);
  CHECK(has(f.import_file("Z8", pem_of(f, "z1")).body, "registered already"));
  const Reply list = f.ada_browser.get(page);
  CHECK(has(list.body, "CN=z1"));
  CHECK(has(list.body, "ECC P-256"));
  const std::string sha256 = flow::look_at_systems(f.app.house(), f.ada, base::now())->certificates.front().sha256;
  const std::string shown = base::to_hex(base::parse_hex(sha256).value());
  CHECK(has(list.body, "sha256=" + shown));
  CHECK(has(f.ada_browser.get(std::string(page) + "?text=nothing-fits").body, "No certificate fits."));
  CHECK(has(f.ada_browser.get(std::string(page) + "?text=z9&sort=until").body, "CN=z1"));
}

TEST_CASE("a certificate is revoked with a reason, after one question, and stays in the list for ever") {
  Desk f;
  f.add("Z1");
  const std::string sha256 = f.import("Z1", "z1");
  REQUIRE(f.ask("/connector/self", "z1").status == 200);
  const std::string question = "/admin/systems/revoke?sha256=" + sha256;
  const auto form = [&] { return f.ada_browser.get(question).form("/admin/systems/revoke"); };
  CHECK(f.ada_browser.submit(form(), {}).status == 422);
  CHECK(f.ada_browser.submit(form(), {{"reason", "free text"}}).status == 422);
  CHECK(f.ask("/connector/self", "z1").status == 200);
  const auto first = form();
  CHECK(f.ada_browser.submit(first, {{"reason", "lost"}}).location() == std::string(page) + "?done=revoked");
  CHECK(f.ask("/connector/self", "z1").status == 403);
  CHECK(f.ada_browser.submit(first, {{"reason", "mistake"}}).status == 409);
  const Reply list = f.ada_browser.get(page);
  CHECK(has(list.body, "key or computer lost"));
  CHECK(has(list.body, "<span class=\"muted\">by "));
  CHECK(has(f.app.events("system_certificate").front().data, "\"why\":\"lost\""));
  CHECK(f.ada_browser.get("/admin/systems/revoke?sha256=00").status == 404);
}

TEST_CASE("a password that the server makes is shown once and opens the connector") {
  Desk f;
  f.add("Z1");
  const auto form = f.ada_browser.get("/admin/systems/system?id=Z1").form("/admin/systems/password");
  CHECK(f.ada_browser.submit(form, {}).status == 422);
  const Reply refused = f.ada_browser.submit(form, {{"new_password", "z1-sh"}});
  CHECK(refused.status == 422);
  for (const char* flaw : {"Too short", "contains the login name"}) {
    CHECK_MESSAGE(has(refused.body, flaw), flaw);
  }
  const Reply made = f.ada_browser.submit(form, {{"make", "yes"}});
  REQUIRE(made.status == 200);
  const auto at = made.body.find("<p><code>");
  REQUIRE(at != std::string::npos);
  const std::string password = made.body.substr(at + 9, made.body.find("</code>", at) - at - 9);
  CHECK(f.ask("/connector/self", "", Practice::basic("Z1", password)).status == 200);
  CHECK_FALSE(has(f.ada_browser.get("/admin/systems/system?id=Z1").body, password));
  for (const auto& event : f.app.events()) CHECK_FALSE(has(event.data, password));
}

TEST_CASE("one page, two doors: the connector's pages are the same pages, below its prefix") {
  Desk f;
  Browser chief(f.app.server->port("pages"));
  const Reply first = chief.get("/administration/start.htm");
  CHECK(first.status == 303);
  CHECK(first.location().starts_with("/administration/login?attempt="));
  CHECK(chief.get("/").location() == "/administration/start.htm");
  CHECK(chief.get("/administration/admin/systems").location().starts_with("/administration/login"));

  const Reply form = chief.follow(chief.get("/administration/start.htm?lang=de"));
  Reply in = chief.follow(chief.submit(form.form("/administration/login/password"),
                                       {{"login", "admin"}, {"password", "Lantern-Harbour-2026"}}));
  REQUIRE(in.status == 200);
  for (const char* words :
       {"Benutzer (Rolle): admin [SuperAdmin]", "Session-Timeout:</span> <span id=\"clock-count\">", "Mein Profil",
        "Abmelden", "Verwaltung – Clientsysteme", "Aktualisierung – Signaturdienst", ">Benutzer<"}) {
    CAPTURE(words);
    CHECK(has(in.body, words));
  }
  // Of an hour, less what the login itself took.
  constexpr std::string_view clock = "<span id=\"clock-count\">";
  const auto at = in.body.find(clock);
  REQUIRE(at != std::string::npos);
  const std::string left = in.body.substr(at + clock.size(), 5);
  CAPTURE(left);
  REQUIRE(left.at(2) == ':');
  const int minutes = std::stoi(left.substr(0, 2));
  const int seconds = std::stoi(left.substr(3));
  CHECK(minutes * 60 + seconds > 45 * 60);
  CHECK(minutes * 60 + seconds <= 60 * 60);
  for (const char* wrong : {"href=\"/account", "action=\"/logout", "src=\"/assets", "href=\"/assets"}) {
    CAPTURE(wrong);
    CHECK_FALSE(has(in.body, wrong));
  }
  // "My profile" leads to all that belongs to it.
  for (const char* own : {"data", "security", "factors", "sessions"}) {
    CAPTURE(own);
    CHECK(has(in.body, std::string("href=\"/administration/account/") + own + "\""));
    CHECK(chief.get(std::string("/administration/account/") + own).status == 200);
  }
  CHECK(has(chief.get("/administration/help/sessions?lang=en").body, "60 minutes in which you do nothing"));
  CHECK(has(chief.get("/administration/admin/systems").body, "href=\"/administration/help/systems\""));
  const Reply systems = chief.get("/administration/admin/systems");
  const auto settings = systems.form("/administration/admin/systems/settings");
  const Reply applied = chief.submit(settings, Desk::choose("yes", "on", "off", "certificate"));
  CHECK(applied.location() == "/administration/admin/systems?done=applied");
  CHECK(f.ask_plain("/connector.sds").status == 200);
  const auto style = in.body.find("href=\"/administration/assets/chancery.");
  REQUIRE(style != std::string::npos);
  CHECK(chief.get(in.body.substr(style + 6, in.body.find('"', style + 6) - style - 6)).status == 200);
  CHECK(chief.get("/administration/nothing").status == 404);
  const Reply out = chief.submit(chief.get("/administration/logout").form("/administration/logout"), {});
  CHECK(chief.get("/administration/start.htm").location().starts_with("/administration/login"));
}

TEST_CASE("after the automatic logout the way in leads back to the page that was open") {
  Desk f;
  Browser chief(f.app.server->port("pages"));
  const auto log_in = [&](const Reply& to) {
    return chief.submit(chief.follow(to).form("/administration/login/password"),
                        {{"login", "admin"}, {"password", "Lantern-Harbour-2026"}});
  };
  log_in(chief.get("/administration/start.htm"));
  CHECK(has(chief.get("/administration/admin/systems?sort=until").body,
            "data-leave-to=\"/administration/logout/expired?next=%2Fadmin%2Fsystems%3Fsort%3Duntil\""));
  chief.submit(chief.get("/administration/logout").form("/administration/logout"), {});
  const Reply over = chief.get("/administration/logout/expired?next=%2Fadmin%2Fsystems%3Fsort%3Duntil");
  REQUIRE(has(over.body, "href=\"/administration/admin/systems?sort=until\""));
  CHECK(log_in(chief.get("/administration/admin/systems?sort=until")).location() ==
        "/administration/admin/systems?sort=until");
  Browser stranger(f.app.server->port("pages"));
  for (const char* next : {"//evil.example/", "https://evil.example/", ""}) {
    CAPTURE(next);
    CHECK(has(stranger.get("/administration/logout/expired?next=" + base::percent_encode(next)).body,
              "class=\"button\" href=\"/administration/login\""));
  }
}

TEST_CASE("somebody without the right sees a clear page at the connector's door, and no menu") {
  Desk f;
  Browser jan(f.app.server->port("pages"));
  const Reply form = jan.follow(jan.get("/administration/start.htm"));
  const Reply in = jan.follow(jan.submit(form.form("/administration/login/password"),
                                         {{"login", "jan.nowak"}, {"password", "River-Copper-2026"}}));
  CHECK(in.status == 403);
  CHECK_FALSE(has(in.body, "Administration – Client systems"));
  CHECK_FALSE(has(in.body, "/administration/admin/"));
}

TEST_CASE("the connector's start page offers client systems where they are enabled, and says when they are new") {
  Desk f;
  Browser chief(f.app.server->port("pages"));
  const Reply form = chief.follow(chief.get("/administration/start.htm"));
  const Reply in = chief.follow(chief.submit(form.form("/administration/login/password"),
                                             {{"login", "admin"}, {"password", "Lantern-Harbour-2026"}}));
  const std::string offer = "href=\"/administration/admin/systems\"";
  CHECK(has(in.body, offer));
  const auto set = [&](flow::FeatureState state) {
    REQUIRE(flow::set_feature(f.app.house(), f.ada, {"", flow::Feature::client_systems, state}, f.facts()).value());
    return chief.get("/administration/start.htm?lang=de").body;
  };
  const std::string off = set(flow::FeatureState::off);
  CHECK_FALSE(has(off, offer));
  CHECK_FALSE(has(off, "Clientsysteme"));
  const std::string on = set(flow::FeatureState::on);
  CHECK(has(on, offer));
  CHECK(has(on, "<span class=\"badge\">neu</span>"));
  chief.get("/administration/admin/systems");
  CHECK_FALSE(has(chief.get("/administration/start.htm?lang=de").body, "<span class=\"badge\">neu</span>"));
}

TEST_CASE("five wrong passwords at the connector's door lock the account at the ordinary one, too") {
  Desk f;
  Browser stranger(f.app.server->port("pages"));
  for (int i = 0; i < 5; ++i) {
    const Reply form = stranger.follow(stranger.get("/administration/start.htm"));
    const Reply refused =
        stranger.submit(form.form("/administration/login/password"), {{"login", "jan.nowak"}, {"password", "wrong"}});
    CHECK(refused.status == 403);
  }
  Browser jan(f.app.port());
  const Reply form = jan.follow(jan.get("/account"));
  CHECK(jan.submit(form.form("/login/password"), {{"login", "jan.nowak"}, {"password", "River-Copper-2026"}}).status ==
        403);
}

TEST_CASE("the page with the ZIP file says what was made, and holds the file with a plain name") {
  Desk f;
  const auto form = [&] { return f.ada_browser.get("/admin/systems/certificate").form("/admin/systems/certificate"); };
  const Fields wish{{"id", "Z1"}, {"generate", "yes"}, {"key", "ecc256"}};
  CHECK(has(f.ada_browser.submit(form(), wish).body, "no authority"));
  REQUIRE(flow::create_authority(f.app.house(), f.ada, {}, f.facts()));
  const Reply made = f.ada_browser.submit(form(), wish);
  REQUIRE(made.status == 200);
  CHECK(has(made.body, "The certificate for the client system Z1 is made"));
  CHECK(has(made.body, "download=\"Z1.zip\""));
  CHECK(has(made.header("cache-control"), "no-store"));
  // "PK", as every ZIP file begins.
  CHECK(has(made.body, "href=\"data:application/zip;base64,UEsD"));
  // To show the page in another language would lose the file.
  CHECK_FALSE(has(made.body, "action=\"/account/language\""));
  CHECK(flow::look_at_system(f.app.house(), f.ada, "Z1", base::now())->good_certificates == 1);
  const Reply slash = f.ada_browser.submit(form(), {{"id", "../Z1"}, {"generate", "yes"}, {"key", "ecc256"}});
  CHECK(slash.status == 422);
  CHECK(has(slash.body, "id=\"id-wrong\">The ID has"));
  CHECK(f.ada_browser.submit(form(), {{"id", "Z1"}, {"generate", "yes"}, {"key", "md5"}}).status == 422);
  const Reply polish = f.ada_browser.submit(form(), {{"id", "Praxis Łódź"}, {"generate", "yes"}, {"key", "ecc256"}});
  CHECK(polish.status == 200);
  CHECK(has(polish.body, "download=\"Praxis Łódź.zip\""));
}

TEST_CASE("a form that is sent twice makes one certificate") {
  Desk f;
  REQUIRE(flow::create_authority(f.app.house(), f.ada, {}, f.facts()));
  const auto form = f.ada_browser.get("/admin/systems/certificate").form("/admin/systems/certificate");
  const Fields wish{{"id", "Z1"}, {"generate", "yes"}, {"key", "ecc256"}};
  CHECK(f.ada_browser.submit(form, wish).status == 200);
  const Reply second = f.ada_browser.submit(form, wish);
  CHECK(second.status == 422);
  CHECK(has(second.body, "This form was sent twice"));
  CHECK_FALSE(has(second.body, "data:application/zip"));
  CHECK(flow::look_at_system(f.app.house(), f.ada, "Z1", base::now())->certificates.size() == 1);
  const Reply log = f.ada_browser.get("/admin/audit?type=certificate_issue");
  CHECK(has(log.body, "<dd>client system</dd>"));
}

TEST_CASE("the page offers the CA certificates as soon as there are some") {
  Desk f;
  const std::string file = "/admin/systems/authorities.pem";
  CHECK_FALSE(has(f.ada_browser.get(page).body, file));
  CHECK(f.ada_browser.get(file).status == 404);
  REQUIRE(flow::create_authority(f.app.house(), f.ada, {}, f.facts()));
  CHECK(has(f.ada_browser.get(page).body, "href=\"" + file + "\""));
  const Reply chain = f.ada_browser.get(file);
  CHECK(chain.status == 200);
  CHECK(has(chain.header("content-disposition"), "authorities.pem"));
  CHECK(chain.body.starts_with("-----BEGIN CERTIFICATE-----"));
}
