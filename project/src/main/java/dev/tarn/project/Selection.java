package dev.tarn.project;

import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.NodeId;
import dev.tarn.model.graph.Project;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Which nodes of a project somebody means, written as dbt's {@code --select} and {@code --exclude}:
 * a space joins sets, a comma intersects them, {@code +} before or after a term adds what it reads
 * or what reads it, {@code @} adds what reads it and everything that those read.
 *
 * <p>A test is selected with any node it reads, as dbt's eager mode does.
 */
public final class Selection {
    private static final Selection ALL = new Selection(List.of(), List.of());

    private final List<List<SelectionTerm>> included;
    private final List<List<SelectionTerm>> excluded;

    private Selection(List<List<SelectionTerm>> included, List<List<SelectionTerm>> excluded) {
        this.included = included;
        this.excluded = excluded;
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
        return parse(List.of(select), List.of(exclude));
    }

    /** As {@link #parse(String, String)}; several texts are joined. */
    public static Selection parse(List<String> select, List<String> exclude) {
        Problems problems = new Problems();
        Selection selection = new Selection(unions(select, problems), unions(exclude, problems));
        problems.throwIfAny();
        return selection;
    }

    private static List<List<SelectionTerm>> unions(List<String> texts, Problems problems) {
        List<List<SelectionTerm>> unions = new ArrayList<>();
        for (String text : texts) {
            for (String union : text.strip().split("\\s+", -1)) {
                if (union.isEmpty()) {
                    continue;
                }
                List<SelectionTerm> terms = new ArrayList<>();
                for (String term : union.split(",", -1)) {
                    SelectionTerm.parse(term, problems).ifPresent(terms::add);
                }
                unions.add(terms);
            }
        }
        return unions;
    }

    /**
     * The nodes it means, in the project's order.
     *
     * @param warnings is told which terms mean nothing in this project
     */
    public List<NodeId> select(Project project, Consumer<Problem> warnings) {
        SelectionMatcher matcher = new SelectionMatcher(project);
        Set<NodeId> chosen =
                included.isEmpty()
                        ? new LinkedHashSet<>(project.nodes().keySet())
                        : union(included, matcher, warnings);
        chosen.removeAll(union(excluded, matcher, warnings));
        return project.nodes().keySet().stream().filter(chosen::contains).toList();
    }

    private static Set<NodeId> union(
            List<List<SelectionTerm>> unions,
            SelectionMatcher matcher,
            Consumer<Problem> warnings) {
        Set<NodeId> all = new LinkedHashSet<>();
        for (List<SelectionTerm> terms : unions) {
            Optional<Set<NodeId>> common = Optional.empty();
            for (SelectionTerm term : terms) {
                Set<NodeId> found = matcher.expand(term);
                if (found.isEmpty()) {
                    warnings.accept(SelectionErrors.nothing(term.text(), matcher.near(term)));
                }
                common = Optional.of(common.map(c -> intersection(c, found)).orElse(found));
            }
            common.map(matcher::withTests).ifPresent(all::addAll);
        }
        return all;
    }

    private static Set<NodeId> intersection(Set<NodeId> a, Collection<NodeId> b) {
        Set<NodeId> both = new LinkedHashSet<>(a);
        both.retainAll(b);
        return both;
    }
}
