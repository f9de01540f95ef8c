package dev.tarn.ingest;

import dev.tarn.model.table.Field;
import dev.tarn.model.table.Type;
import dev.tarn.spi.ObjectForm;
import dev.tarn.spi.RowSink;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks at JSON objects one after the other. Most are left as they are; those that the engine would
 * read in another way, or that spell a name as no column does, are written anew, with texts for
 * values.
 */
final class DocumentText {
    private static final int MOST_COLUMNS = 1000;

    private final Map<String, Type> declared;
    private final Set<String> variants;
    private final Set<String> taken;
    private final JsonLine plain = new JsonLine();
    private final Map<String, LineColumn> columns = new LinkedHashMap<>();

    private final Set<ObjectForm> expected = Collections.newSetFromMap(new IdentityHashMap<>());

    /** The object that was read last, if it was left as it is. */
    private byte @Nullable [] asItIs;

    /** Its values, if it was written anew. */
    private Map<LineColumn, JsonText.Value> anew = Map.of();

    /**
     * @param declared types by name in lower case
     * @param variants names, in lower case, of members that stay JSON
     * @param taken names, in lower case, that members cannot have as columns
     */
    DocumentText(Map<String, Type> declared, Set<String> variants, Set<String> taken) {
        this.declared = declared;
        this.variants = variants;
        this.taken = taken;
    }

    Collection<LineColumn> columns() {
        return columns.values();
    }

    /**
     * An object as the engine is to read it.
     *
     * @throws JsonText.Refused if the text is no object that can become columns
     */
    byte[] read(byte[] text) throws JsonText.Refused {
        nothing();
        if (plain.read(text) == JsonLine.Verdict.PLAIN && !plain.isDense()) {
            asItIs = text;
            return text;
        }
        boolean news = plain.isNewName();
        Map<LineColumn, JsonText.Value> members =
                named(JsonText.object(new String(text, StandardCharsets.UTF_8)));
        if (news && plain.read(text) == JsonLine.Verdict.PLAIN && !plain.isDense()) {
            asItIs = text;
            return text;
        }
        members.forEach((column, value) -> {
            String told = value.text();
            column.add(value.shape(), told == null ? null : told.getBytes(StandardCharsets.UTF_8));
        });
        anew = members;
        return written(members);
    }

    /** Takes note of an object, if it is one. */
    void learn(byte[] text) {
        try {
            var unused = read(text);
        } catch (JsonText.Refused e) {
            // Its row will be refused.
        }
    }

    /** The same for an object in another form. */
    void learn(ObjectForm form, byte[] bytes) {
        if (!expect(form)) {
            learn(form.json(bytes, 0, bytes.length));
        }
    }

    /**
     * Makes the members of a form columns, under their names as they are.
     *
     * @return false if an object of the form has to be looked at as JSON
     */
    boolean expect(ObjectForm form) {
        if (expected.contains(form)) {
            return true;
        }
        List<Field> members = form.members().fields();
        Set<String> keys = new HashSet<>();
        for (Field member : members) {
            String key = member.name().toLowerCase(Locale.ROOT);
            LineColumn column = columns.get(key);
            if (!ToldObjects.isPlain(member.type())
                    || declared.containsKey(key)
                    || variants.contains(key)
                    || taken.contains(key)
                    || !keys.add(key)
                    || !ColumnNames.of(member.name()).equals(member.name())
                    || (column != null && !column.name.equals(member.name()))) {
                return false;
            }
        }
        keys.removeAll(columns.keySet());
        if (columns.size() + keys.size() > MOST_COLUMNS) {
            return false;
        }
        for (Field member : members) {
            String key = member.name().toLowerCase(Locale.ROOT);
            LineColumn column =
                    columns.computeIfAbsent(
                            key, k -> new LineColumn(member.name(), Optional.empty()));
            plain.add(column);
            column.told(member.type());
        }
        expected.add(form);
        return true;
    }

    /** There is no object in this row. */
    void nothing() {
        asItIs = null;
        anew = Map.of();
    }

    /** Tells a value of the object that was read last. */
    void tell(MemberLane lane, RowSink rows) {
        byte[] text = asItIs;
        if (text == null) {
            lane.tell(anew.get(lane.column), rows);
        } else {
            lane.tell(plain, text, rows);
        }
    }

    /** Makes columns known before an object has them. */
    void expect(Collection<LineColumn> names) {
        for (LineColumn name : names) {
            String key = name.name.toLowerCase(Locale.ROOT);
            LineColumn column = new LineColumn(name.name, Optional.ofNullable(declared.get(key)));
            columns.put(key, column);
            plain.add(column);
        }
    }

    /** The values by column; names that were never seen become columns. */
    private Map<LineColumn, JsonText.Value> named(Map<String, JsonText.Value> object)
            throws JsonText.Refused {
        Map<LineColumn, JsonText.Value> members = new LinkedHashMap<>();
        Map<String, LineColumn> fresh = new LinkedHashMap<>();
        for (Map.Entry<String, JsonText.Value> member : object.entrySet()) {
            String name = ColumnNames.of(member.getKey());
            while (taken.contains(name.toLowerCase(Locale.ROOT))) {
                name = name + "_1";
            }
            String key = name.toLowerCase(Locale.ROOT);
            LineColumn column = columns.get(key);
            if (column == null) {
                column = new LineColumn(name, Optional.ofNullable(declared.get(key)));
                fresh.put(key, column);
                requireFew(fresh.size());
            }
            if (members.put(column, member.getValue()) != null
                    || (fresh.get(key) != null && fresh.get(key) != column)) {
                throw new JsonText.Refused(
                        "has names that differ only in case from '" + member.getKey() + "'");
            }
        }
        fresh.forEach((key, column) -> {
            columns.put(key, column);
            plain.add(column);
        });
        return members;
    }

    private void requireFew(int fresh) throws JsonText.Refused {
        if (columns.size() + fresh > MOST_COLUMNS) {
            throw new JsonText.Refused(
                    "has names that would make more than %,d columns; declare a column as VARIANT, or take the document as text"
                            .formatted(MOST_COLUMNS));
        }
    }

    private byte[] written(Map<LineColumn, JsonText.Value> members) {
        StringBuilder json = new StringBuilder("{");
        members.forEach((column, value) -> {
            json.append(json.length() > 1 ? "," : "").append(quoted(column.name)).append(':');
            String text = value.text();
            if (text == null) {
                json.append("null");
            } else if (variants.contains(column.name.toLowerCase(Locale.ROOT))) {
                json.append(value.json());
            } else {
                json.append(quoted(text));
            }
        });
        return json.append('}').toString().getBytes(StandardCharsets.UTF_8);
    }

    /** A text as JSON writes it. */
    static String quoted(String text) {
        StringBuilder json = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> json.append('\\').append(c);
                default -> {
                    if (c < ' ') {
                        json.append("\\u%04x".formatted((int) c));
                    } else {
                        json.append(c);
                    }
                }
            }
        }
        return json.append('"').toString();
    }
}
