#include "web/page/view.hpp"

namespace web {

View& View::text(std::string_view name, std::string value) {
  entries_.emplace_back(name, std::move(value));
  return *this;
}

View& View::flag(std::string_view name, bool on) {
  entries_.emplace_back(name, on);
  return *this;
}

View& View::add(std::string_view name) {
  for (auto& [key, value] : entries_) {
    if (key == name) return std::get<std::vector<View>>(value).emplace_back();
  }
  entries_.emplace_back(name, std::vector<View>(1));
  return std::get<std::vector<View>>(entries_.back().second).back();
}

const View::Value* View::find(std::string_view name) const {
  for (const auto& [key, value] : entries_) {
    if (key == name) return &value;
  }
  return nullptr;
}

}  // namespace web
