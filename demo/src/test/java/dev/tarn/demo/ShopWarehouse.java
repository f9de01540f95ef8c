package dev.tarn.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Builds a demo project in a plain DuckDB, node after node: a yardstick without the product. */
final class ShopWarehouse implements AutoCloseable {
    private static final Pattern CONFIG =
            Pattern.compile("\\{\\{ config\\((.*?)\\) }}", Pattern.DOTALL);
    private static final Pattern KEY = Pattern.compile("unique_key=(\\[[^]]*]|'[^']*')");
    private static final Pattern REF = Pattern.compile("ref\\('(\\w+)'\\)");

    private final Connection connection;
    private final Path project;
    private final Map<String, String> variables;
    private final SmallRenderer renderer = new SmallRenderer();
    private final Map<String, Model> models = new TreeMap<>();

    ShopWarehouse(Path project, Map<String, String> variables) throws SQLException {
        this.project = project;
        this.variables = variables;
        this.connection = DriverManager.getConnection("jdbc:duckdb:");
        for (String schema : List.of("bronze", "silver", "gold", "reference")) {
            execute("create schema " + schema);
        }
        files("macros", ".sql").forEach(file -> renderer.macros(text(file)));
        for (Path file : files("models", ".sql")) {
            Model model = Model.read(file, text(file));
            models.put(model.name, model);
        }
    }

    /** Everything the project says in SQL, in an order that works. */
    void build() throws SQLException {
        for (Path seed : files("seeds", ".csv")) {
            execute(
                    "create or replace table reference.%s as from read_csv('%s')"
                            .formatted(name(seed), seed));
        }
        Map<String, Boolean> built = new LinkedHashMap<>();
        for (Model model : models.values()) {
            build(model, built);
        }
    }

    private void build(Model model, Map<String, Boolean> built) throws SQLException {
        if (built.put(model.name, true) != null) {
            return;
        }
        Matcher m = REF.matcher(model.sql);
        while (m.find()) {
            Model input = models.get(m.group(1));
            if (input != null) {
                build(input, built);
            }
        }
        switch (model.materialized) {
            case "ephemeral" -> {}
            case "view" -> create(model, "view");
            case "table" -> create(model, "table");
            default -> incremental(model);
        }
    }

    private void create(Model model, String what) throws SQLException {
        execute(
                "create or replace %s %s as %s"
                        .formatted(what, model.relation(), sql(model, false)));
    }

    private void incremental(Model model) throws SQLException {
        if (number(
                        """
                        select count(*) from information_schema.tables
                        where table_schema = '%s' and table_name = '%s'
                        """
                                .formatted(model.schema, model.name))
                == 0) {
            create(model, "table");
            return;
        }
        execute("create or replace temp table news as " + sql(model, true));
        if (!model.key.isEmpty()) {
            String keys = String.join(", ", model.key);
            execute(
                    "delete from %s where (%s) in (select (%s) from news)"
                            .formatted(model.relation(), keys, keys));
        }
        execute("insert into %s by name from news".formatted(model.relation()));
    }

    private String sql(Model model, boolean incremental) {
        return render(model.sql, model.relation(), incremental);
    }

    private String render(String template, String self, boolean incremental) {
        Map<String, Function<List<String>, String>> functions =
                Map.of(
                        "ref", names -> ref(names.getFirst()),
                        "source", names -> "bronze." + names.get(1),
                        "var", names -> variables.get(names.getFirst()),
                        "this", names -> self);
        return renderer.render(CONFIG.matcher(template).replaceAll(""), incremental, functions);
    }

    private String ref(String name) {
        Model model = models.get(name);
        if (model == null) {
            return "reference." + name;
        }
        return model.materialized.equals("ephemeral")
                ? "(" + sql(model, false) + ")"
                : model.relation();
    }

    String relation(String model) {
        return ref(model);
    }

    /** How many rows a singular check finds, by name of the check. */
    Map<String, Long> singularChecks() throws SQLException {
        Map<String, Long> found = new TreeMap<>();
        for (Path file : files("tests", ".sql")) {
            String check = render(text(file), "", false);
            found.put(name(file), number("select count(*) from (" + check + ")"));
        }
        return found;
    }

    List<String> modelNames() {
        return List.copyOf(models.keySet());
    }

    void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new SQLException(e.getMessage() + "\n" + sql, e);
        }
    }

    long number(String sql) throws SQLException {
        return Long.parseLong(text(sql));
    }

    String text(String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return String.valueOf(rows.getObject(1));
        } catch (SQLException e) {
            throw new SQLException(e.getMessage() + "\n" + sql, e);
        }
    }

    List<Path> files(String folder, String ending) {
        Path root = project.resolve(folder);
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(file -> file.toString().endsWith(ending)).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String name(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.substring(0, name.indexOf('.'));
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }

    private record Model(
            String name, String schema, String materialized, List<String> key, String sql) {
        static Model read(Path file, String sql) {
            String folder = String.valueOf(file.getName(file.getNameCount() - 2));
            boolean layered = folder.equals("silver") || folder.equals("gold");
            String materialized = folder.equals("silver") ? "view" : "table";
            List<String> key = new ArrayList<>();
            Matcher config = CONFIG.matcher(sql);
            if (config.find()) {
                String settings = config.group(1);
                for (String word : List.of("view", "table", "incremental", "ephemeral")) {
                    if (settings.contains("materialized='" + word + "'")) {
                        materialized = word;
                    }
                }
                Matcher unique = KEY.matcher(settings);
                if (unique.find()) {
                    key.addAll(SmallRenderer.texts(unique.group(1)));
                }
            }
            String schema = layered ? folder : "main";
            return new Model(ShopWarehouse.name(file), schema, materialized, key, sql);
        }

        String relation() {
            return schema + "." + name;
        }
    }
}
