package dev.tarn.project;

import java.util.List;

/** What a selection asks for. */
sealed interface Criteria {
    record Term(SelectionTerm term) implements Criteria {}

    /** With tests that come along in a way of its own. */
    record WithTests(Criteria inner, IndirectSelection mode) implements Criteria {}

    /** Any of them, less what is excluded. */
    record Union(List<Criteria> parts, List<Criteria> excluded) implements Criteria {
        public Union {
            parts = List.copyOf(parts);
            excluded = List.copyOf(excluded);
        }
    }

    /** All of them, less what is excluded. */
    record Intersection(List<Criteria> parts, List<Criteria> excluded) implements Criteria {
        public Intersection {
            parts = List.copyOf(parts);
            excluded = List.copyOf(excluded);
        }
    }
}
