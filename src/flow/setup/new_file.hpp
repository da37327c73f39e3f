// A file that did not exist before, for its owner alone, and that is gone again unless it was kept.
#pragma once

#include <string>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace flow {

/// Mode 0600. Invariant: nothing that is there is ever replaced; what is not kept is removed.
class NewFile {
 public:
  /// Errors: already_exists, unavailable.
  static base::Result<NewFile> make(std::string path);
  NewFile(NewFile&& other) noexcept;
  NewFile& operator=(NewFile&&) = delete;
  ~NewFile();
  /// Errors: unavailable (disk full).
  base::Result<void> write(base::BytesView octets);
  /// Makes content and name durable, and closes it. Errors: unavailable; then it is removed.
  base::Result<void> keep();
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  NewFile(std::string path, int number) : path_(std::move(path)), number_(number) {}
  std::string path_;
  int number_ = -1;
};

/// The whole file at once, durable. Errors: already_exists, unavailable.
base::Result<void> write_new_file(const std::string& path, base::BytesView octets);
/// Gives a finished file another name; on another disk it is copied first. Nothing is replaced. Errors: already_exists,
/// unavailable (disk full).
base::Result<void> put_in_place(const std::string& from, const std::string& to);
/// Makes the names in the folder of `path` durable.
void keep_names_beside(const std::string& path);

/// Reads a file in pieces.
class OpenFile {
 public:
  /// Errors: not_found, unavailable.
  static base::Result<OpenFile> open(const std::string& path);
  /// Takes over a descriptor, from the beginning of its file.
  static OpenFile own(int number);
  OpenFile(OpenFile&& other) noexcept;
  OpenFile& operator=(OpenFile&&) = delete;
  ~OpenFile();
  /// At most `most` octets, fewer only at the end. Errors: unavailable.
  base::Result<base::Bytes> read(std::size_t most);
  /// Octets of the file.
  [[nodiscard]] std::int64_t size() const;

 private:
  explicit OpenFile(int number) : number_(number) {}
  int number_ = -1;
};

}  // namespace flow
