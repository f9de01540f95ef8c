package dev.tarn.project;

import dev.tarn.model.TableName;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Gives each source that is read from elsewhere a table of its own in the warehouse. Names of such
 * sources may be the same, as long as their rows are elsewhere: nothing has that name there.
 */
final class SourceTables {
    private final NodeIndex nodes;
    private final Set<TableName> taken = new HashSet<>();

    SourceTables(NodeIndex nodes) {
        this.nodes = nodes;
    }

    /**
     * Settles what the sources' tables are called.
     *
     * @param drafts nodes whose names are known
     */
    void settle(List<Draft> drafts) {
        Set<TableName> made = new HashSet<>();
        for (Draft draft : drafts) {
            if (!draft.isEphemeral() && draft.kind != Draft.Kind.FUNCTION) {
                draft.relation.ifPresent(made::add);
            }
        }
        taken.addAll(made);
        List<SourceDraft> enabled = nodes.sources().stream().filter(SourceDraft::enabled).toList();
        enabled.stream().filter(s -> !s.isKept()).forEach(s -> taken.add(s.relation()));
        for (SourceDraft source : enabled) {
            // A node of the name that an 'external' block gives is refused.
            boolean refused =
                    source.table().external().isPresent() && made.contains(source.relation());
            if (source.isKept() && !refused && !taken.add(source.relation())) {
                nodes.replace(apart(source));
            }
        }
    }

    private SourceDraft apart(SourceDraft source) {
        String name = source.sourceName() + "__" + source.tableName();
        SourceDraft moved = source.keptAs(name);
        for (int i = 2; !taken.add(moved.relation()); i++) {
            moved = source.keptAs(name + "_" + i);
        }
        return moved;
    }
}
