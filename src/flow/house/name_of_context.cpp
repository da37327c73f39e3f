#include "flow/house/name_of_context.hpp"

#include "text/text.hpp"

namespace flow {

std::string name_of_context(const rights::ActingContext& context, text::Language language) {
  if (text::has(context.name)) return text::say(language, context.name);
  if (language == text::Language::de && !context.name_de.empty()) return context.name_de;
  if (language == text::Language::pl && !context.name_pl.empty()) return context.name_pl;
  return context.name;
}

}  // namespace flow
