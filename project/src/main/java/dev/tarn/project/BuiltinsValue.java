package dev.tarn.project;

import dev.tarn.jinja.Missing;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@code builtins}: what dbt's context has by itself, whatever macros are called the same. */
final class BuiltinsValue extends NamedValues {
    /** In dbt's context of a model. */
    static final List<String> NAMES =
            List.of(
                    ("adapter api builtins column compiled_code config context database"
                                    + " dbt_metadata_envs dbt_version diff_of_two_dicts env env_var"
                                    + " exceptions execute flags fromjson fromyaml function graph"
                                    + " invocation_args_dict invocation_id load_agate_table"
                                    + " load_result local_md5 log model modules post_hooks pre_hooks"
                                    + " print project_name ref render return run_started_at schema"
                                    + " selected_resources set set_strict source sql sql_now"
                                    + " store_raw_result store_result submit_python_job target this"
                                    + " thread_id tojson toyaml try_or_compiler_error validation var"
                                    + " write zip zip_strict")
                            .split(" "));

    private final Function<String, @Nullable Object> find;

    BuiltinsValue(Function<String, @Nullable Object> find) {
        this.find = find;
    }

    @Override
    @Nullable Object named(String name) {
        return find.apply(name);
    }

    @Override
    List<String> names() {
        return NAMES.stream()
                .filter(n -> !n.equals("builtins") && !n.equals("context"))
                .filter(n -> named(n) != Missing.VALUE)
                .toList();
    }

    @Override
    public String typeName() {
        return "builtins";
    }
}
