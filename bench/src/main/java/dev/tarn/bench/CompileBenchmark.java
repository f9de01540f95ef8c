package dev.tarn.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How long a large project takes to compile, and to compile again after one file changed. */
final class CompileBenchmark implements Benchmark {
    private static final int MODELS = 1_000;
    private static final int LAYER = 100;
    private static final int REPETITIONS = 3;

    @Override
    public String name() {
        return "compile";
    }

    @Override
    public String title() {
        return "tarn compile of a large project after one file changed ÷ the first time";
    }

    @Override
    public Outcome run(Setup setup) throws Exception {
        Path launcher =
                setup.home()
                        .orElseThrow(() -> new IllegalStateException("Start with ./tarn bench"))
                        .resolve("tarn");
        int models = (int) Math.round(setup.scale().orElse(1) * MODELS);
        List<String> compile = List.of(launcher.toString(), "compile");
        List<Timing> first = new ArrayList<>();
        List<Timing> second = new ArrayList<>();
        List<Timing> third = new ArrayList<>();
        long memory = 0;
        for (int i = 0; i < setup.repetitions().orElse(REPETITIONS); i++) {
            Path project = setup.fresh("project");
            write(project, models);
            Processes processes = new Processes(project);
            if (i == 0) {
                processes.time(List.of(launcher.toString(), "--help"));
                setup.say("compiling once for the memory");
                memory = processes.memory(compile);
                Setup.delete(project.resolve(".tarn"));
            }
            setup.say("compiling %,d models".formatted(models));
            first.add(processes.time(compile));
            Files.writeString(
                    file(project, models / 2), "\n-- changed\n", StandardOpenOption.APPEND);
            setup.say("compiling again");
            second.add(processes.time(compile));
            third.add(processes.time(compile));
        }
        Timing cold = Timing.median(first);
        Timing again = Timing.median(second);
        return new Outcome(
                "%,d models with as many checks, %s"
                        .formatted(models, Processes.memoryWords(memory)),
                List.of(
                        new Outcome.Line("one file changed", again),
                        new Outcome.Line("first time", cold),
                        new Outcome.Line("nothing changed", Timing.median(third))),
                "again ÷ first time",
                again.wall() / cold.wall(),
                again.cpu() / cold.cpu(),
                Optional.empty());
    }

    /** Models in layers of a hundred, each of which joins two of the layer below. */
    static void write(Path project, int models) throws IOException {
        Files.writeString(
                project.resolve("dbt_project.yml"),
                """
                name: large
                version: "1.0.0"
                config-version: 2
                profile: large
                model-paths: ["models"]
                macro-paths: ["macros"]
                models:
                  large:
                    +materialized: table
                """);
        Files.writeString(
                Files.createDirectories(project.resolve("macros")).resolve("cents.sql"),
                """
                {% macro euros(cents) %}cast({{ cents }} / 100.0 as decimal(14, 2)){% endmacro %}
                """);
        StringBuilder yaml = new StringBuilder("version: 2\nmodels:\n");
        for (int i = 0; i < models; i++) {
            Path file = file(project, i);
            Files.createDirectories(file.resolveSibling("."));
            Files.writeString(file, sql(i));
            yaml.append(
                    """
                      - name: m%d
                        description: Model number %d.
                        columns:
                          - name: id
                            data_tests: [not_null]
                    """
                            .formatted(i, i));
        }
        Files.writeString(project.resolve("models/models.yml"), yaml.toString());
    }

    private static Path file(Path project, int model) {
        return project.resolve("models/layer%d/m%d.sql".formatted(model / LAYER, model));
    }

    private static String sql(int model) {
        if (model < LAYER) {
            return """
            select n as id, n %% 10 as kind, {{ euros('n * 7') }} as amount, date '2026-01-01' as day
            from range(%d) as numbers(n)
            """
                    .formatted(model + 1);
        }
        int below = model - LAYER;
        int neighbour = below / LAYER * LAYER + (below + 1) % LAYER;
        return """
        {{ config(tags=['layer%d']) }}
        with joined as (
            select a.id, a.kind, a.amount + coalesce(b.amount, 0) as amount, a.day
            from {{ ref('m%d') }} as a
            left join {{ ref('m%d') }} as b on b.id = a.id
        )
        select id, kind, cast(amount as decimal(14, 2)) as amount, day
        from joined
        {%% if var('recent', false) %%}where day > date '2026-01-01'{%% endif %%}
        """
                .formatted(model / LAYER, below, neighbour);
    }
}
