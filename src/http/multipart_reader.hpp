// Reads multipart/form-data (RFC 7578) that comes in pieces, with the bounds of multipart.hpp. Fields are kept, within
// a limit; of files only where they stand in the body.
//
//   first boundary ─▶ behind a boundary ─"--"─▶ over (what follows is ignored)
//                          ▲    └─CR LF─▶ part: head, then content ─┐
//                          └──────────────CR LF boundary────────────┘
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "http/message.hpp"

namespace http {

/// The boundary of a value of Content-Type. Errors: invalid_input (none, a broken one, or two).
base::Result<std::string> find_boundary(std::string_view content_type);

struct PartHead {
  std::string name;
  bool is_file = false;
  std::string file_name{};
};
inline constexpr std::size_t longest_part_head = 4096;
/// `head`: the lines of a part before its empty line. Errors: invalid_input (a transfer encoding, or no name).
base::Result<PartHead> read_part_head(std::string_view head);

/// The names of a form's parts. Each must come once, because two readers of a form could choose different parts;
/// several files may follow one another under the name `several`.
class PartNames {
 public:
  explicit PartNames(std::string_view several) : several_(several) {}
  /// Errors: invalid_input (it is no UTF-8 text, or comes twice).
  base::Result<void> take(const PartHead& head);

 private:
  std::string several_;
  std::vector<std::string> names_;
  bool is_after_one_of_several_ = false;
};

class MultipartReader {
 public:
  struct File {
    std::string field;
    std::string name;       // as the sender calls it
    std::size_t begin = 0;  // in the body
    std::size_t size = 0;
  };
  struct Limits {
    std::size_t parts = 50;
    std::size_t fields = std::size_t{256} * 1024;  // octets of all fields that are not files
  };

  MultipartReader(std::string_view boundary, Limits limits, std::string_view several)
      : limits_(limits), first_("--" + std::string(boundary)), next_("\r\n" + first_), names_(several) {}

  /// The next octets of the body. Errors: invalid_input; then the body is refused.
  base::Result<void> add(std::string_view octets);
  /// After the last octet. Errors: invalid_input (the form has no end).
  base::Result<void> finish();

  /// After finish().
  [[nodiscard]] Form& fields() { return fields_; }
  [[nodiscard]] std::vector<File>& files() { return files_; }

 private:
  enum class At : std::uint8_t {
    first,
    behind,
    part,
    over
  };
  base::Result<bool> step();
  base::Result<bool> read_first();
  base::Result<bool> read_behind();
  base::Result<bool> read_part();
  base::Result<void> read_head(std::size_t sure);
  base::Result<void> end_part(std::size_t end);
  base::Result<void> keep_field(std::string_view octets);
  void drop(std::size_t octets);

  const Limits limits_;
  const std::string first_;
  const std::string next_;
  PartNames names_;
  At at_ = At::first;
  std::string window_;        // what was not consumed yet
  std::size_t offset_ = 0;    // of the window in the body
  std::size_t searched_ = 0;  // octets of the window in which no boundary begins
  std::size_t parts_ = 0;
  bool has_head_ = false;
  PartHead head_;
  std::size_t begin_ = 0;  // of the content, in the body
  std::string value_;      // of a field
  std::size_t field_octets_ = 0;
  std::string encoded_;  // fields as a form
  Form fields_;
  std::vector<File> files_;
};

}  // namespace http
