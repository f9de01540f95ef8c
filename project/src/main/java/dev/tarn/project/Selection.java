package dev.tarn.project;

import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.NodeId;
import dev.tarn.model.graph.Project;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Which nodes of a project somebody means, written as dbt's {@code --select} and {@code --exclude}:
 * a space joins sets, a comma intersects them, {@code +} before or after a term adds what it reads
 * or what reads it, {@code @} adds what reads it and everything that those read.
 *
 * <p>Tests come along with the nodes they read, in dbt's eager mode unless told otherwise.
 */
public final class Selection {
    private static final Selection ALL =
            new Selection(
                    Optional.empty(),
                    Optional.empty(),
                    IndirectSelection.EAGER,
                    Optional.empty(),
                    false);

    private final Optional<Criteria> included;
    private final Optional<Criteria> excluded;
    private final IndirectSelection indirect;
    private final Optional<PreviousState> state;
    private final boolean isNamed;

    private Selection(
            Optional<Criteria> included,
            Optional<Criteria> excluded,
            IndirectSelection indirect,
            Optional<PreviousState> state,
            boolean isNamed) {
        this.included = included;
        this.excluded = excluded;
        this.indirect = indirect;
        this.state = state;
        this.isNamed = isNamed;
    }

    /** Every node. */
    public static Selection all() {
        return ALL;
    }

    /**
     * Reads a selection.
     *
     * @param select nothing for everything
     * @param exclude what is taken out again
     * @throws TarnException {@code SELECTION_INVALID} with everything that cannot be read
     */
    public static Selection parse(String select, String exclude) {
        return parse(
                select.isBlank() ? List.of() : List.of(select),
                exclude.isBlank() ? List.of() : List.of(exclude));
    }

    /**
     * As {@link #parse(String, String)}; several texts are joined. A text that says nothing selects
     * nothing: it comes from a variable of somebody's script that is empty.
     */
    public static Selection parse(List<String> select, List<String> exclude) {
        Problems problems = new Problems();
        Selection selection =
                new Selection(
                        some(select, problems),
                        some(exclude, problems),
                        IndirectSelection.EAGER,
                        Optional.empty(),
                        false);
        problems.throwIfAny();
        return selection;
    }

    /**
     * The selection of that name in a project's {@code selectors.yml}.
     *
     * @throws TarnException when there is none, or it cannot be read
     */
    public static Selection named(String selector, ProjectRequest request) {
        return new Selection(
                Optional.of(SelectorsFile.read(request).named(selector)),
                Optional.empty(),
                IndirectSelection.EAGER,
                Optional.empty(),
                true);
    }

    /** The selection that a project's {@code selectors.yml} makes the standard one. */
    public static Optional<Selection> standard(ProjectRequest request) {
        SelectorsFile file = SelectorsFile.read(request);
        return file.standard().map(name -> named(name, request));
    }

    /** The same with other tests coming along. */
    public Selection with(IndirectSelection mode) {
        return new Selection(included, excluded, mode, state, isNamed);
    }

    /** The same with something to compare with. */
    public Selection comparedWith(PreviousState earlier) {
        return new Selection(included, excluded, indirect, Optional.of(earlier), isNamed);
    }

    private static Optional<Criteria> some(List<String> texts, Problems problems) {
        return texts.isEmpty() ? Optional.empty() : Optional.of(criteria(texts, problems));
    }

    static Criteria criteria(List<String> texts, Problems problems) {
        List<Criteria> unions = new ArrayList<>();
        for (String text : texts) {
            for (String union : text.strip().split("\\s+", -1)) {
                if (union.isEmpty()) {
                    continue;
                }
                List<Criteria> terms = new ArrayList<>();
                for (String term : union.split(",", -1)) {
                    SelectionTerm.parse(term, problems)
                            .ifPresent(t -> terms.add(new Criteria.Term(t)));
                }
                unions.add(new Criteria.Intersection(terms, List.of()));
            }
        }
        return new Criteria.Union(unions, List.of());
    }

    /**
     * The nodes it means, in the project's order.
     *
     * @param warnings is told which terms mean nothing in this project
     */
    public List<NodeId> select(Project project, Consumer<Problem> warnings) {
        boolean isAll = included.isEmpty() && excluded.isEmpty();
        Collection<NodeId> chosen =
                isAll ? project.nodes().keySet() : everything(project, warnings);
        return chosen.stream()
                .filter(id -> project.find(id).filter(n -> !isEmpty(project, n)).isPresent())
                .toList();
    }

