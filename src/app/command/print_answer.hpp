// The answers of commands, in one form for all of them (docs/decisions/0054): lists, single objects and changes. Each
// is given as JSON with the field names of the REST API; without --json the same fields are printed as text.
// Invariant: no hidden character of a stored value (base/hidden_text.hpp) reaches terminal or columns.
#pragma once

#include <boost/json.hpp>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "app/command/command.hpp"

namespace app {

/// Rows one after another. Text has a header line and the named columns, for a terminal aligned, otherwise with tabs;
/// --json gives an array of the whole rows.
class ListPrinter {
 public:
  /// `columns`: names of fields.
  ListPrinter(Console& console, std::vector<std::string> columns);
  void add(const boost::json::object& row);
  /// Gives `done`.
  int finish();

 private:
  void print_aligned();

  Console& console_;
  std::vector<std::string> columns_;
  std::vector<std::vector<std::string>> lines_;  // for a terminal: cells wait for the widths
  bool is_empty_ = true;
};

/// Words for fields that are empty.
using WordsForNothing = std::map<std::string, std::string, std::less<>>;
/// One "name: value" line a field, or the object with --json. Gives `done`.
int print_object(Console& console, const boost::json::object& object, const WordsForNothing& nothing = {});

/// What a command has changed: the sentence (without full stop), or with --json the object. Gives `done`.
int report_change(Console& console, std::string_view sentence, const boost::json::object& changed);
/// The same for a change that gives no object: {"changed": true}, or false if everything was so already.
int report_change(Console& console, std::string_view sentence, bool is_changed = true);

}  // namespace app
