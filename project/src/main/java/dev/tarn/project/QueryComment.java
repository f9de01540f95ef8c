package dev.tarn.project;

import dev.tarn.jinja.JinjaException;
import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import dev.tarn.project.YamlValue.Entry;
import dev.tarn.project.YamlValue.Mapping;
import dev.tarn.project.YamlValue.Scalar;
import java.util.List;
import java.util.Optional;

/**
 * {@code query-comment} of a project: a text, or a mapping with {@code comment}, {@code append} and
 * {@code job-label}. No server keeps a log of queries here, so nothing is done with it; but what is
 * wrong in it is told, as it would be when a query runs.
 */
final class QueryComment {
    private static final List<String> KEYS = List.of("comment", "append", "job-label", "job_label");

    private final CompileScope scope;
    private final Problems problems;

    QueryComment(CompileScope scope, Problems problems) {
        this.scope = scope;
        this.problems = problems;
    }

    /** Renders it once, about a node. */
    void check() {
        Optional<Entry> said = scope.root().mapping().find("query-comment");
        if (said.isEmpty()) {
            return;
        }
        switch (said.get().value()) {
            case Scalar text -> render(text);
            case Mapping mapping -> {
                for (Entry entry : mapping.entries()) {
                    if (!KEYS.contains(entry.key())) {
                        problems.add(
                                YamlErrors.notOneOf(
                                        entry.keyPlace(),
                                        "A key of 'query-comment'",
                                        entry.key(),
                                        KEYS.subList(0, 3)));
                    } else if (entry.key().equals("comment")
                            && entry.value() instanceof Scalar text) {
                        render(text);
                    }
                }
            }
            case YamlValue.Sequence list ->
                    problems.add(
                            YamlErrors.wrongKind(
                                    list.place(), "'query-comment'", "a text or a mapping", list));
        }
    }

    private void render(Scalar text) {
        if (text.isNull() || text.text().isBlank()) {
            return;
        }
        Optional<Draft> about =
                scope.nodes().drafts().stream().filter(d -> d.kind == Draft.Kind.MODEL).findFirst();
        NodeContext context =
                NodeContext.executing(scope, scope.root().name(), Optional.empty())
                        .override("connection_name", "tarn")
                        .override("node", about.map(Draft::asMap).orElse(null));
        try {
            String comment =
                    scope.jinja().parse(text.place().file(), text.text()).render(context).text();
            if (comment.contains("*/")) {
                problems.add(ProjectErrors.queryComment(text.place(), comment.strip()));
            }
        } catch (JinjaException e) {
            problems.add(EarlyContext.inYaml(e, text));
        } catch (TarnException e) {
            e.problems().forEach(p -> problems.add(placed(p, text)));
        }
    }

    private static Problem placed(Problem problem, Scalar text) {
        return problem.place().isPresent()
                ? problem
                : Problem.at(problem.code(), text.place(), problem.message());
    }
}
