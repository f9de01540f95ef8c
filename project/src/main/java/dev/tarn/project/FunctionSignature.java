package dev.tarn.project;

import dev.tarn.model.Place;
import dev.tarn.project.YamlValue.Mapping;
import dev.tarn.project.YamlValue.Scalar;
import dev.tarn.project.YamlValue.Sequence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a function takes and gives, as its property file says.
 *
 * @param returns a type
 */
record FunctionSignature(List<Argument> arguments, String returns) {
    private static final List<String> VOLATILITIES =
            List.of("deterministic", "stable", "non-deterministic");

    FunctionSignature {
        arguments = List.copyOf(arguments);
    }

    /**
     * One argument.
     *
     * @param standard its value where a call leaves it out, as SQL
     */
    record Argument(String name, String type, String description, Optional<String> standard) {}

    /** Reads it; what is wrong is noted. */
    static FunctionSignature of(Draft draft, Problems problems) {
        List<Argument> arguments = new ArrayList<>();
        boolean optional = false;
        if (draft.entry.flatMap(e -> e.find("arguments")).orElse(null) instanceof Sequence list) {
            for (YamlValue item : list.items()) {
                Optional<Argument> argument = argument(draft, item, problems);
                if (argument.isPresent()) {
                    if (optional && argument.get().standard().isEmpty()) {
                        problems.add(
                                ProjectErrors.argumentOrder(
                                        item.place(), draft.name, argument.get().name()));
                    }
                    optional |= argument.get().standard().isPresent();
                    arguments.add(argument.get());
                }
            }
        }
        Optional<String> returns =
                draft.entry
                        .flatMap(e -> e.find("returns"))
                        .filter(Mapping.class::isInstance)
                        .flatMap(m -> text((Mapping) m, "data_type"));
        Place place = draft.entry.map(PropertyFile.NodeEntry::place).orElse(draft.place);
        if (returns.isEmpty()) {
            problems.add(ProjectErrors.functionReturns(place, draft.name));
        }
        check(draft, problems);
        return new FunctionSignature(arguments, returns.orElse("varchar"));
    }

    private static void check(Draft draft, Problems problems) {
        String type = draft.settings.text("type", problems).orElse("scalar");
        if (!type.equals("scalar")) {
            problems.add(
                    ProjectErrors.functionType(
                            draft.settings.place("type", draft.place), draft.name, type));
        }
        draft.settings
                .text("volatility", problems)
                .filter(v -> !VOLATILITIES.contains(v))
                .ifPresent(v ->
                        problems.add(
                                YamlErrors.notOneOf(
                                        draft.settings.place("volatility", draft.place),
                                        "Setting 'volatility'",
                                        v,
                                        VOLATILITIES)));
    }

    private static Optional<Argument> argument(Draft draft, YamlValue item, Problems problems) {
        Optional<String> name = item instanceof Mapping m ? text(m, "name") : Optional.empty();
        Optional<String> type = item instanceof Mapping m ? text(m, "data_type") : Optional.empty();
        if (name.isEmpty() || type.isEmpty()) {
            problems.add(ProjectErrors.argumentShape(item.place(), draft.name));
            return Optional.empty();
        }
        Mapping mapping = (Mapping) item;
        return Optional.of(
                new Argument(
                        name.get(),
                        type.get(),
                        text(mapping, "description").orElse(""),
                        mapping.find("default_value").map(e -> literal(e.value()))));
    }

    private static String literal(YamlValue value) {
        Object plain = value.plain();
        return plain instanceof String text
                ? "'" + text.replace("'", "''") + "'"
                : String.valueOf(plain);
    }

    private static Optional<String> text(Mapping mapping, String key) {
        return mapping.find(key)
                .map(YamlValue.Entry::value)
                .filter(v -> v instanceof Scalar s && !s.isNull())
                .map(v -> ((Scalar) v).text());
    }

    /** The arguments in the shape of dbt's manifest. */
    static List<Object> facts(Draft draft) {
        List<Object> facts = new ArrayList<>();
        if (draft.entry.flatMap(e -> e.find("arguments")).orElse(null) instanceof Sequence list) {
            for (YamlValue item : list.items()) {
                Map<Object, @Nullable Object> argument = new LinkedHashMap<>();
                argument.put("name", null);
                argument.put("data_type", null);
                argument.put("description", null);
                argument.put("default_value", null);
                if (item instanceof Mapping m) {
                    argument.putAll(m.plain());
                }
                facts.add(argument);
            }
        }
        return facts;
    }

    /** What it returns in the shape of dbt's manifest. */
    static Map<Object, @Nullable Object> returned(Draft draft) {
        Map<Object, @Nullable Object> returned = new LinkedHashMap<>();
        returned.put("data_type", null);
        returned.put("description", null);
        if (draft.entry.flatMap(e -> e.find("returns")).orElse(null) instanceof Mapping m) {
            returned.putAll(m.plain());
        }
        return returned;
    }
}
