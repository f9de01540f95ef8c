package dev.tarn.refs;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.PublicationId;
import dev.tarn.model.RefName;
import dev.tarn.model.Suggestion;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.catalog.CommitResult.Conflict;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Publication;
import dev.tarn.model.table.Schema;
import dev.tarn.spi.CatalogView;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What merging, comparing and restoring say when they refuse. */
final class RefErrors {
    private static final int SHOWN = 10;

    private RefErrors() {}

    static TarnException tooManyVersions(TableName name, int versions, int most) {
        return new TarnException(
                ErrorCode.UNSUPPORTED,
                "%s has %d versions between these two, and a query can tell of %d. Take fewer, or use `tarn changes`."
                        .formatted(name, versions, most));
    }

    static TarnException backwards(TableName name, PublicationId from, PublicationId to) {
        return new TarnException(
                ErrorCode.USAGE,
                "Changes of %s are asked for from publication %s to %s, which was before it. Swap the two."
                        .formatted(name, from, to));
    }

    static TarnException expired(TableName name, Publication version, TarnException cause) {
        return new TarnException(
                ErrorCode.PUBLICATION_NOT_FOUND,
                "Version %s of %s is no longer kept, so what it changed cannot be told. Begin with a later one; `tarn history %s` lists them."
                        .formatted(version.id(), name, name),
                cause);
    }

    /** An entry that both sides of a merge changed, and the publications that did. */
    record BothChanged(EntryKey key, Publication source, Publication target) {}

    static TarnException mergeWithItself(RefName name) {
        return new TarnException(
                ErrorCode.USAGE,
                "'%s' cannot be merged into itself. Name another target with --into."
                        .formatted(name));
    }

    static TarnException runsPublishThemselves(RefName run) {
        return new TarnException(
                ErrorCode.USAGE,
                "'%s' is the ref of a run and cannot be merged: a run publishes itself once its checks pass. `tarn retry` goes on with a failed one."
                        .formatted(run));
    }

    static TarnException preferNeither(RefName prefer, RefName source, RefName target) {
        return new TarnException(
                ErrorCode.USAGE,
                "--prefer must name one of the two refs, '%s' or '%s', not '%s'."
                        .formatted(source, target, prefer));
    }

    static TarnException bothChanged(RefName source, RefName target, List<BothChanged> conflicts) {
        String lines =
                conflicts.stream()
                        .limit(SHOWN)
                        .map(c ->
                                "%n  %s: on %s by %s, on %s by %s"
                                        .formatted(
                                                c.key(),
                                                source,
                                                who(c.source()),
                                                target,
                                                who(c.target())))
                        .collect(Collectors.joining());
        String more =
                conflicts.size() > SHOWN
                        ? "%n  and %d more".formatted(conflicts.size() - SHOWN)
                        : "";
        return new TarnException(
                ErrorCode.MERGE_CONFLICT,
                ("Nothing was merged: %s changed on both '%s' and '%s' since they last met:%s%s%n"
                                + "Say which side wins there with --prefer %s or --prefer %s.")
                        .formatted(
                                conflicts.size() == 1 ? "1 entry" : conflicts.size() + " entries",
                                source,
                                target,
                                lines,
                                more,
                                source,
                                target));
    }

    static TarnException targetKeepsMoving(RefName target, List<Conflict> conflicts) {
        return new TarnException(
                ErrorCode.COMMIT_CONFLICT,
                "Nothing was changed: others kept publishing %s on '%s' meanwhile. Try again."
                        .formatted(conflicts.getFirst().key(), target));
    }

    static TarnException outdated(
            TableName name, RefName ref, PublicationId seen, Optional<PublicationId> is) {
        return new TarnException(
                ErrorCode.OUTDATED,
                "%s on %s is not as it was at publication %s any more: %s. Nothing was changed. Look at it, and do it again if it is still right."
                        .formatted(
                                name,
                                ref,
                                seen,
                                is.map(p -> "publication %s changed it".formatted(p))
                                        .orElse("it is there no more")));
    }

    static TarnException notThere(TableName name, CatalogView view) {
        List<String> names =
                view.list(EntryKey.Kind.RELATION, "").stream().map(v -> v.key().name()).toList();
        return new TarnException(
                ErrorCode.TABLE_NOT_FOUND,
                "There is no table or view %s on '%s' as of publication %s.%s `tarn history %s` lists its versions."
                        .formatted(
                                name,
                                view.ref(),
                                view.asOf(),
                                Suggestion.hint(name.toString(), names),
                                name));
    }

    static TarnException notDropped(TableName name, RefName ref) {
        return new TarnException(
                ErrorCode.USAGE,
                "%s is there on '%s': it was not dropped. `tarn restore %s --to STATE` brings back an older state of it."
                        .formatted(name, ref, name));
    }

    static TarnException neverThere(TableName name, RefName ref) {
        return new TarnException(
                ErrorCode.TABLE_NOT_FOUND,
                "There has never been a table or view %s on '%s'.".formatted(name, ref));
    }

    static TarnException exists(TableName name, RefName ref) {
        return new TarnException(
                ErrorCode.TABLE_EXISTS,
                "There is already a table or view %s on '%s'. Choose another name, or drop that one first."
                        .formatted(name, ref));
    }

    static TarnException emptySchema(String schema, CatalogView view) {
        return new TarnException(
                ErrorCode.TABLE_NOT_FOUND,
                "There was no table or view in schema %s on '%s' as of publication %s."
                        .formatted(schema, view.ref(), view.asOf()));
    }

    static TarnException noKeyColumn(String column, TableName table, Schema schema) {
        return new TarnException(
                ErrorCode.COLUMN_NOT_FOUND,
                "%s has no column '%s' on both sides, so it cannot be the key.%s"
                        .formatted(table, column, Suggestion.hint(column, schema.names())));
    }

    static TarnException onlyTables(TableName name) {
        return new TarnException(
                ErrorCode.UNSUPPORTED,
                "The rows of %s cannot be compared: it must be a table on both sides."
                        .formatted(name));
    }

    private static String who(Publication publication) {
        return publication
                .run()
                .map(run -> "run " + run)
                .orElseGet(() -> "publication " + publication.id());
    }
}
