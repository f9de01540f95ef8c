package dev.tarn.state;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.run.Verdict;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.TablePointer;
import dev.tarn.model.table.Type;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Entries as the JSON texts the database keeps: an object with one member, {@code table}, {@code
 * view}, {@code position}, {@code judgement} or {@code namespace}. Equal entries have equal texts.
 * What was written once must stay readable: members may be added, never renamed.
 */
final class EntryJson {
    private static final JsonFactory JSON = new JsonFactory();

    private EntryJson() {}

    static String write(Entry entry) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            switch (entry) {
                case Entry.Table t -> {
                    json.writeObjectFieldStart("table");
                    json.writeStringField("metadata", t.pointer().metadataLocation());
                    attributes(json, t.attributes());
                    json.writeEndObject();
                }
                case Entry.View v -> {
                    json.writeObjectFieldStart("view");
                    json.writeStringField("sql", v.sql());
                    fields(json, "columns", v.schema().fields());
                    attributes(json, v.attributes());
                    json.writeEndObject();
                }
                case Entry.Position p -> json.writeStringField("position", p.value());
                case Entry.Judgement j -> judgement(json, j);
                case Entry.Namespace n -> {
                    json.writeObjectFieldStart("namespace");
                    attributes(json, n.properties());
                    json.writeEndObject();
                }
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static void judgement(JsonGenerator json, Entry.Judgement judgement)
            throws IOException {
        Verdict verdict = judgement.verdict();
        json.writeObjectFieldStart("judgement");
        json.writeStringField("basis", judgement.basis());
        json.writeStringField("check", verdict.check());
        json.writeStringField("subject", verdict.subject());
        json.writeStringField("outcome", verdict.outcome().name());
        json.writeNumberField("failures", verdict.failures());
        if (verdict.failedRows().isPresent()) {
            json.writeStringField("failed_rows", verdict.failedRows().get());
        }
        json.writeEndObject();
    }

    private static void attributes(JsonGenerator json, Map<String, String> attributes)
            throws IOException {
        json.writeObjectFieldStart("attributes");
        for (Map.Entry<String, String> a : new TreeMap<>(attributes).entrySet()) {
            json.writeStringField(a.getKey(), a.getValue());
        }
        json.writeEndObject();
    }

    private static void fields(JsonGenerator json, String member, List<Field> fields)
            throws IOException {
        json.writeArrayFieldStart(member);
        for (Field field : fields) {
            json.writeStartObject();
            json.writeNumberField("id", field.id());
            json.writeStringField("name", field.name());
            json.writeFieldName("type");
            type(json, field.type());
            json.writeBooleanField("required", field.required());
            if (field.initialDefault().isPresent()) {
                json.writeStringField("default", field.initialDefault().get());
            }
            if (field.doc().isPresent()) {
                json.writeStringField("doc", field.doc().get());
            }
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void type(JsonGenerator json, Type type) throws IOException {
        if (type instanceof Type.Primitive p) {
            json.writeString(p.name());
            return;
        }
        json.writeStartObject();
        switch (type) {
            case Type.Primitive p -> throw new IllegalStateException("Written above: " + p);
            case Type.Decimal d -> {
                json.writeNumberField("precision", d.precision());
                json.writeNumberField("scale", d.scale());
            }
            case Type.Struct s -> fields(json, "struct", s.fields());
            case Type.ListOf l -> fields(json, "list", List.of(l.element()));
            case Type.MapOf m -> fields(json, "map", List.of(m.key(), m.value()));
        }
        json.writeEndObject();
    }

    /**
     * @param what the entry's name, for the error
     * @throws dev.tarn.model.TarnException {@code CATALOG_CORRUPT}
     */
    static Entry read(String what, String text) {
        try (JsonParser json = JSON.createParser(text)) {
            json.nextToken();
            Map<String, Object> entry = object(value(json));
            if (entry.get("table") instanceof Map<?, ?> table) {
                return new Entry.Table(
                        new TablePointer(text(table, "metadata")), attributes(table));
            }
            if (entry.get("view") instanceof Map<?, ?> view) {
                return new Entry.View(
                        text(view, "sql"),
                        new Schema(fields(view.get("columns"))),
                        attributes(view));
            }
            if (entry.get("judgement") instanceof Map<?, ?> judgement) {
                return judgement(judgement);
            }
            if (entry.get("namespace") instanceof Map<?, ?> namespace) {
                return new Entry.Namespace(attributes(namespace));
            }
            return new Entry.Position(text(entry, "position"));
        } catch (IOException | IllegalArgumentException e) {
            throw StateErrors.unreadableValue(what, e);
        }
    }

    private static @Nullable Object value(JsonParser json) throws IOException {
        JsonToken token = json.currentToken();
        return switch (token) {
            case START_OBJECT -> {
                Map<String, @Nullable Object> members = new LinkedHashMap<>();
                while (json.nextToken() == JsonToken.FIELD_NAME) {
                    String name = json.currentName();
                    json.nextToken();
                    members.put(name, value(json));
                }
                yield members;
            }
            case START_ARRAY -> {
                List<@Nullable Object> elements = new ArrayList<>();
                while (json.nextToken() != JsonToken.END_ARRAY) {
                    elements.add(value(json));
                }
                yield elements;
            }
            case VALUE_STRING -> json.getText();
            case VALUE_NUMBER_INT -> json.getLongValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            case null, default -> throw new IllegalArgumentException("Unexpected " + token);
        };
    }

    @SuppressWarnings("unchecked") // The maps of value() have texts as keys.
    private static Map<String, Object> object(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            return (Map<String, Object>) map;
        }
        throw new IllegalArgumentException("Not an object: " + value);
    }

    private static String text(Map<?, ?> object, String member) {
        if (object.get(member) instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException("No text '" + member + "'");
    }

    private static Entry.Judgement judgement(Map<?, ?> judgement) {
        return new Entry.Judgement(
                new Verdict(
                        text(judgement, "check"),
                        text(judgement, "subject"),
                        Verdict.Outcome.valueOf(text(judgement, "outcome")),
                        longNumber(judgement, "failures"),
                        maybeText(judgement, "failed_rows")),
                text(judgement, "basis"));
    }

    private static long longNumber(Map<?, ?> object, String member) {
        if (object.get(member) instanceof Long number) {
            return number;
        }
        throw new IllegalArgumentException("No number '" + member + "'");
    }

    private static int number(Map<?, ?> object, String member) {
        return Math.toIntExact(longNumber(object, member));
    }

    private static Optional<String> maybeText(Map<?, ?> object, String member) {
        return object.get(member) instanceof String text ? Optional.of(text) : Optional.empty();
    }

    private static Map<String, String> attributes(Map<?, ?> owner) {
        Map<String, String> attributes = new LinkedHashMap<>();
        Map<String, Object> members = object(owner.get("attributes"));
        members.keySet().forEach(name -> attributes.put(name, text(members, name)));
        return attributes;
    }

    private static List<Field> fields(@Nullable Object array) {
        if (!(array instanceof List<?> elements)) {
            throw new IllegalArgumentException("Not a list of columns: " + array);
        }
        List<Field> fields = new ArrayList<>();
        for (Object element : elements) {
            Map<String, Object> field = object(element);
            fields.add(
                    new Field(
                            number(field, "id"),
                            text(field, "name"),
                            type(field.get("type")),
                            Boolean.TRUE.equals(field.get("required")),
                            maybeText(field, "default"),
                            maybeText(field, "doc")));
        }
        return fields;
    }

    private static Type type(@Nullable Object value) {
        if (value instanceof String primitive) {
            return Type.Primitive.valueOf(primitive);
        }
        Map<String, Object> type = object(value);
        if (type.containsKey("struct")) {
            return new Type.Struct(fields(type.get("struct")));
        }
        if (type.containsKey("list")) {
            return new Type.ListOf(fields(type.get("list")).getFirst());
        }
        if (type.containsKey("map")) {
            List<Field> parts = fields(type.get("map"));
            return new Type.MapOf(parts.getFirst(), parts.getLast());
        }
        return new Type.Decimal(number(type, "precision"), number(type, "scale"));
    }
}
