#include <doctest/doctest.h>

#include "app/config/config.hpp"
#include "app/wiring.hpp"
#include "door/app_fixture.hpp"

using door::App;
using door::Browser;

TEST_CASE("figures are on their own port alone, with the hashes and statements that were needed") {
  const App app;
  Browser people(app.port());
  App::log_in(people, "anna.kowalska", "Meadow-Violet-2026");
  CHECK(people.get("/metrics").status == 404);
  Browser monitoring(app.server->port("metrics"));
  const auto figures = monitoring.get("/metrics");
  CHECK(figures.status == 200);
  for (const char* name : {"chancery_password_hashes_total", "chancery_database_statements_total"}) {
    CAPTURE(name);
    const std::string line = "\n" + std::string(name) + " ";
    const auto at = figures.body.find(line);
    REQUIRE(at != std::string::npos);
    CHECK(figures.body.at(at + line.size()) != '0');
  }
  CHECK(figures.body.find("\nchancery_database_reads_refused_total ") != std::string::npos);
  CHECK(figures.body.find("\nchancery_sms_today{purpose=\"code\",outcome=\"sent\"} 0") != std::string::npos);
  CHECK(monitoring.get("/login").status == 404);
  CHECK(monitoring.get("/readyz").status == 200);
}

TEST_CASE("figures can be switched off") {
  const App app([](app::Config& config) { config.metrics_listen.clear(); });
  CHECK(app.server->port("metrics") == 0);
  CHECK(Browser(app.port()).get("/metrics").status == 404);
}
