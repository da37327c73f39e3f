#include "rights/uri_difference.hpp"

#include <doctest/doctest.h>

namespace {

const std::vector<std::string> registered{"https://app.example.org/callback", "http://127.0.0.1:9191/callback",
                                          "org.example.app:/done"};

std::string difference(std::string_view uri) {
  return rights::describe_difference(registered, uri);
}

}  // namespace

TEST_CASE("a developer is told which part of a redirect URI differs, and from which registered one") {
  const std::string app = " differs from the registered \"https://app.example.org/callback\"";
  CHECK(difference("https://app.example.org/cb") == "path" + app);
  CHECK(difference("http://app.example.org/callback") == "scheme" + app);
  CHECK(difference("https://app.example.com/callback") == "host" + app);
  CHECK(difference("https://app.example.org:8443/callback") == "port" + app);
  CHECK(difference("https://app.example.org/callback?next=1") == "query" + app);
  CHECK(difference("https://app.example.org/callback#here") == "fragment" + app);
  CHECK(difference("https://app.example.org/callback/") == "path (slash at the end)" + app);
  CHECK(difference("https://app.example.org/Callback") == "path (upper and lower case)" + app);
  CHECK(difference("http://127.0.0.1:3000/callback") ==
        "port differs from the registered \"http://127.0.0.1:9191/callback\"");
  CHECK(difference("org.example.app:/ready") == "path differs from the registered \"org.example.app:/done\"");
}

TEST_CASE("a client without addresses is told so, and what is no address is no accident") {
  CHECK(rights::describe_difference({}, "https://app.example.org/") == "no address is registered");
  for (const char* odd : {"", ":", "//", "https://", "?", "#", "http://[::1", "http://[::1]:80/x", "a b\n"}) {
    CHECK_FALSE(difference(odd).empty());
  }
}

TEST_CASE("what may be secret in an address does not reach the log") {
  CHECK(rights::printable_uri("https://anna:pass-7@app.example.org/cb?code=secret#token=secret") ==
        "https://…@app.example.org/cb?…");
  CHECK(rights::printable_uri("https://app.example.org/cb#token=secret") == "https://app.example.org/cb#…");
  CHECK(rights::printable_uri("https://app.example.org/@me") == "https://app.example.org/@me");
  CHECK(rights::printable_uri("https://app.example.org/" + std::string(5000, 'x')).size() < 320);
  CHECK(rights::printable_uri("https://app.example.org/cb") == "https://app.example.org/cb");
}

TEST_CASE("the parts of an address that differ are marked in both, and nothing of it that may be secret is shown") {
  const auto print = [](const rights::UriPieces& pieces) {
    std::string text;
    for (const rights::UriPiece& piece : pieces) text += piece.differs ? "[" + piece.text + "]" : piece.text;
    return text;
  };
  const auto compare = [&](std::string_view uri) {
    const auto comparison = rights::compare_uris(registered, uri);
    CHECK(comparison.registered.size() == registered.size());
    return print(comparison.named) + " " + print(comparison.registered.front());
  };
  CHECK(compare("https://app.example.org/cb") == "https://app.example.org[/cb] https://app.example.org[/callback]");
  CHECK(compare("http://127.0.0.1:3000/callback") ==
        "http://127.0.0.1[:3000]/callback http://127.0.0.1[:9191]/callback");
  CHECK(compare("https://app.example.org/callback?code=7#here") ==
        "https://app.example.org/callback[?…][#…] https://app.example.org/callback");
  CHECK(compare("https://anna:pass-7@app.example.org/callback") ==
        "https://[…@]app.example.org/callback https://app.example.org/callback");
  CHECK(compare("org.example.app:/ready") == "org.example.app:[/ready] org.example.app:[/done]");
  CHECK(rights::compare_uris({}, "https://app.example.org/").registered.empty());
  CHECK(rights::compare_uris(std::vector<std::string>(30, "https://a.example/"), "x").registered.size() == 10);
  for (const char* odd : {"", ":", "//", "https://", "?", "#", "http://[::1", "http://@", "//a@b@c"}) {
    CHECK(rights::compare_uris(registered, odd).registered.size() == registered.size());
  }
}
