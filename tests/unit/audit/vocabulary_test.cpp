// The one list of all kinds of events against the sources and the operators' table.
#include "audit/vocabulary.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>

#include "audit/reported.hpp"
#include "places.hpp"

namespace {

std::string read_file(const std::string& name) {
  std::ifstream in(testing::source_folder + "/" + name);
  REQUIRE_MESSAGE(in, name);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// The line of the operators' table that begins with the kind.
std::string row_of(const std::string& page, std::string_view type) {
  const std::size_t begin = page.find("\n| `" + std::string(type) + "` |");
  if (begin == std::string::npos) return {};
  return page.substr(begin + 1, page.find('\n', begin + 1) - begin - 1);
}

}  // namespace

TEST_CASE("every kind of event that the program can write is in the one list, once") {
  std::set<std::string_view> listed;
  for (const audit::Kind& kind : audit::vocabulary) {
    CHECK_MESSAGE(listed.insert(kind.type).second, kind.type.view());
    std::set<std::string_view> names;
    for (const audit::Key& key : kind.keys) CHECK_MESSAGE(names.insert(key.name).second, key.name.view());
  }
  const std::string source = read_file("src/audit/event.hpp");
  const std::size_t begin = source.find("namespace type {");
  const std::string types = source.substr(begin, source.find("}  // namespace type") - begin);
  const std::regex constant("Code [a-z_]+ = \"([a-z_]+)\"");
  std::size_t found = 0;
  for (std::sregex_iterator it(types.begin(), types.end(), constant); it != std::sregex_iterator(); ++it, ++found) {
    const std::string type = (*it)[1];
    CHECK_MESSAGE(audit::find_kind(type) != nullptr, type);
  }
  CHECK(found == audit::vocabulary.size());
  // A type with a dot belongs to relying systems.
  for (const audit::Kind& kind : audit::vocabulary) CHECK_FALSE(audit::is_reported_type(kind.type));
  CHECK(audit::find_kind("no_such_kind") == nullptr);
}

TEST_CASE("a kind whose name says that something was refused is marked, and one that may also succeed is not") {
  for (const char* refusal :
       {"denied", "token_refusal", "event_refusal", "tampering", "code_replay", "delivery_failure"})
    CHECK_MESSAGE(audit::is_refusal(refusal), refusal);
  for (const char* other : {"login", "proof", "account_search", "no_such_kind"})
    CHECK_FALSE_MESSAGE(audit::is_refusal(other), other);
}

TEST_CASE("the operators' table has every kind of event with exactly its details") {
  const std::string page = read_file("docs/operators/audit.md");
  for (const audit::Kind& kind : audit::vocabulary) {
    std::string details;
    for (const audit::Key& key : kind.keys) {
      details.append(details.empty() ? "" : ", ").append("`").append(key.name.view()).append("`");
    }
    const std::string row = row_of(page, kind.type);
    CHECK_MESSAGE(row.ends_with("| " + (details.empty() ? std::string("–") : details) + " |"), kind.type.view());
  }
}
