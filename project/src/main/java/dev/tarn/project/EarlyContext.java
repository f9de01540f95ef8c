package dev.tarn.project;

import dev.tarn.jinja.Arguments;
import dev.tarn.jinja.JinjaEnvironment;
import dev.tarn.jinja.JinjaException;
import dev.tarn.jinja.Missing;
import dev.tarn.jinja.PyCallable;
import dev.tarn.jinja.PyObject;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What templates in project files can use, before the project is known. */
final class EarlyContext {
    private EarlyContext() {}

    /** The value of a template in a YAML file; nothing, with a problem, when it fails. */
    static @Nullable Object evaluate(
            JinjaEnvironment jinja,
            ProjectRequest request,
            Map<Object, @Nullable Object> target,
            YamlValue.Scalar scalar,
            Problems problems) {
        try {
            return jinja.parse(scalar.place().file(), scalar.text())
                    .evaluate(name -> resolve(name, request, target));
        } catch (JinjaException e) {
            problems.add(inYaml(e, scalar));
            return null;
        }
    }

    /** A template inside YAML is told at the place of its value. */
    static Problem inYaml(JinjaException e, YamlValue.Scalar scalar) {
        return Problem.at(
                e.getCause() instanceof TarnException own
                        ? own.code()
                        : e.kind() == JinjaException.Kind.SYNTAX
                                ? ErrorCode.TEMPLATE_SYNTAX
                                : ErrorCode.TEMPLATE_FAILED,
                scalar.place(),
                TemplateErrors.reason(e));
    }

    static @Nullable Object resolve(
            String name, ProjectRequest request, Map<Object, @Nullable Object> target) {
        return switch (name) {
            case "target" -> target;
            case "var" -> new EarlyVar(request);
            case "env_var" ->
                    (PyCallable)
                            a -> {
                                String variable = a.requireText(0, "var");
                                String value = request.environment().find(variable);
                                if (value != null) {
                                    return value;
                                }
                                if (a.has(1, "default")) {
                                    return a.get(1, "default", null);
                                }
                                throw TemplateErrors.unknownEnvironment(variable);
                            };
            // A template that says something says it when nodes are there.
            case "log", "print" -> (PyCallable) a -> "";
            default -> Functions.shared(name, request, request.clock());
        };
    }

    /** {@code var()} where only variables of the request are known. */
    private record EarlyVar(ProjectRequest request) implements PyCallable, PyObject {
        @Override
        public @Nullable Object call(Arguments a) {
            String variable = a.requireText(0, "name");
            if (request.vars().containsKey(variable)) {
                return request.vars().get(variable);
            }
            if (a.has(1, "default")) {
                return a.get(1, "default", null);
            }
            if (PackageInstaller.VERB.equals(request.flags().get("WHICH"))) {
                // What settings will be is of no use to whoever installs packages.
                return null;
            }
            throw TemplateErrors.unknownEarly(variable, request.vars().keySet());
        }

        @Override
        public @Nullable Object attribute(String name) {
            return name.equals("has_var")
                    ? (PyCallable) a -> request.vars().containsKey(a.requireText(0, "name"))
                    : Missing.VALUE;
        }

        @Override
        public String typeName() {
            return "var";
        }
    }
}
