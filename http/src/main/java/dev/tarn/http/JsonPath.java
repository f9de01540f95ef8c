package dev.tarn.http;

import java.util.Arrays;
import java.util.List;

/**
 * Where in a JSON text something stands: {@code /data/items} or {@code data.items}. A star stands
 * for every member or element; the empty path is the whole.
 */
record JsonPath(List<String> steps) {
    static final JsonPath WHOLE = new JsonPath(List.of());

    /** Where nothing can be. */
    static final JsonPath NOWHERE = new JsonPath(List.of("\u0000"));

    JsonPath {
        steps = List.copyOf(steps);
    }

    static JsonPath of(String text) {
        if (text.isEmpty() || text.equals("/") || text.equals(".")) {
            return WHOLE;
        }
        if (text.startsWith("/")) {
            return new JsonPath(
                    Arrays.stream(text.substring(1).split("/", -1))
                            .map(s -> s.replace("~1", "/").replace("~0", "~"))
                            .toList());
        }
        return new JsonPath(List.of(text.split("\\.", -1)));
    }

    /** Whether a place is this one. */
    boolean is(List<String> place) {
        return place.size() == steps.size() && leadsTo(place);
    }

    /** Whether this path goes through a place. */
    boolean goesThrough(List<String> place) {
        return place.size() < steps.size() && leadsTo(place);
    }

    /** Whether it can be in several places, or in none. */
    boolean isMany() {
        return steps.contains("*");
    }

    private boolean leadsTo(List<String> place) {
        for (int i = 0; i < place.size(); i++) {
            if (!steps.get(i).equals("*") && !steps.get(i).equals(place.get(i))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return "/" + String.join("/", steps);
    }
}
