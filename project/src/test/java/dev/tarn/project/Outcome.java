package dev.tarn.project;

import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Schema;
import dev.tarn.spi.Engine;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Everything a compile gives: the whole graph with all places, or all mistakes; notes and log. */
record Outcome(String graph, List<String> notes, List<String> log) {
    private static final int STEP = 5;

    static Outcome of(
            ProjectRequest request, Engine engine, Map<String, Schema> sources, int sessions) {
        List<String> notes = Collections.synchronizedList(new ArrayList<>());
        List<String> log = Collections.synchronizedList(new ArrayList<>());
        ProjectRequest heard = request.withNotes(n -> notes.add(n.toString())).withLog(log::add);
        String graph;
        try {
            Compilation compilation = ProjectCompiler.compilation(heard);
            graph =
                    written(
                            ProjectBinder.bind(
                                    compilation.project(),
                                    new ProjectBinder.Request(
                                            () -> engine.open(Engine.SessionOptions.TRUSTED),
                                            sessions,
                                            request.cache(),
                                            id -> Optional.ofNullable(sources.get(id.value())),
                                            compilation.late().ids(),
                                            false,
                                            n -> notes.add(n.toString()))));
        } catch (TarnException e) {
            graph = e.problems().stream().map(Problem::toString).collect(Collectors.joining("\n"));
        }
        return new Outcome(graph, notes.stream().sorted().toList(), log.stream().sorted().toList());
    }

    /** What is not the same in another outcome, line by line. */
    List<String> differences(Outcome other) {
        List<String> mine = lines();
        List<String> theirs = other.lines();
        List<String> different = new ArrayList<>();
        for (int i = 0; i < Math.max(mine.size(), theirs.size()); i++) {
            String here = i < mine.size() ? mine.get(i) : "nothing";
            String there = i < theirs.size() ? theirs.get(i) : "nothing";
            if (!here.equals(there)) {
                different.add(here + " <> " + there);
            }
        }
        return different;
    }

    private List<String> lines() {
        List<String> lines = new ArrayList<>(Arrays.asList(graph.split("\n|, ", -1)));
        lines.addAll(notes);
        lines.addAll(log);
        return lines;
    }

    /** A value as text, down to the last part; SQL with the places of its characters. */
    private static String written(@Nullable Object value) {
        return switch (value) {
            case null -> "null";
            case SqlText sql -> sql.sql() + places(sql);
            case Optional<?> optional -> optional.map(Outcome::written).orElse("-");
            case Map<?, ?> map -> entries(map);
            case Collection<?> all ->
                    all.stream().map(Outcome::written).collect(Collectors.joining(", ", "[", "]"));
            case ProjectHooks hooks -> "hooks, made of the project when they run";
            case Record part -> part.getClass().getSimpleName() + components(part);
            default -> value.toString();
        };
    }

    private static String entries(Map<?, ?> map) {
        boolean ordered = map instanceof java.util.SequencedMap<?, ?>;
        Map<String, String> sorted = new TreeMap<>();
        List<String> inOrder = new ArrayList<>();
        map.forEach((k, v) -> {
            sorted.put(written(k), written(v));
            inOrder.add(written(k) + "=" + written(v));
        });
        return (ordered ? inOrder : sorted).toString();
    }

    private static String places(SqlText sql) {
        StringBuilder places = new StringBuilder();
        for (int at = 0; at <= sql.sql().length(); at += STEP) {
            places.append(' ').append(sql.locate(at).map(Object::toString).orElse("?"));
        }
        return places.toString();
    }

    private static String components(Record part) {
        List<String> all = new ArrayList<>();
        for (RecordComponent component : part.getClass().getRecordComponents()) {
            try {
                component.getAccessor().setAccessible(true);
                all.add(component.getName() + "=" + written(component.getAccessor().invoke(part)));
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }
        return "\n  " + all;
    }
}
