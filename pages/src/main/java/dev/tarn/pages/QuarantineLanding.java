package dev.tarn.pages;

import dev.tarn.app.BuildRequest;
import dev.tarn.app.NodeKind;
import dev.tarn.app.Tarn;
import dev.tarn.model.RefName;
import dev.tarn.model.RunId;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.Node;
import dev.tarn.run.Cancellation;
import dev.tarn.run.RunListener;
import dev.tarn.run.RunReport;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/** Lands rows of quarantine again, for a form. */
final class QuarantineLanding {
    private final Ground ground;

    QuarantineLanding(Ground ground) {
        this.ground = ground;
    }

    /** The run that did it. */
    RunId land(Node.Source source) {
        // As the files are now: whoever mended a type wants it to count.
        try (Tarn now = ground.tarn().again()) {
            RunReport report =
                    now.sources()
                            .quarantine()
                            .replay(
                                    new BuildRequest(
                                            "quarantine replay by page",
                                            EnumSet.of(NodeKind.SOURCE),
                                            List.of(
                                                    "source:"
                                                            + source.sourceName()
                                                            + "."
                                                            + source.common().fqn().getLast()),
                                            List.of(),
                                            RefName.MAIN,
                                            false,
                                            false,
                                            Optional.empty()),
                                    "true",
                                    RunListener.SILENT,
                                    new Cancellation());
            if (!report.problems().isEmpty()) {
                throw new TarnException(report.problems());
            }
            return report.run().id();
        }
    }
}
