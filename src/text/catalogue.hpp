// The catalogues: one table a language, in the same order, so that a translation stands where its original does.
#pragma once

#include <span>
#include <string_view>

namespace text {

struct Sentence {
  std::string_view key;
  std::string_view pattern;  // {name} is replaced; {n, plural, …} goes through ICU MessageFormat
};

std::span<const Sentence> english();
std::span<const Sentence> german();
std::span<const Sentence> polish();

}  // namespace text
