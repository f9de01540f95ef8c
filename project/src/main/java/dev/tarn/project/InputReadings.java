package dev.tarn.project;

import dev.tarn.model.graph.NodeId;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * How the template of a node reads its inputs: {@code ref('x')} is the part of them that a run is
 * about, {@code ref('x').render()} all of them. Safe for use by many threads.
 */
final class InputReadings {
    private final List<Reading> readings = new CopyOnWriteArrayList<>();

    private record Reading(NodeId input, AtomicBoolean whole) {}

    /** Notes a reading, and what becomes of it. */
    RelationValue watch(NodeId input, RelationValue relation, RenderTrace trace) {
        Reading reading = new Reading(input, new AtomicBoolean());
        readings.add(reading);
        return relation.watched(() -> {
            reading.whole().set(true);
            trace.spoil();
        });
    }

    /** The inputs of which every reading is one of all rows. */
    Set<NodeId> whole() {
        Set<NodeId> whole = new LinkedHashSet<>();
        readings.stream().filter(r -> r.whole().get()).forEach(r -> whole.add(r.input()));
        readings.stream().filter(r -> !r.whole().get()).forEach(r -> whole.remove(r.input()));
        return whole;
    }
}
