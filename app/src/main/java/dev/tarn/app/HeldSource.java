package dev.tarn.app;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.NodeId;
import dev.tarn.model.graph.Project;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A source that lands nothing until somebody has decided: who waits for it. */
final class HeldSource {
    private static final int MOST_NAMED = 5;

    private HeldSource() {}

    /** The same failure, and of a held source also what is built on it. */
    static TarnException told(TarnException failure, Node.Source source, Project project) {
        if (failure.code() != ErrorCode.SOURCE_HELD) {
            return failure;
        }
        List<String> readers = readers(source, project);
        if (readers.isEmpty()) {
            return failure;
        }
        int more = readers.size() - MOST_NAMED;
        String text =
                " Until then nothing new comes to what is built on it: %s%s."
                        .formatted(
                                String.join(
                                        ", ",
                                        readers.subList(0, Math.min(MOST_NAMED, readers.size()))),
                                more > 0 ? " and %,d more".formatted(more) : "");
        List<Problem> problems = new ArrayList<>(failure.problems());
        Problem last = problems.removeLast();
        problems.add(new Problem(last.code(), last.place(), last.message() + text));
        return new TarnException(problems);
    }

    /** All models that read it, directly or by others, the nearest first. */
    private static List<String> readers(Node.Source source, Project project) {
        Set<NodeId> seen = new LinkedHashSet<>();
        Deque<NodeId> next = new ArrayDeque<>(List.of(source.id()));
        List<String> names = new ArrayList<>();
        while (!next.isEmpty()) {
            for (Node reader : project.readersOf(next.poll())) {
                if (seen.add(reader.id())) {
                    next.add(reader.id());
                    if (reader instanceof Node.Model model) {
                        names.add(model.relation().toString());
                    }
                }
            }
        }
        return names;
    }
}
