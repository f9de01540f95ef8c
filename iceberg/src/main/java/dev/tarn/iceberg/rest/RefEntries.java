package dev.tarn.iceberg.rest;

import dev.tarn.model.AsOf;
import dev.tarn.model.RefName;
import dev.tarn.model.Suggestion;
import dev.tarn.model.TableName;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.model.table.AttachedPointer;
import dev.tarn.spi.Catalog;
import dev.tarn.spi.CatalogView;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;

/** What a ref holds at the moment of a request. */
final class RefEntries {
    static final String TABLE = "Table";
    static final String VIEW = "View";

    private final CatalogView view;

    private RefEntries(CatalogView view) {
        this.view = view;
    }

    static RefEntries read(Catalog catalog, RefName ref) {
        return new RefEntries(catalog.read(ref, AsOf.head()));
    }

    Optional<Versioned> find(TableName name) {
        return view.find(EntryKey.of(name));
    }

    /** The entry that gives a namespace its properties; one with tables may have none. */
    Optional<Versioned> namespace(String schema) {
        return view.find(EntryKey.namespace(schema));
    }

    boolean hasNamespace(String schema) {
        return namespace(schema).isPresent() || firstWithin(schema).isPresent();
    }

    void requireNamespace(Namespace namespace) {
        if (namespace.isEmpty() || !hasNamespace(Names.schema(namespace))) {
            throw RestErrors.noNamespace(
                    namespace, Suggestion.hint(Names.schema(namespace), schemas()));
        }
    }

    Map<String, String> properties(String schema) {
        return namespace(schema)
                .map(Versioned::entry)
                .map(entry ->
                        entry instanceof Entry.Namespace n
                                ? n.properties()
                                : Map.<String, String>of())
                .orElse(Map.of());
    }

    /** Something that lies in a namespace, as its name. */
    Optional<String> firstWithin(String schema) {
        return view.list(EntryKey.Kind.RELATION, schema + ".").stream()
                .findFirst()
                .or(() -> view.list(EntryKey.Kind.NAMESPACE, schema + ".").stream().findFirst())
                .map(found -> found.key().name());
    }

    /** The namespaces right below one; the empty schema stands above all. */
    List<String> children(String schema) {
        String prefix = schema.isEmpty() ? "" : schema + ".";
        TreeSet<String> children = new TreeSet<>();
        for (String each : schemas()) {
            if (each.startsWith(prefix) && each.length() > prefix.length()) {
                int dot = each.indexOf('.', prefix.length());
                children.add(dot < 0 ? each : each.substring(0, dot));
            }
        }
        return List.copyOf(children);
    }

    private Set<String> schemas() {
        TreeSet<String> schemas = new TreeSet<>();
        view.list(EntryKey.Kind.NAMESPACE, "").forEach(n -> schemas.add(n.key().name()));
        view.list(EntryKey.Kind.RELATION, "")
                .forEach(r -> schemas.add(TableName.parse(r.key().name()).schema()));
        return schemas;
    }

    /** The tables, or the views, right in a namespace; not what is attached or Delta only. */
    List<TableName> names(String schema, Class<? extends Entry> kind) {
        return view.list(EntryKey.Kind.RELATION, schema + ".").stream()
                .filter(found -> kind.isInstance(found.entry()))
                .filter(found -> found.pointer().flatMap(AttachedPointer::of).isEmpty())
                .filter(found -> !(found.entry() instanceof Entry.Table t) || t.isIceberg())
                .map(found -> TableName.parse(found.key().name()))
                .filter(name -> name.schema().equals(schema))
                .toList();
    }

    /** A table, or the refusal that says what may have been meant. */
    Versioned table(TableIdentifier identifier) {
        TableName name = Names.table(identifier);
        return find(name)
                .filter(found -> found.entry() instanceof Entry.Table)
                .orElseThrow(() -> RestErrors.noTable(name, hint(name, Entry.Table.class)));
    }

    Versioned view(TableIdentifier identifier) {
        TableName name = Names.table(identifier);
        return find(name)
                .filter(found -> found.entry() instanceof Entry.View)
                .orElseThrow(() -> RestErrors.noView(name, hint(name, Entry.View.class)));
    }

    private String hint(TableName name, Class<? extends Entry> kind) {
        List<String> others = names(name.schema(), kind).stream().map(RestErrors::shown).toList();
        return Suggestion.hint(RestErrors.shown(name), others);
    }

    /** What a name is taken by: {@code Table} or {@code View}. */
    Optional<String> taken(TableName name) {
        return find(name).map(found -> found.entry() instanceof Entry.View ? VIEW : TABLE);
    }

    /**
     * Refuses when a name is taken.
     *
     * @param what what is to be made, {@link #TABLE} or {@link #VIEW}
     */
    void requireFree(TableName name, String what) {
        taken(name)
                .ifPresent(other -> {
                    throw other.equals(what)
                            ? RestErrors.exists(what, name)
                            : RestErrors.existsAs(other, name);
                });
    }
}
