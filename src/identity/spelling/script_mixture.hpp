// Letters of several scripts in one word: "аnna" with a Cyrillic "а" looks like "anna" (Unicode TS 39 §5.1).
#pragma once

#include <string_view>

namespace identity {

/// Whether one word, a sequence of letters, marks and digits, has letters of more than one script. Scripts that are
/// written together, as in Japanese, are one; digits and marks belong to each. "anna.иванова" are two words. Of text
/// that is not UTF-8: false.
bool mixes_scripts(std::string_view text);

}  // namespace identity
