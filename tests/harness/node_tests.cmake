# How CTest runs the tests in JavaScript and installs their packages.
find_program(NODE node)
if(NOT NODE)
  # No error, because everything else can be built and tested without node.
  message(STATUS "node (18 or newer) is missing: the tests in JavaScript will fail; tools/install-deps.sh installs it")
  unset(NODE CACHE)
  set(NODE node)
endif()

# node_tests(AREA file.mjs ...): each file becomes the test AREA/<file>, which runs after the test AREA/packages if the
# area needs packages.
#
# A file has its own servers, folders and ports, so that it runs beside others. Browsers run one at a time, because each
# takes a processor; they begin first (COST), because all together they last longest.
function(node_tests area)
  set(needs "")
  if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/package.json)
    add_test(NAME ${area}/packages
             COMMAND ${CMAKE_COMMAND} -DFOLDER=${CMAKE_CURRENT_SOURCE_DIR} -P ${CMAKE_SOURCE_DIR}/tests/harness/install.cmake)
    set_tests_properties(${area}/packages PROPERTIES FIXTURES_SETUP ${area}_packages TIMEOUT ${CHANCERY_TEST_LIMIT})
    set(needs FIXTURES_REQUIRED ${area}_packages)
  endif()
  foreach(file IN LISTS ARGN)
    get_filename_component(name ${file} NAME_WE)
    add_test(NAME ${area}/${name} COMMAND ${NODE} --test --test-reporter=spec ${file} WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
    set_tests_properties(${area}/${name} PROPERTIES
      ENVIRONMENT "CHANCERY_BUILD=${CMAKE_BINARY_DIR}" ${needs} TIMEOUT ${CHANCERY_TEST_LIMIT} COST 10)
    if(area STREQUAL "browser")
      set_tests_properties(${area}/${name} PROPERTIES RESOURCE_LOCK browser COST 100)
    endif()
  endforeach()
endfunction()
