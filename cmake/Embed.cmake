# Files that travel inside the binary: migrations and the OpenAPI document, as C arrays made at build time.

# inlet_embed_migrations(TARGET): every migrations/NNNN_name.<engine>.sql, with its SHA-256, as one generated source.
function(inlet_embed_migrations target)
    file(GLOB files CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/migrations/*.sql)
    set(output ${CMAKE_CURRENT_BINARY_DIR}/generated/migrations_embedded.c)
    add_custom_command(
        OUTPUT ${output}
        COMMAND ${CMAKE_COMMAND} -DOUTPUT=${output} "-DFILES=${files}" -P ${CMAKE_SOURCE_DIR}/cmake/EmbedMigrations.cmake
        DEPENDS ${files} ${CMAKE_SOURCE_DIR}/cmake/EmbedMigrations.cmake
        VERBATIM)
    target_sources(${target} PRIVATE ${output})
endfunction()

# inlet_embed_file(TARGET FILE SYMBOL): FILE as `const char SYMBOL[]` and `const size_t SYMBOL_size`.
function(inlet_embed_file target file symbol)
    set(output ${CMAKE_CURRENT_BINARY_DIR}/generated/${symbol}.c)
    add_custom_command(
        OUTPUT ${output}
        COMMAND ${CMAKE_COMMAND} -DOUTPUT=${output} -DFILE=${CMAKE_SOURCE_DIR}/${file} -DSYMBOL=${symbol}
                -P ${CMAKE_SOURCE_DIR}/cmake/EmbedFile.cmake
        DEPENDS ${CMAKE_SOURCE_DIR}/${file} ${CMAKE_SOURCE_DIR}/cmake/EmbedFile.cmake
        VERBATIM)
    target_sources(${target} PRIVATE ${output})
endfunction()
