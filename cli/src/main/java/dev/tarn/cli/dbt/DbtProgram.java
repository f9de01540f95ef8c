package dev.tarn.cli.dbt;

import dev.tarn.app.NodeKind;
import dev.tarn.app.Samples;
import dev.tarn.cli.Console;
import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code dbt VERB OPTIONS}. Exit codes are dbt's: 0 done, 1 something failed, 2 could not begin.
 */
public final class DbtProgram {
    private static final int COULD_NOT_BEGIN = 2;
    private static final Set<String> VERBS =
            Set.of(
                    "build",
                    "run",
                    "test",
                    "seed",
                    "snapshot",
                    "retry",
                    "compile",
                    "parse",
                    "show",
                    "list",
                    "ls",
                    "clone",
                    "run-operation",
                    "source",
                    "docs",
                    "debug",
                    "clean",
                    "init",
                    "deps");

    /** Options before the verb whose value could be taken for one. */
    private static final Set<String> WITH_VALUE =
            Set.of(
                    "--log-format",
                    "--log-level",
                    "--log-format-file",
                    "--log-level-file",
                    "--log-path",
                    "--log-file-max-bytes",
                    "--printer-width",
                    "--profile",
                    "--profiles-dir",
                    "--project-dir",
                    "--record-timing-info",
                    "-r",
                    "--state",
                    "--defer-state",
                    "--target",
                    "-t",
                    "--target-path",
                    "--threads",
                    "--vars",
                    "--warn-error-options",
                    "--warehouse");

    private final Console console;
    private final Stopping stopping;

    public DbtProgram(Console console, Stopping stopping) {
        this.console = console;
        this.stopping = stopping;
    }

