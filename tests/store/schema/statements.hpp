// Every statement of the house, collected from its sources: string literals that begin like a statement, and what
// `sql<…>` joins. A call that passes a statement in another way is reported, so that none is missed.
#pragma once

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace statements {

struct Statement {
  std::string file;  // "src/store/tenant/tenants.cpp"
  std::string text;
};

struct Collection {
  std::vector<Statement> statements;
  std::vector<std::string> complaints;
};

/// Words, literals (with their quotes) and signs of C++, without blanks and comments.
class Lexer {
 public:
  explicit Lexer(std::string_view source) : left_(source) {}

  std::vector<std::string> read() {
    while (!left_.empty()) {
      if (left_.starts_with("//")) {
        take(left_.find('\n'));
      } else if (left_.starts_with("/*")) {
        take(end_of("*/", 2));
      } else if (left_.starts_with("R\"")) {
        const std::string_view mark = left_.substr(2, left_.find('(') - 2);
        keep(end_of(")" + std::string(mark) + "\"", 3));
      } else if (left_[0] == '"' || left_[0] == '\'') {
        keep(end_of_literal());
      } else if (is_of_word(left_[0])) {
        std::size_t size = 1;
        // A quote between digits belongs to the number: 1'000.
        while (size < left_.size() && (is_of_word(left_[size]) || (left_[size] == '\'' && is_digit(left_[0])))) ++size;
        keep(size);
      } else if (std::isspace(static_cast<unsigned char>(left_[0])) != 0) {
        take(1);
      } else {
        keep(1);
      }
    }
    return std::move(tokens_);
  }

 private:
  static bool is_digit(char c) { return c >= '0' && c <= '9'; }
  static bool is_of_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }
  [[nodiscard]] std::size_t end_of(std::string_view mark, std::size_t from) const {
    const std::size_t at = left_.find(mark, from);
    return at == std::string_view::npos ? at : at + mark.size();
  }
  [[nodiscard]] std::size_t end_of_literal() const {
    std::size_t at = 1;
    while (at < left_.size() && left_[at] != left_[0]) at += left_[at] == '\\' ? 2U : 1U;
    return at + 1;
  }
  void keep(std::size_t size) {
    tokens_.emplace_back(left_.substr(0, size));
    take(size);
  }
  void take(std::size_t size) { left_.remove_prefix(std::min(size, left_.size())); }

  std::string_view left_;
  std::vector<std::string> tokens_;
};

inline bool is_literal(const std::string& token) {
  return token.starts_with('"');
}

/// A literal without quotes and escapes.
inline std::string content_of(const std::string& literal) {
  std::string content;
  for (std::size_t i = 1; i + 1 < literal.size(); ++i) {
    if (literal[i] == '\\') ++i;
    content += literal[i];
  }
  return content;
}

class Reader {
 public:
  Reader(std::string file, const std::string& source, Collection& found)
      : file_(std::move(file)), tokens_(Lexer(source).read()), found_(found) {}

  void read() {
    while (at_ < tokens_.size()) {
      if (is("SqlPart") && is("=", 2)) {
        const std::string name = tokens_[at_ + 1];
        at_ += 3;
        parts_[name] = read_literals();
      } else if (is("sql") && is("<", 1)) {
        at_ += 2;
        found_.statements.push_back({file_, read_joined()});
      } else if (is_literal(tokens_[at_])) {
        const std::string text = read_literals();
        static const std::regex verb("^(SELECT|INSERT|UPDATE|DELETE|WITH) ");
        if (std::regex_search(text, verb)) found_.statements.push_back({file_, text});
      } else {
        judge_call();
        ++at_;
      }
    }
  }

 private:
  [[nodiscard]] bool is(std::string_view token, std::size_t further = 0) const {
    return at_ + further < tokens_.size() && tokens_[at_ + further] == token;
  }

  std::string read_literals() {
    std::string text;
    while (at_ < tokens_.size() && is_literal(tokens_[at_])) text += content_of(tokens_[at_++]);
    return text;
  }

  std::string read_joined() {
    std::string text;
    while (at_ < tokens_.size() && !is(">")) {
      if (is_literal(tokens_[at_])) {
        text += read_literals();
      } else if (!is(",")) {
        if (!parts_.contains(tokens_[at_])) complain("joins a part that this file does not define: " + tokens_[at_]);
        text += parts_[tokens_[at_++]];
      } else {
        ++at_;
      }
    }
    return text;
  }

  /// The transaction's own functions take a literal, `sql<…>`, or pass on the parameter `sql` of a function.
  void judge_call() {
    static const std::regex method("run|query|find_one|find_all");
    if (!is("tx") || !is(".", 1) || at_ + 4 >= tokens_.size() || !is("(", 3)) return;
    if (!std::regex_match(tokens_[at_ + 2], method)) return;
    // A member of a table of statements: each is a literal, and collected where it stands.
    const bool is_of_table = is(".", 5) && is("sql", 6);
    if (!is_literal(tokens_[at_ + 4]) && tokens_[at_ + 4] != "sql" && !is_of_table) {
      complain("a statement that cannot be collected: tx." + tokens_[at_ + 2] + "(" + tokens_[at_ + 4] + " …");
    }
  }

  void complain(const std::string& what) { found_.complaints.push_back(file_ + ": " + what); }

  std::string file_;
  std::vector<std::string> tokens_;
  Collection& found_;
  std::size_t at_ = 0;
  std::map<std::string, std::string> parts_;
};

inline Collection collect(const std::string& root) {
  Collection found;
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root + "/src")) {
    if (entry.path().extension() == ".cpp" || entry.path().extension() == ".hpp") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  for (const auto& file : files) {
    std::ostringstream source;
    source << std::ifstream(file).rdbuf();
    Reader(std::filesystem::relative(file, root).string(), source.str(), found).read();
  }
  return found;
}

}  // namespace statements
