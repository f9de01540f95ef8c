package dev.tarn.run;

import dev.tarn.model.catalog.Entry;
import dev.tarn.model.table.TablePointer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a stream knows of the batches before, besides the rows it keeps; told with its table in the
 * catalog, so that both become visible in one step.
 *
 * @param definition its windows; rows that were kept for others are of no use
 * @param inputs how far each was read
 * @param watermark the time before which no more events are waited for, in microseconds
 */
record StreamMemory(String definition, List<Input> inputs, OptionalLong watermark) {
    private static final String DEFINITION = "stream.definition";
    private static final String INPUT = "stream.input.";
    private static final String MARKS = "stream.marks.";

    /**
     * How far an input was read.
     *
     * @param nextRow rows that came later have ids from here on; negative when rows have none
     * @param marks the newest event of each part
     */
    record Input(TablePointer pointer, String uuid, long nextRow, Map<String, Mark> marks) {
        Input {
            marks = Map.copyOf(marks);
        }
    }

    /**
     * @param latest the time of the newest event, in microseconds; empty before the first
     * @param seenMillis when a row last came
     */
    record Mark(OptionalLong latest, long seenMillis) {}

    StreamMemory {
        inputs = List.copyOf(inputs);
    }

    /** What a table of a stream says of itself. */
    static Map<String, String> part(String what, Map<String, String> attributes) {
        Map<String, String> all = new HashMap<>(attributes);
        all.put(Entry.OF_STREAM, what);
        return all;
    }

    static Optional<StreamMemory> of(Entry entry) {
        Map<String, String> said = entry.attributes();
        String definition = said.get(DEFINITION);
        if (definition == null) {
            return Optional.empty();
        }
        List<Input> inputs = new ArrayList<>();
        for (int i = 0; said.containsKey(INPUT + i); i++) {
            String[] input = said.getOrDefault(INPUT + i, "").split("\t", -1);
            inputs.add(
                    new Input(
                            new TablePointer(input[0]),
                            input[1],
                            Long.parseLong(input[2]),
                            marks(said.getOrDefault(MARKS + i, ""))));
        }
        return Optional.of(
                new StreamMemory(definition, inputs, number(said.get(Entry.WATERMARK + "_us"))));
    }

    Map<String, String> in(Map<String, String> attributes) {
        Map<String, String> all = part("output", attributes);
        all.put(DEFINITION, definition);
        for (int i = 0; i < inputs.size(); i++) {
            Input input = inputs.get(i);
            all.put(
                    INPUT + i,
                    input.pointer().metadataLocation()
                            + "\t"
                            + input.uuid()
                            + "\t"
                            + input.nextRow());
            all.put(MARKS + i, text(input.marks()));
        }
        watermark.ifPresent(w -> {
            all.put(Entry.WATERMARK + "_us", Long.toString(w));
            all.put(Entry.WATERMARK, StreamSql.instant(w).toString());
        });
        return all;
    }

    private static OptionalLong number(@org.jspecify.annotations.Nullable String text) {
        return text == null || text.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(Long.parseLong(text));
    }

    private static String text(Map<String, Mark> marks) {
        return new TreeMap<>(marks)
                .entrySet().stream()
                        .map(e ->
                                "%s\t%d\t%s"
                                        .formatted(
                                                e.getValue().latest().isPresent()
                                                        ? e.getValue().latest().getAsLong()
                                                        : "",
                                                e.getValue().seenMillis(),
                                                e.getKey()
                                                        .replace("\\", "\\\\")
                                                        .replace("\n", "\\n")))
                        .collect(Collectors.joining("\n"));
    }

    private static Map<String, Mark> marks(String text) {
        Map<String, Mark> marks = new HashMap<>();
        for (String line : text.split("\n", -1)) {
            String[] parts = line.split("\t", 3);
            if (parts.length == 3) {
                String name =
                        parts[2].replace("\\\\", "\u0000")
                                .replace("\\n", "\n")
                                .replace("\u0000", "\\");
                marks.put(name, new Mark(number(parts[0]), Long.parseLong(parts[1])));
            }
        }
        return marks;
    }
}
