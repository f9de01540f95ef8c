package dev.tarn.app;

import dev.tarn.model.TableName;
import dev.tarn.model.catalog.Publication;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Up to where a feed has been told, as it is kept where it is told. The time tells one warehouse
 * from another that has a publication of the same number.
 */
record FeedPosition(String table, long publication, String at) {
    private static final Pattern FORM =
            Pattern.compile(
                    "\\{\"table\":\"([^\"]*)\",\"publication\":(\\d{1,18}),\"at\":\"([^\"]*)\"\\}");

    static FeedPosition of(TableName table, Publication publication) {
        return new FeedPosition(
                table.toString().replace('"', '\'').replace('\\', '/'),
                publication.id().value(),
                publication.at().toString());
    }

    /** Empty for a text that is none. */
    static Optional<FeedPosition> parse(String text) {
        Matcher found = FORM.matcher(text);
        return found.matches()
                ? Optional.of(
                        new FeedPosition(
                                found.group(1), Long.parseLong(found.group(2)), found.group(3)))
                : Optional.empty();
    }

    String toJson() {
        return "{\"table\":\"%s\",\"publication\":%d,\"at\":\"%s\"}"
                .formatted(table, publication, at);
    }

    boolean isOf(TableName name, Publication other) {
        return equals(of(name, other));
    }
}
