package dev.tarn.app;

import dev.tarn.app.results.ResultStore;
import dev.tarn.delta.DeltaConfig;
import dev.tarn.delta.DeltaMirror;
import dev.tarn.delta.read.DeltaTables;
import dev.tarn.duckdb.DuckDbConfig;
import dev.tarn.duckdb.DuckDbEngine;
import dev.tarn.formats.FormatReaders;
import dev.tarn.formats.HudiTables;
import dev.tarn.formats.ParquetCopies;
import dev.tarn.formats.PlainFolders;
import dev.tarn.iceberg.IcebergConfig;
import dev.tarn.iceberg.IcebergTables;
import dev.tarn.otlp.OtlpSettings;
import dev.tarn.otlp.OtlpTracer;
import dev.tarn.refs.ChangeFeed;
import dev.tarn.run.ChangeRelations;
import dev.tarn.run.PastStates;
import dev.tarn.run.RunListener;
import dev.tarn.spi.Adopter;
import dev.tarn.spi.AlertStore;
import dev.tarn.spi.AttachedFormat;
import dev.tarn.spi.Catalog;
import dev.tarn.spi.Engine;
import dev.tarn.spi.JobStore;
import dev.tarn.spi.KeptAnswers;
import dev.tarn.spi.RowReaders;
import dev.tarn.spi.RunLog;
import dev.tarn.spi.Storage;
import dev.tarn.spi.TableMirror;
import dev.tarn.spi.Tracer;
import dev.tarn.state.StateConfig;
import dev.tarn.state.StateStore;
import dev.tarn.storage.CachingStorage;
import dev.tarn.storage.LocalStorage;
import dev.tarn.storage.S3Settings;
import dev.tarn.storage.S3Storage;
import dev.tarn.storage.SecretRef;
import dev.tarn.storage.SftpSettings;
import dev.tarn.storage.SftpStorage;
import dev.tarn.storage.Storages;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The place where adapters are made. Each is made when it is first needed: a command that only
 * reads the catalog does not start an engine.
 */
final class Wiring implements AutoCloseable {
    private final Path home;
    private final Settings settings;
    private final Map<String, String> environment;
    private final Clock clock;
    private @Nullable StateStore state;
    private @Nullable Storage storage;
    private @Nullable AttachedTables tables;
    private @Nullable Adopter adopter;
    private @Nullable Engine engine;
    private @Nullable TableMirror mirror;
    private @Nullable Tracer tracer;
    private final RequestCounts requests = new RequestCounts();
    private final SourceLags lags;
    private final Mirroring mirroring = new Mirroring(() -> state().outbox(), this::mirror);

    Wiring(OpenRequest request, Settings settings) {
        this.home = request.projectDirectory();
        this.settings = settings;
        this.environment = request.environment();
        this.clock = request.clock();
        this.lags = new SourceLags(clock);
    }

    Settings settings() {
        return settings;
    }

    Map<String, String> environment() {
        return environment;
    }

    Clock clock() {
        return clock;
    }

    /** Tells nothing unless the environment says where to. */
    synchronized Tracer tracer() {
        if (tracer == null) {
            boolean said = environment.keySet().stream().anyMatch(k -> k.startsWith("OTEL_"));
            tracer =
                    (said
                                    ? OtlpSettings.of(environment, version())
                                    : Optional.<OtlpSettings>empty())
                            .map(s ->
                                    OtlpTracer.open(
                                            s, clock, () -> ThreadLocalRandom.current().nextLong()))
                            .orElse(Tracer.OFF);
        }
        return tracer;
    }

    private static String version() {
        String version = Wiring.class.getPackage().getImplementationVersion();
        return version == null ? "unknown" : version;
    }

    SourceLags lags() {
        return lags;
    }

    RequestCounts requests() {
        return requests;
    }

    /** Hears how a run goes, for traces and logs as well. */
    RunListener observed(RunListener listener) {
        return new ObservedRun(listener, tracer());
    }

    Catalog catalog() {
        return new MirroredCatalog(state().catalog(), mirroring, this::tables);
    }

    /** Tells what is published in the formats beside Iceberg. */
    Mirroring mirroring() {
        return mirroring;
    }

    synchronized TableMirror mirror() {
        if (mirror == null) {
            mirror =
                    DeltaMirror.open(
                            new DeltaConfig(
                                    tables(),
                                    storage(),
                                    engine(),
                                    staging(),
                                    settings.formats().contains("delta")));
        }
        return mirror;
    }

    RunLog runs() {
        return state().runs();
    }

    KeptAnswers answers() {
        return state().answers();
    }

    JobStore jobs() {
        return state().jobs();
    }

    AlertStore alerts() {
        return state().alerts();
    }

    synchronized Storage storage() {
        if (storage == null) {
            storage = new Storages(List.of(new LocalStorage(clock), remote(), servers()));
        }
        return storage;
    }

