package dev.tarn.cli;

import dev.tarn.app.NodeKind;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** All commands there are, and the groups in which help shows them. */
final class Commands {
    private static final int HELP_WIDTH = 100;

    private static final SequencedMap<String, List<String>> GROUPS = new LinkedHashMap<>();

    static {
        GROUPS.put("Begin", List.of("demo", "init"));
        GROUPS.put(
                "Build",
                List.of(
                        "build",
                        "ingest",
                        "positions",
                        "quarantine",
                        "feed",
                        "seed",
                        "run",
                        "test",
                        "snapshot",
                        "retry",
                        "compile",
                        "ls",
                        "deps",
                        "dbt"));
        GROUPS.put(
                "Look", List.of("query", "shell", "tables", "show", "explain", "lineage", "runs"));
        GROUPS.put("Change", List.of("sql"));
        GROUPS.put(
                "Go back and try things",
                List.of(
                        "history", "changes", "diff", "branch", "tag", "refs", "restore", "drop",
                        "undrop", "clone"));
        GROUPS.put("Tables of others", List.of("attach", "adopt"));
        GROUPS.put("Serve", List.of("serve", "job", "alert"));
        GROUPS.put("Keep", List.of("maintain", "clean", "doctor", "completion", "version"));
    }

    private final Invocation invocation;
    private final SequencedMap<String, Supplier<CommandLine>> all = new LinkedHashMap<>();

    private Commands(Invocation invocation) {
        this.invocation = invocation;
        begin();
        build();
        look();
        time();
        others();
        serve();
        keep();
    }

    /** The command line with every command, each bound to this start of the program. */
    static CommandLine create(Invocation invocation) {
        Commands commands = new Commands(invocation);
        return commands.root(commands.all.keySet());
    }

    /**
     * The same with one command only, when that is clearly the one that is meant: to describe all
     * of them costs a start more than most of them take.
     */
    static CommandLine createFor(Invocation invocation, String[] args) {
        Commands commands = new Commands(invocation);
        boolean clear = args.length > 0 && commands.all.containsKey(args[0]);
        return commands.root(clear ? List.of(args[0]) : commands.all.keySet());
    }

