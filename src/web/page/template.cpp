#include "web/page/template.hpp"

#include <algorithm>
#include <stdexcept>

namespace web {
namespace {

std::string_view trim(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

const View::Value* find(const std::vector<const View*>& stack, std::string_view name) {
  for (auto view = stack.rbegin(); view != stack.rend(); ++view) {
    if (const View::Value* value = (*view)->find(name)) return value;
  }
  return nullptr;
}

bool is_shown(const View::Value& value) {
  if (const bool* flag = std::get_if<bool>(&value)) return *flag;
  if (const std::string* words = std::get_if<std::string>(&value)) return !words->empty();
  return !std::get<std::vector<View>>(value).empty();
}

}  // namespace

void append_escaped(std::string& out, std::string_view plain) {
  std::size_t begin = 0;
  for (std::size_t i = plain.find_first_of("&<>\"'"); i != std::string_view::npos;
       i = plain.find_first_of("&<>\"'", begin)) {
    out.append(plain.substr(begin, i - begin));
    switch (plain[i]) {
      case '&': out.append("&amp;"); break;
      case '<': out.append("&lt;"); break;
      case '>': out.append("&gt;"); break;
      case '"': out.append("&quot;"); break;
      default: out.append("&#39;"); break;
    }
    begin = i + 1;
  }
  out.append(plain.substr(begin));
}

/// With a place to break before each "@" and each dot within. A short address has room on every line.
static void append_breaking(std::string& out, std::string_view plain) {
  constexpr std::size_t short_enough = 19;
  if (plain.size() <= short_enough) return append_escaped(out, plain);
  while (!plain.empty()) {
    const std::size_t end = std::min(plain.find_first_of("@.", 1), plain.size());
    append_escaped(out, plain.substr(0, end));
    plain.remove_prefix(end);
    if (!plain.empty()) out.append("<wbr>");
  }
}

/// In groups of four, which are easier to read aloud. Who copies them gets no blanks.
static void append_groups(std::string& out, std::string_view plain) {
  constexpr std::size_t size_of_group = 4;
  for (std::size_t begin = 0; begin < plain.size(); begin += size_of_group) {
    out.append(begin == 0 ? "<span>" : "<wbr><span>");
    append_escaped(out, plain.substr(begin, size_of_group));
    out.append("</span>");
  }
}

class Template::Maker {
 public:
  Maker(const Sources& sources, text::Language language) : sources_(sources), language_(language) {}

  Template make(std::string_view name) {
    put_template(name, 0);
    if (!open_.empty()) fail(name, "a section without end: " + result_.steps_[open_.back()].words);
    return std::move(result_);
  }

 private:
  [[noreturn]] static void fail(std::string_view name, const std::string& what) {
    throw std::logic_error("template " + std::string(name) + ": " + what);
  }

  void put_template(std::string_view name, int depth) {
    std::string_view rest = sources_.find_template(name);
    if (rest.empty()) fail(name, "there is none");
    if (depth > 8) fail(name, "includes itself");
    while (!rest.empty()) {
      const std::size_t open = std::min(rest.find("{{"), rest.size());
      put_source(rest.substr(0, open));
      rest.remove_prefix(open);
      if (rest.empty()) return;
      const std::size_t close = rest.find("}}");
      if (close == std::string_view::npos) fail(name, "a tag without end");
      put_tag(name, trim(rest.substr(2, close - 2)), depth);
      rest.remove_prefix(close + 2);
    }
  }

  void put_tag(std::string_view name, std::string_view tag, int depth) {
    if (tag.empty() || tag[0] == '{' || tag[0] == '&') fail(name, "unescaped values are not provided for");
    const std::string_view argument = trim(tag.substr(1));
    switch (tag[0]) {
      case '!': return;
      case '>': return put_template(argument, depth + 1);
      case '#': return put_section(Kind::section, argument);
      case '^': return put_section(Kind::inverted, argument);
      case '/': return put_end(name, argument);
      default: break;
    }
    if (tag.starts_with("t ")) return put_sentence(name, argument);
    if (tag.starts_with("address ")) return put_variable(trim(tag.substr(8)), Kind::address);
    if (tag.starts_with("groups ")) return put_variable(trim(tag.substr(7)), Kind::groups);
    if (tag.starts_with("asset ")) {
      const std::string address = sources_.find_asset(trim(tag.substr(6)));
      if (address.empty()) fail(name, "no such asset: " + std::string(tag));
      return put_text(address);
    }
    if (tag.find_first_of(" \t") != std::string_view::npos) fail(name, "not understood: " + std::string(tag));
    put_variable(tag);
  }

