package dev.tarn.project;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.Contract;
import dev.tarn.model.graph.Materialization;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.TypeText;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Compares the columns of a model's query with those its contract promises. As in dbt, names are
 * equal when all letters are.
 */
public final class ContractCheck {
    private static final List<String> HEADER =
            List.of("column_name", "definition_type", "contract_type", "mismatch_reason");

    private final Function<SqlText, Schema> describe;

    /**
     * @param describe the columns of a query
     */
    public ContractCheck(Function<SqlText, Schema> describe) {
        this.describe = describe;
    }

    /**
     * A model whose contract could not be looked at before the run, as it is to be built.
     *
     * @throws TarnException with a table of what differs
     */
    public Node late(Node node) {
        return node instanceof Node.Model model
                        && model.rules().contract().isPresent()
                        && model.schema().isEmpty()
                        && !model.isPython()
                        && !(model.materialization() instanceof Materialization.Custom)
                ? check(model, describe.apply(model.sql()))
                : node;
    }

    /**
     * The model with its columns in the contract's order.
     *
     * @throws TarnException with a table of what differs
     */
    Node.Model check(Node.Model model, Schema found) {
        Optional<Contract> contract = model.rules().contract();
        if (contract.isEmpty()) {
            return model.withSchema(found);
        }
        if (contract.get().columns().isEmpty()) {
            throw new TarnException(ContractErrors.noColumns(model.common().place(), model.name()));
        }
        TreeMap<String, List<String>> wrong = new TreeMap<>();
        List<Field> ordered = new ArrayList<>();
        Set<String> promised = new LinkedHashSet<>();
        for (Contract.Column column : contract.get().columns()) {
            promised.add(column.name());
            String type =
                    column.dataType()
                            .orElseThrow(() ->
                                    new TarnException(
                                            ContractErrors.columnWithoutType(
                                                    model.common().place(),
                                                    model.name(),
                                                    column.name())));
            Type wanted = type(model, type);
            Optional<Field> field =
                    found.find(column.name()).filter(f -> f.name().equals(column.name()));
            if (field.isEmpty()) {
                wrong.put(
                        column.name(),
                        List.of(column.name(), "", TypeText.of(wanted), "missing in definition"));
            } else if (!fits(field.get().type().withoutIds(), wanted, type)) {
                wrong.put(
                        column.name(),
                        List.of(
                                column.name(),
                                TypeText.of(field.get().type()),
                                TypeText.of(wanted),
                                "data type mismatch"));
            } else {
                ordered.add(field.get().withType(wanted));
            }
        }
        for (Field field : found.fields()) {
            if (!promised.contains(field.name())) {
                wrong.put(
                        field.name(),
                        List.of(
                                field.name(),
                                TypeText.of(field.type()),
                                "",
                                "missing in contract"));
            }
        }
        if (!wrong.isEmpty()) {
            throw new TarnException(
                    Problem.at(
                            ErrorCode.TYPE_MISMATCH,
                            model.common().place(),
                            ("Model '%s' does not keep its contract. Make names and data types of"
                                            + " the columns equal in both.%n%s")
                                    .formatted(
                                            model.name(), table(new ArrayList<>(wrong.values())))));
        }
        return model.withSchema(new Schema(ordered));
    }

    /** A number's precision counts only when the contract says it. */
    private static boolean fits(Type found, Type wanted, String written) {
        return found.equals(wanted)
                || (found instanceof Type.Decimal
                        && wanted instanceof Type.Decimal
                        && written.indexOf('(') < 0);
    }

    private Type type(Node.Model model, String written) {
        try {
            return describe.apply(SqlText.of("select cast(null as " + written + ") as c"))
                    .fields()
                    .getFirst()
                    .type()
                    .withoutIds();
        } catch (TarnException e) {
            throw new TarnException(
                    Problem.at(
                            ErrorCode.TYPE_MISMATCH,
                            model.common().place(),
                            "The contract of model '%s' has the data type '%s', which is not known."
                                    .formatted(model.name(), written)));
        }
    }

    private static String table(List<List<String>> rows) {
        List<Integer> widths = new ArrayList<>();
        for (int i = 0; i < HEADER.size(); i++) {
            int column = i;
            widths.add(
                    Math.max(
                            HEADER.get(i).length(),
                            rows.stream().mapToInt(r -> r.get(column).length()).max().orElse(0)));
        }
        List<String> lines = new ArrayList<>();
        lines.add(line(HEADER, widths));
        lines.add(widths.stream().map("-"::repeat).collect(Collectors.joining(" | ", "| ", " |")));
        rows.forEach(r -> lines.add(line(r, widths)));
        return String.join("\n", lines);
    }

    private static String line(List<String> cells, List<Integer> widths) {
        StringBuilder line = new StringBuilder("|");
        for (int i = 0; i < cells.size(); i++) {
            line.append(" %-".concat(widths.get(i) + "s |").formatted(cells.get(i)));
        }
        return line.toString();
    }
}
