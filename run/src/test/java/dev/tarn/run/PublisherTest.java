package dev.tarn.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.model.AsOf;
import dev.tarn.model.RefName;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.catalog.Change;
import dev.tarn.model.catalog.Change.Expected;
import dev.tarn.model.catalog.CommitRequest;
import dev.tarn.model.catalog.CommitResult;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Ref;
import dev.tarn.model.table.TablePointer;
import dev.tarn.spi.AppendingTables;
import dev.tarn.spi.MemoryCatalog;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class PublisherTest {
    private static final RefName WORK = new RefName("work");
    private static final TableName T = new TableName("main", "t");
    private static final TableName U = new TableName("main", "u");
    private static final Publisher.Note NOTE =
            new Publisher.Note("build", Optional.empty(), List.of(), List.of());

    private final MemoryCatalog catalog =
            new MemoryCatalog(Clock.fixed(Instant.parse("2026-03-01T10:00:00Z"), ZoneOffset.UTC));
    private final Publisher publisher = new Publisher(catalog, new AppendingTables(), 3);

    @BeforeEach
    void cutARef() {
        put(RefName.MAIN, T, "1");
        catalog.create(WORK, Ref.Kind.BRANCH, RefName.MAIN, AsOf.head());
    }

    @Test
    void everythingBecomesVisibleInOnePublication() {
        put(WORK, T, "1+2");
        put(WORK, U, "u");

        assertThat(publisher.publish(WORK, RefName.MAIN, NOTE)).isPresent();

        assertThat(on(RefName.MAIN, T)).contains("1+2");
        assertThat(on(RefName.MAIN, U)).contains("u");
        assertThat(catalog.history(RefName.MAIN, 10)).hasSize(2);
    }

    @Test
    void aRefWithNothingOfItsOwnPublishesNothing() {
        assertThat(publisher.publish(WORK, RefName.MAIN, NOTE)).isEmpty();
        assertThat(catalog.history(RefName.MAIN, 10)).hasSize(1);
    }

    @Test
    void appendsAreRepeatedOnWhatOthersPublished() {
        put(WORK, T, "1+2");
        put(RefName.MAIN, T, "1+other");

        publisher.publish(WORK, RefName.MAIN, NOTE);

        assertThat(on(RefName.MAIN, T)).contains("1+other+2");
    }

    @Test
    void aMoveDuringThePublicationIsSeenToo() {
        put(WORK, T, "1+2");
        catalog.beforeNextCommit(() -> put(RefName.MAIN, T, "1+late"));

        publisher.publish(WORK, RefName.MAIN, NOTE);

        assertThat(on(RefName.MAIN, T)).contains("1+late+2");
    }

    @Test
    void oneOverwriteThatLostRefusesEverything() {
        put(WORK, T, "overwritten");
        put(WORK, U, "u");
        put(RefName.MAIN, T, "1+other");

        assertThatThrownBy(() -> publisher.publish(WORK, RefName.MAIN, NOTE))
                .isInstanceOf(TarnException.class)
                .hasMessage(
                        "Nothing was published: main.t moved on main while this run worked;"
                                + " publication 4 was first. Run again to build on its result."
                                + " [COMMIT_CONFLICT]");
        assertThat(on(RefName.MAIN, T)).contains("1+other");
        assertThat(on(RefName.MAIN, U)).isEmpty();
    }

    @Test
    void twoRunsThatCreateOneTableDoNotMeetUnnoticed() {
        put(WORK, U, "mine");
        put(RefName.MAIN, U, "theirs");

        assertThatThrownBy(() -> publisher.publish(WORK, RefName.MAIN, NOTE))
                .hasMessageContaining("main.u moved on main");
        assertThat(on(RefName.MAIN, U)).contains("theirs");
    }

    private void put(RefName ref, TableName table, String pointer) {
        EntryKey key = EntryKey.of(table);
        CommitResult result =
                catalog.commit(
                        CommitRequest.of(
                                ref,
                                List.of(
                                        Change.put(
                                                key,
                                                new Entry.Table(
                                                        new TablePointer(pointer), Map.of()),
                                                Expected.anything())),
                                "test"));
        assertThat(result).isInstanceOf(CommitResult.Published.class);
    }

    private Optional<String> on(RefName ref, TableName table) {
        return catalog.read(ref, AsOf.head())
                .find(EntryKey.of(table))
                .map(v -> ((Entry.Table) v.entry()).pointer().metadataLocation());
    }
}
