# Engines with one seeded defect each, which the sweep must find: mutants/NAME.txt says what is replaced in SOURCE. The
# object of the changed source takes the place of the library's.
find_program(LUAJIT_PROGRAM luajit REQUIRED)
add_library(engine_mutant_main OBJECT ${PROJECT_SOURCE_DIR}/engine/cli/main.cpp)
target_link_libraries(engine_mutant_main PRIVATE engine_cli)
set(MUTANT_FOLDER ${CMAKE_CURRENT_BINARY_DIR}/mutants)

# engine_mutant(NAME SOURCE), below engine/
function(engine_mutant name source)
  set(original ${PROJECT_SOURCE_DIR}/engine/${source})
  set(description ${CMAKE_CURRENT_SOURCE_DIR}/mutants/${name}.txt)
  set(mutated ${MUTANT_FOLDER}/${name}.cpp)
  set(mutate ${CMAKE_CURRENT_SOURCE_DIR}/mutate.lua)
  add_custom_command(OUTPUT ${mutated}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${MUTANT_FOLDER}
    COMMAND ${LUAJIT_PROGRAM} ${mutate} ${original} ${description} ${mutated}
    DEPENDS ${original} ${description} ${mutate})
  add_executable(engine_mutant_${name} ${mutated} $<TARGET_OBJECTS:engine_mutant_main>)
  target_link_libraries(engine_mutant_${name} PRIVATE engine_cli fmt::fmt nlohmann_json::nlohmann_json)
  set_target_properties(engine_mutant_${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${MUTANT_FOLDER})
  add_dependencies(faults_tests engine_mutant_${name})
endfunction()

engine_mutant(checks_late runner/step/transactional.cpp)
engine_mutant(commit_guessed runner/step/performer.cpp)
engine_mutant(epoch_ignored journal/journal_commands.cpp)
engine_mutant(inputs_again runner/session/inputs.cpp)
engine_mutant(intent_unrecorded runner/step/nontransactional.cpp)
engine_mutant(invalid_taken runner/step/index_repair.cpp)
engine_mutant(journal_apart runner/step/transactional.cpp)
engine_mutant(rollback_early runner/step/transactional.cpp)
engine_mutant(state_forgotten runner/command/run.cpp)
