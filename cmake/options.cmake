# Options of the build, and the flags that every target gets from the interface library chancery_options.
option(CHANCERY_TESTS "the tests; without them their packages are not needed" ON)
option(CHANCERY_HARDENED "hardening flags of a release" OFF)
option(CHANCERY_SODIUM_STATIC "libsodium is linked statically and its hashes get huge pages (docs/decisions/0011)" ON)
option(CHANCERY_PRECOMPILED "headers of the standard library are read once for all sources" ON)
set(CHANCERY_SANITIZE "" CACHE STRING "sanitizers, e.g. address,undefined or thread")

add_library(chancery_options INTERFACE)
target_compile_features(chancery_options INTERFACE cxx_std_20)
target_compile_options(chancery_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor -Wold-style-cast
  -Woverloaded-virtual -Wimplicit-fallthrough -Werror)
target_compile_definitions(chancery_options INTERFACE _GLIBCXX_ASSERTIONS)

if(CHANCERY_HARDENED)
  # The program does not say in which folder it was built, so that every folder gives the same octets (tools/dist.sh).
  target_compile_options(chancery_options INTERFACE -ffile-prefix-map=${CMAKE_BINARY_DIR}/= -ffile-prefix-map=${CMAKE_SOURCE_DIR}/=)
  target_compile_options(chancery_options INTERFACE -fPIE -fstack-protector-strong -fstack-clash-protection
    -fcf-protection=full -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
  target_link_options(chancery_options INTERFACE -pie -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack -Wl,--as-needed)
endif()

if(CHANCERY_SANITIZE)
  target_compile_options(chancery_options INTERFACE -fsanitize=${CHANCERY_SANITIZE} -fno-omit-frame-pointer
    -fno-sanitize-recover=all)
  target_link_options(chancery_options INTERFACE -fsanitize=${CHANCERY_SANITIZE})
  # With the code of the sanitizers g++ 12 gives false warnings of these kinds.
  target_compile_options(chancery_options INTERFACE -Wno-error=maybe-uninitialized -Wno-error=tsan)
endif()

find_program(MOLD mold)
if(MOLD)
  target_link_options(chancery_options INTERFACE -fuse-ld=mold)
endif()
find_program(CCACHE ccache)
if(CCACHE)
  # ccache serves a source that uses a precompiled header if it may trust the header's own digest for its macros.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE})
endif()

# precompiled(TARGET): the sources of TARGET start from the headers of the standard library, read once: it halves the
# time of a build. The preset debug goes without, so that each source is seen to include what it uses.
if(CHANCERY_PRECOMPILED)
  set(standard <algorithm> <array> <atomic> <charconv> <chrono> <cstdint> <cstring> <filesystem> <fstream> <functional>
    <map> <memory> <mutex> <optional> <set> <span> <sstream> <string> <string_view> <thread> <utility> <variant> <vector>
    <tl/expected.hpp>)
  file(WRITE ${CMAKE_BINARY_DIR}/precompiled.cpp "// Nothing: a target needs a source.\n")
  add_library(precompiled OBJECT ${CMAKE_BINARY_DIR}/precompiled.cpp)
  target_link_libraries(precompiled PRIVATE chancery_options)
  target_compile_options(precompiled PRIVATE -fpch-preprocess)
  target_precompile_headers(precompiled PRIVATE ${standard})
endif()
function(precompiled target)
  if(CHANCERY_PRECOMPILED)
    # With a precompiled header g++ 12 gives false warnings of these kinds; the preset debug judges them.
    target_compile_options(${target} PRIVATE -fpch-preprocess -Wno-array-bounds -Wno-restrict -Wno-stringop-overflow
      -Wno-stringop-overread)
    target_precompile_headers(${target} REUSE_FROM precompiled)
  endif()
endfunction()
