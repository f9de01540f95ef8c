package dev.tarn.jinja;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs recorded cases from a file: a JSON list of objects with a template {@code t}, its variables
 * {@code ctx}, and either the output {@code out} or a part of the error's message {@code msg}.
 */
final class Judge {
    private Judge() {}

    public static void main(String[] args) throws IOException {
        JinjaEnvironment environment =
                JinjaEnvironment.builder()
                        .loopControls()
                        .global("foo", (PyCallable) arguments -> "")
                        .build();
        int passed = 0;
        int failed = 0;
        Object cases = new JsonReader(Files.readString(Path.of(args[0]))).read();
        for (Object item : Values.list(cases)) {
            Map<?, ?> testCase = (Map<?, ?>) item;
            String difference = difference(environment, testCase);
            if (difference.isEmpty()) {
                passed++;
            } else {
                failed++;
                System.out.println(testCase.get("t") + "\n" + difference + "\n");
            }
        }
        System.out.println("pass=" + passed + " fail=" + failed);
    }

    private static String difference(JinjaEnvironment environment, Map<?, ?> testCase) {
        Map<String, Object> variables = new LinkedHashMap<>();
        if (testCase.get("ctx") instanceof Map<?, ?> context) {
            context.forEach((key, value) -> variables.put((String) key, tuples(value)));
        }
        String result;
        try {
            String template = String.valueOf(testCase.get("t"));
            result = environment.parse("case", template).render(Context.of(variables)).text();
        } catch (JinjaException e) {
            String wanted = (String) testCase.get("msg");
            return wanted != null && e.getMessage().contains(wanted)
                    ? ""
                    : "  wanted: " + testCase.get("out") + wanted + "\n  error:  " + e.report();
        }
        return result.equals(testCase.get("out"))
                ? ""
                : "  wanted: "
                        + testCase.get("out")
                        + testCase.get("msg")
                        + "\n  got:    "
                        + result;
    }

    private static Object tuples(Object value) {
        if (value instanceof Map<?, ?> map) {
            if (map.get("__tuple__") instanceof List<?> items) {
                return Tuple.copyOf(items.stream().map(Judge::tuples).toList());
            }
            Map<Object, Object> converted = new LinkedHashMap<>();
            map.forEach((key, item) -> converted.put(key, tuples(item)));
            return converted;
        }
        if (value instanceof List<?> list) {
            List<Object> converted = new ArrayList<>();
            list.forEach(item -> converted.add(tuples(item)));
            return converted;
        }
        return value;
    }
}
