package dev.tarn.project;

import dev.tarn.jinja.Arguments;
import dev.tarn.jinja.Missing;
import dev.tarn.jinja.PyCallable;
import dev.tarn.jinja.Values;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Place;
import dev.tarn.model.Problem;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code exceptions.raise_compiler_error(...)} and its like. */
final class ExceptionsValue extends NamedValues {
    private static final Set<String> RAISING =
            Set.of(
                    "raise_compiler_error",
                    "raise_not_implemented",
                    "raise_parsing_error",
                    "raise_database_error",
                    "raise_contract_error",
                    "raise_fail_fast_error",
                    "raise_dependency_error",
                    "raise_dep_not_found",
                    "raise_duplicate_resource_name",
                    "raise_ambiguous_alias",
                    "raise_invalid_property_yml_version",
                    "missing_config",
                    "missing_relation",
                    "missing_materialization",
                    "relation_wrong_type",
                    "column_type_missing",
                    "raise_ambiguous_catalog_match",
                    "raise_cache_inconsistent",
                    "raise_dataclass_not_dict",
                    "raise_duplicate_patch_name");

    /** Those of dbt, in the order of the alphabet. */
    private static final List<String> NAMES =
            Stream.concat(
                            RAISING.stream().filter(n -> !n.equals("raise_parsing_error")),
                            Stream.of("warn", "warn_snapshot_timestamp_data_types"))
                    .sorted()
                    .toList();

    private final NodeContext context;

    ExceptionsValue(NodeContext context) {
        this.context = context;
    }

    @Override
    List<String> names() {
        return NAMES;
    }

    @Override
    @Nullable Object named(String name) {
        if (RAISING.contains(name)) {
            return (PyCallable)
                    a -> {
                        context.putOff();
                        throw TemplateErrors.raised(message(a));
                    };
        }
        return switch (name) {
            case "warn" -> (PyCallable) a -> warn(a, message(a));
            case "warn_snapshot_timestamp_data_types" -> (PyCallable) this::warnOfTypes;
            case "missing_argument" -> (PyCallable) this::missingArgument;
            default -> Missing.VALUE;
        };
    }

    /** Our own tests say so: whoever only reads them passes it over, and no data changes it. */
    private Object missingArgument(Arguments a) {
        if (context.executes()) {
            throw TemplateErrors.raised(message(a));
        }
        return "";
    }

    private static String message(Arguments a) {
        String positional =
                a.positional().stream().map(Values::text).collect(Collectors.joining(" "));
        return positional.isEmpty() ? a.text(0, "msg", "") + "" : positional;
    }

    private Object warnOfTypes(Arguments a) {
        return warn(
                a,
                ("The times of the snapshot are of type %s, its 'updated_at' is of type %s. Cast"
                                + " 'updated_at' so that they are the same.")
                        .formatted(
                                Values.text(a.require(0, "snapshot_time_data_type")),
                                Values.text(a.require(1, "updated_at_data_type"))));
    }

    private Object warn(Arguments a, String message) {
        if (context.executes()) {
            context.trace().spoil();
            Place place =
                    a.place() == null
                            ? context.node().map(n -> n.place).orElse(Place.of("dbt_project.yml"))
                            : TemplateErrors.place(a.place());
            context.scope()
                    .request()
                    .notes()
                    .accept(Problem.at(ErrorCode.TEMPLATE_FAILED, place, message));
        }
        return "";
    }
}
