package dev.tarn.cli;

import dev.tarn.app.NodeKind;
import dev.tarn.app.Tarn;
import dev.tarn.cli.output.Listing;
import dev.tarn.model.graph.Node;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "ls",
        aliases = "list",
        sortOptions = false,
        description = "List the nodes of the project.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  tarn ls",
            "  tarn ls --select +orders      what orders is made of",
            "  tarn ls --kind check --json"
        })
final class LsCommand extends ProjectCommand {
    @Mixin SelectionOptions selection = new SelectionOptions();

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            split = ",",
            completionCandidates = Kinds.class,
            description = "Only these: ${COMPLETION-CANDIDATES}.")
    Set<NodeKind> kinds = EnumSet.allOf(NodeKind.class);

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    /** The kinds as people write them. */
    static final class Kinds implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Arrays.stream(NodeKind.values()).map(NodeKind::word).iterator();
        }
    }

    LsCommand(Invocation invocation) {
        super(invocation);
    }

    @Override
    int run(Tarn tarn) {
        print(
                listing(),
                tarn.select(selection.select, selection.exclude, kinds),
                json,
                "No nodes are selected.");
        return DONE;
    }

    static Listing<Node> listing() {
        return new Listing<Node>()
                .left("NODE", "name", Node::name)
                .left("KIND", "kind", node -> NodeKind.of(node).word())
                .left("AS", "materialization", LsCommand::materialization)
                .left("TABLE", "table", LsCommand::relation)
                .left("FILE", "file", node -> node.common().place().file())
                .left("TAGS", "tags", node -> node.common().tags())
                .hidden("id", node -> node.id().value())
                .hidden(
                        "dependsOn",
                        node -> node.dependsOn().stream().map(Object::toString).toList())
                .hidden("description", node -> node.common().description())
                .hidden("owner", node -> node.common().owner());
    }

    private static Optional<String> materialization(Node node) {
        return node instanceof Node.Model model
                ? Optional.of(model.materialization().word())
                : Optional.empty();
    }

    private static Optional<String> relation(Node node) {
        return switch (node) {
            case Node.Source source -> Optional.of(source.relation().toString());
            case Node.Seed seed -> Optional.of(seed.relation().toString());
            case Node.Model model -> Optional.of(model.relation().toString());
            case Node.Check check -> Optional.empty();
        };
    }
}
