package dev.tarn.project;

import dev.tarn.jinja.Block;
import dev.tarn.jinja.JinjaException;
import dev.tarn.model.Place;
import dev.tarn.model.graph.NodeId;
import dev.tarn.project.PropertyFile.NodeEntry;
import java.util.ArrayList;
import java.util.List;

/** Makes drafts of snapshots: of blocks in SQL files, and of entries in property files. */
final class SnapshotReader {
    private final CompileScope scope;
    private final ProjectFile project;
    private final Problems problems;

    SnapshotReader(CompileScope scope, ProjectFile project, Problems problems) {
        this.scope = scope;
        this.project = project;
        this.problems = problems;
    }

    /** Every {@code {% snapshot name %}} of a file. */
    void addFile(ProjectFiles.Found file, String text) {
        List<Block> blocks;
        try {
            blocks = scope.jinja().parse(file.shown(), text).blocks();
        } catch (JinjaException e) {
            problems.add(TemplateErrors.problem(e, Place.of(file.shown())));
            return;
        }
        for (Block block : blocks) {
            if (block.kind().equals("snapshot")) {
                List<String> folders = new ArrayList<>(file.folders());
                folders.add(file.stem());
                Place place = TemplateErrors.place(block.span().start());
                Draft draft = draft(block.name(), folders, place, block.bodyText());
                draft.block = java.util.Optional.of(block);
                add(draft);
            }
        }
    }

    /** A snapshot of one relation that a property file declares. */
    void addDeclared(NodeEntry entry, List<String> folders) {
        String relation = entry.text("relation").orElse("");
        String body = YamlRendering.isTemplate(relation) ? relation : "{{ " + relation + " }}";
        add(draft(entry.name(), folders, entry.place(), "select * from " + body));
    }

    private Draft draft(String name, List<String> folders, Place place, String text) {
        List<String> fqn = new ArrayList<>(List.of(project.name()));
        fqn.addAll(folders);
        fqn.add(name);
        NodeId id = new NodeId("snapshot." + project.name() + "." + name);
        return new Draft(Draft.Kind.SNAPSHOT, id, name, project.name(), fqn, place, text);
    }

    private void add(Draft draft) {
        Draft first = scope.nodes().add(draft);
        if (first != null) {
            problems.add(ProjectErrors.duplicate(draft.place, "Snapshot", draft.name, first.place));
        }
    }
}
