package dev.tarn.duckdb;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Numbers for the files of one table, the same whichever of them a query reads. */
final class FileNumbers {
    private final Map<String, Integer> numbers = new HashMap<>();
    private final List<String> locations = new ArrayList<>();

    int of(String location) {
        return numbers.computeIfAbsent(
                location,
                l -> {
                    locations.add(l);
                    return locations.size() - 1;
                });
    }

    String location(int number) {
        return locations.get(number);
    }
}
