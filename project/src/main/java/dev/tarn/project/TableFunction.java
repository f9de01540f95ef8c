package dev.tarn.project;

import dev.tarn.jinja.Values;
import dev.tarn.model.Place;
import dev.tarn.model.TarnException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a model of {@code materialized: table_function} takes, and what a call of it gives. */
final class TableFunction {
    static final String WORD = "table_function";

    private final Draft draft;
    private final List<Parameter> parameters;

    /**
     * One parameter.
     *
     * @param type what arguments are cast to
     * @param standard its value where a call leaves it out, as SQL
     */
    private record Parameter(String name, Optional<String> type, Optional<String> standard) {}

    TableFunction(Draft draft) {
        this.draft = draft;
        this.parameters = parameters(draft.settings).stream().map(TableFunction::read).toList();
    }

    /** The parameters as they are written: a text with commas between them, or a list. */
    static List<String> parameters(Settings settings) {
        Object told = settings.plain("parameters");
        String text =
                told instanceof List<?> list
                        ? list.stream().map(Values::text).collect(Collectors.joining(", "))
                        : told == null ? "" : Values.text(told);
        return parts(text);
    }

    /** What stands between the commas of a text. */
    private static List<String> parts(String text) {
        String enclosed = "(" + text + ")";
        List<SqlToken> tokens = SqlToken.of(enclosed, 0, enclosed.length());
        return SqlToken.list(tokens, 0, tokens.size() - 1).stream()
                .map(r -> enclosed.substring(tokens.get(r[0]).start(), tokens.get(r[1]).end()))
                .toList();
    }

    /** {@code name}, {@code name type} and {@code name := value}. */
    private static Parameter read(String text) {
        List<SqlToken> tokens = SqlToken.of(text, 0, text.length());
        int assign = assignment(tokens, 0, tokens.size() - 1);
        int end = assign < 0 ? text.length() : tokens.get(assign).start();
        String type = text.substring(tokens.getFirst().end(), end).strip();
        return new Parameter(
                tokens.getFirst().name(),
                Optional.of(type).filter(t -> !t.isEmpty()),
                assign < 0
                        ? Optional.empty()
                        : Optional.of(text.substring(tokens.get(assign + 1).end()).strip()));
    }

    /** The index of {@code :=} or {@code =>} among tokens; less than 0 where there is none. */
    static int assignment(List<SqlToken> tokens, int first, int last) {
        for (int i = first; i + 1 <= last; i++) {
            String both = tokens.get(i).text() + tokens.get(i + 1).text();
            if (both.equals(":=") || both.equals("=>")) {
                return i;
            }
        }
        return -1;
    }

    /**
     * The arguments of a call by the parameters they are for.
     *
     * @param given by position those without a name
     * @throws TarnException when one is missing, or there is none that takes it
     */
    Map<String, FunctionInliner.Part> bind(
            List<FunctionInliner.Part> given,
            Map<String, FunctionInliner.Part> named,
            Place place) {
        Map<String, FunctionInliner.Part> values = new LinkedHashMap<>();
        List<String> open = new ArrayList<>(named.keySet());
        boolean fits = given.size() <= parameters.size();
        for (int i = 0; i < parameters.size(); i++) {
            Parameter parameter = parameters.get(i);
            FunctionInliner.Part value = i < given.size() ? given.get(i) : null;
            if (value == null && open.remove(parameter.name())) {
                value = named.get(parameter.name());
            }
            if (value == null && parameter.standard().isPresent()) {
                value = o -> o.add(parameter.standard().get());
            }
            if (value == null) {
                fits = false;
            } else {
                values.put(parameter.name(), enclosed(value, parameter.type()));
            }
        }
        if (!fits || !open.isEmpty()) {
            throw new TarnException(
                    ProjectErrors.argumentCount(
                            place,
                            draft.name,
                            parameters(draft.settings),
                            given.size() + named.size()));
        }
        return values;
    }

    private static FunctionInliner.Part enclosed(
            FunctionInliner.Part value, Optional<String> type) {
        return o -> {
            o.add(type.isPresent() ? "cast((" : "(");
            value.addTo(o);
            o.add(type.map(t -> ") as " + t + ")").orElse(")"));
        };
    }
}
