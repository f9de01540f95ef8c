package dev.tarn.iceberg;

import dev.tarn.model.table.PartitionField;
import dev.tarn.model.table.TableDefinition;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.UpdatePartitionSpec;
import org.apache.iceberg.UpdateProperties;

/** Changes how rows are laid out from now on. */
final class Redefinition {
    private Redefinition() {}

    /** Makes the changes in one step; without differences nothing happens. */
    static void apply(TableChange line, TableDefinition definition) {
        TableMetadata table = line.current();
        Definitions.targetFileBytes(definition.properties());
        WriteProperties.options(definition.properties());
        int version = Definitions.formatVersion(definition.properties(), table.formatVersion());
        if (version < table.formatVersion()) {
            throw IcebergErrors.formatVersionLowered(
                    table.location(), table.formatVersion(), version);
        }
        Transaction transaction = line.table().newTransaction();
        properties(transaction, table, definition.properties(), version);
        partitioning(transaction, table, definition.partitioning());
        sortOrder(transaction, table, definition);
        transaction.commitTransaction();
    }

    private static void properties(
            Transaction transaction, TableMetadata table, Map<String, String> wanted, int version) {
        Map<String, String> set = new HashMap<>();
        for (Map.Entry<String, String> entry : wanted.entrySet()) {
            boolean isVersion = entry.getKey().equals(TableProperties.FORMAT_VERSION);
            if (!isVersion && !entry.getValue().equals(table.properties().get(entry.getKey()))) {
                set.put(entry.getKey(), entry.getValue());
            }
        }
        if (version > table.formatVersion()) {
            set.put(TableProperties.FORMAT_VERSION, Integer.toString(version));
        }
        WriteProperties.requireKnown(set);
        WriteProperties.requireColumns(set, table.schema());
        Set<String> removed = new HashSet<>(States.declared(table.properties()).keySet());
        removed.removeAll(wanted.keySet());
        if (set.isEmpty() && removed.isEmpty()) {
            return;
        }
        UpdateProperties update = transaction.updateProperties();
        set.forEach(update::set);
        removed.forEach(update::remove);
        update.commit();
    }

    private static void partitioning(
            Transaction transaction, TableMetadata table, List<PartitionField> wanted) {
        Schema schema = table.schema();
        PartitionSpec asked = Layout.spec(schema, wanted);
        Set<String> before = signatures(table.spec());
        Set<String> after = signatures(asked);
        if (before.equals(after)) {
            return;
        }
        UpdatePartitionSpec update = transaction.updateSpec();
        for (org.apache.iceberg.PartitionField field : table.spec().fields()) {
            if (!after.contains(signature(field)) && !field.transform().isVoid()) {
                update.removeField(field.name());
            }
        }
        for (int i = 0; i < wanted.size(); i++) {
            org.apache.iceberg.PartitionField field = asked.fields().get(i);
            if (!before.contains(signature(field)) && !field.transform().isVoid()) {
                update.addField(
                        field.name(),
                        Layout.transformTerm(
                                schema.findColumnName(field.sourceId()),
                                wanted.get(i).transform()));
            }
        }
        update.commit();
    }

    private static Set<String> signatures(PartitionSpec spec) {
        Set<String> signatures = new HashSet<>();
        spec.fields().forEach(f -> signatures.add(signature(f)));
        return signatures;
    }

    private static String signature(org.apache.iceberg.PartitionField field) {
        return field.sourceId() + " " + field.transform() + " " + field.name();
    }

    private static void sortOrder(
            Transaction transaction, TableMetadata table, TableDefinition definition) {
        SortOrder asked = Layout.order(table.schema(), definition.sortOrder());
        if (asked.sameOrder(table.sortOrder())) {
            return;
        }
        var update = transaction.replaceSortOrder();
        Schema schema = table.schema();
        definition
                .sortOrder()
                .forEach(field -> {
                    var term =
                            Layout.transformTerm(
                                    Layout.column(schema, field.column(), "sort order"),
                                    field.transform());
                    if (field.descending()) {
                        update.desc(term, Layout.nullOrder(field));
                    } else {
                        update.asc(term, Layout.nullOrder(field));
                    }
                });
        update.commit();
    }
}
