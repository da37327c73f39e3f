#include "text/catalogue.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "base/bytes.hpp"

namespace text {
namespace {

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

std::string_view skip_blanks(std::string_view line) {
  while (!line.empty() && is_blank(line.front())) line.remove_prefix(1);
  return line;
}

bool is_key(std::string_view key) {
  return !key.empty() && std::all_of(key.begin(), key.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
  });
}

/// Reads one file into the catalogue.
class Reader {
 public:
  Reader(std::string_view folder, const base::EmbeddedFile& file, Catalogue& catalogue)
      : folder_(folder), file_(file.name), rest_(file.content), catalogue_(catalogue) {}

  void read() {
    while (!rest_.empty()) {
      const std::string_view line = take_line();
      if (skip_blanks(line).empty() || line.front() == '#') continue;
      read_sentence(line);
    }
  }

 private:
  void complain(const std::string& what) {
    catalogue_.mistakes.push_back(std::string(folder_) + "/" + std::string(file_) + ":" + std::to_string(number_) +
                                  ": " + what);
  }

  std::string_view take_line() {
    const std::size_t end = std::min(rest_.find('\n'), rest_.size());
    std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    ++number_;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!base::is_utf8(line)) complain("this is not UTF-8");
    return line;
  }

  void read_sentence(std::string_view line) {
    if (is_blank(line.front())) {
      return complain("an indented line continues a text: the line above must end with a backslash");
    }
    const std::size_t sign = line.find('=');
    if (sign == std::string_view::npos) return complain("'=' is missing between key and text");
    std::string_view key = line.substr(0, sign);
    while (!key.empty() && is_blank(key.back())) key.remove_suffix(1);
    if (!is_key(key)) complain("a key consists of small letters, digits, '_' and '.'");
    Sentence sentence{key, {}, file_, number_};
    read_text(line.substr(sign + 1), sentence.pattern);
    if (sentence.pattern.empty()) complain("the text is missing");
    catalogue_.sentences.push_back(std::move(sentence));
  }

  void read_text(std::string_view line, std::string& text) {
    while (append(skip_blanks(line), text)) {
      if (rest_.empty()) return complain("the file ends, but its last line ends with a backslash");
      line = take_line();
    }
    if (!line.empty() && is_blank(line.back())) complain("a blank at the end of the text");
  }

  /// Gives whether the text goes on in the next line.
  bool append(std::string_view line, std::string& text) {
    while (true) {
      const std::size_t at = line.find('\\');
      text.append(line.substr(0, at));
      if (at == std::string_view::npos) return false;
      line.remove_prefix(at + 1);
      if (line.empty()) return true;
      if (line.front() != 'n' && line.front() != '\\')
        complain("after a backslash comes n, a backslash or the line's end");
      text.push_back(line.front() == 'n' ? '\n' : line.front());
      line.remove_prefix(1);
    }
  }

  std::string_view folder_;
  std::string_view file_;
  std::string_view rest_;
  Catalogue& catalogue_;
  int number_ = 0;
};

std::string place_of(const Sentence& sentence) {
  return std::string(sentence.file) + ":" + std::to_string(sentence.line);
}

Catalogue load(Language language, std::span<const base::EmbeddedFile> files) {
  Catalogue catalogue = parse_catalogue(code_of(language), files);
  if (!catalogue.mistakes.empty()) throw std::logic_error(catalogue.mistakes.front());
  return catalogue;
}

}  // namespace

Catalogue parse_catalogue(std::string_view folder, std::span<const base::EmbeddedFile> files) {
  Catalogue catalogue;
  for (const base::EmbeddedFile& file : files) Reader(folder, file, catalogue).read();
  std::vector<Sentence>& all = catalogue.sentences;
  std::stable_sort(all.begin(), all.end(), [](const Sentence& a, const Sentence& b) { return a.key < b.key; });
  for (std::size_t i = 1; i < all.size(); ++i) {
    if (all[i].key != all[i - 1].key) continue;
    catalogue.mistakes.push_back(std::string(folder) + "/" + place_of(all[i]) + ": " + std::string(all[i].key) +
                                 " stands already in " + place_of(all[i - 1]));
  }
  return catalogue;
}

const Catalogue& catalogue_of(Language language) {
  static const std::array<Catalogue, 3> all{load(Language::en, embedded_en()), load(Language::de, embedded_de()),
                                            load(Language::pl, embedded_pl())};
  return all[static_cast<std::size_t>(language)];
}

}  // namespace text
