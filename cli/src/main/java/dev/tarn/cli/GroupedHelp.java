package dev.tarn.cli;

import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.Column.Overflow;
import picocli.CommandLine.Help.TextTable;
import picocli.CommandLine.IHelpSectionRenderer;

/** Lists commands under headings, in the order in which a person meets them. */
final class GroupedHelp implements IHelpSectionRenderer {
    private final SequencedMap<String, List<String>> groups;

    GroupedHelp(SequencedMap<String, List<String>> groups) {
        this.groups = groups;
    }

    @Override
    public String render(Help help) {
        Map<String, CommandLine> commands = help.commandSpec().subcommands();
        int width =
                groups.values().stream()
                        .flatMap(List::stream)
                        .mapToInt(String::length)
                        .max()
                        .orElse(0);
        StringBuilder text = new StringBuilder();
        groups.forEach((heading, names) -> {
            TextTable table =
                    TextTable.forColumns(
                            help.colorScheme(),
                            new Column(width + 4, 2, Overflow.SPAN),
                            new Column(92 - width, 2, Overflow.WRAP));
            for (String name : names) {
                CommandLine command = commands.get(name);
                if (command != null) {
                    String[] what = command.getCommandSpec().usageMessage().description();
                    table.addRowValues(
                            help.colorScheme().commandText(name),
                            help.colorScheme().text(what.length == 0 ? "" : what[0]));
                }
            }
            text.append("\n").append(heading).append(":\n").append(table);
        });
        return text.toString();
    }
}
