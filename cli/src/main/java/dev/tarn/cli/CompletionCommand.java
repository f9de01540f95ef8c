package dev.tarn.cli;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Parameters;

@Command(
        name = "completion",
        description = "Print a script with which a shell completes tarn's commands and options.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  source <(tarn completion bash)                                 in ~/.bashrc",
            "  source <(tarn completion zsh)                                  in ~/.zshrc",
            "  tarn completion fish > ~/.config/fish/completions/tarn.fish"
        })
final class CompletionCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Mixin HelpOption help = new HelpOption();

    @Parameters(paramLabel = "SHELL", description = "bash, zsh or fish.")
    ShellKind shell = ShellKind.bash;

    /** The shells there are scripts for, as people write them. */
    @SuppressWarnings("JavaStyle") // the names are what one types
    enum ShellKind {
        bash,
        zsh,
        fish
    }

    CompletionCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        CommandLine root = Commands.create(invocation);
        invocation
                .out()
                .print(
                        switch (shell) {
                            case bash -> bash(root);
                            case zsh ->
                                    "autoload -U +X compinit && compinit\n"
                                            + "autoload -U +X bashcompinit && bashcompinit\n"
                                            + bash(root);
                            case fish -> fish(root.getCommandSpec());
                        });
        return ProjectCommand.DONE;
    }

    /** Options that take a file or a folder are completed as the shell itself does it. */
    private static String bash(CommandLine root) {
        String script = AutoComplete.bash("tarn", root);
        Set<String> words = new LinkedHashSet<>();
        addPaths(root, words);
        for (String word : words) {
            script =
                    script.replace(
                            word + "\n      return\n",
                            word
                                    + "\n      type compopt &>/dev/null && compopt -o default"
                                    + "\n      return\n");
        }
        return script;
    }

    private static void addPaths(CommandLine command, Set<String> words) {
        for (OptionSpec option : command.getCommandSpec().options()) {
            if (List.of(option.auxiliaryTypes()).contains(Path.class)) {
                words.add("'" + String.join("'|'", option.names()) + "')");
            }
        }
        command.getSubcommands().values().forEach(child -> addPaths(child, words));
    }

    private static String fish(CommandSpec root) {
        StringBuilder script = new StringBuilder("complete -c tarn -f\n");
        root.subcommands()
                .forEach((name, command) -> {
                    CommandSpec child = command.getCommandSpec();
                    if (child.usageMessage().hidden()) {
                        return;
                    }
                    script.append("complete -c tarn -n __fish_use_subcommand -a ")
                            .append(name)
                            .append(" -d ")
                            .append(quoted(first(child.usageMessage().description())))
                            .append('\n');
                    appendChildren(name, child, script);
                    child.options().forEach(option -> append(name, option, script));
                });
        return script.toString();
    }

    private static void appendChildren(String parent, CommandSpec spec, StringBuilder script) {
        for (String name : spec.subcommands().keySet()) {
            script.append("complete -c tarn -n '__fish_seen_subcommand_from ")
                    .append(parent)
                    .append("' -a ")
                    .append(name)
                    .append('\n');
        }
    }

    private static void append(String command, OptionSpec option, StringBuilder script) {
        if (option.hidden()) {
            return;
        }
        script.append("complete -c tarn -n '__fish_seen_subcommand_from ")
                .append(command)
                .append('\'');
        for (String name : List.of(option.names())) {
            script.append(
                    name.startsWith("--")
                            ? " -l " + name.substring(2)
                            : " -s " + name.substring(1));
        }
        if (option.arity().max() > 0) {
            script.append(" -r -F");
        }
        script.append(" -d ").append(quoted(first(option.description()))).append('\n');
    }

    private static String first(String[] texts) {
        return texts.length == 0 ? "" : texts[0];
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
