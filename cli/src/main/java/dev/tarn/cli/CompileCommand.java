package dev.tarn.cli;

import dev.tarn.app.NodeKind;
import dev.tarn.app.Tarn;
import dev.tarn.cli.output.Amounts;
import dev.tarn.cli.output.Json;
import dev.tarn.cli.output.Listing;
import dev.tarn.cli.output.Paint;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.Project;
import dev.tarn.model.table.Field;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "compile",
        sortOptions = false,
        description = {
            "Check the whole project without running any of it.",
            "",
            "Every model is bound against the columns of its inputs. With --select, the SQL of"
                    + " those nodes is printed."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  tarn compile                     all mistakes at once, or none",
            "  tarn compile --select orders     its SQL",
            "  tarn compile --json              nodes with SQL and columns"
        })
final class CompileCommand extends ProjectCommand {
    @Mixin SelectionOptions selection = new SelectionOptions();

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    CompileCommand(Invocation invocation) {
        super(invocation);
    }

    @Override
    int run(Tarn tarn) {
        Project bound = tarn.bound();
        List<Node> nodes =
                tarn
                        .select(
                                selection.select,
                                selection.exclude,
                                EnumSet.of(NodeKind.MODEL, NodeKind.CHECK))
                        .stream()
                        .map(node -> bound.find(node.id()).orElse(node))
                        .toList();
        nodes = tarn.complete(nodes, false);
        if (json) {
            Json.print(nodes.stream().map(CompileCommand::object).toList(), invocation.out());
        } else if (selection.select.isEmpty()) {
            printCounts(bound);
        } else {
            nodes.forEach(this::printSql);
        }
        return DONE;
    }

    private void printCounts(Project bound) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        bound.nodes().values().forEach(n -> counts.merge(NodeKind.of(n).word(), 1, Integer::sum));
        List<String> parts =
                counts.entrySet().stream()
                        .map(e -> Amounts.count(e.getValue(), e.getKey(), e.getKey() + "s"))
                        .toList();
        invocation
                .out()
                .printf(
                        "%s compiles: %s.%n",
                        bound.name(), parts.isEmpty() ? "no nodes" : String.join(", ", parts));
    }

    private void printSql(Node node) {
        Paint paint = invocation.console().outPaint();
        invocation.out().println(paint.dim("-- " + node.id() + " (" + node.common().place() + ")"));
        invocation.out().println(sql(node).orElse("").strip() + "\n");
    }

    private static Map<String, @Nullable Object> object(Node node) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.putAll(LsCommand.listing().objects(List.of(node)).getFirst());
        json.put("sql", sql(node));
        if (node instanceof Node.Model model) {
            json.put("incrementalSql", model.incrementalSql().map(s -> s.sql()));
            json.put(
                    "columns",
                    model.schema()
                            .map(schema ->
                                    new Listing<Field>()
                                            .hidden("name", Field::name)
                                            .hidden("type", f -> f.type().sql())
                                            .objects(schema.fields())));
        }
        return json;
    }

    static Optional<String> sql(Node node) {
        return switch (node) {
            case Node.Model model -> Optional.of(model.sql().sql());
            case Node.Check check -> Optional.of(check.sql().sql());
            case Node.Source source -> Optional.empty();
            case Node.Seed seed -> Optional.empty();
        };
    }
}
