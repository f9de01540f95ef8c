package dev.tarn.app;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Suggestion;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.FeedSpec;
import dev.tarn.model.table.Schema;
import dev.tarn.project.FeedFiles;
import java.util.Collection;

/** What is said about feeds. */
final class FeedErrors {
    private FeedErrors() {}

    private static TarnException at(FeedSpec feed, ErrorCode code, String message) {
        return new TarnException(code, message).at(feed.place());
    }

    static TarnException none() {
        return new TarnException(
                ErrorCode.CONFIG_INVALID,
                "There are no feeds: %s, beside dbt_project.yml, says who is told what changes in which table."
                        .formatted(FeedFiles.FILE));
    }

    static TarnException unknown(String name, Collection<String> known) {
        return new TarnException(
                ErrorCode.NODE_NOT_FOUND,
                "There is no feed '%s'.%s There are: %s."
                        .formatted(name, Suggestion.hint(name, known), String.join(", ", known)));
    }

    static TarnException unknownOutlet(FeedSpec feed, Collection<String> known) {
        return at(
                feed,
                ErrorCode.CONFIG_INVALID,
                "Feed '%s': nobody can be told by '%s'.%s There are: %s."
                        .formatted(
                                feed.name(),
                                feed.to(),
                                Suggestion.hint(feed.to(), known),
                                String.join(", ", known)));
    }

    static TarnException noTable(FeedSpec feed) {
        return at(
                feed,
                ErrorCode.TABLE_NOT_FOUND,
                "Feed '%s': there is no table %s on main. Build it first, or mend 'table'."
                        .formatted(feed.name(), feed.table()));
    }

    static TarnException noColumn(FeedSpec feed, String column, Schema schema) {
        return at(
                feed,
                ErrorCode.COLUMN_NOT_FOUND,
                "Feed '%s': %s has no column '%s', which 'key' names.%s"
                        .formatted(
                                feed.name(),
                                feed.table(),
                                column,
                                Suggestion.hint(column, schema.names())));
    }

    static TarnException badPosition(FeedSpec feed, String text) {
        return at(
                feed,
                ErrorCode.CONFIG_INVALID,
                "Feed '%s': what is kept as its position is none: %s. Something else writes there; `tarn feed %s --again` tells the table anew."
                        .formatted(feed.name(), text, feed.name()));
    }

    static TarnException otherTable(FeedSpec feed, String table) {
        return at(
                feed,
                ErrorCode.CONFIG_INVALID,
                "Feed '%s' has told of %s until now, and not of %s. Give it another name, or `tarn feed %s --again` tells the other table from its beginning."
                        .formatted(feed.name(), table, feed.table(), feed.name()));
    }

    static TarnException notOurs(FeedSpec feed, FeedPosition position) {
        return at(
                feed,
                ErrorCode.PUBLICATION_NOT_FOUND,
                "Feed '%s' was told up to publication %d of %s, which is not in the history of %s: another warehouse tells a feed of this name, or the history was forgotten. `tarn feed %s --again` tells the table as it is."
                        .formatted(
                                feed.name(),
                                position.publication(),
                                position.at(),
                                feed.table(),
                                feed.name()));
    }

    static TarnException expired(FeedSpec feed, TarnException cause) {
        return new TarnException(
                        ErrorCode.PUBLICATION_NOT_FOUND,
                        "Feed '%s': %s `tarn feed %s --again` tells the table as it is."
                                .formatted(feed.name(), cause.getMessage(), feed.name()),
                        cause)
                .at(feed.place());
    }
}
