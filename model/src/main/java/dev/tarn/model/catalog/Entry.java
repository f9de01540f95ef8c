package dev.tarn.model.catalog;

import dev.tarn.model.run.Verdict;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.TablePointer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The value of an entry on a ref. */
public sealed interface Entry {
    /**
     * A table.
     *
     * @param attributes what made it: {@code node}, {@code run}, {@code fingerprint}, …; texts that
     *     the catalog keeps without reading them
     */
    record Table(TablePointer pointer, Map<String, String> attributes) implements Entry {
        public Table {
            attributes = Map.copyOf(attributes);
        }

        /**
         * What the rows are, as a text: tables with the same text have the same rows, even if
         * upkeep wrote them into other files. A mark that upkeep left counts only for the pointer
         * it was made for, so nobody who writes rows has to think of it.
         */
        public String content() {
            String mark = attributes.getOrDefault(CONTENT, "");
            String own = pointer.metadataLocation() + " ";
            return mark.startsWith(own) ? mark.substring(own.length()) : pointer.metadataLocation();
        }

        /** The same rows behind another pointer. */
        public Table rewritten(TablePointer other) {
            Map<String, String> marked = new HashMap<>(attributes);
            marked.put(CONTENT, other.metadataLocation() + " " + content());
            return new Table(other, marked);
        }

        /**
         * The same table, marked with the formats it is offered in when Iceberg is none of them.
         */
        public Table offeredAs(Optional<String> formats) {
            if (formats.equals(Optional.ofNullable(attributes.get(FORMATS)))) {
                return this;
            }
            Map<String, String> marked = new HashMap<>(attributes);
            marked.remove(FORMATS);
            formats.ifPresent(f -> marked.put(FORMATS, f));
            return new Table(pointer, marked);
        }

        /** Whether it is offered to readers of Iceberg, as far as the catalog knows. */
        public boolean isIceberg() {
            return !attributes.containsKey(FORMATS);
        }

        public static final String ICEBERG = "iceberg";
        private static final String FORMATS = "formats";
        private static final String CONTENT = "content";
    }

    /**
     * A view.
     *
     * @param sql a query whose relations are named {@code schema.table} and read on the same ref
     */
    record View(String sql, Schema schema, Map<String, String> attributes) implements Entry {
        /** The attribute that says whose SQL it is, where it is not the house dialect. */
        public static final String DIALECT = "dialect";

        /** The attribute that leads to its metadata file, where other engines made one. */
        public static final String METADATA = "view-metadata";

        public View {
            attributes = Map.copyOf(attributes);
        }
    }

    /** Where in a source reading stands: a text whose form is the source's own, usually JSON. */
    record Position(String value) implements Entry {}

    /**
     * The standing verdict of a check.
     *
     * @param basis the check's code and the versions of what it looked at: while they stay, so does
     *     the verdict
     */
    record Judgement(Verdict verdict, String basis) implements Entry {}

    /**
     * A schema that somebody made, which is there without tables too. A schema that has tables need
     * not have such an entry.
     */
    record Namespace(Map<String, String> properties) implements Entry {
        public Namespace {
            properties = Map.copyOf(properties);
        }
    }

    /** The attribute of tables that a stream writes: which of its tables it is. */
    String OF_STREAM = "stream.part";

    /** The attribute of a stream's table that says how far its time has come. */
    String WATERMARK = "stream.watermark";

    /** Whether its rows belong to one state of other tables, so that no others can be added. */
    default boolean isOfStream() {
        return attributes().containsKey(OF_STREAM);
    }

    /** What is known about a relation besides its rows; empty for anything else. */
    default Map<String, String> attributes() {
        return switch (this) {
            case Table t -> t.attributes();
            case View v -> v.attributes();
            case Position p -> Map.of();
            case Judgement j -> Map.of();
            case Namespace n -> Map.of();
        };
    }
}