    /**
     * As {@link #select}, with exposures, metrics, semantic models, saved queries and analyses, and
     * with files that have nothing in them.
     */
    public List<NodeId> everything(Project project, Consumer<Problem> warnings) {
        SelectionMatcher matcher = new SelectionMatcher(project, state, warnings);
        Evaluation evaluation =
                new Evaluation(
                        matcher, indirect, isNamed ? IndirectSelection.EAGER : indirect, warnings);
        Set<NodeId> chosen =
                included.map(evaluation::of).orElseGet(() -> new LinkedHashSet<>(matcher.all()));
        excluded.ifPresent(e -> chosen.removeAll(evaluation.of(e)));
        return matcher.all().stream().filter(chosen::contains).toList();
    }

    /** A file with nothing in it is no model to build, and no test, but it may be referred to. */
    private static boolean isEmpty(Project project, Node node) {
        boolean blank =
                switch (node) {
                    case Node.Model model -> model.sql().sql().isBlank();
                    case Node.Check check -> check.sql().sql().isBlank();
                    case Node.Seed seed -> false;
                    case Node.Source source -> false;
                };
        return blank
                && project.manifest().node(node.id()).get("raw_code") instanceof String written
                && written.isBlank();
    }

    /**
     * The nodes that criteria mean.
     *
     * @param indirect which tests come along with a term
     * @param together which of them come along once terms are put together; in files of selectors
     *     none do, as in dbt
     */
    private record Evaluation(
            SelectionMatcher matcher,
            IndirectSelection indirect,
            IndirectSelection together,
            Consumer<Problem> warnings) {
        Set<NodeId> of(Criteria criteria) {
            return found(criteria).direct();
        }

        private Found found(Criteria criteria) {
            return switch (criteria) {
                case Criteria.Term t -> matcher.withTests(term(t.term()), indirect);
                case Criteria.WithTests with ->
                        new Evaluation(matcher, with.mode(), together, warnings)
                                .found(with.inner());
                case Criteria.Union union ->
                        less(group(union.parts(), Evaluation::joined), union.excluded());
                case Criteria.Intersection both ->
                        less(group(both.parts(), Evaluation::common), both.excluded());
            };
        }

        private Set<NodeId> term(SelectionTerm term) {
            Set<NodeId> found = matcher.expand(term);
            if (found.isEmpty()) {
                warnings.accept(SelectionErrors.nothing(term.text(), matcher.near(term)));
            }
            return found;
        }

        /** A test of two nodes may come along with both where it does with neither. */
        private Found group(List<Criteria> parts, BinaryOperator<Set<NodeId>> put) {
            List<Found> found = parts.stream().map(this::found).toList();
            Set<NodeId> direct = put(found, Found::direct, put);
            Set<NodeId> near = put(found, Found::all, put);
            return new Found(matcher.complete(direct, near, together), near);
        }

        private static Set<NodeId> put(
                List<Found> found,
                Function<Found, Set<NodeId>> nodes,
                BinaryOperator<Set<NodeId>> put) {
            return found.stream()
                    .map(nodes)
                    .reduce(put)
                    .map(LinkedHashSet::new)
                    .orElseGet(LinkedHashSet::new);
        }

        private Found less(Found found, List<Criteria> excluded) {
            Set<NodeId> direct = new LinkedHashSet<>(found.direct());
            Set<NodeId> near = new LinkedHashSet<>(found.all());
            for (Criteria one : excluded) {
                Found out = found(one);
                direct.removeAll(out.direct());
                near.removeAll(out.all());
            }
            return new Found(direct, near);
        }

        private static Set<NodeId> joined(Set<NodeId> a, Set<NodeId> b) {
            Set<NodeId> all = new LinkedHashSet<>(a);
            all.addAll(b);
            return all;
        }

        private static Set<NodeId> common(Set<NodeId> a, Set<NodeId> b) {
            Set<NodeId> both = new LinkedHashSet<>(a);
            both.retainAll(b);
            return both;
        }
    }

    /**
     * What criteria mean.
     *
     * @param near tests of what was found that did not come along, because they read more
     */
    record Found(Set<NodeId> direct, Set<NodeId> near) {
        Set<NodeId> all() {
            Set<NodeId> all = new LinkedHashSet<>(direct);
            all.addAll(near);
            return all;
        }
    }
}
