# embed(TARGET NAMESPACE ns VARIABLE name FOLDER dir FILES file...)
#
# Compiles text files into TARGET. C++ sees them where it declares
#   namespace ns { extern const std::span<const engine::EmbeddedFile> name; }
# FILES are relative to FOLDER, and so are the paths in the program. A changed file is compiled again.

set(EMBED_SCRIPT ${CMAKE_CURRENT_LIST_DIR}/embed_files.cmake)

function(embed target)
  cmake_parse_arguments(EMBED "" "NAMESPACE;VARIABLE;FOLDER" "FILES" ${ARGN})
  set(output ${CMAKE_CURRENT_BINARY_DIR}/${EMBED_VARIABLE}.gen.cpp)
  list(TRANSFORM EMBED_FILES PREPEND ${EMBED_FOLDER}/ OUTPUT_VARIABLE paths)
  list(JOIN EMBED_FILES "|" names)
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DNAMESPACE=${EMBED_NAMESPACE} -DVARIABLE=${EMBED_VARIABLE}
            -DFOLDER=${EMBED_FOLDER} "-DFILES=${names}" -DOUTPUT=${output} -P ${EMBED_SCRIPT}
    DEPENDS ${paths} ${EMBED_SCRIPT}
    VERBATIM)
  target_sources(${target} PRIVATE ${output})
endfunction()

# embed_queries(LAYER): the .sql files of its folder queries/, as `query("name")` of <layer>/queries.h.
function(embed_queries layer)
  file(GLOB names CONFIGURE_DEPENDS RELATIVE ${CMAKE_CURRENT_SOURCE_DIR}/queries ${CMAKE_CURRENT_SOURCE_DIR}/queries/*.sql)
  set(LAYER ${layer})
  configure_file(${CMAKE_CURRENT_FUNCTION_LIST_DIR}/queries.h.in ${PROJECT_BINARY_DIR}/generated/${layer}/queries.h @ONLY)
  target_include_directories(engine_${layer} PUBLIC ${PROJECT_BINARY_DIR}/generated)
  embed(engine_${layer} NAMESPACE engine::${layer} VARIABLE queries
        FOLDER ${CMAKE_CURRENT_SOURCE_DIR}/queries FILES ${names})
endfunction()
