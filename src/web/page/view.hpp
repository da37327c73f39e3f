// The values of a page: names with texts, flags and lists. A page has about twenty names, for which a linear search is
// faster than a tree.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace web {

class View {
 public:
  /// `name` must outlive the view: it is a literal everywhere.
  View& text(std::string_view name, std::string value);
  View& flag(std::string_view name, bool on = true);
  /// Appends an item to the list `name` and gives it; the reference is valid until the next item is added.
  View& add(std::string_view name);

  using Value = std::variant<std::string, bool, std::vector<View>>;
  /// nullptr if the name is not there.
  [[nodiscard]] const Value* find(std::string_view name) const;

 private:
  std::vector<std::pair<std::string_view, Value>> entries_;
};

}  // namespace web
