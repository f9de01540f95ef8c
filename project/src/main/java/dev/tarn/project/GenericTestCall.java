package dev.tarn.project;

import dev.tarn.jinja.Arguments;
import dev.tarn.jinja.JinjaException;
import dev.tarn.jinja.Values;
import dev.tarn.model.Place;
import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Calls the macro behind a generic test with what its entry says. */
final class GenericTestCall {
    /** Arguments that are calls although no braces say so. */
    private static final Pattern BARE_CALL =
            Pattern.compile("\\s*(?:env_var|ref|var|source|doc)\\s*\\(.+\\)\\s*", Pattern.DOTALL);

    /** They read what they test: dbt does not look at their other arguments before they run. */
    private static final Set<String> KNOWN = Set.of("test_not_null", "test_unique");

    private final CompileScope scope;

    GenericTestCall(CompileScope scope) {
        this.scope = scope;
    }

    /** Learns a test's settings and references. */
    void read(Draft draft, NodeContext context, Problems problems) {
        for (Map.Entry<String, YamlValue> e : subject(draft).entry().config().entrySet()) {
            draft.settings.put(
                    e.getKey(),
                    YamlRendering.with(s ->
                                    scope.jinja().parse(draft.file, s.text()).evaluate(context))
                            .apply(e.getValue()));
        }
        if (draft.settings.flag("enabled", true, problems)) {
            call(draft, context);
        }
    }

    /** The test's SQL. A test that nobody wrote is missed only when it is to run. */
    @Nullable Object call(Draft draft, NodeContext context) {
        Draft.Subject subject = subject(draft);
        Object relation = relation(subject, draft, context);
        Optional<MacroLibrary.Macro> macro = macro(subject, draft);
        if (macro.isEmpty()) {
            if (!context.executes()) {
                return null;
            }
            throw new TarnException(
                    ProjectErrors.testNotFound(
                            draft.place,
                            subject.entry().namespace().map(n -> n + ".").orElse("")
                                    + subject.entry().test(),
                            scope.macros().testNames()));
        }
        Map<String, @Nullable Object> arguments = new LinkedHashMap<>();
        arguments.put(
                "model",
                context.executes()
                        ? Values.call(context.resolve("get_where_subquery"), Arguments.of(relation))
                        : relation);
        subject.column().ifPresent(c -> arguments.put("column_name", c.expression()));
        subject.arguments().forEach((k, v) -> arguments.put(k, argument(k, v, draft, context)));
        Object test = context.bind(macro.get());
        return !context.executes() && KNOWN.contains(macro.get().name()) && isOurs(macro.get())
                ? null
                : Values.call(test, Arguments.of(List.of(), arguments));
    }

    private static boolean isOurs(MacroLibrary.Macro macro) {
        return macro.packageName().equals(MacroLibrary.INTERNAL);
    }

    /** A failure is told where the test is asked for. */
    static Problem problem(Draft draft, JinjaException e) {
        Optional<Place> inMacro =
                e.place().map(TemplateErrors::place).filter(p -> !p.file().equals(draft.file));
        String where = inMacro.map(p -> " (" + p + ")").orElse("");
        if (e.getCause() instanceof TarnException own) {
            Problem first = own.problems().getFirst();
            return Problem.at(first.code(), draft.place, first.message() + where);
        }
        return ProjectErrors.testFailed(
                draft.place, subject(draft).entry().test(), TemplateErrors.reason(e) + where);
    }

    private static Draft.Subject subject(Draft draft) {
        return draft.subject.orElseThrow();
    }

    private Optional<MacroLibrary.Macro> macro(Draft.Subject subject, Draft draft) {
        String name = "test_" + subject.entry().test();
        return subject.entry()
                .namespace()
                .map(n -> scope.macros().in(n, name))
                .orElseGet(() -> scope.macros().find(name, draft.packageName));
    }

    /**
     * The macro of any package that a name means to a generic test that is read: as in dbt, one
     * that the test's macro, or whatever that calls, calls by this name alone. Where the test is
     * executed, only names that everybody knows count.
     */
    static Optional<MacroLibrary.Macro> reached(CompileScope scope, Draft draft, String name) {
        Set<String> seen = new LinkedHashSet<>();
        Deque<MacroLibrary.Macro> left = new ArrayDeque<>();
        draft.subject.flatMap(s -> new GenericTestCall(scope).macro(s, draft)).ifPresent(left::add);
        while (!left.isEmpty()) {
            for (String id : MacroCalls.ofMacro(scope, left.remove())) {
                String[] parts = id.split("\\.", 3);
                Optional<MacroLibrary.Macro> called = scope.macros().in(parts[1], parts[2]);
                if (called.isPresent() && parts[2].equals(name)) {
                    return called;
                }
                if (seen.add(id)) {
                    called.ifPresent(left::add);
                }
            }
        }
        return Optional.empty();
    }

    private static Object relation(Draft.Subject subject, Draft draft, NodeContext context) {
        if (subject.source().isPresent()) {
            SourceDraft source = subject.source().get();
            return context.source(
                    new Draft.SourceCall(source.sourceName(), source.tableName(), draft.place));
        }
        Draft node = subject.node().orElseThrow();
        return context.ref(
                new Draft.RefCall(
                        Optional.of(node.packageName),
                        node.name,
                        node.version.map(String::valueOf),
                        draft.place));
    }

    private @Nullable Object argument(
            String name, @Nullable Object value, Draft draft, NodeContext context) {
        if (value instanceof String text && !name.equals("column_name")) {
            String template = BARE_CALL.matcher(text).matches() ? "{{ " + text + " }}" : text;
            return YamlRendering.isTemplate(template)
                    ? scope.jinja().parse(draft.file, template).evaluate(context)
                    : text;
        }
        if (value instanceof List<?> list) {
            List<@Nullable Object> values = new ArrayList<>();
            list.forEach(v -> values.add(argument("", v, draft, context)));
            return values;
        }
        if (value instanceof Map<?, ?> map) {
            Map<Object, @Nullable Object> values = new LinkedHashMap<>();
            map.forEach((k, v) -> values.put(k, argument("", v, draft, context)));
            return values;
        }
        return value;
    }
}
