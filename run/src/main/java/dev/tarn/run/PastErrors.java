package dev.tarn.run;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.PointInTime;
import dev.tarn.model.RefName;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.spi.Catalog;
import java.util.Optional;

/** What is said about states that are not there. */
final class PastErrors {
    private PastErrors() {}

    static TarnException noChangesHere(TableName name) {
        return new TarnException(
                ErrorCode.UNSUPPORTED,
                "The changes of %s can be asked for in queries (`tarn query`, the shell, `tarn changes`), not in statements and models."
                        .formatted(name));
    }

    static TarnException notThen(
            TableName name, RefName ref, PointInTime point, Optional<Catalog.EntryVersion> oldest) {
        String when =
                switch (point) {
                    case PointInTime.Version v -> "at version " + v.number();
                    case PointInTime.Time t -> "at " + t.time();
                    case PointInTime.OnRef r -> "on ref '" + r.ref() + "'";
                    case PointInTime.OfRun r -> "in run " + r.run();
                    case PointInTime.Changes c -> "between versions";
                };
        String kept =
                oldest.map(v ->
                                "The oldest version that is kept is %s, of %s. `tarn history %s` lists them."
                                        .formatted(
                                                v.publication().id(), v.publication().at(), name))
                        .orElse("`tarn tables` lists what there is.");
        return new TarnException(
                ErrorCode.PUBLICATION_NOT_FOUND,
                "There is no %s %s, as seen from %s. %s".formatted(name, when, ref, kept));
    }
}
