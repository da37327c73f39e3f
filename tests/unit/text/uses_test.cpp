// Keys of texts against their uses: in the C++ sources as string literals, in the templates as {{t key}}.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "places.hpp"
#include "text/text.hpp"

namespace {

/// Calls `use` with every file of src that has the ending.
void read_sources(std::string_view ending, const std::function<void(const std::string&, const std::string&)>& use) {
  for (const auto& entry : std::filesystem::recursive_directory_iterator(testing::source_folder + "/src")) {
    if (entry.path().extension() != ending) continue;
    std::ifstream in(entry.path());
    REQUIRE(in);
    use(entry.path().lexically_relative(testing::source_folder).string(),
        std::string(std::istreambuf_iterator<char>(in), {}));
  }
}

/// A string literal of C++, and the code between it and the next one.
struct Literal {
  std::string words;
  std::string then;
};

std::vector<Literal> read_literals(const std::string& source) {
  std::vector<Literal> all;
  std::string* out = nullptr;
  for (std::size_t i = 0; i < source.size(); ++i) {
    const std::string_view rest = std::string_view(source).substr(i);
    if (rest.starts_with("//") || rest.starts_with("#include")) {
      i = std::min(source.find('\n', i), source.size());
    } else if (rest.starts_with("'\"'")) {
      i += 2;
    } else if (rest.front() == '"') {
      Literal literal;
      for (++i; i < source.size() && source[i] != '"'; ++i) {
        if (source[i] == '\\') ++i;
        literal.words.push_back(source[i]);
      }
      all.push_back(std::move(literal));
      out = &all.back().then;
    } else if (out != nullptr) {
      out->push_back(source[i]);
    }
  }
  return all;
}

/// "a + b +": what stands between two literals that are put together with something in the middle.
bool is_sum(std::string_view code) {
  const auto trim = [&] {
    while (!code.empty() && std::isspace(static_cast<unsigned char>(code.front())) != 0) code.remove_prefix(1);
    while (!code.empty() && std::isspace(static_cast<unsigned char>(code.back())) != 0) code.remove_suffix(1);
  };
  trim();
  return code.size() > 2 && code.front() == '+' && code.back() == '+' && code.find_first_of(";{}?,") == code.npos;
}

/// A key that the code puts together: "identifier." + type + ".name".
struct Composed {
  std::string begin;
  std::string end;  // "." = a dot and another part
};

struct Uses {
  std::set<std::string, std::less<>> names;  // literals and keys of templates
  std::set<std::string, std::less<>> ends;   // ".text", which is put behind a key
  std::vector<Composed> composed;
};

Uses find_uses() {
  Uses uses;
  read_sources(".html", [&](const std::string&, const std::string& source) {
    for (std::size_t at = source.find("{{t "); at != source.npos; at = source.find("{{t ", at + 1)) {
      std::string key = source.substr(at + 4, source.find("}}", at) - at - 4);
      key.erase(key.find_last_not_of(' ') + 1);
      uses.names.insert(std::move(key));
    }
  });
  const auto read_literals_of = [&](const std::string& file, const std::string& source) {
    if (file.starts_with("src/text/")) return;
    const std::vector<Literal> literals = read_literals(source);
    for (std::size_t i = 0; i < literals.size(); ++i) {
      const std::string& words = literals[i].words;
      uses.names.insert(words);
      if (words.starts_with('.')) uses.ends.insert(words);
      if (words.size() < 2 || !words.ends_with('.')) continue;
      const bool has_end = i + 1 < literals.size() && is_sum(literals[i].then);
      uses.composed.push_back({words, has_end ? literals[i + 1].words : ""});
    }
  };
  read_sources(".cpp", read_literals_of);
  read_sources(".hpp", read_literals_of);
  return uses;
}

/// Whether the parts of a key that the code fills in are words of the code: "email" in "identifier.email.name".
bool is_made(const Uses& uses, const Composed& composed, std::string_view key) {
  if (!key.starts_with(composed.begin)) return false;
  key.remove_prefix(composed.begin.size());
  if (composed.end == ".") {
    const std::size_t dot = key.find('.');
    return dot != key.npos && uses.names.contains(key.substr(0, dot)) && uses.names.contains(key.substr(dot + 1));
  }
  if (!key.ends_with(composed.end)) return false;
  key.remove_suffix(composed.end.size());
  return uses.names.contains(key);
}

bool is_used(const Uses& uses, std::string_view key) {
  if (uses.names.contains(key)) return true;
  for (const Composed& composed : uses.composed) {
    if (is_made(uses, composed, key)) return true;
  }
  const std::size_t dot = key.rfind('.');
  return dot != key.npos && uses.ends.contains(key.substr(dot)) && is_used(uses, key.substr(0, dot));
}

bool has_shape_of_key(std::string_view words) {
  return words.find('.') != words.npos && !words.starts_with('.') && !words.ends_with('.') &&
         std::all_of(words.begin(), words.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.'; });
}

}  // namespace

TEST_CASE("every key of a text that the code or a template names exists") {
  std::set<std::string_view> topics;  // "login" of "login.title"
  for (const std::string_view key : text::keys()) topics.insert(key.substr(0, key.find('.')));
  std::size_t count = 0;
  const auto check = [&](const std::string& file, const std::string& source) {
    // Settings have names of the same shape, and rooms below `flow` say nothing to people.
    if (file.starts_with("src/app/") || file.starts_with("src/text/")) return;
    for (const Literal& literal : read_literals(source)) {
      if (!has_shape_of_key(literal.words)) continue;
      if (!topics.contains(std::string_view(literal.words).substr(0, literal.words.find('.')))) continue;
      CHECK_MESSAGE(text::has(literal.words), file, " names ", literal.words);
      ++count;
    }
  };
  read_sources(".cpp", check);
  read_sources(".hpp", check);
  CHECK(count > 150);
  read_sources(".html", [&](const std::string& file, const std::string& source) {
    for (std::size_t at = source.find("{{t "); at != source.npos; at = source.find("{{t ", at + 1)) {
      std::string key = source.substr(at + 4, source.find("}}", at) - at - 4);
      key.erase(key.find_last_not_of(' ') + 1);
      CHECK_MESSAGE(text::has(key), file, " names ", key);
    }
  });
}

TEST_CASE("every status that has an error page has its texts") {
  for (const char* status : {"400", "403", "404", "405", "408", "409", "413", "429", "500", "503"}) {
    for (const char* part : {".title", ".text", ".advice"}) {
      CHECK_MESSAGE(text::has("error." + std::string(status) + part), status, part);
    }
  }
}

TEST_CASE("every text is used") {
  const Uses uses = find_uses();
  for (const std::string_view key : text::keys()) CHECK_MESSAGE(is_used(uses, key), key);
  CHECK_FALSE(is_used(uses, "login.no_such_text"));
  CHECK_FALSE(is_used(uses, "audit.no_such_text"));
}
