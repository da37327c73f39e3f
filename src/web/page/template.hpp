// Templates in the syntax of mustache, compiled once for each language and rendered into one string (some 2 us).
//   {{name}}                escaped for HTML text and for quoted attributes; there is no unescaped form
//   {{address name}}        the same; a long mail address breaks before "@" and dots
//   {{groups name}}         the same, in groups of four, for a number that is read aloud
//   {{#name}}…{{/name}}     for each item of a list; or once if a flag is set or a text is not empty
//   {{^name}}…{{/name}}     otherwise
//   {{>name}}               another template, inserted when it is compiled
//   {{t key}}               the sentence of the language; its {placeholders} are names of the view
//   {{asset name}}          the address of a static file with its fingerprint
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "text/text.hpp"
#include "web/page/view.hpp"

namespace web {

/// Appends `plain` with & < > " ' replaced.
void append_escaped(std::string& out, std::string_view plain);

class Template {
 public:
  struct Sources {
    std::function<std::string_view(std::string_view name)> find_template;  // "" = none
    std::function<std::string(std::string_view name)> find_asset;          // address, "" = none
  };
  /// Throws std::logic_error, with the place, on a broken template, an unknown key or asset, or a plural sentence
  /// (whose number only the page knows).
  static Template make(std::string_view name, const Sources& sources, text::Language language);

  [[nodiscard]] std::string render(const View& view) const;

 private:
  enum class Kind : std::uint8_t {
    text,
    variable,
    address,
    groups,
    section,
    inverted,
    end
  };
  struct Step {
    Kind kind = Kind::text;
    std::string words;      // text, or name
    std::size_t other = 0;  // of a section: its end
  };
  class Maker;
  using Stack = std::vector<const View*>;
  void render(std::size_t from, std::size_t to, Stack& stack, std::string& out) const;
  std::vector<Step> steps_;
  std::size_t fixed_size_ = 0;
};

}  // namespace web
