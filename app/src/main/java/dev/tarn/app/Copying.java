package dev.tarn.app;

import dev.tarn.model.AsOf;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.RefName;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.catalog.Change;
import dev.tarn.model.catalog.CommitRequest;
import dev.tarn.model.catalog.CommitResult;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.model.graph.Node;
import dev.tarn.project.PreviousState;
import dev.tarn.spi.CatalogView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Lets tables appear under further names. Files are shared; nothing is copied. */
final class Copying {
    private final Wiring wiring;

    Copying(Wiring wiring) {
        this.wiring = wiring;
    }

    List<TableName> copy(PreviousState state, List<Node> nodes, boolean replace) {
        CatalogView view = wiring.catalog().read(RefName.MAIN, AsOf.head());
        List<Change> changes = new ArrayList<>();
        List<TableName> made = new ArrayList<>();
        for (Node node : nodes) {
            Map<Object, @Nullable Object> before = state.manifest().node(node.id());
            Optional<TableName> name =
                    switch (node) {
                        case Node.Model model -> Optional.of(model.relation());
                        case Node.Seed seed -> Optional.of(seed.relation());
                        case Node.Source source -> Optional.empty();
                        case Node.Check check -> Optional.empty();
                    };
            if (name.isEmpty() || before.get("schema") == null || before.get("alias") == null) {
                continue;
            }
            TableName from =
                    new TableName(
                            String.valueOf(before.get("schema")),
                            String.valueOf(before.get("alias")));
            Optional<Versioned> there = view.find(EntryKey.of(from));
            Optional<Versioned> mine = view.find(EntryKey.of(name.get()));
            if (there.isEmpty() || from.equals(name.get()) || (mine.isPresent() && !replace)) {
                continue;
            }
            changes.add(
                    Change.put(
                            EntryKey.of(name.get()),
                            there.get().entry(),
                            Change.Expected.of(mine)));
            made.add(name.get());
        }
        if (!changes.isEmpty()) {
            CommitResult result =
                    wiring.catalog()
                            .commit(
                                    new CommitRequest(
                                            RefName.MAIN,
                                            changes,
                                            "clone",
                                            Optional.empty(),
                                            false,
                                            List.of(),
                                            List.of()));
            if (result instanceof CommitResult.Conflicted) {
                throw new TarnException(
                        ErrorCode.COMMIT_CONFLICT,
                        "Tables changed while they were cloned. Run it again.");
            }
        }
        return made;
    }
}
