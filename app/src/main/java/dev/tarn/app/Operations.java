package dev.tarn.app;

import dev.tarn.model.RefName;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.NodeId;
import dev.tarn.model.graph.Project;
import dev.tarn.model.graph.SqlText;
import dev.tarn.project.LateNodes;
import dev.tarn.run.Cancellation;
import dev.tarn.run.NodeCompiler;
import dev.tarn.run.NodeLineage;
import dev.tarn.run.RunListener;
import dev.tarn.run.RunReport;
import dev.tarn.run.RunRequest;
import dev.tarn.run.TaskContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Calls macros and renders templates that belong to no node. */
public final class Operations {
    private final Building building;
    private final Wiring wiring;

    Operations(Building building, Wiring wiring) {
        this.building = building;
        this.wiring = wiring;
    }

    /** The SQL of a template, with everything the project offers; it sees what is published. */
    public String inline(String template) {
        try (LateDatabase database = new LateDatabase(wiring, RefName.MAIN)) {
            return building.compilation().late().inline(template, database).sql();
        }
    }

    /** The SQL of an analysis of the project; it sees what is published. */
    public String analysis(NodeId id) {
        try (LateDatabase database = new LateDatabase(wiring, RefName.MAIN)) {
            return building.compilation().late().analysis(id, database).sql();
        }
    }

    /** Calls a macro in a run of its own: what it changes is published at its end. */
    String call(
            String command,
            String macro,
            Map<String, @Nullable Object> arguments,
            Cancellation cancellation) {
        Call call = new Call(building.compilation().late(), macro, arguments);
        try (Ingestion ingestion = building.ingestion(Set.of())) {
            RunReport report =
                    building.runner(ingestion, call, NodeLineage.NONE)
                            .run(
                                    new RunRequest(
                                            building.compiled(),
                                            Set.of(),
                                            RefName.MAIN,
                                            command,
                                            false,
                                            false,
                                            Optional.empty()),
                                    RunListener.SILENT,
                                    cancellation);
            if (!report.problems().isEmpty()) {
                throw new TarnException(report.problems());
            }
        }
        return call.result;
    }

    /** A run without nodes, at whose start the macro is called. */
    private static final class Call implements NodeCompiler {
        private final LateNodes project;
        private final String macro;
        private final Map<String, @Nullable Object> arguments;
        private String result = "";

        Call(LateNodes project, String macro, Map<String, @Nullable Object> arguments) {
            this.project = project;
            this.macro = macro;
            this.arguments = arguments;
        }

        @Override
        public Node compile(Node node, TaskContext context) {
            return node;
        }

        @Override
        public List<SqlText> atStart(Project all, TaskContext context) {
            try (RunDatabase database = new RunDatabase(context)) {
                result = project.call(macro, arguments, database);
            }
            return List.of();
        }

        @Override
        public List<SqlText> atEnd(
                Project all, Map<String, @Nullable Object> names, TaskContext context) {
            return List.of();
        }
    }
}
