#include "flow/password/breached_passwords.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "base/bytes.hpp"
#include "crypto/digest/digest.hpp"
#include "flow/password/breached_settings.hpp"

namespace flow {
namespace {

constexpr std::size_t hash_digits = 40;
constexpr off_t longest_line = 128;  // a hash, a colon, a count and the end of the line are much shorter
constexpr int samples = 64;

class List {
 public:
  static base::Result<List> open(const std::string& file) {
    List list(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat facts {};
    if (list.handle_ < 0 || ::fstat(list.handle_, &facts) != 0) {
      return base::fail(base::Code::unavailable,
                        "the file of breached passwords " + file + " cannot be read: " + std::strerror(errno));
    }
    if (!S_ISREG(facts.st_mode)) return base::fail(base::Code::invalid_input, file + " is not a file");
    list.size_ = facts.st_size;
    return list;
  }
  List(List&& other) noexcept : handle_(std::exchange(other.handle_, -1)), size_(other.size_) {}
  List(const List&) = delete;
  List& operator=(const List&) = delete;
  List& operator=(List&&) = delete;
  ~List() {
    if (handle_ >= 0) ::close(handle_);
  }

  [[nodiscard]] off_t size() const { return size_; }

  struct Line {
    off_t begin = 0;
    off_t end = 0;     // where the next one begins
    std::string hash;  // in lower case
  };
  /// The line that holds the octet at `at`. Errors: invalid_input (other format), unavailable.
  [[nodiscard]] base::Result<Line> read_line(off_t at) const {
    const off_t from = std::max<off_t>(at - longest_line, 0);
    std::array<char, 2 * longest_line> block{};
    const ssize_t got = ::pread(handle_, block.data(), block.size(), from);
    if (got < 0) return base::fail(base::Code::unavailable, "the file of breached passwords cannot be read");
    const std::string_view text(block.data(), static_cast<std::size_t>(got));
    const auto place = static_cast<std::size_t>(at - from);
    if (place >= text.size()) return malformed(at);
    const std::size_t before = place == 0 ? std::string_view::npos : text.rfind('\n', place - 1);
    if (before == std::string_view::npos && from > 0) return malformed(at);
    const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
    const std::size_t end = std::min(text.find('\n', place), text.size());
    std::string_view line = text.substr(begin, end - begin);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!has_format(line)) return malformed(at);
    std::string hash(line.substr(0, hash_digits));
    for (char& c : hash) c = c <= 'F' && c >= 'A' ? static_cast<char>(c - 'A' + 'a') : c;
    return Line{from + static_cast<off_t>(begin), from + static_cast<off_t>(end) + 1, std::move(hash)};
  }

 private:
  explicit List(int handle) : handle_(handle) {}

  static bool has_format(std::string_view line) {
    if (line.size() < hash_digits + 2 || line[hash_digits] != ':') return false;
    const bool is_hash = line.substr(0, hash_digits).find_first_not_of("0123456789ABCDEFabcdef") == std::string::npos;
    return is_hash && line.find_first_not_of("0123456789", hash_digits + 1) == std::string_view::npos;
  }
  static tl::unexpected<base::Error> malformed(off_t at) {
    return base::fail(base::Code::invalid_input, "the file of breached passwords has no line \"HASH:COUNT\" at octet " +
                                                     std::to_string(at) + "; HASH is SHA-1 in 40 hexadecimal digits");
  }

  int handle_;
  off_t size_ = 0;
};

}  // namespace

base::Result<bool> is_breached(const House& house, std::string_view password) {
  const std::string& file = house.settings.breached.file;
  if (file.empty()) return false;
  const auto list = List::open(file);
  if (!list) return base::fail(base::Code::unavailable, list.error().reason);
  const std::string wanted = base::to_hex(crypto::sha1(password));
  off_t low = 0;
  off_t high = list->size();
  while (low < high) {
    const auto line = list->read_line(low + (high - low) / 2);
    if (!line) return base::fail(base::Code::unavailable, line.error().reason);
    if (line->hash == wanted) return true;
    if (line->hash < wanted) {
      low = line->end;
    } else {
      high = line->begin;
    }
  }
  return false;
}

base::Result<void> check_breached_file(const std::string& file) {
  ASSIGN_OR_RETURN(const List list, List::open(file));
  if (list.size() == 0) return base::fail(base::Code::invalid_input, "the file of breached passwords is empty");
  std::string last;
  off_t past = 0;  // end of the last sample
  for (int i = 0; i <= samples; ++i) {
    const off_t at = std::max(past, (list.size() - 1) / samples * i);
    if (at >= list.size()) break;
    ASSIGN_OR_RETURN(List::Line line, list.read_line(i == samples ? list.size() - 1 : at));
    if (line.end <= past) break;
    if (line.hash <= last) {
      return base::fail(base::Code::invalid_input,
                        "the file of breached passwords is not sorted by its hashes; sort it "
                        "with LC_ALL=C sort");
    }
    last = std::move(line.hash);
    past = line.end;
  }
  return {};
}

}  // namespace flow