  void put_variable(std::string_view variable, Kind kind = Kind::variable) {
    result_.steps_.push_back({kind, std::string(variable), 0});
    ends_line_ = false;
  }

  void put_section(Kind kind, std::string_view argument) {
    open_.push_back(result_.steps_.size());
    result_.steps_.push_back({kind, std::string(argument), 0});
  }

  void put_end(std::string_view name, std::string_view argument) {
    if (open_.empty() || result_.steps_[open_.back()].words != argument) {
      fail(name, "the end of a section that is not open: " + std::string(argument));
    }
    result_.steps_[open_.back()].other = result_.steps_.size();
    open_.pop_back();
    result_.steps_.push_back({Kind::end, std::string(argument), 0});
  }

  void put_sentence(std::string_view name, std::string_view key) {
    std::string_view pattern = text::find_pattern(language_, key);
    if (pattern.empty()) fail(name, "no such sentence: " + std::string(key));
    if (text::is_plural(pattern)) fail(name, "a plural sentence: " + std::string(key));
    while (!pattern.empty()) {
      const std::size_t open = std::min(pattern.find('{'), pattern.size());
      std::string escaped;
      append_escaped(escaped, pattern.substr(0, open));
      put_text(escaped);
      pattern.remove_prefix(open);
      if (pattern.empty()) return;
      const std::size_t close = pattern.find('}');
      if (close == std::string_view::npos) fail(name, "a broken sentence: " + std::string(key));
      put_variable(pattern.substr(1, close - 1));
      pattern.remove_prefix(close + 1);
    }
  }

  /// Leaves out indentation and empty lines, which only the author of a template needs. No page has preformatted text.
  void put_source(std::string_view source) {
    std::string tidy;
    bool at_line_start = result_.steps_.empty() || ends_line_;
    for (const char c : source) {
      if (at_line_start && (c == ' ' || c == '\t' || c == '\n' || c == '\r')) continue;
      tidy.push_back(c);
      at_line_start = c == '\n';
    }
    if (!source.empty()) ends_line_ = at_line_start;
    put_text(tidy);
  }

  void put_text(std::string_view words) {
    if (words.empty()) return;
    ends_line_ = words.back() == '\n';
    result_.fixed_size_ += words.size();
    if (!result_.steps_.empty() && result_.steps_.back().kind == Kind::text) {
      result_.steps_.back().words.append(words);
    } else {
      result_.steps_.push_back({Kind::text, std::string(words), 0});
    }
  }

  const Sources& sources_;
  text::Language language_;
  Template result_;
  std::vector<std::size_t> open_;
  bool ends_line_ = true;
};

Template Template::make(std::string_view name, const Sources& sources, text::Language language) {
  return Maker(sources, language).make(name);
}

std::string Template::render(const View& view) const {
  std::string out;
  out.reserve(fixed_size_ + 1024);
  Stack stack{&view};
  render(0, steps_.size(), stack, out);
  return out;
}

void Template::render(std::size_t from, std::size_t to, Stack& stack, std::string& out) const {
  for (std::size_t i = from; i < to; ++i) {
    const Step& step = steps_[i];
    if (step.kind == Kind::text) {
      out.append(step.words);
      continue;
    }
    if (step.kind == Kind::end) continue;
    const View::Value* value = find(stack, step.words);
    if (step.kind == Kind::variable || step.kind == Kind::address || step.kind == Kind::groups) {
      const auto* words = value == nullptr ? nullptr : std::get_if<std::string>(value);
      if (words == nullptr) continue;
      if (step.kind == Kind::address) {
        append_breaking(out, *words);
      } else if (step.kind == Kind::groups) {
        append_groups(out, *words);
      } else {
        append_escaped(out, *words);
      }
      continue;
    }
    const bool shown = value != nullptr && is_shown(*value);
    if (step.kind == Kind::section && shown) {
      if (const auto* items = std::get_if<std::vector<View>>(value)) {
        for (const View& item : *items) {
          stack.push_back(&item);
          render(i + 1, step.other, stack, out);
          stack.pop_back();
        }
      } else {
        render(i + 1, step.other, stack, out);
      }
    } else if (step.kind == Kind::inverted && !shown) {
      render(i + 1, step.other, stack, out);
    }
    i = step.other;
  }
}

}  // namespace web
