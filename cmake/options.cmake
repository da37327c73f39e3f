# Options of the build, and the flags that every target gets from the interface library chancery_options.
option(CHANCERY_TESTS "the tests; without them their packages are not needed" ON)
option(CHANCERY_HARDENED "hardening flags of a release" OFF)
set(CHANCERY_SANITIZE "" CACHE STRING "sanitizers, e.g. address,undefined or thread")

add_library(chancery_options INTERFACE)
target_compile_features(chancery_options INTERFACE cxx_std_20)
target_compile_options(chancery_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor -Wold-style-cast
  -Woverloaded-virtual -Wimplicit-fallthrough -Werror)
target_compile_definitions(chancery_options INTERFACE _GLIBCXX_ASSERTIONS)

if(CHANCERY_HARDENED)
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
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()
