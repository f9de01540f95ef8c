package dev.tarn.run;

import dev.tarn.model.TableName;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.spi.Catalog.EntryVersion;
import dev.tarn.spi.CatalogView;
import dev.tarn.spi.Relation;
import java.util.ArrayList;
import java.util.List;

/** The columns that sources were seen with, and how they changed: relations for queries. */
final class SourceSchemas {
    private static final String END = "#schema";
    private static final int VERSIONS_TOLD = 1_000;

    private final CatalogView view;

    SourceSchemas(CatalogView view) {
        this.view = view;
    }

    /** Whether an entry has the columns of a source. */
    static boolean isOne(EntryKey key) {
        return key.name().endsWith(END) && key.name().indexOf('/') < 0;
    }

    private List<Versioned> entries() {
        return view.list(EntryKey.Kind.POSITION, "").stream().filter(v -> isOne(v.key())).toList();
    }

    private static TableName table(EntryKey key) {
        return TableName.parse(key.name().substring(0, key.name().length() - END.length()));
    }

    /** What they have. */
    Relation columns() {
        List<List<Object>> rows = new ArrayList<>();
        for (Versioned found : entries()) {
            if (found.entry() instanceof Entry.Position schema) {
                TableName table = table(found.key());
                rows.add(
                        List.of(
                                table.schema(),
                                table.table(),
                                found.version().value(),
                                schema.value()));
            }
        }
        Relation.View all =
                ContentsViews.listing(
                        "table_schema varchar, table_name varchar, publication bigint, value varchar",
                        rows);
        return new Relation.View(
                "select table_schema, table_name, c.name as column_name, c.place as ordinal_position, c.type as data_type, publication from (select *, unnest(list_transform(from_json(value -> 'columns', '[{\"name\":\"VARCHAR\",\"type\":\"VARCHAR\"}]'), lambda x, i: {'name': x.name, 'type': x.type, 'place': i})) as c from (%s))"
                        .formatted(all.sql()));
    }

    /** What became of them. */
    Relation history(PastStates states) {
        List<List<Object>> rows = new ArrayList<>();
        for (Versioned found : entries()) {
            TableName table = table(found.key());
            for (EntryVersion version : states.versions(view, found.key(), VERSIONS_TOLD)) {
                if (version.value().map(Versioned::entry).orElse(null)
                        instanceof Entry.Position schema) {
                    rows.add(
                            List.of(
                                    table.schema(),
                                    table.table(),
                                    version.publication().id().value(),
                                    version.publication().at().toString(),
                                    schema.value()));
                }
            }
        }
        Relation.View all =
                ContentsViews.listing(
                        "table_schema varchar, table_name varchar, publication bigint, published_at timestamptz, value varchar",
                        rows);
        return new Relation.View(
                "select table_schema, table_name, publication, published_at, c.change, c.column as column_name, c.now as data_type, c.was as previous_type from (select *, unnest(from_json(value -> 'changes', '[{\"change\":\"VARCHAR\",\"column\":\"VARCHAR\",\"now\":\"VARCHAR\",\"was\":\"VARCHAR\"}]')) as c from (%s))"
                        .formatted(all.sql()));
    }
}
