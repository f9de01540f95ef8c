package dev.tarn.project;

import dev.tarn.jinja.Values;
import dev.tarn.model.TableName;
import dev.tarn.model.graph.SqlText;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a Python model needs to run.
 *
 * @param file its path as messages show it
 * @param inputs what {@code dbt.ref} and {@code dbt.source} give
 * @param config its settings
 * @param self its table
 */
public record PythonModel(
        String file,
        String code,
        List<Input> inputs,
        Map<Object, @Nullable Object> config,
        TableName self) {
    public PythonModel {
        inputs = List.copyOf(inputs);
    }

    /**
     * One thing it reads.
     *
     * @param key its names with dots between, as the code asks for it
     * @param table under which SQL in the code can read it; empty for an ephemeral model
     * @param rows a query of it
     */
    public record Input(String key, Optional<TableName> table, SqlText rows) {}

    /**
     * Where the rows of an input are.
     *
     * @param path a file with an Arrow stream
     * @param types what columns are cast to, where Arrow does not tell their types
     */
    public record Given(String path, Map<String, String> types) {
        public Given {
            types = Collections.unmodifiableMap(new LinkedHashMap<>(types));
        }
    }

    /**
     * Everything as one JSON object, for the program that runs it.
     *
     * @param given the rows of each input, in their order
     * @param old the rows of its own table, when it adds to them
     */
    public String spec(List<Given> given, Optional<Given> old) {
        List<Object> all = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            all.add(read(inputs.get(i).key(), inputs.get(i).table(), given.get(i)));
        }
        old.ifPresent(rows -> all.add(read("this", Optional.of(self), rows)));
        Map<Object, @Nullable Object> self = new LinkedHashMap<>();
        self.put("database", RelationValue.DATABASE);
        self.put("schema", this.self.schema());
        self.put("identifier", this.self.table());
        Map<Object, @Nullable Object> spec = new LinkedHashMap<>();
        spec.put("file", file);
        spec.put("code", code);
        spec.put("inputs", all);
        spec.put("config", config);
        spec.put("this", self);
        spec.put("is_incremental", old.isPresent());
        return Values.json(spec, -1, false);
    }

    private static Map<Object, @Nullable Object> read(
            String key, Optional<TableName> table, Given given) {
        Map<Object, @Nullable Object> read = new LinkedHashMap<>();
        read.put("key", key);
        read.put("path", given.path());
        read.put("types", given.types());
        read.put("schema", table.map(TableName::schema).orElse(null));
        read.put("table", table.map(TableName::table).orElse(null));
        return read;
    }

    /** The model of a draft whose references are resolved. */
    static PythonModel of(CompileScope scope, Draft draft, EphemeralInliner inliner) {
        Map<String, Input> inputs = new LinkedHashMap<>();
        for (Draft.RefCall call : draft.refs) {
            Draft found = scope.nodes().resolve(call, draft.inSentence(), draft.packageName);
            String key =
                    call.packageName().map(p -> p + ".").orElse("")
                            + call.name()
                            + call.version().map(v -> ".v" + v).orElse("");
            SqlText all = SqlText.of("select * from " + found.relationValue().text());
            inputs.put(
                    key,
                    new Input(
                            key,
                            found.isEphemeral() ? Optional.empty() : found.relation,
                            found.isEphemeral() ? inliner.inline(draft, all) : all));
        }
        for (Draft.SourceCall call : draft.sources) {
            SourceDraft found = scope.nodes().resolve(call, draft.inSentence(), draft.packageName);
            String key = call.source() + "." + call.table();
            inputs.put(
                    key,
                    new Input(
                            key,
                            found.relationValue().tableName(),
                            SqlText.of("select * from " + found.relationValue().text())));
        }
        return new PythonModel(
                draft.file,
                draft.text,
                List.copyOf(inputs.values()),
                NodeFacts.config(draft),
                draft.relation.orElseThrow());
    }
}