    /** Does one verb; returns the exit code. */
    public int run(List<String> args) {
        List<String> ordered = verbFirst(args);
        if (ordered.contains("--version")
                || (ordered.size() == 1 && List.of("-v", "-V").contains(ordered.getFirst()))) {
            console.out().println("Core:\n  - installed: " + Artifacts.DBT_VERSION + " (Tarn)");
            return 0;
        }
        CommandLine program = program();
        program.setParameterExceptionHandler((e, all) -> told(List.of(e.getMessage())));
        program.setExecutionExceptionHandler((e, command, parsed) -> failed(e));
        program.setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8));
        program.setErr(new PrintWriter(console.err(), true, StandardCharsets.UTF_8));
        try {
            return program.execute(withDefaults(program, ordered).toArray(new String[0]));
        } catch (TarnException e) {
            return failed(e);
        }
    }

    /** With the options that the environment and the project say, before those that are typed. */
    private List<String> withDefaults(CommandLine program, List<String> args) {
        CommandLine command = program;
        int words = 0;
        while (words < args.size()) {
            CommandLine next = command.getSubcommands().get(args.get(words));
            if (next == null) {
                break;
            }
            command = next;
            words++;
        }
        if (words == 0) {
            return args;
        }
        Path project = console.directory();
        for (int i = words; i + 1 < args.size(); i++) {
            if (args.get(i).equals("--project-dir")) {
                project = console.directory().resolve(args.get(i + 1));
            }
        }
        List<String> all = new ArrayList<>(args.subList(0, words));
        all.addAll(
                Defaults.of(
                        command.getCommandSpec(), console.environment(), project, console.clock()));
        if (args.getFirst().equals("retry")) {
            boolean variables = !args.contains("--vars");
            Path folder = project.resolve(state(args, project));
            EarlierRun.read(folder).ifPresent(run -> all.addAll(run.options(variables)));
        }
        all.addAll(args.subList(words, args.size()));
        return all;
    }

    /** The folder of artifacts that a retry goes on from. */
    private String state(List<String> args, Path project) {
        String folder = Defaults.target(console.environment(), project, console.clock());
        for (int i = 0; i + 1 < args.size(); i++) {
            if (args.get(i).equals("--target-path") || args.get(i).equals("--state")) {
                folder = args.get(i + 1);
                if (args.get(i).equals("--state")) {
                    return folder;
                }
            }
        }
        return folder;
    }

    /** Options may stand before the verb; they belong to it all the same. */
    private static List<String> verbFirst(List<String> args) {
        for (int i = 0; i < args.size(); i++) {
            if (WITH_VALUE.contains(args.get(i))) {
                i++;
            } else if (VERBS.contains(args.get(i))) {
                List<String> ordered = new ArrayList<>(List.of(args.get(i)));
                List<String> rest = new ArrayList<>(args.subList(i + 1, args.size()));
                boolean nested = args.get(i).equals("source") || args.get(i).equals("docs");
                if (nested && !rest.isEmpty()) {
                    ordered.add(rest.removeFirst());
                }
                ordered.addAll(args.subList(0, i));
                ordered.addAll(rest);
                return ordered;
            }
        }
        return args;
    }

    private CommandLine program() {
        CommandLine root = new CommandLine(new Root(console));
        building(root, "build", EnumSet.allOf(NodeKind.class));
        building(root, "run", EnumSet.of(NodeKind.MODEL));
        building(root, "test", EnumSet.of(NodeKind.CHECK, NodeKind.UNIT));
        building(root, "seed", EnumSet.of(NodeKind.SEED));
        building(root, "snapshot", EnumSet.of(NodeKind.SNAPSHOT));
        building(root, "retry", EnumSet.allOf(NodeKind.class));
        for (String name : List.of("compile", "parse", "show")) {
            root.addSubcommand(name, new Verbs(new CodeVerb(console, stopping, name)).command());
        }
        root.addSubcommand("list", new Verbs(new ListVerb(console, stopping)).command(), "ls");
        root.addSubcommand(
                "run-operation", new Verbs(new OperationVerb(console, stopping)).command());
        root.addSubcommand("clone", new Verbs(new CloneVerb(console, stopping)).command());
        root.addSubcommand("deps", new Verbs(new DepsVerb(console, stopping)).command());
        root.addSubcommand("debug", new Verbs(new OtherVerbs.Debug(console, stopping)).command());
        root.addSubcommand("clean", new Verbs(new CleanVerb(console, stopping)).command());
        root.addSubcommand("init", new CommandLine(new Init(console)));
        root.addSubcommand(
                "source",
                new CommandLine(new Group(console))
                        .addSubcommand(
                                "freshness",
                                new Verbs(new OtherVerbs.SourceFreshness(console, stopping))
                                        .command(),
                                "snapshot-freshness"));
        root.addSubcommand(
                "docs",
                new CommandLine(new Group(console))
                        .addSubcommand(
                                "generate",
                                new Verbs(new DocsGenerate(console, stopping)).command())
                        .addSubcommand(
                                "serve", new Verbs(new DocsServe(console, stopping)).command()));
        return root;
    }

    private void building(CommandLine root, String name, Set<NodeKind> kinds) {
        root.addSubcommand(
                name, new Verbs(new BuildVerb(console, stopping, name, kinds)).command());
    }

    /** A verb as a command; an option given twice counts as it was said last. */
    private record Verbs(Verb verb) {
        CommandLine command() {
            CommandLine command = new CommandLine(verb);
            command.setOverwrittenOptionsAllowed(true);
            return command;
        }
    }

    private int failed(Exception failure) {
        if (failure instanceof TarnException known) {
            return told(known.problems().stream().map(Problem::toString).toList());
        }
        return told(List.of("Tarn itself failed: " + failure));
    }

    private int told(List<String> messages) {
        Log log = new Log(console.out(), console.clock(), Log.Style.PLAIN, Optional.empty());
        log.line("Encountered an error:");
        messages.forEach(log::line);
        return COULD_NOT_BEGIN;
    }

    /** {@code dbt} without a verb. */
    @Command(name = "dbt")
    static final class Root implements Callable<Integer> {
        private final Console console;

        @Option(
                names = {"-h", "--help"},
                usageHelp = true)
        boolean help;

        Root(Console console) {
            this.console = console;
        }

        @Override
        public Integer call() {
            console.out().println("Usage: dbt VERB [OPTIONS]\n");
            console.out().println("Verbs: " + String.join(", ", VERBS.stream().sorted().toList()));
            return 0;
        }
    }

    /** A verb of two words. */
    @Command
    static final class Group implements Callable<Integer> {
        private final Console console;

        Group(Console console) {
            this.console = console;
        }

        @Override
        public Integer call() {
            console.err().println("Say what: source freshness, docs generate, docs serve.");
            return COULD_NOT_BEGIN;
        }
    }

    /** {@code dbt init NAME}. */
    @Command
    static final class Init implements Callable<Integer> {
        private final Console console;

        @Parameters(paramLabel = "NAME", arity = "0..1")
        Optional<String> name = Optional.empty();

        @Option(
                names = {"-h", "--help"},
                usageHelp = true)
        boolean help;

        /** There is no connection to set up: data is in Tarn's own warehouse. */
        @Option(
                names = {
                    "-s",
                    "--skip-profile-setup",
                    "-q",
                    "--quiet",
                    "--no-quiet",
                    "-d",
                    "--debug"
                })
        boolean accepted;

        @Option(
                names = {
                    "--profile",
                    "--project-dir",
                    "--profiles-dir",
                    "-t",
                    "--target",
                    "--vars"
                })
        List<String> acceptedWithValue = List.of();

        Init(Console console) {
            this.console = console;
        }

        @Override
        public Integer call() {
            Log log = new Log(console.out(), console.clock(), Log.Style.PLAIN, Optional.empty());
            if (name.isEmpty()) {
                if (!Files.isRegularFile(console.directory().resolve("dbt_project.yml"))) {
                    throw DbtErrors.noName();
                }
                log.info(
                        "There is nothing to set up: the data of this project is in its warehouse.");
                return 0;
            }
            Path directory = console.directory().resolve(name.get());
            if (Files.exists(directory.resolve("dbt_project.yml"))) {
                log.line("A project called " + name.get() + " already exists here.");
                return 1;
            }
            Samples.init(directory, Samples.projectName(directory));
            log.info("Your new dbt project \"" + name.get() + "\" was created!");
            return 0;
        }
    }
}
