// Argon2id's memory in huge pages. libsodium maps this memory for each hash, and the kernel takes a quarter of the
// hash's time to provide five thousand small pages. libsodium has no option for huge pages, so the linker redirects its
// calls of mmap to this file (--wrap, which affects statically linked code: this program and libsodium);
// docs/decisions/0011. Without huge pages the hash works as it would without this file.
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>

namespace {

constexpr std::size_t huge_page = std::size_t{2} << 20;
// Smaller mappings are not the memory of a password hash.
constexpr std::size_t least_size = 2 * huge_page;

char* as_octets(void* at) {
  return static_cast<char*>(at);
}

}  // namespace

// NOLINTBEGIN: the linker gives these names
extern "C" void* __real_mmap(void* at, std::size_t size, int protection, int flags, int file, off_t offset);

extern "C" void* __wrap_mmap(void* at, std::size_t size, int protection, int flags, int file, off_t offset) {
  const bool is_work_memory = at == nullptr && file == -1 && size >= least_size && size < SIZE_MAX - 2 * huge_page &&
                              protection == (PROT_READ | PROT_WRITE);
  if (!is_work_memory) return __real_mmap(at, size, protection, flags, file, offset);
  // A huge page begins at a multiple of its size: more is mapped, and the parts before and behind are unmapped.
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  const std::size_t pages = (size + page - 1) / page * page;
  void* const mapped = __real_mmap(nullptr, pages + huge_page, protection, flags & ~MAP_POPULATE, -1, 0);
  if (mapped == MAP_FAILED) return mapped;
  const std::size_t before = (huge_page - reinterpret_cast<std::uintptr_t>(mapped) % huge_page) % huge_page;
  char* const begin = as_octets(mapped) + before;
  if (before > 0) ::munmap(mapped, before);
  ::munmap(begin + pages, huge_page - before);
  (void)::madvise(begin, pages, MADV_HUGEPAGE);
#ifdef MADV_POPULATE_WRITE
  (void)::madvise(begin, pages, MADV_POPULATE_WRITE);  // Linux 5.14; cheaper than one page fault for each page
#endif
  return begin;
}
// NOLINTEND
