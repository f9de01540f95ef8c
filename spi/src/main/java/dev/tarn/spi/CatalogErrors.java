package dev.tarn.spi;

import dev.tarn.model.AsOf;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.PublicationId;
import dev.tarn.model.RefName;
import dev.tarn.model.RunId;
import dev.tarn.model.Suggestion;
import dev.tarn.model.TarnException;
import dev.tarn.model.run.RunStatus;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What every catalog and run log says when it refuses, whatever database it stands on. */
public final class CatalogErrors {
    private CatalogErrors() {}

    public static TarnException refNotFound(RefName name, Collection<RefName> known) {
        if (name.isRun()) {
            return new TarnException(
                    ErrorCode.REF_NOT_FOUND,
                    ("There is no ref '%s': the run never began, or its ref was removed some time"
                                    + " after it ended. `tarn runs` lists the runs.")
                            .formatted(name));
        }
        List<String> names =
                known.stream().filter(r -> !r.isRun()).map(RefName::value).sorted().toList();
        String hint = Suggestion.hint(name.value(), names);
        return new TarnException(
                ErrorCode.REF_NOT_FOUND,
                hint.isEmpty()
                        ? "There is no ref '%s'. There are: %s.".formatted(name, some(names))
                        : "There is no ref '%s'.%s".formatted(name, hint));
    }

    public static TarnException viewIsGone(RefName name) {
        return new TarnException(
                ErrorCode.REF_NOT_FOUND,
                "The ref '%s' was deleted while it was being read.".formatted(name));
    }

    public static TarnException refExists(RefName name) {
        return new TarnException(
                ErrorCode.REF_EXISTS,
                "There is already a ref '%s'. Choose another name, or delete that one first."
                        .formatted(name));
    }

    public static TarnException mainStays() {
        return new TarnException(
                ErrorCode.REF_IN_USE, "The ref 'main' cannot be deleted: it always exists.");
    }

    public static TarnException refInUse(RefName name, Collection<RefName> children) {
        return new TarnException(
                ErrorCode.REF_IN_USE,
                "The ref '%s' cannot be deleted: %s cut from it. Delete %s first."
                        .formatted(
                                name,
                                some(children.stream().map(RefName::value).sorted().toList())
                                        + (children.size() == 1 ? " was" : " were"),
                                children.size() == 1 ? "that ref" : "those refs"));
    }

    public static TarnException kindMismatch(RefName name) {
        return new TarnException(
                ErrorCode.REF_NAME_INVALID,
                name.isRun()
                        ? "'%s' can only be the ref of a run: names that start with 'run:' are kept for runs."
                                .formatted(name)
                        : "'%s' cannot be the ref of a run: its name must be 'run:' and the run's id."
                                .formatted(name));
    }

    public static TarnException tagIsFixed(RefName name) {
        return new TarnException(
                ErrorCode.UNSUPPORTED,
                "'%s' is a tag and never changes. Commit to a branch instead.".formatted(name));
    }

    public static TarnException noSuchState(RefName name, AsOf at, PublicationId newest) {
        return new TarnException(
                ErrorCode.PUBLICATION_NOT_FOUND,
                switch (at) {
                    case AsOf.Head h -> "The ref '%s' has no newest state.".formatted(name);
                    case AsOf.Publication p ->
                            "There is no publication %s: the newest is %s."
                                    .formatted(p.id(), newest);
                    case AsOf.Time t ->
                            ("The ref '%s' showed nothing yet at %s. `tarn history` lists its"
                                            + " publications and their times.")
                                    .formatted(name, t.time());
                });
    }

    /** A state that was there and is no longer kept. */
    public static TarnException expired(RefName name, AsOf at, PublicationId oldest) {
        String what =
                switch (at) {
                    case AsOf.Head h -> "its newest publication";
                    case AsOf.Publication p -> "publication " + p.id();
                    case AsOf.Time t -> t.time().toString();
                };
        return new TarnException(
                ErrorCode.PUBLICATION_NOT_FOUND,
                "What the ref '%s' showed at %s is no longer kept; the oldest publication that can be read is %s. A tag keeps a state for ever; the setting 'upkeep.history' says how long others are kept."
                        .formatted(name, what, oldest));
    }

    public static TarnException runNotFound(RunId id) {
        return new TarnException(
                ErrorCode.RUN_NOT_FOUND,
                "There is no run '%s'. `tarn runs` lists them.".formatted(id));
    }

    public static TarnException runExists(RunId id) {
        return new TarnException(
                ErrorCode.DUPLICATE_NAME, "The run '%s' has already begun.".formatted(id));
    }

    public static TarnException runHasEnded(RunId id, RunStatus status) {
        return new TarnException(
                ErrorCode.RUN_LOST,
                status == RunStatus.LOST
                        ? ("The run '%s' cannot publish: it gave no sign of life for so long that it was"
                                        + " declared lost. Run again.")
                                .formatted(id)
                        : "The run '%s' cannot publish: it has already ended as %s."
                                .formatted(id, status.name().toLowerCase(Locale.ROOT)));
    }

    private static String some(List<String> names) {
        int shown = 5;
        String text =
                names.stream()
                        .limit(shown)
                        .map(n -> "'" + n + "'")
                        .collect(Collectors.joining(", "));
        return names.size() <= shown ? text : text + " and " + (names.size() - shown) + " more";
    }
}
