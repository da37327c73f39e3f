# Installs the npm packages of one folder of tests in the versions of its lock file, if they are not installed yet.
# Usage: cmake -DFOLDER=<folder> -P install.cmake
set(mark ${FOLDER}/node_modules/.package-lock.json)
if(EXISTS ${mark} AND NOT ${FOLDER}/package-lock.json IS_NEWER_THAN ${mark})
  return()
endif()
find_program(NPM npm)
if(NOT NPM)
  message(FATAL_ERROR "npm is missing: install the packages of tools/install-deps.sh")
endif()
execute_process(COMMAND ${NPM} ci --ignore-scripts WORKING_DIRECTORY ${FOLDER} RESULT_VARIABLE status OUTPUT_VARIABLE said ERROR_VARIABLE said)
if(NOT status EQUAL 0)
  message(FATAL_ERROR "npm ci could not fetch the packages of ${FOLDER}; it needs the npm registry. It said:\n${said}")
endif()
