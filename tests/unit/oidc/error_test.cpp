#include "oidc/error.hpp"

#include <doctest/doctest.h>

#include <algorithm>

TEST_CASE("an error that passes says when to come back, and every other one is ours and tells nothing") {
  const auto answer = [](base::Code code) { return oidc::to_json(http::Request(), base::Error{code, "inner reason"}); };
  for (const base::Code code : {base::Code::unavailable, base::Code::too_many, base::Code::conflict}) {
    const http::Response response = answer(code);
    CHECK(response.status == 503);
    CHECK(response.body.find("temporarily_unavailable") != std::string::npos);
    CHECK(std::any_of(response.headers.begin(), response.headers.end(),
                      [](const auto& header) { return header.name == "Retry-After" && !header.value.empty(); }));
    CHECK(response.body.find("inner reason") == std::string::npos);
  }
  CHECK(answer(base::Code::internal).status == 500);
  CHECK(answer(base::Code::internal).body.find("inner reason") == std::string::npos);
}
