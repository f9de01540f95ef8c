package dev.tarn.project;

import dev.tarn.jinja.JinjaEnvironment;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What all templates of one compilation share.
 *
 * @param packages the project files by package name, the root's among them
 * @param target what {@code target} is
 * @param graph what {@code graph} is
 * @param docs the docs blocks of all packages
 * @param fromEnvironment which texts of YAML files were made of environment variables
 * @param declarations exposures, groups and other things that are declared and not built
 */
record CompileScope(
        ProjectRequest request,
        JinjaEnvironment jinja,
        MacroLibrary macros,
        ProjectFile root,
        Map<String, ProjectFile> packages,
        Variables variables,
        Map<Object, @Nullable Object> target,
        NodeIndex nodes,
        DocsBlocks docs,
        Declarations declarations,
        SharedGraph graph,
        FromEnvironment fromEnvironment) {}
