# CHANCERY_FONTS: the typeface of the pages, Inter (SIL Open Font License 1.1), in the weights that the stylesheet uses,
# cut down to the letters that English, German and Polish need (docs/decisions/0039-typeface.md).
find_program(PYFTSUBSET pyftsubset REQUIRED)
find_path(INTER_FOLDER Inter-Regular.otf PATHS /usr/share/fonts/opentype/inter NO_DEFAULT_PATH REQUIRED)

# Latin with all European letters, typographic quotes, dashes and spaces, euro, arrows, mathematical signs.
set(letters "U+0020-007E,U+00A0-017F,U+0218-021B,U+02C6,U+02DA,U+02DC,U+2009-2015,U+2018-201E,U+2020-2022,U+2026"
  "U+202F,U+2030,U+2039,U+203A,U+20AC,U+2122,U+2190-2193,U+2212,U+2260,U+2264,U+2265")
string(REPLACE ";" "," letters "${letters}")
set(CHANCERY_FONTS "")
foreach(weight Regular SemiBold)
  string(TOLOWER "inter-${weight}.woff2" name)
  set(font ${CMAKE_BINARY_DIR}/generated/${name})
  add_custom_command(OUTPUT ${font}
    COMMAND ${PYFTSUBSET} ${INTER_FOLDER}/Inter-${weight}.otf --unicodes=${letters}
            --layout-features=kern,liga,calt,ccmp,locl,mark,tnum --flavor=woff2 --no-hinting --desubroutinize
            --output-file=${font}
    DEPENDS ${INTER_FOLDER}/Inter-${weight}.otf ${CMAKE_CURRENT_LIST_FILE}
    COMMENT "Cutting the typeface: ${name}" VERBATIM)
  list(APPEND CHANCERY_FONTS ${font})
endforeach()
