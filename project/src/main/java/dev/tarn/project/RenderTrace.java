package dev.tarn.project;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Watches one rendering: which references it resolved, and whether the same would come out of it
 * again as long as what {@link RenderCache} puts into its keys is the same. A name that nobody
 * thought of makes a rendering unrepeatable, so that new ones are safe until somebody lists them.
 */
final class RenderTrace {
    /**
     * Names whose values follow from the keys, or that watch themselves what is done with them.
     * Macros are not among them: all are in every key.
     */
    private static final Set<String> REPEATABLE =
            Set.of(
                    "adapter",
                    "api",
                    "builtins",
                    "config",
                    "context",
                    "database",
                    "dbt_version",
                    "diff_of_two_dicts",
                    "debug",
                    "env_var",
                    "exceptions",
                    "execute",
                    "fromjson",
                    "fromyaml",
                    "is_incremental",
                    "local_md5",
                    "log",
                    "modules",
                    "project_name",
                    "ref",
                    "return",
                    "schema",
                    "set",
                    "set_strict",
                    "should_full_refresh",
                    "source",
                    "target",
                    "this",
                    "tojson",
                    "toyaml",
                    "var",
                    "zip",
                    "zip_strict");

    /** Methods of {@code adapter} that know nothing of data. */
    private static final Set<String> BLIND =
            Set.of("dispatch", "quote", "quote_as_configured", "type");

    private final List<Ref> refs = new ArrayList<>();
    private final List<Source> sources = new ArrayList<>();
    private final Set<String> macros = new LinkedHashSet<>();
    private boolean repeatable = true;
    private boolean flags;
    private int environmentReads;

    /** A call of {@code ref} and what it meant. */
    record Ref(Draft.RefCall call, Optional<Draft> found) {}

    /** A call of {@code source} and what it meant; nothing is found before names are known. */
    record Source(Draft.SourceCall call, Optional<SourceDraft> found) {}

    boolean repeatable() {
        return repeatable;
    }

    /** Whether it saw what is being done: the flags of the request. */
    boolean flags() {
        return flags;
    }

    /** The ids of the macros it found. */
    Set<String> macros() {
        return macros;
    }

    void macro(String id) {
        macros.add(id);
    }

    List<Ref> refs() {
        return refs;
    }

    List<Source> sources() {
        return sources;
    }

    /** Notes that the rendering did or saw something that no key knows of. */
    void spoil() {
        repeatable = false;
    }

    /** Notes that a name of dbt's context was used. */
    void name(String name) {
        if (name.equals("flags")) {
            flags = true;
        } else if (!REPEATABLE.contains(name)) {
            spoil();
        }
    }

    /** Notes that a variable of the environment was read: it may be a secret. */
    void environment() {
        environmentReads++;
        spoil();
    }

    int environmentReads() {
        return environmentReads;
    }

    /** Notes that {@code adapter} was asked for a method. */
    void adapter(String method) {
        if (!BLIND.contains(method)) {
            spoil();
        }
    }

    void ref(Draft.RefCall call, Optional<Draft> found) {
        refs.add(new Ref(call, found));
    }

    void source(Draft.SourceCall call, Optional<SourceDraft> found) {
        sources.add(new Source(call, found));
    }

    /** The clock for a template: whoever asks it for the time cannot be repeated. */
    Clock watched(Clock clock) {
        return new Clock() {
            @Override
            public ZoneId getZone() {
                return clock.getZone();
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return watched(clock.withZone(zone));
            }

            @Override
            public Instant instant() {
                spoil();
                return clock.instant();
            }
        };
    }
}
