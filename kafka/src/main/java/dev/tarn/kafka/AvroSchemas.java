package dev.tarn.kafka;

import dev.tarn.model.TableName;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.Type.Primitive;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.JsonProperties;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/**
 * Avro schemas of rows. Every value may be null and has null as its default, so that columns can
 * come and go, and readers of either side go on.
 */
final class AvroSchemas {
    private static final String ROOT = "tarn.";

    private final FeedOptions options;
    private final String schema;
    private final String table;

    AvroSchemas(FeedOptions options) {
        TableName name = options.feed().table();
        this.options = options;
        this.schema = AvroNames.of(name.schema());
        this.table = AvroNames.of(name.table());
    }

    Schema row(List<Field> columns) {
        return record(ROOT + schema, table, columns, "");
    }

    Schema key(List<Field> columns) {
        return record(ROOT + "key." + schema, table, columns, "");
    }

    /** What is around a row, in the order of its parts. */
    Schema envelope(Schema row) {
        String space = ROOT + "envelope." + schema;
        Schema text = Schema.create(Schema.Type.STRING);
        Schema number = Schema.create(Schema.Type.LONG);
        Schema source =
                Schema.createRecord(
                        "source",
                        null,
                        space + "." + table,
                        false,
                        List.of(
                                new Schema.Field("connector", text),
                                new Schema.Field("name", text),
                                new Schema.Field("schema", text),
                                new Schema.Field("table", text),
                                new Schema.Field("publication", number),
                                new Schema.Field("ts_ms", number)));
        return Schema.createRecord(
                table,
                null,
                space,
                false,
                List.of(
                        optional("before", row),
                        optional("after", row),
                        new Schema.Field("source", source),
                        new Schema.Field("op", text),
                        new Schema.Field("ts_ms", number)));
    }

    private static Schema.Field optional(String name, Schema value) {
        return new Schema.Field(name, orNull(value), null, JsonProperties.NULL_VALUE);
    }

    private static Schema orNull(Schema value) {
        return Schema.createUnion(Schema.create(Schema.Type.NULL), value);
    }

    private Schema record(String space, String name, List<Field> parts, String path) {
        Map<String, String> taken = new HashMap<>();
        List<Schema.Field> fields = new ArrayList<>();
        for (Field part : parts) {
            String called = AvroNames.of(part.name());
            String other = taken.putIfAbsent(called, part.name());
            if (other != null) {
                throw KafkaFeedErrors.sameName(options, path + other, path + part.name(), called);
            }
            Schema.Field field =
                    optional(
                            called,
                            type(part.type(), space + "." + name, called, path + part.name()));
            AvroNames.note(field, part.name());
            fields.add(field);
        }
        return Schema.createRecord(name, null, space, false, fields);
    }

    /**
     * @param space where named types below are
     * @param name what such a type is called
     * @param path of the column, for people
     */
    private Schema type(Type type, String space, String name, String path) {
        return switch (type) {
            case Primitive primitive -> primitive(primitive);
            case Type.Decimal d ->
                    LogicalTypes.decimal(d.precision(), d.scale())
                            .addToSchema(Schema.create(Schema.Type.BYTES));
            case Type.Struct struct -> record(space, name, struct.fields(), path + ".");
            case Type.ListOf list ->
                    Schema.createArray(
                            orNull(
                                    type(
                                            list.element().type(),
                                            space + "." + name,
                                            "element",
                                            path)));
            case Type.MapOf map ->
                    map.key().type() == Primitive.VARCHAR
                            ? Schema.createMap(
                                    orNull(
                                            type(
                                                    map.value().type(),
                                                    space + "." + name,
                                                    "value",
                                                    path)))
                            : Schema.createArray(
                                    record(
                                            space,
                                            name,
                                            List.of(
                                                    Field.of("key", map.key().type()),
                                                    Field.of("value", map.value().type())),
                                            path + "."));
        };
    }

    private static Schema primitive(Primitive type) {
        return switch (type) {
            case BOOLEAN -> Schema.create(Schema.Type.BOOLEAN);
            case INTEGER -> Schema.create(Schema.Type.INT);
            case BIGINT -> Schema.create(Schema.Type.LONG);
            case FLOAT -> Schema.create(Schema.Type.FLOAT);
            case DOUBLE -> Schema.create(Schema.Type.DOUBLE);
            case DATE -> LogicalTypes.date().addToSchema(Schema.create(Schema.Type.INT));
            case TIME -> LogicalTypes.timeMicros().addToSchema(Schema.create(Schema.Type.LONG));
            case TIMESTAMP ->
                    LogicalTypes.localTimestampMicros()
                            .addToSchema(Schema.create(Schema.Type.LONG));
            case TIMESTAMPTZ ->
                    LogicalTypes.timestampMicros().addToSchema(Schema.create(Schema.Type.LONG));
            case TIMESTAMP_NS ->
                    LogicalTypes.localTimestampNanos().addToSchema(Schema.create(Schema.Type.LONG));
            case UUID -> LogicalTypes.uuid().addToSchema(Schema.create(Schema.Type.STRING));
            case BINARY -> Schema.create(Schema.Type.BYTES);
            // A variant is told as JSON.
            case VARCHAR, VARIANT -> Schema.create(Schema.Type.STRING);
        };
    }
}
