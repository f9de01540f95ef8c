package dev.tarn.run;

import dev.tarn.model.TableName;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.TablePointer;
import dev.tarn.model.table.TableState;
import dev.tarn.model.table.Type;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.Relation;
import dev.tarn.spi.Tables;
import java.util.Optional;

/** A state of a table whose rows tell the session where they stand. */
final class PlacedTable {
    private static final String SCHEMA = "tarn_target";

    private final TableName name;
    private final TablePointer pointer;
    private final TableState state;

    PlacedTable(EngineSession session, Tables tables, TableName name, TablePointer pointer) {
        this.name = name;
        this.pointer = pointer;
        state = tables.state(pointer);
        session.define(
                placed(),
                new Relation.Table(
                        schema(),
                        predicates -> tables.scan(pointer, Optional.empty(), predicates),
                        new Relation.Places.Told()));
    }

    TablePointer pointer() {
        return pointer;
    }

    TableState state() {
        return state;
    }

    Schema schema() {
        return state.definition().schema();
    }

    /** Its name in the session. */
    TableName placed() {
        return new TableName(SCHEMA, name.table());
    }

    /** Its name in a FROM. */
    String from() {
        return Type.quoted(SCHEMA) + "." + Type.quoted(name.table());
    }
}
