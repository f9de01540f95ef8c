package dev.tarn.schedule;

import dev.tarn.model.RefName;
import dev.tarn.model.RunId;
import dev.tarn.model.TableName;
import dev.tarn.model.job.TemplateText;
import dev.tarn.spi.Containers;
import dev.tarn.spi.Tracer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What tasks need of the rest of the program. Methods throw {@code TarnException} for what went
 * wrong. Safe for use by many threads.
 */
public interface Doing {
    /**
     * Executes nodes of the project as one run, and publishes it.
     *
     * @return what to hand on to later tasks
     */
    String build(BuildOrder order, Control control);

    /** Executes statements as one run, and publishes it. */
    String sql(String statements, String file, String ref, Control control);

    /**
     * Brings what changed on a branch to another ref, in one publication.
     *
     * @param delete whether the branch is deleted then
     * @param again whether an earlier attempt may have done all of it already
     * @return the number of the publication, or nothing if there was nothing to bring
     */
    String merge(RefName branch, RefName into, boolean delete, boolean again);

    /**
     * Keeps the warehouse in order.
     *
     * @return what to hand on to later tasks
     */
    String care(Care care, Control control);

    /** What keeps the warehouse in order. */
    sealed interface Care {
        /** As {@link dev.tarn.model.job.TaskKind.Maintain}. */
        record Maintain(
                List<String> tables, String ref, Optional<String> budget, Optional<String> bytesMax)
                implements Care {
            public Maintain {
                tables = List.copyOf(tables);
            }
        }

        /** As {@link dev.tarn.model.job.TaskKind.Clean}. */
        record Clean() implements Care {}

        /** As {@link dev.tarn.model.job.TaskKind.Replay}. */
        record Replay(List<String> select, Optional<String> where, String ref, String command)
                implements Care {
            public Replay {
                select = List.copyOf(select);
            }
        }

        /** As {@link dev.tarn.model.job.TaskKind.Rewind}. */
        record Rewind(
                List<String> select,
                Optional<String> to,
                Optional<String> position,
                List<String> parts,
                boolean keepRows,
                String ref)
                implements Care {
            public Rewind {
                select = List.copyOf(select);
                parts = List.copyOf(parts);
            }
        }

        /** As {@link dev.tarn.model.job.TaskKind.Feed}. */
        record Feed(List<String> names) implements Care {
            public Feed {
                names = List.copyOf(names);
            }
        }
    }

    /**
     * Ends a run of the project that nobody works on any more, so that nothing of it can be
     * published from now on.
     *
     * @return whether it was published before
     */
    boolean settle(RunId run);

    /** Where it is told how long tasks take. */
    default Tracer tracer() {
        return Tracer.OFF;
    }

    /** The project's folder, in which commands run. */
    Path folder();

    /**
     * Runs a container to its end.
     *
     * @param runner what runs it; empty: what the settings say
     * @return what to hand on to later tasks
     */
    String container(Containers.Order order, Optional<String> runner, Control control);

    /** The newest state of a table on {@code main}, if there is such a table. */
    Optional<Published> table(TableName table);

    /**
     * Whether a query over {@code main} gives true in the first column of its first row. Waits for
     * the answer.
     */
    boolean holds(TemplateText query);

    /** The files that fit a pattern, each with its size and time. */
    List<String> files(String pattern);

    /**
     * A state of a table.
     *
     * @param publication the number of the publication that made it
     */
    record Published(long publication, Instant at) {}

    /**
     * @param verb build, ingest, seed, run, test or snapshot
     * @param interval the time for which models that work by periods are built; empty for all
     * @param command what the record of runs says
     * @param retryOf a run that failed before, to go on from where that is possible
     */
    record BuildOrder(
            String verb,
            List<String> select,
            List<String> exclude,
            String ref,
            Map<String, String> vars,
            boolean full,
            Optional<dev.tarn.model.job.JobRun.Interval> interval,
            String command,
            Optional<RunId> retryOf) {
        public BuildOrder {
            select = List.copyOf(select);
            exclude = List.copyOf(exclude);
            vars = Map.copyOf(vars);
        }
    }
}
