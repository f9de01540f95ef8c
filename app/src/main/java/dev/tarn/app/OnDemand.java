package dev.tarn.app;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.RefName;
import dev.tarn.model.RunId;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.job.JobDefinition;
import dev.tarn.model.job.JobName;
import dev.tarn.model.run.Run;
import dev.tarn.model.run.RunStatus;
import dev.tarn.project.JobFiles;
import dev.tarn.schedule.Definitions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Builds, statements and upkeep that somebody asks a server for. Each is a run of a job that stands
 * in no file, so that it can be followed, stopped and done again like any other, and goes on when
 * its server vanishes.
 */
public final class OnDemand {
    private static final String FILE = "on-demand";
    private static final List<String> VERBS =
            List.of("build", "ingest", "seed", "run", "test", "snapshot");
    private static final Set<RunStatus> UNDONE =
            Set.of(RunStatus.FAILED, RunStatus.LOST, RunStatus.CANCELLED);

    private OnDemand() {}

    /** What is asked for. */
    public sealed interface Order {
        /**
         * Nodes of the project as one run.
         *
         * @param verb build, ingest, seed, run, test or snapshot
         */
        record Build(
                String verb,
                List<String> select,
                List<String> exclude,
                RefName ref,
                Map<String, String> vars,
                boolean full)
                implements Order {
            public Build {
                if (!VERBS.contains(verb)) {
                    throw new TarnException(
                            ErrorCode.USAGE,
                            "'%s' is nothing to ask for. There are: %s."
                                    .formatted(verb, String.join(", ", VERBS)));
                }
                select = List.copyOf(select);
                exclude = List.copyOf(exclude);
                vars = Map.copyOf(vars);
            }
        }

        /** What a run that published nothing did not finish. */
        record Again(RunId run) implements Order {}

        /** Statements as one run. */
        record Sql(String statements, RefName ref) implements Order {}

        /**
         * Tables looked after, or all and the warehouse itself.
         *
         * @param tables empty for all
         */
        record Maintain(
                List<TableName> tables,
                RefName ref,
                Optional<String> budget,
                Optional<String> bytesMax)
                implements Order {
            public Maintain {
                tables = List.copyOf(tables);
            }
        }

        /** Files removed that nothing can reach. */
        record Clean() implements Order {}

        /**
         * Rows of quarantine landed again.
         *
         * @param where which, in SQL over the columns of a quarantine table
         */
        record Replay(List<String> select, Optional<String> where, RefName ref) implements Order {
            public Replay {
                select = List.copyOf(select);
            }
        }

        /**
         * Sources read again from where they once stood.
         *
         * @param to {@code start}, or a state; {@code position} instead of it is one of the
         *     source's
         */
        record Rewind(
                List<String> select,
                Optional<String> to,
                Optional<String> position,
                List<String> parts,
                boolean keepRows,
                RefName ref)
                implements Order {
            public Rewind {
                select = List.copyOf(select);
                parts = List.copyOf(parts);
            }
        }

        /** What the task is called. */
        default String task() {
            return switch (this) {
                case Build build -> build.verb();
                case Again again -> "again";
                case Sql sql -> "sql";
                case Maintain maintain -> "maintain";
                case Clean clean -> "clean";
                case Replay replay -> "replay";
                case Rewind rewind -> "rewind";
            };
        }
    }

    /** A job that does what is asked for. */
    static Definitions.Known job(Order order, Wiring wiring) {
        String task =
                switch (order) {
                    case Order.Build build -> build(build);
                    case Order.Again again -> again(retryable(again.run(), wiring));
                    case Order.Sql sql ->
                            "    sql:\n      statements: %s\n      ref: %s\n"
                                    .formatted(quoted(sql.statements()), quoted(sql.ref().value()));
                    case Order.Maintain maintain -> maintain(maintain);
                    case Order.Clean clean -> "    clean: true\n";
                    case Order.Replay replay -> replay(replay);
                    case Order.Rewind rewind -> rewind(rewind);
                };
        String text =
                "jobs:\n- name: %s\n  tasks:\n  - name: %s\n%s"
                        .formatted(JobName.ON_DEMAND, order.task(), task);
        JobDefinition definition = JobFiles.definition(JobName.ON_DEMAND, FILE, text);
        return new Definitions.Known(JobFiles.read(definition), definition);
    }

