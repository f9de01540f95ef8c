package dev.tarn.project;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.duckdb.DuckDbConfig;
import dev.tarn.duckdb.DuckDbEngine;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type;
import dev.tarn.spi.Engine;
import dev.tarn.spi.EngineSession;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("StringConcatToTextBlock") // short files read better in one piece
class CompileCacheTest {
    private static final String PROGRAM = "tarn 1";

    @TempDir Path root;
    private Optional<Engine> engine = Optional.empty();
    private ProjectFolder folder;
    private Path file;
    private final List<String> described = new ArrayList<>();
    private final List<String> log = new ArrayList<>();
    private final Map<String, String> environment = new HashMap<>();
    private Schema items = items(Type.Primitive.BIGINT);

    @BeforeEach
    void folder() {
        folder = new ProjectFolder(root.resolve("project"));
        file = root.resolve("work/compile-cache");
        engine = Optional.of(DuckDbEngine.open(DuckDbConfig.defaults(root.resolve("spill"))));
        folder.write("models/raw.yml", "sources:\n  - name: raw\n    tables: [{name: items}]\n")
                .write("models/a.sql", "select id, amount from {{ source('raw', 'items') }}")
                .write("models/b.sql", "select id from {{ ref('a') }}")
                .write("models/c.sql", "select 1 as one");
    }

    @AfterEach
    void close() {
        engine.ifPresent(Engine::close);
    }

    private static Schema items(Type amount) {
        return new Schema(
                List.of(Field.of("id", Type.Primitive.BIGINT), Field.of("amount", amount)));
    }

    /** Compiles as a new process would; returns the queries that the engine was asked about. */
    private List<String> compile() {
        return compile(PROGRAM);
    }

    private List<String> compile(String program) {
        described.clear();
        log.clear();
        CompileCache cache = CompileCache.open(file, program);
        ProjectRequest request =
                folder.request()
                        .withCache(cache)
                        .withEnvironment(environment::get)
                        .withLog(log::add);
        ProjectBinder.bind(
                ProjectCompiler.compile(request),
                new ProjectBinder.Request(
                        this::session,
                        1,
                        Optional.of(cache),
                        id -> Optional.of(items),
                        java.util.Set.of(),
                        false,
                        n -> {}));
        cache.save();
        return described.stream().sorted().toList();
    }

