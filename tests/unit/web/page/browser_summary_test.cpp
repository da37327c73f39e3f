#include "web/page/browser_summary.hpp"

#include <doctest/doctest.h>

TEST_CASE("a browser is named as people know it, not as it pretends to be") {
  const auto is = [](std::string_view user_agent, std::string_view browser, std::string_view system) {
    const auto summary = web::summarise_browser(user_agent);
    CHECK(summary.browser == browser);
    CHECK(summary.system == system);
  };
  is("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox", "Linux");
  is("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 "
     "Edg/140.0.0.0",
     "Edge", "Windows");
  is("Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile "
     "Safari/537.36",
     "Chrome", "Android");
  is("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 "
     "Mobile/15E148 Safari/604.1",
     "Safari", "iOS");
  is("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 "
     "Safari/605.1.15",
     "Safari", "macOS");
  is("curl/8.5.0", "curl", "");
  is("", "", "");
  is("<script>alert(1)</script>", "", "");
}
