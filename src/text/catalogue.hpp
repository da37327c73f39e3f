// The catalogues: every sentence of src/text/{en,de,pl}/*.properties, which the build compiles in. How such a file is
// written: docs/decisions/0013-texts-as-resources.md.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/embedded.hpp"
#include "text/text.hpp"

namespace text {

struct Sentence {
  std::string_view key;
  std::string pattern;    // {name} is replaced; {n, plural, …} goes through ICU MessageFormat
  std::string_view file;  // "login.properties"
  int line = 0;           // where the key stands; the first line is 1
};

struct Catalogue {
  std::vector<Sentence> sentences;    // sorted by key
  std::vector<std::string> mistakes;  // "de/login.properties:12: what is wrong"
};

/// Reads files and reports all their mistakes at once. `folder` is the language's, for the mistakes; keys and file
/// names refer to the files' memory.
Catalogue parse_catalogue(std::string_view folder, std::span<const base::EmbeddedFile> files);

/// The compiled-in catalogue, read at the first call. Throws std::logic_error if a file has mistakes: then the server
/// does not start.
const Catalogue& catalogue_of(Language language);

std::span<const base::EmbeddedFile> embedded_en();
std::span<const base::EmbeddedFile> embedded_de();
std::span<const base::EmbeddedFile> embedded_pl();

}  // namespace text
