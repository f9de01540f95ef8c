package dev.tarn.project;

import dev.tarn.jinja.JinjaException;
import dev.tarn.model.Place;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.RunHooks;
import dev.tarn.model.graph.SqlText;
import dev.tarn.project.YamlValue.Scalar;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The statements of {@code on-run-start} and {@code on-run-end} of a project and its packages. */
public final class ProjectHooks implements RunHooks {
    private final CompileScope scope;
    private final Optional<CompileDatabase> database;

    ProjectHooks(CompileScope scope) {
        this(scope, Optional.empty());
    }

    private ProjectHooks(CompileScope scope, Optional<CompileDatabase> database) {
        this.scope = scope;
        this.database = database;
    }

    /** The same, with templates that can look at data. */
    public ProjectHooks with(CompileDatabase data) {
        return new ProjectHooks(scope, Optional.of(data));
    }

    @Override
    public List<SqlText> atStart() {
        scope.graph().forget();
        return render("on-run-start", Map.of());
    }

    @Override
    public List<SqlText> atEnd(Map<String, @Nullable Object> names) {
        return render("on-run-end", names);
    }

    /** With data, each is executed before the next is rendered, so that this sees what it did. */
    private List<SqlText> render(String key, Map<String, @Nullable Object> names) {
        List<SqlText> statements = new ArrayList<>();
        Consumer<SqlText> use =
                database.<Consumer<SqlText>>map(d -> d::execute).orElse(statements::add);
        for (ProjectFile file : scope.packages().values()) {
            for (Scalar text : file.runHooks().getOrDefault(key, List.of())) {
                NodeContext context = NodeContext.executing(scope, file.name(), database);
                names.forEach(context::override);
                try {
                    new HookTexts(scope).each(text, context, use);
                } catch (JinjaException e) {
                    throw new TarnException(TemplateErrors.problem(e, Place.of(file.file())));
                }
            }
        }
        return statements;
    }
}
