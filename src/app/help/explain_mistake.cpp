#include "app/help/explain_mistake.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

#include "app/config/config_table.hpp"
#include "app/help/help_page.hpp"

namespace app {
namespace {

/// Words that people know from other programs.
struct OtherWord {
  std::string_view typed;
  std::string_view ours;
};
constexpr std::array other_words{OtherWord{"user", "account"},
                                 OtherWord{"users", "account"},
                                 OtherWord{"app", "client"},
                                 OtherWord{"apps", "client"},
                                 OtherWord{"application", "client"},
                                 OtherWord{"ls", "list"},
                                 OtherWord{"rm", "delete"},
                                 OtherWord{"rm", "remove"},
                                 OtherWord{"new", "create"},
                                 OtherWord{"add", "create"},
                                 OtherWord{"edit", "set"},
                                 OtherWord{"update", "set"},
                                 OtherWord{"change", "set"},
                                 OtherWord{"get", "show"},
                                 OtherWord{"info", "show"},
                                 OtherWord{"start", "serve"},
                                 OtherWord{"run", "serve"},
                                 OtherWord{"log", "audit"},
                                 OtherWord{"logs", "audit"},
                                 OtherWord{"email", "mail"},
                                 OtherWord{"passwd", "set-password"},
                                 OtherWord{"password", "set-password"}};

std::string in_small(std::string_view text) {
  std::string small(text);
  std::transform(small.begin(), small.end(), small.begin(),
                 [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
  return small;
}

std::vector<std::string> names_below(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::App* one : commands_below(command)) names.push_back(one->get_name());
  return names;
}

std::string find_meant(std::string_view typed, const std::vector<std::string>& known) {
  for (const OtherWord& word : other_words) {
    if (word.typed == typed && std::find(known.begin(), known.end(), word.ours) != known.end())
      return std::string(word.ours);
  }
  return find_nearest(in_small(typed), known);
}

std::vector<std::string> option_names(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options()) {
    if (option->get_group().empty()) continue;
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

/// The option that is meant: the nearest one, or the first whose name goes on after what was typed.
std::string find_option_meant(const std::string& typed, const std::vector<std::string>& known) {
  if (std::string nearest = find_nearest(typed, known); !nearest.empty()) return nearest;
  const auto longer =
      std::find_if(known.begin(), known.end(), [&](const std::string& name) { return name.starts_with(typed + "-"); });
  return longer == known.end() ? std::string() : *longer;
}

std::string join(const std::vector<std::string>& words) {
  std::string all;
  for (const std::string& word : words) all += (all.empty() ? "" : ", ") + word;
  return all;
}

/// Reads the words as far as they are known.
class Walk {
 public:
  explicit Walk(const CLI::App& root) : at_(&root) {}

  /// The sentence about the first word that is not known.
  std::optional<std::string> find(const std::vector<std::string>& argv) {
    for (std::size_t i = 0; i < argv.size(); ++i) {
      const std::string& word = argv[i];
      if (word == "--") return std::nullopt;
      const bool is_option = word.size() > 1 && word.front() == '-';
      auto sentence = is_option ? take_option(argv, i) : take_word(word);
      if (sentence) return sentence;
    }
    const auto below = names_below(*at_);
    if (below.empty()) return std::nullopt;
    return "\"" + full_name(*at_) + "\" needs a command: " + join(below);
  }

  [[nodiscard]] const CLI::App& at() const { return *at_; }

 private:
  std::optional<std::string> take_word(const std::string& word) {
    const auto below = names_below(*at_);
    if (below.empty()) return take_argument(word);
    if (std::find(below.begin(), below.end(), word) != below.end()) {
      at_ = at_->get_subcommand(word);
      return std::nullopt;
    }
    const std::string name = at_->get_parent() == nullptr ? word : full_name(*at_).substr(9) + " " + word;
    const std::string meant = find_meant(word, below);
    return "there is no command \"" + name + "\"" + (meant.empty() ? "" : "; did you mean \"" + meant + "\"?");
  }

  std::optional<std::string> take_argument(const std::string& word) {
    const auto places = arguments_of(*at_);
    const bool is_open = !places.empty() && places.back()->get_expected_max() > 1;
    if (++arguments_ <= places.size() || is_open) return std::nullopt;
    return "\"" + full_name(*at_) + "\" has no place for \"" + word +
           "\"; a value with spaces is written in quotation marks";
  }

  /// Also passes over the option's value.
  std::optional<std::string> take_option(const std::vector<std::string>& argv, std::size_t& i) {
    const std::string name = argv[i].substr(0, argv[i].find('='));
    const CLI::Option* const option = at_->get_option_no_throw(name);
    if (option == nullptr) {
      const std::string meant = find_option_meant(in_small(name), option_names(*at_));
      return "\"" + full_name(*at_) + "\" has no option " + name +
             (meant.empty() ? "" : "; did you mean " + meant + "?");
    }
    if (!takes_value(*option) || name.size() != argv[i].size()) return std::nullopt;
    const bool takes_several = option->get_expected_max() > 1;
    do {
      ++i;
    } while (takes_several && i + 1 < argv.size() && !argv[i + 1].starts_with('-'));
    return std::nullopt;
  }

  const CLI::App* at_;
  std::size_t arguments_ = 0;
};

/// "LOGIN is required" for "--login is required": the argument has the name that the help shows.
std::string name_argument(const CLI::App& command, const std::string& sentence) {
  for (const CLI::Option* argument : arguments_of(command)) {
    for (const std::string& name : argument->get_lnames()) {
      const std::string head = "--" + name + " ";
      if (sentence.starts_with(head)) return argument->get_name(true, false) + sentence.substr(head.size() - 1);
    }
  }
  return sentence;
}

}  // namespace

std::string explain_mistake(const CLI::App& root, const std::vector<std::string>& argv, const CLI::ParseError& error) {
  Walk walk(root);
  const auto sentence = walk.find(argv);
  return "chancery: " + sentence.value_or(name_argument(walk.at(), error.what())) + "\n`" + full_name(walk.at()) +
         " --help` says more\n";
}

std::string suggest_name(std::string_view typed, const std::vector<std::string>& known) {
  const std::string small = in_small(typed);
  const bool is_known =
      std::any_of(known.begin(), known.end(), [&](const std::string& name) { return in_small(name) == small; });
  const std::string meant = is_known ? "" : find_nearest(small, known);
  return meant.empty() ? "" : "; did you mean " + meant + "?";
}

}  // namespace app
