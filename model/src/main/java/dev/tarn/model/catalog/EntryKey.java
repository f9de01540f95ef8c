package dev.tarn.model.catalog;

import dev.tarn.model.TableName;

/**
 * The name of something a ref holds.
 *
 * @param name for tables and views {@code schema.table}; for positions {@code source/what}; for
 *     verdicts the id of the check; for namespaces the schema
 */
public record EntryKey(Kind kind, String name) implements Comparable<EntryKey> {
    /** What an entry can be. Tables and views share their names; the others have their own. */
    public enum Kind {
        RELATION,
        POSITION,
        VERDICT,
        NAMESPACE
    }

    public static EntryKey of(TableName table) {
        return new EntryKey(Kind.RELATION, table.toString());
    }

    public static EntryKey position(String name) {
        return new EntryKey(Kind.POSITION, name);
    }

    public static EntryKey verdict(String check) {
        return new EntryKey(Kind.VERDICT, check);
    }

    /** A schema that is there by itself, with or without tables. */
    public static EntryKey namespace(String schema) {
        return new EntryKey(Kind.NAMESPACE, schema);
    }

    @Override
    public int compareTo(EntryKey other) {
        int byKind = kind.compareTo(other.kind);
        return byKind != 0 ? byKind : name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return switch (kind) {
            case RELATION -> name;
            case POSITION -> "position " + name;
            case VERDICT -> "verdict " + name;
            case NAMESPACE -> "namespace " + name;
        };
    }
}