    /** A session that notes what it is asked to describe. */
    private EngineSession session() {
        EngineSession session = engine.orElseThrow().open(Engine.SessionOptions.TRUSTED);
        return (EngineSession)
                Proxy.newProxyInstance(
                        getClass().getClassLoader(),
                        new Class<?>[] {EngineSession.class},
                        (proxy, method, arguments) -> {
                            if (method.getName().equals("describe")) {
                                described.add(((dev.tarn.model.graph.SqlText) arguments[0]).sql());
                            }
                            try {
                                return method.invoke(session, arguments);
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        });
    }

    private static final String A = "select id, amount from raw.items";
    private static final String B = "select id from main.a";
    private static final String C = "select 1 as one";

    @Test
    void anUnchangedProjectAsksTheEngineNothing() {
        assertThat(compile()).containsExactly(C, B, A);
        assertThat(compile()).isEmpty();
    }

    @Test
    void aChangedModelIsBoundAloneWhileItsColumnsStay() {
        compile();
        folder.write("models/a.sql", "select id, amount from {{ source('raw', 'items') }} -- x");
        assertThat(compile()).containsExactly(A + " -- x");
        folder.write("models/a.sql", "select id from {{ source('raw', 'items') }}");
        assertThat(compile()).containsExactly("select id from main.a", "select id from raw.items");
    }

    @Test
    void otherColumnsOfASourceBindItsReadersAnew() {
        compile();
        items = items(Type.Primitive.VARCHAR);
        assertThat(compile()).containsExactly(B, A);
        items = items(Type.Primitive.BIGINT);
        assertThat(compile()).isEmpty();
    }

    @Test
    void aChangedMacroRendersEveryTemplateAnew() {
        folder.write("macros/m.sql", "{% macro one() %}1{% endmacro %}")
                .write("models/c.sql", "select {{ one() }} as one");
        assertThat(compile()).contains(C);
        folder.write("macros/m.sql", "{% macro one() %}2{% endmacro %}");
        assertThat(compile()).containsExactly("select 2 as one");
    }

    @Test
    void aModelThatMovesIsRenderedAnewInWhatReadsIt() {
        compile();
        folder.write("models/a.sql", "{{ config(alias='z') }}select 1 as id");
        assertThat(compile()).containsExactly("select 1 as id", "select id from main.z");
    }

    @Test
    void aSeedIsReadAnewWhenItsContentChanges() {
        folder.write("seeds/codes.csv", "code\n1\n");
        compile();
        assertThat(compile()).isEmpty();
        folder.write("seeds/codes.csv", "code\nx\n");
        assertThat(compile()).hasSize(1).first().asString().startsWith("select * from read_csv(");
    }

    @Test
    void queriesThatReadFilesAreBoundEachTime() throws IOException {
        Path csv = Files.writeString(root.resolve("x.csv"), "n\n1\n");
        String query = "select * from read_csv('" + csv + "')";
        folder.write("models/c.sql", query);
        assertThat(compile()).contains(query);
        assertThat(compile()).containsExactly(query);
    }

    @Test
    void whatTemplatesSayIsSaidEachTime() {
        folder.write("models/c.sql", "{% do log('hello', info=True) %}select 1 as one");
        compile();
        assertThat(log).containsExactly("hello");
        compile();
        assertThat(log).containsExactly("hello");
    }

    @Test
    void variablesOfTheEnvironmentAreNeverWrittenDown() throws IOException {
        environment.put("PASSWORD", "open sesame");
        folder.write(
                        "dbt_project.yml",
                        "name: shop\nvars: {word: \"<{{ env_var('PASSWORD') }}>\"}\n")
                .write("models/c.sql", "select '{{ env_var('PASSWORD') }}' as c")
                .write("models/d.sql", "select '{{ var('word') }}' as d")
                .write("models/e.sql", "select '{{ config.get('meta')['word'] }}' as e")
                .write(
                        "models/e.yml",
                        "models:\n  - name: e\n    config:\n"
                                + "      meta: {word: \"{{ env_var('PASSWORD') }}\"}\n");
        compile();
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                .contains("select id from main.a")
                .doesNotContain("sesame");
        environment.put("PASSWORD", "other");
        assertThat(compile())
                .containsExactly(
                        "select '<other>' as d", "select 'other' as c", "select 'other' as e");
    }

    @Test
    void onlyTheOwnerMayReadTheFile() throws IOException {
        compile();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void aFileOfAnotherVersionIsReplaced() {
        compile();
        assertThat(compile("tarn 2")).containsExactly(C, B, A);
        assertThat(compile("tarn 2")).isEmpty();
        assertThat(compile()).containsExactly(C, B, A);
    }

    @Test
    void aDamagedFileIsReplaced() throws IOException {
        compile();
        byte[] good = Files.readAllBytes(file);
        byte[] flipped = good.clone();
        flipped[good.length / 2] ^= 1;
        for (byte[] bad :
                List.of(
                        flipped,
                        Arrays.copyOf(good, good.length / 2),
                        Arrays.copyOf(good, 3),
                        new byte[0],
                        "no cache at all".getBytes(StandardCharsets.UTF_8))) {
            Files.write(file, bad);
            assertThat(compile()).containsExactly(C, B, A);
            assertThat(compile()).isEmpty();
        }
    }

    @Test
    void aFileThatCannotBeWrittenIsDoneWithout() throws IOException {
        Files.createDirectories(file.resolve("a-folder-in-its-place"));
        assertThat(compile()).containsExactly(C, B, A);
        assertThat(compile()).containsExactly(C, B, A);
    }

    @Test
    void theLastOfTwoProcessesLeavesAWholeFile() {
        CompileCache one = CompileCache.open(file, PROGRAM);
        CompileCache other = CompileCache.open(file, PROGRAM);
        CacheKey key = new CacheKey(1, 2);
        one.put(key, new CacheOutput().text("one"));
        other.put(key, new CacheOutput().text("other"));
        one.save();
        other.save();
        assertThat(CompileCache.open(file, PROGRAM).find(key, CacheInput::text)).hasValue("other");
        assertThat(file.getParent()).isDirectoryContaining(p -> p.equals(file));
        assertThat(file.toAbsolutePath().getParent().toFile().list()).hasSize(1);
    }

    @Test
    void whatIsNotUsedForLongIsDropped() {
        CacheKey old = new CacheKey(0, 0);
        CompileCache first = CompileCache.open(file, PROGRAM);
        first.put(old, new CacheOutput().text("old"));
        first.save();
        for (int i = 1; i <= 8; i++) {
            CompileCache next = CompileCache.open(file, PROGRAM);
            next.put(new CacheKey(0, i), new CacheOutput().text("new"));
            next.save();
        }
        assertThat(CompileCache.open(file, PROGRAM).find(old, CacheInput::text)).hasValue("old");
        CompileCache last = CompileCache.open(file, PROGRAM);
        last.put(new CacheKey(0, 9), new CacheOutput().text("new"));
        last.save();
        assertThat(CompileCache.open(file, PROGRAM).find(old, CacheInput::text)).isEmpty();
    }

    @Test
    void valuesComeBackAsTheyWere() {
        Schema schema =
                new Schema(
                        List.of(
                                Field.of("größe → \uD800", new Type.Decimal(38, 10)).asRequired(),
                                Field.of("list", Type.ListOf.of(Type.Primitive.VARIANT)),
                                Field.of(
                                        "map",
                                        Type.MapOf.of(Type.Primitive.VARCHAR, Type.Primitive.DATE)),
                                Field.of("parts", new Type.Struct(items.fields()))));
        byte[] bytes = new CacheOutput().schema(schema).toBytes();
        assertThat(new CacheInput(bytes, 0, bytes.length).schema()).isEqualTo(schema);
        String text = "a: [1, 2.5, true, null, 'é→', {b: ~}]\n'': x\n";
        YamlValue yaml = YamlReader.read("f.yml", text, new Problems()).orElseThrow();
        byte[] written = new CacheOutput().yaml(yaml).toBytes();
        assertThat(new CacheInput(written, 0, written.length).yaml()).isEqualTo(yaml);
    }

    @Test
    void aValueWithoutAFormIsNotKept() {
        CompileCache cache = CompileCache.none();
        cache.put(new CacheKey(1, 1), new CacheOutput().plain(new Object()));
        assertThat(cache.find(new CacheKey(1, 1), CacheInput::plain)).isEmpty();
    }
}
