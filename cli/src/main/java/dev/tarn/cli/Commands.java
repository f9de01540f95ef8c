package dev.tarn.cli;

import dev.tarn.app.NodeKind;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.Spec;

/** All commands there are, and the groups in which help shows them. */
final class Commands {
    private static final int HELP_WIDTH = 100;

    private static final SequencedMap<String, List<String>> GROUPS = new LinkedHashMap<>();

    static {
        GROUPS.put("Begin", List.of("demo", "init"));
        GROUPS.put(
                "Build",
                List.of("build", "ingest", "seed", "run", "test", "retry", "compile", "ls"));
        GROUPS.put(
                "Look",
                List.of("query", "shell", "tables", "show", "history", "explain", "runs", "refs"));
        GROUPS.put("Keep", List.of("clean", "doctor", "completion", "version"));
    }

    private Commands() {}

    /** The command line with every command, each bound to this start of the program. */
    static CommandLine create(Invocation invocation) {
        CommandLine root = new CommandLine(new Root(invocation));
        root.addSubcommand(new DemoCommand(invocation))
                .addSubcommand(new InitCommand(invocation))
                .addSubcommand(
                        building(
                                invocation,
                                "build",
                                EnumSet.allOf(NodeKind.class),
                                "Ingest, seed, build models and check, then publish all at once.",
                                "  tarn build",
                                "  tarn build --select +orders          orders and what it needs",
                                "  tarn build --exclude tag:slow --ref dev"))
                .addSubcommand(
                        building(
                                invocation,
                                "ingest",
                                EnumSet.of(NodeKind.SOURCE),
                                "Land new files in the tables of sources, each exactly once.",
                                "  tarn ingest",
                                "  tarn ingest --select source:shop"))
                .addSubcommand(
                        building(
                                invocation,
                                "seed",
                                EnumSet.of(NodeKind.SEED),
                                "Load the CSV files of the project.",
                                "  tarn seed",
                                "  tarn seed --select countries --full"))
                .addSubcommand(
                        building(
                                invocation,
                                "run",
                                EnumSet.of(NodeKind.MODEL),
                                "Build models, without checks.",
                                "  tarn run",
                                "  tarn run --select orders+ --full"))
                .addSubcommand(
                        building(
                                invocation,
                                "test",
                                EnumSet.of(NodeKind.CHECK),
                                "Check the tables that are there.",
                                "  tarn test",
                                "  tarn test --select orders --store-failures"))
                .addSubcommand(new RetryCommand(invocation))
                .addSubcommand(new CompileCommand(invocation))
                .addSubcommand(new LsCommand(invocation))
                .addSubcommand(new QueryCommand(invocation))
                .addSubcommand(new ShellCommand(invocation))
                .addSubcommand(new TablesCommand(invocation))
                .addSubcommand(new ShowCommand(invocation))
                .addSubcommand(new HistoryCommand(invocation))
                .addSubcommand(new ExplainCommand(invocation))
                .addSubcommand(
                        new CommandLine(new RunsCommand(invocation))
                                .addSubcommand(new RunsCommand.Show(invocation)))
                .addSubcommand(
                        new CommandLine(new RefsCommand(invocation))
                                .addSubcommand(new RefsCommand.Create(invocation))
                                .addSubcommand(new RefsCommand.Delete(invocation)))
                .addSubcommand(new CleanCommand(invocation))
                .addSubcommand(new DoctorCommand(invocation))
                .addSubcommand(new CompletionCommand(invocation))
                .addSubcommand(new VersionCommand(invocation))
                .addSubcommand(new WarmUpCommand(invocation));
        root.getHelpSectionMap()
                .put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, new GroupedHelp(GROUPS));
        root.setCaseInsensitiveEnumValuesAllowed(true);
        root.setUsageHelpWidth(HELP_WIDTH);
        root.getSubcommands().values().forEach(Commands::layOut);
        return root;
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

    private static CommandLine building(
            Invocation invocation,
            String name,
            Set<NodeKind> kinds,
            String description,
            String... examples) {
        CommandLine command = new CommandLine(new BuildCommand(invocation, name, kinds));
        command.getCommandSpec()
                .name(name)
                .usageMessage()
                .description(description)
                .footerHeading("%nExamples:%n")
                .footer(examples);
        return command;
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

        @Spec CommandSpec spec = CommandSpec.create();

        Root(Invocation invocation) {
            this.invocation = invocation;
        }

        @Override
        public Integer call() {
            spec.commandLine().usage(invocation.out());
            return ProjectCommand.DONE;
        }
    }
}