    private CommandLine root(Collection<String> names) {
        CommandLine root = new CommandLine(new Root(invocation));
        for (String name : names) {
            Supplier<CommandLine> command = all.get(name);
            if (command != null) {
                root.addSubcommand(command.get());
            }
        }
        root.getHelpSectionMap()
                .put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, new GroupedHelp(GROUPS));
        root.setCaseInsensitiveEnumValuesAllowed(true);
        root.setUsageHelpWidth(HELP_WIDTH);
        root.getSubcommands().values().forEach(Commands::layOut);
        return root;
    }

    private void begin() {
        add("demo", () -> new DemoCommand(invocation));
        add("init", () -> new InitCommand(invocation));
    }

    private void build() {
        building(
                "build",
                EnumSet.allOf(NodeKind.class),
                "Ingest, seed, build models and check, then publish all at once.",
                "  tarn build",
                "  tarn build --select +orders          orders and what it needs",
                "  tarn build --exclude tag:slow --ref dev");
        all.put(
                "ingest",
                () ->
                        new CommandLine(new IngestCommand(invocation))
                                .addSubcommand(new RewindCommand(invocation)));
        add("positions", () -> new PositionsCommand(invocation));
        all.put(
                "quarantine",
                () ->
                        new CommandLine(new QuarantineCommand(invocation))
                                .addSubcommand(new QuarantineCommand.All(invocation))
                                .addSubcommand(new QuarantineCommand.Show(invocation))
                                .addSubcommand(new QuarantineCommand.Fix(invocation))
                                .addSubcommand(new QuarantineCommand.Replay(invocation)));
        add("feed", () -> new FeedCommand(invocation));
        building(
                "seed",
                EnumSet.of(NodeKind.SEED),
                "Load the CSV files of the project.",
                "  tarn seed",
                "  tarn seed --select countries --full");
        building(
                "run",
                EnumSet.of(NodeKind.MODEL),
                "Build models, without checks.",
                "  tarn run",
                "  tarn run --select orders+ --full");
        building(
                "test",
                EnumSet.of(NodeKind.CHECK, NodeKind.UNIT),
                "Check the tables that are there.",
                "  tarn test",
                "  tarn test --select orders --store-failures");
        building(
                "snapshot",
                EnumSet.of(NodeKind.SNAPSHOT),
                "Write down how the rows of snapshots changed.",
                "  tarn snapshot",
                "  tarn snapshot --select orders_history");
        add("retry", () -> new RetryCommand(invocation));
        add("dbt", () -> new DbtCommand(invocation));
        add("compile", () -> new CompileCommand(invocation));
        add("ls", () -> new LsCommand(invocation));
        add("deps", () -> new DepsCommand(invocation));
    }

    private void look() {
        add("query", () -> new QueryCommand(invocation));
        add("sql", () -> new SqlCommand(invocation));
        add("shell", () -> new ShellCommand(invocation));
        add("tables", () -> new TablesCommand(invocation));
        add("show", () -> new ShowCommand(invocation));
        add("explain", () -> new ExplainCommand(invocation));
        add("lineage", () -> new LineageCommand(invocation));
        all.put(
                "runs",
                () ->
                        new CommandLine(new RunsCommand(invocation))
                                .addSubcommand(new RunsCommand.Show(invocation)));
    }

    private void serve() {
        add("serve", () -> new ServeCommand(invocation));
        all.put(
                "alert",
                () ->
                        new CommandLine(new AlertCommand(invocation))
                                .addSubcommand(new AlertCommand.All(invocation))
                                .addSubcommand(new AlertCommand.Ack(invocation))
                                .addSubcommand(new AlertCommand.Silencing(invocation))
                                .addSubcommand(new AlertCommand.Silences(invocation))
                                .addSubcommand(new AlertCommand.Outbox(invocation))
                                .addSubcommand(new AlertCommand.Try(invocation)));
        all.put(
                "job",
                () ->
                        new CommandLine(new JobCommand(invocation))
                                .addSubcommand(new JobCommand.All(invocation))
                                .addSubcommand(new JobCommand.Show(invocation))
                                .addSubcommand(new JobCommand.Runs(invocation))
                                .addSubcommand(new JobRunning.Start(invocation))
                                .addSubcommand(new JobRunning.Again(invocation))
                                .addSubcommand(new JobCommand.Pause(invocation))
                                .addSubcommand(new JobCommand.Resume(invocation))
                                .addSubcommand(new JobCommand.Cancel(invocation))
                                .addSubcommand(new JobCommand.Mark(invocation))
                                .addSubcommand(new JobCommand.Approve(invocation))
                                .addSubcommand(new JobCommand.Log(invocation))
                                .addSubcommand(new JobImportCommand(invocation))
                                .addSubcommand(new JobExportCommand(invocation))
                                .addSubcommand(
                                        new CommandLine(new JobBackfillCommand(invocation))
                                                .addSubcommand(
                                                        new JobBackfillCommand.Pause(invocation))
                                                .addSubcommand(
                                                        new JobBackfillCommand.Resume(invocation))
                                                .addSubcommand(
                                                        new JobBackfillCommand.Cancel(
                                                                invocation))));
    }

    private void time() {
        add("history", () -> new HistoryCommand(invocation));
        add("changes", () -> new ChangesCommand(invocation));
        add("diff", () -> new DiffCommand(invocation));
        all.put(
                "branch",
                () ->
                        new CommandLine(new BranchCommand(invocation))
                                .addSubcommand(new BranchCommand.All(invocation))
                                .addSubcommand(new BranchCommand.Create(invocation))
                                .addSubcommand(new DiffCommand(invocation))
                                .addSubcommand(new BranchCommand.Merge(invocation))
                                .addSubcommand(new BranchCommand.Delete(invocation)));
        all.put(
                "tag",
                () ->
                        new CommandLine(new TagCommand(invocation))
                                .addSubcommand(new TagCommand.All(invocation))
                                .addSubcommand(new TagCommand.Create(invocation))
                                .addSubcommand(new TagCommand.Delete(invocation)));
        add("refs", () -> new RefsCommand(invocation));
        add("restore", () -> new RestoreCommand(invocation));
        add("drop", () -> new DropCommand(invocation));
        add("undrop", () -> new UndropCommand(invocation));
        add("clone", () -> new CloneCommand(invocation));
    }

    private void others() {
        add("attach", () -> new AttachCommand(invocation));
        add("adopt", () -> new AdoptCommand(invocation));
    }

    private void keep() {
        add("maintain", () -> new MaintainCommand(invocation));
        add("clean", () -> new CleanCommand(invocation));
        add("doctor", () -> new DoctorCommand(invocation));
        add("completion", () -> new CompletionCommand(invocation));
        add("version", () -> new VersionCommand(invocation));
        add("warm-up", () -> new WarmUpCommand(invocation));
    }

    private void add(String name, Supplier<Callable<Integer>> command) {
        all.put(name, () -> new CommandLine(command.get()));
    }

    private void building(
            String name, Set<NodeKind> kinds, String description, String... examples) {
        all.put(
                name,
                () -> {
                    CommandLine command =
                            new CommandLine(new BuildCommand(invocation, name, kinds));
                    command.getCommandSpec()
                            .name(name)
                            .usageMessage()
                            .description(description)
                            .footerHeading("%nExamples:%n")
                            .footer(examples);
                    return command;
                });
    }

    /** The same look for the help of every command. */
    private static void layOut(CommandLine command) {
        command.getCommandSpec()
                .usageMessage()
                .abbreviateSynopsis(true)
                .parameterListHeading("%n")
                .optionListHeading("%n");
        command.getSubcommands().values().forEach(Commands::layOut);
    }

    /** {@code tarn} without a command: shows what there is. */
    @Command(
            name = "tarn",
            description = "A lakehouse in one program: files become checked, published tables.",
            synopsisSubcommandLabel = "COMMAND",
            commandListHeading = "",
            optionListHeading = "%n",
            footer = {
                "",
                "`tarn COMMAND --help` explains a command.",
                "Exit codes: 0 done, 1 the data or a check failed, 2 wrong use or configuration,",
                "3 environment, 130 interrupted."
            })
    static final class Root implements Callable<Integer> {
        private final Invocation invocation;

        @Mixin HelpOption help = new HelpOption();

        @Option(
                names = {"-V", "--version"},
                description = "Show the version of Tarn and what it runs on.")
        boolean version;

        @Spec CommandSpec spec = CommandSpec.create();

        Root(Invocation invocation) {
            this.invocation = invocation;
        }

        @Override
        public Integer call() {
            if (version) {
                invocation.out().println(VersionCommand.line());
            } else {
                spec.commandLine().usage(invocation.out());
            }
            return ProjectCommand.DONE;
        }
    }
}
