package dev.tarn.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.table.SchemaChange;
import dev.tarn.model.table.TableDefinition;
import dev.tarn.model.table.Type;
import dev.tarn.spi.Outbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a log is written, by whom, how often, and what remains when somebody dies over it. */
final class MirrorTest {
    @TempDir Path folder;
    private final KernelReader reader = new KernelReader();
    private Lab lab;

    @BeforeEach
    void openLab() {
        lab = new Lab(folder);
    }

    @AfterEach
    void closeLab() {
        lab.close();
    }

    private Lab.Line table(String name) {
        return lab.table(
                name, Lab.columns("id", Type.Primitive.BIGINT, "s", Type.Primitive.VARCHAR));
    }

    private static Path log(String home) {
        return Path.of(home, DeltaLog.FOLDER);
    }

    private static List<String> files(Path log) throws IOException {
        if (!Files.exists(log)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(log)) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }

    /** The whole log tells exactly the states that were published, in their order. */
    private void assertTellsAll(Lab.Line line) throws IOException {
        List<Lab.State> states = line.states();
        assertThat(reader.newest(line.home()).getVersion()).isEqualTo(states.size() - 1L);
        for (int version = 0; version < states.size(); version++) {
            assertThat(reader.rows(reader.at(line.home(), version)))
                    .as("version %d", version)
                    .isEqualTo(states.get(version).rows());
        }
    }

    /** What a reader sees is one of the states that were published. */
    private void assertShowsOnlyPublished(Lab.Line line) throws IOException {
        if (files(log(line.home())).stream().noneMatch(f -> f.endsWith(".json"))) {
            return;
        }
        var newest = reader.newest(line.home());
        assertThat(newest.getVersion()).isLessThan(line.states().size());
        assertThat(reader.rows(newest))
                .isEqualTo(line.states().get((int) newest.getVersion()).rows());
    }

    @Test
    void eachStateIsToldOnce() throws Exception {
        Lab.Line line = table("lab.once");
        List<Outbox.Item> items = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            items.add(line.append("select %d id, 'x' s".formatted(i)).publishQuietly());
        }

        lab.mirror().tell(line.name(), items.subList(0, 2));
        lab.mirror().tell(line.name(), items.subList(0, 2));
        lab.mirror().tell(line.name(), items);

