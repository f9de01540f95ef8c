package dev.tarn.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.model.AsOf;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.PublicationId;
import dev.tarn.model.RefName;
import dev.tarn.model.RunId;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.catalog.Change;
import dev.tarn.model.catalog.Change.Expected;
import dev.tarn.model.catalog.CommitRequest;
import dev.tarn.model.catalog.CommitResult;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Publication;
import dev.tarn.model.catalog.Ref;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.model.run.Run;
import dev.tarn.model.run.RunStatus;
import dev.tarn.model.table.TablePointer;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What the suites of the catalog and the run log share: an empty warehouse and short words. */
public abstract class WarehouseContract {
    protected static final RefName MAIN = RefName.MAIN;
    protected static final RefName DEV = new RefName("dev");
    protected static final EntryKey ORDERS = EntryKey.of(new TableName("gold", "orders"));
    protected static final EntryKey USERS = EntryKey.of(new TableName("gold", "users"));

    protected final TestClock clock = TestClock.at("2026-11-01T10:00:00Z");
    private @Nullable Warehouse opened;

    /**
     * @param catalog closed after each test
     */
    public record Warehouse(Catalog catalog, RunLog runs) {}

    /** Opens a new, empty warehouse. */
    protected abstract Warehouse emptyWarehouse(Clock time);

    @BeforeEach
    void openWarehouse() {
        opened = emptyWarehouse(clock);
    }

    @AfterEach
    void closeWarehouse() {
        catalog().close();
    }

    protected Catalog catalog() {
        return Objects.requireNonNull(opened).catalog();
    }

    protected RunLog runs() {
        return Objects.requireNonNull(opened).runs();
    }

    protected static Entry table(String metadata) {
        return new Entry.Table(
                new TablePointer(metadata), Map.of("node", "model.shop." + metadata));
    }

    protected static Change put(EntryKey key, String metadata) {
        return Change.put(key, table(metadata), Expected.anything());
    }

    protected Publication publish(RefName ref, Change... changes) {
        return published(catalog().commit(CommitRequest.of(ref, List.of(changes), "test")));
    }

    protected static Publication published(CommitResult result) {
        assertThat(result).isInstanceOf(CommitResult.Published.class);
        return ((CommitResult.Published) result).publication();
    }

    protected static List<CommitResult.Conflict> conflicts(CommitResult result) {
        assertThat(result).isInstanceOf(CommitResult.Conflicted.class);
        return ((CommitResult.Conflicted) result).conflicts();
    }

    protected Ref branch(RefName name, RefName parent) {
        return catalog().create(name, Ref.Kind.BRANCH, parent, AsOf.head());
    }

    /** The metadata locations a state shows for a key. */
    protected Optional<String> shown(RefName ref, AsOf at, EntryKey key) {
        return catalog().read(ref, at).find(key).map(WarehouseContract::metadata);
    }

    protected Optional<String> shown(RefName ref, EntryKey key) {
        return shown(ref, AsOf.head(), key);
    }

    protected static String metadata(Versioned value) {
        assertThat(value.entry()).isInstanceOf(Entry.Table.class);
        return ((Entry.Table) value.entry()).pointer().metadataLocation();
    }

    protected static AsOf at(Publication publication) {
        return new AsOf.Publication(publication.id());
    }

    protected static AsOf at(long publication) {
        return new AsOf.Publication(new PublicationId(publication));
    }

    /** A run that begins now, with its ref. */
    protected Run begin(String id) {
        RunId run = new RunId(id);
        Ref ref = catalog().create(RefName.of(run), Ref.Kind.RUN, MAIN, AsOf.head());
        Run begun =
                new Run(
                        run,
                        "shop",
                        "build",
                        MAIN,
                        ref.cutAt(),
                        RunStatus.RUNNING,
                        clock.instant(),
                        clock.instant(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty());
        runs().begin(begun);
        return begun;
    }

    /** A commit to main that ends a run. */
    protected static CommitRequest ending(RunId run, Change... changes) {
        return new CommitRequest(
                MAIN, List.of(changes), "publish", Optional.of(run), true, List.of(), List.of());
    }

    protected static void assertRefused(ErrorCode code, String text, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(TarnException.class)
                .hasMessage(text + " [" + code + "]");
    }
}
