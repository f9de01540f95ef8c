package dev.tarn.project;

import dev.tarn.jinja.Values;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a generic test is called, as dbt calls it: the test, what it is about and its arguments, and
 * a hash in its id.
 *
 * @param full the name
 * @param alias the name for a table; shortened with a hash when the name has 64 letters or more
 * @param hash the last part of the id
 */
record GenericTestName(String full, String alias, String hash) {
    private static final Pattern OTHERS = Pattern.compile("[^0-9a-zA-Z_]+");
    private static final int LENGTH_MAX = 63;
    private static final int HASH_LENGTH = 10;
    private static final int PREFIX_LENGTH = 30;

    static GenericTestName of(Draft.Subject subject) {
        PropertyFile.TestEntry entry = subject.entry();
        Map<String, @Nullable Object> arguments = new TreeMap<>(subject.arguments());
        subject.column().ifPresent(c -> arguments.put("column_name", c.expression()));
        String about =
                subject.source()
                        .map(s -> s.sourceName() + "_" + s.tableName())
                        .orElseGet(() -> versioned(subject.node().orElseThrow()));
        String test = (subject.source().isPresent() ? "source_" : "") + entry.test();
        String type = entry.namespace().map(n -> n + "_" + test).orElse(test);
        String stem = type + "_" + about;
        String full = stem + "_" + String.join("__", words(arguments));
        String alias =
                full.length() > LENGTH_MAX
                        ? stem.substring(0, Math.min(PREFIX_LENGTH, stem.length()))
                                + "_"
                                + md5(full)
                        : full;
        if (entry.customName().isPresent()) {
            full = entry.customName().get();
            alias = full;
        }
        return new GenericTestName(full, alias, hash(full, subject, arguments));
    }

    private static String versioned(Draft node) {
        return node.version.map(v -> node.name + "_v" + v).orElse(node.name);
    }

    private static List<String> words(Map<String, @Nullable Object> arguments) {
        List<String> words = new ArrayList<>();
        for (Object value : arguments.values()) {
            Iterable<?> parts =
                    switch (value) {
                        case Map<?, ?> map -> map.values();
                        case List<?> list -> list;
                        case null -> java.util.Collections.singletonList(null);
                        default -> List.of(value);
                    };
            for (Object part : parts) {
                words.add(OTHERS.matcher(Values.text(part)).replaceAll("_"));
            }
        }
        return words;
    }

    private static String hash(
            String name, Draft.Subject subject, Map<String, @Nullable Object> arguments) {
        Map<String, @Nullable Object> keywords = new TreeMap<>(arguments);
        keywords.put("model", "{{ get_where_subquery(" + subject.reference() + ") }}");
        Map<Object, @Nullable Object> metadata = new LinkedHashMap<>();
        metadata.put("kwargs", asText(keywords));
        metadata.put("name", subject.entry().test());
        metadata.put("namespace", subject.entry().namespace().orElse("None"));
        String digest = md5(name + Values.representation(metadata));
        return digest.substring(digest.length() - HASH_LENGTH);
    }

    /** All leaves as text, keys sorted. */
    private static Object asText(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> sorted = new TreeMap<>();
            map.forEach((k, v) -> sorted.put(Values.text(k), asText(v)));
            return new LinkedHashMap<Object, Object>(sorted);
        }
        if (value instanceof List<?> list) {
            return new ArrayList<>(list.stream().map(GenericTestName::asText).toList());
        }
        return Values.text(value);
    }

    private static String md5(String text) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