        assertTellsAll(line);
    }

    @Test
    void whateverChangeIsTheLastOfAProcessTheNextOneDoesTheRest() throws Exception {
        for (int change = 1; change <= 15; change++) {
            for (boolean done : List.of(false, true)) {
                killedAt(change, done);
            }
        }
    }

    private void killedAt(int change, boolean done) throws IOException {
        Lab.Line line = table("lab.killed" + change + done);
        MortalStorage storage = new MortalStorage(lab.storage());
        DeltaMirror mirror = lab.mirror(storage);
        List<Outbox.Item> items = new ArrayList<>();
        storage.dieAt(change, done);
        for (int i = 0; i < 12; i++) {
            line.append("select %d id, 'x' s".formatted(i));
            if (i % 4 == 3) {
                line.delete("select %d::bigint id".formatted(i - 1));
            }
            items.add(line.publishQuietly());
            Throwable end = catchThrowable(() -> mirror.tell(line.name(), items));
            if (end != null) {
                assertShowsOnlyPublished(line);
                assertThat(end).isInstanceOf(MortalStorage.Killed.class);
                storage.live();
            }
        }

        mirror.tell(line.name(), items);

        assertThat(files(log(line.home()))).filteredOn(f -> f.endsWith(".json")).hasSize(12);
        assertThat(reader.rows(reader.newest(line.home())))
                .isEqualTo(line.states().getLast().rows());
    }

    @Test
    void twoProcessesAtOnceWriteOneLog() throws Exception {
        Lab.Line line = table("lab.two");
        List<Outbox.Item> items = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            items.add(line.append("select %d id, 'x' s".formatted(i)).publishQuietly());
        }
        try (ExecutorService processes = Executors.newFixedThreadPool(3)) {
            List<Future<?>> ends = new ArrayList<>();
            for (int p = 0; p < 3; p++) {
                DeltaMirror mirror = lab.mirror(lab.storage());
                int begin = p;
                ends.add(
                        processes.submit(() -> {
                            for (int upTo = 1 + begin; upTo <= 25; upTo++) {
                                mirror.tell(line.name(), items.subList(0, upTo));
                            }
                        }));
            }
            for (Future<?> end : ends) {
                end.get();
            }
        }

        assertTellsAll(line);
    }

    @Test
    void aLogOfSomebodyElseIsLeftAlone() throws Exception {
        Lab.Line line = table("lab.foreign").append("select 1 id, 'x' s");
        Path first = log(line.home()).resolve("%020d.json".formatted(0));
        Files.createDirectories(first.getParent());
        Files.writeString(first, "{\"commitInfo\":{\"engineInfo\":\"Apache-Spark\"}}\n");

        assertThatThrownBy(line::publish)
                .isInstanceOfSatisfying(
                        TarnException.class,
                        e -> {
                            assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED);
                            assertThat(e.getMessage())
                                    .isEqualTo(
                                            "The Delta log of lab.foreign in %1$s was not written by Tarn (version 0), so Tarn leaves it alone and Delta readers no longer see what is published. Remove the folder %1$s/_delta_log to let Tarn begin it anew, or set `formats: [iceberg]` for the table. [UNSUPPORTED]"
                                                    .formatted(line.home()));
                        });
        assertThat(files(log(line.home()))).hasSize(1);
    }

    @Test
    void aTableThatGoesTakesItsLogAlong() throws Exception {
        Lab.Line line = table("lab.gone").append("select 1 id, 'x' s").publish();

        lab.mirror().tell(line.name(), List.of(line.drop()));

        assertThat(files(log(line.home()))).isEmpty();
        line.publish();
        assertThat(reader.rows(reader.newest(line.home()))).containsExactly("1|x");
    }

    @Test
    void aCloneHasALogOfItsOwn() throws Exception {
        Lab.Line line = table("lab.original").append("select 1 id, 'x' s").publish();
        TableName clone = TableName.parse("lab.clone");
        Outbox.Item asItWas =
                new Outbox.Item(
                        clone,
                        new dev.tarn.model.PublicationId(77),
                        Instant.parse("2026-03-02T00:00:00Z"),
                        Optional.of(line.pointer()),
                        Optional.empty());
        lab.mirror().tell(clone, List.of(asItWas));
        line.append("select 2 id, 'y' s").delete("select 1::bigint id").publish();

        String home = lab.mirror().home(clone, line.pointer()).orElseThrow();

        assertThat(home).isNotEqualTo(line.home()).startsWith(line.home() + "/_clones/lab.clone");
        assertThat(reader.rows(reader.newest(home))).containsExactly("1|x");
        assertThat(reader.rows(reader.newest(line.home()))).containsExactly("2|y");
        assertThat(lab.mirror().home(line.name(), line.pointer())).contains(line.home());
    }

    @Test
    void aTableThatDoesNotWantItHasNone() throws Exception {
        Lab.Line line = table("lab.plain").append("select 1 id, 'x' s").publish();
        assertThat(files(log(line.home()))).isNotEmpty();

        line.redefine(
                        d -> {
                            Map<String, String> properties = new HashMap<>(d.properties());
                            properties.put(DeltaMirror.FORMATS, "iceberg");
                            return new TableDefinition(
                                    d.schema(), d.partitioning(), d.sortOrder(), properties);
                        })
                .publish();

        assertThat(files(log(line.home()))).isEmpty();
        assertThat(lab.mirror().home(line.name(), line.pointer())).isEmpty();
    }

    @Test
    void goingBackToAnEarlierStateIsOneMoreVersion() throws Exception {
        Lab.Line line = table("lab.back");
        line.append("select i id, 'x' s from range(5) t(i)").publish();
        line.delete("select 2::bigint id").publish();
        var earlier = line.pointer();
        line.delete("select 3::bigint id").append("select 9 id, 'y' s").publish();

        line.back(earlier).publish();

        assertTellsAll(line);
    }

    @Test
    void aLogWhoseLastStateIsLostIsBegunAnew() throws Exception {
        Lab.Line line = table("lab.lost").append("select 1 id, 'x' s").publish();
        String told = line.states().getFirst().pointer().metadataLocation();
        line.append("select 2 id, 'y' s");
        Outbox.Item next = line.publishQuietly();
        Files.delete(Path.of(told));

        Lab later = new Lab(folder);
        later.mirror().tell(line.name(), List.of(next));
        later.close();

        assertThat(reader.newest(line.home()).getVersion()).isZero();
        assertThat(reader.rows(reader.newest(line.home()))).containsExactly("1|x", "2|y");
    }

    @Test
    void aColumnWithADefaultForOldRowsIsLeftOut() throws Exception {
        Lab.Line line =
                table("lab.defaults")
                        .append("select 1 id, 'x' s")
                        .publish()
                        .evolve(new SchemaChange.Add("n", Type.Primitive.INTEGER, Optional.of("7")))
                        .append("select 2 id, 'y' s, 8 n")
                        .publish();

        assertThat(line.states().getLast().rows()).containsExactly("1|x|7", "2|y|8");
        assertThat(reader.rows(reader.newest(line.home()))).containsExactly("1|x", "2|y");
    }

    @Test
    void oldVersionsCanBeForgotten() throws Exception {
        Lab.Line line = new Scenarios(lab).manyVersions();

        int forgotten =
                lab.mirror().forget(line.name(), line.pointer(), Instant.now().plusSeconds(60));

        assertThat(forgotten).isEqualTo(20);
        assertThat(files(log(line.home())))
                .filteredOn(f -> f.endsWith(".json"))
                .first()
                .isEqualTo("%020d.json".formatted(19));
        assertThat(reader.rows(reader.newest(line.home())))
                .isEqualTo(line.states().getLast().rows());
    }

    @Test
    void whatIsStillHistoryCanBeReadAfterTheRestIsForgotten() throws Exception {
        Lab.Line line = new Scenarios(lab).manyVersions();
        Path log = log(line.home());
        Instant then = Instant.parse("2026-02-01T00:00:00Z");
        for (String name : files(log)) {
            boolean isOld = !name.startsWith("_") && Integer.parseInt(name.substring(0, 20)) <= 12;
            Files.setLastModifiedTime(
                    log.resolve(name),
                    FileTime.from(isOld ? then : then.plus(Duration.ofDays(10))));
        }

        lab.mirror().forget(line.name(), line.pointer(), then.plus(Duration.ofDays(1)));

        assertThat(files(log)).first().isEqualTo("%020d.checkpoint.parquet".formatted(9));
        for (int version = 9; version < line.states().size(); version++) {
            assertThat(reader.rows(reader.at(line.home(), version)))
                    .as("version %d", version)
                    .isEqualTo(line.states().get(version).rows());
        }
    }

    @Test
    void rowsThatWereUpdatedAreToldOneByOneWhereAFeedIsAskedFor() throws Exception {
        Lab.Line line =
                lab.table(
                        "lab.fed",
                        new TableDefinition(
                                Lab.columns(
                                        "id", Type.Primitive.BIGINT, "s", Type.Primitive.VARCHAR),
                                List.of(),
                                List.of(),
                                Map.of("tarn.change-feed", "true")));
        line.append("select i id, 'x' || i s from range(4) t(i)").publish();
        line.delete("select 1::bigint id").append("select 9 id, 'y' s").publish();
        line.update("select 2::bigint id, 'new' s").delete("select 3::bigint id").publish();

        Path changes = Path.of(line.home(), DeltaLog.CHANGES_FOLDER);
        assertThat(files(changes))
                .hasSize(1)
                .first()
                .satisfies(name -> assertThat(name).startsWith("cdc-%020d-".formatted(2)));
        String file = changes.resolve(files(changes).getFirst()).toString();
        assertThat(
                        line.rows(
                                line.pointer(),
                                "select _change_type, id, s from read_parquet('%s')"
                                        .formatted(file)))
                .containsExactly("delete|3|x3", "update_postimage|2|new", "update_preimage|2|x2");
        assertThat(Files.readString(log(line.home()).resolve("%020d.json".formatted(2))))
                .contains("\"cdc\":{\"path\":\"_change_data/cdc-");

        lab.mirror().tell(line.name(), List.of(line.drop()));
    }
}