    synchronized AttachedTables tables() {
        if (tables == null) {
            ParquetCopies copies =
                    ParquetCopies.open(
                            settings.workDirectory().resolve("attached"),
                            settings.cacheBytes(),
                            engine(),
                            clock);
            IcebergTables own =
                    IcebergTables.open(
                            new IcebergConfig(
                                    tablesRoot(),
                                    storage(),
                                    staging(),
                                    clock,
                                    Optional.of(copies)));
            adopter = own.adopter();
            List<AttachedFormat> formats =
                    new ArrayList<>(List.of(DeltaTables.open(storage(), engine()), own.attached()));
            formats.add(HudiTables.open(storage(), engine()));
            formats.addAll(PlainFolders.open(storage(), engine(), copies));
            tables = new AttachedTables(own, formats);
        }
        return tables;
    }

    synchronized Adopter adopter() {
        tables();
        return Objects.requireNonNull(adopter);
    }

    synchronized Engine engine() {
        if (engine == null) {
            engine = new LateEngine(this::startEngine);
        }
        return engine;
    }

    private Engine startEngine() {
        DuckDbConfig config =
                DuckDbConfig.defaults(settings.workDirectory().resolve("spill")).withHome(home);
        Settings.Engine limits = settings.engine();
        config = limits.threads().map(config::withThreads).orElse(config);
        config = limits.memoryBytes().map(config::withMemoryLimitBytes).orElse(config);
        config = limits.queryTimeout().map(config::withQueryTimeout).orElse(config);
        return DuckDbEngine.open(config);
    }

    /** What tables were at other times. */
    PastStates past() {
        return new PastStates(
                catalog(),
                runs(),
                tables(),
                (ref, name, after, upTo) -> {
                    ChangeFeed.Told told =
                            new ChangeFeed(catalog(), tables()).told(ref, name, after, upTo);
                    return new ChangeRelations.Told(told.rows(), told.parts());
                });
    }

    /** The rows of earlier queries. */
    ResultStore results() {
        return new ResultStore(
                settings.workDirectory().resolve("results"), settings.resultBytes(), clock);
    }

    /** Who asks: whoever started this process. */
    String principal() {
        return environment.getOrDefault("USER", "");
    }

    RowReaders readers() {
        return new FormatReaders();
    }

    /** Where the files of tables are, and nothing else. */
    String tablesRoot() {
        return settings.warehouse() + "/tables";
    }

    /** Where the files of views are that other engines made. */
    String viewsRoot() {
        return settings.warehouse() + "/views";
    }

    /** On the warehouse's own disk where that is local, so that moving files in costs nothing. */
    Path staging() {
        return settings.isLocal()
                ? Path.of(settings.warehouse(), "staging")
                : settings.workDirectory().resolve("staging");
    }

    private synchronized StateStore state() {
        if (state == null) {
            state = StateStore.open(stateConfig(), clock);
        }
        return state;
    }

    private StateConfig stateConfig() {
        return switch (settings.catalog()) {
            case Settings.Catalog.Embedded embedded -> StateConfig.Sqlite.at(embedded.file());
            case Settings.Catalog.Postgres postgres ->
                    StateConfig.Postgres.at(
                            "jdbc:" + postgres.url(),
                            postgres.user(),
                            () -> SecretRef.parse(postgres.password(), environment).resolve());
        };
    }

    private Storage remote() {
        Settings.S3 s3 = settings.s3();
        S3Settings.Credentials credentials =
                s3.accessKey().isPresent() && s3.secretKey().isPresent()
                        ? new S3Settings.Credentials.Keys(
                                SecretRef.parse(s3.accessKey().get(), environment),
                                SecretRef.parse(s3.secretKey().get(), environment),
                                Optional.empty())
                        : new S3Settings.Credentials.Ambient();
        return new CachingStorage(
                new S3Storage(
                        new S3Settings(
                                s3.endpoint().map(URI::create),
                                s3.region(),
                                s3.pathStyle(),
                                credentials)),
                settings.workDirectory().resolve("cache"),
                settings.cacheBytes(),
                clock);
    }

    /** Copies share the cache's folder, where each is named after its location. */
    private Storage servers() {
        Settings.Sftp sftp = settings.sftp();
        return new CachingStorage(
                new SftpStorage(
                        new SftpSettings(
                                sftp.user(),
                                sftp.password().map(s -> SecretRef.parse(s, environment)),
                                sftp.key().map(s -> SecretRef.parse(s, environment)),
                                sftp.keyPassword().map(s -> SecretRef.parse(s, environment)),
                                sftp.knownHosts(),
                                sftp.connections(),
                                sftp.timeout())),
                settings.workDirectory().resolve("cache"),
                settings.cacheBytes(),
                clock);
    }

    @Override
    public void close() {
        // Whoever is asked just now may still need what is closed next.
        lags.close();
        closeParts();
    }

    private synchronized void closeParts() {
        try (StateStore closeState = state;
                Storage closeStorage = storage;
                Engine closeEngine = engine;
                Tracer closeTracer = tracer) {
            state = null;
            storage = null;
            engine = null;
            tables = null;
            mirror = null;
            tracer = null;
        }
    }
}
