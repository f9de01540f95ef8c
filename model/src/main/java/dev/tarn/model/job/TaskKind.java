package dev.tarn.model.job;

import dev.tarn.model.RunId;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a task does. */
public sealed interface TaskKind {
    /** The key in the file. */
    String word();

    /**
     * Executes nodes of the project as one run.
     *
     * @param verb build, ingest, seed, run, test or snapshot
     * @param full build everything anew
     * @param byInterval models that work by periods are built for the run's data interval only
     * @param retryOf the run of the project to go on from
     */
    record Build(
            String verb,
            List<TemplateText> select,
            List<TemplateText> exclude,
            Optional<TemplateText> ref,
            Map<String, TemplateText> vars,
            boolean full,
            boolean byInterval,
            Optional<RunId> retryOf)
            implements TaskKind {
        public Build {
            select = List.copyOf(select);
            exclude = List.copyOf(exclude);
            vars = Collections.unmodifiableMap(new LinkedHashMap<>(vars));
        }

        @Override
        public String word() {
            return verb;
        }
    }

    /** Executes statements as one run. */
    record Sql(TemplateText statements, Optional<TemplateText> ref) implements TaskKind {
        @Override
        public String word() {
            return "sql";
        }
    }

    /**
     * Brings what changed on a branch to another ref, in one publication.
     *
     * @param delete whether the branch is deleted then
     */
    record Merge(TemplateText branch, Optional<TemplateText> into, boolean delete)
            implements TaskKind {
        @Override
        public String word() {
            return "merge";
        }
    }

    /**
     * Looks after tables, or after all of a ref and the warehouse itself.
     *
     * @param tables empty for all
     * @param budget how long it may take
     * @param bytesMax how much may be rewritten
     */
    record Maintain(
            List<TemplateText> tables,
            Optional<TemplateText> ref,
            Optional<TemplateText> budget,
            Optional<TemplateText> bytesMax)
            implements TaskKind {
        public Maintain {
            tables = List.copyOf(tables);
        }

        @Override
        public String word() {
            return "maintain";
        }
    }

    /** Removes files of tables that nothing can reach any more. */
    record Clean() implements TaskKind {
        @Override
        public String word() {
            return "clean";
        }
    }

    /**
     * Lands rows of quarantine again.
     *
     * @param where which, over the columns of a quarantine table; empty for all
     */
    record Replay(
            List<TemplateText> select, Optional<TemplateText> where, Optional<TemplateText> ref)
            implements TaskKind {
        public Replay {
            select = List.copyOf(select);
        }

        @Override
        public String word() {
            return "replay";
        }
    }

    /**
     * Lets sources be read again from where they once stood.
     *
     * @param to {@code start}, or a state
     * @param position instead of it: a position in the form of the source's own
     * @param parts of the source; empty for all
     */
    record Rewind(
            List<TemplateText> select,
            Optional<TemplateText> to,
            Optional<TemplateText> position,
            List<TemplateText> parts,
            boolean keepRows,
            Optional<TemplateText> ref)
            implements TaskKind {
        public Rewind {
            select = List.copyOf(select);
            parts = List.copyOf(parts);
        }

        @Override
        public String word() {
            return "rewind";
        }
    }

    /**
     * Tells others what changed in tables and was not told yet.
     *
     * @param names of feeds; empty for all
     */
    record Feed(List<TemplateText> names) implements TaskKind {
        public Feed {
            names = List.copyOf(names);
        }

        @Override
        public String word() {
            return "feed";
        }
    }

    /** Runs a command line in a shell of this machine. */
    record Shell(TemplateText command, Map<String, TemplateText> environment) implements TaskKind {
        public Shell {
            environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
        }

        @Override
        public String word() {
            return "shell";
        }
    }

    /**
     * Starts a class that has a {@code main} in a Java of its own, so that it can neither stop nor
     * slow down the server.
     *
     * @param path jars and folders, as of the project's folder; {@code lib/*} is all jars in it
     * @param options of the virtual machine
     */
    record JavaClass(
            TemplateText name,
            List<TemplateText> path,
            List<TemplateText> arguments,
            List<TemplateText> options,
            Map<String, TemplateText> environment)
            implements TaskKind {
        public JavaClass {
            path = List.copyOf(path);
            arguments = List.copyOf(arguments);
            options = List.copyOf(options);
            environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
        }

        @Override
        public String word() {
            return "java";
        }
    }

    /**
     * Runs a container to its end.
     *
     * @param command instead of what the image says; empty: what the image says
     * @param folders of this machine, each with the place where the container sees it
     * @param runner what runs it; empty: what the settings say
     */
    record Container(
            TemplateText image,
            List<TemplateText> command,
            Map<String, TemplateText> environment,
            Map<String, TemplateText> folders,
            Optional<Long> memoryBytes,
            Optional<String> cpus,
            Optional<String> runner)
            implements TaskKind {
        public Container {
            command = List.copyOf(command);
            environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
            folders = Collections.unmodifiableMap(new LinkedHashMap<>(folders));
        }

        @Override
        public String word() {
            return "container";
        }
    }

    /** Sends one request. */
    record Http(
            String method,
            TemplateText url,
            Map<String, TemplateText> headers,
            Optional<TemplateText> body,
            Set<Integer> expected)
            implements TaskKind {
        public Http {
            headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
            expected = Set.copyOf(expected);
        }

        @Override
        public String word() {
            return "http";
        }
    }

    /** Lets time pass. */
    record Wait(Optional<Duration> time, Optional<TemplateText> until) implements TaskKind {
        @Override
        public String word() {
            return "wait";
        }
    }

    /** Waits for a file. */
    record FileSensor(TemplateText pattern, Duration every) implements TaskKind {
        @Override
        public String word() {
            return "file";
        }
    }

    /** Waits for a table, or for a new state of it since the data interval began. */
    record TableSensor(TemplateText table, boolean fresh, Duration every) implements TaskKind {
        @Override
        public String word() {
            return "table";
        }
    }

    /** Waits for a person. */
    record Approval(TemplateText question) implements TaskKind {
        @Override
        public String word() {
            return "approval";
        }
    }

    /** Does nothing; others can wait for it. */
    record Nothing() implements TaskKind {
        @Override
        public String word() {
            return "nothing";
        }
    }
}
