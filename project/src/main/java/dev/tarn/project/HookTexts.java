package dev.tarn.project;

import dev.tarn.jinja.Rendered;
import dev.tarn.model.graph.SqlText;
import dev.tarn.project.YamlValue.Mapping;
import dev.tarn.project.YamlValue.Scalar;
import dev.tarn.project.YamlValue.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Renders the statements of hooks: texts, or mappings with {@code sql}. Empty ones are left out.
 */
final class HookTexts {
    private final CompileScope scope;

    HookTexts(CompileScope scope) {
        this.scope = scope;
    }

    List<SqlText> render(YamlValue hooks, NodeContext context) {
        List<SqlText> statements = new ArrayList<>();
        each(hooks, context, statements::add);
        return statements;
    }

    /** Renders one after the other: what is done with one is done before the next is rendered. */
    void each(YamlValue hooks, NodeContext context, Consumer<SqlText> use) {
        FunctionInliner functions = new FunctionInliner(scope.nodes());
        for (Scalar text : texts(hooks)) {
            Rendered rendered =
                    scope.jinja().parse(text.place().file(), text.text()).render(context);
            String statement = statement(rendered.text());
            if (!statement.isBlank()) {
                use.accept(
                        functions.inline(
                                new SqlText(statement, offset -> Optional.of(text.place()))));
            }
        }
    }

    /** What {@code before_begin} and its like make of a statement is told apart from others. */
    private static String statement(String text) {
        if (!text.strip().startsWith("{")) {
            return text;
        }
        try {
            return JsonReader.read(text) instanceof Map<?, ?> hook
                            && hook.get("sql") instanceof String sql
                    ? sql
                    : text;
        } catch (IllegalArgumentException noJson) {
            return text;
        }
    }

    /** The texts of hooks as written. */
    static List<Scalar> texts(YamlValue hooks) {
        return switch (hooks) {
            case Scalar s -> s.isNull() ? List.of() : List.of(s);
            case Sequence list -> list.items().stream().flatMap(i -> texts(i).stream()).toList();
            case Mapping m -> m.find("sql").map(e -> texts(e.value())).orElse(List.of());
        };
    }
}