    private static String build(Order.Build build) {
        return """
            %s:
              select: %s
              exclude: %s
              ref: %s
              vars: %s
              full: %s
        """
                .formatted(
                        build.verb(),
                        list(build.select()),
                        list(build.exclude()),
                        quoted(build.ref().value()),
                        build.vars().entrySet().stream()
                                .sorted(Map.Entry.comparingByKey())
                                .map(e -> plain(e.getKey()) + ": " + quoted(e.getValue()))
                                .collect(Collectors.joining(", ", "{", "}")),
                        build.full());
    }

    private static String maintain(Order.Maintain order) {
        return "    maintain: {tables: %s, ref: %s%s%s}\n"
                .formatted(
                        list(order.tables().stream().map(TableName::toString).toList()),
                        quoted(order.ref().value()),
                        entry("budget", order.budget()),
                        entry("max_bytes", order.bytesMax()));
    }

    private static String replay(Order.Replay order) {
        return "    replay: {select: %s, ref: %s%s}\n"
                .formatted(
                        list(order.select()),
                        quoted(order.ref().value()),
                        entry("where", order.where()));
    }

    private static String rewind(Order.Rewind order) {
        return "    rewind: {select: %s, parts: %s, keep_rows: %s, ref: %s%s%s}\n"
                .formatted(
                        list(order.select()),
                        list(order.parts()),
                        order.keepRows(),
                        quoted(order.ref().value()),
                        entry("to", order.to()),
                        entry("position", order.position()));
    }

    private static String entry(String key, Optional<String> value) {
        return value.map(v -> ", %s: %s".formatted(key, quoted(v))).orElse("");
    }

    private static String again(Run run) {
        return "    build: {ref: %s, retry_of: %s}\n"
                .formatted(quoted(run.target().value()), plain(run.id().value()));
    }

    /** A run that can be gone on from. */
    private static Run retryable(RunId id, Wiring wiring) {
        Run run = wiring.runs().run(id);
        if (!UNDONE.contains(run.status())) {
            throw new TarnException(
                    ErrorCode.USAGE,
                    run.status() == RunStatus.RUNNING
                            ? "Run %s is still going on. It can be gone on from when it has ended."
                                    .formatted(id)
                            : "Run %s ended well: there is nothing to go on from. `tarn build` runs everything again."
                                    .formatted(id));
        }
        if (Optional.of(RefName.of(id)).filter(r -> exists(r, wiring)).isEmpty()) {
            throw new TarnException(
                    ErrorCode.REF_NOT_FOUND,
                    "What run %s finished has been cleaned away, so it cannot be gone on from. `tarn build` runs everything again."
                            .formatted(id));
        }
        return run;
    }

    private static boolean exists(RefName ref, Wiring wiring) {
        try {
            return wiring.catalog().ref(ref).name().equals(ref);
        } catch (TarnException e) {
            if (e.code() == ErrorCode.REF_NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }

    private static String list(List<String> texts) {
        return texts.stream().map(OnDemand::quoted).collect(Collectors.joining(", ", "[", "]"));
    }

    /** A text that no template language looks into. */
    private static String quoted(String text) {
        boolean template = text.contains("{{") || text.contains("{%") || text.contains("{#");
        if (template && text.contains("endraw")) {
            throw new TarnException(
                    ErrorCode.USAGE,
                    "What is asked for may not hold both double braces and the word 'endraw'.");
        }
        return plain(template ? "{% raw %}" + text + "{% endraw %}" : text);
    }

    /** A text as YAML has it in double quotes. */
    static String plain(String text) {
        StringBuilder out = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                default -> {
                    if (Character.isISOControl(c)
                            || c == '\u2028'
                            || c == '\u2029'
                            || c == '\ufeff') {
                        out.append("\\u%04x".formatted((int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        return out.append('"').toString();
    }
}
