package dev.tarn.run;

import dev.tarn.model.TableName;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.model.table.TablePointer;
import dev.tarn.spi.CatalogView;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A table whose rows are those of a query over states of other tables, as the attributes of its
 * entry say it.
 *
 * @param sql the query
 * @param state where the metadata were when the rows were last made by Tarn
 * @param inputs what the query read then
 * @param refresh whether every run that changes its inputs brings it up to date
 * @param how what was done last
 */
public record MaterializedView(
        String sql, String state, Map<TableName, Input> inputs, Refresh refresh, String how) {
    /** The attribute that says what was done last. */
    public static final String HOW = "materialized.how";

    private static final String SQL = "materialized.sql";
    private static final String STATE = "materialized.state";
    private static final String INPUTS = "materialized.inputs";
    private static final String REFRESH = "materialized.refresh";

    /** When it is brought up to date. */
    public enum Refresh {
        WITH_INPUTS,
        MANUAL
    }

    /** What a relation was. */
    public sealed interface Input {
        /**
         * @param content a name of its rows, see {@link Entry.Table#content()}
         */
        record Table(TablePointer pointer, String content) implements Input {}

        record View(String sql) implements Input {}

        /** Whether it has the same rows. */
        default boolean isThatOf(Input other) {
            return (this instanceof Table mine && other instanceof Table theirs)
                    ? mine.content().equals(theirs.content())
                    : equals(other);
        }
    }

    public MaterializedView {
        inputs = Map.copyOf(inputs);
    }

    static boolean is(Entry entry) {
        return entry.attributes().containsKey(SQL);
    }

    /** What an entry says; empty if it is no such view. */
    public static Optional<MaterializedView> of(Entry entry) {
        Map<String, String> said = entry.attributes();
        String sql = said.get(SQL);
        return sql == null || !(entry instanceof Entry.Table)
                ? Optional.empty()
                : Optional.of(
                        new MaterializedView(
                                sql,
                                said.getOrDefault(STATE, ""),
                                parsed(said.getOrDefault(INPUTS, "")),
                                said.containsKey(REFRESH) ? Refresh.MANUAL : Refresh.WITH_INPUTS,
                                said.getOrDefault(HOW, "")));
    }

    /** The attributes with what this says. */
    Map<String, String> in(Map<String, String> attributes) {
        Map<String, String> all = new HashMap<>(attributes);
        all.put(SQL, sql);
        all.put(STATE, state);
        all.put(INPUTS, text(inputs));
        all.put(HOW, how);
        all.remove(REFRESH);
        if (refresh == Refresh.MANUAL) {
            all.put(REFRESH, "manual");
        }
        return all;
    }

    /** The same rows behind another pointer, whether it is one of these or any other table. */
    static Entry.Table moved(Entry.Table before, TablePointer pointer) {
        Map<String, String> all = new HashMap<>(before.attributes());
        if (before.content().equals(all.get(STATE))) {
            all.put(STATE, pointer.metadataLocation());
        }
        return new Entry.Table(pointer, all);
    }

    /** What relations are now; empty if one is not there. */
    static Optional<Map<TableName, Input>> now(Set<TableName> names, CatalogView view) {
        Map<TableName, Input> inputs = new TreeMap<>();
        for (TableName name : names) {
            Optional<Input> input =
                    view.find(EntryKey.of(name))
                            .map(Versioned::entry)
                            .flatMap(MaterializedView::input);
            if (input.isEmpty()) {
                return Optional.empty();
            }
            inputs.put(name, input.get());
        }
        return Optional.of(inputs);
    }

    private static Optional<Input> input(Entry entry) {
        return switch (entry) {
            case Entry.Table table ->
                    Optional.of(new Input.Table(table.pointer(), table.content()));
            case Entry.View view -> Optional.of(new Input.View(view.sql()));
            case Entry.Position p -> Optional.empty();
            case Entry.Judgement j -> Optional.empty();
            case Entry.Namespace n -> Optional.empty();
        };
    }

    private static String text(Map<TableName, Input> inputs) {
        return new TreeMap<>(inputs)
                .entrySet().stream()
                        .map(e -> e.getKey() + "\t" + text(e.getValue()))
                        .collect(Collectors.joining("\n"));
    }

    private static String text(Input input) {
        return switch (input) {
            case Input.Table table ->
                    "table\t%s\t%s".formatted(table.pointer().metadataLocation(), table.content());
            case Input.View view ->
                    "view\t"
                            + view.sql()
                                    .replace("\\", "\\\\")
                                    .replace("\n", "\\n")
                                    .replace("\r", "\\r")
                                    .replace("\t", "\\t");
        };
    }

    private static Map<TableName, Input> parsed(String text) {
        Map<TableName, Input> inputs = new TreeMap<>();
        text.lines()
                .map(line -> line.split("\t", -1))
                .forEach(part ->
                        inputs.put(
                                TableName.parse(part[0]),
                                part[1].equals("table")
                                        ? new Input.Table(new TablePointer(part[2]), part[3])
                                        : new Input.View(plain(part[2]))));
        return inputs;
    }

    private static String plain(String escaped) {
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < escaped.length(); i++) {
            char c = escaped.charAt(i);
            if (c == '\\' && i + 1 < escaped.length()) {
                char next = escaped.charAt(++i);
                plain.append(
                        switch (next) {
                            case 'n' -> '\n';
                            case 'r' -> '\r';
                            case 't' -> '\t';
                            default -> next;
                        });
            } else {
                plain.append(c);
            }
        }
        return plain.toString();
    }
}
