package dev.tarn.project;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which macros a template calls by name, as far as its text says so: what the manifest lists. What
 * those call in turn is listed with them.
 */
final class MacroCalls {
    /** Macros in dbt that are functions here; whoever reads the manifest looks for them. */
    static final Set<String> FUNCTIONS = Set.of("is_incremental", "statement");

    private static final Pattern TAG =
            Pattern.compile(
                    "\\{#.*?#}"
                            + "|\\{%[-+]?\\s*raw\\s*[-+]?%}.*?\\{%[-+]?\\s*endraw\\s*[-+]?%}"
                            + "|\\{\\{(?<value>.*?)}}"
                            + "|\\{%(?<statement>.*?)%}",
                    Pattern.DOTALL);
    private static final String TEXT = "'(?:[^'\\\\]++|\\\\.)*+'|\"(?:[^\"\\\\]++|\\\\.)*+\"";
    private static final Pattern CALL =
            Pattern.compile(
                    TEXT + "|(?<path>[A-Za-z_]\\w*+(?:\\s*+\\.\\s*+[A-Za-z_]\\w*+)*+)\\s*+\\(",
                    Pattern.DOTALL);
    private static final Pattern DISPATCHED =
            Pattern.compile(
                    "\\s*+(?:macro_name\\s*+=\\s*+)?['\"](?<name>[\\w.]+)['\"]"
                            + "(?:\\s*+,\\s*+(?:macro_namespace\\s*+=\\s*+)?"
                            + "['\"](?<namespace>\\w+)['\"])?");
    private static final Pattern HEADER =
            Pattern.compile("[-+]?\\s*(?:macro|test|data_test|materialization)\\s");
    private static final Pattern NO_CALL = Pattern.compile("(?:[|.]|\\bis(?:\\s+not)?)\\s*$");
    private static final Set<String> KNOWN = Set.of("ref", "source", "config", "return", "log");

    private final CompileScope scope;
    private final String packageName;
    private final String own;
    private final Set<String> ids = new LinkedHashSet<>();

    private MacroCalls(CompileScope scope, String packageName, String own) {
        this.scope = scope;
        this.packageName = packageName;
        this.own = own;
    }

    /** The ids of those that a node's text calls. */
    static List<String> ofNode(CompileScope scope, String packageName, String text) {
        MacroCalls calls = new MacroCalls(scope, packageName, "");
        calls.read(text);
        return List.copyOf(calls.ids);
    }

    /** The ids of those that a macro calls; itself is none of them. */
    static List<String> ofMacro(CompileScope scope, MacroLibrary.Macro macro) {
        MacroCalls calls = new MacroCalls(scope, macro.packageName(), macro.name());
        calls.read(macro.block().text());
        return List.copyOf(calls.ids);
    }

    private void read(String text) {
        Matcher tag = TAG.matcher(text);
        while (tag.find()) {
            String inside =
                    tag.group("value") == null ? tag.group("statement") : tag.group("value");
            if (inside != null) {
                readTag(inside);
            }
        }
    }

    private void readTag(String tag) {
        Matcher call = CALL.matcher(tag);
        boolean header = HEADER.matcher(tag).lookingAt();
        while (call.find()) {
            String path = call.group("path");
            if (path == null) {
                continue;
            }
            if (header) {
                header = false;
            } else if (!NO_CALL.matcher(tag.substring(0, call.start())).find()) {
                called(path.replaceAll("\\s", ""), tag.substring(call.end()));
            }
        }
    }

    private void called(String path, String arguments) {
        String[] parts = path.split("\\.", -1);
        if (path.equals("adapter.dispatch")) {
            dispatched(arguments);
        } else if (parts.length == 2 && !parts[0].equals("adapter")) {
            add(parts[0], parts[1]);
        } else if (parts.length == 1 && !KNOWN.contains(path) && !path.equals(own)) {
            add(packageName, path);
        }
    }

    /** Whatever the engine's version of a macro is, and the macro of that very name. */
    private void dispatched(String arguments) {
        Matcher m = DISPATCHED.matcher(arguments);
        if (!m.lookingAt()) {
            return;
        }
        String name = m.group("name");
        String namespace = m.group("namespace");
        int dot = name.indexOf('.');
        if (dot > 0) {
            namespace = name.substring(0, dot);
            name = name.substring(dot + 1);
        }
        if (!name.equals(own)) {
            add(packageName, name);
        }
        MacroDispatch.find(scope, packageName, name, namespace)
                .ifPresent(macro -> ids.add(id(macro)));
    }

    private void add(String place, String name) {
        String from = place.equals(MacroLibrary.ADAPTER) ? MacroLibrary.INTERNAL : place;
        Optional<MacroLibrary.Macro> macro =
                scope.macros().in(from, name).or(() -> scope.macros().anywhere(name));
        if (macro.isPresent()) {
            ids.add(id(macro.get()));
        } else if (FUNCTIONS.contains(name)) {
            ids.add("macro." + MacroLibrary.INTERNAL + "." + name);
        }
    }

    private static String id(MacroLibrary.Macro macro) {
        return "macro." + macro.packageName() + "." + macro.name();
    }
}
